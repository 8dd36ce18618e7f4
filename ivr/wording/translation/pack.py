"""The translator's pack: one language as a table, in the order in which a caller hears it, out and back in.

Each row carries the words that stood when it was exported, so a pack never overwrites newer work: a row whose catalog
has changed since is refused and shown. Every row that comes back passes the same checks as the catalog, or is refused
with words; the good rows of a pack with bad ones are kept apart until a person takes them. `spreadsheets.py` writes and
reads the files.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ivr.errors import Fault
from ivr.line.prompts import KEY_NAMES, Prompt
from ivr.wording.catalogs import CatalogEntry, find_brace_faults
from ivr.wording.review import hash_words
from ivr.wording.script import ScriptLine
from ivr.wording.translation.po import PromptSource
from ivr.wording.translation.scripts import find_stumbles

KEY_SIGNS = {name: sign for sign, name in KEY_NAMES.items()}
WORDS_A_MINUTE = 120
SHORTEST = 4
"""Seconds that even the shortest prompt is given."""
OTHERS_WORDS = "has the translation of"
SORTED = "stands in a pack whose translations stand at other prompts. Undo the sorting of that column."
NEWER_THAN_PACK = "was changed in the catalog since the pack was made. Make a new pack, and enter it there."


@dataclass(frozen=True)
class PackRow:
    """One prompt in a pack, as a translator sees it. `stamp` names the language and the words at export."""

    id: str
    before: str
    keys: str
    english: str
    translation: str
    back: str
    longest: str
    note: str
    waits: str
    stamp: str


WAITS = "The English changed. Mend the translation, or write yes."
"""What the pack says of a row whose English moved on; "yes" in its place confirms the words as they are."""
YES = ("yes", "y", "ok", "right as it is", "yes right as it is")


def write_stamp(language: str, english: str, translation: str) -> str:
    """What a row is known by when it comes back: "es 0123... 4567..."."""
    return f"{language} {hash_words(english)[:8]} {hash_words(translation)[:8]}"


def list_pack_rows(
    language: str,
    sources: Iterable[PromptSource],
    entries: Mapping[str, CatalogEntry],
    back: Mapping[str, CatalogEntry],
    keys: Mapping[str, Iterable[str]],
) -> list[PackRow]:
    """The rows of a pack. `entries` is the catalog, `back` its back-translation, `keys` the signs of the keys that each
    prompt offers; all by prompt id."""
    rows: list[PackRow] = []
    for source in sources:
        prompt, entry, read = source.prompt, entries.get(source.prompt.id), back.get(source.prompt.id)
        text = entry.text if entry else ""
        row = PackRow(
            id=prompt.id,
            before=rows[-1].english if rows else "",
            keys=", ".join(sorted(keys.get(prompt.id, ()))),
            english=prompt.text,
            translation=text,
            back=read.text if read and read.source == text else "",
            longest=f"{max(SHORTEST, len(prompt.text.split()) * 60 // WORDS_A_MINUTE)} s",
            note=source.note,
            waits=WAITS if entry and text and (entry.fuzzy or entry.source != prompt.text) else "",
            stamp=write_stamp(language, prompt.text, text),
        )
        rows.append(row)
    return [replace(row, stamp=f"{row.stamp} {len(rows)}") for row in rows]


def find_keys(script: Iterable[ScriptLine], prompts: Mapping[str, Prompt]) -> dict[str, set[str]]:
    """The signs of the keys that each prompt of a script offers: a clip's name ends in its key ("menu.all.1")."""
    keys: dict[str, set[str]] = {}
    for line in script:
        name, _, key = line.id.rpartition(".")
        if name in prompts and "key" in prompts[name].placeholders:
            keys.setdefault(name, set()).add(KEY_SIGNS.get(key, key))
    return keys


@dataclass(frozen=True)
class ReturnedRow:
    """One row that came back. `line` is its line in the pack."""

    line: int
    id: str
    translation: str
    stamp: str
    english: str = ""
    confirms: bool = False

    @property
    def mark(self) -> str:
        """What the row was known by when it left, without how many rows left with it."""
        return " ".join(self.stamp.split()[:3])

    @property
    def sent(self) -> int:
        """How many rows the pack had when it left; 0 in a pack of an earlier release."""
        counted = self.stamp.split()[3:4]
        return int(counted[0]) if counted and counted[0].isdecimal() else 0


