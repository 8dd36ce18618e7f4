"""Locks that end with the process that holds them, and not with a pause of it.

Two uses. A dialer holds one for as long as it lives: a lease that ran out while its lock is held belongs to a process
that is paused, not dead, and its calls are left alone. And a number is held while a call to it leaves: an opt-out that
commits at the same moment waits for the call to be out, so that none leaves after the commit (rule C7).
PostgreSQL's session advisory locks; with SQLite, which is one host's, locked files beside the database.
"""

import hashlib
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, Pool, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from ivr.errors import StoreError
from ivr.store.connections import in_words, read_url
from ivr.store.processes import renew_after_fork

STRIPES = 2
"""Hex digits of a number's hash that tell its lock from others: two numbers may share one, which only costs a wait."""
NUMBER_PATIENCE = 2.0
"""Seconds that an opt-out waits for a call to the same number that is just leaving."""
_PAUSE = 0.005
_POOL: dict[str, Any] = {"pool_size": 8, "max_overflow": 120, "pool_pre_ping": True}
_WAIT = {"connect_timeout": 2, "tcp_user_timeout": 5000}
_WATCH = ("tcp_keepalives_idle = 10", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 3")
"""So that the locks of a host that died without a word are free in half a minute, not in two hours."""


class Locks:
    """The locks of one database."""

    def __init__(self, url: str) -> None:
        """Connects to nothing yet. Raises StoreError for an unusable address."""
        address = read_url(url)
        self._folder = Path(f"{address.database}.locks") if address.drivername == "sqlite" else None
        self._engine: Engine | None = None
        if self._folder is None:
            self._engine = create_engine(
                address, isolation_level="AUTOCOMMIT", hide_parameters=True, connect_args=_WAIT, **_POOL
            )
            event.listen(self._engine, "connect", _watch)
        self._inherited: list[Pool] = []
        renew_after_fork(self._renew)

    def close(self) -> None:
        """Closes every idle connection. A later use opens new ones."""
        if self._engine is not None:
            self._engine.dispose()

    def _renew(self) -> None:
        # The parent still uses these connections: here they are neither used, nor closed, nor collected.
        if self._engine is not None:
            self._inherited.append(self._engine.pool)
            self._engine.dispose(close=False)

    @contextmanager
    def hold(self, name: str, patience: float) -> Iterator[bool]:
        """Holds the lock `name` in the block; False where it could not be had within `patience` seconds."""
        with self._open(name, time.monotonic() + patience) as got:
            yield got

    def is_free(self, name: str) -> bool:
        """Whether nobody holds it at this moment."""
        with self._open(name, 0.0) as got:
            return got

    @staticmethod
    def name_for_number(number_hash: str) -> str:
        """The name of the lock of a number, by its keyed hash."""
        return f"number-{number_hash[:STRIPES]}"

    @contextmanager
    def _open(self, name: str, until: float) -> Iterator[bool]:
        if self._engine is not None:
            with in_words(), self._engine.connect() as connection:
                yield from _lock_on_postgresql(connection, name, until)
        else:
            yield from self._lock_file(name, until)

    def _lock_file(self, name: str, until: float) -> Iterator[bool]:
        folder = self._folder or Path()
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / name).open("a") as file:
            got = _try_until(lambda: _flock(file), until)
            yield got


def _lock_on_postgresql(connection: Connection, name: str, until: float) -> Iterator[bool]:
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    asked = text("SELECT pg_try_advisory_lock(:key)")
    got = _try_until(lambda: bool(connection.execute(asked, {"key": key}).scalar_one()), until)
    try:
        yield got
    finally:
        if got:
            _unlock(connection, key)


def _unlock(connection: Connection, key: int) -> None:
    # Where the connection is gone, so is the lock: what was done under it is not to fail for that.
    try:
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})
    except SQLAlchemyError:
        connection.invalidate()


def _watch(connection: Any, _record: object) -> None:
    for setting in _WATCH:
        connection.execute(f"SET {setting}")
    connection.commit()


def _try_until(attempt: Callable[[], bool], until: float) -> bool:
    while not attempt():
        if time.monotonic() >= until:
            return False
        time.sleep(_PAUSE)
    return True


def _flock(file: IO[str]) -> bool:
    if sys.platform == "win32":
        raise StoreError(
            "Reminders with SQLite need file locks, which this system lacks. Use PostgreSQL.", permanent=True
        )
    import fcntl

    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
