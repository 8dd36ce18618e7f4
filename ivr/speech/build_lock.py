"""One build at a time in an audio folder: the lock that a build holds, and what it clears away before it begins."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ivr.errors import SpeechError
from ivr.speech.manifest import locate_built_layer


@contextmanager
def hold_build_lock(folder: Path) -> Iterator[None]:
    """Holds the lock of the audio folder `folder`; it goes away with the process. Clears away what a killed build left
    half written. Raises SpeechError (not permanent) while another build holds it."""
    built = locate_built_layer(folder).clips
    built.mkdir(parents=True, exist_ok=True)
    with (built / ".lock").open("w") as file:
        _lock(file.fileno())
        for unfinished in built.rglob(".*.tmp"):
            unfinished.unlink(missing_ok=True)
        yield


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        return
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise SpeechError("Another build is under way in this folder; let it finish.", permanent=False) from error
