"""The calls of the clinic: what is heard first, where each key leads, what is saved, and how each call ends."""

from dataclasses import replace

import pytest

from ivr.line import phrases
from ivr.line import reminder_phrases as say
from ivr.line.flow import after_key, after_silence
from ivr.line.lint_input import Evidence, LintInput
from ivr.line.nodes import (
    HERE,
    ORIGIN,
    Act,
    Choice,
    Line,
    Move,
    Node,
    Number,
    Pause,
    Position,
    Reply,
    Spoken,
    When,
    WrongAnswer,
)
from ivr.line.reminder import name_gate, name_voicemail
from ivr.line.table import Plan, build_line
from ivr.line.topics import Section, Topic
from tests.line.test_flow import LINE, OPT_OUT_NUMBER, WELCOME, heard, walk
from tests.line.test_table import ALL_LANGUAGES, CF, MANY, TWO, offers, prompts
from tests.line.wordings import TOPICS

CALL = f"{CF}/reminder"
(TOPIC,) = TOPICS


def at(name: str, **more: str) -> Position:
    """A Spanish call at one of the nodes of a reminder."""
    return Position("es", f"{CALL}/{name}", attempt="17", **more)  # type: ignore[arg-type]


def back_to(name: str, origin: str) -> Position:
    """The same call at a node of the whole line, from which one comes back to a node of the reminder."""
    return Position("es", name, origin=f"{CALL}/{origin}", attempt="17")


# --- Before anybody has said whom the call is for --------------------------------------------------------------------


def test_a_reminder_begins_at_the_gate_for_a_person_and_at_the_voicemail_for_a_machine() -> None:
    assert (name_gate("knee"), name_voicemail("knee")) == ("knee/reminder/gate", "knee/reminder/voicemail")
    case = LintInput(TWO, TOPICS, Evidence(lambda *_: "", lambda *_: None))
    assert case.reminders == [name_gate(CF), name_voicemail(CF), name_gate("knee"), name_voicemail("knee")]


def test_c3_the_first_words_are_the_clinic_and_its_number() -> None:
    assert heard(at("gate"), ours="212 55", clinic="9") == [
        *("quiet 1", "es reminder.hello", "es reminder.number"),
        *("quiet 1", "es digit.2", "es digit.1", "es digit.2", "quiet 1", "es digit.5", "es digit.5"),
        *("es reminder.for-you.1", "es reminder.wrong.4", "es reminder.stop.5", "es keys.language.8"),
        "es keys.person.0",
    ]


def test_the_keys_of_the_gate_mean_what_they_mean_in_the_menu_so_two_are_left_out() -> None:
    node, menu = LINE.node(f"{CALL}/gate"), LINE.node(f"{CALL}/menu")
    assert offers(node) == [
        ("1", "reminder.for-you", f"{CALL}/appointment"),
        ("4", "reminder.wrong", f"{CALL}/wrong"),
        ("5", "reminder.stop", f"{CALL}/stop"),
        ("8", "keys.language", f"{CALL}/languages"),
        ("0", "keys.person", "person"),
    ]
    shared = node.keys.keys() & menu.keys.keys() - {"1"}
    assert shared == set("457890*")
    assert {key: node.keys[key] for key in shared} == {key: menu.keys[key] for key in shared}
    assert node.place


@pytest.mark.parametrize("key", [*"236#"])
def test_a_key_that_the_gate_leaves_out_is_a_new_try(key: str) -> None:
    assert after_key(LINE, at("gate"), key) == at("gate", tries="w1")


def test_h2_a_machine_hears_the_clinic_its_number_and_the_number_that_stops_the_calls() -> None:
    node = LINE.node(f"{CALL}/voicemail")
    assert (node.act, node.keys) == (Act.HANG_UP, {})
    assert node.says == (Pause(1), Spoken(say.MESSAGE), Number.CLINIC, Spoken(say.STOP_BY_PHONE), Number.OPT_OUT)
    assert heard(at("voicemail"), clinic="9", opt_out="8") == [
        *("quiet 1", "es voicemail.hello", "es callback.call-us", "quiet 1", "es digit.9"),
        *("es voicemail.stop", "quiet 1", "es digit.8"),
    ]


