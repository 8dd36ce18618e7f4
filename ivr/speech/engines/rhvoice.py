"""RHVoice, an offline voice for Polish and Russian: plain, but understood where eSpeak is not.

Its clips are made once and committed; whoever changes words installs it (`make rhvoice`) and makes those clips again in
the same voice. The library is under the GPL as it is packaged and runs as a program of its own, started for each text
(`rhvoice_worker.py`): what hangs or crashes there harms one clip only, and the same words give the same samples.

A stress that it would guess wrong is marked in a language's lexicon by U+0301 after the vowel.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ivr.errors import SpeechError
from ivr.line.languages import find_speed
from ivr.speech.engines import rhvoice_files
from ivr.speech.engines.rhvoice_files import FOLDER
from ivr.speech.sound import Grade, Speech, read_16_bit

TIMEOUT = 60.0
"""Seconds for one text. Starting takes a fifth of a second, then it speaks sixty times as fast as a person."""

USUAL_PACE = 0.8
"""The share of the voice's own pace that is the normal one, where a language's row names no other: most callers are
old."""


@dataclass(frozen=True)
class RHVoice:
    """The voices in `folder`. `command` starts the program; `timeout` is in seconds a text."""

    folder: Path = FOLDER
    command: tuple[str, ...] = (sys.executable, "-m", "ivr.speech.engines.rhvoice_worker")
    timeout: float = TIMEOUT
    name: str = "rhvoice"
    own_slow_pace: bool = False
    preprocessors: tuple[str, ...] = ()

    @staticmethod
    def is_installed(folder: Path = FOLDER) -> bool:
        """Whether this machine has the library, and at least one voice."""
        return any(rhvoice_files.is_present(language, folder) for language in rhvoice_files.list_languages())

    @property
    def version(self) -> str:
        """The library's, and those of the packages of the voices."""
        return rhvoice_files.VERSION

    def grade(self, language: str) -> Grade | None:
        """Basic, where the files of the language are there."""
        return Grade.BASIC if rhvoice_files.is_present(language, self.folder) else None

    def name_voice(self, language: str) -> str:
        """The library's own name, such as "Alicja". Raises SpeechError where it has no voice for the language."""
        if not (name := rhvoice_files.find_voice_name(language)):
            raise SpeechError(f"RHVoice has no voice for {language}.")
        return name

    def list_parameters(self, language: str, *, slow: bool) -> Mapping[str, object]:  # noqa: ARG002 (slow is stretched)
        """`rate`, as a share of the voice's own pace."""
        return {"rate": find_speed(self.name, language, USUAL_PACE)}

    def speak(self, text: str, language: str, *, slow: bool) -> Speech:
        """Speaks `text`. Raises SpeechError where there is no voice, no sound, or no answer in time."""
        voice = self.name_voice(language)
        if self.grade(language) is None:
            raise SpeechError(f"RHVoice's files for {language} are not here. Run: make rhvoice")
        if not any(map(str.isalnum, text)):
            raise SpeechError("There is nothing to say in these words.")
        rhvoice_files.check(language, self.folder)
        asked = {"text": text, "voice": voice, **self.list_parameters(language, slow=slow), "folder": str(self.folder)}
        head, sound = _read_answer(self._run(json.dumps(asked).encode() + b"\n"))
        if not sound:
            raise SpeechError("RHVoice said nothing to these words.")
        return Speech(read_16_bit(sound), int(head["rate"]))

    def _run(self, request: bytes) -> bytes:
        root = Path(__file__).parents[3]
        try:
            ended = subprocess.run(
                self.command, input=request, cwd=root, capture_output=True, timeout=self.timeout, check=True
            )
        except subprocess.TimeoutExpired as error:
            raise SpeechError(f"RHVoice gave no answer in {self.timeout:g} seconds.", permanent=False) from error
        except subprocess.CalledProcessError as error:
            raise SpeechError("RHVoice's process died on these words.") from error
        except OSError as error:
            raise SpeechError(f"RHVoice could not be started ({error.strerror}).") from error
        return ended.stdout


def _read_answer(answer: bytes) -> tuple[dict[str, Any], bytes]:
    line, _, sound = answer.partition(b"\n")
    try:
        head: dict[str, Any] = json.loads(line)
        awaited = 0 if "fault" in head else int(head["bytes"])
    except (ValueError, TypeError, KeyError) as error:
        raise SpeechError("RHVoice's process died on these words.") from error
    if "fault" in head:
        raise SpeechError(f"RHVoice: {head['fault']}.")
    if len(sound) != awaited:
        raise SpeechError("RHVoice's process died on these words.")
    return head, sound
