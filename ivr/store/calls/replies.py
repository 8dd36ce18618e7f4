"""What a reminder call asks of the database, and what people answer to it: committed before it is spoken of.

Rules kept here: a reply of "stop" or "wrong number" enters an opt-out in the same transaction (rules C7, H3); a machine
is left one message a reminder (H2).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from ivr.line.nodes import Reply, WrongAnswer
from ivr.store.campaigns import opt_outs
from ivr.store.campaigns.tasks import add_task
from ivr.store.reminder_schema import AttemptRow, CampaignRow, RecipientRow

_A, _R = AttemptRow, RecipientRow


@dataclass(frozen=True)
class Appointment:
    """What a reminder call has to say: whose language, when (aware UTC), about which topic, and for which recipient."""

    recipient: int
    language: str
    at: datetime
    topic: str


def find_appointment(connection: Connection, attempt: str) -> Appointment | None:
    """What an attempt is about; None for one that is not ours."""
    columns = (_R.id, _R.language, _R.appointment_at, CampaignRow.topic)
    found = select(*columns).join(_A, _A.recipient_id == _R.id).join(CampaignRow, CampaignRow.id == _R.campaign_id)
    row = connection.execute(found.where(_A.id == attempt)).one_or_none()
    return Appointment(*row) if row else None


def find_number_hash(connection: Connection, attempt: str) -> str | None:
    """The hash of the number that an attempt calls; None for one that is not ours."""
    return connection.scalar(select(_A.number_hash).where(_A.id == attempt))


def find_machine_message(connection: Connection, attempt: str) -> tuple[str, str] | None:
    """Language and topic, where this attempt's machine may be left a message (H2: once a reminder)."""
    columns = (_A.recipient_id, _A.days, _A.passed_at, _R.language, CampaignRow.topic)
    joined = select(*columns).join(_R, _R.id == _A.recipient_id).join(CampaignRow, CampaignRow.id == _A.campaign_id)
    row = connection.execute(joined.where(_A.id == attempt)).one_or_none()
    if row is None or row.passed_at is not None:
        return None
    same = (_A.recipient_id == row.recipient_id, _A.days == row.days, _A.id != attempt, _A.state == "machine")
    return None if connection.scalar(select(_A.id).where(*same).limit(1)) else (row.language, row.topic)


def save_reply(connection: Connection, now: datetime, attempt: str, reply: Reply | WrongAnswer) -> bool:
    """Keep a reply; the same one twice is one. False for an attempt that is not ours."""
    found = select(_R.id, _R.number_hash, _R.number_encrypted, _R.check_wrong).join(_A, _A.recipient_id == _R.id)
    row = connection.execute(found.where(_A.id == attempt)).one_or_none()
    if row is None:
        return False
    if isinstance(reply, WrongAnswer):
        wrong = " ".join(sorted({*row.check_wrong.split(), reply.question}))
        connection.execute(update(_R).where(_R.id == row.id).values(check_wrong=wrong))
        add_task(connection, now, attempt, "check", "a question about the preparation was answered wrongly")
    elif reply is Reply.STOP:
        opt_outs.enter_opt_out(connection, now, row.number_hash, row.number_encrypted, "key", opt_outs.BY_THE_CALLED)
    else:
        _keep_answer(connection, now, attempt, reply, row.id)
        if reply is Reply.WRONG_NUMBER:
            opt_outs.enter_opt_out(
                connection, now, row.number_hash, row.number_encrypted, "wrong number", opt_outs.BY_THE_CALLED
            )
    return True


def _keep_answer(connection: Connection, now: datetime, attempt: str, reply: Reply, recipient: int) -> None:
    answered = {"reply": reply.value, "replied_at": now}
    connection.execute(update(_R).where(_R.id == recipient).values(**answered))
    words = {Reply.CHANGE: "wants to change or cancel", Reply.WRONG_NUMBER: "the number is wrong"}
    if reply in words:
        kind = "change" if reply is Reply.CHANGE else "wrong_number"
        add_task(connection, now, attempt, kind, words[reply])
        cancel = {"state": "cancelled", "why": f"replied: {reply.value}", "ended_at": now}
        waiting = (_A.recipient_id == recipient, _A.state == "queued")
        connection.execute(update(_A).where(*waiting).values(**cancel))


def keep_preparation_heard(connection: Connection, now: datetime, attempt: str, clip: int, of: int) -> None:
    """A clip of the preparation was played to its end; the last one makes it whole."""
    recipient = select(_A.recipient_id).where(_A.id == attempt).scalar_subquery()
    known = (_R.id == recipient, _R.prep_clips == clip - 1)  # heard in order: the last one alone is not all of it
    ended = {"prep_ended_at": now} if clip >= of else {}
    connection.execute(update(_R).where(*known).values(prep_clips=clip, prep_of=of, **ended))


def mark_gate_passed(connection: Connection, now: datetime, attempt: str) -> None:
    """Somebody pressed a key at the gate: it was no machine that answered (H2)."""
    connection.execute(update(_A).where(_A.id == attempt, _A.passed_at.is_(None)).values(passed_at=now))
