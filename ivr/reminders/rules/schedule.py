"""When each reminder of an appointment falls due, and when the next attempt after one that failed.

A reminder is planned for a day, and expires before the next one's day: late is worse than never. No moment is fixed
longer than needed; the dialer asks the rules again right before it dials. Rules kept here: C5, C8, C10.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ivr.reminders.rules.appointments import CallingHours, Profile, Recipient, Retries
from ivr.reminders.rules.calling_hours import ONE_DAY, ClosedDays, find_next_allowed, find_start_of_day
from ivr.reminders.rules.rules import c5_caps, c10_gap
from ivr.store.campaigns.enrolment import Due

NOTICE = timedelta(hours=2)
"""No reminder is any use in the last two hours before the appointment: the patient is on the way."""
FARTHEST_MOVE = 7
"""A reminder moves this many days ahead of its own at most; earlier than that it would be another reminder."""


def plan_reminders(
    recipient: Recipient,
    reminders: Sequence[int],
    zones: Set[ZoneInfo],
    hours: CallingHours,
    closed: ClosedDays,
    now: datetime,
) -> list[Due]:
    """The reminders (days before the appointment, such as (3, 1)) that can still be given, the earliest first.

    A reminder's day is the appointment's date in the clinic's zone, minus its days; that date is read on the patient's
    clock. It is due at the first allowed moment of that day, not before `now`. Its time ends where the clinic's day of
    the next reminder begins, and two hours before the appointment.

    - A day without an allowed moment (Sunday, a holiday) moves to the last day before it that has one, a week back at
      most: a reminder of a Monday's appointment is given on Saturday rather than never.
    - A day that is over, moved or not, is left out: expired, never late.
    - Two reminders that fall on one day, in any zone of the patient, are one: the later is left out (C5).

    Empty for an appointment that is off, and for zones that are unknown or have no hour in common (C8 says so).
    """
    if recipient.cancelled or not zones:
        return []
    appointment = recipient.appointment.astimezone(closed.zone)
    days = _choose_days(appointment.date(), reminders, zones, hours, closed)
    ends = [find_start_of_day(day, closed.zone) for _, day in days[1:]]
    last = appointment.astimezone(UTC) - NOTICE
    dues: list[Due] = []
    for (before, day), end in zip(days, [*ends, last], strict=False):
        until = min(end, last)
        at = _find_first_moment(day, zones, hours, closed, now, until)
        if at is None or (dues and _is_same_day(dues[-1].at, at, zones)):
            continue
        # Far east of the clinic, the patient's day of the next reminder begins before the clinic's does.
        dues[-1:] = [replace(due, until=min(due.until, at)) for due in dues[-1:]]
        dues.append(Due(before, at, until))
    return dues


def plan_next_attempt(
    outcome: str,
    number: int,
    ended: datetime,
    until: datetime,
    retries: Mapping[str, Retries],
    zones: Set[ZoneInfo],
    hours: CallingHours,
    closed: ClosedDays,
    profile: Profile,
    history: Sequence[datetime],
) -> datetime | None:
    """When the attempt after this one falls due, in UTC; None where the reminder gets no other before `until`.

    `number` counts this reminder's attempts, the one that `ended` with `outcome` included; an outcome without `retries`
    has no other attempt. `history` holds when each attempt to this number was made, over all campaigns, this one
    included. The outcome's own spacing and number hold as far as C10 and C5 allow them.
    """
    retry = retries.get(outcome)
    if retry is None or number >= retry.most:
        return None
    moment: datetime | None = ended.astimezone(UTC) + max(retry.after, profile.shortest_gap)
    # Each turn goes ahead: an allowed moment that a cap refuses, then the moment from which the cap allows.
    while moment is not None:
        moment = find_next_allowed(moment, zones, hours, closed, until)
        if moment is None:
            break
        refusal = c10_gap(moment, history, number, profile) or c5_caps(moment, history, zones, profile)
        if refusal is None:
            return moment
        moment = refusal.earliest
    return None


def _choose_days(
    appointment: date, reminders: Sequence[int], zones: Set[ZoneInfo], hours: CallingHours, closed: ClosedDays
) -> list[tuple[int, date]]:
    """Each reminder with the day that it is given on, one a day, whether that day is over or not."""
    days: dict[date, int] = {}
    for before in sorted(set(reminders), reverse=True):
        for moved in range(FARTHEST_MOVE + 1):
            day = appointment - (before + moved) * ONE_DAY
            start, end = _measure_day(day, zones)
            if find_next_allowed(start, zones, hours, closed, end):
                days.setdefault(day, before)
                break
    return [(before, day) for day, before in days.items()]


def _find_first_moment(
    day: date, zones: Set[ZoneInfo], hours: CallingHours, closed: ClosedDays, now: datetime, until: datetime
) -> datetime | None:
    """The first allowed moment of a local day that is neither before `now` nor at `until` or later."""
    start, end = _measure_day(day, zones)
    return find_next_allowed(max(start, now.astimezone(UTC)), zones, hours, closed, min(end, until))


def _measure_day(day: date, zones: Set[ZoneInfo]) -> tuple[datetime, datetime]:
    """From when until when it is that day somewhere where the patient may be, in UTC."""
    starts = [find_start_of_day(day, zone) for zone in zones]
    return min(starts), max(find_start_of_day(day + ONE_DAY, zone) for zone in zones)


def _is_same_day(first: datetime, second: datetime, zones: Set[ZoneInfo]) -> bool:
    return any(first.astimezone(zone).date() == second.astimezone(zone).date() for zone in zones)
