"""Campaigns, as staff create, fill, start, pause, resume, stop and discard them.

Rule kept here: nothing starts or resumes a campaign without asking a judge in the same transaction. Everything goes by
the database's own clock.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from ivr.store.campaigns import campaigns, enrolment, results
from ivr.store.campaigns.campaigns import Campaign, StartJudge
from ivr.store.campaigns.enrolment import Booking, Enrolled
from ivr.store.campaigns.queue import make_id
from ivr.store.campaigns.results import Enlisted
from ivr.store.secrets import Secrets
from ivr.store.transactions import Transactions
from ivr.store.writing import audit

CHUNK = 500
"""Bookings kept in a transaction: other writers get their turn in between."""


class StaffCampaigns:
    """The campaigns and who is in them. Every method raises StoreError where it cannot."""

    def __init__(self, transactions: Transactions, secrets: Secrets) -> None:
        self._transactions, self._secrets = transactions, secrets

    def read_clock(self) -> datetime:
        """The moment by the database's clock."""
        return self._transactions.read_clock()

    def create(self, campaign: Campaign) -> Campaign:
        """Enter a new campaign, as a draft. Raises StoreError where its name is taken."""
        self._transactions.decide(lambda on, now: campaigns.create(on, now, campaign))
        return self.find_campaign(campaign.name)

    def find_campaign(self, name: str) -> Campaign:
        """The campaign of that name. Raises StoreError where there is none."""
        return self._transactions.read_for_call(lambda on: campaigns.find_campaign(on, name))

    def list_campaigns(self) -> Sequence[Campaign]:
        """Every campaign, the newest first."""
        return self._transactions.read_for_call(campaigns.list_campaigns)

    def start(self, name: str, by: str, judge: StartJudge) -> Campaign:
        """Start a draft in which `judge` finds no fault. Raises CampaignError with the faults, or StoreError."""
        return self._transactions.decide(lambda on, now: campaigns.start(on, now, name, by, judge))

    def resume(self, name: str, by: str, judge: StartJudge) -> Campaign:
        """Go on with a paused campaign in which `judge` finds no fault. Raises CampaignError with the faults, or
        StoreError."""
        return self._transactions.decide(lambda on, now: campaigns.resume(on, now, name, by, judge))

    def pause(self, name: str, by: str) -> Campaign:
        """Hold a running campaign. Raises StoreError."""
        return self._transactions.decide(lambda on, now: campaigns.pause(on, now, name, by))

    def stop(self, name: str, by: str) -> Campaign:
        """End a campaign for good; what waits in it is cancelled. Raises StoreError."""
        return self._transactions.decide(lambda on, now: campaigns.stop(on, now, name, by))

    def discard(self, name: str, by: str) -> None:
        """Take a draft that was a mistake away, with its recipients; consents stay on record. Raises StoreError."""
        self._transactions.decide(lambda on, now: campaigns.discard(on, now, name, by))

    def enrol(self, campaign: Campaign, bookings: Iterable[Booking], by: str) -> Iterator[Enrolled]:
        """Keep bookings some hundred at a time, each in a transaction; yields what each did. `campaign` is as it stood
        when the list was read. Raises StoreError where it was started or stopped since."""
        self._transactions.decide(
            lambda on, now: audit(on, now, by, "appointments uploaded", f"campaign {campaign.id}")
        )
        source = iter(bookings)
        while chunk := list(islice(source, CHUNK)):
            yield self._keep(campaign, chunk, by)

    def _keep(self, campaign: Campaign, chunk: Sequence[Booking], by: str) -> Enrolled:
        return self._transactions.decide(
            lambda on, now: enrolment.enrol(on, self._secrets, now, campaign, chunk, by, make_id)
        )

    def is_enrolled(self, campaign: Campaign, booking: Booking) -> bool:
        """Whether an earlier upload has brought this booking's recipient."""
        key = enrolment.hash_key(self._secrets, booking)
        return self._transactions.read_page(lambda on: enrolment.is_enrolled(on, campaign.id, key))

    def list_enlisted(self, campaign: Campaign) -> Sequence[Enlisted]:
        """Who is in it, by language."""
        return self._transactions.read_page(lambda on: results.list_enlisted(on, campaign.id))

    def list_appointments(self, campaign: Campaign) -> Sequence[tuple[str, datetime]]:
        """The language and the moment (UTC) of every appointment that may still be told, each once."""
        return self._transactions.read_page(lambda on: results.list_appointments(on, campaign.id))
