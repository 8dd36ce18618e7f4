"""Checks, by measuring, that every clip of every script is there and fit for a telephone (rule M8, ivr/README.md).

It trusts nothing that the build said: it reads the files. Whoever made a clip, it is measured the same way. `marks.py`
says how far each measure is towards its limit; what is beyond it is a fault, and faults are data, one for each thing
that is wrong.
"""

import hashlib
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import soundfile

from ivr.errors import Fault
from ivr.speech.clips import Clips
from ivr.speech.doubles import has_double
from ivr.speech.engines.recordings import Recordings
from ivr.speech.examine import examine_file
from ivr.speech.hearing_report import find_misheard
from ivr.speech.limits import MOST_STRAYS, RATE, USUAL_STRAY
from ivr.speech.manifest import FROM_CHECKOUT, Clip
from ivr.speech.marks import (
    Mark,
    MeasuredFile,
    VoiceKey,
    begins_with_hiss,
    find_share,
    mark_onset,
    mark_sound,
    mark_speech,
)
from ivr.speech.mastering import Measure, measure
from ivr.speech.onset import measure_stray
from ivr.speech.pace import (
    ENOUGH,
    find_median,
    find_pace,
    find_rate,
    find_seconds_a_letter,
    measure_band_distance,
    name_unit,
)
from ivr.speech.sound import Grade, Samples
from ivr.speech.synthetic_mark import judge_mark
from ivr.wording.script import ScriptLine

_Form = tuple[str, str, int, int]
"""A file's format, its coding, its rate in Hz, and its channels."""


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


def check(scripts: Mapping[str, Sequence[ScriptLine]], folder: Path) -> CheckReport:
    """Measures every clip of `scripts` below the audio folder. Raises SpeechError where a manifest, or what is written
    down of a recogniser's hearing, cannot be read."""
    clips = Clips(folder)
    lines = [line for script in scripts.values() for line in script]
    found = [item for line in lines for slow in (False, True) for item in _measure_clip(clips, line, slow)]
    files = [item for item in found if isinstance(item, MeasuredFile)]
    faults = {item for item in found if isinstance(item, Fault)} | set(find_misheard(scripts, clips, folder))
    faults.update(_judge_recordings(files, Recordings(folder / "recordings")))
    seconds_a_letter = _find_paces(files)
    measures = tuple(_judge(file, seconds_a_letter[file.voice]) for file in files)
    for file, judged in zip(files, measures, strict=True):
        faults.update(Fault(file.place, mark.words) for mark in judged.marks if mark.badness > 1)
    return CheckReport(measures, tuple(sorted({*faults, *_judge_languages(measures), *_judge_voices(files)})))


def _measure_clip(clips: Clips, line: ScriptLine, slow: bool) -> Iterator[MeasuredFile | Fault]:
    """The clip of `line`, where it can be read; and what is wrong with its file."""
    place = f"{line.language}/{line.id} ({_name_pace(slow)})"
    clip, path = clips.find(line, slow=slow), clips.find_path(line, slow=slow)
    if clip is None or path is None or (slow and clips.find(line, slow=False) == clip):
        yield Fault(place, "There is no clip of these words. Run: flask audio build")
        return
    place, content = f"{place}, {path}", path.read_bytes()
    remedy = FROM_CHECKOUT if clips.is_committed(path) else "Run: flask audio build"
    again = FROM_CHECKOUT if clips.is_committed(path) else "Run: flask audio build --force"
    if hashlib.sha256(content).hexdigest() != clip.sha256:
        yield Fault(place, f"The file is not the one that the manifest names. {remedy}")
    try:
        form, samples = _read(content)
    except soundfile.LibsndfileError:
        yield Fault(place, f"The file is not sound. {remedy}")
        return
    found, rate = measure(samples, form[2]), form[2]
    yield from (Fault(place, words) for words in _judge_form(form, found, clip))
    yield from (Fault(place, words) for words in judge_mark(content, again, synthetic=clip.grade is not Grade.RECORDED))
    yield MeasuredFile(
        line=line,
        clip=clip,
        slow=slow,
        place=place,
        measure=found,
        has_double=has_double(samples, rate),
        stray=measure_stray(samples, rate) if begins_with_hiss(line) else None,
    )


