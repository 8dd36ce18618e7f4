"""Days and hours of appointments, in the many ways in which people write them, as moments on the clinic's clock.

Rule kept here: what can be read two ways is refused until somebody says which; a moment that a clock change skips or
repeats is no moment.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from ivr.reminders.list.cells import CellError, ListReading
from ivr.reminders.list.columns import (
    MONTHS,
    WEEKDAYS,
)
from ivr.reminders.list.sheet import SheetCell, spell_cell

LONGEST_MOMENT = 60
SOME_DAY = date(2000, 1, 1)
LAST_YEAR = 9999
HALF_A_SECOND = timedelta(milliseconds=500)
"""A spreadsheet counts in fractions of a day, which miss the full second by a little."""
STEP = timedelta(minutes=5)
AHEAD = timedelta(days=366)

HOUR = (
    r"(?=\d{1,2}(?::|\s*[ap]))"
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?(?::(?P<second>\d{2})(?:\.\d+)?)?\s*(?P<half>[ap]\.?\s?m\.?)?"
)
CLOCK = re.compile(HOUR, re.IGNORECASE)
PARTS = re.compile(
    rf"(?P<day>\S.*?)(?:(?:(?<=\d)T|,?\s+(?:at\s+|a las\s+)?)(?P<time>{HOUR})\s*(?P<offset>Z|[+-]\d\d:?\d\d)?)?",
    re.IGNORECASE,
)
WEEKDAY = re.compile(r"([^\W\d]+)\.?,?\s+(.+)")
YEAR_FIRST = re.compile(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})")
NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
MONTH_FIRST = re.compile(r"([^\W\d]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", re.IGNORECASE)
DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[\s-]+(?:de\s+)?([^\W\d]+)\.?,?[\s-]+(?:del?\s+)?(\d{4}|\d{2})", re.IGNORECASE
)
FAR = "The appointment is more than a year ahead. Check the year."
UNREADABLE = "This is no date and time that can be read. Write it as 2027-03-03 14:30."
NO_HOUR = "There is no time of day. Write it as 2027-03-03 14:30, or in a column called Time."
TWO_WAYS = (
    "Without a word from you this may be {first:%-d %B} or {second:%-d %B}. Say for the whole file whether the day or "
    "the month comes first; dates on other lines do not decide it."
)


@dataclass(frozen=True)
class Moment:
    """A date as it is written; `at` is None where no time of day stands with it, `offset` where no zone does."""

    day: date
    at: time | None = None
    offset: timezone | None = None


@dataclass(frozen=True)
class TimeOfDay:
    """A time of day from a column of its own; None where the cell is empty."""

    at: time | None


def read_moment(cell: SheetCell, day_first: bool | None) -> Moment:
    """What a cell says of a date, and of the time with it. Raises CellError."""
    if isinstance(cell, datetime):
        even = (cell + HALF_A_SECOND).replace(microsecond=0) if cell.year < LAST_YEAR else cell
        return Moment(even.date(), even.time() if even.time() != time() else None)
    if isinstance(cell, date):
        return Moment(cell)
    if not isinstance(cell, str | int) or isinstance(cell, bool):
        raise CellError("This is no date. Format the column as dates, or write 2027-03-03 14:30.")
    text = spell_cell(cell)
    if not text:
        raise CellError("There is no date.")
    found = PARTS.fullmatch(text) if len(text) <= LONGEST_MOMENT else None
    if found is None:
        raise CellError(UNREADABLE)
    day = _read_day(found["day"], day_first)
    return Moment(day, _read_clock(found) if found["time"] else None, _read_offset(found["offset"]))


def _read_day(text: str, day_first: bool | None) -> date:
    named = WEEKDAY.fullmatch(text)
    # "mar" is Tuesday in Spanish, and March.
    if not named or MONTH_FIRST.fullmatch(text) or named[1].casefold() not in WEEKDAYS:
        return _read_date(text, day_first)
    day = _read_date(named[2], day_first)
    if WEEKDAYS[named[1].casefold()] != day.weekday():
        raise CellError(f"{day:%-d %B %Y} is a {day:%A}. Correct the day or the date.")
    return day


def _read_date(text: str, day_first: bool | None) -> date:
    try:
        if found := YEAR_FIRST.fullmatch(text):
            return _read_year_first(found)
        if found := NUMBERS.fullmatch(text):
            return _read_numbers(int(found[1]), int(found[3]), _read_year(found[4]), day_first)
        if found := MONTH_FIRST.fullmatch(text):
            return date(_read_year(found[3]), _find_month(found[1]), int(found[2]))
        if found := DAY_FIRST.fullmatch(text):
            return date(_read_year(found[3]), _find_month(found[2]), int(found[1]))
    except ValueError as error:
        raise CellError("There is no such day in the calendar.") from error
    raise CellError(UNREADABLE)


def _read_year_first(found: re.Match[str]) -> date:
    if not found[2] and len(found[0]) != len("20270303"):
        raise CellError(UNREADABLE)
    return date(int(found[1]), int(found[3]), int(found[4]))


def _read_numbers(first: int, second: int, year: int, day_first: bool | None) -> date:
    if day_first is None and first != second and max(first, second) <= 12:
        raise CellError(TWO_WAYS.format(first=date(year, first, second), second=date(year, second, first)))
    if day_first or (day_first is None and first > 12):
        return date(year, second, first)
    return date(year, first, second)


def _read_year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _find_month(word: str) -> int:
    if word.casefold() not in MONTHS:
        raise CellError(UNREADABLE)
    return MONTHS[word.casefold()]


def _read_clock(found: re.Match[str]) -> time:
    """A time of day from the groups of HOUR."""
    hour, half = int(found["hour"]), (found["half"] or "")[:1].casefold()
    if half and not 1 <= hour <= 12:
        raise CellError("A time with AM or PM has an hour from 1 to 12.")
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, int(found["minute"] or 0), int(found["second"] or 0))
    except ValueError as error:
        raise CellError("There is no such time of day.") from error


def _read_offset(text: str | None) -> timezone | None:
    if not text:
        return None
    if text in "Zz":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:
        raise CellError(UNREADABLE)
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(-ahead if text[0] == "-" else ahead)


def read_time(cell: SheetCell) -> TimeOfDay:
    """What a cell in the column of times says. Raises CellError."""
    if isinstance(cell, time):
        cell = datetime.combine(SOME_DAY, cell)
    if isinstance(cell, datetime):
        return TimeOfDay((datetime.combine(SOME_DAY, cell.time()) + HALF_A_SECOND).time().replace(microsecond=0))
    if isinstance(cell, timedelta) and timedelta() <= cell < timedelta(days=1):
        return read_time(datetime.combine(SOME_DAY, time()) + cell)
    text = re.sub(r"(?<!\d)(\d\d)(\d\d)(?!\d)", r"\1:\2", spell_cell(cell)) if isinstance(cell, str) else "?"
    if not text:
        return TimeOfDay(None)
    found = CLOCK.fullmatch(text) if len(text) <= LONGEST_MOMENT else None
    if found is None:
        raise CellError("This is no time of day that can be read. Write it as 14:30 or 2:30 PM.")
    return TimeOfDay(_read_clock(found))


def join_moment(moment: Moment, hour: time | None, *, timed: bool) -> Moment:
    """A date and the time beside it. Midnight counts as a time only in a column of its own. Raises CellError."""
    with_date = moment.at if moment.at != time() else None
    if hour and with_date and hour != with_date:
        raise CellError("The date has another time of day with it. Keep one of the two.")
    at = hour if timed and hour is not None else with_date
    if at is None:
        raise CellError(NO_HOUR)
    return Moment(moment.day, at, moment.offset)


def check_moment(moment: Moment, reading: ListReading, *, cancelled: bool) -> datetime:
    """The moment in the clinic's zone. Raises CellError with all that is wrong with it."""
    # Far years are refused first: near the ends of the calendar, changing a zone overflows.
    if moment.day.year > reading.now.year + 2:
        raise CellError(FAR)
    if moment.day.year < reading.now.year - 2:
        raise CellError("This year is long past. Check the date.")
    local = _place_in_zone(moment, reading.zone)
    # In UTC, since moments of one zone are compared by what its clock shows, and that goes back once a year.
    now, words = reading.now.astimezone(UTC), []
    if timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond) % STEP:
        words.append("Appointments are read aloud in steps of five minutes. Write the time so.")
    if local <= now and not cancelled:
        words.append("The appointment is past. Take the row out, or correct the date.")
    if local - now > AHEAD:
        words.append(FAR)
    if words:
        raise CellError(*words)
    return local


def _place_in_zone(moment: Moment, zone: ZoneInfo) -> datetime:
    local = datetime.combine(moment.day, moment.at or time())
    if moment.offset:
        return local.replace(tzinfo=moment.offset).astimezone(zone)
    early, late = local.replace(tzinfo=zone), local.replace(tzinfo=zone, fold=1)
    if early.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
        raise CellError("The clocks are put forward on that day and leave this time out. Correct the time.")
    if early.utcoffset() != late.utcoffset():
        raise CellError("The clocks are put back on that day and show this time twice. Choose another time.")
    return early
