"""A reminder call from the first word to the goodbye: what is said to whom, and what is kept before it is said."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from werkzeug.test import TestResponse

from ivr.errors import StoreError, UnspokenError
from ivr.line.languages import LANGUAGES
from ivr.line.neutral import forbidden_in
from ivr.line.nodes import Position
from ivr.line.speech import Said
from ivr.voice.call_handler import CallHandler
from tests.conftest import ROOT
from tests.line.test_neutral import stems
from tests.line.test_table import TWO
from tests.line.wordings import TOPICS
from tests.voice.caller import BASE, CLINIC, LINE_NUMBER, PATIENT, SID, TOPIC, Caller
from tests.voice.reminding import (
    CALL,
    FREE,
    NEW_YORK,
    Answering,
    FakeAttempts,
    NamingVoice,
    Remind,
    Reminding,
    at,
    digits,
    ends,
    keyed,
    keyed_at_once,
    onward,
    spoken,
    waits,
)

KEYS = "0123456789*#"
ALL = " ".join(LANGUAGES)
DOWN = StoreError("The database did not answer within 3 s.")
OTHER = "+12125550199"
IN_YEARS = datetime(2099, 12, 1, 14, 30, tzinfo=NEW_YORK)
SOON = (datetime.now(NEW_YORK) + timedelta(days=3)).replace(hour=14, minute=30, second=0, microsecond=0)
"""Appointments far off and near, whatever the database's clock says."""
MENU_KEYS = [
    *("reminder.confirm.1", "reminder.change.2", f"{TOPIC}.prep.choice.3", "reminder.wrong.4", "reminder.stop.5"),
    "keys.person.0",
]
GATE_KEYS = ["reminder.for-you.1", "reminder.wrong.4", "reminder.stop.5", "keys.language.8", "keys.person.0"]


def in_(language: str, names: list[str]) -> list[str]:
    return [f"{language} {name}" for name in names]


CALL_US = ["es callback.call-us", *digits(CLINIC[2:]), "es reminder.goodbye"]
FAILED = ["es reminder.failed", *CALL_US]
"""What the person asked for was not kept."""
UNREAD = ["es sorry", *CALL_US]
"""They asked for nothing yet: their appointment cannot be told."""


# --- The gate and the appointment ------------------------------------------------------------------------------------


def test_c3_whoever_answers_hears_first_who_calls_and_from_where(remind: Remind) -> None:
    line = remind()
    answer = Answering(line.app).send(at("gate", line.placed()))
    assert spoken(answer) == [
        *in_("es", ["reminder.hello", "reminder.number"]),
        *digits(CLINIC[2:]),
        *in_("es", GATE_KEYS),
    ]


DAYS_AWAY = 8
"""From Monday morning, when these calls are made, to the appointment."""
ORDERS = {
    "en": ["weekday.2", "month.12", "day.1", "hour.14", "minute.30", "part.14"],
    "es": ["weekday.2", "day.1", "month.12", "hour.14", "minute.30", "part.14"],
    "zh": ["month.12", "day.1", "weekday.2", "part.14", "hour.14", "minute.30"],
}


@pytest.mark.parametrize(("language", "order"), ORDERS.items())
def test_h3_key_one_at_the_gate_leads_to_the_day_and_the_time_in_the_languages_own_order(
    remind: Remind, language: str, order: list[str]
) -> None:
    line = remind()
    caller, attempt = Answering(line.app), line.placed(language=language)
    gate = caller.send(at("gate", attempt, language))
    assert not [said for said in spoken(gate) if "date." in said or "time." in said]
    told = caller.send(keyed(gate), Digits="1")
    unreviewed = [] if language == "en" else ["hello.unreviewed"]
    day, time = [f"date.{name}" for name in order[:3]], [f"time.{name}" for name in order[3:]]
    assert spoken(told) == in_(
        language, [*unreviewed, "reminder.day", *day, "reminder.time", *time, f"away.days.{DAYS_AWAY}"]
    )
    menu = caller.send(onward(told))
    assert spoken(menu) == in_(language, ["reminder.repeat", *day, *time, *MENU_KEYS])


def test_the_appointment_is_told_by_the_clinics_clock(remind: Remind) -> None:
    line = remind(OFFICE_TIMEZONE="America/Los_Angeles")
    attempt = line.placed(language="en", at=datetime(2026, 12, 1, 0, 30, tzinfo=NEW_YORK))
    said = spoken(Answering(line.app).send(at("appointment", attempt, "en")))
    assert said[1:4] == in_("en", ["date.weekday.1", "date.month.11", "date.day.30"])
    assert said[5:] == in_("en", ["time.hour.21", "time.minute.30", "time.part.21", f"away.days.{DAYS_AWAY - 1}"])


