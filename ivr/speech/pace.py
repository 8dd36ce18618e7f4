"""How fast a voice speaks: words a minute, and how long the same words take the same voice.

Most callers are old, many are in pain, and nobody can ask the voice to wait. Rule kept here: each language has its own
band. It is wide for one clip (short words go fast, long ones slow) and narrow for the middle of all its clips.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from ivr.wording.script import ScriptLine

ENOUGH = 20
"""Clips of one voice from which its middle says something."""

FEWEST = {"words": 5, "characters": 8}
"""Shorter clips are not judged by their pace: one long word decides it."""

LETTERS = {"zh": 4.0, "yue": 4.0, "ja": 3.5, "ko": 2.5}
"""How many letters of an alphabet one sign of these scripts is worth, spoken."""

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


@dataclass(frozen=True)
class Band:
    """From the slowest to the fastest that will do, in units a minute."""

    lowest: float
    highest: float

    def times(self, share: float) -> "Band":
        """The band of a voice that speaks at `share` of the pace."""
        return Band(self.lowest * share, self.highest * share)

    def towards(self, rate: float) -> float:
        """How far `rate` is from the band's middle (by ratio) to its limits: 0.0 in the middle, 1.0 at a limit."""
        lowest, highest = math.log(self.lowest), math.log(self.highest)
        return towards(math.log(rate), lowest, (lowest + highest) / 2, highest)


@dataclass(frozen=True)
class Pace:
    """What one language keeps at the normal pace: `clip` for one clip, `middle` for the median of all of them.
    `unit` is "words" or "characters"."""

    clip: Band
    middle: Band
    unit: str = "words"


PACES: Mapping[str, Pace] = {
    # Measured on all clips of the line that are judged (103 to 129 a voice), margins off, pauses inside: the medians
    # of our voices, then their slowest and fastest clip. The bands leave about a fifth beside them, and more above
    # where only eSpeak was measured, which is slower than people.
    "en": Pace(Band(85, 280), Band(120, 195)),  # Pico 158, Kokoro 157; 103 to 233
    "es": Pace(Band(70, 260), Band(105, 180)),  # Pico 130, Kokoro 145; 84 to 212
    "zh": Pace(Band(125, 310), Band(155, 265), "characters"),  # eSpeak 198, Kokoro 216; 158 to 258
    "yue": Pace(Band(120, 320), Band(145, 270), "characters"),  # eSpeak 186; 161 to 224
    "vi": Pace(Band(115, 310), Band(145, 240)),  # eSpeak 181; 154 to 239; a word is a syllable
    "ko": Pace(Band(40, 170), Band(65, 120)),  # eSpeak 82; 53 to 130; a word is what stands between spaces
    "fil": Pace(Band(75, 210), Band(100, 165)),  # eSpeak 124; 96 to 154
    "ru": Pace(Band(60, 240), Band(105, 170)),  # eSpeak 131; 80 to 191
    "ar": Pace(Band(50, 160), Band(70, 135)),  # eSpeak 91; 67 to 114
    "ht": Pace(Band(75, 240), Band(105, 180)),  # eSpeak 131; 94 to 189
    "fr": Pace(Band(70, 310), Band(120, 205)),  # Pico 167, Kokoro 152; 88 to 261
    "pt": Pace(Band(70, 250), Band(100, 185)),  # eSpeak 128, Kokoro 148; 89 to 197
    "pl": Pace(Band(55, 200), Band(75, 140)),  # eSpeak 98; 72 to 159
    "it": Pace(Band(45, 280), Band(100, 185)),  # Pico 127, Kokoro 150; 58 to 223
    "de": Pace(Band(70, 250), Band(110, 190)),  # Pico 143; 89 to 193
    "ja": Pace(Band(180, 530), Band(215, 370), "characters"),  # eSpeak 273, Kokoro 310; 231 to 444
    "fa": Pace(Band(60, 200), Band(90, 160)),  # eSpeak 116; 77 to 156
}
"""By language. Mandarin, Cantonese and Japanese put no spaces between words: there the characters are counted as they
are written (in Japanese kanji and kana alike, not morae: how a kanji is read stands nowhere in the text)."""


def unit(language: str) -> str:
    """What is counted in this language: "words" or "characters"."""
    return PACES[language].unit if language in PACES else "words"


def count(text: str, language: str) -> int:
    """How many words (or characters) `text` has; marks between them are none."""
    parts: Iterable[str] = text.split() if unit(language) == "words" else unicodedata.normalize("NFC", text)
    return sum(any(sign.isalnum() for sign in part) for part in parts)


def a_minute(text: str, language: str, seconds: float) -> float | None:
    """Words (or characters) a minute of `text` that is spoken in `seconds`, margins taken off.

    None where too few are spoken to tell.
    """
    spoken = count(text, language)
    return spoken * 60 / seconds if seconds > 0 and spoken >= FEWEST[unit(language)] else None


def middle(rates: Iterable[float | None]) -> float | None:
    """The median of the rates that are there; None where they are too few to tell."""
    known = [rate for rate in rates if rate is not None]
    return median(known) if len(known) >= ENOUGH else None


def letters(text: str, language: str) -> float:
    """How much there is to speak in `text`, in letters of an alphabet."""
    return sum(_worth(sign, language) for sign in unicodedata.normalize("NFC", text) if sign.isalnum())


def length(text: str, language: str) -> float:
    """How long `text` is, spoken: its letters, and its pauses in letters."""
    return letters(text, language) + STOP * len(_STOPS.findall(text)) + COMMA * len(_COMMAS.findall(text))


def seconds_a_letter(spoken: Iterable[tuple[float, float]]) -> float | None:
    """The middle of what one voice takes for a letter, from (length, seconds) of each of its clips.

    Words said alone are passed over. None where too few are left.
    """
    return middle(seconds / letters for letters, seconds in spoken if letters >= ALONE)


def towards(value: float, lowest: float, usual: float, highest: float) -> float:
    """How far `value` is from the usual to its limits: 0.0 as usual, 1.0 at a limit, more beyond it; 99 at most."""
    room = highest - usual if value > usual else usual - lowest
    return min(abs(value - usual) / max(room, 1e-9), 99.0)


def _worth(sign: str, language: str) -> float:
    if sign.isdigit():
        return DIGIT
    if language == "ja" and _FIRST_KANA <= sign <= _LAST_KANA:
        return KANA
    return LETTERS.get(language, 1.0)


def plausible(line: ScriptLine) -> tuple[float, float]:
    """The shortest and the longest time, in seconds, in which a person could speak `line` at the normal pace."""
    worth = letters(line.text, line.language)
    return worth / FASTEST, worth / SLOWEST + PAUSE
