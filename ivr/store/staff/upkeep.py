"""What is kept how long, and under which key: purged by day (45 CFR 164.530(j)), and encrypted again.

Consents and opt-outs are never purged here: they are kept for six years, and an opt-out for as long as the line lives.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from ivr.store.campaigns.queue import HISTORY
from ivr.store.reminder_schema import AttemptRow, CallbackEventRow, OptOutRow, RecipientRow, TaskRow
from ivr.store.secrets import Secrets

_R, _A = RecipientRow, AttemptRow
_HIDDEN = ("number_encrypted", "name_encrypted", "reference_encrypted")


def find_latest_purge(now: datetime) -> datetime:
    """Appointments after this moment are not purged: their calls still count for the caps (rule C5)."""
    return now - HISTORY - timedelta(days=1)


def forget_recipients(connection: Connection, before: datetime, limit: int) -> int:
    """Delete up to `limit` recipients whose appointment was before a moment, with all that was done about them."""
    old = connection.scalars(select(_R.id).where(_R.appointment_at < before).limit(limit)).all()
    if old:
        attempts = select(_A.id).where(_A.recipient_id.in_(old))
        connection.execute(delete(CallbackEventRow).where(CallbackEventRow.attempt_id.in_(attempts)))
        connection.execute(delete(TaskRow).where(TaskRow.recipient_id.in_(old)))
        connection.execute(delete(AttemptRow).where(_A.recipient_id.in_(old)))
        connection.execute(delete(RecipientRow).where(_R.id.in_(old)))
    return len(old)


def rotate_reminders(connection: Connection, secrets: Secrets) -> int:
    """Encrypt every number, name and id again with the first key; returns how many rows. Raises SecretError."""
    columns = [getattr(_R, name) for name in _HIDDEN]
    recipients = connection.execute(select(_R.id, *columns).with_for_update()).all()
    for row in recipients:
        fresh = dict(zip(_HIDDEN, _encrypt_again(secrets, row[1:]), strict=True))
        connection.execute(update(RecipientRow).where(_R.id == row.id).values(**fresh))
    outs = connection.execute(select(OptOutRow.number_hash, OptOutRow.number_encrypted).with_for_update()).all()
    for number_hash, encrypted in outs:
        fresh = {"number_encrypted": _encrypt_again(secrets, [encrypted])[0]}
        connection.execute(update(OptOutRow).where(OptOutRow.number_hash == number_hash).values(**fresh))
    return len(recipients) + len(outs)


def _encrypt_again(secrets: Secrets, hidden: Sequence[str]) -> list[str]:
    return [secrets.encrypt_number(secrets.decrypt_number(text)) if text else "" for text in hidden]
