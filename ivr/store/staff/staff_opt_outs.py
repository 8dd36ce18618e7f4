"""Numbers that are not called any more, as staff enter, show and take them back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from ivr.store.campaigns import opt_outs
from ivr.store.campaigns.opt_outs import OptOut
from ivr.store.connections import run_within
from ivr.store.secrets import Secrets
from ivr.store.transactions import Transactions
from ivr.store.writing import audit

PATIENCE_SECONDS = 3.0
"""How long entering an opt-out may take: the person may be on another line, waiting to hear that it holds."""


class StaffOptOuts:
    """The opt-outs of all campaigns. Every method raises StoreError where it cannot."""

    def __init__(self, transactions: Transactions, secrets: Secrets) -> None:
        self._transactions, self._secrets = transactions, secrets

    def enter_opt_out(self, number: str, how: str, by: str, *, patience: float = PATIENCE_SECONDS) -> bool:
        """Enter an opt-out for a number (E.164), `how` "staff" or "list"; False where it was there. No call to it
        leaves after this returns. Raises StoreError where that takes longer than `patience` seconds."""
        enter = opt_outs.enter_under_lock
        return run_within(patience, lambda: enter(self._transactions, self._secrets, number, how, by))

    def take_back_opt_out(self, number: str, by: str) -> bool:
        """Take an opt-out back, because the person asked for it; False where there is none."""

        def take_back(connection: Connection, now: datetime) -> bool:
            audit(connection, now, by, "opt-out taken back", "opt-out")
            return opt_outs.take_back_opt_out(connection, self._secrets.hash_number(number))

        return self._transactions.decide(take_back)

    def list_opt_outs(self, by: str) -> Sequence[OptOut]:
        """Every opt-out with its number; that `by` has seen them goes into the audit trail."""

        def show(connection: Connection, now: datetime) -> list[OptOut]:
            audit(connection, now, by, "opt-outs seen", "opt-outs")
            return list(opt_outs.list_opt_outs(connection, self._secrets, with_numbers=True))

        return self._transactions.decide(show)

    def is_out(self, number: str) -> bool:
        """Whether a number (E.164) is not to be called."""
        number_hash = self._secrets.hash_number(number)
        return self._transactions.read_for_call(lambda on: opt_outs.is_out(on, number_hash))
