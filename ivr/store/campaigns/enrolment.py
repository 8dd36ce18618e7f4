"""Recipients of a campaign, kept from an upload.

Rules kept here: the same row uploaded twice is one recipient; a later upload that moves an appointment moves its
reminders, and one that cancels it ends them; the consent of each recipient is written down with who says so.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from ivr.store.campaigns import queue
from ivr.store.campaigns.campaigns import Campaign, refuse_changed
from ivr.store.reminder_schema import AttemptRow, ConsentRow, RecipientRow
from ivr.store.secrets import Secrets
from ivr.store.writing import insert as insert_or

_A, _R = AttemptRow, RecipientRow


@dataclass(frozen=True)
class Due:
    """One reminder: its days before the appointment. It may be dialed from `at` on, before `until` (UTC)."""

    days: int
    at: datetime
    until: datetime


@dataclass(frozen=True)
class Booking:
    """One recipient to be kept, with the reminders that it is due. `consent` is source, day and purpose; only a
    cancelled appointment may lack it."""

    line: int
    number: str
    name: str
    reference: str
    language: str
    zones: str
    appointment_at: datetime
    cancelled: bool
    consent: tuple[str, date, str] | None
    dues: tuple[Due, ...]


@dataclass(frozen=True)
class Enrolled:
    """What an upload did: recipients that are new, were there already, were changed (another time, number or
    language), were cancelled."""

    new: int = 0
    same: int = 0
    moved: int = 0
    cancelled: int = 0

    def __add__(self, other: "Enrolled") -> "Enrolled":
        return Enrolled(
            self.new + other.new, self.same + other.same, self.moved + other.moved, self.cancelled + other.cancelled
        )


def is_enrolled(connection: Connection, campaign: int, key: str) -> bool:
    """Whether an earlier upload has brought this recipient."""
    found = select(_R.id).where(_R.campaign_id == campaign, _R.key == key)
    return connection.scalar(found) is not None


def enrol(
    connection: Connection,
    secrets: Secrets,
    now: datetime,
    campaign: Campaign,
    bookings: Sequence[Booking],
    by: str,
    make_id: Callable[[], str],
) -> Enrolled:
    """Keep some hundred bookings of an upload, for a campaign as it stood when the list was read. Raises StoreError
    where it was started or stopped meanwhile: what was judged then is not what would be called now."""
    refuse_changed(connection, campaign)
    keyed = {hash_key(secrets, booking): booking for booking in bookings}
    columns = (_R.id, _R.key, _R.appointment_at, _R.number_hash, _R.language, _R.zones, _R.state)
    found = connection.execute(select(*columns).where(_R.campaign_id == campaign.id, _R.key.in_(keyed)))
    known = {row.key: row for row in found}
    fresh = {key: booking for key, booking in keyed.items() if key not in known and not booking.cancelled}
    _add_recipients(connection, secrets, campaign.id, fresh, make_id)
    _keep_consents(connection, secrets, now, bookings, by)
    enrolled = Enrolled(new=len(fresh))
    for key, row in known.items():
        booking = keyed[key]
        if booking.cancelled:
            enrolled += Enrolled(cancelled=_cancel(connection, now, row.id))
        elif tuple(row[2:]) != _key_reminders(secrets, booking):
            _rebook(connection, secrets, campaign.id, (row.id, booking), make_id)
            enrolled += Enrolled(moved=1)
        else:
            enrolled += Enrolled(same=1)
    return enrolled


def _key_reminders(secrets: Secrets, booking: Booking) -> tuple[object, ...]:
    """What a recipient's reminders stand on: with another time, number, language or zone they fall due anew."""
    return booking.appointment_at, secrets.hash_number(booking.number), booking.language, booking.zones, "active"


def hash_key(secrets: Secrets, booking: Booking) -> str:
    """The keyed hash by which the same row is known again: of the clinic's own id, or of number and appointment."""
    at = booking.appointment_at.astimezone(UTC).isoformat()
    return secrets.hash_number(f"reference {booking.reference}" if booking.reference else f"{booking.number} {at}")


def _add_recipients(
    connection: Connection,
    secrets: Secrets,
    campaign: int,
    fresh: Mapping[str, Booking],
    make_id: Callable[[], str],
) -> None:
    if not fresh:
        return
    rows = [{"campaign_id": campaign, "key": key, **_make_row(secrets, booking)} for key, booking in fresh.items()]
    made = connection.execute(insert(RecipientRow).returning(_R.id, _R.key), rows)
    attempts = [row for id_, key in made for row in _make_attempts(secrets, campaign, id_, fresh[key], make_id, {})]
    queue.enqueue(connection, attempts)


def _make_row(secrets: Secrets, booking: Booking) -> dict[str, object]:
    return {
        "line": booking.line,
        "number_encrypted": secrets.encrypt_number(booking.number),
        "number_hash": secrets.hash_number(booking.number),
        "name_encrypted": secrets.encrypt_number(booking.name) if booking.name else "",
        "reference_encrypted": secrets.encrypt_number(booking.reference) if booking.reference else "",
        "language": booking.language,
        "zones": booking.zones,
        "appointment_at": booking.appointment_at,
        "state": "active",
        "reply": "",
        "prep_clips": 0,
        "prep_of": 0,
        "check_wrong": "",
    }


def _make_attempts(
    secrets: Secrets,
    campaign: int,
    recipient: int,
    booking: Booking,
    make_id: Callable[[], str],
    made: Mapping[int, int],
) -> Iterable[dict[str, object]]:
    """The first try of each reminder, after those that were `made` before an appointment was moved."""
    number_hash = secrets.hash_number(booking.number)
    for due in booking.dues:
        which = (due.days, made.get(due.days, 0) + 1)
        yield queue.make_attempt(make_id(), campaign, recipient, number_hash, which, (due.at, due.until))


def _keep_consents(
    connection: Connection, secrets: Secrets, now: datetime, bookings: Sequence[Booking], by: str
) -> None:
    rows = [
        {
            "number_hash": secrets.hash_number(booking.number),
            "purpose": booking.consent[2],
            "source": booking.consent[0],
            "given_on": booking.consent[1],
            "recorded_at": now,
            "recorded_by": by,
        }
        for booking in bookings
        if booking.consent
    ]
    if rows:
        connection.execute(insert_or(connection, ConsentRow).on_conflict_do_nothing(), rows)


def _rebook(
    connection: Connection,
    secrets: Secrets,
    campaign: int,
    which: tuple[int, Booking],
    make_id: Callable[[], str],
) -> None:
    """Another time: what waits is taken away, and the reminders fall due anew; the old answer no longer holds."""
    recipient, booking = which
    connection.execute(delete(_A).where(_A.recipient_id == recipient, _A.state.in_(("queued", "claimed"))))
    kept = connection.execute(
        select(_A.days, func.max(_A.number)).where(_A.recipient_id == recipient).group_by(_A.days)
    )
    made = {row[0]: row[1] for row in kept}
    fresh = {**_make_row(secrets, booking), "replied_at": None, "prep_ended_at": None}
    connection.execute(update(_R).where(_R.id == recipient).values(**fresh))
    queue.enqueue(connection, list(_make_attempts(secrets, campaign, recipient, booking, make_id, made)))


def _cancel(connection: Connection, now: datetime, recipient: int) -> int:
    ended = {"state": "cancelled", "why": "the appointment is off", "ended_at": now}
    connection.execute(update(_A).where(_A.recipient_id == recipient, _A.state == "queued").values(**ended))
    off = update(_R).where(_R.id == recipient, _R.state == "active").values(state="cancelled")
    return connection.execute(off).rowcount
