"""A reminder campaign from the list to the report, shown on a screen: `make demo-campaign`.

Rule kept here: what is shown is the real thing. The commands are those that staff type, the dialer is the dialer, the
calls walk the real webhooks; only the people, the network and the time are imaginary, and the screen says so. In the
end it is held against the practice Twilio's own list.
"""

import csv
import logging
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from zoneinfo import ZoneInfo

import click
from sqlalchemy import select

from ivr.errors import SpinelineError
from ivr.practice import ANYONE, People, Troubles
from ivr.practice.appointments import ROWS, ImaginaryList, invent_list
from ivr.practice.proof import Witness, judge_promises
from ivr.practice.screen import FEW, Live, say, show_heading, type_command
from ivr.practice.stage import MakeLine, Stage, find_lawful_tuesday, set_stage
from ivr.reminders.dialer import Dialer, DialingPace
from ivr.reminders.log_lines import KeyValueFormatter
from ivr.store.connections import PAGES, open_engine, read_url
from ivr.store.schema import AuditRow

CAMPAIGN, STAFF = "demonstration", "Dana Demo"
THREADS = 8
TROUBLES = Troubles(seed=3, refused=0.03, broken_after=0.02, doubled=0.10, reversed=0.05)
PATIENCE = 30.0
"""Seconds in which nothing moves, after which the demonstration gives up."""
LOOK_SECONDS = 0.05
LOG = "demonstration.log"
IMAGINARY = """\
A reminder campaign, from the list of appointments to the report. Nobody is called: the patients and the telephone
network are imaginary. The commands, rules, dialer, database and webhooks (over HTTP) are the real ones."""
CALLS = """\
The dialer keeps to the account's calls a second. Rings, clips and silences take no time here. When nothing is left to
do at an hour, the clock is put forward to the next lawful moment of anybody: morning in Honolulu and the new tries of
tomorrow come at once. On purpose, 3 % of the requests are refused and 2 % get an error although the call is made;
10 % of the callbacks come twice, and those of 5 % of the calls come in the wrong order."""


class StuckError(SpinelineError):
    """Nothing moves any more."""


@dataclass(frozen=True)
class Size:
    """How many appointments, and how many calls a second."""

    appointments: int = ROWS
    calls_per_second: float = 20.0


