"""From the rows of a clinic's file to appointments that may be called about, or to every fault that stands in the way.

A row with a fault calls nobody: nothing is guessed, padded or left out (RULES C1, L3). The words of a fault never
repeat what a cell holds, since it may be a patient's number or name (RULES H4); they lead to its line and column.
Only form is judged here. Whom the law lets us call, and when, is decided by the rules of the campaign.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import phonenumbers

from ivr.errors import Fault, SpinelineError
from ivr.line.languages import LANGUAGES
from ivr.reminders.appointments import Consent, Purpose, Recipient
from ivr.reminders.columns import (
    MONTHS,
    WEEKDAYS,
    Column,
    Headings,
    answer_of,
    language_of,
    read_headings,
    state_of,
    zone_of,
)
from ivr.reminders.sheet import Cell, Notes, Row, refused, rows, text_of

T = TypeVar("T")
LONGEST_TEXT = 200
LONGEST_MOMENT = 60
SOME_DAY = date(2000, 1, 1)
LAST_YEAR = 9999
HALF_A_SECOND = timedelta(milliseconds=500)
"""A spreadsheet counts in fractions of a day, which miss the full second by a little."""
STEP = timedelta(minutes=5)
AHEAD = timedelta(days=366)
NORTH_AMERICA = 1
"""The country code under which American names of time zones mean what they say."""


class CellError(SpinelineError):
    """A cell cannot be used: one or more sentences that say why and what to write. Becomes faults."""

    def __init__(self, *words: str) -> None:
        self.words = words
        super().__init__(*words)


@dataclass(frozen=True)
class Reading:
    """What a file does not say about itself.

    `country` (two letters) decides how national phone numbers are read, `zone` is the clinic's, `languages` are the
    codes that are open, `now` is aware. `consent` is what the person who uploads gives for every row that has none.
    `day_first`: whether 03/04/2027 is 3 April; None refuses such a date.
    """

    country: str
    zone: ZoneInfo
    languages: tuple[str, ...]
    now: datetime
    consent: Consent | None = None
    day_first: bool | None = None


def _nothing(_: object) -> None:
    """Nobody listens."""


def read_recipients(
    path: Path, reading: Reading, on_row: Callable[[int], None] = _nothing, notes: Notes = _nothing
) -> Iterator[Recipient | Fault]:
    """Every row of a file, in order, as one Recipient or as all of its faults. `on_row` hears each line that is done.

    `notes` hears, in words, what is in the file and is not read: other columns, other sheets. For each
    row some 300 bytes are kept (hashes, to find doubles), never the row.

    Raises RecipientsError for a file that cannot be read, at the first step or (damaged, too long) at a later one, so
    nothing may be kept for good before the end.
    """
    lines = rows(path, notes)
    head = next(lines)
    headings = read_headings(path.name, [text_of(cell) for cell in head.cells])
    if headings.ignored:
        notes("These columns are not read: " + ", ".join(f'"{name}"' for name in headings.ignored) + ".")
    doubles, row = _Doubles(), None
    for row in lines:
        yield from _Line(row, headings, reading).outcome(doubles)
        on_row(row.line)
    if row is None:
        raise refused(path.name, "It has headings, and no row under them.")


class _Doubles:
    """Finds what came before, keeping a hash and a line for each."""

    def __init__(self) -> None:
        self._lines: dict[bytes, int] = {}

    def first(self, line: int, *words: str) -> int | None:
        """The line on which these words came first, None if that is this one."""
        found = self._lines.setdefault(blake2b("\n".join(words).encode(), digest_size=16).digest(), line)
        return None if found == line else found


class _Line:
    """One row while it is read: its cells by column, and the faults found so far."""

    def __init__(self, row: Row, headings: Headings, reading: Reading) -> None:
        self._row, self._headings, self._reading = row, headings, reading
        self._faults: list[Fault] = []

    def outcome(self, doubles: _Doubles) -> Iterator[Recipient | Fault]:
        """The recipient, or every fault."""
        recipient = self._recipient(doubles)
        if recipient is None or self._faults:
            yield from self._faults
        else:
            yield recipient

    def _recipient(self, doubles: _Doubles) -> Recipient | None:
        if any(cell != "" for cell in self._row.cells[len(self._headings.names) :]):
            self._fault(
                None,
                "The row has more cells than headings. Quote a cell that holds commas; give each column a heading.",
            )
        reading = self._reading
        phone = self._read(Column.PHONE, lambda cell: phone_of(cell, reading.country))
        language = self._read(Column.LANGUAGE, lambda cell: spoken_language(text_of(cell), reading.languages))
        cancelled = self._read(Column.STATUS, lambda cell: is_cancelled(text_of(cell)))
        moment = self._appointment(cancelled=cancelled is True)
        name = self._name()
        zone = self._read(Column.ZONE, lambda cell: patient_zone(text_of(cell), reading.country))
        postal = self._read(Column.POSTAL, lambda cell: postal_code(text_of(cell), reading.country))
        consent = self._consent(needed=not cancelled)
        reference = self._read(Column.REFERENCE, lambda cell: reference_of(text_of(cell)))
        self._find_doubles(doubles, phone, moment, reference)
        if phone is None or language is None or moment is None:
            return None
        return Recipient(
            line=self._row.line,
            phone=phone,
            language=language,
            appointment=moment,
            name=name or "",
            zone=zone or "",
            postal=postal or "",
            consent=consent,
            reference=reference or "",
            cancelled=cancelled is True,
        )

    def _cell(self, column: Column) -> Cell:
        place = self._headings.places.get(column, len(self._row.cells))
        return self._row.cells[place] if place < len(self._row.cells) else ""

    def _text(self, column: Column) -> str:
        return text_of(self._cell(column))

    def _has(self, column: Column) -> bool:
        return self._cell(column) != ""

    def _fault(self, column: Column | None, *words: str) -> None:
        place = f"line {self._row.line}"
        if column in self._headings.places:
            place = f'{place}, "{self._headings.names[self._headings.places[column]]}"'
        self._faults += [Fault(place, each) for each in words]

    def _read(self, column: Column, reader: Callable[[Cell], T]) -> T | None:
        """What a reader makes of a cell; None with a fault, or where there is no such column."""
        if column not in self._headings.places:
            return None
        return self._tried(column, lambda: reader(self._cell(column)))

    def _tried(self, column: Column, step: Callable[[], T]) -> T | None:
        try:
            return step()
        except CellError as error:
            self._fault(column, *error.words)
            return None

    def _appointment(self, *, cancelled: bool) -> datetime | None:
        reading, timed = self._reading, Column.TIME in self._headings.places
        day = self._read(Column.APPOINTMENT, lambda cell: moment_of(cell, reading.day_first))
        hour = self._read(Column.TIME, time_of)
        if day is None or (timed and hour is None):
            return None
        return self._tried(
            Column.TIME if timed else Column.APPOINTMENT,
            lambda: checked(joined(day, hour.at if hour else None, timed=timed), reading, cancelled=cancelled),
        )

    def _name(self) -> str | None:
        parts = [self._text(Column.FIRST_NAME), self._text(Column.LAST_NAME)]
        text = self._text(Column.NAME) or " ".join(filter(None, parts))
        columns = (Column.NAME, Column.FIRST_NAME, Column.LAST_NAME)
        column = next((each for each in columns if self._text(each)), Column.NAME)
        return self._tried(column, lambda: clean(text))

    def _consent(self, *, needed: bool) -> Consent | None:
        """RULES C1: of this row, or else of the whole file; a call that is off needs none."""
        if self._read(Column.CONSENT, lambda cell: agreed(text_of(cell))) is None and self._has(Column.CONSENT):
            return None
        source, dated = self._text(Column.CONSENT_SOURCE), self._has(Column.CONSENT_DATE)
        if source and dated:
            return self._own_consent(source)
        if source:
            self._fault(Column.CONSENT_DATE, "The consent has a source and no date. Write when it was given.")
        elif dated:
            self._fault(Column.CONSENT_SOURCE, "The consent has a date and no source. Write where it is on record.")
        elif needed and self._reading.consent is None:
            self._fault(
                Column.CONSENT_SOURCE if Column.CONSENT_SOURCE in self._headings.places else Column.CONSENT, NONE
            )
        return None if source or dated else self._reading.consent

    def _own_consent(self, source: str) -> Consent | None:
        reading = self._reading
        written = self._tried(Column.CONSENT_SOURCE, lambda: clean(source))
        given = self._read(Column.CONSENT_DATE, lambda cell: moment_of(cell, reading.day_first))
        if given and given.day > reading.now.astimezone(reading.zone).date():
            self._fault(Column.CONSENT_DATE, "The consent is dated in the future.")
        purpose = reading.consent.purpose if reading.consent else Purpose.APPOINTMENT
        return Consent(written, given.day, purpose) if written and given else None

    def _find_doubles(
        self, doubles: _Doubles, phone: str | None, moment: datetime | None, reference: str | None
    ) -> None:
        line = self._row.line
        if (
            phone
            and moment
            and (first := doubles.first(line, "appointment", phone, moment.astimezone(UTC).isoformat()))
        ):
            self._fault(Column.PHONE, f"The same number and appointment stand on line {first}. Keep one of the two.")
        if reference and (first := doubles.first(line, "reference", reference)):
            self._fault(Column.REFERENCE, f"The same id stands on line {first}. Each appointment needs one of its own.")


# --- Numbers, languages, places, words --------------------------------------------------------------------------------

ROUNDED = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+|\d+\.0+")
ROUNDED_TO = 10_000
EXTENSION = re.compile(r"[^a-z]*(?:ext?n?|extension|anexo|interno|x|#|;ext=)[\s.:=#]*\d{1,7}", re.IGNORECASE)
DIALED = re.compile(r"[+＋]?[\d\s()./‐-―\-·~]+")
SPOILED = "The spreadsheet made a number of it and digits may be lost. Format the column as text and enter it again."


def phone_of(cell: Cell, country: str) -> str:
    """The E.164 form of a number that exists. Whether it may be called is for the rules. Raises CellError."""
    text = text_of(cell).lstrip("'")
    if ROUNDED.fullmatch(text) or _is_rounded(cell):
        raise CellError(SPOILED)
    if not text:
        raise CellError("There is no phone number.")
    if EXTENSION.fullmatch(text):
        raise CellError("A machine cannot dial an extension. Give a number that rings where the patient is.")
    if not DIALED.fullmatch(text):
        raise CellError("It holds signs that no phone number has. Write one number, such as +12125550123.")
    return _existing(text, country)


def _is_rounded(cell: Cell) -> bool:
    """Whether a cell is a number that may have been 2.12555E+09 once: what a workbook keeps of that is 2125550000.

    Any other whole number is as it was typed; a workbook knows no difference between 2125550123 and 2125550123.0.
    """
    if isinstance(cell, float) and not cell.is_integer():
        return True
    return isinstance(cell, int | float) and cell % ROUNDED_TO == 0


def _existing(text: str, country: str) -> str:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise CellError(
            "There is no such phone number. Check its digits; one from abroad begins with + and its country."
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def spoken_language(text: str, languages: tuple[str, ...]) -> str:
    """Our code of an open language. Raises CellError, never a fallback (RULES L3)."""
    offer = f"Open are: {', '.join(LANGUAGES[code].name for code in languages)}."
    if not text:
        raise CellError(f"There is no language. {offer}")
    try:
        code = language_of(text)
    except ValueError as error:
        raise CellError(str(error)) from error
    if not code:
        raise CellError(f"This is not a language that the line knows. {offer}")
    if code not in languages:
        raise CellError(f"{LANGUAGES[code].name} is not open on this line. {offer}")
    return code


def patient_zone(text: str, country: str) -> str:
    """The IANA name of a zone, "" for none. Raises CellError."""
    try:
        name = zone_of(text, american=phonenumbers.country_code_for_region(country) == NORTH_AMERICA)
    except ValueError as error:
        raise CellError(str(error)) from error
    if text and not name:
        raise CellError("This is no time zone. Write one such as America/Chicago, or Central.")
    return name


def postal_code(text: str, country: str) -> str:
    """The five digits of a ZIP code, "" for none; another country's code as it stands. Raises CellError."""
    if country != "US":
        return clean(text)
    if not text or re.fullmatch(r"[0-9]{5}(?:[- ]?[0-9]{4})?", text):
        return text[:5]
    if re.fullmatch(r"[0-9]{3,4}|[0-9]{7,8}|[0-9]{3,4}-[0-9]{4}", text):
        raise CellError("A ZIP code has five digits; a spreadsheet may have dropped a zero in front. Enter it as text.")
    raise CellError("This is no ZIP code. Write five digits, or five, a dash and four.")


