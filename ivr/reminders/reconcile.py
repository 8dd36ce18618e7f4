"""What got stuck: claims of dead dialers, calls of which nobody knows whether they left, calls nothing was heard of.

Rules kept here: never twice beats never lost, where both cannot be had. An attempt that was decided is looked for on
the network's own list of calls, and only when its dialer is dead (its lock is free: a pause does not free it) and some
time has passed. One unknown call is adopted; none, twice over, means that it never left; several need a person.
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta

from ivr.errors import NotPlacedError, Placement
from ivr.reminders.network import Network
from ivr.reminders.rules.judging import Rulebook
from ivr.store.campaigns.dialer_store import DialerStore
from ivr.store.campaigns.settling import ENDS, Report
from ivr.store.campaigns.stuck import DoubtfulAttempt

log = logging.getLogger(__name__)
SLACK = timedelta(seconds=30)
"""How far the network's clock may be off."""


def name_lock_of(name: str) -> str:
    """The name of the lock that a dialer holds while it lives."""
    return f"dialer-{name}"


@dataclass(frozen=True)
class SearchPatience:
    """How long to wait: `grace` after a lease before a search, `again` between two searches, `silence` before a call is
    asked after. After `searches` without a find, the call never left."""

    grace: timedelta = timedelta(seconds=5)
    again: timedelta = timedelta(seconds=20)
    silence: timedelta = timedelta(minutes=10)
    searches: int = 2


@dataclass
class Reconciler:
    """Searches. `own` is the lock of the dialer that does it, `under_way` are the attempts that its threads are at: a
    request that a pause has delayed may still leave."""

    store: DialerStore
    network: Network
    rules: Rulebook
    own: str
    under_way: Collection[str] = ()
    patience: SearchPatience = SearchPatience()

    def search(self) -> None:
        """Once through everything that may be stuck."""
        freed = self.store.requeue_unsent()
        if freed:
            log.info("%d claims of dialers that are gone are free again", freed)
        for doubtful in self.store.list_doubtful(self.patience.grace):
            self._look_up(doubtful.id, lambda doubtful=doubtful: self._settle_doubtful(doubtful))  # type: ignore[misc]
        for attempt, sid in self.store.list_overdue(self.patience.silence):
            self._look_up(attempt, lambda attempt=attempt, sid=sid: self._settle_overdue(attempt, sid))  # type: ignore[misc]

    def _look_up(self, attempt: str, work: Callable[[], None]) -> None:
        try:
            work()
        except NotPlacedError as error:
            log.warning("attempt %s cannot be looked up yet: %s", attempt, error)

    def _settle_doubtful(self, doubtful: DoubtfulAttempt) -> None:
        owner = name_lock_of(doubtful.worker)
        if doubtful.id in self.under_way or (owner != self.own and not self.store.locks.is_free(owner)):
            return  # it is alive, or only paused: its request may still leave
        found = self.network.find(self.store.read_number(doubtful), doubtful.caller, doubtful.dialing_at - SLACK)
        known = self.store.find_known_sids([call.sid for call in found])
        unknown = [call for call in found if call.sid not in known]
        if len(unknown) == 1:
            log.info("attempt %s: found as %s", doubtful.id, unknown[0].sid)
            self.store.adopt(doubtful.id, unknown[0].sid)
        elif unknown:
            self.store.send_to_review(doubtful.id, f"{len(unknown)} calls to this number may be this one")
        else:
            outcome = self.store.count_search(doubtful, self.patience.again, self.patience.searches)
            log.info("attempt %s: not on the network's list; it %s", doubtful.id, outcome)

    def _settle_overdue(self, attempt: str, sid: str) -> None:
        try:
            call = self.network.fetch(sid)
        except NotPlacedError as error:
            if error.placement is not Placement.REFUSED:
                raise
            self.store.send_to_review(attempt, "the network does not know this call any more")
            return
        if call.status in ENDS:
            report = Report(
                key=f"{sid}/looked-up",
                attempt=attempt,
                sid=sid,
                status=call.status,
                answered_by=call.answered_by,
                seconds=call.seconds,
            )
            self.store.take_report(report, self.rules.find_next_try)
