"""The rules of a caller's time (RULES M9, M10): how long it takes until somebody hears what they called for.

Each check is one function named after what it proves; `lint.py` lists them all, `clock.py` measures.
"""

from collections.abc import Iterator

from ivr.errors import Fault
from ivr.line.clock import Clock
from ivr.line.language import SOURCE_LANGUAGE
from ivr.line.lint_input import LintInput

FIRST_CHOICE, FIRST_PAGE, EVERY_LANGUAGE = 9.0, 36.0, 90.0
ITEM, ITEM_ENGLISH, ITEM_AGAIN = 35.0, 25.0, 15.0
LONGEST_DOCUMENT = 60.0


def the_first_words_are_short(lint_input: LintInput) -> Iterator[Fault]:
    """M9, M10: the first language within 9 s of pick-up, the first page within 36 s, every language within 90 s."""
    clock, line = Clock(lint_input), lint_input.line
    first = clock.until_choice(line.opening[0])
    if first > FIRST_CHOICE:
        yield Fault("welcome", f"offers its first language after {first:.1f} s. Nine seconds are the most (M9).")
    if (page := clock.first_page()) > FIRST_PAGE:
        yield Fault("welcome", f"lasts {page:.1f} s. 36 s are the most: name fewer opening languages (M9).")
    for code in line.languages:
        if (heard := clock.until_choice(code)) > EVERY_LANGUAGE:
            yield Fault(
                f"welcome {code}", f"is offered after {heard:.1f} s. 90 s are the most: open fewer languages (M10)."
            )


def the_menu_comes_soon(lint_input: LintInput) -> Iterator[Fault]:
    """M9: from choosing to the end of the menu's first choice 25 s in English, 35 s in any language; 15 s for a caller
    who was here before."""
    clock = Clock(lint_input)
    for code in lint_input.line.languages:
        waits = {
            "hello": (clock.until_item(code), ITEM_ENGLISH if code == SOURCE_LANGUAGE else ITEM),
            "again": (clock.until_item(code, again=True), ITEM_AGAIN),
        }
        for name, (seconds, most) in waits.items():
            if seconds > most:
                words = f"keeps callers {seconds:.1f} s from the menu's first choice. {most:.0f} s are the most (M9)."
                yield Fault(f"{code} {name}", words)


def documents_are_short(lint_input: LintInput) -> Iterator[Fault]:
    """M9: nothing is said for more than 60 s before a key is waited for."""
    clock = Clock(lint_input)
    for code in lint_input.line.languages:
        seconds, where = clock.find_longest(code)
        if seconds > LONGEST_DOCUMENT:
            yield Fault(f"{code} {where}", f"lasts {seconds:.1f} s. 60 s are the most (M9).")
