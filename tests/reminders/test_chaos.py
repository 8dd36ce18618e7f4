"""Dialers that are killed, paused and started again while network and database fail: nobody twice, nobody lost.

The rule that is kept: an attempt is dialed once, or a person is asked to look; none is left behind. The
run is short; `CHAOS_PATIENTS=1000 CHAOS_KILLS=30` makes it the whole one, and `CHAOS_SEED` another one.
"""

import os
import random
import signal
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from ivr.practice import PracticeTwilio, Troubles
from tests.databases import Database
from tests.reminders.dialing import (
    ENDED,
    Clinic,
    Dialers,
    Job,
    booking,
    dialers,
    find_attempt,
    offset_to_noon,
    opened,
    practice,
    shifted,
    until,
)

PATIENTS = int(os.environ.get("CHAOS_PATIENTS", "60"))
KILLS = int(os.environ.get("CHAOS_KILLS", "6"))
SEED = int(os.environ.get("CHAOS_SEED", "5"))
DIALERS = 3
PAUSE = 4.0
A_SECOND = float(os.environ.get("CHAOS_PACE", "20"))
"""Slow enough that the trouble meets calls on their way, not an empty queue."""
PATIENCE = 240.0 + PATIENTS / 2
TROUBLES = Troubles(
    seed=SEED,
    refused=0.05,
    broken_before=0.04,
    broken_after=0.04,
    dropped=0.04,
    silent=0.04,
    slow=0.05,
    doubled=0.2,
    reversed=0.2,
    late=0.1,
    never=0.05,
    slow_seconds=0.3,
    late_seconds=0.5,
    unlisted_seconds=0.3,
)


@contextmanager
def away(database: Database) -> Iterator[None]:
    """PostgreSQL is stopped; to a SQLite file, which nothing can stop, nobody can write."""
    if database.url.startswith("postgresql"):
        with database.outage():
            yield
        return
    with closing(sqlite3.connect(database.url.removeprefix("sqlite:///"), timeout=30, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def torment(some: Dialers, database: Database, twilio: PracticeTwilio, draw: random.Random) -> None:
    """Kills dialers at random points of the campaign; now and then pauses one or takes the database away."""
    points = sorted(draw.randrange(PATIENTS) for _ in range(KILLS))
    for turn, point in enumerate(points):
        with suppress(AssertionError):  # where the calls stand still, that is a point too
            until(lambda point=point: len(twilio.arrivals) >= point, "calls", 5.0)  # type: ignore[misc]
        time.sleep(draw.uniform(0.0, 0.1))
        some.kill(draw.choice(some.running))
        some.start()
        if turn % 3 == 0:
            pause(draw.choice(some.running))
        if turn % 10 == 1:
            with away(database):
                time.sleep(draw.uniform(0.2, 0.6))


def pause(process: int) -> None:
    """Stops one for longer than its lease, and than others take to look for its calls; the rest goes on."""

    def go_on() -> None:
        with suppress(ProcessLookupError):  # it may have been killed meanwhile
            os.kill(process, signal.SIGCONT)

    os.kill(process, signal.SIGSTOP)
    threading.Timer(PAUSE, go_on).start()


def all_ended(clinic: Clinic) -> bool:
    return all(state in ENDED for state in clinic.states())


def test_nobody_is_called_twice_and_nobody_is_lost(database: Database, tmp_path: Path) -> None:
    begun, offset = time.monotonic(), offset_to_noon()
    with opened(database.url, shifted(offset)) as clinic, practice(clinic, offset, troubles=TROUBLES) as twilio:
        clinic.campaign(*(booking(index) for index in range(PATIENTS)))
        job = Job(database.url, twilio.base_url, offset, a_second=A_SECOND)
        with dialers(job, tmp_path / "log", DIALERS) as some:
            torment(some, database, twilio, random.Random(SEED))  # noqa: S311  # a run that can be repeated
            until(lambda: all_ended(clinic), "every attempt has ended", PATIENCE)
            some.stop()
        twilio.settle(120.0)
        report(clinic, twilio, time.monotonic() - begun)
        assert_nobody_is_called_twice(clinic, twilio)


def test_pauses_at_the_worst_point_call_nobody_twice(database_url: str, tmp_path: Path) -> None:
    """Each pause is between a decision and its request, and longer than the lease and two searches."""
    offset, patients = offset_to_noon(), PATIENTS // 2
    with opened(database_url, shifted(offset)) as clinic, practice(clinic, offset) as twilio:
        clinic.campaign(*(booking(index) for index in range(patients)))
        job = Job(database_url, twilio.base_url, offset, A_SECOND, pauses=0.1, lease=0.8, again=0.6, freshness=0.3)
        with dialers(job, tmp_path / "log", DIALERS + 1) as some:
            resumed = time.monotonic()
            while not all_ended(clinic):
                assert time.monotonic() < resumed + PATIENCE
                time.sleep(PAUSE)
                some.go_on()
            some.stop()
        twilio.settle(120.0)
        report(clinic, twilio, time.monotonic() - resumed, kills=0)
        assert_nobody_is_called_twice(clinic, twilio, patients)


def assert_nobody_is_called_twice(clinic: Clinic, twilio: PracticeTwilio, patients: int = PATIENTS) -> None:
    calls = Counter(find_attempt(call) for call in twilio.calls)
    attempts = clinic.attempts()
    assert len(attempts) == patients
    assert [attempt for attempt, count in calls.items() if count > 1] == []
    reviewed = [attempt for attempt in attempts if attempt.state == "needs_review"]
    assert len(clinic.tasks()) == len(reviewed)
    assert [attempt.id for attempt in attempts if attempt.state != "needs_review" and calls[attempt.id] != 1] == []


def report(clinic: Clinic, twilio: PracticeTwilio, seconds: float, kills: int = KILLS) -> None:
    states = Counter(clinic.states())
    figures = {
        "kills": kills,
        "calls": len(twilio.calls),
        "posts": len(twilio.arrivals),
        "doubles": sum(count - 1 for count in Counter(find_attempt(call) for call in twilio.calls).values()),
        "lost": sum(count for state, count in states.items() if state not in ENDED),
        "needs_review": states["needs_review"],
        "seconds": round(seconds, 1),
    }
    print(figures, dict(states))  # noqa: T201  # shown by `pytest -s`, for the record of a long run
