"""Golden calls: whole calls as text that a clinician can read, in `tests/calls/`.

Each file says who calls, when, and which keys they press (T is silence, !2 a 2 that is pressed at once, before anything
can be heard); below the line stands all that is heard. It is compared word for word. `pytest --refresh-calls` writes
the files anew: read the difference before you commit it.

A file with "reminder:" is a call that the clinic makes, and begins at that node; it says the language and when the
appointment is. "remembered: es" is somebody who chose Spanish in an earlier call; "with other choices" follows where
the menu has changed since.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import cast
from xml.sax.saxutils import escape

import pytest
from flask import Flask

from ivr.commands.line import describe_event
from ivr.line.events import CallStarted, LanguageChosen
from ivr.line.flow import sign_choices
from ivr.line.languages import LANGUAGES
from ivr.phones.handset import Gathering, Handset, HandsetEvent, OpenCall, PersonAnswers
from ivr.phones.own_network import make_call_sid
from ivr.phones.terminal import play_keys, read_keys
from ivr.speech.clips import Clips
from ivr.voice.calendar import SpokenCalendar
from ivr.wiring import own_network
from tests.conftest import MONDAY_MORNING, MakeLine
from tests.voice.reminding import NEW_YORK, NamingVoice, Reminding, at

FOLDER = Path(__file__).parent.parent / "calls"
RULE = "-" * 40


@dataclass(frozen=True)
class GoldenCall:
    """One file: `title` is its first line, `fields` the lines "name: value" after it, `heard` what stands below."""

    title: str
    fields: dict[str, str]
    heard: str

    def text(self, heard: str) -> str:
        """The whole file, with other words heard."""
        fields = "\n".join(f"{name}: {value}" for name, value in self.fields.items())
        return f"{self.title}\n\n{fields}\n{RULE}\n{heard}\n"


def read_call(path: Path) -> GoldenCall:
    head, _, heard = path.read_text("utf-8").partition(f"{RULE}\n")
    title, _, rest = head.partition("\n")
    fields = dict(line.split(": ", 1) for line in rest.splitlines() if ": " in line)
    return GoldenCall(title, fields, heard.rstrip("\n"))


@dataclass(frozen=True)
class Answered(Handset):
    """A phone that the clinic calls: in place of dialing, the call begins at `start`."""

    start: str = ""

    def call(self, sid: str, caller: str, dialed: str) -> tuple[OpenCall, list[HandsetEvent]]:
        verbs = (f"<Redirect>{escape(self.start)}</Redirect>",)
        call, heard = self.wait(OpenCall(sid, caller, dialed, Gathering("", timeout=0), rest=verbs))
        return call, heard[1:]


def phone(app: Flask, call: GoldenCall) -> Handset:
    person = cast(PersonAnswers, call.fields.get("the person at the clinic", "no-answer"))
    handset = own_network(app).make_handset(person)
    if "reminder" not in call.fields:
        return handset
    parts = app.extensions["spineline"]
    # also where a campaign had the day and time said whole
    in_pieces = SpokenCalendar(parts.content.words, Clips(FOLDER))
    parts.calls.handler.ports = replace(parts.calls.handler.ports, calendar=in_pieces)
    appointment = datetime.fromisoformat(call.fields["appointment"]).replace(tzinfo=NEW_YORK)
    language = call.fields["language"]
    attempt = Reminding(app, NamingVoice()).placed(language=language, at=appointment)
    start = at(call.fields["reminder"], attempt, language)
    return Answered(handset.post, handset.caption, person, start=start)


def remember(app: Flask, number: str, remembered: str) -> None:
    """The line's store knows an earlier call from this number; `remembered` is "es" or "es with other choices"."""
    parts = app.extensions["spineline"]
    language, _, other = remembered.partition(" with ")
    choices = "other choices" if other else sign_choices(parts.content.line, language)
    sid, then, caller = make_call_sid(), MONDAY_MORNING, parts.database.secrets.hash_number(number)
    parts.database.writer.put(CallStarted(sid, then, caller))
    parts.database.writer.put(LanguageChosen(sid, then, caller, language, choices))
    assert parts.database.writer.flush(5)


def heard_in(app: Flask, call: GoldenCall) -> str:
    handset = phone(app, call)
    number = call.fields["from"].replace("hidden", "")
    if "remembered" in call.fields:
        remember(app, number, call.fields["remembered"])
    every = play_keys(
        handset, make_call_sid(), number, call.fields.get("to", "+12125550100"), read_keys(call.fields["keys"])
    )
    return "\n".join(_lines(every)).strip("\n")


def _lines(every: Iterator[HandsetEvent]) -> Iterator[str]:
    for heard in every:
        yield describe_event(heard).removesuffix(f"  ({heard.seconds:.1f} s)")


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_a_golden_call_is_heard_as_it_is_written(
    path: Path, make_line: MakeLine, request: pytest.FixtureRequest
) -> None:
    call = read_call(path)
    moment = datetime.fromisoformat(call.fields.get("at", "2026-11-23 10:30")).replace(tzinfo=NEW_YORK)
    languages = call.fields.get("languages", "en es zh")
    app = make_line(lambda: moment, CLINIC_NUMBER=call.fields.get("clinic", ""), LANGUAGES=languages)
    heard = heard_in(app, call)
    if request.config.getoption("--refresh-calls"):
        path.write_text(call.text(heard), "utf-8")
    assert heard == call.heard or request.config.getoption("--refresh-calls")


def test_there_is_a_whole_golden_call_in_every_language() -> None:
    assert {path.stem for path in FOLDER.glob("whole-call-*.txt")} == {f"whole-call-{code}" for code in LANGUAGES}
