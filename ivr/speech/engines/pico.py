"""Pico, a small offline voice for six languages, of which the line speaks five: en es fr it de.

It is C, so each text is spoken in a forked process of its own. Its wheel exists for Linux on x86-64 only; elsewhere the
line does without.
"""

import ctypes
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata, util

import numpy as np

from ivr.errors import SpeechError
from ivr.line.languages import find_speed, find_voice
from ivr.speech.sound import SLOW, Grade, Speech, read_16_bit

PACKAGE = "py-nanotts"
RATE = 16_000
M_PERTURB = -6
FILLING = 1
"""glibc's `mallopt`: fresh memory is filled with the complement of this. Pico reads memory that it never wrote, and
takes 12 % longer or shorter over the same words by what it finds there; filled, it says the same thing each time."""

BREATH = 0.01
"""Under this level (full scale is 1) Pico did not speak: to letters that it does not know it answers with a tick."""

USUAL_PACE = 0.85
"""Pico's `speed` for the normal pace, where a language's row names no other. Measured over the line's whole English
script, its pauses included: 0.82 is 148 words a minute (140 to 160 is wanted); Spanish at 0.85 is 129, French 147,
Italian 122, German 127."""

# Pico reads a tag as an order, a dash as "minus", speaks an opening "¿", and takes no pause at "…".
_SIGNS = str.maketrans(
    {
        "<": " ",
        ">": " ",
        "¿": "",
        "¡": "",
        "–": ", ",
        "—": ", ",
        "…": ", ",
        "’": "'",
        "“": "",
        "”": "",
        "«": "",
        "»": "",
    }
)


@dataclass(frozen=True)
class Pico:
    """The voices of SVOX Pico, by `py-nanotts`."""

    name: str = "pico"
    own_slow_pace: bool = True
    preprocessors: tuple[str, ...] = ("pico-signs-1", "filled-memory-1")

    @staticmethod
    def is_installed() -> bool:
        """Whether this machine has it."""
        return util.find_spec("py_nanotts") is not None

    @property
    def version(self) -> str:
        """The version of the package, which carries the voices."""
        return metadata.version(PACKAGE)

    def grade(self, language: str) -> Grade | None:
        """Basic, in the languages that it has a voice for."""
        return Grade.BASIC if find_voice(self.name, language) else None

    def name_voice(self, language: str) -> str:
        """Pico's voice, such as "es-ES". Raises SpeechError where it has none."""
        if self.grade(language) is None:
            raise SpeechError(f"Pico has no voice for {language}.")
        return find_voice(self.name, language)

    def list_parameters(self, language: str, *, slow: bool) -> Mapping[str, object]:
        """`speed`, as a share of Pico's own pace."""
        pace = find_speed(self.name, language, USUAL_PACE)
        return {"speed": round(pace * SLOW, 3) if slow else pace}

    def speak(self, text: str, language: str, *, slow: bool) -> Speech:
        """Speaks `text` at 16 kHz. Raises SpeechError where Pico has no such voice or says nothing."""
        samples = read_16_bit(
            _speak_in_fork(clean_text(text), self.name_voice(language), self.list_parameters(language, slow=slow))
        )
        if np.abs(samples).max(initial=0.0) < BREATH:
            raise SpeechError("Pico said nothing: its voice knows none of these letters.")
        return Speech(samples, RATE)


def _speak_in_fork(text: str, voice: str, settings: Mapping[str, object]) -> bytes:
    """Pico's sound for `text`, always the same, made in a process of its own whose memory is filled (see FILLING)."""
    from py_nanotts import NanoTTS

    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        status = 1
        try:
            with open(writing, "wb") as pipe:  # noqa: PTH123  (a descriptor, not a path)
                ctypes.CDLL(None).mallopt(M_PERTURB, FILLING)
                pipe.write(NanoTTS().speak(text, voice=voice, **settings))
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with open(reading, "rb") as pipe:  # noqa: PTH123
        sound = pipe.read()
    if os.waitpid(child, 0)[1] != 0:
        raise SpeechError("Pico did not speak these words.")
    return sound


def clean_text(text: str) -> str:
    """`text` without the signs that Pico misreads: composed letters (NFC), no markup, plain punctuation."""
    return unicodedata.normalize("NFC", text).translate(_SIGNS)
