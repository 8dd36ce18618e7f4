"""Quantities, dates, times and digits as a voice should say them: in words, in each language's own order and grammar.

A voice that is handed "6" or "8:30 AM" may say it in another language, in the wrong gender, or letter by letter; words
leave it no choice. Every form is looked up in `locales/<language>/spoken.toml`, never computed: a list can be read and
corrected by a person who knows the language, and no library's guess is ever spoken. Where a list differs from what
Babel gives, the file says why.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

from ivr.errors import CatalogError, Fault
from ivr.line.topics import LONGEST_COUNT

FILE = "spoken.toml"
STILL_ENGLISH = "# STILL ENGLISH"
"""Stands at the head of a new language's list until a person has filled it."""
LENGTHS: Mapping[str, Mapping[str, int]] = {
    "quantity": {unit.value: longest for unit, longest in LONGEST_COUNT.items()},
    "date": {"weekday": 7, "month": 12, "day": 31},
    "time": {"hour": 24, "minute": 12, "part": 24},
    "away": {"days": 31},
    "emergency": {"digit": 10},
}
"""How long each list is: quantities count from one, days away and digits from none, minutes go in steps of five."""
ORDERED = ("date", "time")
"""What is said piece by piece, in the language's order."""
FARTHEST = LENGTHS["away"]["days"] - 1
"""Days ahead that can be counted for a listener; a day that is farther off is told by its date alone."""
MAY_BE_EMPTY = frozenset({"minute", "part"})
MINUTES = 5


@dataclass(frozen=True)
class Piece:
    """One part of a date or time: a clip of its own (`id`), and its words."""

    id: str
    text: str


@dataclass(frozen=True)
class SpokenForms:
    """The forms of one language. `lists` holds each list by its name ("quantity.hour"); `orders` the pieces' order;
    `pause` is what stands between the digits of the emergency number, which are said apart."""

    language: str
    joiner: str
    pause: str
    lists: Mapping[str, tuple[str, ...]]
    orders: Mapping[str, tuple[str, ...]]

    def write_quantity(self, count: int, unit: str) -> str:
        """`count` of a unit ("hour", "day", "week"): "six hours". Raises ValueError beyond the list."""
        forms = self.lists[f"quantity.{unit}"]
        if not 1 <= count <= len(forms):
            raise ValueError(f"{count} {unit}s are more than {self.language} can say ({len(forms)})")
        return forms[count - 1]

    def list_date_pieces(self, day: date) -> tuple[Piece, ...]:
        """A date as clips, in the language's order."""
        return self._find_pieces("date", {"weekday": day.weekday() + 1, "month": day.month, "day": day.day})

    def list_time_pieces(self, moment: time) -> tuple[Piece, ...]:
        """A time of day as clips, in the language's order. Raises ValueError off the five-minute steps."""
        if moment.minute % MINUTES:
            raise ValueError(f"{moment} is not a step of five minutes")
        return self._find_pieces("time", {"hour": moment.hour, "minute": moment.minute, "part": moment.hour})

    def find_days_away(self, days: int) -> Piece | None:
        """How far off a day is ("That is tomorrow."); None for one that is past, or too far to count to."""
        return self._find_piece("away", "days", days) if 0 <= days <= FARTHEST else None

    def write_emergency_number(self, number: str) -> str:
        """Its digits, apart, each in the word that is used in such a number."""
        return write_digits(number, lambda digit: self.lists["emergency.digit"][int(digit)], self.pause)

    def join_pieces(self, pieces: tuple[Piece, ...]) -> str:
        """The same pieces as one phrase, for an engine that says it whole."""
        return self.joiner.join(piece.text for piece in pieces)

    def list_units(self) -> Iterator[Piece]:
        """Every piece of every date and time, and of every distance: the clips from which any can be said."""
        for kind in (*ORDERED, "away"):
            for name in LENGTHS[kind]:
                pieces = (self._find_piece(kind, name, number) for number in self._list_numbers(kind, name))
                yield from (piece for piece in pieces if piece)

    def _list_numbers(self, kind: str, name: str) -> range:
        first, step = int(kind == "date"), MINUTES if name == "minute" else 1
        return range(first, first + step * LENGTHS[kind][name], step)

    def _find_pieces(self, kind: str, numbers: Mapping[str, int]) -> tuple[Piece, ...]:
        found = (self._find_piece(kind, name, numbers[name]) for name in self.orders[kind])
        return tuple(piece for piece in found if piece)

    def _find_piece(self, kind: str, name: str, number: int) -> Piece | None:
        text = self.lists[f"{kind}.{name}"][self._list_numbers(kind, name).index(number)]
        return Piece(f"{kind}.{name}.{number}", text) if text else None


def read_spoken(folder: Path, language: str) -> SpokenForms:
    """The forms of a language under `folder` (`locales/`). Raises CatalogError with every fault."""
    path = folder / language / FILE
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        words = f"How {language} says quantities, dates and times is not written. Copy another language's, and fill it."
        raise CatalogError([Fault(str(path), words)]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogError([Fault(str(path), f"This is not valid TOML in UTF-8: {error}.")]) from error
    if faults := [Fault(str(path), words) for words in _find_faults(table)]:
        raise CatalogError(faults)
    lists = {f"{kind}.{name}": tuple(table[kind][name]) for kind in LENGTHS for name in LENGTHS[kind]}
    return SpokenForms(
        language=language,
        joiner=table["joiner"],
        pause=table["emergency"]["pause"],
        lists=lists,
        orders={kind: tuple(table[kind]["order"]) for kind in ORDERED},
    )


def is_still_english(folder: Path, language: str) -> bool:
    """True where nobody has yet said that the forms of a new language are its own."""
    return STILL_ENGLISH in (folder / language / FILE).read_text("utf-8")


def _find_faults(table: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(table.get("joiner"), str):
        yield 'lacks joiner: what stands between two pieces, " " or "".'
    if not isinstance(_read_table(table, "emergency").get("pause"), str):
        yield 'emergency.pause must be what stands between two digits that are said apart: ", " for most.'
    for kind, names in LENGTHS.items():
        rows = _read_table(table, kind)
        for name, length in names.items():
            yield from _find_list_faults(f"{kind}.{name}", rows.get(name), length, empty=name in MAY_BE_EMPTY)
        order = rows.get("order")
        if kind in ORDERED and not (isinstance(order, list) and sorted(map(str, order)) == sorted(names)):
            yield f"{kind}.order must name {', '.join(names)}, each once, in the language's own order."


def _read_table(table: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    given = table.get(kind)
    return given if isinstance(given, dict) else {}


def _find_list_faults(name: str, forms: object, length: int, *, empty: bool) -> Iterator[str]:
    if not isinstance(forms, list) or len(forms) != length or not all(isinstance(form, str) for form in forms):
        yield f"{name} must be a list of {length} forms."
        return
    for number, form in enumerate(forms, 1):
        if not form.strip() and not empty:
            yield f"{name}: form {number} is empty."
        if any(sign.isdigit() for sign in form):
            yield f'{name}: form {number} holds a digit, "{form}". Write it as a word.'


def write_digits(text: str, word: Callable[[str], str], joiner: str = " ") -> str:
    """The digits of `text`, each in the word that `word` gives for it: "911" becomes "nine one one"."""
    return joiner.join(word(digit) for digit in text if digit.isdigit())
