"""Numbers are words of the language that is spoken: the right gender, the right form, never a figure, never a guess."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.line.languages import LANGUAGES
from ivr.speech.spoken import QUANTITIES, digits, quantity

LONG = "treinta y una semanas"
SPOKEN = {
    "en": {
        "hour": ["one hour", "two hours", "six hours", "twelve hours", "twenty-one hours", "thirty-one hours"],
        "day": ["one day", "two days", "six days", "twelve days", "twenty-one days", "thirty-one days"],
        "week": ["one week", "two weeks", "six weeks", "twelve weeks", "twenty-one weeks", "thirty-one weeks"],
    },
    "es": {
        "hour": ["una hora", "dos horas", "seis horas", "doce horas", "veintiuna horas", "treinta y una horas"],
        "day": ["un día", "dos días", "seis días", "doce días", "veintiún días", "treinta y un días"],
        "week": ["una semana", "dos semanas", "seis semanas", "doce semanas", "veintiuna semanas", LONG],
    },
    "zh": {
        "hour": ["一个小时", "两个小时", "六个小时", "十二个小时", "二十一个小时", "三十一个小时"],
        "day": ["一天", "两天", "六天", "十二天", "二十一天", "三十一天"],
        "week": ["一个星期", "两个星期", "六个星期", "十二个星期", "二十一个星期", "三十一个星期"],
    },
}
COUNTS = (1, 2, 6, 12, 21, 31)
ROWS = [
    (language, unit, count, words)
    for language, units in SPOKEN.items()
    for unit, spoken in units.items()
    for count, words in zip(COUNTS, spoken, strict=True)
]


@pytest.mark.parametrize(("language", "unit", "count", "words"), ROWS)
def test_a_quantity_is_said_in_words(language: str, unit: str, count: int, words: str) -> None:
    assert quantity(language, count, unit) == words


@pytest.mark.parametrize(
    ("language", "count", "words"),
    [
        ("zh", 10, "十天"),
        ("zh", 20, "二十天"),
        ("zh", 22, "二十二天"),
        ("zh", 99, "九十九天"),
        ("es", 16, "dieciséis días"),
        ("es", 40, "cuarenta días"),
        ("es", 41, "cuarenta y un días"),
        ("en", 40, "forty days"),
    ],
)
def test_the_rest_of_the_numbers_are_said_in_words(language: str, count: int, words: str) -> None:
    assert quantity(language, count, "day") == words


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code not in SPOKEN])
def test_a_language_whose_counting_is_not_in_this_table_is_refused_not_guessed(language: str) -> None:
    with pytest.raises(KeyError, match=f"how {language} counts hours, days and weeks is not written yet"):
        quantity(language, 6, "hour")


def test_every_language_that_counts_is_in_this_table() -> None:
    assert QUANTITIES.keys() == SPOKEN.keys()


COUNT = st.integers(1, 99)
UNIT = st.sampled_from(["hour", "day", "week"])


@given(st.sampled_from(sorted(SPOKEN)), COUNT, UNIT)
def test_no_quantity_holds_a_figure_or_a_name_of_a_pattern(language: str, count: int, unit: str) -> None:
    assert not re.search(r"[0-9]|duration|\xa0", quantity(language, count, unit))


@given(st.sampled_from(sorted(SPOKEN)), COUNT, COUNT, UNIT)
def test_two_quantities_never_sound_the_same(language: str, one: int, other: int, unit: str) -> None:
    assert (quantity(language, one, unit) == quantity(language, other, unit)) is (one == other)


WORDS = {"0": "zero", "1": "one", "2": "two", "5": "five", "9": "nine"}


@pytest.mark.parametrize(
    ("text", "joiner", "words"),
    [
        ("911", " ", "nine one one"),
        ("112", "", "oneonetwo"),
        ("+1 (212) 55", " ", "one two one two five five"),
        ("", " ", ""),
    ],
)
def test_digits_are_said_one_by_one(text: str, joiner: str, words: str) -> None:
    assert digits(text, WORDS.__getitem__, joiner) == words
