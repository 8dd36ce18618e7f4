"""Calls through Twilio's REST API, held against the practice Twilio: what is asked for, and what is sure afterwards."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from ivr.errors import NotPlacedError, Placement
from ivr.practice import CallRecord, Mishap, Person
from ivr.provider.outgoing import NetworkCall, TwilioCalls, write_first_address
from tests.practice.conftest import SID as ACCOUNT
from tests.practice.conftest import TOKEN, MakePractice, Practice, practise
from tests.provider.fake_twilio import FakeTwilio, playing, refusal
from tests.voice.caller import BASE, LINE_NUMBER, PATIENT, TOPIC
from tests.voice.conftest import free_port

__all__ = ["practise"]

PATIENCE = 0.2
"""Seconds for an answer that never comes."""
CALL = f"{BASE}/call/attempt/Ab-_17"


@dataclass(frozen=True)
class Order:
    """A call to be placed."""

    attempt: str = "Ab-_17"
    number: str = PATIENT
    caller: str = LINE_NUMBER
    language: str = "es"
    topic: str = TOPIC


def calls(base: str, *, token: str = TOKEN, timeout: float = 5.0, ring: int = 30) -> TwilioCalls:
    return TwilioCalls(ACCOUNT, token, base, BASE, ring=ring, timeout=timeout)


def place_in_vain(base: str, order: Order = Order(), **settings: object) -> tuple[Placement, str]:  # a frozen value
    """What is known after a call that was not placed, and the words of the error."""
    with pytest.raises(NotPlacedError) as caught:
        calls(base, **settings).place(order)  # type: ignore[arg-type]
    return caught.value.placement, str(caught.value)


# --- What is asked ---------------------------------------------------------------------------------------------------

FORM = {
    "To": [PATIENT],
    "From": [LINE_NUMBER],
    "Url": [f"{BASE}/call/at/es/{TOPIC}/reminder/gate?attempt=Ab-_17"],
    "Method": ["POST"],
    "StatusCallback": [f"{CALL}/status"],
    "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
    "StatusCallbackMethod": ["POST"],
    "Timeout": ["30"],
    "MachineDetection": ["DetectMessageEnd"],
    "MachineDetectionTimeout": ["20"],
    "AsyncAmd": ["true"],
    "AsyncAmdStatusCallback": [f"{CALL}/machine"],
    "AsyncAmdStatusCallbackMethod": ["POST"],
}


def test_a_call_is_asked_for_in_the_form_that_twilio_documents(practise: MakePractice) -> None:
    practice = practise(Person("busy"))
    sid = calls(practice.twilio.base_url).place(Order())
    record = practice.settled(sid)
    assert {name: list(values) for name, values in record.form.items()} == FORM


def test_how_long_it_rings_can_be_set(practise: MakePractice) -> None:
    practice = practise(Person("busy"))
    sid = calls(practice.twilio.base_url, ring=45).place(Order())
    assert practice.settled(sid).read_field("Timeout") == "45"


def test_the_call_begins_at_the_gate_in_the_persons_language() -> None:
    assert write_first_address("17", "zh", "knee") == "/call/at/zh/knee/reminder/gate?attempt=17"


def test_without_another_base_the_calls_are_asked_of_twilio_itself() -> None:
    assert TwilioCalls(ACCOUNT, TOKEN, "", BASE)._client.api.base_url == "https://api.twilio.com"


def test_a_placed_call_rings_and_reports_at_its_attempts_address(practise: MakePractice) -> None:
    practice = practise(Person(presses={"gate": "5"}))
    record = practice.settled(calls(practice.twilio.base_url).place(Order()))
    told = [(path, form.get("CallStatus", "")) for path, form in practice.line.asked if "/attempt/" in path]
    walked = [path for path in practice.line.paths if "/attempt/" not in path]
    assert (record.status, walked) == ("completed", [FORM["Url"][0].removeprefix(BASE)])
    assert ("/call/attempt/Ab-_17/status", "completed") in told


# --- What is sure when it went wrong ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mishap", "outcome", "left"),
    [
        (Mishap.REFUSED, (Placement.NOT_TAKEN, "Twilio answered 429 (20429)."), 0),
        (Mishap.BROKEN_BEFORE, (Placement.DOUBTFUL, "Twilio answered 500 (20500)."), 0),
        (Mishap.BROKEN_AFTER, (Placement.DOUBTFUL, "Twilio answered 500 (20500)."), 1),
        (Mishap.DROPPED, (Placement.DOUBTFUL, "Twilio could not be reached."), 1),
        (Mishap.SILENT, (Placement.DOUBTFUL, "Twilio gave no answer."), 1),
    ],
)
def test_what_goes_wrong_tells_what_is_sure_and_is_asked_once(
    practise: MakePractice, mishap: Mishap, outcome: tuple[Placement, str], left: int
) -> None:
    practice = practise(Person("busy"))
    practice.twilio.force(mishap)
    assert place_in_vain(practice.twilio.base_url, timeout=PATIENCE) == outcome
    assert len(practice.twilio.arrivals) == 1
    assert len(practice.twilio.calls) == left


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({"number": "+1"}, (Placement.REFUSED, "Twilio answered 400 (21211).")),
        ({"caller": "5"}, (Placement.REFUSED, "Twilio answered 400 (21212).")),
    ],
)
def test_a_number_that_cannot_be_called_is_refused_for_good(
    practise: MakePractice, changed: dict[str, str], outcome: tuple[Placement, str]
) -> None:
    practice = practise()
    assert place_in_vain(practice.twilio.base_url, replace(Order(), **changed)) == outcome
    assert practice.twilio.calls == ()


def test_a_wrong_token_is_no_refusal_of_the_patient(practise: MakePractice) -> None:
    assert place_in_vain(practise().twilio.base_url, token="another token") == (
        Placement.NOT_TAKEN,
        "Twilio answered 401 (20003).",
    )


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (refusal(403, 20403, "Forbidden"), (Placement.NOT_TAKEN, "Twilio answered 403 (20403).")),
        (refusal(404, 20404, "Not found"), (Placement.REFUSED, "Twilio answered 404 (20404).")),
        (refusal(503, 20503, "Unavailable"), (Placement.DOUBTFUL, "Twilio answered 503 (20503).")),
        ((200, "no JSON"), (Placement.DOUBTFUL, "Twilio's answer could not be read.")),
        ((201, "{}"), (Placement.DOUBTFUL, "Twilio's answer could not be read.")),
        ((502, "<html>"), (Placement.DOUBTFUL, "Twilio answered 502 (no code).")),
        ("cut", (Placement.DOUBTFUL, "Twilio could not be reached.")),
        ("silent", (Placement.DOUBTFUL, "Twilio gave no answer.")),
    ],
    ids=["forbidden", "not found", "unavailable", "no json", "no sid", "a proxy's page", "cut", "silent"],
)
def test_every_other_answer_tells_what_is_sure_too(
    fault: tuple[int, str] | str, outcome: tuple[Placement, str]
) -> None:
    with playing(FakeTwilio(fault=fault)) as twilio:
        assert place_in_vain(twilio.base, timeout=PATIENCE) == outcome
        assert [method for method, _, _ in twilio.asked] == ["POST"]


def test_where_nobody_listens_no_call_left() -> None:
    assert place_in_vain(f"http://127.0.0.1:{free_port()}") == (Placement.NOT_TAKEN, "Twilio could not be reached.")


def test_a_name_that_does_not_exist_placed_no_call() -> None:
    assert place_in_vain("http://twilio.invalid:1") == (Placement.NOT_TAKEN, "Twilio could not be reached.")


# --- Looking for a call ----------------------------------------------------------------------------------------------


def ended(practise: MakePractice, *people: Person) -> tuple[Practice, TwilioCalls, list[str]]:
    """Calls to one number that are over, and their ids."""
    answering = iter(people)
    practice = practise(people=lambda _: next(answering))
    network = calls(practice.twilio.base_url)
    return practice, network, [practice.settled(network.place(Order())).sid for _ in people]


def test_the_calls_to_a_number_are_found_by_both_numbers_the_newest_first(practise: MakePractice) -> None:
    _, network, sids = ended(practise, Person("busy"), Person("no-answer"))
    network.place(Order(number="+12125550177"))
    since = datetime.now(UTC) - timedelta(minutes=1)
    assert network.find(PATIENT, LINE_NUMBER, since) == [
        NetworkCall(sids[1], "no-answer"),
        NetworkCall(sids[0], "busy"),
    ]
    assert network.find(PATIENT, "+12125550188", since) == []


def test_calls_from_before_a_moment_are_left_out(practise: MakePractice) -> None:
    _, network, _ = ended(practise, Person("busy"))
    assert network.find(PATIENT, LINE_NUMBER, datetime.now(UTC) + timedelta(minutes=1)) == []


def test_a_call_that_is_still_queued_is_found_too(practise: MakePractice) -> None:
    practice = practise(Person("busy"), calls_per_second=0.001)
    network = calls(practice.twilio.base_url)
    network.place(Order(number="+12125550177"))
    waiting = network.place(Order())
    found = network.find(PATIENT, LINE_NUMBER, datetime.now(UTC) - timedelta(minutes=1))
    assert found == [NetworkCall(waiting, "queued")]


def test_one_call_is_looked_up_with_who_answered_and_how_long_it_took(practise: MakePractice) -> None:
    practice, network, (sid,) = ended(practise, Person("machine", greeting=2.0))
    record: CallRecord = practice.settled(sid)
    assert network.fetch(sid) == NetworkCall(sid, "completed", "machine_end_beep", record.duration)


def test_a_call_that_there_is_not_cannot_be_looked_up(practise: MakePractice) -> None:
    with pytest.raises(NotPlacedError, match=r"^Twilio answered 404 \(20404\)\.$"):
        calls(practise().twilio.base_url).fetch("CA" + "0" * 32)


Ask = Callable[[TwilioCalls], object]


@pytest.mark.parametrize(
    "ask",
    [
        lambda network: network.find(PATIENT, LINE_NUMBER, datetime.now(UTC)),
        lambda network: network.fetch("CA" + "0" * 32),
        lambda network: network.leave_message("CA" + "0" * 32, "17", "es", TOPIC),
    ],
    ids=["find", "fetch", "leave a message"],
)
@pytest.mark.parametrize(
    "fault", ["cut", "silent", (200, "no JSON"), refusal(401, 20003, "No"), refusal(500, 20500, "No")]
)
def test_what_cannot_be_asked_is_one_error_whatever_was_asked(ask: Ask, fault: tuple[int, str] | str) -> None:
    with playing(FakeTwilio(fault=fault)) as twilio, pytest.raises(NotPlacedError):
        ask(calls(twilio.base, timeout=PATIENCE))


# --- A machine -------------------------------------------------------------------------------------------------------


def test_a_live_call_is_led_to_the_voicemail_of_its_attempt(practise: MakePractice) -> None:
    answers: list[tuple[str, ...]] = []

    def on_amd(form: dict[str, str]) -> None:
        network.leave_message(form["CallSid"], "Ab-_17", "es", TOPIC)
        answers.append((form["CallSid"], form["AnsweredBy"]))

    practice = practise(Person("machine", greeting=5.0))
    practice.line.on_amd = on_amd
    network = calls(practice.twilio.base_url)
    sid = practice.dial_detecting()
    record = practice.settled(sid)
    assert answers == [(sid, "machine_end_beep")]
    assert practice.line.paths[-1] == f"/call/at/es/{TOPIC}/reminder/voicemail?attempt=Ab-_17"
    assert record.fault == ""


def test_a_call_that_is_over_is_led_nowhere(practise: MakePractice) -> None:
    _, network, (sid,) = ended(practise, Person("busy"))
    with pytest.raises(NotPlacedError, match=r"^Twilio answered 400 \(21220\)\.$"):
        network.leave_message(sid, "Ab-_17", "es", TOPIC)


# --- Numbers stay out of logs ----------------------------------------------------------------------------------------


def test_h4_no_log_holds_a_number(practise: MakePractice, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    _, network, _ = ended(practise, Person("busy"))
    network.find(PATIENT, LINE_NUMBER, datetime.now(UTC))
    assert PATIENT[2:] not in "".join(filter(str.isalnum, caplog.text))


def test_h4_no_words_of_an_error_hold_a_number(practise: MakePractice) -> None:
    _, words = place_in_vain(practise().twilio.base_url, Order(number="+999"))
    assert "999" not in words
