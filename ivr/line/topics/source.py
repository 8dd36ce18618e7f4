"""A topic file as text with lines, so that every fault is shown where it stands.

The TOML reader gives values without their places; here a place is found again by the words of the line.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ivr.errors import Fault


@dataclass(frozen=True)
class TopicSource:
    """The text of a topic's two files; `place` is how a person finds the first ("topics/knee.toml")."""

    id: str
    place: str
    text: str
    facts_place: str
    facts_text: str


class SourceText:
    """One file: its table, its lines, and the faults that were found in it."""

    def __init__(self, place: str, text: str) -> None:
        self.place = place
        self.text = text
        self.lines = text.splitlines()
        self.faults: list[Fault] = []

    def parse(self) -> dict[str, Any] | None:
        """The file as a table; None, and a fault, where it is not valid TOML."""
        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r" \(at line (\d+), column \d+\)$", str(error))
            line = int(found[1]) if found else len(self.lines)
            self.add_fault(line, f"This is not valid TOML: {error}. Mend that line.")
            return None

    def find(self, needle: str, start: int = 0, otherwise: int | None = None) -> int:
        """The first line (from 0) at `start` or after it that begins with `needle`; `otherwise`, or else `start`, where
        there is none."""
        found = (at for at in range(start, len(self.lines)) if self.lines[at].startswith(needle))
        return next(found, start if otherwise is None else otherwise)

    def add_fault(self, line: int, words: str) -> None:
        """Notes what is wrong at a line, counted from 1."""
        self.faults.append(Fault(f"{self.place}:{line}", words))

    def add_fault_at(self, needle: str, words: str, start: int = 0) -> None:
        """Notes what is wrong at the first line that begins with `needle`."""
        self.add_fault(self.find(needle, start) + 1, words)


def list_tables(row: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The tables under [[name]]; none where something else stands in their place."""
    rows = row.get(name)
    return [table for table in rows if isinstance(table, dict)] if isinstance(rows, list) else []


def name_tables(row: Mapping[str, Any], name: str) -> dict[str, Mapping[str, Any]] | None:
    """The tables under [name.X], by X; None where something else stands in their place."""
    rows = row.get(name, {})
    if isinstance(rows, dict) and all(isinstance(table, dict) for table in rows.values()):
        return rows
    return None
