"""One channel out of several: a telephone has one, and mixing two can lose what each of them says.

Rule kept here: sides are mixed only where they are the same sound in step. Of all others the better one is taken, and
where that tells of a fault in a cable or a setting, the person is told, since the next recording will have it too.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import correlate

from ivr.speech.sound import Samples

SAME = 0.98
"""From which correlation on two sides are the same sound."""

SILENT, QUIETER = 40.0, 12.0
"""Decibels under the louder side from which a side counts as silent, and as much quieter."""

OPPOSITE, LIKE = -0.5, 0.6
"""Correlations: under the first a side is the other one inverted, over the second it is the other one later."""

OFFSET = 0.005
"""How far from zero a sound may stand; more is taken away, since stretching would make a click of it."""

_LATEST, _SPAN = 0.05, 10.0  # seconds: the longest delay that is looked for, and how much of a sound is looked at


@dataclass(frozen=True, eq=False)
class Side:
    """The one channel, shape (n,), and what to tell the person about the others ("" where there is nothing to tell)."""

    samples: Samples
    note: str = ""


def take_side(channels: NDArray[np.float32], rate: int) -> Side:
    """One channel of `channels`, shape (n, channels), at `rate` Hz, standing on zero."""
    side = _choose_side(channels, rate)
    offset = float(side.samples.mean(dtype=np.float64)) if len(side.samples) else 0.0
    if abs(offset) < OFFSET or not np.isfinite(offset):
        return side
    return Side(np.asarray(side.samples - offset, dtype=np.float32), side.note)


def _choose_side(channels: NDArray[np.float32], rate: int) -> Side:
    if channels.shape[1] == 1 or not len(channels) or not np.isfinite(channels).all():
        return Side(np.asarray(channels.mean(axis=1), dtype=np.float32))
    centred = channels.astype(np.float64) - channels.mean(axis=0, dtype=np.float64)
    power = (centred**2).mean(axis=0)
    best = int(power.argmax())
    if not power[best] > 0:
        return Side(np.ascontiguousarray(channels[:, best]))
    others = [number for number in range(channels.shape[1]) if number != best]
    under = {number: 10 * float(np.log10(power[best] / max(power[number], 1e-20))) for number in others}
    alike = {number: _correlate(centred[:, best], centred[:, number]) for number in others}
    if all(alike[number] >= SAME and under[number] < QUIETER for number in others):
        return Side(np.asarray(channels.mean(axis=1), dtype=np.float32))
    notes = [_explain(under[number], alike[number], centred[:, [best, number]], rate) for number in others]
    return Side(np.ascontiguousarray(channels[:, best]), next(filter(None, notes), ""))


def _explain(under: float, alike: float, pair: NDArray[np.float64], rate: int) -> str:
    if under >= SILENT:
        return "One side of this stereo sound is silent; the other one is taken."
    if alike <= OPPOSITE:
        return "One side of this stereo sound is the other turned over, so both would cancel out; one is taken."
    if under >= QUIETER:
        return f"One side of this stereo sound is {under:.0f} dB quieter; the louder one is taken."
    if delay := _find_delay(pair, rate):
        return f"One side of this stereo sound comes {1000 * delay:.1f} ms after the other; one is taken."
    return ""


def _correlate(left: NDArray[np.float64], right: NDArray[np.float64]) -> float:
    size = float(np.sqrt((left @ left) * (right @ right)))
    return float(left @ right) / size if size else 0.0


def _find_delay(pair: NDArray[np.float64], rate: int) -> float:
    """How many seconds one side comes after the other; 0.0 where it is not the same sound, or in step."""
    left, right = pair[: int(_SPAN * rate)].T
    size = float(np.sqrt((left @ left) * (right @ right)))
    latest = min(int(_LATEST * rate), len(left) - 1)
    likeness = correlate(left, right, method="fft")[len(left) - 1 - latest : len(left) + latest]
    found = int(np.abs(likeness).argmax())
    return abs(found - latest) / rate if size and abs(likeness[found]) / size >= LIKE else 0.0
