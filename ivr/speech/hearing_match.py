"""Which of the values that could have been said is nearest to what was heard.

What is said is a row of slots (a weekday, a day, a month), each with all the words that could stand in it. A slot was
heard rightly where every way of reading the whole that has another value there is further from what was heard; and so
is the way that has none, so what is missing was not heard rightly.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass

Sounds = Sequence[str]
Heard = Sequence[Container[str]]
NOTHING: Sounds = ()
_Costs = Sequence[int]
"""At each place of what was heard: how many sounds had to change, come or go up to there."""


@dataclass(frozen=True)
class Slot:
    """One thing that was said. `said`: the ways in which it may be heard; `others`: those of everything that could have
    been said instead (none, for words that are always the same)."""

    said: Sequence[Sounds]
    others: Sequence[Sounds] = ()

    @property
    def ways(self) -> Sequence[Sounds]:
        """Everything that may be heard here."""
        return (*self.said, *self.others, NOTHING) if self.others else self.said


def match(slots: Sequence[Slot], heard: Heard) -> tuple[int, tuple[bool, ...]]:
    """How many sounds of the nearest reading are wrong, and for each slot whether it was heard rightly."""
    reached: list[_Costs] = [range(len(heard) + 1)]
    for slot in slots:
        reached.append(_pass(reached[-1], slot.ways, heard))
    nearest = reached[-1][-1]
    right = (_find_nearest_other(slots[place:], reached[place], heard) > nearest for place in range(len(slots)))
    return nearest, tuple(right)


def _find_nearest_other(slots: Sequence[Slot], costs: _Costs, heard: Heard) -> float:
    """The cost of the nearest reading with another value in the first slot; endless where there is no other."""
    first, *rest = slots
    if not first.others:
        return float("inf")
    costs = _pass(costs, (*first.others, NOTHING), heard)
    for slot in rest:
        costs = _pass(costs, slot.ways, heard)
    return costs[-1]


def _pass(costs: _Costs, ways: Sequence[Sounds], heard: Heard) -> _Costs:
    """The costs behind a slot that is said in the cheapest of `ways`."""
    return [min(behind) for behind in zip(*(_pass_words(costs, way, heard) for way in ways), strict=True)]


def _pass_words(before: _Costs, words: Sounds, heard: Heard) -> _Costs:
    for sound in words:
        after = [before[0] + 1]
        for column, sign in enumerate(heard, 1):
            changed = before[column - 1] + (sound not in sign)
            after.append(min(before[column] + 1, after[-1] + 1, changed))
        before = after
    return before
