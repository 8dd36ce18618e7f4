"""How each kind of setting is read: from the words in the environment to a typed value, or to words on what to mend.

A reader takes a string and returns the value, or raises ValueError with a sentence that follows the setting's name
("must be ..."). None of them reads the environment or any file.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import TypeVar
from unicodedata import normalize
from urllib.parse import quote
from zoneinfo import ZoneInfo, available_timezones

import holidays
import phonenumbers
from cryptography.fernet import Fernet

from ivr.line.languages import LANGUAGES
from ivr.numbers import format_e164, parse_number

T = TypeVar("T")
Reader = Callable[[str], T]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class OfficeHours:
    """Weekly hours: for each weekday (0 is Monday) the spans in which people answer, local time, end excluded."""

    spans: Mapping[int, tuple[tuple[time, time], ...]]

    def is_open_at(self, moment: datetime) -> bool:
        """True when people answer at that local moment, holidays apart."""
        return any(start <= moment.time() < end for start, end in self.spans.get(moment.weekday(), ()))


def optional(reader: Reader[T]) -> Reader[T | str]:
    """A reader that lets an empty setting be empty."""
    return lambda text: reader(text) if text else ""


def one_of(*allowed: str) -> Reader[str]:
    """One word of several."""

    def reader(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}, not {text!r}.")
        return text

    return reader


def words(*allowed: str) -> Reader[tuple[str, ...]]:
    """Several words of those allowed, in the order given."""

    def reader(text: str) -> tuple[str, ...]:
        found = tuple(text.replace(",", " ").split())
        for word in found:
            one_of(*allowed)(word)
        if not found:
            raise ValueError(f"must name at least one of {', '.join(allowed)}.")
        return found

    return reader


def orders(*allowed: str) -> Reader[dict[str, tuple[str, ...]]]:
    """`recordings pico; zh=recordings espeak`: "" holds the order for every language that has none of its own."""

    def reader(text: str) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for part in filter(None, (part.strip() for part in text.split(";"))):
            code, sign, names = part.partition("=")
            if sign and code.strip() not in LANGUAGES:
                raise ValueError(f"gives an order for a language that is not known, {code.strip()!r}.")
            found[code.strip() if sign else ""] = words(*allowed)(names if sign else code)
        if "" not in found:
            raise ValueError("must say first who speaks in all other languages: recordings kokoro; zh=recordings.")
        return found

    return reader


def switch(text: str) -> bool:
    """`on` or `off`."""
    return one_of("on", "off")(text) == "on"


def whole(low: int, high: int) -> Reader[int]:
    """A whole number within bounds."""

    def reader(text: str) -> int:
        if not re.fullmatch(r"\d{1,6}", text) or not low <= int(text) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}, not {text!r}.")
        return int(text)

    return reader


def secret(text: str) -> str:
    """A secret of at least 16 characters. It is never shown in a fault."""
    if len(text) < 16:
        raise ValueError("must have at least 16 characters.")
    return text


def hash_key(text: str) -> str:
    """The key of the hash: at least 32 characters, since there are few phone numbers to try. Never shown in a fault."""
    if len(text) < 32:
        raise ValueError("must have at least 32 characters. Make one: flask keys new.")
    return text


def metrics(text: str) -> str:
    """`off`, `on`, or a token."""
    return text if text in ("on", "off") else secret(text)


def fernet_keys(text: str) -> tuple[str, ...]:
    """One or more Fernet keys, the newest first. They are never shown in a fault."""
    keys = tuple(text.replace(",", " ").split())
    for number, key in enumerate(keys, 1):
        try:
            Fernet(key)
        except ValueError as error:
            raise ValueError(f"holds a key (number {number}) that is not valid. Make one: flask keys new.") from error
    if not keys:
        raise ValueError("must hold at least one key. Make one: flask keys new.")
    return keys


def base_url(text: str) -> str:
    """http(s)://host[:port][/path], without a slash at its end."""
    if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", text):
        raise ValueError(f"must be an address such as https://line.example.org, not {text!r}.")
    scheme, _, rest = text.partition("://")
    host, slash, path = rest.rstrip("/").partition("/")
    return f"{scheme}://{_write_host(host)}{slash}{quote(path, safe='/%:@!$&()*+,;=~-._')}"


def _write_host(host: str) -> str:
    """The host as networks send it: a name outside ASCII in its IDNA form. Raises ValueError, also for a sign that
    older programs write as another one (ß as ss): that would be another host."""
    if host.isascii():
        return host
    try:
        sent = host.encode("idna")
    except UnicodeError:
        raise ValueError(f"has a host name that the internet does not know: {host!r}.") from None
    if sent.decode("idna").lower() != normalize("NFC", host.lower()):
        raise ValueError(f"has a host name that is written in two ways: {host!r}. Give the one that begins with xn--.")
    return sent.decode("ascii")


def account_sid(text: str) -> str:
    """A Twilio account: AC and 32 hexadecimal signs."""
    if not re.fullmatch(r"AC[0-9a-fA-F]{32}", text):
        raise ValueError("must be AC followed by 32 signs; it stands at the top of Twilio's console.")
    return text


