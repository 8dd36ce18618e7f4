"""When reminders fall due and are tried again: on their day, inside the hours, never over the caps, never late."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.reminders.list.zones import find_zones
from ivr.reminders.rules.appointments import CallingHours, Profile, Recipient, Retries
from ivr.reminders.rules.calling_hours import ClosedDays
from ivr.reminders.rules.profiles import US
from ivr.reminders.rules.schedule import NOTICE, plan_next_attempt, plan_reminders
from ivr.store.campaigns.enrolment import Due
from tests.reminders.rules.test_calling_hours import clocks_allow

NEW_YORK = ZoneInfo("America/New_York")
HERE = frozenset({NEW_YORK})
LONG_BEFORE = datetime(2027, 1, 1, tzinfo=UTC)
USUAL = ClosedDays(NEW_YORK, holidays={date(2027, 5, 31)}, blackouts=frozenset({date(2027, 6, 2)}))
EVERY_DAY = ClosedDays(NEW_YORK, weekdays=frozenset(range(7)))
OPTIONS: Mapping[str, Retries] = {
    "no_answer": Retries(3, timedelta(hours=4)),
    "busy": Retries(3, timedelta(minutes=10)),
    "machine": Retries(2, timedelta(days=1)),
    "failed": Retries(2, timedelta(hours=2)),
}
OFTEN = Profile("custom", US.hours, US.countries, a_day=3, in_seven_days=9)
"""A profile under which C10 and the spacing decide, not C5."""


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def recipient(appointment: str, *, zone: ZoneInfo = NEW_YORK, cancelled: bool = False) -> Recipient:
    at = datetime.fromisoformat(appointment).replace(tzinfo=zone)
    return Recipient(2, "+12125550123", "en", at, cancelled=cancelled)


def shown(dues: list[Due]) -> list[str]:
    """Each reminder on New York's clock: "3: Sat 07-17 09:00 to Mon 07-19 00:00"."""
    return [
        f"{due.days}: {due.at.astimezone(NEW_YORK):%a %m-%d %H:%M} to {due.until.astimezone(NEW_YORK):%a %m-%d %H:%M}"
        for due in dues
    ]


# --- The plan ---------------------------------------------------------------------------------------------------------


def test_c8_reminders_fall_due_in_the_morning_of_their_days_and_expire_before_the_next() -> None:
    dues = plan_reminders(recipient("2027-07-22 10:00"), (1, 3), HERE, US.hours, USUAL, LONG_BEFORE)
    assert dues == [
        Due(3, utc("2027-07-19 13:00"), utc("2027-07-21 04:00")),
        Due(1, utc("2027-07-21 13:00"), utc("2027-07-22 12:00")),
    ]


@pytest.mark.parametrize(
    ("appointment", "reminders", "found"),
    [
        # Monday's reminder of the day before is given on Saturday.
        (
            "2027-07-19 10:00",
            (3, 1),
            ["3: Fri 07-16 09:00 to Sat 07-17 00:00", "1: Sat 07-17 09:00 to Mon 07-19 08:00"],
        ),
        # Sunday and the day before it: both would be Saturday, so one is enough.
        ("2027-07-19 10:00", (2, 1), ["2: Sat 07-17 09:00 to Mon 07-19 08:00"]),
        # Past Memorial Day and Sunday, back to Saturday.
        ("2027-06-01 10:00", (1,), ["1: Sat 05-29 09:00 to Tue 06-01 08:00"]),
        # The clinic took Wednesday out.
        ("2027-06-03 10:00", (1,), ["1: Tue 06-01 09:00 to Thu 06-03 08:00"]),
        # The same days twice are one reminder.
        ("2027-07-22 10:00", (1, 1), ["1: Wed 07-21 09:00 to Thu 07-22 08:00"]),
        ("2027-07-22 10:00", (), []),
        # On the day itself, until two hours before.
        ("2027-07-22 14:00", (0,), ["0: Thu 07-22 09:00 to Thu 07-22 12:00"]),
        ("2027-07-22 11:00", (0,), []),
    ],
)
def test_c8_a_closed_day_moves_to_the_open_day_before_it_and_c5_one_reminder_a_day(
    appointment: str, reminders: tuple[int, ...], found: list[str]
) -> None:
    assert shown(plan_reminders(recipient(appointment), reminders, HERE, US.hours, USUAL, LONG_BEFORE)) == found


