"""What a caller does, where it leads, and what is heard there; no keys and no silence ever lead out of the line."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.errors import UnknownPlaceError
from ivr.line.events import LastCall
from ivr.line.flow import (
    after_key,
    after_silence,
    check_position,
    count_wait,
    entry,
    has_chosen,
    place_key,
    sign_choices,
)
from ivr.line.nodes import GREETINGS, Act, Line, Number, Pause, Position, Told, When
from ivr.line.prompts import Utterance
from ivr.line.speech import Said, speech
from ivr.line.table import Plan, build_line
from ivr.wording.script import Words
from tests.line.test_table import ALL_LANGUAGES, CF, MANY, PAGES, TWO, a_second_topic
from tests.line.wordings import TOPICS, shipped_words

SPANISH_NUMBER = "+12125550123"
OPT_OUT_NUMBER = "+18005550123"
PLAN = Plan(
    ("en", "es", "zh"),
    ("en", "es", "zh"),
    frozenset({"es", "zh"}),
    {SPANISH_NUMBER: "es", "+12125550124": "vi"},
    OPT_OUT_NUMBER,
)
LINE = build_line(TOPICS, PLAN)
EVERYONE = build_line(TOPICS, Plan(ALL_LANGUAGES, ALL_LANGUAGES[:3], frozenset(ALL_LANGUAGES) - {"en"}))
ONLY_ENGLISH = build_line(TOPICS, Plan(("en",), ("en",)))
MENU = "compression-fracture/menu"
CLIP = "compression-fracture/prep/2"
SECTIONS = ("prep", "during", "after", "risks", "rights")
SILENCE = "-"
KEYS = "1234567890*#"


def walk(position: Position, presses: str, line: Line = LINE) -> Position:
    """Where a call is after several presses ("1 # -": one, pound, silence). A person cannot be reached: it is night."""
    for press in presses.split():
        position = after_silence(line, position) if press == SILENCE else after_key(line, position, press)
        position = at_night(position, line)
    return position


def at_night(position: Position, line: Line) -> Position:
    """What the rim does when the office is closed, the caller's number is known and the database answers."""
    act = line.node(position.node).act
    if act is Act.RECORD:
        return after_silence(line, position)
    outcome = {Act.CONNECT: "person/closed", Act.SAVE: "callback/saved"}.get(act)
    return position.at(outcome) if outcome else position


def heard(position: Position, line: Line = LINE, **aloud: str) -> list[str]:
    """What is said at a position, in order: language and name of each clip, and the quiet between. `aloud` is what the
    rim knows, by name: `caller`, `clinic`, `ours`, `opt_out`, `day`, `time`, `away`."""
    names: dict[str, Number | When] = {**Number.__members__, **When.__members__}
    return [
        f"quiet {item.seconds}" if isinstance(item, Pause) else f"{item.language} {item.utterance.id}"
        for item in speech(line, position, {names[name.upper()]: words for name, words in aloud.items()})
    ]


# --- Where a call begins ---------------------------------------------------------------------------------------------


CHOICES = sign_choices(LINE, "zh")
CHINESE = LastCall("zh", CHOICES)


@pytest.mark.parametrize(
    ("dialed", "remembered", "position"),
    [
        ("", None, Position("en", "welcome")),
        ("+12125550199", None, Position("en", "welcome")),
        ("", CHINESE, Position("zh", "returning-zh")),
        ("", LastCall("zh", ""), Position("zh", "returning-zh")),
        ("", LastCall("zh", "of last year"), Position("zh", "renewed-zh")),
        ("", LastCall("vi", CHOICES), Position("en", "welcome")),
        ("", LastCall("unlisted", ""), Position("en", "welcome")),
        (SPANISH_NUMBER, None, Position("es", "begin")),
        (SPANISH_NUMBER, CHINESE, Position("es", "begin")),
        ("+12125550124", None, Position("en", "welcome")),
        ("+12125550124", CHINESE, Position("zh", "returning-zh")),
        (OPT_OUT_NUMBER, None, Position("en", "optout")),
        (OPT_OUT_NUMBER, CHINESE, Position("en", "optout")),
    ],
    ids=[
        "with the first words",
        "with the first words at a number of all languages",
        "with the language of last time",
        "with the language of last time where nobody kept what was offered then",
        "with the language of last time, and that the choices have changed",
        "with the first words when the language of last time is closed now",
        "with the first words when the language of last time was not here",
        "in the language of the number dialed",
        "in the language of the number dialed, whatever was last time",
        "with the first words when the number's language is closed",
        "with the language of last time when the number's language is closed",
        "with the end of the clinic's calls at the free number",
        "with the end of the clinic's calls at the free number, whatever was last time",
    ],
)
def test_a_call_begins(dialed: str, remembered: LastCall | None, position: Position) -> None:
    assert entry(LINE, dialed=dialed, remembered=remembered) == position


def test_without_a_free_number_no_call_begins_with_the_end_of_the_clinics_calls() -> None:
    assert entry(ONLY_ENGLISH, dialed="") == Position("en", "welcome")
    assert entry(ONLY_ENGLISH, dialed=OPT_OUT_NUMBER) == Position("en", "welcome")


def test_with_one_language_a_returning_caller_is_not_asked_which() -> None:
    assert entry(ONLY_ENGLISH, remembered=LastCall("en", sign_choices(ONLY_ENGLISH, "en"))) == Position("en", "welcome")


def with_choice(line: Line, number: int, **changed: object) -> Line:
    """The line, where one choice of the menu is another."""
    menu = line.node(MENU)
    choices = [replace(each, **changed) if at == number else each for at, each in enumerate(menu.choices)]  # type: ignore[arg-type]
    return replace(line, nodes={**line.nodes, MENU: replace(menu, choices=tuple(choices))})


def test_the_choices_have_changed_where_a_key_leads_elsewhere_or_is_offered_in_other_words() -> None:
    second = LINE.node(MENU).choices[1]
    others = {
        "another key": with_choice(LINE, 1, key="9"),
        "other words": with_choice(LINE, 1, prompt=replace(second.prompt, id="other")),
        "elsewhere": with_choice(LINE, 1, move=replace(second.move, to=f"{CF}/risks/1")),
        "a menu of procedures": build_line((*TOPICS, a_second_topic()), PLAN),
    }
    signed = {name: sign_choices(line, "es") for name, line in others.items()}
    assert sign_choices(LINE, "es") not in signed.values()
    assert len({*signed.values()}) == len(others)
    came_back = {entry(line, remembered=LastCall("es", sign_choices(LINE, "es"))).node for line in others.values()}
    assert came_back == {"renewed-es"}


def test_the_choices_are_the_same_whatever_else_a_clinic_changes() -> None:
    assert {sign_choices(line, code) for line in (LINE, EVERYONE) for code in ("en", "es", "zh")} == {CHOICES}


# --- Where keys and silence lead -------------------------------------------------------------------------------------

WELCOME = Position("en", "welcome")
UNLISTED = Position("en", "unlisted")


def spanish(node: str, tries: str = "", *, slow: bool = False, origin: str = "") -> Position:
    """A Spanish call that was told all that is told once."""
    return Position("es", node, tries, slow=slow, origin=origin, told=Told.KEYS)


