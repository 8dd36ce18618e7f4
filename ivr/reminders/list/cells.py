"""One cell of the recipients' file at a time: phone numbers, languages, places, words. A reader that cannot
read its cell says why.

Rule kept here: a cell is read or refused, never guessed; what is refused is told in words that say what to write (no
word repeats the cell, which may be a person's: rule H4).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import phonenumbers

from ivr.errors import SpinelineError
from ivr.line.languages import LANGUAGES
from ivr.numbers import read_callable_number
from ivr.reminders.list.columns import (
    find_answer,
    find_language,
    find_state,
    find_zone,
)
from ivr.reminders.list.sheet import SheetCell, spell_cell
from ivr.reminders.rules.appointments import Consent

LONGEST_TEXT = 200
NORTH_AMERICA = 1
"""The country code under which American names of time zones mean what they say."""


class CellError(SpinelineError):
    """A cell cannot be used: one or more sentences that say why and what to write. Becomes faults."""

    def __init__(self, *words: str) -> None:
        self.words = words
        super().__init__(*words)


@dataclass(frozen=True)
class ListReading:
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


ROUNDED = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+|\d+\.0+")
ROUNDED_TO = 10_000
EXTENSION = re.compile(r"[^a-z]*(?:ext?n?|extension|anexo|interno|x|#|;ext=)[\s.:=#]*\d{1,7}", re.IGNORECASE)
DIALED = re.compile(r"[+＋]?[\d\s()./‐-―\-·~]+")
SPOILED = "The spreadsheet made a number of it and digits may be lost. Format the column as text and enter it again."


def read_phone(cell: SheetCell, country: str) -> str:
    """The E.164 form of a number that exists. Whether it may be called is for the rules. Raises CellError."""
    text = spell_cell(cell).lstrip("'")
    if ROUNDED.fullmatch(text) or _is_rounded(cell):
        raise CellError(SPOILED)
    if not text:
        raise CellError("There is no phone number.")
    if EXTENSION.fullmatch(text):
        raise CellError("A machine cannot dial an extension. Give a number that rings where the patient is.")
    if not DIALED.fullmatch(text):
        raise CellError("It holds signs that no phone number has. Write one number, such as +12125550123.")
    return _find_number(text, country)


def _is_rounded(cell: SheetCell) -> bool:
    """Whether a cell is a number that may have been 2.12555E+09 once: what a workbook keeps of that is 2125550000.

    Any other whole number is as it was typed; a workbook knows no difference between 2125550123 and 2125550123.0.
    """
    if isinstance(cell, float) and not cell.is_integer():
        return True
    return isinstance(cell, int | float) and cell % ROUNDED_TO == 0


def _find_number(text: str, country: str) -> str:
    number = read_callable_number(text, country)
    if not number:
        raise CellError(
            "There is no such phone number. Check its digits; one from abroad begins with + and its country."
        )
    return number


def read_language(text: str, languages: tuple[str, ...]) -> str:
    """Our code of an open language. Raises CellError, never a fallback (rule L3)."""
    offer = f"Open are: {', '.join(LANGUAGES[code].name for code in languages)}."
    if not text:
        raise CellError(f"There is no language. {offer}")
    try:
        code = find_language(text)
    except ValueError as error:
        raise CellError(str(error)) from error
    if not code:
        raise CellError(f"This is not a language that the line knows. {offer}")
    if code not in languages:
        raise CellError(f"{LANGUAGES[code].name} is not open on this line. {offer}")
    return code


def read_zone(text: str, country: str) -> str:
    """The IANA name of a zone, "" for none. Raises CellError."""
    try:
        name = find_zone(text, american=phonenumbers.country_code_for_region(country) == NORTH_AMERICA)
    except ValueError as error:
        raise CellError(str(error)) from error
    if text and not name:
        raise CellError("This is no time zone. Write one such as America/Chicago, or Central.")
    return name


def read_postal_code(text: str, country: str) -> str:
    """The five digits of a ZIP code, "" for none; another country's code as it stands. Raises CellError."""
    if country != "US":
        return clean_text(text)
    if not text or re.fullmatch(r"[0-9]{5}(?:[- ]?[0-9]{4})?", text):
        return text[:5]
    if re.fullmatch(r"[0-9]{3,4}|[0-9]{7,8}|[0-9]{3,4}-[0-9]{4}", text):
        raise CellError("A ZIP code has five digits; a spreadsheet may have dropped a zero in front. Enter it as text.")
    raise CellError("This is no ZIP code. Write five digits, or five, a dash and four.")


NONE = "There is no consent on record. Write its source and its date, or say who has it for the whole file."


def read_agreement(text: str) -> bool:
    """True, for a yes or an empty cell. Raises CellError for all else: consent is never guessed (rule C1)."""
    answer = find_answer(text) if text else "yes"
    if answer == "no":
        raise CellError("This person did not agree to be called. Take the row out.")
    if not answer:
        raise CellError("Write yes or no; where it is on record belongs in a column called Consent source.")
    return True


def read_cancelled(text: str) -> bool:
    """Whether the appointment is off. Raises CellError for a state that is neither."""
    state = find_state(text)
    if not state:
        raise CellError("This status is not known. Write scheduled or cancelled, or leave it empty.")
    return state == "cancelled"


def read_reference(text: str) -> str:
    """A clinic's own id, "" for none. Raises CellError."""
    if ROUNDED.fullmatch(text):
        raise CellError(SPOILED)
    return clean_text(text)


def clean_text(text: str) -> str:
    """A text that can be kept and shown; formulas in it are made harmless where it is exported. Raises CellError."""
    if len(text) > LONGEST_TEXT:
        raise CellError(f"It is longer than {LONGEST_TEXT} characters.")
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in text):
        raise CellError("It holds a line break or another sign that cannot be shown. Write it anew.")
    return text
