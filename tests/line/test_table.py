"""The table of the shipped line, of one with many languages and of one with two procedures: what leads where.

What the calls of the clinic add to it is in `test_reminder.py`.
"""

from dataclasses import replace

import pytest

from ivr.line import phrases
from ivr.line.languages import LANGUAGES
from ivr.line.nodes import (
    GREETINGS,
    HERE,
    ONWARD,
    ORIGIN,
    START,
    Act,
    Choice,
    Line,
    Move,
    Node,
    Number,
    Pause,
    SectionClip,
    Spoken,
    Told,
)
from ivr.line.table import Plan, build_line
from ivr.line.topics import Section, Topic
from tests.topics import SHIPPED_TOPICS

TOPICS = SHIPPED_TOPICS
CF = "compression-fracture"
LINE = build_line(TOPICS, Plan(("en", "es", "zh"), ("en", "es", "zh"), frozenset({"es", "zh"})))
ALL_LANGUAGES = tuple(LANGUAGES)
PAGES = len(ALL_LANGUAGES) // 6 + 1
"""How many pages of six they fill, with the one that is not here as the last item."""
MANY = build_line(TOPICS, Plan(ALL_LANGUAGES, ("en", "es", "zh")))


def a_second_topic() -> Topic:
    """The shipped topic under another id: content is data, so another file is another procedure."""
    (first,) = TOPICS
    sections = tuple(
        Section(part.id, part.title, part.choice, tuple(replace(clip, id=f"knee.{clip.id}") for clip in part.clips))
        for part in first.sections
    )
    choice = replace(first.choice, id="knee.choice", text="For the knee, press {key}.")
    return replace(first, id="knee", choice=choice, sections=sections)


TWO = build_line((*TOPICS, a_second_topic()), Plan(("en", "es"), ("en", "es")))


def offers(node: Node) -> list[tuple[str, str, str]]:
    """Each spoken choice: its key, the prompt that speaks it, and where it leads."""
    return [(choice.key, choice.prompt.id, choice.move.to) for choice in node.choices]


def prompts(node: Node) -> list[str]:
    return [item.prompt.id if isinstance(item, Spoken) else repr(item) for item in node.says]


# --- The first words -------------------------------------------------------------------------------------------------


def test_a_call_begins_with_a_quiet_second_and_the_emergency_notice_in_the_first_language_only() -> None:
    assert LINE.node("welcome").says == (Pause(1), Spoken(phrases.EMERGENCY, language="en"))


def test_each_language_is_offered_in_itself_then_one_that_is_not_here_and_a_person_in_each_opening_language() -> None:
    assert [(choice.key, choice.prompt.id, choice.language) for choice in LINE.node("welcome").choices] == [
        ("1", "language.choice", "en"),
        ("2", "language.choice", "es"),
        ("3", "language.choice", "zh"),
        ("4", "language.unlisted", "en"),
        ("4", "language.unlisted", "es"),
        ("4", "language.unlisted", "zh"),
        ("0", "keys.person", "en"),
        ("0", "keys.person", "es"),
        ("0", "keys.person", "zh"),
    ]


@pytest.mark.parametrize(("name", "first"), [("welcome", "hello"), ("languages", "begin")])
def test_m7_where_the_emergency_notice_was_just_said_in_a_language_it_is_not_said_again(name: str, first: str) -> None:
    moves = MANY.node(name).keys
    assert {key: (moves[key].to, moves[key].language) for key in "123456"} == {
        "1": (first, "en"),
        "2": ("begin", "es"),
        "3": ("begin", "zh"),
        "4": ("begin", "yue"),
        "5": ("begin", "vi"),
        "6": ("begin", "ko"),
    }


