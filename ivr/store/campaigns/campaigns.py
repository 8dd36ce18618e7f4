"""Campaigns: created, started, paused, resumed, stopped, discarded.

Rules kept here: a campaign runs only after a judge found no fault in it, asked in the transaction that starts or
resumes it. Who did what stands in the audit trail (45 CFR 164.312(b)).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from ivr.errors import CampaignError, Fault, StoreError
from ivr.store.campaigns import queue, results
from ivr.store.campaigns.results import Enlisted
from ivr.store.reminder_schema import AttemptRow, CampaignRow, RecipientRow, TaskRow
from ivr.store.writing import audit

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


def create(connection: Connection, now: datetime, campaign: Campaign) -> int:
    """Enter a new campaign as a draft; returns its id. Raises StoreError where the name is taken."""
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


def find_campaign(connection: Connection, name: str) -> Campaign:
    """The campaign of that name. Raises StoreError where there is none."""
    found = [campaign for campaign in list_campaigns(connection) if campaign.name == name]
    if not found:
        raise StoreError(f"There is no campaign called {name!r}.", permanent=True)
    return found[0]


def list_campaigns(connection: Connection) -> Sequence[Campaign]:
    """Every campaign, the newest first."""
    columns = (_C.id, _C.name, _C.topic, _C.purpose, _C.state, _C.days, _C.caller, _C.created_by, _C.started_at)
    rows = connection.execute(select(*columns).order_by(_C.id.desc()))
    return [
        Campaign(
            id=row.id,
            name=row.name,
            topic=row.topic,
            purpose=row.purpose,
            state=row.state,
            days=tuple(map(int, row.days.split())),
            caller=row.caller,
            created_by=row.created_by,
            started_at=row.started_at,
        )
        for row in rows
    ]


def start(connection: Connection, now: datetime, name: str, by: str, judge: StartJudge) -> Campaign:
    """Start a draft in which `judge` finds no fault. Raises CampaignError with the faults, StoreError where it is no
    draft."""
    _refuse_with_faults(connection, name, "start", judge)
    return _move(connection, now, name, "start", by)


def resume(connection: Connection, now: datetime, name: str, by: str, judge: StartJudge) -> Campaign:
    """Go on with a paused campaign in which `judge` finds no fault. Raises CampaignError with the faults, StoreError
    where it is not paused."""
    _refuse_with_faults(connection, name, "resume", judge)
    return _move(connection, now, name, "resume", by)


def pause(connection: Connection, now: datetime, name: str, by: str) -> Campaign:
    """Hold a running campaign. Raises StoreError where it does not run."""
    return _move(connection, now, name, "pause", by)


def stop(connection: Connection, now: datetime, name: str, by: str) -> Campaign:
    """End a campaign for good, and what waits in it. Raises StoreError where it neither runs nor is paused."""
    campaign = _move(connection, now, name, "stop", by)
    queue.cancel_waiting(connection, now, campaign.id)
    return campaign


def discard(connection: Connection, now: datetime, name: str, by: str) -> None:
    """Take a draft away with its recipients; opt-outs and consents are the person's own, and stay. Raises StoreError
    where there is none of that name, or where somebody was called from it: that counts for the caps (rule C5)."""
    _lock(connection, name)
    campaign = find_campaign(connection, name)
    if campaign.state != "draft" or results.has_dialed(connection, campaign.id):
        words = f"The campaign {name!r} is {campaign.state}: it cannot be discarded, since people may have been called."
        raise StoreError(words, permanent=True)
    recipients = select(_R.id).where(_R.campaign_id == campaign.id)
    connection.execute(delete(TaskRow).where(TaskRow.recipient_id.in_(recipients)))
    connection.execute(delete(_A).where(_A.campaign_id == campaign.id))
    connection.execute(delete(_R).where(_R.campaign_id == campaign.id))
    connection.execute(delete(_C).where(_C.id == campaign.id))
    audit(connection, now, by, "campaign discarded", f"campaign {campaign.id}")


def _lock(connection: Connection, name: str) -> None:
    # With PostgreSQL the row is locked first: a list that joins the campaign at this moment is seen, or waits.
    connection.execute(select(_C.id).where(_C.name == name).with_for_update())


def refuse_changed(connection: Connection, campaign: Campaign) -> None:
    """Check that a campaign is still what it was when a list for it was read: a draft, or under way. Raises StoreError
    where it is not. With PostgreSQL, a start at the same moment waits until the list's rows are in, and judges them."""
    held = select(_C.state).where(_C.id == campaign.id).with_for_update(read=True, key_share=True)
    state = connection.scalar(held)
    if state is None or state == "stopped" or (state == "draft") != (campaign.state == "draft"):
        words = f"The campaign {campaign.name!r} is {state or 'discarded'} now. Look at it, and upload the list again."
        raise StoreError(words, permanent=True)


def _refuse_with_faults(connection: Connection, name: str, verb: str, judge: StartJudge) -> None:
    _lock(connection, name)
    campaign = find_campaign(connection, name)
    if campaign.state not in MOVES[verb][0]:
        raise _explain_state(campaign, verb)
    if faults := judge(campaign, results.list_enlisted(connection, campaign.id)):
        raise CampaignError(faults)


def _move(connection: Connection, now: datetime, name: str, verb: str, by: str) -> Campaign:
    campaign = find_campaign(connection, name)
    allowed, state = MOVES[verb]
    values: dict[str, object] = {"state": state, **({"started_at": now} if verb == "start" else {})}
    done = update(_C).where(_C.id == campaign.id, _C.state.in_(allowed)).values(**values)
    if not connection.execute(done).rowcount:
        raise _explain_state(campaign, verb)
    audit(connection, now, by, f"campaign {verb}", f"campaign {campaign.id}")
    return find_campaign(connection, name)


def _explain_state(campaign: Campaign, verb: str) -> StoreError:
    return StoreError(f"The campaign {campaign.name!r} is {campaign.state}: it cannot {verb}.", permanent=True)
