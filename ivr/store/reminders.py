"""Reminder campaigns in the database, as the rest of the house knows them: every failure is a StoreError.

Each method is one transaction, and by the database's own clock, so that several dialers agree on it. What decides about
a patient (a reply, an opt-out) is committed when its method returns.
"""

import secrets as randomness
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, Engine

from ivr.line.nodes import Reply
from ivr.store import campaigns, discarding, queue, replies, results, settling
from ivr.store.campaigns import Booking, Campaign, Enrolled, StartJudge
from ivr.store.connections import Engines, in_words, within
from ivr.store.database_clock import DatabaseClock, database_now
from ivr.store.locks import Locks
from ivr.store.queue import Doubtful, Held, Judge, Order, Wait
from ivr.store.replies import Appointment, OptOut
from ivr.store.results import Enlisted, Funnel, PatientResult, Task
from ivr.store.secrets import Secrets
from ivr.store.settling import NextTry, Report
from ivr.store.writing import audit

_Answer = TypeVar("_Answer")

REPLY_SECONDS = 3.0
"""How long a person may wait to hear that a reply is kept; the network gives up on us after 15 s."""
NUMBER_PATIENCE = 2.0
"""How long an opt-out waits for a call to the same number that is just leaving."""
PAUSE_SECONDS = 15.0
"""How long PostgreSQL waits for the next word of a transaction."""
CHUNK = 500


def new_id() -> str:
    """A fresh id for an attempt: it stands in addresses, and cannot be guessed."""
    return randomness.token_urlsafe(12)


