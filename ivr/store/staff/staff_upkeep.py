"""What keeps the database in order: the purge, and numbers encrypted again under a new key."""

import time
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from ivr.errors import StoreError
from ivr.store.calls import call_records
from ivr.store.secrets import SecretError, Secrets
from ivr.store.staff import call_backs, upkeep
from ivr.store.transactions import Transactions
from ivr.store.writing import OPERATOR, audit

_PIECE = 1000
_PAUSE_SECONDS = 0.05


class StaffUpkeep:
    """The chores of the database. Every method raises StoreError where it cannot."""

    def __init__(self, transactions: Transactions, secrets: Secrets, now: Callable[[], datetime]) -> None:
        self._transactions, self._secrets, self._now = transactions, secrets, now

    def forget(self, before: datetime, *, by: str = OPERATOR) -> int:
        """Purge the calls that began before a moment, with all that was heard in them; returns how many.

        Call-back requests that are done go with them, and so do the languages of callers who have not called since,
        and reminders of appointments before that moment. Requests that are open stay, and so do consents, opt-outs
        and the audit trail.
        """
        calls = self._purge_in_pieces(lambda on: call_records.forget_calls(on, before, _PIECE))
        past = min(before, upkeep.find_latest_purge(self._now()))
        reminders = self._purge_in_pieces(lambda on: upkeep.forget_recipients(on, past, _PIECE))

        def purge_rest(connection: Connection) -> None:
            now = self._now()
            call_records.forget_languages(connection, before)
            call_backs.forget_call_backs(connection, before)
            audit(connection, now, by, "calls purged", f"{calls} calls before {before.date()}")
            if reminders:
                audit(connection, now, by, "reminders purged", f"{reminders} appointments before {past.date()}")

        self._transactions.run_chore(purge_rest)
        return calls

    def _purge_in_pieces(self, purge: Callable[[Connection], int]) -> int:
        # In pieces, with a pause after each: SQLite has one writer, and a caller may be waiting to be it.
        forgotten = 0
        while True:
            piece = self._transactions.run_chore(purge)
            forgotten += piece
            if piece < _PIECE:
                return forgotten
            time.sleep(_PAUSE_SECONDS)

    def rotate(self, *, by: str = OPERATOR) -> int:
        """Encrypt every number again with the first key; returns how many. Raises StoreError, changing nothing."""

        def encrypt_again(connection: Connection) -> int:
            requests = call_backs.rotate_call_backs(connection, self._secrets)
            reminders = self._rotate_reminders(connection)
            subject = f"{requests} call-backs" + (f", {reminders} reminders" if reminders else "")
            audit(connection, self._now(), by, "numbers encrypted again", subject)
            return requests + reminders

        return self._transactions.run_chore(encrypt_again)

    def _rotate_reminders(self, connection: Connection) -> int:
        try:
            return upkeep.rotate_reminders(connection, self._secrets)
        except SecretError as error:
            words = "Numbers of reminders or opt-outs need a key that is no longer in the settings: add it again."
            raise StoreError(words, permanent=True) from error
