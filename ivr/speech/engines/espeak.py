"""eSpeak NG, a robotic offline voice for nearly every language: a preview, so that a new language can be heard at once.

The library's state is global and its C code may die on odd input, so it lives in a worker process of its own
(`espeak_worker.py`). A worker that dies is replaced and asked once more; one that does not answer in time is ended.
Japanese is put into kana first (`kana.py`). That is part of the address of its clips only, so it stands in their
`parameters`, not in `preprocessors`.
"""

import json
import re
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path
from typing import IO, Any, cast

from ivr.errors import SpeechError
from ivr.line.languages import find_reading, find_speed, find_voice
from ivr.speech.engines import kana
from ivr.speech.sound import SLOW, Grade, Speech, read_16_bit

PACKAGE = "espeakng-loader"
TIMEOUT = 30.0
"""Seconds for one text; a minute of speech takes about 0.2."""

USUAL_RATE = 130
"""eSpeak's words a minute for the normal pace, where a language's row names no other. Measured over the line's whole
script, its pauses included: English at 130 is 150 words a minute, Mandarin at 160 is about 220 characters a minute.
Japanese at 128 is about 300 morae a minute and Tagalog at 134 is 123 of its longer words; in both the longest clip then
takes just under 25 seconds."""

VOLUME = 60
"""At eSpeak's own volume of 100 the klatt voices clip; mastering sets the loudness anyway."""

_SWITCH = re.compile(r"\([^()]*\)")
_Answer = tuple[dict[str, Any], bytes]


@dataclass(frozen=True)
class Respelling:
    """What puts a language's words into letters that the library reads; `versions` stand in a clip's address."""

    respell: Callable[[str], str]
    versions: Callable[[], tuple[str, ...]]
    is_available: Callable[[], bool]


RESPELLINGS: Mapping[str, Respelling] = {"kana": Respelling(kana.write_kana, kana.list_versions, kana.is_available)}
"""By the name that a language's row gives it (`reads`)."""


class Espeak:
    """The voices of eSpeak NG, by the library in `espeakng-loader`. Close it, or let it go: its worker ends with it."""

    name = "espeak"
    own_slow_pace = True
    preprocessors: tuple[str, ...] = ()

    def __init__(self, data: Path | None = None, timeout: float = TIMEOUT) -> None:
        """`data` is the folder espeak-ng-data, where not the package's own; `timeout` is in seconds a text."""
        self._data, self._timeout = data, timeout
        self._lock = threading.Lock()
        self._worker: _Worker | None = None

    def __reduce__(self) -> tuple[type["Espeak"], tuple[Path | None, float]]:
        return Espeak, (self._data, self._timeout)

    @staticmethod
    def is_installed() -> bool:
        """Whether this machine has it."""
        return util.find_spec("espeakng_loader") is not None

    @property
    def version(self) -> str:
        """The version of the package, which carries the library."""
        return metadata.version(PACKAGE)

    def grade(self, language: str) -> Grade | None:
        """Preview, in the languages that it has a voice for."""
        respelling = _find_respelling(language)
        spoken = find_voice(self.name, language) and (respelling is None or respelling.is_available())
        return Grade.PREVIEW if spoken else None

    def name_voice(self, language: str) -> str:
        """The library's voice with its variant, such as "es-419+klatt4". Raises SpeechError where it has none."""
        if self.grade(language) is None:
            raise SpeechError(f"eSpeak has no voice for {language}.")
        return find_voice(self.name, language)

    def list_parameters(self, language: str, *, slow: bool) -> Mapping[str, object]:
        """`rate`, in the library's own words a minute; `volume`, 100 being its default; `respelled`, where it is."""
        respelling = _find_respelling(language)
        respelled = {"respelled": list(respelling.versions())} if respelling else {}
        return {**_write_pace(language, slow=slow), **respelled}

    def speak(self, text: str, language: str, *, slow: bool) -> Speech:
        """Speaks `text`. Raises SpeechError where there is no voice, no sound, or no answer."""
        voice = self.name_voice(language)
        respelling = _find_respelling(language)
        words = respelling.respell(text) if respelling else text
        request = {"text": words, "voice": voice, **_write_pace(language, slow=slow)}
        with self._lock:
            head, sound = self._ask(request)
        if not sound:
            raise SpeechError("eSpeak said nothing to these words.")
        return Speech(read_16_bit(sound), int(head["rate"]))

    def write_phonemes(self, text: str, voice: str) -> str:
        """`text` in IPA with stress marks, "^" tying the signs of one sound. Raises SpeechError.

        A word that the library takes for another language's it reads by that language's rules, between marks such as
        "(en)" and "(fr)", whose letters it ties too. They are no sounds, and it has no setting to leave them out.
        """
        with self._lock:
            return _SWITCH.sub("", str(self._ask({"text": text, "voice": voice})[0]["phonemes"]))

    def close(self) -> None:
        """Ends the worker. The next words start another."""
        with self._lock:
            self._drop()

    def _ask(self, request: Mapping[str, object]) -> _Answer:
        for _ in range(2):
            worker = self._worker = self._worker or _Worker(self._data)
            try:
                return worker.ask(request, self._timeout)
            except _WorkerDiedError:
                self._drop()
            except SpeechError:
                if worker.ended:
                    self._drop()
                raise
        raise SpeechError("eSpeak's process died on these words, twice.")

    def _drop(self) -> None:
        if self._worker is not None:
            self._worker.end()
            self._worker = None


def _find_respelling(language: str) -> Respelling | None:
    return RESPELLINGS.get(find_reading(Espeak.name, language))


def _write_pace(language: str, *, slow: bool) -> dict[str, object]:
    rate = round(find_speed(Espeak.name, language, USUAL_RATE))
    return {"rate": round(rate * SLOW) if slow else rate, "volume": VOLUME}


class _WorkerDiedError(Exception):
    """The worker's pipe broke in the middle of an answer."""


class _Worker:
    """One process of `espeak_worker`, and the talk with it: a JSON line there; a JSON line and samples back."""

    def __init__(self, data: Path | None) -> None:
        command = [sys.executable, "-m", "ivr.speech.engines.espeak_worker", *([str(data)] if data else [])]
        root = Path(__file__).parents[3]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root)
        self._questions, self._answers = cast(IO[bytes], self.process.stdin), cast(IO[bytes], self.process.stdout)
        self.end = weakref.finalize(self, _end, self.process)
        self.ended = False

    def ask(self, request: Mapping[str, object], timeout: float) -> _Answer:
        """The answer's head ("rate" in Hz, or "phonemes"), and 16-bit samples. Raises
        SpeechError (refused, or too late) or _WorkerDiedError."""
        clock = threading.Timer(timeout, self._end_late_worker)
        clock.start()
        try:
            return self._talk(request)
        except (OSError, ValueError) as error:
            if self.ended:
                raise SpeechError(f"eSpeak gave no answer in {timeout:g} seconds.", permanent=False) from error
            raise _WorkerDiedError from error
        finally:
            clock.cancel()

    def _talk(self, request: Mapping[str, object]) -> _Answer:
        self._questions.write(json.dumps(request).encode() + b"\n")
        self._questions.flush()
        answer = json.loads(self._answers.readline())
        if "fault" in answer:
            raise SpeechError(f"eSpeak: {answer['fault']}")
        awaited = answer.get("bytes", 0)
        sound = self._answers.read(awaited)
        if len(sound) < awaited:
            raise ValueError("half an answer")
        return answer, sound

    def _end_late_worker(self) -> None:
        self.ended = True
        self.process.kill()


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                continue  # what was still to be written to a dead process is of no use