@pytest.mark.parametrize("name", ["welcome", "languages"])
def test_the_languages_and_the_one_not_here_fill_pages_of_six_and_pound_and_silence_go_round(name: str) -> None:
    items = [*ALL_LANGUAGES, "unlisted"]
    pages = [node for node in MANY.nodes.values() if node.id.split("-")[0] == name]
    offered = [{key: move.language or move.to for key, move in page.keys.items() if key in "123456"} for page in pages]
    assert offered == [dict(zip("123456", items[at : at + 6], strict=False)) for at in range(0, len(items), 6)]
    names = [name, *(f"{name}-{number}" for number in range(2, PAGES + 1))]
    following = [*names[1:], name]
    assert [page.id for page in pages] == names
    assert [page.keys["#"] for page in pages] == [Move(page) for page in following]
    assert [page.next_page for page in pages] == following
    assert [page.page_before for page in pages] == ["", *names[:-1]]


def test_a_page_is_waited_at_for_four_seconds_and_the_last_one_as_long_as_anywhere() -> None:
    pages = [node for node in MANY.nodes.values() if node.id.split("-")[0] == "welcome"]
    assert [page.wait for page in pages] == [*[4] * (PAGES - 1), 0]
    assert LINE.node("welcome").wait == 0


def test_pound_is_not_spoken_of_on_any_page_since_silence_turns_them() -> None:
    pages = [node for node in MANY.nodes.values() if node.next_page]
    assert len(pages) == 2 * PAGES
    assert [choice for page in pages for choice in page.choices if choice.key == "#"] == []


@pytest.mark.parametrize("name", ["welcome", "languages"])
def test_a_person_is_offered_in_each_opening_language_at_the_end_of_the_first_page_only(name: str) -> None:
    first, *rest = [node for node in MANY.nodes.values() if node.id.split("-")[0] == name]
    assert [(choice.prompt.id, choice.language) for choice in first.choices[-3:]] == [
        ("keys.person", "en"),
        ("keys.person", "es"),
        ("keys.person", "zh"),
    ]
    assert [choice for page in rest for choice in page.choices if choice.key == "0"] == []
    assert {page.keys["0"] for page in (first, *rest)} == {Move("person", leave=True)}


def test_one_page_of_languages_has_no_pound_key_and_silence_there_is_a_new_try() -> None:
    node = LINE.node("welcome")
    assert "#" not in node.keys
    assert (node.next_page, node.page_before, node.silence) == ("", "", None)


def test_only_the_first_page_speaks_of_emergencies() -> None:
    first, *rest = [node for node in MANY.nodes.values() if node.id.split("-")[0] == "welcome"]
    assert (first.id, first.says) == ("welcome", (Pause(1), Spoken(phrases.EMERGENCY, language="en")))
    assert rest
    assert [page.id for page in rest if page.says] == []


@pytest.mark.parametrize(
    ("count", "pages", "key"), [(1, 1, "2"), (3, 1, "4"), (5, 1, "6"), (6, 2, "1"), (11, 2, "6"), (12, 3, "1")]
)
@pytest.mark.parametrize("name", ["welcome", "languages"])
def test_one_that_is_not_here_is_the_last_item_so_six_languages_need_a_second_page(
    name: str, count: int, pages: int, key: str
) -> None:
    line = build_line(TOPICS, Plan(ALL_LANGUAGES[:count], ("en",)))
    menu = [node for node in line.nodes.values() if node.id.split("-")[0] == name]
    assert [node.id for node in menu] == [name, f"{name}-2", f"{name}-3"][:pages]
    assert [list(node.keys.values()).count(Move("unlisted")) for node in menu] == [*[0] * (pages - 1), 1]
    assert max(pressed for pressed in menu[-1].keys if pressed in "123456") == key
    assert menu[-1].keys[key] == Move("unlisted")


# --- A language that is not here -------------------------------------------------------------------------------------


def test_a_language_that_is_not_here_hears_of_a_call_back_and_a_person_in_each_opening_language() -> None:
    node = LINE.node("unlisted")
    assert node.says == tuple(Spoken(phrases.UNLISTED_TITLE, language=code) for code in ("en", "es", "zh"))
    assert [(choice.key, choice.prompt.id, choice.language) for choice in node.choices] == [
        ("1", "unlisted.offer", "en"),
        ("1", "unlisted.offer", "es"),
        ("1", "unlisted.offer", "zh"),
        ("0", "keys.person", "en"),
        ("0", "keys.person", "es"),
        ("0", "keys.person", "zh"),
    ]
    assert node.keys["1"] == Move("callback/number", leave=True)
    assert node.keys["0"] == Move("person", leave=True)


