"""Seconds of speech mastered a second: what one process does with a voice's sound."""

import time

import numpy as np

from ivr.speech.engines import installed
from ivr.speech.mastering import master

SENTENCES = (
    "Do not eat or drink anything for six hours before the procedure.",
    "You have the right to learn about your condition, and how it may be treated.",
)


def bench() -> None:
    """Prints a line for each engine."""
    print("\nSpeech, one process: seconds of speech for each second of work")
    for engine in installed(("pico", "espeak")):
        spoken = [engine.speak(sentence, "en", slow=False) for sentence in SENTENCES]
        seconds = sum(len(speech.samples) / speech.rate for speech in spoken)
        begin = time.perf_counter()
        for _ in range(10):
            for speech in spoken:
                master(speech)
        mastered = 10 * seconds / (time.perf_counter() - begin)
        begin = time.perf_counter()
        for sentence in SENTENCES:
            engine.speak(sentence, "en", slow=False)
        made = seconds / (time.perf_counter() - begin)
        print(
            f"{engine.name:10} spoken ×{made:.0f}, mastered ×{mastered:.0f}, {np.mean([s.rate for s in spoken]):.0f} Hz"
        )
