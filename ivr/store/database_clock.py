"""The moment by the database's clock: dialers on several machines agree on it, whatever their own clocks say."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection, text

DatabaseClock = Callable[[Connection], datetime]
"""Gives an aware UTC datetime."""


def read_database_clock(connection: Connection) -> datetime:
    """The moment now, also late in a transaction."""
    if connection.dialect.name == "postgresql":
        found: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        return found.astimezone(UTC)
    # SQLite tells milliseconds; it is this host's own clock, and so is Python's.
    return datetime.now(UTC)
