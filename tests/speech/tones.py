"""A hand-written engine for tests: it "speaks" any words as a tone, at once, and can be told to fail, die or dawdle."""

import hashlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ivr.errors import SpeechError
from ivr.speech.build import build
from ivr.speech.sound import SLOW, Grade, Samples, Speech
from ivr.wording.script import ScriptLine


def tone(seconds: float, rate: int = 16_000, pitch: float = 300.0, level: float = 0.3) -> Samples:
    """A tone that swells and fades four times a second, as syllables do; `level` is its highest sample."""
    at = np.arange(round(seconds * rate)) / rate
    swell = 0.55 - 0.45 * np.cos(2 * np.pi * 4 * at)
    return np.asarray(level * swell * np.sin(2 * np.pi * pitch * at), dtype=np.float32)


@dataclass(frozen=True)
class Tones:
    """Speaks `languages`, ten letters a second; refuses words with "!", dies at "†", and takes `dawdle` seconds."""

    languages: tuple[str, ...] = ("en", "es")
    speaker: str = "alto"
    name: str = "tones"
    version: str = "1"
    preprocessors: tuple[str, ...] = ()
    own_slow_pace: bool = True
    dawdle: float = 0.0

    def grade(self, language: str) -> Grade | None:
        return Grade.BASIC if language in self.languages else None

    def name_voice(self, language: str) -> str:
        return f"{self.speaker}-{language}"

    def list_parameters(self, language: str, *, slow: bool) -> Mapping[str, object]:
        return {"pace": SLOW if slow else 1.0}

    def speak(self, text: str, language: str, *, slow: bool) -> Speech:
        time.sleep(self.dawdle)
        if "!" in text:
            raise SpeechError("The tones refuse to shout.")
        if "†" in text:
            os._exit(9)
        pitch = 250 + int(hashlib.sha256((self.speaker + text).encode()).hexdigest()[:4], 16) / 100
        return Speech(tone(max(len(text), 4) / 10 / (SLOW if slow else 1.0), pitch=pitch), 16_000)


def script(language: str = "en", **words: str) -> dict[str, tuple[ScriptLine, ...]]:
    """A script of one language, from ids and words."""
    return {language: tuple(ScriptLine(language, id_, text) for id_, text in words.items())}


def line(id_: str, text: str, language: str = "en") -> ScriptLine:
    """One line of a script."""
    return ScriptLine(language, id_, text)


def main() -> None:
    """A build in a process of its own: the arguments are the folder, its processes, the words, and what happens to it
    when so many clips are ready."""
    folder, jobs, words, happening, at = sys.argv[1:]
    # A shell that starts the tests in the background has them, and so this process, ignore interrupts.
    signal.signal(signal.SIGINT, signal.default_int_handler)

    def meet(done: int, _: int) -> None:
        if done == int(at):
            HAPPENINGS[happening]()

    build(script(**json.loads(words)), [Tones(dawdle=0.05)], Path(folder), jobs=int(jobs), on_progress=meet)


def _wait_for_a_word() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()


def _press_ctrl_c() -> None:
    """Comes from beside, so that it finds the build wherever it is."""
    threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGINT)).start()


HAPPENINGS: Mapping[str, Callable[[], object]] = {
    "is killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "is interrupted": _press_ctrl_c,
    "waits": _wait_for_a_word,
}


if __name__ == "__main__":
    main()
