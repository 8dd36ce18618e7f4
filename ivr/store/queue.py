"""The queue of attempts, as transactions: claim, intent, sent, settled, and what becomes of those that got stuck.

Rules kept here: an attempt is dialed once (an intent is committed before the request, by the worker that holds the
claim, and only once); nothing leaves that must not (campaign running, appointment standing, consent there, no opt-out,
`judge` says so, the pacer grants a slot), decided in the one transaction right before the request.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Connection, Row, select, update

from ivr.store.database_clock import DatabaseClock
from ivr.store.reminder_schema import AttemptRow, CampaignRow, ConsentRow, OptOutRow, PacerRow, RecipientRow, TaskRow
from ivr.store.writing import insert as insert_or

HISTORY = timedelta(days=8)
"""How far back the caps look: seven days, and the whole of the first one."""
SLACK = 0.02
"""Seconds that a slot may be taken late without moving the beat, so that a limit is also reached. A pace of `share` of
a limit never gives more slots in a second than the limit as long as (1 + SLACK) * share is 1 at most."""

STOPPED = "the campaign was stopped"

_A, _R, _C = AttemptRow, RecipientRow, CampaignRow


@dataclass(frozen=True)
class Order:
    """One call to be made: everything that the request needs. `number` and `caller` are E.164."""

    attempt: str
    number: str
    number_hash: str
    caller: str
    language: str
    topic: str


@dataclass(frozen=True)
class Evidence:
    """What a rule needs to know about an attempt at this moment. `history` are the moments of other calls to this
    number within eight days, over all campaigns; `zones` are IANA names."""

    now: datetime
    until: datetime
    number: str
    zones: tuple[str, ...]
    history: tuple[datetime, ...]


@dataclass(frozen=True)
class Later:
    """Not now: the earliest moment at which it may be."""

    at: datetime


@dataclass(frozen=True)
class Never:
    """Not at all: the state in which the attempt ends, and why, in words."""

    state: str
    why: str


Judge = Callable[[Evidence], Later | Never | None]
"""Says None where the call may leave now."""


class Held(StrEnum):
    """Why an intent was not granted."""

    LOST = "lost"
    """The attempt is not this worker's any more."""
    PUT_BACK = "put back"
    ENDED = "ended"


@dataclass(frozen=True)
class Wait:
    """The pacer has no slot yet: seconds until it may."""

    seconds: float


def claim(connection: Connection, now: datetime, worker: str, most: int, lease: timedelta) -> Sequence[tuple[str, str]]:
    """Takes up to `most` due attempts of running campaigns, each with its number's hash; nobody else gets them while
    the lease lasts."""
    running = connection.scalars(select(_C.id).where(_C.state == "running").order_by(_C.id)).all()
    taken: list[tuple[str, str]] = []
    for campaign in running:
        if len(taken) < most:
            due = select(_A.id, _A.number_hash).where(
                _A.campaign_id == campaign, _A.state == "queued", _A.due_at <= now
            )
            due = due.order_by(_A.due_at).limit(most - len(taken)).with_for_update(skip_locked=True)
            taken += [(row[0], row[1]) for row in connection.execute(due)]
    if taken:
        held = {"state": "claimed", "claimed_by": worker, "lease_until": now + lease}
        ids = [attempt for attempt, _ in taken]
        connection.execute(update(_A).where(_A.id.in_(ids), _A.state == "queued").values(**held))
    return taken


def intend(
    connection: Connection,
    clock: DatabaseClock,
    attempt: str,
    worker: str,
    judge: Judge,
    decrypt: Callable[[str], str],
    pace: tuple[str, float],
    lease: timedelta,
) -> Order | Wait | Held:
    """Decides about one claimed attempt, and grants it or not. `pace` is the account and its calls a second."""
    row = _standing(connection, attempt)
    now = clock(connection)
    if row is None or (row.state, row.claimed_by) != ("claimed", worker) or row.lease_until < now:
        return Held.LOST
    if ending := _ending(connection, row, now):
        return _end(connection, attempt, ending, now)
    if row.campaign_state != "running":
        return _put_back(connection, attempt, row.due_at)
    number = decrypt(row.number_encrypted)
    before = history(connection, row.number_hash, attempt, now)
    verdict = judge(Evidence(now, row.until_at, number, tuple(row.zones.split()), before))
    if isinstance(verdict, Never):
        return _end(connection, attempt, verdict, now)
    if isinstance(verdict, Later):
        if verdict.at > row.until_at:
            return _end(connection, attempt, Never("expired", "no lawful moment is left"), now)
        return _put_back(connection, attempt, verdict.at)
    slot = _paced(connection, clock, *pace)
    if isinstance(slot, Wait):
        return slot
    granted = {"state": "dialing", "dialing_at": slot, "lease_until": slot + lease}
    connection.execute(update(_A).where(_A.id == attempt).values(**granted))
    return Order(attempt, number, row.number_hash, row.caller, row.language, row.topic)


