"""How long a caller waits, in seconds at normal pace, from the real clips (RULES M9, M10). Pure.

A key that is waited for counts as not pressed: what is measured is what somebody hears who says nothing until they have
heard enough. `flask line clock` prints it, `lint.py` holds the limits. A clip that is not made yet counts as no time,
so that a line can start and make it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.line.flow import after_silence, count_wait
from ivr.line.lint_input import LintInput
from ivr.line.nodes import Act, Node, Number, Pause, Position, Spoken, When
from ivr.line.prompts import Utterance
from ivr.line.speech import Aloud, Said, speech

KEY_WAIT = 7
"""Seconds that the line waits for a key, where a clinic sets nothing else (RULES M3)."""
NUMBER_ALOUD = "212 555 0123"
"""A phone number as long as they are."""
FIRST = "welcome"


@dataclass(frozen=True)
class CallClock:
    """The seconds of callers of one language.

    `choice`: from pick-up to the end of that language's choice, nothing pressed. `item`: from choosing to the end of
    the menu's first choice. `again`: the same for somebody who was here before. `longest` is the longest document, and
    `where` the node that it is heard at.
    """

    language: str
    choice: float
    item: float
    again: float
    longest: float
    where: str


@dataclass(frozen=True)
class Clock:
    """Measures one line."""

    lint_input: LintInput

    def measure(self, language: str) -> CallClock:
        """The seconds of callers of one language."""
        longest, where = self.find_longest(language)
        return CallClock(
            language=language,
            choice=self.until_choice(language),
            item=self.until_item(language),
            again=self.until_item(language, again=True),
            longest=longest,
            where=where,
        )

    def find_longest(self, language: str) -> tuple[float, str]:
        """The longest document in a language, in seconds, and the node that it is heard at."""
        aloud = self._read_aloud(language)  # the same at each place, and not for nothing to find
        return max((self._measure(position, aloud), position.node) for position in self._list_positions(language))

    def first_page(self) -> float:
        """Seconds of the first page of languages, from pick-up to its last word."""
        return self.document(Position(self.lint_input.line.opening[0], FIRST))

    def until_choice(self, language: str) -> float:
        """Seconds from pick-up to the end of a language's choice, nothing pressed."""
        line = self.lint_input.line
        position, passed = Position(line.opening[0], FIRST), 0.0
        for _ in line.nodes:
            for item, choice_language in self._list_choices(position):
                passed += self._seconds(item)
                if choice_language == language:
                    return passed
            passed += self._wait(position)
            position = after_silence(line, position)
        return passed

    def document(self, position: Position) -> float:
        """Seconds of everything that is heard at a position, before a key is waited for."""
        return self._measure(position, self._read_aloud(position.language))

    def _measure(self, position: Position, aloud: Aloud) -> float:
        return sum(self._seconds(item) for item in speech(self.lint_input.line, position, aloud))

    def _list_choices(self, position: Position) -> Iterator[tuple[Said | Pause, str]]:
        """What is heard on a page of languages, each with the language that it chooses ("" for none)."""
        moves = [(choice.language, choice.move.language) for choice in self.lint_input.line.node(position.node).choices]
        heard = list(speech(self.lint_input.line, position, {}))
        before = len(heard) - len(moves)
        for at, item in enumerate(heard):
            yield item, moves[at - before][1] if at >= before else ""

    def until_item(self, language: str, *, again: bool = False) -> float:
        """Seconds from choosing a language to the end of the menu's first choice; `again` for who was here before."""
        line = self.lint_input.line
        greeting = "hello" if language == line.opening[0] else "begin"
        position = Position(language, "again" if again else greeting)
        menu = after_silence(line, position)
        passed = self.document(position) + self._wait(position)
        node = line.node(menu.node)
        until = [item for item in node.says if isinstance(item, Spoken)] + [node.choices[0].spoken]
        heard = list(speech(line, menu, {}))
        return passed + sum(self._seconds(item) for item in heard[: len(until)])

    def _wait(self, position: Position) -> float:
        return float(count_wait(self.lint_input.line, position) or KEY_WAIT)

    def _seconds(self, item: Said | Pause) -> float:
        if isinstance(item, Pause):
            return float(item.seconds)
        return self.lint_input.evidence.seconds(item.language, item.utterance) or 0.0

    def _list_positions(self, language: str) -> Iterator[Position]:
        line = self.lint_input.line
        for name, node in line.nodes.items():
            if line.is_open(name, language):
                for tries in _list_tries(node):
                    yield Position(language, name, tries)
                    if node.id.startswith(("person", "callback", "waiting")) and language in line.opening:
                        yield Position(language, name, tries, origin=FIRST)

    def _read_aloud(self, language: str) -> Aloud:
        """A number and a moment that take as long as any."""
        return {
            **dict.fromkeys(Number, NUMBER_ALOUD),
            When.DAY: self._find_longest(language, ("date.weekday", "date.month", "date.day")),
            When.TIME: self._find_longest(language, ("time.hour", "time.minute", "time.part")),
            When.AWAY: self._find_longest(language, ("away.days",)),
        }

    def _find_longest(self, language: str, names: tuple[str, ...]) -> str:
        def seconds(name: str) -> float:
            return self.lint_input.evidence.seconds(language, Utterance(name)) or 0.0

        return " ".join(max((f"{name}.{number}" for number in range(56)), key=seconds) for name in names)


def _list_tries(node: Node) -> tuple[str, ...]:
    """The tries that a caller can come to at a node: none where no key is waited for, and none of silence where that
    leads on."""
    if node.act not in (Act.LISTEN, Act.CONFIRM, Act.KEY_IN, Act.COUNT):
        return ("",)
    return ("", "w1", "w2") if node.silence else ("", "s1", "s2", "w1", "w2")
