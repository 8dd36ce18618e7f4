"""How fast a voice speaks: words a minute, and how long the same words take the same voice.

Most callers are old, many are in pain, and nobody can ask the voice to wait. Rule kept here: each language has its own
band. It is wide for one clip (short words go fast, long ones slow) and narrow for the middle of all its clips.
"""

import math
import re
import unicodedata
from collections.abc import Iterable
from statistics import median

from ivr.line.language import Band, Pace
from ivr.line.languages import LANGUAGES, find_script
from ivr.wording.script import ScriptLine

ENOUGH = 20
"""Clips of one voice from which its middle says something."""

FEWEST = {"words": 5, "characters": 8}
"""Shorter clips are not judged by their pace: one long word decides it."""

KANA = 2.0
"""How many letters a kana is worth, spoken: one mora, where a kanji is often two."""

DIGIT = 4.0
"""How many letters a digit is worth, spoken."""

STOP, COMMA = 5.0, 3.0
"""How many letters the pauses are worth that a voice makes between two sentences and at a comma."""

ALONE = 20.0
"""What is worth fewer letters is a word said alone, which a voice draws out or swallows."""

SLOWEST, FASTEST, PAUSE = 3.5, 30.0, 2.5
"""Letters a second that speech can have, and seconds that a clip may last longer for its pauses. Real voices, pauses
included, speak 10 to 17 letters a second; outside these bounds words are missing, or others are spoken."""

_FIRST_KANA, _LAST_KANA = "\u3040", "\u30ff"
_STOPS, _COMMAS = re.compile(r"[.!?;:。！？；：؟؛]+(?=\s*\w)"), re.compile(r"[,，、،]")


def find_pace(language: str) -> Pace | None:
    """The pace that a language keeps; None where the line has no such language."""
    row = LANGUAGES.get(language)
    return row.pace if row else None


def name_unit(language: str) -> str:
    """What is counted in this language: "words", or "characters" where its script puts no spaces between words.

    Characters are counted as they are written (in Japanese kanji and kana alike, not morae: the text does not say how a
    kanji is read)."""
    return "words" if find_script(language).is_spaced else "characters"


def count_units(text: str, language: str) -> int:
    """How many words (or characters) `text` has; punctuation does not count."""
    parts: Iterable[str] = text.split() if name_unit(language) == "words" else unicodedata.normalize("NFC", text)
    return sum(any(sign.isalnum() for sign in part) for part in parts)


def find_rate(text: str, language: str, seconds: float) -> float | None:
    """Words (or characters) a minute of `text` that is spoken in `seconds`, margins taken off.

    None where too few are spoken to tell.
    """
    spoken = count_units(text, language)
    return spoken * 60 / seconds if seconds > 0 and spoken >= FEWEST[name_unit(language)] else None


def find_median(rates: Iterable[float | None]) -> float | None:
    """The median of the rates that are there; None where they are too few to tell."""
    known = [rate for rate in rates if rate is not None]
    return median(known) if len(known) >= ENOUGH else None


def count_letters(text: str, language: str) -> float:
    """How much there is to speak in `text`, in letters of an alphabet."""
    return sum(_weigh_sign(sign, language) for sign in unicodedata.normalize("NFC", text) if sign.isalnum())


def measure_length(text: str, language: str) -> float:
    """How long `text` is, spoken: its letters, and its pauses in letters."""
    return count_letters(text, language) + STOP * len(_STOPS.findall(text)) + COMMA * len(_COMMAS.findall(text))


def find_seconds_a_letter(spoken: Iterable[tuple[float, float]]) -> float | None:
    """The middle of what one voice takes for a letter, from (length, seconds) of each of its clips.

    Words said alone are passed over. None where too few are left.
    """
    return find_median(seconds / letters for letters, seconds in spoken if letters >= ALONE)


def measure_band_distance(band: Band, rate: float) -> float:
    """How far `rate` is from the band's middle (by ratio) to its limits: 0.0 in the middle, 1.0 at a limit."""
    lowest, highest = math.log(band.lowest), math.log(band.highest)
    return measure_distance(math.log(rate), lowest, (lowest + highest) / 2, highest)


def measure_distance(value: float, lowest: float, usual: float, highest: float) -> float:
    """How far `value` is from the usual to its limits: 0.0 as usual, 1.0 at a limit, more beyond it; 99 at most."""
    room = highest - usual if value > usual else usual - lowest
    return min(abs(value - usual) / max(room, 1e-9), 99.0)


def _weigh_sign(sign: str, language: str) -> float:
    if sign.isdigit():
        return DIGIT
    return KANA if _FIRST_KANA <= sign <= _LAST_KANA else find_script(language).worth


def bound_seconds(line: ScriptLine) -> tuple[float, float]:
    """The shortest and the longest time, in seconds, in which a person could speak `line` at the normal pace."""
    worth = count_letters(line.text, line.language)
    return worth / FASTEST, worth / SLOWEST + PAUSE
