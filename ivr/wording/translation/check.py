"""Every fault of one language, with its file and line: what must be mended before it may be heard.

Beside what keeps the line from speaking (missing, fuzzy, placeholders) it finds what a caller would notice: stray
letters, key words that cannot be told apart, clips that are too long; and what a clinician must know: a back-
translation that is out of date or differs from the English in a number, a "not", a "right away"; an approval that an
edit has voided. It also finds what a reminder call would tell whoever answers it (rule H1).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ivr.errors import CatalogError, Fault
from ivr.line.language import SOURCE_LANGUAGE
from ivr.line.neutral import NEUTRAL, forbidden_in
from ivr.line.prompts import Audience, Prompt
from ivr.line.word_rules import LONGEST_CLIP
from ivr.wording.catalogs import CatalogEntry, locate_catalog, read_entries
from ivr.wording.language_files import LanguageFiles
from ivr.wording.neutral_words import FILE as NEUTRAL_FILE
from ivr.wording.neutral_words import read_neutral_words
from ivr.wording.review import ReviewVerdict
from ivr.wording.spoken import FILE as SPOKEN_FILE
from ivr.wording.translation.files import find_file_faults
from ivr.wording.translation.meaning import COUNTING, find_differences
from ivr.wording.translation.scripts import find_stumbles
from ivr.wording.vowels import FILE as VOWELS_FILE
from ivr.wording.vowels import find_vowel_faults, needs_vowels, read_vowels

BACK_FILE = "back-translation.po"
EAR_FILE = "by-ear.po"
"""What was heard: each prompt written down from its sounds alone, and turned back into English from that. A word that
differs in writing only is lost on the telephone, and neither the back-translation nor the comparison shows it."""
ACCEPTED = "same meaning:"
"""How a comment in the back-translation begins that says why a difference is none: `# same meaning: two is "both"`."""
SPOKEN_NUMBERS = ("key", "digit")


@dataclass(frozen=True)
class CheckInput:
    """Input to the check of one language. `folder` is `locales/`; `seconds` gives the longest clip of a prompt, by its
    id, None while it has no voice."""

    folder: Path
    language_files: LanguageFiles
    prompts: Sequence[Prompt]
    seconds: Callable[[str], float | None]

    @property
    def language(self) -> str:
        """The language that is checked."""
        return self.language_files.language

    def list_translated(self) -> Iterator[tuple[Prompt, CatalogEntry]]:
        """The prompts that callers hear and that have words, each with its entry."""
        entries: Mapping[str, CatalogEntry] = self.language_files.catalog.entries
        for prompt in self.prompts:
            if prompt.audience is Audience.CALLER and prompt.id in entries and entries[prompt.id].text:
                yield prompt, entries[prompt.id]

    def make_fault(self, entry: CatalogEntry, prompt: str, words: str) -> Fault:
        """A fault of a prompt, at its place in the catalog."""
        return Fault(f"{self.language_files.catalog.place}:{entry.line}", f"{prompt}: {words}")

    def name_place(self, name: str, line: int = 1) -> str:
        """The place of a line in a file of the language."""
        return f"{self.folder / self.language / name}:{line}"


def check_language(given: CheckInput) -> list[Fault]:
    """Every fault of one language, in the order of its files."""
    if given.language_files.faults:
        return list(given.language_files.faults)
    if found := find_file_faults(locate_catalog(given.folder, given.language), given.language):
        return found  # what stands below such a fault may only look wrong
    if given.language == SOURCE_LANGUAGE:
        return list(given.language_files.catalog.find_faults(given.prompts))
    found = [fault for check in CHECKS for fault in check(given)]
    return list(dict.fromkeys(found))


def _check_catalog(given: CheckInput) -> Iterator[Fault]:
    yield from given.language_files.catalog.find_faults(given.prompts)
    known = {prompt.id for prompt in given.prompts}
    for name, entry in given.language_files.catalog.entries.items():
        if name not in known:
            yield given.make_fault(entry, name, "is not a prompt of this line. Run: flask languages update")


def _check_forms(given: CheckInput) -> Iterator[Fault]:
    """A new language begins with English forms, which nobody may hear in it."""
    if given.language_files.forms is None:
        words = "The forms are still English. Replace every one, then remove the line that says so."
        yield Fault(given.name_place(SPOKEN_FILE), words)


def _check_speech(given: CheckInput) -> Iterator[Fault]:
    for prompt, entry in given.list_translated():
        for words in find_stumbles(given.language, entry.text):
            yield given.make_fault(entry, prompt.id, words)
        if (seconds := given.seconds(prompt.id)) is not None and seconds > LONGEST_CLIP:
            yield given.make_fault(
                entry, prompt.id, f"lasts {seconds:.1f} s. Say it in fewer words: 25 s are the most."
            )


def _check_keys(given: CheckInput) -> Iterator[Fault]:
    """Two keys with one word could not be told apart."""
    for kind in SPOKEN_NUMBERS:
        seen: dict[str, str] = {}
        for prompt, entry in given.list_translated():
            if not prompt.id.startswith(f"{kind}."):
                continue
            if entry.text in seen:
                yield given.make_fault(entry, prompt.id, f"is the same word as {seen[entry.text]}: {entry.text}.")
            seen[entry.text] = prompt.id


def _check_meaning(given: CheckInput) -> Iterator[Fault]:
    try:
        back = _read_notes_beside(given, BACK_FILE)
    except CatalogError as error:
        yield from error.faults
        return
    for prompt, entry in given.list_translated():
        read = back.get(prompt.id)
        if read is None or not read.text:
            yield given.make_fault(entry, prompt.id, f"has no back-translation in {BACK_FILE}.")
        elif read.source != entry.text:
            yield given.make_fault(
                entry, prompt.id, f"has a back-translation of other words in {BACK_FILE}. Make it anew."
            )
        else:
            yield from _compare_meaning(given, prompt, read)


def _read_notes_beside(given: CheckInput, name: str) -> Mapping[str, CatalogEntry]:
    """What a file beside the catalog says of each prompt. Raises CatalogError."""
    path = given.folder / given.language / name
    if faults := find_file_faults(path, given.language):
        raise CatalogError(faults)
    return read_entries(path)


def _check_by_ear(given: CheckInput) -> Iterator[Fault]:
    try:
        heard = _read_notes_beside(given, EAR_FILE)
    except CatalogError as error:
        yield from error.faults
        return
    for prompt, entry in given.list_translated():
        note = heard.get(prompt.id)
        if note is None or not note.text:
            yield given.make_fault(entry, prompt.id, f"was not looked at by ear: {EAR_FILE} has nothing of it.")
        elif note.source != entry.text:
            yield given.make_fault(entry, prompt.id, f"was looked at by ear in other words, in {EAR_FILE}. Do it anew.")


def _compare_meaning(given: CheckInput, prompt: Prompt, read: CatalogEntry) -> Iterator[Fault]:
    accepted = " ".join(note for note in read.notes if note.startswith(ACCEPTED))
    lost = [difference.words for difference in find_differences(prompt.text, read.text)] if prompt.facts else []
    kind, _, number = prompt.id.partition(".")
    if (
        kind in SPOKEN_NUMBERS
        and number.isdigit()
        and COUNTING[int(number)] not in re.findall("[a-z]+", read.text.lower())
    ):
        lost.append(f"the number {COUNTING[int(number)]} is gone")
    for words in lost:
        if words not in accepted:
            yield Fault(
                given.name_place(BACK_FILE, read.line), f"{prompt.id}: turned back into English, {words}: {read.text}"
            )


def _check_vowels(given: CheckInput) -> Iterator[Fault]:
    """A voice that reads vowels has them for every phrase, in the catalog's own letters, and for no older words."""
    if not needs_vowels(given.language):
        return
    try:
        vowels = read_vowels(given.folder, given.language)
    except CatalogError as error:
        yield from error.faults
        return
    stands, forms = given.language_files.wording.texts, given.language_files.forms
    texts = [entry.text for _, entry in given.list_translated()]
    texts += [stands[prompt.id].text for prompt, _ in given.list_translated() if prompt.id in stands]
    texts += [form for written in (forms.lists if forms else {}).values() for form in written]
    yield from find_vowel_faults(vowels, texts, f"{given.folder / given.language / VOWELS_FILE}")


