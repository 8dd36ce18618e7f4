"""The picture of a clip: how loud it is from beginning to end, as the `d` of one SVG path.

A reader sees at a glance what a number hides: words cut off at an end, a long silence, a click. Every clip is drawn on
the same width, and full scale is the picture's whole height, so pictures of two clips can be compared.
"""

from itertools import pairwise

from ivr.speech.sound import Samples

BARS = 96
"""Bars in a picture, however long the clip is."""
STEP = 2
"""From one bar to the next, in the picture's own units; a bar is drawn with a stroke narrower than this."""
WIDTH = BARS * STEP
HEIGHT = 32
VIEW_BOX = f"0 0 {WIDTH} {HEIGHT}"
"""For the `viewBox` of the SVG that holds the path."""
_LEAST = 0.5
"""Half the height of a bar of silence: a picture is never empty."""


def draw_waveform(samples: Samples) -> str:
    """The path of a sound, shape (n,), full scale ±1.0: one upright stroke a bar, as tall as its highest sample.

    A sound shorter than BARS samples has as many bars as samples; "" for no sound at all.
    """
    import numpy as np  # here, because the web process imports this file, and mostly draws nothing

    bars = min(BARS, len(samples))
    edges = np.linspace(0, len(samples), bars + 1).astype(int)
    peaks = (float(np.abs(samples[first:last]).max()) for first, last in pairwise(edges))
    return "".join(_draw_bar(number, peak) for number, peak in enumerate(peaks))


def _draw_bar(number: int, peak: float) -> str:
    half = max(min(peak, 1.0) * HEIGHT / 2, _LEAST)
    return f"M{number * STEP + STEP // 2} {HEIGHT / 2 - half:.1f}v{2 * half:.1f}"
