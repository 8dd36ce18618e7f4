"""Reminder calls on the real line and a real database, with no clip: a voice says each prompt by its name.

What is heard is written as "es reminder.hello", so that a test reads as a call does. `remind()` makes the line; `enrol`
puts one person into a campaign of its own, and `placed` takes their first attempt to where the network has the call.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from ivr.addresses import Verb, write_address
from ivr.errors import StoreError
from ivr.line.nodes import Position, Reply, WrongAnswer
from ivr.line.speech import Said
from ivr.parts import Spineline
from ivr.store.campaigns.campaigns import Campaign
from ivr.store.campaigns.enrolment import Booking, Due
from ivr.store.campaigns.patients import PatientResult
from ivr.store.campaigns.queue import DialOrder
from ivr.voice.ports import AttemptStore
from ivr.voice.twiml import SayText
from ivr.wiring import create_app
from tests.conftest import MONDAY_MORNING, Environment
from tests.content import NO_CLIPS, read_content_once
from tests.voice.caller import CLINIC, LINE_NUMBER, PATIENT, SID, TOPIC, Caller, document, listened

CALL = f"{TOPIC}/reminder"
FREE = "+18885550142"
NEW_YORK = ZoneInfo("America/New_York")
TUESDAY = datetime(2026, 12, 1, 14, 30, tzinfo=NEW_YORK)
"""The appointment."""
PURPOSE = "appointment reminder"
LONG_AGO, FAR = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
DUES = (Due(3, LONG_AGO, FAR), Due(1, FAR - timedelta(days=1), FAR))
"""One reminder that is due, whatever the database's clock says, and one that waits in the queue."""
DAY = timedelta(days=1)


@dataclass
class NamingVoice:
    """Says the names of prompts. `asked` notes all that was to be heard; some utterances raise, or do something."""

    faults: Mapping[str, Exception] = field(default_factory=dict)
    on: Mapping[str, Callable[[], None]] = field(default_factory=dict)
    asked: list[Said] = field(default_factory=list)

    def find_sound(self, said: Said, *, slow: bool) -> SayText:
        self.asked.append(said)
        name = said.utterance.id
        if fault := self.faults.get(name):
            raise fault
        self.on.get(name, lambda: None)()
        return SayText(f"{name}{' slowly' if slow else ''}", said.language)

    def say(self, said: Said) -> SayText:
        return SayText(f"{said.utterance.id} by the network", said.language)


@dataclass
class FakeAttempts:
    """Notes what is asked of it, in order; raises `fault` at what `failing` names. Unless it `knows`, none is ours."""

    failing: frozenset[str] = frozenset()
    fault: Exception = field(default_factory=lambda: StoreError("The database did not answer within 3 s."))
    knows: bool = True
    appointment: datetime = TUESDAY
    happened: list[str] = field(default_factory=list)

    def find_appointment(self, attempt: str) -> datetime | None:
        self._do("appointment")
        return self.appointment if self.knows else None

    def mark_gate_passed(self, attempt: str) -> None:
        self._do(f"passed {attempt}")

    def keep_reply(self, attempt: str, reply: Reply | WrongAnswer) -> bool:
        self._do(f"{reply} {attempt}")
        return self.knows

    def keep_preparation_heard(self, attempt: str, clip: int, of: int) -> None:
        self._do(f"prepared {attempt}: {clip} of {of}")

    def opt_out(self, number: str) -> None:
        self._do(f"opt-out {number}")

    def _do(self, what: str) -> None:
        self.happened.append(what)
        if what.split()[0] in self.failing:
            raise self.fault


@dataclass(frozen=True)
class Reminding:
    """A line with its database."""

    app: Flask
    voice: NamingVoice

    @property
    def parts(self) -> Spineline:
        parts: Spineline = self.app.extensions["spineline"]
        return parts

    def asks(self, attempts: AttemptStore) -> None:
        """Calls ask these attempts from now on, in place of the database."""
        self.parts.calls.handler.ports = replace(self.parts.calls.handler.ports, attempts=attempts)

    def enrol(
        self, name: str = "spring", number: str = PATIENT, language: str = "es", at: datetime = TUESDAY
    ) -> Campaign:
        """A campaign that runs, with one person in it, whose first reminder is due and whose second is not."""
        campaigns, draft = self.parts.database.store.staff.campaigns, (3, 1)
        made = campaigns.create(Campaign(0, name, TOPIC, PURPOSE, "draft", draft, LINE_NUMBER, "ana", None))
        consent = ("intake form", date(2026, 1, 2), PURPOSE)
        when = at.astimezone(UTC)
        booking = Booking(2, number, "Ana", "", language, "America/New_York", when, False, consent, DUES)
        assert [one.new for one in campaigns.enrol(made, [booking], "ana")] == [1]
        return campaigns.start(name, "ana", lambda *_: ())

    def placed(self, sid: str = SID, **enrolled: object) -> str:
        """The attempt of a person, whose call the network has."""
        self.enrol(**enrolled)  # type: ignore[arg-type]
        dialer = self.parts.database.store.dialer
        ((attempt, _),) = dialer.claim("dialer", 1, DAY)
        assert isinstance(dialer.intend(attempt, "dialer", lambda _: None, ("account", 1e6), DAY), DialOrder)
        dialer.mark_sent(attempt, sid)
        return attempt

    def counts(self, name: str = "spring") -> Mapping[str, int]:
        """How many attempts of a campaign are in each state."""
        return self.parts.database.store.staff.results.count_attempts(
            self.parts.database.store.staff.campaigns.find_campaign(name)
        )

    def patient(self, name: str = "spring") -> PatientResult:
        """What the report says of the person in a campaign."""
        (one,) = self.parts.database.store.staff.results.list_patients(
            self.parts.database.store.staff.campaigns.find_campaign(name), "ana"
        )
        return one

    def tasks(self, name: str = "spring") -> list[str]:
        """What staff are asked to do."""
        return [
            one.kind
            for one in self.parts.database.store.staff.results.list_tasks(
                self.parts.database.store.staff.campaigns.find_campaign(name), "ana"
            )
        ]


