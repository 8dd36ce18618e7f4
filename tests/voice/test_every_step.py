"""Every node, every key, silence and every repeat, in every language: a caller always gets a document that any network
accepts, whose clips can be fetched. First all single steps, then random walks (any keys, in any order), from each
language.

In one language every arrival and every key comes as a signed request over the web, and every clip of all languages is
fetched so. In the other languages, where only the words differ, the call handler is asked directly, which takes a
quarter of the time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from ivr.addresses import Verb
from ivr.line.languages import LANGUAGES
from ivr.line.nodes import UNLISTED, Line, Position, Told
from ivr.phones.handset import Handset, OpenCall
from ivr.voice.webhooks import STEPS
from ivr.wiring import own_network
from tests.conftest import FEW, MakeLine
from tests.voice.caller import Caller
from tests.voice.conftest import parts_of
from tests.voice.reminding import NamingVoice, Reminding, at
from tests.voice.test_golden_calls import Answered
from tests.voice.twiml_rules import addresses, faults_of

ALL = " ".join(LANGUAGES)
KEYS = tuple("0123456789*#")
AT_ONCE = ("!2", "!5", "!0")
"""Keys that are pressed before anything can be heard."""
OVER_THE_WEB = "es"
LONGEST = 50
WALKS = 5
"""Random walks from each start."""


@dataclass
class Checked:
    """Documents and clips that were found good already: what is the same to the byte is looked into once."""

    app: Flask
    documents: set[bytes] = field(default_factory=set)
    clips: set[str] = field(default_factory=set)

    def check(self, response: TestResponse) -> bytes:
        """The answer is a good document, which is returned, and every clip that it plays is there."""
        assert response.status_code == 200, response.get_data(as_text=True)
        assert response.content_type == "text/xml; charset=utf-8"
        return self.read(response.data)

    def read(self, document: bytes) -> bytes:
        """The document is good, and every clip that it plays is there."""
        if document not in self.documents:
            assert faults_of(document) == []
            for url in addresses(document):
                self.fetch(url)
            self.documents.add(document)
        return document

    def fetch(self, url: str) -> None:
        if url not in self.clips:
            with self.app.test_client().get(url.removeprefix("https://line.example.org")) as clip:
                assert (clip.status_code, clip.content_type) == (200, "audio/wav")
            self.clips.add(url)


def positions(line: Line) -> Iterator[Position]:
    """Every node in every language, on arrival and on new tries; in the languages of the first words also for somebody
    who has chosen none, and for somebody who was told the notice, but not yet the keys."""
    for language in line.languages:
        for node in line.nodes:
            for tries in ("", "s1", "w2"):
                yield Position(language, node, tries, slow=tries == "w2")
            if language in line.opening:
                yield Position(language, node, origin="welcome")
                yield Position(language, node, told=Told.NOTICE)
                yield Position(language, node, "n")


def all_keys_at(position: Position) -> bool:
    """Every key is pressed on every arrival; in a few languages on the last try too."""
    return position.tries in ("", "n") or (position.tries == "w2" and position.language in FEW.split())


def test_every_node_answers_every_key_silence_and_a_repeat_in_every_language(make_line: MakeLine) -> None:
    app = make_line(LANGUAGES=ALL)
    line, caller, checked = parts_of(app).content.line, Caller(app), Checked(app)
    handler = parts_of(app).calls.handler
    assert line.languages == tuple(LANGUAGES)
    for position in positions(line):
        arrived = checked.read(STEPS[Verb.AT](handler, position, caller.fields, ""))
        over_the_web = position.language == OVER_THE_WEB
        assert not over_the_web or checked.check(caller.at(position)) == arrived
        for key in (*KEYS, "", "12", "9" * 50) if all_keys_at(position) else ():
            if over_the_web:
                checked.check(caller.key(position, key))
            else:
                checked.read(STEPS[Verb.KEY](handler, position, {**caller.fields, "Digits": key}, ""))
    assert {url.split("/audio/")[1].split("/")[0] for url in checked.clips} == {*LANGUAGES, "quiet"}


def starts(line: Line) -> Iterator[tuple[str, ...]]:
    """The keys that choose each language on its page, and the one for no language; then none: from the dialing."""
    page: tuple[str, ...] = ()
    node = line.node("welcome")
    while True:
        moves = {key: move for key, move in node.keys.items() if key not in "0#"}
        yield from ((*page, key) for key in moves)
        if UNLISTED in (move.to for move in moves.values()):
            break
        page, node = (*page, "#"), line.node(node.keys["#"].to)
    yield ()


@pytest.mark.parametrize("clinic", ["", "+13125550100"])
def test_any_keys_in_any_order_keep_the_call_going_until_its_goodbye(make_line: MakeLine, clinic: str) -> None:
    app = make_line(LANGUAGES=ALL, CLINIC_NUMBER=clinic)
    network = own_network(app)
    begun = list(starts(parts_of(app).content.line))
    assert len(begun) == len(LANGUAGES) + 2

    @settings(max_examples=WALKS)
    @given(
        keys=st.lists(st.sampled_from((*KEYS, *AT_ONCE, "T")), min_size=LONGEST, max_size=LONGEST),
        person=st.sampled_from(("takes", "ignores", "busy", "no-answer")),
        hidden=st.booleans(),
    )
    def walk(start: tuple[str, ...], keys: list[str], person: str, hidden: bool) -> None:
        handset = network.make_handset(person)  # type: ignore[arg-type]
        call, heard = handset.call("CA" + "2" * 32, "" if hidden else "+12125550123", "+12125550100")
        for key in (*start, *keys):
            assert [item.kind for item in heard if item.kind == "say"] == []
            if call.over:
                assert heard[-1].kind == "hangup"
                return
            call, heard = step(handset, call, key)
            assert any(item.kind == "play" for item in heard) or call.digits or call.over

    for start in begun:
        walk(start)


def test_any_keys_in_any_order_keep_a_reminder_going_until_its_goodbye(make_line: MakeLine) -> None:
    app = make_line(LANGUAGES=ALL, CLINIC_NUMBER="+13125550100")
    own = own_network(app).make_handset("busy")
    attempt = Reminding(app, NamingVoice()).placed()

    @settings(max_examples=WALKS)
    @given(keys=st.lists(st.sampled_from((*KEYS, *AT_ONCE, "T")), min_size=LONGEST, max_size=LONGEST))
    def walk(language: str, keys: list[str]) -> None:
        handset = Answered(own.post, own.caption, own.person, start=at("gate", attempt, language))
        call, heard = handset.call("CA" + "2" * 32, "+12125550100", "+12125550123")
        for key in keys:
            assert [item.kind for item in heard if item.kind == "say"] == []
            if call.over:
                assert heard[-1].kind == "hangup"
                return
            call, heard = step(handset, call, key)
            assert any(item.kind == "play" for item in heard) or call.digits or call.over

    for language in LANGUAGES:
        walk(language)


def step(handset: Handset, call: OpenCall, key: str) -> tuple[OpenCall, list]:  # type: ignore[type-arg]
    return handset.wait(call) if key == "T" else replace(handset, hasty=key in AT_ONCE).press(call, key[-1])
