"""A day and a time are said as one clip where it was made before the call, else piece by piece."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from ivr.line.languages import LANGUAGES
from ivr.line.nodes import When
from ivr.line.prompts import Utterance
from ivr.speech.clips import Clips
from ivr.speech.whole_phrases import name_day_phrase, name_time_phrase
from ivr.voice.calendar import SpokenCalendar
from ivr.wording.catalogs import Catalog
from ivr.wording.language_files import LanguageFiles
from ivr.wording.review import ReviewRecord
from ivr.wording.script import ScriptLine, Words
from ivr.wording.spoken import read_spoken
from ivr.wording.standing import Wording
from tests.conftest import ROOT
from tests.topics import clinic_values
from tests.voice.reminding import TUESDAY

WORDS = Words(
    (),
    {
        code: LanguageFiles(
            code, Catalog(code, "", {}), Wording(code, {}), read_spoken(ROOT / "locales", code), ReviewRecord(code)
        )
        for code in LANGUAGES
    },
    clinic_values(),
)
NOW = TUESDAY - timedelta(days=3)
DAY, TIME = name_day_phrase(TUESDAY), name_time_phrase(TUESDAY)
PIECES = {
    "en": ("date.weekday.2 date.month.12 date.day.1", "time.hour.14 time.minute.30 time.part.14"),
    "es": ("date.weekday.2 date.day.1 date.month.12", "time.hour.14 time.minute.30 time.part.14"),
    "zh": ("date.month.12 date.day.1 date.weekday.2", "time.part.14 time.hour.14 time.minute.30"),
}


@dataclass(frozen=True)
class Shelf:
    """Holds the clips of some lines."""

    held: frozenset[tuple[str, str, str]] = frozenset()

    def find(self, line: ScriptLine, *, slow: bool) -> str | None:
        return "clip" if (line.language, line.id, line.text) in self.held else None


def told(language: str, *whole: str, moment: datetime = TUESDAY) -> Mapping[object, str]:
    """How a moment is said where these phrases are clips."""
    held = frozenset((language, name, WORDS.text(language, Utterance(name))) for name in whole)
    return cast(Mapping[object, str], SpokenCalendar(WORDS, cast(Clips, Shelf(held))).say_moment(language, moment, NOW))


def test_the_phrases_are_named_by_day_and_by_time_of_day() -> None:
    assert (DAY, TIME) == ("date.2026-12-01", "time.14-30")


@pytest.mark.parametrize("language", PIECES)
@pytest.mark.parametrize("whole", [(), (DAY,), (TIME,), (DAY, TIME), ("date.2026-12-02", "time.14-35")])
def test_what_was_made_whole_is_said_whole_and_the_rest_in_pieces(language: str, whole: tuple[str, ...]) -> None:
    day, time = PIECES[language]
    assert told(language, *whole) == {
        When.DAY: DAY if DAY in whole else day,
        When.TIME: TIME if TIME in whole else time,
        When.AWAY: "away.days.3",
    }


@pytest.mark.parametrize(
    ("days", "clip"),
    [(0, "away.days.0"), (1, "away.days.1"), (2, "away.days.2"), (30, "away.days.30"), (31, ""), (-1, "")],
)
def test_how_far_off_the_day_is_told_up_to_thirty_days(days: int, clip: str) -> None:
    calendar = SpokenCalendar(WORDS, cast(Clips, Shelf()))
    assert calendar.say_moment("en", TUESDAY, TUESDAY - timedelta(days=days))[When.AWAY] == clip


def test_how_far_off_it_is_follows_the_clinics_calendar_and_not_the_hours_between() -> None:
    calendar = SpokenCalendar(WORDS, cast(Clips, Shelf()))
    last_night = TUESDAY.replace(hour=23, minute=50) - timedelta(days=1)
    assert calendar.say_moment("en", TUESDAY, last_night.astimezone(UTC))[When.AWAY] == "away.days.1"


def test_a_clip_in_another_language_is_no_clip() -> None:
    held = frozenset({("es", DAY, WORDS.text("es", Utterance(DAY)))})
    aloud = SpokenCalendar(WORDS, cast(Clips, Shelf(held))).say_moment("en", TUESDAY, NOW)
    assert aloud[When.DAY] == PIECES["en"][0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_every_language_the_pieces_say_what_the_whole_phrase_says(language: str) -> None:
    aloud = told(language)
    for part, whole in ((When.DAY, DAY), (When.TIME, TIME)):
        pieces = [WORDS.text(language, Utterance(piece)) for piece in aloud[part].split()]
        forms = WORDS.language_files[language].forms
        assert forms is not None
        assert forms.joiner.join(pieces) == WORDS.text(language, Utterance(whole))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pieces_name_the_day_the_month_the_weekday_and_the_hour_whatever_the_order(language: str) -> None:
    day, time = told(language)[When.DAY].split(), told(language)[When.TIME].split()
    assert sorted(day) == ["date.day.1", "date.month.12", "date.weekday.2"]
    assert "time.hour.14" in time
    assert set(time) <= {"time.hour.14", "time.minute.30", "time.part.14"}


@pytest.mark.parametrize(
    ("language", "said"), [("en", "o'clock"), ("es", "en punto"), ("zh", "整"), ("de", "genau"), ("ar", "تمامًا")]
)
def test_the_whole_hour_has_a_word_of_its_own(language: str, said: str) -> None:
    time = told(language, moment=TUESDAY.replace(minute=0))[When.TIME].split()
    assert [WORDS.text(language, Utterance(name)) for name in time if "minute" in name] == [said]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_leaves_out_the_minutes_of_a_whole_hour(language: str) -> None:
    time = told(language, moment=TUESDAY.replace(minute=0))[When.TIME].split()
    assert [name for name in time if "minute" in name] == ["time.minute.0"]


def test_a_time_off_the_steps_of_five_minutes_cannot_be_said() -> None:
    with pytest.raises(ValueError, match="not a step of five minutes"):
        told("en", moment=TUESDAY.replace(minute=31))


def test_the_clock_is_the_one_that_the_moment_shows() -> None:
    assert told("en", moment=TUESDAY.astimezone(UTC))[When.TIME] == "time.hour.19 time.minute.30 time.part.19"
