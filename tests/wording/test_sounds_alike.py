"""No two values that matter are left without a second sign of difference, where they sound alike (`alike.toml`).

A second sign is another way in which one of the two is said (a pause sign stands between the ways), or another piece of
the same date or time: the weekday and the month of a date, the part of the day of a time. How far off the day is comes
on top of that, and is not counted here.
"""

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest

from ivr.line.languages import LANGUAGES
from ivr.wording.catalogs import locate_catalog, read_entries
from ivr.wording.spoken import SpokenForms, read_spoken
from tests.conftest import ROOT

ALIKE: dict[str, dict[str, list[list[int]]]] = tomllib.loads((Path(__file__).parent / "alike.toml").read_text("utf-8"))
TRANSLATED = [code for code in LANGUAGES if code != "en"]
PAUSES = ",،，、"
THREE_MONTHS = 92


def is_said_in_two_ways(*forms: str) -> bool:
    return any(sign in form for form in forms for sign in PAUSES)


def sound_class(language: str, kind: str, forms: dict[int, str], value: int) -> int:
    """The smallest value that this one can be taken for, without a second sign."""
    reached, waiting = {value}, [value]
    while waiting:
        here = waiting.pop()
        for pair in ALIKE[language].get(kind, []):
            if here in pair and not is_said_in_two_ways(*(forms[other] for other in pair)):
                waiting += [other for other in pair if other not in reached]
                reached |= set(pair)
    return min(reached)


def read_forms(language: str) -> SpokenForms:
    return read_spoken(ROOT / "locales", language)


def number_from_one(forms: tuple[str, ...]) -> dict[int, str]:
    return dict(enumerate(forms, 1))


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_two_dates_within_three_months_share_every_sound(language: str) -> None:
    lists = read_forms(language).lists
    kinds = {kind: number_from_one(lists[f"date.{kind}"]) for kind in ("weekday", "month", "day")}

    def sound(day: date) -> tuple[int, int, int]:
        values = {"weekday": day.weekday() + 1, "month": day.month, "day": day.day}
        weekday, month, number = (sound_class(language, kind, kinds[kind], values[kind]) for kind in values)
        return weekday, month, number

    days = [date(2027, 1, 1) + timedelta(days=passed) for passed in range(366)]
    heard: dict[tuple[int, int, int], list[date]] = {}
    for day in days:
        heard.setdefault(sound(day), []).append(day)
    taken_for = [
        (str(one), str(other))
        for same in heard.values()
        for one, other in combinations(same, 2)
        if (other - one).days <= THREE_MONTHS
    ]
    assert taken_for == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_two_times_of_a_day_share_every_sound(language: str) -> None:
    lists = read_forms(language).lists
    hours = {hour % 12 or 12: lists["time.hour"][hour] for hour in range(24)}
    heard: dict[tuple[int, int, str], list[str]] = {}
    for hour in range(24):
        for step in range(12):
            kind = sound_class(language, "hour", hours, hour % 12 or 12)
            own = lists["time.hour"][hour] if lists["time.hour"][hour] != hours[hour % 12 or 12] else ""
            heard.setdefault((kind, step, own + lists["time.part"][hour]), []).append(f"{hour}:{5 * step:02}")
    assert [same for same in heard.values() if len(same) > 1] == []


def list_pairs(kind: str) -> Iterator[tuple[str, int, int]]:
    for language, kinds in ALIKE.items():
        for one, other in kinds.get(kind, []):
            yield language, one, other


@pytest.mark.parametrize(("language", "one", "other"), list(list_pairs("count")))
@pytest.mark.parametrize("unit", ["hour", "week"])
def test_of_two_quantities_that_sound_alike_one_is_said_in_two_ways(
    language: str, one: int, other: int, unit: str
) -> None:
    forms = number_from_one(read_forms(language).lists[f"quantity.{unit}"])
    if one in forms and other in forms:
        assert is_said_in_two_ways(forms[one], forms[other])


@pytest.mark.parametrize(("language", "one", "other"), list(list_pairs("key")))
def test_of_two_keys_that_sound_alike_one_has_a_second_sign(language: str, one: int, other: int) -> None:
    words = read_entries(locate_catalog(ROOT / "locales", language))
    first, second = words[f"key.{one}"].text, words[f"key.{other}"].text
    digits = words[f"digit.{one}"].text, words[f"digit.{other}"].text
    assert is_said_in_two_ways(first, second) or (first.casefold(), second.casefold()) != digits


def test_every_translation_has_its_table_and_english_needs_none() -> None:
    assert set(ALIKE) == set(TRANSLATED)
