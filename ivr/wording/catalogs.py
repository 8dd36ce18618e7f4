"""The catalogs: what each prompt says in a language, read from `locales/<language>/LC_MESSAGES/spineline.po`.

The PO file itself is read, not a compiled copy, so what a translator saved is what the line says and a forgotten
compile step cannot make it say older words. English is the source; its catalog only holds a clinic's own wording.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog as Messages
from babel.messages.pofile import PoFileError, read_po, unescape

from ivr.errors import CatalogError, Fault
from ivr.folding import fold_words
from ivr.line.language import SOURCE_LANGUAGE
from ivr.line.prompts import Audience, Prompt, placeholders
from ivr.line.renamed import adopt_earlier_ids

DOMAIN = "spineline"
PREVIOUS = "|"
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
ASIDE = "set aside while it waited for:"
"""How a comment begins that keeps the mark fuzzy, and the English before, of an entry that is set aside: PO files have
no place for either there."""


@dataclass(frozen=True)
class CatalogEntry:
    """One message of a catalog: its words, and the line of the file where it stands."""

    source: str
    text: str
    line: int
    fuzzy: bool
    previous: str = ""
    notes: tuple[str, ...] = ()

    @property
    def is_speakable(self) -> bool:
        """True when the words can be filled: their placeholders are those of the English that they translate."""
        return not list(find_brace_faults(self.previous or self.source, self.text))


@dataclass(frozen=True)
class Catalog:
    """The words of one language. `place` is its file."""

    language: str
    place: str
    entries: Mapping[str, CatalogEntry]

    def find_faults(self, prompts: Iterable[Prompt]) -> Iterator[Fault]:
        """All that keeps this catalog from being spoken whole, each at its file and line."""
        for prompt in prompts:
            entry = self.entries.get(prompt.id)
            place = f"{self.place}:{entry.line}" if entry else self.place
            yield from (Fault(place, f"{prompt.id}: {words}") for words in self._find_wrongs(prompt, entry))

    def _find_wrongs(self, prompt: Prompt, entry: CatalogEntry | None) -> Iterator[str]:
        needed = self.language != SOURCE_LANGUAGE and prompt.audience is Audience.CALLER
        if entry is None or not entry.text:
            if needed:
                yield "is not translated yet. Write its msgstr."
        elif entry.source != prompt.text:
            yield f"translates other English words. The English is now: {prompt.text}"
        elif entry.fuzzy:
            yield "is marked fuzzy. Read it against the English, then remove the mark."
        else:
            yield from find_brace_faults(prompt.text, entry.text)


def find_brace_faults(source: str, text: str) -> Iterator[str]:
    """What is wrong with the placeholders of a translation, in words."""
    needed = placeholders(source)
    try:
        found = placeholders(text)
    except ValueError:
        yield "has a brace that is not closed. Write placeholders as they stand in the English."
        return
    for name in sorted(needed - found):
        yield f"lacks {{{name}}}. Copy it from the English, braces and all."
    for name in sorted(found - needed):
        yield f"holds {{{name}}}, which the English does not. Remove it, or correct its spelling."
    if re.search(r"\{[^}]*[!:][^}]*\}", text):
        yield "has a sign inside a placeholder. Write it exactly as in the English."


def locate_catalog(folder: Path, language: str) -> Path:
    """Where a language's catalog stands under `folder` (`locales/`)."""
    return folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_catalog(folder: Path, language: str) -> Catalog:
    """The catalog of a language under `folder` (`locales/`). Raises CatalogError with file and line."""
    path = locate_catalog(folder, language)
    if not path.is_file():
        if language == SOURCE_LANGUAGE:
            return Catalog(language, str(path), {})
        raise CatalogError([Fault(str(path), f"There is no catalog for {language}. Make one, or close the language.")])
    return Catalog(language, str(path), read_entries(path))


def read_entries(path: Path) -> dict[str, CatalogEntry]:
    """The messages of any PO file of ours, by prompt id; none where there is no file. Raises CatalogError."""
    if not path.is_file():
        return {}
    return adopt_earlier_ids(
        {str(message.context): _read_entry(message) for message in _read_messages(path) if message.id}
    )


def read_set_aside(path: Path) -> dict[str, CatalogEntry]:
    """The messages of a PO file that are no longer used (#~), by prompt id. Raises CatalogError."""
    if not path.is_file():
        return {}
    return adopt_earlier_ids(
        {str(message.context): _read_entry(message) for message in _read_messages(path).obsolete.values()}
    )


def _read_entry(message: object) -> CatalogEntry:
    line = int(getattr(message, "lineno", 0) or 0)
    comments = [str(comment) for comment in getattr(message, "user_comments", ())]
    previous = _read_previous(comments)
    aside = [comment.removeprefix(ASIDE).strip() for comment in comments if comment.startswith(ASIDE)]
    notes = tuple(comment for comment in comments if not comment.startswith((PREVIOUS, ASIDE)))
    return CatalogEntry(
        source=fold_words(str(getattr(message, "id", ""))),
        text=fold_words(str(getattr(message, "string", "") or "")),
        line=line,
        fuzzy=bool(getattr(message, "fuzzy", False)) or bool(aside),
        previous=fold_words(previous or " ".join(aside)),
        notes=notes,
    )


def _read_previous(comments: Iterable[str]) -> str:
    """The English before (`#| msgid "..."`), which Babel writes, also in several lines, but reads as a comment of the
    translator's."""
    lines = (comment.removeprefix(PREVIOUS).strip() for comment in comments if comment.startswith(PREVIOUS))
    words = " ".join(line for line in lines if not line.startswith("msgctxt"))
    return "".join(unescape(part) for part in QUOTED.findall(words))


STRING_LINE = re.compile(r'\s*(?:"|msg(?:ctxt|id|str)\b)')
WHOLE_LINE = re.compile(r'\s*(?:msg\w+(?:\[[^\]]*\])?\s+)?"(?:[^"\\]|\\.)*"\s*')
"""What a line with words must be. Babel forgives a missing quote by leaving out a letter; a caller would hear that."""


def _find_unquoted(path: Path) -> list[Fault]:
    lines = enumerate(_read_text(path).split("\n"), 1)
    words = "This is not a valid PO file: a quotation mark is missing here, or needs a backslash before it."
    return [
        Fault(f"{path}:{at}", words) for at, line in lines if STRING_LINE.match(line) and not WHOLE_LINE.fullmatch(line)
    ]


def _read_text(path: Path) -> str:
    """The file as UTF-8, with or without a byte order mark, whatever its head says of itself. The English before of an
    entry that is set aside (`#~|`, as gettext writes it) is put as that of any other, which is all that Babel reads."""
    text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    return re.sub(r"^#~\|", "#|", text, flags=re.MULTILINE)


def _read_messages(path: Path) -> Messages:
    try:
        if faults := _find_unquoted(path):
            raise CatalogError(faults)
        return read_po(io.StringIO(_read_text(path)), abort_invalid=True)
    except PoFileError as error:
        words = str(error).removesuffix(f" on {error.lineno}")
        raise CatalogError([Fault(f"{path}:{error.lineno + 1}", f"This is not a valid PO file: {words}.")]) from error
    except UnicodeDecodeError as error:
        raise CatalogError([Fault(str(path), "This file is not UTF-8. Save it as UTF-8.")]) from error
    except (ValueError, LookupError) as error:
        raise CatalogError([Fault(str(path), f"This PO file cannot be read: {error}.")]) from error
