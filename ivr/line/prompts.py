"""What a prompt is, and what saying one means. The words themselves stand in `phrases.py` and in the topic files.

A prompt's id is its msgctxt in every catalog, the name of its recording, and what a translator, a reviewer and a
voice actor call it by. It never changes once published; its English words may.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from string import Formatter


class Audience(StrEnum):
    """Who hears a prompt. What staff hear is spoken in the staff's language only."""

    CALLER = "caller"
    STAFF = "staff"


@dataclass(frozen=True)
class Prompt:
    """English words that the line may speak.

    `text` may hold placeholders in braces: `{key}` (the key that works, in words), `{clinic}`, `{emergency}`, and the
    values of its topic. `topic` is the id of the topic that it belongs to, "" for the line's own. `facts` are ids of
    that topic's fact sheet, or of the line's own notices; a prompt without one says nothing clinical.
    """

    id: str
    text: str
    facts: tuple[str, ...] = ()
    audience: Audience = Audience.CALLER
    topic: str = ""

    @property
    def placeholders(self) -> frozenset[str]:
        """Names of the placeholders in the English words."""
        return placeholders(self.text)


def placeholders(text: str) -> frozenset[str]:
    """The names in braces in `text`. Raises ValueError where the braces do not match."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


@dataclass(frozen=True, order=True)
class Utterance:
    """One thing to be said: a prompt, and the key that it names (if it names one).

    `id` names its clip, in the manifest and among the recordings: "menu.all.1", "prep.fasting".
    """

    prompt: str
    key: str = ""

    @property
    def id(self) -> str:
        """The clip's name: safe as a file name, equal for equal words."""
        return f"{self.prompt}.{KEY_NAMES.get(self.key, self.key)}" if self.key else self.prompt


KEY_NAMES = {"*": "star", "#": "pound"}
"""Keys whose sign cannot stand in a file name or a prompt id."""

PROMPT_ID = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
"""The form of a prompt's id: lower-case words joined by dots or hyphens."""
