"""Each kind of document, to the byte: Twilio's library checks no attribute name, so we do."""

import pytest

from ivr.line.nodes import Act, Line, Node, Pause, Position
from ivr.voice.twiml import PlayClip, Renderer, SayText, Sound, join_legs, render_last_words

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
    '<Pause length="2" />'
    "<Play>https://line.example.org/audio/es/abc.wav</Play>"
    '<Say language="es-US">Ñ &amp; &lt;b&gt; "q"</Say>'
)
CALL = "https://line.example.org/call"
QUERY = "es/menu?tries=s1&amp;slow=1&amp;origin=clip"
ON_TO_CLIP = f'<Redirect method="POST">{CALL}/at/es/clip</Redirect>'


def response(inner: str) -> bytes:
    words = f"<Response>{inner}</Response>" if inner else "<Response />"
    return f'<?xml version="1.0" encoding="UTF-8"?>{words}'.encode()


def test_a_menu_waits_for_one_key_and_goes_on_without_it() -> None:
    assert RENDERER.listen(MENU, SOUNDS, ONWARD) == response(
        f'<Gather action="{CALL}/key/{QUERY}" finishOnKey="" method="POST" numDigits="1" timeout="7">'
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
        f'<Gather action="{CALL}/key/en/{node}" {attributes} />{ON_TO_CLIP}'
    )


def test_a_person_is_rung_told_who_calls_and_joined_only_then() -> None:
    assert RENDERER.connect(MENU, SOUNDS, "+12125550150", 25, ONWARD) == response(
        f'{SOUNDS_XML}<Dial action="{CALL}/dialed/{QUERY}" answerOnBridge="true" method="POST" timeout="25">'
        f'<Number method="POST" url="{CALL}/whisper/{QUERY}">+12125550150</Number></Dial>{ON_TO_CLIP}'
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