def country(text: str) -> str:
    """A country that phone numbers know, by its two letters."""
    if text not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError(f"must be a country's two letters, such as US, not {text!r}.")
    return text


def short_number(text: str) -> str:
    """A number as people dial it: two to six digits."""
    if not re.fullmatch(r"[0-9]{2,6}", text):
        raise ValueError(f"must be two to six digits, such as 911, not {text!r}.")
    return text


def e164(text: str) -> str:
    """A phone number with its country, +12125550123."""
    number = parse_number(text)
    if number is None:
        raise ValueError(f"must be a number with its country, such as +12125550123, not {text!r}.")
    if not phonenumbers.is_possible_number(number):
        raise ValueError(f"is not a number that can be dialed: {text!r}. Write it as +12125550123.")
    return format_e164(number)


def zone(text: str) -> ZoneInfo:
    """A time zone by its IANA name."""
    if text not in available_timezones():
        raise ValueError(f"must be a time zone such as America/Chicago, not {text!r}.")
    return ZoneInfo(text)


def office_hours(text: str) -> OfficeHours:
    """`mon-fri 09:00-17:00; sat 10:00-12:00`. Empty: nobody ever answers."""
    spans: dict[int, tuple[tuple[time, time], ...]] = {}
    for part in filter(None, (part.strip().lower() for part in text.split(";"))):
        found = re.fullmatch(r"([a-z]{3})(?:-([a-z]{3}))?\s+(\d\d:\d\d)-(\d\d:\d\d)", part)
        if not found:
            raise ValueError(f"has a part that cannot be read, {part!r}. Write it as mon-fri 09:00-17:00.")
        for day in _days_between(found[1], found[2] or found[1]):
            spans[day] = (*spans.get(day, ()), _span(found[3], found[4]))
    return OfficeHours(spans)


def _days_between(first: str, last: str) -> range:
    if first not in WEEKDAYS or last not in WEEKDAYS or WEEKDAYS.index(first) > WEEKDAYS.index(last):
        raise ValueError(f"names days that cannot be read, {first}-{last}. Days are {', '.join(WEEKDAYS)}.")
    return range(WEEKDAYS.index(first), WEEKDAYS.index(last) + 1)


def _span(start: str, end: str) -> tuple[time, time]:
    try:
        opens, closes = time.fromisoformat(start), time.max if end == "24:00" else time.fromisoformat(end)
    except ValueError as error:
        raise ValueError(f"has a time of day that does not exist: {start}-{end}.") from error
    if opens >= closes:
        raise ValueError(f"closes before it opens: {start}-{end}.")
    return opens, closes


def holiday_calendar(text: str) -> str:
    """A calendar that the holidays library has: a country, or a country and a part of it (US-CA)."""
    name, _, part = text.partition("-")
    try:
        holidays.country_holidays(name, subdiv=part or None)
    except (NotImplementedError, KeyError) as error:
        raise ValueError(
            f"names no calendar of public holidays: {text!r}. Write US or US-CA, or leave it empty."
        ) from error
    return text


def days(text: str) -> frozenset[date]:
    """Dates as 2026-12-24, with commas between."""
    found = set()
    for part in filter(None, (part.strip() for part in text.split(","))):
        try:
            found.add(date.fromisoformat(part))
        except ValueError as error:
            raise ValueError(f"has a date that cannot be read, {part!r}. Write it as 2026-12-24.") from error
    return frozenset(found)


def languages(text: str) -> tuple[str, ...]:
    """Codes of languages, in order, each once."""
    codes = words(*LANGUAGES)(text)
    if len(set(codes)) < len(codes):
        raise ValueError("names a language twice.")
    return codes


def number_languages(text: str) -> dict[str, str]:
    """`+12125550123=es, ...`."""
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        number, sign, code = part.partition("=")
        if not sign:
            raise ValueError(f"has a part that cannot be read, {part!r}. Write it as +12125550123=es.")
        found[e164(number)] = one_of(*LANGUAGES)(code.strip())
    return found


def clinic_name(text: str) -> dict[str, str]:
    """`Lakeside Hospital; zh=...`: "" holds the name for every language that has none of its own."""
    names: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        code, sign, name = part.partition("=")
        if sign and code.strip() not in LANGUAGES:
            raise ValueError(f"gives a name in a language that is not known, {code.strip()!r}.")
        names[code.strip() if sign else ""] = (name if sign else code).strip()
    if any(set(name) & set("{}<>&") for name in names.values()):
        raise ValueError("holds signs that cannot be spoken. Write the name as people say it.")
    return names


def folder(root: Path) -> Reader[Path]:
    """A folder; a relative one stands under the project."""
    return lambda text: (root / text).resolve()


def database_url(root: Path) -> Reader[str]:
    """A database's address; a relative SQLite file stands under the project."""

    def reader(text: str) -> str:
        if text.startswith("sqlite:///"):
            return f"sqlite:///{(root / text.removeprefix('sqlite:///')).resolve()}"
        if not re.match(r"postgres(ql)?(\+psycopg)?://", text):
            raise ValueError("must begin with sqlite:/// or postgresql://.")
        return text

    return reader
