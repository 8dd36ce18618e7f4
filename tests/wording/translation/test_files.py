"""What is wrong with a catalog as a file is named at its line, and what only looks strange is let be."""

from pathlib import Path

import pytest

from ivr.wording.translation.desk import TranslationDesk
from ivr.wording.translation.files import find_file_faults
from tests.conftest import Environment
from tests.wording.translation import LOCALES, TRANSLATED, Bench, set_up

HEAD = 'msgid ""\nmsgstr ""\n"Language: es\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
ENTRY = '\nmsgctxt "greeting"\nmsgid "Welcome."\nmsgstr "Bienvenida."\n'
OTHER = '\nmsgctxt "goodbye"\nmsgid "Goodbye."\nmsgstr "Adiós."\n'
ASIDE = '\n#~ msgctxt "gone"\n#~ msgid "Bye."\n#~ msgstr "Adiós."\n'


@pytest.fixture
def bench(tmp_path: Path, environment: Environment) -> Bench:
    return set_up(tmp_path, environment)


def faults(folder: Path, text: str, language: str = "es") -> list[str]:
    """What is said of a catalog with these words, its line first."""
    path = folder / "spineline.po"
    path.write_bytes(text.encode())
    return [str(fault).removeprefix(f"{path}:") for fault in find_file_faults(path, language)]


TWICE = "greeting stands twice: in line {} and here. Keep the right one."
CHARSET = "The head says charset={}, and the file is UTF-8. Write charset=utf-8 there."
WRONG_FILE = "The head says that this is a catalog of {}, and it lies under {}. Is it the right file?"
HIDDEN = "holds {}, which nobody can see. Take it out."

WRONG: dict[str, tuple[str, list[str]]] = {
    "one id twice": (f"{HEAD}{ENTRY}{ENTRY}", [f"10: {TWICE.format(6)}"]),
    "one id three times": (f"{HEAD}{ENTRY}{ENTRY}{ENTRY}", [f"10: {TWICE.format(6)}", f"14: {TWICE.format(6)}"]),
    "one id twice among those set aside": (
        f"{HEAD}{ENTRY}{ASIDE}{ASIDE}",
        ["14: gone stands twice among those set aside: in line 10 and here. Keep the right one."],
    ),
    "other letters in the head": (
        f"{HEAD.replace('utf-8', 'ISO-8859-1')}{ENTRY}",
        [f"4: {CHARSET.format('iso-8859-1')}"],
    ),
    "letters that nobody knows": (f"{HEAD.replace('utf-8', 'klingon')}{ENTRY}", [f"4: {CHARSET.format('klingon')}"]),
    "another language": (f"{HEAD.replace('es', 'pt_BR')}{ENTRY}", [f"3: {WRONG_FILE.format('pt_BR', 'es')}"]),
    "a separator of lines in the words": (
        HEAD + ENTRY.replace("Bienvenida.", "Bienvenida.\u2028"),
        [f"8: {HIDDEN.format('U+2028 (LINE SEPARATOR)')}"],
    ),
    "a control sign in a note": (
        f"{HEAD}\n# Ask Ana.\x07{ENTRY}",
        [f"6: {HIDDEN.format('U+0007 (a control sign)')}"],
    ),
    "all kinds, in their order": (
        f"{HEAD.replace('utf-8', 'latin-1')}{ENTRY}{ENTRY}\n# \x0b",
        [
            f"4: {CHARSET.format('latin-1')}",
            f"10: {TWICE.format(6)}",
            f"14: {HIDDEN.format('U+000B (a control sign)')}",
        ],
    ),
}


@pytest.mark.parametrize(("text", "found"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_with_a_file_is_named_at_its_line(tmp_path: Path, text: str, found: list[str]) -> None:
    assert faults(tmp_path, text) == found


SOUND: dict[str, tuple[str, str]] = {
    "a plain catalog": ("es", f"{HEAD}{ENTRY}{OTHER}{ASIDE}"),
    "no head": ("es", ENTRY),
    "a head without a language": ("es", f"{HEAD.replace('Language: es', 'Language: ')}{ENTRY}"),
    "a language with its country": ("es", f"{HEAD.replace('es', 'es_MX')}{ENTRY}"),
    "a language as its locale writes it": ("yue", f"{HEAD.replace('es', 'yue-Hant-HK')}{ENTRY}"),
    "UTF-8 written in another way": ("es", f"{HEAD.replace('utf-8', 'UTF8')}{ENTRY}"),
    "a byte order mark": ("es", f"\ufeff{HEAD}{ENTRY}"),
    "lines as Windows ends them": ("es", f"{HEAD}{ENTRY}".replace("\n", "\r\n")),
    "an id that is set aside and came back": ("es", f"{HEAD}{ENTRY}{ASIDE.replace('gone', 'greeting')}"),
    "a tab in a note": ("es", f"{HEAD}\n#\tAsk Ana.{ENTRY}"),
    "the joiners of Persian": ("fa", f"{HEAD.replace('es', 'fa')}{ENTRY.replace('Bienvenida.', 'نمی‌خواهید.')}"),
}


@pytest.mark.parametrize(("language", "text"), SOUND.values(), ids=SOUND.keys())
def test_what_only_looks_strange_is_no_fault(tmp_path: Path, language: str, text: str) -> None:
    assert faults(tmp_path, text, language) == []


def test_a_file_that_is_not_there_has_no_fault_of_its_own(tmp_path: Path) -> None:
    assert find_file_faults(tmp_path / "nothing.po", "es") == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_shipped_catalog_has_none(language: str) -> None:
    assert find_file_faults(LOCALES / language / "LC_MESSAGES" / "spineline.po", language) == []


def test_callers_hear_what_they_heard_check_names_the_fault_alone_and_no_command_writes_the_file(
    desk: TranslationDesk, bench: Bench
) -> None:
    before = bench.heard("es", "goodbye")
    path = bench.catalog("es")
    lines = path.read_text("utf-8").splitlines()
    first = lines.index('msgctxt "goodbye"') + 1
    path.write_text("\n".join([*lines, "", *lines[first - 1 : first + 2], ""]), "utf-8")
    words = f"{path}:{len(lines) + 2}: goodbye stands twice: in line {first} and here. Keep the right one."
    written = path.read_bytes()
    assert bench.heard("es", "goodbye") == before
    assert [str(fault) for fault in desk.check("es")] == [words]
    for command in (("update", "es"), ("export", "es", "--out", "pack.csv")):
        code, said = bench.run(*command)
        assert (code, words in said) == (1, True)
    assert path.read_bytes() == written