AT_MENU = Position("es", MENU)
AT_CLIP = spanish(CLIP)
AT_END = spanish(f"{CF}/prep/end")
NEXT_CLIP = spanish(f"{CF}/prep/3")
WALKS: dict[str, tuple[Position, str, Position]] = {
    "one chooses English": (WELCOME, "1", Position("en", "hello")),
    "two chooses Spanish": (WELCOME, "2", Position("es", "begin")),
    "hello goes on to the menu by itself": (WELCOME, "1 -", Position("en", MENU)),
    "so does the hello of another language": (WELCOME, "2 -", AT_MENU),
    "pound skips hello": (WELCOME, "2 #", AT_MENU),
    "dialing ahead goes from hello straight to what is told before a section": (
        WELCOME,
        "3 5",
        Position("zh", "notice", origin=f"{CF}/risks/1"),
    ),
    "dialing ahead to everything begins with the opening": (
        WELCOME,
        "1 1",
        Position("en", "notice", origin=f"{CF}/all/overview/1"),
    ),
    "a returning caller goes on": (Position("es", "returning-es"), "1", Position("es", "again")),
    "a returning caller is soon at the menu": (Position("es", "returning-es"), "1 -", AT_MENU),
    "pound leads a returning caller there at once": (Position("es", "returning-es"), "#", AT_MENU),
    "a returning caller hears that the choices have changed": (
        Position("es", "renewed-es"),
        "1",
        Position("es", "changed"),
    ),
    "and is then at the menu too": (Position("es", "renewed-es"), "1 -", AT_MENU),
    "a returning caller takes another language": (Position("es", "returning-es"), "2 3", Position("zh", "begin")),
    "a silent returning caller hears all languages": (Position("es", "returning-es"), "-", Position("es", "welcome")),
    "a number of one language goes on to the menu": (Position("es", "begin"), "-", AT_MENU),
    "a number of one language is dialed ahead": (
        Position("es", "begin"),
        "2",
        Position("es", "notice", origin=f"{CF}/prep/1"),
    ),
    "four says that the language is not here": (WELCOME, "4", UNLISTED),
    "in the languages four says so too": (AT_MENU, "8 4", Position("es", "unlisted", origin=MENU)),
    "who pressed that by a slip comes back to the same clip": (AT_CLIP, "8 4 * 2 -", AT_CLIP),
    "and who goes on from there hears it in the language that they chose": (AT_CLIP, "8 4 * *", AT_CLIP),
    "who speaks no listed language asks to be called back": (
        WELCOME,
        "4 1",
        Position("en", "callback/number", origin="unlisted"),
    ),
    "the call-back to a language that is not here is saved": (
        WELCOME,
        "4 1 1",
        Position("en", "callback/saved", origin="unlisted"),
    ),
    "zero from a language that is not here finds the office closed": (
        WELCOME,
        "4 0",
        Position("en", "person/closed", origin="unlisted"),
    ),
    "star from the closed office leads back to what was said of the language": (WELCOME, "4 0 *", UNLISTED),
    "silence of a language that is not here is a first try": (WELCOME, "4 -", Position("en", "unlisted", "s1")),
    "its second silence is a second try": (WELCOME, "4 - -", Position("en", "unlisted", "s2")),
    "its third silence leads to a person": (WELCOME, "4 - - -", Position("en", "person/closed", origin="unlisted")),
    "three wrong keys there lead to a person": (WELCOME, "4 5 5 5", Position("en", "person/closed", origin="unlisted")),
    "two at the closed office leads back to what was said of the language": (WELCOME, "4 - - - 2", UNLISTED),
    "silence there too leads to waiting, and its fifth wait to goodbye": (
        WELCOME,
        "4 - - - - - - - - - - -",
        Position("en", "goodbye", origin="unlisted"),
    ),
    "a clip goes on to the next": (AT_CLIP, "-", NEXT_CLIP),
    "nine says a clip again": (AT_CLIP, "9", AT_CLIP),
    "pound skips a clip": (AT_CLIP, "#", NEXT_CLIP),
    "star leaves a clip for the menu": (AT_CLIP, "*", spanish(MENU)),
    "seven slows a clip down": (AT_CLIP, "7", spanish(CLIP, slow=True)),
    "seven twice is the normal pace": (AT_CLIP, "7 7", AT_CLIP),
    "the pace stays from clip to clip": (AT_CLIP, "7 #", spanish(NEXT_CLIP.node, slow=True)),
    "the pace stays from language to language": (
        AT_CLIP,
        "7 8 1 #",
        Position("en", "notice", slow=True, origin=CLIP),
    ),
    "eight at a clip remembers it": (AT_CLIP, "8", spanish("languages", origin=CLIP)),
    "another language says hello": (AT_CLIP, "8 3", Position("zh", "begin", origin=CLIP)),
    "after hello in another language the notice is told in it": (
        AT_CLIP,
        "8 3 -",
        Position("zh", "notice", origin=CLIP),
    ),
    "and then the same clip goes on": (AT_CLIP, "8 3 - - -", Position("zh", CLIP, told=Told.NOTICE)),
    "the same language once more tells nothing twice": (AT_CLIP, "8 2 -", AT_CLIP),
    "star in the languages leads back": (AT_CLIP, "8 *", AT_CLIP),
    "star in the hello of another language leads to the languages": (
        AT_CLIP,
        "8 3 *",
        Position("zh", "languages", origin=CLIP),
    ),
    "dialing ahead in another language forgets the clip": (
        AT_CLIP,
        "8 1 6",
        Position("en", "notice", origin=f"{CF}/rights/1"),
    ),
    "eight twice still knows the clip": (AT_CLIP, "8 8 1 # - -", Position("en", CLIP, told=Told.NOTICE)),
    "zero at a clip finds the office closed": (AT_CLIP, "0", spanish("person/closed", origin=CLIP)),
    "two leads back from the closed office": (AT_CLIP, "0 2", AT_CLIP),
    "star leads back from the closed office": (AT_CLIP, "0 *", AT_CLIP),
    "zero before a language is chosen leads back to the first words": (WELCOME, "0 2", WELCOME),
    "zero in the languages still knows the clip": (AT_CLIP, "8 0 2", AT_CLIP),
    "another language from the closed office still knows the clip": (
        AT_CLIP,
        "0 8 1 #",
        Position("en", "notice", origin=CLIP),
    ),
    "from nowhere one is led back to the menu": (Position("es", "person/done"), "-", AT_MENU),
    "an apology goes on to where the caller was": (spanish("sorry", origin=CLIP), "-", AT_CLIP),
    "one asks to be called back": (AT_CLIP, "0 1", spanish("callback/number", origin=CLIP)),
    "the right number is saved": (AT_CLIP, "0 1 1", spanish("callback/saved", origin=CLIP)),
    "after saving one goes back": (AT_CLIP, "0 1 1 1", AT_CLIP),
    "another number is keyed in": (AT_CLIP, "0 1 2", spanish("callback/enter", origin=CLIP)),
    "a keyed number is read back": (AT_CLIP, "0 1 2 #", spanish("callback/number", origin=CLIP)),
    "one hears a section again": (AT_END, "1", spanish(f"{CF}/prep/1")),
    "two goes to the next section": (AT_END, "2", spanish(f"{CF}/during/1")),
    "three goes to the menu": (AT_END, "3", spanish(MENU)),
    "pound goes to the next section": (AT_END, "#", spanish(f"{CF}/during/1")),
    "star at the menu leads to the languages": (AT_MENU, "*", Position("es", "languages")),
    "star at the languages leads to the menu": (AT_MENU, "* *", AT_MENU),
    "one silence is a first try": (AT_MENU, "-", Position("es", MENU, "s1")),
    "two silences are a second try": (AT_MENU, "- -", Position("es", MENU, "s2")),
    "three silences lead to a person": (AT_MENU, "- - -", Position("es", "person/closed", origin=MENU)),
    "three silences in the first words lead to a person": (
        WELCOME,
        "- - -",
        Position("en", "person/closed", origin="welcome"),
    ),
    "three silences at an end ring nobody: the caller may have left": (
        AT_END,
        "- - -",
        spanish("waiting-1", origin=AT_END.node),
    ),
    "three wrong keys lead to a person": (AT_END, "5 5 5", spanish("person/closed", origin=AT_END.node)),
    "wrong keys and silences count together": (AT_MENU, "- # -", Position("es", "person/closed", origin=MENU)),
    "the last wrong key is what is spoken of": (AT_END, "- 5", spanish(AT_END.node, "w2")),
    "a wrong key at a clip is a try there": (AT_CLIP, "3", spanish(CLIP, "w1")),
    "silence after a wrong key at a clip goes on": (AT_CLIP, "3 -", NEXT_CLIP),
    "three wrong keys at a clip lead to a person": (AT_CLIP, "3 3 3", spanish("person/closed", origin=CLIP)),
    "a good key takes the tries back": (AT_MENU, "- - 9", AT_MENU),
    "silence at the closed office leads to waiting": (AT_CLIP, "0 - - -", spanish("waiting-1", origin=CLIP)),
    "one ends the waiting": (AT_CLIP, "0 - - - - - 1", AT_CLIP),
    "the fifth wait ends in goodbye": (AT_CLIP, "0 - - - - - - - -", spanish("goodbye", origin=CLIP)),
}


