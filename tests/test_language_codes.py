"""Nothing but a language's row is keyed by its code: the whole program is read for codes, locales and tags.

A table by code somewhere else would have to be found, and filled, by whoever adds a language; a row asks by itself.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.line.languages import LANGUAGES
from tests.conftest import ROOT

ROWS = "ivr/line/languages.py"
NAMES = {name for row in LANGUAGES.values() for name in (row.code, row.locale, row.tag, row.say) if name}
EXCEPTIONS = {
    ("ivr/line/language.py", "en"): "SOURCE_LANGUAGE: whoever means English as the source of all words asks for it",
    ("ivr/speech/engines/readings/haitian.py", "en"): "a nasal vowel, as Haitian Creole spells it",
    ("ivr/speech/engines/readings/tagalog.py", "en"): "a small word without a stress",
}
"""A file and a string in it that may stand there, and why. (A code that the program has as a word of its own, such as
"id", would need many: give that language its code of three letters.)"""
ADVICE = "Make it a field of Language (ivr/line/language.py), fill it in every row, and read it from the row."

PROGRAM = [ROOT / "app.py", *sorted((ROOT / "ivr").rglob("*.py"))]
PAGES = sorted(path for ending in ("html", "js") for path in (ROOT / "ivr").rglob(f"*.{ending}"))
SHEETS = sorted(path for path in (ROOT / "ivr").rglob("*.css") if "font-family" in path.read_text("utf-8"))


def place(path: Path) -> str:
    return str(path.relative_to(ROOT))


def named_in(text: str) -> Iterator[tuple[int, str]]:
    """Every string of a program that is a language's code, locale or tag, or a list of them, with its line."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and set(node.value.split() or [""]) <= NAMES:
            yield node.lineno, node.value


def compared_in(text: str) -> list[str]:
    """Every code that a page or its script compares something with, in the order in which they stand there."""
    return [code for code in re.findall(r"""[!=]==? *["']([^"']*)["']""", text) if code in NAMES]


def languages_named(sheet: str) -> set[str]:
    """The languages for which a style sheet names fonts, by the first part of their tags."""
    rules = [rule for rule in sheet.split("}") if "font-family:" in rule]
    return {tag for rule in rules for tag in re.findall(r":lang\(([a-z]+)\)", rule)}


@pytest.mark.parametrize("path", PROGRAM, ids=place)
def test_no_program_names_a_language_but_the_rows(path: Path) -> None:
    found = [(line, name) for line, name in named_in(path.read_text("utf-8")) if (place(path), name) not in EXCEPTIONS]
    assert place(path) == ROWS or found == [], ADVICE


@pytest.mark.parametrize("path", PAGES, ids=place)
def test_no_page_asks_for_a_language_by_its_code(path: Path) -> None:
    assert compared_in(path.read_text("utf-8")) == [], ADVICE


@pytest.mark.parametrize("path", SHEETS, ids=place)
def test_a_style_sheet_names_fonts_for_every_script_that_an_english_page_has_no_letters_of(path: Path) -> None:
    needed = {row.tag.split("-")[0] for row in LANGUAGES.values() if row.script.needs_fonts}
    named = languages_named(path.read_text("utf-8"))
    assert named == needed, f"Write :lang({', '.join(sorted(needed - named))}) {{ font-family: ... }}, or take it out."


def test_all_pages_share_the_one_sheet_that_names_fonts() -> None:
    assert [str(path.relative_to(ROOT)) for path in SHEETS] == ["ivr/web/static/base.css"]


def test_every_exception_is_still_needed() -> None:
    for file, name in EXCEPTIONS:
        assert name in {found for _, found in named_in((ROOT / file).read_text("utf-8"))}, f"{file}: {name}"


# --- The rules can be broken -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('RATES = {"zh": 160, "ja": 128}', ["zh", "ja"]),
        ('RTL = frozenset({"ar"})', ["ar"]),
        ('CODES = ("yue", "fil")', ["yue", "fil"]),
        ('if language == "ar":\n    pass', ["ar"]),
        ('match language:\n    case "ht":\n        pass', ["ht"]),
        ('LANGUAGES["ja"]', ["ja"]),
        ('say = "cmn-CN"', ["cmn-CN"]),
        ('default = "en es zh"', ["en es zh"]),
        ('"""Write zh=recordings, or en."""\nsound = "play en"', []),
    ],
)
def test_a_language_that_a_program_names_is_seen(text: str, found: list[str]) -> None:
    assert [name for _, name in named_in(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{% if code == "en" %}', ["en"]),
        ("if (step.lang !== 'ar-EG' || step.lang === 'ar') {", ["ar"]),
        ('<html lang="en"> show({ lang = "en" })', []),
    ],
)
def test_a_language_that_a_page_asks_for_is_seen(text: str, found: list[str]) -> None:
    assert compared_in(text) == found
