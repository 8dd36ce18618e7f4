"""What the call flow is made of: nodes, the keys that work in them, and where each leads.

The idea: a call is always at one `Position`. A position names a `Node` of one table (built in `table.py`), the
caller's language, and the little else that must survive a step. `flow.py` turns a position and what the caller did
into the next position; nothing is kept between two steps, so any process can answer any step and a repeated request
gets the same answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from functools import cached_property

from ivr.line.prompts import Prompt

UNLISTED = "unlisted"
"""The node for callers whose language the line does not speak, and what their calls count under: unmet demand."""
GREETINGS = ("hello", "begin", "again", "changed")
"""The nodes between the choice of a language and the menu, whose choices work in them already."""
HERE = "@here"
"""A move to the node where the caller is."""
ORIGIN = "@origin"
"""A move back to where the caller asked for a person or another language; the start, if there is no such place."""
ONWARD = "@onward"
"""A move to where silence leads from the place that was left: past it."""
START = "@start"
"""A move to where callers of that language begin after the hello."""
UP = "@up"
"""A move from a topic's menu up to the caller's menu of procedures, or to the languages where the caller has none."""
AHEAD = "@ahead"
"""A move to where the same key leads from the caller's start."""

BETWEEN_CLIPS = 2
"""Seconds of quiet between two clips: enough to press a key, short enough not to sound like the end."""
RELAY_PAUSE = 1
"""Seconds of quiet before the first word (RULES M5)."""
BEFORE_MENU = 1
"""Seconds of quiet between the hello and the menu, where a caller waits for the first choice (RULES M9)."""
WAITING = "waiting-1"
"""The first of the last waits: where silence leads after two new tries."""


class Act(StrEnum):
    """What the rim does at a node beside speaking. The core only says which."""

    LISTEN = "listen"
    """Speak, then wait for one key."""
    CONNECT = "connect"
    """Connect to a person if the office is open; otherwise go to the node that says why not."""
    CONFIRM = "confirm"
    """Read the call-back number aloud, and wait for one key; without a usable number, go to KEY_IN."""
    KEY_IN = "key-in"
    """Wait for a whole phone number, ended by the pound key."""
    SAVE = "save"
    """Save the call-back request, and only then speak of it."""
    HANG_UP = "hang-up"
    """Speak, then end the call."""
    RECORD = "record"
    """Save what the person replied, and only then speak of it."""
    COUNT = "count"
    """Wait for a number of as many keys as the right answer has."""


ACT_TARGETS: Mapping[Act, tuple[str, ...]] = {
    Act.CONNECT: ("person/closed", "person/away", "person/unset", "person/done"),
    Act.CONFIRM: ("callback/enter",),
    Act.SAVE: ("callback/saved", "callback/failed"),
}
"""Where the rim may lead a call from an act, beside where silence leads."""


class Number(StrEnum):
    """A phone number that is spoken digit by digit; the rim knows which one."""

    CALLER = "caller"
    CLINIC = "clinic"
    """The clinic's, with words that ask to call there."""
    OURS = "ours"
    """The clinic's, alone."""
    OPT_OUT = "opt-out"
    """The free number that ends reminder calls."""


class When(StrEnum):
    """The day and the time of the appointment that a call is about; the rim knows them."""

    DAY = "day"
    TIME = "time"
    AWAY = "away"
    """How far off the day is: two days that sound alike are told apart by it."""


class Reply(StrEnum):
    """What a person answers to a reminder. It is saved before it is spoken of."""

    CONFIRM = "confirm"
    CHANGE = "change"
    WRONG_NUMBER = "wrong-number"
    STOP = "stop"


@dataclass(frozen=True)
class WrongAnswer:
    """A person answered a question of the topic wrongly. `question` is its id, as staff see it in the results."""

    question: str


@dataclass(frozen=True)
class Pause:
    """Silence, in whole seconds (RULES M5: a relay operator needs a moment before the first word)."""

    seconds: int


@dataclass(frozen=True)
class Spoken:
    """A prompt to be said. `language` is "" for the caller's own; `only` limits it to callers in these languages."""

    prompt: Prompt
    key: str = ""
    language: str = ""
    only: frozenset[str] | None = None


Item = Spoken | Pause | Number | When
"""What a node says, one after the other."""


@dataclass(frozen=True)
class Move:
    """Where a key, or silence, leads. `leave` remembers the node left as the place to come back to."""

    to: str
    language: str = ""
    toggle_pace: bool = False
    leave: bool = False


def make_common_keys(*, back: str, skip: str = "", languages: str = "languages") -> dict[str, Move]:
    """The keys that work at any time, and where they lead; `languages` is this kind of call's list of languages."""
    keys = {
        "7": Move(HERE, toggle_pace=True),
        "8": Move(languages, leave=True),
        "9": Move(HERE),
        "0": Move("person", leave=True),
        "*": Move(back),
    }
    return {**keys, "#": Move(skip)} if skip else keys


@dataclass(frozen=True)
class Choice:
    """A key that was spoken, the prompt that speaks it, and where it leads: one value, so they cannot disagree."""

    key: str
    prompt: Prompt
    move: Move
    language: str = ""

    @property
    def spoken(self) -> Spoken:
        """The choice as something to be said."""
        return Spoken(self.prompt, self.key, self.language)