@pytest.mark.parametrize(("start", "presses", "end"), WALKS.values(), ids=WALKS.keys())
def test_a_walk(start: Position, presses: str, end: Position) -> None:
    assert walk(start, presses) == end


@pytest.mark.parametrize("code", ALL_LANGUAGES)
def test_in_each_opening_language_one_who_is_not_listed_is_called_back(code: str) -> None:
    line = build_line(TOPICS, Plan((code,), (code,)))
    start = entry(line)
    assert heard(walk(start, "2", line), line) == [
        *(f"{code} unlisted.title", f"{code} unlisted.offer.1", f"{code} keys.person.0")
    ]
    assert walk(start, "2 1", line) == Position(code, "callback/number", origin="unlisted")
    assert walk(start, "2 - - -", line) == Position(code, "person/closed", origin="unlisted")


def test_on_the_last_page_of_all_languages_the_last_key_says_that_ones_own_is_not_here() -> None:
    last = f"{'# ' * (PAGES - 1)}{len(ALL_LANGUAGES) % 6 + 1}"
    assert walk(WELCOME, last, MANY) == UNLISTED
    assert walk(Position("fa", MENU), f"8 {last}", MANY) == Position("fa", "unlisted", origin=MENU)


LED_ON = {
    "from the first words, by way of the closed office": (WELCOME, "0 8 1 -", Position("en", MENU)),
    "who pressed by mistake that the language is not here": (WELCOME, "4 0 8 3 -", Position("zh", MENU)),
}


@pytest.mark.parametrize(("start", "presses", "end"), LED_ON.values(), ids=LED_ON.keys())
def test_who_has_chosen_a_language_is_not_led_back_to_before_the_choice(
    start: Position, presses: str, end: Position
) -> None:
    assert walk(start, presses) == end


def test_a_keyed_in_number_travels_with_the_call_until_the_caller_goes_back() -> None:
    given = replace(spanish("callback/number", origin=CLIP), number="sealed")
    assert walk(given, "1") == replace(spanish("callback/saved", origin=CLIP), number="sealed")
    assert walk(given, "1 1") == AT_CLIP


def test_pound_goes_round_the_pages_of_languages() -> None:
    start = Position("es", "languages", origin=CLIP)
    pages = [walk(start, " ".join("#" * times), MANY) for times in range(1, PAGES + 1)]
    assert pages == [
        *(Position("es", f"languages-{number}", origin=CLIP) for number in range(2, PAGES + 1)),
        start,
    ]


def test_a_language_of_the_second_page_hears_the_emergency_notice_first() -> None:
    assert walk(WELCOME, "# 1", MANY) == Position(ALL_LANGUAGES[6], "begin")


def test_with_two_procedures_hello_goes_on_to_them_and_star_leads_back_to_them() -> None:
    assert walk(WELCOME, "1 -", TWO) == Position("en", "procedures")
    assert walk(WELCOME, "1 - 2 2 - - *", TWO) == Position("en", "knee/menu", told=Told.NOTICE)
    assert walk(WELCOME, "1 - 2 2 - - * *", TWO) == Position("en", "procedures", told=Told.NOTICE)


# --- The pages of languages (RULES M10) ------------------------------------------------------------------------------


def keep_silent(position: Position, times: int, line: Line) -> list[Position]:
    """Where a call is, and where it comes to by so many silences."""
    positions = [position]
    for _ in range(times):
        positions.append(walk(positions[-1], SILENCE, line))
    return positions


def list_pages(name: str, pages: int) -> list[str]:
    return [name, *(f"{name}-{number}" for number in range(2, pages + 1))]


@pytest.mark.parametrize(
    "start", [WELCOME, Position("es", "languages", slow=True, origin=MENU)], ids=["first words", "another language"]
)
def test_m10_a_silent_caller_hears_every_page_twice_and_the_first_once_more_and_then_comes_to_a_person(
    start: Position,
) -> None:
    assert len(ALL_LANGUAGES) == 17
    *pages, last = keep_silent(start, 2 * PAGES + 1, MANY)
    names = list_pages(start.node, PAGES)
    assert [(page.node, page.tries) for page in pages] == [
        (names[0], ""),
        *((name, "n") for name in names[1:]),
        *((name, "s1") for name in names),
        (names[0], "s2"),
    ]
    assert {replace(page, node="", tries="") for page in pages} == {replace(start, node="")}
    assert last == replace(start, node="person/closed", origin="welcome" if start == WELCOME else MENU)


