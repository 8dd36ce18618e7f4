"""A translator's pack survives what spreadsheets do to it, overwrites nothing newer, and is refused row by row."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from ivr.errors import CatalogError
from ivr.wording.catalogs import CatalogEntry
from ivr.wording.translation.pack import (
    WAITS,
    PackChange,
    PackRow,
    ReturnedRow,
    compare_pack,
    take_changes,
    write_stamp,
)
from ivr.wording.translation.spreadsheets import COLUMNS, LARGEST, read_pack, write_pack

WELCOME, PRESS = "Welcome.", "Press {key}."
ENTRIES = {
    "welcome": CatalogEntry(WELCOME, "Bienvenida.", 7, False),
    "press": CatalogEntry(PRESS, "Oprima {key}.", 11, False),
    "sorry": CatalogEntry("Sorry.", "Perdón, “amigo”; lo siento.", 15, True, "I am sorry."),
}


def row(prompt: str, text: str | None = None) -> PackRow:
    """A row as it is exported, or as a translator changed it."""
    entry = ENTRIES[prompt]
    mark = write_stamp("es", entry.source, entry.text)
    text = entry.text if text is None else text
    waits = WAITS if entry.fuzzy else ""
    return PackRow(prompt, "Before.", "1, *", entry.source, text, "Back.", "4 s", "A note.", waits, mark)


ROWS = [row(prompt) for prompt in ENTRIES]
KINDS = pytest.mark.parametrize("name", ["pack.xlsx", "pack.csv"])


def texts(path: Path) -> dict[str, str]:
    return {each.id: each.translation for each in read_pack(path)}


def csv_of(*rows: PackRow, delimiter: str = ",", columns: tuple[str, ...] = COLUMNS) -> str:
    """A pack as text; its cells are those of the rows, in the order of `columns`."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")
    names = dict(zip(COLUMNS, PackRow.__dataclass_fields__, strict=True))
    writer.writerow(columns)
    writer.writerows([getattr(row, names[column]) for column in columns] for row in rows)
    return file.getvalue()


# --- Out and back in -------------------------------------------------------------------------------------------------


@KINDS
def test_a_pack_comes_back_as_it_went_out(tmp_path: Path, name: str) -> None:
    write_pack(tmp_path / name, ROWS)
    assert read_pack(tmp_path / name) == [
        ReturnedRow(line, row.id, row.translation, row.stamp, row.english) for line, row in enumerate(ROWS, 2)
    ]


@KINDS
def test_a_pack_that_nobody_changed_changes_nothing(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write_pack(path, ROWS)
    outcome = compare_pack(
        path, read_pack(path), "es", {name: each for name, each in ENTRIES.items() if name != "sorry"}
    )
    assert (outcome.changes, outcome.same) == ((), 2)


def test_a_sheet_shows_every_column_and_keeps_its_head_in_view(tmp_path: Path) -> None:
    write_pack(tmp_path / "pack.xlsx", ROWS)
    sheet = load_workbook(tmp_path / "pack.xlsx").worksheets[0]
    assert (sheet.title, sheet.freeze_panes) == ("es", "E2")
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert [cell.value for cell in sheet[3]] == [
        *("press", "Before.", "1, *", PRESS, "Oprima {key}.", "Back.", "4 s", "A note.", None),
        write_stamp("es", PRESS, "Oprima {key}."),
    ]


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"]


@pytest.mark.parametrize("text", FORMULAS)
@KINDS
def test_no_cell_can_be_a_formula(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    write_pack(path, [replace(row("welcome", text), note="=HYPERLINK(1)")])
    if name == "pack.csv":
        cells = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))[1]
    else:
        sheet = load_workbook(path).worksheets[0]
        cells = [str(cell.value) for cell in sheet[2]]
        assert {cell.data_type for cell in sheet[2]} <= {"s", "inlineStr"}
    assert (cells[4], cells[7]) == (f"'{text}", "'=HYPERLINK(1)")
    assert texts(path) == {"welcome": text.strip()}


def test_a_formula_that_a_translator_typed_is_no_translation(tmp_path: Path) -> None:
    write_pack(tmp_path / "pack.xlsx", ROWS)
    book = load_workbook(tmp_path / "pack.xlsx")
    book.worksheets[0]["E2"] = '=HYPERLINK("https://example.org")'
    book.save(tmp_path / "pack.xlsx")
    assert texts(tmp_path / "pack.xlsx")["welcome"] == ""


# --- What spreadsheets do --------------------------------------------------------------------------------------------

