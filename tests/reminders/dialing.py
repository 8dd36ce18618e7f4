"""A clinic with campaigns for tests of the dialer, and its dialers as processes of their own.

Started as a module it is such a process: `python -m tests.reminders.dialing nurse JOB` forks a dialer for each line
that it reads and tells its id, so that dialers can be killed often; `python -m tests.reminders.dialing opt-out JOB`
enters an opt-out for each number that it reads, and tells a moment before its commit. JOB is a `Job` as JSON. Nothing
here knows a real network.
"""

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import Flask, Response
from sqlalchemy import Connection, Row, select, update

from ivr.errors import NotPlacedError
from ivr.practice import InProcess, People, Person, PracticeTwilio, Troubles
from ivr.practice.account import draw_chance
from ivr.provider.outgoing import CallOrder, TwilioCalls
from ivr.provider.signature import Signature
from ivr.reminders.attempts import ReminderAttempts
from ivr.reminders.dialer import Dialer, DialingPace
from ivr.reminders.network import Network
from ivr.reminders.reconcile import SearchPatience
from ivr.reminders.rules.appointments import CallingHours, Retries
from ivr.reminders.rules.calling_hours import ClosedDays
from ivr.reminders.rules.judging import Rulebook
from ivr.reminders.rules.profiles import US
from ivr.store.calls.line_store import LineStore
from ivr.store.campaigns.campaigns import Campaign
from ivr.store.campaigns.dialer_store import DialerStore
from ivr.store.campaigns.enrolment import Booking, Due, Enrolled
from ivr.store.connections import CHORES, open_engine, read_url
from ivr.store.database_clock import DatabaseClock, read_database_clock
from ivr.store.reminder_schema import AttemptRow, RecipientRow, TaskRow
from ivr.store.secrets import Secrets
from ivr.store.store import Store
from ivr.voice.reminder_calls import make_reminder_calls

ROOT = Path(__file__).parent.parent.parent
SID, TOKEN = "AC" + "1" * 32, "the token of the practice account"
BASE = "https://line.example.org"
CALLER, PURPOSE, ZONE = "+12125550100", "appointment reminder", "America/New_York"
NOON = datetime(2026, 12, 1, 17, tzinfo=UTC)
"""A Tuesday noon in New York: a lawful hour on a working day."""
KEY, HASH_KEY = "6PVdaGVqiE1nXGyxMFQOAwJRX5I6dZkKp8GmEvpV0kA=", "a key for hashes in the tests, long enough"
FAST = 1e6
"""Calls a second for tests that are not about the pace."""
BY = "Ana"
ENDED = ("answered", "machine", "busy", "no_answer", "failed", "opted_out", "cancelled", "expired", "needs_review")


def number(index: int) -> str:
    """A number of a patient in New York (E.164)."""
    return f"+1212{2_000_000 + index}"


def rulebook(retries: Mapping[str, Retries] | None = None) -> Rulebook:
    """The rules of the United States; without `retries`, no reminder is tried twice."""
    return Rulebook(US, CallingHours(clock_time(9), clock_time(20)), ClosedDays(ZoneInfo(ZONE)), retries or {})


def booking(index: int = 0, **changed: Any) -> Booking:
    """A patient, and one reminder that is due since noon; the one after another is due a microsecond later."""
    due = Due(3, NOON + timedelta(microseconds=index), NOON + timedelta(days=2))
    appointment = NOON + timedelta(days=3)
    consent = ("intake form", date(2026, 11, 2), PURPOSE)
    plain = Booking(index + 2, number(index), "", f"P-{index}", "en", ZONE, appointment, False, consent, (due,))
    return replace(plain, **changed)


@dataclass
class Turned:
    """A clock of the database that stands still until a test turns it."""

    now: datetime = NOON

    def __call__(self, connection: Connection) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        """Goes on by so many `seconds`, `minutes`, `hours` or `days`."""
        self.now += timedelta(**time)


def shifted(offset: float) -> DatabaseClock:
    """The database's own clock, so many seconds later: a lawful hour whenever the tests run."""
    return lambda connection: read_database_clock(connection) + timedelta(seconds=offset)


