"""How the settings of reminder calls are read: days, hours, retries, countries. As in `readers.py`, in words."""

import re
from datetime import time, timedelta

from ivr.settings.readers import WEEKDAYS, Reader, country, whole, words


def whole_numbers(low: int, high: int) -> Reader[tuple[int, ...]]:
    """`3 1`: whole numbers within bounds, each once, the largest first."""

    def reader(text: str) -> tuple[int, ...]:
        found = {whole(low, high)(part) for part in text.replace(",", " ").split()}
        if not found:
            raise ValueError(f"must name at least one number from {low} to {high}.")
        return tuple(sorted(found, reverse=True))

    return reader


def fraction(low: float, high: float) -> Reader[float]:
    """A number with or without a fraction, within bounds."""

    def reader(text: str) -> float:
        if not re.fullmatch(r"\d{1,4}(\.\d{1,3})?", text) or not low <= float(text) <= high:
            raise ValueError(f"must be a number from {low:g} to {high:g}, not {text!r}.")
        return float(text)

    return reader


def span(text: str) -> tuple[time, time]:
    """`09:00-20:00`: from when until when."""
    if not re.fullmatch(r"\d\d:\d\d-\d\d:\d\d", text):
        raise ValueError(f"must be written as 09:00-20:00, not {text!r}.")
    try:
        first, last = (time.fromisoformat(part) for part in text.split("-"))
    except ValueError as error:
        raise ValueError(f"has a time that no clock shows: {text!r}.") from error
    if first >= last:
        raise ValueError(f"ends before it begins: {text!r}.")
    return first, last


def weekdays(text: str) -> frozenset[int]:
    """`mon tue wed`; 0 is Monday."""
    return frozenset(WEEKDAYS.index(word) for word in words(*WEEKDAYS)(text.lower()))


RETRY_OUTCOMES = ("no_answer", "busy", "failed", "machine")


def retries(text: str) -> dict[str, tuple[int, timedelta]]:
    """`no_answer=3/20h busy=3/1h`: how many tries in all after an outcome, and the hours between; "" for no retries."""
    found: dict[str, tuple[int, timedelta]] = {}
    for part in text.replace(",", " ").split():
        told = re.fullmatch(r"([a-z_]+)=([1-3])/(\d{1,2})h", part)
        if told is None or told[1] not in RETRY_OUTCOMES or int(told[3]) < 1:
            raise ValueError(
                f"has a part that cannot be read, {part!r}. Write it as no_answer=3/20h: at most 3 tries, at least an "
                f"hour apart (47 CFR 68.318(b)). Outcomes: {', '.join(RETRY_OUTCOMES)}."
            )
        found[told[1]] = (int(told[2]), timedelta(hours=int(told[3])))
    return found


def countries(text: str) -> frozenset[str]:
    """`GB IE`; "" for none."""
    return frozenset(country(code) for code in text.replace(",", " ").split())
