"""The demonstration of a campaign: its list, its time, its proof, and a small one from end to end over HTTP."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from ivr.commands import practice as commands
from ivr.commands.practice import choose_own_settings, list_clinic_names, make_practice_commands
from ivr.errors import Fault, StoreError
from ivr.line.languages import LANGUAGES
from ivr.parts import Spineline
from ivr.practice import CallRecord, Delivered, find_answers, invent_people
from ivr.practice.appointments import PLACES, ROWS, ImaginaryList, invent_list
from ivr.practice.demonstration import LOG, STAFF, Size, demonstrate
from ivr.practice.people import People
from ivr.practice.proof import Witness, judge_promises
from ivr.practice.screen import FEW as LINES
from ivr.practice.screen import type_command
from ivr.practice.stage import PracticeClock, find_lawful_tuesday
from ivr.reminders.list.cells import ListReading
from ivr.reminders.list.recipients import read_recipients
from ivr.reminders.list.zones import find_zones
from ivr.reminders.rules.appointments import CallingHours
from ivr.reminders.rules.calling_hours import ClosedDays
from ivr.reminders.rules.profiles import US
from ivr.reminders.rules.rules import c9_number_may_be_called
from ivr.speech.clips import Clips
from ivr.store.campaigns.patients import PatientResult
from ivr.store.database_clock import DatabaseClock
from ivr.store.migrate import upgrade
from ivr.wiring import create_app
from ivr.wording.script import ScriptLine
from tests.conftest import FEW, MONDAY_MORNING, Environment
from tests.practice.conftest import FAST
from tests.topics import SHIPPED_TOPICS

CODES = tuple(LANGUAGES)
TODAY = date(2026, 12, 1)
ZONE = ZoneInfo("America/New_York")
SMALL = Size(30, 100.0)
PEOPLE = invent_people(answers=find_answers(SHIPPED_TOPICS, {}))


# --- The list --------------------------------------------------------------------------------------------------------


def outcomes(tmp_path: Path, appointments: ImaginaryList, today: date) -> list[Any]:
    file = tmp_path / "appointments.csv"
    appointments.write(file)
    now = datetime(today.year, today.month, today.day, 10, tzinfo=ZONE)
    return list(read_recipients(file, ListReading("US", ZONE, CODES, now)))


def test_the_list_has_two_hundred_appointments_and_every_language_many_times(tmp_path: Path) -> None:
    appointments = invent_list(TODAY, CODES)
    good = [outcome for outcome in outcomes(tmp_path, appointments, TODAY) if not isinstance(outcome, Fault)]
    spoken = Counter(recipient.language for recipient in good)
    assert len({row.reference for row in appointments.rows}) == ROWS == 200
    assert spoken.keys() == LANGUAGES.keys()
    assert min(spoken.values()) >= 9


@pytest.mark.parametrize("count", [1, 2, 3, 6, 10, len(CODES)])
def test_each_language_is_spoken_in_every_place_and_no_two_patients_share_a_number(count: int) -> None:
    appointments = invent_list(TODAY, CODES[:count], 600)
    planted = {each.line - 2 for each in appointments.planted}
    rows = {index: row for index, row in enumerate(appointments.rows) if index not in planted}
    places = {(index % count, row.phone[:5], row.postal) for index, row in rows.items()}
    assert len(places) == count * len(PLACES)
    assert len({row.phone for row in rows.values()}) == len(rows)


def test_every_number_is_one_that_is_kept_free_for_stories() -> None:
    ours = re.compile(r"\(\d{3}\) 555-01\d\d( ext\. 4)?|\+44 20 7946 0\d{3}")
    assert [row.phone for row in invent_list(TODAY, CODES).rows if not ours.fullmatch(row.phone)] == []


def test_the_same_day_gives_the_same_list() -> None:
    assert invent_list(TODAY, CODES) == invent_list(TODAY, CODES)


@pytest.mark.parametrize("today", [TODAY, date(2027, 1, 5), date(2028, 2, 29), date(2027, 3, 2), date(2027, 12, 28)])
@pytest.mark.parametrize("count", [ROWS, 30])
def test_the_reader_finds_the_planted_faults_and_no_others(tmp_path: Path, today: date, count: int) -> None:
    found = outcomes(tmp_path, invent_list(today, CODES, count), today)
    words = [outcome.words.split(".")[0] for outcome in found if isinstance(outcome, Fault)]
    assert [word[:44] for word in words] == [
        "A machine cannot dial an extension",
        "This is not a language that the line knows",
        "Without a word from you this may be 4 March ",
        "The same number and appointment stand on lin",
        "The appointment is past",
        "There is no consent on record",
    ]


def test_the_planted_rows_stand_where_the_list_says(tmp_path: Path) -> None:
    appointments = invent_list(TODAY, CODES)
    found = outcomes(tmp_path, appointments, TODAY)
    places = [int(re.findall(r"line (\d+)", outcome.place)[0]) for outcome in found if isinstance(outcome, Fault)]
    assert places == [planted.line for planted in appointments.planted if not planted.kept][:6]


def test_what_can_be_read_and_must_not_be_dialed_is_a_free_number_and_one_from_abroad(tmp_path: Path) -> None:
    appointments = invent_list(TODAY, CODES)
    good = [outcome for outcome in outcomes(tmp_path, appointments, TODAY) if not isinstance(outcome, Fault)]
    nowhere = [
        recipient.line for recipient in good if not find_zones(recipient.phone, recipient.zone, recipient.postal)
    ]
    abroad = [recipient.line for recipient in good if c9_number_may_be_called(recipient.phone, US)]
    assert [*nowhere, *abroad] == [planted.line for planted in appointments.planted if not planted.kept][6:]
    assert appointments.callable_rows == len(good) - 2 == 192


def test_one_patients_number_and_zip_code_lie_far_apart_and_one_name_is_a_formula(tmp_path: Path) -> None:
    appointments = invent_list(TODAY, CODES)
    kept = {planted.words: appointments.rows[planted.line - 2] for planted in appointments.planted if planted.kept}
    far, formula = kept["a number of Hawaii with a ZIP code of New York"], kept["a name that is a formula"]
    assert {zone.key for zone in find_zones("+18085550119", "", far.postal)} == {"Pacific/Honolulu", "America/New_York"}
    assert formula.name.startswith("=HYPERLINK(")


# --- The time --------------------------------------------------------------------------------------------------------

HOLIDAYS = {date(2026, 11, 11), date(2026, 11, 26), date(2026, 12, 25), date(2027, 1, 1)}
"""Veterans Day, Thanksgiving, Christmas, New Year."""


@pytest.mark.parametrize(
    ("today", "tuesday"),
    [
        (date(2026, 11, 2), date(2026, 11, 3)),
        (date(2026, 11, 3), date(2026, 11, 17)),
        (date(2026, 11, 22), date(2026, 12, 1)),
        (date(2026, 12, 16), date(2027, 1, 5)),
    ],
    ids=["the next day", "not today, and not before Veterans Day", "after Thanksgiving", "after New Year"],
)
def test_practice_time_is_ten_o_clock_on_a_tuesday_of_a_week_without_a_holiday(today: date, tuesday: date) -> None:
    closed = ClosedDays(ZONE, HOLIDAYS)
    now = datetime(today.year, today.month, today.day, 23, 30, tzinfo=ZONE)
    assert find_lawful_tuesday(now, closed) == datetime(tuesday.year, tuesday.month, tuesday.day, 10, tzinfo=ZONE)


def test_the_practice_clock_is_put_forward_and_goes_on() -> None:
    clock, moment = PracticeClock(), datetime(2030, 1, 1, tzinfo=UTC)
    clock.put_to(moment)
    assert moment <= clock.now() < moment + timedelta(minutes=1)


# --- The proof -------------------------------------------------------------------------------------------------------

NOON = datetime(2026, 12, 1, 17, tzinfo=UTC)
ONE, OTHER = "+12125550120", "+18085550121"


def call(attempt: str, to: str = ONE, at: datetime = NOON, **changed: Any) -> CallRecord:
    form = {"StatusCallback": [f"http://127.0.0.1:9/call/attempt/{attempt}/status"]}
    record = CallRecord(f"CA{attempt}", to, "+12125550111", form, 1, 0.0, 0.0, at, at, status="completed")
    return replace(record, **changed)


def patient(number: str = ONE, attempts: int = 1, line: int = 2, **changed: Any) -> PatientResult:
    found = PatientResult(
        line, "", "Alice Example", number, "en", NOON, "", attempts, "answered", NOON, 0, 0, "", False
    )
    return replace(found, **changed)


def witness(**changed: Any) -> Witness:
    """One patient, called once, and all is well."""
    given: dict[str, Any] = {"calls": [call("a")], "patients": [patient()], "counts": {"answered": 1}, "wanted": 1}
    return Witness(**{"delivered": [], "hours": CallingHours(), "log": "attempt a: placed", **given, **changed})


def broken(seen: Witness) -> list[str]:
    return [words for finding in judge_promises(seen) for words in finding.broken]


def test_a_campaign_in_which_all_went_well_is_proved() -> None:
    assert broken(witness()) == []


LATER = NOON + timedelta(days=1)
TWO_CALLS = [call("a"), call("b", at=LATER)]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            {"calls": [call("a"), call("a", at=LATER)], "patients": [patient(attempts=2)]},
            ["attempt a was called 2 times"],
        ),
        (
            {"calls": [call("a"), call("b", at=NOON + timedelta(hours=2))], "patients": [patient(attempts=2)]},
            ["line 2 was called 2 times on 2026-12-01 (America/New_York)"],
        ),
        (
            {"calls": [], "patients": [patient(attempts=0, outcome="")], "counts": {}},
            ["line 2 was never called"],
        ),
        ({"wanted": 2}, ["2 patients were to be called, and 1 are in the campaign"]),
        ({"counts": {"answered": 1, "expired": 3}}, ["3 attempts were not made in time"]),
        ({"calls": TWO_CALLS}, ["line 2: 2 calls were made, the database knows of 1"]),
        (
            {"calls": [call("a"), call("b", OTHER, NOON + timedelta(hours=4))]},
            ["a number that is not in the campaign: 1 calls were made, the database knows of 0"],
        ),
        ({"counts": {"answered": 1, "dialing": 2}}, ["2 attempts are dialing"]),
        ({"counts": {"needs_review": 1}}, ["1 attempts are needs_review"]),
        ({"calls": [call("a", status="ringing")]}, ["call CAa is ringing"]),
        (
            {"calls": [call("a", OTHER)], "patients": [patient(OTHER)]},
            ["line 2 was called at 07:00 (Pacific/Honolulu)"],
        ),
        (
            {"calls": [call("a", pressed=("5",)), call("b", at=LATER)], "patients": [patient(attempts=2)]},
            ["line 2 was called after the person had said stop"],
        ),
        ({"calls": [call("a", fault="the line answered 500")]}, ["call CAa: the line answered 500"]),
        ({"delivered": [Delivered("CAa", "completed", {}, 503)]}, ["1 callbacks were answered 503"]),
        ({"log": "calling 2125550120"}, ["the number or the name of line 2 is in the log"]),
        ({"log": "calling Alice Example"}, ["the number or the name of line 2 is in the log"]),
    ],
)
def test_a_promise_that_is_broken_is_seen(changed: dict[str, Any], words: list[str]) -> None:
    assert broken(witness(**changed)) == words


@pytest.mark.parametrize(
    "changed",
    [
        {"calls": TWO_CALLS, "patients": [patient(attempts=2)]},
        {"calls": [call("a"), call("b", at=LATER, pressed=("1", "5"))], "patients": [patient(attempts=2)]},
        {"calls": [], "patients": [patient(attempts=0, opted_out=True)], "counts": {"opted_out": 1}},
    ],
    ids=["called again the next day", "stopped in the last call", "opted out before the first"],
)
def test_what_is_allowed_breaks_no_promise(changed: dict[str, Any]) -> None:
    assert broken(witness(**changed)) == []


# --- End to end ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Measured:
    """The real clips; one that is not built yet counts as a second, so that a rehearsal can be had without a build."""

    real: Clips

    def find_seconds(self, line: ScriptLine) -> float:
        return self.real.find_seconds(line) or 1.0

    def find(self, line: ScriptLine, *, slow: bool) -> object:
        return self.real.find(line, slow=slow)


def make_line(environment: Mapping[str, str], clock: Callable[[], datetime], database_clock: DatabaseClock, /) -> Flask:
    app = create_app(environment, clock, database_clock)
    parts: Any = app.extensions["spineline"]
    app.extensions["spineline"] = replace(parts, content=replace(parts.content, clips=Measured(parts.content.clips)))
    return app


@pytest.fixture
def clinic(environment: Environment) -> Flask:
    """The clinic's own line, from which a demonstration is started and which it must not touch."""
    app = create_app(environment, lambda: MONDAY_MORNING)
    upgrade(parts_of(app).settings.database_url)
    return app


