"""Recordings on disk: a new one is kept, the one before it is set aside.

Rule kept here: nothing that was saved is lost. An older recording makes room only for one that has passed, and is set
aside, never deleted. Killed at any moment, this leaves the old recording or the new one.
"""

from itertools import count
from pathlib import Path

from ivr.errors import SpeechError
from ivr.files import write_atomically
from ivr.speech.engines.recordings import SUFFIXES

REPLACED = "replaced"
"""The folder in a language's recordings where older ones are set aside; nobody reads from it."""


def keep_recording(target: Path, content: bytes) -> bool:
    """Makes `content` the recording at `target`; whatever was there for the same clip, of any kind, is set aside.

    False where it is the only recording of the clip already. Raises SpeechError where the disk does not take it.
    """
    try:
        older = [path for path in _list_recordings(target) if path.read_bytes() != content or path.name != target.name]
        for path in older:
            _set_aside(path)
        if changed := bool(older) or not target.exists():
            write_atomically(target, content)
        for path in older:
            if path.exists() and not path.samefile(target):  # one file, where a disk takes .WAV and .wav for the same
                path.unlink()
    except OSError as error:
        raise SpeechError(f"{target} cannot be saved ({error.strerror}). What was saved before is kept.") from error
    return changed


def _list_recordings(target: Path) -> list[Path]:
    files = sorted(target.parent.iterdir()) if target.parent.is_dir() else []
    return [path for path in files if path.stem == target.stem and path.suffix.lower() in SUFFIXES]


def _set_aside(path: Path) -> None:
    content = path.read_bytes()
    for number in count(1):
        place = path.parent / REPLACED / (path.name if number == 1 else f"{path.stem}~{number}{path.suffix}")
        if not place.exists():
            write_atomically(place, content)
            return
        if place.read_bytes() == content:
            return
