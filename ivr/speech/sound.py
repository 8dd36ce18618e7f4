"""What sound is in this house, how good a voice is, and what a speech engine has to be.

The rest of the house asks an engine for words in one of our languages and gets samples. Rule kept here: an engine that
cannot speak a language says so (`grade` is None); it never answers with another language's voice.

Every process imports this file, the web process too, so it loads no library for sound: numpy is imported where samples
are made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Samples: TypeAlias = "NDArray[np.float32]"
"""One channel of sound, shape (n,), full scale at ±1.0."""

SLOW = 0.8
"""The slower pace, as a share of the normal one."""


class Grade(StrEnum):
    """How good a voice is, best first. `accented` is a neural voice in a language that is not its own: understood by a
    recogniser, heard by no native speaker. `preview` is good enough to test the line with, not for patients."""

    RECORDED = "recorded"
    NEURAL = "neural"
    ACCENTED = "accented"
    BASIC = "basic"
    PREVIEW = "preview"


@dataclass(frozen=True, eq=False)
class Speech:
    """Sound before mastering: `samples` float32 mono, shape (n,), full scale ±1.0; `rate` in Hz."""

    samples: Samples
    rate: int

    @property
    def seconds(self) -> float:
        """Its length in seconds."""
        return len(self.samples) / self.rate


def read_16_bit(sound: bytes) -> Samples:
    """Little-endian 16-bit samples, as engines give them, on our scale of ±1.0."""
    import numpy as np

    return np.asarray(np.frombuffer(sound, dtype="<i2") / 32768, dtype=np.float32)


class Engine(Protocol):
    """A machine that speaks. It must survive pickling: a build hands it to its worker processes."""

    @property
    def name(self) -> str:
        """Its name in the settings and in the manifest: "pico"."""

    @property
    def version(self) -> str:
        """What was installed; part of a clip's address, so another version means other clips."""

    @property
    def own_slow_pace(self) -> bool:
        """Whether it speaks slower by itself; otherwise the slow clip is stretched from the normal one."""

    @property
    def preprocessors(self) -> tuple[str, ...]:
        """What it does to the words before it speaks them, each with its version: part of a clip's address."""

    def grade(self, language: str) -> Grade | None:
        """How well it speaks our language `language`; None where it does not."""

    def name_voice(self, language: str) -> str:
        """The engine's own name for its voice of `language`. Raises SpeechError where it has none."""

    def list_parameters(self, language: str, *, slow: bool) -> Mapping[str, object]:
        """All else that decides how it sounds, as plain JSON values: part of a clip's address."""

    def speak(self, text: str, language: str, *, slow: bool) -> Speech:
        """Speaks `text`. Raises SpeechError where it cannot."""
