"""What a topic is: one procedure as a caller hears it, with all of its meaning.

A topic owns its sections and clips, the facts that they carry, the values that a clinic may set for it, and the
questions that its reminder calls ask. Rule kept here: nothing of one topic means anything in another. The fact P3 of
one is not the P3 of another, and neither is a value `{fasting}`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ivr.line.prompts import Prompt

EVERYTHING = "all"
"""What the whole topic is called where all its sections are heard in order; no section may take this name."""


class Unit(StrEnum):
    """What a value counts."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


LONGEST_COUNT: Mapping[Unit, int] = {Unit.HOUR: 48, Unit.DAY: 30, Unit.WEEK: 52}
"""How far each unit is counted, from one: every language has that many forms in its `spoken.toml`."""


@dataclass(frozen=True)
class Quantity:
    """So many of a unit: `Quantity(6, Unit.HOUR)`."""

    count: int
    unit: Unit


@dataclass(frozen=True)
class ClinicValue:
    """A number that the topic speaks and a clinic may set: `{name}` in its words.

    `default` is the source's; a clinic's own is a whole number from `least` to `most`, given by the setting of the name
    `setting`. `purpose` explains it in the list of settings. `place` is the file and line where it stands.
    """

    name: str
    unit: Unit
    default: int
    least: int
    most: int
    setting: str
    purpose: str
    place: str = field(default="", compare=False)


@dataclass(frozen=True)
class Fact:
    """One thing that may be said to a patient. `value` names the value that it depends on, if any; `topic` is "" for
    the line's own notices."""

    id: str
    section: str
    says: str
    value: str = ""
    topic: str = ""


@dataclass(frozen=True)
class Section:
    """A part of a topic: its title, the choice that leads to it (none for the opening), and its clips in order."""

    id: str
    title: Prompt
    choice: Prompt | None
    clips: tuple[Prompt, ...]

    @property
    def opening(self) -> bool:
        """True for the part that is only heard where "everything" begins."""
        return self.choice is None


@dataclass(frozen=True)
class AnswerChoice:
    """An answer that is offered on a key."""

    prompt: Prompt
    is_right: bool


@dataclass(frozen=True)
class Question:
    """What a reminder call asks after its section, to see whether that was said clearly.

    It is about one fact, which a clip of that section carries. It is answered by keying in the number of a `value`, or
    by one of the `choices`; the other of the two is empty.
    """

    id: str
    prompt: Prompt
    fact: str
    value: str = ""
    choices: tuple[AnswerChoice, ...] = ()

    def prompts(self) -> Iterator[Prompt]:
        """Its words, then its answers."""
        yield self.prompt
        yield from (choice.prompt for choice in self.choices)


@dataclass(frozen=True)
class Topic:
    """One procedure (or a pair that belongs together) as a caller hears it, with the facts it may say.

    `choice` offers it among several, `welcome` names it in the first words of a line that has no other, `whisper` names
    such a line to staff. `values` are by name, `facts` by id. `names` are words that the reading grade leaves out, in
    lower case. `reminders` is the id of the section that reminder calls offer, "" for a topic without such calls.
    """

    id: str
    choice: Prompt
    welcome: Prompt
    whisper: Prompt
    reviewed: Prompt
    sections: tuple[Section, ...]
    facts: Mapping[str, Fact]
    values: Mapping[str, ClinicValue] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    names: frozenset[str] = frozenset()
    reminders: str = ""

    def prompts(self) -> Iterator[Prompt]:
        """Every prompt of the topic, in the order in which a caller hears them; what staff hear is the last."""
        yield self.choice
        yield self.welcome
        yield self.reviewed
        for section in self.sections:
            if section.choice:
                yield section.choice
            yield section.title
            yield from section.clips
        for question in self.questions:
            yield from question.prompts()
        yield self.whisper

    def section(self, name: str) -> Section:
        """The section of that id. Raises KeyError."""
        for section in self.sections:
            if section.id == name:
                return section
        raise KeyError(name)

    def value_id(self, name: str) -> str:
        """What a value of this topic is called among those of all topics: "compression-fracture.fasting"."""
        return f"{self.id}.{name}"

    def quantities(self, chosen: Mapping[str, int]) -> dict[str, Quantity]:
        """What each value is at a clinic that chose these numbers, by value id; the default where it chose none."""
        return {
            name: Quantity(chosen.get(self.value_id(name), value.default), value.unit)
            for name, value in self.values.items()
        }
