"""The callbacks of a call: what each one says, and that they come twice, late, backwards or never when told."""

import pytest

from ivr.phones.handset import HandsetError
from ivr.practice import InProcess, Mishap, OverHttp, Person, Troubles, UnsettledError
from ivr.practice.callbacks import Webhooks
from tests.practice.conftest import (
    BASE,
    EVENTS,
    GATE,
    OPEN,
    OURS,
    PATIENT,
    SETTLED,
    SID,
    TOKEN,
    MakePractice,
    TinyLine,
    clip,
)
from tests.voice.conftest import free_port, served

STEPS = ["initiated", "ringing", "in-progress", "completed"]
BACK = "/back/status"


def person(**changed: object) -> Person:
    return Person(presses={"gate": "4"}, **changed)  # type: ignore[arg-type]


def test_a_call_tells_of_its_steps_in_order(practise: MakePractice) -> None:
    practice = practise(person())
    practice.settled(practice.dial_with_callbacks())
    assert practice.line.told(BACK, "CallStatus") == STEPS
    assert practice.line.told(BACK, "SequenceNumber") == ["0", "1", "2", "3"]
    assert [(callback.event, callback.answer) for callback in practice.twilio.delivered] == [
        (event, 204) for event in EVENTS
    ]


def test_the_last_callback_says_all_that_twilio_says(practise: MakePractice) -> None:
    practice = practise(person())
    sid = practice.dial(status_callback=f"{BASE}/back/status")
    record = practice.settled(sid)
    told = next(form for path, form in practice.line.asked if path == BACK)
    assert told.pop("Timestamp").endswith(" +0000")
    assert told == {
        "AccountSid": SID,
        "ApiVersion": "2010-04-01",
        "CallSid": sid,
        "CallStatus": "completed",
        "Direction": "outbound-api",
        "From": OURS,
        "Caller": OURS,
        "To": PATIENT,
        "Called": PATIENT,
        "CallDuration": str(record.duration),
        "SequenceNumber": "0",
        "CallbackSource": "call-progress-events",
    }
    assert record.duration == 4 + 1 + 4


@pytest.mark.parametrize("answers", ["no-answer", "busy", "failed"])
def test_a_call_that_nobody_answers_tells_only_how_it_ended(practise: MakePractice, answers: str) -> None:
    practice = practise(Person(answers))  # type: ignore[arg-type]
    practice.settled(practice.dial_with_callbacks())
    assert practice.line.told(BACK, "CallStatus") == [answers]
    assert practice.line.told(BACK, "CallDuration") == ["0"]


def test_without_events_only_the_end_is_told_and_without_an_address_nothing(practise: MakePractice) -> None:
    practice = practise(person())
    practice.settled(practice.dial(status_callback=f"{BASE}{BACK}"))
    practice.settled(practice.dial())
    assert practice.line.told(BACK, "CallStatus") == ["completed"]


def test_a_callback_by_get_is_signed_with_its_query(practise: MakePractice) -> None:
    practice = practise(person())
    practice.settled(practice.dial(status_callback=f"{BASE}{BACK}?attempt=7", status_callback_method="GET"))
    path, form = practice.line.asked[-1]
    assert path.startswith(f"{BACK}?attempt=7&AccountSid={SID}&")
    assert form == {}


def test_a_call_that_is_cancelled_while_it_rings_tells_that_it_was(practise: MakePractice) -> None:
    practice = practise(person())

    def cancel(form: dict[str, str]) -> None:
        if form["CallStatus"] == "ringing":
            practice.client.calls(form["CallSid"]).update(status="canceled")

    practice.line.on_status = cancel
    record = practice.settled(practice.dial_with_callbacks())
    assert (record.status, record.heard) == ("canceled", ())
    assert practice.line.told(BACK, "CallStatus") == ["initiated", "ringing", "canceled"]


# --- Troubles --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("troubles", "statuses"),
    [
        (Troubles(doubled=1.0), [status for status in STEPS for _ in range(2)]),
        (Troubles(reversed=1.0), STEPS[::-1]),
        (Troubles(never=1.0), []),
        (Troubles(reversed=1.0, doubled=1.0), [status for status in STEPS[::-1] for _ in range(2)]),
        (Troubles(late=1.0, late_seconds=0.0), STEPS),
    ],
)
def test_callbacks_come_as_badly_as_they_are_told_to(
    practise: MakePractice, troubles: Troubles, statuses: list[str]
) -> None:
    practice = practise(person(), troubles=troubles)
    record = practice.settled(practice.dial_with_callbacks())
    assert sorted(practice.line.told(BACK, "CallStatus")) == sorted(statuses)
    assert troubles.late or practice.line.told(BACK, "CallStatus") == statuses
    assert (record.status, record.heard[-1]) == ("completed", clip("wrong"))


