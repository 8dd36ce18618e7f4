"""A translator's pack as a file: .xlsx or CSV, out and back in.

It survives what spreadsheets do: rows moved or left out, quotes, line breaks, byte order marks, semicolons; and nothing
in it can be a formula. The library for workbooks is loaded only for a workbook: it brings numpy, which no other command
and no web process needs.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from zipfile import BadZipFile, ZipFile
from zlib import error as DamagedZip  # noqa: N812 (it is an exception)

from ivr.errors import CatalogError, Fault, TranslationError
from ivr.files import explain_unwritten, write_atomically
from ivr.folding import fold_words
from ivr.line.renamed import find_current_id
from ivr.wording.translation.pack import YES, PackRow, ReturnedRow

SUFFIXES = (".xlsx", ".csv")
COLUMNS = (
    "id",
    "heard before",
    "keys",
    "English",
    "translation",
    "back-translation",
    "longest",
    "note",
    "right as it is?",
    "do not change",
)
WIDTHS = (30, 34, 10, 50, 50, 50, 12, 40, 30, 24)
NEEDED = ("id", "English", "translation", "do not change")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
LARGEST = 5_000_000
"""Bytes. A pack of this line is about 60 kB."""
LARGEST_UNPACKED = 50_000_000
"""Bytes of all parts of a workbook; one of this line has half a million."""


def write_pack(path: Path, rows: Sequence[PackRow]) -> None:
    """Writes a pack as .xlsx or .csv (UTF-8 with a byte order mark, which spreadsheets need).

    Raises TranslationError where it cannot be written there.
    """
    table = [list(COLUMNS), *([_quote_formula(cell) for cell in _list_cells(row)] for row in rows)]
    title = rows[0].stamp.split()[0] if rows else "pack"
    content = _write_csv(table) if path.suffix.lower() == ".csv" else _write_workbook(title, table)
    try:
        write_atomically(path, content)
    except OSError as error:
        raise TranslationError(explain_unwritten(path, error)) from error


def _write_csv(table: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(table)
    return text.getvalue().encode("utf-8-sig")


def _write_workbook(title: str, table: Sequence[Sequence[str]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = book.active
    sheet.title = title
    for line in table:
        sheet.append(line)
    for column, width in zip("ABCDEFGHIJ", WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=cell.row == 1)
    sheet.freeze_panes = "E2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _list_cells(row: PackRow) -> list[str]:
    return [
        row.id,
        row.before,
        row.keys,
        row.english,
        row.translation,
        row.back,
        row.longest,
        row.note,
        row.waits,
        row.stamp,
    ]


def _quote_formula(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def read_pack(path: Path) -> list[ReturnedRow]:
    """The rows of a pack that came back. Raises CatalogError with words for a file that is not a pack."""
    if not path.is_file():
        raise CatalogError([Fault(str(path), "There is no such file.")])
    if path.stat().st_size > LARGEST or _count_unpacked(path) > LARGEST_UNPACKED:
        raise CatalogError([Fault(str(path), "This file is far larger than any pack. Is it the right one?")])
    lines = list(_read_lines(path))
    names = [fold_words(name) for name in lines[0]] if lines else []
    if missing := [name for name in NEEDED if name not in names]:
        raise CatalogError([Fault(f"{path}:1", f'This is no pack: it has no column "{missing[0]}".')])
    at = {name: names.index(name) for name in COLUMNS if name in names}
    return [_read_row(number, cells, at) for number, cells in enumerate(lines[1:], 2) if any(cells)]


def _count_unpacked(path: Path) -> int:
    """How many bytes a workbook has once it is unpacked; 0 for what is none."""
    try:
        with ZipFile(path) as book:
            return sum(part.file_size for part in book.infolist())
    except (BadZipFile, OSError, ValueError):
        return 0


def _read_row(number: int, cells: Sequence[str], at: Mapping[str, int]) -> ReturnedRow:
    def cell(name: str) -> str:
        return cells[at[name]].strip() if name in at and at[name] < len(cells) else ""

    return ReturnedRow(
        line=number,
        id=find_current_id(cell("id")),
        translation=fold_words(cell("translation").removeprefix("'")),
        stamp=cell("do not change"),
        english=fold_words(cell("English").removeprefix("'")),
        confirms=" ".join(re.findall(r"\w+", cell("right as it is?").casefold())) in YES,
    )


def _read_lines(path: Path) -> Iterator[list[str]]:
    return _read_workbook(path) if path.suffix.lower() == ".xlsx" else _read_csv_lines(path)


def _read_workbook(path: Path) -> Iterator[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    foreign = (
        BadZipFile,
        DamagedZip,
        InvalidFileException,
        LookupError,
        OSError,
        RuntimeError,
        SyntaxError,
        ValueError,
    )
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size may be wrong, and rows would be lost unseen
        for row in sheet.iter_rows(values_only=True):
            yield ["" if value is None else str(value) for value in row]
        book.close()
    except foreign as error:
        raise CatalogError([Fault(str(path), "This is not a spreadsheet. Save it as .xlsx or CSV.")]) from error


def _read_csv_lines(path: Path) -> Iterator[list[str]]:
    content = path.read_bytes()
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        words = "The letters of this file cannot be read. Save it as CSV UTF-8, or as .xlsx."
        raise CatalogError([Fault(str(path), words)]) from error
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        words = "A cell of this file is far larger than any prompt. Is a quotation mark missing?"
        raise CatalogError([Fault(str(path), words)]) from error
