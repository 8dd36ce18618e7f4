"""Calls and requests to be called back, as staff see them and work them off."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from ivr.store.calls import call_records
from ivr.store.calls.call_records import SectionHeard, StoredCall
from ivr.store.secrets import Secrets
from ivr.store.staff import call_backs
from ivr.store.staff.call_backs import CallBack, CallBackState
from ivr.store.transactions import Transactions
from ivr.store.writing import audit


class StaffCalls:
    """The calls that were made to the line. Every method raises StoreError where it cannot."""

    def __init__(self, transactions: Transactions, secrets: Secrets, now: Callable[[], datetime]) -> None:
        self._transactions, self._secrets, self._now = transactions, secrets, now

    def list_calls(self, limit: int = 100) -> Sequence[StoredCall]:
        """The newest calls, newest first."""
        return self._transactions.read_page(lambda on: call_records.list_calls(on, limit))

    def list_sections_heard(self, call: str) -> Sequence[SectionHeard]:
        """What was heard in a call, in the order in which it was first heard."""
        return self._transactions.read_page(lambda on: call_records.list_sections_heard(on, call))

    def list_call_backs(self, state: CallBackState = "open", *, numbers_for: str | None = None) -> Sequence[CallBack]:
        """The requests in a state, the longest waiting first.

        Their numbers come only where `numbers_for` names the member of staff who will see them, and that name goes
        into the audit trail, once for each number. Raises StoreError where a number's key is missing.
        """
        if numbers_for is None:
            return self._transactions.read_page(lambda on: call_backs.list_call_backs(on, state))
        return self._transactions.write_for_call(lambda on: self._show_numbers(on, state, numbers_for))

    def _show_numbers(self, connection: Connection, state: CallBackState, by: str) -> Sequence[CallBack]:
        requests = call_backs.list_call_backs(connection, state)
        numbers = call_backs.read_numbers(connection, self._secrets, [request.id for request in requests])
        for request in requests:
            audit(connection, self._now(), by, "number seen", f"call-back {request.id}")
        return [replace(request, number=numbers[request.id]) for request in requests]

    def close_call_back(self, request: int, by: str) -> None:
        """Mark an open request as done by a member of staff. Raises StoreError where there is none."""
        self._transactions.write_for_call(lambda on: call_backs.close_call_back(on, request, by, self._now()))
