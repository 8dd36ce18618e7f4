"""Whether a recording begins and ends in quiet, and has no holes: what is cut off in speech has neither.

A file can be whole and the words in it are not: the recorder was stopped too early, an editor cut too close, a copy was
filled up with zeros. Rule kept here: a recording is quiet before its first word and after its last one, as the booth
script asks; the zeros that a machine puts around or into a sound are no quiet.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ivr.speech.mastering import filter_rumble
from ivr.speech.sound import Speech

EDGE = 0.002
"""Seconds next to nothing that have to be quiet. Of 506 clips of seven voices none is loud there; of as many that were
cut off at places by chance, 71 of 100 are at their end, and 81 at their beginning."""

QUIET = 0.15
"""Seconds that a recording has to be quiet after its last word, as a clip is, where no silence was put behind it.
Of 385 recordings that were cut at four fifths and saved anew, 379 end sooner after a loud moment."""

NEAR = 20.0
"""Decibels: what is not further under the voice than this is still voice, not the room."""

HOLE = 0.02
"""Seconds of exact nothing, between two loud moments, that are a hole. A room, or the slope of a noise gate, is not."""

_NOTHING = 4e-5  # a little over one step of 16 bits


def find_edge_faults(speech: Speech) -> Iterator[str]:
    """What is cut off in a recording, in words. Raises SpeechError for what is no sound."""
    level = filter_rumble(speech).samples.astype(np.float64) ** 2
    heard = np.flatnonzero(np.abs(speech.samples) > _NOTHING)
    if not len(heard):
        return
    near = _measure_voice(level, speech.rate) / 10 ** (NEAR / 10)
    edge, first, last = max(round(EDGE * speech.rate), 1), int(heard[0]), int(heard[-1]) + 1
    if level[first : first + edge].mean() > near:
        yield "It begins in the middle of speech, so its first sound is cut off: record it again, with quiet before it."
    is_padded = len(speech.samples) - last > QUIET * speech.rate
    if level[max(last - edge, 0) : last].mean() > near:
        yield "It ends in the middle of speech, so its last sound is cut off: record it again, with quiet after it."
    elif not is_padded and _is_loud_near_end(level, near, speech.rate):
        yield (
            "It ends so soon after its last sound that nobody can tell whether it is whole: save it with half a second "
            "of quiet after the words, or record it again."
        )
    if at := _find_hole(heard, level, near, speech.rate):
        yield f"There is a hole in it at {at:.1f} s, where nothing at all is to be heard. Copy or record it again."


def _is_loud_near_end(level: NDArray[np.float64], near: float, rate: int) -> bool:
    size, count = max(rate // 100, 1), round(QUIET * 100)
    tail = level[-size * count :]
    return bool((tail[: len(tail) // size * size].reshape(-1, size).mean(axis=1) > near).any())


def _measure_voice(level: NDArray[np.float64], rate: int) -> float:
    size = max(rate // 100, 1)
    power = level[: len(level) // size * size].reshape(-1, size).mean(axis=1)
    return float(power[power > power.max() / 100].mean())


def _find_hole(heard: NDArray[np.intp], level: NDArray[np.float64], near: float, rate: int) -> float:
    """The second at which the first hole begins; 0.0 where there is none. `heard`: the samples that are not nothing."""
    edge = max(rate // 200, 1)
    for gap in np.flatnonzero(np.diff(heard) > HOLE * rate):
        before, after = int(heard[gap]) + 1, int(heard[gap + 1])
        if level[max(before - edge, 0) : before].mean() > near and level[after : after + edge].mean() > near:
            return before / rate
    return 0.0
