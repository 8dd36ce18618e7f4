"""What a caller heard offered last, so that they are told once when the choices have changed.

A server of the release before goes on writing: the column has a default, which says that nothing is known.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply."""
    op.add_column("caller_language", sa.Column("choices", sa.String, nullable=False, server_default=""))
