"""A caller's seconds (RULES M9, M10): what is added up, and for each thing that is too long the fault that it gives.

The clips are invented: each takes one second, but for those that a test names. What the real ones take is printed by
`flask line clock`, and held by `flask line check`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import pytest

from ivr.errors import Fault
from ivr.line import time_rules
from ivr.line.clock import NUMBER_ALOUD, CallClock, Clock
from ivr.line.lint import TIME_CHECKS, find_unfit_topics, lint, run_checks
from ivr.line.lint_input import Evidence, LintInput
from ivr.line.nodes import Line, Move, Position
from ivr.line.prompts import Utterance
from ivr.line.table import Plan, build_line
from tests.line.test_lint import LINE, english
from tests.line.test_table import ALL_LANGUAGES, CF, MANY, TWO
from tests.line.wordings import TOPICS

Lengths = Mapping[str, float | None]
"""Seconds by language and clip ("es emergency"), or by clip in every language ("emergency"); None for one not made."""
ONE_SECOND: Lengths = {}


def lasting(lengths: Lengths, line: Line = LINE) -> LintInput:
    """A line whose clips are as long as this, all others a second."""

    def measured(language: str, utterance: Utterance) -> float | None:
        return lengths.get(f"{language} {utterance.id}", lengths.get(utterance.id, 1.0))

    return LintInput(line, TOPICS, Evidence(english, measured))


def clock(lengths: Lengths = ONE_SECOND, line: Line = LINE) -> Clock:
    return Clock(lasting(lengths, line))


# --- What is added up ------------------------------------------------------------------------------------------------

GATE = f"{CF}/reminder/gate"
MEASURED = {
    "en": CallClock("en", choice=3.0, item=4.0, again=4.0, longest=50.0, where=GATE),
    "es": CallClock("es", choice=4.0, item=7.0, again=4.0, longest=50.0, where=GATE),
    "zh": CallClock("zh", choice=5.0, item=7.0, again=4.0, longest=50.0, where=GATE),
}


@pytest.mark.parametrize(("code", "expected"), MEASURED.items())
def test_the_seconds_of_callers_of_one_language(code: str, expected: CallClock) -> None:
    assert clock({"reminder.for-you.1": 30.0}).measure(code) == expected


def test_the_first_page_is_quiet_emergency_each_language_and_what_is_offered_in_each_opening_language() -> None:
    assert clock().first_page() == 1 + 1 + 3 + 3 + 3
    assert clock(line=MANY).first_page() == 1 + 1 + 6 + 3


def test_a_language_of_a_later_page_is_offered_after_the_pages_before_it_and_four_seconds_after_each() -> None:
    offered = [clock(line=MANY).until_choice(code) for code in ALL_LANGUAGES]
    first, second, third = 2, 11 + 4, 11 + 4 + 6 + 4
    assert offered == [
        *(first + number for number in range(1, 7)),
        *(second + number for number in range(1, 7)),
        *(third + number for number in range(1, 6)),
    ]


def test_the_first_words_begin_in_the_clinics_own_first_language() -> None:
    spanish = build_line(TOPICS, Plan(("es", "en"), ("es", "en")))
    counted = clock({"es emergency": 5.0, "en emergency": 3.0}, spanish)
    assert counted.until_choice("es") == 1 + 5 + 1
    assert counted.until_item("es") == 1 + 1 + 1 + 1  # the emergency notice was just said
    assert counted.until_item("en") == 1 + 3 + 1 + 1 + 1 + 1


PARTS = {
    "who we are": (f"{CF}.welcome", {"en": 2.0, "es": 2.0}, {"en": 0.0, "es": 0.0}),
    "the emergency notice, in another language than the first": (
        "emergency",
        {"en": 0.0, "es": 2.0},
        {"en": 0.0, "es": 0.0},
    ),
    "that a computer translated": ("hello.unreviewed", {"en": 0.0, "es": 2.0}, {"en": 0.0, "es": 0.0}),
    "the short greeting": ("hello.again", {"en": 0.0, "es": 0.0}, {"en": 2.0, "es": 2.0}),
    "the title of the menu": ("menu.title", {"en": 2.0, "es": 2.0}, {"en": 2.0, "es": 2.0}),
    "its first choice": ("menu.all.1", {"en": 2.0, "es": 2.0}, {"en": 2.0, "es": 2.0}),
    "its second choice": (f"{CF}.prep.choice.2", {"en": 0.0, "es": 0.0}, {"en": 0.0, "es": 0.0}),
    "the notice before a section": ("notice", {"en": 0.0, "es": 0.0}, {"en": 0.0, "es": 0.0}),
}
"""A clip, and how many seconds more a caller waits for the menu's first choice where it takes two seconds more: at the
first call, and later."""


@pytest.mark.parametrize(("clip", "first", "later"), PARTS.values(), ids=PARTS.keys())
def test_what_a_caller_hears_before_the_menus_first_choice(
    clip: str, first: Mapping[str, float], later: Mapping[str, float]
) -> None:
    longer = clock({clip: 3.0})
    assert {code: longer.until_item(code) - MEASURED[code].item for code in first} == first
    assert {code: longer.until_item(code, again=True) - MEASURED[code].again for code in later} == later


def test_with_two_procedures_the_first_choice_is_that_of_the_first_procedure() -> None:
    assert clock({f"{CF}.choice.1": 5.0}, TWO).until_item("en") == 1 + 1 + 1 + 5


def test_a_clip_that_is_not_made_yet_takes_no_time() -> None:
    none = clock(dict.fromkeys(("emergency", "language.choice.1", f"{CF}.welcome", "menu.title", "menu.all.1")))
    assert none.until_choice("en") == 1  # the quiet before the first word
    assert none.until_item("en") == 1  # the quiet before the menu


def test_a_number_that_is_read_aloud_takes_its_digits_and_a_second_before_each_group() -> None:
    assert NUMBER_ALOUD == "212 555 0123"
    assert clock().document(Position("es", "callback/number")) == 1 + (3 + 10) + 2
    assert clock({"digit.2": 2.0}).document(Position("es", "callback/number")) == 1 + (3 + 10 + 3) + 2


def test_a_day_and_a_time_take_as_long_as_the_longest_of_each_piece() -> None:
    appointment = Position("es", f"{CF}/reminder/appointment")
    assert clock().document(appointment) == 1 + 1 + 3 + 1 + 3 + 1
    longest = {
        "date.month.9": 4.0,
        "date.month.3": 2.0,
        "time.minute.55": 3.0,
        "es away.days.30": 2.5,
        "away.days.2": 0.5,
    }
    assert clock(longest).document(appointment) == 1 + 1 + (1 + 4 + 1) + 1 + (1 + 3 + 1) + 2.5


LONGEST = {
    "a clip at a new try, with the words around it": (
        "es",
        {"es compression-fracture.during.cement": 50.0},
        52.0,
        f"{CF}/during/4",
    ),
    "what is said in all opening languages, since none is chosen": (
        "es",
        {"zh person.closed": 50.0},
        50 + 2 + 6,
        "person/closed",
    ),
    "a call-back number, one language a document": (
        "zh",
        {"zh callback.number": 50.0},
        50.0 + 13 + 2,
        "callback/number",
    ),
}


@pytest.mark.parametrize(("code", "lengths", "seconds", "where"), LONGEST.values(), ids=LONGEST.keys())
def test_the_longest_document_and_where_it_is_heard(code: str, lengths: Lengths, seconds: float, where: str) -> None:
    assert clock(lengths).find_longest(code) == (seconds, where)


def test_a_document_that_is_closed_in_a_language_is_not_counted_there() -> None:
    line = replace(
        LINE, nodes={**LINE.nodes, f"{CF}/during/4": replace(LINE.nodes[f"{CF}/during/4"], only=frozenset({"en"}))}
    )
    long = clock({f"{CF}.during.cement": 50.0}, line)
    assert long.find_longest("en") == (52.0, f"{CF}/during/4")
    assert long.find_longest("es") == (52.0, f"{CF}/all/during/4")


# --- What is too long ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TooLong:
    """Clips that take too long: the check that must see it, and exactly what is said of it."""

    check: Callable[[LintInput], Iterable[Fault]]
    lengths: Lengths
    faults: tuple[Fault, ...]
    line: Line = LINE


MENU_WAIT = "keeps callers {} s from the menu's first choice. {} s are the most (M9)."
TOO_LONG: dict[str, TooLong] = {
    "the emergency notice": TooLong(
        time_rules.the_first_words_are_short,
        {"en emergency": 7.25},
        (Fault("welcome", "offers its first language after 9.2 s. Nine seconds are the most (M9)."),),
    ),
    "the choice of the first language": TooLong(
        time_rules.the_first_words_are_short,
        {"en language.choice.1": 7.5},
        (Fault("welcome", "offers its first language after 9.5 s. Nine seconds are the most (M9)."),),
    ),
    "the first page of languages": TooLong(
        time_rules.the_first_words_are_short,
        {"zh keys.person.0": 26.25},
        (Fault("welcome", "lasts 36.2 s. 36 s are the most: name fewer opening languages (M9)."),),
    ),
    "the pages of languages": TooLong(
        time_rules.the_first_words_are_short,
        {f"{code} language.choice.{at % 6 + 1}": 6.5 for at, code in enumerate(ALL_LANGUAGES) if at >= 6},
        (
            Fault(
                f"welcome {ALL_LANGUAGES[-1]}",
                "is offered after 90.5 s. 90 s are the most: open fewer languages (M10).",
            ),
        ),
        MANY,
    ),
    "who we are, in English": TooLong(
        time_rules.the_menu_comes_soon,
        {f"{CF}.welcome": 22.5},
        (Fault("en hello", MENU_WAIT.format("25.5", 25)),),
    ),
    "who we are, in another language": TooLong(
        time_rules.the_menu_comes_soon,
        {f"es {CF}.welcome": 29.5},
        (Fault("es hello", MENU_WAIT.format("35.5", 35)),),
    ),
    "the greeting of who was here before": TooLong(
        time_rules.the_menu_comes_soon,
        {"zh hello.again": 12.5},
        (Fault("zh again", MENU_WAIT.format("15.5", 15)),),
    ),
    "the menu's first choice": TooLong(
        time_rules.the_menu_comes_soon,
        {"en menu.all.1": 22.5},
        (Fault("en hello", MENU_WAIT.format("25.5", 25)), Fault("en again", MENU_WAIT.format("25.5", 15))),
    ),
    "a document": TooLong(
        time_rules.documents_are_short,
        {f"es {CF}.during.cement": 58.5},
        (Fault(f"es {CF}/during/4", "lasts 60.5 s. 60 s are the most (M9)."),),
    ),
    "a document before a language is chosen": TooLong(
        time_rules.documents_are_short,
        {"es person.closed": 52.5},
        tuple(Fault(f"{code} person/closed", "lasts 60.5 s. 60 s are the most (M9).") for code in ("en", "es", "zh")),
    ),
}


@pytest.mark.parametrize("long", TOO_LONG.values(), ids=TOO_LONG.keys())
def test_what_is_too_long_is_told_exactly(long: TooLong) -> None:
    assert tuple(long.check(lasting(long.lengths, long.line))) == long.faults


@pytest.mark.parametrize("long", TOO_LONG.values(), ids=TOO_LONG.keys())
def test_the_check_of_that_limit_sees_it_alone(long: TooLong) -> None:
    lint_input = lasting(long.lengths, long.line)
    assert tuple(fault for check in TIME_CHECKS for fault in check(lint_input)) == long.faults


def test_every_check_of_a_callers_time_has_something_that_is_too_long() -> None:
    assert {long.check for long in TOO_LONG.values()} == {*TIME_CHECKS}


JUST_IN_TIME: dict[str, tuple[Lengths, Line]] = {
    "nine seconds to the first choice": ({"en emergency": 7.0}, LINE),
    "36 seconds for the first page": ({"zh keys.person.0": 26.0}, LINE),
    "90 seconds to the last language": (
        {
            f"{code} language.choice.{at % 6 + 1}": 6.0 if at < 12 else 7.0
            for at, code in enumerate(ALL_LANGUAGES)
            if at >= 6
        },
        MANY,
    ),
    "25 seconds to the menu in English": ({f"{CF}.welcome": 22.0}, LINE),
    "35 seconds to the menu in another language": ({f"es {CF}.welcome": 29.0, f"zh {CF}.welcome": 29.0}, LINE),
    "15 seconds to the menu for who was here before": ({"hello.again": 12.0}, LINE),
    "60 seconds of a document": ({f"{CF}.during.cement": 58.0}, LINE),
}


@pytest.mark.parametrize(("lengths", "line"), JUST_IN_TIME.values(), ids=JUST_IN_TIME.keys())
def test_what_just_keeps_the_limit_is_no_fault(lengths: Lengths, line: Line) -> None:
    lint_input = lasting(lengths, line)
    assert [fault for check in TIME_CHECKS for fault in check(lint_input)] == []


def test_a_language_that_no_page_offers_is_never_heard_and_that_is_a_fault() -> None:
    first = LINE.nodes["welcome"]
    without = tuple(choice for choice in first.choices if choice.move.language != "zh")
    line = replace(LINE, nodes={**LINE.nodes, "welcome": replace(first, choices=without)})
    (fault,) = time_rules.the_first_words_are_short(lasting(ONE_SECOND, line))
    assert fault.place == "welcome zh"
    assert fault.words.endswith("90 s are the most: open fewer languages (M10).")


# --- When it is held -------------------------------------------------------------------------------------------------

SLOW = TOO_LONG["the greeting of who was here before"]


def test_a_line_that_takes_too_long_is_told_so_where_all_else_is_right() -> None:
    case = lasting(SLOW.lengths)
    assert lint(LINE, TOPICS, case.evidence) == [*SLOW.faults]


def test_where_another_rule_is_broken_only_that_is_told() -> None:
    clip = LINE.nodes[f"{CF}/prep/1"]
    broken = replace(LINE, nodes={**LINE.nodes, clip.id: replace(clip, silent={**clip.silent, "0": Move("goodbye")})})
    assert lint(broken, TOPICS, lasting(SLOW.lengths).evidence) == [
        Fault(clip.id, "does not lead to a person on zero (M2).")
    ]


def test_no_line_is_kept_from_answering_and_no_language_closed_for_a_callers_seconds() -> None:
    case = lasting(SLOW.lengths)
    assert run_checks(case) == []
    assert find_unfit_topics(case) == {}
