"""What the network tells about a call that the clinic made: refused unless signed, taken once, in any order; and the
one time that a machine is led to its message."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import permutations
from types import SimpleNamespace

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from ivr.errors import NotPlacedError, Placement, StoreError
from ivr.practice import HANG_UP, CallRecord, InProcess, Person, PracticeTwilio, Troubles
from ivr.practice.callbacks import WebhookReply
from ivr.provider.signature import HEADER, Signature
from ivr.reminders.attempts import read_report
from ivr.store.campaigns.queue import DialOrder
from ivr.store.campaigns.settling import Report
from ivr.voice.reminder_calls import READY, make_reminder_calls
from tests.practice.conftest import FAST, SETTLED
from tests.practice.conftest import SID as ACCOUNT
from tests.voice.caller import BASE, SID, TOPIC, Caller
from tests.voice.reminding import CALL, DAY, Answering, Remind, Reminding, at
from tests.voice.test_webhooks import FORGERIES, Forge

TOKEN = "a token of Twilio for the tests"
OTHER_SID = "CA" + "2" * 32
BEEP = {"CallSid": SID, "AccountSid": ACCOUNT, "AnsweredBy": "machine_end_beep", "MachineDetectionDuration": "9123"}


@dataclass
class Notes:
    """Attempts and the network's door in one: notes what is asked; raises `fault` where `failing` says so."""

    failing: str = ""
    fault: Exception = field(default_factory=lambda: StoreError("The database did not answer within 3 s."))
    machine: tuple[str, str] | None = ("es", TOPIC)
    happened: list[tuple[object, ...]] = field(default_factory=list)

    def keep_report(self, attempt: str, told: Mapping[str, str]) -> bool:
        self._do("take", attempt, dict(told))
        return True

    def find_message(self, attempt: str) -> tuple[str, str] | None:
        self._do("machine", attempt)
        return self.machine

    def leave(self, *about: str) -> None:
        self._do("leave", *about)

    def _do(self, *what: object) -> None:
        self.happened.append(what)
        if what[0] == self.failing:
            raise self.fault


def alone(notes: Notes) -> Caller:
    """The network, at an app that has only these callbacks."""
    app, signature = Flask("callbacks"), Signature(BASE, TOKEN)
    app.register_blueprint(make_reminder_calls(notes, notes.leave, signature))
    app.extensions["spineline"] = SimpleNamespace(calls=SimpleNamespace(signature=signature))
    return Caller(app, {})


def status(attempt: str) -> str:
    return f"/call/attempt/{attempt}/status"


def machine(attempt: str) -> str:
    return f"/call/attempt/{attempt}/machine"


# --- The requests ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [status("17"), machine("17"), status("no such"), machine("é")])
@pytest.mark.parametrize("forge", FORGERIES)
def test_what_twilio_did_not_sign_is_refused_and_nothing_is_taken(forge: Forge, path: str) -> None:
    notes = Notes()
    caller = alone(notes)
    signature = forge(Signature(BASE, TOKEN), path, BEEP)
    headers = {HEADER: signature} if signature else {}
    refused = caller.app.test_client().post(path, data=BEEP, headers=headers)
    assert (refused.status_code, refused.content_type) == (403, "text/plain; charset=utf-8")
    assert refused.get_data(as_text=True) == "The signature does not match.\n"
    assert notes.happened == []


def test_the_real_line_refuses_them_too(remind: Remind) -> None:
    line = remind()
    attempt = line.placed()
    for path in status(attempt), machine(attempt):
        refused = line.app.test_client().post(path, data={**BEEP, "CallStatus": "completed"})
        assert (refused.status_code, refused.content_type) == (403, "text/plain; charset=utf-8")
    assert line.counts() == {"placed": 1, "queued": 1}


@pytest.mark.parametrize("path", [status("17"), machine("17")])
def test_a_report_is_taken_whole_and_answered_with_nothing(path: str) -> None:
    notes = Notes(machine=None)
    answer = alone(notes).send(path, **BEEP)
    assert (answer.status_code, answer.data) == (204, b"")
    assert notes.happened[0] == ("take", "17", BEEP)


def test_a_status_asks_nothing_about_a_machine() -> None:
    notes = Notes()
    alone(notes).send(status("17"), **BEEP)
    assert [what[0] for what in notes.happened] == ["take"]