def test_the_languages_of_a_reminder_are_one_list_of_six_and_lead_back_to_where_one_was() -> None:
    node = MANY.node(f"{CALL}/languages")
    assert [(choice.key, choice.prompt.id, choice.language, choice.move.to) for choice in node.choices] == [
        *((str(key), "language.choice", code, ORIGIN) for key, code in enumerate(ALL_LANGUAGES[:6], 1)),
        *(("0", "keys.person", code, "person") for code in ("en", "es", "zh")),
    ]
    assert {key: node.keys[key].language for key in "123456"} == dict(zip("123456", ALL_LANGUAGES, strict=False))


def test_the_opening_languages_are_among_the_six_wherever_they_stand() -> None:
    line = build_line(TOPICS, Plan(ALL_LANGUAGES, ("fa", "en")))
    offered = [choice.language for choice in line.node(f"{CALL}/languages").choices if choice.key != "0"]
    assert offered == ["fa", "en", *[code for code in ALL_LANGUAGES if code not in ("fa", "en")][:4]]


# --- Where keys and silence lead -------------------------------------------------------------------------------------

WALKS: dict[str, tuple[Position, str, Position]] = {
    "one says that the call is for them": (at("gate"), "1", at("appointment")),
    "the appointment goes on to its menu by itself": (at("gate"), "1 -", at("menu")),
    "pound skips what is told of the appointment": (at("appointment"), "#", at("menu")),
    "one confirms before the menu is heard": (at("appointment"), "1", at("confirmed")),
    "two asks for a change before that": (at("appointment"), "2", at("change-saved")),
    "three leads to the notice before that": (at("appointment"), "3", at("notice")),
    "four says there too that the number is wrong": (at("appointment"), "4", at("wrong-saved")),
    "five stops the calls there too": (at("appointment"), "5", at("stopped")),
    "nine and star tell the appointment again": (at("appointment"), "9 *", at("appointment")),
    "zero there leads to a person and two back": (at("appointment"), "0 2", at("appointment")),
    "another language tells the appointment in it, while it is told": (
        at("appointment"),
        "8 1",
        replace(at("appointment"), language="en"),
    ),
    "a wrong number is saved and said": (at("gate"), "4", at("wrong-saved")),
    "five stops the calls": (at("gate"), "5", at("stopped")),
    "nine says the gate again": (at("gate"), "- 9", at("gate")),
    "star at the gate says it again too": (at("gate"), "*", at("gate")),
    "seven slows the gate down": (at("gate"), "7", replace(at("gate"), slow=True)),
    "three silences at the gate are answered like a machine": (
        at("gate"),
        "- - -",
        at("voicemail", origin=name_gate(CF)),
    ),
    "three wrong keys at the gate lead to a person": (at("gate"), "2 2 2", back_to("person/closed", "gate")),
    "zero at the gate leads to a person": (at("gate"), "0", back_to("person/closed", "gate")),
    "two at the closed office leads back to the gate": (at("gate"), "0 2", at("gate")),
    "eight at the gate remembers it": (at("gate"), "8", at("languages", origin=name_gate(CF))),
    "another language leads back to the gate": (at("gate"), "8 3", replace(at("gate"), language="zh")),
    "star in the languages leads back to the gate": (at("gate"), "8 *", at("gate")),
    "silence in the languages waits": (at("gate"), "8 - - -", back_to("waiting-1", "gate")),
    "one confirms": (at("menu"), "1", at("confirmed")),
    "two asks for a change": (at("menu"), "2", at("change-saved")),
    "three leads to the notice": (at("menu"), "3", at("notice")),
    "and then tells how to prepare": (at("menu"), "3 -", at("prep/1")),
    "pound cannot skip the notice": (at("notice"), "# #", at("notice")),
    "nine says the notice again": (at("notice"), "9", at("notice")),
    "a digit there is a wrong key": (at("notice"), "3", at("notice", tries="w1")),
    "three of them lead to a person, and from there back to the notice": (at("notice"), "3 3 3 2", at("notice")),
    "star leaves the notice for the menu": (at("notice"), "*", at("menu")),
    "another language hears the notice in it": (at("notice"), "8 1", replace(at("notice"), language="en")),
    "four says at the menu too that the number is wrong": (at("menu"), "4", at("wrong-saved")),
    "five stops the calls from the menu too": (at("menu"), "5", at("stopped")),
    "nine says the menu again": (at("menu"), "9", at("menu")),
    "another language tells the appointment in it": (
        at("menu"),
        "8 1",
        replace(at("appointment"), language="en"),
    ),
    "another language at a question begins with the notice too": (
        at("check/eating-again"),
        "8 1",
        replace(at("notice"), language="en"),
    ),
    "zero at the menu leads to a person and two back": (at("menu"), "0 2", at("menu")),
    "three silences at the menu wait": (at("menu"), "- - -", back_to("waiting-1", "menu")),
    "one ends the waiting": (at("menu"), "- - - 1", at("menu")),
    "after confirming one hears the notice and how to prepare": (at("confirmed"), "1 -", at("prep/1")),
    "after confirming two goes back to the appointment": (at("confirmed"), "2", at("appointment")),
    "after confirming three silences are a goodbye": (
        at("confirmed"),
        "- - -",
        replace(at("goodbye"), origin=at("confirmed").node),
    ),
    "after a change one goes back to the appointment": (at("change-saved"), "1", at("appointment")),
    "the preparation goes on by itself to its end": (at("prep/1"), "- - - -", at("prep/end")),
    "pound skips a clip": (at("prep/2"), "#", at("prep/3")),
    "star leaves the preparation for the appointment": (at("prep/2"), "*", at("menu")),
    "another language begins the preparation with its notice": (
        at("prep/2"),
        "8 1",
        replace(at("notice"), language="en"),
    ),
    "the same language leads back to the clip": (at("prep/2"), "8 2", at("prep/2")),
    "star in the languages leads back to the clip": (at("prep/2"), "8 *", at("prep/2")),
    "another language at the end of the preparation tells the notice too": (
        at("prep/end"),
        "8 1",
        replace(at("notice"), language="en"),
    ),
    "one hears the preparation again": (at("prep/end"), "1", at("prep/1")),
    "two asks the questions": (at("prep/end"), "2", at("check")),
    "three goes back to the appointment": (at("prep/end"), "3", at("appointment")),
    "the right number of hours is right": (at("check"), "6", at("check/eating-right")),
    "another number is wrong and the part is heard again": (at("check"), "4", at("check/eating-again")),
    "no hours at all are wrong too": (at("check"), "0", at("check/eating-again")),
    "star leaves the question": (at("check"), "*", at("prep/end")),
    "pound asks it again": (at("check"), "#", at("check")),
    "no answer leaves the questions": (at("check"), "-", at("prep/end")),
    "the first answer goes on to the second question": (at("check"), "6 -", at("check/ride")),
    "a wrong first answer goes on too": (at("check"), "9 -", at("check/ride")),
    "somebody else drives": (at("check/ride"), "1", at("check/ride-right")),
    "one who drives alone hears the part again": (at("check/ride"), "2", at("check/ride-again")),
    "so does one who does not know": (at("check/ride"), "3", at("check/ride-again")),
    "the questions end": (at("check/ride"), "1 -", at("check/end")),
    "after the questions one goes back to the appointment": (at("check/end"), "1", at("appointment")),
}


