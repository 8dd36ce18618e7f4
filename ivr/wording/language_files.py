"""Everything that is written in one language, read together: the catalog, what stands, how it counts, who reviewed it.

A language whose files cannot be read does not stop the line: its faults are kept beside it, and it stays closed
(availability.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ivr.errors import CatalogError, Fault
from ivr.line.language import SOURCE_LANGUAGE
from ivr.line.prompts import Audience, Prompt
from ivr.wording.catalogs import Catalog, read_catalog, read_entries
from ivr.wording.review import ReviewRecord, read_reviews
from ivr.wording.spoken import SpokenForms, is_still_english, read_spoken
from ivr.wording.standing import Drafts, Standing, Wording, settle_wording

STANDING_FILE = "standing.po"


@dataclass(frozen=True)
class LanguageFiles:
    """One language. `faults` say why it cannot be read; then the rest is empty. `forms` is None too while they are
    still the English ones that a new language begins with."""

    language: str
    catalog: Catalog
    wording: Wording
    forms: SpokenForms | None
    reviews: ReviewRecord
    last: Mapping[str, Standing] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    def count_reviewed(self, prompts: Sequence[Prompt]) -> int:
        """How many of the prompts that callers hear are approved, word for word as they stand."""
        return sum(self._is_approved(prompt) for prompt in prompts if prompt.audience is Audience.CALLER)

    def is_wholly_reviewed(self, prompts: Sequence[Prompt]) -> bool:
        """True when a qualified person approved all that callers hear; English is the source and needs none."""
        heard = [prompt for prompt in prompts if prompt.audience is Audience.CALLER]
        return self.language == SOURCE_LANGUAGE or self.count_reviewed(heard) == len(heard)

    def _is_approved(self, prompt: Prompt) -> bool:
        stands = self.wording.texts.get(prompt.id)
        return stands is not None and self.reviews.is_approved(prompt.id, stands.source, stands.text)


def read_language_files(
    folder: Path, language: str, prompts: Sequence[Prompt], sections: Mapping[str, str], *, latest: bool = False
) -> LanguageFiles:
    """One language under `folder` (`locales/`). Never raises: what cannot be read is in `faults`."""
    try:
        catalog = read_catalog(folder, language)
        reviews = read_reviews(folder, language)
        entries = read_entries(folder / language / STANDING_FILE)
        last = {name: Standing(entry.source, entry.text) for name, entry in entries.items() if entry.is_speakable}
        forms = read_spoken(folder, language)
    except CatalogError as error:
        return _make_closed(language, prompts, error.faults)
    stands = settle_wording(Drafts(catalog, last, reviews), prompts, sections, latest=latest)
    if is_still_english(folder, language):
        unspoken = [name for name, standing in stands.texts.items() if "{" in standing.text]
        stands = replace(stands, missing=(*stands.missing, *unspoken))
    return LanguageFiles(
        language=language,
        catalog=catalog,
        wording=stands,
        forms=None if is_still_english(folder, language) else forms,
        reviews=reviews,
        last=last,
    )


def _make_closed(language: str, prompts: Sequence[Prompt], faults: tuple[Fault, ...]) -> LanguageFiles:
    return LanguageFiles(
        language=language,
        catalog=Catalog(language, "", {}),
        wording=Wording(language, {}, missing=tuple(prompt.id for prompt in prompts)),
        forms=None,
        reviews=ReviewRecord(language),
        faults=faults,
    )