@pytest.mark.parametrize("answered_by", READY)
def test_h2_a_machine_that_has_ended_is_led_to_its_message(answered_by: str) -> None:
    notes = Notes()
    assert alone(notes).send(machine("17"), **{**BEEP, "AnsweredBy": answered_by}).status_code == 204
    assert notes.happened[1:] == [("machine", "17"), ("leave", SID, "17", "es", TOPIC)]


@pytest.mark.parametrize("answered_by", ["human", "unknown", "fax", "machine_start", ""])
def test_h2_nobody_else_is_led_away_from_the_gate(answered_by: str) -> None:
    notes = Notes()
    alone(notes).send(machine("17"), **{**BEEP, "AnsweredBy": answered_by})
    assert [what[0] for what in notes.happened] == ["take"]


@pytest.mark.parametrize("failing", ["take", "machine"])
def test_a_report_that_cannot_be_kept_is_answered_with_503_and_leads_nobody_anywhere(failing: str) -> None:
    notes = Notes(failing)
    assert alone(notes).send(machine("17"), **BEEP).status_code == 503
    assert notes.happened[-1][0] == failing


def test_a_message_that_cannot_be_left_is_logged_and_no_fault_of_the_report(caplog: pytest.LogCaptureFixture) -> None:
    notes = Notes("leave", NotPlacedError("Twilio answered 400 (21220).", Placement.REFUSED))
    assert alone(notes).send(machine("17"), **BEEP).status_code == 204
    assert "A machine could not be left its message: Twilio answered 400 (21220)." in caplog.text


# --- A callback as a report ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "report"),
    [
        ({"CallStatus": "ringing"}, Report(f"{SID}/ringing", "17", SID, "ringing")),
        (
            {"CallStatus": "completed", "CallDuration": "61", "AnsweredBy": "human"},
            Report(f"{SID}/completed", "17", SID, "completed", "human", 61),
        ),
        ({"CallStatus": "busy", "CallDuration": "0"}, Report(f"{SID}/busy", "17", SID, "busy", "", 0)),
        ({"CallStatus": "no-answer", "CallDuration": "-1"}, Report(f"{SID}/no-answer", "17", SID, "no-answer")),
        ({"CallStatus": "failed", "CallDuration": "9" * 9}, Report(f"{SID}/failed", "17", SID, "failed")),
        (
            {"AnsweredBy": "human", "MachineDetectionDuration": "2400"},
            Report(f"{SID}/machine/human", "17", SID, "", "human"),
        ),
        (
            {"AnsweredBy": "unknown", "MachineDetectionDuration": "0", "CallStatus": "in-progress"},
            Report(f"{SID}/machine/unknown", "17", SID, "", "unknown"),
        ),
        ({"CallStatus": "exploded"}, None),
        ({"CallStatus": ""}, None),
        ({}, None),
    ],
)
def test_the_fields_of_a_callback_are_read(told: dict[str, str], report: Report | None) -> None:
    assert read_report("17", {"CallSid": SID, **told}) == report


def test_a_callback_that_names_no_call_is_no_report() -> None:
    assert read_report("17", {"CallStatus": "completed"}) is None


# --- In any order, twice, late ---------------------------------------------------------------------------------------

INITIATED, RINGING = {"CallStatus": "initiated"}, {"CallStatus": "ringing"}
ANSWERED, COMPLETED = {"CallStatus": "in-progress"}, {"CallStatus": "completed", "CallDuration": "42"}
HUMAN = {"AnsweredBy": "human", "MachineDetectionDuration": "2400"}
MACHINE = {"AnsweredBy": "unknown", "MachineDetectionDuration": "2400"}
STEPS = [INITIATED, RINGING, ANSWERED, COMPLETED]


def tells(line: Reminding, attempt: str, *reports: Mapping[str, str], sid: str = SID) -> TestResponse:
    """The network's reports about a call, one after the other."""
    caller = Caller(line.app, {"CallSid": sid, "AccountSid": ACCOUNT})
    answers = [
        caller.send(machine(attempt) if "MachineDetectionDuration" in told else status(attempt), **told)
        for told in reports
    ]
    assert {answer.status_code for answer in answers} == {204}
    return answers[-1]


def standing(line: Reminding) -> tuple[Mapping[str, int], str, int]:
    patient = line.patient()
    return line.counts(), patient.outcome, patient.attempts


def test_the_steps_of_a_call_in_any_order_come_to_the_same_end(remind: Remind) -> None:
    ends = set()
    for order in permutations([RINGING, ANSWERED, COMPLETED, HUMAN]):
        line = remind()
        tells(line, line.placed(), *order)
        ends.add(repr(standing(line)))
    assert ends == {repr(({"answered": 1, "queued": 1}, "answered", 1))}


