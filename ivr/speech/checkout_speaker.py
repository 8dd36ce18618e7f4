"""The clips that came with the checkout as a speaker: their voice needs no engine on this machine.

Only the normal pace comes with the checkout; the slower one is stretched from it here. Lines that the clips lack (a
clinic's own name) are spoken in the same voice where the engine that once spoke them is installed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ivr.errors import SpeechError
from ivr.speech.engine_speaker import EngineSpeaker
from ivr.speech.manifest import FROM_CHECKOUT, ClipSet, locate_committed_layer
from ivr.speech.sound import Grade, Speech
from ivr.wording.script import ScriptLine


@dataclass(frozen=True)
class CheckoutSpeaker:
    """Speaks one language with the committed `clips` below the audio folder `folder`.

    `engine` is the one that spoke them, where this machine has it with that voice.
    """

    folder: Path
    language: str
    clips: ClipSet
    engine: EngineSpeaker | None = None
    remedy: str = FROM_CHECKOUT

    @property
    def name(self) -> str:
        """The engine that once spoke them."""
        return self.clips.engine

    def name_voice(self, language: str) -> str:  # noqa: ARG002 (it knows only its own)
        """The voice that once spoke them."""
        return self.clips.voice

    def grade(self, language: str) -> Grade | None:
        """The grade of that voice."""
        return self.clips.grade if language == self.language else None

    def covers(self, lines: Sequence[ScriptLine]) -> bool:
        """Whether every line is there in exactly its words, or can be spoken in the same voice."""
        return bool(lines) and lines[0].language == self.language and not self.find_gaps(lines)

    def find_gaps(self, lines: Sequence[ScriptLine]) -> tuple[ScriptLine, ...]:
        """Those of `lines` that this voice cannot say here."""
        return () if self.engine else tuple(line for line in lines if not self._has_clip(line))

    def list_paces(self, line: ScriptLine) -> tuple[bool, ...]:
        """Only the slow clip, where the normal one came with the checkout."""
        return (True,) if self._has_clip(line) or not self.engine else self.engine.list_paces(line)

    def find_source_clip(self, line: ScriptLine, locate: Callable[[str], Path]) -> Path | None:
        """The committed clip."""
        if self._has_clip(line) or not self.engine:
            return self._locate(line)
        return self.engine.find_source_clip(line, locate)

    def list_inputs(self, line: ScriptLine, *, slow: bool) -> Mapping[str, object]:
        """The bytes of the committed clip, and the pace."""
        if self.engine and not self._has_clip(line):
            return self.engine.list_inputs(line, slow=slow)
        return {"clip": self.clips.normal[line.id].sha256, "slow": slow}

    def hash_recording(self, line: ScriptLine) -> str:
        """As the manifest remembers it."""
        return self.clips.normal[line.id].recording if self._has_clip(line) else ""

    def speak(self, line: ScriptLine, *, slow: bool) -> Speech:
        """The engine's speech. A committed clip is stretched (`find_source_clip`), never spoken. Raises SpeechError."""
        if not self.engine:
            raise SpeechError(f"Nobody here speaks with the voice of {self.name_place(line)}.")
        return self.engine.speak(line, slow=slow)

    def name_place(self, line: ScriptLine) -> str:
        """The committed file."""
        return str(self._locate(line)) if self._has_clip(line) else f"{line.language}/{line.id}"

    def _has_clip(self, line: ScriptLine) -> bool:
        clip = self.clips.normal.get(line.id) if line.language == self.language else None
        return clip is not None and clip.text == line.text and self._locate(line).is_file()

    def _locate(self, line: ScriptLine) -> Path:
        return locate_committed_layer(self.folder).locate(line.language, self.clips.normal[line.id].name)
