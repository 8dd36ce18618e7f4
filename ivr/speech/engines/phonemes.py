"""Words as the sounds that Kokoro was taught: IPA by eSpeak NG for English and its neighbours, by misaki for Mandarin,
by our own kana for Japanese.

Kokoro writes some pairs of sounds as one letter (aɪ is I, dʒ is ʤ).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from importlib import util

from ivr.line.languages import find_reading
from ivr.speech.engines import kana
from ivr.speech.engines.espeak import Espeak

VERSION = "kokoro-phonemes-2"
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
    *(("ɾ", "T"), ("ʔ", "t")),
)
"""What else American English is written in, in the order in which it is replaced. (e and o stand for A and O alone.)"""

AMERICAN = "american"
"""eSpeak's IPA, written as American English is (see ENGLISH)."""

SIGNS = "; : , . ! ? — …".replace(" ", "")
"""Punctuation that Kokoro pauses at."""

_WIDE = str.maketrans({"、": ",", "，": ",", "。": ".", "！": "!", "？": "?", "：": ":", "；": ";", "・": " "})
_PUNCTUATION = re.compile(f"([{re.escape(SIGNS)}]+)")
_SWITCH = re.compile(r"\([a-z-]+\)")


def list_needs(language: str) -> tuple[str, ...]:
    """The modules without which `language` has no phonemes."""
    return _MODULES.get(find_reading("kokoro", language), ("espeakng_loader",))


def is_readable(language: str) -> bool:
    """Whether this machine can write the phonemes of `language`."""
    return all(util.find_spec(module) is not None for module in list_needs(language))


def write_phonemes(text: str, language: str, espeak: Espeak, voice: str) -> str:
    """`text` in Kokoro's letters, punctuation kept. `voice` is eSpeak's for the language. Raises SpeechError."""
    text = unicodedata.normalize("NFC", text)
    write = _WRITERS.get(find_reading("kokoro", language))
    written = write(text) if write else _write_by_espeak(text, language, espeak, voice)
    plain = re.sub(r" +", " ", re.sub(r" +([;:,.!?…])", r"\1", written)).strip()
    return (
        plain if plain.endswith(tuple(SIGNS)) or not plain else f"{plain}."
    )  # without an end, a lone word is cut short


def _write_by_espeak(text: str, language: str, espeak: Espeak, voice: str) -> str:
    plain = text.replace("¿", "").replace("¡", "").replace("–", "—").replace("’", "'")
    pieces = [
        piece if _PUNCTUATION.fullmatch(piece) else _write_piece(piece, language, espeak, voice)
        for piece in _PUNCTUATION.split(plain)
        if piece.strip()
    ]
    return " ".join(pieces)


def _write_piece(piece: str, language: str, espeak: Espeak, voice: str) -> str:
    heard = _SWITCH.sub("", espeak.write_phonemes(piece.strip(), voice))
    for tied, letter in TIES.items():
        heard = heard.replace(tied, letter)
    if find_reading("kokoro", language) == AMERICAN:
        heard = re.sub(r"e(?!\^)", "A", heard)
        for old, new in ENGLISH:
            heard = heard.replace(old, new)
    return heard.replace("^", "").replace("-", "")


def _write_mandarin(text: str) -> str:
    return _load_mandarin()(text.translate(_WIDE).replace(",", ", ").replace(".", ". "))


@cache
def _load_mandarin() -> Callable[[str], str]:
    import logging

    import jieba
    from misaki.zh import ZHG2P

    jieba.setLogLevel(logging.WARNING)
    reader = ZHG2P()
    return lambda text: str(reader(text)[0])


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
_MODULES = {"pinyin": ("misaki", "jieba", "pypinyin", "cn2an"), "kana": ("misaki", "fugashi", "unidic_lite")}
READINGS = frozenset({AMERICAN, *_WRITERS})
"""The names that a language's row may give to what Kokoro reads (`reads`); without one, it is eSpeak's IPA."""