def _read(content: bytes) -> tuple[_Form, Samples]:
    with soundfile.SoundFile(io.BytesIO(content)) as file:
        form = (file.format, file.subtype, file.samplerate, file.channels)
        return form, file.read(dtype="float32", always_2d=True)[:, 0]


def _judge_form(form: _Form, found: Measure, clip: Clip) -> Iterator[str]:
    if form != ("WAV", "ULAW", RATE, 1):
        yield f"The file is {form[0]} {form[1]}, {form[2]} Hz, {form[3]} channels; it has to be 8 kHz mono µ-law."
    if abs(found.seconds - clip.seconds) > 0.01:
        yield f"It lasts {found.seconds:.2f} s, and the manifest says {clip.seconds:.2f}."


def _judge_recordings(files: Sequence[MeasuredFile], recordings: Recordings) -> Iterator[Fault]:
    """What shows only in the recording that a clip was made from: that it is cut. Where another one lies there by now,
    or none, the next build says so itself."""
    for file in (file for file in files if file.clip.recording and not file.slow):
        path = recordings.find_path(file.line)
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() == file.clip.recording:
            yield from (Fault(str(path), words) for words in examine_file(content))


def _judge(file: MeasuredFile, seconds_a_letter: float | None) -> ClipMeasure:
    """`seconds_a_letter` is of the clip's voice, None where it is not known."""
    letters, seconds = file.spoken
    language, voice, slow = file.voice
    rate = find_rate(file.line.text, language, seconds)
    expected = None if seconds_a_letter is None else letters * seconds_a_letter + file.silence
    return ClipMeasure(
        language=language,
        id=file.line.id,
        pace=_name_pace(slow),
        name=file.clip.name,
        voice=voice,
        measure=file.measure,
        rate=rate,
        expected=expected,
        marks=(*mark_sound(file), *mark_onset(file), *mark_speech(file, rate, expected)),
    )


def _find_paces(files: Sequence[MeasuredFile]) -> dict[VoiceKey, float | None]:
    """Seconds a letter of each voice; None where it has too few clips to tell."""
    spoken: defaultdict[VoiceKey, list[tuple[float, float]]] = defaultdict(list)
    for file in files:
        spoken[file.voice].append(file.spoken)
    return {voice: find_seconds_a_letter(clips) for voice, clips in spoken.items()}


def _judge_languages(measures: Sequence[ClipMeasure]) -> Iterator[Fault]:
    """A fault for each language whose clips as a whole are too fast or too slow."""
    rates: defaultdict[tuple[str, str], list[float | None]] = defaultdict(list)
    for clip in measures:
        rates[clip.language, clip.pace].append(clip.rate)
    for (language, name), known in rates.items():
        rate, pace = find_median(known), find_pace(language)
        if rate is None or pace is None:
            continue
        band = pace.middle.scale(find_share(name == "slow"))
        if measure_band_distance(band, rate) > 1:
            words = f"The middle of its clips is at {rate:.0f} {name_unit(language)} a minute"
            yield Fault(f"{language} ({name})", f"{words}; it has to be {band}.")


def _judge_voices(files: Sequence[MeasuredFile]) -> Iterator[Fault]:
    """A fault for each voice that too often sounds before the hiss that a clip begins with."""
    strays: defaultdict[VoiceKey, list[float]] = defaultdict(list)
    for file in (file for file in files if file.stray is not None):
        strays[file.voice].append(file.stray or 0.0)
    for (language, voice, slow), found in strays.items():
        most = USUAL_STRAY / find_share(slow)
        late = sum(seconds > most for seconds in found)
        if len(found) >= ENOUGH and late > MOST_STRAYS * len(found):
            words = (
                f"{voice} sounds for more than {most:.3f} s before the first s or sh of {late} of {len(found)} clips"
            )
            yield Fault(f"{language} ({_name_pace(slow)})", f"{words}; {MOST_STRAYS:.0%} are the most.")


def _name_pace(slow: bool) -> str:
    return "slow" if slow else "normal"