@dataclass
class Answering(Caller):
    """The person who is called: every request is about a call that went out."""

    fields: dict[str, str] = field(
        default_factory=lambda: {"CallSid": SID, "From": LINE_NUMBER, "To": PATIENT, "Direction": "outbound-api"}
    )

    def presses(self, at: str, *keys: str) -> TestResponse:
        """Presses keys one after the other, from an address or a node's name on; "-" is silence. The last answer."""
        answer = self.send(at)
        for key in keys:
            answer = self.send(onward(answer)) if key == "-" else self.send(keyed(answer), Digits=key)
        return answer


def keyed(response: TestResponse) -> str:
    """The address to which the keys go of somebody who has listened."""
    return listened(keyed_at_once(response))


def keyed_at_once(response: TestResponse) -> str:
    """The address to which the keys go, which says since when the place is heard."""
    gather = document(response).find("Gather")
    assert gather is not None, "no key is waited for"
    return str(gather.get("action"))


def onward(response: TestResponse) -> str:
    """Where silence leads."""
    redirect = document(response).find("Redirect")
    assert redirect is not None, "silence ends the call"
    return str(redirect.text)


def waits(response: TestResponse) -> bool:
    """Whether a key is waited for."""
    return document(response).find("Gather") is not None


def ends(response: TestResponse) -> bool:
    """Whether the call is over after these words."""
    return [verb.tag for verb in document(response)][-1] == "Hangup"


def spoken(response: TestResponse) -> list[str]:
    """What is heard, quiet left out: "es reminder.hello"."""
    return [f"{say.get('language')} {say.text}" for say in document(response).iter("Say")]


def at(node: str, attempt: str, language: str = "es", **more: str) -> str:
    """The address of a node of a reminder ("gate"), or of the line ("/person")."""
    name = node[1:] if node.startswith("/") else f"{CALL}/{node}"
    return write_address(Verb.AT, Position(language, name, attempt=attempt, **more))  # type: ignore[arg-type]


def digits(number: str, language: str = "es") -> list[str]:
    """How the digits of a number are heard."""
    return [f"{language} digit.{digit}" for digit in number if digit.isdecimal()]


Remind = Callable[..., Reminding]


@pytest.fixture
def remind(environment: Environment, tmp_path: Path, sqlite_template: Path) -> Remind:
    """Makes a line: `remind(FASTING_HOURS="10", faults={"reminder.day": RuntimeError()})`."""
    numbers = count()

    def make(
        faults: Mapping[str, Exception] | None = None,
        on: Mapping[str, Callable[[], None]] | None = None,
        **changed: str,
    ) -> Reminding:
        folder = tmp_path / f"line-{next(numbers)}"
        folder.mkdir()
        voice = NamingVoice(faults or {}, on or {})
        return make_reminding(environment, folder, sqlite_template, voice, **changed)

    return make


def make_reminding(
    environment: Environment, folder: Path, template: Path, voice: NamingVoice, **changed: str
) -> Reminding:
    """A line without a clip, whose database is a copy of the `template`, in a `folder` of its own."""
    database = folder / "line.db"
    database.write_bytes(template.read_bytes())
    own = {"CLINIC_NUMBER": CLINIC, "OPT_OUT_NUMBER": FREE, "AUDIO_FOLDER": str(NO_CLIPS)}
    own["DATABASE_URL"] = f"sqlite:///{database}"
    app = create_app({**environment, **own, **changed}, lambda: MONDAY_MORNING, read=read_content_once)
    app.extensions["spineline"].calls.handler.voice = voice
    return Reminding(app, voice)