@pytest.mark.parametrize(("start", "presses", "end"), WALKS.values(), ids=WALKS.keys())
def test_a_walk(start: Position, presses: str, end: Position) -> None:
    assert walk(start, presses) == end


PASSED_THROUGH = ("confirmed", "change-saved", "check/eating-right", "check/ride", "check/ride-again", "check/end")


@pytest.mark.parametrize(
    "presses", ["8 1", "8 *", "0 2", "0 *"], ids=["language", "star", "person", "star at a person"]
)
@pytest.mark.parametrize("name", PASSED_THROUGH)
def test_after_another_language_or_a_person_one_is_still_in_the_reminder(name: str, presses: str) -> None:
    assert walk(at(name), presses).node.startswith(f"{CALL}/")


# --- The appointment -------------------------------------------------------------------------------------------------


DAY = ["es date.weekday.2", "es date.month.3", "es date.day.3"]
TIME = ["es time.hour.14", "es time.part.14"]


def heard_of_tuesday(position: Position) -> list[str]:
    """What is heard where the appointment is on a Tuesday, in three days."""
    day, time = ("date.weekday.2 date.month.3 date.day.3", "time.hour.14 time.part.14")
    return heard(position, day=day, time=time, away="away.days.3")


def test_the_appointment_is_told_as_a_day_and_a_time_and_how_far_off_it_is() -> None:
    assert heard_of_tuesday(at("appointment")) == [
        "es hello.unreviewed",
        *("es reminder.day", *DAY, "es reminder.time", *TIME, "es away.days.3"),
    ]


