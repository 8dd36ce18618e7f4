"""What people answer to a reminder, and who said stop: committed before it is spoken of.

Rules kept here: an opt-out holds at once and for every campaign, and takes what is queued along (RULES C7, 47 CFR
64.1200(a)(9)(iv)(H)); a wrong number ends the calls to that number (H3).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from ivr.line.nodes import Reply
from ivr.store import queue
from ivr.store.reminder_schema import AttemptRow, CampaignRow, OptOutRow, RecipientRow
from ivr.store.secrets import Secrets
from ivr.store.writing import insert

_A, _R = AttemptRow, RecipientRow


@dataclass(frozen=True)
class Appointment:
    """What a reminder call has to say: whose language, when (aware UTC), about which topic, and for which recipient."""

    recipient: int
    language: str
    at: datetime
    topic: str


@dataclass(frozen=True)
class OptOut:
    """A number that is not called any more; `number` is E.164, "" where it was not asked for."""

    number_hash: str
    at: datetime
    how: str
    by: str
    number: str = ""


def appointment(connection: Connection, attempt: str) -> Appointment | None:
    """What an attempt is about; None for one that is not ours."""
    columns = (_R.id, _R.language, _R.appointment_at, CampaignRow.topic)
    found = select(*columns).join(_A, _A.recipient_id == _R.id).join(CampaignRow, CampaignRow.id == _R.campaign_id)
    row = connection.execute(found.where(_A.id == attempt)).one_or_none()
    return Appointment(row[0], row[1], row[2], row[3]) if row else None


def number_of(connection: Connection, attempt: str) -> str | None:
    """The hash of the number that an attempt calls; None for one that is not ours."""
    return connection.scalar(select(_A.number_hash).where(_A.id == attempt))


def for_machine(connection: Connection, attempt: str) -> tuple[str, str] | None:
    """Language and topic, where this attempt's machine may be left a message (H2: once a reminder)."""
    columns = (_A.recipient_id, _A.days, _A.passed_at, _R.language, CampaignRow.topic)
    joined = select(*columns).join(_R, _R.id == _A.recipient_id).join(CampaignRow, CampaignRow.id == _A.campaign_id)
    row = connection.execute(joined.where(_A.id == attempt)).one_or_none()
    if row is None or row.passed_at is not None:
        return None
    same = (_A.recipient_id == row.recipient_id, _A.days == row.days, _A.id != attempt, _A.state == "machine")
    return None if connection.scalar(select(_A.id).where(*same).limit(1)) else (row.language, row.topic)


def save(connection: Connection, now: datetime, attempt: str, reply: Reply) -> bool:
    """Keeps a reply; the same one twice is one. False for an attempt that is not ours."""
    found = select(_R.id, _R.number_hash, _R.number_encrypted, _R.check_wrong).join(_A, _A.recipient_id == _R.id)
    row = connection.execute(found.where(_A.id == attempt)).one_or_none()
    if row is None:
        return False
    if reply in (Reply.CHECK_EATING_WRONG, Reply.CHECK_RIDE_WRONG):
        wrong = " ".join(sorted({*row.check_wrong.split(), reply.value.split("-")[1]}))
        connection.execute(update(_R).where(_R.id == row.id).values(check_wrong=wrong))
        queue.add_task(connection, now, attempt, "check", "a question about the preparation was answered wrongly")
    elif reply is Reply.STOP:
        opt_out(connection, now, row.number_hash, row.number_encrypted, "key", "the person called")
    else:
        _about_appointment(connection, now, attempt, reply, row.id)
        if reply is Reply.WRONG_NUMBER:
            opt_out(connection, now, row.number_hash, row.number_encrypted, "wrong number", "the person called")
    return True


def _about_appointment(connection: Connection, now: datetime, attempt: str, reply: Reply, recipient: int) -> None:
    answered = {"reply": reply.value, "replied_at": now}
    connection.execute(update(_R).where(_R.id == recipient).values(**answered))
    words = {Reply.CHANGE: "wants to change or cancel", Reply.WRONG_NUMBER: "the number is wrong"}
    if reply in words:
        kind = "change" if reply is Reply.CHANGE else "wrong_number"
        queue.add_task(connection, now, attempt, kind, words[reply])
        cancel = {"state": "cancelled", "why": f"replied: {reply.value}", "ended_at": now}
        waiting = (_A.recipient_id == recipient, _A.state == "queued")
        connection.execute(update(_A).where(*waiting).values(**cancel))


def opt_out(connection: Connection, now: datetime, number_hash: str, encrypted: str, how: str, by: str) -> bool:
    """Enters an opt-out and takes every queued call to the number off the queue; False where it was there already."""
    row = {"number_hash": number_hash, "number_encrypted": encrypted, "at": now, "how": how, "entered_by": by}
    kept = insert(connection, OptOutRow).on_conflict_do_nothing().returning(OptOutRow.number_hash)
    new = connection.scalar(kept, row) is not None
    ended = {"state": "opted_out", "why": f"opted out ({how})", "ended_at": now, "claimed_by": None}
    waiting = (_A.number_hash == number_hash, _A.state.in_(("queued", "claimed")))
    connection.execute(update(_A).where(*waiting).values(**ended))
    return new


def is_out(connection: Connection, number_hash: str) -> bool:
    """Whether a number is not to be called."""
    return connection.scalar(select(OptOutRow.at).where(OptOutRow.number_hash == number_hash)) is not None


def opt_back_in(connection: Connection, number_hash: str) -> bool:
    """Takes an opt-out back; False where there is none."""
    return bool(connection.execute(delete(OptOutRow).where(OptOutRow.number_hash == number_hash)).rowcount)


def opt_outs(connection: Connection, secrets: Secrets, *, with_numbers: bool) -> Iterator[OptOut]:
    """Every opt-out, the oldest first; decrypts the numbers where asked. Raises SecretError for a missing key."""
    rows: Sequence[OptOutRow] = connection.execute(select(OptOutRow.__table__).order_by(OptOutRow.at)).all()  # type: ignore[assignment]
    for row in rows:
        number = secrets.decrypt_number(row.number_encrypted) if with_numbers and row.number_encrypted else ""
        yield OptOut(row.number_hash, row.at, row.how, row.entered_by, number)


def prepared(connection: Connection, now: datetime, attempt: str, clip: int, of: int) -> None:
    """A clip of the preparation was played to its end; the last one makes it whole."""
    recipient = select(_A.recipient_id).where(_A.id == attempt).scalar_subquery()
    known = (_R.id == recipient, _R.prep_clips == clip - 1)  # heard in order: the last one alone is not all of it
    ended = {"prep_ended_at": now} if clip >= of else {}
    connection.execute(update(_R).where(*known).values(prep_clips=clip, prep_of=of, **ended))
