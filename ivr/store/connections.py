"""How the database is reached, and how long anyone waits for it.

A caller is on the line: what a webhook asks of the database gets an answer or a `StoreError` within a time that the
caller does not notice, whatever the database does (locked, stopped, or accepting connections and saying nothing).
The drivers' own timeouts do not cover all of that, so what a caller waits for also runs under a deadline here.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, Engine, Pool, create_engine, event, exc
from sqlalchemy.engine import URL, make_url

from ivr.errors import StoreError
from ivr.store.processes import renew_after_fork

_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class DatabasePatience:
    """How long one kind of work waits, in seconds.

    `lock` is for a free connection and for SQLite's one writer; `statement` is PostgreSQL's limit for a statement.
    `writes` says whether transactions are meant to write: SQLite must know it at their first word.
    """

    lock: float
    statement: float
    writes: bool


READS = DatabasePatience(lock=0.5, statement=0.8, writes=False)
WRITES = DatabasePatience(lock=2, statement=2.5, writes=True)
PAGES = DatabasePatience(lock=2, statement=30, writes=False)
CHORES = DatabasePatience(lock=30, statement=600, writes=True)

_CONNECT_SECONDS = 2  # libpq's least
_PRAGMAS = (
    "PRAGMA busy_timeout = {busy}",  # first: the others may already have to wait
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # what is purged is overwritten, not only unlinked
)
_MAY_PASS = (exc.OperationalError, exc.InterfaceError, exc.InternalError, exc.ProgrammingError, exc.TimeoutError)


def read_url(url: str) -> URL:
    """The address with its driver: `postgres://` and `postgresql://` mean psycopg 3; `sqlite:///path` is a file.

    Raises `StoreError` without repeating the address: it may hold a password.
    """
    try:
        address = make_url(url)
    except exc.ArgumentError as error:
        raise StoreError("The database address cannot be read as one.", permanent=True) from error
    if address.drivername in ("postgres", "postgresql"):
        address = address.set(drivername="postgresql+psycopg")
    if address.drivername not in ("postgresql+psycopg", "sqlite"):
        raise StoreError("The database address begins with neither postgresql:// nor sqlite:///.", permanent=True)
    if address.drivername == "sqlite" and address.database in (None, "", ":memory:"):
        raise StoreError("The SQLite address names no file, so nothing would be kept.", permanent=True)
    return address


class Engines:
    """The ways to the database, each with a pool of its own: a slow page never takes a caller's connection.

    `reads` and `writes` are for what belongs to a call, `pages` for what staff look at, `chores` for what takes long.
    """

    def __init__(self, url: str) -> None:
        """Connects to nothing yet. Raises `StoreError` for an address that cannot be used."""
        address = read_url(url)
        self.reads = open_engine(address, READS)
        self.writes = open_engine(address, WRITES)
        self.pages = open_engine(address, PAGES)
        self.chores = open_engine(address, CHORES)
        self._inherited: list[Pool] = []
        renew_after_fork(self._renew)

    def close(self) -> None:
        """Close every idle connection. A later use opens new ones."""
        for engine in self._list_engines():
            engine.dispose()

    def _renew(self) -> None:
        # The parent still uses these connections: here they are neither used, nor closed, nor collected.
        for engine in self._list_engines():
            self._inherited.append(engine.pool)
            engine.dispose(close=False)

    def _list_engines(self) -> tuple[Engine, ...]:
        return self.reads, self.writes, self.pages, self.chores


def open_engine(address: URL, patience: DatabasePatience) -> Engine:
    """An engine whose transactions wait as `patience` says. Statements' values never enter an error's text."""
    return _open_sqlite(address, patience) if address.drivername == "sqlite" else _open_postgresql(address, patience)


def _open_sqlite(address: URL, patience: DatabasePatience) -> Engine:
    engine = create_engine(address, hide_parameters=True, pool_timeout=patience.lock)
    busy, begin = int(patience.lock * 1000), "BEGIN IMMEDIATE" if patience.writes else "BEGIN"

    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        # The driver's own transactions begin too late (not before a SELECT) and end too early (before a CREATE).
        connection.isolation_level = None
        try:
            with closing(connection.cursor()) as cursor:
                for pragma in _PRAGMAS:
                    _insist(cursor, pragma.format(busy=busy), patience.lock)
        except sqlite3.Error:
            connection.close()
            raise

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", _make_begin(begin))
    return engine


def _insist(cursor: sqlite3.Cursor, pragma: str, seconds: float) -> None:
    # While another process turns a new file to WAL, SQLite says "locked" at once, without its busy timeout.
    until = time.monotonic() + seconds
    while True:
        try:
            cursor.execute(pragma)
            return
        except sqlite3.OperationalError:
            if time.monotonic() >= until:
                raise
            time.sleep(0.01)


def _open_postgresql(address: URL, patience: DatabasePatience) -> Engine:
    wait = {"connect_timeout": _CONNECT_SECONDS, "tcp_user_timeout": 5000}
    engine = create_engine(
        address, hide_parameters=True, pool_pre_ping=True, pool_timeout=patience.lock, connect_args=wait
    )
    # In the transaction, not at connecting: poolers such as PgBouncer refuse or forget start-up options.
    event.listen(engine, "begin", _make_begin(f"SET LOCAL statement_timeout = {int(patience.statement * 1000)}"))
    return engine


def _make_begin(words: str) -> Callable[[Connection], None]:
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(words)

    return begin


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what SQLAlchemy and the drivers raise into a `StoreError`; permanent unless it may pass by itself."""
    try:
        yield
    except exc.SQLAlchemyError as error:
        cause = type(getattr(error, "orig", None) or error).__name__
        raise StoreError(f"The database failed ({cause}).", permanent=not isinstance(error, _MAY_PASS)) from error
    except UnicodeError as error:
        raise StoreError("A text holds characters that cannot be stored.", permanent=True) from error


def run_within(seconds: float, work: Callable[[], _Answer]) -> _Answer:
    """Do `work`, and wait for it at most so long; after that it may still end, unheard. Raises `StoreError` then."""
    promise: Future[_Answer] = Future()

    def run() -> None:
        try:
            promise.set_result(work())
        except BaseException as error:
            promise.set_exception(error)

    try:
        threading.Thread(target=run, name="spineline-database", daemon=True).start()
        return promise.result(seconds)
    except TimeoutError as error:
        raise StoreError(f"The database did not answer within {seconds:g} s.") from error
    except RuntimeError as error:
        raise StoreError("No thread could be started to ask the database.") from error


class Breaker:
    """After a failure, keeps callers from waiting for the same failure again, for `rest` seconds.

    Then one caller tries; the others still go without until that one has an answer.
    """

    def __init__(self, ticks: Callable[[], float], *, rest: float = 30, trial: float = 2) -> None:
        """`ticks` is a clock in seconds that never goes back; `trial` is how long the one caller has."""
        self._ticks, self._rest, self._trial = ticks, rest, trial
        self._until: float | None = None

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Raise `StoreError` at once while resting; else watch whether the work in this block fails with one."""
        self._enter()
        try:
            yield
        except StoreError:
            self._until = self._ticks() + self._rest
            raise
        self._until = None

    def _enter(self) -> None:
        if self._until is None:
            return
        if self._ticks() < self._until:
            raise StoreError("The database failed a moment ago and is not asked again yet.")
        self._until = self._ticks() + self._trial
