"""Reminder campaigns: rows loaded, calls settled, the cost of waiting, the share of a limit that is reached, and
whether a claim takes longer in a table of a million attempts. On SQLite, and on a PostgreSQL of our own (no fsync)."""

import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, select, text, update

from ivr.practice import Person
from ivr.provider.outgoing import NetworkCall
from ivr.reminders.dialer import Dialer, DialingPace
from ivr.store import migrate
from ivr.store.campaigns.dialer_store import DialerStore
from ivr.store.campaigns.queue import DialOrder
from ivr.store.campaigns.settling import Report
from ivr.store.reminder_schema import AttemptRow
from tests.databases import PostgresServer, server_binaries
from tests.reminders.dialing import (
    Clinic,
    Job,
    booking,
    dialers,
    offset_to_noon,
    opened,
    practice,
    rulebook,
    shifted,
    until,
)

ROWS, CALLS, SEEDS, SMALL, LARGE, CLAIMS = 20_000, 2_000, 1000, 10_000, 1_000_000, 200
IDLE_SECONDS = 15.0
PACING_SECONDS = float(os.environ.get("PACING_SECONDS", "20"))
LIMITS = (1, 10, 50)
DIALERS, THREADS = 3, 4
LEASE = timedelta(seconds=60)
HERTZ = os.sysconf("SC_CLK_TCK")
MakeUrl = Callable[[], str]


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, MakeUrl]]:
    """How to make a fresh migrated database, by the name of its kind; without PostgreSQL where there is none."""
    made: list[None] = []

    def on_file() -> str:
        made.append(None)
        return f"sqlite:///{folder / f'bench{len(made)}.db'}"

    binaries = server_binaries()
    if binaries is None:
        print("(no PostgreSQL on this machine)")
        yield {"SQLite": on_file}
        return
    server = PostgresServer(binaries)
    try:
        server.start()
        yield {"SQLite": on_file, "PostgreSQL": lambda: server.url(server.create())}
    finally:
        server.remove()


@contextmanager
def fresh(make: MakeUrl, offset: float) -> Iterator[Clinic]:
    """A clinic in a new database, at a lawful hour."""
    url = make()
    migrate.upgrade(url)
    with opened(url, shifted(offset)) as clinic:
        yield clinic


def load(make: MakeUrl) -> float:
    """Rows a second."""
    with fresh(make, offset_to_noon()) as clinic:
        campaign = clinic.campaign(running=False)
        begin = time.perf_counter()
        for _ in clinic.store.staff.campaigns.enrol(campaign, (booking(index) for index in range(1, ROWS + 1)), "Ana"):
            pass
        return ROWS / (time.perf_counter() - begin)


@dataclass(frozen=True)
class AtOnce:
    """A network that takes each call and ends it in the same moment."""

    store: DialerStore

    def place(self, order: DialOrder) -> str:
        """Takes a call, and reports that nobody answered."""
        sid = f"CA{order.attempt}"
        self.store.take_report(Report(f"{sid}/no-answer", order.attempt, sid, "no-answer"), rulebook().find_next_try)
        return sid

    def find(self, to: str, caller: str, since: datetime) -> Sequence[NetworkCall]:
        """Nothing is ever looked for."""
        return ()

    def fetch(self, sid: str) -> NetworkCall:
        """Nothing is ever asked after."""
        return NetworkCall(sid, "no-answer")


def settle(make: MakeUrl) -> float:
    """Calls a second from the claim to the end, by one dialer that nothing else limits."""
    with fresh(make, offset_to_noon()) as clinic:
        clinic.campaign(*(booking(index) for index in range(CALLS)))
        dialer = Dialer(clinic.store.dialer, AtOnce(clinic.store.dialer), rulebook(), DialingPace("AC1", 1e6, THREADS))
        thread = threading.Thread(target=dialer.run)
        begin = time.perf_counter()
        thread.start()
        campaign = clinic.store.staff.campaigns.find_campaign("spring")
        until(
            lambda: clinic.store.staff.results.count_attempts(campaign).get("no_answer") == CALLS, "all settled", 600.0
        )
        seconds = time.perf_counter() - begin
        dialer.stop.set()
        thread.join()
        return CALLS / seconds


