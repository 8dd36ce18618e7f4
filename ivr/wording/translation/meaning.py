"""Compares the English of a prompt with the back-translation of its translation: the signals that must not be lost.

A blind back-translation is free in its words, so words cannot be compared; what must survive can: every number,
whether something is forbidden or denied, that something is at once, that something only may happen, every placeholder.
This finds a dropped "not" and a changed number; it does not find every wrong word, and never says that a translation
is right.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ivr.line.prompts import placeholders

COUNTING = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
NUMBERS = {word: str(number) for number, word in enumerate(COUNTING)}
VAGUE = frozenset({"one", "0", "1"})
"""Left out: "one" is as often a pronoun as a number."""

DENIALS = (
    *("not", "never", "no", "nobody", "nothing", "none", "cannot", "without", "nor", "neither", "refuse", "reject"),
    *("decline", "prohibited", "forbidden", "free of", r"avoid\w*", "refrain", r"fail\w*", "in vain", r"block\w*"),
    *(r"protect\w*", r"prevent\w*", r"shelter\w*", "spared", "different from", "stop eating"),
    "must you (?:stop|put aside)",
)
"""How English denies, forbids, or says that something did not come about: whole words do it as well as a "not"."""
SIGNALS: dict[str, str] = {
    "a denial (not, never, no)": rf"\b(?:{'|'.join(DENIALS)})\b|n't\b",
    "that it is at once": r"\b(right away|immediately|at once|straight away|urgent|urgently|without delay)\b",
}
"""What must be in both or in neither, by how English says it."""

DUAL = re.compile(r"\bthe two of them\b")
"""How a back-translation says the dual of a language that has one: no number was spoken."""
POSSIBLE = r"\b(may|might|can|could|possible|possibly|perhaps|maybe|sometimes)\b"


@dataclass(frozen=True)
class Difference:
    """One signal that the two do not share, in words."""

    words: str


def find_differences(source: str, back: str) -> Iterator[Difference]:
    """What the back-translation lost or gained against the English."""
    if lost := _count_numbers(source) - _count_numbers(back):
        yield Difference(f"the number {', '.join(sorted(lost))} is gone")
    if gained := _count_numbers(back) - _count_numbers(source):
        yield Difference(f"the number {', '.join(sorted(gained))} is new")
    for name, pattern in SIGNALS.items():
        had, has = bool(re.search(pattern, source.lower())), bool(re.search(pattern, back.lower()))
        if had != has:
            yield Difference(f"{name} is {'gone' if had else 'new'}")
    if re.search(r"\bmay\b", source.lower()) and not re.search(POSSIBLE, back.lower()):
        yield Difference("what only may happen is certain now")
    if placeholders(source) != placeholders(back):
        yield Difference("the placeholders are not the same")


def _count_numbers(text: str) -> Counter[str]:
    words = re.findall(r"[a-z]+|\d+", DUAL.sub("them", text.lower()))
    found = {NUMBERS.get(word, word) for word in words if word in NUMBERS or word.isdigit()}
    return Counter(found - VAGUE - {"1"})
