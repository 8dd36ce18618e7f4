"""Whatever a clinic's program saves is read row by row with the right line numbers, or refused in words."""

import io
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from ivr.errors import RecipientsError
from ivr.reminders.list import sheet
from ivr.reminders.list.sheet import SheetCell, read_rows

PLAIN = [(1, ("Phone", "Idioma", "Cita")), (2, ("1", "Español", "x"))]
WANTED = "Save the list as CSV UTF-8 or as an Excel workbook (.xlsx)."
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(path: Path, content: bytes) -> list[tuple[int, tuple[SheetCell, ...]]]:
    path.write_bytes(content)
    return [(row.line, row.cells) for row in read_rows(path, print)]


def refusal(path: Path, content: bytes) -> list[str]:
    with pytest.raises(RecipientsError) as error:
        read(path, content)
    return [str(fault) for fault in error.value.faults]


def workbook(*sheets: tuple[str, Sequence[Sequence[object]]], hidden: Sequence[str] = ()) -> bytes:
    book = Workbook()
    for title, lines in sheets:
        made = book.create_sheet(title)
        for line in lines:
            made.append(list(line))
        made.sheet_state = "hidden" if title in hidden else "visible"
    book.remove(book.worksheets[0])
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def archive(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


# --- CSV --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_habit_of_saving_gives_the_same_rows(tmp_path: Path, delimiter: str, encoding: str, end: str) -> None:
    text = end.join(["Phone,Idioma,Cita", "1,Español,x", ""]).replace(",", delimiter)
    assert read(tmp_path / "a.csv", text.encode(encoding)) == PLAIN


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"Patient, last name";Phone\nPérez;1', [(1, ("Patient, last name", "Phone")), (2, ("Pérez", "1"))]),
        ("sep=;\r\nPhone;Cita\r\n1;x", [(2, ("Phone", "Cita")), (3, ("1", "x"))]),
        ("\n\nPhone,Cita\n\n,\n1,x\n", [(3, ("Phone", "Cita")), (6, ("1", "x"))]),
        ('Phone,Name\n1,"Ana\r\nPérez"\n2,x', [(1, ("Phone", "Name")), (2, ("1", "Ana\r\nPérez")), (4, ("2", "x"))]),
        (
            'Phone,Name\n1,"a ""b"" c"\n2,6" tall',
            [(1, ("Phone", "Name")), (2, ("1", 'a "b" c')), (3, ("2", '6" tall'))],
        ),
        ('Phone, Name\n\u202a1\u202c, "b, c"', [(1, ("Phone", "Name")), (2, ("1", "b, c"))]),
        ("Phone,Name\n1,=cmd|' /C calc'!A0", [(1, ("Phone", "Name")), (2, ("1", "=cmd|' /C calc'!A0"))]),
    ],
)
def test_signs_inside_a_cell_do_not_move_the_others(
    tmp_path: Path, text: str, found: list[tuple[int, tuple[str, ...]]]
) -> None:
    assert read(tmp_path / "a.csv", text.encode()) == found


@pytest.mark.parametrize(
    ("text", "line"), [('Phone,Name\n1,"Ana\n2,Luis\n3,Eva\n', 2), ('Phone,Name\n1,x\n2,"Ana" María\n', 3)]
)
def test_a_quotation_mark_that_could_swallow_rows_stops_the_reading(tmp_path: Path, text: str, line: int) -> None:
    assert refusal(tmp_path / "a.csv", text.encode()) == [f"a.csv, line {line}: {sheet.UNQUOTED}"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf\r\n \t\n\n", "The file is empty."),
        (b"%PDF-1.7\n1 0 obj", f"It is a PDF, not a table. {WANTED}"),
        (b"\xef\xbb\xbf <!doctype html><table>", f"It is a web page or XML, not a table. {WANTED}"),
        (OLD + b"\0" * 600, f"It is a document of an old form, such as .xls. {WANTED}"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), sheet.LOCKED),
        (b"Phone\0,Name\n", f"It is not text, or in an unknown encoding. {WANTED}"),
        ("Phone,Name\n".encode("utf-16-le"), f"It is not text, or in an unknown encoding. {WANTED}"),
        (b"Phone,Name\n1,Jos\xe9\x05", f"It is not text, or in an unknown encoding. {WANTED}"),
        (b"Phone,Name\n1,Jos\xe9\x81", f"It is not text, or in an unknown encoding. {WANTED}"),
        (b"PK\x03\x04 and no more", f"It is damaged, or not an Excel workbook. {WANTED}"),
        (archive(mimetype=b"x"), f"It is a document of another program, such as .ods. {WANTED}"),
        (archive(letter=b"x"), f"It is damaged, or not an Excel workbook. {WANTED}"),
    ],
)
def test_what_is_not_a_table_is_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    assert refusal(tmp_path / "list.csv", content) == [f"list.csv: {words}"]


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(RecipientsError, match="cannot be read") as error:
        list(read_rows(tmp_path / "list.csv", print))
    assert str(error.value.faults[0]) == "list.csv: The file cannot be opened (No such file or directory)."


