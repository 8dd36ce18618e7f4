"""The rows of a table that somebody saved: CSV of any habit, or XLSX. One at a time, so that memory stays small.

Everything that a file can be is told apart here, by its bytes and never by its name: what is not a table is refused in
words, and what is too large is refused before it is unpacked. A row that cannot be told from its neighbour (a quotation
mark that is not closed) stops the reading, since reading on could lose people silently.
"""

import csv
import io
import mmap
import os
import re
import warnings
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, TypeVar
from zipfile import ZipFile

from ivr.errors import Fault, RecipientsError
from ivr.reminders.list.columns import count_known

T = TypeVar("T")
SheetCell = str | bool | int | float | datetime | date | time | timedelta
"""What a cell holds. Only XLSX knows more than text. An empty cell is ""."""
Notes = Callable[[str], None]

LARGEST_FILE = 300 * 1024 * 1024
LARGEST_UNPACKED = 600 * 1024 * 1024
"""Bytes of all parts of an XLSX; 200,000 rows of twenty columns have about 200 MB."""
SUSPECT_PART, SUSPECT_RATIO = 20 * 1024 * 1024, 150
"""A part of an XLSX that is larger than this (bytes) and shrank more than this was made to burst; real ones shrink
10 to 50 times."""
MOST_ROWS = 200_000
"""Beside the headings."""
MOST_LINES = 1_048_576
"""As many as a spreadsheet has; also ends a file that claims a row in the trillions."""
LONGEST_LINE = 1_000_000
"""Characters."""
CHUNK = 1024 * 1024
DELIMITERS = ",;\t|"
BLANKS = " \t\r\n\v\f\x1a\u00a0\u200b\u200e\u200f\u202a\u202c\u202f\ufeff"
"""What is taken off both ends of a cell: copied numbers carry marks that nobody sees."""
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

STRANGERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"<", "a web page or XML"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x89PNG", "a picture"),
)
"""How files begin that are no tables, whatever their name says."""
WANTED = "Save the list as CSV UTF-8 or as an Excel workbook (.xlsx)."


@dataclass(frozen=True)
class SheetRow:
    """One row that is not empty. `line` counts from 1; in a CSV, a row of several lines has the number of its first."""

    line: int
    cells: tuple[SheetCell, ...]


def spell_cell(cell: SheetCell) -> str:
    """A cell as text: whole numbers without a point, dates in ISO form."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def read_rows(path: Path, notes: Notes) -> Iterator[SheetRow]:
    """Every row of a table that is not empty, the headings first. `notes` is told what else the file holds.

    Raises RecipientsError, at any step: keep nothing for good before the last row has come.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise make_refusal(path.name, f"The file cannot be opened ({error.strerror}).") from error
    with file:
        count = 0
        for row in _choose_reader(file, path.name, notes):
            filled = any(map(_is_filled, row.cells))
            if row.line > MOST_LINES or (filled and count > MOST_ROWS):
                raise make_refusal(path.name, f"It has more than {MOST_ROWS:,} rows. Divide it into several files.")
            if filled:
                count += 1
                yield row
        if not count:
            raise make_refusal(path.name, "The file is empty.")


def make_refusal(name: str, words: str) -> RecipientsError:
    """The error that refuses a whole file."""
    return RecipientsError([Fault(name, words)])


def _choose_reader(file: BinaryIO, name: str, notes: Notes) -> Iterator[SheetRow]:
    size = os.fstat(file.fileno()).st_size
    if size > LARGEST_FILE:
        raise make_refusal(name, f"It is larger than {LARGEST_FILE // 1024**2} MB. Divide it into several files.")
    start = file.read(8)
    file.seek(0)
    if start.startswith(b"PK\x03\x04"):
        return _read_workbook_rows(file, name, notes)
    _refuse_strangers(file, name, start)
    return _read_text_rows(file, name)


def _refuse_strangers(file: BinaryIO, name: str, start: bytes) -> None:
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            locked = content.find("EncryptedPackage".encode("utf-16-le")) >= 0
        raise make_refusal(name, LOCKED if locked else f"It is a document of an old form, such as .xls. {WANTED}")
    for sign, kind in STRANGERS:
        if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(sign):
            raise make_refusal(name, f"It is {kind}, not a table. {WANTED}")


# --- CSV --------------------------------------------------------------------------------------------------------------


