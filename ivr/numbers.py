"""Phone numbers: how one is read, whether it exists, and in which groups of digits it is said.

The one home of that for every room. A number in words of this module is E.164 ("+12125550123"), or "" where there is
none that can be called.
"""

import re

import phonenumbers


def parse_number(text: str, country: str | None = None) -> phonenumbers.PhoneNumber | None:
    """The number that a text holds; None for what cannot be read as one.

    `country` (two letters) decides how a national number is read; without it only "+..." is one. Whether the number
    exists is not asked.
    """
    try:
        return phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None


def parse_existing_number(text: str, country: str | None = None) -> phonenumbers.PhoneNumber | None:
    """As `parse_number`, but None also for a number that no network gives out."""
    number = parse_number(text, country)
    return number if number is not None and phonenumbers.is_valid_number(number) else None


def format_e164(number: phonenumbers.PhoneNumber) -> str:
    """A number as networks write it: "+12125550123"."""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_callable_number(text: str, country: str) -> str:
    """The E.164 form of a number that could be called back, or "". `country` decides how a national number is read."""
    number = parse_existing_number(text, country)
    return format_e164(number) if number is not None else ""


def group_digits(number: str, country: str) -> str:
    """The digits of an E.164 number in the groups in which people say them: "212 555 0123"; "" for what is none.

    A number of the line's own `country` is said without its country code.
    """
    parsed = parse_number(number)
    if parsed is None:
        return ""
    home = phonenumbers.country_code_for_region(country) == parsed.country_code
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return " ".join(re.findall(r"\d+", phonenumbers.format_number(parsed, style)))
