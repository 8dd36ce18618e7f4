"""The practice Twilio calls through the real line: the gate, the voicemail at a machine's beep, silence at the gate.

The clips of these words may not be made yet, so the tests name places; the line speaks what it has no clip for.
"""

from collections.abc import Mapping

import pytest
from flask import Flask
from twilio.rest import Client

from ivr.addresses import Verb, write_address
from ivr.line.nodes import Position
from ivr.line.reminder import name_gate, name_voicemail
from ivr.parts import Spineline
from ivr.practice import HANG_UP, CallRecord, InProcess, Person, PracticeTwilio
from ivr.practice.callbacks import WebhookReply
from ivr.provider.account import RebasedHttpClient
from ivr.store.migrate import upgrade
from ivr.wiring import create_app
from tests.conftest import MONDAY_MORNING, Environment
from tests.practice.conftest import FAST, OURS, PATIENT, SETTLED, SID

TOPIC = "compression-fracture"
GATE, VOICEMAIL = name_gate(TOPIC), name_voicemail(TOPIC)


@pytest.fixture
def line(environment: Environment) -> Flask:
    """The real line, with a database of its own, and a clinic that has a number."""
    app = create_app({**environment, "CLINIC_NUMBER": "+12125550150"}, lambda: MONDAY_MORNING)
    upgrade(parts_of(app).settings.database_url)
    return app


def parts_of(app: Flask) -> Spineline:
    parts: Spineline = app.extensions["spineline"]
    return parts


def at(app: Flask, node: str, language: str = "en") -> str:
    return f"{parts_of(app).calls.signature.base}{write_address(Verb.AT, Position(language, node))}"


def called(app: Flask, person: Person, **asked: str) -> CallRecord:
    """One call from its order to its end."""
    token = parts_of(app).settings.twilio_auth_token
    with PracticeTwilio(SID, token, InProcess(app), lambda _: person, calls_per_second=FAST) as practice:
        client = Client(SID, token, http_client=RebasedHttpClient(practice.base_url, 5.0))
        client.calls.create(to=PATIENT, from_=OURS, url=at(app, GATE, "es"), **asked)
        practice.settle(SETTLED)
        return practice.calls[0]


def test_silence_at_the_gate_is_tried_again_and_then_gets_the_voicemail(line: Flask) -> None:
    record = called(line, Person(presses={}))
    assert (record.status, record.fault) == ("completed", "")
    gates = [place for place in record.places if place == f"es/{GATE}"]
    assert len(gates) == 3
    assert record.places[-1] == f"es/{VOICEMAIL}"


def test_a_person_chooses_another_language_at_the_gate(line: Flask) -> None:
    record = called(line, Person(presses={"gate": ("8", HANG_UP), "languages": "1"}))
    assert (record.fault, record.pressed) == ("", ("8", "1"))
    assert record.places[0] == f"es/{GATE}"
    assert record.places[-1] == f"en/{GATE}"


def test_a_machine_is_led_from_the_gate_to_the_voicemail_and_hears_it_once(line: Flask) -> None:
    token, inside = parts_of(line).settings.twilio_auth_token, InProcess(line)

    def door(method: str, url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> WebhookReply:
        if not url.endswith("/amd"):
            return inside(method, url, fields, headers)
        client.calls(fields["CallSid"]).update(url=at(line, VOICEMAIL))
        return WebhookReply(204, "")

    machine = Person("machine", greeting=5.0)
    with PracticeTwilio(SID, token, door, lambda _: machine, calls_per_second=FAST) as practice:
        client = Client(SID, token, http_client=RebasedHttpClient(practice.base_url, 5.0))
        amd = {"machine_detection": "DetectMessageEnd", "async_amd": "true"}
        back = "https://back.example.org/amd"
        client.calls.create(to=PATIENT, from_=OURS, url=at(line, GATE), async_amd_status_callback=back, **amd)
        practice.settle(SETTLED)
        (record,) = practice.calls
    assert (record.fault, record.answered_by, record.pressed) == ("", "machine_end_beep", ())
    assert record.places == (f"en/{GATE}", f"en/{VOICEMAIL}")


def test_the_clinic_is_rung_for_a_person_who_asks_for_one(line: Flask) -> None:
    record = called(line, Person(presses={"gate": "0"}))
    assert (record.status, record.fault, record.pressed) == ("completed", "", ("0",))
    assert "es/person" in record.places


def test_a_status_callback_of_ours_is_taken_as_twilios_own(line: Flask) -> None:
    token, base = parts_of(line).settings.twilio_auth_token, parts_of(line).calls.signature.base
    with PracticeTwilio(SID, token, InProcess(line), lambda _: Person("busy"), calls_per_second=FAST) as practice:
        client = Client(SID, token, http_client=RebasedHttpClient(practice.base_url, 5.0))
        client.calls.create(to=PATIENT, from_=OURS, url=at(line, GATE), status_callback=f"{base}/call/status")
        practice.settle(SETTLED)
        assert [(callback.event, callback.answer) for callback in practice.delivered] == [("completed", 204)]


def test_a_line_that_holds_another_token_refuses_us(line: Flask) -> None:
    with PracticeTwilio(SID, "another token", InProcess(line), lambda _: Person(), calls_per_second=FAST) as practice:
        client = Client(SID, "another token", http_client=RebasedHttpClient(practice.base_url, 5.0))
        client.calls.create(to=PATIENT, from_=OURS, url=at(line, VOICEMAIL))
        practice.settle(SETTLED)
        assert [(each.heard, each.fault) for each in practice.calls] == [((), f"{at(line, VOICEMAIL)} answered 403")]