NONE = "There is no consent on record. Write its source and its date, or say who has it for the whole file."


def agreed(text: str) -> bool:
    """True, for a yes or an empty cell. Raises CellError for all else: consent is never guessed (RULES C1)."""
    answer = answer_of(text) if text else "yes"
    if answer == "no":
        raise CellError("This person did not agree to be called. Take the row out.")
    if not answer:
        raise CellError("Write yes or no; where it is on record belongs in a column called Consent source.")
    return True


def is_cancelled(text: str) -> bool:
    """Whether the appointment is off. Raises CellError for a state that is neither."""
    state = state_of(text)
    if not state:
        raise CellError("This status is not known. Write scheduled or cancelled, or leave it empty.")
    return state == "cancelled"


def reference_of(text: str) -> str:
    """A clinic's own id, "" for none. Raises CellError."""
    if ROUNDED.fullmatch(text):
        raise CellError(SPOILED)
    return clean(text)


def clean(text: str) -> str:
    """A text that can be kept and shown; formulas in it are made harmless where it is exported. Raises CellError."""
    if len(text) > LONGEST_TEXT:
        raise CellError(f"It is longer than {LONGEST_TEXT} characters.")
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in text):
        raise CellError("It holds a line break or another sign that cannot be shown. Write it anew.")
    return text


