"""The door of the line: what a call waits for, and what it leaves behind.

Rules kept here: what a caller waits for ends in time, whatever the database does; what a caller was told is kept
(a call-back, a reply, an opt-out) is committed when its method returns. What only counts (`write_events`) is written
behind the caller's back, by `EventWriter`.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from ivr.line.events import CallBackRequest, CallEvent, LastCall
from ivr.line.nodes import Reply, WrongAnswer
from ivr.store.calls import call_records, replies
from ivr.store.calls.replies import Appointment
from ivr.store.campaigns import opt_outs, settling
from ivr.store.campaigns.queue import make_id
from ivr.store.campaigns.settling import NextTry, Report
from ivr.store.connections import Breaker, run_within
from ivr.store.locks import NUMBER_PATIENCE, Locks
from ivr.store.secrets import Secrets
from ivr.store.transactions import Transactions

READING_SECONDS = 1.0
"""How long a call's first words may wait for the language that is offered first."""
KEEPING_SECONDS = 3.0
"""How long a caller may wait to hear that something is kept. More than `WRITES` waits, so that a lock ends in order;
far less than the 15 s after which the network gives up on us."""

_Answer = TypeVar("_Answer")


class LineStore:
    """What a call on the line asks of the database. Every method raises StoreError where it cannot."""

    def __init__(
        self, transactions: Transactions, secrets: Secrets, breaker: Breaker, *, remember_language: bool
    ) -> None:
        """With `remember_language` false, no caller's language is kept."""
        self._transactions, self._secrets, self._breaker = transactions, secrets, breaker
        self._remember_language = remember_language

    # --- A call that comes in ----------------------------------------------------------------------------------------

    def find_last_call(self, caller_hash: str) -> LastCall | None:
        """The language this caller chose last, and the choices that they heard; None if never.

        Answers or raises StoreError within a second or so.
        After a failure it raises at once for 30 s, so that a database in trouble delays one call, not every call.
        """
        if not caller_hash:
            return None
        with self._breaker.guard():
            read = self._transactions.read_for_call
            return run_within(READING_SECONDS, lambda: read(lambda on: call_records.find_last_call(on, caller_hash)))

    def save_call_back(self, request: CallBackRequest) -> None:
        """Keep a request: it is committed when this returns. The same request again changes nothing.

        Raises StoreError within about three seconds otherwise; it may then still be stored, which does no harm.
        """
        write = self._transactions.write_for_call
        run_within(KEEPING_SECONDS, lambda: write(lambda on: call_records.save_call_back(on, self._secrets, request)))

    def write_events(self, events: Sequence[CallEvent]) -> None:
        """Write events in one transaction. They may be repeated, late, and in any order; the rows come out the same."""
        if events:
            remember = self._remember_language
            self._transactions.write_for_call(
                lambda on: call_records.write_events(on, events, remember_language=remember)
            )

    # --- A reminder call ---------------------------------------------------------------------------------------------

    def find_appointment(self, attempt: str) -> Appointment | None:
        """What an attempt is about; None for one that is not ours. Answers or raises within three seconds."""
        read = self._transactions.read_for_call
        return run_within(KEEPING_SECONDS, lambda: read(lambda on: replies.find_appointment(on, attempt)))

    def mark_gate_passed(self, attempt: str) -> None:
        """Somebody said by key that the call is for them."""
        self._decide_soon(lambda on, now: replies.mark_gate_passed(on, now, attempt))

    def keep_reply(self, attempt: str, reply: Reply | WrongAnswer) -> bool:
        """Keep a reply; committed when this returns. False for an attempt that is not ours."""

        def save() -> bool:
            return self._transactions.decide(lambda on, now: replies.save_reply(on, now, attempt, reply))

        def keep() -> bool:
            number_hash = self._transactions.read_for_call(lambda on: replies.find_number_hash(on, attempt))
            if number_hash is None or reply not in (Reply.STOP, Reply.WRONG_NUMBER):
                return save()
            with self._transactions.locks.hold(Locks.name_for_number(number_hash), NUMBER_PATIENCE):
                return save()

        return run_within(KEEPING_SECONDS, keep)

    def keep_preparation_heard(self, attempt: str, clip: int, of: int) -> None:
        """Clip `clip` of the `of` clips about the preparation was played to its end."""
        self._decide_soon(lambda on, now: replies.keep_preparation_heard(on, now, attempt, clip, of))

    def find_machine_message(self, attempt: str) -> tuple[str, str] | None:
        """Language and topic of an attempt whose machine may be left its message: once a reminder, and nobody pressed
        a key."""
        return self._transactions.read_for_call(lambda on: replies.find_machine_message(on, attempt))

    def enter_opt_out(self, number: str) -> bool:
        """Enter an opt-out that the called person makes by key, for a number (E.164); False where it was there. No call
        to it leaves after this returns. Raises StoreError where that takes more than three seconds."""
        enter = opt_outs.enter_under_lock
        return run_within(
            KEEPING_SECONDS, lambda: enter(self._transactions, self._secrets, number, "key", opt_outs.BY_THE_CALLED)
        )

    def take_report(self, report: Report, find_next_try: NextTry) -> bool:
        """Take a report of the network about a call; False where it changed nothing."""
        return self._transactions.decide(lambda on, now: settling.take_report(on, now, report, find_next_try, make_id))

    def _decide_soon(self, work: Callable[[Connection, datetime], _Answer]) -> _Answer:
        return run_within(KEEPING_SECONDS, lambda: self._transactions.decide(work))
