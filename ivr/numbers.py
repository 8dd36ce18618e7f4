"""Phone numbers: what a caller's number is, whether one that was keyed in can be called back, and how it is read aloud.

A number in words of this module is E.164 ("+12125550123") or "" where there is none that can be called.
"""

import re

import phonenumbers


def callable_number(text: str, country: str) -> str:
    """The E.164 form of a number that could be called back, or "". `country` decides how a national number is read."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def spoken_groups(number: str, country: str) -> str:
    """The digits of an E.164 number in the groups in which people say them: "212 555 0123". "" stays ""."""
    if not number:
        return ""
    parsed = phonenumbers.parse(number)
    home = phonenumbers.country_code_for_region(country) == parsed.country_code
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return " ".join(re.findall(r"\d+", phonenumbers.format_number(parsed, style)))
