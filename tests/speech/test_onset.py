"""A voice that sounds before the hiss that a clip begins with is measured, and cut off."""

import numpy as np
import pytest

from ivr.speech.onset import cut_stray, measure_stray
from ivr.speech.sound import Samples
from tests.speech.tones import tone

RATES = (8_000, 24_000)


def hiss(seconds: float, rate: int) -> Samples:
    """Noise without its low part, as an s has it."""
    noise = np.random.default_rng(1).standard_normal(round(seconds * rate)).astype(np.float32)
    return np.asarray(0.1 * np.diff(noise, prepend=0.0), dtype=np.float32)


def vowel(seconds: float, rate: int) -> Samples:
    at = np.arange(round(seconds * rate)) / rate
    return np.asarray(0.3 * np.sin(2 * np.pi * 220 * at), dtype=np.float32)


def quiet(seconds: float, rate: int) -> Samples:
    return np.zeros(round(seconds * rate), dtype=np.float32)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("seconds", [0.0, 0.03, 0.05, 0.1, 0.15, 0.2])
@pytest.mark.parametrize("gap", [0.0, 0.04])
def test_the_voice_before_the_first_hiss_is_measured_in_seconds(rate: int, seconds: float, gap: float) -> None:
    sound = [quiet(0.15, rate), vowel(seconds, rate), quiet(gap, rate), hiss(0.12, rate), vowel(0.3, rate)]
    assert measure_stray(np.concatenate(sound), rate) == pytest.approx(seconds, abs=0.0101)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("seconds", [0.03, 0.1, 0.2])
def test_what_is_cut_off_is_the_voice_and_not_the_hiss(rate: int, seconds: float) -> None:
    sound = np.concatenate([quiet(0.05, rate), vowel(seconds, rate), hiss(0.12, rate), vowel(0.3, rate)])
    cut = cut_stray(sound, rate)
    assert measure_stray(cut, rate) == pytest.approx(0.0, abs=0.0051)
    assert len(cut) / rate == pytest.approx(0.42, abs=0.016)


@pytest.mark.parametrize("rate", RATES)
def test_words_without_a_hiss_near_their_beginning_are_not_measured_and_stay_as_they_are(rate: int) -> None:
    for sound in (tone(1.0, rate), quiet(0.5, rate), quiet(0.0, rate), quiet(0.004, rate)):
        assert measure_stray(sound, rate) is None
        assert cut_stray(sound, rate) is sound
    late = np.concatenate([vowel(0.9, rate), hiss(0.1, rate)])
    assert measure_stray(late, rate) is None


def test_a_sound_that_begins_with_its_hiss_stays_as_it_is() -> None:
    sound = np.concatenate([hiss(0.12, 8_000), vowel(0.3, 8_000)])
    assert cut_stray(sound, 8_000) is sound


def test_the_sound_that_was_handed_in_is_not_changed() -> None:
    sound = np.concatenate([vowel(0.1, 8_000), hiss(0.12, 8_000), vowel(0.3, 8_000)])
    before = sound.copy()
    cut_stray(sound, 8_000)
    assert np.array_equal(sound, before)
