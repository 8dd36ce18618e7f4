"""The store on both databases, with keys made for the test and a clock that the test turns."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from ivr.store.secrets import Secrets
from ivr.store.store import Store
from tests.reminders.conftest import clinic

__all__ = ["clinic"]

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass
class Clock:
    """Stands still until a test moves it."""

    now: datetime = NOON
    ticks: float = 0.0

    def moment(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def monotonic(self) -> float:
        return self.ticks

    def passes(self, seconds: float) -> None:
        self.ticks += seconds
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def secrets(clock: Clock) -> Secrets:
    return Secrets([Secrets.make_key()], Secrets.make_key(), clock=clock.seconds)


@pytest.fixture
def store(database_url: str, secrets: Secrets, clock: Clock) -> Iterator[Store]:
    store = Store(database_url, secrets, now=clock.moment, ticks=clock.monotonic)
    yield store
    store.close()