def test_c8_a_reminder_moves_a_week_at_most() -> None:
    def closed_for(days: int) -> ClosedDays:
        blackouts = frozenset(date(2027, 7, 21) - timedelta(days=back) for back in range(days))
        return ClosedDays(NEW_YORK, blackouts=blackouts, weekdays=frozenset(range(7)))

    found = [
        plan_reminders(recipient("2027-07-22 10:00"), (1,), HERE, US.hours, closed_for(days), LONG_BEFORE)
        for days in (7, 8)
    ]
    assert [shown(dues) for dues in found] == [["1: Wed 07-14 09:00 to Thu 07-22 08:00"], []]


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ("2027-07-19 12:00", ["3: Mon 07-19 09:00 to Wed 07-21 00:00", "1: Wed 07-21 09:00 to Thu 07-22 08:00"]),
        ("2027-07-19 20:30", ["3: Mon 07-19 16:30 to Wed 07-21 00:00", "1: Wed 07-21 09:00 to Thu 07-22 08:00"]),
        ("2027-07-20 00:00", ["1: Wed 07-21 09:00 to Thu 07-22 08:00"]),  # Monday 20:00: over
        ("2027-07-20 15:00", ["1: Wed 07-21 09:00 to Thu 07-22 08:00"]),  # never a day late
        ("2027-07-21 23:59", ["1: Wed 07-21 19:59 to Thu 07-22 08:00"]),
        ("2027-07-22 11:00", []),
        ("2027-07-30 11:00", []),
    ],
)
def test_a_reminder_whose_day_is_over_is_left_out_and_todays_comes_now(now: str, found: list[str]) -> None:
    assert shown(plan_reminders(recipient("2027-07-22 10:00"), (3, 1), HERE, US.hours, USUAL, utc(now))) == found


def test_a_reminder_that_would_have_moved_to_a_day_that_is_over_is_left_out() -> None:
    monday, sunday = recipient("2027-07-19 10:00"), utc("2027-07-18 15:00")
    assert plan_reminders(monday, (1,), HERE, US.hours, USUAL, sunday) == []


def test_an_appointment_that_is_off_has_no_reminders() -> None:
    assert (
        plan_reminders(recipient("2027-07-22 10:00", cancelled=True), (3, 1), HERE, US.hours, USUAL, LONG_BEFORE) == []
    )


@pytest.mark.parametrize("names", [[], ["America/New_York", "Asia/Shanghai"]])
def test_c8_unknown_zones_and_zones_that_never_overlap_have_no_reminders(names: list[str]) -> None:
    places = frozenset(map(ZoneInfo, names))
    assert plan_reminders(recipient("2027-07-22 10:00"), (3, 1), places, US.hours, USUAL, LONG_BEFORE) == []


@pytest.mark.parametrize(
    ("appointment", "found"),
    [
        ("2027-03-15 10:00", ["1: Sun 03-14 09:00 to Mon 03-15 08:00"]),
        ("2027-03-14 12:00", ["1: Sat 03-13 09:00 to Sun 03-14 10:00"]),
        ("2027-03-14 04:00", ["1: Sat 03-13 09:00 to Sun 03-14 01:00"]),  # two real hours before, not two on the clock
        ("2027-11-08 10:00", ["1: Sun 11-07 09:00 to Mon 11-08 08:00"]),
        ("2027-11-07 03:00", ["1: Sat 11-06 09:00 to Sun 11-07 01:00"]),
    ],
)
def test_c8_both_clock_changes_leave_the_days_and_hours_right(appointment: str, found: list[str]) -> None:
    assert shown(plan_reminders(recipient(appointment), (1,), HERE, US.hours, EVERY_DAY, LONG_BEFORE)) == found


@pytest.mark.parametrize(
    ("phone", "zone", "postal", "found"),
    [
        (
            "+12125550123",
            "",
            "90001",
            ["3: Mon 07-19 12:00 to Wed 07-21 00:00", "1: Wed 07-21 12:00 to Thu 07-22 08:00"],
        ),
        ("+18085550123", "", "", ["3: Mon 07-19 15:00 to Wed 07-21 00:00", "1: Wed 07-21 15:00 to Thu 07-22 08:00"]),
        ("+442079460018", "America/New_York", "", ["3: Mon 07-19 09:00 to Wed 07-21 00:00"]),
        # In Guam it is Wednesday at 19:00 of New York's Tuesday: the first reminder ends there.
        ("+16715550123", "", "", ["3: Sun 07-18 19:00 to Tue 07-20 19:00", "1: Tue 07-20 19:00 to Thu 07-22 08:00"]),
    ],
)
def test_c8_a_reminders_day_is_read_on_the_patients_clock(phone: str, zone: str, postal: str, found: list[str]) -> None:
    places = find_zones(phone, zone, postal)
    dues = plan_reminders(recipient("2027-07-22 10:00"), (3, 1), places, US.hours, EVERY_DAY, LONG_BEFORE)
    assert shown(dues)[: len(found)] == found
    assert len(dues) == 2


