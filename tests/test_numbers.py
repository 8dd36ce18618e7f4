"""Which numbers can be called back, and how they are read aloud."""

import pytest

from ivr.numbers import group_digits, read_callable_number


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("+12125550123", "US", "+12125550123"),
        ("2125550123", "US", "+12125550123"),
        ("12125550123", "US", "+12125550123"),
        ("(212) 555-0123", "US", "+12125550123"),
        ("011442079460958", "US", "+442079460958"),
        ("+442079460958", "US", "+442079460958"),
        ("02079460958", "GB", "+442079460958"),
        ("030 901820", "DE", "+4930901820"),
    ],
)
def test_a_number_is_understood_as_people_of_the_country_write_it(text: str, country: str, number: str) -> None:
    assert read_callable_number(text, country) == number


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "Anonymous", "anonymous", "sip:ana@example.org", "client:ana"),
        *("+266696687", "+2666966687", "+7378742883", "+86282452253", "+8656696"),  # Twilio's words for "hidden"
        *("0", "911", "+1911", "5550123", "1235550123", "21255501234", "2125550"),
        *("0" * 50, "2" * 50, "1" * 300, "*#*#"),
    ],
)
def test_what_cannot_be_called_back_is_no_number(text: str) -> None:
    assert read_callable_number(text, "US") == ""


@pytest.mark.parametrize(
    ("number", "country", "groups"),
    [
        ("+12125550123", "US", "212 555 0123"),
        ("+12125550123", "CA", "212 555 0123"),
        ("+12125550123", "DE", "1 212 555 0123"),
        ("+442079460958", "GB", "020 7946 0958"),
        ("+442079460958", "US", "44 20 7946 0958"),
        ("+12125550123", "GB", "1 212 555 0123"),
        ("+18885550142", "US", "888 555 0142"),
        ("", "US", ""),
        ("the desk", "US", ""),
    ],
)
def test_a_number_is_read_in_the_groups_in_which_people_say_it(number: str, country: str, groups: str) -> None:
    assert group_digits(number, country) == groups
