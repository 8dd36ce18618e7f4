"""The chunks of a WAV file, as its head names them: RIFF, its big-endian twin RIFX, and RF64 for long recordings.

A library for sound reads what it can and keeps silent about the rest. Here the promises of a file are read as they
stand, so that others can hold them against the bytes that are there. Facts: EBU Tech 3306 (RF64), RFC 2361 (RIFF).
"""

from dataclasses import dataclass

_OPEN = 0x7FFF_F000
"""From this length on a recorder wrote "I do not know yet": SoX, arecord and FFmpeg each have a number of their own."""
_UNKNOWN = 0xFFFF_FFFF
_OTHERS = (b"LIST", b"bext", b"cue ", b"fact", b"id3 ", b"ID3 ", b"PEAK", b"smpl", b"iXML", b"JUNK", b"_PMX", b"axml")
"""Chunks that may follow sound. An empty `data` before one of them is empty; before anything else it was left open."""


@dataclass(frozen=True)
class WavChunk:
    """One chunk: its name (b"data"), where its bytes begin, and how many its head promises. None: as many as there are,
    because whoever wrote it as it was recorded never came back to say."""

    name: bytes
    start: int
    size: int | None

    def find_end(self, content: bytes) -> int:
        """Where its bytes end in the file, whatever was promised."""
        return len(content) if self.size is None else min(self.start + self.size, len(content))


def is_wav(content: bytes) -> bool:
    """Whether a file begins as a WAV."""
    return content[:4] in (b"RIFF", b"RIFX", b"RF64", b"BW64") and content[8:12] == b"WAVE"


def list_chunks(content: bytes) -> list[WavChunk]:
    """The chunks of a WAV in their order; the last one may promise more than there is. [] for other files."""
    if not is_wav(content):
        return []
    chunks: list[WavChunk] = []
    at = 12
    while at + 8 <= len(content):
        chunk = WavChunk(content[at : at + 4], at + 8, _read_size(content, at, chunks))
        chunks.append(chunk)
        at = len(content) if chunk.size is None else chunk.start + chunk.size + chunk.size % 2
    return chunks


def _read_size(content: bytes, at: int, before: list[WavChunk]) -> int | None:
    name = content[at : at + 4]
    size = int.from_bytes(content[at + 4 : at + 8], "big" if content[:4] == b"RIFX" else "little")
    if name != b"data":
        return size
    if size == _UNKNOWN and before and before[0].name == b"ds64":
        size = int.from_bytes(content[before[0].start + 8 : before[0].start + 16], "little")
    if size == 0 and len(content) > at + 8 and content[at + 8 : at + 12] not in _OTHERS:
        return None
    return None if size >= _OPEN and at + 8 + size > len(content) else size
