"""Brings a catalog up to date with the English of today, and keeps what callers hear meanwhile.

A translation whose English has moved on stays, marked fuzzy, with the English that it translates beside it. Before that
happens, the section that it belongs to is put down as it stands (`standing.po`), so callers go on hearing one version.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ivr.line.language import SOURCE_LANGUAGE
from ivr.line.languages import LANGUAGES
from ivr.wording.catalogs import DOMAIN, Entry, read_set_aside
from ivr.wording.language_files import STANDING_FILE, LanguageFiles
from ivr.wording.spoken import STILL_ENGLISH
from ivr.wording.standing import Standing
from ivr.wording.translation.po import Source, merged, write_catalog, write_pairs

STANDING_HEAD = """\
What callers hear in {name} where newer words wait for their translation or their approval.
LanguageFiles by `flask languages`; not for editing. msgid is the English that was translated."""
NEW_HEAD = """\
{name} ({own_name}): what a caller hears.
Reviewed by no person. The ids (msgctxt) name the clips."""


@dataclass(frozen=True)
class Update:
    """What an update did to one language: prompts that are new, whose English moved on, and that are no longer."""

    language: str
    new: tuple[str, ...]
    moved: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """True when anything had to be done."""
        return bool(self.new or self.moved or self.gone)


def catalog_path(folder: Path, language: str) -> Path:
    """Where a language's catalog stands under `locales/`."""
    return folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def update(folder: Path, written: LanguageFiles, sources: Sequence[Source], sections: Mapping[str, str]) -> Update:
    """Merges today's English into one language's catalog. Nothing that a translator wrote is lost: what is no longer
    used is set aside in the file, and taken up again when its prompt comes back."""
    path = catalog_path(folder, written.language)
    old = written.catalog.entries
    known = {**read_set_aside(path), **old}
    rows = [(source, merged(source, known.get(source.prompt.id))) for source in sources]
    moved = tuple(source.prompt.id for source, entry in rows if entry.fuzzy and not _was_fuzzy(old, source.prompt.id))
    new = tuple(source.prompt.id for source, _ in rows if source.prompt.id not in old)
    gone = tuple(sorted(old.keys() - {source.prompt.id for source in sources}))
    keep_standing(folder, written, moved, sections)
    write_catalog(path, written.language, rows, head_of(path) or new_head(written.language))
    return Update(written.language, new, moved, gone)


def keep_standing(folder: Path, written: LanguageFiles, moved: Iterable[str], sections: Mapping[str, str]) -> None:
    """Puts down the sections of the given prompts as they stand now; those put down already stay as they are."""
    path = folder / written.language / STANDING_FILE
    kept = standing_rows(written, {sections[prompt] for prompt in moved}, sections)
    if kept:
        name = LANGUAGES[written.language].name
        pairs = {prompt: (stands.source, stands.text) for prompt, stands in kept.items()}
        write_pairs(path, written.language, pairs, STANDING_HEAD.format(name=name))


def standing_rows(written: LanguageFiles, wanted: set[str], sections: Mapping[str, str]) -> dict[str, Standing]:
    """What stands in the wanted sections, and in all that were put down before."""
    before = {sections[prompt] for prompt in written.last if prompt in sections}
    texts = written.wording.texts
    return {
        prompt: texts[prompt] for prompt, section in sections.items() if section in wanted | before and prompt in texts
    }


def _was_fuzzy(old: Mapping[str, Entry], prompt: str) -> bool:
    return prompt in old and old[prompt].fuzzy


def head_of(path: Path) -> str:
    """The words at the head of a PO file that a person or a machine wrote there; "" where there is no file."""
    if not path.is_file():
        return ""
    lines = path.read_text("utf-8").splitlines()
    head = lines[: next((at for at, line in enumerate(lines) if not line.startswith("#")), 0)]
    return "\n".join(line.lstrip("# ").rstrip() for line in head).strip()


def new_head(language: str) -> str:
    """The head of a new catalog."""
    row = LANGUAGES[language]
    return NEW_HEAD.format(name=row.name, own_name=row.own_name)


def add(folder: Path, language: str, sources: Sequence[Source]) -> tuple[Path, Path]:
    """Starts a new language: an empty catalog with all notes, and a list of forms to fill. Returns both files.

    Raises FileExistsError where there is a catalog already.
    """
    path = catalog_path(folder, language)
    if path.exists():
        raise FileExistsError(str(path))
    rows = [(source, merged(source, None)) for source in sources]
    write_catalog(path, language, rows, new_head(language))
    forms = folder / language / "spoken.toml"
    if not forms.exists():
        english = (folder / SOURCE_LANGUAGE / "spoken.toml").read_text("utf-8")
        forms.write_text(english.replace(*_empty_forms()), "utf-8")
    return path, forms


def _empty_forms() -> tuple[str, str]:
    return "# How", f"{STILL_ENGLISH}: replace every form by the language's own, then remove this line.\n# How"
