"""Input to the lint: a line's table, its topics, and what is known about its words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ivr.line.nodes import HERE, ONWARD, ORIGIN, Line, Move, Node, Position
from ivr.line.notices import NOTICES
from ivr.line.prompts import Utterance
from ivr.line.reminder import GATE, OPT_OUT, VOICEMAIL
from ivr.line.speech import EVERY_WORD, Said, speech
from ivr.line.topics import Fact, Topic


@dataclass(frozen=True)
class Evidence:
    """What is known about the words: `text` raises KeyError where there are none; `seconds` is None while unknown."""

    text: Callable[[str, Utterance], str]
    seconds: Callable[[str, Utterance], float | None]


@dataclass(frozen=True)
class LintInput:
    """A line, with the topics that it speaks and what is known about its words; `notices` are the line's own facts."""

    line: Line
    topics: Sequence[Topic]
    evidence: Evidence
    notices: Mapping[str, Fact] = field(default_factory=lambda: NOTICES)

    @property
    def entries(self) -> list[str]:
        """The nodes at which a call that comes in can begin."""
        return ["welcome", "begin", OPT_OUT, *self._list_returning()]

    def _list_returning(self) -> list[str]:
        return [name for name in self.line.nodes if name.startswith(("returning-", "renewed-"))]

    @property
    def reminders(self) -> list[str]:
        """The nodes at which a call that the clinic makes can begin."""
        return [name for name in self.line.nodes if name.endswith((GATE, VOICEMAIL))]

    @property
    def starts(self) -> list[str]:
        """The nodes at which callers begin after the hello, whatever their language."""
        return list(dict.fromkeys(self.line.starts.values()))

    def list_targets(self, node: Node, move: Move, key: str = "") -> list[str]:
        """Every node to which a move leads from `node`, whatever the caller's language; none for a move that stays."""
        resolved = (self.line.resolve(move, code, key) for code in self.line.languages if self._is_open(node, code))
        names = dict.fromkeys(found.to for found in resolved if found)
        stands_for = {HERE: [], ORIGIN: self.starts, ONWARD: self.starts}
        return [target for name in names for target in stands_for.get(name, [name])]

    def is_in_reminder(self, node: Node) -> bool:
        """Whether the node is a part of the calls that the clinic makes."""
        return "/reminder/" in node.id

    def _is_open(self, node: Node, language: str) -> bool:
        return node.only is None or language in node.only

    @cached_property
    def said(self) -> tuple[Said, ...]:
        """Everything that callers can hear, without repeats: several checks read it, and it is worked out once."""
        everything = (
            item
            for code in self.line.languages
            for node in self.line.nodes.values()
            if self._is_open(node, code)
            for tries in EVERY_WORD
            for item in speech(self.line, Position(code, node.id, tries), {})
        )
        return tuple(dict.fromkeys(item for item in everything if isinstance(item, Said)))
