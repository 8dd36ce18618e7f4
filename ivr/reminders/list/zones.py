"""Which time zones a patient may be in: the calling hours must hold in each of them (rule C8).

What a number, a time zone and a ZIP code say is joined, never chosen between: nobody can know which of them is right.
As soon as one of them says nothing that is understood, the patient may be anywhere, and is not dialed.
"""

from functools import cache
from typing import Any, cast
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
import zipcodes
from phonenumbers import PhoneNumberType, timezone

from ivr.numbers import parse_number

Zones = frozenset[ZoneInfo]
UNKNOWN: Zones = frozenset()
PLACELESS = frozenset(
    {
        *(PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST),
        *(PhoneNumberType.PERSONAL_NUMBER, PhoneNumberType.PAGER, PhoneNumberType.UAN, PhoneNumberType.VOICEMAIL),
    }
)
"""Numbers that say nothing of where they ring."""


def find_zones(phone: str, zone: str, postal: str) -> Zones:
    """Every zone that the patient may be in: those of the number (E.164), the zone (IANA) and the ZIP code, joined.

    `zone` and `postal` may be "". Empty where any of the three says nothing that is understood: a number without a
    place (toll-free, say), a misspelled zone, a ZIP code that does not exist.
    """
    said = [_find_zones_of_number(phone)]
    if zone.strip():
        said.append(_find_zones_by_name(zone.strip()))
    if postal.strip():
        said.append(_find_zones_of_zip(postal.strip()))
    return UNKNOWN.union(*said) if all(said) else UNKNOWN


def _find_zones_of_number(phone: str) -> Zones:
    number = parse_number(phone)
    if number is None or phonenumbers.number_type(number) in PLACELESS:
        return UNKNOWN
    return _find_zones_by_name(*timezone.time_zones_for_number(number))


@cache
def _find_zones_of_zip(postal: str) -> Zones:
    try:
        # The package is typed, but its outer functions carry no annotations.
        found = cast(list[dict[str, Any]], zipcodes.matching(postal))  # type: ignore[no-untyped-call]
    except ValueError:
        return UNKNOWN
    return _find_zones_by_name(*(str(place["timezone"]) for place in found))


def _find_zones_by_name(*names: str) -> Zones:
    known = _list_zone_names()
    return frozenset(ZoneInfo(name) for name in names) if known.issuperset(names) else UNKNOWN


@cache
def _list_zone_names() -> frozenset[str]:
    # Asked of the list: ZoneInfo itself takes "America" for a file, and raises whatever the file system raises.
    return frozenset(available_timezones())
