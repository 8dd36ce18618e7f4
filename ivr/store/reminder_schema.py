"""The tables of reminder campaigns: who is to be called, every attempt, who agreed, who said stop.

The table of attempts is the queue: a patient's state is in one place, and the same transaction that decides about a
patient moves it on. Numbers, names and the clinic's own ids stand here only encrypted, and as keyed hashes to be found
by (45 CFR 164.312(a)(2)(iv)). A change here needs a migration: a test compares the two.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ivr.store.schema import Base

CAMPAIGN_STATES = ("draft", "running", "paused", "stopped")
ATTEMPT_STATES = (
    *("queued", "claimed", "dialing", "placed"),
    *("answered", "machine", "busy", "no_answer", "failed"),
    *("opted_out", "cancelled", "expired", "needs_review"),
)
OPEN_STATES = ("queued", "claimed", "dialing", "placed")
BUSY_STATES = ("claimed", "dialing", "placed")
"""The states of an attempt that a dialer or a call is at."""
TASK_KINDS = ("change", "wrong_number", "check", "needs_review", "near")


def _restrict(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class CampaignRow(Base):
    """One campaign. `days` are the days before an appointment on which it reminds ("3 1"); `caller` is the number that
    dials (E.164). `topic` names what "how to prepare" is about."""

    __tablename__ = "campaign"
    __table_args__ = (
        UniqueConstraint("name"),
        CheckConstraint(_restrict("state", CAMPAIGN_STATES), name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    topic: Mapped[str]
    purpose: Mapped[str]
    state: Mapped[str]
    days: Mapped[str]
    caller: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    started_at: Mapped[datetime | None]


class RecipientRow(Base):
    """One appointment of one person in a campaign.

    `key` is the keyed hash of the clinic's own id, or of number and appointment: the same row uploaded again is this
    row. `zones` are IANA names that the person may be in. `reply` is the last answer about the appointment ("" for
    none). `prep_clips` counts the clips of the preparation that were played to their end, `prep_of` how many there are.
    """

    __tablename__ = "recipient"
    __table_args__ = (
        UniqueConstraint("campaign_id", "key"),
        CheckConstraint(_restrict("state", ("active", "cancelled")), name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    key: Mapped[str]
    line: Mapped[int]
    number_encrypted: Mapped[str]
    number_hash: Mapped[str] = mapped_column(index=True)
    name_encrypted: Mapped[str]
    reference_encrypted: Mapped[str]
    language: Mapped[str]
    zones: Mapped[str]
    appointment_at: Mapped[datetime]
    state: Mapped[str]
    reply: Mapped[str]
    replied_at: Mapped[datetime | None]
    prep_clips: Mapped[int]
    prep_of: Mapped[int]
    prep_ended_at: Mapped[datetime | None]
    check_wrong: Mapped[str]


class AttemptRow(Base):
    """One call of one reminder: `days` before the appointment, the `number`-th try. It is queued, and ends as it ends.

    `due_at` to `until_at` is when it may be dialed. `claimed_by` holds it until `lease_until`. `dialing_at` is when it
    was decided to dial: what the caps count. `passed_at` is when somebody pressed a key at the gate.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("recipient_id", "days", "number"),
        UniqueConstraint("sid"),
        CheckConstraint(_restrict("state", ATTEMPT_STATES), name="state"),
        Index("ix_attempt_queue", "campaign_id", "state", "due_at"),
        Index("ix_attempt_number", "number_hash", "dialing_at"),
        Index("ix_attempt_lease", "state", "lease_until"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    recipient_id: Mapped[int] = mapped_column(ForeignKey("recipient.id"))
    number_hash: Mapped[str]
    days: Mapped[int]
    number: Mapped[int]
    state: Mapped[str]
    due_at: Mapped[datetime]
    until_at: Mapped[datetime]
    claimed_by: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    dialing_at: Mapped[datetime | None]
    lookups: Mapped[int]
    sid: Mapped[str | None]
    placed_at: Mapped[datetime | None]
    passed_at: Mapped[datetime | None]
    answered_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    seconds: Mapped[int | None]
    why: Mapped[str]


class CallbackEventRow(Base):
    """A report of the network about a call. Its key is unique, so that a repeated one does nothing."""

    __tablename__ = "callback_event"

    key: Mapped[str] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime]


class ConsentRow(Base):
    """Somebody agreed to be called. Kept six years; `recorded_by` is who says so."""

    __tablename__ = "consent"
    __table_args__ = (UniqueConstraint("number_hash", "purpose", "source", "given_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number_hash: Mapped[str]
    purpose: Mapped[str]
    source: Mapped[str]
    given_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


class OptOutRow(Base):
    """A number that is not called any more, in any campaign. `how`: by key, by staff, from a list."""

    __tablename__ = "opt_out"

    number_hash: Mapped[str] = mapped_column(primary_key=True)
    number_encrypted: Mapped[str]
    at: Mapped[datetime]
    how: Mapped[str]
    entered_by: Mapped[str]


class PacerRow(Base):
    """When an account may start its next call, in microseconds since 1970 by the database's clock."""

    __tablename__ = "pacer"

    account: Mapped[str] = mapped_column(primary_key=True)
    next_at: Mapped[int] = mapped_column(BigInteger)


class TaskRow(Base):
    """Something that a person at the clinic has to do about a recipient; one of a kind."""

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("recipient_id", "kind"),
        CheckConstraint(_restrict("kind", TASK_KINDS), name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient_id: Mapped[int] = mapped_column(ForeignKey("recipient.id"))
    kind: Mapped[str]
    at: Mapped[datetime]
    words: Mapped[str]
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    closed_by: Mapped[str | None]
