"""What a number, a zone and a ZIP code say about where a patient is; and what says nothing."""

import pytest

from ivr.reminders.list.zones import find_zones


def names(phone: str, zone: str = "", postal: str = "") -> set[str]:
    return {zone.key for zone in find_zones(phone, zone, postal)}


@pytest.mark.parametrize(
    ("phone", "zone", "postal", "found"),
    [
        ("+12125550123", "", "", {"America/New_York"}),
        ("+12125550123", "America/New_York", "10001", {"America/New_York"}),
        ("+12125550123", "", "90001", {"America/New_York", "America/Los_Angeles"}),
        ("+12125550123", "", "90001-1234", {"America/New_York", "America/Los_Angeles"}),
        ("+12125550123", "America/Chicago", "90001", {"America/New_York", "America/Chicago", "America/Los_Angeles"}),
        ("+18085550123", "", "", {"Pacific/Honolulu"}),
        ("+17875550123", "", "00901", {"America/Puerto_Rico"}),
        ("+19075550123", "", "", {"America/Anchorage", "America/Adak"}),
        ("+19075550123", "", "99501", {"America/Anchorage", "America/Adak"}),
        ("+16715550123", "", "96910", {"Pacific/Guam"}),
        ("+12125550123", " America/New_York ", " 10001 ", {"America/New_York"}),
    ],
)
def test_c8_what_number_zone_and_zip_say_is_joined(phone: str, zone: str, postal: str, found: set[str]) -> None:
    assert names(phone, zone, postal) == found


@pytest.mark.parametrize(
    ("postal", "found"),
    [
        ("", {"America/Phoenix"}),
        ("86001", {"America/Phoenix"}),  # Flagstaff, where the clocks never change
        ("86515", {"America/Phoenix", "America/Denver"}),  # Window Rock, in the Navajo Nation, where they do
    ],
)
def test_c8_an_arizona_number_is_in_arizonas_zone_and_a_navajo_zip_adds_its_own(postal: str, found: set[str]) -> None:
    assert names("+19285550123", postal=postal) == found


def test_c8_a_travellers_foreign_number_is_in_its_country_and_in_the_zone_given() -> None:
    assert names("+442079460018", zone="America/New_York") == {"Europe/London", "America/New_York"}


@pytest.mark.parametrize(
    ("phone", "zone", "postal"),
    [
        ("", "", ""),
        ("", "America/New_York", "10001"),
        ("not a number", "America/New_York", ""),
        ("+18005550123", "", ""),  # toll-free
        ("+18005550123", "America/New_York", "10001"),
        ("+15005550006", "", ""),  # a personal number
        ("+883510000000", "America/New_York", ""),  # of no country
        ("+13402345678", "", ""),  # no such exchange: Etc/Unknown
        ("+12125550123", "America/Nowhere", ""),
        ("+12125550123", "America", ""),
        ("+12125550123", "../zone", ""),
        ("+12125550123", "Etc/Unknown", ""),
        ("+12125550123", "", "00000"),
        ("+12125550123", "", "9001"),
        ("+12125550123", "", "SW1A 1AA"),
        ("+12125550123", "", "09001"),  # a military post office, which may be anywhere
        ("+12125550123", "", "99634"),  # the package holds a town's name instead of a zone
    ],
)
def test_c8_one_part_that_says_nothing_makes_the_place_unknown(phone: str, zone: str, postal: str) -> None:
    assert find_zones(phone, zone, postal) == frozenset()
