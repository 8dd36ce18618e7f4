"""Callers who wait for a person to call them back: the one thing that a caller leaves with the line.

A number is decrypted only for somebody whose name goes into the audit trail with it (45 CFR 164.312(b)).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, delete, select, update

from ivr.errors import StoreError
from ivr.store.schema import CallBackRow
from ivr.store.secrets import SecretError, Secrets
from ivr.store.writing import audit

CallBackState = Literal["open", "done"]


@dataclass(frozen=True)
class CallBack:
    """A stored request. `number` is E.164, or None where it was not asked for; `place` as in `CallBackRequest`
    (`ivr/line/events.py`)."""

    id: int
    call: str
    at: datetime
    language: str
    place: str
    state: str
    number: str | None = None


def list_call_backs(connection: Connection, state: CallBackState) -> Sequence[CallBack]:
    """The requests in this state without their numbers, the longest waiting first."""
    row = CallBackRow
    query = select(row.id, row.call_id, row.at, row.language, row.place, row.state)
    rows = connection.execute(query.where(row.state == state).order_by(row.at, row.id))
    return [
        CallBack(
            id=found.id,
            call=found.call_id,
            at=found.at,
            language=found.language,
            place=found.place,
            state=found.state,
        )
        for found in rows
    ]


def read_numbers(connection: Connection, secrets: Secrets, ids: Sequence[int]) -> dict[int, str]:
    """The numbers in the clear, by request. Raises `StoreError` if a key is missing, naming the requests."""
    query = select(CallBackRow.id, CallBackRow.number_encrypted).where(CallBackRow.id.in_(ids)).order_by(CallBackRow.id)
    opened, shut = {}, []
    for found, encrypted in connection.execute(query):
        try:
            opened[found] = secrets.decrypt_number(encrypted)
        except SecretError:
            shut.append(str(found))
    if shut:
        words = (
            f"The numbers of call-backs {', '.join(shut)} need a key that is no longer in the settings: add it again."
        )
        raise StoreError(words, permanent=True)
    return opened


def close_call_back(connection: Connection, request: int, by: str, at: datetime) -> None:
    """Mark an open request as done. Raises `StoreError` where no open request has this id."""
    row = CallBackRow
    done = update(row).where(row.id == request, row.state == "open").values(state="done", closed_at=at)
    if not connection.execute(done).rowcount:
        raise StoreError(f"There is no open call-back {request}.", permanent=True)
    audit(connection, at, by, "call-back done", f"call-back {request}")


def rotate_call_backs(connection: Connection, secrets: Secrets) -> int:
    """Encrypt every number again, with the first key; returns how many. All or, where a key is missing, none."""
    every = connection.scalars(select(CallBackRow.id).with_for_update()).all()
    for request, number in read_numbers(connection, secrets, every).items():
        encrypted = secrets.encrypt_number(number)
        connection.execute(update(CallBackRow).where(CallBackRow.id == request).values(number_encrypted=encrypted))
    return len(every)


def forget_call_backs(connection: Connection, before: datetime) -> None:
    """Delete what was done before a moment. What is open stays: somebody waits."""
    connection.execute(delete(CallBackRow).where(CallBackRow.state == "done", CallBackRow.closed_at < before))
