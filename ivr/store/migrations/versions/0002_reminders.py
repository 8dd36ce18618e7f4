"""Reminder campaigns: campaigns, recipients, attempts, callback events, consents, opt-outs, the pacer, tasks."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    _create_campaign()
    _create_recipient()
    _create_attempt()
    _create_callback_event()
    _create_consent()
    _create_opt_out()
    _create_pacer()
    _create_task()


def _create_campaign() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("topic", sa.String, nullable=False),
        sa.Column("purpose", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("days", sa.String, nullable=False),
        sa.Column("caller", sa.String, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("created_by", sa.String, nullable=False),
        sa.Column("started_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_campaign"),
        sa.CheckConstraint("state IN ('draft', 'running', 'paused', 'stopped')", name="ck_campaign_state"),
        sa.UniqueConstraint("name", name="uq_campaign_name"),
    )


def _create_recipient() -> None:
    op.create_table(
        "recipient",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("campaign_id", sa.Integer, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("number_encrypted", sa.String, nullable=False),
        sa.Column("number_hash", sa.String, nullable=False),
        sa.Column("name_encrypted", sa.String, nullable=False),
        sa.Column("reference_encrypted", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("zones", sa.String, nullable=False),
        sa.Column("appointment_at", _MOMENT, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("reply", sa.String, nullable=False),
        sa.Column("replied_at", _MOMENT),
        sa.Column("prep_clips", sa.Integer, nullable=False),
        sa.Column("prep_of", sa.Integer, nullable=False),
        sa.Column("prep_ended_at", _MOMENT),
        sa.Column("check_wrong", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_recipient"),
        sa.CheckConstraint("state IN ('active', 'cancelled')", name="ck_recipient_state"),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_recipient_campaign_id"),
        sa.UniqueConstraint("campaign_id", "key", name="uq_recipient_campaign_id_key"),
    )
    op.create_index("ix_recipient_number_hash", "recipient", ["number_hash"])


def _create_attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("campaign_id", sa.Integer, nullable=False),
        sa.Column("recipient_id", sa.Integer, nullable=False),
        sa.Column("number_hash", sa.String, nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("until_at", _MOMENT, nullable=False),
        sa.Column("claimed_by", sa.String),
        sa.Column("lease_until", _MOMENT),
        sa.Column("dialing_at", _MOMENT),
        sa.Column("lookups", sa.Integer, nullable=False),
        sa.Column("sid", sa.String),
        sa.Column("placed_at", _MOMENT),
        sa.Column("passed_at", _MOMENT),
        sa.Column("answered_by", sa.String, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.Column("seconds", sa.Integer),
        sa.Column("why", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
        sa.CheckConstraint(
            "state IN ('queued', 'claimed', 'dialing', 'placed', 'answered', 'machine', 'busy', 'no_answer', 'failed', "
            "'opted_out', 'cancelled', 'expired', 'needs_review')",
            name="ck_attempt_state",
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_attempt_campaign_id"),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipient.id"], name="fk_attempt_recipient_id"),
        sa.UniqueConstraint("recipient_id", "days", "number", name="uq_attempt_recipient_id_days_number"),
        sa.UniqueConstraint("sid", name="uq_attempt_sid"),
    )
    op.create_index("ix_attempt_lease", "attempt", ["state", "lease_until"])
    op.create_index("ix_attempt_number", "attempt", ["number_hash", "dialing_at"])
    op.create_index("ix_attempt_queue", "attempt", ["campaign_id", "state", "due_at"])


def _create_callback_event() -> None:
    op.create_table(
        "callback_event",
        sa.Column("key", sa.String, nullable=False),
        sa.Column("attempt_id", sa.String, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_callback_event"),
    )
    op.create_index("ix_callback_event_attempt_id", "callback_event", ["attempt_id"])


def _create_consent() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("number_hash", sa.String, nullable=False),
        sa.Column("purpose", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("given_on", sa.Date, nullable=False),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.Column("recorded_by", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
        sa.UniqueConstraint(
            "number_hash", "purpose", "source", "given_on", name="uq_consent_number_hash_purpose_source_given_on"
        ),
    )


def _create_opt_out() -> None:
    op.create_table(
        "opt_out",
        sa.Column("number_hash", sa.String, nullable=False),
        sa.Column("number_encrypted", sa.String, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("how", sa.String, nullable=False),
        sa.Column("entered_by", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("number_hash", name="pk_opt_out"),
    )


def _create_pacer() -> None:
    op.create_table(
        "pacer",
        sa.Column("account", sa.String, nullable=False),
        sa.Column("next_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("account", name="pk_pacer"),
    )


def _create_task() -> None:
    op.create_table(
        "task",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("recipient_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("words", sa.String, nullable=False),
        sa.Column("closed_at", _MOMENT),
        sa.Column("closed_by", sa.String),
        sa.PrimaryKeyConstraint("id", name="pk_task"),
        sa.CheckConstraint("kind IN ('change', 'wrong_number', 'check', 'needs_review')", name="ck_task_kind"),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipient.id"], name="fk_task_recipient_id"),
        sa.UniqueConstraint("recipient_id", "kind", name="uq_task_recipient_id_kind"),
    )
    op.create_index("ix_task_closed_at", "task", ["closed_at"])
