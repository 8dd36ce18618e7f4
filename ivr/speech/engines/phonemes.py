"""Words as the sounds that Kokoro was taught: IPA by eSpeak NG for English and its neighbours, by our own pinyin and
misaki for Mandarin, by our own kana for Japanese, by rules of our own (`readings/`) where none of them reads well.

Kokoro writes some pairs of sounds as one letter (aɪ is I, dʒ is ʤ). Rule kept here: what stands between slashes is
sounds already, put there by a lexicon, and comes out as it went in.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module, util
from itertools import chain, zip_longest
from typing import Any

from ivr.line.languages import find_reading
from ivr.speech.engines import kana, pinyin
from ivr.speech.engines.espeak import Espeak
from ivr.wording.lexicon import SOUNDS, compose

VERSION = "kokoro-phonemes-3"
"""Raise it with any change of what is written here: it is part of every clip's address."""

TIES: Mapping[str, str] = {
    "a^ɪ": "I",
    "a^ʊ": "W",
    "e^ɪ": "A",
    "o^ʊ": "O",
    "ə^ʊ": "Q",
    "ɔ^ɪ": "Y",
    "d^z": "ʣ",
    "d^ʒ": "ʤ",
    "t^s": "ʦ",
    "t^ʃ": "ʧ",
}
"""What eSpeak ties together, in Kokoro's one letter."""

ENGLISH: tuple[tuple[str, str], ...] = (
    *(("ə^l", "ᵊl"), ("ʲo", "jo"), ("ʲə", "jə"), ("ʲ", ""), ("ɚ", "əɹ"), ("r", "ɹ"), ("x", "k"), ("ç", "k")),
    *(("ɐ", "ə"), ("ɬ", "l"), ("\u0303", ""), ("ɜːɹ", "ɜɹ"), ("ɜː", "ɜɹ"), ("ɪə", "iə"), ("ː", ""), ("o", "ɔ")),
    *(("ɾ", "T"), ("ʔ", "t"), ("ɹɹ", "ɹ")),
)
"""What else American English is written in, in the order in which it is replaced. (e and o stand for A and O alone.)"""

AMERICAN = "american"
"""eSpeak's IPA, written as American English is (see ENGLISH)."""

PERSIAN = "persian"
"""eSpeak's IPA, mended by the rules of `readings/persian.py`."""

RULES: Mapping[str, str] = {"hangul": "hangul", "tagalog": "tagalog", "haitian": "haitian", "vowels": "arabic"}
"""What is read by rules of our own, with the module of `readings/` that holds them in `write_sounds`."""

STAND_IN = "tofoti"
"""What eSpeak is given in the place of sounds: no word of any language, and said alike wherever it stands. So the words
around it are read together, and keep their melody and their links."""

SIGNS = "; : , . ! ? — …".replace(" ", "")
"""Punctuation that Kokoro pauses at."""

_WIDE = str.maketrans({"、": ",", "，": ",", "。": ".", "！": "!", "？": "?", "：": ":", "；": ";", "・": " "})
_PLAIN = str.maketrans({"¿": "", "¡": "", "–": "—", "’": "'", "،": ",", "؛": ";", "؟": "?"})
_PIECES = re.compile(f"(?P<words>(?:/[^/]+/|[^/{re.escape(SIGNS)}])+)|[{re.escape(SIGNS)}]+")
_STRESS = "[ˈˌ]*"


def list_needs(language: str) -> tuple[str, ...]:
    """The modules without which `language` has no phonemes."""
    return _MODULES.get(find_reading("kokoro", language), ("espeakng_loader",))


def is_readable(language: str) -> bool:
    """Whether this machine can write the phonemes of `language`."""
    return all(util.find_spec(module) is not None for module in list_needs(language))


def is_borrowed(language: str) -> bool:
    """Whether `language` has no voice of its own: it is read by rules of ours, for the voices of other languages."""
    return find_reading("kokoro", language) in {PERSIAN, *RULES}


def write_phonemes(text: str, language: str, espeak: Espeak, voice: str) -> str:
    """`text` in Kokoro's letters, punctuation kept. `voice` is eSpeak's for the language. Raises SpeechError."""
    text = compose(text)
    writer = _choose_writer(find_reading("kokoro", language), espeak, voice)
    plain = re.sub(r" +", " ", re.sub(r" +([;:,.!?…])", r"\1", writer(text))).strip()
    return (
        plain if plain.endswith(tuple(SIGNS)) or not plain else f"{plain}."
    )  # without an end, a lone word is cut short


def _choose_writer(reading: str, espeak: Espeak, voice: str) -> Callable[[str], str]:
    if reading in _WRITERS:
        return lambda text: _write_around_sounds(text, _WRITERS[reading])
    if reading in RULES:
        write_sounds: Callable[[str], str] = _load_rules(RULES[reading]).write_sounds
        return lambda text: _write_clauses(text, lambda clause: _write_around_sounds(clause, write_sounds))
    return lambda text: _write_clauses(text, lambda clause: _read_clause(clause, reading, espeak, voice))


def _load_rules(name: str) -> Any:
    return import_module(f"ivr.speech.engines.readings.{name}")


def _write_around_sounds(text: str, write: Callable[[str], str]) -> str:
    """The words of `text` as `write` has them, with its sounds between them."""
    words, sounds = SOUNDS.split(text)[::2], SOUNDS.findall(text)
    return _weave([write(part.strip()) if part.strip() else "" for part in words], sounds, " ")


