"""A caller who notes what is heard; and the real line with a hand-written store, clock and voice.

`Rehearsal` takes the words and the clips as they ship, in a few languages, and puts fakes only at the seams of `Ports`
and `Voice`.
What is heard is written as ids ("es person.closed"), so that a test reads as a call does.
"""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from ivr.errors import StoreError
from ivr.line.events import CallBackRequest, CallEvent, LastCall
from ivr.line.languages import LANGUAGES
from ivr.line.prompts import Utterance
from ivr.line.speech import Said
from ivr.parts import Calls, Spineline
from ivr.provider.signature import Signature
from ivr.speech.clips import Clips
from ivr.store.secrets import Secrets
from ivr.voice.calendar import SpokenCalendar
from ivr.voice.call_handler import CallHandler
from ivr.voice.metrics import Metrics
from ivr.voice.ports import Ports
from ivr.voice.twiml import PlayClip, SayText, Voice
from ivr.voice.webhooks import make_webhooks
from ivr.wiring import create_app
from tests.conftest import FEW, MONDAY_MORNING, ROOT
from tests.topics import SHIPPED_FOLDER
from tests.voice.caller import BASE, CLINIC, LINE_NUMBER, PATIENT, SID, TOPIC, Caller, document, listened
from tests.voice.reminding import FakeAttempts, remind

__all__ = ["BASE", "CLINIC", "LINE_NUMBER", "PATIENT", "TOPIC", "document", "remind"]

MENU = f"{TOPIC}/menu"


@dataclass
class Clock:
    """Stands still until a test moves it."""

    now: datetime = MONDAY_MORNING

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class MemoryStore:
    """Writes down what is asked of it, in order; raises `fault` instead of answering.

    `on_save` runs while a request is being saved.
    """

    happened: list[str] = field(default_factory=list)
    languages: dict[str, str] = field(default_factory=dict)
    choices: str = ""
    saved: list[CallBackRequest] = field(default_factory=list)
    fault: Exception | None = None
    on_save: Callable[[], None] = lambda: None

    def find_last_call(self, caller_hash: str) -> LastCall | None:
        self.happened.append("asked for the last language")
        if self.fault:
            raise self.fault
        language = self.languages.get(caller_hash)
        return LastCall(language, self.choices) if language else None

    def save_call_back(self, request: CallBackRequest) -> None:
        self.happened.append("save")
        self.on_save()
        if self.fault:
            raise self.fault
        self.saved.append(request)
        self.happened.append("saved")


@dataclass(frozen=True)
class FaultyVoice:
    """The real voice, but some utterances raise; `asked` notes everything that was to be heard."""

    real: Voice
    faults: Mapping[str, Exception]
    asked: list[str] = field(default_factory=list)

    def find_sound(self, said: Said, *, slow: bool) -> PlayClip | SayText:
        self.asked.append(f"{said.language} {said.utterance.id}")
        if fault := self.faults.get(said.utterance.id):
            raise fault
        return self.real.find_sound(said, slow=slow)

    def say(self, said: Said) -> SayText | None:
        return self.real.say(said)


class Listener(Caller):
    """A caller who notes what is heard."""

    def hears(self, address: str, **fields: str) -> list[str]:
        """What is heard after a request, as ids."""
        return heard(self.app, self.send(address, **fields))


def listener(app: Flask, *, number: str = PATIENT, sid: str = SID, dialed: str = LINE_NUMBER) -> Listener:
    """A caller with these fields in every request; one that is "" is not sent at all."""
    fields = {"CallSid": sid, "From": number, "To": dialed}
    return Listener(app, {name: value for name, value in fields.items() if value})


def parts_of(app: Flask) -> Spineline:
    parts: Spineline = app.extensions["spineline"]
    return parts


def verbs(response: TestResponse) -> list[str]:
    return [verb.tag for verb in document(response)]


def first(response: TestResponse, tag: str) -> ElementTree.Element:
    """The first element of that name."""
    found = document(response).find(f".//{tag}")
    assert found is not None, f"no {tag}"
    return found


def onward(response: TestResponse) -> str:
    """The path to which the document redirects."""
    return str(first(response, "Redirect").text).removeprefix(BASE)


def keyed(response: TestResponse) -> str:
    """The path to which the keys go of somebody who has listened."""
    return listened(keyed_at_once(response))


def keyed_at_once(response: TestResponse) -> str:
    """The path to which the keys go, which says since when the place is heard."""
    return str(first(response, "Gather").get("action")).removeprefix(BASE)


