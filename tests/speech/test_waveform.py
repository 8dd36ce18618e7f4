"""The picture of a clip: a bar where it is loud, a dot where it is silent, and never taller than its frame."""

import re

import numpy as np
import pytest

from ivr.speech.sound import Samples
from ivr.speech.waveform import BARS, HEIGHT, VIEW_BOX, WIDTH, draw_waveform
from tests.speech.tones import tone

BAR = re.compile(r"M(\d+) (-?[\d.]+)v([\d.]+)")


def sound(*levels: float) -> Samples:
    return np.array(levels, dtype=np.float32)


def bars(path: str) -> list[tuple[int, float, float]]:
    """Each bar: where it stands, where it begins, and how tall it is."""
    found = [(int(at), float(top), float(tall)) for at, top, tall in BAR.findall(path)]
    assert "".join(match.group() for match in BAR.finditer(path)) == path
    return found


@pytest.mark.parametrize(
    ("levels", "path"),
    [
        ((), ""),
        ((0.0,), "M1 15.5v1.0"),
        ((0.5,), "M1 8.0v16.0"),
        ((-0.5, 0.25), "M1 8.0v16.0M3 12.0v8.0"),
        ((1.0, 0.0, -1.0), "M1 0.0v32.0M3 15.5v1.0M5 0.0v32.0"),
    ],
)
def test_a_bar_is_as_tall_as_its_highest_sample(levels: tuple[float, ...], path: str) -> None:
    assert draw_waveform(sound(*levels)) == path


def test_a_sound_beyond_full_scale_stays_in_its_frame() -> None:
    assert draw_waveform(sound(4.0)) == f"M1 0.0v{HEIGHT:.1f}"


@pytest.mark.parametrize("samples", [BARS, BARS + 1, 8_000, 200_000])
def test_every_sound_is_drawn_on_the_same_width(samples: int) -> None:
    drawn = bars(draw_waveform(np.ones(samples, dtype=np.float32)))
    assert [at for at, _, _ in drawn] == list(range(1, WIDTH, 2))
    assert {tall for _, _, tall in drawn} == {HEIGHT}
    assert f"0 0 {WIDTH} {HEIGHT}" == VIEW_BOX


def test_silence_before_and_after_the_words_is_seen() -> None:
    quiet = np.zeros(8_000, dtype=np.float32)
    heights = [tall for _, _, tall in bars(draw_waveform(np.concatenate([quiet, tone(2.0, rate=8_000), quiet])))]
    quarter = BARS // 4
    assert set(heights[:quarter] + heights[-quarter:]) == {1.0}
    assert min(heights[quarter:-quarter]) > 1.0


def test_no_sample_is_left_out_of_the_picture() -> None:
    for at in range(200):
        samples = np.zeros(200, dtype=np.float32)
        samples[at] = 1.0
        assert sum(tall == HEIGHT for _, _, tall in bars(draw_waveform(samples))) == 1