CHANGED = [row("press", "Marque {key}, “ya”."), row("welcome", 'Le "damos" la bienvenida;\ncon gusto.')]
EXPECTED = {"press": "Marque {key}, “ya”.", "welcome": 'Le "damos" la bienvenida; con gusto.'}
FEWER = ("do not change", "translation", "English", "id")
SAVED: dict[str, bytes] = {
    "UTF-8 with a byte order mark": csv_of(*CHANGED).encode("utf-8-sig"),
    "UTF-8 without one": csv_of(*CHANGED).encode(),
    "semicolons": csv_of(*CHANGED, delimiter=";").encode("utf-8-sig"),
    "tabs in UTF-16": csv_of(*CHANGED, delimiter="\t").encode("utf-16"),
    "big-endian UTF-16": b"\xfe\xff" + csv_of(*CHANGED, delimiter="\t").encode("utf-16-be"),
    "bare line feeds": csv_of(*CHANGED).replace("\r\n", "\n").encode(),
    "columns moved and left out": csv_of(*CHANGED, columns=FEWER).encode(),
    "empty rows between": csv_of(*CHANGED).replace("\r\npress", "\r\n,,,,,,,,\r\n\r\npress").encode(),
}


@pytest.mark.parametrize("content", SAVED.values(), ids=SAVED.keys())
def test_a_pack_is_read_however_a_spreadsheet_saved_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "pack.csv").write_bytes(content)
    assert texts(tmp_path / "pack.csv") == EXPECTED


def test_a_sheet_with_rows_moved_numbers_and_line_breaks_is_read(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["notes of mine", *COLUMNS])
    for row in reversed(ROWS):
        cells = [row.id, None, 7, row.english, f" {row.translation}\n ", None, None, None, row.waits, row.stamp]
        book.active.append([None, *cells])
    book.save(tmp_path / "pack.xlsx")
    found = read_pack(tmp_path / "pack.xlsx")
    assert [(each.line, each.id) for each in found] == [(2, "sorry"), (3, "press"), (4, "welcome")]
    assert {each.id: each.translation for each in found} == {name: entry.text for name, entry in ENTRIES.items()}
    assert [(each.stamp, each.confirms) for each in found] == [(row.stamp, False) for row in reversed(ROWS)]


# --- What is no pack -------------------------------------------------------------------------------------------------


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("letter.txt", "Dear all")


def write(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


SPREADSHEET = ": This is not a spreadsheet. Save it as .xlsx or CSV."
NO_COLUMN = ':1: This is no pack: it has no column "{}".'
NO_PACK: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "a PDF renamed .xlsx": ("pack.xlsx", write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), SPREADSHEET),
    "an empty .xlsx": ("pack.xlsx", write(b""), SPREADSHEET),
    "a ZIP that is no spreadsheet": ("pack.xlsx", _zip, SPREADSHEET),
    "a sheet with nothing in it": ("pack.xlsx", lambda path: Workbook().save(path), NO_COLUMN.format("id")),
    "an empty CSV": ("pack.csv", write(b""), NO_COLUMN.format("id")),
    "a PDF renamed .csv": (
        "pack.csv",
        write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
        ": The letters of this file cannot be read. Save it as CSV UTF-8, or as .xlsx.",
    ),
    "Windows letters": (
        "pack.csv",
        write(csv_of(row("welcome", "Años")).encode("cp1252")),
        ": The letters of this file cannot be read. Save it as CSV UTF-8, or as .xlsx.",
    ),
    "a missing column": (
        "pack.csv",
        write(csv_of(*ROWS, columns=("id", "English", "translation")).encode()),
        NO_COLUMN.format("do not change"),
    ),
    "no translation at all": (
        "pack.csv",
        write(csv_of(*ROWS, columns=("id", "English", "do not change")).encode()),
        NO_COLUMN.format("translation"),
    ),
    "a file that is far too large": (
        "pack.csv",
        write(b"x" * (LARGEST + 1)),
        ": This file is far larger than any pack. Is it the right one?",
    ),
    "no file": ("pack.csv", Path.exists, ": There is no such file."),
}


@pytest.mark.parametrize(("name", "make", "words"), NO_PACK.values(), ids=NO_PACK.keys())
def test_what_is_no_pack_is_refused_in_words(
    tmp_path: Path, name: str, make: Callable[[Path], object], words: str
) -> None:
    make(tmp_path / name)
    with pytest.raises(CatalogError) as caught:
        read_pack(tmp_path / name)
    assert [str(fault) for fault in caught.value.faults] == [f"{tmp_path / name}{words}"]


# --- Row by row ------------------------------------------------------------------------------------------------------


def returned(prompt: str, text: str, mark: str | None = None, line: int = 2) -> ReturnedRow:
    entry = ENTRIES.get(prompt, ENTRIES["welcome"])
    return ReturnedRow(line, prompt, text, write_stamp("es", entry.source, entry.text) if mark is None else mark)


