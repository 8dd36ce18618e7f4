"""Writing a file so that nobody ever finds half of it. Rule kept here: what was saved before is lost to no crash."""

import os
import re
from errno import EDQUOT, ENAMETOOLONG, ENOSPC, EROFS
from pathlib import Path

_ASIDE = re.compile(r"^\.(.+)\.\d+\.tmp$")


def explain_unwritten(path: Path, error: OSError) -> str:
    """Why a file that a person named was not written, and what to do about it."""
    folder = path.parent
    if path.is_dir():
        return f"{path} is a folder. Add a file's name to it."
    if blocking := next((place for place in (folder, *folder.parents) if place.exists() and not place.is_dir()), None):
        return f"{path} cannot be written: {blocking} is a file, not a folder. Name another folder."
    if not folder.is_dir():
        return f"{path} cannot be written: there is no folder {folder}. Make it first, or name another one."
    if isinstance(error, PermissionError) or error.errno == EROFS:
        return f"{path} cannot be written: you may not write in {folder}. Name another folder."
    if error.errno in (ENOSPC, EDQUOT):
        return f"{path} cannot be written: the disk is full. Make room on it first."
    if error.errno == ENAMETOOLONG:
        return f"{path} cannot be written: its name is too long."
    return f"{path} cannot be written ({error.strerror})."


def find_named_path(error: OSError, otherwise: Path) -> Path:
    """The file that an error is about, as a person knows it: not the one beside it that `write_atomically` began."""
    named = Path(str(error.filename2 or error.filename or otherwise))
    return named.with_name(_ASIDE.sub(r"\1", named.name)) if named.name else named


def write_atomically(path: Path, content: bytes) -> None:
    """Writes a file that is there whole or not at all, whatever kills the process meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