def test_c8_an_evening_far_west_that_is_already_the_next_reminders_day_at_the_clinic_is_left_out() -> None:
    hawaii, night = find_zones("+18085550123", "", ""), utc("2027-07-21 04:30")  # Tuesday 18:30 in Hawaii
    found = plan_reminders(recipient("2027-07-22 10:00"), (2, 1), hawaii, US.hours, EVERY_DAY, night)
    assert shown(found) == ["1: Wed 07-21 15:00 to Thu 07-22 08:00"]


def test_c5_two_reminders_that_can_only_come_at_one_hour_are_one() -> None:
    # Guam and New York share one hour, 19:00 to 20:00 of New York, which is the next day in Guam. Monday's is over.
    both, night = find_zones("+16715550123", "America/New_York", ""), utc("2027-07-20 01:00")
    found = plan_reminders(recipient("2027-07-22 10:00"), (2, 1), both, US.hours, EVERY_DAY, night)
    assert shown(found) == ["2: Tue 07-20 19:00 to Wed 07-21 00:00"]


# --- The next attempt -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "number", "profile", "found"),
    [
        ("no_answer", 1, OFTEN, "2027-07-19 17:01"),  # four hours later
        ("busy", 1, OFTEN, "2027-07-19 14:01"),  # ten minutes were asked for; an hour is the floor
        ("failed", 1, OFTEN, "2027-07-19 15:01"),
        ("machine", 1, OFTEN, "2027-07-20 13:01"),
        ("no_answer", 1, US, "2027-07-20 13:00"),  # one a day: tomorrow at nine
        ("no_answer", 2, OFTEN, "2027-07-19 17:01"),
        ("no_answer", 3, OFTEN, None),
        ("machine", 2, OFTEN, None),
        ("answered", 1, OFTEN, None),
        ("opted_out", 1, OFTEN, None),
    ],
)
def test_c10_each_outcome_has_its_own_spacing_and_number_above_the_floor(
    outcome: str, number: int, profile: Profile, found: str | None
) -> None:
    left, ended, until = utc("2027-07-19 13:00"), utc("2027-07-19 13:01"), utc("2027-07-21 04:00")
    at = plan_next_attempt(outcome, number, ended, until, OPTIONS, HERE, US.hours, USUAL, profile, [left])
    assert at == (utc(found) if found else None)


@pytest.mark.parametrize(
    ("history", "until", "found"),
    [
        (["2027-07-19 13:00"], "2027-07-20 04:00", None),  # today is spent, and the reminder ends with it
        (["2027-07-19 13:00"], "2027-07-20 13:00", None),  # the end is not part of it
        (["2027-07-19 13:00"], "2027-07-20 13:01", "2027-07-20 13:00"),
        # Another campaign called twice: the third frees a place a week after the first.
        (["2027-07-14 18:00", "2027-07-16 18:00", "2027-07-19 13:00"], "2027-07-24 00:00", "2027-07-21 18:00"),
        # Another campaign calls this number tomorrow morning already.
        (["2027-07-19 13:00", "2027-07-20 13:00"], "2027-07-24 00:00", "2027-07-21 13:00"),
    ],
)
def test_c5_attempts_of_all_campaigns_count(history: list[str], until: str, found: str | None) -> None:
    made, ended = [utc(each) for each in history], utc("2027-07-19 13:01")
    at = plan_next_attempt("no_answer", 1, ended, utc(until), OPTIONS, HERE, US.hours, USUAL, US, made)
    assert at == (utc(found) if found else None)


def test_c10_more_attempts_than_three_are_not_made_whatever_a_setting_says() -> None:
    eager = {"no_answer": Retries(10, timedelta(0))}
    found = [
        plan_next_attempt(
            "no_answer", number, utc("2027-07-19 13:00"), utc("2027-07-21"), eager, HERE, US.hours, USUAL, OFTEN, []
        )
        for number in (2, 3, 4)
    ]
    assert found == [utc("2027-07-19 14:00"), None, None]


def test_c8_a_retry_in_the_evening_waits_for_the_morning_after_the_clock_change() -> None:
    ended, until = utc("2027-03-13 23:30"), utc("2027-03-20")
    at = plan_next_attempt("no_answer", 1, ended, until, OPTIONS, HERE, US.hours, EVERY_DAY, OFTEN, [ended])
    assert at == utc("2027-03-14 13:00")


