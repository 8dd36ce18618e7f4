"""Every act on translations keeps its rules at the desk: nothing newer is overwritten, nothing bad let in."""

import ast
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from ivr.errors import CatalogError, TranslationError
from ivr.line.languages import LANGUAGES
from ivr.wording.catalogs import read_entries
from ivr.wording.review import ReviewVerdict, read_reviews
from ivr.wording.translation.desk import NEWER_THAN_EDIT, EditOutcome, Reviewer, TranslationDesk
from ivr.wording.translation.pack import PackChange
from tests.conftest import ROOT, Environment
from tests.wording.translation import FOR_CALLERS, Bench, field, rewrite, set_up

GOODBYE, OFFER = "goodbye", "menu.all"
NEW = "Gracias por su llamada. Hasta pronto."
ANA = Reviewer("Ana Ruiz", "certified medical translator", date(2026, 11, 22))
NAMELESS = {
    "a name": Reviewer(" ", "certified medical translator", ANA.day),
    "a qualification": Reviewer("Ana Ruiz", "", ANA.day),
}


@pytest.fixture
def bench(tmp_path: Path, environment: Environment) -> Bench:
    return set_up(tmp_path, environment)


def edit(desk: TranslationDesk, prompt: str, text: str, code: str = "es") -> EditOutcome:
    return desk.edit(code, prompt, text, desk.stamp_prompt(code, prompt))


# --- One prompt edited -----------------------------------------------------------------------------------------------


def test_an_edit_changes_one_prompt_and_no_other_byte(desk: TranslationDesk, bench: Bench) -> None:
    before, old = bench.files("es"), field(bench.catalog("es"), GOODBYE)
    assert edit(desk, GOODBYE, f"  {NEW}\n") == EditOutcome(change=PackChange(GOODBYE, old, NEW))
    catalog = "es/LC_MESSAGES/spineline.po"
    after = before[catalog].decode().replace(old, NEW).encode()
    assert bench.files("es") == {**before, catalog: after}


def test_an_edit_with_the_words_that_stand_changes_nothing(desk: TranslationDesk, bench: Bench) -> None:
    before = bench.files("es")
    assert edit(desk, GOODBYE, field(bench.catalog("es"), GOODBYE)) == EditOutcome()
    assert bench.files("es") == before


def test_an_edit_finishes_words_that_were_marked_fuzzy(desk: TranslationDesk, bench: Bench) -> None:
    path = bench.catalog("es")
    path.write_text(path.read_text("utf-8").replace(f'msgctxt "{GOODBYE}"', f'#, fuzzy\nmsgctxt "{GOODBYE}"'), "utf-8")
    old = field(path, GOODBYE)
    assert edit(desk, GOODBYE, old) == EditOutcome(change=PackChange(GOODBYE, old, old))
    assert not read_entries(path)[GOODBYE].fuzzy


REFUSED = {
    "a placeholder is lost": (OFFER, "Oprima.", "lacks {key}. Copy it from the English, braces and all."),
    "a placeholder of its own": (
        GOODBYE,
        "Gracias, {name}.",
        "holds {name}, which the English does not. Remove it, or correct its spelling.",
    ),
    "a digit": (GOODBYE, "Adiós 2.", "holds the digit 2. Write numbers as words."),
    "another script": (
        GOODBYE,
        "Аdiós.",
        "holds letters of another script: А. Write it as it is said, in this language's own letters.",
    ),
    "no words": (GOODBYE, " \n", "has no translation. What stood stays."),
}


@pytest.mark.parametrize(("prompt", "text", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_an_edit_passes_the_checks_of_a_pack_or_changes_no_byte(
    desk: TranslationDesk, bench: Bench, prompt: str, text: str, words: str
) -> None:
    before = bench.files("es")
    outcome = edit(desk, prompt, text)
    assert (outcome.change, f"{outcome.fault}") == (None, f"es {prompt}: {words}")
    assert bench.files("es") == before


def test_an_edit_never_overwrites_newer_words(desk: TranslationDesk, bench: Bench) -> None:
    seen = desk.stamp_prompt("es", GOODBYE)
    rewrite(bench.catalog("es"), GOODBYE, "Hasta luego, y gracias.")
    before = bench.files("es")
    assert f"{desk.edit('es', GOODBYE, NEW, seen).fault}" == f"es {GOODBYE}: {NEWER_THAN_EDIT}"
    assert bench.files("es") == before


def test_an_edit_never_answers_english_that_has_moved_on(desk: TranslationDesk, bench: Bench) -> None:
    seen = desk.stamp_prompt("es", GOODBYE)
    rewrite(bench.catalog("es"), GOODBYE, "Thank you. Goodbye.", "msgid")
    assert f"{desk.edit('es', GOODBYE, NEW, seen).fault}" == f"es {GOODBYE}: {NEWER_THAN_EDIT}"


def test_an_edit_that_was_made_for_another_language_is_refused(desk: TranslationDesk, bench: Bench) -> None:
    before = bench.files("es")
    outcome = desk.edit("es", GOODBYE, NEW, desk.stamp_prompt("fr", GOODBYE))
    assert f"{outcome.fault}" == f"es {GOODBYE}: is from a pack for another language (fr)."
    assert bench.files("es") == before


def test_of_two_edits_of_the_same_words_at_once_one_is_taken(desk: TranslationDesk, bench: Bench) -> None:
    seen = desk.stamp_prompt("es", GOODBYE)
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda name: desk.edit("es", GOODBYE, f"Gracias, {name}.", seen), "ABCD"))
    taken = [outcome.change.new for outcome in outcomes if outcome.change]
    assert taken == [field(bench.catalog("es"), GOODBYE)]
    assert [f"{outcome.fault}" for outcome in outcomes if outcome.fault] == [f"es {GOODBYE}: {NEWER_THAN_EDIT}"] * 3