@pytest.mark.parametrize("count", range(6, len(ALL_LANGUAGES) + 1))
def test_m10_every_language_is_offered_once_before_any_is_offered_twice(count: int) -> None:
    line = build_line(TOPICS, Plan(ALL_LANGUAGES[:count], ("en", "es", "zh")))
    pages = keep_silent(WELCOME, count // 6, line)
    offered = [clip.split()[0] for page in pages for clip in heard(page, line) if "language.choice" in clip]
    assert offered == [*ALL_LANGUAGES[:count]]
    assert walk(pages[-1], SILENCE, line) == Position("en", "welcome", "s1")


def test_pound_hastens_what_silence_does_and_begins_no_new_try() -> None:
    assert walk(WELCOME, "#", MANY) == Position("en", "welcome-2")
    assert walk(WELCOME, "- #", MANY) == Position("en", "welcome-3")
    assert walk(WELCOME, "# -", MANY) == Position("en", "welcome-3", "n")
    assert walk(WELCOME, "# # -", MANY) == Position("en", "welcome", "s1")
    assert walk(WELCOME, "# # #", MANY) == WELCOME


def test_a_wrong_key_on_a_page_is_a_try_there_and_silence_then_turns_the_page() -> None:
    last = list_pages("welcome", PAGES)[-1]
    assert walk(WELCOME, "# # 6 6", MANY) == Position("en", "unlisted", "w1")
    assert walk(WELCOME, "7", MANY) == Position("en", "welcome", "w1")
    assert walk(WELCOME, "7 -", MANY) == Position("en", "welcome-2", "n")
    assert walk(WELCOME, "7 7 7", MANY) == Position("en", "person/closed", origin="welcome")
    assert walk(Position("en", last, "n"), "9 9 9", MANY) == Position("en", "person/closed", origin=last)


# --- Which page a key belongs to -------------------------------------------------------------------------------------

SECOND = Position("en", "welcome-2", "n")
KEYED_IN = Position("es", "callback/enter", origin=CLIP)
PLACES: dict[str, tuple[Position, str, float | None, Position | None]] = {
    "a late key counts at the page before, which went over by itself": (SECOND, "3", 0.0, WELCOME),
    "it does so for nearly two seconds": (SECOND, "3", 1.99, WELCOME),
    "after two seconds it counts where it is pressed": (SECOND, "3", 2.0, SECOND),
    "a late zero, star or pound counts there too": (SECOND, "#", 1.0, WELCOME),
    "the page before the third is the second": (
        Position("en", "welcome-3", "n"),
        "6",
        0.5,
        Position("en", "welcome-2"),
    ),
    "in the second round a late key counts at the page before too": (
        Position("en", "welcome-2", "s1"),
        "3",
        1.5,
        WELCOME,
    ),
    "the page before the first, in a new round, is the last": (
        Position("en", "welcome", "s1"),
        "5",
        1.5,
        Position("en", "welcome-3"),
    ),
    "after two seconds a key counts on the first": (
        Position("en", "welcome", "s1"),
        "5",
        2.0,
        Position("en", "welcome", "s1"),
    ),
    "where there is one page, a key counts on it": (
        Position("en", "unlisted", "s1"),
        "0",
        1.5,
        Position("en", "unlisted", "s1"),
    ),
    "so it does in the list of other languages, where all else is kept": (
        replace(spanish("languages-2", "n", slow=True), origin=CLIP),
        "1",
        1.0,
        spanish("languages", slow=True, origin=CLIP),
    ),
    "a page that pound led to is no page that followed by itself": (replace(SECOND, tries=""), "3", 0.5, None),
    "after a second a key counts on it": (replace(SECOND, tries=""), "3", 1.0, replace(SECOND, tries="")),
    "nor is a page that is heard again after a wrong key": (replace(SECOND, tries="w1"), "3", 0.5, None),
    "a double press is no choice in the hello": (Position("en", "hello"), "1", 0.3, None),
    "nor is it one in the menu": (AT_MENU, "2", 0.99, None),
    "after a second it is one": (AT_MENU, "2", 1.0, AT_MENU),
    "nor does a double press change the pace twice": (spanish(CLIP, slow=True), "7", 0.3, None),
    "nor does it answer for a reminder": (Position("es", f"{CF}/reminder/gate", attempt="17"), "1", 0.5, None),
    "nor does it say that a number is right": (Position("es", "callback/number", origin=CLIP), "1", 0.5, None),
    "nor does it answer a question": (Position("es", f"{CF}/reminder/check", attempt="17"), "6", 0.5, None),
    **{
        f"who knows the line presses {key} at once": (position, key, 0.0, position)
        for position in (AT_MENU, AT_CLIP)
        for key in "089*#"
    },
    "a whole number is never too soon": (KEYED_IN, "2125550123", 0.1, KEYED_IN),
    **{
        f"a key {key} of which nobody knows when it was pressed counts where it is pressed": (place, key, None, place)
        for place, key in ((SECOND, "3"), (AT_MENU, "2"), (AT_CLIP, "7"), (AT_CLIP, "#"))
    },
}


@pytest.mark.parametrize(("position", "key", "elapsed", "counts_at"), PLACES.values(), ids=PLACES.keys())
def test_where_a_key_counts(position: Position, key: str, elapsed: float | None, counts_at: Position | None) -> None:
    assert place_key(MANY, position, key, elapsed) == counts_at


@given(st.sampled_from(sorted(MANY.nodes)), st.sampled_from(["", "n", "s1", "s2", "w1"]), st.sampled_from(KEYS))
def test_a_key_that_is_pressed_after_two_seconds_counts_where_it_is_pressed(name: str, tries: str, key: str) -> None:
    position = Position("en", name, tries)
    assert place_key(MANY, position, key, 2.0) == position


# --- What is told once (RULES M12) -----------------------------------------------------------------------------------

FIRST, SECOND_CLIP, LAST_CLIP = (f"{CF}/prep/{number}" for number in (1, 2, 4))
NOTICE = Position("es", "notice", origin=FIRST)
LEARNED = spanish("lesson/again", origin=FIRST)
ONCE: dict[str, tuple[Position, str, Position]] = {
    "the notice comes before the first section": (AT_MENU, "2", NOTICE),
    "then the key that skips": (AT_MENU, "2 -", Position("es", "lesson/skip", origin=FIRST, told=Told.NOTICE)),
    "then the section": (AT_MENU, "2 - -", Position("es", FIRST, told=Told.NOTICE)),
    "after its first clip the keys for slower and again": (AT_MENU, "2 - - -", LEARNED),
    "then the second clip": (AT_MENU, "2 - - - -", spanish(SECOND_CLIP)),
    "then the third, and nothing is taught again": (AT_MENU, "2 - - - - -", NEXT_CLIP),
    "another section comes at once": (AT_MENU, "2 - - - * 6", spanish(f"{CF}/rights/1")),
    "who skips the first clip is taught after the first that they hear": (
        AT_MENU,
        "2 - - # -",
        spanish("lesson/again", origin=SECOND_CLIP),
    ),
    "after the last clip too, and then comes the end": (
        AT_MENU,
        "2 - - # # # - -",
        spanish(f"{CF}/prep/end"),
    ),
    "who skips every clip is taught in the next section": (
        AT_MENU,
        "2 - - # # # # 2 -",
        spanish("lesson/again", origin=f"{CF}/during/1"),
    ),
    "a wrong key at the first clip takes no lesson away": (
        AT_MENU,
        "2 - - 3 -",
        LEARNED,
    ),
    "pound cannot skip the notice": (NOTICE, "#", NOTICE),
    "however often it is pressed": (NOTICE, "# # # #", NOTICE),
    "nine says the notice again": (NOTICE, "9", NOTICE),
    "seven says it slowly, and the section is slow too": (
        NOTICE,
        "7 - -",
        Position("es", FIRST, slow=True, told=Told.NOTICE),
    ),
    "a digit at the notice is a wrong key": (NOTICE, "3", replace(NOTICE, tries="w1")),
    "three of them lead to a person, and from there back to the notice": (NOTICE, "3 3 3 2", NOTICE),
    "so does zero": (NOTICE, "0 2", NOTICE),
    "star leaves it for the menu, and it is still to be told": (
        NOTICE,
        "* 3",
        replace(NOTICE, origin=f"{CF}/during/1"),
    ),
    "another language hears it in that language": (NOTICE, "8 1 -", replace(NOTICE, language="en")),
    "pound skips the lesson of pound": (NOTICE, "- #", Position("es", FIRST, told=Told.NOTICE)),
    "nine at the lesson hears the clip again": (LEARNED, "9", spanish(FIRST)),
    "seven hears it slowly": (LEARNED, "7", spanish(FIRST, slow=True)),
    "then the second clip follows without a lesson": (LEARNED, "9 -", spanish(SECOND_CLIP)),
    "and stays slow": (LEARNED, "7 -", spanish(SECOND_CLIP, slow=True)),
    "silence goes on past the clip": (LEARNED, "-", spanish(SECOND_CLIP)),
    "pound does too": (LEARNED, "#", spanish(SECOND_CLIP)),
    "star leaves for the menu": (LEARNED, "*", spanish(MENU)),
    "zero leads to a person, and from there back to the clip": (LEARNED, "0 2", spanish(FIRST)),
    "in another language all is told anew": (LEARNED, "8 1 -", replace(NOTICE, language="en")),
    "the lessons too": (
        LEARNED,
        "8 1 - - - -",
        Position("en", "lesson/again", origin=FIRST, told=Told.KEYS),
    ),
    "and anew in the first language after it": (LEARNED, "8 1 - - - - 8 2 -", NOTICE),
    "an apology does not stand for it": (Position("es", "sorry", origin=FIRST), "-", NOTICE),
}


@pytest.mark.parametrize(("start", "presses", "end"), ONCE.values(), ids=ONCE.keys())
def test_what_is_told_once(start: Position, presses: str, end: Position) -> None:
    assert walk(start, presses) == end


@pytest.mark.parametrize("key", KEYS)
def test_no_key_leads_from_the_notice_to_a_section(key: str) -> None:
    assert LINE.node(walk(NOTICE, key).node).clip is None


@pytest.mark.parametrize("code", ALL_LANGUAGES)
@pytest.mark.parametrize("node", [*GREETINGS, MENU])
def test_every_choice_of_a_section_leads_to_the_notice_in_every_language(node: str, code: str) -> None:
    start = Position(code, node)
    told = [walk(start, key, EVERYONE) for key in "123456"]
    assert told == [Position(code, "notice", origin=f"{CF}/{section}/1") for section in ("all/overview", *SECTIONS)]


# --- What is heard ---------------------------------------------------------------------------------------------------

HEARD: dict[str, tuple[Position, list[str]]] = {
    "the first words": (
        WELCOME,
        [
            *("quiet 1", "en emergency"),
            *("en language.choice.1", "es language.choice.2", "zh language.choice.3"),
            *("en language.unlisted.4", "es language.unlisted.4", "zh language.unlisted.4"),
            *("en keys.person.0", "es keys.person.0", "zh keys.person.0"),
        ],
    ),
    "a language that is not here": (
        UNLISTED,
        [
            *("en unlisted.title", "es unlisted.title", "zh unlisted.title"),
            *("en unlisted.offer.1", "es unlisted.offer.1", "zh unlisted.offer.1"),
            *("en keys.person.0", "es keys.person.0", "zh keys.person.0"),
        ],
    ),
    "its silence is spoken of in every opening language, whichever was chosen before": (
        Position("es", "unlisted", "s2"),
        [
            *("en retry.silence", "es retry.silence", "zh retry.silence"),
            *("en unlisted.offer.1", "es unlisted.offer.1", "zh unlisted.offer.1"),
            *("en keys.person.0", "es keys.person.0", "zh keys.person.0"),
        ],
    ),
    "silence after the first words is spoken of in every opening language, without the emergency notice": (
        Position("en", "welcome", "s1"),
        [
            *("en retry.silence", "es retry.silence", "zh retry.silence"),
            *("en language.choice.1", "es language.choice.2", "zh language.choice.3"),
            *("en language.unlisted.4", "es language.unlisted.4", "zh language.unlisted.4"),
            *("en keys.person.0", "es keys.person.0", "zh keys.person.0"),
        ],
    ),
    "silence of a returning caller is spoken of in the language of last time": (
        Position("es", "returning-es", "w1"),
        [
            "es retry.wrong",
            "es language.same.1",
            *("es keys.language.2", "en keys.language.2", "zh keys.language.2"),
            "es keys.person.0",
        ],
    ),
    "silence of a silent returning caller in the first words is spoken of in every opening language": (
        Position("es", "welcome", "s1"),
        [
            *("en retry.silence", "es retry.silence", "zh retry.silence"),
            *("en language.choice.1", "es language.choice.2", "zh language.choice.3"),
            *("en language.unlisted.4", "es language.unlisted.4", "zh language.unlisted.4"),
            *("en keys.person.0", "es keys.person.0", "zh keys.person.0"),
        ],
    ),
    "hello in a reviewed language": (Position("en", "hello"), ["en compression-fracture.welcome"]),
    "hello in an unreviewed language says so": (
        Position("es", "begin"),
        ["quiet 1", "es emergency", "es compression-fracture.welcome", "es hello.unreviewed"],
    ),
    "who was here before": (Position("es", "again"), ["es hello.again"]),
    "who was here before and finds other choices": (Position("es", "changed"), ["es hello.again", "es hello.changed"]),
    "the notice": (Position("zh", "notice", origin=CLIP), ["zh hello.unreviewed", "zh notice"]),
    "the key that skips": (Position("zh", "lesson/skip", origin=CLIP), ["zh keys.skip.pound"]),
    "the keys for slower and again": (
        Position("zh", "lesson/again", origin=CLIP),
        ["zh keys.slower.7", "zh keys.again.9"],
    ),
    "the first clip of a section": (
        Position("zh", "compression-fracture/risks/1"),
        ["zh compression-fracture.risks.title", "zh compression-fracture.risks.leak"],
    ),
    "a later clip": (Position("zh", "compression-fracture/risks/2"), ["zh compression-fracture.risks.clot"]),
    "a wrong key at a clip says it again": (
        Position("zh", "compression-fracture/risks/2", "w1"),
        ["zh retry.wrong", "zh compression-fracture.risks.clot", "zh keys.language.8"],
    ),
    "a new try repeats the choices and not the title": (
        Position("en", "compression-fracture/rights/end", "s2"),
        ["en retry.silence", "en end.again.1", "en end.menu.2", "en keys.back.star"],
    ),
    "the first new try at the menu teaches the key for another language": (
        Position("en", MENU, "w1"),
        [
            *("en retry.wrong", "en menu.all.1"),
            *(f"en {CF}.{section}.choice.{key}" for key, section in enumerate(SECTIONS, 2)),
            *("en keys.person.0", "en keys.language.8"),
        ],
    ),
    "the second new try teaches the key that leads back": (
        Position("en", "person/closed", "s2", origin=CLIP),
        ["en retry.silence", "en callback.offer.1", "en callback.return.2", "en keys.back.star"],
    ),
    "a new try in the list of languages does not lead to itself": (
        Position("es", "languages", "w1", origin=MENU),
        [
            *("es retry.wrong", "en language.choice.1", "es language.choice.2", "zh language.choice.3"),
            *("en language.unlisted.4", "es language.unlisted.4", "zh language.unlisted.4"),
            *("en keys.person.0", "es keys.person.0", "zh keys.person.0"),
        ],
    ),
    "a new try at the free number is spoken of in every opening language": (
        Position("en", "optout", "s1"),
        [
            *("en retry.silence", "es retry.silence", "zh retry.silence"),
            *("en optout.offer.1", "es optout.offer.1", "zh optout.offer.1"),
            *("en keys.person.0", "es keys.person.0", "zh keys.person.0"),
        ],
    ),
    "where the key for another language is spoken already, the first new try teaches nothing": (
        Position("en", f"{CF}/reminder/gate", "s1", attempt="17"),
        [
            *("en retry.silence", "en reminder.for-you.1", "en reminder.wrong.4", "en reminder.stop.5"),
            *("en keys.language.8", "en keys.person.0"),
        ],
    ),
    "the end of a section tells that one may hang up": (
        Position("en", "compression-fracture/rights/end"),
        [
            *("en end.title", "en compression-fracture.reviewed", "en end.hang-up"),
            *("en end.again.1", "en end.menu.2"),
        ],
    ),
    "a number that is none is not called a wrong key": (
        Position("en", "callback/enter", "w1"),
        ["en callback.invalid", "en callback.enter.pound"],
    ),
    "goodbye": (Position("es", "goodbye"), ["es goodbye"]),
}


@pytest.mark.parametrize(("position", "expected"), HEARD.values(), ids=HEARD.keys())
def test_what_is_heard(position: Position, expected: list[str]) -> None:
    assert heard(position) == expected


PAGED: dict[str, tuple[Position, list[str]]] = {
    "the second page, which followed by itself": (
        Position("en", "welcome-2", "n"),
        [f"{code} language.choice.{key}" for key, code in enumerate(ALL_LANGUAGES[6:12], 1)],
    ),
    "the second page in the second round": (
        Position("en", "welcome-2", "s1"),
        [f"{code} language.choice.{key}" for key, code in enumerate(ALL_LANGUAGES[6:12], 1)],
    ),
    "the last page": (
        Position("en", "welcome-3"),
        [
            *(f"{code} language.choice.{key}" for key, code in enumerate(ALL_LANGUAGES[12:], 1)),
            *("en language.unlisted.6", "es language.unlisted.6", "zh language.unlisted.6"),
        ],
    ),
    "the first page in the second round says so, and nothing of emergencies": (
        Position("en", "welcome", "s1"),
        [
            *("en retry.silence", "es retry.silence", "zh retry.silence"),
            *(f"{code} language.choice.{key}" for key, code in enumerate(ALL_LANGUAGES[:6], 1)),
            *("en keys.person.0", "es keys.person.0", "zh keys.person.0"),
        ],
    ),
    "a page after a wrong key": (
        Position("en", "welcome-2", "w1"),
        [
            *("en retry.wrong", "es retry.wrong", "zh retry.wrong"),
            *(f"{code} language.choice.{key}" for key, code in enumerate(ALL_LANGUAGES[6:12], 1)),
        ],
    ),
}


@pytest.mark.parametrize(("position", "expected"), PAGED.values(), ids=PAGED.keys())
def test_what_is_heard_on_a_page_of_languages(position: Position, expected: list[str]) -> None:
    assert heard(position, MANY) == expected


OPENING = ("en", "es", "zh")
TOGETHER = (
    *("person", "person/closed", "person/away", "person/unset", "person/done", "callback/enter"),
    *("waiting-1", "waiting-5", "goodbye", "sorry"),
)
IN_TURN = ("callback/number", "callback/saved", "callback/failed")
"""Where a caller can be before a language is chosen, and after it; those that read a number aloud apart."""
EACH_TRY = pytest.mark.parametrize("tries", ["", "s1", "w2"])


def said_in(position: Position) -> dict[str, list[str]]:
    """The clips that are heard at a position, by their language."""
    clips = [each.split() for each in heard(position, caller="21", clinic="9") if not each.startswith("quiet")]
    return {code: [clip for language, clip in clips if language == code] for code in dict(clips)}


@EACH_TRY
@pytest.mark.parametrize("name", TOGETHER)
def test_m11_until_a_language_is_chosen_all_is_said_in_each_opening_language(name: str, tries: str) -> None:
    for origin in ("welcome", "unlisted", "optout"):
        said = said_in(Position("es", name, tries, origin=origin))
        assert list(said) == [*OPENING]
        assert said == dict.fromkeys(OPENING, said["en"])


@EACH_TRY
@pytest.mark.parametrize("name", [*TOGETHER, *IN_TURN])
def test_once_a_language_is_chosen_all_is_said_in_it_alone(name: str, tries: str) -> None:
    assert list(said_in(Position("es", name, tries, origin=MENU))) == ["es"]


@EACH_TRY
@pytest.mark.parametrize("origin", ["welcome", "unlisted", "optout"])
@pytest.mark.parametrize("name", IN_TURN)
def test_m11_where_a_number_is_read_aloud_the_opening_languages_follow_one_another(
    name: str, origin: str, tries: str
) -> None:
    first = Position("en", name, tries, origin=origin)
    turns = keep_silent(first, 2, LINE)
    assert turns == [replace(first, language=code) for code in OPENING]
    said = [said_in(turn) for turn in turns]
    assert [list(each) for each in said] == [["en"], ["es"], ["zh"]]
    assert said[0]["en"] == said[1]["es"] == said[2]["zh"]
    assert [count_wait(LINE, turn) for turn in turns] == [4, 4, 0]


def test_after_the_last_of_them_a_new_try_begins_with_the_first_and_after_two_tries_comes_the_waiting() -> None:
    start = Position("en", "callback/number", origin="welcome")
    turns = keep_silent(start, 9, LINE)
    assert [(turn.language, turn.tries) for turn in turns[:-1]] == [
        (code, tries) for tries in ("", "s1", "s2") for code in OPENING
    ]
    assert turns[-1] == Position("en", "waiting-1", origin="welcome")


IN_TURN_WALKS = {
    "after a key what is said begins with the first of them, since none is chosen": (
        Position("zh", "callback/number", origin="welcome"),
        "1",
        Position("en", "callback/saved", origin="welcome"),
    ),
    "and then goes on with the next": (
        Position("zh", "callback/number", origin="welcome"),
        "1 -",
        Position("es", "callback/saved", origin="welcome"),
    ),
    "a wrong key is a try in that language": (
        Position("es", "callback/number", origin="welcome"),
        "3",
        Position("es", "callback/number", "w1", origin="welcome"),
    ),
    "a remembered language that is not among the first words is heard before them": (
        Position("vi", "callback/number", origin="welcome"),
        "-",
        Position("en", "callback/number", origin="welcome"),
    ),
    "the language in whose turn one leaves is not chosen by that": (WELCOME, "# # 6 1 - - * * *", Position("en", MENU)),
    "who has chosen one, and comes back from there, is told the notice in the language that they now hear": (
        spanish("callback/number", origin="unlisted"),
        "- * * * 2",
        Position("en", "notice", origin=f"{CF}/prep/1"),
    ),
    "one who has chosen a language hears no other": (
        Position("es", "callback/number", origin=MENU),
        "-",
        Position("es", "callback/number", "s1", origin=MENU),
    ),
}


@pytest.mark.parametrize(("start", "presses", "end"), IN_TURN_WALKS.values(), ids=IN_TURN_WALKS.keys())
def test_a_walk_where_the_opening_languages_follow_one_another(start: Position, presses: str, end: Position) -> None:
    assert walk(start, presses, MANY) == end


@pytest.mark.parametrize(
    ("position", "wait"),
    [
        (WELCOME, 4),
        (Position("en", "welcome-3"), 0),
        (Position("en", "hello"), 1),
        (AT_CLIP, 2),
        (AT_MENU, 0),
        (Position("es", "callback/number", origin=MENU), 0),
        (Position("es", "callback/enter", origin="welcome"), 10),
    ],
)
def test_how_many_seconds_a_key_is_waited_for(position: Position, wait: int) -> None:
    assert count_wait(MANY, position) == wait


@pytest.mark.parametrize(
    ("position", "chosen"),
    [
        (WELCOME, False),
        (Position("en", "welcome-2"), False),
        (UNLISTED, False),
        (Position("en", "person/closed", origin="welcome-3"), False),
        (Position("en", "callback/saved", origin="unlisted"), False),
        (Position("en", "languages", origin="welcome"), False),
        (Position("en", "optout"), False),
        (Position("en", "person/closed", origin="optout"), False),
        (Position("es", "returning-es"), True),
        (Position("es", "begin"), True),
        (Position("es", "languages", origin=MENU), True),
        (Position("es", "person/closed", origin=CLIP), True),
        (Position("es", "person/closed"), True),
    ],
)
def test_m11_who_has_chosen_a_language(position: Position, chosen: bool) -> None:
    assert has_chosen(position) is chosen


def test_a_number_is_read_aloud_in_groups_with_quiet_between() -> None:
    assert heard(Position("es", "callback/saved"), caller="212 55") == [
        "es callback.saved",
        *("quiet 1", "es digit.2", "es digit.1", "es digit.2"),
        *("quiet 1", "es digit.5", "es digit.5"),
        "es callback.return.1",
    ]


def test_the_clinics_number_is_read_aloud_after_words_of_its_own() -> None:
    assert heard(Position("en", "callback/failed"), clinic="9") == [
        *("en callback.failed", "en callback.call-us", "quiet 1", "en digit.9"),
        *("en callback.offer.1", "en callback.return.2"),
    ]


def test_a_clinic_without_a_number_is_not_spoken_of() -> None:
    assert heard(Position("en", "callback/failed"), caller="9") == [
        "en callback.failed",
        "en callback.offer.1",
        "en callback.return.2",
    ]


def test_an_utterance_is_named_after_its_prompt_and_its_key() -> None:
    assert [Utterance("menu.all", key).id for key in ("", "1", "*", "#")] == [
        "menu.all",
        "menu.all.1",
        "menu.all.star",
        "menu.all.pound",
    ]


# --- Places that the line does not have ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("position", "words"),
    [
        (Position("vi", "welcome"), "no node 'welcome' in 'vi'"),
        (Position("en", "nowhere"), "no node 'nowhere' in 'en'"),
        (Position("en", "person", origin="nowhere"), "no place 'nowhere' to come back to"),
        (Position("en", "person", origin="hello"), "no place 'hello' to come back to"),
        (Position("en", "person", origin="goodbye"), "no place 'goodbye' to come back to"),
    ],
)
def test_a_place_that_the_line_does_not_have_is_refused(position: Position, words: str) -> None:
    with pytest.raises(UnknownPlaceError, match=f"^{words}$"):
        check_position(LINE, position)


