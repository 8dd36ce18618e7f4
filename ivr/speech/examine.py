"""What keeps a file from being the recording of a line, in words for the person who recorded it.

The file goes through the same chain as a clip, at both paces, and is held to the limits of the check. What the chain
cannot mend is looked for in the file itself: sounds that are cut off, and a room that is too loud.
"""

from collections.abc import Iterator

import numpy as np

from ivr.errors import SpeechError
from ivr.speech.doubles import has_double
from ivr.speech.edges import find_edge_faults
from ivr.speech.limits import LONGEST_CLIP, LONGEST_SILENCE, LOUDNESS, PEAK, TOLERANCE
from ivr.speech.marks import LONGER, LONGER_ALONE, SHORTER, SHORTER_ALONE
from ivr.speech.mastering import Measure, decode, filter_rumble, master, measure, slow_down
from ivr.speech.pace import (
    ALONE,
    bound_seconds,
    find_pace,
    find_rate,
    measure_band_distance,
    measure_length,
    name_unit,
)
from ivr.speech.reading import Channels, read_channels
from ivr.speech.sides import take_side
from ivr.speech.sound import SLOW, Samples, Speech
from ivr.wording.script import ScriptLine

LEAST_GAP = 25.0
"""Decibels that the quiet in a recording has to lie under the voice: a telephone makes the rest of it loud."""

MOST_FLAT = 5
"""Places where a clipped recording is cut flat; fewer are single peaks, which nobody hears."""


def examine(content: bytes, line: ScriptLine, seconds_a_letter: float | None = None) -> tuple[str, ...]:
    """All that keeps a file's bytes from being the recording of `line`.

    `seconds_a_letter` is what the same person takes (`folder_pace.py`); None where too little of theirs is known.
    """
    try:
        speech = decode(content)
        normal = decode(master(speech))
        slow = decode(master(slow_down(speech)))
    except SpeechError as error:
        return (str(error),)
    unfit = [*_find_unfit(normal, line, seconds_a_letter)] or [
        f"Played slower: {words}" for words in _find_unfit(slow, line, None, SLOW)
    ]
    return (*_find_recording_faults(content, speech), *unfit)


def find_notes(content: bytes) -> tuple[str, ...]:
    """What the person should know of a file that is taken all the same. Raises SpeechError where it cannot be read."""
    sound = read_channels(content)
    return tuple(filter(None, (take_side(sound.samples, sound.rate).note,)))


def examine_file(content: bytes) -> tuple[str, ...]:
    """What keeps a file's bytes from being any recording, whatever its words: for files that were taken before."""
    try:
        return tuple(_find_recording_faults(content, decode(content)))
    except SpeechError as error:
        return (str(error),)


def is_cut_off(channel: Samples) -> bool:
    """Whether a sound (one channel, any rate) was too loud for its microphone or its file: it is cut flat at its
    highest level, or reaches full scale, in many places."""
    level = np.abs(channel)
    flat = np.concatenate([[False], (np.abs(np.diff(channel)) < 5e-5) & (level[1:] > 0.99 * level.max(initial=0.0))])
    long = flat[3:] & flat[2:-1] & flat[1:-2]  # four samples alike; a voice's own peaks are rounder
    return bool(level.max(initial=0.0) > 0) and max(_count_runs(long), _count_runs(level >= 0.999)) >= MOST_FLAT


