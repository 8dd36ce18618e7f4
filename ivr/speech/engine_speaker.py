"""An engine as a speaker: it speaks any line of a language, in the spelling that the language's lexicon gives it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ivr.speech.sound import SLOW, Engine, Grade, Speech
from ivr.speech.speaker import name_clip
from ivr.wording.lexicon import Lexicon
from ivr.wording.script import ScriptLine


@dataclass(frozen=True)
class EngineSpeaker:
    """Speaks with `engine`. `lexicons` are by language code."""

    engine: Engine
    lexicons: Mapping[str, Lexicon] = field(default_factory=dict)
    remedy: str = "Change its words, or record it."

    @property
    def name(self) -> str:
        """The engine's."""
        return self.engine.name

    def name_voice(self, language: str) -> str:
        """The engine's."""
        return self.engine.name_voice(language)

    def grade(self, language: str) -> Grade | None:
        """The engine's."""
        return self.engine.grade(language)

    def covers(self, lines: Sequence[ScriptLine]) -> bool:
        """An engine speaks all words of a language or none."""
        return bool(lines) and self.engine.grade(lines[0].language) is not None

    def list_paces(self, line: ScriptLine) -> tuple[bool, ...]:  # noqa: ARG002
        """Both."""
        return (False, True)

    def find_source_clip(self, line: ScriptLine, locate: Callable[[str], Path]) -> Path | None:
        """The clip of the normal pace, for an engine that has no slow pace of its own."""
        return None if self.engine.own_slow_pace else locate(name_clip(self, line, slow=False))

    def list_inputs(self, line: ScriptLine, *, slow: bool) -> Mapping[str, object]:
        """Everything that decides how it sounds. The id is not in it: equal words share a clip."""
        stretched = {"stretched": SLOW} if slow and not self.engine.own_slow_pace else {}
        return {
            "language": line.language,
            "text": self._spell(line),
            "preprocessors": list(self.engine.preprocessors),
            "engine": self.engine.name,
            "version": self.engine.version,
            "voice": self.engine.name_voice(line.language),
            "parameters": dict(self.engine.list_parameters(line.language, slow=slow)),
            **stretched,
        }

    def hash_recording(self, line: ScriptLine) -> str:  # noqa: ARG002
        """None: a machine spoke."""
        return ""

    def speak(self, line: ScriptLine, *, slow: bool) -> Speech:
        """The engine's speech, of the words as the lexicon spells them."""
        return self.engine.speak(self._spell(line), line.language, slow=slow)

    def name_place(self, line: ScriptLine) -> str:
        """The clip's id, with its language."""
        return f"{line.language}/{line.id}"

    def _spell(self, line: ScriptLine) -> str:
        lexicon = self.lexicons.get(line.language, Lexicon(line.language))
        return lexicon.respell(line.text, self.engine.name)
