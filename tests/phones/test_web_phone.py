"""What the web phone's page asks of the server: a call by keys and silence, and clear answers to everything else."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner
from werkzeug.test import TestResponse

from ivr.errors import SettingsError
from ivr.line.languages import LANGUAGES
from ivr.parts import Spineline
from ivr.phones.handset import HandsetEvent
from ivr.phones.own_network import Captions
from ivr.phones.web_phone import CALL_SECONDS
from ivr.voice.quiet import write_quiet_address
from ivr.wiring import create_app
from tests.conftest import MONDAY_MORNING, Environment, MakeLine

PRODUCTION = {"SPINELINE_ENV": "production", "TWILIO_ACCOUNT_SID": "AC" + "1" * 32}
SECURE = "https://line.example.org"
"""Outside one's own machine, the cookie of who is signed in travels by https only."""
MORNING = round(MONDAY_MORNING.timestamp() * 1000)
"""When each place of these calls begins to be heard, in milliseconds since 1970."""
PATHS = ("call", "key", "silence", "hangup")
Answer = dict[str, Any]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def ask(client: FlaskClient, path: str, **fields: object) -> Answer:
    """What the line answers. `call` may be the answer before."""
    answer = post(client, path, **fields)
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def post(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    if isinstance(call := fields.get("call"), dict):
        fields["call"] = call["call"]
    return client.post(f"/phone/{path}", json=fields)


def press(client: FlaskClient, keys: str, **options: object) -> Answer:
    """The answer to the last of these keys, in a new call."""
    answer = ask(client, "call", **options)
    for key in keys:
        answer = ask(client, "key", call=answer, key=key)
    return answer


def place(answer: Answer) -> str:
    """Where the call waits for a key, without the moment since when it does."""
    return re.sub(r"[?&]since=\d+$", "", answer["gathering"]["at"])


def kinds(answer: Answer) -> list[str]:
    return [item["kind"] for item in answer["heard"]]


def said(answer: Answer) -> list[tuple[str, str]]:
    return [(item["lang"], item["text"]) for item in answer["heard"] if item["kind"] == "play"]


def test_the_page_shows_the_handset_and_the_open_languages(client: FlaskClient) -> None:
    page = client.get("/phone")
    assert page.status_code == 200
    for key in "1234567890*#":
        assert f'data-key="{key}"' in page.text
    assert '<span lang="zh-CN" dir="ltr">普通话</span>' in page.text


def test_the_page_writes_right_to_left_what_is_written_so(app: Flask) -> None:
    with app.test_request_context("/phone"):
        page = render_template("phone.html", languages=[LANGUAGES["ar"]])
    assert '<span lang="ar" dir="rtl">العربية</span>' in page


def test_everything_that_the_page_names_is_served_from_here_and_nothing_else_is_allowed(client: FlaskClient) -> None:
    for file in ("phone.js", "call.js", "ear.js", "line.js", "stage.js", "story.js", "phone.css"):
        with client.get(f"/phone/static/{file}") as answer:
            assert answer.status_code == 200
    answers = [client.get("/phone"), client.post("/phone/call", json={}), client.post("/phone/call", data="nonsense")]
    for answer in answers:
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "https://" not in answers[0].text
    assert "style=" not in answers[0].text


def test_a_call_begins_with_quiet_the_emergency_notice_in_the_first_language_and_each_languages_own_choice(
    client: FlaskClient,
) -> None:
    answer = ask(client, "call")
    assert [(item["kind"], item["seconds"]) for item in answer["heard"][:2]] == [("node", 0), ("pause", 1)]
    assert said(answer)[:4] == [
        ("en-US", "If this is an emergency, hang up now, and call nine… one… one."),
        ("en-US", "For English, press one."),
        ("es-US", "Para español, oprima el dos."),
        ("zh-CN", "要听普通话、国语，请按三号键。"),
    ]
    assert [lang for lang, _ in said(answer)[4:]] == ["en-US", "es-US", "zh-CN"] * 2
    assert answer["over"] is False
    assert answer["gathering"] == {"timeout": 7, "one": True, "at": f"en/welcome?since={MORNING}"}


def test_a_key_leads_on_and_the_answer_says_where(client: FlaskClient) -> None:
    answer = press(client, "2#")
    assert (kinds(answer)[:2], place(answer)) == (["key", "node"], "es/compression-fracture/menu")
    assert {lang for lang, _ in said(answer)} == {"es-US"}
    assert all(item["seconds"] > 0 for item in answer["heard"] if item["kind"] == "play")


def test_silence_lets_the_speech_go_on(client: FlaskClient) -> None:
    answer = press(client, "2#2")
    places = [place(answer)]
    for _ in range(4):
        answer = ask(client, "silence", call=answer)
        assert kinds(answer)[:2] == ["silence", "node"]
        places.append(place(answer))
    assert places == [
        "es/notice?origin=compression-fracture/prep/1",
        "es/lesson/skip?origin=compression-fracture/prep/1&told=1",
        "es/compression-fracture/prep/1?told=1",
        "es/lesson/again?origin=compression-fracture/prep/1&told=2",
        "es/compression-fracture/prep/2?told=2",
    ]


def test_a_section_begins_with_its_title(client: FlaskClient) -> None:
    answer = press(client, "2#2")
    for _ in range(2):
        answer = ask(client, "silence", call=answer)
    assert said(answer)[0] == ("es-US", "Cómo prepararse.")


def test_a_wrong_key_gets_words(client: FlaskClient) -> None:
    answer = press(client, "1#2" + "5")
    assert "does not work here" in said(answer)[0][1]
    assert place(answer) == "en/notice?tries=w1&origin=compression-fracture/prep/1"


def test_silence_at_a_menu_gets_words(client: FlaskClient) -> None:
    answer = ask(client, "silence", call=press(client, "1#"))
    assert place(answer) == "en/compression-fracture/menu?tries=s1"
    assert said(answer)


@pytest.mark.parametrize(
    ("person", "happens", "then"),
    [
        ("takes", ["dial", "staff"], "en/person/done"),
        ("ignores", ["dial", "staff"], "en/person/away"),
        ("busy", ["dial"], "en/person/away"),
        ("no-answer", ["dial"], "en/person/away"),
    ],
)
def test_the_clinic_does_what_was_chosen_before_the_call(
    make_line: MakeLine, person: str, happens: list[str], then: str
) -> None:
    client = make_line(CLINIC_NUMBER="+12125550199").test_client()
    answer = press(client, "10", person=person)
    assert list(dict.fromkeys(kind for kind in kinds(answer) if kind in ("dial", "staff"))) == happens
    assert place(answer) == then


def test_a_hidden_number_cannot_be_read_back_so_it_is_asked_for(client: FlaskClient) -> None:
    assert place(press(client, "101", hidden=True)) == "en/callback/enter"
    assert place(press(client, "101", hidden=False)) == "en/callback/number"


def test_a_number_is_keyed_in_digit_by_digit(client: FlaskClient) -> None:
    answer = press(client, "101" + "212555012", hidden=True)
    assert kinds(answer) == ["key"]
    assert answer["gathering"]["one"] is False
    answer = ask(client, "key", call=answer, key="4")
    answer = ask(client, "key", call=answer, key="#")
    assert place(answer).startswith("en/callback/number?number=")


def test_hanging_up_ends_the_call_for_the_line_too(app: Flask) -> None:
    client = app.test_client()
    answer = ask(client, "hangup", call=press(client, "1"))
    assert (kinds(answer), answer["over"], answer["gathering"]) == (["hangup"], True, None)
    assert kinds(ask(client, "key", call=answer, key="1")) == ["key"]
    parts: Spineline = app.extensions["spineline"]
    parts.database.writer.close()


def test_where_a_clip_is_missing_the_networks_voice_speaks_in_a_language_that_a_browser_knows(
    make_line: MakeLine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    client = make_line(AUDIO_FOLDER=str(tmp_path_factory.mktemp("empty"))).test_client()
    says = [item for item in ask(client, "call")["heard"] if item["kind"] == "say"]
    assert {item["lang"] for item in says} == {"en-US", "es-US", "zh-CN"}
    assert {item["language"] for item in says} == {"en", "es", "zh"}


def test_the_words_of_a_clip_are_known_by_its_address(app: Flask) -> None:
    caption = Captions(app.extensions["spineline"].content.scripts, app.extensions["spineline"].content.clips)
    played = [item for item in ask(app.test_client(), "call")["heard"] if item["kind"] == "play"]
    assert [caption(item["url"]).text for item in played] == [item["text"] for item in played]


@pytest.mark.parametrize("seconds", [1, 2])
@pytest.mark.parametrize("base", ["https://line.example.org", "https://line.example.org/spine"])
def test_the_address_of_quiet_is_known_without_a_clip(app: Flask, base: str, seconds: int) -> None:
    caption = Captions({}, app.extensions["spineline"].content.clips)
    assert caption(write_quiet_address(base, seconds)) == HandsetEvent("pause", seconds=seconds)


@pytest.mark.parametrize("name", ["quiet.wav", "nothing.wav"])
def test_a_clip_that_is_not_of_this_line_has_no_words(app: Flask, name: str) -> None:
    caption = Captions({}, app.extensions["spineline"].content.clips)
    assert caption(f"https://line.example.org/audio/en/{name}") == HandsetEvent("play")
    assert caption("https://line.example.org/audio/en/unknown.wav").text == ""


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"words"', b"null", b"\xff\xfe"])
@pytest.mark.parametrize("path", PATHS)
def test_what_is_not_an_object_in_json_is_refused(client: FlaskClient, path: str, body: bytes) -> None:
    answer = client.post(f"/phone/{path}", data=body, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize("key", ["", "12", "a", "٣", " 1", None, 1, ["1"]])
def test_an_unknown_key_is_refused(client: FlaskClient, key: object) -> None:
    call = ask(client, "call")
    assert post(client, "key", call=call, key=key).status_code == 400


@pytest.mark.parametrize("person", ["nobody", "", None, ["takes"], {}])
def test_an_unknown_person_is_refused(client: FlaskClient, person: object) -> None:
    assert post(client, "call", person=person).status_code == 400


@pytest.mark.parametrize(
    "forge",
    [
        lambda _token: "",
        lambda _token: "nonsense",
        lambda token: token[:-9] + ("A" if token[-9] != "A" else "B") + token[-8:],
        lambda token: "x" + token,
        lambda _token: None,
        lambda _token: {"person": "takes"},
    ],
)
@pytest.mark.parametrize("path", ["key", "silence", "hangup"])
def test_a_forged_call_is_told_that_it_has_ended(
    client: FlaskClient, path: str, forge: Callable[[str], object]
) -> None:
    token = ask(client, "call")["call"]
    answer = client.post(f"/phone/{path}", json={"call": forge(token), "key": "1"})
    assert answer.status_code == 409
    assert answer.text == "This call has ended. Call again.\n"


def test_a_call_of_another_line_is_told_that_it_has_ended(client: FlaskClient, make_line: MakeLine) -> None:
    other = make_line(SECRET_KEY="the key of another line, long enough")
    assert post(other.test_client(), "silence", call=ask(client, "call")).status_code == 409


def test_a_call_that_was_left_open_for_an_hour_has_ended(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    call = ask(client, "call")
    now = TimestampSigner.get_timestamp
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda signer: now(signer) + CALL_SECONDS + 1)
    assert post(client, "silence", call=call).status_code == 409


def test_the_same_answer_is_given_when_a_request_is_repeated(client: FlaskClient) -> None:
    call = press(client, "1#")
    first, again = (ask(client, "key", call=call, key="2") for _ in range(2))
    assert (first["heard"], first["gathering"]) == (again["heard"], again["gathering"])


def test_in_production_there_is_no_web_phone(make_line: MakeLine) -> None:
    client = make_line(**PRODUCTION).test_client()
    assert client.get("/phone").status_code == 404
    assert post(client, "call").status_code == 404


def test_in_production_it_cannot_be_open_to_everybody(environment: Environment) -> None:
    with pytest.raises(SettingsError, match="may not be open to everybody"):
        create_app({**environment, **PRODUCTION, "WEB_PHONE": "on"})


def test_for_staff_only_it_leads_to_the_sign_in_page(make_line: MakeLine) -> None:
    client = make_line(**PRODUCTION, WEB_PHONE="staff").test_client()
    for answer in (client.get("/phone"), *(post(client, path) for path in PATHS)):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/sign-in?then=")


def test_staff_who_signed_in_can_call(make_line: MakeLine) -> None:
    app = make_line(**PRODUCTION, WEB_PHONE="staff")
    app.extensions["spineline"].database.store.staff.accounts.add_staff("ana", "a long enough password")
    client = app.test_client()
    name = {"name": "ana", "password": "a long enough password", "then": "/phone"}
    signed_in = client.post("/sign-in", base_url=SECURE, data=name)
    assert signed_in.headers["Location"] == "/phone"
    assert client.get("/phone", base_url=SECURE).status_code == 200
    assert client.post("/phone/call", base_url=SECURE, json={}).status_code == 200
