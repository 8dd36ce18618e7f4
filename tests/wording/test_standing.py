"""While newer words wait, a section is heard as it last stood: never mixed, never closed, nothing unapproved."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from ivr.line.prompts import Audience, Prompt
from ivr.wording.catalogs import Catalog, CatalogEntry
from ivr.wording.review import Review, ReviewRecord, ReviewVerdict, hash_words
from ivr.wording.standing import Drafts, Standing, Wording, map_sections, settle_wording
from tests.wording.translation import PROMPTS, SECTIONS, TOPICS

SECTION = {"a": "section", "b": "section", "alone": "alone", "staff": "staff"}
STAFF = Prompt("staff", "A caller.", audience=Audience.STAFF)


def entry(source: str, text: str, previous: str = "") -> CatalogEntry:
    """A message as an editor leaves it: fuzzy while it holds the English that it translated before."""
    return CatalogEntry(source, text, 1, bool(previous), previous)


@dataclass
class Case:
    """English A, B and Alone of some version; what the catalog holds, what last stood, what was said by reviewers."""

    english: dict[str, str]
    entries: dict[str, CatalogEntry]
    last: dict[str, str] = field(default_factory=dict)
    reviews: list[tuple[str, str, ReviewVerdict]] = field(default_factory=list)

    def settle_wording(self, *, latest: bool = False) -> Wording:
        prompts = [*(Prompt(name, text) for name, text in self.english.items()), STAFF]
        rows = tuple(
            Review(name, hash_words(f"EN {text[-1]}"), hash_words(text), "R", "Q", date(2026, 11, 22), verdict)
            for name, text, verdict in self.reviews
        )
        last = {name: Standing(f"EN {text[-1]}", text) for name, text in self.last.items()}
        drafts = Drafts(Catalog("es", "es.po", self.entries), last, ReviewRecord("es", rows))
        return settle_wording(drafts, prompts, SECTION, latest=latest)

    def heard(self, *, latest: bool = False) -> dict[str, str]:
        texts = self.settle_wording(latest=latest).texts
        return {name: texts[name].text for name in self.english if name in texts}


FIRST = {"a": "EN 1", "b": "EN 1", "alone": "EN 1"}
DONE = {name: entry("EN 1", "es 1") for name in FIRST}
A_MOVED = {**FIRST, "a": "EN 2"}
BOTH_MOVED = {**A_MOVED, "b": "EN 2"}
UPDATED_A = {**DONE, "a": entry("EN 2", "es 1", "EN 1")}
UPDATED_BOTH = {**UPDATED_A, "b": entry("EN 2", "es 1", "EN 1")}
STOOD = {"a": "es 1", "b": "es 1"}
OLD = {"a": "es 1", "b": "es 1", "alone": "es 1"}
NEW_A = {**OLD, "a": "es 2"}
APPROVED = [("a", "es 1", ReviewVerdict.APPROVED), ("b", "es 1", ReviewVerdict.APPROVED)]
EDITED = {**DONE, "a": entry("EN 1", "es draft 1")}

CASES: dict[str, tuple[Case, dict[str, str], tuple[str, ...]]] = {
    "all is settled": (Case(FIRST, DONE), OLD, ()),
    "words that a reviewer rejected are never heard: what stood before them is": (
        Case(FIRST, DONE, {"alone": "es 0"}, [("alone", "es 1", ReviewVerdict.REJECTED)]),
        {**OLD, "alone": "es 0"},
        ("alone",),
    ),
    "the English moved on, and no update was run": (Case(A_MOVED, DONE), OLD, ("a",)),
    "the English moved on, and the catalog was updated": (Case(A_MOVED, UPDATED_A, STOOD), OLD, ("a",)),
    "updated, but what stood was lost": (Case(A_MOVED, UPDATED_A), OLD, ("a",)),
    "the translation is finished": (Case(A_MOVED, {**DONE, "a": entry("EN 2", "es 2")}, STOOD), NEW_A, ()),
    "two moved, one is finished: neither is heard": (
        Case(BOTH_MOVED, {**UPDATED_BOTH, "a": entry("EN 2", "es 2")}, STOOD),
        OLD,
        ("b",),
    ),
    "two moved, both are finished": (
        Case(BOTH_MOVED, {**DONE, "a": entry("EN 2", "es 2"), "b": entry("EN 2", "es 2")}, STOOD),
        {**NEW_A, "b": "es 2"},
        (),
    ),
    "moved a second time: what stood in between is heard, not what stood before it": (
        Case({**FIRST, "a": "EN 3"}, {**DONE, "a": entry("EN 2", "es 2")}, STOOD),
        NEW_A,
        ("a",),
    ),
    "an edit of an approved text": (Case(FIRST, EDITED, STOOD, APPROVED), OLD, ("a",)),
    "an edit of an approved text, approved": (
        Case(FIRST, EDITED, STOOD, [*APPROVED, ("a", "es draft 1", ReviewVerdict.APPROVED)]),
        {**OLD, "a": "es draft 1"},
        (),
    ),
    "an edit of an approved text, rejected": (
        Case(FIRST, EDITED, STOOD, [*APPROVED, ("a", "es draft 1", ReviewVerdict.REJECTED)]),
        OLD,
        ("a",),
    ),
    "an approval that was taken back for the same words": (
        Case(
            FIRST,
            EDITED,
            STOOD,
            [*APPROVED, ("a", "es draft 1", ReviewVerdict.APPROVED), ("a", "es draft 1", ReviewVerdict.REJECTED)],
        ),
        OLD,
        ("a",),
    ),
    "an edit of a text that nobody approved": (Case(FIRST, EDITED, STOOD), {**OLD, "a": "es draft 1"}, ()),
    "a new translation of approved words waits for approval": (
        Case(A_MOVED, {**DONE, "a": entry("EN 2", "es 2")}, STOOD, APPROVED),
        OLD,
        ("a",),
    ),
    "a prompt alone waits alone": (
        Case({**FIRST, "alone": "EN 2"}, {**DONE, "alone": entry("EN 2", "es 1", "EN 1")}, STOOD),
        OLD,
        ("alone",),
    ),
    "words whose braces are broken stay out": (
        Case(FIRST, {**DONE, "a": entry("EN 1", "es {clinic")}, STOOD),
        OLD,
        ("a",),
    ),
}


@pytest.mark.parametrize(("case", "heard", "waiting"), CASES.values(), ids=CASES.keys())
def test_what_is_heard_while_words_wait(case: Case, heard: dict[str, str], waiting: tuple[str, ...]) -> None:
    assert case.heard() == heard
    assert case.settle_wording().waiting == waiting
    assert case.settle_wording().missing == ()


def test_rejected_words_with_nothing_before_them_are_missing_so_the_language_closes() -> None:
    case = Case(FIRST, DONE, reviews=[("alone", "es 1", ReviewVerdict.REJECTED)])
    assert case.heard() == case.heard(latest=True) == {"a": "es 1", "b": "es 1"}
    assert case.settle_wording().missing == case.settle_wording(latest=True).missing == ("alone",)


LATEST = {
    "an edit of an approved text is heard at once": (Case(FIRST, EDITED, STOOD, APPROVED), {**OLD, "a": "es draft 1"}),
    "a new translation of approved words is heard at once": (
        Case(A_MOVED, {**DONE, "a": entry("EN 2", "es 2")}, STOOD, APPROVED),
        NEW_A,
    ),
    "what is not translated cannot be heard": (
        Case(BOTH_MOVED, {**UPDATED_BOTH, "a": entry("EN 2", "es 2")}, STOOD),
        OLD,
    ),
}


@pytest.mark.parametrize(("case", "heard"), LATEST.values(), ids=LATEST.keys())
def test_the_latest_wording_asks_for_no_approval_but_mixes_nothing_either(case: Case, heard: dict[str, str]) -> None:
    assert case.heard(latest=True) == heard


def test_what_has_no_words_is_missing_and_never_english() -> None:
    case = Case({**FIRST, "b": "EN 1"}, {"a": DONE["a"], "alone": entry("EN 1", "")})
    assert case.settle_wording().missing == ("alone", "b")
    with pytest.raises(KeyError, match="b is not translated into es"):
        case.settle_wording().text(Prompt("b", "EN 1"))


def test_the_english_that_words_translate_is_known_beside_them() -> None:
    case = Case(A_MOVED, UPDATED_A)
    assert {name: each.source for name, each in case.settle_wording().texts.items() if name in "ab"} == {
        "a": "EN 1",
        "b": "EN 1",
    }


def test_staff_hear_english() -> None:
    assert Case(FIRST, DONE).settle_wording().text(STAFF) == "A caller."


def test_a_section_is_heard_together_and_every_other_prompt_stands_for_itself() -> None:
    (topic,) = TOPICS
    for section in topic.sections:
        together = {section.title.id, *(clip.id for clip in section.clips)}
        assert {name for name, own in SECTIONS.items() if own == f"{topic.id}.{section.id}"} == together
    inside = {prompt.id for section in topic.sections for prompt in (section.title, *section.clips)}
    alone = {prompt.id for prompt in PROMPTS} - inside
    assert {name for name, own in SECTIONS.items() if own == name} == alone
    assert map_sections(TOPICS, PROMPTS).keys() == {prompt.id for prompt in PROMPTS}