@pytest.mark.parametrize(
    ("when", "away"),
    [
        (datetime(2026, 11, 23, 16, tzinfo=NEW_YORK), ["away.days.0"]),
        (datetime(2026, 11, 24, 8, tzinfo=NEW_YORK), ["away.days.1"]),
        (datetime(2026, 12, 23, 8, tzinfo=NEW_YORK), ["away.days.30"]),
        (datetime(2026, 12, 24, 8, tzinfo=NEW_YORK), []),
        (datetime(2026, 11, 20, 8, tzinfo=NEW_YORK), []),
    ],
    ids=["today", "tomorrow", "in thirty days", "later", "over"],
)
def test_how_far_off_the_day_is_comes_after_the_time_where_that_can_be_said(
    remind: Remind, when: datetime, away: list[str]
) -> None:
    line = remind()
    line.asks(FakeAttempts(appointment=when))
    said = spoken(Answering(line.app).send(at("appointment", "17")))
    assert [name for name in said if "away" in name] == in_("es", away)
    assert said[-len(away) - 1].startswith("es time.part")


@pytest.mark.parametrize("keys", [("1", "1"), ("1", "-", "1"), ("1", "#", "1")], ids=["ahead", "heard out", "skipped"])
def test_the_keys_of_the_menu_work_already_while_the_appointment_is_told(remind: Remind, keys: tuple[str, ...]) -> None:
    line = remind()
    assert spoken(Answering(line.app).presses(at("gate", line.placed()), *keys))[0] == "es reminder.confirmed"
    assert line.patient().reply == "confirm"


@pytest.mark.parametrize("key", ["1", "4", "5"])
def test_a_double_press_at_the_gate_answers_nothing_about_the_appointment(remind: Remind, key: str) -> None:
    line = remind()
    caller = Answering(line.app)
    told = caller.presses(at("gate", line.placed()), "1")
    again = caller.send(keyed_at_once(told), Digits=key)
    assert again.get_data() == told.get_data()
    assert (line.patient().reply, line.patient().opted_out, line.tasks()) == ("", False, [])


def test_each_attempt_hears_its_own_appointment_at_its_own_address(remind: Remind) -> None:
    line = remind()
    first = line.placed()
    other = line.placed("CA" + "2" * 32, name="autumn", number=OTHER, at=datetime(2027, 1, 6, 9, tzinfo=NEW_YORK))
    for attempt, day in ((first, "es date.day.1"), (other, "es date.day.6"), (first, "es date.day.1")):
        for node in ("gate", "menu"):
            answer = Answering(line.app).send(at(node, attempt))
            assert keyed(answer).endswith(f"/call/key/es/{CALL}/{node}?attempt={attempt}")
        assert [said for said in spoken(answer) if "date.day" in said] == [day]


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("-", ["retry.silence", *MENU_KEYS, "keys.language.8"]),
        ("--", ["retry.silence", *MENU_KEYS]),
        ("6", ["retry.wrong", *MENU_KEYS, "keys.language.8"]),
        ("66", ["retry.wrong", *MENU_KEYS]),
    ],
)
def test_a_new_try_asks_for_a_key_teaches_one_that_leads_elsewhere_and_does_not_say_the_appointment_again(
    remind: Remind, keys: str, words: list[str]
) -> None:
    """Star leads nowhere from here, so it is not taught."""
    line = remind()
    answer = Answering(line.app).presses(at("gate", line.placed()), "1", "-", *keys)
    assert spoken(answer) == in_("es", words)


@pytest.mark.parametrize("key", [*KEYS])
def test_any_key_at_the_gate_is_a_person_and_is_written_down(remind: Remind, key: str) -> None:
    attempts = FakeAttempts()
    line = remind()
    line.asks(attempts)
    Answering(line.app).presses(at("gate", "17"), key)
    assert attempts.happened[0] == "passed 17"


def test_silence_at_the_gate_is_nobody(remind: Remind) -> None:
    attempts = FakeAttempts()
    line = remind()
    line.asks(attempts)
    answer = Answering(line.app).presses(at("gate", "17"), "-", "-", "-")
    assert spoken(answer)[0] == "es voicemail.hello"
    assert attempts.happened == []


# --- A reply is kept before it is spoken of --------------------------------------------------------------------------

WHEN_IT_IS = [*(f"date.{name}" for name in ORDERS["es"][:3]), *(f"time.{name}" for name in ORDERS["es"][3:])]
CONFIRMED = ["reminder.confirmed", *WHEN_IT_IS, f"away.days.{DAYS_AWAY}"]
REPLIES = {
    "1": ("confirm", [*CONFIRMED, f"{TOPIC}.prep.choice.1", "reminder.appointment.2"]),
    "2": ("change", ["reminder.change-saved", "reminder.appointment.1", "keys.person.0"]),
    "4": ("wrong-number", ["reminder.wrong-saved", "reminder.goodbye"]),
    "5": ("stop", ["reminder.stopped", "reminder.goodbye"]),
}
EACH_REPLY = pytest.mark.parametrize("key", REPLIES, ids=[reply for reply, _ in REPLIES.values()])


