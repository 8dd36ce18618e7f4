"""The database as the rest of Spineline knows it: one `Store`, and in it a door for each who asks.

A call on the line asks `Store.line`, the dialer `Store.dialer`, staff (pages and commands) `Store.staff`. A door has
only what its asker may do; behind the doors are the same transactions and the same tables. Every failure is a
StoreError.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from ivr.errors import StoreError
from ivr.store import migrate
from ivr.store.calls.line_store import READING_SECONDS, LineStore
from ivr.store.campaigns.dialer_store import DialerStore
from ivr.store.connections import Breaker, run_within
from ivr.store.database_clock import DatabaseClock, read_database_clock
from ivr.store.secrets import Secrets
from ivr.store.staff.staff_store import StaffStore
from ivr.store.transactions import Transactions


def read_utc() -> datetime:
    """The moment, aware."""
    return datetime.now(UTC)


class Store:
    """One database, in SQLite or PostgreSQL, with its doors. Safe for threads and forks."""

    def __init__(
        self,
        url: str,
        secrets: Secrets,
        *,
        remember_language: bool = True,
        now: Callable[[], datetime] = read_utc,
        ticks: Callable[[], float] = time.monotonic,
        database_clock: DatabaseClock = read_database_clock,
    ) -> None:
        """Connects to nothing yet. `now` dates what staff do with calls and accounts; `ticks` (seconds, never back)
        times the breaker; `database_clock` is the moment by which reminders are due.

        With `remember_language` false, no caller's language is kept. Raises StoreError for an unusable address.
        """
        self.transactions = Transactions(url, database_clock)
        self.line = LineStore(self.transactions, secrets, Breaker(ticks), remember_language=remember_language)
        self.dialer = DialerStore(self.transactions, secrets)
        self.staff = StaffStore(self.transactions, secrets, now)

    def close(self) -> None:
        """Close the idle connections. The store can still be used: it opens new ones."""
        self.transactions.close()

    def explain_unready(self) -> str:
        """Why the database cannot be used, in words; "" if it can. Answers within a second or so."""
        try:
            return run_within(READING_SECONDS, lambda: self.transactions.read_for_call(migrate.find_missing))
        except StoreError as error:
            return f"The database cannot be reached. {error}"
