"""How fast speech is made: clips a minute by engine, mastering, and a rebuild after one changed sentence."""

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from ivr.speech.build import build
from ivr.speech.engines import find_engines
from ivr.speech.mastering import master, slow_down
from ivr.speech.sound import Engine, Speech
from ivr.wording.script import ScriptLine

SENTENCES = (
    "Do not eat or drink anything for six hours before the procedure.",
    "You have the right to learn about your condition, and how it may be treated.",
    "The cut is covered with a bandage.",
    "Plan for someone to drive you home.",
)
CLIPS = 24


def bench() -> None:
    """Prints a line for each engine that is here."""
    print("\nSpeech, one process; ×N is seconds of speech for each second of work")
    print(f"{'engine':8} {'clips a minute':>15} {'spoken':>8} {'mastered':>9} {'slowed':>8} {'rebuild of one':>15}")
    for engine in find_engines(("kokoro", "pico", "espeak")):
        spoken, sounds = _spoken(engine)
        mastered = _times(sounds, lambda sound: master(sound))
        slowed = _times(sounds, slow_down)
        whole, one = _built(engine)
        share = f"{one / whole:.0%} of all"
        print(
            f"{engine.name:8} {60 * CLIPS / whole:15.0f} {f'×{spoken:.0f}':>8} {f'×{mastered:.0f}':>9} "
            f"{f'×{slowed:.0f}':>8} {share:>15}"
        )


def _spoken(engine: Engine) -> tuple[float, list[Speech]]:
    engine.speak(SENTENCES[0], "en", slow=False)  # the first words load the voice
    begin = time.perf_counter()
    sounds = [engine.speak(sentence, "en", slow=False) for sentence in SENTENCES]
    return sum(sound.seconds for sound in sounds) / (time.perf_counter() - begin), sounds


def _times(sounds: list[Speech], work: Callable[[Speech], object]) -> float:
    begin = time.perf_counter()
    for sound in sounds * 3:
        work(sound)
    return 3 * sum(sound.seconds for sound in sounds) / (time.perf_counter() - begin)


def _built(engine: Engine) -> tuple[float, float]:
    """Seconds for a small script in both paces, and again after one of its sentences changed."""
    lines = [ScriptLine("en", f"clip.{n}", f"{SENTENCES[n % 4]} {'Again. ' * (n // 4)}") for n in range(CLIPS // 2)]
    with tempfile.TemporaryDirectory() as folder:
        whole = _seconds(lines, engine, Path(folder))
        changed = [replace(lines[0], text="These words are new."), *lines[1:]]
        return whole, _seconds(changed, engine, Path(folder))


def _seconds(lines: Sequence[ScriptLine], engine: Engine, folder: Path) -> float:
    begin = time.perf_counter()
    build({"en": tuple(lines)}, [engine], folder, jobs=0)
    return time.perf_counter() - begin
