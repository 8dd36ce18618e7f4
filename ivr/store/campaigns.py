"""Campaigns and their recipients: made, filled, filled again, started, paused, stopped.

Rules kept here: a campaign runs only after a judge found no fault in it, asked in the transaction that starts or
resumes it; the same row uploaded twice is one recipient; a later upload that moves an appointment moves its
reminders, and one that cancels it ends them. Who did what stands in the audit trail (45 CFR 164.312(b)).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from ivr.errors import CampaignError, Fault, StoreError
from ivr.store import queue, results
from ivr.store.reminder_schema import AttemptRow, CampaignRow, ConsentRow, RecipientRow
from ivr.store.results import Enlisted
from ivr.store.secrets import Secrets
from ivr.store.writing import audit
from ivr.store.writing import insert as insert_or

_A, _R, _C = AttemptRow, RecipientRow, CampaignRow
MOVES: Mapping[str, tuple[frozenset[str], str]] = {
    "start": (frozenset({"draft"}), "running"),
    "pause": (frozenset({"running"}), "paused"),
    "resume": (frozenset({"paused"}), "running"),
    "stop": (frozenset({"running", "paused"}), "stopped"),
}
"""What can be done to a campaign: from which states, and to which."""


@dataclass(frozen=True)
class Campaign:
    """A campaign as it stands. `days` are the days before an appointment on which it reminds."""

    id: int
    name: str
    topic: str
    purpose: str
    state: str
    days: tuple[int, ...]
    caller: str
    created_by: str
    started_at: datetime | None


StartJudge = Callable[[Campaign, Sequence[Enlisted]], Sequence[Fault]]
"""Is given a campaign and who is in it, by language, as they stand in the transaction; answers with all that forbids
the campaign to run. It is asked while the database waits, so it only compares: nothing slow belongs into it."""


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


def create(connection: Connection, now: datetime, campaign: Campaign) -> int:
    """A new campaign as a draft; its id. Raises StoreError where the name is taken."""
    if connection.scalar(select(_C.id).where(_C.name == campaign.name)) is not None:
        raise StoreError(f"There is a campaign called {campaign.name!r} already.", permanent=True)
    row = {
        "name": campaign.name,
        "topic": campaign.topic,
        "purpose": campaign.purpose,
        "state": "draft",
        "days": " ".join(map(str, campaign.days)),
        "caller": campaign.caller,
        "created_at": now,
        "created_by": campaign.created_by,
    }
    made = connection.execute(insert(CampaignRow).returning(_C.id), row).scalar_one()
    audit(connection, now, campaign.created_by, "campaign made", f"campaign {made}")
    return made


def find(connection: Connection, name: str) -> Campaign:
    """The campaign of that name. Raises StoreError where there is none."""
    found = [one for one in listed(connection) if one.name == name]
    if not found:
        raise StoreError(f"There is no campaign called {name!r}.", permanent=True)
    return found[0]


def listed(connection: Connection) -> Sequence[Campaign]:
    """Every campaign, the newest first."""
    columns = (_C.id, _C.name, _C.topic, _C.purpose, _C.state, _C.days, _C.caller, _C.created_by, _C.started_at)
    rows = connection.execute(select(*columns).order_by(_C.id.desc()))
    return [
        Campaign(id_, name, topic, purpose, state, tuple(map(int, days.split())), caller, by, started)
        for id_, name, topic, purpose, state, days, caller, by, started in rows
    ]


def start(connection: Connection, now: datetime, name: str, by: str, judge: StartJudge) -> Campaign:
    """Starts a draft in which `judge` finds no fault. Raises CampaignError with the faults, StoreError where it is no
    draft."""
    _refuse_with_faults(connection, name, "start", judge)
    return _move(connection, now, name, "start", by)


def resume(connection: Connection, now: datetime, name: str, by: str, judge: StartJudge) -> Campaign:
    """Goes on with a paused campaign in which `judge` finds no fault. Raises CampaignError with the faults, StoreError
    where it is not paused."""
    _refuse_with_faults(connection, name, "resume", judge)
    return _move(connection, now, name, "resume", by)


def pause(connection: Connection, now: datetime, name: str, by: str) -> Campaign:
    """Holds a running campaign. Raises StoreError where it does not run."""
    return _move(connection, now, name, "pause", by)


def stop(connection: Connection, now: datetime, name: str, by: str) -> Campaign:
    """Ends a campaign for good, and what waits in it. Raises StoreError where it neither runs nor is paused."""
    campaign = _move(connection, now, name, "stop", by)
    queue.cancel_waiting(connection, now, campaign.id)
    return campaign


def _refuse_with_faults(connection: Connection, name: str, verb: str, judge: StartJudge) -> None:
    # With PostgreSQL the row is locked first: whoever is joining the campaign at this moment is seen, or waits.
    connection.execute(select(_C.id).where(_C.name == name).with_for_update())
    campaign = find(connection, name)
    if campaign.state not in MOVES[verb][0]:
        raise _cannot(campaign, verb)
    if faults := judge(campaign, results.enlisted(connection, campaign.id)):
        raise CampaignError(faults)


def _move(connection: Connection, now: datetime, name: str, verb: str, by: str) -> Campaign:
    campaign = find(connection, name)
    allowed, state = MOVES[verb]
    values: dict[str, object] = {"state": state, **({"started_at": now} if verb == "start" else {})}
    done = update(_C).where(_C.id == campaign.id, _C.state.in_(allowed)).values(**values)
    if not connection.execute(done).rowcount:
        raise _cannot(campaign, verb)
    audit(connection, now, by, f"campaign {verb}", f"campaign {campaign.id}")
    return find(connection, name)


def _cannot(campaign: Campaign, verb: str) -> StoreError:
    return StoreError(f"The campaign {campaign.name!r} is {campaign.state}: it cannot {verb}.", permanent=True)


# --- Recipients ------------------------------------------------------------------------------------------------------


def enrol(
    connection: Connection,
    secrets: Secrets,
    now: datetime,
    campaign: int,
    bookings: Sequence[Booking],
    by: str,
    new_id: Callable[[], str],
) -> Enrolled:
    """Keeps some hundred bookings of an upload."""
    keyed = {key_of(secrets, one): one for one in bookings}
    told = (_R.appointment_at, _R.number_hash, _R.language, _R.zones, _R.state)
    columns = (_R.id, _R.key, *told)
    found = connection.execute(select(*columns).where(_R.campaign_id == campaign, _R.key.in_(keyed)))
    known = {row.key: row for row in found}
    fresh = {key: one for key, one in keyed.items() if key not in known and not one.cancelled}
    _insert(connection, secrets, campaign, fresh, new_id)
    _agreed(connection, secrets, now, bookings, by)
    done = Enrolled(new=len(fresh))
    for key, row in known.items():
        one = keyed[key]
        if one.cancelled:
            done += Enrolled(cancelled=_cancel(connection, now, row.id))
        elif tuple(row[2:]) != _standing(secrets, one):
            _rebook(connection, secrets, campaign, (row.id, one), new_id)
            done += Enrolled(moved=1)
        else:
            done += Enrolled(same=1)
    return done


def _standing(secrets: Secrets, one: Booking) -> tuple[object, ...]:
    """What a recipient's reminders stand on: with another time, number, language or zone they fall due anew."""
    return one.appointment_at, secrets.hash_number(one.number), one.language, one.zones, "active"