# --- Days and hours ---------------------------------------------------------------------------------------------------

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
class Hour:
    """A time of day from a column of its own; None where the cell is empty."""

    at: time | None


def moment_of(cell: Cell, day_first: bool | None) -> Moment:
    """What a cell says of a date, and of the time with it. Raises CellError."""
    if isinstance(cell, datetime):
        even = (cell + HALF_A_SECOND).replace(microsecond=0) if cell.year < LAST_YEAR else cell
        return Moment(even.date(), even.time() if even.time() != time() else None)
    if isinstance(cell, date):
        return Moment(cell)
    if not isinstance(cell, str | int) or isinstance(cell, bool):
        raise CellError("This is no date. Format the column as dates, or write 2027-03-03 14:30.")
    text = text_of(cell)
    if not text:
        raise CellError("There is no date.")
    found = PARTS.fullmatch(text) if len(text) <= LONGEST_MOMENT else None
    if found is None:
        raise CellError(UNREADABLE)
    day = _day(found["day"], day_first)
    return Moment(day, _clock(found) if found["time"] else None, _offset(found["offset"]))


def _day(text: str, day_first: bool | None) -> date:
    named = WEEKDAY.fullmatch(text)
    # "mar" is Tuesday in Spanish, and March.
    if not named or MONTH_FIRST.fullmatch(text) or named[1].casefold() not in WEEKDAYS:
        return _date(text, day_first)
    day = _date(named[2], day_first)
    if WEEKDAYS[named[1].casefold()] != day.weekday():
        raise CellError(f"{day:%-d %B %Y} is a {day:%A}. Correct the day or the date.")
    return day


