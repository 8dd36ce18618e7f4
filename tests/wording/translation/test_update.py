"""English moves on: only the prompts that changed are touched, and callers go on hearing one version meanwhile."""

from pathlib import Path

import pytest

from ivr.line.prompts import Audience, Utterance
from ivr.wording.catalogs import CatalogEntry, read_entries, read_set_aside
from ivr.wording.translation.po import PromptSource, merge_entry
from tests.conftest import Environment
from tests.wording.translation import (
    AFTER,
    PROMPTS,
    TOPICS,
    TRANSLATED,
    Bench,
    field,
    finish,
    line_of,
    parts,
    put,
    rewrite,
    set_up,
)

DISCOMFORT, LIFTING = f"{AFTER}.discomfort", f"{AFTER}.lifting"
OLD_ENGLISH = "Expect some discomfort. It may last for up to {discomfort}."
NEW_ENGLISH = "Expect a little discomfort. It may last for up to {discomfort}."
OLD_LIFTING = "For about {lifting}, avoid all heavy lifting."
NEW_LIFTING = "For about {lifting}, avoid lifting heavy things."
HEARD = [prompt.id for prompt in PROMPTS if prompt.audience is Audience.CALLER]
SECTION = [f"{AFTER}.title", *(clip.id for clip in TOPICS[0].section("after").clips)]
REVIEWER = ("--reviewer", "Ana Ruiz", "--qualification", "certified medical translator", "--date", "2026-11-22")
NEW_SPANISH = "Es de esperar que sienta una pequeña molestia. Puede durar hasta {discomfort}."
FILLED_SPANISH = NEW_SPANISH.format(discomfort="tres días")


@pytest.fixture
def bench(tmp_path: Path, environment: Environment) -> Bench:
    return set_up(tmp_path, environment)


@pytest.fixture
def moved(bench: Bench) -> Bench:
    """A bench whose topic has one new English sentence; no command was run."""
    put(bench.topic, OLD_ENGLISH, NEW_ENGLISH)
    return bench


def flags(bench: Bench, code: str) -> list[str]:
    """The prompts of a catalog that are marked fuzzy."""
    return [name for name, entry in read_entries(bench.catalog(code)).items() if entry.fuzzy]


def words_of(bench: Bench, code: str) -> dict[str, str]:
    return {name: entry.text for name, entry in read_entries(bench.catalog(code)).items()}


def sources_aside(bench: Bench) -> list[str]:
    """The English of what is set aside in Spanish."""
    return sorted(entry.source for entry in read_set_aside(bench.catalog("es")).values())


def test_an_update_without_new_english_changes_no_byte(bench: Bench) -> None:
    before = {code: bench.files(code) for code in TRANSLATED}
    assert bench.run("update", languages="en") == (0, "".join(f"{code}: up to date\n" for code in TRANSLATED))
    assert {code: bench.files(code) for code in TRANSLATED} == before


def test_one_new_sentence_flags_exactly_its_prompt_in_every_language(moved: Bench) -> None:
    before = {code: words_of(moved, code) for code in TRANSLATED}
    said = "".join(
        f"{code}: 0 new, 1 with other English now, 0 no longer used\n    {DISCOMFORT}\n" for code in TRANSLATED
    )
    assert moved.run("update", languages="en") == (0, said)
    assert {code: flags(moved, code) for code in TRANSLATED} == {code: [DISCOMFORT] for code in TRANSLATED}
    assert {code: words_of(moved, code) for code in TRANSLATED} == before
    for code in TRANSLATED:
        entry = read_entries(moved.catalog(code))[DISCOMFORT]
        assert (entry.source, entry.previous) == (NEW_ENGLISH, OLD_ENGLISH)


def test_every_other_language_goes_on_hearing_the_old_section_and_none_closes(bench: Bench) -> None:
    before = parts(bench.line()).content.words
    old = {code: [before.text(code, Utterance(prompt)) for prompt in SECTION] for code in TRANSLATED}
    put(bench.topic, OLD_ENGLISH, NEW_ENGLISH)
    for updated in (False, True):
        if updated:
            bench.run("update", languages="en")
        line = parts(bench.line())
        assert line.content.availability.closed == {}
        assert {
            code: [line.content.words.text(code, Utterance(prompt)) for prompt in SECTION] for code in TRANSLATED
        } == old
        assert line.content.words.text("en", Utterance(DISCOMFORT)) == NEW_ENGLISH.format(discomfort="three days")


def test_an_update_that_is_run_twice_says_nothing_new(moved: Bench) -> None:
    moved.run("update", "es")
    before = moved.files("es")
    assert moved.run("update", "es") == (0, "es: up to date\n")
    assert moved.files("es") == before


