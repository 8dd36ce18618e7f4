"""Checks, by measuring, that every clip of every script is there and fit for a telephone (RULES.md, M8).

It trusts nothing that the build said: it reads the files. Whoever made a clip, it is measured the same way. Each
measure says how far it is towards its limit. Beyond it is a fault, and faults are data, one for each thing that is
wrong.
"""

import hashlib
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import numpy as np
import soundfile
from scipy.ndimage import uniform_filter1d

from ivr.errors import Fault
from ivr.speech.clips import Clips
from ivr.speech.manifest import FROM_CHECKOUT, Clip
from ivr.speech.mastering import LOUDNESS, PEAK, RATE, TOLERANCE, Measure, measure
from ivr.speech.pace import (
    ALONE,
    bound_seconds,
    find_median,
    find_pace,
    find_rate,
    find_seconds_a_letter,
    measure_band_distance,
    measure_distance,
    measure_length,
    name_unit,
)
from ivr.speech.sound import SLOW, Samples
from ivr.wording.script import ScriptLine

LONGEST_SILENCE = 0.4
"""Seconds before and after the words."""

LONGEST_CLIP = 25.0
"""Seconds at the normal pace: longer than that nobody listens without a choice."""

SHORTER, LONGER = (0.65, 0.0), (1.5, 0.1)
"""How long a clip may last: a share of what the same voice takes for as many letters, and seconds. Of 13,000 real clips
of 23 voices the shares are 0.76 to 1.36; half of the words is beyond the limits, and so are the words twice."""

SHORTER_ALONE, LONGER_ALONE = (0.55, -0.15), (1.6, 1.0)
"""The same for a word said alone, which is drawn out (Kokoro's "one") or swallowed (eSpeak's Vietnamese)."""

QUIETER = 1.0
"""dB under PEAK at which a peak is nowhere near it. Mastering holds many clips half of that under PEAK, on purpose."""

ALIKE, SHORTEST_TWICE = 0.97, 2.0
"""From which likeness on a sound counts as the same sound again, and the seconds under which it is not asked. Of 13,000
real clips none was above 0.89; of those that were put twice into a file, with a pause or without, 99 in 100 are."""

_Form = tuple[str, str, int, int]
"""A file's format, its coding, its rate in Hz, and its channels."""

WRONG = 2.0
"""How bad is what has no measure, such as clipping."""


@dataclass(frozen=True)
class Mark:
    """How far one measure ("pace") is towards its limit: 0.0 as it should be, 1.0 at the limit, a fault beyond it.
    `words` say what it is and what it has to be."""

    name: str
    badness: float
    words: str


@dataclass(frozen=True)
class ClipMeasure:
    """What one clip measures, at one pace ("normal", "slow"): its file's `name`, its `voice` ("pico es-ES").

    `rate` is in words (or characters) a minute, None where the clip is too short to judge; `expected` are the seconds
    that it would last if this voice spoke it as the rest, None where there are too few clips to tell.
    """

    language: str
    id: str
    pace: str
    name: str
    voice: str
    measure: Measure
    rate: float | None
    expected: float | None
    marks: tuple[Mark, ...]

    @property
    def worst(self) -> Mark:
        """What is nearest to its limit, or furthest beyond it."""
        return max(self.marks, key=lambda mark: mark.badness)


