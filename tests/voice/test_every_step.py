"""Every node, every key, silence and every repeat, in every open language: a caller always gets a document that any
network accepts, whose clips can be fetched. First all single steps, then random walks (any keys, in any order)."""

from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from ivr.line.nodes import Position
from ivr.voice.handset import Handset, OpenCall
from ivr.voice.own_network import OwnNetwork
from tests.conftest import MakeLine
from tests.voice.caller import Caller
from tests.voice.twiml_rules import addresses, faults_of

KEYS = tuple("0123456789*#")
STEPS = 50


@pytest.fixture(scope="module")
def fetched() -> set[str]:
    """Clips that were fetched already; each is fetched once."""
    return set()


def check(app: Flask, response: TestResponse, fetched: set[str]) -> None:
    """The answer is a good document, and every clip that it plays is there."""
    assert response.status_code == 200, response.get_data(as_text=True)
    assert response.content_type == "text/xml; charset=utf-8"
    assert faults_of(response.data) == []
    for url in addresses(response.data):
        if url not in fetched:
            with app.test_client().get(url.removeprefix("https://line.example.org")) as clip:
                assert (clip.status_code, clip.content_type) == (200, "audio/wav")
            fetched.add(url)


def positions(app: Flask) -> Iterator[Position]:
    parts = app.extensions["spineline"]
    for language in parts.line.languages:
        for node in parts.line.nodes:
            for tries in ("", "s1", "w2"):
                yield Position(language, node, tries, slow=tries == "w2")


def test_every_node_answers_every_key_silence_and_a_repeat_in_every_language(app: Flask, fetched: set[str]) -> None:
    caller = Caller(app)
    for position in positions(app):
        arrived = caller.at(position)
        check(app, arrived, fetched)
        assert caller.at(position).data == arrived.data
        if position.tries == "s1":
            continue
        for key in (*KEYS, "", "12", "9" * 50):
            check(app, caller.key(position, key), fetched)


@pytest.mark.parametrize("clinic", ["", "+13125550100"])
def test_any_keys_in_any_order_keep_the_call_going_until_its_goodbye(make_line: MakeLine, clinic: str) -> None:
    app = make_line(CLINIC_NUMBER=clinic)
    network = OwnNetwork(app, app.extensions["spineline"])

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        keys=st.lists(st.sampled_from((*KEYS, "T")), min_size=STEPS, max_size=STEPS),
        person=st.sampled_from(("takes", "ignores", "busy", "no-answer")),
        hidden=st.booleans(),
    )
    def walk(keys: list[str], person: str, hidden: bool) -> None:
        handset = network.handset(person)  # type: ignore[arg-type]
        call, heard = handset.call("CA" + "2" * 32, "" if hidden else "+12125550123", "+12125550100")
        for key in keys:
            assert [item.kind for item in heard if item.kind == "say"] == []
            if call.over:
                assert heard[-1].kind == "hangup"
                return
            call, heard = step(handset, call, key)
            assert any(item.kind == "play" for item in heard) or call.digits or call.over

    walk()


def step(handset: Handset, call: OpenCall, key: str) -> tuple[OpenCall, list]:  # type: ignore[type-arg]
    return handset.wait(call) if key == "T" else handset.press(call, key)
