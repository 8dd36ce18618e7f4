"""How the imaginary people answer: who picks up, what takes the call in their place, and which keys they press.

A person presses by where the call is, not by what it says: the place stands in the address that a Gather sends its keys
to. Who a number belongs to is drawn from a seed and the number, so that it is the same person at the next attempt.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from ivr.line.reminder import name_questions
from ivr.line.topics import Topic
from ivr.practice.account import draw_chance

Drawn = TypeVar("Drawn")
Answers = Literal["human", "machine", "no-answer", "busy", "failed"]
HANG_UP = "hang up"
"""In place of keys: the person puts the receiver down there."""
OTHER_LANGUAGE = "8"
HUMAN_AFTER = 2.4
"""Seconds after which a person's hello is known to be a person's."""
MACHINE_AFTER = 4.0
"""Seconds after which a machine's greeting is known to be a machine's."""


@dataclass(frozen=True)
class Person:
    """The person or the machine at a number.

    `presses` are keys by place (the end of a node's id: "gate", "reminder/menu", "check/ride"), or keys in plain order.
    For a place that is come to again, give several: `{"menu": ("3", "1")}`. One entry may be several keys ("06"), none
    (""), or HANG_UP; where nothing is left to press they stay silent. `after_rings` is how many seconds it rings,
    `greeting` how many seconds a machine talks before its beep. A person with a `language` (our code) asks once for
    another where the call speaks a different one; "" takes what comes. `detected` is what the detector takes them for
    (Twilio's AnsweredBy) where it is wrong.
    """

    answers: Answers = "human"
    presses: Mapping[str, str | Sequence[str]] | Sequence[str] = field(default_factory=tuple)
    after_rings: float = 6.0
    language: str = ""
    greeting: float = 8.0
    detected: str = ""

    def find_entry(self, node: str) -> str | None:
        """Under which name the keys for a node stand: the longest that fits; None where there is none."""
        if not isinstance(self.presses, Mapping):
            return ""
        return max((name for name in self.presses if f"/{node}".endswith(f"/{name}")), key=len, default=None)

    def choose_keys(self, node: str, visit: int) -> str:
        """What is pressed at the `visit`-th time (from 0) that the call comes to a node of that entry."""
        name = self.find_entry(node)
        if name is None:
            return ""
        given = self.presses[name] if isinstance(self.presses, Mapping) else self.presses
        by_visit = (given,) if isinstance(self.presses, Mapping) and isinstance(given, str) else tuple(given)
        return by_visit[visit] if visit < len(by_visit) else ""

    def judge(self, mode: str, timeout: float) -> tuple[str, float]:
        """What the detector says of who answered, and after how many seconds. `mode` is Twilio's MachineDetection."""
        if self.answers == "human":
            said, after = "human", HUMAN_AFTER
        elif mode == "DetectMessageEnd":
            said, after = "machine_end_beep", self.greeting
        else:
            said, after = "machine_start", min(MACHINE_AFTER, self.greeting)
        return (self.detected or said, after) if after <= timeout else ("unknown", timeout)


People = Callable[[str], Person]
"""Who is at a number (E.164)."""


@dataclass(frozen=True)
class Place:
    """Where a call waits for keys. `language` is "" where the address does not name one."""

    language: str
    node: str


def read_place(action: str) -> Place:
    """The place in a Gather's address: `/call/key/<language>/<node>`; for other lines, the path is the node."""
    path = urlsplit(action).path
    ours = re.fullmatch(r".*/call/key/([^/]+)/(.+)", path)
    return Place(ours[1], ours[2]) if ours else Place("", path.strip("/"))


ANSWERS: Mapping[Answers, float] = {"human": 0.50, "machine": 0.25, "no-answer": 0.20, "busy": 0.03, "failed": 0.02}
"""Who answers a first attempt: about half of all people (evidence: Kilkari)."""


@dataclass(frozen=True)
class KnownAnswers:
    """What is pressed at the questions of a line's topics, by the node of each question."""

    right: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)


def find_answers(topics: Iterable[Topic], values: Mapping[str, int]) -> KnownAnswers:
    """The right keys of every question, and keys that are wrong. `values` are the clinic's own, by value id."""
    right: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for topic in topics:
        quantities = topic.quantities(values)
        for node, question in name_questions(topic).items():
            if question.value:
                right[node] = str(quantities[question.value].count)
                wrong[node] = "0" * len(right[node])
            else:
                keys = {choice.is_right: str(key) for key, choice in enumerate(question.choices, 1)}
                right[node], wrong[node] = keys[True], keys[False]
    return KnownAnswers(right, wrong)


def _list_habits(answers: KnownAnswers) -> Iterator[tuple[float, Mapping[str, str | Sequence[str]]]]:
    """What people press, and which share of them do."""
    gate = {"gate": "1", "confirmed": HANG_UP, "change-saved": HANG_UP}
    prep = {**gate, "menu": ("3", "1"), "prep/end": "2", "check/end": "1"}
    yield 0.55, {**gate, "menu": "1"}
    yield 0.12, {**prep, **answers.right}
    yield 0.04, {**prep, **answers.wrong}
    yield 0.08, {**gate, "menu": "2"}
    yield 0.04, {"gate": "4"}
    yield 0.04, {"gate": "5"}
    yield 0.04, {**gate, "gate": (OTHER_LANGUAGE, "1"), "languages": "2", "menu": "1"}
    yield 0.05, {"gate": HANG_UP}
    yield 0.04, {}


def invent_people(seed: int = 0, answers: KnownAnswers = KnownAnswers()) -> People:
    """A town of people as a clinic's list has them, who answer the questions in `answers`, most of them rightly."""
    habits = tuple(_list_habits(answers))

    def invent(number: str) -> Person:
        answers = _draw(ANSWERS.items(), draw_chance(seed, "answers", number))
        presses = _draw(((habit, share) for share, habit in habits), draw_chance(seed, "habit", number))
        rings = 3 + 15 * draw_chance(seed, "rings", number)
        greeting = 4 + 12 * draw_chance(seed, "greeting", number)
        return Person(
            answers=answers,
            presses=presses if answers == "human" else {},
            after_rings=round(rings, 1),
            greeting=round(greeting, 1),
        )

    return invent


def _draw(shares: Iterable[tuple[Drawn, float]], at: float) -> Drawn:
    """The name at which the shares, added up, pass `at`; the last where rounding leaves a gap."""
    names, sizes = zip(*shares, strict=True)
    found: Drawn = next((name for name, end in zip(names, accumulate(sizes), strict=True) if at < end), names[-1])
    return found
