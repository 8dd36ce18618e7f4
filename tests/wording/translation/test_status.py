"""The table of languages: what is whole, voiced, reviewed and open; and coverage over reviewed languages alone."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ivr.line.languages import LANGUAGES
from ivr.wording.language_files import LanguageFiles, read_language_files
from ivr.wording.review import Review, ReviewRecord, ReviewVerdict, hash_words
from ivr.wording.standing import Wording
from ivr.wording.translation.status import (
    Coverage,
    LanguageState,
    VoiceState,
    describe_language,
    measure_coverage,
)
from tests.conftest import Environment
from tests.wording.translation import FOR_CALLERS, LOCALES, PROMPTS, SECTIONS, TRANSLATED, Bench, set_up


@pytest.fixture
def bench(tmp_path: Path, environment: Environment) -> Bench:
    return set_up(tmp_path, environment)


def state(code: str, reviewed: int = 0) -> LanguageState:
    return LanguageState(code, LANGUAGES[code].name, 108, 108, 0, 100, 0, "none", reviewed, "")


EVERYONE = round(sum(row.speakers for row in LANGUAGES.values()), 2)
COVERED = {
    "nobody reviewed anything": ([], 0.0),
    "one language": (["es"], 16.0),
    "Mandarin alone does not reach the speakers of Chinese": (["zh"], 0.0),
    "Mandarin and Cantonese do": (["zh", "yue"], 1.6),
    "all": (TRANSLATED, EVERYONE),
}


@pytest.mark.parametrize(("reviewed", "people"), COVERED.values(), ids=COVERED.keys())
def test_coverage_counts_reviewed_languages_only(reviewed: list[str], people: float) -> None:
    states = [state(code, 108 if code in reviewed else 107) for code in LANGUAGES]
    assert measure_coverage(states) == Coverage(EVERYONE, people)


def spanish() -> LanguageFiles:
    return read_language_files(LOCALES, "es", PROMPTS, SECTIONS)


def test_the_state_of_a_shipped_language() -> None:
    found = describe_language(spanish(), PROMPTS, VoiceState(1, 0, "none"), "closed by the test")
    heard = len(FOR_CALLERS)
    assert found == LanguageState("es", "Spanish", heard, heard, 0, 1, 0, "none", 0, "closed by the test")
    assert not found.is_reviewed


def test_what_is_missing_waiting_and_approved_is_counted() -> None:
    files = spanish()
    texts = {name: each for name, each in files.wording.texts.items() if name != "goodbye"}
    stands = texts["sorry"]
    hashes = hash_words(stands.source), hash_words(stands.text)
    review = Review("sorry", *hashes, "Ana Ruiz", "certified", date(2026, 11, 22), ReviewVerdict.APPROVED)
    wording = Wording("es", texts, waiting=("menu.title",), missing=("goodbye",))
    changed = replace(files, wording=wording, reviews=ReviewRecord("es", (review,)))
    found = describe_language(changed, PROMPTS, VoiceState(0, 0, "none"), "")
    assert (found.prompts - found.translated, found.waiting, found.reviewed) == (1, 1, 1)


def test_status_shows_every_language_whole_and_none_reviewed(bench: Bench) -> None:
    code, said = bench.run("status", languages=" ".join(LANGUAGES))
    lines = said.splitlines()
    assert code == 0
    assert [line.split()[0] for line in lines[1:-2]] == list(LANGUAGES)
    assert {line.split()[-1] for line in lines[1:-2]} == {"open"}
    assert lines[-2:] == [
        f"{len(LANGUAGES)} whole languages, 0 reviewed.",
        f"Reviewed languages reach 0 of about {EVERYONE} million people in the US with limited English.",
    ]


def test_status_for_programs_says_the_same(bench: Bench) -> None:
    code, said = bench.run("status", "--json", languages=" ".join(LANGUAGES))
    table = json.loads(said)
    heard = len(FOR_CALLERS)
    assert code == 0
    assert table["coverage"] == {"all": EVERYONE, "reviewed": 0.0}
    assert [
        (row["language"], row["translated"], row["prompts"], row["reviewed"], row["closed"])
        for row in table["languages"]
    ] == [(code, heard, heard, 0, "") for code in LANGUAGES]


def test_status_says_why_a_language_is_closed(bench: Bench) -> None:
    bench.catalog("pl").write_text("nonsense\n", "utf-8")
    (bench.locales / "fr" / "spoken.toml").unlink()
    _, said = bench.run("status", languages="en es pl fr")
    closed = {line.split()[0]: line.partition("closed: ")[2] for line in said.splitlines() if "closed: " in line}
    assert closed["pl"] == (
        f"its files cannot be read: {bench.catalog('pl')}:1: "
        "This is not a valid PO file: Unknown or misformatted keyword."
    )
    assert closed["fr"].startswith(f"its files cannot be read: {bench.locales}/fr/spoken.toml: How fr says quantities")
    assert closed["de"] == "not among LANGUAGES"
    assert "es" not in closed
    assert f"{len(LANGUAGES) - 2} whole languages, 0 reviewed." in said


@pytest.mark.parametrize("setting", ["announce", "hide"])
def test_status_hides_no_language_that_the_gate_closes(bench: Bench, setting: str) -> None:
    _, said = bench.run("status", languages="en es pl", UNREVIEWED_LANGUAGES=setting)
    reason = "no qualified person has reviewed all of it (UNREVIEWED_LANGUAGES is hide)"
    assert said.count(reason) == (2 if setting == "hide" else 0)