REFUSED: dict[str, tuple[ReturnedRow, str]] = {
    "an unknown id": (
        returned("hello", "Hola."),
        "hello: this line has no such prompt. The id must stay as it was.",
    ),
    "no id": (
        returned("", "Hola."),
        "a row without an id: this line has no such prompt. The id must stay as it was.",
    ),
    "another language": (
        returned("welcome", "Bem-vinda.", write_stamp("pt", WELCOME, "Bienvenida.")),
        "welcome: is from a pack for another language (pt).",
    ),
    "no mark": (returned("welcome", "Hola.", ""), "welcome: is from a pack for another language (no mark)."),
    "a mark that broke off": (
        replace(returned("welcome", "Hola.", "es"), english=WELCOME),
        "welcome: its English is not that of its id and mark. Was one column sorted by itself?",
    ),
    "English that was sorted by itself": (
        replace(returned("welcome", "Hola."), english=PRESS),
        "welcome: its English is not that of its id and mark. Was one column sorted by itself?",
    ),
    "a translation that was sorted by itself": (
        returned("welcome", "Oprima {key}."),
        "welcome: has the translation of press. Was one column sorted by itself?",
    ),
    "no translation": (returned("welcome", ""), "welcome: has no translation. What stood stays."),
    "changed in the catalog since": (
        returned("welcome", "Hola.", write_stamp("es", WELCOME, "Bienvenidos.")),
        "welcome: was changed in the catalog since the pack was made. Make a new pack, and enter it there.",
    ),
    "its English has moved on since": (
        returned("welcome", "Hola.", write_stamp("es", "Hello.", "Bienvenida.")),
        "welcome: was changed in the catalog since the pack was made. Make a new pack, and enter it there.",
    ),
    "a placeholder that is gone": (
        returned("press", "Oprima."),
        "press: lacks {key}. Copy it from the English, braces and all.",
    ),
    "a digit": (returned("welcome", "Hola 2."), "welcome: holds the digit 2. Write numbers as words."),
    "a formula": (
        returned("welcome", "=HOLA"),
        "welcome: holds U+003D (EQUALS SIGN) at sign 1, which a voice stumbles on. Say it in words, or leave it out.",
    ),
}


