"""Seconds of recorded quiet: some networks end a call at a `<Pause>` within a `<Gather>`, and all of them play a clip.

Made here, not kept in a file: it has no words, no language and no loudness.
"""

import io
import wave

from ivr.speech.limits import RATE

LONGEST = 10
"""Seconds; nothing of ours is quiet for longer within one document."""


def write_quiet_address(base: str, seconds: int) -> str:
    """Where so many seconds of quiet are served, under the line's own address."""
    return f"{base}/audio/quiet/{seconds}.wav"


def make_quiet(seconds: int) -> bytes:
    """A WAV file (mono, 16 bits) of so many whole seconds. Raises ValueError for none, or for more than are needed."""
    if not 1 <= seconds <= LONGEST:
        raise ValueError(f"{seconds} s of quiet are never needed")
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(bytes(2 * RATE * seconds))
    return file.getvalue()
