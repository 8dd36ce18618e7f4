"""Who can speak a whole language: its recordings, the committed clips, or an engine; settings say who comes first.

An engine turns any text into speech; a speaker turns the lines of a script into speech. Rule kept here: one voice a
language, so a speaker counts only where it covers every line.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ivr.errors import SpeechError
from ivr.speech.engines import RECORDINGS
from ivr.speech.engines.recordings import Recordings
from ivr.speech.manifest import FROM_CHECKOUT, ClipSet, committed_layer, make_address, read_manifest
from ivr.speech.mastering import CHAIN_VERSION
from ivr.speech.sound import SLOW, Engine, Grade, Speech
from ivr.wording.lexicon import Lexicon
from ivr.wording.script import ScriptLine


class Speaker(Protocol):
    """Speaks the lines of a script. It must survive pickling: a build hands it to its worker processes."""

    @property
    def name(self) -> str:
        """The engine, as the manifest names it."""

    @property
    def remedy(self) -> str:
        """What to do about a clip that cannot be made; added to its fault."""

    def voice(self, language: str) -> str:
        """The voice, as the manifest names it."""

    def grade(self, language: str) -> Grade | None:
        """How good the voice is; None where the language is not spoken."""

    def covers(self, lines: Sequence[ScriptLine]) -> bool:
        """Whether it can speak every one of `lines`, which are of one language."""

    def paces(self, line: ScriptLine) -> tuple[bool, ...]:
        """What has to be made of a line: (False, True) is normal and slow."""

    def normal(self, line: ScriptLine, made: Callable[[str], Path]) -> Path | None:
        """The finished clip that the slow one is stretched from; None where it is spoken anew. `made` says where a clip
        of a name stands that this build makes. Raises SpeechError."""

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
    lexicons: Mapping[str, Lexicon] = field(default_factory=dict)
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

    def paces(self, line: ScriptLine) -> tuple[bool, ...]:  # noqa: ARG002
        """Both."""
        return (False, True)

    def normal(self, line: ScriptLine, made: Callable[[str], Path]) -> Path | None:
        """The clip of the normal pace, for an engine that has no slow pace of its own."""
        return None if self.engine.own_slow_pace else made(clip_name(self, line, slow=False))

    def inputs(self, line: ScriptLine, *, slow: bool) -> Mapping[str, object]:
        """What decides how it sounds. The id is not in it: equal words share a clip."""
        stretched = {"stretched": SLOW} if slow and not self.engine.own_slow_pace else {}
        return {
            "language": line.language,
            "text": self._as_spoken(line),
            "preprocessors": list(self.engine.preprocessors),
            "engine": self.engine.name,
            "version": self.engine.version,
            "voice": self.engine.voice(line.language),
            "parameters": dict(self.engine.parameters(line.language, slow=slow)),
            **stretched,
        }

    def recording(self, line: ScriptLine) -> str:  # noqa: ARG002
        """None: a machine spoke."""
        return ""

    def speak(self, line: ScriptLine, *, slow: bool) -> Speech:
        """The engine's speech, of the words as the lexicon spells them."""
        return self.engine.speak(self._as_spoken(line), line.language, slow=slow)

    def _as_spoken(self, line: ScriptLine) -> str:
        return self.lexicons.get(line.language, Lexicon(line.language)).respell(line.text, self.engine.name)

    def place(self, line: ScriptLine) -> str:
        """The clip's id, with its language."""
        return f"{line.language}/{line.id}"


