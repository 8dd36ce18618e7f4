"""How a build came out: counts by language, and faults."""

from collections.abc import Callable
from dataclasses import dataclass

from ivr.errors import Fault
from ivr.speech.sound import Grade

Progress = Callable[[int, int], None]
"""Told how many clips are ready, and of how many."""


@dataclass(frozen=True)
class LanguageReport:
    """How one language came out. `is_whole`: its set is complete and is what callers now hear. `engine`, `voice` and
    `grade` are those of the chosen speaker ("" and None: nobody speaks it). `made` and `kept` count clips."""

    language: str
    engine: str
    voice: str
    grade: Grade | None
    made: int
    kept: int
    is_whole: bool


@dataclass(frozen=True)
class BuildReport:
    """How a build came out. `faults` want mending; `unspoken` are languages that nobody here speaks, with ways out."""

    languages: tuple[LanguageReport, ...]
    faults: tuple[Fault, ...]
    unspoken: tuple[Fault, ...]

    @property
    def made(self) -> int:
        """Clips made by this build."""
        return sum(language.made for language in self.languages)

    @property
    def kept(self) -> int:
        """Clips that were there already."""
        return sum(language.kept for language in self.languages)
