"""Random numbers, days and times, as a reminder plays them: what is played, and what counts as understood."""

import io
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
import soundfile

from ivr.errors import SpeechError
from ivr.line.languages import LANGUAGES
from ivr.speech.build import build
from ivr.speech.clips import Clips
from ivr.speech.hearing_kept import KeptHearings
from ivr.speech.hearing_units import (
    GAP,
    GROUP_GAP,
    HeardSample,
    UnitSample,
    UnitScript,
    count_right,
    join_clips,
    listen_to_units,
    name_kind,
)
from ivr.speech.hearing_words import FOLDINGS, Reading
from ivr.wording.script import ScriptLine, Words
from tests.line.wordings import shipped_words
from tests.speech.tones import Tones, script

HERE_WORDS = script("en", first="This comes first.", second="And this comes after.")["en"]


@pytest.fixture(scope="module")
def words() -> Words:
    return shipped_words()


def find_sample(units: UnitScript, kind: str, seed: int = 1) -> UnitSample:
    return next(sample for sample in units.choose(3, seed) if sample.kind == kind)


def say(sample: UnitSample, replaced: Mapping[str, str] | None = None) -> str:
    """The words of a sample, as a recogniser writes them that hears everything, or something else instead."""
    return " ".join((replaced or {}).get(line.id, line.text) for line in sample.lines)


# --- What is played --------------------------------------------------------------------------------------------------


def test_a_seed_gives_the_same_samples_in_turn(words: Words) -> None:
    units = UnitScript(words, "es")
    assert [sample.kind for sample in units.choose(5, 7)] == ["number", "date", "time", "number", "date"]
    assert list(units.choose(30, 7)) == list(units.choose(30, 7))
    assert list(units.choose(30, 7)) != list(units.choose(30, 8))


def test_a_group_of_digits_is_played_and_a_day_and_a_time_behind_their_words(words: Words) -> None:
    units = UnitScript(words, "es")
    number, day, moment = units.choose(3, 1)
    kinds = [re.sub(r"\.\d+$", "", line.id) for line in number.lines]
    assert kinds == ["callback.call-us", *["digit"] * 3]
    assert number.gaps == (GAP, GROUP_GAP, GAP, GAP)
    assert [name_kind(line.id) for line in day.lines] == ["reminder", "weekday", "day", "month"]
    assert [name_kind(line.id) for line in moment.lines] == ["reminder", "hour", "minute", "part"]
    assert {*day.gaps, *moment.gaps} == {GAP}


def test_a_weekday_belongs_to_its_date(words: Words) -> None:
    for sample in UnitScript(words, "es").choose(300, 1):
        values = {name_kind(line.id): int(line.id.rpartition(".")[2]) for line in sample.lines[1:]}
        if sample.kind == "date":
            assert date(2027, values["month"], values["day"]).isoweekday() == values["weekday"]


def test_clips_are_joined_with_quiet_between_them(tmp_path: Path) -> None:
    build({"en": HERE_WORDS}, [Tones()], tmp_path, jobs=0)
    clips = Clips(tmp_path)
    sound = join_clips(UnitSample("date", HERE_WORDS, (0.25, 1.0)), clips)
    samples, rate = soundfile.read(io.BytesIO(sound))
    first, second = (clips.find_seconds(line) or 0 for line in HERE_WORDS)
    assert rate == 8_000
    assert len(samples) / rate == pytest.approx(0.25 + first + 1.0 + second, abs=0.01)
    quiet = samples[round((0.25 + first) * rate) : round((1.25 + first) * rate)]
    assert abs(quiet).max() == 0


def test_a_clip_that_is_not_there_is_told(tmp_path: Path) -> None:
    lost = ScriptLine("en", "digit.1", "one")
    with pytest.raises(SpeechError, match=r"^en has no clip of digit\.1\. Run: flask audio build$"):
        join_clips(UnitSample("number", (lost,), (GAP,)), Clips(tmp_path))


