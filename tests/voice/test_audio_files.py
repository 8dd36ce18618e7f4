"""Clips over HTTP as Twilio's caches need them; and no file that is not a clip."""

import io
import wave
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ivr.voice.audio import make_audio_files
from ivr.wording.script import ScriptLine
from tests.conftest import MakeLine
from tests.voice.conftest import first, listener

NAME = "ab" * 32 + ".wav"
SOUND = b"RIFF" + bytes(range(200))


@dataclass(frozen=True)
class Shelf:
    """Knows one clip, in Spanish."""

    folder: Path

    def find(self, line: ScriptLine, *, slow: bool) -> None:
        raise AssertionError("a clip is served by its name, never by its words")

    def find_file(self, language: str, name: str) -> Path | None:
        return self.folder / name if (language, name) == ("es", NAME) else None


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    (tmp_path / NAME).write_bytes(SOUND)
    (tmp_path / "secret.wav").write_bytes(b"not a clip")
    app = Flask("audio")
    app.register_blueprint(make_audio_files(Shelf(tmp_path)))
    return app.test_client()


URL = f"/audio/es/{NAME}"


def test_a_clip_may_be_kept_for_ever(client: FlaskClient) -> None:
    with client.get(URL) as clip:
        assert (clip.status_code, clip.content_type, clip.get_data()) == (200, "audio/wav", SOUND)
        assert clip.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert clip.headers["ETag"] == f'"{NAME.removesuffix(".wav")}"'
        assert clip.headers["Accept-Ranges"] == "bytes"
        assert "Set-Cookie" not in clip.headers


@pytest.mark.parametrize("tag", [f'"{NAME.removesuffix(".wav")}"', f'W/"{NAME.removesuffix(".wav")}"', "*"])
def test_a_cache_that_has_it_gets_no_second_copy(client: FlaskClient, tag: str) -> None:
    with client.get(URL, headers={"If-None-Match": tag}) as clip:
        assert (clip.status_code, clip.get_data()) == (304, b"")
        assert clip.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_cache_that_has_another_gets_this_one(client: FlaskClient) -> None:
    with client.get(URL, headers={"If-None-Match": '"other"'}) as clip:
        assert (clip.status_code, clip.get_data()) == (200, SOUND)


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-3", 206, SOUND[:4]),
        ("bytes=4-9", 206, SOUND[4:10]),
        ("bytes=200-", 206, SOUND[200:]),
        ("bytes=-5", 206, SOUND[-5:]),
        ("bytes=5000-", 416, None),
        ("bytes=0-1,5-6", 200, SOUND),
        ("bytes=0-3, -5", 200, SOUND),
        ("bytes=0-0,1-1,2-2,3-3", 200, SOUND),
        ("bytes=0-3,5000-", 200, SOUND),
    ],
)
def test_a_part_can_be_asked_for_and_whoever_asks_for_several_gets_the_whole(
    client: FlaskClient, asked: str, status: int, part: bytes | None
) -> None:
    with client.get(URL, headers={"Range": asked}) as clip:
        assert clip.status_code == status
        assert part is None or clip.get_data() == part


# --- Quiet -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [1, 2, 10])
def test_quiet_is_a_clip_of_whole_seconds_in_the_networks_own_form(client: FlaskClient, seconds: int) -> None:
    with client.get(f"/audio/quiet/{seconds}.wav") as quiet:
        assert (quiet.status_code, quiet.content_type) == (200, "audio/wav")
        with wave.open(io.BytesIO(quiet.get_data())) as sound:
            assert sound.getparams()[:4] == (1, 2, 8000, 8000 * seconds)
            assert sound.readframes(sound.getnframes()) == bytes(2 * 8000 * seconds)


def test_quiet_too_may_be_kept_for_ever_and_asked_for_in_parts(client: FlaskClient) -> None:
    with client.get("/audio/quiet/1.wav") as quiet:
        whole = quiet.get_data()
        assert quiet.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert quiet.headers["ETag"] == '"quiet-1"'
    for headers, status, part in (
        ({"If-None-Match": '"quiet-1"'}, 304, b""),
        ({"If-None-Match": '"quiet-2"'}, 200, whole),
        ({"Range": "bytes=0-3"}, 206, b"RIFF"),
        ({"Range": "bytes=0-3,8-11"}, 200, whole),
    ):
        with client.get("/audio/quiet/1.wav", headers=headers) as answer:
            assert (answer.status_code, answer.get_data()) == (status, part)


@pytest.mark.parametrize("name", ["0.wav", "11.wav", "-1.wav", "1.5.wav", "999999999999.wav", "one.wav", "1", "1.mp3"])
def test_no_other_quiet_is_there(client: FlaskClient, name: str) -> None:
    assert client.get(f"/audio/quiet/{name}").status_code == 404


# --- What is no clip -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        f"/audio/en/{NAME}",
        f"/audio/xx/{NAME}",
        f"/audio/es/{'cd' * 32}.wav",
        f"/audio/es/{NAME}.bak",
        f"/audio/es/{NAME.removesuffix('.wav')}",
        "/audio/es/secret.wav",
        "/audio/es/manifest.json",
        "/audio/es/",
        "/audio/es",
        "/audio/",
    ],
)
def test_what_is_no_clip_is_not_there(client: FlaskClient, url: str) -> None:
    assert client.get(url).status_code == 404


TRAVERSALS = [
    "/audio/es/../manifest.json",
    "/audio/es/..%2fmanifest.json",
    "/audio/es/%2e%2e%2fmanifest.json",
    "/audio/../app.py",
    "/audio/..%2f..%2fapp.py",
    "/audio/%2e%2e/%2e%2e",
    "/audio/es/..",
    "/audio/es/....//manifest.json",
    "/audio/es/..%5cmanifest.json",
    "/audio/es/%2fetc%2fpasswd",
    "/audio/%2e%2e/built/manifest.json",
    "/audio/built/manifest.json",
    "/audio/es/manifest.json%00.wav",
]


@pytest.mark.parametrize("url", TRAVERSALS)
def test_no_path_leads_out_of_the_clips(client: FlaskClient, url: str) -> None:
    assert client.get(url).status_code == 404


def test_the_real_line_serves_the_clips_that_it_plays_and_nothing_else(make_line: MakeLine) -> None:
    app = make_line()
    played = str(first(listener(app).send("/call/at/es/hello"), "Play").text)
    quiet = str(first(listener(app).send("/call/at/es/begin"), "Play").text)
    assert quiet == "https://line.example.org/audio/quiet/1.wav"
    with app.test_client().get(quiet.removeprefix("https://line.example.org")) as clip:
        assert (clip.status_code, len(clip.get_data())) == (200, 44 + 2 * 8000)
    path = played.removeprefix("https://line.example.org")
    with app.test_client().get(path) as clip:
        assert (clip.status_code, clip.get_data()[:4]) == (200, b"RIFF")
    assert {app.test_client().get(url).status_code for url in TRAVERSALS} == {404}
    assert app.test_client().get(path.replace("/es/", "/en/")).status_code == 404
