"""What became of a campaign: counts while it runs, the funnel by language, a row for each patient, lists for staff.

Rules kept here: a voicemail is never "heard"; numbers and names are decrypted only for somebody whose name goes into
the audit trail with it (45 CFR 164.312(b)).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, select, update

from ivr.errors import StoreError
from ivr.store.reminder_schema import AttemptRow, OptOutRow, RecipientRow, TaskRow
from ivr.store.secrets import Secrets
from ivr.store.writing import audit

_A, _R, _T = AttemptRow, RecipientRow, TaskRow


@dataclass(frozen=True)
class Funnel:
    """How far the people of one language came; each counts once. `heard_half` and `heard_all` are of how to prepare."""

    language: str
    recipients: int
    attempted: int
    reached: int
    confirmed: int
    heard_half: int
    heard_all: int
    wants_change: int
    wrong_number: int
    opted_out: int


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
class Task:
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


@dataclass(frozen=True)
class Enlisted:
    """Who speaks one language in a campaign. `recipients` are those who may be called, with their first and last
    appointment; `opted_out` and `cancelled` are kept out. `calls` wait, and fall due from `first_at` to `last_at`."""

    language: str
    recipients: int
    opted_out: int
    cancelled: int
    calls: int
    first_at: datetime | None
    last_at: datetime | None
    first_appointment: datetime | None
    last_appointment: datetime | None


def enlisted(connection: Connection, campaign: int) -> Sequence[Enlisted]:
    """Who is in a campaign, by language, in the order of their codes."""
    out, active = _R.number_hash.in_(select(OptOutRow.number_hash)), _R.state == "active"
    callable_ = active & ~out
    counted = (_count(callable_), _count(active & out), _count(~active))
    meetings = [edge(case((callable_, _R.appointment_at))) for edge in (func.min, func.max)]
    people: Any = select(_R.language, *counted, *meetings).where(_R.campaign_id == campaign).group_by(_R.language)
    queued = select(_R.language, func.count(), func.min(_A.due_at), func.max(_A.due_at)).join(
        _R, _R.id == _A.recipient_id
    )
    queued = queued.where(_A.campaign_id == campaign, _A.state == "queued", callable_).group_by(_R.language)
    waiting = {row[0]: tuple(row[1:]) for row in connection.execute(queued)}
    rows = connection.execute(people.order_by(_R.language))
    return [Enlisted(*row[:4], *waiting.get(row[0], (0, None, None)), *row[4:]) for row in rows]


def is_enrolled(connection: Connection, campaign: int, key: str) -> bool:
    """Whether an earlier upload has brought this recipient."""
    found = select(_R.id).where(_R.campaign_id == campaign, _R.key == key)
    return connection.scalar(found) is not None


def calls_since(connection: Connection, campaign: int, since: datetime) -> int:
    """How many calls were made since a moment."""
    made = select(func.count()).where(_A.campaign_id == campaign, _A.dialing_at > since)
    return connection.scalar(made) or 0


def attempt_counts(connection: Connection, campaign: int) -> Mapping[str, int]:
    """How many attempts are in each state."""
    rows = connection.execute(select(_A.state, func.count()).where(_A.campaign_id == campaign).group_by(_A.state))
    return {row[0]: row[1] for row in rows}


def next_due(connection: Connection, campaign: int) -> datetime | None:
    """When the next queued attempt falls due."""
    return connection.scalar(select(func.min(_A.due_at)).where(_A.campaign_id == campaign, _A.state == "queued"))


def appointments(connection: Connection, campaign: int) -> Sequence[tuple[str, datetime]]:
    """The language and the moment of every appointment that stands, each once."""
    told = select(_R.language, _R.appointment_at).where(_R.campaign_id == campaign, _R.state == "active").distinct()
    return [(row[0], row[1]) for row in connection.execute(told)]


def funnel(connection: Connection, campaign: int) -> Sequence[Funnel]:
    """The funnel of each language, in the order of their codes."""
    attempted = select(_A.recipient_id).where(_A.campaign_id == campaign, _A.dialing_at.is_not(None))
    reached = select(_A.recipient_id).where(_A.campaign_id == campaign, _A.state == "answered")
    out = select(OptOutRow.number_hash)
    counted = (
        func.count(),
        _count(_R.id.in_(attempted)),
        _count(_R.id.in_(reached)),
        _count(_R.reply == "confirm"),
        _count((_R.prep_of > 0) & (_R.prep_clips * 2 >= _R.prep_of)),
        _count(_R.prep_ended_at.is_not(None)),
        _count(_R.reply == "change"),
        _count(_R.reply == "wrong-number"),
        _count(_R.number_hash.in_(out)),
    )
    rows: Any = connection.execute(
        select(_R.language, *counted).where(_R.campaign_id == campaign).group_by(_R.language).order_by(_R.language)
    )
    return [Funnel(*row) for row in rows]


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def patients(
    connection: Connection, secrets: Secrets, now: datetime, campaign: int, by: str
) -> Iterator[PatientResult]:
    """A row for each recipient, in the order of the file; that `by` has seen them goes into the audit trail."""
    audit(connection, now, by, "report seen", f"campaign {campaign}")
    tries = _tries(connection, campaign)
    out = frozenset(connection.scalars(select(OptOutRow.number_hash)))
    every = select(RecipientRow.__table__).where(_R.campaign_id == campaign).order_by(_R.line, _R.id)
    for row in connection.execute(every):
        count, outcome, last_at = tries.get(row.id, (0, "", None))
        yield PatientResult(
            row.line,
            _opened(secrets, row.reference_encrypted),
            _opened(secrets, row.name_encrypted),
            _opened(secrets, row.number_encrypted),
            row.language,
            row.appointment_at,
            "cancelled" if row.state == "cancelled" else row.reply,
            count,
            outcome,
            last_at,
            row.prep_clips,
            row.prep_of,
            row.check_wrong,
            row.number_hash in out,
        )


def _tries(connection: Connection, campaign: int) -> dict[int, tuple[int, str, datetime | None]]:
    """By recipient: calls made, the state of the latest attempt, and when it was dialed."""
    columns = (_A.recipient_id, _A.state, _A.dialing_at)
    order = (_A.recipient_id, _A.days.desc(), _A.number)
    found: dict[int, tuple[int, str, datetime | None]] = {}
    for recipient, state, at in connection.execute(select(*columns).where(_A.campaign_id == campaign).order_by(*order)):
        count, before, last = found.get(recipient, (0, "", None))
        waits_still = state == "queued" and before
        found[recipient] = (count + (at is not None), before if waits_still else state, at or last)
    return found


def _opened(secrets: Secrets, encrypted: str) -> str:
    return secrets.decrypt_number(encrypted) if encrypted else ""


def tasks(connection: Connection, secrets: Secrets, now: datetime, campaign: int | None, by: str) -> Sequence[Task]:
    """What is still to be done, the longest waiting first; that `by` has seen it goes into the audit trail."""
    columns = (_T.id, _T.kind, _T.words, _T.at, _R.language, _R.appointment_at)
    hidden = (_R.number_encrypted, _R.name_encrypted, _R.reference_encrypted)
    query = select(*columns, *hidden).join(_R, _R.id == _T.recipient_id).where(_T.closed_at.is_(None))
    if campaign is not None:
        query = query.where(_R.campaign_id == campaign)
    found = connection.execute(query.order_by(_T.at, _T.id)).all()
    audit(connection, now, by, "tasks seen", f"{len(found)} tasks")
    return [Task(*row[:6], *(_opened(secrets, text) for text in row[6:])) for row in found]


def unheard(
    connection: Connection, secrets: Secrets, now: datetime, campaign: int, near: datetime, by: str
) -> list[Task]:
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
        Task(
            row.id,
            "prep",
            "has not heard how to prepare",
            now,
            row.language,
            row.appointment_at,
            *(_opened(secrets, text) for text in (row.number_encrypted, row.name_encrypted, row.reference_encrypted)),
        )
        for row in connection.execute(query.order_by(_R.appointment_at))
    ]


def close_task(connection: Connection, now: datetime, task: int, by: str) -> None:
    """Marks a task as done. Raises StoreError where no open task has this id."""
    done = update(_T).where(_T.id == task, _T.closed_at.is_(None)).values(closed_at=now, closed_by=by)
    if not connection.execute(done).rowcount:
        raise StoreError(f"There is no open task {task}.", permanent=True)
    audit(connection, now, by, "task done", f"task {task}")
