"""Tables that leave the house, as CSV or XLSX: a row a patient, or a row an opt-out.

Rules kept here: no cell can be read as a formula, not even a text that a patient typed; a file that holds
numbers is readable by its owner only, and is there as a whole or not at all (rule H4).
"""

import csv
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ivr.errors import SpinelineError
from ivr.files import explain_unwritten
from ivr.store.campaigns.opt_outs import OptOut
from ivr.store.campaigns.patients import PatientResult

ReportCell = str | int
FORMULA_SIGNS = "=+-@＝＋－＠"
"""With these a formula begins, also in their wide form."""
CONTROL_SIGNS = "\t\r\n"
PATIENT_HEADINGS = (
    *("line", "id", "name", "phone", "language", "appointment", "reply", "attempts", "outcome", "last attempt"),
    *("preparation clips heard", "preparation clips", "answered wrongly", "opted out"),
)
OPT_OUT_HEADINGS = ("phone", "since", "how", "entered by")


class ReportError(SpinelineError):
    """A table cannot be written there."""


def write_table(path: Path, headings: Sequence[str], rows: Iterable[Sequence[ReportCell]]) -> int:
    """Writes a table, `.csv` or `.xlsx` by its name, in place of one that is there; returns how many rows it has.

    Raises ReportError for any other name, and where the folder does not take it.
    """
    writers = {".csv": _write_csv, ".xlsx": _write_xlsx}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise ReportError(f"{path.name}: Name the file .csv or .xlsx.")
    try:
        with _replace_when_whole(path) as new:
            return writer(new, headings, rows)
    except OSError as error:
        raise ReportError(explain_unwritten(path, error)) from error


def neutralise_formula(cell: ReportCell) -> ReportCell:
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before it where one could begin."""
    if isinstance(cell, int):
        return cell
    begins = cell[:1] in tuple(CONTROL_SIGNS) or cell.lstrip()[:1] in tuple(FORMULA_SIGNS)
    return f"'{cell}" if begins else cell


def write_patient_rows(results: Iterable[PatientResult], zone: ZoneInfo) -> Iterator[tuple[ReportCell, ...]]:
    """A row for each patient, under PATIENT_HEADINGS; moments on the clinic's clock."""
    for result in results:
        yield (
            *(
                result.line,
                result.reference,
                result.name,
                result.number,
                result.language,
                _write_moment(result.appointment_at, zone),
            ),
            *(
                result.reply,
                result.attempts,
                result.outcome,
                _write_moment(result.last_at, zone),
                result.prep_clips,
                result.prep_of,
            ),
            *(result.check_wrong, "yes" if result.opted_out else ""),
        )


def write_opt_out_rows(outs: Iterable[OptOut], zone: ZoneInfo) -> Iterator[tuple[ReportCell, ...]]:
    """A row for each opt-out, under OPT_OUT_HEADINGS."""
    for opt_out in outs:
        yield (opt_out.number, _write_moment(opt_out.at, zone), opt_out.how, opt_out.by)


def _write_moment(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""


def _write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[ReportCell]]) -> int:
    # The mark at the beginning tells Excel that it is UTF-8. Every cell is quoted, since a spreadsheet that takes
    # another sign for the comma would otherwise find new cells, with new beginnings, inside of one.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, quoting=csv.QUOTE_ALL)
        table.writerow(headings)
        return sum(bool(table.writerow([neutralise_formula(cell) for cell in row])) for row in rows)


def _write_xlsx(path: Path, headings: Sequence[str], rows: Iterable[Sequence[ReportCell]]) -> int:
    from openpyxl import Workbook  # here, because it loads numpy, which no other table needs

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Spineline")
    count = 0
    try:
        sheet.append(list(headings))
        for row in rows:
            sheet.append([_write_plain_cell(sheet, cell) for cell in row])
            count += 1
    finally:
        sheet.close()
    book.save(path)
    return count


def _write_plain_cell(sheet: object, cell: ReportCell) -> object:
    """A text is written as a text; the library would make a formula of what begins with an equals sign."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(cell, int):
        return cell
    plain = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", cell))
    plain.data_type = "s"
    return plain


@contextmanager
def _replace_when_whole(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its place once it is whole. Only its owner may read it."""
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    new = Path(name)
    try:
        yield new
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
