"""The database as the rest of Spineline knows it: one `Store`, whose every failure is a `StoreError`.

Two promises. What a caller waits for (`last_language`, `save_call_back`) ends in time whatever the database does.
What a caller was told is kept (`save_call_back`) is committed. All the rest may wait, and is asked by others.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from ivr.errors import StoreError
from ivr.line.events import CallBackRequest, CallEvent
from ivr.store import call_backs, calls, keeping, migrate, staff
from ivr.store.call_backs import CallBack, State
from ivr.store.calls import CallRecord, SectionHeard
from ivr.store.connections import Breaker, Engines, in_words, within
from ivr.store.database_clock import DatabaseClock, database_now
from ivr.store.reminders import Reminders
from ivr.store.secrets import SecretError, Secrets
from ivr.store.staff import StaffMember
from ivr.store.writing import audit

LANGUAGE_SECONDS = 1.0
"""How long a call's first words may wait for the language that is offered first."""
CALL_BACK_SECONDS = 3.0
"""How long a caller may wait to hear that the request is kept. More than `WRITES` waits, so that a lock ends in order;
far less than the 15 s after which the network gives up on us."""

OPERATOR = "operator"
"""Stands in the audit trail for whoever works at the server's command line without a name of their own."""

_PIECE = 1000
_PAUSE_SECONDS = 0.05


def utc_now() -> datetime:
    """The moment, aware."""
    return datetime.now(UTC)