@pytest.mark.parametrize(
    ("status_", "state"),
    [("busy", "busy"), ("no-answer", "no_answer"), ("failed", "failed"), ("canceled", "cancelled")],
)
def test_a_repeated_end_changes_nothing_twice(remind: Remind, status_: str, state: str) -> None:
    line = remind()
    attempt, ended = line.placed(), {"CallStatus": status_, "CallDuration": "0"}
    tells(line, attempt, INITIATED, ended)
    once = standing(line)
    tells(line, attempt, ended, ended, RINGING, INITIATED)
    assert standing(line) == once
    assert once[0][state] == 1


def test_a_busy_number_gets_one_next_try_however_often_it_is_told(remind: Remind) -> None:
    line = remind()
    attempt = line.placed()
    tells(line, attempt, *[{"CallStatus": "busy"}] * 3)
    assert line.counts() == {"busy": 1, "queued": 2}


@pytest.mark.parametrize(
    ("late", "state"), [(HUMAN, "answered"), (MACHINE, "machine")], ids=["a person", "nobody knows"]
)
def test_who_answered_may_be_told_after_the_end(remind: Remind, late: Mapping[str, str], state: str) -> None:
    line = remind()
    attempt = line.placed()
    tells(line, attempt, COMPLETED)
    assert line.counts() == {"machine": 1, "queued": 1}
    tells(line, attempt, late, late)
    assert line.counts() == {state: 1, "queued": 1}


def test_a_key_at_the_gate_outweighs_what_the_detector_thinks(remind: Remind) -> None:
    line = remind()
    attempt = line.placed()
    Answering(line.app).presses(at("gate", attempt), "1")
    tells(line, attempt, BEEP, COMPLETED)
    assert line.counts() == {"answered": 1, "queued": 1}


def test_a_report_before_the_answer_to_our_request_settles_the_attempt_just_as_well(remind: Remind) -> None:
    line = remind()
    line.enrol()
    ((attempt, _),) = line.parts.database.store.dialer.claim("dialer", 1, DAY)
    tells(line, attempt, INITIATED, HUMAN, COMPLETED)
    assert line.counts() == {"answered": 1, "queued": 1}
    line.parts.database.store.dialer.mark_sent(attempt, SID)
    assert line.counts() == {"answered": 1, "queued": 1}


def test_a_report_about_another_call_than_the_attempts_own_needs_a_person(remind: Remind) -> None:
    line = remind()
    attempt = line.placed()
    tells(line, attempt, COMPLETED, sid=OTHER_SID)
    assert (line.counts(), line.tasks()) == ({"needs_review": 1, "queued": 1}, ["needs_review"])


@pytest.mark.parametrize("attempt", ["17", "x" * 300, "' OR 1=1 --", "é"])
def test_an_attempt_that_is_not_ours_changes_nothing(remind: Remind, attempt: str) -> None:
    line = remind()
    line.placed()
    tells(line, attempt, COMPLETED, BEEP)
    assert line.counts() == {"placed": 1, "queued": 1}


def test_an_odd_state_and_a_nameless_call_are_answered_and_left(remind: Remind) -> None:
    line = remind()
    attempt = line.placed()
    tells(line, attempt, {"CallStatus": "exploded"})
    tells(line, attempt, COMPLETED, sid="")
    assert line.counts() == {"placed": 1, "queued": 1}


# --- The machine's message, through the practice network -------------------------------------------------------------


@dataclass
class Network:
    """The practice Twilio and a line that calls through it. `records` are the calls when all is over."""

    line: Reminding
    attempt: str
    records: tuple[CallRecord, ...]

    @property
    def record(self) -> CallRecord:
        (one,) = self.records
        assert one.fault == ""
        return one

    def walked(self) -> list[str]:
        """The nodes of the reminder that the call came to."""
        return [place.removeprefix(f"es/{CALL}/") for place in self.record.places]