def test_the_menu_says_the_day_and_the_time_once_more_and_then_its_choices() -> None:
    assert heard_of_tuesday(at("menu")) == [
        *("es reminder.repeat", *DAY, *TIME),
        *("es reminder.confirm.1", "es reminder.change.2", f"es {CF}.prep.choice.3", "es reminder.wrong.4"),
        *("es reminder.stop.5", "es keys.person.0"),
    ]


def test_who_confirms_hears_the_day_the_time_and_how_far_off_it_is_again() -> None:
    assert heard_of_tuesday(at("confirmed")) == [
        *("es reminder.confirmed", *DAY, *TIME, "es away.days.3"),
        *(f"es {CF}.prep.choice.1", "es reminder.appointment.2"),
    ]


def test_where_the_rim_knows_no_day_and_no_time_none_is_told() -> None:
    said = [clip for name in ("appointment", "menu", "confirmed") for clip in heard(at(name))]
    assert [clip for clip in said if clip.startswith(("es date.", "es time.", "es away."))] == []
    assert heard(at("appointment"))[1:] == ["es reminder.day", "es reminder.time"]


def test_only_in_unreviewed_languages_is_it_said_that_a_computer_translated() -> None:
    told = [
        [clip for clip in heard(replace(at("appointment"), language=code)) if "unreviewed" in clip]
        for code in ("en", "zh")
    ]
    assert told == [[], ["zh hello.unreviewed"]]


def test_the_keys_of_the_menu_mean_the_same_while_the_appointment_is_told_and_it_follows_in_a_second() -> None:
    node, menu = LINE.node(f"{CALL}/appointment"), LINE.node(f"{CALL}/menu")
    assert {key: move for key, move in node.keys.items() if key != "#"} == menu.keys
    assert (node.choices, node.silence, node.keys["#"]) == ((), Move(menu.id), Move(menu.id))
    assert (node.wait, node.place, menu.place) == (1, True, True)


def test_a_new_try_says_the_choices_and_not_the_appointment_again() -> None:
    said = heard_of_tuesday(at("menu", tries="s1"))
    assert said[:2] == ["es retry.silence", "es reminder.confirm.1"]
    assert said[-2:] == ["es keys.person.0", "es keys.language.8"]
    # Star says the menu again, so nobody is told that it leads back.
    assert heard_of_tuesday(at("menu", tries="s2"))[-2:] == ["es reminder.stop.5", "es keys.person.0"]


# --- What is saved ---------------------------------------------------------------------------------------------------

RECORDED: dict[str, tuple[Reply | WrongAnswer, str, str]] = {
    "confirm": (Reply.CONFIRM, "confirmed", "failed"),
    "change": (Reply.CHANGE, "change-saved", "failed"),
    "wrong": (Reply.WRONG_NUMBER, "wrong-saved", "failed"),
    "stop": (Reply.STOP, "stopped", "failed"),
    "check/eating-wrong": (WrongAnswer("eating"), "check/eating-again", "check/eating-again"),
    "check/ride-wrong": (WrongAnswer("ride"), "check/ride-again", "check/ride-again"),
}


def test_c7_each_reply_is_saved_in_silence_before_it_is_spoken_of_and_a_failure_is_told() -> None:
    found = {name: node for name, node in LINE.nodes.items() if name.startswith(CALL) and node.act is Act.RECORD}
    assert found == {
        f"{CALL}/{name}": Node(
            f"{CALL}/{name}",
            act=Act.RECORD,
            records=reply,
            silence=Move(f"{CALL}/{saved}"),
            failure=f"{CALL}/{failed}",
        )
        for name, (reply, saved, failed) in RECORDED.items()
    }


def test_every_reply_is_recorded_somewhere_and_nothing_is_recorded_elsewhere() -> None:
    recorded = {node.records for node in LINE.nodes.values() if node.act is Act.RECORD}
    assert recorded == {*Reply, WrongAnswer("eating"), WrongAnswer("ride")}
    assert [name for name, node in LINE.nodes.items() if node.records and node.act is not Act.RECORD] == []


