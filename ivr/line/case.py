"""What is on trial when a line is checked: its table, its topics, and what is known about its words."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ivr.line.flow import Said, speech
from ivr.line.nodes import Line, Position
from ivr.line.prompts import Utterance
from ivr.line.reminder import GATE, OPT_OUT, VOICEMAIL
from ivr.line.topics import Topic


@dataclass(frozen=True)
class Evidence:
    """What is known about the words: `text` raises KeyError where there are none; `seconds` is None while unknown."""

    text: Callable[[str, Utterance], str]
    seconds: Callable[[str, Utterance], float | None]


@dataclass(frozen=True)
class Case:
    """What is on trial."""

    line: Line
    topics: Sequence[Topic]
    evidence: Evidence

    @property
    def entries(self) -> list[str]:
        """The nodes at which a call that comes in can begin."""
        return ["welcome", "begin", OPT_OUT, *(f"returning-{code}" for code in self.line.languages)]

    @property
    def reminders(self) -> list[str]:
        """The nodes at which a call that the clinic makes can begin."""
        return [name for name in self.line.nodes if name.endswith((GATE, VOICEMAIL))]

    def said(self) -> Iterator[Said]:
        """Everything that callers can hear, without repeats."""
        everything = (
            item
            for code in self.line.languages
            for node in self.line.nodes.values()
            for tries in ("", "s1", "w1")
            for item in speech(self.line, Position(code, node.id, tries), {})
        )
        yield from dict.fromkeys(item for item in everything if isinstance(item, Said))
