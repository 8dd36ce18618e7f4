"""Google's voice, asked of a server of our own: what it answers badly is refused in words; a build goes on later."""

import base64
import datetime
import ipaddress
import json
import pickle
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs

import pytest
import soundfile
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from gtts.lang import tts_langs

from ivr.errors import SpeechError
from ivr.line.languages import LANGUAGES
from ivr.speech.build import build
from ivr.speech.build_report import BuildReport
from ivr.speech.check import check
from ivr.speech.clips import Clips
from ivr.speech.engines import find_engines
from ivr.speech.engines.google import FARTHEST, Google, Turns
from ivr.speech.sound import Grade
from ivr.speech.workers import LONGEST_WAIT
from tests.speech.tones import script, tone

LATER = " Run the build again later: it goes on where it stopped."
HELLO = "Welcome to the line."


@dataclass(frozen=True)
class Answer:
    """What the server answers; `length`, where it lies about it; `silent`: nothing, until the test is over."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    silent: bool = False


def mp3(seconds: float) -> bytes:
    file = BytesIO()
    soundfile.write(file, tone(seconds, 24_000), 24_000, format="MP3")
    return file.getvalue()


def batch(sound: bytes) -> bytes:
    """Sound as Google packs it: base64 in JSON in a string of JSON, a few lines down, with other things around."""
    inner = json.dumps([base64.b64encode(sound).decode()], separators=(",", ":")).replace("=", "\\u003d")
    line = json.dumps([["wrb.fr", "jQ1olc", inner, None, None, None, "generic"], ["di", 51]], separators=(",", ":"))
    return f')]}}\'\n\n{len(line)}\n{line}\n25\n[["e",4,null,null,168]]\n'.encode()


def spoken(words: str) -> Answer:
    """Twelve letters a second."""
    return Answer(batch(mp3(len(words) / 12)))


class Service(ThreadingHTTPServer):
    """Google, on this machine: gives `answers` in turn, and speaks once they are used up. `asked` holds the words."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[Answer] = []
        self.always: Answer | None = None
        self.asked: list[tuple[str, str]] = []
        self.paths: list[str] = []
        self.over = threading.Event()
        self.scheme = "http"

    def next(self, words: str) -> Answer:
        return self.always or (self.answers.pop(0) if self.answers else spoken(words))

    def address(self, tld: str, path: str) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_port}/{tld}/{path}"


