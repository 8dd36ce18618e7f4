"""Where the sound of an utterance comes from: its clip; the network's own voice where the clip is missing; or nobody.

Keeps the rule that a language never falls back silently to another (45 CFR 92.201): the network speaks only where it
has that very language.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ivr.errors import UnspokenError
from ivr.line.languages import LANGUAGES
from ivr.line.speech import Said
from ivr.voice.twiml import PlayClip, SayText
from ivr.wording.script import ScriptLine, Words

log = logging.getLogger(__name__)


class Named(Protocol):
    """A clip, as far as an address needs it."""

    @property
    def name(self) -> str:
        """The clip's file name."""


class Shelf(Protocol):
    """The clips that can be played now."""

    def find(self, line: ScriptLine, *, slow: bool) -> Named | None:
        """The clip of exactly these words; None where there is none."""

    def find_file(self, language: str, name: str) -> Path | None:
        """The file of a clip's name."""


@dataclass(frozen=True)
class ClipVoice:
    """The line's voice. `base` is the address under which clips are served; `missed` is told of each missing clip."""

    words: Words
    shelf: Shelf
    base: str
    missed: Callable[[], None]

    def find_sound(self, said: Said, *, slow: bool) -> PlayClip | SayText:
        """The clip, or the network's voice in that language. Raises UnspokenError where neither can be had."""
        line = self.words.line(said)
        if clip := self.shelf.find(line, slow=slow):
            return PlayClip(f"{self.base}/{said.language}/{clip.name}")
        log.warning("No clip for %s in %s", line.id, line.language)
        self.missed()
        if spoken := self.say(said):
            return spoken
        raise UnspokenError(f"{line.id} has no clip in {line.language}, and the network does not speak it")

    def say(self, said: Said) -> SayText | None:
        """The words for the network's own voice; None where it does not speak that language."""
        language = LANGUAGES[said.language].say
        return SayText(self.words.text(said.language, said.utterance), language) if language else None
