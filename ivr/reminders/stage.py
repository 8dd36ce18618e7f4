"""The stage of a rehearsal: the clinic that calls, and the line with its words and its clips, as a campaign needs them.

Rule kept here: a rehearsal reads and measures the very words and clips that patients will hear, never a copy of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from ivr.line.nodes import Line, Number, When
from ivr.line.prompts import Utterance
from ivr.line.speech import Said
from ivr.line.topics import Topic
from ivr.numbers import group_digits
from ivr.reminders.rules.appointments import Profile

SpokenNumbers = Mapping[Number | When, str]
"""Phone numbers in the groups in which they are said: "212 555 0123"."""


class SpokenWords(Protocol):
    """The words of the line; the room of wording has them."""

    def text(self, language: str, utterance: Utterance) -> str:
        """The words of an utterance. Raises KeyError where there are none."""

    def line(self, said: Said) -> Any:
        """An utterance as a line of the script, by which its clip is found. Raises KeyError."""


class ClipLengths(Protocol):
    """The clips of the line; the room of speech has them."""

    def find_seconds(self, line: Any, /) -> float | None:
        """How long the clip of a line of the script plays, in seconds; None where there is none."""


@dataclass(frozen=True)
class SpokenLine:
    """What the line says. `scripts` is what has to be spoken, by language; `closed` says why a language is closed;
    `closed_topics` says, by language and topic, why a topic is closed in an open one; `read_forbidden` reads the
    words that nobody may hear, by language, and raises CatalogError."""

    topics: Sequence[Topic]
    line: Line
    words: SpokenWords
    clips: ClipLengths
    scripts: Mapping[str, Sequence[Any]]
    closed: Mapping[str, str]
    read_forbidden: Callable[[], Mapping[str, Sequence[str]]]
    closed_topics: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class CallingClinic:
    """The clinic that calls. `names` are by language, "" for all; numbers are E.164, "" where there is none: `number`
    is called back, `caller_number` dials, `opt_out_number` stops the calls. `country` (two letters) decides how numbers
    are read and said, `zone` is the clinic's clock, `reminder_days` are the days before an appointment on which it
    reminds unless a campaign says otherwise, and `calls_per_second` is the account's limit."""

    names: Mapping[str, str]
    number: str
    caller_number: str
    opt_out_number: str
    country: str
    zone: ZoneInfo
    reminder_days: tuple[int, ...]
    calls_per_second: float

    def find_name(self, language: str) -> str:
        """The clinic's name as it is said in a language; "" where it has none."""
        return self.names.get(language) or self.names.get("", "")

    @property
    def spoken_numbers(self) -> SpokenNumbers:
        """The numbers that a message says."""
        ours = group_digits(self.number, self.country)
        free = group_digits(self.opt_out_number, self.country)
        return {Number.OURS: ours, Number.CLINIC: ours, Number.OPT_OUT: free}


@dataclass(frozen=True)
class RehearsalStage:
    """The line on which a campaign is rehearsed, with the country's rules. `forbidden` are the beginnings of words that
    rule H1 (ivr/README.md) forbids, by language."""

    spoken: SpokenLine
    clinic: CallingClinic
    profile: Profile
    forbidden: Mapping[str, Sequence[str]]
