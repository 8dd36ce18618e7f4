"""Words are counted as each language writes them, and every language has a pace to keep."""

from itertools import pairwise

import pytest

from ivr.line.language import Band
from ivr.line.languages import LANGUAGES
from ivr.speech.pace import (
    ENOUGH,
    count_letters,
    count_units,
    find_median,
    find_pace,
    find_rate,
    find_seconds_a_letter,
    measure_band_distance,
    measure_distance,
    measure_length,
    name_unit,
)


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("Welcome to the line, and thank you.", "en", 7),
        ("An x-ray - or none - at 12:30.", "en", 6),
        ("Pour l’écouter, appuyez sur le 1.", "fr", 6),
        ("Về hai thủ thuật.", "vi", 4),
        ("수술 전 여섯 시간 동안 드시지 마세요.", "ko", 7),
        ("手术前六小时内，请不要吃东西。", "zh", 13),
        ("關於呢兩種手術。", "yue", 7),
        ("メインメニューです。", "ja", 9),
        ("「か\u3099」と言う。", "ja", 4),
        ("بعضی از دکمه‌ها کار می‌کنند.", "fa", 5),
        ("— …", "en", 0),
        ("", "zh", 0),
    ],
)
def test_words_are_counted_between_spaces_and_chinese_and_japanese_by_their_characters(
    text: str, language: str, number: int
) -> None:
    assert count_units(text, language) == number


@pytest.mark.parametrize(
    ("text", "language", "seconds", "rate"),
    [
        ("One two three four five.", "en", 2.0, 150.0),
        ("One two three four.", "en", 2.0, None),
        ("一二三四五六七八。", "zh", 2.0, 240.0),
        ("一二三四五六七。", "zh", 2.0, None),
        ("One two three four five.", "en", 0.0, None),
    ],
)
def test_a_pace_is_units_a_minute_and_too_few_words_have_none(
    text: str, language: str, seconds: float, rate: float | None
) -> None:
    assert find_rate(text, language, seconds) == rate


def test_where_words_have_no_spaces_the_unit_is_a_character() -> None:
    assert [name_unit(code) for code in ("zh", "yue", "ja")] == ["characters"] * 3
    assert [name_unit(code) for code in ("en", "vi", "ko", "ar", "xx")] == ["words"] * 5


def test_a_language_that_the_line_does_not_have_has_no_pace() -> None:
    assert find_pace("xx") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_band_of_the_middle_lies_within_the_band_of_one_clip(language: str) -> None:
    pace = LANGUAGES[language].pace
    bounds = (0, pace.clip.lowest, pace.middle.lowest, pace.middle.highest, pace.clip.highest)
    assert all(low < high for low, high in pairwise(bounds))


@pytest.mark.parametrize(("rate", "far"), [(200, 0.0), (400, 1.0), (100, 1.0), (800, 2.0), (50, 2.0)])
def test_a_band_is_measured_by_ratio(rate: float, far: float) -> None:
    assert measure_band_distance(Band(100, 400), rate) == pytest.approx(far)


def test_a_slow_voice_has_the_band_at_its_share() -> None:
    assert Band(100, 200).scale(0.8) == Band(80, 160)


@pytest.mark.parametrize(
    ("value", "far"), [(5.0, 0.0), (9.0, 1.0), (7.0, 0.5), (4.0, 0.5), (3.0, 1.0), (13.0, 2.0), (1e9, 99.0)]
)
def test_towards_says_how_near_the_limit_is_on_either_side(value: float, far: float) -> None:
    assert measure_distance(value, 3.0, 5.0, 9.0) == pytest.approx(far)


def test_the_middle_needs_enough_clips_and_skips_those_without_a_pace() -> None:
    rates = [100.0] * 9 + [None] * 5 + [300.0] * 10
    assert find_median(rates) is None
    assert find_median([*rates, 300.0]) == 300.0
    assert find_median([float(rate) for rate in range(ENOUGH)]) == 9.5


@pytest.mark.parametrize(
    ("text", "language", "worth"),
    [
        ("Nine.", "en", 4),
        ("12:30", "de", 16),
        ("你好。", "zh", 8),
        ("手の", "ja", 5.5),
        ("メニュー", "ja", 8),
        ("수술", "ko", 5),
    ],
)
def test_every_script_is_weighed_in_letters(text: str, language: str, worth: float) -> None:
    assert count_letters(text, language) == worth


@pytest.mark.parametrize(
    ("text", "language", "worth"),
    [
        ("Yes.", "en", 3),
        ("Yes. No.", "en", 3 + 5 + 2),
        ("Yes, no!", "en", 3 + 3 + 2),
        ("是。是。", "zh", 4 + 5 + 4),
        ("نعم، نعم؟", "ar", 3 + 3 + 3),
    ],
)
def test_pauses_inside_are_length_and_the_last_stop_is_none(text: str, language: str, worth: float) -> None:
    assert measure_length(text, language) == worth


def test_seconds_a_letter_is_the_middle_of_the_sentences_of_a_voice() -> None:
    sentences = [(20.0 + number, (20.0 + number) * 0.07) for number in range(ENOUGH)]
    words = [(3.0, 0.9)] * 50
    assert find_seconds_a_letter([*sentences, *words]) == pytest.approx(0.07)
    assert find_seconds_a_letter([*sentences[:-1], *words]) is None
