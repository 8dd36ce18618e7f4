"""The door of the dialer: attempts are claimed, decided, marked as sent or put back, and found again when they got
stuck.

Each method is one transaction, and by the database's own clock, so that several dialers agree on it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ivr.store.campaigns import campaigns, queue, results, sending, settling, stuck
from ivr.store.campaigns.campaigns import Campaign
from ivr.store.campaigns.queue import AttemptJudge, DialOrder, Held, Wait, make_id
from ivr.store.campaigns.settling import NextTry, Report
from ivr.store.campaigns.stuck import DoubtfulAttempt
from ivr.store.reminder_schema import BUSY_STATES
from ivr.store.secrets import Secrets
from ivr.store.transactions import Transactions


class DialerStore:
    """What a dialer asks of the database. Every method raises StoreError where it cannot."""

    def __init__(self, transactions: Transactions, secrets: Secrets) -> None:
        self._transactions, self._secrets = transactions, secrets
        self.locks = transactions.locks

    def read_clock(self) -> datetime:
        """The moment by the database's clock."""
        return self._transactions.read_clock()

    def has_work(self) -> bool:
        """Whether an attempt of a running campaign is due, or one of any campaign is claimed or on its way."""

        now = self.read_clock()
        return self._transactions.read_page(
            lambda on: any(_has_work(on, campaign, now) for campaign in campaigns.list_campaigns(on))
        )

    # --- Before the request ------------------------------------------------------------------------------------------

    def claim(self, worker: str, most: int, lease: timedelta) -> Sequence[tuple[str, str]]:
        """Take up to `most` due attempts, each with its number's hash; nobody else gets them within the lease."""
        return self._transactions.decide(lambda on, now: queue.claim(on, now, worker, most, lease))

    def intend(
        self, attempt: str, worker: str, judge: AttemptJudge, pace: tuple[str, float], lease: timedelta
    ) -> DialOrder | Wait | Held:
        """Decide about a claimed attempt, right before its request. `pace` is the account and its calls a second."""
        clock, decrypt = self._transactions.clock, self._secrets.decrypt_number
        return self._transactions.decide(
            lambda on, _: queue.intend(on, clock, attempt, worker, judge, decrypt, pace, lease)
        )

    # --- After the request -------------------------------------------------------------------------------------------

    def mark_sent(self, attempt: str, sid: str) -> None:
        """The network took the call."""
        self._transactions.decide(lambda on, now: sending.mark_sent(on, now, attempt, sid))

    def put_back_unsent(self, attempt: str, worker: str, after: timedelta) -> None:
        """It is certain that no call left: the attempt is due again `after` now."""
        self._transactions.decide(lambda on, now: sending.put_back_unsent(on, attempt, worker, now + after))

    def mark_refused(self, attempt: str, why: str) -> None:
        """The network refused for good."""
        self._transactions.decide(lambda on, now: sending.mark_refused(on, now, attempt, why))

    def take_report(self, report: Report, find_next_try: NextTry) -> bool:
        """Take a report of the network about a call; False where it changed nothing."""
        return self._transactions.decide(lambda on, now: settling.take_report(on, now, report, find_next_try, make_id))

    # --- What got stuck ----------------------------------------------------------------------------------------------

    def requeue_unsent(self) -> int:
        """Free the attempts that were claimed and never decided; returns how many."""
        return self._transactions.decide(stuck.requeue_unsent)

    def list_doubtful(self, grace: timedelta) -> Sequence[DoubtfulAttempt]:
        """Attempts decided, of which nobody knows whether the call left, `grace` after their lease."""
        return self._transactions.decide(lambda on, now: stuck.list_doubtful(on, now - grace))

    def read_number(self, attempt: DoubtfulAttempt) -> str:
        """The number of a doubtful attempt, E.164."""
        return self._secrets.decrypt_number(attempt.number_encrypted)

    def find_known_sids(self, sids: Sequence[str]) -> frozenset[str]:
        """Those of `sids` (the network's ids of calls) that are an attempt's already."""
        return self._transactions.read_for_call(lambda on: stuck.find_known_sids(on, sids))

    def adopt(self, attempt: str, sid: str) -> None:
        """The call did leave: it is this one."""
        self._transactions.decide(lambda on, now: sending.mark_sent(on, now, attempt, sid))

    def count_search(self, attempt: DoubtfulAttempt, again: timedelta, searches: int) -> str:
        """It is not on the network's list: "waits" for another search, or "requeued" after the last."""
        return self._transactions.decide(lambda on, now: stuck.count_search(on, now, attempt, again, searches))

    def send_to_review(self, attempt: str, why: str) -> None:
        """A person has to look; it is never dialed again by itself."""
        self._transactions.decide(lambda on, now: sending.send_to_review(on, now, attempt, why))

    def list_overdue(self, silence: timedelta) -> Sequence[tuple[str, str]]:
        """Calls (attempt, sid) that nothing was heard of for so long."""
        return self._transactions.decide(lambda on, now: stuck.list_overdue(on, now - silence))


def _has_work(connection: Connection, campaign: Campaign, now: datetime) -> bool:
    due_at = results.find_next_due(connection, campaign.id) if campaign.state == "running" else None
    counts = results.count_attempts(connection, campaign.id)
    return (due_at is not None and due_at <= now) or any(counts.get(state) for state in BUSY_STATES)
