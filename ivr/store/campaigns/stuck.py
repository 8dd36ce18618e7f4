"""What got stuck: claims that nobody decided, intents of which nobody knows whether the call left, calls gone silent.

Rule kept here: an attempt whose call may have left is dialed again only when the network's own list, searched several
times, shows no such call.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from ivr.store.campaigns.queue import cancel_waiting
from ivr.store.reminder_schema import AttemptRow, CampaignRow, RecipientRow

_A, _R, _C = AttemptRow, RecipientRow, CampaignRow


@dataclass(frozen=True)
class DoubtfulAttempt:
    """An attempt that was decided, and of which nobody knows whether the call left. `lookups` counts the searches."""

    id: str
    worker: str
    number_encrypted: str
    caller: str
    dialing_at: datetime
    lookups: int


def requeue_unsent(connection: Connection, now: datetime) -> int:
    """Attempts that were claimed and never decided: they are free again. Returns how many. What came back to the queue
    of a campaign that was stopped meanwhile ends here."""
    free = {"state": "queued", "claimed_by": None, "lease_until": None}
    late = (_A.state == "claimed", _A.lease_until < now)
    freed = connection.execute(update(_A).where(*late).values(**free)).rowcount
    for campaign in connection.scalars(select(_C.id).where(_C.state == "stopped")).all():
        cancel_waiting(connection, now, campaign)
    return freed


def list_doubtful(connection: Connection, before: datetime, most: int = 50) -> Sequence[DoubtfulAttempt]:
    """Attempts whose intent is older than `before` and that nothing was heard of."""
    columns = (_A.id, _A.claimed_by.label("worker"), _R.number_encrypted, _C.caller, _A.dialing_at, _A.lookups)
    found = select(*columns).join(_R, _R.id == _A.recipient_id).join(_C, _C.id == _A.campaign_id)
    found = found.where(_A.state == "dialing", _A.lease_until < before).order_by(_A.lease_until).limit(most)
    rows: Sequence[Any] = connection.execute(found).mappings().all()
    return [DoubtfulAttempt(**row) for row in rows]


def find_known_sids(connection: Connection, sids: Sequence[str]) -> frozenset[str]:
    """Those of `sids` that are an attempt's already."""
    return frozenset(found for found in connection.scalars(select(_A.sid).where(_A.sid.in_(sids))) if found)


def count_search(
    connection: Connection, now: datetime, attempt: DoubtfulAttempt, again: timedelta, searches: int
) -> str:
    """No such call is on the network's list: it is looked for again later, and after `searches` it never left."""
    same = (_A.lookups == attempt.lookups, _A.dialing_at == attempt.dialing_at)  # not another intent that came since
    mine = (_A.id == attempt.id, _A.state == "dialing", *same)
    if attempt.lookups + 1 < searches:
        connection.execute(update(_A).where(*mine).values(lookups=attempt.lookups + 1, lease_until=now + again))
        return "waits"
    free: Mapping[str, object] = {"state": "queued", "claimed_by": None, "lease_until": None, "dialing_at": None}
    done = connection.execute(update(_A).where(*mine).values(lookups=0, **free)).rowcount
    return "requeued" if done else "waits"


def list_overdue(connection: Connection, before: datetime, most: int = 50) -> Sequence[tuple[str, str]]:
    """Calls (attempt, sid) that left before a moment and that nothing was heard of since."""
    found = select(_A.id, _A.sid).where(_A.state == "placed", _A.placed_at < before, _A.sid.is_not(None))
    return [(row.id, row.sid) for row in connection.execute(found.order_by(_A.placed_at).limit(most))]
