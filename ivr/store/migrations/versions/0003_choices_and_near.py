"""What a caller heard offered last, so that they are told once when the choices have changed; and a kind of task for
somebody who stopped the calls shortly before an appointment.

A server of the release before goes on writing: the column has a default, which says that nothing is known.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_KINDS = "kind IN ('change', 'wrong_number', 'check', 'needs_review', 'near')"


def upgrade() -> None:
    """Apply."""
    op.add_column("caller_language", sa.Column("choices", sa.String, nullable=False, server_default=sa.text("''")))
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("ck_task_kind", "task", type_="check")
        op.create_check_constraint("ck_task_kind", "task", _KINDS)
    else:
        _rebuild_task()


def _rebuild_task() -> None:
    """SQLite cannot change a check: the table is made anew, with its rows."""
    columns = "id, recipient_id, kind, at, words, closed_at, closed_by"
    op.rename_table("task", "task_before")
    op.drop_index("ix_task_closed_at", "task_before")
    op.create_table(
        "task",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("recipient_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.String, nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("closed_by", sa.String),
        sa.PrimaryKeyConstraint("id", name="pk_task"),
        sa.CheckConstraint(_KINDS, name="ck_task_kind"),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipient.id"], name="fk_task_recipient_id"),
        sa.UniqueConstraint("recipient_id", "kind", name="uq_task_recipient_id_kind"),
    )
    op.create_index("ix_task_closed_at", "task", ["closed_at"])
    op.execute(f"INSERT INTO task ({columns}) SELECT {columns} FROM task_before")  # noqa: S608  # our own names
    op.drop_table("task_before")
