"""The two statements that every part of the store writes with: an insert that knows of conflicts, and the audit line.

SQLite and PostgreSQL spell `ON CONFLICT` alike, but SQLAlchemy has it once for each.
"""

from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects import postgresql, sqlite

from ivr.store.schema import AuditRow, Base

OPERATOR = "operator"
"""The name in the audit trail for work at the server's command line that is done without a name of one's own."""


def insert(connection: Connection, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can be given `on_conflict_do_nothing()` or `on_conflict_do_update(...)`."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def audit(connection: Connection, at: datetime, staff: str, action: str, subject: str) -> None:
    """Add a line to the audit trail, in the transaction of what it tells of: neither is kept without the other."""
    connection.execute(plain_insert(AuditRow).values(at=at, staff=staff, action=action, subject=subject))
