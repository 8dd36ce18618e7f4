"""Calls, listening events, call-back requests, callers' languages, staff, and the audit trail with its triggers."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_MOMENT = sa.DateTime(timezone=True)
_REFUSED = "the audit trail is append-only"


def upgrade() -> None:
    """Apply."""
    _create_calls()
    _create_call_backs()
    _create_staff()
    _create_audit_trail()


def _create_calls() -> None:
    op.create_table(
        "call",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("caller_hash", sa.String, nullable=False),
        sa.Column("language", sa.String),
        sa.Column("language_at", _MOMENT),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.Column("seconds", sa.Integer),
        sa.Column("status", sa.String),
        sa.PrimaryKeyConstraint("id", name="pk_call"),
    )
    op.create_index("ix_call_started_at", "call", ["started_at"])
    op.create_table(
        "listening_event",
        sa.Column("call_id", sa.String, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("topic", sa.String, nullable=False),
        sa.Column("section", sa.String, nullable=False),
        sa.Column("clip", sa.Integer, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("call_id", "at", "language", "topic", "section", "clip", name="pk_listening_event"),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_listening_event_call_id", ondelete="CASCADE"),
    )
    op.create_table(
        "caller_language",
        sa.Column("caller_hash", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("caller_hash", name="pk_caller_language"),
    )
    op.create_index("ix_caller_language_updated_at", "caller_language", ["updated_at"])


def _create_call_backs() -> None:
    op.create_table(
        "call_back_request",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("call_id", sa.String, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("number_encrypted", sa.String, nullable=False),
        sa.Column("number_hash", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("place", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("closed_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_call_back_request"),
        sa.UniqueConstraint("call_id", "number_hash", name="uq_call_back_request_call_id_number_hash"),
        sa.CheckConstraint("state IN ('open', 'done')", name="ck_call_back_request_state"),
    )
    op.create_index("ix_call_back_request_state", "call_back_request", ["state"])


def _create_staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("password_hash", sa.String, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("disabled_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("name", name="uq_staff_name"),
    )


def _create_audit_trail() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("staff", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_event"),
    )
    op.create_index("ix_audit_event_at", "audit_event", ["at"])
    for statement in _TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


_TRIGGERS = {
    "sqlite": (
        *(
            f"CREATE TRIGGER audit_event_no_{verb.lower()} BEFORE {verb} ON audit_event "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
            for verb in ("UPDATE", "DELETE")
        ),
        # INSERT OR REPLACE deletes without asking the trigger above.
        "CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event "
        "WHEN EXISTS (SELECT 1 FROM audit_event WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION refuse_change_of_audit_event() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$",
        "CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_event()",
    ),
}