def _read_text_rows(file: BinaryIO, name: str) -> Iterator[SheetRow]:
    encoding = _find_encoding(file, name)
    delimiter, skipped = _find_delimiter(file.read(CHUNK // 16).decode(encoding, "ignore"))
    file.seek(0)
    with io.TextIOWrapper(file, encoding=encoding, newline="") as text:
        lines = _read_lines(text, name)
        before = sum(1 for _ in islice(lines, skipped))
        reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
        while True:
            line = before + reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                words = TOO_LARGE if "field limit" in str(error) else UNQUOTED
                raise make_refusal(f"{name}, line {line}", words) from error
            if cells is None:
                return
            yield SheetRow(line, tuple(cell.strip(BLANKS) for cell in cells))


TOO_LARGE = (
    f"A cell here has more than {csv.field_size_limit():,} letters, so this is no list of appointments. "
    "Is it the right file, or is a quotation mark missing?"
)
UNQUOTED = (
    "A quotation mark here is not closed, or text follows it, so nobody can tell where this row ends. "
    "Double it inside a text, or take it out."
)


def _find_encoding(file: BinaryIO, name: str) -> str:
    """The first encoding that the whole file follows. A guess is never made of a part."""
    start = file.read(2)
    for encoding in ("utf-16",) if start in (BOM_UTF16_LE, BOM_UTF16_BE) else ("utf-8-sig", "cp1252"):
        if _is_encoded_in(file, encoding):
            return encoding
    raise make_refusal(name, f"It is not text, or in an unknown encoding. {WANTED}")


def _is_encoded_in(file: BinaryIO, encoding: str) -> bool:
    decoder = getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            if "\0" in decoder.decode(chunk) or (encoding == "cp1252" and CONTROLS.search(chunk)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    finally:
        file.seek(0)
    return True


def _read_lines(text: io.TextIOWrapper, name: str) -> Iterator[str]:
    for line in iter(lambda: text.readline(LONGEST_LINE), ""):
        if len(line) == LONGEST_LINE:
            raise make_refusal(
                name, f"It has a line of more than {LONGEST_LINE:,} characters, so it is no table. {WANTED}"
            )
        yield line


def _find_delimiter(sample: str) -> tuple[str, int]:
    """What stands between cells, and how many lines come before the table (Excel's own `sep=;`)."""
    if hint := re.match(r"sep=([,;\t|])\r?\n", sample, re.IGNORECASE):
        return hint[1], 1
    return max(DELIMITERS, key=lambda sign: _count_headings(sample, sign)), 0


def _count_headings(sample: str, delimiter: str) -> tuple[int, int]:
    """How many headings a delimiter gives: with a meaning, and in all."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        names = next((cells for cells in reader if any(cell.strip(BLANKS) for cell in cells)), [])
    except csv.Error:
        return 0, 0
    return count_known(names), len(names)


# --- XLSX -------------------------------------------------------------------------------------------------------------

LOCKED = "It is protected by a password. Save it without one."
DAMAGED = f"It is damaged, or not an Excel workbook. {WANTED}"


def _read_workbook_rows(file: BinaryIO, name: str, notes: Notes) -> Iterator[SheetRow]:
    """The rows of the first sheet that people see and that is not empty."""
    from openpyxl import load_workbook  # here, because it loads numpy, which no other list needs

    _guard(name, lambda: _check_parts(file, name))
    book = _guard(name, lambda: load_workbook(file, read_only=True, data_only=True, keep_links=False))
    sheets = [sheet for sheet in _guard(name, lambda: book.worksheets) if sheet.sheet_state == "visible"]
    chosen = None
    for sheet in sheets:
        filled = (
            row for row in _read_sheet_rows(sheet, name) if row.line > MOST_LINES or any(map(_is_filled, row.cells))
        )
        first = next(filled, None)
        if first and chosen:
            notes(f'Only the sheet "{chosen}" is read; "{sheet.title}" also holds something.')
        elif first:
            chosen = sheet.title
            yield from chain([first], filled)


def _is_filled(cell: SheetCell) -> bool:
    return cell != ""


def _read_sheet_rows(sheet: Any, name: str) -> Iterator[SheetRow]:
    # Some exports state a size that is not theirs, and openpyxl would believe it.
    sheet.reset_dimensions()
    numbered = enumerate(sheet.iter_rows(values_only=True), 1)
    while batch := _guard(name, lambda: list(islice(numbered, 500))):
        for line, cells in batch:
            yield SheetRow(line, tuple(_read_cell(cell) for cell in cells))


def _read_cell(value: Any) -> SheetCell:
    if isinstance(value, str):
        return value.strip(BLANKS)
    return value if isinstance(value, SheetCell) else "" if value is None else str(value)


def _check_parts(file: BinaryIO, name: str) -> None:
    """Refuses an archive that is locked or would burst. A part never unpacks to more than it states here."""
    with ZipFile(file) as archive:
        parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise make_refusal(name, LOCKED)
    if "mimetype" in {part.filename for part in parts}:
        raise make_refusal(name, f"It is a document of another program, such as .ods. {WANTED}")
    suspect = [part for part in parts if part.file_size > max(SUSPECT_PART, SUSPECT_RATIO * part.compress_size)]
    if suspect or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise make_refusal(
            name, "It unpacks to far more than a list of appointments. Save the list alone, in a new workbook."
        )
    file.seek(0)


def _guard(name: str, step: Callable[[], T]) -> T:
    """The result of a step in a foreign file. openpyxl raises whatever it stumbles over, and warns of mere looks."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return step()
    except RecipientsError:
        raise
    except Exception as error:
        raise make_refusal(name, DAMAGED) from error