def idle(make: MakeUrl, folder: Path) -> float:
    """CPU seconds a minute of a dialer that has nothing to do, with the pauses that it has in production."""
    with fresh(make, offset_to_noon()) as clinic:
        usual = DialingPace("AC1", 1.0)
        job = Job(clinic.url, "http://127.0.0.1:9", 0.0, idle=usual.idle, search=usual.search, lease=usual.lease)
        with dialers(job, folder / "log") as some:
            time.sleep(3.0)
            begin = _cpu_seconds(some.running[0])
            time.sleep(IDLE_SECONDS)
            return (_cpu_seconds(some.running[0]) - begin) * 60 / IDLE_SECONDS


def _cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / HERTZ


@dataclass(frozen=True)
class Reached:
    """What share of a limit three dialers reached, and the most requests that arrived in any second."""

    share: float
    most: int


def pace(make: MakeUrl, limit: int, folder: Path) -> Reached:
    """Three dialers at one limit, against the practice Twilio."""
    offset = offset_to_noon()
    with fresh(make, offset) as clinic, practice(clinic, offset, lambda _: Person("busy")) as twilio:
        clinic.campaign(*(booking(index) for index in range(round(limit * (PACING_SECONDS + 10)))))
        job = Job(clinic.url, twilio.base_url, offset, limit, THREADS, lease=60.0, freshness=1.5, idle=0.2, timeout=5.0)
        with dialers(job, folder / "log", DIALERS) as some:
            until(lambda: len(twilio.arrivals) > limit, "all dialers at work")
            time.sleep(1.0)
            before = len(twilio.arrivals)
            time.sleep(PACING_SECONDS)
            counted = twilio.arrivals[before:]
            some.stop()
        share = (len(counted) - 1) / (counted[-1] - counted[0]) / limit
        return Reached(share, _most_in_a_second(twilio.arrivals))


def _most_in_a_second(arrivals: Sequence[float]) -> int:
    return max(sum(one <= other < one + 1.0 for other in arrivals[at:]) for at, one in enumerate(arrivals))


def claim(make: MakeUrl, attempts: int) -> float:
    """Milliseconds of a claim of eight (the median) in a table of so many attempts, half of them ended."""
    with fresh(make, offset_to_noon()) as clinic:
        clinic.campaign(*(booking(index) for index in range(SEEDS)))
        _fill(clinic, attempts)
        taken = []
        for _ in range(CLAIMS):
            begin = time.perf_counter()
            found = clinic.store.dialer.claim("one", 2 * THREADS, LEASE)
            taken.append((time.perf_counter() - begin) * 1000)
            assert len(found) == 2 * THREADS
        return statistics.median(taken)


def _fill(clinic: Clinic, attempts: int) -> None:
    """Copies what is there, as reminders of other days, until there are so many; then ends every second one."""
    table = AttemptRow.__table__
    with clinic.connection() as connection:
        there, step = SEEDS, 1
        while there < attempts:
            changed = {"id": table.c.id + f".{step}", "days": table.c.days + step}
            copied = select(*(changed.get(column.name, column) for column in table.c)).limit(attempts - there)
            connection.execute(insert(AttemptRow).from_select(table.c.keys(), copied))
            there, step = min(2 * there, attempts), 2 * step
        connection.execute(update(AttemptRow).where(AttemptRow.days % 2 == 0).values(state="answered"))
        connection.execute(text("ANALYZE attempt"))


def bench() -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with databases(folder) as kinds:
            print("\nReminder campaigns")
            for kind, make in kinds.items():
                print(f"{kind:11} rows loaded: {load(make):7.0f} a second", flush=True)
                print(f"{kind:11} calls settled by one dialer: {settle(make):5.0f} a second", flush=True)
                print(f"{kind:11} an idle dialer: {idle(make, folder):5.2f} CPU seconds a minute", flush=True)
                small, large = claim(make, SMALL), claim(make, LARGE)
                words = f"{small:.2f} ms of {SMALL:,}, {large:.2f} ms of {LARGE:,}: ×{large / small:.2f}"
                print(f"{kind:11} a claim among attempts: {words}", flush=True)
                for limit in LIMITS:
                    found = pace(make, limit, folder)
                    words = f"{found.share:.1%} reached, {found.most} arrivals in a second at most"
                    print(f"{kind:11} {DIALERS} dialers at {limit:2} calls a second: {words}", flush=True)


if __name__ == "__main__":
    bench()
