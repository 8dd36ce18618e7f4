"""What the network reports about a call, in any order, twice, late or never: each report moves an attempt on, once.

Rules kept here: a report is written down under a unique key before it does anything; one that comes before the answer
to our request settles the attempt just as well; a report about another call than the attempt's own is a mismatch, and
a person has to look.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, delete, select, update

from ivr.store.campaigns import queue, sending
from ivr.store.campaigns.tasks import add_task
from ivr.store.reminder_schema import OPEN_STATES, AttemptRow, CallbackEventRow, RecipientRow
from ivr.store.writing import insert

ENDS = {"completed": "", "busy": "busy", "no-answer": "no_answer", "failed": "failed", "canceled": "cancelled"}
"""The network's words for how a call ended, and ours; a completed one depends on who answered."""
_A, _R = AttemptRow, RecipientRow


@dataclass(frozen=True)
class Report:
    """One report. `status` is the network's word, "" where it only tells who answered (`answered_by`, "" for unknown).

    `key` is unique to it. `seconds` is the call's length where it has ended.
    """

    key: str
    attempt: str
    sid: str
    status: str = ""
    answered_by: str = ""
    seconds: int | None = None


@dataclass(frozen=True)
class EndedCall:
    """A call that ended, as the rules need it to decide about another try. `number` counts the tries of this reminder;
    `history` are the moments of every call to this number in the last days."""

    outcome: str
    number: int
    at: datetime
    until: datetime
    zones: tuple[str, ...]
    history: tuple[datetime, ...]


NextTry = Callable[[EndedCall], datetime | None]
"""Says when the same reminder is tried again (aware UTC); None where it is not."""


def take_report(
    connection: Connection, now: datetime, report: Report, find_next_try: NextTry, make_id: Callable[[], str]
) -> bool:
    """Take one report; False where it was taken before, or tells of no attempt of ours."""
    row = _lock_attempt(connection, report.attempt)
    if row is None or not _enter_report(connection, now, report):
        return False
    if row.sid and row.sid != report.sid:
        sending.review_two_calls(connection, now, report.attempt)
        return True
    _mark_placed(connection, now, row, report)
    if report.answered_by:
        connection.execute(update(_A).where(_A.id == row.id).values(answered_by=report.answered_by))
    if report.status in ENDS:
        _settle(connection, now, row, report, find_next_try, make_id)
    elif report.answered_by and row.ended_at is not None:
        _correct_answer(connection, row, report)
    return True


def _lock_attempt(connection: Connection, attempt: str) -> Row[Any] | None:
    columns = (_A.id, _A.campaign_id, _A.recipient_id, _A.number_hash, _A.days, _A.number, _A.state, _A.sid)
    rest = (_A.until_at, _A.passed_at, _A.answered_by, _A.ended_at, _R.zones, _R.reply)
    joined = select(*columns, *rest).join(_R, _R.id == _A.recipient_id).where(_A.id == attempt)
    found: Any = connection.execute(joined.with_for_update(of=_A)).one_or_none()
    return cast("Row[Any] | None", found)


def _enter_report(connection: Connection, now: datetime, report: Report) -> bool:
    row = {"key": report.key, "attempt_id": report.attempt, "at": now}
    kept = insert(connection, CallbackEventRow).on_conflict_do_nothing().returning(CallbackEventRow.key)
    return connection.scalar(kept, row) is not None


def _mark_placed(connection: Connection, now: datetime, row: Row[Any], report: Report) -> None:
    """The call did leave, whatever we knew: an attempt that was put back is not dialed a second time, one that had
    ended is for a person to look at, and the caps count both (C5)."""
    placed = {"state": "placed", "claimed_by": None, "lease_until": None, "placed_at": now}
    if row.state in ("queued", "claimed", "dialing"):
        connection.execute(update(_A).where(_A.id == row.id).values(**placed))
    elif row.sid is None and row.state not in OPEN_STATES:
        add_task(connection, now, row.id, "needs_review", "a call left though the attempt had ended")
    connection.execute(update(_A).where(_A.id == row.id, _A.dialing_at.is_(None)).values(dialing_at=now))
    connection.execute(update(_A).where(_A.id == row.id, _A.sid.is_(None)).values(sid=report.sid))


def name_outcome(status: str, answered_by: str, *, passed_gate: bool) -> str:
    """Our word for how a call ended. A key at the gate is a person; without one, who the network does not call human
    counts as a machine (H2): it heard the neutral message."""
    if status != "completed":
        return ENDS[status]
    return "answered" if passed_gate or answered_by == "human" else "machine"


def _settle(
    connection: Connection,
    now: datetime,
    row: Row[Any],
    report: Report,
    find_next_try: NextTry,
    make_id: Callable[[], str],
) -> None:
    if row.state not in OPEN_STATES:
        return
    state = name_outcome(report.status, report.answered_by or row.answered_by, passed_gate=row.passed_at is not None)
    ended = {"state": state, "ended_at": now, "seconds": report.seconds, "why": report.status}
    connection.execute(update(_A).where(_A.id == row.id).values(**ended))
    call = EndedCall(
        outcome=state,
        number=row.number,
        at=now,
        until=row.until_at,
        zones=tuple(row.zones.split()),
        history=queue.list_history(connection, row.number_hash, "", now),
    )
    due = find_next_try(call)
    if due is not None and not row.reply:
        queue.enqueue(connection, [make_next_try(row, make_id(), due)])


def make_next_try(row: Row[Any], attempt: str, due: datetime) -> dict[str, object]:
    """Make the next try of the same reminder, as a row for the queue."""
    return queue.make_attempt(
        attempt, row.campaign_id, row.recipient_id, row.number_hash, (row.days, row.number + 1), (due, row.until_at)
    )


def _correct_answer(connection: Connection, row: Row[Any], report: Report) -> None:
    """Who answered is known only after the call ended. A person needs no other try, where a machine was given one."""
    if row.state not in ("answered", "machine") or row.passed_at is not None:
        return
    state = name_outcome("completed", report.answered_by, passed_gate=False)
    connection.execute(update(_A).where(_A.id == row.id).values(state=state))
    if state == "answered":
        same = (_A.recipient_id == row.recipient_id, _A.days == row.days, _A.number == row.number + 1)
        connection.execute(delete(_A).where(*same, _A.state.in_(("queued", "claimed"))))