PROFILES = st.builds(
    Profile,
    name=st.just("custom"),
    hours=st.just(US.hours),
    countries=st.just(US.countries),
    a_day=st.integers(1, 3),
    in_seven_days=st.integers(1, 5),
    attempts=st.integers(1, 4),
    shortest_gap=st.integers(60, 300).map(lambda minutes: timedelta(minutes=minutes)),
)
SOME_RETRIES = st.builds(
    Retries, st.integers(1, 6), st.integers(0, 3000).map(lambda minutes: timedelta(minutes=minutes))
)
PATIENTS = st.sampled_from(
    [
        ("+12125550123", "", ""),
        ("+12125550123", "", "90001"),
        ("+19075550123", "", ""),
        ("+442079460018", "America/New_York", ""),
    ]
)


@given(
    profile=PROFILES | st.just(US),
    retries=st.fixed_dictionaries({"no_answer": SOME_RETRIES, "busy": SOME_RETRIES, "machine": SOME_RETRIES}),
    patient=PATIENTS,
    start=st.sampled_from(["2027-03-10 20:00", "2027-10-28 03:00", "2027-11-03 20:00"]),
    campaigns=st.lists(st.lists(st.sampled_from(["no_answer", "busy", "machine"]), max_size=5), min_size=1, max_size=4),
    ringing=st.integers(0, 300).map(lambda seconds: timedelta(seconds=seconds)),
)
def test_c5_c8_c10_no_sequence_of_attempts_breaks_a_cap_or_a_gap(
    profile: Profile,
    retries: Mapping[str, Retries],
    patient: tuple[str, str, str],
    start: str,
    campaigns: list[list[str]],
    ringing: timedelta,
) -> None:
    places, until = find_zones(*patient), utc(start) + timedelta(days=16)
    history: list[datetime] = []
    ended = utc(start)
    for outcomes in campaigns:
        made = 0
        for outcome in outcomes:
            at = plan_next_attempt(outcome, made, ended, until, retries, places, US.hours, USUAL, profile, history)
            if at is None:
                continue
            assert made < min(profile.attempts, retries[outcome].most)
            assert at - ended >= max(retries[outcome].after, timedelta(hours=1))
            history.append(at)
            ended, made = at + ringing, made + 1
    assert all(clocks_allow(at, places, US.hours, USUAL) and at < until for at in history)
    assert all(later - at >= profile.shortest_gap for at, later in pairwise(history))
    for at in history:
        assert sum(at <= other < at + timedelta(days=7) for other in history) <= profile.in_seven_days
        for zone in places:
            day = at.astimezone(zone).date()
            assert sum(other.astimezone(zone).date() == day for other in history) <= profile.a_day


@given(
    day=st.dates(date(2027, 3, 8), date(2027, 3, 24)) | st.dates(date(2027, 11, 1), date(2027, 11, 16)),
    clock=st.integers(0, 287).map(lambda steps: f"{steps // 12:02}:{steps % 12 * 5:02}"),
    ahead=st.integers(-24, 24 * 12),
    reminders=st.lists(st.integers(0, 9), max_size=4),
    patient=PATIENTS
    | st.sampled_from([("+16715550123", "", "10001"), ("+16715550123", "", ""), ("+18085550123", "", "")]),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
)
def test_c5_c8_every_plan_is_allowed_in_order_and_one_a_day(
    day: date, clock: str, ahead: int, reminders: list[int], patient: tuple[str, str, str], weekdays: frozenset[int]
) -> None:
    person = recipient(f"{day} {clock}")
    now = person.appointment.astimezone(UTC) - timedelta(hours=ahead)
    places, closed = find_zones(*patient), ClosedDays(NEW_YORK, weekdays=weekdays)
    dues = plan_reminders(person, reminders, places, US.hours, closed, now)
    assert [due.days for due in dues] == sorted({due.days for due in dues} & set(reminders), reverse=True)
    for due in dues:
        assert now <= due.at < due.until <= person.appointment.astimezone(UTC) - NOTICE
        assert clocks_allow(due.at, places, US.hours, closed)
    for due, following in pairwise(dues):
        assert due.until <= following.at
        for zone in places:
            assert due.at.astimezone(zone).date() < following.at.astimezone(zone).date()


def test_c8_narrower_hours_are_kept_by_the_plan() -> None:
    dues = plan_reminders(
        recipient("2027-07-22 16:00"), (1,), HERE, CallingHours(time(13), time(15)), USUAL, LONG_BEFORE
    )
    assert shown(dues) == ["1: Wed 07-21 13:00 to Thu 07-22 14:00"]
