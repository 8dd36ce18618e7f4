"""The queue of attempts: claimed, and decided right before the request.

Rules kept here: an attempt is dialed once (an intent is committed before the request, by the worker that holds the
claim, and only once); nothing leaves that must not (campaign running, appointment standing, consent there, no opt-out,
`judge` says so, the pacer grants a slot), decided in the one transaction right before the request.
"""

import secrets as randomness
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Connection, Row, select, update

from ivr.store.database_clock import DatabaseClock
from ivr.store.reminder_schema import AttemptRow, CampaignRow, ConsentRow, OptOutRow, PacerRow, RecipientRow
from ivr.store.writing import insert as insert_or

HISTORY = timedelta(days=8)
"""How far back the caps look: seven days, and the whole of the first one."""
SLACK = 0.02
"""Seconds that a slot may be taken late without moving the beat, so that a limit is also reached. A pace of `share` of
a limit never gives more slots in a second than the limit as long as (1 + SLACK) * share is 1 at most."""

STOPPED = "the campaign was stopped"
"""Why what waited in a campaign ends with it."""

_A, _R, _C = AttemptRow, RecipientRow, CampaignRow


@dataclass(frozen=True)
class DialOrder:
    """One call to be made: everything that the request needs. `number` and `caller` are E.164."""

    attempt: str
    number: str
    number_hash: str
    caller: str
    language: str
    topic: str


@dataclass(frozen=True)
class AttemptEvidence:
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


AttemptJudge = Callable[[AttemptEvidence], Later | Never | None]
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


def make_id() -> str:
    """A fresh id for an attempt: it stands in addresses, and cannot be guessed."""
    return randomness.token_urlsafe(12)


def claim(connection: Connection, now: datetime, worker: str, most: int, lease: timedelta) -> Sequence[tuple[str, str]]:
    """Take up to `most` due attempts of running campaigns, each with its number's hash; nobody else gets them while
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
    judge: AttemptJudge,
    decrypt: Callable[[str], str],
    pace: tuple[str, float],
    lease: timedelta,
) -> DialOrder | Wait | Held:
    """Decide about a claimed attempt: grant it, or not. `pace` is the account and its calls a second."""
    row = _lock_attempt(connection, attempt)
    now = clock(connection)
    if row is None or (row.state, row.claimed_by) != ("claimed", worker) or row.lease_until < now:
        return Held.LOST
    if ending := _find_ending(connection, row, now):
        return _end(connection, attempt, ending, now)
    if row.campaign_state != "running":
        return _put_back(connection, attempt, row.due_at)
    number = decrypt(row.number_encrypted)
    earlier_calls = list_history(connection, row.number_hash, attempt, now)
    evidence = AttemptEvidence(
        now=now, until=row.until_at, number=number, zones=tuple(row.zones.split()), history=earlier_calls
    )
    verdict = judge(evidence)
    if isinstance(verdict, Never):
        return _end(connection, attempt, verdict, now)
    if isinstance(verdict, Later):
        if verdict.at > row.until_at:
            return _end(connection, attempt, Never("expired", "no lawful moment is left"), now)
        return _put_back(connection, attempt, verdict.at)
    slot = _take_slot(connection, clock, *pace)
    if isinstance(slot, Wait):
        return slot
    granted = {"state": "dialing", "dialing_at": slot, "lease_until": slot + lease}
    connection.execute(update(_A).where(_A.id == attempt).values(**granted))
    return DialOrder(
        attempt=attempt,
        number=number,
        number_hash=row.number_hash,
        caller=row.caller,
        language=row.language,
        topic=row.topic,
    )


def _lock_attempt(connection: Connection, attempt: str) -> Row[Any] | None:
    columns = (
        *(_A.state, _A.claimed_by, _A.lease_until, _A.due_at, _A.until_at, _A.number_hash, _A.recipient_id),
        *(_R.number_encrypted, _R.language, _R.zones, _R.reply, _R.state.label("recipient_state")),
        *(_C.state.label("campaign_state"), _C.caller, _C.topic, _C.purpose),
    )
    joined = select(*columns).join(_R, _R.id == _A.recipient_id).join(_C, _C.id == _A.campaign_id)
    row: Any = connection.execute(joined.where(_A.id == attempt).with_for_update(of=_A)).one_or_none()
    return cast("Row[Any] | None", row)


def _find_ending(connection: Connection, row: Row[Any], now: datetime) -> Never | None:
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


def list_history(connection: Connection, number_hash: str, attempt: str, now: datetime) -> tuple[datetime, ...]:
    """The moments at which this number was called in the last days, over all campaigns, but for `attempt`."""
    dialed = select(_A.dialing_at).where(_A.number_hash == number_hash, _A.dialing_at > now - HISTORY, _A.id != attempt)
    return tuple(at for at in connection.scalars(dialed) if at is not None)


def _take_slot(connection: Connection, clock: DatabaseClock, account: str, a_second: float) -> Wait | datetime:
    """Take the account's next slot, and give its moment. A slot that is taken a little late keeps the beat."""
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


# --- What waits -------------------------------------------------------------------------------------------------------


def cancel_waiting(connection: Connection, now: datetime, campaign: int) -> None:
    """End what waits in a campaign that was stopped."""
    ended = {"state": "cancelled", "why": STOPPED, "ended_at": now, "claimed_by": None, "lease_until": None}
    waiting = (_A.campaign_id == campaign, _A.state.in_(("queued", "claimed")))
    connection.execute(update(_A).where(*waiting).values(**ended))


def enqueue(connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Put attempts into the queue; one that is there already (same recipient, reminder and try) stays as it is."""
    if rows:
        connection.execute(insert_or(connection, AttemptRow).on_conflict_do_nothing(), list(rows))


def make_attempt(
    attempt: str,
    campaign: int,
    recipient: int,
    number_hash: str,
    which: tuple[int, int],
    when: tuple[datetime, datetime],
) -> dict[str, object]:
    """Make a row for the queue. `which` is the reminder (days before) and the try; `when` is due and until."""
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