@EACH_REPLY
def test_c7_a_reply_is_kept_and_then_spoken_of(remind: Remind, key: str) -> None:
    attempts, (reply, words) = FakeAttempts(), REPLIES[key]
    heard: list[str] = []
    line = remind(on={words[0]: lambda: heard.extend(attempts.happened)})
    line.asks(attempts)
    answer = Answering(line.app).send(at("menu", "17").replace("/at/", "/key/"), Digits=key)
    assert heard == [f"{reply} 17", *(["appointment"] if key == "1" else [])]
    assert spoken(answer) == in_("es", words)


@EACH_REPLY
def test_c7_a_reply_that_could_not_be_kept_is_never_spoken_of_as_kept(remind: Remind, key: str) -> None:
    reply, words = REPLIES[key]
    line = remind()
    line.asks(FakeAttempts(failing=frozenset({reply})))
    answer = Answering(line.app).send(at("menu", "17").replace("/at/", "/key/"), Digits=key)
    assert spoken(answer) == FAILED
    assert ends(answer)
    assert words[0] not in [said.utterance.id for said in line.voice.asked]


def test_c7_stop_is_in_the_database_while_its_words_are_made(remind: Remind) -> None:
    found: list[bool] = []
    line: Reminding = remind(
        on={"reminder.stopped": lambda: found.append(line.parts.database.store.staff.opt_outs.is_out(PATIENT))}
    )
    attempt = line.placed()
    assert not line.parts.database.store.staff.opt_outs.is_out(PATIENT)
    Answering(line.app).presses(at("gate", attempt), "5")
    assert found == [True]


@pytest.mark.parametrize(("key", "how"), [("5", "key"), ("4", "wrong number")], ids=["stop", "wrong number"])
def test_c7_stop_and_wrong_number_at_the_gate_end_the_calls_to_that_number_in_every_campaign(
    remind: Remind, key: str, how: str
) -> None:
    line = remind()
    attempt = line.placed(name="spring", at=IN_YEARS)
    line.enrol("autumn", at=IN_YEARS)
    line.enrol("winter", number=OTHER, at=IN_YEARS)
    assert ends(Answering(line.app).presses(at("gate", attempt), key))
    assert line.counts("autumn") == {"opted_out": 2}
    assert line.counts("spring") == {"placed": 1, **({"opted_out": 1} if key == "5" else {"cancelled": 1})}
    assert line.counts("winter") == {"queued": 2}
    assert [(one.number, one.how, one.by) for one in line.parts.database.store.staff.opt_outs.list_opt_outs("ana")] == [
        (PATIENT, how, "the person called")
    ]
    assert line.patient().reply == ("" if key == "5" else "wrong-number")
    assert line.tasks() == ([] if key == "5" else ["wrong_number"])


@pytest.mark.parametrize(("key", "tasks"), [("5", ["near"]), ("4", ["wrong_number"])], ids=["stop", "wrong number"])
def test_who_stops_the_calls_shortly_before_the_appointment_is_reached_by_hand(
    remind: Remind, key: str, tasks: list[str]
) -> None:
    """A wrong number is a task of its own, and nobody there has an appointment: one task is enough."""
    line = remind()
    assert ends(Answering(line.app).presses(at("gate", line.placed(at=SOON)), key))
    assert line.tasks() == tasks


@pytest.mark.parametrize(("key", "reply", "tasks"), [("1", "confirm", []), ("2", "change", ["change"])])
def test_what_is_answered_about_the_appointment_is_in_the_report_however_often_it_is_said(
    remind: Remind, key: str, reply: str, tasks: list[str]
) -> None:
    line = remind()
    caller, attempt = Answering(line.app), line.placed()
    for _ in range(2):
        caller.presses(at("gate", attempt), "1", key)
    assert (line.patient().reply, line.patient().opted_out, line.tasks()) == (reply, False, tasks)


def test_a_change_of_mind_is_the_last_word(remind: Remind) -> None:
    line = remind()
    Answering(line.app).presses(at("gate", line.placed()), "1", "2", "1", "1")
    assert line.patient().reply == "confirm"


# --- Another language, a person, and back ----------------------------------------------------------------------------

PLACES = [((), "gate"), (("1",), "appointment"), (("1", "-"), "menu"), (("1", "3"), "notice")]
"""Keys from the first word on, and where they lead."""


TOLD_AGAIN = {"menu": "appointment"}
"""Where another language leads to what comes before the place: that a computer translated these words was not heard."""


