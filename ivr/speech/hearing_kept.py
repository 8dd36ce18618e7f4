"""What was heard once is kept: a sound that did not change is not heard again.

A file of lines, one a sound, in the folder of what this machine made. A line that is cut off, because the machine went
down, is passed over; what a recogniser of another name or version heard is not asked for.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

FILE_NAME = "heard.jsonl"


class KeptHearings:
    """What one recogniser has heard, by sound and language."""

    def __init__(self, path: Path, recogniser: str) -> None:
        self._path, self._recogniser = path, recogniser
        self._known: dict[tuple[str, str], tuple[str, ...]] = {}
        if path.is_file():
            for row in path.read_text("utf-8", errors="replace").splitlines():
                self._read(row)

    def find(self, sound: bytes, language: str) -> tuple[str, ...] | None:
        """What was heard in a sound, once for each way of listening; None where it was not heard yet."""
        return self._known.get((hashlib.sha256(sound).hexdigest(), language))

    def keep(self, sound: bytes, language: str, readings: Sequence[str]) -> None:
        """Writes down what was heard."""
        sha256 = hashlib.sha256(sound).hexdigest()
        self._known[sha256, language] = tuple(readings)
        row = {"by": self._recogniser, "language": language, "sha256": sha256, "heard": list(readings)}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write("\n" * self._is_cut() + json.dumps(row, ensure_ascii=False) + "\n")

    def _read(self, text: str) -> None:
        try:
            row = json.loads(text)
            if row["by"] == self._recogniser:
                self._known[row["sha256"], row["language"]] = tuple(row["heard"])
        except (ValueError, KeyError, TypeError):
            return

    def _is_cut(self) -> bool:
        """Whether the last line does not end."""
        if not self._path.is_file() or not self._path.stat().st_size:
            return False
        with self._path.open("rb") as file:
            file.seek(-1, 2)
            return file.read() != b"\n"