@pytest.mark.parametrize("code", ALL_LANGUAGES)
def test_in_the_opening_language_alone_a_language_that_is_not_here_is_spoken_to(code: str) -> None:
    node = build_line(TOPICS, Plan(ALL_LANGUAGES, (code,))).node("unlisted")
    spoken = [item for item in (*node.says, *node.choices) if isinstance(item, Spoken | Choice)]
    assert [(item.prompt.id, item.key, item.language) for item in spoken] == [
        ("unlisted.title", "", code),
        ("unlisted.offer", "1", code),
        ("keys.person", "0", code),
    ]


def test_a_language_that_is_not_here_leads_to_a_person_and_is_a_place_to_come_back_to() -> None:
    node = LINE.node("unlisted")
    assert (node.act, node.silence, node.gives_up, node.place) == (Act.LISTEN, None, "person", True)


@pytest.mark.parametrize(("name", "greeting"), [("returning-es", "again"), ("renewed-es", "changed")])
def test_a_returning_caller_is_asked_in_the_language_of_last_time(name: str, greeting: str) -> None:
    node = LINE.node(name)
    assert node.says == (Pause(1), Spoken(phrases.EMERGENCY, language="es"))
    assert [(choice.key, choice.prompt.id, choice.language, choice.move.to) for choice in node.choices] == [
        ("1", "language.same", "es", greeting),
        ("2", "keys.language", "es", "welcome"),
        ("2", "keys.language", "en", "welcome"),
        ("2", "keys.language", "zh", "welcome"),
        ("0", "keys.person", "es", "person"),
    ]
    assert (node.silence, node.keys["#"]) == (Move("welcome"), Move(ORIGIN))


def test_each_language_has_a_greeting_of_its_own_for_who_was_here_before() -> None:
    greetings = [name for name in MANY.nodes if name.startswith(("returning-", "renewed-"))]
    assert greetings == [f"{word}-{code}" for code in ALL_LANGUAGES for word in ("returning", "renewed")]


# --- Hello -----------------------------------------------------------------------------------------------------------

GREETING_PROMPTS = {
    "hello": ["compression-fracture.welcome", "hello.unreviewed"],
    "begin": ["Pause(seconds=1)", "emergency", "compression-fracture.welcome", "hello.unreviewed"],
    "again": ["hello.again"],
    "changed": ["hello.again", "hello.changed"],
}


@pytest.mark.parametrize(("name", "expected"), GREETING_PROMPTS.items())
def test_a_greeting_says_who_we_are_and_no_key_and_the_menu_follows_in_a_second(name: str, expected: list[str]) -> None:
    node = LINE.node(name)
    assert prompts(node) == expected
    assert {item.key for item in node.says if isinstance(item, Spoken)} == {""}
    assert (node.choices, node.silence, node.wait) == ((), Move(ORIGIN), 1)
    assert {key: node.keys[key] for key in "7890*#"} == {
        "7": Move(HERE, toggle_pace=True),
        "8": Move("languages", leave=True),
        "9": Move(HERE),
        "0": Move("person", leave=True),
        "*": Move("languages"),
        "#": Move(ORIGIN),
    }


def test_a_number_of_one_language_says_hello_after_the_emergency_notice() -> None:
    assert LINE.node("begin").says == (Pause(1), Spoken(phrases.EMERGENCY), *LINE.node("hello").says)


def test_only_callers_in_unreviewed_languages_are_told_so() -> None:
    (told,) = [item for item in LINE.node("hello").says if isinstance(item, Spoken) and item.only is not None]
    assert (told.prompt, told.key, told.only) == (phrases.UNREVIEWED, "", frozenset({"es", "zh"}))