ENDINGS = {
    "voicemail": ["es voicemail.hello", "es voicemail.stop"],
    "wrong-saved": ["es reminder.wrong-saved", "es reminder.goodbye"],
    "stopped": ["es reminder.stopped", "es reminder.goodbye"],
    "unread": ["es sorry", "es reminder.goodbye"],
    "failed": ["es reminder.failed", "es reminder.goodbye"],
    "goodbye": ["es reminder.goodbye"],
}


@pytest.mark.parametrize(("name", "words"), ENDINGS.items())
def test_how_a_reminder_ends(name: str, words: list[str]) -> None:
    assert LINE.node(f"{CALL}/{name}").act is Act.HANG_UP
    assert [clip for clip in heard(at(name)) if not clip.startswith("quiet")] == words


def test_a_reminder_ends_in_no_other_way_of_its_own() -> None:
    ends = {name for name, node in LINE.nodes.items() if name.startswith(CALL) and node.act is Act.HANG_UP}
    assert ends == {f"{CALL}/{name}" for name in ENDINGS}


def test_an_appointment_that_cannot_be_read_is_told_so_with_the_clinics_number() -> None:
    assert heard(at("unread"), clinic="9") == [
        *("es sorry", "es callback.call-us", "quiet 1", "es digit.9", "es reminder.goodbye"),
    ]


def test_what_could_not_be_saved_is_told_with_the_clinics_number() -> None:
    assert heard(at("failed"), clinic="9") == [
        *("es reminder.failed", "es callback.call-us", "quiet 1", "es digit.9", "es reminder.goodbye"),
    ]


WAITING = {
    name: node for name, node in LINE.nodes.items() if name.startswith(CALL) and node.choices and node.act is Act.LISTEN
}


@pytest.mark.parametrize("node", WAITING.values(), ids=WAITING.keys())
def test_c6_wherever_a_reminder_waits_a_key_ends_all_calls_at_once_or_after_star(node: Node) -> None:
    position = Position("es", node.id, origin=name_gate(CF), attempt="17")
    assert {walk(position, presses).node for presses in ("5", "* 5")} >= {f"{CALL}/stopped"}


# --- How to prepare, and two questions about it ----------------------------------------------------------------------


def test_before_the_preparation_comes_the_emergency_notice_and_what_must_be_told_once() -> None:
    node = LINE.node(f"{CALL}/notice")
    assert (prompts(node), node.choices) == (["emergency", "notice"], ())
    assert (node.silence, node.keys["#"]) == (Move(f"{CALL}/prep/1"), Move(HERE))
    assert (node.keys["*"], node.wait, node.place) == (Move(f"{CALL}/menu"), 2, True)


def test_nothing_but_the_notice_leads_to_the_preparation_and_what_was_heard_may_be_heard_again() -> None:
    led = {
        name
        for name, node in LINE.nodes.items()
        for move in (*node.keys.values(), *filter(None, [node.silence]))
        if move.to == f"{CALL}/prep/1"
    }
    assert led == {f"{CALL}/notice", f"{CALL}/prep/end"}


def test_the_preparation_begins_with_its_title_and_has_the_clips_of_the_section() -> None:
    clips = TOPIC.section("prep").clips
    said = [prompts(LINE.node(f"{CALL}/prep/{number}")) for number in range(1, len(clips) + 1)]
    assert said == [[f"{CF}.prep.title", clips[0].id], *([clip.id] for clip in clips[1:])]


def test_at_the_end_of_the_preparation_one_hears_it_again_answers_questions_or_goes_back() -> None:
    node = LINE.node(f"{CALL}/prep/end")
    assert prompts(node) == ["end.title", f"{CF}.reviewed"]
    assert offers(node) == [
        ("1", "end.again", f"{CALL}/prep/1"),
        ("2", "check.offer", f"{CALL}/check"),
        ("3", "reminder.appointment", f"{CALL}/appointment"),
    ]
    assert (node.gives_up, node.place) == (f"{CALL}/goodbye", True)


