"""The hours hold in every zone at once, on open days, through both clock changes."""

from collections.abc import Set
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.reminders.list.zones import find_zones
from ivr.reminders.rules.appointments import CallingHours
from ivr.reminders.rules.calling_hours import ClosedDays, find_next_allowed, find_start_of_day, is_allowed

NEW_YORK = ZoneInfo("America/New_York")
NINE_TO_EIGHT = CallingHours(time(9), time(20))
EVERY_DAY = ClosedDays(NEW_YORK, weekdays=frozenset(range(7)))
USUAL = ClosedDays(NEW_YORK, holidays={date(2027, 5, 31)}, blackouts=frozenset({date(2027, 6, 2)}))


def zones(*names: str) -> frozenset[ZoneInfo]:
    return frozenset(ZoneInfo(name) for name in names)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(moment: datetime | None, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%a %m-%d %H:%M}" if moment else "never"


def clocks_allow(now: datetime, places: Set[ZoneInfo], hours: CallingHours, closed: ClosedDays) -> bool:
    """The same rule a second time, as a person would check it: by looking at the clock on each wall."""
    faces = [now.astimezone(zone) for zone in places]
    dates = [face.date() for face in [*faces, now.astimezone(closed.zone)]]
    open_dates = [
        day.weekday() in closed.weekdays and day not in closed.holidays and day not in closed.blackouts for day in dates
    ]
    return bool(places) and all(open_dates) and all(hours.first <= face.time() < hours.last for face in faces)


def edges_of(day: date, places: Set[ZoneInfo]) -> tuple[datetime | None, datetime | None]:
    """From 06:00 at the clinic: the first moment that is allowed, and the first after it that is allowed no more."""
    start = datetime.combine(day, time(6), NEW_YORK).astimezone(UTC)
    end = start + timedelta(days=1)
    opens = find_next_allowed(start, places, NINE_TO_EIGHT, EVERY_DAY, end)
    minutes = [start + timedelta(minutes=minute) for minute in range(0, 24 * 60, 30)]
    shuts = [
        each for each in minutes if opens and each > opens and not is_allowed(each, places, NINE_TO_EIGHT, EVERY_DAY)
    ]
    return opens, min(shuts, default=None)


@pytest.mark.parametrize(
    ("phone", "zone", "postal", "opens", "shuts"),
    [
        ("+12125550123", "", "", "09:00", "20:00"),
        ("+12125550123", "", "90001", "12:00", "20:00"),  # New York's number, Los Angeles' ZIP
        ("+18085550123", "", "", "15:00", "02:00"),  # Hawaii
        ("+17875550123", "", "", "09:00", "20:00"),  # Puerto Rico
        ("+19075550123", "", "", "14:00", "00:00"),  # Alaska: the Aleutians begin, Anchorage ends
        ("+19285550123", "", "", "12:00", "23:00"),  # Arizona
        ("+19285550123", "", "86515", "12:00", "22:00"),  # Arizona's number in the Navajo Nation
        ("+442079460018", "America/New_York", "", "09:00", "15:00"),  # a traveller from London
    ],
)
def test_c8_in_summer_the_hours_hold_in_every_zone_of_the_patient(
    phone: str, zone: str, postal: str, opens: str, shuts: str
) -> None:
    found = edges_of(date(2027, 7, 14), find_zones(phone, zone, postal))
    assert [local(each, "America/New_York")[-5:] for each in found] == [opens, shuts]


@pytest.mark.parametrize(
    ("zone", "day", "opens"),
    [
        ("America/New_York", date(2027, 3, 13), "2027-03-13 14:00"),
        ("America/New_York", date(2027, 3, 14), "2027-03-14 13:00"),
        ("America/New_York", date(2027, 11, 6), "2027-11-06 13:00"),
        ("America/New_York", date(2027, 11, 7), "2027-11-07 14:00"),
        ("America/Phoenix", date(2027, 3, 13), "2027-03-13 16:00"),
        ("America/Phoenix", date(2027, 3, 14), "2027-03-14 16:00"),
        ("America/Denver", date(2027, 3, 14), "2027-03-14 15:00"),
        ("Pacific/Honolulu", date(2027, 3, 14), "2027-03-14 19:00"),
        ("America/Puerto_Rico", date(2027, 3, 14), "2027-03-14 13:00"),
        ("America/Puerto_Rico", date(2027, 11, 7), "2027-11-07 13:00"),
        ("Europe/London", date(2027, 3, 27), "2027-03-27 09:00"),
        ("Europe/London", date(2027, 3, 28), "2027-03-28 08:00"),
        ("Europe/London", date(2027, 10, 31), "2027-10-31 09:00"),
    ],
)
def test_c8_the_day_begins_at_nine_on_the_patients_clock_through_both_clock_changes(
    zone: str, day: date, opens: str
) -> None:
    midnight = find_start_of_day(day, ZoneInfo(zone))
    found = find_next_allowed(midnight, zones(zone), NINE_TO_EIGHT, EVERY_DAY, midnight + timedelta(days=1))
    assert found == utc(opens)


