"""The desk of translators and reviewers: every act on translations, with its rules, whoever asks.

Commands and pages ask here and print what comes back; they hold no rule of their own. Rules kept here: nothing newer is
ever overwritten (a pack's row and an edit carry the words that they were made from); words that come in pass the checks
that the catalog must pass; a review is of words that stand in the catalog, by somebody with a name and a qualification;
and while one act writes a language's files, no other does.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from ivr.errors import CatalogError, Fault, TranslationError
from ivr.folding import fold_words
from ivr.line.language import SOURCE_LANGUAGE
from ivr.line.languages import LANGUAGES
from ivr.line.prompts import Audience, Prompt
from ivr.line.topics import Topic
from ivr.wording.catalogs import locate_catalog, read_entries
from ivr.wording.language_files import LanguageFiles, read_language_files
from ivr.wording.lineup import ClipSeconds, list_prompts
from ivr.wording.review import Review, ReviewVerdict, add_reviews, hash_words
from ivr.wording.script import ScriptLine
from ivr.wording.standing import map_sections
from ivr.wording.translation.check import BACK_FILE, CheckInput, check_language
from ivr.wording.translation.files import find_file_faults
from ivr.wording.translation.pack import (
    PackChange,
    PackOutcome,
    PackRow,
    ReturnedRow,
    compare_pack,
    find_keys,
    find_refusal,
    list_pack_rows,
    take_changes,
    write_stamp,
)
from ivr.wording.translation.po import PromptSource, list_sources, write_catalog
from ivr.wording.translation.scaffold import Scaffold, scaffold_language
from ivr.wording.translation.spreadsheets import read_pack, write_pack
from ivr.wording.translation.update import (
    CatalogUpdate,
    keep_standing,
    read_head,
    update_catalog,
)

NEWER_THAN_EDIT = "was changed in the catalog since it was opened here. Read the new words, then enter yours again."


@dataclass(frozen=True)
class Reviewer:
    """Who read the words, what qualifies them (45 CFR 92.201), and on which day."""

    name: str
    qualification: str
    day: date


@dataclass(frozen=True)
class ReviewOutcome:
    """What a review entered: how many `prompts` it is of, and how many of the language are approved `in_all` now."""

    prompts: int
    in_all: int


@dataclass(frozen=True)
class EditOutcome:
    """What became of an edit: the `change` that was written, or the `fault` for which it was refused; neither where the
    words are those that stood."""

    change: PackChange | None = None
    fault: Fault | None = None


@dataclass(frozen=True)
class TranslationDesk:
    """The acts on the translations of one line. `locales` and `topics_folder` are folders; `scripts` is what has to be
    spoken, by language; `seconds` gives a clip's length, None where there is none."""

    locales: Path
    topics_folder: Path
    topics: Sequence[Topic]
    scripts: Mapping[str, Sequence[ScriptLine]]
    seconds: ClipSeconds

    @cached_property
    def prompts(self) -> list[Prompt]:
        """Every prompt of the line."""
        return list_prompts(self.topics)

    @cached_property
    def sections(self) -> dict[str, str]:
        """The section of each prompt, by its id."""
        return map_sections(self.topics, self.prompts)

    def list_sources(self) -> tuple[PromptSource, ...]:
        """Every prompt that is translated, with the note for its translator."""
        return list_sources(self.prompts, self.topics_folder)

    def list_languages(self, named: Sequence[str] = ()) -> list[str]:
        """The languages that an act is about: those named, else all that have a catalog.

        Raises TranslationError for a code that is no language of ours.
        """
        everything = [
            code for code in LANGUAGES if code == SOURCE_LANGUAGE or locate_catalog(self.locales, code).is_file()
        ]
        return [know_language(code) for code in named] or everything

    def read_language(self, language: str) -> LanguageFiles:
        """One language as it stands in its files now; what cannot be read is in its `faults`."""
        return read_language_files(self.locales, know_language(language), self.prompts, self.sections)

    def read_sound_language(self, language: str) -> LanguageFiles:
        """The same, for acts that need all of it. Raises CatalogError with every fault, TranslationError."""
        files = self.read_language(language)
        path = locate_catalog(self.locales, files.language)
        if faults := files.faults or find_file_faults(path, files.language):
            raise CatalogError(faults)
        return files

    # --- What a translator does ---------------------------------------------------------------------------------------

    def add(self, language: str) -> Scaffold:
        """Starts a new language: every file that it needs and that is not there yet.

        Raises TranslationError where its row is missing, and where all of its files are there already.
        """
        outcome = scaffold_language(self.locales, language, self.list_sources())
        if not outcome.made:
            raise TranslationError(f"{language} has a catalog already: {locate_catalog(self.locales, language)}")
        return outcome

    def update(self, language: str) -> CatalogUpdate:
        """Brings a language's files up to date with the English of today. No translation is lost.

        Raises CatalogError, TranslationError.
        """
        with self._hold(language):
            files = self.read_sound_language(language)
            return update_catalog(self.locales, files, self.list_sources(), self.sections)

    def check(self, language: str) -> list[Fault]:
        """Every fault of a language, in the order of its files. Raises TranslationError for an unknown code."""
        files = self.read_language(language)
        return check_language(CheckInput(self.locales, files, self.prompts, self._measure_prompts(language)))

    def pack(self, language: str) -> list[PackRow]:
        """The rows of a translator's pack: every prompt in the order of a call. Raises as `read_sound_language`."""
        files = self.read_sound_language(language)
        script = self.scripts.get(language) or self.scripts.get(SOURCE_LANGUAGE, ())
        return list_pack_rows(
            language=language,
            sources=self.list_sources(),
            entries=files.catalog.entries,
            back=read_entries(self.locales / language / BACK_FILE),
            keys=find_keys(script, {prompt.id: prompt for prompt in self.prompts}),
        )

    def export_pack(self, language: str, path: Path) -> None:
        """Writes a translator's pack as .xlsx or .csv, by the path's suffix. Raises as `pack` does."""
        write_pack(path, self.pack(language))

    def import_pack(self, language: str, path: Path, *, write: bool) -> PackOutcome:
        """What a pack that came back changes, and which of its rows are refused, each with words. With `write` the good
        rows are taken; without, nothing is written. Raises CatalogError, TranslationError."""
        with self._hold(language):
            files = self.read_sound_language(language)
            outcome = compare_pack(path, read_pack(path), language, files.catalog.entries)
            if write and outcome.changes:
                self._write_changes(files, outcome.changes)
            return outcome

    def stamp_prompt(self, language: str, prompt: str) -> str:
        """What an edit of a prompt has to bring back: it names the words that stand now. Raises CatalogError,
        TranslationError for a prompt that the catalog does not have."""
        entry = self.read_sound_language(language).catalog.entries.get(prompt)
        if entry is None:
            raise TranslationError(f"{language} has no prompt {prompt}.", field="prompt")
        return write_stamp(language, entry.source, entry.text)

    def edit(self, language: str, prompt: str, text: str, stamp: str) -> EditOutcome:
        """Puts other words in one prompt of a language. `stamp` is that of the words which the editor saw
        (`stamp_prompt`, or a pack's row). The words pass the checks of a pack's row or are refused; they wait for a new
        back-translation, and for a new review where the old words were approved. Raises CatalogError, TranslationError.
        """
        row = ReturnedRow(0, prompt, fold_words(text), stamp, confirms=True)
        with self._hold(language):
            files = self.read_sound_language(language)
            if words := find_refusal(row, language, files.catalog.entries, NEWER_THAN_EDIT):
                return EditOutcome(fault=Fault(f"{language} {prompt}", words))
            old = files.catalog.entries[prompt]
            if old.text == row.translation and not old.fuzzy:
                return EditOutcome()
            change = PackChange(prompt, old.text, row.translation)
            self._write_changes(files, [change])
            return EditOutcome(change=change)

    # --- What a reviewer does -----------------------------------------------------------------------------------------

    def review(
        self, language: str, reviewer: Reviewer, verdict: ReviewVerdict, named: Sequence[str] = ()
    ) -> ReviewOutcome:
        """Enters what a reviewer says of the words as they stand in the catalog now: of the `named` prompts, else of
        all that callers hear. Raises CatalogError, and TranslationError for a reviewer without a name or qualification
        or a prompt without words."""
        if not reviewer.name.strip() or not reviewer.qualification.strip():
            raise TranslationError("a review needs a name and a qualification.", field="reviewer")
        with self._hold(language):
            entries = self.read_sound_language(language).catalog.entries
            wanted = named or tuple(prompt.id for prompt in self.prompts if prompt.audience is Audience.CALLER)
            if unread := [name for name in wanted if name not in entries or not entries[name].text]:
                raise TranslationError(f"{unread[0]} has no words in {language}, so nobody can have read them.")
            reviews = [
                Review(
                    prompt=name,
                    source_hash=hash_words(entries[name].source),
                    translation_hash=hash_words(entries[name].text),
                    reviewer=reviewer.name,
                    qualification=reviewer.qualification,
                    date=reviewer.day,
                    verdict=verdict,
                )
                for name in wanted
            ]
            add_reviews(self.locales, language, reviews)
            after = self.read_language(language)
            keep_standing(self.locales, after, wanted, self.sections)
            return ReviewOutcome(len(reviews), after.count_reviewed(self.prompts))

    # --- How it is done -----------------------------------------------------------------------------------------------

    def _write_changes(self, files: LanguageFiles, changes: Sequence[PackChange]) -> None:
        entries = take_changes(files.catalog.entries, changes)
        rows = [(source, entries[source.prompt.id]) for source in self.list_sources() if source.prompt.id in entries]
        path = locate_catalog(self.locales, files.language)
        write_catalog(path, files.language, rows, read_head(path))

    def _measure_prompts(self, language: str) -> Callable[[str], float | None]:
        """Gives the longest clip of a prompt, in seconds; None while it has no voice."""
        longest: dict[str, float] = {}
        for line in self.scripts.get(language, ()):
            seconds = self.seconds(line) or 0.0
            for name in (line.id, line.id.rpartition(".")[0]):
                longest[name] = max(seconds, longest.get(name, 0.0))
        return lambda prompt: longest.get(prompt) or None

    @contextmanager
    def _hold(self, language: str) -> Iterator[None]:
        """Waits until nobody else writes the files of a language, in this process or another, and keeps them so."""
        folder = self.locales / know_language(language)
        if sys.platform == "win32" or not folder.is_dir():
            yield
            return
        import fcntl

        descriptor = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)  # this lets the lock go


def know_language(language: str) -> str:
    """The same code, if it is a language of ours. Raises TranslationError."""
    if language not in LANGUAGES:
        words = f"{language} is no language of ours. There are: {', '.join(LANGUAGES)}."
        raise TranslationError(words, field="language")
    return language