def _weave(words: Iterable[str], sounds: Iterable[str], between: str) -> str:
    bare = (part.strip("/") for part in sounds)
    return between.join(chain.from_iterable(zip_longest(words, bare, fillvalue="")))


def _write_clauses(text: str, write: Callable[[str], str]) -> str:
    """What stands between two signs, as `write` has it; the signs stay."""
    found = [(match[0].strip(), match["words"]) for match in _PIECES.finditer(text.translate(_PLAIN))]
    return " ".join(write(piece) if is_words else piece for piece, is_words in found if piece)


def _read_clause(clause: str, reading: str, espeak: Espeak, voice: str) -> str:
    sounds = SOUNDS.findall(clause)
    heard = espeak.write_phonemes(SOUNDS.sub(STAND_IN, clause), voice)
    if not sounds:
        return _use_kokoros_letters(heard, reading)
    parts = _find_stand_in(espeak.write_phonemes(STAND_IN, voice)).split(heard)
    if len(parts) != len(sounds) + 1:  # the stand-in ran into its neighbours: read what lies between, each by itself
        return _write_around_sounds(
            clause, lambda words: _use_kokoros_letters(espeak.write_phonemes(words, voice), reading)
        )
    return _weave([_use_kokoros_letters(part, reading) for part in parts], sounds, "")


def _find_stand_in(alone: str) -> re.Pattern[str]:
    """The stand-in, wherever a sentence's stress falls."""
    return re.compile(_STRESS + _STRESS.join(re.escape(sign) for sign in re.sub("[ˈˌ]", "", alone)))


def _use_kokoros_letters(heard: str, reading: str) -> str:
    for tied, letter in TIES.items():
        heard = heard.replace(tied, letter)
    if reading == AMERICAN:
        heard = re.sub(r"e(?!\^)", "A", heard)
        for old, new in ENGLISH:
            heard = heard.replace(old, new)
    heard = heard.replace("^", "").replace("-", "")
    if reading != PERSIAN or not heard.strip():
        return heard
    before, after = heard[: len(heard) - len(heard.lstrip())], heard[len(heard.rstrip()) :]
    return f"{before}{_load_rules(PERSIAN).mend_sounds(heard)}{after}"  # the blanks keep it apart from its neighbours


def _write_mandarin(text: str) -> str:
    transform, write_ipa, map_signs = _load_mandarin()
    plain = map_signs(transform(text.translate(_WIDE).replace(",", ", ").replace(".", ". "), "an2cn"))
    return " ".join(
        "".join(map(write_ipa, part.split())) if part[0].isascii() and part[0].isalpha() else part
        for part in pinyin.write_pinyin(plain)
    ).replace("\u032f", "")


@cache
def _load_mandarin() -> tuple[Callable[[str, str], str], Callable[[str], str], Callable[[str], str]]:
    """Digits as words, pinyin as Kokoro's letters, and signs as Kokoro's."""
    from misaki.zh import ZHG2P

    return import_module("cn2an").transform, ZHG2P.py2ipa, ZHG2P.map_punctuation


def _write_japanese(text: str) -> str:
    return "".join(_list_sounds(kana.write_words_in_kana(text)))


def _list_sounds(katakana: str) -> list[str]:
    """Kana by kana, two at a time where the two make one sound."""
    table, hiragana = _load_japanese(), _write_hiragana(katakana.translate(_WIDE))
    sounds: list[str] = []
    at = 0
    while at < len(hiragana):
        pair, single = hiragana[at : at + 2], hiragana[at]
        if len(pair) == 2 and pair in table:
            sounds.append(table[pair])
            at += 2
            continue
        sounds.append(_sound_kana(single, hiragana[at + 1 :].lstrip(), table))
        at += 1
    return sounds


def _sound_kana(single: str, following: str, table: Mapping[str, str]) -> str:
    if single == "っ":
        return "ʔ" if following else ""
    if single == "ん":
        return _choose_nasal(table.get(following[:2]) or table.get(following[:1]) or "")
    return "ː" if single == "ー" else table.get(single, single)


def _choose_nasal(following: str) -> str:
    """ん takes the place of the sound after it."""
    places = {"m": ("m", "p", "b"), "ŋ": ("k", "ɡ"), "ɲ": ("ɲ", "ʨ", "ʥ"), "n": ("n", "t", "d", "ɾ", "z")}
    return next((nasal for nasal, sounds in places.items() if following.startswith(sounds)), "ɴ")


def _write_hiragana(katakana: str) -> str:
    return "".join(chr(ord(sign) - 0x60) if "ァ" <= sign <= "ヶ" else sign for sign in katakana)


@cache
def _load_japanese() -> Mapping[str, str]:
    from misaki.cutlet import HEPBURN

    return dict(HEPBURN)


_WRITERS: Mapping[str, Callable[[str], str]] = {"pinyin": _write_mandarin, "kana": _write_japanese}
_MODULES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(RULES, ()),
    "pinyin": ("misaki", "jieba", "pypinyin", "cn2an"),
    "kana": ("misaki", "fugashi", "unidic_lite"),
}
READINGS = frozenset({AMERICAN, PERSIAN, *RULES, *_WRITERS})
"""The names that a language's row may give to what Kokoro reads (`reads`); without one, it is eSpeak's IPA."""