@pytest.mark.parametrize(
    ("day", "common"),
    [
        # For two weeks in March, and one in autumn, London is four hours ahead of New York, not five.
        (date(2027, 3, 12), ("09:00", "15:00")),
        (date(2027, 3, 16), ("09:00", "16:00")),
        (date(2027, 3, 30), ("09:00", "15:00")),
        (date(2027, 11, 2), ("09:00", "16:00")),
        (date(2027, 11, 9), ("09:00", "15:00")),
    ],
)
def test_c8_a_traveller_between_two_clock_changes_is_called_while_both_clocks_allow(
    day: date, common: tuple[str, str]
) -> None:
    found = edges_of(day, find_zones("+442079460018", "America/New_York", ""))
    assert tuple(local(each, "America/New_York")[-5:] for each in found) == common


@pytest.mark.parametrize(
    ("moment", "may"),
    [
        ("2027-07-14 12:59:59", False),
        ("2027-07-14 13:00:00", True),
        ("2027-07-14 23:59:59", True),
        ("2027-07-15 00:00:00", False),  # 20:00 itself is too late
        ("2027-05-31 15:00:00", False),  # Memorial Day
        ("2027-06-02 15:00:00", False),  # a day that the clinic took out
        ("2027-06-06 15:00:00", False),  # a Sunday
        ("2027-06-05 15:00:00", True),
    ],
)
def test_c8_a_call_leaves_inside_the_hours_of_an_open_day_only(moment: str, may: bool) -> None:
    assert is_allowed(utc(moment), zones("America/New_York"), NINE_TO_EIGHT, USUAL) is may


@pytest.mark.parametrize(
    ("after", "found"),
    [
        ("2027-05-28 23:59", "Fri 05-28 19:59"),
        ("2027-05-29 00:00", "Sat 05-29 09:00"),
        ("2027-05-30 00:00", "Tue 06-01 09:00"),  # past Sunday and Memorial Day
        ("2027-06-02 00:00", "Thu 06-03 09:00"),
    ],
)
def test_c8_the_next_moment_skips_sundays_holidays_and_blackout_dates(after: str, found: str) -> None:
    moment = find_next_allowed(utc(after), zones("America/New_York"), NINE_TO_EIGHT, USUAL, utc("2027-06-20"))
    assert local(moment, "America/New_York") == found


def test_c8_a_date_that_is_closed_at_the_clinic_or_where_the_patient_is_is_closed() -> None:
    guam = zones("Pacific/Guam")
    # Tuesday morning in Guam is still the holiday's Monday evening at the clinic; Monday in Guam begins on its Sunday.
    moment = find_next_allowed(utc("2027-05-30 00:00"), guam, NINE_TO_EIGHT, USUAL, utc("2027-06-20"))
    assert local(moment, "Pacific/Guam") == "Tue 06-01 14:00"


@pytest.mark.parametrize("places", [frozenset(), zones("America/New_York", "Asia/Shanghai")])
def test_c8_unknown_zones_and_zones_that_never_overlap_are_never_called(places: frozenset[ZoneInfo]) -> None:
    assert find_next_allowed(utc("2027-01-01"), places, NINE_TO_EIGHT, EVERY_DAY, utc("2028-01-01")) is None
    assert not any(
        is_allowed(utc("2027-07-01") + timedelta(hours=hour), places, NINE_TO_EIGHT, EVERY_DAY) for hour in range(48)
    )


def test_c8_the_end_of_the_search_is_not_part_of_it() -> None:
    nine, places = utc("2027-07-14 13:00"), zones("America/New_York")
    assert find_next_allowed(utc("2027-07-14 05:00"), places, NINE_TO_EIGHT, USUAL, nine) is None
    assert find_next_allowed(utc("2027-07-14 05:00"), places, NINE_TO_EIGHT, USUAL, nine + timedelta(seconds=1)) == nine
    assert find_next_allowed(nine, places, NINE_TO_EIGHT, USUAL, nine) is None