def parts_of(app: Flask) -> Spineline:
    parts: Spineline = app.extensions["spineline"]
    return parts


def test_a_small_campaign_goes_from_the_list_to_the_report_and_is_proved(
    clinic: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "demonstration"
    own = {**choose_own_settings(parts_of(clinic)), "LANGUAGES": FEW}
    with clinic.app_context():
        assert demonstrate(folder, make_line, own, SMALL, PEOPLE)
    screen = capsys.readouterr().out
    assert "22 new, 0 same, 0 moved, 0 cancelled, 2 refused, 6 with faults left out." in screen
    assert "0 new, 22 same, 0 moved, 0 cancelled, 2 refused, 6 with faults left out." in screen
    assert re.findall(r"=== (.*) ===", screen) == [
        "The list of appointments",
        "The upload",
        "The rehearsal, and the start",
        "The calls",
        "How far people came, by language (a voicemail is never counted as heard)",
        "The work lists for staff",
        "The report",
        "The audit trail",
        "The proof, by the practice Twilio's own list of calls",
    ]
    assert screen.count("  yes  ") == 8
    assert "  NO   " not in screen
    assert rows_of(folder / "report.csv") == 22
    assert (folder / "report.xlsx").stat().st_size > 0
    assert "placed as CA" in (folder / LOG).read_text("utf-8")
    assert list(parts_of(clinic).database.store.staff.campaigns.list_campaigns()) == []


def rows_of(file: Path) -> int:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return len(list(csv.DictReader(lines)))


def test_a_campaign_that_its_rehearsal_refuses_dials_nobody(
    clinic: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "demonstration"
    own = {**choose_own_settings(parts_of(clinic)), "LANGUAGES": FEW, "CLINIC_NAME": ""}
    assert not demonstrate(folder, make_line, own, SMALL, PEOPLE)
    screen = capsys.readouterr().out
    assert "C3 caller, name" in screen
    assert "The rehearsal found a fault, so nothing is dialed." in screen
    assert "\n0 calls; " in screen


def test_what_an_earlier_demonstration_left_is_gone(clinic: Flask, tmp_path: Path) -> None:
    left = tmp_path / "demonstration" / "left.txt"
    left.parent.mkdir()
    left.write_text("from the last time", "utf-8")
    own = {**choose_own_settings(parts_of(clinic)), "LANGUAGES": FEW, "CLINIC_NAME": ""}
    demonstrate(left.parent, make_line, own, SMALL, PEOPLE)
    assert not left.exists()


# --- The screen and the commands -------------------------------------------------------------------------------------


def test_a_command_is_shown_and_done_on_the_line_that_is_meant(
    clinic: Flask, tmp_path: Path, environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    other = create_app({**environment, "DATABASE_URL": f"sqlite:///{tmp_path / 'other.db'}"}, lambda: MONDAY_MORNING)
    upgrade(parts_of(other).settings.database_url)
    parts_of(other).database.store.staff.accounts.add_staff(STAFF, "a password of staff")
    with clinic.app_context():
        assert type_command(other, "new", "march", "--by", STAFF) == 0
        assert type_command(other, "new", "march", "--by", STAFF) == 1
    screen = capsys.readouterr().out
    assert screen.count('$ flask reminders new march --by "Dana Demo"') == 2
    assert "Error: There is a campaign called 'march' already." in screen
    assert [campaign.name for campaign in parts_of(other).database.store.staff.campaigns.list_campaigns()] == ["march"]
    assert list(parts_of(clinic).database.store.staff.campaigns.list_campaigns()) == []


def test_of_a_long_list_some_lines_are_shown_and_the_last_one(
    clinic: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    parts_of(clinic).database.store.staff.accounts.add_staff(STAFF, "a password of staff")
    for name in range(LINES + 4):
        type_command(clinic, "new", f"c{name}", "--by", STAFF, quiet=True)
    capsys.readouterr()
    type_command(clinic, "list", few=True)
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2:] == ["... and 4 more", "12 campaigns."]
    assert len(lines) == 2 + LINES + 2


def campaign(clinic: Flask, monkeypatch: pytest.MonkeyPatch, outcome: object) -> Any:
    def demonstration(*_: object, people: People) -> object:
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    monkeypatch.setattr(commands, "demonstrate", demonstration)
    return FlaskCliRunner(clinic).invoke(make_practice_commands(make_line), ["campaign"])


@pytest.mark.parametrize(
    ("outcome", "code", "words"),
    [
        (True, 0, ""),
        (False, 1, "Error: The demonstration did not go as it should.\n"),
        (StoreError("The database failed."), 1, "Error: The database failed.\n"),
        (KeyboardInterrupt(), 130, "\nEnded by you.\n"),
        (click.Abort(), 130, "\nEnded by you.\n"),
    ],
    ids=["holds", "does not hold", "an error of ours", "Ctrl-C", "Ctrl-C in a command"],
)
def test_the_exit_code_tells_how_it_went(
    clinic: Flask, monkeypatch: pytest.MonkeyPatch, outcome: object, code: int, words: str
) -> None:
    result = campaign(clinic, monkeypatch, outcome)
    assert (result.exit_code, result.output) == (code, words)


def test_the_practice_network_is_not_for_a_line_in_production(environment: Environment) -> None:
    production = {
        **environment,
        "SPINELINE_ENV": "production",
        "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
        "PREVIEW_VOICES": "open",
    }
    line = create_app(production, lambda: MONDAY_MORNING)
    result = FlaskCliRunner(line).invoke(make_practice_commands(make_line), ["serve"])
    assert result.exit_code == 1
    assert "This line is in production." in result.output


def test_the_practice_network_says_where_it_answers(clinic: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def serve(practice: Any, tell: Callable[[str], object]) -> None:
        with practice:
            tell("http://127.0.0.1:9")

    monkeypatch.setattr(commands, "serve_practice", serve)
    asked = ["serve", "--port", "0", "--calls-per-second", f"{FAST:g}"]
    result = FlaskCliRunner(clinic).invoke(make_practice_commands(make_line), asked)
    assert result.exit_code == 0
    assert "TWILIO_API_BASE=http://127.0.0.1:9" in result.output


def test_a_demonstrations_clinic_has_the_name_that_the_clips_say(clinic: Flask) -> None:
    names = list_clinic_names(parts_of(clinic).content.words).split("; ")
    assert names[0] == "en=the demonstration clinic"
    assert [name.partition("=")[0] for name in names] == FEW.split()
