"""Every command that writes a file which a person named says in words why it could not, and what to do."""

from errno import EACCES, EDQUOT, EIO, ENAMETOOLONG, ENOSPC, EROFS
from pathlib import Path

import pytest

from ivr.errors import CatalogError, RecipientsError, TranslationError
from ivr.files import explain_unwritten, find_named_path
from ivr.reminders.list.sheet import read_rows
from ivr.reminders.report_files import ReportError, write_table
from ivr.wording.review import COLUMNS, read_reviews
from ivr.wording.translation.pack import PackRow
from ivr.wording.translation.spreadsheets import read_pack, write_pack

WHY: dict[str, tuple[str, OSError, str]] = {
    "a folder that is not there": (
        "none/a.csv",
        FileNotFoundError(2, "x"),
        "cannot be written: there is no folder {folder}/none. Make it first, or name another one.",
    ),
    "a file where a folder should be": (
        "file/deep/a.csv",
        NotADirectoryError(20, "x"),
        "cannot be written: {folder}/file is a file, not a folder. Name another folder.",
    ),
    "a folder that may not be written in": (
        "a.csv",
        PermissionError(EACCES, "x"),
        "cannot be written: you may not write in {folder}. Name another folder.",
    ),
    "a disk that is only read": (
        "a.csv",
        OSError(EROFS, "x"),
        "cannot be written: you may not write in {folder}. Name another folder.",
    ),
    "a full disk": ("a.csv", OSError(ENOSPC, "x"), "cannot be written: the disk is full. Make room on it first."),
    "a full quota": ("a.csv", OSError(EDQUOT, "x"), "cannot be written: the disk is full. Make room on it first."),
    "a name without an end": ("a.csv", OSError(ENAMETOOLONG, "x"), "cannot be written: its name is too long."),
    "anything else": ("a.csv", OSError(EIO, "A lead is broken"), "cannot be written (A lead is broken)."),
    "a folder": ("folder", IsADirectoryError(21, "x"), "is a folder. Add a file's name to it."),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    return tmp_path


@pytest.mark.parametrize(("name", "error", "words"), WHY.values(), ids=WHY.keys())
def test_why_a_file_is_not_written_is_said_with_what_to_do(folder: Path, name: str, error: OSError, words: str) -> None:
    assert explain_unwritten(folder / name, error) == f"{folder / name} {words.format(folder=folder)}"


def test_the_file_that_is_begun_beside_another_is_never_named() -> None:
    assert find_named_path(OSError(EIO, "x", "/a/.pack.csv.77.tmp"), Path("b")) == Path("/a/pack.csv")
    assert find_named_path(OSError(EIO, "x", "/a/.pack.csv.77.tmp", None, "/a/pack.csv"), Path("b")) == Path(
        "/a/pack.csv"
    )
    assert find_named_path(OSError(EIO, "x"), Path("b")) == Path("b")


ROW = PackRow(*(["x"] * 10))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_pack_and_a_report_that_cannot_be_written_are_refused_in_words(folder: Path, kind: str) -> None:
    path = folder / "file" / f"a.{kind}"
    words = rf"a\.{kind} cannot be written: {folder}/file is a file, not a folder\. Name another folder\."
    with pytest.raises(TranslationError, match=words):
        write_pack(path, [ROW])
    with pytest.raises(ReportError, match=words):
        write_table(path, ("name",), [])


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_pack_that_fails_half_way_leaves_the_one_before(folder: Path, kind: str) -> None:
    path = folder / f"a.{kind}"
    write_pack(path, [ROW])
    before = path.read_bytes()
    with pytest.raises(AttributeError):
        write_pack(path, [ROW, None])  # type: ignore[list-item]
    assert path.read_bytes() == before


# --- Cells of megabytes ----------------------------------------------------------------------------------------------

HUGE = "a" * 200_000


def test_a_review_with_a_cell_of_megabytes_is_refused_with_its_line(folder: Path) -> None:
    (folder / "es").mkdir()
    path = folder / "es" / "reviews.csv"
    path.write_text(f"{','.join(COLUMNS)}\ngoodbye,{HUGE}\n")
    with pytest.raises(CatalogError) as caught:
        read_reviews(folder, "es")
    assert [fault.words for fault in caught.value.faults] == [
        "A cell here is far larger than any review. Is a quotation mark missing?"
    ]
    path.write_text(HUGE)
    with pytest.raises(CatalogError, match="far too long"):
        read_reviews(folder, "es")


def test_a_list_with_a_cell_of_megabytes_is_refused_in_words(folder: Path) -> None:
    path = folder / "list.csv"
    path.write_text(f"phone,name\n+34600000001,{HUGE}\n")
    with pytest.raises(RecipientsError, match="has more than 131,072 letters, so this is no list of appointments"):
        list(read_rows(path, print))


def test_a_workbook_that_bursts_is_not_unpacked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "a.xlsx"
    write_pack(path, [ROW])
    monkeypatch.setattr("ivr.wording.translation.spreadsheets.LARGEST_UNPACKED", 1_000)
    with pytest.raises(CatalogError, match="far larger than any pack"):
        read_pack(path)


def test_a_damaged_workbook_is_no_spreadsheet(folder: Path) -> None:
    path = folder / "a.xlsx"
    write_pack(path, [ROW])
    content = bytearray(path.read_bytes())
    for at in range(200, len(content) - 1_500, 37):
        content[at] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(CatalogError, match="This is not a spreadsheet"):
        read_pack(path)
