"""A machine's clip says so in its own file, for machines to read (Regulation (EU) 2024/1689, article 50(2)).

The mark is an INFO list behind the sound, where players that do not know it pass it over: ISFT names this software,
ICMT says "Synthetic speech; engine kokoro; voice ef_dora". It holds no time, so equal clips stay equal byte for byte.
Rule kept here: every clip that a machine spoke has it, at both paces, and no recording of a person ever does.
"""

import struct
from collections.abc import Iterator

from ivr.speech.wav_chunks import WavChunk, list_chunks

SOFTWARE = "Spineline"
SIGN = "Synthetic speech"


def mark_synthetic(content: bytes, engine: str, voice: str) -> bytes:
    """The WAV `content` with the mark as its last chunk, in place of one that is there; the sound is not touched.

    Marking twice is marking once. Raises ValueError for bytes that are no whole WAV.
    """
    chunks = list_chunks(content)
    if content[:4] != b"RIFF" or not any(chunk.name == b"data" for chunk in chunks):
        raise ValueError("only a WAV file can be marked")
    if any(chunk.size is None or chunk.start + chunk.size > len(content) for chunk in chunks):
        raise ValueError("this WAV file is not whole")
    kept = [_write_chunk(chunk.name, _read(content, chunk)) for chunk in chunks if not _read_comment(content, chunk)]
    comment = f"{SIGN}; engine {engine}; voice {voice}"
    body = (
        b"WAVE"
        + b"".join(kept)
        + _write_chunk(b"LIST", b"INFO" + _write_text(b"ISFT", SOFTWARE) + _write_text(b"ICMT", comment))
    )
    return _write_chunk(b"RIFF", body)


def read_mark(content: bytes) -> str:
    """What a clip's mark says: "Synthetic speech; engine kokoro; voice ef_dora"; "" where there is none."""
    return next(filter(None, (_read_comment(content, chunk) for chunk in list_chunks(content))), "")


def judge_mark(content: bytes, remedy: str, *, synthetic: bool) -> Iterator[str]:
    """What is wrong with the mark of a clip, in words, and the `remedy`; `synthetic`: a machine spoke it."""
    mark = read_mark(content)
    if synthetic and not mark:
        yield f"A machine speaks in it, and the file does not say so. {remedy}"
    if mark and not synthetic:
        yield f'A person speaks in it, and the file says "{mark}". {remedy}'


def _read(content: bytes, chunk: WavChunk) -> bytes:
    return content[chunk.start : chunk.find_end(content)]


def _read_comment(content: bytes, chunk: WavChunk) -> str:
    """The mark in a chunk; "" where the chunk is another one."""
    body = _read(content, chunk)
    if chunk.name != b"LIST" or body[:4] != b"INFO":
        return ""
    at = 4
    while at + 8 <= len(body):
        name, size = struct.unpack_from("<4sI", body, at)
        text = body[at + 8 : at + 8 + size].rstrip(b"\0").decode("utf-8", "replace")
        if name == b"ICMT" and text.startswith(SIGN):
            return text
        at += 8 + size + size % 2
    return ""


def _write_text(name: bytes, text: str) -> bytes:
    return _write_chunk(name, text.encode() + b"\0")


def _write_chunk(name: bytes, body: bytes) -> bytes:
    """A chunk, filled up to an even length, as the form asks."""
    return struct.pack("<4sI", name, len(body)) + body + b"\0" * (len(body) % 2)