# --- What counts as understood ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_hears_every_word_has_everything_right(words: Words, language: str) -> None:
    if FOLDINGS[language].reading is Reading.SYLLABLES:
        pytest.importorskip("pypinyin")
    units = UnitScript(words, language)
    for sample in units.choose(6, 3):
        heard = units.judge(sample, ("", say(sample)))
        assert [kind for kind, is_right in heard.right if not is_right] == [], heard


def test_a_value_that_was_heard_as_another_one_is_wrong(words: Words) -> None:
    units = UnitScript(words, "es")
    sample = find_sample(units, "date")
    lines = {name_kind(line.id): line for line in sample.lines}
    others = {"weekday": "el domingo", "month": "de diciembre"}
    for kind, text in others.items():
        assert lines[kind].text != text
        heard = units.judge(sample, (say(sample, {lines[kind].id: text}),))
        assert {found for found, is_right in heard.right if not is_right} == {kind}


def test_what_is_missing_is_wrong_and_a_slip_is_not(words: Words) -> None:
    units = UnitScript(words, "es")
    sample = find_sample(units, "time")
    part = sample.lines[-1]
    missing = units.judge(sample, (say(sample, {part.id: ""}),))
    assert [kind for kind, is_right in missing.right if not is_right] == ["part"]
    slip = units.judge(sample, (say(sample, {part.id: part.text[:-1] + "x"}),))
    assert [kind for kind, is_right in slip.right if not is_right] == []


def test_a_way_that_two_values_share_tells_neither(words: Words) -> None:
    units = UnitScript(words, "es")
    lines = (ScriptLine("es", "time.part.18", "de la tarde, al final del día"),)
    heard = [
        units.judge(UnitSample("time", lines, (GAP,)), (text,)).right for text in ("de la tarde", "al final del día")
    ]
    assert heard == [(("part", False),), (("part", True),)]


def test_the_better_way_counts(words: Words) -> None:
    units = UnitScript(words, "es")
    sample = find_sample(units, "number")
    heard = units.judge(sample, ("nada", say(sample), ""))
    assert heard.heard == say(sample)
    assert heard.right == (("digit", True),) * len(sample.lines[1:])


def test_a_row_of_digits_may_be_written_in_digits(words: Words) -> None:
    units = UnitScript(words, "en")
    sample = find_sample(units, "number")
    digits = [line.id.rpartition(".")[2] for line in sample.lines[1:]]
    heard = units.judge(sample, (f"{sample.lines[0].text} A{', A'.join(digits)}.",))
    assert heard.right == (("digit", True),) * len(sample.lines[1:])
    other = ["8" if digit == "7" else digit for digit in digits]
    wrong = units.judge(sample, (f"{sample.lines[0].text} {' '.join(other)}",))
    assert [is_right for _, is_right in wrong.right] == [digit != "7" for digit in digits]


def test_right_values_and_whole_samples_are_counted() -> None:
    number = UnitSample("number", (), ())
    day = UnitSample("date", (), ())
    heard = [
        HeardSample(number, "", (("digit", True), ("digit", False))),
        HeardSample(day, "", (("day", True), ("month", True))),
    ]
    assert count_right(heard) == {
        "day": (1, 1),
        "digit": (1, 2),
        "month": (1, 1),
        "whole date": (1, 1),
        "whole number": (0, 1),
    }


class Listener:
    """Hears the same in every sound."""

    name = "listener 1"

    def hear(self, sound: bytes, language: str) -> tuple[str, ...]:
        return ("first", language)


def test_each_sample_is_played_to_the_recogniser(words: Words, tmp_path: Path) -> None:
    build({"en": HERE_WORDS}, [Tones()], tmp_path, jobs=0)
    samples = [UnitSample("date", HERE_WORDS[:1], (GAP,)), UnitSample("date", HERE_WORDS, (GAP, GAP))]
    progress: list[tuple[int, int]] = []
    heard = listen_to_units(
        UnitScript(words, "en"),
        samples,
        Clips(tmp_path),
        Listener(),
        KeptHearings(tmp_path / "kept", "listener 1"),
        jobs=0,
        on_progress=lambda done, total: progress.append((done, total)),
    )
    assert [one.sample for one in heard] == samples
    assert progress == [(1, 2), (2, 2)]