def _standing(connection: Connection, attempt: str) -> Row[Any] | None:
    columns = (
        *(_A.state, _A.claimed_by, _A.lease_until, _A.due_at, _A.until_at, _A.number_hash, _A.recipient_id),
        *(_R.number_encrypted, _R.language, _R.zones, _R.reply, _R.state.label("recipient_state")),
        *(_C.state.label("campaign_state"), _C.caller, _C.topic, _C.purpose),
    )
    joined = select(*columns).join(_R, _R.id == _A.recipient_id).join(_C, _C.id == _A.campaign_id)
    row: Any = connection.execute(joined.where(_A.id == attempt).with_for_update(of=_A)).one_or_none()
    return cast("Row[Any] | None", row)


def _ending(connection: Connection, row: Row[Any], now: datetime) -> Never | None:
    """Why this attempt must not be made at all, whatever the hour."""
    out = connection.scalar(select(OptOutRow.how).where(OptOutRow.number_hash == row.number_hash))
    if out is not None:
        return Never("opted_out", f"opted out ({out})")
    if row.campaign_state == "stopped":
        return Never("cancelled", STOPPED)
    if row.recipient_state != "active":
        return Never("cancelled", "the appointment is off")
    if row.reply in ("change", "wrong-number"):
        return Never("cancelled", f"replied: {row.reply}")
    agreed = select(ConsentRow.id).where(ConsentRow.number_hash == row.number_hash, ConsentRow.purpose == row.purpose)
    if connection.scalar(agreed.limit(1)) is None:
        return Never("cancelled", "no consent on record (C1)")
    return Never("expired", "its time is over") if now > row.until_at else None


def history(connection: Connection, number_hash: str, attempt: str, now: datetime) -> tuple[datetime, ...]:
    """When this number was called in the last days, over all campaigns, but for `attempt`."""
    dialed = select(_A.dialing_at).where(_A.number_hash == number_hash, _A.dialing_at > now - HISTORY, _A.id != attempt)
    return tuple(at for at in connection.scalars(dialed) if at is not None)


def _paced(connection: Connection, clock: DatabaseClock, account: str, a_second: float) -> Wait | datetime:
    """Takes the account's next slot, and gives its moment. A slot that is taken a little late keeps the beat."""
    interval = 1_000_000 / a_second
    empty = {"account": account, "next_at": 0}
    connection.execute(insert_or(connection, PacerRow).on_conflict_do_nothing(), empty)
    mine = select(PacerRow.next_at).where(PacerRow.account == account).with_for_update()
    next_at = connection.execute(mine).scalar_one()
    moment = clock(connection)
    now = round(moment.timestamp() * 1_000_000)
    if now < next_at:
        return Wait((next_at - now) / 1_000_000)
    beat = max(next_at, now - SLACK * 1_000_000) + interval
    connection.execute(update(PacerRow).where(PacerRow.account == account).values(next_at=round(beat)))
    return moment


def _put_back(connection: Connection, attempt: str, due_at: datetime) -> Held:
    free = {"state": "queued", "claimed_by": None, "lease_until": None, "due_at": due_at}
    connection.execute(update(_A).where(_A.id == attempt).values(**free))
    return Held.PUT_BACK


def _end(connection: Connection, attempt: str, ending: Never, now: datetime) -> Held:
    ended = {"state": ending.state, "why": ending.why, "ended_at": now, "claimed_by": None, "lease_until": None}
    connection.execute(update(_A).where(_A.id == attempt).values(**ended))
    return Held.ENDED


# --- After the request -----------------------------------------------------------------------------------------------


def sent(connection: Connection, now: datetime, attempt: str, sid: str) -> None:
    """The network took the call. A report about it may have come first, and then has said more."""
    placed = {"state": "placed", "sid": sid, "placed_at": now, "claimed_by": None, "lease_until": None}
    connection.execute(update(_A).where(_A.id == attempt, _A.state == "dialing").values(**placed))
    connection.execute(update(_A).where(_A.id == attempt, _A.sid.is_(None)).values(sid=sid))
    if connection.scalar(select(_A.sid).where(_A.id == attempt)) not in (sid, None):
        two_calls(connection, now, attempt)


def not_sent(connection: Connection, attempt: str, worker: str, due_at: datetime) -> None:
    """It is certain that no call left: the attempt is free again, and counts for nothing."""
    free = {"state": "queued", "claimed_by": None, "lease_until": None, "due_at": due_at, "dialing_at": None}
    mine = (_A.id == attempt, _A.state == "dialing", _A.claimed_by == worker)
    connection.execute(update(_A).where(*mine).values(**free))


def refused(connection: Connection, now: datetime, attempt: str, why: str) -> None:
    """The network refused the number for good."""
    ended = {"state": "failed", "why": why, "ended_at": now, "claimed_by": None, "lease_until": None}
    connection.execute(update(_A).where(_A.id == attempt, _A.state == "dialing").values(**ended))