@pytest.mark.parametrize("name", GREETINGS)
def test_the_choices_of_the_menu_work_during_every_greeting(name: str) -> None:
    menu, hello = LINE.node(f"{CF}/menu"), LINE.node(name)
    assert {key: hello.keys[key] for key in "123456"} == {key: menu.keys[key] for key in "123456"}


# --- What is told once, before and after the first clip --------------------------------------------------------------


def test_before_the_first_section_the_notice_is_told_and_pound_does_not_skip_it() -> None:
    node = LINE.node("notice")
    assert (prompts(node), node.choices) == (["hello.unreviewed", "notice"], ())
    assert (node.keys["#"], node.silence, node.wait) == (Move(HERE), Move("lesson/skip"), 1)
    assert (node.tells, node.place) == (Told.NOTICE, False)
    assert phrases.NOTICE.facts == ("N1", "N2")


def test_after_the_notice_the_key_that_skips_is_taught_and_the_section_follows() -> None:
    node = LINE.node("lesson/skip")
    assert node.says == (Spoken(phrases.SKIP, "#"),)
    assert (node.choices, node.keys["#"], node.silence, node.wait) == ((), Move(ORIGIN), Move(ORIGIN), 1)


def test_after_the_first_clip_the_keys_for_slower_and_again_are_taught_and_lead_back_to_it() -> None:
    node = LINE.node("lesson/again")
    assert node.says == ()
    assert [(choice.key, choice.prompt.id, choice.move) for choice in node.choices] == [
        ("7", "keys.slower", Move(ORIGIN, toggle_pace=True)),
        ("9", "keys.again", Move(ORIGIN)),
    ]
    assert (node.keys["#"], node.silence, node.wait) == (Move(ONWARD), Move(ONWARD), 2)


@pytest.mark.parametrize("name", ["notice", "lesson/skip", "lesson/again"])
def test_from_what_is_told_once_star_leads_to_where_the_language_begins_and_zero_to_a_person(name: str) -> None:
    node = LINE.node(name)
    assert (node.keys["*"], node.keys["0"]) == (Move(START), Move("person", leave=True))
    assert node.keys["8"] == Move("languages", leave=True)


def test_nothing_but_the_notice_counts_as_what_must_be_told() -> None:
    assert {name: node.tells for name, node in LINE.nodes.items() if node.tells} == {"notice": Told.NOTICE}


# --- The menu and the sections ---------------------------------------------------------------------------------------


def test_the_menu_offers_everything_then_the_five_sections_in_order_then_a_person() -> None:
    assert prompts(LINE.node(f"{CF}/menu")) == ["menu.title"]
    assert offers(LINE.node(f"{CF}/menu")) == [
        ("1", "menu.all", f"{CF}/all/overview/1"),
        ("2", f"{CF}.prep.choice", f"{CF}/prep/1"),
        ("3", f"{CF}.during.choice", f"{CF}/during/1"),
        ("4", f"{CF}.after.choice", f"{CF}/after/1"),
        ("5", f"{CF}.risks.choice", f"{CF}/risks/1"),
        ("6", f"{CF}.rights.choice", f"{CF}/rights/1"),
        ("0", "keys.person", "person"),
    ]


SECTIONS = {
    "prep": ["medicines", "which-medicines", "fasting", "ride"],
    "during": ["anesthesia", "asleep", "numbing", "cement", "vertebroplasty", "kyphoplasty", "finish"],
    "after": ["lifting", "discomfort", "watching", "home"],
    "risks": ["leak", "clot", "infection", "other-bones"],
    "rights": ["decide", "plan", "learn"],
}


def followed(line: Line, start: str) -> list[Node]:
    """The nodes from `start` on that go on by themselves, and the one at which they come to rest."""
    nodes = [line.node(start)]
    while nodes[-1].silence:
        nodes.append(line.node(nodes[-1].silence.to))
    return nodes


