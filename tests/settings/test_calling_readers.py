"""Each kind of setting of reminder calls is read into a typed value, or refused in words that follow its name."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest

from ivr.settings import calling_readers as calling

GOOD: list[tuple[Callable[[str], object], str, object]] = [
    (calling.whole_numbers(0, 30), "3 1", (3, 1)),
    (calling.whole_numbers(0, 30), "1, 3, 3", (3, 1)),
    (calling.whole_numbers(0, 30), "0", (0,)),
    (calling.fraction(0.1, 1000), "1", 1.0),
    (calling.fraction(0.1, 1000), "0.1", 0.1),
    (calling.fraction(0.1, 1000), "1000", 1000.0),
    (calling.span, "09:00-20:00", (time(9), time(20))),
    (calling.weekdays, "mon Sun", frozenset({0, 6})),
    (calling.retries, "", {}),
    (calling.retries, "no_answer=3/20h", {"no_answer": (3, timedelta(hours=20))}),
    (calling.retries, "busy=2/1h, machine=1/48h", {"busy": (2, timedelta(hours=1)), "machine": (1, timedelta(days=2))}),
    (calling.countries, "", frozenset()),
    (calling.countries, "GB IE GB", frozenset({"GB", "IE"})),
]


@pytest.mark.parametrize(("reader", "text", "value"), GOOD)
def test_what_is_well_written_is_read(reader: Callable[[str], object], text: str, value: object) -> None:
    assert reader(text) == value


def unread(part: str) -> str:
    return (
        f"has a part that cannot be read, {part!r}. Write it as no_answer=3/20h: at most 3 tries, at least an hour "
        "apart (47 CFR 68.318(b)). Outcomes: no_answer, busy, failed, machine."
    )


BAD: list[tuple[Callable[[str], object], str, str]] = [
    (calling.whole_numbers(0, 30), "", "must name at least one number from 0 to 30."),
    (calling.whole_numbers(0, 30), "3 31", "must be a whole number from 0 to 30, not '31'."),
    *(
        (calling.fraction(0.1, 1000), text, f"must be a number from 0.1 to 1000, not {text!r}.")
        for text in ("", "0", "0.05", "1001", "-1", "1e3", "nan", "many")
    ),
    (calling.span, "9-20", "must be written as 09:00-20:00, not '9-20'."),
    (calling.span, "09:00-24:00", "has a time that no clock shows: '09:00-24:00'."),
    (calling.span, "20:00-09:00", "ends before it begins: '20:00-09:00'."),
    (calling.span, "09:00-09:00", "ends before it begins: '09:00-09:00'."),
    (calling.weekdays, "mon someday", "must be one of mon, tue, wed, thu, fri, sat, sun, not 'someday'."),
    (calling.weekdays, "", "must name at least one of mon, tue, wed, thu, fri, sat, sun."),
    *(
        (calling.retries, part, unread(part))
        for part in ("busy", "busy=4/1h", "busy=3/0h", "busy=3/1d", "answered=1/1h")
    ),
    (calling.countries, "GB XX", "must be a country's two letters, such as US, not 'XX'."),
]


@pytest.mark.parametrize(("reader", "text", "words"), BAD)
def test_what_is_not_is_refused_in_words(reader: Callable[[str], object], text: str, words: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - its words are compared whole
        reader(text)
    assert str(caught.value) == words
