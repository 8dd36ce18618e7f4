"""When somebody answers: the clinic's own clock decides, not the server's and not the caller's."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from ivr.settings.readers import office_hours
from ivr.voice.office import Office
from tests.voice.conftest import at

NEW_YORK = ZoneInfo("America/New_York")


def office(
    hours: str = "mon-fri 09:00-17:00", zone: str = "America/New_York", calendar: str = "", closed: str = ""
) -> Office:
    days = frozenset(date.fromisoformat(day) for day in closed.split())
    return Office(ZoneInfo(zone), office_hours(hours), calendar, days)


@pytest.mark.parametrize(
    ("local", "is_open"),
    [
        ("2026-11-23 08:59:59", False),  # a Monday
        ("2026-11-23 09:00:00", True),
        ("2026-11-23 11:59:59", True),
        ("2026-11-23 12:00:00", False),
        ("2026-11-23 12:59:59", False),
        ("2026-11-23 13:00:00", True),
        ("2026-11-23 16:59:59", True),
        ("2026-11-23 17:00:00", False),
        ("2026-11-28 09:59:59", False),  # a Saturday
        ("2026-11-28 10:00:00", True),
        ("2026-11-28 12:00:00", False),
        ("2026-11-29 11:00:00", False),  # a Sunday
    ],
)
def test_weekly_hours_begin_on_the_second_and_end_before_it(local: str, is_open: bool) -> None:
    clinic = office("mon-fri 09:00-12:00; mon-fri 13:00-17:00; sat 10:00-12:00")
    assert clinic.is_open(datetime.fromisoformat(local).replace(tzinfo=NEW_YORK)) is is_open


def test_without_hours_nobody_ever_answers() -> None:
    assert not any(office("").is_open(at(2026, 11, day, hour)) for day in range(23, 30) for hour in range(24))


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (at(2026, 3, 6, 13, 59), False),  # the Friday before spring's change, UTC-5
        (at(2026, 3, 6, 14), True),
        (at(2026, 3, 9, 12, 59), False),  # the Monday after it, UTC-4
        (at(2026, 3, 9, 13), True),
        (at(2026, 3, 9, 21), False),
        (at(2026, 10, 30, 13), True),  # the Friday before autumn's change, UTC-4
        (at(2026, 10, 30, 21), False),
        (at(2026, 11, 2, 13, 30), False),  # the Monday after it, UTC-5
        (at(2026, 11, 2, 14), True),
        (at(2026, 11, 2, 21, 59), True),
        (at(2026, 11, 2, 22), False),
    ],
)
def test_hours_follow_the_clinics_clock_across_daylight_saving(moment: datetime, is_open: bool) -> None:
    assert office().is_open(moment) is is_open


@pytest.mark.parametrize(
    ("hours", "moment", "is_open"),
    [
        ("sun 01:00-02:00", at(2026, 11, 1, 4, 59), False),
        ("sun 01:00-02:00", at(2026, 11, 1, 5, 30), True),  # half past one for the first time
        ("sun 01:00-02:00", at(2026, 11, 1, 6, 30), True),  # and for the second
        ("sun 01:00-02:00", at(2026, 11, 1, 7), False),
        ("sun 02:00-03:00", at(2026, 3, 8, 6, 59), False),  # the hour that does not exist that night
        ("sun 02:00-03:00", at(2026, 3, 8, 7), False),
        ("sun 01:00-04:00", at(2026, 3, 8, 7), True),  # three o'clock, right after one fifty-nine
        ("sun 01:00-04:00", at(2026, 3, 8, 8), False),
    ],
)
def test_the_nights_of_the_change_have_one_hour_twice_and_one_not_at_all(
    hours: str, moment: datetime, is_open: bool
) -> None:
    assert office(hours).is_open(moment) is is_open


@pytest.mark.parametrize(
    ("zone", "moment", "is_open"),
    [
        ("America/Los_Angeles", at(2026, 11, 21, 0, 30), True),  # Saturday in UTC, Friday half past four there
        ("America/Los_Angeles", at(2026, 11, 23, 0, 30), False),  # Monday in UTC, still Sunday there
        ("Pacific/Auckland", at(2026, 11, 22, 20, 30), True),  # Sunday in UTC, Monday half past nine there
        ("Pacific/Auckland", at(2026, 11, 20, 20, 30), False),  # Friday in UTC, Saturday there
        ("Asia/Kathmandu", at(2026, 11, 23, 3, 14), False),  # five hours and three quarters ahead
        ("Asia/Kathmandu", at(2026, 11, 23, 3, 15), True),
    ],
)
def test_the_day_is_the_clinics_even_where_utc_has_another(zone: str, moment: datetime, is_open: bool) -> None:
    assert office(zone=zone).is_open(moment) is is_open


def test_the_same_moment_in_another_zone_is_the_same_moment() -> None:
    moment = at(2026, 11, 23, 14)
    assert [office().is_open(moment.astimezone(ZoneInfo(name))) for name in ("UTC", "Asia/Tokyo")] == [True, True]


@pytest.mark.parametrize(
    ("calendar", "day", "is_open"),
    [
        ("US", 26, False),  # Thanksgiving
        ("US", 27, True),
        ("US-CA", 27, False),  # the day after it, in California
        ("", 26, True),
        ("GB", 26, True),
    ],
)
def test_nobody_answers_on_the_holidays_of_the_calendar(calendar: str, day: int, is_open: bool) -> None:
    assert office(calendar=calendar).is_open(at(2026, 11, day, 15)) is is_open


def test_a_holiday_on_a_weekend_is_kept_on_the_working_day_beside_it() -> None:
    fourth_of_july = office("mon-sun 09:00-17:00", calendar="US")
    assert [fourth_of_july.is_open(at(2026, 7, day, 15)) for day in (2, 3, 4, 5, 6)] == [True, False, False, True, True]


def test_a_new_years_day_counts_though_utc_still_has_the_old_year() -> None:
    clinic = office("mon-sun 00:00-23:59", zone="Pacific/Auckland", calendar="NZ")
    assert [clinic.is_open(at(2026, 12, 31, hour)) for hour in (10, 11)] == [True, False]


def test_closed_days_are_the_clinics_own_days() -> None:
    clinic = office("mon-sun 00:00-23:59", zone="America/Los_Angeles", closed="2026-12-24 2027-01-02")
    evening, next_morning = at(2026, 12, 25, 7, 30), at(2026, 12, 25, 8)  # still the 24th there, then the 25th
    assert [clinic.is_open(moment) for moment in (at(2026, 12, 24, 7), evening, next_morning)] == [True, False, True]
