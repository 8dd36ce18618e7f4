"""The drawings of the line come from its table: no node is missing, no arrow ends in the air, no key is drawn wrong."""

import re

import pytest

from ivr.line.map import mermaid_map, text_map
from ivr.line.nodes import Line
from ivr.line.table import Plan, build_line
from tests.line.test_table import MANY, PAGES, TWO, a_second_topic
from tests.topics import SHIPPED, SHIPPED_TOPICS

LINE = build_line(SHIPPED_TOPICS, Plan(("en", "es", "zh"), ("en", "es", "zh")))
LINES = pytest.mark.parametrize("line", [LINE, MANY, TWO], ids=["three languages", "every language", "two procedures"])
PICTURES = pytest.mark.parametrize("reminders", [False, True], ids=["calls that come in", "reminders"])
BOX = re.compile(r'  (\w+)\["([^"\[\]]+)"\]')
ARROW = re.compile(r"  (\w+) (-->\|([0-9]|star|pound)\||-\.->) (\w+)")


def paragraph(name: str, line: Line = LINE) -> list[str]:
    """What the text map says of one node."""
    (found,) = [part for part in text_map(line).split("\n\n") if re.split(r"\s", part)[0] == name]
    return found.splitlines()


@LINES
def test_the_text_map_has_one_paragraph_for_every_node_in_the_order_of_the_table(line: Line) -> None:
    assert [part.split()[0] for part in text_map(line).split("\n\n")] == list(line.nodes)


def test_a_paragraph_says_where_each_key_and_silence_lead() -> None:
    assert paragraph("compression-fracture/prep/end") == [
        "compression-fracture/prep/end",
        "  1  compression-fracture/prep/1  — To hear this part again, press 1.",
        "  2  compression-fracture/during/1  — To hear what happens during the procedure, press 2.",
        "  3  compression-fracture/menu  — To go back to the main menu, press 3.",
        "  also: # compression-fracture/during/1, * compression-fracture/menu, 0 person, "
        "7 here, slower or normal again, 8 languages, 9 here again",
        "  silence  two new tries, then waiting-1",
    ]


PARAGRAPHS = {
    "callback/enter": [
        "callback/enter  [key-in]",
        "  #  callback/number  — Please press the digits of your phone number, with the area code. When you are done, "
        "press pound.",
        "  also: * back to where the caller was, 0 person",
        "  silence  two new tries, then waiting-1",
    ],
    "callback/save": ["callback/save  [save]", "  silence  callback/saved"],
    "goodbye": ["goodbye  [hang-up]"],
    "compression-fracture/reminder/confirm": [
        "compression-fracture/reminder/confirm  [record]",
        "  silence  compression-fracture/reminder/confirmed",
    ],
    "compression-fracture/reminder/check": [
        "compression-fracture/reminder/check  [count]",
        "  also: # here again, * compression-fracture/reminder/prep/end, "
        "6 compression-fracture/reminder/check/eating-right",
        "  silence  compression-fracture/reminder/prep/end",
    ],
    "unlisted": [
        "unlisted",
        "  1  callback/number  — To be called back with an interpreter, press 1.",
        "  0  person  — To talk to our staff, press 0.",
        "  also: * languages, 7 here, slower or normal again, 8 languages, 9 here again",
        "  silence  two new tries, then person",
    ],
    "returning-es": [
        "returning-es",
        "  1  again  — To go on in English, press 1.",
        "  2  welcome  — For another language, press 2.",
        "  0  person  — To talk to our staff, press 0.",
        "  also: # back to where the caller was",
        "  silence  welcome",
    ],
    "welcome": [
        "welcome",
        "  1  hello in en  — For English, press 1.",
        "  2  begin in es  — For English, press 2.",
        "  3  begin in zh  — For English, press 3.",
        "  4  unlisted  — If your language is not here, press 4.",
        "  0  person  — To talk to our staff, press 0.",
        "  silence  two new tries, then person",
    ],
    "notice": [
        "notice",
        "  also: # here again, * to where the caller's language begins, 0 person, "
        "7 here, slower or normal again, 8 languages, 9 here again",
        "  silence  lesson/skip",
    ],
    "lesson/again": [
        "lesson/again",
        "  7  back to where the caller was, slower or normal again  — To hear slower speech, press 7.",
        "  9  back to where the caller was  — To hear that again, press 9.",
        "  also: # past where the caller was, * to where the caller's language begins, 0 person, 8 languages",
        "  silence  past where the caller was",
    ],
}