def test_a_place_that_the_line_has_is_given_back() -> None:
    position = Position("es", "person", "s1", slow=True, origin=CLIP, number="sealed")
    assert check_position(LINE, position) is position


# --- Whatever a caller does ------------------------------------------------------------------------------------------

LINES = {"shipped": LINE, "only English": ONLY_ENGLISH, "every language": EVERYONE, "two procedures": TWO}
OUTCOMES = {
    Act.CONNECT: ("person/closed", "person/away", "person/unset", "person/done"),
    Act.CONFIRM: ("callback/number", "callback/enter"),
    Act.SAVE: ("callback/saved", "callback/failed", "callback/enter"),
}
"""Where the rim may lead a call at each act: what the exchange does with an open office, a hidden number, a failure."""
REMINDERS = tuple(
    Position(code, f"{CF}/reminder/{name}", attempt="17")
    for code in ("en", "es")
    for name in ("gate", "menu", "voicemail")
)
"""Where a call of the clinic begins, and where it goes on once the person has said that it is for them."""


def outcomes(line: Line, name: str) -> tuple[str, ...]:
    """The nodes to which the rim may lead a call from one that it does not speak at; none where it speaks."""
    node = line.node(name)
    if node.act is Act.RECORD and node.silence:
        return node.silence.to, node.failure
    return OUTCOMES.get(node.act, ())