@pytest.mark.parametrize(("section", "clips"), SECTIONS.items())
def test_a_section_says_its_title_and_then_its_clips_in_order(section: str, clips: list[str]) -> None:
    *played, end = followed(LINE, f"{CF}/{section}/1")
    assert [prompts(node)[-1] for node in played] == [f"{CF}.{section}.{clip}" for clip in clips]
    assert [prompts(node)[:-1] for node in played] == [[f"{CF}.{section}.title"], *[[]] * (len(clips) - 1)]
    assert [node.clip for node in played] == [SectionClip(CF, section, number) for number in range(1, len(clips) + 1)]
    assert end.id == f"{CF}/{section}/end"


def test_everything_is_the_opening_and_then_the_five_sections() -> None:
    *played, end = followed(LINE, f"{CF}/all/overview/1")
    expected = {"overview": ["what", "cause", "when", "benefit"], **SECTIONS}
    assert [prompts(node)[-1] for node in played] == [
        f"{CF}.{section}.{clip}" for section, clips in expected.items() for clip in clips
    ]
    assert end.id == f"{CF}/all/end"


@pytest.mark.parametrize("node", [node for node in LINE.nodes.values() if node.clip], ids=lambda node: node.id)
def test_at_every_clip_the_same_keys_work(node: Node) -> None:
    call = f"{CF}/reminder/" if "/reminder/" in node.id else ""
    assert node.keys == {
        "7": Move(HERE, toggle_pace=True),
        "8": Move(f"{call}languages", leave=True),
        "9": Move(HERE),
        "0": Move("person", leave=True),
        "*": Move(f"{call or f'{CF}/'}menu"),
        "#": node.silence,
    }
    assert node.place


NEXT = {"prep": "during", "during": "after", "after": "risks", "risks": "rights"}


@pytest.mark.parametrize(("section", "following"), NEXT.items())
def test_after_a_section_one_hears_it_again_the_next_one_or_the_menu(section: str, following: str) -> None:
    end = LINE.node(f"{CF}/{section}/end")
    assert prompts(end) == ["end.title", f"{CF}.reviewed", "end.hang-up"]
    assert offers(end) == [
        ("1", "end.again", f"{CF}/{section}/1"),
        ("2", f"{CF}.{following}.choice", f"{CF}/{following}/1"),
        ("3", "end.menu", f"{CF}/menu"),
    ]
    assert end.keys["#"] == Move(f"{CF}/{following}/1")


def test_after_the_last_section_there_is_no_next_one_and_pound_leads_to_the_menu() -> None:
    end = LINE.node(f"{CF}/rights/end")
    assert prompts(end) == ["end.title", f"{CF}.reviewed", "end.hang-up"]
    assert offers(end) == [("1", "end.again", f"{CF}/rights/1"), ("2", "end.menu", f"{CF}/menu")]
    assert end.keys["#"] == Move(f"{CF}/menu")


def test_after_everything_one_hears_it_again_or_the_menu_or_talks_to_a_person() -> None:
    end = LINE.node(f"{CF}/all/end")
    assert prompts(end) == ["end.all", f"{CF}.reviewed", "end.hang-up"]
    assert offers(end) == [
        ("1", "end.all-again", f"{CF}/all/overview/1"),
        ("2", "end.menu", f"{CF}/menu"),
        ("0", "keys.person", "person"),
    ]


# --- Two procedures --------------------------------------------------------------------------------------------------


def test_one_procedure_needs_no_menu_of_procedures() -> None:
    assert "procedures" not in LINE.nodes
    assert set(LINE.starts.values()) == {f"{CF}/menu"}
    assert LINE.node(f"{CF}/menu").keys["*"] == Move("languages")


def test_a_second_topic_file_turns_on_the_menu_of_procedures() -> None:
    procedures = TWO.node("procedures")
    assert set(TWO.starts.values()) == {"procedures"}
    assert prompts(procedures) == ["procedures.title"]
    assert offers(procedures) == [
        ("1", f"{CF}.choice", f"{CF}/menu"),
        ("2", "knee.choice", "knee/menu"),
        ("0", "keys.person", "person"),
    ]
    assert procedures.place


