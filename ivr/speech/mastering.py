"""From any sound to a clip that a telephone plays well: the one chain that every clip goes through.

mono → gentle high-pass → 8 kHz → silence trimmed to 0.15 s → loudness → µ-law WAV. Rule kept here (M8, ivr/README.md):
every clip has the loudness, peaks and rate of `limits.py`, and nothing is clipped. Whoever changes what the chain does
raises `limits.CHAIN_VERSION`, which is part of every clip's address.
"""

import io
from dataclasses import dataclass

import numpy as np
import pyloudnorm
import soundfile
import soxr
from python_stretch import Signalsmith
from scipy.ndimage import minimum_filter1d, uniform_filter1d
from scipy.signal import butter, sosfiltfilt

from ivr.errors import SpeechError
from ivr.speech.limits import LOUDNESS, PEAK, RATE, TOLERANCE
from ivr.speech.reading import read_channels
from ivr.speech.sides import take_side
from ivr.speech.sound import SLOW, Samples, Speech

MARGIN = 0.15
"""Seconds of silence before and after the words."""

FULL = 0.98
"""The level from which a sample counts as clipped: µ-law's highest step stands for 0.9803."""

_CEILING = 10 ** ((PEAK - 0.6) / 20)  # µ-law's steps up there are wide: this stays under PEAK once encoded
_SILENT = 1e-3  # −60 dBFS: the loudest 10 ms of somebody speaking are far above it
_QUIET = 10 ** (-40 / 20)  # against the loudest 10 ms: under it is the room, above it still the softest consonant
_LOWEST = 120.0  # Hz; a sharp cut at 300 made Spanish unintelligible
_SHORTEST = 0.05  # seconds; less is a click, not a word


@dataclass(frozen=True)
class Measure:
    """What a sound measures. `lufs`: gated loudness; `peak`: dBFS; `seconds`, `leading` and `trailing` (silence before
    and after the words): seconds; `clipped`: samples at full scale."""

    lufs: float
    peak: float
    seconds: float
    leading: float
    trailing: float
    clipped: int


def decode(content: bytes) -> Speech:
    """The bytes of a wav, mp3 or flac file as mono sound. Raises SpeechError, worded for the file's maker."""
    sound = read_channels(content)
    return Speech(take_side(sound.samples, sound.rate).samples, sound.rate)


def master(speech: Speech) -> bytes:
    """The clip's file: 8 kHz mono µ-law WAV. Raises SpeechError where there is no speech in `speech`."""
    filtered = filter_rumble(speech)
    at_8_khz = soxr.resample(filtered.samples, filtered.rate, RATE, quality="VHQ")
    # Trimmed as a telephone carries it: a last "s" that only stands above 4 kHz would leave silence behind.
    words = _trim(Speech(np.asarray(at_8_khz, dtype=np.float32), RATE))
    return encode(normalise(words.samples))


def encode(samples: Samples) -> bytes:
    """8 kHz samples as a µ-law WAV file."""
    file = io.BytesIO()
    soundfile.write(file, samples, RATE, format="WAV", subtype="ULAW")
    return file.getvalue()


def slow_down(speech: Speech) -> Speech:
    """The same words at 80 % of their pace (`SLOW`)."""
    return stretch(speech, SLOW)


def stretch(speech: Speech, pace: float) -> Speech:
    """The same words at `pace` (a share of the pace they have), at the same pitch: n samples become n / pace."""
    stretcher = Signalsmith.Stretch(1)  # seeded: the same recording gives the same clip
    stretcher.preset(1, speech.rate)
    stretcher.setTimeFactor(pace)
    channels = speech.samples[np.newaxis, :].astype(np.float32)
    longer = np.asarray(stretcher.process(channels), dtype=np.float32)[0]
    return Speech(np.asarray(longer), speech.rate)