def test_c8_a_moment_in_a_local_zone_is_compared_by_the_world_not_by_its_clock_face() -> None:
    # 01:30 happens twice on that night; the second comes after 01:45 of the first.
    first, second = (datetime(2027, 11, 7, 1, minute, tzinfo=NEW_YORK, fold=minute == 30) for minute in (45, 30))
    night = CallingHours(time(0), time(23))
    assert find_next_allowed(first, zones("America/New_York"), night, EVERY_DAY, second) == utc("2027-11-07 05:45")
    assert find_next_allowed(second, zones("America/New_York"), night, EVERY_DAY, first) is None


@pytest.mark.parametrize(
    ("hours", "day", "opens", "shuts"),
    [
        # 02:30 never comes on 14 March: it is 03:30 when to begin, 01:30 when to end.
        (CallingHours(time(2, 30), time(20)), date(2027, 3, 14), "07:30", "00:00"),
        (CallingHours(time(0), time(2, 30)), date(2027, 3, 14), "05:00", "06:30"),
        # 01:30 comes twice on 7 November: the second when to begin, the first when to end.
        (CallingHours(time(1, 30), time(20)), date(2027, 11, 7), "06:30", "01:00"),
        (CallingHours(time(0), time(1, 30)), date(2027, 11, 7), "04:00", "05:30"),
    ],
)
def test_c8_an_edge_that_comes_twice_or_never_is_read_strictly(
    hours: CallingHours, day: date, opens: str, shuts: str
) -> None:
    places, start = zones("America/New_York"), find_start_of_day(day, NEW_YORK)
    found = find_next_allowed(start, places, hours, EVERY_DAY, start + timedelta(days=1))
    assert found is not None
    later = [found + timedelta(minutes=30 * half) for half in range(48)]
    end = next(each for each in later if not is_allowed(each, places, hours, EVERY_DAY))
    assert (f"{found:%H:%M}", f"{end:%H:%M}") == (opens, shuts)


def test_the_day_begins_once_where_midnight_comes_twice_or_never() -> None:
    havana = ZoneInfo("America/Havana")
    assert find_start_of_day(date(2027, 3, 14), havana) == utc("2027-03-14 05:00")  # 00:00 becomes 01:00
    assert find_start_of_day(date(2027, 11, 7), havana) == utc("2027-11-07 05:00")  # 01:00 becomes 00:00


PLACES = ["America/New_York", "America/Los_Angeles", "America/Phoenix", "America/Anchorage", "Pacific/Honolulu"]
PLACES += ["America/Puerto_Rico", "America/St_Johns", "Pacific/Guam", "Europe/London", "Asia/Kathmandu"]
NEAR_CLOCK_CHANGES = st.sampled_from([date(2027, 3, 12), date(2027, 3, 26), date(2027, 10, 29), date(2027, 11, 5)])
MOMENTS = st.builds(
    lambda day, minutes: datetime.combine(day, time(0), UTC) + timedelta(minutes=minutes),
    NEAR_CLOCK_CHANGES | st.dates(date(2027, 1, 1), date(2027, 12, 1)),
    st.integers(0, 4 * 24 * 60),
)
SOME_ZONES = st.frozensets(st.sampled_from(PLACES).map(ZoneInfo), max_size=3)
SOME_HOURS = st.builds(
    lambda first, length: CallingHours(time(first), time(first + length)), st.integers(6, 12), st.integers(1, 11)
)
CALENDARS = st.builds(
    lambda zone, weekdays, day, days: ClosedDays(zone, {day + timedelta(days=2)}, frozenset(days), weekdays),
    st.sampled_from(PLACES).map(ZoneInfo),
    st.frozensets(st.integers(0, 6), min_size=1),
    NEAR_CLOCK_CHANGES,
    st.lists(st.dates(date(2027, 3, 12), date(2027, 3, 20)), max_size=2),
)


@given(after=MOMENTS, places=SOME_ZONES, hours=SOME_HOURS, closed=CALENDARS)
def test_c8_the_next_moment_is_allowed_and_no_earlier_one_is(
    after: datetime, places: frozenset[ZoneInfo], hours: CallingHours, closed: ClosedDays
) -> None:
    before = after + timedelta(days=2)
    found = find_next_allowed(after, places, hours, closed, before)
    assert found is None or (after <= found < before and clocks_allow(found, places, hours, closed))
    end = found or before
    moment = after
    while moment < end:
        assert not clocks_allow(moment, places, hours, closed)
        moment += timedelta(minutes=5)


@given(now=MOMENTS, places=SOME_ZONES, hours=SOME_HOURS, closed=CALENDARS)
def test_c8_what_is_allowed_is_what_every_clock_allows(
    now: datetime, places: frozenset[ZoneInfo], hours: CallingHours, closed: ClosedDays
) -> None:
    assert is_allowed(now, places, hours, closed) is clocks_allow(now, places, hours, closed)
