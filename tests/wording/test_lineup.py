"""What has to be spoken holds what waits to be opened, too, and every place that a language can have in a menu."""

from dataclasses import replace
from pathlib import Path

import pytest

from ivr.errors import CatalogError
from ivr.line.table import LANGUAGES_PER_PAGE, Plan, build_line
from ivr.wording.lineup import (
    find_faults,
    list_prompts,
    read_words,
    write_lineup,
    write_shipped_lineup,
)
from ivr.wording.script import ScriptLine, Words
from tests.line.wordings import TOPICS, shipped_words
from tests.wording.translation import LOCALES

WANTED = ("en", "es", "pl", "zh")
OPEN = Plan(("en", "es"), ("en", "es"), frozenset({"es"}))


def without(code: str, prompt: str) -> Words:
    """The shipped words, but that one prompt of a language has none."""
    words = shipped_words()
    files = words.language_files[code]
    lacking = replace(files, wording=replace(files.wording, missing=(prompt,)))
    return Words(words.prompts.values(), {**words.language_files, code: lacking}, words.values)


def measure_nothing(_: ScriptLine) -> float | None:
    return None


def test_a_language_that_waits_to_be_opened_is_spoken_too() -> None:
    line = build_line(TOPICS, OPEN)
    lineup = write_lineup(line, TOPICS, shipped_words(), WANTED, OPEN)
    assert list(lineup) == ["en", "es", "pl", "zh"]
    assert {"language.choice.3", "hello.unreviewed"} <= {clip.id for clip in lineup["pl"]}


def test_a_language_without_words_for_all_is_not_spoken() -> None:
    lineup = write_lineup(build_line(TOPICS, OPEN), TOPICS, without("pl", "goodbye"), WANTED, OPEN)
    assert list(lineup) == ["en", "es", "zh"]


def test_no_clip_of_the_lineup_stands_twice() -> None:
    for clips in write_lineup(build_line(TOPICS, OPEN), TOPICS, shipped_words(), WANTED, OPEN).values():
        assert len({clip.id for clip in clips}) == len(clips)


def test_the_shipped_lineup_holds_each_language_in_each_place_of_a_menu() -> None:
    codes = tuple(shipped_words().language_files)[: LANGUAGES_PER_PAGE + 1]
    shipped = write_shipped_lineup(TOPICS, shipped_words(), codes, OPEN)
    assert list(shipped) == list(codes)
    for code in codes:
        places = {clip.id for clip in shipped[code] if clip.id.startswith("language.choice.")}
        assert places == {f"language.choice.{key}" for key in range(1, LANGUAGES_PER_PAGE + 1)}, code


def test_words_are_read_with_english_whichever_languages_are_wanted() -> None:
    words = read_words(LOCALES, ["es"], TOPICS, shipped_words().values)
    assert list(words.language_files) == ["es", "en"]
    assert list(words.prompts) == [prompt.id for prompt in list_prompts(TOPICS)]


def test_english_that_cannot_be_read_stops_the_line_and_any_other_language_does_not(tmp_path: Path) -> None:
    with pytest.raises(CatalogError):
        read_words(tmp_path, ["es"], TOPICS, shipped_words().values)
    english = tmp_path / "en" / "spoken.toml"
    english.parent.mkdir()
    english.write_bytes((LOCALES / "en" / "spoken.toml").read_bytes())
    words = read_words(tmp_path, ["es"], TOPICS, shipped_words().values)
    assert words.language_files["es"].faults


def test_the_lint_is_handed_the_words_and_the_length_of_every_clip() -> None:
    line = build_line(TOPICS, OPEN)
    assert find_faults(line, TOPICS, shipped_words(), measure_nothing) == []
    places = {
        fault.place for fault in find_faults(line, TOPICS, shipped_words(), lambda clip: float(clip.id == "sorry") * 26)
    }
    assert places == {"en sorry", "es sorry"}
