"""A list of phone numbers: one a line, or a table with a column for them.

Rule kept here: a second number on a line, or a column that may or may not be meant, is never passed over: a
person who is left out of a list of opt-outs is called again.
"""

from collections.abc import Iterator
from pathlib import Path

from ivr.errors import Fault
from ivr.reminders.list.cells import CellError, read_phone
from ivr.reminders.list.columns import ALIASES, Column, fold_word
from ivr.reminders.list.sheet import Notes, SheetCell, SheetRow, make_refusal, read_rows, spell_cell

_PHONES = frozenset(fold_word(word) for word in ALIASES[Column.PHONE].split(","))


def read_numbers(path: Path, country: str, notes: Notes) -> Iterator[str | Fault]:
    """Each row's number (E.164) or its fault. A first line that names a column for the phone number is a heading.
    `notes` hears what else the file holds.

    Raises RecipientsError for a file that is no table, or where nobody can tell which column is meant.
    """
    table = read_rows(path, notes)
    first = next(table)
    columns = [place for place, cell in enumerate(first.cells) if fold_word(spell_cell(cell)) in _PHONES]
    wide = len([cell for cell in first.cells if cell != ""]) > 1
    if len(columns) > 1 or (wide and not columns):
        words = "Call one column Phone, in the first line; or write one number a line and nothing else."
        raise make_refusal(path.name, words)
    if not columns:
        yield _read_number(first, 0, country, wide=False)
    for row in table:
        yield _read_number(row, columns[0] if columns else 0, country, wide=bool(columns))


def _read_number(row: SheetRow, place: int, country: str, *, wide: bool) -> str | Fault:
    cell: SheetCell = row.cells[place] if place < len(row.cells) else ""
    try:
        if not wide and any(further != "" for further in row.cells[1:]):
            raise CellError("The line holds more than one number. Write one number a line.")
        return read_phone(cell, country)
    except CellError as error:
        return Fault(f"line {row.line}", " ".join(error.words))