@pytest.mark.parametrize(("bad", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_row_that_fails_is_refused_and_the_others_may_be_taken(bad: ReturnedRow, words: str) -> None:
    good = returned("press", "Marque {key}.", line=3) if bad.id != "press" else returned("welcome", "Hola.", line=3)
    outcome = compare_pack(Path("pack.csv"), [bad, good], "es", ENTRIES)
    assert [str(fault) for fault in outcome.faults] == [f"pack.csv:2: {words}"]
    assert outcome.changes == (PackChange(good.id, ENTRIES[good.id].text, good.translation),)


def test_a_row_that_stands_twice_is_refused_the_second_time() -> None:
    rows = [returned("welcome", "Hola."), returned("welcome", "Buenas.", line=3)]
    outcome = compare_pack(Path("pack.csv"), rows, "es", ENTRIES)
    assert outcome.changes == (PackChange("welcome", "Bienvenida.", "Hola."),)
    assert [str(fault) for fault in outcome.faults] == ["pack.csv:3: welcome: stands twice in the pack. Keep one."]


def test_a_row_that_stands_twice_is_refused_also_where_the_first_changed_nothing() -> None:
    rows = [returned("welcome", "Bienvenida."), returned("welcome", "Buenas.", line=3)]
    outcome = compare_pack(Path("pack.csv"), rows, "es", ENTRIES)
    assert outcome.changes == ()
    assert [str(fault) for fault in outcome.faults] == ["pack.csv:3: welcome: stands twice in the pack. Keep one."]


def test_words_that_the_catalog_has_by_now_are_the_same_whatever_stood_before() -> None:
    outcome = compare_pack(
        Path("pack.csv"), [returned("welcome", "Bienvenida.", write_stamp("es", WELCOME, "Hola."))], "es", ENTRIES
    )
    assert (outcome.changes, outcome.faults, outcome.same) == ((), (), 1)


def test_half_a_pack_takes_nothing_from_the_other_half() -> None:
    after = take_changes(ENTRIES, [PackChange("sorry", "", "Lo siento.")])
    assert after == {**ENTRIES, "sorry": CatalogEntry("Sorry.", "Lo siento.", 15, False)}


# --- What was only looked at, and what did not come back -------------------------------------------------------------

WAITING = CatalogEntry("Sorry.", "Lo siento.", 15, True, "I am sorry.")
CONFIRMED = {
    "yes, where the English has moved on": ("sorry", True, 1, 0),
    "yes, where nothing waits": ("welcome", True, 0, 1),
    "nothing, where the English has moved on": ("sorry", False, 0, 1),
}


@pytest.mark.parametrize(("prompt", "confirms", "changes", "same"), CONFIRMED.values(), ids=CONFIRMED.keys())
def test_words_that_stay_right_are_confirmed_with_a_yes(prompt: str, confirms: bool, changes: int, same: int) -> None:
    entries = {**ENTRIES, "sorry": WAITING}
    text, mark = entries[prompt].text, write_stamp("es", entries[prompt].source, entries[prompt].text)
    rows = [ReturnedRow(2, prompt, text, mark, confirms=confirms)]
    outcome = compare_pack(Path("pack.csv"), rows, "es", entries)
    assert outcome.changes == (PackChange(prompt, text, text),) * changes
    assert (outcome.faults, outcome.same) == ((), same)


def test_confirmed_words_wait_no_longer() -> None:
    after = take_changes({"sorry": WAITING}, [PackChange("sorry", WAITING.text, WAITING.text)])
    assert after == {"sorry": CatalogEntry("Sorry.", WAITING.text, 15, False)}


@pytest.mark.parametrize(
    ("cell", "confirms"),
    [("yes", True), (" Yes. ", True), ("OK!", True), ("y", True), ("", False), ("no", False), (WAITS, False)],
)
@KINDS
def test_a_yes_is_read_however_it_is_written(tmp_path: Path, name: str, cell: str, confirms: bool) -> None:
    write_pack(tmp_path / name, [replace(row("sorry"), waits=cell)])
    assert [each.confirms for each in read_pack(tmp_path / name)] == [confirms]


def counted(prompt: str, of: str) -> ReturnedRow:
    """A row of a pack that says how many rows left with it."""
    entry = ENTRIES[prompt]
    return returned(prompt, entry.text, f"{write_stamp('es', entry.source, entry.text)}{of}")


LOST = {
    "all came back": ([counted("welcome", " 2"), counted("press", " 2")], 0),
    "one did not": ([counted("welcome", " 3"), counted("press", " 3")], 1),
    "a row twice is one row": ([counted("welcome", " 2"), counted("welcome", " 2")], 1),
    "a pack of an earlier release counts none": ([counted("welcome", "")], 0),
    "what is no number counts none": ([counted("welcome", " many")], 0),
}


@pytest.mark.parametrize(("rows", "lost"), LOST.values(), ids=LOST.keys())
def test_rows_that_did_not_come_back_are_counted(rows: list[ReturnedRow], lost: int) -> None:
    assert compare_pack(Path("pack.csv"), rows, "es", ENTRIES).lost == lost


NUMBERS = {
    "key.4": CatalogEntry("four", "cuatro", 7, False),
    "key.5": CatalogEntry("five", "cinco", 8, False),
    "digit.4": CatalogEntry("four", "el cuatro", 9, False),
}


def test_a_key_and_a_digit_of_one_number_may_share_a_word() -> None:
    mark = write_stamp("es", "four", "cuatro")
    outcome = compare_pack(Path("pack.csv"), [ReturnedRow(2, "key.4", "el cuatro", mark)], "es", NUMBERS)
    assert (outcome.changes, outcome.faults) == ((PackChange("key.4", "cuatro", "el cuatro"),), ())


def test_two_keys_of_different_numbers_may_not() -> None:
    mark = write_stamp("es", "five", "cinco")
    outcome = compare_pack(Path("pack.csv"), [ReturnedRow(2, "key.5", "cuatro", mark)], "es", NUMBERS)
    assert [fault.words for fault in outcome.faults] == [
        "key.5: has the translation of key.4. Was one column sorted by itself?"
    ]


def test_words_are_the_same_however_their_letters_were_saved(tmp_path: Path) -> None:
    entries = {"welcome": CatalogEntry(WELCOME, "Está bien.", 7, False)}
    mark = write_stamp("es", WELCOME, "Está bien.")
    write_pack(tmp_path / "pack.csv", [replace(row("welcome", "Esta\u0301\u00a0 bien."), stamp=mark)])
    outcome = compare_pack(Path("pack.csv"), read_pack(tmp_path / "pack.csv"), "es", entries)
    assert (outcome.changes, outcome.faults, outcome.same) == ((), (), 1)


def test_a_sheet_that_is_wrong_about_its_own_size_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "pack.xlsx"
    write_pack(path, ROWS)
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:J2"', parts[sheet])
    with zipfile.ZipFile(path, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    assert [each.id for each in read_pack(path)] == [row.id for row in ROWS]
