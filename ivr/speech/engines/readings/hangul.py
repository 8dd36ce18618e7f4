"""Korean words as they are said, for a voice that reads sounds: Hangul to Kokoro's letters.

Hangul spells what a word is made of, not how it sounds: 끊는 is said 끈는, 할 수 is 할쑤, 십육 is 심뉵; a voice that
reads the letters is not understood. The rules are those of the Standard Pronunciation (Pyojun Bareumbeop, part two of
the Standard Language Rules of South Korea, 1988 and 2017); each names its article. Rule kept here: all that happens,
happens where two syllables meet, so every rule looks at one such place, within a word or between two words of a phrase.
What only a dictionary knows stands in `hangul_words.py`.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ivr.errors import SpeechError
from ivr.speech.engines.readings.hangul_words import respell

ONSETS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
CODAS = "-ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
"""The parts of a syllable in Unicode's order. ㅇ before the vowel is silent; "-" is no consonant after it."""

FIRST, LAST = "가", "힣"
NONE, SILENT = "-", "ㅇ"

SPOKEN_CODAS: Mapping[str, str] = dict(
    zip(CODAS, ("-", *"ㄱㄱㄱㄴㄴㄴㄷㄹㄱㅁㄹㄹㄹㅂㄹㅁㅂㅂㄷㄷㅇㄷㄷㄱㄷㅂㄷ"), strict=True)
)
"""Articles 8 to 11: of all consonants after a vowel seven are heard where another consonant, or nothing, follows."""

SPLIT: Mapping[str, tuple[str, str]] = dict(
    zip("ㄳㄵㄺㄻㄼㄽㄾㄿㅄ", zip("ㄱㄴㄹㄹㄹㄹㄹㄹㅂ", "ㅆㅈㄱㅁㅂㅆㅌㅍㅆ", strict=True), strict=True)
)
"""Article 14: before a vowel, the second of two goes over to the next syllable; an s becomes tense."""

TENSE: Mapping[str, str] = dict(zip("ㄱㄷㅂㅅㅈ", "ㄲㄸㅃㅆㅉ", strict=True))
ASPIRATED: Mapping[str, str] = dict(zip("ㄱㄷㅂㅈ", "ㅋㅌㅍㅊ", strict=True))
OWN_H: Mapping[str, tuple[str, str]] = {"ㅎ": (NONE, "ㄴ"), "ㄶ": ("ㄴ", "ㄴ"), "ㅀ": ("ㄹ", "ㄹ")}
"""What is left of a coda with h, and what it and an n after it become."""

NEXT_H: Mapping[str, tuple[str, str]] = dict(
    zip(
        "ㄱㄲㅋㄳㄺㄷㅅㅆㅊㅌㅈㄵㄾㅂㅍㅄㄼ",
        zip("----ㄹ------ㄴㄹ---ㄹ", "ㅋㅋㅋㅋㅋㅌㅌㅌㅌㅌㅊㅊㅊㅍㅍㅍㅍ", strict=True),
        strict=True,
    )
)
"""What a coda and the h after it become (article 12; ㄾ by article 17)."""

PALATAL = frozenset("ㅣㅕ")
BECOMES_PALATAL: Mapping[str, tuple[str, str]] = {"ㄷ": (NONE, "ㅈ"), "ㅌ": (NONE, "ㅊ"), "ㄾ": ("ㄹ", "ㅊ")}
WITHOUT_Y: Mapping[str, str] = dict(zip("ㅑㅒㅕㅖㅛㅠ", "ㅏㅐㅓㅔㅗㅜ", strict=True))
NASAL: Mapping[str, str] = {"ㄱ": "ㅇ", "ㄷ": "ㄴ", "ㅂ": "ㅁ"}
MAKES_TENSE = frozenset("ㄼㄾㄵㄻ")
"""Articles 24 and 25: a stem that ends so. (Nouns that do are in the table of words.)"""

_NOUNS = frozenset({"ㄷㅏ", "ㅎㅡ", "ㅊㅣ"})
"""Article 11: 닭, 흙 and 칡 are nouns, so their ㄺ is ㄱ before a particle with ㄱ; a verb's is ㄹ."""