def _date(text: str, day_first: bool | None) -> date:
    try:
        if found := YEAR_FIRST.fullmatch(text):
            return _year_first(found)
        if found := NUMBERS.fullmatch(text):
            return _numbers(int(found[1]), int(found[3]), _year(found[4]), day_first)
        if found := MONTH_FIRST.fullmatch(text):
            return date(_year(found[3]), _month(found[1]), int(found[2]))
        if found := DAY_FIRST.fullmatch(text):
            return date(_year(found[3]), _month(found[2]), int(found[1]))
    except ValueError as error:
        raise CellError("There is no such day in the calendar.") from error
    raise CellError(UNREADABLE)


def _year_first(found: re.Match[str]) -> date:
    if not found[2] and len(found[0]) != len("20270303"):
        raise CellError(UNREADABLE)
    return date(int(found[1]), int(found[3]), int(found[4]))


def _numbers(first: int, second: int, year: int, day_first: bool | None) -> date:
    if day_first is None and first != second and max(first, second) <= 12:
        raise CellError(TWO_WAYS.format(first=date(year, first, second), second=date(year, second, first)))
    if day_first or (day_first is None and first > 12):
        return date(year, second, first)
    return date(year, first, second)


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _month(word: str) -> int:
    if word.casefold() not in MONTHS:
        raise CellError(UNREADABLE)
    return MONTHS[word.casefold()]


