"""The clinic's staff, each under a name of their own (45 CFR 164.312(a)(2)(i)), and how their passwords are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update
from werkzeug.security import check_password_hash, generate_password_hash

from ivr.errors import StoreError
from ivr.folding import fold_words
from ivr.store.schema import StaffRow
from ivr.store.writing import audit, insert

SHORTEST_PASSWORD = 12
"""Characters."""

_METHOD = "scrypt:32768:8:1"
# Nobody's hash, checked for a name that is not there, so that the answer takes as long as for one that is.
_NOBODY = f"{_METHOD}$nobody${'0' * 128}"


@dataclass(frozen=True)
class StaffMember:
    """Who may sign in, or may no more (`disabled_at`)."""

    name: str
    created_at: datetime
    disabled_at: datetime | None


def add_staff(connection: Connection, name: str, password: str, by: str, at: datetime) -> None:
    """Add a member. Raises `StoreError` for a short password, an empty name or a name that was ever used."""
    if len(password) < SHORTEST_PASSWORD:
        raise StoreError(f"The password needs {SHORTEST_PASSWORD} characters or more.", permanent=True)
    name = fold_words(name)
    if not name:
        raise StoreError("A member of staff needs a name.", permanent=True)
    row = {"name": name, "password_hash": generate_password_hash(password, _METHOD), "created_at": at}
    new = insert(connection, StaffRow).on_conflict_do_nothing().returning(StaffRow.id)
    if connection.scalar(new, row) is None:
        raise StoreError(f"The name {name} is taken: names stay in the audit trail and are used once.", permanent=True)
    audit(connection, at, by, "staff added", f"staff {name}")


def disable_staff(connection: Connection, name: str, by: str, at: datetime) -> None:
    """Let a member sign in no more. Raises `StoreError` where no such member may sign in."""
    name = fold_words(name)
    now_disabled = update(StaffRow).where(StaffRow.name == name, StaffRow.disabled_at.is_(None)).values(disabled_at=at)
    if not connection.execute(now_disabled).rowcount:
        raise StoreError(f"There is no member of staff {name} who may sign in.", permanent=True)
    audit(connection, at, by, "staff disabled", f"staff {name}")


def find_password_hash(connection: Connection, name: str) -> str | None:
    """The hash to check for a member who may sign in."""
    row = StaffRow
    folded = fold_words(name)
    return connection.scalar(select(row.password_hash).where(row.name == folded, row.disabled_at.is_(None)))


def is_password(kept: str | None, password: str) -> bool:
    """Whether it is the password; takes as long where there is no such member (`kept` is None)."""
    return check_password_hash(kept or _NOBODY, password)


def list_staff(connection: Connection) -> Sequence[StaffMember]:
    """Every member there ever was, by name."""
    query = select(StaffRow.name, StaffRow.created_at, StaffRow.disabled_at).order_by(StaffRow.name)
    return [StaffMember(*row) for row in connection.execute(query)]