MOST_SILENCES = 45
"""Everything (26 clips), what is told once, a menu, a person, five waits: with room to spare, far from for ever."""


PATIENT = SILENCE * 10 + KEYS
"""What a caller does who often listens, and so comes far into a section."""


@st.composite
def calls(
    draw: st.DrawFn, line: str = "", starts: tuple[Position, ...] = (), presses: str = SILENCE + KEYS
) -> tuple[str, list[Position]]:
    """The name of a line, and a call through it: any entry, any keys and silences, anything that the rim may do."""
    name = line or draw(st.sampled_from(sorted(LINES)))
    table = LINES[name]
    dialed = draw(st.sampled_from(["", SPANISH_NUMBER, OPT_OUT_NUMBER]))
    choices = draw(st.sampled_from(["", sign_choices(table, "en"), "of last year"]))
    remembered = draw(st.sampled_from([None, *(LastCall(code, choices) for code in (*table.languages, "xx"))]))
    positions = [draw(st.sampled_from(starts or (entry(table, dialed=dialed, remembered=remembered),)))]
    for press in draw(st.lists(st.sampled_from(presses), max_size=40)):
        here = positions[-1]
        if table.node(here.node).act is Act.HANG_UP:
            break
        there = after_silence(table, here) if press == SILENCE else after_key(table, here, press)
        led = outcomes(table, there.node)
        positions.append(there.at(draw(st.sampled_from(led))) if led else there)
    return name, positions


