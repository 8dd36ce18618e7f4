"""When a patient may be called: inside the hours in every zone they may be in, and on no closed day (rule C8).

A day has one window in each zone, and a window has two edges in UTC; everything here moves from edge to edge. Where a
clock change makes an edge happen twice or never, the stricter of its two readings is taken. Moments are compared in UTC
only, because Python compares two moments of one zone by their clock faces, which is wrong on those two days.
"""

from collections.abc import Callable, Container, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from ivr.reminders.rules.appointments import CallingHours

MONDAY_TO_SATURDAY = frozenset(range(6))
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class ClosedDays:
    """The clinic's calendar: its zone, its public holidays, other days without calls, and the weekdays with calls.

    `weekdays` (0 is Monday) leaves Sunday out unless a setting adds it: some states, such as Alabama, Louisiana and
    Mississippi, forbid automated sales calls on Sundays. Reminders sell nothing, but the stricter reading is taken.
    """

    zone: ZoneInfo
    holidays: Container[date] = ()
    blackouts: frozenset[date] = frozenset()
    weekdays: frozenset[int] = MONDAY_TO_SATURDAY

    def closes(self, day: date) -> bool:
        """True when nobody is called on that date."""
        return day.weekday() not in self.weekdays or day in self.blackouts or day in self.holidays


@dataclass(frozen=True)
class Holidays:
    """Public holidays, asked day by day: a calendar without an end."""

    is_holiday: Callable[[date], bool]

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.is_holiday(day)


def find_start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """When a local day has surely begun, in UTC."""
    return max(_read_local_time(day, time(0), zone))


def is_allowed(now: datetime, zones: Set[ZoneInfo], hours: CallingHours, closed: ClosedDays) -> bool:
    """True when a call may leave at `now` (aware). Never where the zones are unknown, that is, empty.

    The end is excluded: until 20:00 means that no call leaves at 20:00:00. A date is closed when the calendar
    closes it in any zone of the patient, or in the clinic's.
    """
    moment = now.astimezone(UTC)
    return bool(zones) and _find_opening(moment, zones, hours, closed) == moment


def find_next_allowed(
    after: datetime, zones: Set[ZoneInfo], hours: CallingHours, closed: ClosedDays, before: datetime
) -> datetime | None:
    """The first moment at or after `after` and before `before` at which a call may leave, in UTC; None without one."""
    moment, end = after.astimezone(UTC), before.astimezone(UTC)
    while zones and moment < end:
        later = _find_opening(moment, zones, hours, closed)
        if later == moment:
            return moment
        moment = later
    return None


def _find_opening(moment: datetime, zones: Set[ZoneInfo], hours: CallingHours, closed: ClosedDays) -> datetime:
    """A moment before which no call may leave, `moment` itself where one may. It goes one edge ahead at most."""
    at_clinic = moment.astimezone(closed.zone).date()
    edges = [find_start_of_day(at_clinic + ONE_DAY, closed.zone)] if closed.closes(at_clinic) else []
    return max([*edges, *(_find_opening_in_zone(moment, zone, hours, closed) for zone in zones)])


def _find_opening_in_zone(moment: datetime, zone: ZoneInfo, hours: CallingHours, closed: ClosedDays) -> datetime:
    day = moment.astimezone(zone).date()
    if closed.closes(day) or moment >= min(_read_local_time(day, hours.last, zone)):
        return find_start_of_day(day + ONE_DAY, zone)
    return max(moment, *_read_local_time(day, hours.first, zone))


@lru_cache(maxsize=10_000)  # A campaign asks for the same few days and zones with every row.
def _read_local_time(day: date, clock: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """What a local time may mean in UTC: two moments where the clock change makes it happen twice or never."""
    local = datetime.combine(day, clock, zone)
    return local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
