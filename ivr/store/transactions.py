"""Transactions, written once for every door: which connection is taken, how long it waits, and by which clock it goes.

Rule kept here: work that decides about a patient goes by the database's own clock, so that several dialers agree on it,
and a process that is paused in the middle of it lets go of its rows after some seconds. Every failure is a StoreError.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, Engine

from ivr.store.connections import Engines, in_words
from ivr.store.database_clock import DatabaseClock, read_database_clock
from ivr.store.locks import Locks

PAUSE_SECONDS = 15.0
"""How long PostgreSQL waits for the next word of a transaction."""

_Answer = TypeVar("_Answer")


class Transactions:
    """The transactions and locks of one database. Safe for threads and forks."""

    def __init__(self, url: str, clock: DatabaseClock = read_database_clock) -> None:
        """Connects to nothing yet. `clock` is the database's own, but for a rehearsal of time. Raises StoreError for an
        unusable address."""
        self._engines, self._clock = Engines(url), clock
        self.locks = Locks(url)

    def close(self) -> None:
        """Close the idle connections. A later use opens new ones."""
        self.locks.close()
        self._engines.close()

    def read_for_call(self, work: Callable[[Connection], _Answer]) -> _Answer:
        """Read what a call waits for."""
        with _begin(self._engines.reads) as connection:
            return work(connection)

    def write_for_call(self, work: Callable[[Connection], _Answer]) -> _Answer:
        """Write what a call leaves behind, or a member of staff changes in a moment."""
        with _begin(self._engines.writes) as connection:
            return work(connection)

    def read_page(self, work: Callable[[Connection], _Answer]) -> _Answer:
        """Read what staff look at."""
        with _begin(self._engines.pages) as connection:
            return work(connection)

    def run_chore(self, work: Callable[[Connection], _Answer]) -> _Answer:
        """Write what takes long, and waits as long as it must."""
        with _begin(self._engines.chores) as connection:
            return work(connection)

    def decide(self, work: Callable[[Connection, datetime], _Answer]) -> _Answer:
        """Write what decides about patients; `work` is given the moment by the database's clock."""
        with _begin(self._engines.chores) as connection:
            _limit_pause(connection)
            return work(connection, self._clock(connection))

    def read_clock(self) -> datetime:
        """The moment by the database's clock."""
        return self.read_for_call(self._clock)

    def clock(self, connection: Connection) -> datetime:
        """The moment by the database's clock, inside a transaction."""
        return self._clock(connection)


def _limit_pause(connection: Connection) -> None:
    """A process that is paused in a transaction holds its rows, and the pacer's, only for so long."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = {int(PAUSE_SECONDS * 1000)}")


@contextmanager
def _begin(engine: Engine) -> Iterator[Connection]:
    with in_words(), engine.begin() as connection:
        yield connection
