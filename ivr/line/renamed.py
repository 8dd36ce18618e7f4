"""Prompt ids that have changed, in one table: what was recorded, reviewed or translated under the earlier id counts.

A prompt's id is the name of its recording and its key in catalogs, reviews, packs and manifests, and a clinic keeps
such files of its own. Whoever reads one by id asks here; whoever writes one writes the id of today.
"""

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")

RENAMED: Mapping[str, str] = {
    "hello.welcome": "compression-fracture.welcome",
    "whisper.title": "compression-fracture.whisper",
    "check.eating": "compression-fracture.question.eating",
    "check.ride": "compression-fracture.question.ride",
    "check.someone": "compression-fracture.question.ride.someone",
    "check.myself": "compression-fracture.question.ride.myself",
    "check.unsure": "compression-fracture.question.ride.unsure",
}
"""The id of today by the earlier one."""


def find_current_id(name: str) -> str:
    """The id of today of a prompt, or of a clip of it with its key ("check.someone.1")."""
    if name in RENAMED:
        return RENAMED[name]
    prompt, dot, key = name.rpartition(".")
    return f"{RENAMED[prompt]}{dot}{key}" if prompt in RENAMED else name


def adopt_earlier_ids(by_id: Mapping[str, T]) -> dict[str, T]:
    """The same by the ids of today; where something stands under both, what stands under today's counts."""
    adopted = {current: found for name, found in by_id.items() if (current := find_current_id(name)) not in by_id}
    return {**{name: found for name, found in by_id.items() if find_current_id(name) == name}, **adopted}
