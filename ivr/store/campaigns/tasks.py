"""What a person at the clinic has to do about a recipient: entered by the line and the dialer, closed by staff."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from ivr.errors import StoreError
from ivr.store.reminder_schema import AttemptRow, RecipientRow, TaskRow
from ivr.store.writing import audit
from ivr.store.writing import insert as insert_or

_A, _R, _T = AttemptRow, RecipientRow, TaskRow
NEAR = timedelta(days=7)
"""How long before an appointment an opt-out becomes a task."""


def add_task(connection: Connection, now: datetime, attempt: str, kind: str, words: str) -> None:
    """Enter something to do about the recipient of an attempt, of one of `TASK_KINDS`; the same kind once."""
    recipient = connection.scalar(select(_A.recipient_id).where(_A.id == attempt))
    row = {"recipient_id": recipient, "kind": kind, "at": now, "words": words}
    connection.execute(insert_or(connection, TaskRow).on_conflict_do_nothing(), row)


def add_near_tasks(connection: Connection, now: datetime, number_hash: str) -> None:
    """Enter that staff should call by hand whoever stopped the calls to a number shortly before an appointment: the law
    lets a key end them at once, and a key can be pressed by mistake."""
    soon = _R.appointment_at.between(now, now + NEAR)
    known = select(_T.recipient_id).where(_T.kind == "wrong_number", _T.closed_at.is_(None))
    theirs = (_R.number_hash == number_hash, _R.state == "active", soon, _R.id.not_in(known))
    found = connection.scalars(select(_R.id).where(*theirs))
    words = "no more calls go out, and the appointment is near: reach them by hand"
    rows = [{"recipient_id": recipient, "kind": "near", "at": now, "words": words} for recipient in found]
    if rows:
        connection.execute(insert_or(connection, TaskRow).on_conflict_do_nothing(), rows)


def close_task(connection: Connection, now: datetime, task: int, by: str) -> None:
    """Mark a task as done. Raises StoreError where no open task has this id."""
    done = update(_T).where(_T.id == task, _T.closed_at.is_(None)).values(closed_at=now, closed_by=by)
    if not connection.execute(done).rowcount:
        raise StoreError(f"There is no open task {task}.", permanent=True)
    audit(connection, now, by, "task done", f"task {task}")