class Store:
    """Calls, call-back requests, staff and the audit trail, in SQLite or PostgreSQL. Safe for threads and forks."""

    def __init__(
        self,
        url: str,
        secrets: Secrets,
        *,
        remember_language: bool = True,
        now: Callable[[], datetime] = utc_now,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """Connects to nothing yet. `now` dates what staff do; `ticks` (seconds, never back) times the breaker.

        With `remember_language` false, no caller's language is kept. Raises `StoreError` for an unusable address.
        """
        self._engines = Engines(url)
        self._secrets = secrets
        self._remember_language = remember_language
        self._now = now
        self._breaker = Breaker(ticks)

    def close(self) -> None:
        """Close the idle connections. The store can still be used: it opens new ones."""
        self._engines.close()

    def reminders(self, url: str, clock: DatabaseClock = database_now) -> Reminders:
        """The campaigns in this database. `clock` gives the moment; the database's own, but for a rehearsal of time."""
        return Reminders(url, self._engines, self._secrets, clock)

    # What a caller waits for

    def last_language(self, caller_hash: str) -> str | None:
        """The language this caller chose last, None if never. Answers or raises `StoreError` within a second or so.

        After a failure it raises at once for 30 s, so that a database in trouble delays one call, not every call.
        """
        if not caller_hash:
            return None

        def look() -> str | None:
            with _transaction(self._engines.reads) as connection:
                return calls.last_language(connection, caller_hash)

        with self._breaker.guard():
            return within(LANGUAGE_SECONDS, look)

    def save_call_back(self, request: CallBackRequest) -> None:
        """Keep a request: it is committed when this returns. The same request again changes nothing.

        Raises `StoreError` within about three seconds otherwise; it may then still be stored, which does no harm.
        """

        def keep() -> None:
            with _transaction(self._engines.writes) as connection:
                call_backs.save(connection, self._secrets, request)

        within(CALL_BACK_SECONDS, keep)

    # What is written behind, and read later

    def write(self, events: Sequence[CallEvent]) -> None:
        """Write events in one transaction. They may be repeated, late, and in any order; the rows come out the same."""
        if events:
            with _transaction(self._engines.writes) as connection:
                calls.write(connection, events, remember_language=self._remember_language)

    def calls(self, limit: int = 100) -> Sequence[CallRecord]:
        """The newest calls, newest first."""
        with _transaction(self._engines.pages) as connection:
            return calls.newest(connection, limit)

    def sections_heard(self, call: str) -> Sequence[SectionHeard]:
        """What was heard in a call, in the order in which it was first heard."""
        with _transaction(self._engines.pages) as connection:
            return calls.sections_heard(connection, call)

    # What staff do

    def call_backs(self, state: State = "open", *, numbers_for: str | None = None) -> Sequence[CallBack]:
        """The requests in a state, the longest waiting first.

        Their numbers come only where `numbers_for` names the member of staff who will see them, and that name goes
        into the audit trail, once for each number. Raises `StoreError` where a number's key is missing.
        """
        engine = self._engines.pages if numbers_for is None else self._engines.writes
        with _transaction(engine) as connection:
            found = call_backs.listed(connection, state)
            if numbers_for is None:
                return found
            numbers = call_backs.numbers(connection, self._secrets, [one.id for one in found])
            for one in found:
                audit(connection, self._now(), numbers_for, "number seen", f"call-back {one.id}")
            return [replace(one, number=numbers[one.id]) for one in found]

    def close_call_back(self, request: int, by: str) -> None:
        """Mark an open request as done by a member of staff. Raises `StoreError` where there is none."""
        with _transaction(self._engines.writes) as connection:
            call_backs.close(connection, request, by, self._now())

    def add_staff(self, name: str, password: str, *, by: str = OPERATOR) -> None:
        """Add a member of staff; a name is used once. Raises `StoreError` in words that can be shown."""
        with _transaction(self._engines.writes) as connection:
            staff.add(connection, name, password, by, self._now())

    def check_staff(self, name: str, password: str) -> bool:
        """Whether this member may sign in with this password. An unknown name takes as long as a wrong password."""
        with _transaction(self._engines.pages) as connection:
            kept = staff.password_hash(connection, name)
        return staff.matches(kept, password)

    def disable_staff(self, name: str, *, by: str = OPERATOR) -> None:
        """Let a member sign in no more. Raises `StoreError` where there is no such member."""
        with _transaction(self._engines.writes) as connection:
            staff.disable(connection, name, by, self._now())

    def staff(self) -> Sequence[StaffMember]:
        """Every member there ever was, by name."""
        with _transaction(self._engines.pages) as connection:
            return staff.listed(connection)

    # What keeps the database in order

    def forget(self, before: datetime, *, by: str = OPERATOR) -> int:
        """Purge the calls that began before a moment, with all that was heard in them; returns how many.

        Call-back requests that are done go with them, and so do the languages of callers who have not called since,
        and reminders of appointments before that moment. Requests that are open stay, and so do consents, opt-outs
        and the audit trail.
        """
        forgotten = self._in_pieces(lambda on: calls.forget_calls(on, before, _PIECE))
        past = min(before, keeping.latest_purge(self._now()))
        reminders = self._in_pieces(lambda on: keeping.forget_recipients(on, past, _PIECE))
        with _transaction(self._engines.chores) as connection:
            calls.forget_languages(connection, before)
            call_backs.forget(connection, before)
            audit(connection, self._now(), by, "calls purged", f"{forgotten} calls before {before.date()}")
            if reminders:
                audit(connection, self._now(), by, "reminders purged", f"{reminders} appointments before {past.date()}")
        return forgotten

    def _in_pieces(self, purge: Callable[[Connection], int]) -> int:
        # In pieces, with a pause after each: SQLite has one writer, and a caller may be waiting to be it.
        forgotten = 0
        while True:
            with _transaction(self._engines.chores) as connection:
                piece = purge(connection)
            forgotten += piece
            if piece < _PIECE:
                return forgotten
            time.sleep(_PAUSE_SECONDS)

    def rotate(self, *, by: str = OPERATOR) -> int:
        """Encrypt every number again with the first key; returns how many. Raises `StoreError`, changing nothing."""
        with _transaction(self._engines.chores) as connection:
            rotated = call_backs.rotate(connection, self._secrets)
            reminded = self._rotate_reminders(connection)
            subject = f"{rotated} call-backs" + (f", {reminded} reminders" if reminded else "")
            audit(connection, self._now(), by, "numbers encrypted again", subject)
            return rotated + reminded

    def _rotate_reminders(self, connection: Connection) -> int:
        try:
            return keeping.rotate(connection, self._secrets)
        except SecretError as error:
            words = "Numbers of reminders or opt-outs need a key that is no longer in the settings: add it again."
            raise StoreError(words, permanent=True) from error

    def ready(self) -> str:
        """Why the database cannot be used, in words; "" if it can. Answers within a second or so."""

        def look() -> str:
            with _transaction(self._engines.reads) as connection:
                return migrate.missing(connection)

        try:
            return within(LANGUAGE_SECONDS, look)
        except StoreError as error:
            return f"The database cannot be reached. {error}"


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    with in_words(), engine.begin() as connection:
        yield connection