class Handler(BaseHTTPRequestHandler):
    """Reads gTTS's batch, answers as the service is told."""

    server: Service

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        ((rpc, packed, _, _),) = json.loads(form["f.req"][0])[0]
        words, language, _, _ = json.loads(packed)
        assert rpc == "jQ1olc"
        self.server.asked.append((language, words))
        self.server.paths.append(self.path)
        self._send(self.server.next(words))

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        self._send(Answer())

    def _send(self, answer: Answer) -> None:
        if answer.silent:
            self.server.over.wait(10)
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(answer.length or len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Tests are quiet."""


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    server = Service()
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("gtts.tts._translate_url", server.address)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Clock:
    """Time passes only while somebody sleeps."""

    now: float = 1_790_000_000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 2))
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make(tmp_path: Path, clock: Clock) -> Callable[..., Google]:
    def made(**how: float) -> Google:
        return Google(turns=tmp_path / "turns", clock=clock, sleep=clock.sleep, **how)  # type: ignore[arg-type]

    return made


Make = Callable[..., Google]


def refused(engine: Google, text: str = HELLO) -> SpeechError:
    with pytest.raises(SpeechError) as caught:
        engine.speak(text, "en", slow=False)
    return caught.value


def test_words_become_sound(service: Service, make: Make) -> None:
    speech = make().speak(HELLO, "en", slow=False)
    assert (round(speech.seconds, 1), speech.rate) == (1.7, 24_000)
    assert service.asked == [("en", HELLO)]
    assert service.paths == ["/com/_/TranslateWebserverUi/data/batchexecute"]


def test_languages_are_spoken_under_googles_names_for_them() -> None:
    voices = {code: row.voices["gtts"] for code, row in LANGUAGES.items() if "gtts" in row.voices}
    assert {code: name for code, name in voices.items() if name not in tts_langs()} == {}
    assert [Google().name_voice(language) for language in ("zh", "fil", "yue")] == ["zh-CN", "tl", "yue"]
    assert [Google().grade(language) for language in ("yue", "ht", "fa", "xx")] == [Grade.BASIC, None, None, None]


@pytest.mark.parametrize(("language", "asked"), [("zh", "zh-CN"), ("fil", "tl"), ("pt", "pt")])
def test_google_is_asked_by_its_own_name_of_the_language(
    service: Service, make: Make, language: str, asked: str
) -> None:
    service.always = Answer(batch(mp3(1.5)))
    make().speak("Isa, dalawa", language, slow=False)
    assert service.asked == [(asked, "Isa, dalawa")]


@pytest.mark.parametrize("language", ["ht", "fa", "xx"])
def test_a_language_without_a_voice_is_never_sent(service: Service, make: Make, language: str) -> None:
    with pytest.raises(SpeechError, match=f"Google has no voice for {language}"):
        make().speak("Bonjou.", language, slow=False)
    assert service.asked == []


@pytest.mark.parametrize("text", ["", " ", "…", "?!"])
def test_words_without_a_letter_are_never_sent(service: Service, make: Make, text: str) -> None:
    assert str(refused(make(), text)) == "There is nothing to say in these words."
    assert service.asked == []


def test_long_words_are_sent_in_parts_and_joined_again(service: Service, make: Make, clock: Clock) -> None:
    sentence = "Do not eat or drink anything for six hours before the procedure."
    speech = make(pause=1.5).speak(f"{sentence} {sentence} {sentence}", "en", slow=False)
    assert [words for _, words in service.asked] == [sentence[:-1], sentence[:-1], sentence]
    assert round(speech.seconds, 1) == round((3 * len(sentence) - 2) / 12, 1)
    assert clock.slept == [0.0, 1.5, 1.5]


def test_a_busy_service_is_asked_again_after_a_while(service: Service, make: Make, clock: Clock) -> None:
    service.answers = [Answer(status=429), Answer(status=503)]
    assert make().speak(HELLO, "en", slow=False).seconds > 1
    assert len(service.asked) == 3
    assert clock.slept == [0.0, 2.0, 4.0]


@pytest.mark.parametrize(
    ("asked", "slept"),
    [
        ("7", 7.0),
        ("1", 2.0),
        ("86400", 60.0),
        ("Mon, 21 Sep 2026 14:13:35 GMT", 15.0),
        ("Mon, 21 Sep 2020 14:13:35 GMT", 2.0),
        ("soon", 2.0),
    ],
)
def test_a_wait_that_google_asks_for_is_kept_up_to_a_minute(
    service: Service, make: Make, clock: Clock, asked: str, slept: float
) -> None:
    service.answers = [Answer(status=429, headers={"Retry-After": asked})]
    make().speak(HELLO, "en", slow=False)
    assert clock.slept == [0.0, slept]


def test_a_service_that_stays_busy_is_given_up_with_words_for_later(service: Service, make: Make, clock: Clock) -> None:
    service.always = Answer(status=429)
    error = refused(make())
    assert str(error) == f"Google asks us to wait (429).{LATER}"
    assert not error.permanent
    assert len(service.asked) == 4
    assert clock.slept == [0.0, 2.0, 4.0, 8.0]


def test_no_text_takes_so_long_that_its_worker_is_ended(service: Service, make: Make, clock: Clock) -> None:
    service.always = Answer(status=429, headers={"Retry-After": "40"})
    assert str(refused(make())) == f"Google asks us to wait (429).{LATER}"
    assert clock.slept == [0.0, 40.0]
    assert Google().patience + 4 * Google().timeout < LONGEST_WAIT


@pytest.mark.parametrize(
    ("answer", "words", "permanent", "requests"),
    [
        (Answer(status=500), f"Google's service is out of order (500).{LATER}", False, 2),
        (
            Answer(status=302, headers={"Location": "/sorry"}),
            f"Google sends us elsewhere (302), as it does when it is asked too often.{LATER}",
            False,
            2,
        ),
        (
            Answer(status=403),
            "Google refuses us (403). Its service may have changed: use another voice.",
            True,
            1,
        ),
        (
            Answer(b"<html>Are you a robot?</html>", headers={"Content-Type": "text/html"}),
            "Google answered without sound (text/html, 29 bytes): it wants to see a person first, its service has "
            "changed, or it cannot say these words.",
            False,
            1,
        ),
        (
            Answer(),
            "Google answered without sound (no type, 0 bytes): it wants to see a person first, its service has "
            "changed, or it cannot say these words.",
            False,
            1,
        ),
        (
            Answer(batch(b"No sound at all. " * 50)),
            "Google's sound cannot be used. This file is not sound in a format that can be read (wav, mp3 or flac).",
            False,
            1,
        ),
        (
            Answer(batch(mp3(1.7)[:200])),
            "Google's sound cannot be used. The file ends before its header says: 1 of 73 frames are there.",
            False,
            1,
        ),
        (
            Answer(batch(mp3(0.3))),
            f'Google\'s sound of "{HELLO}" lasts 0.3 s, and these words take 0.5 to 7.1 s: part of it is missing, '
            "or it says something else.",
            False,
            1,
        ),
        (
            Answer(batch(mp3(8.0))),
            f'Google\'s sound of "{HELLO}" lasts 8.0 s, and these words take 0.5 to 7.1 s: part of it is missing, '
            "or it says something else.",
            False,
            1,
        ),
        (Answer(silent=True), f"Google gave no answer in 0.05 seconds.{LATER}", False, 2),
        (
            Answer(batch(mp3(1.7)), length=90_000),
            f"The connection to Google failed (ChunkedEncodingError).{LATER}",
            False,
            2,
        ),
    ],
)
def test_a_bad_answer_is_refused_in_words(
    service: Service, make: Make, answer: Answer, words: str, permanent: bool, requests: int
) -> None:
    service.always = answer
    error = refused(make(tries=2, timeout=0.05 if answer.silent else 60.0))
    assert (str(error), error.permanent) == (words, permanent)
    assert len(service.asked) == requests


@pytest.mark.parametrize("inner", ["null", '"[]"', '"[null]"', '"[\\"\\"]"', '"{}"', '"7"', '"["'])
def test_a_batch_in_another_form_is_no_sound(service: Service, make: Make, inner: str) -> None:
    service.always = Answer(f'[["wrb.fr","jQ1olc",{inner},null]]'.encode())
    assert str(refused(make())).startswith("Google answered without sound")


def test_a_part_that_is_cut_off_is_not_hidden_by_the_others(service: Service, make: Make) -> None:
    sentence = "Do not eat or drink anything for six hours before the procedure."
    whole = mp3(5.3)
    service.answers = [Answer(batch(whole)), Answer(batch(whole[: len(whole) // 4]))]
    assert str(refused(make(), f"{sentence} {sentence}")) == (
        "Google's sound cannot be used. The file ends before its header says: 46 of 223 frames are there."
    )


def test_an_answer_that_does_not_end_is_left(service: Service, make: Make, clock: Clock) -> None:
    ticking = make(tries=1, timeout=1.0)

    def tick() -> float:
        clock.now += 2
        return clock.now

    ticking.clock = tick
    assert str(refused(ticking)).startswith("Google's answer did not end (")


def test_a_redirect_is_not_followed(service: Service, make: Make) -> None:
    service.always = Answer(status=307, headers={"Location": "/elsewhere"})
    refused(make(tries=1))
    assert service.paths == ["/com/_/TranslateWebserverUi/data/batchexecute"]


def test_without_a_connection_it_says_so(monkeypatch: pytest.MonkeyPatch, make: Make) -> None:
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setattr("gtts.tts._translate_url", lambda **_: address)
        error = refused(make(tries=2))
    assert (str(error), error.permanent) == (f"The connection to Google failed (ConnectionError).{LATER}", False)


def certified(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that nobody vouches for, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "certificate.pem"
    path.write_bytes(key.private_bytes(*plain) + certificate.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def certificate(service: Service, tmp_path: Path) -> Path:
    """The service's, which now speaks TLS."""
    path = certified(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    service.socket = context.wrap_socket(service.socket, server_side=True, do_handshake_on_connect=False)
    service.scheme = "https"
    return path


def test_a_server_that_nobody_vouches_for_gets_no_words(service: Service, certificate: Path, make: Make) -> None:
    error = refused(make())
    assert str(error).startswith("Google's certificate was not accepted, so nothing was sent")
    assert error.permanent
    assert service.asked == []


def test_certificates_of_this_machine_are_trusted(
    service: Service, certificate: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    assert make().speak(HELLO, "en", slow=False).seconds > 1


def test_after_three_texts_that_failed_a_process_asks_no_more(service: Service, make: Make) -> None:
    service.always = Answer(status=403)
    engine = make()
    for _ in range(3):
        refused(engine)
    error = refused(engine)
    assert str(error) == (
        "Google was not asked, because 3 texts failed before this one. "
        "Google refuses us (403). Its service may have changed: use another voice."
    )
    assert (error.permanent, len(service.asked)) == (False, 3)


def test_only_failures_in_a_row_count(service: Service, make: Make) -> None:
    engine = make()
    for _ in range(3):
        service.answers = [Answer(status=403), Answer(status=403)]
        refused(engine)
        refused(engine)
        engine.speak(HELLO, "en", slow=False)
    assert len(service.asked) == 9


def test_processes_take_turns_at_one_file(service: Service, make: Make, clock: Clock) -> None:
    one, other = make(pause=3.0), make(pause=3.0)
    for engine in (one, other, one):
        engine.speak(HELLO, "en", slow=False)
    assert clock.slept == [0.0, 3.0, 3.0]


def test_a_busy_service_is_left_alone_by_all_processes(service: Service, make: Make, clock: Clock) -> None:
    service.answers = [Answer(status=429, headers={"Retry-After": "30"})]
    refused(make(tries=1))
    make().speak(HELLO, "en", slow=False)
    assert clock.slept == [0.0, 30.0]


def test_no_two_turns_are_the_same(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "turns", 1.0, lambda: 1000.0)
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(turns.take, [100.0] * 40))
    assert sorted(wait for wait in waits if wait is not None) == [float(number) for number in range(40)]


def test_a_turn_that_comes_too_late_is_not_taken(service: Service, make: Make, tmp_path: Path) -> None:
    turns = Turns(tmp_path / "turns", 1.0, Clock())
    turns.hold(100)
    assert (
        str(refused(make())) == f"Google was not asked: our turn came too late. Use fewer processes (--jobs 2).{LATER}"
    )
    assert service.asked == []
    assert turns.take(200) == 100


@pytest.mark.parametrize(
    ("content", "wait"), [("", 0.0), ("never", 0.0), ("12.5", 0.0), ("1007.5", 7.5), ("9e99", FARTHEST)]
)
def test_a_file_of_turns_that_is_damaged_or_from_a_wrong_clock_stops_nobody(
    tmp_path: Path, content: str, wait: float
) -> None:
    path = tmp_path / "turns"
    path.write_text(content)
    assert Turns(path, 1.0, lambda: 1000.0).take(500) == wait
    assert float(path.read_text()) == 1001 + wait


def test_a_file_of_turns_that_somebody_else_laid_there_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("precious")
    (tmp_path / "turns").symlink_to(tmp_path / "mine")
    with pytest.raises(SpeechError, match=r"turns, where turns are taken, cannot be written; delete it"):
        Turns(tmp_path / "turns", 1.0, lambda: 1000.0).take(1)
    assert (tmp_path / "mine").read_text() == "precious"


def test_it_may_be_handed_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(Google(pause=2.0))) == Google(pause=2.0)  # noqa: S301


def test_it_is_used_where_it_is_named() -> None:
    assert [engine.name for engine in find_engines(("recordings", "gtts"))] == ["gtts"]


OLD = script(hello=HELLO, menu="Press 1 to go on.")
NEW = script(hello=HELLO, menu="Press 2 to go on.")

FAILURES = {
    "busy for ever": (Answer(status=429), f"Google asks us to wait (429).{LATER}"),
    "out of order": (Answer(status=503), f"Google's service is out of order (503).{LATER}"),
    "a page": (Answer(b"<html></html>", headers={"Content-Type": "text/html"}), "Google answered without sound (text"),
    "nothing": (Answer(), "Google answered without sound (no type, 0 bytes)"),
    "too slow": (Answer(silent=True), f"Google gave no answer in 0.05 seconds.{LATER}"),
    "cut off": (Answer(batch(mp3(1.4)[:200])), "Google's sound cannot be used. The file ends before its header"),
    "too short": (Answer(batch(mp3(0.2))), 'Google\'s sound of "Press 2 to go on." lasts 0.2 s'),
    "broken off": (Answer(b"[[", length=9000), f"The connection to Google failed (ChunkedEncodingError).{LATER}"),
}


def build_clips(engine: Google, folder: Path, words: object) -> BuildReport:
    return build(words, [engine], folder, orders={"": ("gtts",)}, jobs=0)  # type: ignore[arg-type]


def heard(folder: Path) -> dict[str, str]:
    """What callers hear, in both paces: the words by their ids."""
    clips = Clips(folder)
    both = [[clips.find(line, slow=slow) for slow in (False, True)] for line in OLD["en"]]
    return {clip.id: clip.text for pair in both for clip in pair if clip and all(pair)}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_build_that_fails_keeps_the_old_voice_whole_and_the_next_makes_only_what_is_missing(
    service: Service, make: Make, tmp_path: Path, failure: str
) -> None:
    folder, before = tmp_path / "audio", {line.id: line.text for line in OLD["en"]}
    first = build_clips(make(), folder, OLD)
    assert (first.made, first.faults, first.languages[0].grade, first.languages[0].is_whole) == (
        4,
        (),
        Grade.BASIC,
        True,
    )
    assert heard(folder) == before

    service.always, words = FAILURES[failure]
    service.asked.clear()
    failed = build_clips(make(timeout=0.05 if service.always.silent else 60.0), folder, NEW)
    assert (failed.made, failed.kept, failed.languages[0].is_whole) == (0, 2, False)
    assert [fault.place for fault in failed.faults if fault.words.startswith(words)] == ["en/menu"]
    assert set(service.asked) == {("en", "Press 2 to go on.")}
    assert heard(folder) == before

    service.always = None
    service.asked.clear()
    last = build_clips(make(), folder, NEW)
    assert (last.made, last.kept, last.faults, last.languages[0].is_whole) == (2, 2, (), True)
    assert service.asked == [("en", "Press 2 to go on.")]
    assert check(NEW, folder).faults == ()


def test_what_a_build_made_before_the_service_failed_is_kept(service: Service, make: Make, tmp_path: Path) -> None:
    service.answers = [spoken(HELLO), *[Answer(status=429)] * 4]
    failed = build_clips(make(), tmp_path / "audio", OLD)
    assert (failed.made, failed.languages[0].is_whole) == (2, False)
    service.asked.clear()
    assert build_clips(make(), tmp_path / "audio", OLD).made == 2
    assert service.asked == [("en", "Press 1 to go on.")]
