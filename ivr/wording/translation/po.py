"""PO files as this project writes them: in the order of a call, with notes, in one form: a diff shows only words.

Thin over Babel. Babel's own merge is made for catalogs whose key is the English; ours is the prompt's id, so the merge
by id is here (Babel's `update` loses a translation when the English of an id changes).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog as Messages
from babel.messages.catalog import Message
from babel.messages.extract import extract_python
from babel.messages.pofile import write_po

from ivr.files import write_atomically
from ivr.line.languages import LANGUAGES
from ivr.line.prompts import Audience, Prompt
from ivr.line.topics import read_entries
from ivr.wording.catalogs import ASIDE, CatalogEntry, read_set_aside
from ivr.wording.catalogs import read_entries as read_messages

LINE_FOLDER = Path(__file__).parent.parent.parent / "line"
PHRASES_FILES = (LINE_FOLDER / "phrases.py", LINE_FOLDER / "reminder_phrases.py")
NOTE = "NOTE:"
WHOLE = str.maketrans(" -", "\ue000\ue001")
"""Babel breaks a comment at 76 letters, and takes the English before (`#|`) for one: it would come back as other words.
Where there is neither a blank nor a hyphen it breaks nothing, so other signs stand for these while it writes."""
BROKEN = {new: old for old, new in WHOLE.items()}
NO_NOTES: Mapping[str, Sequence[str]] = {}


@dataclass(frozen=True)
class PromptSource:
    """A prompt as a translator gets it: the English, the note above it, and the file where it stands."""

    prompt: Prompt
    note: str
    place: str


def list_sources(prompts: Iterable[Prompt], topics_folder: Path) -> tuple[PromptSource, ...]:
    """Every prompt that is translated, with its note, in the order given."""
    notes = {**_read_phrase_notes(), **_read_topic_notes(topics_folder)}
    heard = [prompt for prompt in prompts if prompt.audience is Audience.CALLER]
    return tuple(PromptSource(prompt, *notes.get(prompt.id, ("", ""))) for prompt in heard)


def _read_phrase_notes() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for path in PHRASES_FILES:
        with path.open("rb") as file:
            for _, _, messages, comments in extract_python(file, {"Prompt": None}, [NOTE], {"encoding": "utf-8"}):
                note = " ".join(comment.removeprefix(NOTE).strip() for comment in comments or ())
                found[str((messages or [""])[0])] = (note, f"ivr/line/{path.name}")
    return found


def _read_topic_notes(folder: Path) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for path in sorted(folder.glob("*.toml")):
        if not path.name.endswith(".facts.toml"):
            for entry in read_entries(path.stem, str(path), path.read_text("utf-8")):
                found[entry.prompt.id] = (entry.note, f"topics/{path.name}")
    return found


def merge_entry(source: PromptSource, old: CatalogEntry | None) -> CatalogEntry:
    """The entry for a prompt's English of today: the old translation, marked fuzzy where the English has moved on."""
    text = source.prompt.text
    if old is None or not old.text:
        return CatalogEntry(source=text, text="", line=0, fuzzy=False, notes=old.notes if old else ())
    if old.source == text:
        return CatalogEntry(source=text, text=old.text, line=0, fuzzy=old.fuzzy, previous=old.previous, notes=old.notes)
    return CatalogEntry(
        source=text, text=old.text, line=0, fuzzy=True, previous=old.previous or old.source, notes=old.notes
    )


def write_catalog(path: Path, language: str, rows: Sequence[tuple[PromptSource, CatalogEntry]], header: str) -> None:
    """Writes a catalog in its one form, atomically. Translations that no row uses are set aside in it, not lost."""
    catalog = _start_catalog(language, header)
    catalog.obsolete = _find_set_aside(path, {source.prompt.id: entry.text for source, entry in rows})
    for source, entry in rows:
        flags = [*(["fuzzy"] if entry.fuzzy else []), *(["python-brace-format"] if "{" in entry.source else [])]
        catalog.add(
            entry.source,
            entry.text,
            locations=[(source.place, None)] if source.place else [],  # type: ignore[list-item]  # no line: less noise
            auto_comments=[source.note] if source.note else [],
            user_comments=[note.translate(WHOLE) for note in entry.notes],
            flags=flags,
            context=source.prompt.id,
            previous_id=[entry.previous.translate(WHOLE)] if entry.previous else [],
        )
    write_messages(path, catalog)


def _find_set_aside(path: Path, used: Mapping[str, str]) -> dict[str | tuple[str, str], Message]:
    """Every translation in the file that is not among the `used`, by prompt id: those set aside before, other words for
    a used prompt among them, and those left now."""
    before = {name: entry for name, entry in read_set_aside(path).items() if entry.text != used.get(name)}
    left = {**before, **{name: entry for name, entry in read_messages(path).items() if name not in used}}
    return {
        (entry.source, prompt): Message(
            entry.source, entry.text, context=prompt, user_comments=_list_notes_aside(entry)
        )
        for prompt, entry in left.items()
        if entry.text
    }


def _list_notes_aside(entry: CatalogEntry) -> list[str]:
    notes = [*entry.notes, *([f"{ASIDE} {entry.previous}".rstrip()] if entry.fuzzy else [])]
    return [note.translate(WHOLE) for note in notes]


def write_pairs(
    path: Path,
    language: str,
    pairs: Mapping[str, tuple[str, str]],
    header: str,
    notes: Mapping[str, Sequence[str]] = NO_NOTES,
) -> None:
    """Writes a plain PO file of (msgid, msgstr) by prompt id: what last stood, or a back-translation with notes."""
    catalog = _start_catalog(language, header)
    for prompt, (source, text) in pairs.items():
        catalog.add(
            source, text, context=prompt, user_comments=[note.translate(WHOLE) for note in notes.get(prompt, ())]
        )
    write_messages(path, catalog)


def _start_catalog(language: str, header: str) -> Messages:
    day = datetime(2026, 1, 1, tzinfo=UTC)  # a date that changes with every write would hide what really changed
    return Messages(
        locale=LANGUAGES[language].locale,
        project="Spineline",
        version="1",
        header_comment="\n".join(f"# {line}".rstrip() for line in [*header.splitlines(), ""]),
        last_translator="see the file's head",
        language_team="none",
        msgid_bugs_address="none",
        creation_date=day,
        revision_date=day,
        charset="utf-8",
        fuzzy=False,
    )


def write_messages(path: Path, catalog: Messages) -> None:
    """Writes a catalog of Babel's, unwrapped, atomically."""
    file = BytesIO()
    write_po(file, catalog, width=0, include_previous=True, include_lineno=False)
    text = file.getvalue().decode().translate(BROKEN).replace('#| msgid\n#| "', '#| msgid "')
    write_atomically(path, text.encode())