@given(calls() | calls("shipped", REMINDERS))
def test_no_call_ever_leaves_the_line(call: tuple[str, list[Position]]) -> None:
    line, positions = LINES[call[0]], call[1]
    for position in positions:
        assert check_position(line, position) is position


@given(calls() | calls("shipped", REMINDERS))
def test_something_is_said_wherever_a_call_comes(call: tuple[str, list[Position]]) -> None:
    line, positions = LINES[call[0]], call[1]
    for position in positions:
        said = [item for item in speech(line, position, {}) if isinstance(item, Said)]
        assert said
        assert {item.language for item in said} <= set(line.languages)


@pytest.fixture(scope="module")
def words() -> Words:
    return shipped_words()


@pytest.mark.parametrize("code", ALL_LANGUAGES)
@settings(max_examples=30)
@given(data=st.data())
def test_in_every_language_a_call_finds_words_wherever_it_comes(code: str, words: Words, data: st.DataObject) -> None:
    first = (*GREETINGS, MENU, "unlisted", "optout", f"{CF}/reminder/gate", f"{CF}/reminder/menu")
    starts = tuple(Position(code, node) for node in first)
    _, positions = data.draw(calls("every language", starts))
    for position in positions:
        assert check_position(EVERYONE, position) is position
        said = [item for item in speech(EVERYONE, position, {}) if isinstance(item, Said)]
        assert said
        for item in said:
            text = words.text(item.language, item.utterance)
            assert text.strip()
            assert not set("{}") & set(text)


