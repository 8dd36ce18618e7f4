"""The clips of the line as it ships, built once for every run and every process of the tests.

What was built lies in `audio/built`, as for whoever runs the line here, and is found again by later runs. A stamp
beside it says from which files it was built: while none of them has changed, nothing is read or judged anew. A lock
keeps two processes from building at once.
"""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from cryptography.fernet import Fernet
from filelock import FileLock

from ivr.parts import Spineline
from ivr.speech.build import build
from ivr.speech.engines import INSTALLS, find_engines
from ivr.speech.lexicons import read_lexicons
from ivr.wiring import create_app
from tests.topics import SHIPPED_FOLDER

SOURCES = ("ivr/content.py", "ivr/line", "ivr/wording", "ivr/speech", "ivr/settings", "locales", "audio")
"""The files and folders that decide what the clips say and how they sound, and the clips themselves."""


def build_shipped_clips(root: Path, few: str) -> None:
    """Builds every clip of the line in all its languages, and of one in a `few` of them, with quick voices: the slow
    ones have their clips in the checkout.

    Returns at once where the stamp says that all are there.
    """
    built = root / "audio" / "built"
    built.mkdir(parents=True, exist_ok=True)
    stamp = built / ".tests-stamp"
    with FileLock(built / ".tests-lock"):
        if stamp.exists() and stamp.read_text() == _stamp_of(root):
            return
        for changed in ({}, {"LANGUAGES": few}):
            _build(changed)
        stamp.write_text(_stamp_of(root))


def _build(changed: dict[str, str]) -> None:
    keys = {"TWILIO_AUTH_TOKEN": "t" * 32, "HASH_KEY": "h" * 32, "SECRET_KEY": "s" * 32}
    local = {"SPINELINE_ENV": "local", "NUMBER_KEYS": Fernet.generate_key().decode(), **keys}
    local["TOPICS_FOLDER"] = str(SHIPPED_FOLDER)
    parts: Spineline = create_app({**local, **changed}).extensions["spineline"]
    orders = parts.settings.speech_engines
    engines = find_engines([name for order in orders.values() for name in order if name not in INSTALLS])
    spellings = read_lexicons(parts.settings.locales_folder, parts.content.scripts)
    report = build(parts.content.scripts, engines, parts.settings.audio_folder, orders=orders, lexicons=spellings)
    assert not report.faults


def _stamp_of(root: Path) -> str:
    """A digest of every source's path, size and time of change; a clip that was lost changes it too."""
    lines = (f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}\n" for path in _source_files(root))
    return sha256("".join(lines).encode()).hexdigest()


def _source_files(root: Path) -> Iterator[Path]:
    for name in SOURCES:
        for path in sorted([root / name, *(root / name).rglob("*")]):
            if path.is_file() and not path.name.startswith(".") and path.suffix != ".pyc":
                yield path