def normalise(samples: Samples) -> Samples:
    """8 kHz samples at −20 LUFS, with peaks limited; raises SpeechError where no gain can bring both together."""
    gain = 1.0
    for _ in range(30):  # limiting takes loudness away again, so the gain is found in a few steps
        limited = _limit(samples * gain)
        missing = LOUDNESS - measure_loudness(limited, RATE)
        if abs(missing) < TOLERANCE / 20:
            break
        gain *= 10 ** (min(missing, 80.0) / 20)
    if abs(missing) > TOLERANCE / 5:
        raise SpeechError("This sound is a few clicks rather than speech: it cannot be made loud enough.")
    return limited


def measure(samples: Samples, rate: int) -> Measure:
    """Measures a sound of any rate (Hz), as rule M8 and the check want it."""
    level = np.abs(samples)
    highest = float(level.max(initial=0.0))
    first, last = _find_span(samples, rate)
    return Measure(
        lufs=measure_loudness(samples, rate),
        peak=20 * float(np.log10(max(highest, 1e-9))),
        seconds=len(samples) / rate,
        leading=first / rate,
        trailing=(len(samples) - last) / rate,
        clipped=int((level >= FULL).sum()),
    )


def measure_loudness(samples: Samples, rate: int) -> float:
    """Gated loudness in LUFS; under 0.4 s the gating block is as long as the sound. −inf for silence."""
    block = min(0.4, (len(samples) - 1) / rate)
    if block <= 0:
        return float("-inf")
    return float(pyloudnorm.Meter(rate, block_size=block).integrated_loudness(samples.astype(np.float64)))


def filter_rumble(speech: Speech) -> Speech:
    """The sound without the rumble under the lowest voice. Raises SpeechError for what is no sound."""
    if not np.isfinite(speech.samples).all():
        raise SpeechError("This sound holds values that are not numbers; export it again.")
    if speech.seconds < _SHORTEST:
        raise SpeechError("This sound is too short to hold a word.")
    sections = butter(2, _LOWEST, "highpass", fs=speech.rate, output="sos")
    return Speech(sosfiltfilt(sections, speech.samples.astype(np.float64)).astype(np.float32), speech.rate)


def _trim(speech: Speech) -> Speech:
    """The words with MARGIN of silence on both sides, cut out or added; faded, so that the cut makes no click."""
    first, last = _find_span(speech.samples, speech.rate)
    if last - first < _SHORTEST * speech.rate:
        raise SpeechError("Nothing is spoken in this sound: it is silent.")
    margin = round(MARGIN * speech.rate)
    kept = speech.samples[max(first - margin, 0) : last + margin].copy()
    ramp = np.linspace(0, 1, round(0.005 * speech.rate), dtype=np.float32)
    kept[: len(ramp)] *= ramp
    kept[len(kept) - len(ramp) :] *= ramp[::-1]
    before, after = max(margin - first, 0), max(last + margin - len(speech.samples), 0)
    return Speech(np.pad(kept, (before, after)), speech.rate)


def _find_span(samples: Samples, rate: int) -> tuple[int, int]:
    """The first and the last sample of the words, by the level of 10 ms at a time; (n, n) where all is silent."""
    size = max(rate // 100, 1)
    count = -(-len(samples) // size)
    frames = np.pad(samples, (0, count * size - len(samples))).reshape(count, size).astype(np.float64)
    level = np.sqrt((frames**2).mean(axis=1))
    loudest = float(level.max(initial=0.0))
    spoken = np.flatnonzero(level > loudest * _QUIET) if loudest > _SILENT else np.empty(0, dtype=np.intp)
    if not len(spoken):
        return len(samples), len(samples)
    return int(spoken[0]) * size, min((int(spoken[-1]) + 1) * size, len(samples))


def _limit(samples: Samples) -> Samples:
    """Holds peaks under the ceiling with a gain that looks 3 ms ahead and moves smoothly: quieter, never cut off."""
    window = 2 * round(0.003 * RATE) + 1
    needed = _CEILING / np.maximum(np.abs(samples), _CEILING)
    # The mean of minima over the same window is never above what any one sample needs.
    gain = uniform_filter1d(minimum_filter1d(needed, window), window)
    return np.asarray(np.clip(samples * gain, -_CEILING, _CEILING), dtype=np.float32)