def measure_gap(speech: Speech) -> float:
    """How many decibels the quietest tenth of a sound (half a second of it at most) lies under its voice, both as the
    chain hears them."""
    heard = filter_rumble(speech).samples.astype(np.float64)
    size = max(speech.rate // 100, 1)
    power = np.sort((heard[: len(heard) // size * size].reshape(-1, size) ** 2).mean(axis=1))
    voice = power[power > power[-1] / 100].mean()
    quiet = power[: min(max(len(power) // 10, 1), 50)].mean()
    return float(10 * np.log10(voice / max(quiet, 1e-12)))


def _find_recording_faults(content: bytes, speech: Speech) -> Iterator[str]:
    if any(is_cut_off(channel) for channel in _scale_channels(read_channels(content))):
        yield "The loudest sounds are cut off (clipped): record it again with the level lower."
    if (gap := measure_gap(speech)) < LEAST_GAP:
        yield (
            f"Its quietest moments are only {gap:.0f} dB under the voice; it takes {LEAST_GAP:g}: record in a quieter "
            f"room, with half a second of quiet before and after."
        )
    else:  # in a loud room nobody can tell where the voice ends
        yield from find_edge_faults(speech)


def _scale_channels(sound: Channels) -> Iterator[Samples]:
    """Each channel; where full scale is no ceiling, brought under it, so that only what is flat counts as cut off."""
    for channel in sound.samples.T:
        highest = float(np.abs(channel).max(initial=0.0))
        yield channel if sound.has_ceiling or highest <= 1 else np.asarray(0.9 * channel / highest, dtype=np.float32)


def _find_unfit(clip: Speech, line: ScriptLine, seconds_a_letter: float | None, share: float = 1.0) -> Iterator[str]:
    """What is beyond the limits of the check, in a finished clip at this share of the normal pace."""
    found = measure(clip.samples, clip.rate)
    if abs(found.lufs - LOUDNESS) > TOLERANCE or found.peak >= PEAK or found.clipped:
        yield f"It cannot be brought to {LOUDNESS:g} LUFS without clipping: record it again, evenly."
    if max(found.leading, found.trailing) > LONGEST_SILENCE:
        yield "There is silence in it that cannot be cut out: record it again."
    if share == 1.0 and has_double(clip.samples, clip.rate):
        yield "The same sound comes twice in it: save it once."
    timing = [*_find_timing_faults(found, line, share)]
    yield from timing or _compare_with_others(found, line, seconds_a_letter)


def _find_timing_faults(found: Measure, line: ScriptLine, share: float) -> Iterator[str]:
    shortest, longest = bound_seconds(line)
    rate = find_rate(line.text, line.language, found.seconds - found.leading - found.trailing)
    pace = find_pace(line.language)
    if share == 1.0 and found.seconds > LONGEST_CLIP:
        yield f"It lasts {found.seconds:.0f} s, and a clip lasts {LONGEST_CLIP:g} s at most: read it a little faster."
    if not shortest <= found.seconds <= longest / share:
        yield (
            f"It lasts {found.seconds:.1f} s, and these words take {shortest:.1f} to {longest / share:.1f} s: "
            "is it this clip, whole, and nothing else?"
        )
    elif rate is not None and pace and measure_band_distance(band := pace.clip.scale(share), rate) > 1:
        yield (
            f"It has {rate:.0f} {name_unit(line.language)} a minute, and may have {band}: "
            f"read it {'slower' if rate > band.highest else 'faster'}."
        )


def _compare_with_others(found: Measure, line: ScriptLine, seconds_a_letter: float | None) -> Iterator[str]:
    """The limits of the check (marks.py), for one recording among the others of the same person."""
    if seconds_a_letter is None:
        return
    length, spoken = measure_length(line.text, line.language), found.seconds - found.leading - found.trailing
    (less, under), (more, over) = (SHORTER_ALONE, LONGER_ALONE) if length < ALONE else (SHORTER, LONGER)
    usual = length * seconds_a_letter
    shortest, longest = usual * less + under, usual * more + over
    if not shortest <= spoken <= longest:
        yield (
            f"Its words last {spoken:.1f} s; by the other recordings of this person they take {shortest:.1f} to "
            f"{longest:.1f} s: is it this clip, whole, and nothing else?"
        )


def _count_runs(flags: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> int:
    """How many runs of True there are."""
    return int((np.diff(flags.astype(np.int8), prepend=0) == 1).sum())
