"""How long a voice sounds before the hiss that its words begin with, and how that is cut off.

Neural voices put a vowel of their own before a sentence now and then; before an s or sh it can be told apart from the
words, since a hiss has its sound high up and a vowel low down. Rule kept here: nothing but the words is heard, so a
clip that begins with a hiss begins with it (`limits.LONGEST_STRAY`).
"""

import numpy as np

from ivr.speech.sound import Samples

FRAME, HOP = 0.010, 0.005
"""Seconds of sound that are looked at together, and from one look to the next."""

LOW, HIGH = (80.0, 1_000.0), (2_000.0, 12_000.0)
"""Hz in which a vowel and a hiss have their sound."""

HEARD, HISSING = 10 ** (-25 / 10), 10 ** (-55 / 10)
"""Power, against the loudest moment, from which a stray sound is heard, and from which a hiss counts as one."""

TILT = 0.3
"""The share of its low sound that the high sound of a moment has to have to be a hiss: most of an s is above what a
telephone carries, and a vowel has a tenth."""

FEWEST, FEWEST_HEARD = 4, 3
"""Looks in a row that make a hiss, 25 ms; and once a telephone has taken most of it away, 20 ms."""

LATEST = 0.35
"""Seconds after the first sound in which the hiss has to come; later it is not what the words begin with."""


def measure_stray(samples: Samples, rate: int) -> float | None:
    """Seconds of voice before the first hiss of a sound at `rate` Hz; None where no hiss is near its beginning."""
    low, high = _measure_bands(samples, rate)
    if (hiss := _find_hiss(low, high, TILT, FEWEST_HEARD)) is None:
        return None
    power = low + high
    return float(HOP * ((power[:hiss] > HEARD * power.max()) & (low[:hiss] * TILT > high[:hiss])).sum())


def cut_stray(samples: Samples, rate: int) -> Samples:
    """A sound whose words begin with a hiss, from where that begins; as it is where no hiss is found."""
    low, high = _measure_bands(samples, rate)
    hiss = _find_hiss(low, high, 1.0, FEWEST)  # before it is cut for a telephone, a hiss is plainly one
    if not hiss:
        return samples
    kept = samples[round(hiss * HOP * rate) :].copy()
    ramp = np.linspace(0, 1, round(FRAME * rate), dtype=np.float32)[: len(kept)]
    kept[: len(ramp)] *= ramp
    return kept


def _measure_bands(samples: Samples, rate: int) -> tuple[Samples, Samples]:
    """The power below and above, every HOP; each of shape (looks,)."""
    size, hop = round(FRAME * rate), round(HOP * rate)
    count = max((len(samples) - size) // hop + 1, 0)
    if not count:
        return np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(samples, size)[::hop][:count] * np.hanning(size)
    power = np.abs(np.fft.rfft(frames, axis=1)) ** 2
    pitch = np.fft.rfftfreq(size, 1 / rate)
    low, high = (power[:, (pitch >= least) & (pitch < most)].sum(axis=1) for least, most in (LOW, HIGH))
    return low.astype(np.float32), high.astype(np.float32)


def _find_hiss(low: Samples, high: Samples, tilt: float, fewest: int) -> int | None:
    """The first look of the first hiss: `fewest` in a row have at least `tilt` of their low sound high up."""
    power = low + high
    if not len(power) or not (loudest := float(power.max())):
        return None
    first = int(np.flatnonzero(power > HEARD * loudest)[0])
    is_hiss = (high > low * tilt) & (power > HISSING * loudest)
    latest = min(first + round(LATEST / HOP), len(is_hiss) - fewest)
    return next((at for at in range(latest + 1) if is_hiss[at : at + fewest].all()), None)
