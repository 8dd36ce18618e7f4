"""Whether a sound file is whole: what its head promises, against the bytes and the sound that are there.

Half an instruction is worse than none, and a library for sound plays a cut file without a word. Rule kept here: a file
that ends early, or has a hole, is refused in words; what recorders do for good reasons is read: a length that was never
filled in, tags and chunks before and behind the sound, zeros around it.
"""

import hashlib

import soundfile

from ivr.errors import SpeechError
from ivr.speech.mp3_frames import Mp3Frames, count_frames
from ivr.speech.wav_chunks import is_wav, list_chunks

EARLY = "The file ends before its header says"
AGAIN = "It was cut while it was copied or saved: copy it again from where it was recorded, and listen to its end."
ZEROS = "This file holds nothing but zeros: it was never copied to its end. Copy it again."

_STRANGERS = (
    (b"OggS", "Ogg"),
    (b"FORM", "AIFF"),
    (b"caff", "CAF"),
    (b"riff", "W64"),
    (b".snd", "AU"),
    (b"\x1aE\xdf\xa3", "WebM"),
)
"""How sound begins that a library would read, but whose end nobody here could judge."""


def find_sound(content: bytes) -> bytes:
    """The bytes of a file that a library is to read: without zeros in front, without an MP3's tags, and with its length
    where a WAV left it open. Raises SpeechError, in words, for a file whose bytes show that it is not whole, and for
    kinds of sound that are not read, whatever the file is called."""
    if not content:
        raise SpeechError("This file is empty.")
    content = content if content[0] else content.lstrip(b"\0")
    if not content:
        raise SpeechError(ZEROS)
    _refuse_strangers(content)
    if is_wav(content):
        return _find_wav_sound(content)
    frames = None if find_flac(content) else count_frames(content)
    if frames is None:
        return content
    _refuse_torn_frames(frames)
    return content[frames.start : frames.end]


def refuse_short(content: bytes, file: soundfile.SoundFile, frames: int) -> None:
    """Raises SpeechError where an open FLAC, of which `frames` were read, promises more, or where its sound is not that
    of its checksum. Reads it again from its beginning; files of other kinds are as long as their bytes say."""
    start = find_flac(content)
    if not start:
        return
    promised = int.from_bytes(content[start + 17 : start + 22], "big") & 0xF_FFFF_FFFF
    if promised > frames:
        raise SpeechError(f"{EARLY}: {frames:,} of {promised:,} samples are there. {AGAIN}")
    checksum = content[start + 22 : start + 38]
    if any(checksum) and _hash_samples(file, content[start + 16 : start + 18]) != checksum:
        raise SpeechError("The sound in this file is damaged: its checksum does not fit. Copy or export it again.")


def _refuse_strangers(content: bytes) -> None:
    kinds = [kind for sign, kind in _STRANGERS if content.startswith(sign)]
    if b"ftyp" in content[:8]:
        kinds.append("M4A or MP4")
    if kinds:
        raise SpeechError(f"Inside, this file is {kinds[0]}, whatever its name says. Export it as wav, flac or mp3.")


def _find_wav_sound(content: bytes) -> bytes:
    data = next((chunk for chunk in list_chunks(content) if chunk.name == b"data"), None)
    if data is None:
        raise SpeechError(f"This file has a header and no sound. {AGAIN}")
    there = max(len(content) - data.start, 0)
    if data.size == 0:
        raise SpeechError("This file has a header and no sound: record or export it again.")
    if data.size is not None and there < data.size:
        raise SpeechError(f"{EARLY}: {there:,} of {data.size:,} bytes of sound are there. {AGAIN}")
    if data.size is not None or content[:4] != b"RIFF":
        return content
    return content[: data.start - 4] + there.to_bytes(4, "little") + content[data.start :]


def _refuse_torn_frames(frames: Mp3Frames) -> None:
    if frames.promised > frames.count:
        raise SpeechError(f"{EARLY}: {frames.count:,} of {frames.promised:,} frames are there. {AGAIN}")
    if frames.is_joined:
        raise SpeechError("Several MP3s were put together in it, and players stop after the first. Export it as one.")
    if frames.torn:
        raise SpeechError(f"There is a hole in this file: {frames.torn:,} bytes in it are not sound. {AGAIN}")
    if frames.is_last_cut:
        raise SpeechError(f"The file ends in the middle of its last frame. {AGAIN}")


def find_flac(content: bytes) -> int:
    """Where the first block of a FLAC begins, behind its sign; 0 for other files."""
    at = 0
    if content[:3] == b"ID3" and len(content) > 10:
        at = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(content[6:10], (21, 14, 7, 0), strict=True))
    return at + 4 if content[at : at + 4] == b"fLaC" else 0


def _hash_samples(file: soundfile.SoundFile, size: bytes) -> bytes:
    """MD5 of the samples as FLAC counts it: whole numbers of as many bytes as they need, channel by channel."""
    bits = (int.from_bytes(size, "big") >> 4 & 31) + 1
    file.seek(0)
    samples = file.read(dtype="int32", always_2d=True) >> (32 - bits)
    width = -(-bits // 8)
    plain = samples.astype("<i4").view("u1").reshape(-1, 4)[:, :width]
    return hashlib.md5(plain.tobytes(), usedforsecurity=False).digest()
