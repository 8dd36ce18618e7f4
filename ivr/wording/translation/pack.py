"""The translator's pack: one language as a spreadsheet, in the order in which a caller hears it, out and back in.

Each row carries the words that stood when it was exported, so a pack never overwrites newer work: a row whose catalog
has changed since is refused and shown. Every row that comes back passes the same checks as the catalog, or is refused
with words; the good rows of a pack with bad ones are kept apart until a person takes them. It survives what
spreadsheets do: rows moved or left out, quotes, line breaks, byte order marks, semicolons; and nothing in it can be a
formula.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils.exceptions import InvalidFileException

from ivr.errors import CatalogError, Fault
from ivr.wording.catalogs import Entry, brace_faults
from ivr.wording.review import words_hash
from ivr.wording.translation.scripts import stumbles

COLUMNS = (
    "id",
    "heard before",
    "keys",
    "English",
    "translation",
    "back-translation",
    "longest",
    "note",
    "do not change",
)
WIDTHS = (30, 34, 10, 50, 50, 50, 12, 40, 24)
NEEDED = ("id", "English", "translation", "do not change")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
LARGEST = 5_000_000
"""Bytes. A pack of this line is about 60 kB."""


@dataclass(frozen=True)
class PackRow:
    """One prompt in a pack, as a translator sees it. `stamp` names the language and the words at export."""

    id: str
    before: str
    keys: str
    english: str
    translation: str
    back: str
    longest: str
    note: str
    stamp: str


def stamp(language: str, english: str, translation: str) -> str:
    """What a row is known by when it comes back: "es 0123... 4567..."."""
    return f"{language} {words_hash(english)[:8]} {words_hash(translation)[:8]}"


def write_pack(path: Path, rows: Sequence[PackRow]) -> None:
    """Writes a pack as .xlsx or .csv (UTF-8 with a byte order mark, which spreadsheets need)."""
    table = [[_safe(cell) for cell in _cells(row)] for row in rows]
    if path.suffix.lower() == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([COLUMNS, *table])
        return
    book = Workbook()
    sheet = book.active
    sheet.title = rows[0].stamp.split()[0] if rows else "pack"
    for line in [list(COLUMNS), *table]:
        sheet.append(line)
    for column, width in zip("ABCDEFGHI", WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=cell.row == 1)
    sheet.freeze_panes = "E2"
    book.save(path)


def _cells(row: PackRow) -> list[str]:
    return [row.id, row.before, row.keys, row.english, row.translation, row.back, row.longest, row.note, row.stamp]


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


@dataclass(frozen=True)
class Returned:
    """One row that came back. `line` is its line in the pack."""

    line: int
    id: str
    translation: str
    stamp: str


def read_pack(path: Path) -> list[Returned]:
    """The rows of a pack that came back. Raises CatalogError with words for a file that is no pack."""
    if not path.is_file():
        raise CatalogError([Fault(str(path), "There is no such file.")])
    if path.stat().st_size > LARGEST:
        raise CatalogError([Fault(str(path), "This file is far larger than any pack. Is it the right one?")])
    lines = list(_lines_of(path))
    names = [name.strip() for name in lines[0]] if lines else []
    if missing := [name for name in NEEDED if name not in names]:
        raise CatalogError([Fault(f"{path}:1", f'This is no pack: it has no column "{missing[0]}".')])
    at = {name: names.index(name) for name in NEEDED}
    return [_returned(number, cells, at) for number, cells in enumerate(lines[1:], 2) if any(cells)]


def _returned(number: int, cells: Sequence[str], at: Mapping[str, int]) -> Returned:
    def cell(name: str) -> str:
        return cells[at[name]].strip() if at[name] < len(cells) else ""

    return Returned(number, cell("id"), " ".join(cell("translation").removeprefix("'").split()), cell("do not change"))


def _lines_of(path: Path) -> Iterator[list[str]]:
    if path.suffix.lower() == ".xlsx":
        try:
            book = load_workbook(path, read_only=True, data_only=True)
        except (BadZipFile, InvalidFileException, KeyError, OSError) as error:
            raise CatalogError([Fault(str(path), "This is not a spreadsheet. Save it as .xlsx or CSV.")]) from error
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield ["" if value is None else str(value) for value in row]
        book.close()
        return
    yield from _csv_lines(path)


def _csv_lines(path: Path) -> Iterator[list[str]]:
    content = path.read_bytes()
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        words = "The letters of this file cannot be read. Save it as CSV UTF-8, or as .xlsx."
        raise CatalogError([Fault(str(path), words)]) from error
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


@dataclass(frozen=True)
class Change:
    """A row that may be taken: what stood, and what comes in its place."""

    id: str
    old: str
    new: str


@dataclass(frozen=True)
class Outcome:
    """What a pack would do: `changes` that may be taken, `faults` that are refused, and how many rows say the same."""

    changes: tuple[Change, ...]
    faults: tuple[Fault, ...]
    same: int


def compare(path: Path, rows: Sequence[Returned], language: str, entries: Mapping[str, Entry]) -> Outcome:
    """What a pack that came back would change in a catalog. Nothing is written."""
    changes: dict[str, Change] = {}
    faults: list[Fault] = []
    seen: set[str] = set()
    same = 0
    for row in rows:
        words = "stands twice in the pack. Keep one." if row.id and row.id in seen else _refused(row, language, entries)
        seen.add(row.id)
        if words:
            faults.append(Fault(f"{path}:{row.line}", f"{row.id or 'a row without an id'}: {words}"))
        elif row.translation == entries[row.id].text:
            same += 1
        else:
            changes[row.id] = Change(row.id, entries[row.id].text, row.translation)
    return Outcome(tuple(changes.values()), tuple(faults), same)


def _refused(row: Returned, language: str, entries: Mapping[str, Entry]) -> str:
    """Why a row is not taken; "" for one that may be."""
    entry = entries.get(row.id)
    if entry is None:
        return "this line has no such prompt. The id must stay as it was."
    if row.stamp.split()[:1] != [language]:
        return f"is from a pack for another language ({row.stamp.split()[0] if row.stamp else 'no mark'})."
    if not row.translation:
        return "has no translation. What stood stays."
    if row.translation != entry.text and row.stamp != stamp(language, entry.source, entry.text):
        return "was changed in the catalog since the pack was made. Make a new pack, and enter it there."
    wrong = [*brace_faults(entry.source, row.translation), *stumbles(language, row.translation)]
    return wrong[0] if wrong else ""


def taken(entries: Mapping[str, Entry], changes: Sequence[Change]) -> dict[str, Entry]:
    """A catalog's entries with the changes in them; a new translation is no longer fuzzy."""
    new = {change.id: change.new for change in changes}
    return {
        name: replace(entry, text=new[name], fuzzy=False, previous="") if name in new else entry
        for name, entry in entries.items()
    }
