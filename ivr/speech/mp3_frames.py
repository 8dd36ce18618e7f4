"""The frames of an MP3, counted, so that a cut or torn file is told from a whole one.

An MP3 has no head of its own: it is frames, one after the other, with tags before and behind them. Most encoders count
the frames in the first one (Xing, Info, VBRI). Facts: ISO/IEC 11172-3 (the frame header), ID3v2.4, the Xing header.
"""

from collections.abc import Iterator
from dataclasses import dataclass

_BIT_RATES = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Kilobits a second of layer III, for MPEG 1 and for MPEG 2 and 2.5."""
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_TAGS = (b"TAG", b"APETAGEX", b"LYRICSBEGIN", b"ID3", b"3DI")
"""How begins what may follow the last frame."""


@dataclass(frozen=True)
class Mp3Frames:
    """What an MP3 holds: how many frames there are, and how many its first one promises (0: it does not say); whether
    the last one is incomplete; how many bytes between two frames belong to none; where the first one begins, and where
    the last whole one ends."""

    count: int
    promised: int
    is_last_cut: bool
    torn: int
    start: int
    end: int

    @property
    def is_joined(self) -> bool:
        """Whether it is several files put together: a library would stop where the first one's count ends."""
        return 0 < self.promised < self.count - 2


def count_frames(content: bytes) -> Mp3Frames | None:
    """Walks through the frames of layer III; None where there are none, or where their length is not said."""
    start = _find_frame(content, _skip_tags(content, 0))
    if start is None:
        return None
    count, torn, at = 0, 0, start
    while True:
        length = _measure_frame(content, at)
        if length is not None and at + length <= len(content):
            count, at = count + 1, at + length
            continue
        if content[at : at + 3] == b"ID3" and _measure_frame(content, _skip_tags(content, at)) is not None:
            at = _skip_tags(content, at)  # two files put together, as gTTS does
            continue
        following = _find_frame(content, at + 1) if length is None and not _is_end(content, at) else None
        if following is None:
            break
        torn, at = torn + following - at, following
    is_cut = length is not None or (len(content) - at < 4 and content[at : at + 1] == b"\xff")
    promised = _read_promise(content, start)
    return Mp3Frames(
        count=count,
        promised=promised,
        is_last_cut=is_cut,
        torn=torn,
        start=start,
        end=at,
    )


def _skip_tags(content: bytes, at: int) -> int:
    """Where the tags and zeros that begin here end."""
    while True:
        at = len(content) - len(content[at:].lstrip(b"\0"))
        if content[at : at + 3] != b"ID3":
            return at
        size = sum(
            (byte & 0x7F) << shift for byte, shift in zip(content[at + 6 : at + 10], (21, 14, 7, 0), strict=False)
        )
        at += 10 + size + (10 if content[at + 5 : at + 6] and content[at + 5] & 0x10 else 0)


def _is_end(content: bytes, at: int) -> bool:
    rest = content[at:].lstrip(b"\0")
    return not rest or rest.startswith(_TAGS)


def _find_frame(content: bytes, at: int) -> int | None:
    """The next place where a frame begins, and another one behind it, or the end."""
    while (at := content.find(b"\xff", at)) >= 0:
        length = _measure_frame(content, at)
        if length is not None and (_measure_frame(content, at + length) is not None or _is_end(content, at + length)):
            return at
        at += 1
    return None


def _measure_frame(content: bytes, at: int) -> int | None:
    """How many bytes the frame that begins here has; None where none of layer III does."""
    head = content[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return None
    version, bit_rate, rate, padding = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version == 1 or bit_rate in (0, 15) or rate == 3:
        return None
    is_first = version == 3
    return (144 if is_first else 72) * _BIT_RATES[is_first][bit_rate] * 1000 // _RATES[version][rate] + padding


def _read_promise(content: bytes, start: int) -> int:
    for place, frames_at in _list_places(content, start):
        name = content[place : place + 4]
        if name == b"VBRI" and frames_at == 14:
            return int.from_bytes(content[place + 14 : place + 18], "big")
        if name in (b"Xing", b"Info") and frames_at == 8:
            return int.from_bytes(content[place + 8 : place + 12], "big") if content[place + 7] & 1 else 0
    return 0


def _list_places(content: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Where in the first frame each kind of count may stand, and where in it the frames are."""
    is_first, is_mono = content[start + 1] >> 3 & 3 == 3, content[start + 3] >> 6 == 3
    side = (17 if is_mono else 32) if is_first else (9 if is_mono else 17)
    yield start + 4 + side, 8
    yield start + 6 + side, 8  # behind a checksum
    yield start + 36, 14