@pytest.mark.parametrize(("name", "expected"), PARAGRAPHS.items())
def test_a_paragraph_of_another_kind(name: str, expected: list[str]) -> None:
    assert paragraph(name) == expected


def test_a_paragraph_of_the_languages_says_how_silence_turns_their_pages() -> None:
    last = f"welcome-{PAGES}"
    assert {name: paragraph(name, MANY)[-1] for name in ("welcome", "welcome-2", last)} == {
        "welcome": "  silence  welcome-2, and after the last page two new tries, then person",
        "welcome-2": "  silence  welcome-3",
        last: "  silence  welcome",
    }


@LINES
def test_no_paragraph_shows_a_sign_of_the_table_in_place_of_words(line: Line) -> None:
    assert "@" not in text_map(line)


def test_where_a_key_means_another_thing_in_each_language_the_text_says_so() -> None:
    plan = Plan(("en", "es"), ("en",), open_topics={"es": frozenset({SHIPPED})})
    differing = build_line((*SHIPPED_TOPICS, a_second_topic()), plan)
    assert "  also: # back to where the caller was, * languages, 0 person, 1 to where that key leads from there, " in (
        text_map(differing)
    )
    assert "@" not in text_map(differing)


def drawn(line: Line, *, reminders: bool = False) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """The boxes (id to words) and the arrows (from, key, to); every line of the drawing is one of them."""
    head, *rest = mermaid_map(line, reminders=reminders).splitlines()
    assert head == "flowchart TD"
    boxes: dict[str, str] = {}
    arrows: list[tuple[str, str, str]] = []
    for row in rest:
        if box := BOX.fullmatch(row):
            assert box[1] not in boxes
            boxes[box[1]] = box[2]
        else:
            arrow = ARROW.fullmatch(row)
            assert arrow, row
            arrows.append((arrow[1], arrow[3] or "", arrow[4]))
    return boxes, arrows


@LINES
@PICTURES
def test_the_drawing_has_no_arrow_from_or_to_a_box_that_is_not_there(line: Line, reminders: bool) -> None:
    boxes, arrows = drawn(line, reminders=reminders)
    assert {end for start, _, target in arrows for end in (start, target)} <= boxes.keys()


@LINES
def test_only_what_a_call_begins_with_and_the_apology_have_no_arrow_to_them(line: Line) -> None:
    boxes, arrows = drawn(line)
    assert boxes.keys() - {target for _, _, target in arrows} == {"returning", "renewed", "sorry"}


@LINES
def test_in_the_picture_of_the_reminders_only_what_a_call_begins_with_has_no_arrow_to_it(line: Line) -> None:
    boxes, arrows = drawn(line, reminders=True)
    without = boxes.keys() - {target for _, _, target in arrows}
    topics = {name.split("/")[0].replace("-", "_") for name in line.nodes if name.endswith("/reminder/gate")}
    # Another language is chosen at any time, and such keys are drawn once, in the other picture.
    assert without == {"optout", *(f"{topic}__reminder__{name}" for topic in topics for name in ("gate", "languages"))}


@LINES
def test_each_node_stands_in_one_of_the_two_pictures(line: Line) -> None:
    came_in, made = (drawn(line, reminders=reminders)[0] for reminders in (False, True))
    assert came_in.keys() & made.keys() == set()
    assert all("__reminder__" in box or box.startswith("optout") for box in made)
    assert not any("__reminder__" in box or box.startswith("optout") for box in came_in)
    outward = [name for name in line.nodes if "/reminder/" in name or name.startswith("optout")]
    clips_and_end = [name for name in outward if "/reminder/prep/" in name]
    assert len(made) == len(outward) - len(clips_and_end) + len({name.split("/")[0] for name in clips_and_end})


@LINES
@PICTURES
def test_no_arrow_is_drawn_twice(line: Line, reminders: bool) -> None:
    _, arrows = drawn(line, reminders=reminders)
    assert len(arrows) == len(set(arrows))


def test_the_clips_of_a_section_stand_as_one_box_that_counts_them() -> None:
    boxes, _ = drawn(LINE)
    assert {box: words for box, words in boxes.items() if "clips" in words} == {
        "compression_fracture__prep": "compression-fracture/prep<br/>4 clips",
        "compression_fracture__during": "compression-fracture/during<br/>7 clips",
        "compression_fracture__after": "compression-fracture/after<br/>4 clips",
        "compression_fracture__risks": "compression-fracture/risks<br/>4 clips",
        "compression_fracture__rights": "compression-fracture/rights<br/>3 clips",
        "compression_fracture__all": "compression-fracture/all<br/>26 clips",
    }


