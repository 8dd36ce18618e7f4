"""How far a measured clip is towards each of its limits: its sound (rule M8), its length and its pace.

Each limit has a mark: 0.0 as it should be, 1.0 at the limit, a fault beyond it. The length is judged by what the same
voice takes for as many letters, once enough of its clips are known; before that, by what any person could do.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

from ivr.line.languages import LANGUAGES
from ivr.speech.limits import LONGEST_CLIP, LONGEST_SILENCE, LONGEST_STRAY, LOUDNESS, PEAK, TOLERANCE
from ivr.speech.manifest import Clip
from ivr.speech.mastering import Measure
from ivr.speech.pace import (
    ALONE,
    bound_seconds,
    find_pace,
    measure_band_distance,
    measure_distance,
    measure_length,
    name_unit,
)
from ivr.speech.sound import SLOW
from ivr.wording.script import ScriptLine

SHORTER, LONGER = (0.65, 0.0), (1.5, 0.1)
"""How long a clip may last: a share of what the same voice takes for as many letters, and seconds. Of 13,000 real clips
of 23 voices the shares are 0.76 to 1.36; half of the words is beyond the limits, and so are the words twice. What lost
a fifth of its sound is not (0.72 would tell of 3 in 390): of a recording its end tells (edges.py)."""

SHORTER_ALONE, LONGER_ALONE = (0.55, -0.15), (1.6, 1.0)
"""The same for a word said alone, which is drawn out (Kokoro's "one") or swallowed (eSpeak's Vietnamese)."""

QUIETER = 1.0
"""dB under PEAK at which a peak is nowhere near it. Mastering holds many clips half of that under PEAK, on purpose."""

_BEFORE_WORDS = re.compile(r"^[\W_]+")

WRONG = 2.0
"""The badness of what has no measure, such as clipping."""

VoiceKey = tuple[str, str, bool]
"""Whose pace a clip has: language, voice ("pico es-ES"), and whether it is the slow pace."""


@dataclass(frozen=True)
class Mark:
    """How far one measure ("pace") is towards its limit: 0.0 as it should be, 1.0 at the limit, a fault beyond it.
    `words` say what it is and what it has to be."""

    name: str
    badness: float
    words: str


@dataclass(frozen=True)
class MeasuredFile:
    """A clip's file as it was read. `place` names it in faults; `has_double`: the same sound comes twice in it;
    `stray`: seconds of voice before the hiss that its words begin with, None where they begin otherwise."""

    line: ScriptLine
    clip: Clip
    slow: bool
    place: str
    measure: Measure
    has_double: bool
    stray: float | None = None

    @property
    def voice(self) -> VoiceKey:
        """Whose pace it has."""
        return self.line.language, f"{self.clip.engine} {self.clip.voice}", self.slow

    @property
    def silence(self) -> float:
        """Seconds before and after the words, together."""
        return self.measure.leading + self.measure.trailing

    @property
    def spoken(self) -> tuple[float, float]:
        """How much is spoken, in letters, and how long it takes, in seconds: pauses with it, margins without."""
        return measure_length(self.line.text, self.line.language), self.measure.seconds - self.silence


def begins_with_hiss(line: ScriptLine) -> bool:
    """Whether the first sound of a line's words is a hiss (s, sh), as far as its letters tell."""
    row = LANGUAGES.get(line.language)
    return row is not None and re.match(row.hisses, _BEFORE_WORDS.sub("", line.text.casefold())) is not None


def find_share(slow: bool) -> float:
    """The pace as a share of the normal one."""
    return SLOW if slow else 1.0


def mark_sound(file: MeasuredFile) -> Iterator[Mark]:
    """Loudness, peak, clipping, and the silence around the words."""
    found = file.measure
    yield Mark(
        "loudness",
        min(abs(found.lufs - LOUDNESS) / TOLERANCE, 99.0),
        f"Its loudness is {found.lufs:.1f} LUFS; it has to be {LOUDNESS:g} ±{TOLERANCE:g}.",
    )
    yield Mark(
        "peak",
        max(1 + (found.peak - PEAK) / QUIETER, 0.0),
        f"Its peak is {found.peak:.1f} dBFS; it has to be under {PEAK:g}.",
    )
    yield Mark("clipping", WRONG if found.clipped else 0.0, f"It is clipped at {found.clipped} samples.")
    yield Mark(
        "silence",
        max(found.leading, found.trailing) / LONGEST_SILENCE,
        f"It is silent for {found.leading:.2f} s before and {found.trailing:.2f} s after its words; "
        f"at most {LONGEST_SILENCE:g}.",
    )


def mark_onset(file: MeasuredFile) -> Iterator[Mark]:
    """What sounds before the hiss that the words begin with, where they do."""
    if file.stray is not None:
        most = LONGEST_STRAY / find_share(file.slow)
        words = f"A voice sounds for {file.stray:.3f} s before its first s or sh; at most {most:.3f}: listen to it."
        yield Mark("stray", file.stray / most, words)


def mark_speech(file: MeasuredFile, rate: float | None, expected: float | None) -> Iterator[Mark]:
    """Length and pace. `rate` is in words (or characters) a minute, `expected` in seconds; None where too little is
    known to tell."""
    seconds, language = file.measure.seconds, file.line.language
    lasts = f"It lasts {seconds:.0f} s; at most {LONGEST_CLIP:g}: say it in two clips."
    yield Mark("long", 0.0 if file.slow else seconds / LONGEST_CLIP, lasts)
    shortest, usual, longest = _bound_length(file, expected)
    take = f"It lasts {seconds:.1f} s; these words take {shortest:.1f} to {longest:.1f} s: listen to it."
    yield Mark("length", measure_distance(seconds, shortest, usual, longest), take)
    yield Mark("twice", WRONG if file.has_double else 0.0, "The same sound comes twice in it: listen to it.")
    if rate is not None and (pace := find_pace(language)):
        band = pace.clip.scale(find_share(file.slow))
        words = f"Its pace is {rate:.0f} {name_unit(language)} a minute; it has to be {band}."
        yield Mark("pace", measure_band_distance(band, rate), words)


def _bound_length(file: MeasuredFile, expected: float | None) -> tuple[float, float, float]:
    """The shortest, usual and longest time in seconds: narrower where the pace of the voice is known."""
    shortest, longest = bound_seconds(file.line)
    longest /= find_share(file.slow)
    if expected is None:
        return shortest, sqrt(shortest * longest), longest
    words, usual = expected - file.silence, min(max(expected, shortest), longest)
    is_alone = file.spoken[0] < ALONE
    (less, under), (more, over) = (SHORTER_ALONE, LONGER_ALONE) if is_alone else (SHORTER, LONGER)
    shortest = max(shortest, words * less + under + file.silence)
    longest = min(longest, words * more + over + file.silence)
    return min(shortest, usual), usual, max(longest, usual)
