"""What is wrong with a catalog as a file, before its words are looked at: an entry twice, a head that says something
else than the file is, a sign that no editor shows.

Reading is kinder than checking: a file with such a fault is read as far as it can be, so that callers hear what they
heard, and `flask languages check` and every command that would write it name the fault.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel.messages.pofile import unescape

from ivr.errors import Fault
from ivr.line.languages import LANGUAGES

FIELD = re.compile(r'(#~\s*)?(?:(msg\S+)\s+)?("(?:[^"\\]|\\.)*")')
"""A line with words: of an entry that is set aside or not, the first of a field ("msgid") or one that goes on."""
HEAD = re.compile(r'"(Language|Content-Type): ([^"\\]*)', re.IGNORECASE)


@dataclass
class _Field:
    """A part of an entry, put together from as many lines as it stands in. `line` is the first."""

    line: int
    aside: bool
    name: str
    text: str


def find_file_faults(path: Path, language: str) -> list[Fault]:
    """Everything of that kind, each with its line; none where there is no file. Bytes that are not UTF-8 are told when
    the file is read."""
    if not path.is_file():
        return []
    lines = path.read_bytes().decode("utf-8-sig", errors="replace").split("\n")
    return [*_find_wrong_head(path, language, lines), *_find_doubles(path, lines), *_find_hidden_signs(path, lines)]


def _find_wrong_head(path: Path, language: str, lines: list[str]) -> Iterator[Fault]:
    for at, line in enumerate(lines, 1):
        if line.startswith("msgctxt"):
            return
        if not (found := HEAD.match(line)):
            continue
        name, value = found[1].lower(), found[2].strip()
        charset = value.rpartition("charset=")[2].lower() if name == "content-type" else ""
        if charset and charset.replace("-", "") != "utf8":
            words = f"The head says charset={charset}, and the file is UTF-8. Write charset=utf-8 there."
            yield Fault(f"{path}:{at}", words)
        if name == "language" and value and not _is_language(value, language):
            words = (
                f"The head says that this is a catalog of {value}, and it lies under {language}. Is it the right file?"
            )
            yield Fault(f"{path}:{at}", words)


def _is_language(value: str, language: str) -> bool:
    return _read_first_part(value) in {language, _read_first_part(LANGUAGES[language].locale)}


def _read_first_part(code: str) -> str:
    """The language of a locale: "es" of es_US."""
    return code.replace("-", "_").casefold().split("_")[0]


def _find_doubles(path: Path, lines: list[str]) -> Iterator[Fault]:
    """Of two entries with one id, or with none, a reader of PO files keeps one and nobody learns of the other."""
    seen: dict[tuple[bool, str | None], int] = {}
    for at, aside, name, source in _list_entries(_read_fields(lines)):
        if name is None and source:
            words = "This entry has no id (msgctxt), so it is of no prompt. Give it its id, or take it out."
            yield Fault(f"{path}:{at}", words)
        elif (aside, name) in seen:
            where = " among those set aside" if aside else ""
            what = "The head" if name is None else name
            words = f"{what} stands twice{where}: in line {seen[aside, name]} and here. Keep the right one."
            yield Fault(f"{path}:{at}", words)
        else:
            seen[aside, name] = at


def _list_entries(fields: Sequence[_Field]) -> Iterator[tuple[int, bool, str | None, str]]:
    """The line of each entry, whether it is set aside, its id (None where it has none), and its English."""
    context: _Field | None = None
    for field in fields:
        if field.name == "msgctxt":
            context = field
        elif field.name == "msgid":
            yield (context or field).line, field.aside, context.text if context else None, field.text
            context = None


def _read_fields(lines: list[str]) -> list[_Field]:
    fields: list[_Field] = []
    for at, line in enumerate(lines, 1):
        if not (found := FIELD.fullmatch(line.strip())):
            continue
        if found[2]:
            fields.append(_Field(at, bool(found[1]), found[2], str(unescape(found[3]))))
        elif fields:
            fields[-1].text += str(unescape(found[3]))
    return fields


def _find_hidden_signs(path: Path, lines: list[str]) -> Iterator[Fault]:
    """Line ends and controls that no editor shows, also in a note: in words they are told with the words."""
    for at, line in enumerate(lines, 1):
        for sign in dict.fromkeys(line.rstrip("\r")):
            if sign != "\t" and unicodedata.category(sign) in ("Cc", "Zl", "Zp"):
                yield Fault(f"{path}:{at}", f"holds {name_sign(sign)}, which nobody can see. Take it out.")


def name_sign(sign: str) -> str:
    """A sign by its code and its name: U+2028 (LINE SEPARATOR)."""
    return f"U+{ord(sign):04X} ({unicodedata.name(sign, 'a control sign')})"