def hear_notice(told_in: str, before: Position, here: Position) -> str:
    """The language in which a caller has heard the notice to its end since they last heard another; "" for none."""
    if before.node == "notice" and here.node == "lesson/skip":
        told_in = here.language
    return told_in if told_in == here.language else ""


def list_untold(line: Line, positions: list[Position]) -> list[Position]:
    """The clips that a caller comes to who has not heard the notice in the language that they hear."""
    told_in = ""
    untold = []
    for before, here in pairwise(positions):
        told_in = hear_notice(told_in, before, here)
        untold += [here] if line.node(here.node).clip and not told_in else []
    return untold


def list_moves(line: Line, position: Position) -> Iterator[Position]:
    """Wherever silence and each key that works can lead; the pace and the tries, which change no way, apart."""
    keys = [key for key in line.node(position.node).keys if key != "7"]
    for there in (after_silence(line, position), *(after_key(line, position, key) for key in keys)):
        for name in outcomes(line, there.node) or (there.node,):
            yield replace(there, node=name, tries="")


def test_no_order_of_keys_at_all_leads_to_a_section_without_the_notice_in_the_language_that_is_heard() -> None:
    line = build_line(TOPICS, Plan(("en", "es"), ("en", "es"), frozenset({"es"})))
    starts = [entry(line), Position("es", "begin"), Position("es", "returning-es"), Position("en", "renewed-en")]
    seen = {(start, "") for start in starts}
    waiting = deque(seen)
    untold: set[Position] = set()
    while waiting:
        position, told_in = waiting.popleft()
        for there in list_moves(line, position):
            state = there, hear_notice(told_in, position, there)
            if line.node(there.node).clip and not state[1]:
                untold.add(there)
            elif state not in seen:
                seen.add(state)
                waiting.append(state)
    assert untold == set()
    assert {position.node for position, _ in seen} >= {
        name for name, node in line.nodes.items() if "/reminder/" not in name and node.clip
    }


@given(calls("two procedures", presses=PATIENT) | calls("shipped", presses=PATIENT))
def test_nobody_hears_a_section_without_the_notice_in_the_language_that_they_hear(
    call: tuple[str, list[Position]],
) -> None:
    assert list_untold(LINES[call[0]], call[1]) == []


@pytest.mark.parametrize("code", ALL_LANGUAGES)
@settings(max_examples=60)
@given(data=st.data())
def test_in_every_language_nobody_hears_a_section_without_the_notice(code: str, data: st.DataObject) -> None:
    first = (*GREETINGS, MENU, f"returning-{code}", f"renewed-{code}", "languages", "welcome")
    starts = tuple(Position(code, node) for node in first)
    _, positions = data.draw(calls("every language", starts, PATIENT))
    assert list_untold(EVERYONE, positions) == []
    assert {position.told for position in positions if EVERYONE.node(position.node).clip} <= {Told.NOTICE, Told.KEYS}


def test_that_property_sees_a_clip_without_a_notice_and_a_notice_in_another_language() -> None:
    told = [NOTICE, walk(NOTICE, "-"), walk(NOTICE, "- -"), walk(NOTICE, "- - -"), walk(NOTICE, "- - - -")]
    assert list_untold(LINE, told) == []
    assert list_untold(LINE, [AT_MENU, AT_CLIP]) == [AT_CLIP]
    assert list_untold(LINE, [NOTICE, AT_CLIP]) == [AT_CLIP]
    in_english = replace(AT_CLIP, language="en")
    assert list_untold(LINE, [*told, in_english, AT_CLIP]) == [in_english, AT_CLIP]


@given(calls())
def test_whoever_falls_silent_anywhere_comes_to_the_goodbye(call: tuple[str, list[Position]]) -> None:
    line, positions = LINES[call[0]], call[1]
    position, silences = positions[-1], 0
    while line.node(position.node).act is not Act.HANG_UP:
        position = at_night(after_silence(line, position), line)
        silences += 1
        assert silences <= MOST_SILENCES
    assert position.node in ("goodbye", "optout/stopped", "optout/goodbye")


def test_silence_after_a_stop_that_could_not_be_kept_ends_with_the_goodbye_of_that_call() -> None:
    position, silences = Position("en", "optout/failed"), 0
    while LINE.node(position.node).act is not Act.HANG_UP:
        position = after_silence(LINE, position)
        silences += 1
        assert silences <= MOST_SILENCES
    assert position.node == "optout/goodbye"


@given(calls("shipped", REMINDERS))
def test_a_call_of_the_clinic_ends_by_itself_too_when_nobody_presses_a_key(call: tuple[str, list[Position]]) -> None:
    position, silences = call[1][-1], 0
    while LINE.node(position.node).act is not Act.HANG_UP:
        position = at_night(after_silence(LINE, position), LINE)
        silences += 1
        assert silences <= MOST_SILENCES


@given(calls("shipped", REMINDERS))
def test_every_move_of_a_reminder_keeps_which_attempt_the_call_is(call: tuple[str, list[Position]]) -> None:
    assert {position.attempt for position in call[1]} == {"17"}


@given(calls())
def test_no_call_that_comes_in_is_ever_taken_for_an_attempt(call: tuple[str, list[Position]]) -> None:
    assert {position.attempt for position in call[1]} == {""}


@given(calls() | calls("shipped", REMINDERS), st.sampled_from("7890*"))
def test_wherever_hello_has_been_heard_a_taught_key_is_never_a_wrong_one(
    call: tuple[str, list[Position]], key: str
) -> None:
    line, positions = LINES[call[0]], call[1]
    for number, position in enumerate(positions):
        node = line.node(position.node)
        hello_heard = any(earlier.node in GREETINGS for earlier in positions[:number])
        before_hello = node.id.startswith(("welcome", "returning", "renewed", "optout")) or (
            node.id == "unlisted" and not hello_heard
        )
        if node.act in (Act.LISTEN, Act.CONFIRM) and not before_hello:
            assert after_key(line, position, key).tries == ""


@pytest.mark.parametrize("key", [*"7890*"])
def test_who_comes_from_a_clip_to_the_language_that_is_not_here_keeps_the_taught_keys(key: str) -> None:
    assert after_key(LINE, walk(AT_CLIP, "8 4"), key).tries == ""
