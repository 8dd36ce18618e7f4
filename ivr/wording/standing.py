"""What callers hear now, in one language: which wording of each prompt stands while newer words wait.

Keeps the rule that a change of wording never closes a language and never mixes versions within a section: as long as
one prompt of a section has new English without its translation, or a new translation without its approval, the whole
section is heard as it last stood. What last stood is in `locales/<language>/standing.po`, written when English moves
on or a reviewer approves; the setting WORDING=latest lets the newest words be heard at once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from ivr.line.language import SOURCE_LANGUAGE
from ivr.line.prompts import Audience, Prompt
from ivr.line.topics import Topic
from ivr.wording.catalogs import Catalog, CatalogEntry
from ivr.wording.review import ReviewRecord, ReviewVerdict


@dataclass(frozen=True)
class Standing:
    """The words of a prompt that are heard, with the English that they translate."""

    source: str
    text: str


@dataclass(frozen=True)
class Wording:
    """What stands in one language. `waiting` are prompts with newer words that are not heard yet; `missing` have no
    words at all, or none for what fills their placeholders, so the language cannot be open."""

    language: str
    texts: Mapping[str, Standing]
    waiting: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def text(self, prompt: Prompt) -> str:
        """The prompt's words. Raises KeyError where there are none."""
        standing = self.texts.get(prompt.id)
        if standing is None:
            raise KeyError(f"{prompt.id} is not translated into {self.language}")
        return standing.text


@dataclass(frozen=True)
class Drafts:
    """All that is written in one language: the catalog, what last stood, and what reviewers said."""

    catalog: Catalog
    last: Mapping[str, Standing]
    reviews: ReviewRecord


def map_sections(topics: Sequence[Topic], prompts: Iterable[Prompt]) -> dict[str, str]:
    """The section of each prompt: its parts are heard in one version. Every other prompt stands for itself."""
    own = {prompt.id: prompt.id for prompt in prompts}
    for topic in topics:
        for section in topic.sections:
            for prompt in (section.title, *section.clips):
                own[prompt.id] = f"{topic.id}.{section.id}"
    return own


def settle_wording(
    drafts: Drafts, prompts: Sequence[Prompt], sections: Mapping[str, str], *, latest: bool = False
) -> Wording:
    """What stands of these drafts. `latest` takes every finished translation, approved or not."""
    language = drafts.catalog.language
    if language == SOURCE_LANGUAGE:
        return Wording(language, {prompt.id: _read_own_english(drafts.catalog, prompt) for prompt in prompts})
    texts: dict[str, Standing] = {}
    waiting: list[str] = []
    heard = [prompt for prompt in prompts if prompt.audience is Audience.CALLER]
    heard.sort(key=lambda prompt: sections[prompt.id])
    for _, group in groupby(heard, key=lambda prompt: sections[prompt.id]):
        together = list(group)
        waiting += [prompt.id for prompt in together if not _is_settled(drafts, prompt, latest=latest)]
        finished = all(_is_finished(drafts, prompt, latest=latest) for prompt in together)
        texts.update(_choose_version(drafts, together, finished=finished))
    staff = {prompt.id: Standing(prompt.text, prompt.text) for prompt in prompts if prompt.audience is Audience.STAFF}
    missing = tuple(prompt.id for prompt in heard if prompt.id not in texts)
    return Wording(language, {**texts, **staff}, tuple(waiting), missing)


def _read_own_english(catalog: Catalog, prompt: Prompt) -> Standing:
    """The clinic's own English where it has written any that fits the English of today."""
    entry = catalog.entries.get(prompt.id)
    own = entry and entry.text and not entry.fuzzy and entry.source == prompt.text and entry.is_speakable
    return Standing(prompt.text, entry.text if entry and own else prompt.text)


def _is_settled(drafts: Drafts, prompt: Prompt, *, latest: bool) -> bool:
    """True when the catalog's words for a prompt are finished, may be heard, and translate the English of today."""
    entry = drafts.catalog.entries.get(prompt.id)
    return entry is not None and entry.source == prompt.text and _is_finished(drafts, prompt, latest=latest)


def _is_finished(drafts: Drafts, prompt: Prompt, *, latest: bool) -> bool:
    """True when the catalog's words for a prompt are finished and may be heard, whatever the English is by now."""
    entry = drafts.catalog.entries.get(prompt.id)
    if not entry or not entry.text or entry.fuzzy or not entry.is_speakable or _is_rejected(drafts, prompt, entry):
        return False
    approved = drafts.reviews.is_approved(prompt.id, entry.source, entry.text)
    return latest or approved or not drafts.reviews.was_ever_approved(prompt.id)


def _choose_version(drafts: Drafts, prompts: Sequence[Prompt], *, finished: bool) -> Iterator[tuple[str, Standing]]:
    """One version for all prompts of a section: the catalog's, or what last stood, or the catalog's older words.

    A catalog that is finished was heard, even where the English has moved on since: it is newer than what last stood.
    """
    stood = all(prompt.id in drafts.last for prompt in prompts)
    for prompt in prompts:
        entry = drafts.catalog.entries.get(prompt.id)
        if not finished and stood:
            yield prompt.id, drafts.last[prompt.id]
        elif entry and entry.text and entry.is_speakable and not _is_rejected(drafts, prompt, entry):
            yield prompt.id, Standing(_find_english(entry), entry.text)


def _is_rejected(drafts: Drafts, prompt: Prompt, entry: CatalogEntry) -> bool:
    """True for words that a reviewer refused: nobody hears them, whatever the settings say."""
    return drafts.reviews.find_verdict(prompt.id, entry.source, entry.text) is ReviewVerdict.REJECTED


def _find_english(entry: CatalogEntry) -> str:
    """The English that an entry's words translate: an older one, where they wait to be brought up to date."""
    return entry.previous or entry.source
