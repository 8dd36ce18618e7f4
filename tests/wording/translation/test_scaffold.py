"""A language is added with one command, and once its files are filled in its own letters nothing false is reported."""

import string
import sys
import tomllib
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ivr.content import find_content_faults
from ivr.errors import TranslationError
from ivr.line.language import Script
from ivr.line.languages import LANGUAGES
from ivr.line.neutral import NEUTRAL
from ivr.wording.spoken import LENGTHS
from ivr.wording.translation.desk import TranslationDesk
from ivr.wording.translation.pack import PackRow
from ivr.wording.translation.spreadsheets import write_pack
from tests.conftest import Environment
from tests.wording.translation import FOR_CALLERS, LOCALES, TRANSLATED, Bench, parts, rewrite, set_up

ONE_OF_EACH_SCRIPT = sorted({LANGUAGES[code].script: code for code in TRANSLATED}.values())
EACH_SCRIPT = pytest.mark.parametrize("code", ONE_OF_EACH_SCRIPT)
Cipher = Callable[[str], str]


@pytest.fixture
def bench(tmp_path: Path, environment: Environment) -> Bench:
    """A line that knows English alone: every other language is still to be added."""
    bench = set_up(tmp_path, environment)
    for code in TRANSLATED:
        for path in sorted((bench.locales / code).rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        (bench.locales / code).rmdir()
    return bench


# --- What is made ----------------------------------------------------------------------------------------------------


def test_a_new_language_has_every_file_that_a_shipped_one_has(desk: TranslationDesk, bench: Bench) -> None:
    outcome = desk.add("es")
    shipped = {str(path.relative_to(LOCALES / "es")) for path in (LOCALES / "es").rglob("*.*")}
    made = {str(path.relative_to(bench.locales / "es")) for path in outcome.made}
    assert (made, outcome.kept) == (shipped, ())
    assert {name.removeprefix("es/") for name in bench.files("es")} == shipped


def test_each_file_says_at_its_head_what_has_to_be_written(desk: TranslationDesk) -> None:
    for path in desk.add("es").made:
        head = path.read_text("utf-8").split('msgid ""')[0]
        assert "To write:" in head or "replace every form" in head, path.name
        assert "Spanish" in head, path.name


def test_the_forms_to_fill_are_all_that_english_has_and_nothing_else(desk: TranslationDesk, bench: Bench) -> None:
    desk.add("es")
    made = tomllib.loads((bench.locales / "es" / "spoken.toml").read_text("utf-8"))
    assert made == tomllib.loads((LOCALES / "en" / "spoken.toml").read_text("utf-8"))
    assert {kind: set(made[kind]) - {"order"} for kind in LENGTHS} == {
        **{kind: set(names) for kind, names in LENGTHS.items()},
        "emergency": {"pause", "digit"},
    }


@EACH_SCRIPT
def test_a_new_language_is_closed_and_check_names_every_file_that_is_still_to_be_filled(
    desk: TranslationDesk, bench: Bench, code: str
) -> None:
    desk.add(code)
    faults = [str(fault).removeprefix(f"{bench.locales}/{code}/") for fault in desk.check(code)]
    places = [fault.split(":")[0] for fault in faults]
    assert places == [*["LC_MESSAGES/spineline.po"] * len(FOR_CALLERS), "spoken.toml", "neutral.toml"]
    assert list(parts(bench.line("en", code)).content.line.languages) == ["en"]


def test_adding_twice_loses_nothing(desk: TranslationDesk, bench: Bench) -> None:
    desk.add("es")
    rewrite(bench.catalog("es"), "goodbye", "Adiós.")
    (bench.locales / "es" / "neutral.toml").unlink()
    before = bench.files("es")
    outcome = desk.add("es")
    assert outcome.made == (bench.locales / "es" / "neutral.toml",)
    assert len(outcome.kept) == len(before)
    with pytest.raises(TranslationError, match="es has a catalog already"):
        desk.add("es")
    after = bench.files("es")
    assert {name: after[name] for name in before} == before


def test_a_language_without_a_row_is_refused_with_what_to_write_there(desk: TranslationDesk, bench: Bench) -> None:
    with pytest.raises(TranslationError, match=r"xx has no row yet in ivr/line/languages\.py") as caught:
        desk.add("xx")
    assert 'Add Language(code="xx", ...) to LANGUAGES. It needs code, name, own_name, locale, tag' in str(caught.value)
    assert not (bench.locales / "xx").exists()


# --- Filled by a machine: English in the letters of another script -------------------------------------------------


def letters_of(names: Iterable[str]) -> list[str]:
    """Letters of a script, as many as English has, by the first words of their Unicode names."""
    name = next(iter(names))
    found = (chr(number) for number in range(sys.maxunicode) if unicodedata.name(chr(number), "").startswith(name))
    small = (
        sign for sign in found if sign.isalpha() and sign == sign.casefold() and not unicodedata.decomposition(sign)
    )
    return [sign for sign, _ in zip(small, string.ascii_lowercase, strict=False)]


COUNTERPARTS = {",": "،，、", ".": "。", "?": "؟？", "!": "！", ";": "؛；", ":": "："}
"""The signs of other scripts that stand for those of English."""


def sign_of(script: Script, sign: str) -> str:
    """How a script writes a sign of English: as it is, with its own, or not at all."""
    return next((own for own in (sign, *COUNTERPARTS.get(sign, "")) if own in script.signs), "")


def cipher_for(code: str) -> Cipher:
    """Writes English in a language's letters and signs, one for one, what stands in braces apart."""
    script = LANGUAGES[code].script
    letters = dict(zip(string.ascii_lowercase, letters_of(script.letters), strict=True))
    table = str.maketrans(letters | {sign: sign_of(script, sign) for sign in ",.?!;:-'"})

    def write(text: str) -> str:
        pieces = text.replace("}", "{").split("{")
        return "".join(
            f"{{{piece}}}" if number % 2 else piece.lower().translate(table) for number, piece in enumerate(pieces)
        )

    return write


def fill_pack(desk: TranslationDesk, code: str, folder: Path, cipher: Cipher) -> None:
    rows: list[PackRow] = [replace(row, translation=cipher(row.english)) for row in desk.pack(code)]
    write_pack(folder / "filled.csv", rows)
    outcome = desk.import_pack(code, folder / "filled.csv", write=True)
    assert (len(outcome.changes), outcome.faults) == (len(FOR_CALLERS), ())


def fill_readings(desk: TranslationDesk, bench: Bench, code: str) -> None:
    assert desk.update(code).unread == tuple(prompt.id for prompt in FOR_CALLERS)
    for prompt in FOR_CALLERS:
        rewrite(bench.back(code), prompt.id, prompt.text)
        rewrite(bench.ear(code), prompt.id, prompt.text)


def fill_forms(path: Path, cipher: Cipher) -> None:
    forms: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    lines = [f'joiner = "{forms["joiner"]}"']
    for kind, names in LENGTHS.items():
        order = [f"order = {forms[kind]['order']}"] if "order" in forms[kind] else []
        pause = [f'pause = "{forms[kind]["pause"]}"'] if "pause" in forms[kind] else []
        filled = [f"{name} = {[cipher(form) for form in forms[kind][name]]}" for name in names]
        lines += [f"[{kind}]", *order, *pause, *filled]
    path.write_text("\n".join(lines), "utf-8")


def fill_neutral(path: Path, cipher: Cipher) -> None:
    """The English beginnings, but for those that English words which may be said hold inside them."""
    english = tomllib.loads((LOCALES / "en" / path.name).read_text("utf-8"))["forbidden"]
    sayable = " ".join(prompt.text.lower() for prompt in NEUTRAL)
    path.write_text(f"forbidden = {[cipher(stem) for stem in english if stem not in sayable]}", "utf-8")


@EACH_SCRIPT
def test_a_language_that_is_filled_in_its_own_letters_has_no_fault_and_opens(
    desk: TranslationDesk, bench: Bench, code: str
) -> None:
    cipher = cipher_for(code)
    desk.add(code)
    fill_pack(desk, code, bench.folder, cipher)
    fill_readings(desk, bench, code)
    fill_forms(bench.locales / code / "spoken.toml", cipher)
    fill_neutral(bench.locales / code / "neutral.toml", cipher)
    assert desk.check(code) == []
    line = parts(bench.line("en", code))
    assert (list(line.content.line.languages), find_content_faults(line.content)) == (["en", code], [])
    assert bench.heard(code, "goodbye") == [cipher("Thank you for calling. Goodbye.")]