def test_back_leads_from_each_menu_to_the_procedures_and_from_there_to_the_languages() -> None:
    assert [TWO.node(name).keys["*"] for name in (f"{CF}/menu", "knee/menu", "procedures")] == [
        Move("procedures"),
        Move("procedures"),
        Move("languages"),
    ]


@pytest.mark.parametrize("name", GREETINGS)
def test_with_two_procedures_their_keys_work_during_every_greeting(name: str) -> None:
    hello = TWO.node(name)
    assert {key: move.to for key, move in hello.keys.items() if key in "123456"} == {
        "1": f"{CF}/menu",
        "2": "knee/menu",
    }


# --- A person, calling back, leaving ---------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["closed", "away", "unset"])
def test_where_no_person_can_be_reached_one_may_be_called_back_or_return(reason: str) -> None:
    node = LINE.node(f"person/{reason}")
    assert prompts(node) == [f"person.{reason}"]
    assert offers(node) == [("1", "callback.offer", "callback/number"), ("2", "callback.return", ORIGIN)]
    assert node.gives_up == "waiting-1"


def test_the_number_is_read_aloud_before_it_is_confirmed() -> None:
    node = LINE.node("callback/number")
    assert (node.act, node.says) == (Act.CONFIRM, (Spoken(phrases.CALL_BACK_NUMBER), Number.CALLER))
    assert node.reads_aloud
    assert offers(node) == [
        ("1", "callback.right", "callback/save"),
        ("2", "callback.other", "callback/enter"),
    ]


def test_while_a_number_is_keyed_in_only_zero_star_and_pound_are_keys() -> None:
    assert set(LINE.node("callback/enter").keys) == {"0", "*", "#"}


def test_a_request_that_could_not_be_saved_can_be_tried_again_and_the_clinic_is_named() -> None:
    node = LINE.node("callback/failed")
    assert node.says == (Spoken(phrases.CALL_BACK_FAILED), Number.CLINIC)
    assert offers(node) == [("1", "callback.offer", "callback/save"), ("2", "callback.return", ORIGIN)]


def test_the_last_waits_add_up_to_five_minutes_and_end_in_goodbye() -> None:
    waits = followed(LINE, "waiting-1")
    assert [node.id for node in waits] == [*(f"waiting-{number}" for number in range(1, 6)), "goodbye"]
    assert sum(node.wait for node in waits) == 300
    assert waits[-1].act is Act.HANG_UP


def test_acts_beside_listening_stand_where_the_rim_expects_them() -> None:
    came_in = {name: node for name, node in LINE.nodes.items() if "/reminder/" not in name and "optout" not in name}
    assert {name: node.act for name, node in came_in.items() if node.act is not Act.LISTEN} == {
        "person": Act.CONNECT,
        "callback/number": Act.CONFIRM,
        "callback/enter": Act.KEY_IN,
        "callback/save": Act.SAVE,
        "goodbye": Act.HANG_UP,
    }


READ_ALOUD = {
    "callback/number",
    "callback/saved",
    "callback/failed",
    "optout/failed",
    f"{CF}/reminder/gate",
    f"{CF}/reminder/voicemail",
    f"{CF}/reminder/appointment",
    f"{CF}/reminder/menu",
    f"{CF}/reminder/confirmed",
    f"{CF}/reminder/failed",
    f"{CF}/reminder/unread",
}


def test_where_a_number_a_day_or_a_time_is_read_aloud_the_words_are_of_one_call() -> None:
    assert {name for name, node in LINE.nodes.items() if node.reads_aloud} == READ_ALOUD


def test_the_plan_of_the_clinic_is_kept_in_the_line() -> None:
    fixed, opt_out = {"+12125550123": "es"}, "+18005550123"
    line = build_line(TOPICS, Plan(("en", "es"), ("es",), fixed=fixed, opt_out=opt_out))
    assert (line.languages, line.opening, line.fixed, line.opt_out) == (("en", "es"), ("es",), fixed, opt_out)
    assert line.node("welcome").says == (Pause(1), Spoken(phrases.EMERGENCY, language="es"))