class Reminders:
    """The campaigns of one database. Safe for threads."""

    def __init__(self, url: str, engines: Engines, secrets: Secrets, clock: DatabaseClock = database_now) -> None:
        """Connects to nothing yet."""
        self._engines, self._secrets, self._clock = engines, secrets, clock
        self.locks = Locks(url)

    # --- What a call waits for ---------------------------------------------------------------------------------------

    def appointment(self, attempt: str) -> Appointment | None:
        """What an attempt is about; None for one that is not ours. Answers or raises within three seconds."""
        return within(REPLY_SECONDS, lambda: self._read(lambda on: replies.appointment(on, attempt)))

    def passed(self, attempt: str) -> None:
        """Somebody said by key that the call is for them."""
        within(REPLY_SECONDS, lambda: self._write(lambda on, now: settling.passed(on, now, attempt)))

    def reply(self, attempt: str, reply: Reply) -> bool:
        """Keeps a reply; committed when this returns. False for an attempt that is not ours."""

        def keep() -> bool:
            number_hash = self._read(lambda on: replies.number_of(on, attempt))
            if number_hash is None or reply not in (Reply.STOP, Reply.WRONG_NUMBER):
                return self._write(lambda on, now: replies.save(on, now, attempt, reply))
            with self.locks.held(Locks.of_number(number_hash), NUMBER_PATIENCE):
                return self._write(lambda on, now: replies.save(on, now, attempt, reply))

        return within(REPLY_SECONDS, keep)

    def for_machine(self, attempt: str) -> tuple[str, str] | None:
        """Language and topic of an attempt whose machine may be left its message: once a reminder, and nobody pressed
        a key."""
        return self._read(lambda on: replies.for_machine(on, attempt))

    def prepared(self, attempt: str, clip: int, of: int) -> None:
        """A clip of the preparation was played to its end."""
        within(REPLY_SECONDS, lambda: self._write(lambda on, now: replies.prepared(on, now, attempt, clip, of)))

    # --- Opt-outs ----------------------------------------------------------------------------------------------------

    def opt_out(self, number: str, how: str, by: str, *, patience: float = REPLY_SECONDS) -> bool:
        """Enters an opt-out for a number (E.164); False where it was there. No call to it leaves after this returns.

        Raises StoreError where that takes longer than `patience` seconds: a caller may be waiting.
        """
        number_hash = self._secrets.hash_number(number)

        def keep() -> bool:
            with self.locks.held(Locks.of_number(number_hash), NUMBER_PATIENCE):
                return self._write(lambda on, now: self._opted_out(on, now, number, how, by))

        return within(patience, keep)

    def _opted_out(self, on: Connection, now: datetime, number: str, how: str, by: str) -> bool:
        new = replies.opt_out(on, now, self._secrets.hash_number(number), self._secrets.encrypt_number(number), how, by)
        if how in ("staff", "list"):
            audit(on, now, by, "opt-out entered", f"opt-out by {how}")
        return new

    def opt_back_in(self, number: str, by: str) -> bool:
        """Takes an opt-out back, because the person asked for it; False where there is none."""

        def work(on: Connection, now: datetime) -> bool:
            audit(on, now, by, "opt-out taken back", "opt-out")
            return replies.opt_back_in(on, self._secrets.hash_number(number))

        return self._write(work)

    def opt_outs(self, by: str) -> Sequence[OptOut]:
        """Every opt-out with its number; that `by` has seen them goes into the audit trail."""

        def work(on: Connection, now: datetime) -> list[OptOut]:
            audit(on, now, by, "opt-outs seen", "opt-outs")
            return list(replies.opt_outs(on, self._secrets, with_numbers=True))

        return self._write(work)

    def is_out(self, number: str) -> bool:
        """Whether a number is not to be called."""
        return self._read(lambda on: replies.is_out(on, self._secrets.hash_number(number)))

    # --- Campaigns ---------------------------------------------------------------------------------------------------

    def create(self, campaign: Campaign) -> Campaign:
        """Makes a campaign, as a draft. Raises StoreError where its name is taken."""
        self._write(lambda on, now: campaigns.create(on, now, campaign))
        return self.campaign(campaign.name)

    def campaign(self, name: str) -> Campaign:
        """The campaign of that name. Raises StoreError."""
        return self._read(lambda on: campaigns.find(on, name))

    def campaigns(self) -> Sequence[Campaign]:
        """Every campaign, the newest first."""
        return self._read(campaigns.listed)

    def start(self, name: str, by: str, judge: StartJudge) -> Campaign:
        """Starts a draft in which `judge` finds no fault. Raises CampaignError with the faults, or StoreError."""
        return self._write(lambda on, now: campaigns.start(on, now, name, by, judge))

    def resume(self, name: str, by: str, judge: StartJudge) -> Campaign:
        """Goes on with a paused campaign in which `judge` finds no fault. Raises CampaignError with the faults, or
        StoreError."""
        return self._write(lambda on, now: campaigns.resume(on, now, name, by, judge))

    def pause(self, name: str, by: str) -> Campaign:
        """Holds a running campaign. Raises StoreError."""
        return self._write(lambda on, now: campaigns.pause(on, now, name, by))

    def stop(self, name: str, by: str) -> Campaign:
        """Ends a campaign for good; what waits in it is cancelled. Raises StoreError."""
        return self._write(lambda on, now: campaigns.stop(on, now, name, by))

    def discard(self, name: str, by: str) -> None:
        """Takes away a draft from which nobody was called, with its list. Raises StoreError."""
        self._write(lambda on, now: discarding.discard(on, now, name, by))

    def enrol(self, campaign: Campaign, bookings: Iterable[Booking], by: str) -> Iterator[Enrolled]:
        """Keeps bookings some hundred at a time, each in a transaction; yields what each did."""
        subject = f"campaign {campaign.id}"
        self._write(lambda on, now: audit(on, now, by, "appointments uploaded", subject))
        source = iter(bookings)
        while chunk := list(islice(source, CHUNK)):
            yield self._write(
                lambda on, now, rows=chunk: campaigns.enrol(  # type: ignore[misc]
                    on, self._secrets, now, campaign.id, rows, by, new_id
                )
            )

    # --- The dialer's ------------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """The moment by the database's clock."""
        return self._read(self._clock)

    def claim(self, worker: str, most: int, lease: timedelta) -> Sequence[tuple[str, str]]:
        """Takes due attempts, each with its number's hash."""
        return self._write(lambda on, now: queue.claim(on, now, worker, most, lease))

    def intend(
        self, attempt: str, worker: str, judge: Judge, pace: tuple[str, float], lease: timedelta
    ) -> Order | Wait | Held:
        """Decides about a claimed attempt, right before its request."""
        decrypt = self._secrets.decrypt_number
        return self._write(lambda on, _: queue.intend(on, self._clock, attempt, worker, judge, decrypt, pace, lease))

    def sent(self, attempt: str, sid: str) -> None:
        """The network took the call."""
        self._write(lambda on, now: queue.sent(on, now, attempt, sid))

    def not_sent(self, attempt: str, worker: str, after: timedelta) -> None:
        """It is certain that no call left."""
        self._write(lambda on, now: queue.not_sent(on, attempt, worker, now + after))

    def refused(self, attempt: str, why: str) -> None:
        """The network refused for good."""
        self._write(lambda on, now: queue.refused(on, now, attempt, why))

    def report(self, report: Report, next_try: NextTry) -> bool:
        """Takes a report of the network; False where it changed nothing."""
        return self._write(lambda on, now: settling.take(on, now, report, next_try, new_id))

    def requeue_unsent(self) -> int:
        """Attempts claimed and never decided are free again."""
        return self._write(queue.requeue_unsent)

    def doubtful(self, grace: timedelta) -> Sequence[Doubtful]:
        """Attempts decided, of which nobody knows whether the call left, `grace` after their lease."""
        return self._write(lambda on, now: queue.doubtful(on, now - grace))

    def number_of(self, one: Doubtful) -> str:
        """The number of a doubtful attempt, E.164."""
        return self._secrets.decrypt_number(one.number_encrypted)

    def known_sids(self, sids: Sequence[str]) -> frozenset[str]:
        """Those that are an attempt's already."""
        return self._read(lambda on: queue.known_sids(on, sids))

    def adopt(self, attempt: str, sid: str) -> None:
        """The call did leave: it is this one."""
        self._write(lambda on, now: queue.adopt(on, now, attempt, sid))

    def not_found(self, one: Doubtful, again: timedelta, searches: int) -> str:
        """It is not on the network's list: "waits" for another search, or "requeued" after the last."""
        return self._write(lambda on, now: queue.not_found(on, now, one, again, searches))

    def review(self, attempt: str, why: str) -> None:
        """A person has to look; it is never dialed again by itself."""
        self._write(lambda on, now: queue.review(on, now, attempt, why))

    def overdue(self, silence: timedelta) -> Sequence[tuple[str, str]]:
        """Calls (attempt, sid) that nothing was heard of for so long."""
        return self._write(lambda on, now: queue.overdue(on, now - silence))

    # --- Results -----------------------------------------------------------------------------------------------------

    def attempt_counts(self, campaign: Campaign) -> Mapping[str, int]:
        """How many attempts are in each state."""
        return self._look(lambda on: results.attempt_counts(on, campaign.id))

    def next_due(self, campaign: Campaign) -> datetime | None:
        """When the next queued attempt falls due."""
        return self._look(lambda on: results.next_due(on, campaign.id))

    def enlisted(self, campaign: Campaign) -> Sequence[Enlisted]:
        """Who is in it, by language."""
        return self._look(lambda on: results.enlisted(on, campaign.id))

    def is_enrolled(self, campaign: Campaign, booking: Booking) -> bool:
        """Whether an earlier upload has brought this booking's recipient."""
        key = campaigns.key_of(self._secrets, booking)
        return self._look(lambda on: results.is_enrolled(on, campaign.id, key))

    def calls_since(self, campaign: Campaign, span: timedelta) -> int:
        """How many calls were made in the last so long."""
        return self._look(lambda on: results.calls_since(on, campaign.id, self._clock(on) - span))

    def appointments(self, campaign: Campaign) -> Sequence[tuple[str, datetime]]:
        """The language and the moment (UTC) of every appointment that may still be told, each once."""
        return self._look(lambda on: results.appointments(on, campaign.id))

    def funnel(self, campaign: Campaign) -> Sequence[Funnel]:
        """The funnel of each language."""
        return self._look(lambda on: results.funnel(on, campaign.id))

    def patients(self, campaign: Campaign, by: str) -> Sequence[PatientResult]:
        """A row for each recipient, in the clear."""
        return self._write(lambda on, now: list(results.patients(on, self._secrets, now, campaign.id, by)))

    def tasks(self, campaign: Campaign | None, by: str) -> Sequence[Task]:
        """What is still to be done."""
        which = campaign.id if campaign else None
        return self._write(lambda on, now: results.tasks(on, self._secrets, now, which, by))

    def unheard(self, campaign: Campaign, near: timedelta, by: str) -> Sequence[Task]:
        """Recipients whose procedure is near and who have not heard how to prepare."""
        return self._write(lambda on, now: results.unheard(on, self._secrets, now, campaign.id, now + near, by))

    def close_task(self, task: int, by: str) -> None:
        """Marks a task as done. Raises StoreError."""
        self._write(lambda on, now: results.close_task(on, now, task, by))

    # --- Transactions ------------------------------------------------------------------------------------------------

    def _read(self, work: Callable[[Connection], _Answer]) -> _Answer:
        with _transaction(self._engines.reads) as connection:
            return work(connection)

    def _look(self, work: Callable[[Connection], _Answer]) -> _Answer:
        with _transaction(self._engines.pages) as connection:
            return work(connection)

    def _write(self, work: Callable[[Connection, datetime], _Answer]) -> _Answer:
        with _transaction(self._engines.chores) as connection:
            _not_for_ever(connection)
            return work(connection, self._clock(connection))


def _not_for_ever(connection: Connection) -> None:
    """A process that is paused in a transaction holds its rows, and the pacer's, only for so long."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = {int(PAUSE_SECONDS * 1000)}")


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    with in_words(), engine.begin() as connection:
        yield connection
