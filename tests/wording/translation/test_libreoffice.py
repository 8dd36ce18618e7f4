"""A pack that LibreOffice opened and saved comes back as it went out, in every language; a change in it is one change.

Where there is no LibreOffice, these tests are skipped, and the last lines of the run say so.
"""

import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ivr.wording.catalogs import read_entries
from ivr.wording.translation.desk import TranslationDesk
from ivr.wording.translation.pack import PackChange, PackOutcome
from ivr.wording.translation.spreadsheets import COLUMNS
from tests.topics import SHIPPED_FOLDER
from tests.wording.translation import FOR_CALLERS, LOCALES, TOPICS, TRANSLATED
from tests.wording.translation.conftest import measure_nothing

SKIPPED = "LibreOffice tests SKIPPED: no soffice on PATH; install Debian's libreoffice-calc"
CHANGED = "goodbye"
MOST_SECONDS = 300
EACH_LANGUAGE = pytest.mark.parametrize("code", TRANSLATED)


def say_twice(code: str) -> tuple[str, str]:
    """The words of the changed prompt, and what a translator makes of them here."""
    words = read_entries(LOCALES / code / "LC_MESSAGES" / "spineline.po")[CHANGED].text
    return words, f"{words} {words}"


@pytest.fixture(scope="module")
def shipped_desk() -> TranslationDesk:
    """The desk over what ships. Nothing is written there."""
    return TranslationDesk(LOCALES, SHIPPED_FOLDER, TOPICS, {}, measure_nothing)


@pytest.fixture(scope="module")
def saved(shipped_desk: TranslationDesk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two packs of each language as LibreOffice saved them: as it went out, and with one cell changed."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip(SKIPPED)
    folder = tmp_path_factory.mktemp("libreoffice")
    sent = folder / "sent"
    sent.mkdir()
    for code in TRANSLATED:
        shipped_desk.export_pack(code, sent / f"{code}.xlsx")
        change_cell(sent / f"{code}.xlsx", sent / f"{code}-changed.xlsx", say_twice(code)[1])
    profile, back = f"-env:UserInstallation=file://{folder}/profile", folder / "back"
    words = [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(back), *map(str, sent.iterdir())]
    subprocess.run(words, check=True, capture_output=True, timeout=MOST_SECONDS)
    return back


def change_cell(path: Path, new_path: Path, text: str) -> None:
    """Puts other words in the translation of one prompt, by another program than the one that wrote the pack."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    row = next(cell.row for cell in sheet["A"] if cell.value == CHANGED)
    sheet.cell(row, COLUMNS.index("translation") + 1).value = text
    book.save(new_path)


@EACH_LANGUAGE
def test_a_pack_that_libreoffice_saved_changes_nothing(shipped_desk: TranslationDesk, saved: Path, code: str) -> None:
    outcome = shipped_desk.import_pack(code, saved / f"{code}.xlsx", write=False)
    assert outcome == PackOutcome((), (), len(FOR_CALLERS))


@EACH_LANGUAGE
def test_a_cell_that_was_changed_is_one_change(shipped_desk: TranslationDesk, saved: Path, code: str) -> None:
    outcome = shipped_desk.import_pack(code, saved / f"{code}-changed.xlsx", write=False)
    assert outcome == PackOutcome((PackChange(CHANGED, *say_twice(code)),), (), len(FOR_CALLERS) - 1)