def test_a_file_over_300_mb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    with path.open("wb") as file:
        file.truncate(sheet.LARGEST_FILE + 1)
    with pytest.raises(RecipientsError) as error:
        list(read_rows(path, print))
    assert str(error.value.faults[0]) == "list.csv: It is larger than 300 MB. Divide it into several files."


def test_200_000_rows_are_read_and_one_more_is_refused(tmp_path: Path) -> None:
    allowed = b"Phone\n" + b"1\n" * sheet.MOST_ROWS + b"\n"
    assert len(read(tmp_path / "list.csv", allowed)) == 200_001
    assert refusal(tmp_path / "list.csv", allowed + b"1\n") == [
        "list.csv: It has more than 200,000 rows. Divide it into several files."
    ]


def test_a_line_without_an_end_is_refused(tmp_path: Path) -> None:
    found = refusal(tmp_path / "list.csv", b"Phone\n" + b"1" * (sheet.LONGEST_LINE + 1))
    assert found == [f"list.csv: It has a line of more than 1,000,000 characters, so it is no table. {WANTED}"]


# --- XLSX -------------------------------------------------------------------------------------------------------------


def test_a_workbook_keeps_dates_times_and_numbers(tmp_path: Path) -> None:
    day = datetime(2027, 3, 3, 14, 30)  # noqa: DTZ001 - a spreadsheet knows no zones
    lines: list[list[object]] = [
        [" Phone", "Cita", "Hora", "n"],
        [],
        ["+1", day, time(9, 5), 7],
        [None, None, None, 1.5],
    ]
    assert read(tmp_path / "a.csv", workbook(("A", lines))) == [
        (1, ("Phone", "Cita", "Hora", "n")),
        (3, ("+1", day, time(9, 5), 7)),
        (4, ("", "", "", 1.5)),
    ]


def test_the_first_sheet_that_is_seen_and_not_empty_is_read_and_the_next_one_is_mentioned(tmp_path: Path) -> None:
    path, notes = tmp_path / "a.xlsx", list[str]()
    path.write_bytes(
        workbook(("Lists", [["x"]]), ("Empty", []), ("May", [["Phone"], ["1"]]), ("June", [["y"]]), hidden=["Lists"])
    )
    assert [row.cells for row in read_rows(path, notes.append)] == [("Phone",), ("1",)]
    assert notes == ['Only the sheet "May" is read; "June" also holds something.']


def test_a_workbook_that_misstates_its_size_is_read_whole(tmp_path: Path) -> None:
    changed = repacked(workbook(("A", [["Phone", "Cita"], ["1", "x"]])), b'ref="A1:B2"', b'ref="A1"')
    assert read(tmp_path / "a.xlsx", changed) == [(1, ("Phone", "Cita")), (2, ("1", "x"))]


def test_a_row_that_claims_to_be_the_trillionth_ends_the_reading(tmp_path: Path) -> None:
    changed = repacked(workbook(("A", [["Phone"], ["1"]])), b'<row r="2"', b'<row r="2000000000000"')
    assert refusal(tmp_path / "a.xlsx", changed) == [
        "a.xlsx: It has more than 200,000 rows. Divide it into several files."
    ]


def test_a_workbook_that_would_burst_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = archive(sheet=b" " * (sheet.SUSPECT_PART + 1))
    assert refusal(tmp_path / "a.xlsx", bomb) == [
        "a.xlsx: It unpacks to far more than a list of appointments. Save the list alone, in a new workbook."
    ]


def test_entities_in_a_workbook_are_not_followed(tmp_path: Path) -> None:
    changed = repacked(workbook(("A", [["Phone"]])), b"<worksheet ", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet ')
    assert refusal(tmp_path / "a.xlsx", changed) == [f"a.xlsx: It is damaged, or not an Excel workbook. {WANTED}"]


def test_a_locked_archive_is_refused(tmp_path: Path) -> None:
    content = bytearray(archive(letter=b"x"))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(tmp_path / "a.xlsx", bytes(content)) == [f"a.xlsx: {sheet.LOCKED}"]


def repacked(content: bytes, before: bytes, after: bytes) -> bytes:
    """A workbook with something else in its first sheet."""
    file = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            text = old.read(part)
            if part.endswith("sheet1.xml"):
                assert before in text
                text = text.replace(before, after)
            new.writestr(part, text)
    return file.getvalue()
