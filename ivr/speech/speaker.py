"""What a speaker is: an engine, recordings or finished clips that turn the lines of a script into speech.

An engine turns any text into speech. A speaker knows lines, which may have a recording, a lexicon, or a clip that came
with the checkout. Equal inputs give equal clips: everything that decides how a clip sounds goes into its address.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from ivr.speech.limits import CHAIN_VERSION
from ivr.speech.manifest import make_address
from ivr.speech.sound import Grade, Speech
from ivr.wording.script import ScriptLine


class Speaker(Protocol):
    """Speaks the lines of a script. It must survive pickling: a build hands it to its worker processes."""

    @property
    def name(self) -> str:
        """The engine, as the manifest names it."""

    @property
    def remedy(self) -> str:
        """What to do about a clip that cannot be made; added to its fault."""

    def name_voice(self, language: str) -> str:
        """The voice, as the manifest names it."""

    def grade(self, language: str) -> Grade | None:
        """How good the voice is; None where the language is not spoken."""

    def covers(self, lines: Sequence[ScriptLine]) -> bool:
        """Whether it can speak every one of `lines`, which are of one language."""

    def list_paces(self, line: ScriptLine) -> tuple[bool, ...]:
        """The values of `slow` for which a clip of `line` has to be made: (False, True) is normal and slow."""

    def find_source_clip(self, line: ScriptLine, locate: Callable[[str], Path]) -> Path | None:
        """The finished clip that the slow one is stretched from; None where the slow one is spoken anew. `locate` says
        where this build puts a clip of a file name. Raises SpeechError."""

    def list_inputs(self, line: ScriptLine, *, slow: bool) -> Mapping[str, object]:
        """Everything that decides how the clip sounds, but the chain. Raises SpeechError."""

    def hash_recording(self, line: ScriptLine) -> str:
        """SHA-256 of the human recording that it speaks from, "" for a machine. Raises SpeechError."""

    def speak(self, line: ScriptLine, *, slow: bool) -> Speech:
        """The line as sound, before mastering. Raises SpeechError."""

    def name_place(self, line: ScriptLine) -> str:
        """Where a person finds what is wrong with this line."""


def name_clip(speaker: Speaker, line: ScriptLine, *, slow: bool) -> str:
    """The file name of a clip, "<address>.wav": equal inputs and chain give an equal name. Raises SpeechError."""
    return f"{make_address({**speaker.list_inputs(line, slow=slow), 'chain': CHAIN_VERSION})}.wav"