@pytest.mark.parametrize(("hours", "digits"), [(1, 1), (6, 1), (9, 1), (10, 2), (12, 2)])
def test_the_answer_has_as_many_keys_as_the_clinics_hours_and_every_other_number_is_wrong(
    hours: int, digits: int
) -> None:
    line = build_line(TOPICS, Plan(("en",), ("en",), values={f"{CF}.fasting": hours}))
    node = line.node(f"{CALL}/check")
    assert (node.act, node.digits, node.otherwise) == (Act.COUNT, digits, Move(f"{CALL}/check/eating-wrong"))
    asked = Position("en", node.id, attempt="17")
    numbers = [str(number).zfill(digits) for number in range(10**digits)]
    right = [number for number in numbers if after_key(line, asked, number).node == f"{CALL}/check/eating-right"]
    wrong = [number for number in numbers if after_key(line, asked, number).node == f"{CALL}/check/eating-wrong"]
    assert (right, len(wrong)) == ([str(hours)], 10**digits - 1)


def test_a_wrong_answer_is_no_wrong_key_and_is_never_blamed() -> None:
    answered = after_key(LINE, at("check"), "7")
    assert (answered.tries, answered.slow) == ("", False)  # where a number is asked for, seven is a number


@pytest.mark.parametrize(
    ("node", "clip"),
    [("check/eating-again", f"{CF}.prep.fasting"), ("check/ride-again", f"{CF}.prep.ride")],
)
def test_after_a_wrong_answer_the_clip_is_heard_that_carries_the_fact(node: str, clip: str) -> None:
    assert heard(at(node)) == ["es check.listen", f"es {clip}"]


def test_the_questions_are_heard_in_order() -> None:
    assert heard(at("check")) == ["es check.title", f"es {CF}.question.eating"]
    assert heard(at("check/eating-right")) == ["es check.right"]
    assert heard(at("check/ride")) == [
        f"es {CF}.question.ride",
        *(f"es {CF}.question.ride.{key}" for key in ("someone.1", "myself.2", "unsure.3")),
    ]
    assert heard(at("check/end")) == ["es end.hang-up", "es reminder.appointment.1"]


def line_without(fact: str) -> Line:
    """The line of a clinic whose topic says nothing of this fact in its preparation."""
    sections = tuple(
        replace(part, clips=tuple(replace(clip, facts=tuple(set(clip.facts) - {fact})) for clip in part.clips))
        for part in TOPIC.sections
    )
    return build_line([replace(TOPIC, sections=sections)], Plan(("en",), ("en",)))


@pytest.mark.parametrize("fact", ["P3", "P5"])
def test_nothing_is_asked_that_the_preparation_does_not_say(fact: str) -> None:
    with pytest.raises(ValueError, match=f"{CF}: no clip of prep carries {fact}, which is asked"):
        line_without(fact)


def test_where_a_topic_asks_nothing_the_preparation_ends_without_an_offer_to_ask() -> None:
    line = build_line([replace(TOPIC, questions=())], Plan(("en",), ("en",)))
    assert [name for name in line.nodes if "/check" in name] == []
    assert offers(line.node(f"{CALL}/prep/end")) == [
        ("1", "end.again", f"{CALL}/prep/1"),
        ("2", "reminder.appointment", f"{CALL}/appointment"),
    ]


def test_a_topic_without_a_preparation_has_no_reminders() -> None:
    line = build_line([replace(TOPIC, reminders="", questions=())], Plan(("en",), ("en",)))
    assert [name for name in line.nodes if "/reminder/" in name] == []
    assert "optout" in line.nodes


def test_a_preparation_that_nothing_offers_is_refused_when_the_line_is_built() -> None:
    def opening(part: Section) -> Section:
        return replace(part, choice=None) if part.id == "prep" else part

    silent: Topic = replace(TOPIC, sections=tuple(map(opening, TOPIC.sections)))
    with pytest.raises(ValueError, match=f"{CF}: the section prep has no words that offer it"):
        build_line([silent], Plan(("en",), ("en",)))


def test_with_two_topics_each_has_reminders_of_its_own() -> None:
    own, others = ([name for name in TWO.nodes if name.startswith(f"{topic}/reminder/")] for topic in (CF, "knee"))
    assert [name.replace(CF, "knee") for name in own] == others
    knee = [node for name, node in TWO.nodes.items() if name.startswith("knee/reminder/")]
    assert [node.id for node in knee if any(move.to.startswith(CF) for move in node.keys.values())] == []


