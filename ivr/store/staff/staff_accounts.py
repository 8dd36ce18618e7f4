"""Who may sign in, as staff and the operator see and change it."""

from collections.abc import Callable, Sequence
from datetime import datetime

from ivr.store.staff import accounts
from ivr.store.staff.accounts import StaffMember
from ivr.store.transactions import Transactions
from ivr.store.writing import OPERATOR


class StaffAccounts:
    """The members of staff and their passwords. Every method raises StoreError where it cannot."""

    def __init__(self, transactions: Transactions, now: Callable[[], datetime]) -> None:
        self._transactions, self._now = transactions, now

    def add_staff(self, name: str, password: str, *, by: str = OPERATOR) -> None:
        """Add a member of staff; a name is used once. Raises StoreError in words that can be shown."""
        self._transactions.write_for_call(lambda on: accounts.add_staff(on, name, password, by, self._now()))

    def check_staff(self, name: str, password: str) -> bool:
        """Whether this member may sign in with this password. An unknown name takes as long as a wrong password."""
        password_hash = self._transactions.read_page(lambda on: accounts.find_password_hash(on, name))
        return accounts.is_password(password_hash, password)

    def disable_staff(self, name: str, *, by: str = OPERATOR) -> None:
        """Let a member sign in no more. Raises StoreError where there is no such member."""
        self._transactions.write_for_call(lambda on: accounts.disable_staff(on, name, by, self._now()))

    def list_staff(self) -> Sequence[StaffMember]:
        """Every member there ever was, by name."""
        return self._transactions.read_page(accounts.list_staff)