def heard(app: Flask, response: TestResponse) -> list[str]:
    """Everything that plays, in order: "es person.closed", "es menu.title slowly", "say es-US: ...", "quiet 1"."""
    names = clip_names(parts_of(app))
    found = []
    for sound in document(response).iter():
        match sound.tag:
            case "Play":
                found.append(_name_clip(str(sound.text), names))
            case "Say":
                found.append(f"say {sound.get('language')}: {sound.text}")
    return found


def _name_clip(url: str, names: Mapping[str, str]) -> str:
    folder, name = url.rsplit("/", 2)[-2:]
    return f"quiet {name.removesuffix('.wav')}" if folder == "quiet" else names[name]


def said_by_network(app: Flask, language: str, prompt: str) -> str:
    """A prompt's words in the network's own voice, as `heard` writes them."""
    words = parts_of(app).content.words.text(language, Utterance(*prompt.split(" ")))
    return f"say {LANGUAGES[language].say}: {words}"


def clip_names(parts: Spineline) -> dict[str, str]:
    """What each clip is called. Where two say the same words (a digit, a day of the month), the first one counts."""
    names: dict[str, str] = {}
    for code, script in parts.content.scripts.items():
        for line in script:
            for slow, pace in ((False, ""), (True, " slowly")):
                if clip := parts.content.clips.find(line, slow=slow):
                    names.setdefault(clip.name, f"{code} {line.id}{pace}")
    return names


@dataclass(frozen=True)
class Rehearsal:
    """The real line with fakes at its seams, and all that they noticed."""

    app: Flask
    caller: Listener
    call_handler: CallHandler
    voice: FaultyVoice
    store: MemoryStore
    events: list[CallEvent]
    clock: Clock
    secrets: Secrets
    metrics: Metrics

    @property
    def untouched(self) -> bool:
        """True while nothing was asked of the store and no event was put."""
        return self.store.happened == [] and self.events == []


Rehearse = Callable[..., Rehearsal]


@pytest.fixture(scope="session")
def shipped(clips: None, tmp_path_factory: pytest.TempPathFactory) -> Spineline:
    """The parts of a line in a few languages, made once: a rehearsal takes its line, words and clips, not its store."""
    environment = {
        "SPINELINE_ENV": "local",
        "PUBLIC_BASE_URL": BASE,
        "TWILIO_AUTH_TOKEN": "a token of Twilio for the tests",
        "NUMBER_KEYS": Fernet.generate_key().decode(),
        "HASH_KEY": "a key for hashes in the tests, long enough",
        "SECRET_KEY": "a key for cookies in the tests",
        "DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('shipped') / 'never-made.db'}",
        "LANGUAGES": FEW,
        "TOPICS_FOLDER": str(SHIPPED_FOLDER),
        "CLINIC_NUMBER": CLINIC,
        "OFFICE_TIMEZONE": "America/New_York",
    }
    return parts_of(create_app(environment))


@pytest.fixture
def rehearse(shipped: Spineline) -> Rehearse:
    """Makes a rehearsal: `rehearse(clinic_number="", is_open=False, faults={"menu.title": RuntimeError()})`."""

    def make(
        *,
        store: MemoryStore | None = None,
        faults: Mapping[str, Exception] | None = None,
        clinic_number: str = CLINIC,
        is_open: bool = True,
        remember: bool = True,
        base: str = BASE,
    ) -> Rehearsal:
        clock, events, metrics = Clock(), list[CallEvent](), Metrics()
        kept = store or MemoryStore()
        secrets = Secrets(shipped.settings.number_keys, shipped.settings.hash_key, clock=clock.seconds)
        clinic = replace(
            shipped.calls.handler.clinic, number=clinic_number, is_open=lambda _: is_open, remember_language=remember
        )
        voice = FaultyVoice(shipped.calls.handler.voice, faults or {})
        renderer = replace(shipped.calls.handler.renderer, base=base)
        in_pieces = SpokenCalendar(shipped.content.words, Clips(ROOT / "tests"))
        ports = Ports(kept, secrets, events.append, clock, FakeAttempts(), in_pieces)
        call_handler = CallHandler(shipped.content.line, renderer, voice, clinic, ports)
        signature = Signature(base, shipped.settings.twilio_auth_token)
        app = Flask("rehearsal")
        app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
        app.register_blueprint(make_webhooks(call_handler, signature, metrics))
        app.extensions["spineline"] = replace(
            shipped, calls=Calls(handler=call_handler, signature=signature, metrics=metrics)
        )
        return Rehearsal(app, listener(app), call_handler, voice, kept, events, clock, secrets, metrics)

    return make


@pytest.fixture
def database_down() -> StoreError:
    return StoreError("The database did not answer within 1 s.")


def at(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def served(app: Flask, port: int = 0) -> Iterator[str]:
    """The app behind a real server on a thread, while the block runs; gives its address."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
