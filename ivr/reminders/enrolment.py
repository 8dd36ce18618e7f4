"""From a row of a clinic's list to what the store keeps, or to the reasons why this patient is not called.

Rules kept here: a row without consent (rule C1), without an hour at which it may be called (C8), with a number that is
never dialed (C9), or with no reminder left in time is refused, in words. What the newest list says holds: a refused row
also ends what an earlier upload of it has queued.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from ivr.errors import Fault
from ivr.reminders.list.zones import Zones, find_zones
from ivr.reminders.rules.appointments import Recipient
from ivr.reminders.rules.judging import Rulebook
from ivr.reminders.rules.rules import c1_consent, c8_a_common_hour_is_known, c9_number_may_be_called
from ivr.reminders.rules.schedule import plan_reminders
from ivr.store.campaigns.enrolment import Booking, Due

MOST_SHOWN = 1000
"""Faults that are kept to be shown; all are counted."""
TOO_LATE = (
    "No reminder is left that could be given in time, on a day and at an hour when this patient may be called. "
    "Call in person."
)


@dataclass(frozen=True)
class CampaignTerms:
    """What a campaign asks of its rows: its purpose, the days before an appointment on which it reminds, the clinic's
    rules, and the moment (aware) of the upload."""

    purpose: str
    days: tuple[int, ...]
    rules: Rulebook
    now: datetime


@dataclass(frozen=True)
class RowVerdict:
    """What becomes of a row. Without `reasons`, `booking` is to be kept. With them the patient is not called, and
    `booking` (None where there is none) only ends or moves what an earlier upload has kept."""

    booking: Booking | None
    reasons: tuple[Fault, ...] = ()


def judge_row(recipient: Recipient, terms: CampaignTerms) -> RowVerdict:
    """The verdict about one row. Its consent is taken as given for the campaign's purpose."""
    if recipient.consent is None:
        return RowVerdict(None, c1_consent(recipient, terms.purpose))
    recipient = replace(recipient, consent=replace(recipient.consent, purpose=terms.purpose))
    zones = find_zones(recipient.phone, recipient.zone, recipient.postal)
    if recipient.cancelled:
        return RowVerdict(_book(recipient, zones, ()))
    if lacking := c1_consent(recipient, terms.purpose, terms.now.astimezone(terms.rules.closed.zone).date()):
        return RowVerdict(None, lacking)
    if reasons := _find_reasons(recipient, zones, terms):
        return RowVerdict(replace(_book(recipient, zones, ()), cancelled=True), reasons)
    rules = terms.rules
    dues = plan_reminders(recipient, terms.days, zones, rules.hours, rules.closed, terms.now)
    booking = _book(recipient, zones, dues)
    return RowVerdict(booking, () if dues else (Fault(f"Too late, line {recipient.line}", TOO_LATE),))


def _find_reasons(recipient: Recipient, zones: Zones, terms: CampaignTerms) -> tuple[Fault, ...]:
    rules = terms.rules
    return (
        *c9_number_may_be_called(recipient.phone, rules.profile, recipient.line),
        *c8_a_common_hour_is_known(zones, rules.hours, terms.now, recipient.appointment, recipient.line),
    )


def _book(recipient: Recipient, zones: Zones, dues: Iterable[Due]) -> Booking:
    consent = recipient.consent
    if consent is None:
        raise ValueError("nobody is kept without a consent")
    return Booking(
        line=recipient.line,
        number=recipient.phone,
        name=recipient.name,
        reference=recipient.reference,
        language=recipient.language,
        zones=" ".join(sorted(zone.key for zone in zones)),
        appointment_at=recipient.appointment,
        cancelled=recipient.cancelled,
        consent=(consent.source, consent.on, consent.purpose),
        dues=tuple(dues),
    )


@dataclass
class CountedFaults:
    """Some faults to be shown, and how many there are."""

    shown: list[Fault] = field(default_factory=list)
    count: int = 0

    def add(self, faults: Iterable[Fault]) -> None:
        """Counts them all; keeps the first thousand."""
        for fault in faults:
            self.count += 1
            if len(self.shown) < MOST_SHOWN:
                self.shown.append(fault)


@dataclass
class ListReview:
    """What a list holds, found without keeping any of it: `rows` that are not empty, of which `good` can be read and
    `refused` of those are kept out by the rules; every fault and reason; the languages of the good ones."""

    rows: int = 0
    good: int = 0
    refused: int = 0
    faults: CountedFaults = field(default_factory=CountedFaults)
    reasons: CountedFaults = field(default_factory=CountedFaults)
    languages: set[str] = field(default_factory=set)

    @property
    def faulty(self) -> int:
        """Rows that cannot be read."""
        return self.rows - self.good


def review_rows(outcomes: Iterable[Recipient | Fault], terms: CampaignTerms, found: ListReview) -> None:
    """Looks at every row once, and writes what it finds into `found` (but `rows`, which the reader counts)."""
    for outcome in outcomes:
        if isinstance(outcome, Fault):
            found.faults.add([outcome])
            continue
        verdict = judge_row(outcome, terms)
        found.good += 1
        found.refused += bool(verdict.reasons)
        found.reasons.add(verdict.reasons)
        if not verdict.reasons and not outcome.cancelled:
            found.languages.add(outcome.language)


def choose_bookings(
    outcomes: Iterable[Recipient | Fault], terms: CampaignTerms, is_enrolled: Callable[[Booking], bool]
) -> Iterator[Booking]:
    """What the store is to keep of a list: the good rows, and refused ones that an earlier upload has brought."""
    for outcome in outcomes:
        verdict = None if isinstance(outcome, Fault) else judge_row(outcome, terms)
        if verdict and verdict.booking and (not verdict.reasons or is_enrolled(verdict.booking)):
            yield verdict.booking