@dataclass
class Clinic:
    """Campaigns in a database, and what a test wants to see of them. `clock` is the one that its reminders go by."""

    url: str
    store: Store
    secrets: Secrets
    clock: Any

    def campaign(self, *bookings: Booking, name: str = "spring", running: bool = True) -> Campaign:
        """A campaign with these patients (one without any given)."""
        made = Campaign(0, name, "compression-fracture", PURPOSE, "draft", (3,), CALLER, BY, None)
        campaign = self.store.staff.campaigns.create(made)
        self.enrol(campaign, *(bookings or (booking(),)))
        return self.act("start", name) if running else campaign

    def act(self, verb: str, name: str = "spring", by: str = BY) -> Campaign:
        """Starts, pauses, resumes or stops a campaign that has no fault."""
        judge = [lambda *_: ()] if verb in ("start", "resume") else []
        campaign: Campaign = getattr(self.store.staff.campaigns, verb)(name, by, *judge)
        return campaign

    def enrol(self, campaign: Campaign, *bookings: Booking) -> Enrolled:
        """What one upload of these rows did."""
        return sum(self.store.staff.campaigns.enrol(campaign, bookings, BY), Enrolled())

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A transaction of the test's own."""
        engine = open_engine(read_url(self.url), CHORES)
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()

    def attempts(self) -> Sequence[Row[Any]]:
        """Every attempt, in the order in which they fall due."""
        with self.connection() as connection:
            order = (AttemptRow.campaign_id, AttemptRow.recipient_id, AttemptRow.days.desc(), AttemptRow.number)
            rows: Any = connection.execute(select(AttemptRow.__table__).order_by(*order)).all()
            return list(rows)

    def states(self) -> list[str]:
        """The state of every attempt."""
        return [row.state for row in self.attempts()]

    def recipients(self) -> Sequence[Row[Any]]:
        """Every recipient."""
        with self.connection() as connection:
            rows: Any = connection.execute(select(RecipientRow.__table__).order_by(RecipientRow.id)).all()
            return list(rows)

    def tasks(self) -> list[tuple[str, str]]:
        """What is to be done: kind and words."""
        with self.connection() as connection:
            found = connection.execute(select(TaskRow.kind, TaskRow.words).order_by(TaskRow.id))
            return [(row[0], row[1]) for row in found]

    def change(self, table: type[AttemptRow | RecipientRow], **values: Any) -> None:
        """Writes into every row of a table, as nothing but a test does."""
        with self.connection() as connection:
            connection.execute(update(table).values(**values))


def keys() -> Secrets:
    """The keys of these tests, the same in every process."""
    return Secrets([KEY], HASH_KEY)


@contextmanager
def opened(url: str, clock: DatabaseClock | None = None) -> Iterator[Clinic]:
    """A clinic in a migrated database; its clock stands at noon where no other is given."""
    secrets = keys()
    clock = clock or Turned()
    store = Store(url, secrets, database_clock=clock)
    try:
        yield Clinic(url, store, secrets, clock)
    finally:
        store.close()


# --- A practice network ----------------------------------------------------------------------------------------------

SILENCE = '<Response><Pause length="12"/><Hangup/></Response>'
ANSWERS = ("human", "machine", "no-answer", "busy", "failed")


def mixed(number: str) -> Person:
    """One in five of each way to answer."""
    return Person(ANSWERS[int(number[-4:]) % len(ANSWERS)])  # type: ignore[arg-type]


def line(store: LineStore, rules: Rulebook, api: Callable[[], str]) -> Flask:
    """An app with the real callbacks; its document is silent until a machine would have spoken."""
    app = Flask("line")
    attempts = ReminderAttempts(store, rules, ZoneInfo(ZONE))

    def leave_message(*about: str) -> None:
        TwilioCalls(SID, TOKEN, api(), BASE).leave_message(*about)

    app.register_blueprint(make_reminder_calls(attempts, leave_message, Signature(BASE, TOKEN)))

    @app.post("/<path:_>")
    def hang_up(_: str) -> Response:
        return Response(SILENCE, content_type="text/xml")

    return app


@contextmanager
def practice(
    clinic: Clinic, offset: float = 0.0, people: People = mixed, troubles: Troubles | None = None
) -> Iterator[PracticeTwilio]:
    """A practice Twilio that reports to the clinic. `offset` is what its clock is ahead, in seconds."""
    found: list[PracticeTwilio] = []
    app = line(clinic.store.line, rulebook(), lambda: found[0].base_url)

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=offset)

    settings: dict[str, Any] = {"calls_per_second": FAST, "base": BASE, "now": now}
    with PracticeTwilio(SID, TOKEN, InProcess(app), people, troubles=troubles or Troubles(), **settings) as twilio:
        found.append(twilio)
        yield twilio


def find_attempt(call: Any) -> str:
    """The attempt that a call of the practice Twilio was made for."""
    return str(call.read_field("StatusCallback")).removeprefix(f"{BASE}/call/attempt/").removesuffix("/status")


# --- Dialers as processes --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Job:
    """What a process of this module is told. Leases and waits are in seconds, and short; `again` has to be longer than
    a request may take (`timeout`), as in the dialer's own defaults. `pauses` is at which share of the attempts a dialer
    stops itself (SIGSTOP) at the worst point: all is decided, and the request is just about to leave.
    """

    url: str
    api: str
    offset: float
    a_second: float = 1000.0
    threads: int = 4
    lease: float = 1.5
    freshness: float = 0.5
    idle: float = 0.05
    search: float = 0.2
    refused_pause: float = 0.1
    grace: float = 0.2
    again: float = 1.0
    silence: float = 1.0
    timeout: float = 0.5
    pauses: float = 0.0