def _check_neutral(given: CheckInput) -> Iterator[Fault]:
    """Rule H1 (ivr/README.md): whoever answers a reminder call hears nothing of the patient's health."""
    try:
        forbidden = read_neutral_words(given.folder, given.language)
    except CatalogError as error:
        yield from error.faults
        return
    neutral = {prompt.id for prompt in NEUTRAL}
    for prompt, entry in given.list_translated():
        if prompt.id not in neutral:
            continue
        for stem in forbidden_in(entry.text, forbidden, given.language):
            words = f'tells what the call is about ("{stem}" is in {NEUTRAL_FILE}). Change its words.'
            yield given.make_fault(entry, prompt.id, words)


def _check_reviews(given: CheckInput) -> Iterator[Fault]:
    """An approval of other words than those in the catalog is void: the prompt waits for a new one. So does a prompt
    whose words a reviewer rejected."""
    record = given.language_files.reviews
    for prompt, entry in given.list_translated():
        if record.find_verdict(prompt.id, entry.source, entry.text) is ReviewVerdict.REJECTED:
            yield given.make_fault(entry, prompt.id, "was rejected by its reviewer. Write better words.")
        elif record.was_ever_approved(prompt.id) and not record.is_approved(prompt.id, entry.source, entry.text):
            yield given.make_fault(entry, prompt.id, "was approved in other words. Have it reviewed again.")


CHECKS: tuple[Callable[[CheckInput], Iterator[Fault]], ...] = (
    _check_catalog,
    _check_forms,
    _check_speech,
    _check_keys,
    _check_meaning,
    _check_by_ear,
    _check_vowels,
    _check_neutral,
    _check_reviews,
)
