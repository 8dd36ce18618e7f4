"""What failed at other projects' translators and reviewers, kind by kind: `shared/cases/workshop.md` and neighbours.

Nothing that a person wrote is lost or taken for something else, whatever their editor or spreadsheet did to the file.
"""

import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import permutations, product
from pathlib import Path

import pytest

from ivr.errors import CatalogError
from ivr.wording.catalogs import ASIDE, CatalogEntry, read_entries, read_set_aside
from ivr.wording.review import COLUMNS, FILE, ReviewVerdict, read_reviews
from ivr.wording.sources import read_topics
from ivr.wording.translation.desk import Reviewer, TranslationDesk
from ivr.wording.translation.files import find_file_faults, name_sign
from ivr.wording.translation.pack import NEWER_THAN_PACK, SORTED, WAITS, PackChange, PackOutcome, PackRow
from ivr.wording.translation.po import PromptSource, write_catalog
from ivr.wording.translation.scripts import find_stumbles
from ivr.wording.translation.spreadsheets import read_pack, write_pack
from tests.conftest import Environment
from tests.wording.translation import (
    AFTER,
    FOR_CALLERS,
    LOCALES,
    TRANSLATED,
    Bench,
    field,
    line_of,
    put,
    rewrite,
    set_up,
)
from tests.wording.translation.conftest import measure_nothing

DISCOMFORT, GOODBYE, OFFER = f"{AFTER}.discomfort", "goodbye", "menu.all"
FIRST = "Expect some discomfort. It may last for up to {discomfort}."
SECOND = "Expect a little discomfort. It may last for up to {discomfort}."
THIRD = "Expect discomfort. It may last for up to {discomfort}."
NEW = "Gracias por su llamada. Hasta pronto."
ANA = Reviewer("Ana Ruiz", "certified medical translator", date(2026, 11, 22))


@pytest.fixture
def bench(tmp_path: Path, environment: Environment) -> Bench:
    return set_up(tmp_path, environment)


def open_again(bench: Bench) -> TranslationDesk:
    """The desk with the English as it is now."""
    folder = bench.topic.parent
    return TranslationDesk(bench.locales, folder, read_topics(folder), {}, measure_nothing)


def mark_fuzzy(path: Path, prompt: str) -> None:
    """Marks an entry as an editor does, without the English before."""
    text = path.read_text("utf-8")
    mark = '#, fuzzy, python-brace-format\nmsgctxt "{}"' if "{" in field(path, prompt) else '#, fuzzy\nmsgctxt "{}"'
    plain = mark.replace("#, fuzzy, ", "#, ").replace("#, fuzzy\n", "")
    assert text.count(plain.format(prompt)) == 1
    path.write_text(text.replace(plain.format(prompt), mark.format(prompt)), "utf-8")


def send(desk: TranslationDesk, path: Path, rows: list[PackRow], *, write: bool = False) -> PackOutcome:
    """Imports a Spanish pack with these rows."""
    write_pack(path, rows)
    return desk.import_pack("es", path, write=write)


def change(rows: list[PackRow], prompt: str, text: str, waits: str = "") -> list[PackRow]:
    return [replace(row, translation=text, waits=waits) if row.id == prompt else row for row in rows]


# --- 1: a state is kept when something is set aside and comes back ---------------------------------------------------

Step = Callable[[Bench], None]
STEPS: dict[str, Step] = {
    "English": lambda bench: put(bench.topic, FIRST, SECOND),
    "English again": lambda bench: put(bench.topic, SECOND, THIRD),
    "gone": lambda bench: put(bench.topic, 'id = "discomfort"', 'id = "soreness"'),
    "back": lambda bench: put(bench.topic, 'id = "soreness"', 'id = "discomfort"'),
}


def list_orders(*names: str) -> Iterator[tuple[str, ...]]:
    """Every order in which the steps are possible."""
    for order in permutations(names):
        if [name for name in order if name in ("gone", "back")] == ["gone", "back"] and [
            name for name in order if name.startswith("English")
        ] == [name for name in names if name.startswith("English")]:
            yield order


ORDERS = [
    *((order, (*updates, True)) for order in list_orders("English", "gone", "back") for updates in UPDATES)
    for UPDATES in [list(product((True, False), repeat=2))]
] if False else []
