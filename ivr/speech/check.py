"""Checks, by measuring, that every clip of every script is there and fit for a telephone (RULES.md, M8).

It trusts nothing that the build said: it reads the files. Faults are data, one for each thing that is wrong.
"""

import hashlib
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import soundfile

from ivr.errors import Fault
from ivr.speech.manifest import Clip, Clips
from ivr.speech.mastering import LOUDNESS, PEAK, RATE, TOLERANCE, Measure, measure
from ivr.speech.script import ScriptLine

LONGEST_SILENCE = 0.4
"""Seconds before and after the words."""

LONGEST_CLIP = 25.0
"""Seconds at the normal pace: longer than that nobody listens without a choice."""

SLOWEST, FASTEST, PAUSE = 3.5, 30.0, 2.5
"""Letters a second that speech can have, and seconds that a clip may last longer for its pauses. Real voices, pauses
included, speak 10 to 17 letters a second; outside these bounds words are missing, or others are spoken."""

LETTERS = {"zh": 4.0, "yue": 4.0, "ja": 2.5, "ko": 2.5}
"""How many letters of an alphabet one sign of these scripts is worth, spoken."""

DIGIT = 4.0
"""How many letters a digit is worth, spoken."""


@dataclass(frozen=True)
class ClipMeasure:
    """What one clip measures, at one pace ("normal", "slow")."""

    language: str
    id: str
    pace: str
    name: str
    measure: Measure


@dataclass(frozen=True)
class CheckReport:
    """Every clip that could be read, measured; and everything that is wrong."""

    measures: tuple[ClipMeasure, ...]
    faults: tuple[Fault, ...]


def check(scripts: Mapping[str, Sequence[ScriptLine]], folder: Path) -> CheckReport:
    """Measures every clip of `scripts` below the audio folder. Raises SpeechError where a manifest cannot be read."""
    clips = Clips(folder)
    measures: list[ClipMeasure] = []
    faults: list[Fault] = []
    for line in (line for lines in scripts.values() for line in lines):
        for slow in (False, True):
            place = f"{line.language}/{line.id} ({_pace(slow)})"
            clip, path = clips.find(line, slow=slow), clips.path(line, slow=slow)
            if clip is None or path is None or (slow and clips.find(line, slow=False) == clip):
                faults.append(Fault(place, "There is no clip of these words. Run: flask audio build"))
                continue
            found, words = _examine(path, clip, line, slow)
            faults.extend(Fault(f"{place}, {path}", one) for one in words)
            if found:
                measures.append(ClipMeasure(line.language, line.id, _pace(slow), clip.name, found))
    return CheckReport(tuple(measures), tuple(sorted(set(faults))))


def _examine(path: Path, clip: Clip, line: ScriptLine, slow: bool) -> tuple[Measure | None, list[str]]:
    content = path.read_bytes()
    words = (
        []
        if hashlib.sha256(content).hexdigest() == clip.sha256
        else ["The file is not the one that the manifest names. Run: flask audio build"]
    )
    try:
        with soundfile.SoundFile(io.BytesIO(content)) as file:
            form = (file.format, file.subtype, file.samplerate, file.channels)
            samples = file.read(dtype="float32", always_2d=True)[:, 0]
    except soundfile.LibsndfileError:
        return None, [*words, "The file is not sound. Run: flask audio build"]
    if form != ("WAV", "ULAW", RATE, 1):
        words.append(
            f"The file is {form[0]} {form[1]}, {form[2]} Hz, {form[3]} channels; it has to be 8 kHz mono µ-law."
        )
    found = measure(samples, form[2])
    return found, [*words, *_unfit(found), *_implausible(found, clip, line, slow)]


def _unfit(found: Measure) -> Iterator[str]:
    if not abs(found.lufs - LOUDNESS) <= TOLERANCE:
        yield f"Its loudness is {found.lufs:.1f} LUFS; it has to be {LOUDNESS:g} ±{TOLERANCE:g}."
    if found.peak >= PEAK:
        yield f"Its peak is {found.peak:.1f} dBFS; it has to be under {PEAK:g}."
    if found.clipped:
        yield f"It is clipped at {found.clipped} samples."
    if found.leading > LONGEST_SILENCE or found.trailing > LONGEST_SILENCE:
        yield f"It is silent for {found.leading:.1f} s before and {found.trailing:.1f} s after its words."


def _implausible(found: Measure, clip: Clip, line: ScriptLine, slow: bool) -> Iterator[str]:
    if abs(found.seconds - clip.seconds) > 0.01:
        yield f"It lasts {found.seconds:.2f} s, and the manifest says {clip.seconds:.2f}."
    if not slow and found.seconds > LONGEST_CLIP:
        yield f"It lasts {found.seconds:.0f} s; at most {LONGEST_CLIP:g}: say it in two clips."
    shortest, longest = plausible(line)
    if not shortest <= found.seconds <= (longest / 0.8 if slow else longest):
        yield f"It lasts {found.seconds:.1f} s; these words take {shortest:.1f} to {longest:.1f} s: listen to it."


def plausible(line: ScriptLine) -> tuple[float, float]:
    """The shortest and the longest time, in seconds, in which a person could speak `line` at the normal pace."""
    each = LETTERS.get(line.language, 1.0)
    spoken = [sign for sign in unicodedata.normalize("NFC", line.text) if sign.isalnum()]
    letters = sum(DIGIT if sign.isdigit() else each for sign in spoken)
    return letters / FASTEST, letters / SLOWEST + PAUSE


def _pace(slow: bool) -> str:
    return "slow" if slow else "normal"