@dataclass(frozen=True)
class PackChange:
    """A row that may be taken: what stood, and what comes in its place."""

    id: str
    old: str
    new: str


@dataclass(frozen=True)
class PackOutcome:
    """What a pack would do: `changes` that may be taken, `faults` that are refused, how many rows say the same, and how
    many did not come back. A change whose old and new words are the same confirms them."""

    changes: tuple[PackChange, ...]
    faults: tuple[Fault, ...]
    same: int
    lost: int = 0


def compare_pack(
    path: Path, rows: Sequence[ReturnedRow], language: str, entries: Mapping[str, CatalogEntry]
) -> PackOutcome:
    """What a pack that came back would change in a catalog. Nothing is written."""
    changes: dict[str, PackChange] = {}
    faults: list[Fault] = []
    seen: set[str] = set()
    same = 0
    for row in rows:
        words = (
            "stands twice in the pack. Keep one." if row.id and row.id in seen else find_refusal(row, language, entries)
        )
        seen.add(row.id)
        if words:
            faults.append(Fault(f"{path}:{row.line}", f"{row.id or 'a row without an id'}: {words}"))
        elif row.translation == entries[row.id].text and not (row.confirms and entries[row.id].fuzzy):
            same += 1
        else:
            changes[row.id] = PackChange(row.id, entries[row.id].text, row.translation)
    if sum(f": {OTHERS_WORDS} " in fault.words for fault in faults) > 1:  # then new words are at other prompts too
        lines = {row.id: row.line for row in reversed(rows)}
        faults += [Fault(f"{path}:{lines[name]}", f"{name}: {SORTED}") for name in changes]
        changes = {}
    lost = max((row.sent for row in rows), default=0) - len(seen - {""})
    return PackOutcome(tuple(changes.values()), tuple(faults), same, max(0, lost))


def find_refusal(
    row: ReturnedRow, language: str, entries: Mapping[str, CatalogEntry], newer: str = NEWER_THAN_PACK
) -> str:
    """Why a row is not taken; "" for one that may be. `newer` is said of words that are newer than the row."""
    entry = entries.get(row.id)
    if entry is None:
        return "this line has no such prompt. The id must stay as it was."
    if row.stamp.split()[:1] != [language]:
        return f"is from a pack for another language ({row.stamp.split()[0] if row.stamp else 'no mark'})."
    if not row.translation:
        return "has no translation. What stood stays."
    if mixed := _find_mixed_up(row, entries):
        return mixed
    changes = row.translation != entry.text or (row.confirms and entry.fuzzy)
    if changes and row.mark != write_stamp(language, entry.source, entry.text):
        return newer
    wrong = [*find_brace_faults(entry.source, row.translation), *find_stumbles(language, row.translation)]
    return wrong[0] if wrong else ""


def _find_mixed_up(row: ReturnedRow, entries: Mapping[str, CatalogEntry]) -> str:
    """What a spreadsheet does that sorts one column by itself: words, English and id that do not belong together."""
    if row.english and row.mark and [hash_words(row.english)[:8]] != row.mark.split()[1:2]:
        return "its English is not that of its id and mark. Was one column sorted by itself?"
    own, number = entries[row.id].text, row.id.partition(".")[2]
    same = [name for name, entry in entries.items() if name != row.id and entry.text == row.translation != own]
    others = [name for name in same if not number.isdigit() or name.partition(".")[2] != number]  # key.4 and digit.4
    if others:
        return f"{OTHERS_WORDS} {others[0]}. Was one column sorted by itself?"
    return ""


def take_changes(entries: Mapping[str, CatalogEntry], changes: Sequence[PackChange]) -> dict[str, CatalogEntry]:
    """A catalog's entries with the changes in them; a new translation is no longer fuzzy."""
    new = {change.id: change.new for change in changes}
    return {
        name: replace(entry, text=new[name], fuzzy=False, previous="") if name in new else entry
        for name, entry in entries.items()
    }