_TREAD = "ㅂㅏ"
"""Article 10: 밟 is 밥 before a consonant, unlike others with ㄼ."""


@dataclass(frozen=True, kw_only=True)
class _Syllable:
    """`is_first`: whether a word begins with it."""

    onset: str
    vowel: str
    coda: str
    is_first: bool


def write_sounds(phrase: str) -> str:
    """The words of one phrase, without punctuation, in Kokoro's letters, a blank between words.

    Raises SpeechError for a sign that is no syllable of Hangul (a Latin letter, a digit)."""
    plain = " ".join(unicodedata.normalize("NFC", phrase).split())
    if strange := next((sign for sign in plain if not (FIRST <= sign <= LAST or sign == " ")), ""):
        raise SpeechError(
            f'"{strange}" in "{phrase}" has no Korean sound. Write the word in Hangul, as it is said: '
            "in the text, or in locales/ko/lexicon.toml."
        )
    return _spell(_hear(plain))


def _cut_syllables(words: str) -> list[_Syllable]:
    return [
        _cut_syllable(sign, is_first=at == 0 or words[at - 1] == " ") for at, sign in enumerate(words) if sign != " "
    ]


def _cut_syllable(sign: str, *, is_first: bool) -> _Syllable:
    rest, coda = divmod(ord(sign) - ord(FIRST), len(CODAS))
    onset, vowel = divmod(rest, len(VOWELS))
    return _Syllable(onset=ONSETS[onset], vowel=VOWELS[vowel], coda=CODAS[coda], is_first=is_first)


def _hear_vowel(syllable: _Syllable, heard_onset: str) -> str:
    """Article 5: ㅢ is ㅣ after a consonant and inside a word; ㅖ after a consonant is ㅔ; 져 is 저."""
    onset, vowel = syllable.onset, syllable.vowel
    if vowel == "ㅢ":
        return "ㅢ" if onset == SILENT and syllable.is_first else "ㅣ"
    if vowel == "ㅖ" and onset not in "ㅇㄹ":
        return "ㅔ"
    return WITHOUT_Y.get(vowel, vowel) if heard_onset in "ㅈㅉㅊ" else vowel


# --- Where two syllables meet -----------------------------------------------------------------------------------------


def _hear(phrase: str) -> list[_Syllable]:
    """The syllables of `phrase` as they are heard."""
    syllables = _cut_syllables(respell(phrase))
    meetings = [_meet(left, right) for left, right in pairwise(syllables)]
    onsets = [*(syllable.onset for syllable in syllables[:1]), *(onset for _, onset in meetings)]
    codas = [*(coda for coda, _ in meetings), *(SPOKEN_CODAS[syllable.coda] for syllable in syllables[-1:])]
    heard = zip(syllables, onsets, codas, strict=True)
    return [replace(syllable, onset=o, vowel=_hear_vowel(syllable, o), coda=c) for syllable, o, c in heard]


def _meet(left: _Syllable, right: _Syllable) -> tuple[str, str]:
    """The consonants that are heard between two syllables. The end of a word is first as if nothing followed."""
    if right.is_first:
        left = replace(left, coda=SPOKEN_CODAS[left.coda])
    for rule in (_blend_own_h, _blend_next_h, _carry_over):
        if (heard := rule(left, right)) is not None:
            return heard
    return _assimilate(*_harden(left, right), is_one_word=not right.is_first)


def _blend_own_h(left: _Syllable, right: _Syllable) -> tuple[str, str] | None:
    """Article 12: an h makes ㄱ ㄷ ㅈ aspirated and s tense, becomes n before n, and is lost before a vowel."""
    if left.coda not in OWN_H:
        return None
    rest, with_n = OWN_H[left.coda]
    if right.onset == SILENT:
        return (NONE, right.onset if rest == NONE else rest)
    if right.onset == "ㄴ":
        return (with_n, with_n)
    changed = "ㅆ" if right.onset == "ㅅ" else ASPIRATED.get(right.onset)
    return (rest, changed) if changed else None


def _blend_next_h(left: _Syllable, right: _Syllable) -> tuple[str, str] | None:
    """Article 12: a stop and h are one aspirated stop, between words too; article 17: 굳히다 is 구치다."""
    if right.onset != "ㅎ" or left.coda not in NEXT_H:
        return None
    if left.coda == "ㄷ" and right.vowel in PALATAL and not right.is_first:
        return (NONE, "ㅊ")
    return NEXT_H[left.coda]


