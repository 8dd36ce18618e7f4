"""When people answer at the clinic: weekly hours in the clinic's own time zone, less holidays and other closed days."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

import holidays


class OpeningHours(Protocol):
    """Weekly hours, as the settings hold them."""

    def is_open_at(self, moment: datetime) -> bool:
        """True when people answer at that local moment."""


@dataclass(frozen=True)
class Office:
    """The clinic's office. `calendar` is a calendar of public holidays ("US", "US-CA", or "" for none)."""

    zone: ZoneInfo
    hours: OpeningHours
    calendar: str
    closed_days: frozenset[date]

    def is_open(self, now: datetime) -> bool:
        """True when people answer at `now`, an aware datetime in any zone."""
        local = now.astimezone(self.zone)
        return self.hours.is_open_at(local) and not self._is_closed_all_day(local.date())

    def _is_closed_all_day(self, day: date) -> bool:
        return day in self.closed_days or self.is_holiday(day)

    def is_holiday(self, day: date) -> bool:
        """True on a public holiday of the calendar."""
        if not self.calendar:
            return False
        return day in _list_holidays(self.calendar, day.year)


@lru_cache(maxsize=64)  # a campaign asks for the same few years with every row
def _list_holidays(calendar: str, year: int) -> frozenset[date]:
    country, _, part = calendar.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))
