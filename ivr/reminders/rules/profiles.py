"""The rules of a country as numbers: `US`, and `custom` for a clinic elsewhere, which has to be chosen by name.

Rule C8: a setting may narrow the hours, and widen them to 08:00 to 21:00 at most (47 CFR 64.1200(c)(1)).
"""

from collections.abc import Iterator, Set
from dataclasses import replace
from datetime import time, timedelta

import phonenumbers

from ivr.errors import Fault, SettingsError
from ivr.reminders.rules.appointments import CallingHours, Profile

US = Profile("us", CallingHours(time(9), time(20)), frozenset({"US", "PR", "GU", "VI", "AS", "MP"}))
"""The United States and the territories, each of which has an ISO code of its own."""

_WIDEST = {"us": CallingHours(time(8), time(21))}
_ONE_AT_LEAST = ("a_day", "in_seven_days", "attempts", "longest_message")


def narrow_hours(profile: Profile, hours: CallingHours) -> Profile:
    """The profile with other hours. `us` may be widened to 08:00 to 21:00; a custom profile says its own widest hours.

    Raises SettingsError where the hours are wider than that, or end before they begin.
    """
    widest = _WIDEST.get(profile.name, profile.hours)
    faults = [*_check_hours(hours)]
    if hours.first < widest.first or hours.last > widest.last:
        faults.append(
            Fault("C8 calling hours", f"{_show_hours(hours)} is too wide. Stay within {_show_hours(widest)}.")
        )
    if faults:
        raise SettingsError(faults)
    return replace(profile, hours=hours)


def make_custom_profile(
    *,
    hours: CallingHours,
    countries: Set[str],
    a_day: int = US.a_day,
    in_seven_days: int = US.in_seven_days,
    attempts: int = US.attempts,
    shortest_gap: timedelta = US.shortest_gap,
    longest_message: float = US.longest_message,
) -> Profile:
    """Another country's rules. Hours and countries (ISO codes) must be said; what else is not said is as in `US`.

    Raises SettingsError with every number that cannot be.
    """
    profile = Profile(
        name="custom",
        hours=hours,
        countries=frozenset(countries),
        a_day=a_day,
        in_seven_days=in_seven_days,
        attempts=attempts,
        shortest_gap=shortest_gap,
        longest_message=longest_message,
    )
    if faults := [*_check_hours(hours), *_check_numbers(profile)]:
        raise SettingsError(faults)
    return profile


def _check_hours(hours: CallingHours) -> Iterator[Fault]:
    if hours.first >= hours.last:
        yield Fault("C8 calling hours", f"{_show_hours(hours)} ends before it begins. Give the earlier time first.")


def _check_numbers(profile: Profile) -> Iterator[Fault]:
    for name in _ONE_AT_LEAST:
        if not getattr(profile, name) >= 1:
            yield Fault(f"custom profile, {name}", "It must be 1 or more.")
    if profile.shortest_gap <= timedelta():
        yield Fault("custom profile, shortest_gap", "Some time must pass between two attempts.")
    if not profile.countries:
        yield Fault("custom profile, countries", "Name the countries that may be called, such as GB.")
    for code in sorted(profile.countries - phonenumbers.SUPPORTED_REGIONS):
        yield Fault("custom profile, countries", f"{code!r} is no country's ISO code. Write two letters, such as GB.")


def _show_hours(hours: CallingHours) -> str:
    return f"{hours.first:%H:%M} to {hours.last:%H:%M}"