def _clock(found: re.Match[str]) -> time:
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


def _offset(text: str | None) -> timezone | None:
    if not text:
        return None
    if text in "Zz":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:
        raise CellError(UNREADABLE)
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(-ahead if text[0] == "-" else ahead)


def time_of(cell: Cell) -> Hour:
    """What a cell in the column of times says. Raises CellError."""
    if isinstance(cell, time):
        cell = datetime.combine(SOME_DAY, cell)
    if isinstance(cell, datetime):
        return Hour((datetime.combine(SOME_DAY, cell.time()) + HALF_A_SECOND).time().replace(microsecond=0))
    if isinstance(cell, timedelta) and timedelta() <= cell < timedelta(days=1):
        return time_of(datetime.combine(SOME_DAY, time()) + cell)
    text = re.sub(r"(?<!\d)(\d\d)(\d\d)(?!\d)", r"\1:\2", text_of(cell)) if isinstance(cell, str) else "?"
    if not text:
        return Hour(None)
    found = CLOCK.fullmatch(text) if len(text) <= LONGEST_MOMENT else None
    if found is None:
        raise CellError("This is no time of day that can be read. Write it as 14:30 or 2:30 PM.")
    return Hour(_clock(found))


def joined(moment: Moment, hour: time | None, *, timed: bool) -> Moment:
    """A date and the time beside it. Midnight counts as a time only in a column of its own. Raises CellError."""
    with_date = moment.at if moment.at != time() else None
    if hour and with_date and hour != with_date:
        raise CellError("The date has another time of day with it. Keep one of the two.")
    at = hour if timed and hour is not None else with_date
    if at is None:
        raise CellError(NO_HOUR)
    return Moment(moment.day, at, moment.offset)


def checked(moment: Moment, reading: Reading, *, cancelled: bool) -> datetime:
    """The moment in the clinic's zone. Raises CellError with all that is wrong with it."""
    # Far years are refused first: near the ends of the calendar, changing a zone overflows.
    if moment.day.year > reading.now.year + 2:
        raise CellError(FAR)
    if moment.day.year < reading.now.year - 2:
        raise CellError("This year is long past. Check the date.")
    local = _local(moment, reading.zone)
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


def _local(moment: Moment, zone: ZoneInfo) -> datetime:
    local = datetime.combine(moment.day, moment.at or time())
    if moment.offset:
        return local.replace(tzinfo=moment.offset).astimezone(zone)
    early, late = local.replace(tzinfo=zone), local.replace(tzinfo=zone, fold=1)
    if early.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
        raise CellError("The clocks are put forward on that day and leave this time out. Correct the time.")
    if early.utcoffset() != late.utcoffset():
        raise CellError("The clocks are put back on that day and show this time twice. Choose another time.")
    return early
