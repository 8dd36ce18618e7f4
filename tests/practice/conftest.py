"""A line of a few places with a reminder's keys, and the practice Twilio that calls through it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
from flask import Flask, Response, request
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from ivr.practice import CallRecord, InProcess, Person, PracticeTwilio
from ivr.practice.callbacks import Door
from ivr.provider.account import RebasedHttpClient

SID, TOKEN = "AC" + "1" * 32, "the token of the practice account"
BASE = "https://line.example.org"
OURS, PATIENT = "+12125550100", "+12125550123"
FAST = 1e6
"""Calls a second for tests that are not about the pace."""
SETTLED = 120.0
"""Seconds after which a test gives up: a guard against hanging; none needs a hundredth of it."""
EVENTS = ("initiated", "ringing", "answered", "completed")
TREE: Mapping[str, Mapping[str, str]] = {
    "reminder/gate": {"1": "reminder/menu", "4": "wrong", "5": "stop"},
    "reminder/menu": {"1": "confirm", "2": "change", "3": "prep/1"},
    "prep/1": {"1": "check", "2": "reminder/menu"},
    "check": {"06": "confirm"},
}
"""The keys of each place; elsewhere the call ends. Silence leads from the gate to the voicemail."""


@dataclass
class TinyLine:
    """An app with Twilio's webhooks. `asked` notes each request: its path with the query, and the form."""

    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    documents: dict[str, str] = field(default_factory=dict)
    on_amd: Callable[[dict[str, str]], object] = lambda _: None
    on_status: Callable[[dict[str, str]], object] = lambda _: None

    @property
    def app(self) -> Flask:
        app = Flask("tiny")

        @app.route("/<path:path>", methods=["GET", "POST"])
        def anything(path: str) -> Response:
            return self._answer(path)

        return app

    def _answer(self, path: str) -> Response:
        query = request.query_string.decode()
        full = f"/{path}?{query}" if query else f"/{path}"
        form, given = request.form.to_dict(), request.headers["X-Twilio-Signature"]
        assert RequestValidator(TOKEN).validate(f"{BASE}{full}", form, given), full
        self.asked.append((full, form))
        match path:
            case "back/amd":
                self.on_amd(form)
            case "back/status":
                self.on_status(form)
            case _:
                return self._document(path, form)
        return Response(status=204)

    def _document(self, path: str, form: dict[str, str]) -> Response:
        if path in self.documents:
            return Response(self.documents[path], content_type="text/xml")
        _, verb, language, node = path.split("/", 3)
        if verb == "key":
            node = TREE[node].get(form.get("Digits", ""), "wrong-key")
        play = f"<Play>{BASE}/clips/{language}/{node}</Play>"
        if node not in TREE:
            return Response(f"<Response>{play}<Hangup/></Response>")
        digits = max(map(len, TREE[node]))
        gather = f'<Gather action="{BASE}/call/key/{language}/{node}" numDigits="{digits}" finishOnKey="" timeout="7">'
        onward = "reminder/voicemail" if node == "reminder/gate" else "goodbye"
        redirect = f"<Redirect>{BASE}/call/at/{language}/{onward}</Redirect>"
        return Response(f"<Response>{gather}{play}</Gather>{redirect}</Response>")

    def told(self, path: str, name: str) -> list[str]:
        """One field of every request to a path."""
        return [form.get(name, "") for asked, form in self.asked if asked == path]

    @property
    def paths(self) -> list[str]:
        """The documents that were asked for."""
        return [path for path, _ in self.asked if path.startswith("/call/")]


GATE = f"{BASE}/call/at/en/reminder/gate"
VOICEMAIL = f"{BASE}/call/at/en/reminder/voicemail"
OPEN = "/call/at/en/reminder/gate"


def clip(node: str, language: str = "en") -> str:
    """The address of what a place says."""
    return f"{BASE}/clips/{language}/{node}"


@dataclass(frozen=True)
class Practice:
    """A practice Twilio, the line it calls through, and Twilio's own library at it."""

    twilio: PracticeTwilio
    line: TinyLine
    client: Client

    def dial(self, to: str = PATIENT, **changed: object) -> str:
        """Makes a call as the dialer does; its sid."""
        asked: dict[str, object] = {"to": to, "from_": OURS, "url": GATE, **changed}
        return str(self.client.calls.create(**asked).sid)

    def dial_with_callbacks(self, to: str = PATIENT, **changed: object) -> str:
        """Makes a call that tells of every step."""
        return self.dial(to, status_callback=f"{BASE}/back/status", status_callback_event=list(EVENTS), **changed)

    def dial_detecting(self, **changed: object) -> str:
        """Makes a call with an asynchronous detector that waits for the beep."""
        changed |= {"machine_detection": "DetectMessageEnd", "async_amd": "true"}
        return self.dial(PATIENT, async_amd_status_callback=f"{BASE}/back/amd", **changed)

    def settled(self, sid: str) -> CallRecord:
        """The record of a call, once everything is over."""
        self.twilio.settle(SETTLED)
        return next(record for record in self.twilio.calls if record.sid == sid)


MakePractice = Callable[..., Practice]


@pytest.fixture
def practise() -> Iterator[MakePractice]:
    """Makes one: `practise(Person(presses={"gate": "4"}), calls_per_second=...)`."""
    with ExitStack() as stack:

        def make(person: Person | None = None, door: Door | None = None, **settings: object) -> Practice:
            line = TinyLine()
            people = settings.pop("people", lambda _: person or Person())
            given: dict[str, object] = {"calls_per_second": FAST, "base": BASE, **settings}
            twilio = PracticeTwilio(SID, TOKEN, door or InProcess(line.app), people, **given)  # type: ignore[arg-type]
            stack.enter_context(twilio)
            return Practice(twilio, line, Client(SID, TOKEN, http_client=RebasedHttpClient(twilio.base_url, SETTLED)))

        yield make
