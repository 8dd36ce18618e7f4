"""What became of each patient of a campaign, and what is to be done about them, in the clear.

Rule kept here: numbers and names are decrypted only for somebody whose name goes into the audit trail with it
(45 CFR 164.312(b)).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from ivr.store.reminder_schema import AttemptRow, OptOutRow, RecipientRow, TaskRow
from ivr.store.secrets import Secrets
from ivr.store.writing import audit

_A, _R, _T = AttemptRow, RecipientRow, TaskRow


@dataclass(frozen=True)
class PatientResult:
    """One recipient, for the report. `outcome` is of the last attempt; number, name and reference are in the clear."""

    line: int
    reference: str
    name: str
    number: str
    language: str
    appointment_at: datetime
    reply: str
    attempts: int
    outcome: str
    last_at: datetime | None
    prep_clips: int
    prep_of: int
    check_wrong: str
    opted_out: bool


@dataclass(frozen=True)
class StaffTask:
    """Something for a person to do; `number` and `name` in the clear."""

    id: int
    kind: str
    words: str
    at: datetime
    language: str
    appointment_at: datetime
    number: str
    name: str
    reference: str


def list_patients(
    connection: Connection, secrets: Secrets, now: datetime, campaign: int, by: str
) -> Iterator[PatientResult]:
    """A row for each recipient, in the order of the file; that `by` has seen them goes into the audit trail."""
    audit(connection, now, by, "report seen", f"campaign {campaign}")
    tries = _count_tries(connection, campaign)
    out = frozenset(connection.scalars(select(OptOutRow.number_hash)))
    every = select(RecipientRow.__table__).where(_R.campaign_id == campaign).order_by(_R.line, _R.id)
    for row in connection.execute(every):
        count, outcome, last_at = tries.get(row.id, (0, "", None))
        yield PatientResult(
            line=row.line,
            reference=_open(secrets, row.reference_encrypted),
            name=_open(secrets, row.name_encrypted),
            number=_open(secrets, row.number_encrypted),
            language=row.language,
            appointment_at=row.appointment_at,
            reply="cancelled" if row.state == "cancelled" else row.reply,
            attempts=count,
            outcome=outcome,
            last_at=last_at,
            prep_clips=row.prep_clips,
            prep_of=row.prep_of,
            check_wrong=row.check_wrong,
            opted_out=row.number_hash in out,
        )


def _count_tries(connection: Connection, campaign: int) -> dict[int, tuple[int, str, datetime | None]]:
    """By recipient: calls made, the state of the latest attempt, and when it was dialed."""
    columns = (_A.recipient_id, _A.state, _A.dialing_at)
    order = (_A.recipient_id, _A.days.desc(), _A.number)
    found: dict[int, tuple[int, str, datetime | None]] = {}
    for recipient, state, at in connection.execute(select(*columns).where(_A.campaign_id == campaign).order_by(*order)):
        count, before, last = found.get(recipient, (0, "", None))
        waits_still = state == "queued" and before
        found[recipient] = (count + (at is not None), before if waits_still else state, at or last)
    return found


def _open(secrets: Secrets, encrypted: str) -> str:
    return secrets.decrypt_number(encrypted) if encrypted else ""


def list_tasks(
    connection: Connection, secrets: Secrets, now: datetime, campaign: int | None, by: str
) -> Sequence[StaffTask]:
    """What is still to be done, the longest waiting first; that `by` has seen it goes into the audit trail."""
    columns = (_T.id, _T.kind, _T.words, _T.at, _R.language, _R.appointment_at)
    hidden = (_R.number_encrypted, _R.name_encrypted, _R.reference_encrypted)
    query = select(*columns, *hidden).join(_R, _R.id == _T.recipient_id).where(_T.closed_at.is_(None))
    if campaign is not None:
        query = query.where(_R.campaign_id == campaign)
    found = connection.execute(query.order_by(_T.at, _T.id)).all()
    audit(connection, now, by, "tasks seen", f"{len(found)} tasks")
    return [
        StaffTask(
            id=row.id,
            kind=row.kind,
            words=row.words,
            at=row.at,
            language=row.language,
            appointment_at=row.appointment_at,
            number=_open(secrets, row.number_encrypted),
            name=_open(secrets, row.name_encrypted),
            reference=_open(secrets, row.reference_encrypted),
        )
        for row in found
    ]


def list_unprepared(
    connection: Connection, secrets: Secrets, now: datetime, campaign: int, near: datetime, by: str
) -> list[StaffTask]:
    """Recipients whose procedure is before `near` and who have not heard how to prepare."""
    query = select(RecipientRow.__table__).where(
        _R.campaign_id == campaign,
        _R.state == "active",
        _R.prep_ended_at.is_(None),
        _R.appointment_at > now,
        _R.appointment_at < near,
        _R.reply.in_(("", "confirm")),
    )
    audit(connection, now, by, "unprepared seen", f"campaign {campaign}")
    return [
        StaffTask(
            id=row.id,
            kind="prep",
            words="has not heard how to prepare",
            at=now,
            language=row.language,
            appointment_at=row.appointment_at,
            number=_open(secrets, row.number_encrypted),
            name=_open(secrets, row.name_encrypted),
            reference=_open(secrets, row.reference_encrypted),
        )
        for row in connection.execute(query.order_by(_R.appointment_at))
    ]
