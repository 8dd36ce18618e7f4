"""Each kind of document, to the byte: Twilio's library checks no attribute name, so we do."""

from collections.abc import Callable
from dataclasses import replace
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from ivr.line.nodes import Act, Line, Node, Pause, Position
from ivr.voice.profiles import PROFILES, NetworkProfile
from ivr.voice.twiml import PlayClip, Renderer, Ringing, SayText, Sound, join_legs, render_last_words
from tests.voice.twiml_rules import faults_of

LINE = Line(
    {
        "menu": Node("menu"),
        "clip": Node("clip", wait=2),
        "enter": Node("enter", act=Act.KEY_IN, wait=10),
        "enter-fast": Node("enter-fast", act=Act.KEY_IN),
    },
    languages=("en", "es"),
    opening=("en",),
    starts={"en": "menu", "es": "menu"},
    whispers={},
)
RENDERER = Renderer(LINE, "https://line.example.org", key_wait=7)
MENU = Position("es", "menu", "s1", slow=True, origin="clip")
ONWARD = Position("es", "clip")
SOUNDS: list[Sound] = [
    Pause(2),
    PlayClip("https://line.example.org/audio/es/abc.wav"),
    SayText('Ñ & <b> "q"', "es-US"),
]
SOUNDS_XML = (
    "<Play>https://line.example.org/audio/quiet/2.wav</Play>"
    "<Play>https://line.example.org/audio/es/abc.wav</Play>"
    '<Say language="es-US">Ñ &amp; &lt;b&gt; "q"</Say>'
)
CALL = "https://line.example.org/call"
QUERY = "es/menu?tries=s1&amp;slow=1&amp;origin=clip"
SINCE = "since=NOW"
"""Stands for the moment until the document is sent."""
CLINIC = Ringing("+12125550150", 25)
ON_TO_CLIP = f'<Redirect method="POST">{CALL}/at/es/clip</Redirect>'


def response(inner: str) -> bytes:
    words = f"<Response>{inner}</Response>" if inner else "<Response />"
    return f'<?xml version="1.0" encoding="UTF-8"?>{words}'.encode()


def test_a_menu_waits_for_one_key_and_goes_on_without_it() -> None:
    assert RENDERER.listen(MENU, SOUNDS, ONWARD) == response(
        f'<Gather action="{CALL}/key/{QUERY}&amp;{SINCE}" finishOnKey="" method="POST" numDigits="1" timeout="7">'
        f"{SOUNDS_XML}</Gather>{ON_TO_CLIP}"
    )


@pytest.mark.parametrize(
    ("node", "attributes"),
    [
        ("clip", 'finishOnKey="" method="POST" numDigits="1" timeout="2"'),
        ("enter", 'finishOnKey="#" method="POST" timeout="10"'),
        ("enter-fast", 'finishOnKey="#" method="POST" timeout="7"'),
    ],
)
def test_a_node_has_its_own_patience_and_a_whole_number_ends_with_the_pound_key(node: str, attributes: str) -> None:
    assert RENDERER.listen(Position("en", node), (), ONWARD) == response(
        f'<Gather action="{CALL}/key/en/{node}?{SINCE}" {attributes} />{ON_TO_CLIP}'
    )


def test_a_person_is_rung_told_who_calls_and_joined_only_then() -> None:
    assert RENDERER.connect(MENU, SOUNDS, CLINIC, ONWARD) == response(
        f'{SOUNDS_XML}<Dial action="{CALL}/dialed/{QUERY}" answerOnBridge="true" method="POST" timeout="25">'
        f'<Number method="POST" url="{CALL}/whisper/{QUERY}">+12125550150</Number></Dial>{ON_TO_CLIP}'
    )


def test_the_clinic_is_rung_under_another_number_where_the_callers_own_cannot_be_shown() -> None:
    ringing = Ringing("+12125550150", 25, caller_id="+12125550100")
    assert RENDERER.connect(MENU, (), ringing, ONWARD) == response(
        f'<Dial action="{CALL}/dialed/{QUERY}" answerOnBridge="true" callerId="+12125550100" method="POST" '
        f'timeout="25"><Number method="POST" url="{CALL}/whisper/{QUERY}">+12125550150</Number></Dial>{ON_TO_CLIP}'
    )


def test_a_whisper_without_a_key_hangs_up_that_leg() -> None:
    assert RENDERER.whisper(MENU, SOUNDS) == response(
        f'<Gather action="{CALL}/taken/{QUERY}" finishOnKey="" method="POST" numDigits="1" timeout="7">'
        f"{SOUNDS_XML}</Gather><Hangup />"
    )