OTHERS = [f"Otras palabras, {name}." for name in ("una", "dos", "tres", "cuatro", "cinco", "seis")]


def test_of_edits_of_several_prompts_at_once_none_is_lost(desk: TranslationDesk, bench: Bench) -> None:
    prompts = [prompt.id for prompt in FOR_CALLERS if not prompt.placeholders][:6]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda prompt, text: edit(desk, prompt, text), prompts, OTHERS))
    assert [field(bench.catalog("es"), prompt) for prompt in prompts] == OTHERS


def test_words_that_another_prompt_has_are_refused(desk: TranslationDesk, bench: Bench) -> None:
    before = bench.files("es")
    outcome = desk.edit("es", GOODBYE, field(bench.catalog("es"), "sorry"), desk.stamp_prompt("es", GOODBYE))
    assert f"{outcome.fault}" == f"es {GOODBYE}: has the translation of sorry. Was one column sorted by itself?"
    assert bench.files("es") == before


def test_an_edit_of_approved_words_waits_for_a_new_review_and_callers_hear_the_old(
    desk: TranslationDesk, bench: Bench
) -> None:
    old = field(bench.catalog("es"), GOODBYE)
    desk.review("es", ANA, ReviewVerdict.APPROVED)
    edit(desk, GOODBYE, NEW)
    assert bench.heard("es", GOODBYE) == [old]
    for path in (bench.back("es"), bench.ear("es")):
        rewrite(path, GOODBYE, NEW, "msgid")
    assert [fault.words for fault in desk.check("es")] == [
        f"{GOODBYE}: was approved in other words. Have it reviewed again."
    ]
    desk.review("es", ANA, ReviewVerdict.APPROVED, [GOODBYE])
    assert bench.heard("es", GOODBYE) == [NEW]


# --- What is refused as a whole --------------------------------------------------------------------------------------

Act = Callable[[TranslationDesk, str, Path], object]
ACTS: dict[str, Act] = {
    "pack": lambda desk, code, _: desk.pack(code),
    "export": lambda desk, code, folder: desk.export_pack(code, folder / "pack.csv"),
    "import": lambda desk, code, folder: desk.import_pack(code, folder / "pack.csv", write=True),
    "update": lambda desk, code, _: desk.update(code),
    "stamp": lambda desk, code, _: desk.stamp_prompt(code, GOODBYE),
    "edit": lambda desk, code, _: desk.edit(code, GOODBYE, NEW, ""),
    "review": lambda desk, code, _: desk.review(code, ANA, ReviewVerdict.APPROVED),
}
EACH_ACT = pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())


@EACH_ACT
def test_no_act_is_on_a_language_that_is_not_ours(desk: TranslationDesk, bench: Bench, act: Act) -> None:
    with pytest.raises(TranslationError, match="xx is no language of ours") as caught:
        act(desk, "xx", bench.folder)
    assert caught.value.field == "language"
    assert not (bench.locales / "xx").exists()


@EACH_ACT
def test_no_act_is_on_files_that_cannot_be_read(desk: TranslationDesk, bench: Bench, act: Act) -> None:
    bench.catalog("pl").write_text("nonsense\n", "utf-8")
    before = bench.files("pl")
    with pytest.raises(CatalogError, match="A catalog has faults") as caught:
        act(desk, "pl", bench.folder)
    assert caught.value.faults[0].place == f"{bench.catalog('pl')}:1"
    assert bench.files("pl") == before


def test_a_prompt_that_is_not_there_has_no_stamp(desk: TranslationDesk) -> None:
    with pytest.raises(TranslationError, match=r"es has no prompt hello.nobody\.") as caught:
        desk.stamp_prompt("es", "hello.nobody")
    assert caught.value.field == "prompt"


@pytest.mark.parametrize("reviewer", NAMELESS.values(), ids=NAMELESS.keys())
def test_nobody_reviews_without_a_name_and_a_qualification(
    desk: TranslationDesk, bench: Bench, reviewer: Reviewer
) -> None:
    with pytest.raises(TranslationError, match="a review needs a name and a qualification") as caught:
        desk.review("es", reviewer, ReviewVerdict.APPROVED)
    assert caught.value.field == "reviewer"
    assert read_reviews(bench.locales, "es").rows == ()


def test_nobody_reviews_words_that_are_not_there(desk: TranslationDesk, bench: Bench) -> None:
    rewrite(bench.catalog("es"), "sorry", "")
    with pytest.raises(TranslationError, match="sorry has no words in es, so nobody can have read them"):
        desk.review("es", ANA, ReviewVerdict.APPROVED, [GOODBYE, "sorry"])
    assert read_reviews(bench.locales, "es").rows == ()


def test_the_desk_is_about_every_language_that_has_a_catalog_or_those_named(desk: TranslationDesk) -> None:
    assert desk.list_languages() == list(LANGUAGES)
    assert desk.list_languages(["fr", "es"]) == ["fr", "es"]
    with pytest.raises(TranslationError, match="xx is no language of ours"):
        desk.list_languages(["fr", "xx"])


# --- Nobody goes round the desk --------------------------------------------------------------------------------------

WRITERS = {
    *("write_catalog", "write_pairs", "write_messages", "update_catalog", "keep_standing", "add_reviews"),
    *("scaffold_language", "take_changes"),
}
"""What writes the files of a language."""


@pytest.mark.parametrize("room", ["commands", "console"])
def test_no_command_and_no_page_writes_translations_but_through_the_desk(room: str) -> None:
    names = {
        (path.name, alias.name)
        for path in (ROOT / "ivr" / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert {(path, name) for path, name in names if name in WRITERS} == set()
