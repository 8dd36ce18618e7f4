"""What is wrong with a catalog as a file, before its words are looked at: an entry twice, a head that says something
else than the file is, a sign that no editor shows.

Reading is kinder than checking: a file with such a fault is read as far as it can be, so that callers hear what they
heard, and `flask languages check` and every command that would write it name the fault.
"""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import unescape

from ivr.errors import Fault
from ivr.line.languages import LANGUAGES

CONTEXT = re.compile(r'(#~ )?msgctxt ("(?:[^"\\]|\\.)*")\s*')
HEAD = re.compile(r'"(Language|Content-Type): ([^"\\]*)')
JOINERS = "\u200c\u200d"
"""Signs without a width that some scripts are written with."""


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
        name, value = found[1], found[2].strip()
        charset = value.rpartition("charset=")[2].lower() if name == "Content-Type" else ""
        if charset and charset.replace("-", "") != "utf8":
            words = f"The head says charset={charset}, and the file is UTF-8. Write charset=utf-8 there."
            yield Fault(f"{path}:{at}", words)
        if name == "Language" and value and not _is_language(value, language):
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
    """Of two entries with one id, a reader of PO files keeps one and nobody learns of the other."""
    seen: dict[tuple[str, str], int] = {}
    for at, line in enumerate(lines, 1):
        if not (found := CONTEXT.fullmatch(line)):
            continue
        kind, name = found[1] or "", str(unescape(found[2]))
        if (kind, name) in seen:
            where = " among those set aside" if kind else ""
            words = f"{name} stands twice{where}: in line {seen[kind, name]} and here. Keep the right one."
            yield Fault(f"{path}:{at}", words)
        seen.setdefault((kind, name), at)


def _find_hidden_signs(path: Path, lines: list[str]) -> Iterator[Fault]:
    """Line ends and controls that no editor shows, also in a note: in words they are told with the words."""
    for at, line in enumerate(lines, 1):
        for sign in dict.fromkeys(line.rstrip("\r")):
            if sign != "\t" and sign not in JOINERS and unicodedata.category(sign) in ("Cc", "Zl", "Zp"):
                yield Fault(f"{path}:{at}", f"holds {name_sign(sign)}, which nobody can see. Take it out.")


def name_sign(sign: str) -> str:
    """A sign by its code and its name: U+2028 (LINE SEPARATOR)."""
    return f"U+{ord(sign):04X} ({unicodedata.name(sign, 'a control sign')})"