# --- The free number that stops the calls ----------------------------------------------------------------------------


def test_the_free_number_speaks_in_every_opening_language_and_offers_one_key() -> None:
    assert heard(Position("en", "optout")) == [
        *("quiet 1", "en emergency", "es emergency", "zh emergency"),
        *("en optout.title", "es optout.title", "zh optout.title"),
        *("en optout.offer.1", "es optout.offer.1", "zh optout.offer.1"),
        *("en keys.person.0", "es keys.person.0", "zh keys.person.0"),
    ]


def test_one_key_saves_the_stop_and_only_then_says_so_in_every_opening_language() -> None:
    save = LINE.node("optout/save")
    assert (save.act, save.records, save.says) == (Act.RECORD, Reply.STOP, ())
    assert (save.silence, save.failure) == (Move("optout/stopped"), "optout/failed")
    assert after_key(LINE, Position("en", "optout"), "1") == Position("en", "optout/save")
    assert after_silence(LINE, Position("en", "optout/save")) == Position("en", "optout/stopped")
    assert heard(Position("en", "optout/stopped")) == [f"{code} reminder.stopped" for code in ("en", "es", "zh")]


def test_a_stop_that_could_not_be_saved_is_told_with_the_clinics_number() -> None:
    """In one language after the other, and then the call ends."""
    position = Position("en", "optout/failed")
    for language in ("en", "es", "zh"):
        assert heard(position, clinic="9") == [
            f"{language} reminder.failed",
            f"{language} callback.call-us",
            "quiet 1",
            f"{language} digit.9",
        ]
        position = after_silence(LINE, position)
    assert position.node == "optout/goodbye"


@pytest.mark.parametrize("name", ["optout/stopped", "optout/goodbye"])
def test_the_call_to_the_free_number_ends_there(name: str) -> None:
    assert LINE.node(name).act is Act.HANG_UP


def test_zero_at_the_free_number_leads_to_a_person_and_back() -> None:
    start = Position("en", "optout")
    assert walk(start, "0") == Position("en", "person/closed", origin="optout")
    assert walk(start, "0 2") == start
    assert walk(start, "- - -") == Position("en", "waiting-1", origin="optout")


def test_a_line_without_a_free_number_has_the_node_all_the_same_but_leads_nobody_there() -> None:
    line = build_line(TOPICS, Plan(("en",), ("en",)))
    assert (line.opt_out, "optout" in line.nodes) == ("", True)
    assert (LINE.opt_out, WELCOME.node) == (OPT_OUT_NUMBER, "welcome")


# --- What nodes are made of ------------------------------------------------------------------------------------------


def test_where_nothing_is_said_otherwise_a_node_takes_one_key_records_nothing_and_leads_nowhere_else() -> None:
    node = Node("any", (Spoken(phrases.GOODBYE),), (Choice("1", phrases.AGAIN, Move(HERE)),))
    assert (node.digits, node.otherwise, node.records, node.failure, node.reads_aloud) == (1, None, None, "", False)


@pytest.mark.parametrize("item", [*Number, *When])
def test_a_number_a_day_or_a_time_makes_the_words_differ_from_call_to_call(item: Number | When) -> None:
    assert Node("any", (Spoken(phrases.GOODBYE), item)).reads_aloud


def test_a_number_that_nobody_knows_is_not_read_aloud_and_only_the_clinics_has_words_of_its_own() -> None:
    spoken = {which: heard_of(which) for which in Number}
    assert spoken == {
        Number.CALLER: ["quiet 1", "en digit.1", "en digit.2"],
        Number.CLINIC: ["en callback.call-us", "quiet 1", "en digit.1", "en digit.2"],
        Number.OURS: ["quiet 1", "en digit.1", "en digit.2"],
        Number.OPT_OUT: ["quiet 1", "en digit.1", "en digit.2"],
    }
    assert [heard_of(which, "") for which in Number] == [[], [], [], []]


def heard_of(which: Number, digits: str = "12") -> list[str]:
    node = Node("any", (which,), act=Act.HANG_UP)
    line = Line({"any": node}, ("en",), ("en",), {"en": "any"}, {"": phrases.WHISPER})
    return heard(Position("en", "any"), line, **{which.name.lower(): digits})