def demonstrate(
    folder: Path, make_line: MakeLine, own: Mapping[str, str], size: Size = Size(), people: People = ANYONE
) -> bool:
    """The whole demonstration, in a `folder` that is made anew; `own` are settings that it has of the clinic's;
    `people` are those who are called.

    False where something went wrong, which the screen tells. Raises SpinelineError.
    """
    begun = time.monotonic()
    click.secho(IMAGINARY, bold=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    stage_set = set_stage(folder, make_line, own, people, size.calls_per_second, TROUBLES)
    with _log_to_file(folder / LOG), stage_set as stage:
        holds = _begin(stage, size).perform()
        calls = len(stage.practice.calls)
    click.echo(f"\n{calls} calls; {time.monotonic() - begun:.0f} seconds in all. Everything is in {folder}.")
    return holds


def _begin(stage: Stage, size: Size) -> "Performance":
    """Sets the clock, lets in a member of staff, writes the list."""
    parts, closed = stage.parts, stage.parts.campaigns.rules.closed
    stage.clock.put_to(find_lawful_tuesday(stage.clock.now(), closed))
    at = stage.clock.now().astimezone(closed.zone)
    click.echo(f"\nSo that it works at any hour, practice time is {at:%A %-d %B %Y, %H:%M} in {closed.zone.key}.")
    parts.database.store.staff.accounts.add_staff(STAFF, token_hex(16))
    appointments = invent_list(at.date(), parts.content.line.languages, size.appointments)
    file = stage.folder / "appointments.csv"
    appointments.write(file)
    return Performance(stage, appointments, file)


@contextmanager
def _log_to_file(path: Path) -> Iterator[None]:
    """What the parts log goes into a file, and not onto the screen."""
    handler, log = logging.FileHandler(path, encoding="utf-8"), logging.getLogger("ivr")
    handler.setFormatter(KeyValueFormatter())
    before = log.level, log.propagate
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
    try:
        yield
    finally:
        log.removeHandler(handler)
        handler.close()
        log.setLevel(before[0])
        log.propagate = before[1]


@dataclass(frozen=True)
class Performance:
    """One performance on a stage, with the list that is uploaded."""

    stage: Stage
    appointments: ImaginaryList
    file: Path

    def perform(self) -> bool:
        """Everything, in order; False where a step fails or a promise is broken. Raises SpinelineError."""
        self._show_list()
        if not (self._upload() and self._start()):
            return False
        self._call()
        return self._show_results() and self._prove()

    # --- Before the calls --------------------------------------------------------------------------------------------

    def _show_list(self) -> None:
        show_heading("The list of appointments")
        languages = len(self.stage.parts.content.line.languages)
        say(f"{self.file}: {len(self.appointments.rows)} imaginary appointments in {languages} languages.")
        say("The numbers are nobody's: 555-01xx is kept free for stories. On purpose, the list holds:")
        for planted in self.appointments.planted:
            say(f"  line {planted.line}: {planted.words}{' (called all the same)' if planted.kept else ''}")

    def _upload(self) -> bool:
        show_heading("The upload")
        if self._type("new", CAMPAIGN, "--by", STAFF):
            return False
        upload = ("upload", CAMPAIGN, str(self.file), "--by", STAFF)
        if not self._type(*upload):
            say("The faults were not found.")
            return False
        say("\nStaff look at the faults, and say that the good rows may go ahead:")
        if self._type(*upload, "--good-rows", quiet=True):
            return False
        say("\nThe same list a second time adds nobody twice:")
        return self._type(*upload, "--good-rows", quiet=True) == 0

    def _start(self) -> bool:
        show_heading("The rehearsal, and the start")
        if self._type("rehearse", CAMPAIGN):
            say("\nThe rehearsal found a fault, so nothing is dialed.")
            return False
        return self._type("start", CAMPAIGN, "--yes-start", CAMPAIGN, "--by", STAFF, quiet=True) == 0

    # --- The calls ---------------------------------------------------------------------------------------------------

    def _call(self) -> None:
        """Dials until nothing waits. Raises StuckError."""
        show_heading("The calls")
        say(CALLS)
        live = Live(self.stage, self.stage.parts.database.store.staff.campaigns.find_campaign(CAMPAIGN))
        with _dial(self.stage):
            while self._settle(live):
                pass
        live.draw(last=True)

    def _settle(self, live: Live) -> bool:
        """Waits until nothing is due or under way, and puts the clock forward; False where nothing waits any more."""
        store, clock = self.stage.parts.database.store, self.stage.clock
        while store.dialer.has_work():
            live.draw()
            if live.still > PATIENCE:
                raise StuckError(f"Nothing has moved for {PATIENCE:g} s. {self.stage.folder / LOG} tells more.")
            time.sleep(LOOK_SECONDS)
        self.stage.practice.settle(PATIENCE)
        due = store.staff.results.find_next_due(store.staff.campaigns.find_campaign(CAMPAIGN))
        if due is not None and due > clock.now():
            clock.put_to(due)
        return due is not None

    # --- After the calls ---------------------------------------------------------------------------------------------

    def _show_results(self) -> bool:
        show_heading("How far people came, by language (a voicemail is never counted as heard)")
        codes = [self._type("status", CAMPAIGN), self._type("funnel", CAMPAIGN)]
        show_heading("The work lists for staff")
        codes += [self._type(which, CAMPAIGN, "--by", STAFF, few=True) for which in ("tasks", "unprepared")]
        show_heading("The report")
        for name in ("report.csv", "report.xlsx"):
            codes.append(self._type("report", CAMPAIGN, "--out", str(self.stage.folder / name), "--by", STAFF))
        self._show_formula()
        self._show_trail()
        return not any(codes)

    def _show_formula(self) -> None:
        """What became of the name that is a formula."""
        planted = next(row.name for row in self.appointments.rows if row.name.startswith("="))
        with (self.stage.folder / "report.csv").open(encoding="utf-8-sig", newline="") as file:
            found = [row["name"] for row in csv.DictReader(file) if planted in row["name"]]
        say(f"The name that was a formula is harmless text there: {', '.join(found)}")

    def _show_trail(self) -> None:
        show_heading("The audit trail")
        zone: ZoneInfo = self.stage.parts.settings.office_timezone
        engine = open_engine(read_url(self.stage.parts.settings.database_url), PAGES)
        columns = (AuditRow.at, AuditRow.staff, AuditRow.action, AuditRow.subject)
        with engine.begin() as connection:
            for at, staff, action, subject in connection.execute(select(*columns).order_by(AuditRow.id)):
                say(f"  {at.astimezone(zone):%Y-%m-%d %H:%M}  {staff:12} {action:22} {subject}")
        engine.dispose()

    def _prove(self) -> bool:
        show_heading("The proof, by the practice Twilio's own list of calls")
        staff, practice = self.stage.parts.database.store.staff, self.stage.practice
        campaign = staff.campaigns.find_campaign(CAMPAIGN)
        patients = staff.results.list_patients(campaign, STAFF)
        counts = staff.results.count_attempts(campaign)
        witness = Witness(
            calls=practice.calls,
            delivered=practice.delivered,
            patients=patients,
            counts=counts,
            wanted=self.appointments.callable_rows,
            hours=self.stage.parts.campaigns.rules.hours,
            log=(self.stage.folder / LOG).read_text("utf-8"),
        )
        found = list(judge_promises(witness))
        for finding in found:
            word, colour = ("NO ", "red") if finding.broken else ("yes", "green")
            click.secho(f"  {word}  {finding.promise}", fg=colour)
            for words in finding.broken[:FEW]:
                say(f"         {words}")
        return not any(finding.broken for finding in found)

    def _type(self, *words: str, quiet: bool = False, few: bool = False) -> int:
        return type_command(self.stage.app, *words, quiet=quiet, few=few)


@contextmanager
def _dial(stage: Stage) -> Iterator[None]:
    """What `flask reminders run` does, in a thread, at the demonstration's pace."""
    parts = stage.parts
    settings = parts.settings
    pace = DialingPace(settings.twilio_account_sid, settings.calls_per_second, threads=THREADS, idle=LOOK_SECONDS)
    dialer = Dialer(parts.database.store.dialer, parts.campaigns.network, parts.campaigns.rules, pace)
    thread = threading.Thread(target=dialer.run, name="dialer")
    thread.start()
    try:
        yield
    finally:
        dialer.stop.set()
        thread.join()
