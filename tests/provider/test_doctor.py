"""`flask twilio doctor` looks at a real server over real requests, and explains each fault that it finds."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask, Response, request, send_file

from ivr.provider.signature import HEADER, Signature
from ivr.wiring import create_app
from tests.conftest import Environment, MakeLine
from tests.provider.fake_twilio import NUMBER, TOKEN, FakeTwilio
from tests.provider.test_account import TOKEN_WORDS
from tests.voice.conftest import free_port, parts_of, served

WELL = [
    "well   The address answers",
    "well   Nothing is missing",
    "well   An unsigned request is refused",
    "well   A signed request is let in",
    "well   A clip in en can be fetched",
    "well   A clip in es can be fetched",
    "well   A clip in zh can be fetched",
]


STEPS = {"": 200, "/fallback": 200, "/status": 204}
"""What a number is connected to, with what is answered there."""


def examined(app: Flask, *words: str) -> tuple[int, list[str]]:
    result: Result = app.test_cli_runner().invoke(args=["twilio", "doctor", *words])
    return result.exit_code, result.output.splitlines()


@contextmanager
def running(make_line: MakeLine, **settings: str) -> Iterator[Flask]:
    """The real line behind a real server, at the address that it takes for its public one."""
    port = free_port()
    app = make_line(PUBLIC_BASE_URL=f"http://127.0.0.1:{port}", **settings)
    with served(app, port):
        yield app


def test_a_line_that_is_well_is_called_well(make_line: MakeLine) -> None:
    with running(make_line) as app:
        assert examined(app) == (0, [*WELL, "All is well."])
        parts = parts_of(app)
        assert parts.database.writer.flush(5)
        assert parts.database.store.staff.calls.list_calls() == []


def test_a_number_that_leads_here_is_well_too(make_line: MakeLine, fake_twilio: FakeTwilio) -> None:
    with running(make_line, TWILIO_API_BASE=fake_twilio.base) as app:
        code, said = examined(app, "--number", NUMBER)
        advice = f"       It does not. Run: flask twilio connect {NUMBER}"
        assert (code, said) == (1, [*WELL, f"FAULT  {NUMBER} leads here", advice, "1 faults."])
        app.test_cli_runner().invoke(args=["twilio", "connect", NUMBER, "--yes"])
        assert examined(app, "--number", NUMBER) == (0, [*WELL, f"well   {NUMBER} leads here", "All is well."])


ENDS = "Its {} ends in / or ?: {}. It is answered all the same."
SLASHES = "Its {} has a slash too many, and a signature covers each slash: {}"
NEARLY = {
    "a slash at its end": ("voice_url", "{base}/call/", ENDS),
    "an empty query": ("voice_url", "{base}/call?", ENDS),
    "a fallback with a slash at its end": ("voice_fallback_url", "{base}/call/fallback/", ENDS),
    "a slash too many": ("voice_url", "{base}//call", SLASHES),
    "two slashes too many": ("status_callback", "{base}/call///status", SLASHES),
    "another line": ("voice_url", "https://demo.twilio.com/welcome", ""),
    "another method": ("voice_method", "GET", ""),
}


@pytest.mark.parametrize(("field", "now", "why"), NEARLY.values(), ids=NEARLY.keys())
def test_an_address_that_only_looks_like_ours_is_explained(
    make_line: MakeLine, fake_twilio: FakeTwilio, field: str, now: str, why: str
) -> None:
    with running(make_line, TWILIO_API_BASE=fake_twilio.base) as app:
        base = parts_of(app).settings.public_base_url
        app.test_cli_runner().invoke(args=["twilio", "connect", NUMBER, "--yes"])
        fake_twilio.numbers[NUMBER][field] = address = now.format(base=base)
        code, said = examined(app, "--number", NUMBER)
    advice = f"       It does not. Run: flask twilio connect {NUMBER}"
    words = f"{advice} {why.format(field, address)}" if why else advice
    assert (code, said) == (1, [*WELL, f"FAULT  {NUMBER} leads here", words, "1 faults."])


ANSWERED = [(f"/call{step}{end}", status) for step, status in STEPS.items() for end in ("", "/", "?")]


@pytest.mark.parametrize(("path", "status"), ANSWERED)
def test_an_address_that_ends_in_a_slash_or_an_empty_query_is_answered_all_the_same(
    app: Flask, caplog: pytest.LogCaptureFixture, path: str, status: int
) -> None:
    form = {"CallSid": "CA1", "From": "+12125550123", "To": NUMBER, "CallStatus": "in-progress"}
    base = parts_of(app).settings.public_base_url
    signature = Signature(base, TOKEN).sign(path, form)
    answer = app.test_client().post(path, base_url=base, data=form, headers={HEADER: signature})
    assert (answer.status_code, caplog.messages) == (status, [])


def test_an_account_that_refuses_is_explained(make_line: MakeLine, fake_twilio: FakeTwilio) -> None:
    settings = {"TWILIO_API_BASE": fake_twilio.base, "TWILIO_ACCOUNT_SID": "AC" + "9" * 32}
    with running(make_line, **settings) as app:
        code, said = examined(app, "--number", NUMBER)
    assert (code, said[-3:]) == (1, [f"FAULT  {NUMBER} leads here", f"       {TOKEN_WORDS}", "1 faults."])


def test_a_line_that_is_not_running_is_said_at_every_check(make_line: MakeLine) -> None:
    base = f"http://127.0.0.1:{free_port()}"
    code, said = examined(make_line(PUBLIC_BASE_URL=base))
    advice = (
        f"       {base} does not answer (ConnectionError). Is the line running, is its address PUBLIC_BASE_URL, "
        "and does its certificate hold?"
    )
    assert code == 1
    assert said.count(advice) == 4
    assert sum(line.startswith("FAULT") for line in said) == 7
    assert [line.split("/audio/")[1][:3] for line in said if "Look at AUDIO_BASE_URL" in line] == ["en/", "es/", "zh/"]
    assert said[-1] == "7 faults."


def test_another_token_than_the_running_lines_is_explained(make_line: MakeLine) -> None:
    with running(make_line) as app:
        base = parts_of(app).settings.public_base_url
        other = make_line(PUBLIC_BASE_URL=base, TWILIO_AUTH_TOKEN="another token than the line's")
        code, said = examined(other)
    assert code == 1
    fault = said.index("FAULT  A signed request is let in")
    assert said[fault + 1] == (
        "       A rightly signed request got 403. The line must run with this PUBLIC_BASE_URL and this "
        "TWILIO_AUTH_TOKEN, and a proxy before it must not change the path."
    )
    assert said[-1] == "1 faults."


def test_a_line_that_takes_another_address_for_its_own_is_explained(make_line: MakeLine) -> None:
    inside = make_line(PUBLIC_BASE_URL="https://elsewhere.example.org")
    with served(inside) as base:
        _, said = examined(make_line(PUBLIC_BASE_URL=base))
    assert "FAULT  A signed request is let in" in said
    assert said[-1] == "1 faults."


def test_what_is_missing_is_passed_on_in_the_lines_own_words(environment: Environment, clips: None) -> None:
    port = free_port()
    app = create_app({**environment, "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}"})
    with served(app, port):
        code, said = examined(app)
    assert code == 1
    fault = said.index("FAULT  Nothing is missing")
    words = "       Something is missing: The database has no tables yet: run `flask db upgrade`."
    assert said[fault + 1] == words
    assert said[-1] == "1 faults."


def test_a_line_without_clips_is_explained(make_line: MakeLine, tmp_path: Path) -> None:
    with running(make_line, AUDIO_FOLDER=str(tmp_path / "empty"), LANGUAGES="en es") as app:
        _, said = examined(app)
    assert said.count("       There is no clip. Run: flask audio build") == 2
    assert said[-1] == "3 faults."


def careless(status: int) -> Flask:
    """A server that lets everybody in, or nobody, and takes any body."""
    app = Flask("careless")

    @app.route("/<path:anything>", methods=["GET", "POST"])
    def anything(anything: str) -> Response:
        return Response(status=204 if request.method == "POST" and status == 200 else status)

    return app


def test_a_server_that_lets_strangers_in_is_explained(make_line: MakeLine) -> None:
    with served(careless(200)) as base:
        _, said = examined(make_line(PUBLIC_BASE_URL=base))
    fault = said.index("FAULT  An unsigned request is refused")
    assert said[fault + 1] == "       An unsigned request got 204; it must get 403."
    assert "well   A signed request is let in" in said


def test_a_server_that_fails_is_explained(make_line: MakeLine) -> None:
    with served(careless(500)) as base:
        code, said = examined(make_line(PUBLIC_BASE_URL=base))
    assert code == 1
    assert said[:2] == ["FAULT  The address answers", "       /healthz answered 500. Look at the server's log."]
    assert said[-1] == "7 faults."


def audio_host(folder: Path, headers: dict[str, str], kind: str = "audio/wav", status: int = 200) -> Flask:
    app = Flask("host")

    @app.get("/<language>/<name>")
    def clip(language: str, name: str) -> Response:
        if status != 200:
            return Response("gone", status)
        response = send_file(folder / "clip.wav", mimetype=kind)
        del response.headers["Cache-Control"]
        response.headers.update(headers)
        return response

    return app


@pytest.mark.parametrize(
    ("headers", "kind", "status", "advice"),
    [
        ({"Cache-Control": "public, max-age=31536000"}, "audio/wav", 200, ""),
        ({}, "audio/wav", 200, "may not be kept by caches. Send Cache-Control: max-age=31536000."),
        ({"Cache-Control": "no-store"}, "audio/wav", 200, "may not be kept by caches."),
        ({}, "audio/wav", 404, "answered 404, text/html; charset=utf-8."),
        ({"Cache-Control": "max-age=9"}, "text/html", 200, "answered 200, text/html; charset=utf-8."),
        ({"Cache-Control": "max-age=9"}, "application/octet-stream", 200, "answered 200, application/octet-stream."),
    ],
    ids=["well", "no caching header", "not to be kept", "not there", "a page", "no type"],
)
def test_the_host_of_the_clips_is_examined(
    make_line: MakeLine, tmp_path: Path, headers: dict[str, str], kind: str, status: int, advice: str
) -> None:
    (tmp_path / "clip.wav").write_bytes(b"RIFF")
    with (
        served(audio_host(tmp_path, headers, kind, status)) as host,
        running(make_line, AUDIO_BASE_URL=host) as app,
    ):
        code, said = examined(app)
    words = "FAULT  A clip in es can be fetched" if advice else "well   A clip in es can be fetched"
    assert words in said
    assert code == (1 if advice else 0)
    assert any(line.startswith(f"       {host}/es/") and advice in line for line in said) is bool(advice)
