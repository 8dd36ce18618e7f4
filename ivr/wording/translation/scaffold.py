"""Starts a new language: every file that a shipped language has, each with what has to be written said at its head.

Rules kept here: a file that is there is never touched, so running it twice loses nothing; and no file that is still to
be filled can be taken for a finished one. The English forms are marked as English (`spoken.toml`), the list of words
that nobody may hear holds no list yet (`neutral.toml`), and words without a translation are missing, so the language
stays closed and `flask languages check` names what is left.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import MISSING, dataclass, fields
from pathlib import Path

from ivr.errors import TranslationError
from ivr.files import write_atomically
from ivr.line.language import SOURCE_LANGUAGE, Language
from ivr.line.languages import LANGUAGES
from ivr.wording.catalogs import locate_catalog
from ivr.wording.lexicon import FILE as LEXICON_FILE
from ivr.wording.neutral_words import FILE as NEUTRAL_FILE
from ivr.wording.neutral_words import read_neutral_words
from ivr.wording.spoken import FILE as SPOKEN_FILE
from ivr.wording.spoken import STILL_ENGLISH
from ivr.wording.translation.check import BACK_FILE, EAR_FILE
from ivr.wording.translation.po import PromptSource, merge_entry, write_catalog, write_pairs
from ivr.wording.translation.update import write_back_head, write_ear_head, write_new_head

CATALOG_HEAD = """\
To write: the msgstr of every message, as a nurse would say it in {name}. #. is what a translator must know. Leave
{{key}} and all else in braces as it stands. No digits, slashes, abbreviations (locales/README.md, For a translator)."""
FORMS_HEAD = (
    f"{STILL_ENGLISH}: replace every form by the language's own, then remove this line.\n"
    "# How quantities, dates and times are said in {name}. Each list is complete: a form is looked up, not computed.\n"
)
LEXICON_HEAD = """\
# How {name} words are spelled for a voice: in lower case, as written = as it must be read. Empty while every voice
# reads the words right as they stand.
# To write: a line such as the one below for each name of a medicine or procedure that a voice gets wrong, and for each
# word in another script; under [all], or under one voice's name ([espeak], ...) for that voice only.
# "ibuprofen" = "eye bu pro fen"
[all]
"""
NEUTRAL_HEAD = """\
# Beginnings of {name} words that nobody may hear before a person has said whom a reminder call is for, or on an
# answering machine (rule H1): they would tell others about the patient's health. Reviewed by no person.
# To write: the list below, in {name}, without the signs # before its lines: forty beginnings or more. A beginning finds
# every word that starts with it; write one for each stem that grammar changes. In English they are:
{english}
# forbidden = [
#     "...",
# ]
"""


@dataclass(frozen=True)
class Scaffold:
    """The files of a new language: those that were made, and those that were there and stayed as they were."""

    language: str
    made: tuple[Path, ...]
    kept: tuple[Path, ...]


def scaffold_language(folder: Path, language: str, sources: Sequence[PromptSource]) -> Scaffold:
    """Makes every file of a language under `folder` (`locales/`) that is not there.

    Raises TranslationError for a code that has no row in the table of languages, with what to write there.
    """
    if language not in LANGUAGES:
        raise TranslationError(describe_missing_row(language))
    row = LANGUAGES[language]
    made: list[Path] = []
    kept: list[Path] = []
    for path, write in _list_files(folder, row, sources):
        if path.exists():
            kept.append(path)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            write(path)
            made.append(path)
    return Scaffold(language, tuple(made), tuple(kept))


def describe_missing_row(language: str) -> str:
    """What a person has to write before a language can be added: the fields are those of a row."""
    needed = [field.name for field in fields(Language) if field.default is MISSING and field.default_factory is MISSING]
    optional = [field.name for field in fields(Language) if field.name not in needed]
    return (
        f"{language} has no row yet in ivr/line/languages.py. Write it there first: names, voices.\n"
        f'Add Language(code="{language}", ...) to LANGUAGES. It needs {", ".join(needed)}; where they differ from what '
        f"most languages have, also {', '.join(optional)}. The docstring of Language says what each of them is."
    )


def _list_files(
    folder: Path, row: Language, sources: Sequence[PromptSource]
) -> Sequence[tuple[Path, Callable[[Path], None]]]:
    """The files of a language, each with what writes it."""
    own, english = folder / row.code, folder / SOURCE_LANGUAGE
    names = {"name": row.name, "code": row.code}

    def write_words(path: Path) -> None:
        rows = [(source, merge_entry(source, None)) for source in sources]
        write_catalog(path, row.code, rows, f"{write_new_head(row.code)}\n{CATALOG_HEAD.format(**names)}")

    def write_forms(path: Path) -> None:
        forms = re.sub(r"\A(# [^\n]*\n)+", "", (english / SPOKEN_FILE).read_text("utf-8"))
        _write_text(path, FORMS_HEAD.format(name=row.name) + forms)

    def write_neutral(path: Path) -> None:
        stems = ", ".join(read_neutral_words(folder, SOURCE_LANGUAGE))
        _write_text(path, NEUTRAL_HEAD.format(english=_write_comment(stems), **names))

    return (
        (locate_catalog(folder, row.code), write_words),
        (own / SPOKEN_FILE, write_forms),
        (own / BACK_FILE, lambda path: write_pairs(path, row.code, {}, write_back_head(row.code))),
        (own / EAR_FILE, lambda path: write_pairs(path, row.code, {}, write_ear_head(row.code))),
        (own / LEXICON_FILE, lambda path: _write_text(path, LEXICON_HEAD.format(**names))),
        (own / NEUTRAL_FILE, write_neutral),
    )


def _write_text(path: Path, text: str) -> None:
    write_atomically(path, text.encode())


def _write_comment(text: str, width: int = 110) -> str:
    """A text as comment lines of at most `width` signs."""
    lines = [""]
    for word in text.split(" "):
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(f"# {line}" for line in lines)
