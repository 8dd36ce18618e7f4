"""A draft that was a mistake, taken away with its list.

Rules kept here: only a draft from which nobody was called can be discarded, since what was dialed counts for the caps
(rule C5, ivr/README.md); opt-outs and consents are the person's own, and stay; that it was there, and who took it away,
stands in the audit trail (45 CFR 164.312(b)).
"""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from ivr.errors import StoreError
from ivr.store import campaigns
from ivr.store.reminder_schema import AttemptRow, CampaignRow, RecipientRow, TaskRow
from ivr.store.writing import audit


def discard(connection: Connection, now: datetime, name: str, by: str) -> None:
    """Takes a draft away. Raises StoreError where there is none of that name, or where somebody was called from it."""
    # With PostgreSQL the row is locked first: a start at the same moment waits, and then finds no campaign.
    connection.execute(select(CampaignRow.id).where(CampaignRow.name == name).with_for_update())
    campaign = campaigns.find(connection, name)
    dialed = select(AttemptRow.id).where(AttemptRow.campaign_id == campaign.id, AttemptRow.dialing_at.is_not(None))
    if campaign.state != "draft" or connection.scalar(dialed.limit(1)) is not None:
        words = f"The campaign {name!r} is {campaign.state}: it cannot be discarded, since people may have been called."
        raise StoreError(words, permanent=True)
    recipients = select(RecipientRow.id).where(RecipientRow.campaign_id == campaign.id)
    connection.execute(delete(TaskRow).where(TaskRow.recipient_id.in_(recipients)))
    for rows in (AttemptRow, RecipientRow):
        connection.execute(delete(rows).where(rows.campaign_id == campaign.id))
    connection.execute(delete(CampaignRow).where(CampaignRow.id == campaign.id))
    audit(connection, now, by, "campaign discarded", f"campaign {campaign.id}")