@dataclass(frozen=True)
class Committed:
    """The clips of one language that come with the checkout; the slower pace is stretched from them on the spot.

    `engine` is the one that spoke them, where this machine has it: it speaks what the clips lack, in the same voice.
    """

    folder: Path
    language: str
    clips: ClipSet
    engine: Machine | None = None
    remedy: str = FROM_CHECKOUT

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
        """Whether every line is there in exactly its words, or can be spoken in the same voice."""
        return bool(lines) and lines[0].language == self.language and not self.lacks(lines)

    def lacks(self, lines: Sequence[ScriptLine]) -> tuple[ScriptLine, ...]:
        """Those of `lines` that this voice cannot say here."""
        return () if self.engine else tuple(line for line in lines if not self._speaks(line))

    def paces(self, line: ScriptLine) -> tuple[bool, ...]:
        """Only the slow clip, where the normal one came with the checkout."""
        return (True,) if self._speaks(line) or not self.engine else self.engine.paces(line)

    def normal(self, line: ScriptLine, made: Callable[[str], Path]) -> Path | None:
        """The committed clip."""
        if self._speaks(line) or not self.engine:
            return self._path(line)
        return self.engine.normal(line, made)

    def inputs(self, line: ScriptLine, *, slow: bool) -> Mapping[str, object]:
        """The bytes of the committed clip, and the pace."""
        if self.engine and not self._speaks(line):
            return self.engine.inputs(line, slow=slow)
        return {"clip": self.clips.normal[line.id].sha256, "slow": slow}

    def recording(self, line: ScriptLine) -> str:
        """As the manifest remembers it."""
        return self.clips.normal[line.id].recording if self._speaks(line) else ""

    def speak(self, line: ScriptLine, *, slow: bool) -> Speech:
        """The engine's speech; what is committed is stretched (`normal`), never spoken. Raises SpeechError."""
        if not self.engine:
            raise SpeechError(f"Nobody here speaks with the voice of {self.place(line)}.")
        return self.engine.speak(line, slow=slow)

    def place(self, line: ScriptLine) -> str:
        """The committed file."""
        return str(self._path(line)) if self._speaks(line) else f"{line.language}/{line.id}"

    def _speaks(self, line: ScriptLine) -> bool:
        clip = self.clips.normal.get(line.id) if line.language == self.language else None
        return clip is not None and clip.text == line.text and self._path(line).is_file()

    def _path(self, line: ScriptLine) -> Path:
        return committed_layer(self.folder).locate(line.language, self.clips.normal[line.id].name)


@dataclass(frozen=True)
class Lacking:
    """A language's own voice is not here for some of its lines; it is not silently given another one."""

    voice: Committed
    lines: tuple[ScriptLine, ...]

    @property
    def lost(self) -> bool:
        """Whether they came with the checkout, in exactly these words, and only their files are gone."""
        known = self.voice.clips.normal
        return all(line.id in known and known[line.id].text == line.text for line in self.lines)


@dataclass(frozen=True)
class Speakers:
    """Everyone who may speak, for one build. `orders` says by name who is asked first, by language ("" for all)."""

    recordings: Recordings
    committed: Mapping[str, Committed]
    machines: Mapping[str, Machine]
    orders: Mapping[str, Sequence[str]]

    def order(self, language: str) -> Sequence[str]:
        """Who is asked for a language, best first."""
        return self.orders.get(language, self.orders[""])

    def records(self, language: str) -> Recordings | None:
        """The recordings, where the settings have them for this language."""
        return self.recordings if RECORDINGS in self.order(language) else None

    def best(self, lines: Sequence[ScriptLine]) -> "Speaker | Lacking | None":
        """Who speaks all of `lines` (of one language). The voice of the committed clips has its engine's place."""
        language = lines[0].language if lines else ""
        own = self.committed.get(language)
        for name in self.order(language):
            if own and name == own.name and (lacking := own.lacks(lines)):
                return Lacking(own, lacking)
            for one in self._called(name, own):
                if one.covers(lines):
                    return one
        return None

    def _called(self, name: str, own: Committed | None) -> "Iterator[Speaker]":
        if name == RECORDINGS:
            yield self.recordings
        if own and name == own.name:
            yield own
        if name in self.machines:
            yield self.machines[name]


def speakers(
    folder: Path, engines: Sequence[Engine], orders: Mapping[str, Sequence[str]], lexicons: Mapping[str, Lexicon]
) -> Speakers:
    """Gathers them. Raises SpeechError where the committed manifest cannot be read."""
    machines = {engine.name: Machine(engine, lexicons) for engine in engines}
    languages = read_manifest(committed_layer(folder).manifest).languages
    own = {code: _own(folder, code, one.active_set, machines) for code, one in languages.items() if one.active_set}
    return Speakers(Recordings(folder / "recordings"), own, machines, orders)


def _own(folder: Path, code: str, clips: ClipSet, machines: Mapping[str, Machine]) -> Committed:
    """The committed clips, with their engine where it is here and still has that voice."""
    machine = machines.get(clips.engine)
    same = machine is not None and machine.grade(code) is not None and machine.voice(code) == clips.voice
    return Committed(folder, code, clips, machine if same else None)


def clip_name(speaker: Speaker, line: ScriptLine, *, slow: bool) -> str:
    """The file name of a clip, "<address>.wav": equal inputs and chain give an equal name. Raises SpeechError."""
    return f"{make_address({**speaker.inputs(line, slow=slow), 'chain': CHAIN_VERSION})}.wav"