@pytest.mark.parametrize(("before", "node"), PLACES)
def test_another_language_comes_back_to_the_same_place_of_the_same_call(
    remind: Remind, before: tuple[str, ...], node: str
) -> None:
    line = remind()
    attempt, caller = line.placed(), Answering(line.app)
    offered = caller.presses(at("gate", attempt), *before, "8")
    assert spoken(offered) == [
        *("en language.choice.1", "es language.choice.2", "zh language.choice.3"),
        *("en keys.person.0", "es keys.person.0", "zh keys.person.0"),
    ]
    there = caller.send(keyed(offered), Digits="3")
    assert keyed(there) == f"{BASE}/call/key/zh/{CALL}/{TOLD_AGAIN.get(node, node)}?attempt={attempt}"
    assert {said.split()[0] for said in spoken(there)} == {"zh"}
    there = caller.presses(at("gate", attempt), *before, "8", "3", *({"gate": "1", "notice": "*"}.get(node, "9")))
    assert "zh date.day.1" in spoken(there)


@pytest.mark.parametrize(("before", "node"), PLACES)
def test_a_person_who_cannot_be_reached_leads_back_to_the_same_place_of_the_same_call(
    remind: Remind, before: tuple[str, ...], node: str
) -> None:
    line = remind(OFFICE_HOURS="")
    attempt, caller = line.placed(), Answering(line.app)
    closed = caller.presses(at("gate", attempt), *before, "0")
    assert spoken(closed)[0] == "es person.closed"
    assert keyed(caller.send(keyed(closed), Digits="2")) == f"{BASE}/call/key/es/{CALL}/{node}?attempt={attempt}"


def test_a_call_back_is_to_the_person_who_was_called_and_not_to_ourselves(remind: Remind) -> None:
    line = remind(OFFICE_HOURS="")
    Answering(line.app).presses(at("gate", line.placed()), "0", "1", "1")
    assert [one.number for one in line.parts.database.store.staff.calls.list_call_backs(numbers_for="ana")] == [PATIENT]


# --- Attempts that are not ours, and failures of ours ----------------------------------------------------------------

NOT_OURS = ["17", "x" * 300, "' OR 1=1 --", "é"]


@pytest.mark.parametrize("attempt", NOT_OURS)
@pytest.mark.parametrize(("key", "words"), [("1", UNREAD), ("4", FAILED), ("5", FAILED)], ids=["1", "4", "5"])
def test_an_attempt_that_is_not_ours_hears_that_it_failed_and_goodbye(
    remind: Remind, attempt: str, key: str, words: list[str]
) -> None:
    line = remind()
    line.placed()
    answer = Answering(line.app).presses(at("gate", attempt), key)
    assert (spoken(answer), ends(answer)) == (words, True)
    assert line.counts() == {"placed": 1, "queued": 1}
    assert (line.patient().reply, line.patient().opted_out) == ("", False)


@pytest.mark.parametrize("key", ["1", "2", "4"])
def test_without_an_attempt_nothing_is_confirmed_and_nobody_opted_out(remind: Remind, key: str) -> None:
    attempts, line = FakeAttempts(), remind()
    line.asks(attempts)
    answer = Answering(line.app).send(f"/call/key/es/{CALL}/menu", Digits=key)
    assert (spoken(answer), ends(answer)) == (FAILED, True)
    assert attempts.happened == []


@pytest.mark.parametrize(
    "attempts", [FakeAttempts(failing=frozenset({"appointment"})), FakeAttempts(knows=False)], ids=["down", "unknown"]
)
@pytest.mark.parametrize("node", ["appointment", "menu"])
def test_an_appointment_that_cannot_be_read_is_told_with_a_number_to_call(
    remind: Remind, node: str, attempts: FakeAttempts
) -> None:
    line = remind()
    line.asks(attempts)
    answer = Answering(line.app).send(at(node, "17"))
    assert (spoken(answer), ends(answer)) == (UNREAD, True)


def test_c7_a_confirmation_that_was_kept_is_said_even_where_the_day_cannot_be_read_again(remind: Remind) -> None:
    line, attempts = remind(), FakeAttempts(failing=frozenset({"appointment"}))
    line.asks(attempts)
    answer = Answering(line.app).send(at("menu", "17").replace("/at/", "/key/"), Digits="1")
    assert attempts.happened == ["confirm 17", "appointment"]
    assert spoken(answer) == in_("es", ["reminder.confirmed", f"{TOPIC}.prep.choice.1", "reminder.appointment.2"])
    assert waits(answer)


def test_what_only_counts_may_fail_and_the_call_goes_on(remind: Remind) -> None:
    attempts = FakeAttempts(failing=frozenset({"passed", "prepared"}))
    line = remind()
    line.asks(attempts)
    answer = Answering(line.app).presses(at("gate", "17"), "1", "3", "-", "-")
    assert spoken(answer)[0] == f"es {TOPIC}.prep.which-medicines"
    assert [one for one in attempts.happened if one != "appointment"] == ["passed 17", "prepared 17: 1 of 4"]


SORRY = in_("es", ["sorry", "reminder.goodbye"])


