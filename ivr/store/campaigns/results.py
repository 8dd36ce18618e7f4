"""What becomes of a campaign, in counts: who is in it, how its attempts stand, and the funnel by language.

Rule kept here: a voicemail is never "heard". Nothing here is about one patient; that is `patients.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, select

from ivr.store.reminder_schema import AttemptRow, OptOutRow, RecipientRow

_A, _R = AttemptRow, RecipientRow


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


def list_enlisted(connection: Connection, campaign: int) -> Sequence[Enlisted]:
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


def count_calls_since(connection: Connection, campaign: int, since: datetime) -> int:
    """How many calls were made since a moment."""
    made = select(func.count()).where(_A.campaign_id == campaign, _A.dialing_at > since)
    return connection.scalar(made) or 0


def has_dialed(connection: Connection, campaign: int) -> bool:
    """Whether a call was ever made, or decided, for a campaign."""
    dialed = select(_A.id).where(_A.campaign_id == campaign, _A.dialing_at.is_not(None))
    return connection.scalar(dialed.limit(1)) is not None


def count_attempts(connection: Connection, campaign: int) -> Mapping[str, int]:
    """How many attempts are in each state."""
    rows = connection.execute(select(_A.state, func.count()).where(_A.campaign_id == campaign).group_by(_A.state))
    return {row[0]: row[1] for row in rows}


def find_next_due(connection: Connection, campaign: int) -> datetime | None:
    """When the next queued attempt falls due."""
    return connection.scalar(select(func.min(_A.due_at)).where(_A.campaign_id == campaign, _A.state == "queued"))


def list_appointments(connection: Connection, campaign: int) -> Sequence[tuple[str, datetime]]:
    """The language and the moment of every appointment that stands, each once."""
    told = select(_R.language, _R.appointment_at).where(_R.campaign_id == campaign, _R.state == "active").distinct()
    return [(row[0], row[1]) for row in connection.execute(told)]


def count_funnel(connection: Connection, campaign: int) -> Sequence[Funnel]:
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
