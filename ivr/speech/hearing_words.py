"""What has to be the same in two texts for them to sound the same, by language: words as a sequence of sounds.

A recogniser spells as it likes: in another script, with another form of a letter, in kanji for kana. None of that is
an error of the voice, so two texts are compared by what stands in `FOLDINGS` for their language. Numbers need nothing
here: a recogniser writes them in words too (`hearing.Recogniser`), as the scripts have them.
"""

import re
import unicodedata
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import util

from ivr.errors import SpeechError
from ivr.line.languages import LANGUAGES

TO_INSTALL = "Run: make hear"


class Reading(StrEnum):
    """What a text is put into before it is compared."""

    LETTERS = "letters"
    KANA = "kana"
    SYLLABLES = "syllables"
    """Mandarin's, without tones: the same for both scripts."""


@dataclass(frozen=True)
class Folding:
    """How the texts of a language are made alike. `same` gives the letter that stands for another one."""

    reading: Reading = Reading.LETTERS
    same: Mapping[str, str] = field(default_factory=dict)


FOLDINGS: Mapping[str, Folding] = {
    code: Folding(reading=Reading(row.heard_as), same=row.same) for code, row in LANGUAGES.items()
}
"""By language code, as each language's row has it. (The recogniser knows no Cantonese, and writes it as Mandarin.)"""

_RUNS = re.compile("[\u3007\u3400-\u9fff]+|.")
_NEEDS = {Reading.KANA: ("fugashi", "unidic_lite"), Reading.SYLLABLES: ("pypinyin",)}


def split_said(text: str, language: str) -> Sequence[str]:
    """The sounds of words that are to be said, each a letter, a kana or a syllable. Raises SpeechError where what reads
    them is not installed."""
    folding = _find_folding(language)
    if folding.reading is Reading.SYLLABLES:
        from pypinyin import Style, lazy_pinyin

        runs = _split_runs(text)
        return [sound for run in runs for sound in lazy_pinyin(run, style=Style.NORMAL)]
    return _read_letters(text, folding)


def split_heard(text: str, language: str) -> Sequence[Container[str]]:
    """The sounds of words that were written down, each with whatever else its sign may sound like. Raises as
    `split_said` does."""
    folding = _find_folding(language)
    if folding.reading is Reading.SYLLABLES:
        from pypinyin import Style, pinyin

        runs = _split_runs(text)
        return [tuple(sounds) for run in runs for sounds in pinyin(run, style=Style.NORMAL, heteronym=True)]
    return _read_letters(text, folding)


def fold_letters(text: str) -> str:
    """The letters and digits of a text, composed, in lower case; the vowel signs of Arabic script are no letters."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def _split_runs(text: str) -> list[str]:
    """Runs of Chinese letters, and every other letter by itself."""
    return _RUNS.findall(fold_letters(text))


def _find_folding(language: str) -> Folding:
    folding = FOLDINGS[language]
    if missing := [name for name in _NEEDS.get(folding.reading, ()) if util.find_spec(name) is None]:
        raise SpeechError(f"To compare {language}, {' and '.join(missing)} must be installed. {TO_INSTALL}")
    return folding


def _read_letters(text: str, folding: Folding) -> str:
    if folding.reading is Reading.KANA:
        from ivr.speech.engines.kana import write_kana

        text = write_kana(text)
    return "".join(folding.same.get(sign, sign) for sign in fold_letters(text))
