"""Who can speak a whole language: its recordings, the committed clips, or an engine. A build asks them in this order.

An engine turns any text into speech; a speaker turns the lines of a script into speech. Rule kept here: one voice a
language, so a speaker counts only where it covers every line.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ivr.speech.engines import Engine, Grade, Speech
from ivr.speech.engines.recordings import Recordings
from ivr.speech.manifest import ClipSet, address, committed, read_manifest
from ivr.speech.mastering import CHAIN_VERSION, decode, slower
from ivr.speech.script import ScriptLine


class Speaker(Protocol):
    """Speaks the lines of a script. It must survive pickling: a build hands it to its worker processes."""

    @property
    def name(self) -> str:
        """The engine, as the manifest names it."""

    @property
    def paces(self) -> tuple[bool, ...]:
        """What has to be made: (False, True) is normal and slow."""

    @property
    def remedy(self) -> str:
        """What to do about a clip that cannot be made; added to its fault."""

    def voice(self, language: str) -> str:
        """The voice, as the manifest names it."""

    def grade(self, language: str) -> Grade | None:
        """How good the voice is; None where the language is not spoken."""

    def covers(self, lines: Sequence[ScriptLine]) -> bool:
        """Whether it can speak every one of `lines`, which are of one language."""

    def inputs(self, line: ScriptLine, *, slow: bool) -> Mapping[str, object]:
        """All that decides how the clip sounds, but the chain. Raises SpeechError."""

    def recording(self, line: ScriptLine) -> str:
        """SHA-256 of the human recording that it speaks from, "" for a machine. Raises SpeechError."""

    def speak(self, line: ScriptLine, *, slow: bool) -> Speech:
        """Raises SpeechError."""

    def place(self, line: ScriptLine) -> str:
        """Where a person finds what is wrong with this line."""


@dataclass(frozen=True)
class Machine:
    """An engine as a speaker."""

    engine: Engine
    paces: tuple[bool, ...] = (False, True)
    remedy: str = "Change its words, or record it."

    @property
    def name(self) -> str:
        """The engine's."""
        return self.engine.name

    def voice(self, language: str) -> str:
        """The engine's."""
        return self.engine.voice(language)

    def grade(self, language: str) -> Grade | None:
        """The engine's."""
        return self.engine.grade(language)

    def covers(self, lines: Sequence[ScriptLine]) -> bool:
        """An engine speaks all words of a language or none."""
        return bool(lines) and self.engine.grade(lines[0].language) is not None

    def inputs(self, line: ScriptLine, *, slow: bool) -> Mapping[str, object]:
        """What SPEECH.md lists. The id is not in it: equal words share a clip."""
        return {
            "language": line.language,
            "text": unicodedata.normalize("NFC", line.text),
            "preprocessors": list(self.engine.preprocessors),
            "engine": self.engine.name,
            "version": self.engine.version,
            "voice": self.engine.voice(line.language),
            "parameters": dict(self.engine.parameters(line.language, slow=slow)),
        }

    def recording(self, line: ScriptLine) -> str:  # noqa: ARG002
        """None: a machine spoke."""
        return ""

    def speak(self, line: ScriptLine, *, slow: bool) -> Speech:
        """The engine's speech, of the composed text (NFC)."""
        return self.engine.speak(unicodedata.normalize("NFC", line.text), line.language, slow=slow)

    def place(self, line: ScriptLine) -> str:
        """The clip's id, with its language."""
        return f"{line.language}/{line.id}"


@dataclass(frozen=True)
class Committed:
    """The clips of one language that come with the checkout; the slower pace is stretched from them on the spot."""

    folder: Path
    language: str
    clips: ClipSet
    paces: tuple[bool, ...] = (True,)
    remedy: str = "This file came with the checkout: take it from there again."

    @property
    def name(self) -> str:
        """The engine that once spoke them."""
        return self.clips.engine

    def voice(self, language: str) -> str:  # noqa: ARG002 (it knows one)
        """The voice that once spoke them."""
        return self.clips.voice

    def grade(self, language: str) -> Grade | None:
        """The grade of that voice."""
        return self.clips.grade if language == self.language else None

    def covers(self, lines: Sequence[ScriptLine]) -> bool:
        """Whether every line is there in exactly its words."""
        return bool(lines) and all(self._speaks(line) for line in lines)

    def inputs(self, line: ScriptLine, *, slow: bool) -> Mapping[str, object]:
        """The bytes of the committed clip, and the pace."""
        return {"clip": self.clips.normal[line.id].sha256, "slow": slow}

    def recording(self, line: ScriptLine) -> str:
        """As the manifest remembers it."""
        return self.clips.normal[line.id].recording

    def speak(self, line: ScriptLine, *, slow: bool) -> Speech:
        """The committed clip, stretched where `slow`. Raises SpeechError where its file is damaged."""
        speech = decode(self._path(line).read_bytes())
        return Speech(slower(speech.samples, speech.rate), speech.rate) if slow else speech

    def place(self, line: ScriptLine) -> str:
        """The committed file."""
        return str(self._path(line))

    def _speaks(self, line: ScriptLine) -> bool:
        clip = self.clips.normal.get(line.id) if line.language == self.language else None
        return clip is not None and clip.text == line.text and self._path(line).is_file()

    def _path(self, line: ScriptLine) -> Path:
        return committed(self.folder).file(line.language, self.clips.normal[line.id].name)


@dataclass(frozen=True)
class Speakers:
    """Everyone who may speak, for one build. `recordings` is None where the line's settings leave them out."""

    recordings: Recordings | None
    committed: Mapping[str, Committed]
    machines: tuple[Machine, ...]

    def best(self, lines: Sequence[ScriptLine]) -> Speaker | None:
        """Who speaks all of `lines` (of one language): people first, then the committed clips, then the engines."""
        of_checkout = self.committed.get(lines[0].language) if lines else None
        everyone: list[Speaker | None] = [self.recordings, of_checkout, *self.machines]
        return next((one for one in everyone if one is not None and one.covers(lines)), None)


def speakers(folder: Path, engines: Sequence[Engine], *, recordings: bool) -> Speakers:
    """Gathers them. Raises SpeechError where the committed manifest cannot be read."""
    languages = read_manifest(committed(folder).manifest).languages
    return Speakers(
        Recordings(folder / "recordings") if recordings else None,
        {code: Committed(folder, code, one.heard) for code, one in languages.items() if one.heard},
        tuple(Machine(engine) for engine in engines),
    )


def clip_name(speaker: Speaker, line: ScriptLine, *, slow: bool) -> str:
    """The file name of a clip, "<address>.wav": equal inputs and chain give an equal name. Raises SpeechError."""
    return f"{address({**speaker.inputs(line, slow=slow), 'chain': CHAIN_VERSION})}.wav"