def test_passing_on_speaks_and_goes_at_once() -> None:
    assert RENDERER.pass_on(SOUNDS, ONWARD) == response(f"{SOUNDS_XML}{ON_TO_CLIP}")
    assert RENDERER.pass_on((), ONWARD) == response(ON_TO_CLIP)


def test_hanging_up_speaks_first() -> None:
    assert RENDERER.hang_up(SOUNDS) == response(f"{SOUNDS_XML}<Hangup />")


def test_the_empty_document_joins_the_two() -> None:
    assert join_legs() == response("")


@pytest.mark.parametrize(
    ("number", "dial"), [("+12125550150", "<Dial>+12125550150</Dial>"), ("", "")], ids=["a number", "no number"]
)
def test_last_words_need_nothing_of_ours(number: str, dial: str) -> None:
    spoken = [SayText("Sorry.", "en-US"), SayText("Lo siento.", "es-US")]
    assert render_last_words(spoken, number) == response(
        f'<Say language="en-US">Sorry.</Say><Say language="es-US">Lo siento.</Say>{dial}<Hangup />'
    )


def test_an_address_with_a_path_before_it_stays_before_every_address() -> None:
    below = Renderer(LINE, "https://example.org/phone/line", 7)
    assert below.pass_on((), ONWARD) == response(
        '<Redirect method="POST">https://example.org/phone/line/call/at/es/clip</Redirect>'
    )


# --- The networks ----------------------------------------------------------------------------------------------------

EVERY_NETWORK = pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES.keys())
DOCUMENTS: dict[str, Callable[[Renderer], bytes]] = {
    "a menu": lambda renderer: renderer.listen(MENU, SOUNDS, ONWARD),
    "a clip": lambda renderer: renderer.listen(Position("en", "clip"), SOUNDS, ONWARD),
    "a whole number": lambda renderer: renderer.listen(Position("en", "enter"), SOUNDS, ONWARD),
    "a person is rung": lambda renderer: renderer.connect(MENU, SOUNDS, replace(CLINIC, caller_id="+1212"), ONWARD),
    "a whisper": lambda renderer: renderer.whisper(MENU, SOUNDS),
    "on at once": lambda renderer: renderer.pass_on(SOUNDS, ONWARD),
    "goodbye": lambda renderer: renderer.hang_up(SOUNDS),
    "the last words": lambda _: render_last_words([SayText("Sorry.", "en-US")], "+12125550150"),
}
"""Every kind of document but the empty one."""


def gather_of(document: bytes) -> Element | None:
    root: Element = fromstring(document)
    return root.find("Gather")


@EVERY_NETWORK
@pytest.mark.parametrize("render", DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_every_document_is_made_of_what_every_network_takes(
    profile: NetworkProfile, render: Callable[[Renderer], bytes]
) -> None:
    document = render(replace(RENDERER, profile=profile))
    assert faults_of(document) == []
    assert b"<Pause" not in document


def test_the_search_for_what_a_network_refuses_would_find_a_pause() -> None:
    assert faults_of(b"<Response><Pause /><Hangup /></Response>") == [
        "<Pause> may not stand in <Response>",
        "no network knows <Pause>",
    ]


FINISHES = {
    ("twilio", "a menu"): "",
    ("twilio", "a clip"): "",
    ("twilio", "a whisper"): "",
    ("twilio", "a whole number"): "#",
    ("hash-ends", "a menu"): "D",
    ("hash-ends", "a clip"): "D",
    ("hash-ends", "a whisper"): "D",
    ("hash-ends", "a whole number"): "#",
}
"""What ends the keying in. A key that no telephone has leaves # a key like any other."""


@pytest.mark.parametrize(("name", "kind"), FINISHES)
def test_pound_is_a_key_like_any_other_on_each_network_but_where_a_whole_number_is_keyed_in(
    name: str, kind: str
) -> None:
    gather = gather_of(DOCUMENTS[kind](replace(RENDERER, profile=PROFILES[name])))
    assert gather is not None
    assert gather.get("finishOnKey") == FINISHES[name, kind]


def test_each_network_has_its_row_in_these_tables() -> None:
    assert {name for name, _ in FINISHES} == set(PROFILES)
    assert all(profile.name == name and profile.what_it_is for name, profile in PROFILES.items())


@EVERY_NETWORK
def test_the_networks_differ_in_nothing_else(profile: NetworkProfile) -> None:
    for render in DOCUMENTS.values():
        usual = render(RENDERER)
        theirs = render(replace(RENDERER, profile=profile))
        assert theirs == usual.replace(b'finishOnKey=""', f'finishOnKey="{profile.no_finish_key}"'.encode())
