"""Tables that leave the house: no cell is a formula, no half file is left, and nobody else may read it."""

import csv
import io
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from ivr.reminders.report_files import (
    OPT_OUT_HEADINGS,
    PATIENT_HEADINGS,
    ReportCell,
    ReportError,
    neutralise_formula,
    write_opt_out_rows,
    write_patient_rows,
    write_table,
)
from ivr.store.campaigns.opt_outs import OptOut
from ivr.store.campaigns.patients import PatientResult

NEW_YORK = ZoneInfo("America/New_York")
AT = datetime(2026, 12, 3, 15, tzinfo=UTC)
ANA = PatientResult(2, "A-1", "Ana", "+12125550123", "es", AT, "confirm", 2, "answered", AT, 3, 4, "eating", True)
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＋1", "－1", "＠A")


@pytest.mark.parametrize("text", FORMULAS)
def test_a_cell_that_could_begin_a_formula_gets_an_apostrophe(text: str) -> None:
    assert neutralise_formula(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["", "Ana", "2026-12-03 10:00", "a=b", "a+b", "García; =x", -5, 0])
def test_other_cells_stay_as_they_are(cell: ReportCell) -> None:
    assert neutralise_formula(cell) == cell


def test_a_csv_is_read_by_a_spreadsheet_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    assert write_table(path, ("name", "count"), [("García; x", 1), ('say "hi"', 2), ("=cmd", 3)]) == 3
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
    assert rows == [["name", "count"], ["García; x", "1"], ['say "hi"', "2"], ["'=cmd", "3"]]


def test_every_cell_of_a_csv_is_quoted_so_that_no_other_separator_makes_new_cells(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    write_table(path, ("name",), [("x;=1+1",)])
    assert path.read_text("utf-8-sig") == '"name"\n"x;=1+1"\n'


def test_a_workbook_holds_texts_and_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    assert write_table(path, ("name", "count"), [(text, 7) for text in FORMULAS]) == len(FORMULAS)
    with ZipFile(path) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    sheet = load_workbook(path).active
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells][:4] == ["=1+1", "+1", "-1", "@SUM(A1)"]
    assert sheet["B2"].value == 7


def test_signs_that_no_workbook_can_hold_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    write_table(path, ("name",), [("An\x00a\x0b",)])
    assert load_workbook(path).active["A2"].value == "Ana"


@pytest.mark.parametrize("name", ["report.pdf", "report", "report.csv.txt"])
def test_another_kind_of_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ReportError, match=r"Name the file \.csv or \.xlsx\."):
        write_table(tmp_path / name, ("name",), [])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"there is no folder .*none\. Make it first, or name another one\."):
        write_table(tmp_path / "none" / "report.csv", ("name",), [])


@pytest.mark.parametrize("name", ["report.csv", "report.xlsx"])
def test_h4_only_its_owner_may_read_the_file(tmp_path: Path, name: str) -> None:
    write_table(tmp_path / name, ("name",), [("Ana",)])
    assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["report.csv", "report.xlsx"])
def test_a_report_that_fails_half_way_leaves_the_old_one(tmp_path: Path, name: str) -> None:
    def broken() -> Iterator[tuple[ReportCell, ...]]:
        yield ("Ana",)
        raise RuntimeError("the database went away")

    (tmp_path / name).write_text("the old one")
    with pytest.raises(RuntimeError):
        write_table(tmp_path / name, ("name",), broken())
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(name, "the old one")]


def test_a_patient_is_a_row_on_the_clinics_clock() -> None:
    (row,) = write_patient_rows([ANA], NEW_YORK)
    assert dict(zip(PATIENT_HEADINGS, row, strict=True)) == {
        "line": 2,
        "id": "A-1",
        "name": "Ana",
        "phone": "+12125550123",
        "language": "es",
        "appointment": "2026-12-03 10:00",
        "reply": "confirm",
        "attempts": 2,
        "outcome": "answered",
        "last attempt": "2026-12-03 10:00",
        "preparation clips heard": 3,
        "preparation clips": 4,
        "answered wrongly": "eating",
        "opted out": "yes",
    }


def test_an_opt_out_is_a_row_with_who_entered_it() -> None:
    (row,) = write_opt_out_rows([OptOut("hash", AT, "staff", "Ana", "+12125550123")], NEW_YORK)
    assert dict(zip(OPT_OUT_HEADINGS, row, strict=True)) == {
        "phone": "+12125550123",
        "since": "2026-12-03 10:00",
        "how": "staff",
        "entered by": "Ana",
    }