@dataclass(frozen=True)
class CheckReport:
    """Every clip that could be read, measured; and everything that is wrong."""

    measures: tuple[ClipMeasure, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class _Heard:
    """A clip as it was read, before it is compared with the others of its voice."""

    line: ScriptLine
    clip: Clip
    slow: bool
    place: str
    measure: Measure
    twice: bool

    @property
    def voice(self) -> tuple[str, str, bool]:
        """Whose pace it has."""
        return self.line.language, f"{self.clip.engine} {self.clip.voice}", self.slow

    @property
    def around(self) -> float:
        """Seconds of silence before and after the words."""
        return self.measure.leading + self.measure.trailing

    @property
    def spoken(self) -> tuple[float, float]:
        """How much is spoken, in letters, and how long it takes, in seconds: pauses with it, margins without."""
        return measure_length(self.line.text, self.line.language), self.measure.seconds - self.around


def check(scripts: Mapping[str, Sequence[ScriptLine]], folder: Path) -> CheckReport:
    """Measures every clip of `scripts` below the audio folder. Raises SpeechError where a manifest cannot be read."""
    clips = Clips(folder)
    found: list[_Heard | Fault] = []
    for line in (line for lines in scripts.values() for line in lines):
        for slow in (False, True):
            found.extend(_hear(clips, line, slow))
    heard = [one for one in found if isinstance(one, _Heard)]
    faults = [one for one in found if isinstance(one, Fault)]
    each = _seconds_a_letter(heard)
    measures = tuple(_judge(one, each[one.voice]) for one in heard)
    for one, judged in zip(heard, measures, strict=True):
        faults.extend(Fault(one.place, mark.words) for mark in judged.marks if mark.badness > 1)
    return CheckReport(measures, tuple(sorted({*faults, *_running_or_dragging(measures)})))


def _hear(clips: Clips, line: ScriptLine, slow: bool) -> Iterator[_Heard | Fault]:
    """The clip of `line`, where it can be read; and what is wrong with its file."""
    place = f"{line.language}/{line.id} ({_pace(slow)})"
    clip, path = clips.find(line, slow=slow), clips.find_path(line, slow=slow)
    if clip is None or path is None or (slow and clips.find(line, slow=False) == clip):
        yield Fault(place, "There is no clip of these words. Run: flask audio build")
        return
    place, content = f"{place}, {path}", path.read_bytes()
    remedy = FROM_CHECKOUT if clips.is_committed(path) else "Run: flask audio build"
    if hashlib.sha256(content).hexdigest() != clip.sha256:
        yield Fault(place, f"The file is not the one that the manifest names. {remedy}")
    try:
        form, samples = _read(content)
    except soundfile.LibsndfileError:
        yield Fault(place, f"The file is not sound. {remedy}")
        return
    found = measure(samples, form[2])
    yield from (Fault(place, words) for words in _strange(form, found, clip))
    yield _Heard(line, clip, slow, place, found, twice(samples, form[2]))


def _read(content: bytes) -> tuple[_Form, Samples]:
    with soundfile.SoundFile(io.BytesIO(content)) as file:
        form = (file.format, file.subtype, file.samplerate, file.channels)
        return form, file.read(dtype="float32", always_2d=True)[:, 0]


def _strange(form: _Form, found: Measure, clip: Clip) -> Iterator[str]:
    if form != ("WAV", "ULAW", RATE, 1):
        yield f"The file is {form[0]} {form[1]}, {form[2]} Hz, {form[3]} channels; it has to be 8 kHz mono µ-law."
    if abs(found.seconds - clip.seconds) > 0.01:
        yield f"It lasts {found.seconds:.2f} s, and the manifest says {clip.seconds:.2f}."


def _judge(one: _Heard, each: float | None) -> ClipMeasure:
    """`each`: seconds a letter of the clip's voice, None where they are not known."""
    worth, seconds = one.spoken
    language, voice, slow = one.voice
    rate = find_rate(one.line.text, language, seconds)
    expected = None if each is None else worth * each + one.around
    marks = (*_sound(one), *_speech(one, rate, expected))
    return ClipMeasure(language, one.line.id, _pace(slow), one.clip.name, voice, one.measure, rate, expected, marks)


def _sound(one: _Heard) -> Iterator[Mark]:
    found = one.measure
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


def _speech(one: _Heard, rate: float | None, expected: float | None) -> Iterator[Mark]:
    seconds, language = one.measure.seconds, one.line.language
    lasts = f"It lasts {seconds:.0f} s; at most {LONGEST_CLIP:g}: say it in two clips."
    yield Mark("long", 0.0 if one.slow else seconds / LONGEST_CLIP, lasts)
    shortest, usual, longest = _lasting(one, expected)
    take = f"It lasts {seconds:.1f} s; these words take {shortest:.1f} to {longest:.1f} s: listen to it."
    yield Mark("length", measure_distance(seconds, shortest, usual, longest), take)
    yield Mark("twice", WRONG if one.twice else 0.0, "The same sound comes twice in it: listen to it.")
    if rate is not None and (pace := find_pace(language)):
        band = pace.clip.scale(_share(one.slow))
        words = f"Its pace is {rate:.0f} {name_unit(language)} a minute; it has to be {band}."
        yield Mark("pace", measure_band_distance(band, rate), words)


def _lasting(one: _Heard, expected: float | None) -> tuple[float, float, float]:
    """The shortest, usual and longest time in seconds: narrower where the pace of the voice is known."""
    shortest, longest = bound_seconds(one.line)
    longest /= _share(one.slow)
    if expected is None:
        return shortest, sqrt(shortest * longest), longest
    words, usual = expected - one.around, min(max(expected, shortest), longest)
    alone = one.spoken[0] < ALONE
    (less, under), (more, over) = (SHORTER_ALONE, LONGER_ALONE) if alone else (SHORTER, LONGER)
    shortest = max(shortest, words * less + under + one.around)
    longest = min(longest, words * more + over + one.around)
    return min(shortest, usual), usual, max(longest, usual)


def twice(samples: Samples, rate: int) -> bool:
    """Whether the same sound comes twice in a sound of any rate (Hz), as when a file is put together wrongly.

    It compares how loud every 10 ms are with what comes later. A voice that says its words anew is never as like as
    that; what is alike at many shifts is a hum, not words.
    """
    levels = _levels(samples, rate)
    if len(levels) < SHORTEST_TWICE * 100:
        return False
    shifts = range(round(len(levels) * 0.3), round(len(levels) * 0.62))
    alike = [shift for shift in shifts if _likeness(levels[:-shift], levels[shift:]) >= ALIKE]
    return bool(alike) and alike[-1] - alike[0] < 10


def _levels(samples: Samples, rate: int) -> Samples:
    """How loud the words are, every 10 ms, as a logarithm; shape (n,). The silence around them is left away."""
    size = rate // 100
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    # Mixed with its neighbours, a frame is still like its double that begins half a frame later.
    power = uniform_filter1d((frames**2).mean(axis=1), 3)
    levels = np.log10(np.maximum(np.sqrt(power), 1e-3))
    loud = np.flatnonzero(levels > levels.max(initial=-3.0) - 2)
    return np.asarray(levels[loud[0] : loud[-1] + 1] if len(loud) else levels[:0], dtype=np.float32)


def _likeness(first: Samples, second: Samples) -> float:
    one, other = first - first.mean(), second - second.mean()
    size = sqrt(float(one @ one) * float(other @ other))
    return float(one @ other) / size if size else 0.0


def _seconds_a_letter(heard: Sequence[_Heard]) -> dict[tuple[str, str, bool], float | None]:
    spoken: defaultdict[tuple[str, str, bool], list[tuple[float, float]]] = defaultdict(list)
    for one in heard:
        spoken[one.voice].append(one.spoken)
    return {voice: find_seconds_a_letter(clips) for voice, clips in spoken.items()}


def _running_or_dragging(measures: Sequence[ClipMeasure]) -> Iterator[Fault]:
    """A fault for each language whose clips as a whole are too fast or too slow."""
    rates: defaultdict[tuple[str, str], list[float | None]] = defaultdict(list)
    for one in measures:
        rates[one.language, one.pace].append(one.rate)
    for (language, name), known in rates.items():
        rate, pace = find_median(known), find_pace(language)
        if rate is None or pace is None:
            continue
        band = pace.middle.scale(_share(name == "slow"))
        if measure_band_distance(band, rate) > 1:
            words = f"The middle of its clips is at {rate:.0f} {name_unit(language)} a minute"
            yield Fault(f"{language} ({name})", f"{words}; it has to be {band}.")


def _share(slow: bool) -> float:
    return SLOW if slow else 1.0


def _pace(slow: bool) -> str:
    return "slow" if slow else "normal"