def _carry_over(left: _Syllable, right: _Syllable) -> tuple[str, str] | None:
    """Articles 13 to 15: a consonant goes over to a vowel (ㅇ stays); article 17: 굳이 is 구지, 같이 is 가치."""
    if right.onset != SILENT or left.coda in (NONE, SILENT) or (right.is_first and left.coda not in NASAL):
        return None
    if right.vowel in PALATAL and not right.is_first and left.coda in BECOMES_PALATAL:
        return BECOMES_PALATAL[left.coda]
    return SPLIT.get(left.coda, (NONE, left.coda))


def _harden(left: _Syllable, right: _Syllable) -> tuple[str, str]:
    """Articles 23 to 25: after a stop, and after a stem in two consonants, the next is tense."""
    beginning, coda = left.onset + left.vowel, left.coda
    if coda == "ㄺ" and right.onset == "ㄱ" and beginning not in _NOUNS:
        return ("ㄹ", "ㄲ")
    heard = "ㅂ" if coda == "ㄼ" and beginning == _TREAD else SPOKEN_CODAS[coda]
    is_tense = heard in NASAL or coda in MAKES_TENSE
    return (heard, TENSE.get(right.onset, right.onset) if is_tense else right.onset)


def _assimilate(coda: str, onset: str, *, is_one_word: bool) -> tuple[str, str]:
    """Articles 18 to 20: stops before n and m are nasal; r after other consonants is n; n beside l is l."""
    if onset == "ㄹ" and coda in {*NASAL, "ㅁ", "ㅇ"}:
        return (NASAL.get(coda, coda), "ㄴ")
    if is_one_word and coda + onset in ("ㄹㄴ", "ㄴㄹ"):
        return ("ㄹ", "ㄹ")
    return (NASAL.get(coda, coda) if onset in "ㄴㅁ" else coda, onset)


# --- Kokoro's letters -------------------------------------------------------------------------------------------------


def _list(letters: str) -> list[str]:
    return letters.replace("-", "").split(" ")


ONSET_LETTERS: Mapping[str, str] = dict(zip(ONSETS, _list("k k n t t ɾ m p p s s - ʨ ʨ ʨʰ kʰ tʰ pʰ h"), strict=True))
VOICED: Mapping[str, str] = {"ㄱ": "ɡ", "ㄷ": "d", "ㅂ": "b", "ㅈ": "ʥ"}
"""Plain stops between voiced sounds."""

SONORANT = frozenset({NONE, "ㄴ", "ㄹ", "ㅁ", "ㅇ"})
BEFORE_I = frozenset("ㅣㅑㅕㅛㅠㅒㅖㅟ")
VOWEL_LETTERS: Mapping[str, str] = dict(
    zip(VOWELS, _list("a ɛ ja jɛ ʌ e jʌ je o wa wɛ we jo u wʌ we wi ju ɯ ɯi i"), strict=True)
)
CODA_LETTERS: Mapping[str, str] = {
    NONE: "",
    "ㄱ": "k",
    "ㄴ": "n",
    "ㄷ": "t",
    "ㄹ": "l",
    "ㅁ": "m",
    "ㅂ": "p",
    "ㅇ": "ŋ",
}


def _spell(syllables: Sequence[_Syllable]) -> str:
    written = ""
    for before, syllable in zip((None, *syllables), syllables, strict=False):
        blank = " " if before and syllable.is_first else ""
        written += blank + _spell_onset(before, syllable) + VOWEL_LETTERS[syllable.vowel] + CODA_LETTERS[syllable.coda]
    return written


def _spell_onset(before: _Syllable | None, syllable: _Syllable) -> str:
    onset, vowel = syllable.onset, syllable.vowel
    if onset == "ㄹ" and before and before.coda == "ㄹ":
        return "l"
    if onset in VOICED and before and before.coda in SONORANT and not syllable.is_first:
        return VOICED[onset]
    if onset in "ㅅㅆ" and vowel in BEFORE_I:
        return "ɕ"
    return ONSET_LETTERS[onset]
