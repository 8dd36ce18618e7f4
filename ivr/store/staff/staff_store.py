"""The door of staff: whatever a page or a command shows or changes, by subject.

Rule kept here: who changes something, or sees a number, is named in the audit trail in the same transaction
(45 CFR 164.312(b)). Whether somebody may act at all is decided before, at a desk.
"""

from collections.abc import Callable
from datetime import datetime

from ivr.store.secrets import Secrets
from ivr.store.staff.staff_accounts import StaffAccounts
from ivr.store.staff.staff_calls import StaffCalls
from ivr.store.staff.staff_campaigns import StaffCampaigns
from ivr.store.staff.staff_opt_outs import StaffOptOuts
from ivr.store.staff.staff_results import StaffResults
from ivr.store.staff.staff_upkeep import StaffUpkeep
from ivr.store.transactions import Transactions


class StaffStore:
    """What staff ask of the database, by subject. Every method of every subject raises StoreError where it cannot."""

    def __init__(self, transactions: Transactions, secrets: Secrets, now: Callable[[], datetime]) -> None:
        """`now` dates what staff do with accounts, calls and the database itself; campaigns go by its own clock."""
        self.accounts = StaffAccounts(transactions, now)
        self.calls = StaffCalls(transactions, secrets, now)
        self.campaigns = StaffCampaigns(transactions, secrets)
        self.results = StaffResults(transactions, secrets)
        self.opt_outs = StaffOptOuts(transactions, secrets)
        self.upkeep = StaffUpkeep(transactions, secrets, now)
