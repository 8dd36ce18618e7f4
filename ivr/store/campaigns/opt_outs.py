"""Numbers that are not called any more.

Rules kept here: an opt-out holds at once and for every campaign, and takes what is queued along (rule C7, 47 CFR
64.1200(a)(9)(iv)(H)): it is entered under the number's lock, which a call that is just leaving holds too. A wrong
number ends the calls to that number (H3).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from ivr.store.campaigns.tasks import add_near_tasks
from ivr.store.locks import NUMBER_PATIENCE, Locks
from ivr.store.reminder_schema import AttemptRow, OptOutRow
from ivr.store.secrets import Secrets
from ivr.store.transactions import Transactions
from ivr.store.writing import audit, insert

BY_THE_CALLED = "the person called"
"""Who enters an opt-out that is made in a call, by key."""
_A = AttemptRow


@dataclass(frozen=True)
class OptOut:
    """A number that is not called any more; `number` is E.164, "" where it was not asked for."""

    number_hash: str
    at: datetime
    how: str
    by: str
    number: str = ""


def enter_under_lock(transactions: Transactions, secrets: Secrets, number: str, how: str, by: str) -> bool:
    """Enter an opt-out for a number (E.164); False where it was there. No call to it leaves after this returns."""
    number_hash, encrypted = secrets.hash_number(number), secrets.encrypt_number(number)

    def enter(connection: Connection, now: datetime) -> bool:
        new = enter_opt_out(connection, now, number_hash, encrypted, how, by)
        if how in ("staff", "list"):
            audit(connection, now, by, "opt-out entered", f"opt-out by {how}")
        return new

    with transactions.locks.hold(Locks.name_for_number(number_hash), NUMBER_PATIENCE):
        return transactions.decide(enter)


def enter_opt_out(connection: Connection, now: datetime, number_hash: str, encrypted: str, how: str, by: str) -> bool:
    """Enter an opt-out and take every queued call to the number off the queue; False where it was there already."""
    row = {"number_hash": number_hash, "number_encrypted": encrypted, "at": now, "how": how, "entered_by": by}
    kept = insert(connection, OptOutRow).on_conflict_do_nothing().returning(OptOutRow.number_hash)
    new = connection.scalar(kept, row) is not None
    ended = {"state": "opted_out", "why": f"opted out ({how})", "ended_at": now, "claimed_by": None}
    waiting = (_A.number_hash == number_hash, _A.state.in_(("queued", "claimed")))
    connection.execute(update(_A).where(*waiting).values(**ended))
    if new and by == BY_THE_CALLED:
        add_near_tasks(connection, now, number_hash)
    return new


def is_out(connection: Connection, number_hash: str) -> bool:
    """Whether a number is not to be called."""
    return connection.scalar(select(OptOutRow.at).where(OptOutRow.number_hash == number_hash)) is not None


def take_back_opt_out(connection: Connection, number_hash: str) -> bool:
    """Take an opt-out back; False where there is none."""
    return bool(connection.execute(delete(OptOutRow).where(OptOutRow.number_hash == number_hash)).rowcount)


def list_opt_outs(connection: Connection, secrets: Secrets, *, with_numbers: bool) -> Iterator[OptOut]:
    """Every opt-out, the oldest first; decrypts the numbers where asked. Raises SecretError for a missing key."""
    rows: Sequence[OptOutRow] = connection.execute(select(OptOutRow.__table__).order_by(OptOutRow.at)).all()  # type: ignore[assignment]
    for row in rows:
        number = secrets.decrypt_number(row.number_encrypted) if with_numbers and row.number_encrypted else ""
        yield OptOut(number_hash=row.number_hash, at=row.at, how=row.how, by=row.entered_by, number=number)
