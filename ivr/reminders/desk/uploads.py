"""Lists of appointments at the desk: read for their faults, then read again and kept.

Rules kept here: nothing of a list with a fault is kept unless a person says that the good rows may go ahead; a list
that changed while it was read is not kept; one that joins a campaign under way is rehearsed first, since nobody will do
it later (rules C4, H1 and L3, ivr/README.md); and a list is never in memory as a whole.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from ivr.errors import FaultyRowsError, HalfConsentError, UploadRefusedError
from ivr.reminders.desk.equipment import DeskEquipment
from ivr.reminders.enrolment import CampaignTerms, ListReview, choose_bookings, review_rows
from ivr.reminders.list.cells import ListReading
from ivr.reminders.list.recipients import read_recipients
from ivr.reminders.rehearsal import rehearse_joining_languages
from ivr.reminders.rules.appointments import Consent
from ivr.store.campaigns.campaigns import Campaign
from ivr.store.campaigns.enrolment import Booking, Enrolled

UploadStep = Literal["reading", "keeping"]


def _ignore(*_: object) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class UploadProgress:
    """Who watches an upload. `note` hears, in words, what of the file is not read; `advance` how many rows of a step
    are done, at its beginning (0) and after each; `show_review` what the list holds, before anything is decided."""

    note: Callable[[str], None] = _ignore
    advance: Callable[[UploadStep, int], None] = _ignore
    show_review: Callable[[ListReview], None] = _ignore


@dataclass(frozen=True)
class AppointmentList:
    """A list that a person hands over (CSV or XLSX). The consent, where it was given and when, is for every row that
    has none of its own. `day_first`: whether 03/04/2027 is 3 April; None refuses such a date."""

    file: Path
    consent_source: str | None = None
    consent_date: date | None = None
    day_first: bool | None = None


@dataclass(frozen=True)
class UploadedList:
    """What became of a list: what was found in it, and what was kept of it in which campaign."""

    campaign: Campaign
    review: ListReview
    enrolled: Enrolled


@dataclass(frozen=True)
class UploadDesk:
    """Every act with a list of appointments."""

    equipment: DeskEquipment

    def upload(
        self,
        name: str,
        given: AppointmentList,
        by: str,
        *,
        good_rows: bool = False,
        progress: UploadProgress = UploadProgress(),
    ) -> UploadedList:
        """Reads a list into a campaign; with `good_rows`, also one in which other rows have faults.

        Raises NotStaffError, HalfConsentError, RecipientsError for a file that is no list, FaultyRowsError,
        UploadRefusedError where the campaign takes no such list, CatalogError and StoreError. Nothing is kept then,
        but for a database that fails half way, or a file that is damaged between the two readings: the same list
        again adds only the rest.
        """
        by = self.equipment.check_staff(by)
        if (given.consent_source is None) != (given.consent_date is None):
            raise HalfConsentError
        upload = self._open(self._find_campaign(name), given, progress)
        stamp = _stamp(given.file)
        review = upload.review()
        progress.show_review(review)
        if review.faulty and not good_rows:
            raise FaultyRowsError(review.faults.shown, review.faults.count, review.faulty, review.rows)
        campaign = self._find_campaign(name)
        self._check_joining(campaign, review.languages)
        if _stamp(given.file) != stamp:
            raise UploadRefusedError(f"Nothing is kept: {given.file.name} changed while it was read. Upload it again.")
        return UploadedList(upload.campaign, review, self._keep(campaign, upload, by))

    def _find_campaign(self, name: str) -> Campaign:
        campaign = self.equipment.store.campaigns.find_campaign(name)
        if campaign.state == "stopped":
            raise UploadRefusedError(f"{name} is stopped and calls nobody any more. Make a new campaign.")
        return campaign

    def _open(self, campaign: Campaign, given: AppointmentList, progress: UploadProgress) -> "_Upload":
        clinic, now = self.equipment.clinic, self.equipment.store.campaigns.read_clock()
        consent = None
        if given.consent_date is not None:
            consent = Consent(given.consent_source or "", given.consent_date, campaign.purpose)
        reading = ListReading(
            country=clinic.country,
            zone=clinic.zone,
            languages=self.equipment.spoken().line.languages,
            now=now,
            consent=consent,
            day_first=given.day_first,
        )
        terms = CampaignTerms(campaign.purpose, campaign.days, self.equipment.rules, now)
        return _Upload(campaign=campaign, file=given.file, reading=reading, terms=terms, progress=progress)

    def _check_joining(self, campaign: Campaign, languages: set[str]) -> None:
        if campaign.state == "draft" or not languages:
            return
        if faults := rehearse_joining_languages(campaign, languages, self.equipment.set_stage()):
            lines = "\n".join(f"  {fault}" for fault in faults)
            raise UploadRefusedError(f"Nothing is kept: the campaign is {campaign.state}, and\n{lines}", faults)

    def _keep(self, campaign: Campaign, upload: "_Upload", by: str) -> Enrolled:
        store, enrolled = self.equipment.store.campaigns, Enrolled()
        bookings = upload.choose_bookings(lambda booking: store.is_enrolled(campaign, booking))
        for chunk in store.enrol(campaign, bookings, by):
            enrolled += chunk
        return enrolled


@dataclass(frozen=True)
class _Upload:
    """A list on its way into a campaign, which can be read as often as is needed."""

    campaign: Campaign
    file: Path
    reading: ListReading
    terms: CampaignTerms
    progress: UploadProgress

    def review(self) -> ListReview:
        """What the list holds, found without keeping any of it."""
        found = ListReview()
        self.progress.advance("reading", 0)

        def count_row(_: int) -> None:
            found.rows += 1
            self.progress.advance("reading", found.rows)

        review_rows(read_recipients(self.file, self.reading, count_row, self.progress.note), self.terms, found)
        return found

    def choose_bookings(self, is_enrolled: Callable[[Booking], bool]) -> Iterator[Booking]:
        """What the store is to keep."""
        count = 0
        self.progress.advance("keeping", 0)

        def count_row(_: int) -> None:
            nonlocal count
            count += 1
            self.progress.advance("keeping", count)

        return choose_bookings(read_recipients(self.file, self.reading, count_row), self.terms, is_enrolled)


def _stamp(file: Path) -> tuple[int, int] | None:
    """What changes with a file: when it was written (ns), and its size (bytes); None where it is not there."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
