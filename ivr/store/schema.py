"""The tables, as the migrations make them: what Spineline remembers, and what it never does.

A phone number stands here only encrypted (`number_encrypted`) and as its keyed hash (45 CFR 164.312(a)(2)(iv)).
Every moment is an aware UTC datetime, on SQLite too. A change here needs a migration: a test compares the two.
"""

from datetime import UTC, datetime

from sqlalchemy import CheckConstraint, DateTime, Dialect, ForeignKey, MetaData, TypeDecorator, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime. SQLite has no zones, so there it is stored bare and is UTC by definition."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database. A datetime without a zone is a mistake of the code that made it: `ValueError`."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database, always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Names every constraint the same way on both databases, so that a later migration can find it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012 - SQLAlchemy's own way of saying it


class CallRow(Base):
    """One call. Which sections were heard is derived from `ListeningRow`, so that it is kept in one place.

    `id` is the network's call id. `caller_hash` is "" where the caller hid the number. `language_at` is when
    `language` was last heard of: with it, events may come in any order. `status` is the network's own word for how
    the call ended, and `seconds` its length; both are NULL until then.
    """

    __tablename__ = "call"

    id: Mapped[str] = mapped_column(primary_key=True)
    caller_hash: Mapped[str]
    language: Mapped[str | None]
    language_at: Mapped[datetime | None]
    started_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    seconds: Mapped[int | None]
    status: Mapped[str | None]


class ListeningRow(Base):
    """A clip began to play at a moment. Heard again is another row; the same event written again is not."""

    __tablename__ = "listening_event"

    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(primary_key=True)
    section: Mapped[str] = mapped_column(primary_key=True)
    clip: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class CallBackRow(Base):
    """A caller waits to be called back. It stands alone: the call's own row may come later, or be purged sooner."""

    __tablename__ = "call_back_request"
    __table_args__ = (
        UniqueConstraint("call_id", "number_hash"),
        CheckConstraint("state IN ('open', 'done')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str]
    at: Mapped[datetime]
    number_encrypted: Mapped[str]
    number_hash: Mapped[str]
    language: Mapped[str]
    place: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    closed_at: Mapped[datetime | None]


class CallerLanguageRow(Base):
    """The language that a caller chose last, offered first when they call again, and the choices that they heard."""

    __tablename__ = "caller_language"

    caller_hash: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str]
    choices: Mapped[str] = mapped_column(server_default=text("''"))
    updated_at: Mapped[datetime] = mapped_column(index=True)


class StaffRow(Base):
    """A member of staff. A row is disabled, never deleted: the audit trail names it."""

    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class AuditRow(Base):
    """Who looked at or changed what (45 CFR 164.312(b)). Triggers refuse every UPDATE and DELETE.

    `subject` names the thing ("call-back 12", "staff ana"), never a patient and never a number.
    """

    __tablename__ = "audit_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    staff: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
