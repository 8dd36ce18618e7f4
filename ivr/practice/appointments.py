"""The imaginary list of appointments: what a clinic exports, with nobody in it, and with faults on purpose.

Every number is nobody's. Those who give numbers out keep some free for stories: 555-0100 to 555-0199 in any
area code of the US, the free number 800 555-0199, and 020 7946 0000 to 0999 in the United Kingdom. phonenumbers takes
them for valid ones, which a list needs. Every family name is the word "example" in the person's language. Nothing is
drawn at random: the same day gives the same list.
"""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from ivr.line.languages import LANGUAGES

ROWS = 200
HEADINGS = (
    *("Appt ID", "Patient Name", "Mobile", "Preferred Language", "Appt Date", "Appt Time", "ZIP"),
    *("Consent Source", "Consent Date"),
)
PLACES = (
    *(("212", "10001"), ("305", "33130"), ("312", "60601"), ("713", "77002"), ("303", "80202")),
    *(("602", "85004"), ("213", "90012"), ("907", "99501"), ("808", "96813"), ("787", "00901")),
)
"""Area codes with a ZIP code of theirs: New York, Miami, Chicago, Houston, Denver, Phoenix, Los Angeles, Anchorage,
Honolulu, San Juan."""
DAYS_AHEAD = (3, 3, 1, 3, 6, 3)
"""Days from today to the appointments, in turn."""
SPREAD = (4, 11, 19, 27, 36, 45, 56, 67, 79, 90)
"""Where in the list the planted rows stand, in percent."""
FIRST_NUMBER = 20
"""555-0120: the ones before it are the line's own in a demonstration."""


@dataclass(frozen=True)
class AppointmentRow:
    """One line of the list, as a clinic writes it; `cells` stand under HEADINGS."""

    reference: str
    name: str
    phone: str
    language: str
    day: str
    time: str
    postal: str
    source: str
    agreed: str

    @property
    def cells(self) -> tuple[str, ...]:
        """In the order of the headings."""
        patient, meeting = (self.reference, self.name, self.phone, self.language), (self.day, self.time, self.postal)
        return (*patient, *meeting, self.source, self.agreed)


@dataclass(frozen=True)
class Planted:
    """Something put into the list on purpose. `kept` tells whether the patient is called all the same."""

    line: int
    words: str
    kept: bool = False


@dataclass(frozen=True)
class ImaginaryList:
    """The list: its rows, and what was planted, by line."""

    rows: tuple[AppointmentRow, ...]
    planted: tuple[Planted, ...]

    @property
    def callable_rows(self) -> int:
        """How many of its patients are to be called."""
        return len(self.rows) - sum(not planted.kept for planted in self.planted)

    def write(self, path: Path) -> None:
        """As a spreadsheet program saves it: CSV with the mark of UTF-8."""
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            table = csv.writer(file)
            table.writerow(HEADINGS)
            table.writerows(row.cells for row in self.rows)


def invent_list(today: date, languages: Sequence[str], count: int = ROWS) -> ImaginaryList:
    """The list as it is exported on a day, for patients who speak these languages (our codes), of 30 rows or more."""
    rows = [_write_row(index, today, languages) for index in range(count)]
    changes = _plant_faults(rows, today)
    for index, (row, _, _) in changes.items():
        rows[index] = row
    planted = tuple(Planted(count_line(index), words, kept) for index, (_, words, kept) in sorted(changes.items()))
    return ImaginaryList(tuple(rows), planted)


def count_line(index: int) -> int:
    """The line of a row, counted from 1 with the headings."""
    return index + 2


def _write_row(index: int, today: date, languages: Sequence[str]) -> AppointmentRow:
    code = languages[index % len(languages)]
    round_ = index // len(languages)
    area, postal = _choose_place(index, len(languages))
    day = today + timedelta(days=DAYS_AHEAD[index % len(DAYS_AHEAD)])
    agreed = today - timedelta(days=20 + index % 40)
    return AppointmentRow(
        reference=f"A-{1001 + index}",
        name=_choose_name(code, round_),
        phone=f"({area}) 555-01{FIRST_NUMBER + index // len(PLACES):02d}",
        language=_choose_language(code, round_),
        day=day.isoformat(),
        time=f"{8 + index * 5 // 7 % 9}:{index * 15 % 60:02d}",
        postal=postal,
        source="intake form",
        agreed=agreed.isoformat(),
    )


def _choose_place(index: int, languages: int) -> tuple[str, str]:
    """One place further in each round of both lists, where they would else meet in the same pairs again: so each
    language is spoken in every place, however many languages there are."""
    shift = index // math.lcm(len(PLACES), languages) % math.gcd(len(PLACES), languages)
    return PLACES[(index + shift) % len(PLACES)]


def _choose_name(code: str, turn: int) -> str:
    given, family = LANGUAGES[code].people
    first = given.split()[turn % len(given.split())]
    return f"{first} {family}"


def _choose_language(code: str, turn: int) -> str:
    """The same language as different desks write it."""
    row = LANGUAGES[code]
    return (row.name, row.own_name, row.code)[turn % 3]


def _plant_faults(rows: Sequence[AppointmentRow], today: date) -> dict[int, tuple[AppointmentRow, str, bool]]:
    """By index: the row in its stead, what it is there for, and whether this patient is called all the same."""
    at = [position * len(rows) // 100 for position in SPREAD]
    twin = rows[at[4] - 2]
    formula = '=HYPERLINK("https://example.org","Refund")'
    yesterday, ambiguous = today - timedelta(days=1), f"03/04/{today.year + 1}"
    planted = (
        ({"phone": f"{rows[at[0]].phone} ext. 4"}, "a number with an extension", False),
        ({"language": "Klingon"}, "a language that the line does not speak", False),
        ({"day": ambiguous}, "a date that may be March or April", False),
        ({"name": formula}, "a name that is a formula", True),
        (
            {"phone": twin.phone, "day": twin.day, "time": twin.time},
            f"the same number and appointment as on line {count_line(at[4] - 2)}",
            False,
        ),
        ({"day": yesterday.isoformat()}, "an appointment that is past", False),
        ({"source": "", "agreed": ""}, "no consent on record", False),
        ({"phone": "(800) 555-0199", "postal": ""}, "a free number, which rings nobody knows where", False),
        ({"phone": "+44 20 7946 0123", "postal": ""}, "a traveller's number of another country", False),
        ({"phone": "(808) 555-0119", "postal": "10001"}, "a number of Hawaii with a ZIP code of New York", True),
    )
    return {
        index: (replace(rows[index], **cells), words, kept)
        for index, (cells, words, kept) in zip(at, planted, strict=True)
    }