def called(remind: Remind, person: Person) -> Network:
    """One reminder call, from the order to the last callback; each callback comes twice."""
    made: list[Reminding] = []

    def door(method: str, url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> WebhookReply:
        return InProcess(made[0].app)(method, url, fields, headers)

    settings = {"people": lambda _: person, "calls_per_second": FAST, "troubles": Troubles(doubled=1.0), "base": BASE}
    with PracticeTwilio(ACCOUNT, TOKEN, door, **settings) as practice:  # type: ignore[arg-type]
        made.append(remind(TWILIO_ACCOUNT_SID=ACCOUNT, TWILIO_API_BASE=practice.base_url))
        made[0].enrol()
        dialer = made[0].parts.database.store.dialer
        ((attempt, _),) = dialer.claim("dialer", 1, DAY)
        order = dialer.intend(attempt, "dialer", lambda _: None, ("account", FAST), DAY)
        assert isinstance(order, DialOrder)
        dialer.mark_sent(attempt, made[0].parts.campaigns.network.place(order))
        practice.settle(SETTLED)
        return Network(made[0], attempt, practice.calls)


def test_h2_a_machine_is_led_from_the_gate_to_its_message_once(remind: Remind) -> None:
    network = called(remind, Person("machine", greeting=5.0))
    assert network.walked() == ["gate", "voicemail"]
    assert network.record.answered_by == "machine_end_beep"
    assert network.line.counts() == {"machine": 1, "queued": 1}


def beeps(line: Reminding, attempt: str, times: int = 1) -> list[object]:
    """How often a machine is led to its message when its beep is told so often."""
    notes, app = Notes(), Flask("callbacks")
    app.register_blueprint(make_reminder_calls(line.parts.campaigns.attempts, notes.leave, line.parts.calls.signature))
    app.extensions["spineline"] = line.parts
    for _ in range(times):
        assert Caller(app, {}).send(machine(attempt), **BEEP).status_code == 204
    return list(notes.happened)


def test_h2_a_machine_is_led_to_its_message_once_though_the_callback_comes_twice(remind: Remind) -> None:
    line = remind()
    attempt = line.placed()
    assert beeps(line, attempt, 2) == [("leave", SID, attempt, "es", TOPIC)]


def test_h2_a_person_whom_the_detector_takes_for_a_machine_is_not_led_away_after_a_key(remind: Remind) -> None:
    line, other = remind(), remind()
    attempt, silent = line.placed(), other.placed()
    Answering(line.app).presses(at("gate", attempt), "8")
    Answering(other.app).presses(at("gate", silent), "-")
    assert beeps(line, attempt) == []
    assert beeps(other, silent) == [("leave", SID, silent, "es", TOPIC)]


@pytest.mark.parametrize("key", [*"0123456789*#"])
def test_h2_no_key_at_the_gate_is_a_machines(remind: Remind, key: str) -> None:
    line = remind()
    attempt = line.placed()
    assert line.parts.campaigns.attempts.find_message(attempt) == ("es", TOPIC)
    Answering(line.app).presses(at("gate", attempt), key)
    assert line.parts.campaigns.attempts.find_message(attempt) is None


def test_h2_a_machine_that_was_left_its_message_is_not_left_it_at_the_next_try(remind: Remind) -> None:
    line = remind(REMINDER_RETRIES="machine=2/1h")
    first = line.placed()
    assert line.parts.campaigns.attempts.find_message(first) == ("es", TOPIC)
    tells(line, first, BEEP, COMPLETED)
    assert line.counts() == {"machine": 1, "queued": 2}
    with closing(sqlite3.connect(line.parts.settings.database_url.removeprefix("sqlite:///"))) as database:
        again = database.execute("SELECT id, days FROM attempt WHERE state = 'queued' ORDER BY days DESC").fetchall()
    assert [(days, line.parts.campaigns.attempts.find_message(attempt)) for attempt, days in again] == [
        (3, None),
        (1, ("es", TOPIC)),
    ]


def test_an_attempt_that_is_not_ours_has_no_machine(remind: Remind) -> None:
    assert remind().parts.campaigns.attempts.find_message("17") is None


def test_silence_at_the_gate_hears_the_message_too(remind: Remind) -> None:
    network = called(remind, Person(presses={}))
    assert network.walked() == ["gate", "gate", "gate", "voicemail"]
    assert network.line.counts() == {"answered": 1, "queued": 1}


def test_a_whole_call_is_confirmed_and_reported(remind: Remind) -> None:
    person = Person(presses={"gate": "1", "menu": "1", "confirmed": HANG_UP})
    network = called(remind, person)
    assert network.walked() == ["gate", "appointment", "menu", "confirmed"]
    patient = network.line.patient()
    assert (patient.reply, patient.outcome, patient.attempts) == ("confirm", "answered", 1)
