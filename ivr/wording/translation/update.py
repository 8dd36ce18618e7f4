"""Brings a catalog up to date with the English of today, and keeps what callers hear meanwhile.

A translation whose English has moved on stays, marked fuzzy, with the English that it translates beside it. Before that
happens, the section that it belongs to is saved as it stands (`standing.po`), so callers go on hearing one version.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ivr.errors import CatalogError
from ivr.line.languages import LANGUAGES
from ivr.wording.catalogs import CatalogEntry, locate_catalog, read_entries, read_set_aside
from ivr.wording.language_files import STANDING_FILE, LanguageFiles
from ivr.wording.standing import Standing
from ivr.wording.translation.check import BACK_FILE, EAR_FILE
from ivr.wording.translation.files import find_file_faults
from ivr.wording.translation.po import PromptSource, merge_entry, write_catalog, write_pairs

STANDING_HEAD = """\
What callers hear in {name} where newer words wait for their translation or their approval.
Written by `flask languages`; not for editing. msgid is the English that was translated."""
NEW_HEAD = """\
{name} ({own_name}): what a caller hears.
Reviewed by no person. The ids (msgctxt) name the clips."""
EAR_HEAD = """\
What the {name} sounds like, turned back into English by a reader who had the sounds and not the writing.
Made by a machine, reviewed by no person. msgid is the {name} that was spoken: where the catalog has other words now,
this is out of date. In square brackets: what the same sounds could also be taken for.
To write: the msgstr of every message. `flask languages update {code}` puts each translated prompt here."""

BACK_HEAD = """\
What the {name} says, turned back into English by a reader who had not seen the source.
Reviewed by no person. msgid is the {name} that was read: where the catalog has other words now, this back-translation
is out of date.
To write: the msgstr of every message. `flask languages update {code}` puts each translated prompt here, with its
{name} as msgid."""


@dataclass(frozen=True)
class CatalogUpdate:
    """What an update did to one language: prompts that are new, whose English moved on, and that are gone. `unread` are
    those whose words were put into the back-translation, for a reader to turn back into English."""

    language: str
    new: tuple[str, ...]
    moved: tuple[str, ...]
    gone: tuple[str, ...]
    unread: tuple[str, ...] = ()

    @property
    def has_changed(self) -> bool:
        """True when anything had to be done to the catalog."""
        return bool(self.new or self.moved or self.gone)


def update_catalog(
    folder: Path, files: LanguageFiles, sources: Sequence[PromptSource], sections: Mapping[str, str]
) -> CatalogUpdate:
    """Merges today's English into one language's catalog. Nothing that a translator wrote is lost: what is no longer
    used is set aside in the file, and taken up again when its prompt comes back."""
    path = locate_catalog(folder, files.language)
    old = files.catalog.entries
    aside = read_set_aside(path)
    known = {**aside, **{name: entry for name, entry in old.items() if entry.text or name not in aside}}
    rows = [(source, merge_entry(source, known.get(source.prompt.id))) for source in sources]
    moved = tuple(source.prompt.id for source, entry in rows if entry.fuzzy and not _was_fuzzy(old, source.prompt.id))
    new = tuple(source.prompt.id for source, _ in rows if source.prompt.id not in old)
    gone = tuple(sorted(old.keys() - {source.prompt.id for source in sources}))
    keep_standing(folder, files, moved, sections)
    write_catalog(path, files.language, rows, read_head(path) or write_new_head(files.language))
    unread = _ask_to_read(folder / files.language / BACK_FILE, files.language, rows, write_back_head)
    _ask_to_read(folder / files.language / EAR_FILE, files.language, rows, write_ear_head)
    return CatalogUpdate(language=files.language, new=new, moved=moved, gone=gone, unread=unread)


def _ask_to_read(
    path: Path, language: str, rows: Sequence[tuple[PromptSource, CatalogEntry]], write_head: Callable[[str], str]
) -> tuple[str, ...]:
    """Puts every translated prompt that a file of readings does not have into it, without English. What is there stays
    as it is; a file that cannot be read, or holds a prompt twice, is left to `check`."""
    if find_file_faults(path, language):
        return ()
    try:
        back = read_entries(path)
    except CatalogError:
        return ()
    words = {source.prompt.id: (entry.text, "") for source, entry in rows if entry.text}
    unread = tuple(prompt for prompt in words if prompt not in back)
    if unread:
        there = {prompt: (entry.source, entry.text) for prompt, entry in back.items()}
        order = dict.fromkeys((*words, *there))
        pairs = {prompt: there.get(prompt) or words[prompt] for prompt in order}
        notes = {prompt: entry.notes for prompt, entry in back.items()}
        write_pairs(path, language, pairs, read_head(path) or write_head(language), notes)
    return unread


def keep_standing(folder: Path, files: LanguageFiles, moved: Iterable[str], sections: Mapping[str, str]) -> None:
    """Saves the sections of the given prompts as they stand now; sections saved before stay as they are."""
    path = folder / files.language / STANDING_FILE
    kept = list_standing(files, {sections[prompt] for prompt in moved}, sections)
    if kept:
        name = LANGUAGES[files.language].name
        pairs = {prompt: (stands.source, stands.text) for prompt, stands in kept.items()}
        write_pairs(path, files.language, pairs, STANDING_HEAD.format(name=name))


def list_standing(files: LanguageFiles, wanted: set[str], sections: Mapping[str, str]) -> dict[str, Standing]:
    """What stands in the wanted sections, and in all that were saved before, by prompt id."""
    before = {sections[prompt] for prompt in files.last if prompt in sections}
    texts = files.wording.texts
    return {
        prompt: texts[prompt] for prompt, section in sections.items() if section in wanted | before and prompt in texts
    }


def _was_fuzzy(old: Mapping[str, CatalogEntry], prompt: str) -> bool:
    return prompt in old and old[prompt].fuzzy


def read_head(path: Path) -> str:
    """The words at the head of a PO file that a person or a machine wrote there; "" where there is no file."""
    if not path.is_file():
        return ""
    lines = path.read_text("utf-8-sig").split("\n")
    head = lines[: next((at for at, line in enumerate(lines) if not line.startswith("#")), 0)]
    return "\n".join(line.lstrip("# ").rstrip() for line in head).strip()


def write_new_head(language: str) -> str:
    """The head of a new catalog."""
    row = LANGUAGES[language]
    return NEW_HEAD.format(name=row.name, own_name=row.own_name)


def write_back_head(language: str) -> str:
    """The head of a new back-translation."""
    return BACK_HEAD.format(name=LANGUAGES[language].name, code=language)


def write_ear_head(language: str) -> str:
    """The head of a new file of what is heard."""
    return EAR_HEAD.format(name=LANGUAGES[language].name, code=language)