@pytest.mark.parametrize(
    ("node", "key", "utterance"),
    [
        ("gate", "", "reminder.hello"),
        ("gate", "1", "reminder.day"),
        ("menu", "1", "reminder.confirmed"),
        ("prep/1", "#", f"{TOPIC}.prep.which-medicines"),
        ("voicemail", "", "voicemail.hello"),
    ],
)
def test_h1_a_failure_of_ours_in_a_reminder_ends_it_and_never_leads_into_the_line(
    remind: Remind, node: str, key: str, utterance: str
) -> None:
    line = remind(faults={utterance: RuntimeError("a bug")})
    path, caller = at(node, line.placed()), Answering(line.app)
    answer = caller.send(path.replace("/at/", "/key/"), Digits=key) if key else caller.send(path)
    assert (spoken(answer), ends(answer), waits(answer)) == (SORRY, True, False)


@pytest.mark.parametrize(
    "path",
    [
        f"/call/at/es/{CALL}/no-such-node?attempt=17",
        f"/call/at/es/{CALL}/gate?attempt=17&tries=s9",
        f"/call/at/es/{CALL}/gate?attempt=17&origin=no-such-node",
        f"/call/no-such-verb/es/{CALL}/gate?attempt=17",
    ],
)
def test_h1_a_place_that_there_is_not_ends_the_reminder_too(remind: Remind, path: str) -> None:
    line = remind()
    answer = Answering(line.app).send(path)
    assert (spoken(answer), ends(answer)) == (SORRY, True)


def test_h1_a_language_that_was_closed_since_ends_the_reminder_in_the_languages_of_the_first_words(
    remind: Remind,
) -> None:
    line = remind()
    answer = Answering(line.app).send(at("gate", line.placed(language="vi"), "vi"))
    each = [[f"{code} sorry", f"{code} reminder.goodbye"] for code in ("en", "es", "zh")]
    assert (spoken(answer), ends(answer)) == ([said for two in each for said in two], True)


def test_h1_a_failure_on_the_way_to_a_person_ends_the_reminder_too(remind: Remind) -> None:
    line = remind(faults={"callback.number": RuntimeError("a bug")}, OFFICE_HOURS="")
    answer = Answering(line.app).presses(at("gate", line.placed()), "0", "1")
    assert (spoken(answer), ends(answer)) == (SORRY, True)


def test_what_cannot_be_spoken_at_all_hands_the_call_over_to_the_clinic(remind: Remind) -> None:
    line = remind(faults={"reminder.hello": UnspokenError("no clip")})
    answer = Answering(line.app).send(at("gate", line.placed()))
    assert spoken(answer) == ["es sorry by the network"]


# --- H1: what is heard by anybody, in every language -----------------------------------------------------------------


def everything(line: Reminding, caller: Caller, *starts: str) -> Iterator[Said]:
    """All that the real documents say from `starts` on, by every key and by silence; but for key one at a gate, and for
    what is on the way to a person."""
    waiting, seen = [(start, "") for start in starts], set()
    while waiting:
        step = path, key = waiting.pop()
        if step in seen or not any(name in path for name in ("/reminder/", "/optout")):
            continue
        seen.add(step)
        line.voice.asked.clear()
        answer = caller.send(path, Digits=key) if key else caller.send(path)
        if "<Dial" in answer.get_data(as_text=True):
            continue
        if waits(answer):
            place = keyed(answer)
            waiting += [(place, each) for each in KEYS if not ("/reminder/gate" in place and each == "1")]
            waiting.append((onward(answer), ""))
        yield from line.voice.asked


def leaks(line: Reminding, said: Said) -> list[str]:
    words = line.parts.content.words.text(said.language, said.utterance)
    return list(forbidden_in(words, stems(said.language), said.language))