def key_of(secrets: Secrets, one: Booking) -> str:
    at = one.appointment_at.astimezone(UTC).isoformat()
    return secrets.hash_number(f"reference {one.reference}" if one.reference else f"{one.number} {at}")


def _insert(
    connection: Connection,
    secrets: Secrets,
    campaign: int,
    fresh: Mapping[str, Booking],
    new_id: Callable[[], str],
) -> None:
    if not fresh:
        return
    rows = [{"campaign_id": campaign, "key": key, **_row(secrets, one)} for key, one in fresh.items()]
    made = connection.execute(insert(RecipientRow).returning(_R.id, _R.key), rows)
    attempts = [row for id_, key in made for row in _attempts(secrets, campaign, id_, fresh[key], new_id, {})]
    queue.enqueue(connection, attempts)


def _row(secrets: Secrets, one: Booking) -> dict[str, object]:
    return {
        "line": one.line,
        "number_encrypted": secrets.encrypt_number(one.number),
        "number_hash": secrets.hash_number(one.number),
        "name_encrypted": secrets.encrypt_number(one.name) if one.name else "",
        "reference_encrypted": secrets.encrypt_number(one.reference) if one.reference else "",
        "language": one.language,
        "zones": one.zones,
        "appointment_at": one.appointment_at,
        "state": "active",
        "reply": "",
        "prep_clips": 0,
        "prep_of": 0,
        "check_wrong": "",
    }


def _attempts(
    secrets: Secrets,
    campaign: int,
    recipient: int,
    one: Booking,
    new_id: Callable[[], str],
    made: Mapping[int, int],
) -> Iterable[dict[str, object]]:
    """The first try of each reminder, after those that were `made` before an appointment was moved."""
    number_hash = secrets.hash_number(one.number)
    for due in one.dues:
        which = (due.days, made.get(due.days, 0) + 1)
        yield queue.new_attempt(new_id(), campaign, recipient, number_hash, which, (due.at, due.until))


def _agreed(connection: Connection, secrets: Secrets, now: datetime, bookings: Sequence[Booking], by: str) -> None:
    rows = [
        {
            "number_hash": secrets.hash_number(one.number),
            "purpose": one.consent[2],
            "source": one.consent[0],
            "given_on": one.consent[1],
            "recorded_at": now,
            "recorded_by": by,
        }
        for one in bookings
        if one.consent
    ]
    if rows:
        connection.execute(insert_or(connection, ConsentRow).on_conflict_do_nothing(), rows)


def _rebook(
    connection: Connection,
    secrets: Secrets,
    campaign: int,
    which: tuple[int, Booking],
    new_id: Callable[[], str],
) -> None:
    """Another time: what waits is taken away, and the reminders fall due anew; the old answer no longer holds."""
    recipient, one = which
    connection.execute(delete(_A).where(_A.recipient_id == recipient, _A.state.in_(("queued", "claimed"))))
    kept = connection.execute(
        select(_A.days, func.max(_A.number)).where(_A.recipient_id == recipient).group_by(_A.days)
    )
    made = {row[0]: row[1] for row in kept}
    fresh = {**_row(secrets, one), "replied_at": None, "prep_ended_at": None}
    connection.execute(update(_R).where(_R.id == recipient).values(**fresh))
    queue.enqueue(connection, list(_attempts(secrets, campaign, recipient, one, new_id, made)))


def _cancel(connection: Connection, now: datetime, recipient: int) -> int:
    ended = {"state": "cancelled", "why": "the appointment is off", "ended_at": now}
    connection.execute(update(_A).where(_A.recipient_id == recipient, _A.state == "queued").values(**ended))
    off = update(_R).where(_R.id == recipient, _R.state == "active").values(state="cancelled")
    return connection.execute(off).rowcount