# --- What got stuck --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Doubtful:
    """An attempt that was decided, and of which nobody knows whether the call left. `lookups` counts the searches."""

    attempt: str
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


def cancel_waiting(connection: Connection, now: datetime, campaign: int) -> None:
    """Ends what waits in a campaign that was stopped."""
    ended = {"state": "cancelled", "why": STOPPED, "ended_at": now, "claimed_by": None, "lease_until": None}
    waiting = (_A.campaign_id == campaign, _A.state.in_(("queued", "claimed")))
    connection.execute(update(_A).where(*waiting).values(**ended))


def doubtful(connection: Connection, before: datetime, most: int = 50) -> Sequence[Doubtful]:
    """Attempts whose intent is older than `before` and that nothing was heard of."""
    columns = (_A.id, _A.claimed_by, _R.number_encrypted, _C.caller, _A.dialing_at, _A.lookups)
    found = select(*columns).join(_R, _R.id == _A.recipient_id).join(_C, _C.id == _A.campaign_id)
    found = found.where(_A.state == "dialing", _A.lease_until < before).order_by(_A.lease_until).limit(most)
    rows: Sequence[Any] = connection.execute(found).all()
    return [Doubtful(*row) for row in rows]


def known_sids(connection: Connection, sids: Sequence[str]) -> frozenset[str]:
    """Those of `sids` that are an attempt's already."""
    return frozenset(found for found in connection.scalars(select(_A.sid).where(_A.sid.in_(sids))) if found)


def adopt(connection: Connection, now: datetime, attempt: str, sid: str) -> None:
    """The call did leave: it is this one."""
    sent(connection, now, attempt, sid)


def not_found(connection: Connection, now: datetime, one: Doubtful, again: timedelta, searches: int) -> str:
    """No such call is on the network's list: it is looked for again later, and after `searches` it never left."""
    same = (_A.lookups == one.lookups, _A.dialing_at == one.dialing_at)  # not another intent that came since
    mine = (_A.id == one.attempt, _A.state == "dialing", *same)
    if one.lookups + 1 < searches:
        connection.execute(update(_A).where(*mine).values(lookups=one.lookups + 1, lease_until=now + again))
        return "waits"
    free: Mapping[str, object] = {"state": "queued", "claimed_by": None, "lease_until": None, "dialing_at": None}
    done = connection.execute(update(_A).where(*mine).values(lookups=0, **free)).rowcount
    return "requeued" if done else "waits"


def review(connection: Connection, now: datetime, attempt: str, why: str) -> None:
    """Nobody can tell: a person has to look. It is never dialed again by itself."""
    ended = {"state": "needs_review", "why": why, "ended_at": now, "claimed_by": None, "lease_until": None}
    done = connection.execute(update(_A).where(_A.id == attempt, _A.state.in_(("dialing", "placed"))).values(**ended))
    if done.rowcount:
        add_task(connection, now, attempt, "needs_review", why)


def two_calls(connection: Connection, now: datetime, attempt: str) -> None:
    """A call of an attempt that has another one: a person has to look, however the first one ends."""
    words = "two calls left for one attempt"
    review(connection, now, attempt, words)
    add_task(connection, now, attempt, "needs_review", words)


def add_task(connection: Connection, now: datetime, attempt: str, kind: str, words: str) -> None:
    """Something for a person to do about the recipient of an attempt; the same kind once."""
    recipient = connection.scalar(select(_A.recipient_id).where(_A.id == attempt))
    row = {"recipient_id": recipient, "kind": kind, "at": now, "words": words}
    connection.execute(insert_or(connection, TaskRow).on_conflict_do_nothing(), row)


def overdue(connection: Connection, before: datetime, most: int = 50) -> Sequence[tuple[str, str]]:
    """Calls (attempt, sid) that left before a moment and that nothing was heard of since."""
    found = select(_A.id, _A.sid).where(_A.state == "placed", _A.placed_at < before, _A.sid.is_not(None))
    return [(row.id, row.sid) for row in connection.execute(found.order_by(_A.placed_at).limit(most))]


def enqueue(connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Puts attempts into the queue; one that is there already (same recipient, reminder and try) stays as it is."""
    if rows:
        connection.execute(insert_or(connection, AttemptRow).on_conflict_do_nothing(), list(rows))


def new_attempt(
    attempt: str,
    campaign: int,
    recipient: int,
    number_hash: str,
    which: tuple[int, int],
    when: tuple[datetime, datetime],
) -> dict[str, object]:
    """A row for the queue. `which` is the reminder (days before) and the try; `when` is due and until."""
    (days, number), (due_at, until_at) = which, when
    return {
        "id": attempt,
        "campaign_id": campaign,
        "recipient_id": recipient,
        "number_hash": number_hash,
        "days": days,
        "number": number,
        "state": "queued",
        "due_at": due_at,
        "until_at": until_at,
        "lookups": 0,
        "answered_by": "",
        "why": "",
    }