def test_check_says_what_the_update_left_to_do(moved: Bench) -> None:
    moved.run("update", "es")
    path = moved.catalog("es")
    words = "is marked fuzzy. Read it against the English, then remove the mark."
    assert moved.run("check", "es") == (
        1,
        f"{path}:{line_of(path, DISCOMFORT)}: {DISCOMFORT}: {words}\n1 languages, 1 faults.\n",
    )


def test_the_finished_translation_is_heard(moved: Bench) -> None:
    moved.run("update", "es")
    finish(moved.catalog("es"), DISCOMFORT, NEW_SPANISH)
    assert moved.heard("es", DISCOMFORT) == [FILLED_SPANISH]


def test_of_two_new_sentences_neither_is_heard_before_both_are_translated(bench: Bench) -> None:
    old = bench.heard("es", *SECTION)
    put(bench.topic, OLD_ENGLISH, NEW_ENGLISH)
    put(bench.topic, OLD_LIFTING, NEW_LIFTING)
    bench.run("update", "es")
    assert flags(bench, "es") == [LIFTING, DISCOMFORT]
    finish(bench.catalog("es"), DISCOMFORT, NEW_SPANISH)
    assert bench.heard("es", *SECTION) == old
    assert bench.heard("es", *SECTION, WORDING="latest") == old
    finish(bench.catalog("es"), LIFTING, "No levante cosas pesadas durante {lifting}.")
    new = {DISCOMFORT: FILLED_SPANISH, LIFTING: "No levante cosas pesadas durante seis semanas, casi mes y medio."}
    assert bench.heard("es", *SECTION) == [new.get(name, text) for name, text in zip(SECTION, old, strict=True)]


def test_a_second_change_falls_back_on_the_first_and_not_behind_it(moved: Bench) -> None:
    moved.run("update", "es")
    finish(moved.catalog("es"), DISCOMFORT, NEW_SPANISH)
    put(moved.topic, NEW_ENGLISH, "Expect discomfort. It may last for up to {discomfort}.")
    assert moved.heard("es", DISCOMFORT) == [FILLED_SPANISH]
    moved.run("update", "es")
    assert moved.heard("es", DISCOMFORT) == [FILLED_SPANISH]


# --- With approvals --------------------------------------------------------------------------------------------------


def test_a_new_translation_of_approved_words_is_heard_only_when_it_is_approved(bench: Bench) -> None:
    bench.run("review", "es", *REVIEWER)
    old = bench.heard("es", *SECTION)
    put(bench.topic, OLD_ENGLISH, NEW_ENGLISH)
    bench.run("update", "es")
    finish(bench.catalog("es"), DISCOMFORT, NEW_SPANISH)
    new = [FILLED_SPANISH if name == DISCOMFORT else text for name, text in zip(SECTION, old, strict=True)]
    assert bench.heard("es", *SECTION) == old
    assert bench.heard("es", *SECTION, WORDING="latest") == new
    assert bench.run("review", "es", *REVIEWER, "--prompt", DISCOMFORT) == (
        0,
        f"es: 1 prompts approved by Ana Ruiz. {len(HEARD)} approved in all.\n",
    )
    assert bench.heard("es", *SECTION) == new


def test_an_edit_of_an_approved_text_is_not_heard_until_it_is_approved(bench: Bench) -> None:
    bench.run("review", "es", *REVIEWER)
    old = bench.heard("es", *SECTION)
    rewrite(bench.catalog("es"), DISCOMFORT, NEW_SPANISH)
    assert bench.heard("es", *SECTION) == old
    line = parts(bench.line("en", "es", UNREVIEWED_LANGUAGES="hide"))
    assert list(line.content.line.languages) == ["en", "es"]
    bench.run("review", "es", *REVIEWER, "--prompt", DISCOMFORT, "--reject")
    assert bench.heard("es", *SECTION) == old
    bench.run("review", "es", *REVIEWER, "--prompt", DISCOMFORT)
    assert bench.heard("es", DISCOMFORT) == [FILLED_SPANISH]


def test_an_update_at_the_latest_wording_does_not_put_unapproved_words_in_the_place_of_approved_ones(
    bench: Bench,
) -> None:
    bench.run("review", "es", *REVIEWER)
    old = bench.heard("es", *SECTION)
    rewrite(bench.catalog("es"), LIFTING, "No levante cosas pesadas durante {lifting}.")
    put(bench.topic, OLD_ENGLISH, NEW_ENGLISH)
    bench.run("update", "es", WORDING="latest")
    assert bench.heard("es", *SECTION) == old


