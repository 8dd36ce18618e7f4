"""What became of the request to place a call: it was sent, certainly not sent, refused, or nobody can tell.

Rule kept here: only an attempt of which it is certain that no call left goes back to the queue by itself; where nobody
can tell, a person has to look.
"""

from datetime import datetime

from sqlalchemy import Connection, select, update

from ivr.store.campaigns.tasks import add_task
from ivr.store.reminder_schema import AttemptRow

_A = AttemptRow


def mark_sent(connection: Connection, now: datetime, attempt: str, sid: str) -> None:
    """The network took the call. A report about it may have come first, and then has said more."""
    placed = {"state": "placed", "sid": sid, "placed_at": now, "claimed_by": None, "lease_until": None}
    connection.execute(update(_A).where(_A.id == attempt, _A.state == "dialing").values(**placed))
    connection.execute(update(_A).where(_A.id == attempt, _A.sid.is_(None)).values(sid=sid))
    if connection.scalar(select(_A.sid).where(_A.id == attempt)) not in (sid, None):
        review_two_calls(connection, now, attempt)


def put_back_unsent(connection: Connection, attempt: str, worker: str, due_at: datetime) -> None:
    """It is certain that no call left: the attempt is free again, and counts for nothing."""
    free = {"state": "queued", "claimed_by": None, "lease_until": None, "due_at": due_at, "dialing_at": None}
    mine = (_A.id == attempt, _A.state == "dialing", _A.claimed_by == worker)
    connection.execute(update(_A).where(*mine).values(**free))


def mark_refused(connection: Connection, now: datetime, attempt: str, why: str) -> None:
    """The network refused the number for good."""
    ended = {"state": "failed", "why": why, "ended_at": now, "claimed_by": None, "lease_until": None}
    connection.execute(update(_A).where(_A.id == attempt, _A.state == "dialing").values(**ended))


def send_to_review(connection: Connection, now: datetime, attempt: str, why: str) -> None:
    """Nobody can tell: a person has to look. It is never dialed again by itself."""
    ended = {"state": "needs_review", "why": why, "ended_at": now, "claimed_by": None, "lease_until": None}
    done = connection.execute(update(_A).where(_A.id == attempt, _A.state.in_(("dialing", "placed"))).values(**ended))
    if done.rowcount:
        add_task(connection, now, attempt, "needs_review", why)


def review_two_calls(connection: Connection, now: datetime, attempt: str) -> None:
    """A call of an attempt that has another one: a person has to look, however the first one ends."""
    words = "two calls left for one attempt"
    send_to_review(connection, now, attempt, words)
    add_task(connection, now, attempt, "needs_review", words)
