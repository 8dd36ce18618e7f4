"""What became of campaigns, as staff see it: counts, a row for each patient, and what is to be done."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from ivr.store.campaigns import patients, results, tasks
from ivr.store.campaigns.campaigns import Campaign
from ivr.store.campaigns.patients import PatientResult, StaffTask
from ivr.store.campaigns.results import Funnel
from ivr.store.secrets import Secrets
from ivr.store.transactions import Transactions


class StaffResults:
    """The results of campaigns. Every method raises StoreError where it cannot."""

    def __init__(self, transactions: Transactions, secrets: Secrets) -> None:
        self._transactions, self._secrets = transactions, secrets

    def count_attempts(self, campaign: Campaign) -> Mapping[str, int]:
        """How many attempts are in each state."""
        return self._transactions.read_page(lambda on: results.count_attempts(on, campaign.id))

    def find_next_due(self, campaign: Campaign) -> datetime | None:
        """When the next queued attempt falls due (aware UTC)."""
        return self._transactions.read_page(lambda on: results.find_next_due(on, campaign.id))

    def count_calls_since(self, campaign: Campaign, span: timedelta) -> int:
        """How many calls were made in the last so long."""
        clock = self._transactions.clock
        return self._transactions.read_page(lambda on: results.count_calls_since(on, campaign.id, clock(on) - span))

    def count_funnel(self, campaign: Campaign) -> Sequence[Funnel]:
        """The funnel of each language."""
        return self._transactions.read_page(lambda on: results.count_funnel(on, campaign.id))

    def list_patients(self, campaign: Campaign, by: str) -> Sequence[PatientResult]:
        """A row for each recipient, in the clear; that `by` has seen them goes into the audit trail."""
        return self._transactions.decide(
            lambda on, now: list(patients.list_patients(on, self._secrets, now, campaign.id, by))
        )

    def list_tasks(self, campaign: Campaign | None, by: str) -> Sequence[StaffTask]:
        """What is still to be done, in one campaign or in all; that `by` has seen it goes into the audit trail."""
        which = campaign.id if campaign else None
        return self._transactions.decide(lambda on, now: patients.list_tasks(on, self._secrets, now, which, by))

    def list_unprepared(self, campaign: Campaign, near: timedelta, by: str) -> Sequence[StaffTask]:
        """Recipients whose procedure is `near` and who have not heard how to prepare."""
        return self._transactions.decide(
            lambda on, now: patients.list_unprepared(on, self._secrets, now, campaign.id, now + near, by)
        )

    def close_task(self, task: int, by: str) -> None:
        """Mark a task as done. Raises StoreError where no open task has this id."""
        self._transactions.decide(lambda on, now: tasks.close_task(on, now, task, by))
