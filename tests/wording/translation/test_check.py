"""A deliberate fault of each kind is caught, at the file and the line where a person can mend it."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ivr.line.language import SOURCE_LANGUAGE
from ivr.wording.catalogs import read_entries
from ivr.wording.language_files import read_language_files
from ivr.wording.review import COLUMNS, Review, ReviewVerdict, add_reviews, hash_words
from ivr.wording.translation.check import CheckInput, check_language
from tests.conftest import Environment
from tests.wording.translation import (
    FOR_CALLERS,
    LOCALES,
    PROMPTS,
    SECTIONS,
    TRANSLATED,
    Bench,
    field,
    line_of,
    put,
    rewrite,
    set_up,
)

FASTING = "compression-fracture.prep.fasting"
GOODBYE = "goodbye"


@pytest.fixture
def bench(tmp_path: Path, environment: Environment) -> Bench:
    return set_up(tmp_path, environment)


def unvoiced(_: str) -> float | None:
    return None


def found(bench: Bench, code: str, seconds: Callable[[str], float | None] = unvoiced) -> list[str]:
    """The faults of a language, their places from its folder on."""
    files = read_language_files(bench.locales, code, PROMPTS, SECTIONS)
    faults = check_language(CheckInput(bench.locales, files, PROMPTS, seconds))
    return [str(fault).removeprefix(f"{bench.locales}/{code}/") for fault in faults]


def translate(bench: Bench, code: str, prompt: str, text: str) -> int:
    """Other words for a prompt, with a back-translation and a by-ear note of them. Returns the line of the prompt."""
    rewrite(bench.catalog(code), prompt, text)
    for path in (bench.back(code), bench.ear(code)):
        rewrite(path, prompt, text, "msgid")
    return line_of(bench.catalog(code), prompt)


def approve(bench: Bench, code: str, prompt: str, verdict: ReviewVerdict = ReviewVerdict.APPROVED) -> None:
    source, text = field(bench.catalog(code), prompt, "msgid"), field(bench.catalog(code), prompt)
    hashes = hash_words(source), hash_words(text)
    add_reviews(bench.locales, code, [Review(prompt, *hashes, "Ana Ruiz", "certified", date(2026, 11, 22), verdict)])


CATALOG = "LC_MESSAGES/spineline.po"
BACK, EAR = "back-translation.po", "by-ear.po"


@pytest.mark.parametrize("code", [SOURCE_LANGUAGE, *TRANSLATED])
def test_a_shipped_language_has_no_fault(bench: Bench, code: str) -> None:
    assert found(bench, code) == []


# --- The meaning -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_dropped_not_is_caught_in_the_back_translation(bench: Bench, code: str) -> None:
    prompt = "compression-fracture.prep.medicines"
    rewrite(bench.back(code), prompt, "You may stop a medicine on your own when you want. Your doctor will tell you.")
    place = f"{BACK}:{line_of(bench.back(code), prompt)}: {prompt}: turned back into English, "
    (fault,) = found(bench, code)
    assert fault.startswith(f"{place}a denial (not, never, no) is gone: You may stop")


def test_a_changed_number_is_caught_in_the_back_translation(bench: Bench) -> None:
    prompt = "compression-fracture.overview.what"
    back = "Three procedures can treat painful breaks in the bones of the spine."
    rewrite(bench.back("pl"), prompt, back)
    place = f"{BACK}:{line_of(bench.back('pl'), prompt)}: {prompt}: turned back into English, "
    assert found(bench, "pl") == [
        f"{place}the number 2 is gone: {back}",
        f"{place}the number 3 is new: {back}",
    ]


def test_a_difference_that_a_person_explained_is_accepted_and_no_other(bench: Bench) -> None:
    prompt = "compression-fracture.overview.what"
    back = "Both can treat painful breaks in the bones of the spine, but never right away."
    rewrite(bench.back("pl"), prompt, back)
    reason = '# same meaning: the number 2 is gone, since it is "both"'
    put(bench.back("pl"), f'msgctxt "{prompt}"', f'{reason}\nmsgctxt "{prompt}"')
    place = f"{BACK}:{line_of(bench.back('pl'), prompt)}: {prompt}: turned back into English, "
    assert found(bench, "pl") == [
        f"{place}a denial (not, never, no) is new: {back}",
        f"{place}that it is at once is new: {back}",
    ]


@pytest.mark.parametrize("prompt", ["key.4", "digit.4"])
def test_a_number_that_turns_back_into_another_is_caught(bench: Bench, prompt: str) -> None:
    rewrite(bench.back("pl"), prompt, "five")
    assert found(bench, "pl") == [
        f"{BACK}:{line_of(bench.back('pl'), prompt)}: {prompt}: turned back into English, the number four is gone: five"
    ]


@pytest.mark.parametrize(("kind", "four", "five"), [("key", "cztery", "pięć"), ("digit", "cztery", "pięć")])
def test_two_keys_with_one_word_are_caught(bench: Bench, kind: str, four: str, five: str) -> None:
    assert [field(bench.catalog("pl"), f"{kind}.{number}") for number in (4, 5)] == [four, five]
    line = translate(bench, "pl", f"{kind}.5", four)
    assert found(bench, "pl") == [f"{CATALOG}:{line}: {kind}.5: is the same word as {kind}.4: {four}."]


def test_a_back_translation_of_other_words_is_caught(bench: Bench) -> None:
    line = translate(bench, "pl", GOODBYE, "Dziękujemy. Do widzenia.")
    rewrite(bench.back("pl"), GOODBYE, "Do widzenia.", "msgid")
    assert found(bench, "pl") == [
        f"{CATALOG}:{line}: goodbye: has a back-translation of other words in {BACK}. Make it anew."
    ]


def test_a_back_translation_that_is_not_there_is_caught(bench: Bench) -> None:
    rewrite(bench.back("pl"), GOODBYE, "")
    line = line_of(bench.catalog("pl"), GOODBYE)
    assert found(bench, "pl") == [f"{CATALOG}:{line}: goodbye: has no back-translation in {BACK}."]
    bench.back("pl").unlink()
    assert len(found(bench, "pl")) == len(FOR_CALLERS)


def test_a_back_translation_with_a_syntax_error_is_a_fault_and_no_error(bench: Bench) -> None:
    path = bench.back("pl")
    path.write_text(path.read_text("utf-8") + "nonsense\n", "utf-8")
    line = len(path.read_text("utf-8").splitlines())
    assert found(bench, "pl") == [f"{BACK}:{line}: This is not a valid PO file: Unknown or misformatted keyword."]


# --- What is heard ---------------------------------------------------------------------------------------------------


def test_words_that_were_looked_at_by_ear_in_another_form_are_caught(bench: Bench) -> None:
    line = translate(bench, "pl", GOODBYE, "Dziękujemy. Do widzenia.")
    rewrite(bench.ear("pl"), GOODBYE, "Do widzenia.", "msgid")
    assert found(bench, "pl") == [
        f"{CATALOG}:{line}: goodbye: was looked at by ear in other words, in {EAR}. Do it anew."
    ]


def test_words_that_nobody_looked_at_by_ear_are_caught(bench: Bench) -> None:
    rewrite(bench.ear("pl"), GOODBYE, "")
    line = line_of(bench.catalog("pl"), GOODBYE)
    assert found(bench, "pl") == [f"{CATALOG}:{line}: goodbye: was not looked at by ear: {EAR} has nothing of it."]
    bench.ear("pl").unlink()
    assert len(found(bench, "pl")) == len(FOR_CALLERS)


def test_a_by_ear_file_with_a_syntax_error_is_a_fault_and_no_error(bench: Bench) -> None:
    path = bench.ear("pl")
    path.write_text(path.read_text("utf-8") + "nonsense\n", "utf-8")
    line = len(path.read_text("utf-8").splitlines())
    assert found(bench, "pl") == [f"{EAR}:{line}: This is not a valid PO file: Unknown or misformatted keyword."]


# --- The words -------------------------------------------------------------------------------------------------------

OFFER = "menu.all"
STUMBLE = "which a voice stumbles on. Say it in words, or leave it out."
WORDS: dict[str, tuple[str, str, list[str]]] = {
    "a missing placeholder": (
        "es",
        "Para escuchar todo, en orden, oprima.",
        ["lacks {key}. Copy it from the English, braces and all."],
    ),
    "a placeholder too many": (
        "es",
        "Para escuchar todo, oprima {key} en {clinic}.",
        ["holds {clinic}, which the English does not. Remove it, or correct its spelling."],
    ),
    "a placeholder that is not closed": (
        "es",
        "Para escuchar todo, oprima {key.",
        [
            "has a brace that is not closed. Write placeholders as they stand in the English.",
            f"holds U+007B (LEFT CURLY BRACKET) at sign 28, {STUMBLE}",
        ],
    ),
    "Latin letters in Arabic": (
        "ar",
        "للاستماع إلى كل شيء menu اضغطوا {key}.",
        ["holds letters of another script: menu. Write it as it is said, in this language's own letters."],
    ),
    "a digit": ("es", "Oprima {key} o 1.", ["holds the digit 1. Write numbers as words."]),
    "a slash": (
        "es",
        "Oprima/marque {key}.",
        [f"holds U+002F (SOLIDUS) at sign 7, {STUMBLE}"],
    ),
}


@pytest.mark.parametrize(("code", "text", "words"), WORDS.values(), ids=WORDS.keys())
def test_words_that_cannot_be_spoken_are_caught_at_their_line(
    bench: Bench, code: str, text: str, words: list[str]
) -> None:
    line = translate(bench, code, OFFER, text)
    spoken = [fault for fault in found(bench, code) if not fault.startswith("vowels.toml")]
    assert spoken == [f"{CATALOG}:{line}: {OFFER}: {each}" for each in words]


def test_a_missing_translation_is_caught(bench: Bench) -> None:
    rewrite(bench.catalog("es"), GOODBYE, "")
    line = line_of(bench.catalog("es"), GOODBYE)
    assert found(bench, "es") == [f"{CATALOG}:{line}: goodbye: is not translated yet. Write its msgstr."]


def test_a_fuzzy_translation_is_caught(bench: Bench) -> None:
    put(bench.catalog("es"), f'msgctxt "{GOODBYE}"', f'#, fuzzy\nmsgctxt "{GOODBYE}"')
    line = line_of(bench.catalog("es"), GOODBYE)
    assert found(bench, "es") == [
        f"{CATALOG}:{line}: goodbye: is marked fuzzy. Read it against the English, then remove the mark."
    ]


def test_a_translation_of_older_english_is_caught(bench: Bench) -> None:
    rewrite(bench.catalog("es"), GOODBYE, "Goodbye.", "msgid")
    line = line_of(bench.catalog("es"), GOODBYE)
    (english,) = (prompt.text for prompt in FOR_CALLERS if prompt.id == GOODBYE)
    assert found(bench, "es") == [
        f"{CATALOG}:{line}: goodbye: translates other English words. The English is now: {english}"
    ]


def test_an_id_that_is_no_prompts_is_caught(bench: Bench) -> None:
    path = bench.catalog("es")
    path.write_text(path.read_text("utf-8") + '\nmsgctxt "good.evening"\nmsgid "Hi."\nmsgstr "Hola."\n', "utf-8")
    line = line_of(path, "good.evening")
    assert found(bench, "es") == [
        f"{CATALOG}:{line}: good.evening: is not a prompt of this line. Run: flask languages update"
    ]


def test_a_clip_that_is_too_long_is_caught_at_its_words(bench: Bench) -> None:
    lengths = {FASTING: 26.04, GOODBYE: 25.0}
    line = line_of(bench.catalog("es"), FASTING)
    assert found(bench, "es", lengths.get) == [
        f"{CATALOG}:{line}: {FASTING}: lasts 26.0 s. Say it in fewer words: 25 s are the most."
    ]


def test_english_forms_in_another_language_are_caught(bench: Bench) -> None:
    path = bench.locales / "es" / "spoken.toml"
    path.write_text("# STILL ENGLISH: replace.\n" + (bench.locales / "en" / "spoken.toml").read_text("utf-8"), "utf-8")
    assert found(bench, "es") == [
        "spoken.toml:1: The forms are still English. Replace every one, then remove the line that says so."
    ]


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        (CATALOG, "nonsense\n", ":1: This is not a valid PO file: Unknown or misformatted keyword."),
        ("standing.po", "\nnonsense\n", ":2: This is not a valid PO file: Unknown or misformatted keyword."),
        ("spoken.toml", "joiner\n", ": This is not valid TOML in UTF-8: "),
        ("reviews.csv", "prompt\nx\n", ':1: It has no column "source_hash". Its first line must be: prompt,'),
        ("reviews.csv", f"{','.join(COLUMNS)}\nx\n", ":2: This review cannot be read: source_hash is empty. Mend "),
    ],
)
def test_a_file_that_cannot_be_read_is_a_fault_at_its_line(bench: Bench, name: str, content: str, fault: str) -> None:
    (bench.locales / "es" / name).write_text(content, "utf-8")
    (only,) = found(bench, "es")
    assert only.startswith(f"{name}{fault}")


# --- Reviews ---------------------------------------------------------------------------------------------------------


def test_a_review_that_an_edit_voided_is_caught(bench: Bench) -> None:
    approve(bench, "es", GOODBYE)
    assert found(bench, "es") == []
    line = translate(bench, "es", GOODBYE, "Gracias por su llamada. Hasta pronto.")
    assert found(bench, "es") == [f"{CATALOG}:{line}: goodbye: was approved in other words. Have it reviewed again."]


def test_words_that_a_reviewer_rejected_are_caught(bench: Bench) -> None:
    approve(bench, "es", GOODBYE, ReviewVerdict.REJECTED)
    line = line_of(bench.catalog("es"), GOODBYE)
    assert found(bench, "es") == [f"{CATALOG}:{line}: goodbye: was rejected by its reviewer. Write better words."]


# --- All of them -----------------------------------------------------------------------------------------------------


def test_faults_of_all_kinds_are_shown_together_and_each_once(bench: Bench) -> None:
    approve(bench, "es", GOODBYE)
    translate(bench, "es", GOODBYE, "Gracias/adiós.")
    rewrite(bench.catalog("es"), OFFER, "")
    rewrite(bench.back("es"), "key.3", "thirteen")
    faults = found(bench, "es")
    assert [re.sub(r":\d+:.*", "", fault) for fault in faults] == [CATALOG, CATALOG, BACK, CATALOG]
    assert len(set(faults)) == 4


def test_the_shipped_exceptions_are_few_and_each_has_its_reason() -> None:
    notes = {
        (code, name): note
        for code in TRANSLATED
        for name, entry in read_entries(LOCALES / code / BACK).items()
        for note in entry.notes
        if note.startswith("same meaning:")
    }
    assert all(len(note.split()) > 4 for note in notes.values())
    assert len(notes) <= 30
