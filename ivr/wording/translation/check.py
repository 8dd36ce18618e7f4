"""Every fault of one language, with its file and line: what must be mended before it is whole, and before it is true.

Beside what keeps the line from speaking (missing, fuzzy, placeholders) it finds what a caller would notice: stray
letters, key words that cannot be told apart, clips that are too long; and what a clinician must know: a back-
translation that is out of date or differs from the English in a number, a "not", a "right away"; an approval that an
edit has voided.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ivr.errors import CatalogError, Fault
from ivr.line.language import SOURCE_LANGUAGE
from ivr.line.prompts import Audience, Prompt
from ivr.line.word_rules import LONGEST_CLIP
from ivr.wording.catalogs import Entry, read_entries
from ivr.wording.language_files import LanguageFiles
from ivr.wording.review import Verdict
from ivr.wording.spoken import FILE as SPOKEN_FILE
from ivr.wording.translation.meaning import COUNTING, differences
from ivr.wording.translation.scripts import stumbles

BACK_FILE = "back-translation.po"
ACCEPTED = "same meaning:"
"""How a comment in the back-translation begins that says why a difference is none: `# same meaning: two is "both"`."""
SPOKEN_NUMBERS = ("key", "digit")


@dataclass(frozen=True)
class Workshop:
    """One language on the bench. `seconds` gives the longest clip of a prompt, None while it has no voice."""

    folder: Path
    written: LanguageFiles
    prompts: Sequence[Prompt]
    seconds: Callable[[str], float | None]

    @property
    def heard(self) -> list[Prompt]:
        """The prompts that callers hear."""
        return [prompt for prompt in self.prompts if prompt.audience is Audience.CALLER]


def check(shop: Workshop) -> list[Fault]:
    """Every fault of one language, in the order of its files."""
    if shop.written.faults:
        return list(shop.written.faults)
    if shop.written.language == SOURCE_LANGUAGE:
        return list(shop.written.catalog.faults(shop.prompts))
    found = [fault for part in PARTS for fault in part(shop)]
    return list(dict.fromkeys(found))


def _catalog(shop: Workshop) -> Iterator[Fault]:
    yield from shop.written.catalog.faults(shop.prompts)
    known = {prompt.id for prompt in shop.prompts}
    for name, entry in shop.written.catalog.entries.items():
        if name not in known:
            yield _fault(shop, entry, name, "is not a prompt of this line. Run: flask languages update")


def _speech(shop: Workshop) -> Iterator[Fault]:
    for prompt, entry in _translated(shop):
        for words in stumbles(shop.written.language, entry.text):
            yield _fault(shop, entry, prompt.id, words)
        if (seconds := shop.seconds(prompt.id)) is not None and seconds > LONGEST_CLIP:
            yield _fault(shop, entry, prompt.id, f"lasts {seconds:.1f} s. Say it in fewer words: 25 s are the most.")


def _forms(shop: Workshop) -> Iterator[Fault]:
    """A new language begins with English forms, which nobody may hear in it."""
    if shop.written.forms is None:
        place = f"{shop.folder / shop.written.language / SPOKEN_FILE}:1"
        yield Fault(place, "The forms are still English. Replace every one, then remove the line that says so.")


def _keys(shop: Workshop) -> Iterator[Fault]:
    """Two keys with one word could not be told apart."""
    for kind in SPOKEN_NUMBERS:
        seen: dict[str, str] = {}
        for prompt, entry in _translated(shop):
            if not prompt.id.startswith(f"{kind}."):
                continue
            if entry.text in seen:
                yield _fault(shop, entry, prompt.id, f"is the same word as {seen[entry.text]}: {entry.text}.")
            seen[entry.text] = prompt.id


def _meaning(shop: Workshop) -> Iterator[Fault]:
    try:
        back = read_entries(shop.folder / shop.written.language / BACK_FILE)
    except CatalogError as error:
        yield from error.faults
        return
    for prompt, entry in _translated(shop):
        read = back.get(prompt.id)
        if read is None or not read.text:
            yield _fault(shop, entry, prompt.id, f"has no back-translation in {BACK_FILE}.")
        elif read.source != entry.text:
            yield _fault(shop, entry, prompt.id, f"has a back-translation of other words in {BACK_FILE}. Make it anew.")
        else:
            yield from _differences(shop, prompt, read)


def _differences(shop: Workshop, prompt: Prompt, read: Entry) -> Iterator[Fault]:
    place = f"{shop.folder / shop.written.language / BACK_FILE}:{read.line}"
    accepted = " ".join(note for note in read.notes if note.startswith(ACCEPTED))
    lost = [difference.words for difference in differences(prompt.text, read.text)] if prompt.facts else []
    kind, _, number = prompt.id.partition(".")
    if kind in SPOKEN_NUMBERS and number.isdigit() and COUNTING[int(number)] not in read.text.lower().split():
        lost.append(f"the number {COUNTING[int(number)]} is gone")
    for words in lost:
        if words not in accepted:
            yield Fault(place, f"{prompt.id}: turned back into English, {words}: {read.text}")


def _reviews(shop: Workshop) -> Iterator[Fault]:
    """An approval of other words than those in the catalog is void: the prompt waits for a new one. So does one whose
    words a reviewer rejected."""
    record = shop.written.reviews
    for prompt, entry in _translated(shop):
        if record.verdict(prompt.id, entry.source, entry.text) is Verdict.REJECTED:
            yield _fault(shop, entry, prompt.id, "was rejected by its reviewer. Write better words.")
        elif record.ever_approved(prompt.id) and not record.approved(prompt.id, entry.source, entry.text):
            yield _fault(shop, entry, prompt.id, "was approved in other words. Have it reviewed again.")


PARTS: tuple[Callable[[Workshop], Iterator[Fault]], ...] = (_catalog, _forms, _speech, _keys, _meaning, _reviews)


def _translated(shop: Workshop) -> Iterator[tuple[Prompt, Entry]]:
    entries: Mapping[str, Entry] = shop.written.catalog.entries
    yield from (
        (prompt, entries[prompt.id]) for prompt in shop.heard if prompt.id in entries and entries[prompt.id].text
    )


def _fault(shop: Workshop, entry: Entry, prompt: str, words: str) -> Fault:
    return Fault(f"{shop.written.catalog.place}:{entry.line}", f"{prompt}: {words}")