def test_a_late_callback_comes_after_the_end_of_the_call_and_is_waited_for(practise: MakePractice) -> None:
    practice = practise(person(), troubles=Troubles(late_seconds=0.05))
    practice.twilio.force(Mishap.LATE)
    practice.settled(practice.dial_with_callbacks())
    assert practice.line.told(BACK, "CallStatus") == [*STEPS[1:], "initiated"]
    assert practice.line.told(BACK, "SequenceNumber") == ["1", "2", "3", "0"]


def test_one_mishap_strikes_once(practise: MakePractice) -> None:
    practice = practise(person())
    practice.twilio.force(Mishap.DOUBLED)
    practice.settled(practice.dial_with_callbacks())
    assert practice.line.told(BACK, "CallStatus") == ["initiated", *STEPS]


def test_the_detectors_callback_can_be_lost_too(practise: MakePractice) -> None:
    practice = practise(Person("machine"), troubles=Troubles(never=1.0))
    record = practice.settled(practice.dial_detecting())
    assert (record.answered_by, practice.line.told("/back/amd", "AnsweredBy")) == ("machine_end_beep", [])


def test_the_same_troubles_come_in_every_run(practise: MakePractice) -> None:
    troubles = Troubles(7, doubled=0.3, never=0.3, reversed=0.3)
    runs = []
    for _ in range(2):
        practice = practise(person(), troubles=troubles)
        for line in range(8):
            practice.dial_with_callbacks(to=f"+121255501{line:02}")
        practice.twilio.settle(SETTLED)
        told = ((form["To"], form["CallStatus"]) for path, form in practice.line.asked if path == BACK)
        runs.append(sorted(told))
    assert runs[0] == runs[1]
    assert len(runs[0]) != 8 * len(STEPS)


def test_an_app_that_fails_at_a_callback_changes_nothing_of_the_call(practise: MakePractice) -> None:
    practice = practise(person())

    def fails(_: object) -> None:
        raise RuntimeError("the database is down")

    practice.line.on_status = fails
    record = practice.settled(practice.dial_with_callbacks())
    assert (record.status, [callback.answer for callback in practice.twilio.delivered]) == ("completed", [500] * 4)


# --- The two doors ---------------------------------------------------------------------------------------------------


def test_a_line_behind_a_real_server_is_called_as_one_in_this_process_is(practise: MakePractice) -> None:
    line = TinyLine()
    with served(line.app) as reach:
        practice = practise(person(), OverHttp(BASE, reach))
        record = practice.settled(practice.dial_with_callbacks())
    assert (record.fault, record.heard) == ("", (clip("reminder/gate"), clip("wrong")))
    assert line.told(BACK, "CallStatus") == STEPS
    assert line.paths == [OPEN, "/call/key/en/reminder/gate"]


@pytest.mark.parametrize(
    "url", ["https://elsewhere.example.org/call", f"{BASE}.evil.example/call", f"{BASE}@evil.example/"]
)
def test_no_other_address_is_ever_asked(url: str) -> None:
    with pytest.raises(HandsetError, match="asks only"):
        OverHttp(BASE, f"http://127.0.0.1:{free_port()}")("POST", url, {}, {})


def test_a_line_that_is_not_there_ends_the_call_and_misses_its_callbacks(practise: MakePractice) -> None:
    practice = practise(person(), OverHttp(BASE, f"http://127.0.0.1:{free_port()}"))
    record = practice.settled(practice.dial_with_callbacks())
    assert (record.status, record.fault) == ("completed", f"{GATE} did not answer")
    assert [callback.answer for callback in practice.twilio.delivered] == [0] * 4


def test_what_only_twilio_reads_of_an_address_is_neither_sent_nor_signed() -> None:
    line = TinyLine()
    reply = Webhooks(InProcess(line.app), TOKEN, BASE).ask(f"{GATE}?attempt=7#rc=2", {"To": PATIENT})
    assert (reply.status, line.asked) == (200, [(f"{OPEN}?attempt=7", {"To": PATIENT})])


def test_settling_too_soon_says_what_is_left(practise: MakePractice) -> None:
    practice = practise(Person("no-answer"), time_scale=1.0)
    practice.dial()
    with pytest.raises(UnsettledError, match=r"^After 0\.01 s, 1 calls and callbacks are still under way\.$"):
        practice.twilio.settle(0.01)
