"""A row becomes what the store keeps, or the reasons why its patient is not called."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from ivr.errors import Fault
from ivr.reminders.enrolment import (
    MOST_SHOWN,
    TOO_LATE,
    CampaignTerms,
    CountedFaults,
    ListReview,
    choose_bookings,
    judge_row,
    review_rows,
)
from ivr.reminders.rules.appointments import Consent, Purpose, Recipient
from ivr.reminders.rules.calling_hours import ClosedDays
from ivr.reminders.rules.judging import Rulebook
from ivr.reminders.rules.profiles import US
from ivr.store.campaigns.enrolment import Booking, Due

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
THURSDAY = datetime(2026, 12, 3, 10, tzinfo=NEW_YORK)
TERMS = CampaignTerms(Purpose.APPOINTMENT, (3, 1), Rulebook(US, US.hours, ClosedDays(NEW_YORK)), NOW)
GIVEN = Consent("intake form", date(2026, 11, 2))
ANA = Recipient(4, "+12125550123", "es", THURSDAY, "Ana", postal="10001", consent=GIVEN, reference="A-1")
DUES = (
    Due(3, datetime(2026, 11, 30, 14, tzinfo=UTC), datetime(2026, 12, 2, 5, tzinfo=UTC)),
    Due(1, datetime(2026, 12, 2, 14, tzinfo=UTC), datetime(2026, 12, 3, 13, tzinfo=UTC)),
)
KEPT = Booking(
    *(4, "+12125550123", "Ana", "A-1", "es", "America/New_York", THURSDAY, False),
    ("intake form", date(2026, 11, 2), "appointment reminder"),
    DUES,
)


def test_a_row_becomes_a_booking_with_its_zones_and_its_reminders() -> None:
    verdict = judge_row(ANA, TERMS)
    assert (verdict.booking, verdict.reasons) == (KEPT, ())


def test_the_consent_is_for_the_purpose_of_the_campaign() -> None:
    booking = judge_row(ANA, replace(TERMS, purpose=Purpose.EXAM)).booking
    assert booking
    assert booking.consent == ("intake form", date(2026, 11, 2), "exam confirmation")


def test_every_zone_that_number_and_zip_code_may_mean_is_kept() -> None:
    booking = judge_row(replace(ANA, postal="90001"), TERMS).booking
    assert booking
    assert booking.zones == "America/Los_Angeles America/New_York"


@pytest.mark.parametrize(
    ("changed", "place", "words"),
    [
        ({"consent": None}, "C1 consent, line 4", "No consent is on record."),
        ({"consent": Consent("form", date(2026, 12, 1))}, "C1 consent, line 4", "has not come yet"),
        ({"consent": Consent(" ", date(2026, 11, 2))}, "C1 consent, line 4", "does not say where"),
        ({"postal": "00000"}, "C8 calling hours, line 4", "Enter their time zone or ZIP code."),
        ({"phone": "+18005550123"}, "C8 calling hours, line 4", "Enter their time zone or ZIP code."),
        ({"phone": "+19005550123"}, "C9 number, line 4", "a premium number"),
        ({"phone": "+442079460123"}, "C9 number, line 4", "(GB) is not on the clinic's list"),
        ({"appointment": datetime(2026, 11, 23, 12, tzinfo=NEW_YORK)}, "Too late, line 4", "Call in person."),
    ],
)
def test_c1_c8_c9_and_too_late_refuse_a_row_with_the_reason(changed: dict[str, object], place: str, words: str) -> None:
    reasons = judge_row(replace(ANA, **changed), TERMS).reasons  # type: ignore[arg-type]
    found = next(reason for reason in reasons if reason.place == place)
    assert words in found.words


def test_c1_a_row_without_consent_leaves_nothing_to_keep() -> None:
    assert judge_row(replace(ANA, consent=None), TERMS).booking is None


def test_c9_a_refused_row_ends_what_an_earlier_list_has_queued() -> None:
    booking = judge_row(replace(ANA, phone="+19005550123"), TERMS).booking
    assert booking
    assert (booking.cancelled, booking.dues) == (True, ())


def test_a_row_that_comes_too_late_moves_its_appointment_and_has_no_reminder() -> None:
    verdict = judge_row(replace(ANA, appointment=datetime(2026, 11, 23, 12, tzinfo=NEW_YORK)), TERMS)
    assert verdict.booking
    assert (verdict.booking.cancelled, verdict.booking.dues) == (False, ())
    assert verdict.reasons == (Fault("Too late, line 4", TOO_LATE),)


def test_a_cancelled_row_is_never_refused() -> None:
    verdict = judge_row(replace(ANA, cancelled=True, phone="+19005550123", postal="00000"), TERMS)
    assert verdict.reasons == ()
    assert verdict.booking
    assert (verdict.booking.cancelled, verdict.booking.dues) == (True, ())


def test_a_list_is_sifted_without_keeping_it() -> None:
    found = ListReview(rows=5)
    premium, off = replace(ANA, phone="+19005550123"), replace(ANA, cancelled=True, language="zh")
    review_rows(
        [ANA, Fault("line 5", "no"), Fault("line 5", "nor this"), premium, replace(ANA, language="en"), off],
        TERMS,
        found,
    )
    assert (found.rows, found.good, found.refused, found.faulty) == (5, 4, 1, 1)
    assert (found.faults.count, found.languages) == (2, {"es", "en"})
    assert found.reasons.shown[0].place == "C9 number, line 4"


def test_all_faults_are_counted_and_a_thousand_kept() -> None:
    listed = CountedFaults()
    listed.add(Fault(f"line {number}", "no") for number in range(MOST_SHOWN + 500))
    assert (listed.count, len(listed.shown), listed.shown[-1].place) == (1500, 1000, "line 999")


@pytest.mark.parametrize(("enrolled", "lines"), [(True, [4, 6]), (False, [4])])
def test_a_refused_row_goes_to_the_store_only_where_an_earlier_list_brought_it(
    enrolled: bool, lines: list[int]
) -> None:
    premium = replace(ANA, line=6, phone="+19005550123")
    outcomes: list[Recipient | Fault] = [ANA, Fault("line 5", "no"), premium, replace(ANA, line=7, consent=None)]
    assert [booking.line for booking in choose_bookings(outcomes, TERMS, lambda _: enrolled)] == lines