# --- Nothing that a translator wrote is lost -------------------------------------------------------------------------


def test_a_prompt_that_is_gone_is_set_aside_and_taken_up_again_when_it_comes_back(bench: Bench) -> None:
    before, kept = bench.catalog("es").read_bytes(), sources_aside(bench)
    put(bench.topic, 'id = "discomfort"', 'id = "soreness"')
    code, said = bench.run("update", "es")
    assert (code, said.splitlines()) == (
        0,
        ["es: 1 new, 0 with other English now, 1 no longer used", f"    {AFTER}.soreness"],
    )
    assert sources_aside(bench) == sorted([*kept, OLD_ENGLISH])
    bench.run("update", "es")
    put(bench.topic, 'id = "soreness"', 'id = "discomfort"')
    bench.run("update", "es")
    assert bench.catalog("es").read_bytes() == before


def test_a_prompt_that_waited_when_it_was_set_aside_still_waits_when_it_comes_back(moved: Bench) -> None:
    moved.run("update", "es")
    before = moved.catalog("es").read_bytes()
    put(moved.topic, 'id = "discomfort"', 'id = "soreness"')
    moved.run("update", "es")
    (aside,) = [entry for entry in read_set_aside(moved.catalog("es")).values() if entry.source == NEW_ENGLISH]
    assert (aside.fuzzy, aside.previous) == (True, OLD_ENGLISH)
    put(moved.topic, 'id = "soreness"', 'id = "discomfort"')
    moved.run("update", "es")
    assert moved.catalog("es").read_bytes() == before


def test_every_translated_prompt_is_asked_for_by_ear(bench: Bench) -> None:
    rewrite(bench.ear("es"), "goodbye", "")
    bench.run("update", "es")
    asked = read_entries(bench.ear("es"))
    assert [name for name, entry in asked.items() if not entry.text] == ["goodbye"]
    bench.ear("es").unlink()
    bench.run("update", "es")
    texts = words_of(bench, "es")
    assert {name: (entry.source, entry.text) for name, entry in read_entries(bench.ear("es")).items()} == {
        name: (texts[name], "") for name in HEARD
    }


def test_a_translators_own_comment_is_kept(bench: Bench) -> None:
    head = "#. {discomfort} becomes"
    put(bench.catalog("es"), head, f"# Ask Ana about this one.\n{head}")
    put(bench.topic, OLD_ENGLISH, NEW_ENGLISH)
    bench.run("update", "es")
    assert read_entries(bench.catalog("es"))[DISCOMFORT].notes == ("Ask Ana about this one.",)


def test_a_new_sentence_closes_a_language_that_has_no_words_for_it_and_says_so(bench: Bench) -> None:
    put(bench.topic, 'id = "discomfort"', 'id = "soreness"')
    closed = parts(bench.line("en", "es")).content.availability.closed
    assert closed == {"es": f"1 prompts have no words, {AFTER}.soreness among them"}


def test_what_stands_names_the_english_that_it_translates(moved: Bench) -> None:
    moved.run("update", "es")
    standing = moved.locales / "es" / "standing.po"
    assert list(read_entries(standing)) == SECTION
    assert field(standing, DISCOMFORT, "msgid") == OLD_ENGLISH


def entry(text: str, *, fuzzy: bool = False, previous: str = "") -> CatalogEntry:
    return CatalogEntry("EN 1", text, 7, fuzzy, previous, ("note",))


MERGED = {
    "no entry": (None, "EN 2", CatalogEntry("EN 2", "", 0, False)),
    "an empty one": (entry(""), "EN 2", CatalogEntry("EN 2", "", 0, False, "", ("note",))),
    "the same English": (entry("es"), "EN 1", CatalogEntry("EN 1", "es", 0, False, "", ("note",))),
    "other English": (entry("es"), "EN 2", CatalogEntry("EN 2", "es", 0, True, "EN 1", ("note",))),
    "other English twice": (
        entry("es", fuzzy=True, previous="EN 0"),
        "EN 2",
        CatalogEntry("EN 2", "es", 0, True, "EN 0", ("note",)),
    ),
}


@pytest.mark.parametrize(("old", "english", "new"), MERGED.values(), ids=MERGED.keys())
def test_a_translation_is_merged_by_the_prompts_id(old: CatalogEntry | None, english: str, new: CatalogEntry) -> None:
    (topic,) = TOPICS
    prompt = topic.choice.__class__("a", english)
    assert merge_entry(PromptSource(prompt, "", ""), old) == new