class PausingCalls(TwilioCalls):
    """Twilio's calls, from a process that is paused right before some of them."""

    pauses = 0.0

    def place(self, order: CallOrder) -> str:
        if draw_chance(order.attempt) < self.pauses:
            os.kill(os.getpid(), signal.SIGSTOP)
        return super().place(order)


def dialer(job: Job, store: DialerStore) -> Dialer:
    """A dialer for a job."""
    short = {name: getattr(job, name) for name in ("lease", "freshness", "idle", "search", "refused_pause")}
    pace = DialingPace(SID, job.a_second, job.threads, **short)
    waits = (timedelta(seconds=seconds) for seconds in (job.grace, job.again, job.silence))
    patience = SearchPatience(*waits)  # type: ignore[arg-type]  # three of them
    network = PausingCalls(SID, TOKEN, job.api, BASE, timeout=job.timeout)
    network.pauses = job.pauses
    return Dialer(store, cast(Network, network), rulebook(), pace, patience)


def _dial(job: Job) -> None:
    with opened(job.url, shifted(job.offset)) as clinic:
        worker = dialer(job, clinic.store.dialer)
        signal.signal(signal.SIGTERM, lambda *_: worker.stop.set())
        worker.run()


def _nurse(job: Job) -> None:
    _warm_up(job)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    born: list[int] = []
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                _dial(job)
            finally:
                os._exit(0)
        born.append(child)
        print(child, flush=True)  # noqa: T201  # how the tests are told
    for child in born:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def _warm_up(job: Job) -> None:
    """Drivers and libraries read themselves in at their first use: once here, and not in each dialer's first call."""
    with opened(job.url) as clinic:
        clinic.store.staff.campaigns.list_campaigns()
        with clinic.store.dialer.locks.hold("warm", 0.0), suppress(NotPlacedError):
            TwilioCalls(SID, TOKEN, job.api, BASE, timeout=job.timeout).find(number(0), CALLER, NOON)


def _opt_out(job: Job) -> None:
    moments: list[float] = []

    def clock(connection: Connection) -> datetime:
        moments.append(time.monotonic())
        return shifted(job.offset)(connection)

    with opened(job.url, clock) as clinic:
        for given in sys.stdin:
            clinic.store.staff.opt_outs.enter_opt_out(given.strip(), "staff", BY)
            print(given.strip(), moments[-1], flush=True)  # noqa: T201


@dataclass
class Process:
    """A process of this module that answers each line with a line."""

    role: str
    job: Job
    log: Path
    started: subprocess.Popen[str] = field(init=False)

    def __post_init__(self) -> None:
        words = [sys.executable, "-m", "tests.reminders.dialing", self.role, json.dumps(asdict(self.job))]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with self.log.open("a") as log:
            self.started = subprocess.Popen(words, cwd=ROOT, text=True, stderr=log, **pipes)  # type: ignore[call-overload]

    def ask(self, words: str) -> str:
        """Says a line, and waits for the answer."""
        pipe_in, pipe_out = self.started.stdin, self.started.stdout
        assert pipe_in is not None
        assert pipe_out is not None
        pipe_in.write(f"{words}\n")
        pipe_in.flush()
        return pipe_out.readline().strip()

    def end(self) -> None:
        """Ends it, and what it started."""
        self.started.communicate()


@dataclass
class Dialers:
    """Dialers that can be killed, paused and started again. `running` are their process ids."""

    nurse: Process
    running: list[int] = field(default_factory=list)

    def start(self, count: int = 1) -> None:
        """Starts some more."""
        self.running += [int(self.nurse.ask("start")) for _ in range(count)]

    def kill(self, process: int) -> None:
        """Ends one at once, whatever it does."""
        os.kill(process, signal.SIGKILL)
        self._gone(process)

    def go_on(self) -> None:
        """Lets those that are paused go on."""
        for process in self.running:
            os.kill(process, signal.SIGCONT)

    def stop(self) -> None:
        """Ends all of them in order."""
        for process in self.running:
            os.kill(process, signal.SIGTERM)
        for process in list(self.running):
            self._gone(process)

    def _gone(self, process: int) -> None:
        until(lambda: not _lives(process), "a dialer has ended")
        self.running.remove(process)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def dialers(job: Job, log: Path, count: int = 1) -> Iterator[Dialers]:
    """Some dialers; none outlives the block."""
    crew = Dialers(Process("nurse", job, log))
    try:
        crew.start(count)
        yield crew
    finally:
        crew.nurse.end()


def until(true: Callable[[], bool], what: str, seconds: float = 120.0) -> None:
    """Waits until something is true. Raises AssertionError where it does not become so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds:g} s: {what}"
        time.sleep(0.02)


def offset_to_noon() -> float:
    """How many seconds a clock has to be ahead for now to be a lawful hour."""
    return (NOON - datetime.now(UTC)).total_seconds()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(process)d %(message)s")
    logging.getLogger("twilio").setLevel(logging.WARNING)  # it would tell every number
    {"nurse": _nurse, "opt-out": _opt_out}[sys.argv[1]](Job(**json.loads(sys.argv[2])))