@dataclass(frozen=True)
class SectionClip:
    """Which clip of which section a node plays; `number` counts from 1. For the listening record and the whisper."""

    topic: str
    section: str
    number: int


class Told(IntEnum):
    """What a caller was told so far of what must be told once a call, in the language that they hear now."""

    NOTHING = 0
    NOTICE = 1
    """The notice before the first section (N1, N2)."""
    KEYS = 2
    """The notice, and the keys that help while one listens."""


@dataclass(frozen=True)
class Node:
    """One place in a call.

    `says` is spoken on arrival, `choices` after it and again on every new try. `silent` holds the keys that the hello
    taught (RULES M1). `silence` is where saying nothing leads; None means a new try, and `gives_up` after two (RULES
    M4; wrong keys at a place lead to a person). `wait` is how many seconds a key may take (0: the line's own). A
    `place` is a node that a caller may come back to after a person or another language; the others are only passed
    through. `title` is the title of the section that it belongs to: what staff are told the caller was listening to.
    `records` is what is saved here; `failure` is where it leads when it cannot be. `digits` keys make one answer, and
    any that is not among the keys leads `otherwise`. `only` are the languages in which a call can be here (None: all).
    A page of languages leads to its `next_page` on silence, the last one back to the first, and knows the `page_before`
    it. `tells` is what whoever stays to its end has been told.
    """

    id: str
    says: tuple[Item, ...] = ()
    choices: tuple[Choice, ...] = ()
    silent: Mapping[str, Move] = field(default_factory=dict)
    silence: Move | None = None
    gives_up: str = "person"
    act: Act = Act.LISTEN
    wait: int = 0
    clip: SectionClip | None = None
    place: bool = False
    title: Prompt | None = None
    records: Reply | WrongAnswer | None = None
    failure: str = ""
    digits: int = 1
    otherwise: Move | None = None
    only: frozenset[str] | None = None
    next_page: str = ""
    page_before: str = ""
    tells: Told = Told.NOTHING

    @cached_property
    def reads_aloud(self) -> bool:
        """True where a phone number, a day or a time is read aloud, so that the words differ from call to call."""
        return any(isinstance(item, Number | When) for item in self.says)

    @cached_property
    def keys(self) -> dict[str, Move]:
        """Every key that works here."""
        return {**self.silent, **{choice.key: choice.move for choice in self.choices}}


PROCEDURES = "procedures"
"""The menu of procedures; one for each other set of topics that some language offers stands below it."""


def is_procedures(name: str) -> bool:
    """True for a menu of procedures."""
    return name.partition("/")[0] == PROCEDURES


def list_ahead_keys(start: Node) -> dict[str, Move]:
    """The keys of a start that work during the hello already: whoever has called before need not wait for the menu."""
    return {choice.key: choice.move for choice in start.choices if choice.key in "123456"}


@dataclass(frozen=True)
class Position:
    """Where a call is. Everything the next step needs; it travels in the address of the next request.

    `tries` is "" on arrival ("f" after a failure of ours, "n" at a page of languages that followed by itself), then
    "s1", "s2" after silence and "w1", "w2" after a wrong key. `origin` is the node to come back to. `number` is a
    sealed token for a number that the caller keyed in, never the number itself. `attempt` names the attempt of a
    reminder that this call is ("" in a call that came in). `told` is what the caller was told so far.
    """

    language: str
    node: str
    tries: str = ""
    slow: bool = False
    origin: str = ""
    number: str = ""
    attempt: str = ""
    told: Told = Told.NOTHING

    def at(self, node: str) -> "Position":
        """The same call, arriving at another node."""
        return replace(self, node=node, tries="")


@dataclass(frozen=True)
class Line:
    """The whole line as one table, with the languages it is open in.

    `opening` are the languages of the first words. `starts` is where callers of each language begin after the hello: a
    menu of procedures, or the menu of the only topic that is open in it. `whispers` are the first words to staff, by
    the topic that the caller was listening to; "" for a caller who was at none. `fixed` maps a dialed number (E.164) to
    the language it answers in; `opt_out` is the number (E.164) that ends reminder calls, "" where there is none.
    """

    nodes: Mapping[str, Node]
    languages: tuple[str, ...]
    opening: tuple[str, ...]
    starts: Mapping[str, str]
    whispers: Mapping[str, Prompt]
    fixed: Mapping[str, str] = field(default_factory=dict)
    opt_out: str = ""

    def node(self, name: str) -> Node:
        """The node of that id. Raises KeyError."""
        return self.nodes[name]

    def is_open(self, name: str, language: str) -> bool:
        """Whether a call in that language can be at the node. Raises KeyError."""
        only = self.nodes[name].only
        return only is None or language in only

    def resolve(self, move: Move, language: str, key: str) -> Move | None:
        """The move that `key` makes for a caller of that language; None where it leads nowhere for them."""
        start = self.starts[language]
        if move.to == AHEAD:
            return list_ahead_keys(self.nodes[start]).get(key)
        if move.to == START:
            return replace(move, to=start)
        if move.to == UP:
            return replace(move, to=start if is_procedures(start) else "languages")
        return move