def test_h1_neither_the_gate_nor_a_machine_hears_a_word_of_health_in_any_language(remind: Remind) -> None:
    """All that is said before anybody's name is known, from each language on."""
    line = remind(LANGUAGES=ALL)
    assert line.parts.content.line.languages == tuple(LANGUAGES)
    attempt = line.placed()
    starts = [at(node, attempt, language) for language in LANGUAGES for node in ("gate", "voicemail")]
    heard = set(everything(line, Answering(line.app), *starts))
    anywhere = {"reminder.hello", "reminder.stopped", "reminder.wrong-saved", "voicemail.hello", "voicemail.stop"}
    for language in LANGUAGES:
        assert {said.utterance.prompt for said in heard if said.language == language} >= anywhere
    assert {said for said in heard if leaks(line, said)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("settings", [{}, {"OFFICE_HOURS": ""}, {"CLINIC_NUMBER": ""}], ids=["rung", "closed", "unset"])
def test_h1_who_asks_for_a_person_at_the_gate_hears_no_word_of_health_either(
    remind: Remind, settings: dict[str, str], language: str
) -> None:
    line = remind(LANGUAGES=ALL, **settings)
    caller, attempt = Answering(line.app), line.placed(language=language)
    gate = caller.send(at("gate", attempt, language))
    line.voice.asked.clear()
    caller.send(keyed(gate), Digits="0")
    caller.send(at("/person/away", attempt, language, origin=f"{CALL}/gate"))
    assert [said for said in line.voice.asked if leaks(line, said)] == []


def test_h1_the_search_for_words_of_health_would_find_them_behind_the_gate(remind: Remind) -> None:
    line = remind()
    attempt = line.placed()
    assert any(leaks(line, said) for said in everything(line, Answering(line.app), at("menu", attempt)))


def test_h1_the_lists_of_words_are_there_for_every_language() -> None:
    assert {path.parent.name for path in ROOT.glob("locales/*/neutral.toml")} == set(LANGUAGES)


def test_h2_a_machine_hears_who_called_the_number_to_call_and_the_number_that_stops_the_calls(remind: Remind) -> None:
    line = remind()
    answer = Answering(line.app).send(at("voicemail", line.placed()))
    assert spoken(answer) == [
        *in_("es", ["voicemail.hello", "callback.call-us"]),
        *digits(CLINIC[2:]),
        "es voicemail.stop",
        *digits(FREE[2:]),
    ]
    assert ends(answer)


# --- Before how to prepare -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", ["13", "1-3", "111", "1-3#", "1-3##", "1-39"])
def test_what_to_do_in_an_emergency_and_the_notice_come_before_the_section_whatever_is_pressed(
    remind: Remind, keys: str
) -> None:
    line = remind()
    caller = Answering(line.app)
    told = caller.presses(at("gate", line.placed()), *keys)
    assert spoken(told) == in_("es", ["emergency", "notice"])
    assert spoken(caller.send(onward(told))) == in_("es", [f"{TOPIC}.prep.title", f"{TOPIC}.prep.medicines"])


# --- How to prepare, heard or skipped --------------------------------------------------------------------------------


def prepared(remind: Remind, *keys: str, start: str = "prep/1") -> list[str]:
    """What a walk from a clip writes down of the preparation; "=" comes back from a person who talked."""
    attempts, line = FakeAttempts(), remind()
    line.asks(attempts)
    caller = Answering(line.app)
    answer = caller.send(at(start, "17"))
    for key in keys:
        if key == "=":
            dialed = str(answer.get_data(as_text=True)).split('action="')[1].split('"')[0].replace("&amp;", "&")
            answer = caller.send(dialed, DialCallStatus="completed")
        else:
            answer = caller.send(onward(answer)) if key == "-" else caller.send(keyed(answer), Digits=key)
    return [one.removeprefix("prepared 17: ") for one in attempts.happened if one.startswith("prepared")]


PREPARED = {
    "listened to the end": ("----", ["1 of 4", "2 of 4", "3 of 4", "4 of 4"]),
    "the first two": ("--", ["1 of 4", "2 of 4"]),
    "nothing yet": ("", []),
    "all of it skipped": ("####", []),
    "the last one listened to only": ("###-", ["4 of 4"]),
    "the last one skipped": ("---#", ["1 of 4", "2 of 4", "3 of 4"]),
    "the end, and silence there, after skipping": ("####--", []),
    "again, and then skipped": ("-99##", ["1 of 4"]),
    "slower": ("-7-", ["1 of 4", "2 of 4"]),
    "another language in the middle, where the notice comes first": ("-81-", ["1 of 4"]),
    "another language in the middle, and then from the start": ("-81---", ["1 of 4", "1 of 4", "2 of 4"]),
    "skipped, then a person, then back": ("##0=-", []),
    "listened, then a person, then back and on": ("-0=--", ["1 of 4", "2 of 4"]),
    "back to the appointment and from the start": ("-*3--", ["1 of 4", "1 of 4"]),
    "the notice before it": ("*3--", ["1 of 4"]),
    "the notice, which pound does not skip": ("*3#--", ["1 of 4"]),
}


@pytest.mark.parametrize(("keys", "noted"), PREPARED.values(), ids=PREPARED.keys())
def test_a_clip_counts_as_heard_when_it_was_listened_to_its_end_and_not_when_it_was_skipped(
    remind: Remind, keys: str, noted: list[str]
) -> None:
    assert prepared(remind, *keys) == noted


def test_the_clips_of_another_topic_are_not_counted(remind: Remind) -> None:
    attempts, parts = FakeAttempts(), remind().parts
    ports, renderer = (
        replace(parts.calls.handler.ports, attempts=attempts),
        replace(parts.calls.handler.renderer, line=TWO),
    )
    handler = CallHandler(TWO, renderer, NamingVoice(), parts.calls.handler.clinic, ports)
    for topic in ("compression-fracture", "knee"):
        heard, then = (f"{topic}/reminder/prep/{name}" for name in ("1", "2"))
        handler.arrive(Position("en", then, origin=heard, attempt="17"), {}, listened=True)
    assert attempts.happened == [f"prepared 17: 1 of {len(TOPICS[0].section('prep').clips)}"] * 2


def test_how_to_prepare_heard_to_the_end_is_in_the_report(remind: Remind) -> None:
    line = remind()
    answer = Answering(line.app).presses(at("gate", line.placed()), "1", "3", "-", *"----")
    assert spoken(answer) == in_(
        "es", ["end.title", f"{TOPIC}.reviewed", "end.again.1", "check.offer.2", "reminder.appointment.3"]
    )
    assert (line.patient().prep_clips, line.patient().prep_of) == (4, 4)
    (funnel,) = line.parts.database.store.staff.results.count_funnel(
        line.parts.database.store.staff.campaigns.find_campaign("spring")
    )
    assert (funnel.heard_half, funnel.heard_all) == (1, 1)


@pytest.mark.parametrize(("keys", "clips", "half"), [("####", 0, 0), ("-###", 1, 0), ("--##", 2, 1)])
def test_how_to_prepare_skipped_is_not_heard(remind: Remind, keys: str, clips: int, half: int) -> None:
    line = remind()
    Answering(line.app).presses(at("gate", line.placed()), "1", "3", "-", *keys)
    assert line.patient().prep_clips == clips
    (funnel,) = line.parts.database.store.staff.results.count_funnel(
        line.parts.database.store.staff.campaigns.find_campaign("spring")
    )
    assert (funnel.heard_half, funnel.heard_all) == (half, 0)


def test_the_last_clip_alone_is_not_all_of_them(remind: Remind) -> None:
    line = remind()
    Answering(line.app).presses(at("gate", line.placed()), "1", "3", "-", *"###-")
    (funnel,) = line.parts.database.store.staff.results.count_funnel(
        line.parts.database.store.staff.campaigns.find_campaign("spring")
    )
    assert (funnel.heard_half, funnel.heard_all) == (0, 0)


# --- The two questions -----------------------------------------------------------------------------------------------

EATING, RIDE = f"{TOPIC}.prep.fasting", f"{TOPIC}.prep.ride"
TO_CHECK = ("1", "3", "-", *"----", "2")
QUESTIONS = {
    "the first right": (("6",), ["check.right"], ""),
    "the first wrong": (("8",), ["check.listen", EATING], "eating"),
    "none at all": (("0",), ["check.listen", EATING], "eating"),
    "both right": (("6", "-", "1"), ["check.right"], ""),
    "drives alone": (("6", "-", "2"), ["check.listen", RIDE], "ride"),
    "does not know": (("6", "-", "3"), ["check.listen", RIDE], "ride"),
    "both wrong": (("1", "-", "2"), ["check.listen", RIDE], "eating ride"),
}


@pytest.mark.parametrize(("keys", "words", "wrong"), QUESTIONS.values(), ids=QUESTIONS.keys())
def test_a_wrong_answer_is_heard_again_and_marks_the_row_for_staff(
    remind: Remind, keys: tuple[str, ...], words: list[str], wrong: str
) -> None:
    line = remind()
    answer = Answering(line.app).presses(at("gate", line.placed()), *TO_CHECK, *keys)
    assert spoken(answer) == in_("es", words)
    assert line.patient().check_wrong == wrong
    assert line.tasks() == (["check"] if wrong else [])


def test_the_questions_one_after_the_other(remind: Remind) -> None:
    line = remind()
    caller, attempt = Answering(line.app), line.placed()
    first = caller.presses(at("gate", attempt), *TO_CHECK)
    assert spoken(first) == in_("es", ["check.title", f"{TOPIC}.question.eating"])
    second = caller.send(onward(caller.send(keyed(first), Digits="6")))
    asked = f"{TOPIC}.question.ride"
    assert spoken(second) == in_("es", [asked, *(f"{asked}.{key}" for key in ("someone.1", "myself.2", "unsure.3"))])
    end = caller.send(onward(caller.send(keyed(second), Digits="1")))
    assert spoken(end) == in_("es", ["end.hang-up", "reminder.appointment.1"])


def test_star_leaves_the_question_and_marks_nothing(remind: Remind) -> None:
    line = remind()
    answer = Answering(line.app).presses(at("gate", line.placed()), *TO_CHECK, "*")
    assert spoken(answer)[0] == "es end.title"
    assert (line.patient().check_wrong, line.tasks()) == ("", [])


@pytest.mark.parametrize(
    ("pressed", "word"), [("10", "right"), ("06", "listen"), ("01", "listen"), ("1", "listen"), ("1*", "listen")]
)
def test_ten_hours_are_two_keys(remind: Remind, pressed: str, word: str) -> None:
    line = remind(FASTING_HOURS="10")
    caller = Answering(line.app)
    asked = caller.presses(at("gate", line.placed()), *TO_CHECK)
    assert 'numDigits="2"' in asked.get_data(as_text=True)
    assert spoken(caller.send(keyed(asked), Digits=pressed))[0] == f"es check.{word}"


def test_a_wrong_answer_that_cannot_be_written_down_is_heard_again_all_the_same(remind: Remind) -> None:
    line = remind()
    line.asks(FakeAttempts(failing=frozenset({"check-eating-wrong"})))
    answer = Answering(line.app).send(at("check", "17").replace("/at/", "/key/"), Digits="9")
    assert spoken(answer) == in_("es", ["check.listen", EATING])


# --- The free number that ends the calls -----------------------------------------------------------------------------

OPENING = ("en", "es", "zh")


def dials_free(line: Reminding, number: str = PATIENT) -> Caller:
    """Somebody who calls the free number; "" hides theirs."""
    return Caller(line.app, {"CallSid": SID, "From": number, "To": FREE, "Direction": "inbound"})


def in_each(*names: str) -> list[str]:
    return [f"{code} {name}" for name in names for code in OPENING]


def test_c6_the_free_number_answers_in_all_languages_of_the_first_words(remind: Remind) -> None:
    line = remind()
    answer = dials_free(line).send("/call")
    assert spoken(answer) == in_each("emergency", "optout.title", "optout.offer.1", "keys.person.0")
    assert keyed(answer) == f"{BASE}/call/key/en/optout"


def test_c7_key_one_at_the_free_number_ends_the_calls_to_the_callers_number(remind: Remind) -> None:
    found: list[bool] = []
    line: Reminding = remind(
        on={"reminder.stopped": lambda: found.append(line.parts.database.store.staff.opt_outs.is_out(PATIENT))}
    )
    line.enrol("spring")
    line.enrol("autumn", number=OTHER)
    caller = dials_free(line)
    answer = caller.send(keyed(caller.send("/call")), Digits="1")
    assert (spoken(answer), ends(answer)) == (in_each("reminder.stopped"), True)
    assert found == [True] * 3
    assert [(one.number, one.how) for one in line.parts.database.store.staff.opt_outs.list_opt_outs("ana")] == [
        (PATIENT, "key")
    ]
    assert (line.counts("spring"), line.counts("autumn")) == ({"opted_out": 2}, {"queued": 2})


FREE_FAILED = [
    *([f"{code} reminder.failed", f"{code} callback.call-us", *digits(CLINIC[2:], code)] for code in OPENING),
    in_each("reminder.goodbye"),
]
"""Document by document: the number is read in one language after the other."""


def hears_to_the_end(caller: Caller, answer: TestResponse) -> list[list[str]]:
    """What each document says from an answer on, to somebody who stays silent until the call ends."""
    heard = [spoken(answer)]
    while not ends(answer):
        answer = caller.send(onward(answer))
        heard.append(spoken(answer))
    return heard


@pytest.mark.parametrize("number", ["", "anonymous", "+266696687", "Restricted"])
def test_a_hidden_number_is_told_that_it_failed_and_whom_to_call(remind: Remind, number: str) -> None:
    line = remind()
    caller = dials_free(line, number)
    answer = caller.send(keyed(caller.send("/call")), Digits="1")
    assert hears_to_the_end(caller, answer) == FREE_FAILED
    assert line.parts.database.store.staff.opt_outs.list_opt_outs("ana") == []


def test_c7_an_opt_out_that_could_not_be_kept_is_told_as_failed(remind: Remind) -> None:
    attempts, line = FakeAttempts(failing=frozenset({"opt-out"})), remind()
    line.asks(attempts)
    caller = dials_free(line)
    answer = caller.send(keyed(caller.send("/call")), Digits="1")
    assert hears_to_the_end(caller, answer) == FREE_FAILED
    assert attempts.happened == [f"opt-out {PATIENT}"]


def test_without_a_free_number_no_call_is_taken_for_one(remind: Remind) -> None:
    line = remind(OPT_OUT_NUMBER="")
    for to in ("", FREE):
        answer = Caller(line.app, {"CallSid": SID, "From": PATIENT, "To": to}).send("/call")
        assert keyed(answer) == f"{BASE}/call/key/en/welcome"


# --- What is written elsewhere ---------------------------------------------------------------------------------------


def test_h4_no_log_of_a_reminder_call_holds_a_number(remind: Remind, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    line = remind()
    caller, attempt = Answering(line.app), line.placed()
    caller.presses(at("gate", attempt), "1", "1", "2", "5")
    line.asks(FakeAttempts(failing=frozenset({"stop", "appointment", "passed"}), fault=DOWN))
    caller.presses(at("gate", "17"), "1")
    caller.presses(at("gate", "17"), "5")
    assert "could not be saved" in caplog.text
    for number in (PATIENT, LINE_NUMBER, CLINIC):
        assert number[2:] not in "".join(filter(str.isalnum, caplog.text))