def test_the_arrows_of_a_menu_are_its_keys_without_those_that_work_anywhere() -> None:
    _, arrows = drawn(LINE)
    assert [arrow[1:] for arrow in arrows if arrow[0] == "compression_fracture__menu"] == [
        ("1", "compression_fracture__all"),
        ("2", "compression_fracture__prep"),
        ("3", "compression_fracture__during"),
        ("4", "compression_fracture__after"),
        ("5", "compression_fracture__risks"),
        ("6", "compression_fracture__rights"),
        ("", "notice"),
    ]


SECTIONS = [f"compression_fracture__{name}" for name in ("prep", "during", "after", "risks", "rights", "all")]


def test_what_is_told_once_is_drawn_between_the_menu_and_the_sections() -> None:
    _, arrows = drawn(LINE)
    assert {box: [arrow[1:] for arrow in arrows if arrow[0] == box] for box in ("notice", "lesson__skip")} == {
        "notice": [("", "lesson__skip")],
        "lesson__skip": [("", section) for section in SECTIONS],
    }
    assert [start for start, _, target in arrows if target == "notice"] == ["compression_fracture__menu"]
    assert [arrow[1:] for arrow in arrows if arrow[0] == "lesson__again"] == [("", section) for section in SECTIONS]
    assert [start for start, _, target in arrows if target == "lesson__again"] == SECTIONS


def test_with_two_procedures_the_notice_stands_behind_each_menu_of_sections() -> None:
    _, arrows = drawn(TWO)
    assert [start for start, _, target in arrows if target == "notice"] == ["compression_fracture__menu", "knee__menu"]


def test_the_keys_that_work_at_any_time_are_drawn_once() -> None:
    _, arrows = drawn(LINE)
    assert [arrow for arrow in arrows if arrow[1] in ("7", "8", "9", "0", "star")] == [
        ("welcome", "0", "person"),
        ("hello", "8", "languages"),
    ]


@pytest.mark.parametrize("code", ["returning", "renewed"])
def test_the_greeting_of_who_was_here_before_is_one_box_whatever_the_language(code: str) -> None:
    boxes, arrows = drawn(MANY)
    greeting = {"returning": "again", "renewed": "changed"}[code]
    assert [words for words in boxes.values() if words.startswith(code)] == [code]
    assert [arrow[1:] for arrow in arrows if arrow[0] == code] == [("1", greeting), ("2", "welcome"), ("", "welcome")]


def test_the_preparation_in_a_reminder_is_one_box_that_counts_its_clips() -> None:
    boxes, _ = drawn(LINE, reminders=True)
    assert [words for words in boxes.values() if "clips" in words] == ["compression-fracture/reminder/prep<br/>4 clips"]


CALL = "compression_fracture__reminder__"


def test_the_first_steps_of_a_reminder_are_drawn_with_their_keys_and_what_silence_leads_to() -> None:
    _, arrows = drawn(LINE, reminders=True)
    boxes = ("gate", "appointment", "menu", "notice")
    led = {box: [arrow[1:] for arrow in arrows if arrow[0] == f"{CALL}{box}"] for box in boxes}
    assert led == {
        "gate": [("1", f"{CALL}appointment"), ("4", f"{CALL}wrong"), ("5", f"{CALL}stop"), ("", f"{CALL}voicemail")],
        "menu": [
            *(("1", f"{CALL}confirm"), ("2", f"{CALL}change"), ("3", f"{CALL}notice")),
            *(("4", f"{CALL}wrong"), ("5", f"{CALL}stop"), ("", f"{CALL}unread")),
        ],
        "appointment": [("", f"{CALL}menu"), ("", f"{CALL}unread")],
        "notice": [("", f"{CALL}prep")],
    }


@pytest.mark.parametrize(
    ("box", "targets"),
    [
        (f"{CALL}confirm", {f"{CALL}confirmed", f"{CALL}failed"}),
        (f"{CALL}check", {f"{CALL}check__eating_right", f"{CALL}check__eating_wrong", f"{CALL}prep"}),
        ("optout__save", {"optout__stopped", "optout__failed"}),
    ],
)
def test_what_is_saved_or_answered_in_a_reminder_is_drawn_as_dotted_arrows(box: str, targets: set[str]) -> None:
    _, arrows = drawn(LINE, reminders=True)
    assert {target for start, key, target in arrows if start == box and not key} == targets


def test_what_the_rim_may_decide_is_drawn_as_dotted_arrows() -> None:
    _, arrows = drawn(LINE)
    assert {target for start, key, target in arrows if start == "person" and not key} == {
        "person__away",
        "person__closed",
        "person__unset",
        "person__done",
    }
