"""A sound file's bytes as samples, or words for the person who made the file.

Rule kept here: what cannot be read whole is refused (`wholeness.py`), so that neither the door nor a build ever takes
half of a recording for the recording.
"""

import io
from dataclasses import dataclass

import numpy as np
import soundfile
from numpy.typing import NDArray

from ivr.errors import SpeechError
from ivr.speech.limits import RATE
from ivr.speech.wholeness import AGAIN, find_flac, find_sound, refuse_short

LONGEST = 120.0
"""Seconds of the longest sound that is read: a clip is a few sentences, not a visit recorded by mistake."""

LARGEST = 200_000_000
"""Bytes of the largest file that is read: LONGEST in the finest form that recorders have."""


@dataclass(frozen=True, eq=False)
class Channels:
    """A file's sound: `samples` float32, shape (n, channels), full scale ±1.0 (files of floats may go beyond it, and
    may hold what is no number); `rate` in Hz."""

    samples: NDArray[np.float32]
    rate: int
    has_ceiling: bool = True
    """Whether full scale is the highest that the file can hold."""


def read_channels(content: bytes) -> Channels:
    """The sound in the bytes of a wav, flac or mp3 file. Raises SpeechError, worded for the file's maker."""
    content = find_sound(content)
    try:
        with soundfile.SoundFile(io.BytesIO(content)) as file:
            if file.samplerate < RATE:
                raise SpeechError(f"This file has {file.samplerate} samples a second; a telephone needs {RATE}.")
            most = int(LONGEST * file.samplerate)
            samples = file.read(most + 1, dtype="float32", always_2d=True)
            if len(samples) > most:
                raise SpeechError(f"This file is longer than {LONGEST:g} seconds; a clip is a few sentences.")
            refuse_short(content, file, len(samples))
            return Channels(samples, file.samplerate, has_ceiling=file.subtype not in ("FLOAT", "DOUBLE"))
    except soundfile.LibsndfileError as error:
        if find_flac(content):
            raise SpeechError(f"This FLAC file is damaged, or ends before its header says. {AGAIN}") from error
        raise SpeechError("This file is not sound in a format that can be read (wav, mp3 or flac).") from error
