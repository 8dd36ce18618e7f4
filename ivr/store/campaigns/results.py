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


NO_CALLS: Mapping[str, Any] = {"calls": 0, "first_at": None, "last_at": None}
"""Of a language in which no call waits."""


def list_enlisted(connection: Connection, campaign: int) -> Sequence[Enlisted]:
    """Who is in a campaign, by language, in the order of their codes."""
    out, active = _R.number_hash.in_(select(OptOutRow.number_hash)), _R.state == "active"
    callable_ = active & ~out
    counted = (
        _count(callable_).label("recipients"),
        _count(active & out).label("opted_out"),
        _count(~active).label("cancelled"),
    )
    meeting = case((callable_, _R.appointment_at))
    meetings = (func.min(meeting).label("first_appointment"), func.max(meeting).label("last_appointment"))
    people: Any = select(_R.language, *counted, *meetings).where(_R.campaign_id == campaign).group_by(_R.language)
    due = (func.count().label("calls"), func.min(_A.due_at).label("first_at"), func.max(_A.due_at).label("last_at"))
    queued = select(_R.language, *due).join(_R, _R.id == _A.recipient_id)
    queued = queued.where(_A.campaign_id == campaign, _A.state == "queued", callable_).group_by(_R.language)
    waiting: Any = {row["language"]: row for row in connection.execute(queued).mappings()}
    rows = connection.execute(people.order_by(_R.language)).mappings()
    return [Enlisted(**{**NO_CALLS, **row, **waiting.get(row["language"], {})}) for row in rows]


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
        func.count().label("recipients"),
        _count(_R.id.in_(attempted)).label("attempted"),
        _count(_R.id.in_(reached)).label("reached"),
        _count(_R.reply == "confirm").label("confirmed"),
        _count((_R.prep_of > 0) & (_R.prep_clips * 2 >= _R.prep_of)).label("heard_half"),
        _count(_R.prep_ended_at.is_not(None)).label("heard_all"),
        _count(_R.reply == "change").label("wants_change"),
        _count(_R.reply == "wrong-number").label("wrong_number"),
        _count(_R.number_hash.in_(out)).label("opted_out"),
    )
    rows: Any = connection.execute(
        select(_R.language, *counted).where(_R.campaign_id == campaign).group_by(_R.language).order_by(_R.language)
    )
    return [Funnel(**row) for row in rows.mappings()]


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
