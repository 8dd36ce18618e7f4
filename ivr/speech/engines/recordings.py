"""What people recorded: `audio/recordings/<language>/<clip id>.wav` (or .flac, .mp3). A human voice always wins.

Rules kept here: one voice a language, so recordings are heard once every clip of the language is recorded; a
recording that cannot be used is a fault in words, never a silent clip. The slower pace is stretched from the
recording at the same pitch. The web process looks for recordings too, so libraries for sound are loaded only to speak.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ivr.errors import SpeechError
from ivr.line.renamed import adopt_earlier_ids
from ivr.speech.engines import RECORDINGS
from ivr.speech.sound import Grade, Speech
from ivr.wording.script import ScriptLine

SUFFIXES = (".wav", ".flac", ".mp3")
"""The kinds of file that are read, best first: of two recordings of one clip, the first kind is taken."""

VOICE = "human"


@dataclass(frozen=True)
class Recordings:
    """The folder of recordings, as a speaker (see `ivr.speech.speaker`)."""

    folder: Path
    name: str = RECORDINGS
    remedy: str = "Record it again, or delete it."

    def name_voice(self, language: str) -> str:  # noqa: ARG002 (a speaker's voice is by language)
        """People are told apart by their recordings, not here."""
        return VOICE

    def grade(self, language: str) -> Grade | None:
        """Recorded, where the language has a folder."""
        return Grade.RECORDED if (self.folder / language).is_dir() else None

    def covers(self, lines: Sequence[ScriptLine]) -> bool:
        """Whether every line has a file; whether it is any good shows when it is read."""
        return len(self.find_recorded(lines)) == len(lines) > 0

    def find_recorded(self, lines: Sequence[ScriptLine]) -> tuple[ScriptLine, ...]:
        """Those of `lines` (of one language) that have a file."""
        files = self._find_files(lines[0].language) if lines else {}
        return tuple(line for line in lines if line.id in files)

    def find_strangers(self, language: str, lines: Sequence[ScriptLine]) -> tuple[Path, ...]:
        """Files whose name is no clip's: a slip of the pen, or words that are no longer spoken."""
        known = {line.id for line in lines}
        return tuple(path for id_, path in sorted(self._find_files(language).items()) if id_ not in known)

    def list_paces(self, line: ScriptLine) -> tuple[bool, ...]:  # noqa: ARG002
        """Both."""
        return (False, True)

    def find_source_clip(self, line: ScriptLine, locate: Callable[[str], Path]) -> Path | None:  # noqa: ARG002
        """None: the slower clip is stretched from the recording itself, which holds more than the finished clip."""
        return None

    def list_inputs(self, line: ScriptLine, *, slow: bool) -> Mapping[str, object]:
        """The bytes of the recording, and the pace."""
        return {"recording": self.hash_recording(line), "slow": slow}

    def hash_recording(self, line: ScriptLine) -> str:
        """SHA-256 of the recording's bytes."""
        return hashlib.sha256(self._read(line)).hexdigest()

    def speak(self, line: ScriptLine, *, slow: bool) -> Speech:
        """The recording as sound. Raises SpeechError where it is none."""
        from ivr.speech.mastering import decode, slow_down

        speech = decode(self._read(line))
        return slow_down(speech) if slow else speech

    def find_path(self, line: ScriptLine) -> Path:
        """The file of `line`; where there is none, the file that it should have."""
        return self._find_files(line.language).get(line.id, self.folder / line.language / f"{line.id}.wav")

    def name_place(self, line: ScriptLine) -> str:
        """The file of `line`, for a fault."""
        return str(self.find_path(line))

    def _read(self, line: ScriptLine) -> bytes:
        try:
            return self.find_path(line).read_bytes()
        except OSError as error:
            raise SpeechError(f"This file cannot be read ({error.strerror}).") from error

    def _find_files(self, language: str) -> dict[str, Path]:
        folder = self.folder / language
        files = sorted(folder.iterdir(), reverse=True) if folder.is_dir() else []
        kinds = {suffix: [path for path in files if path.suffix.lower() == suffix] for suffix in SUFFIXES}
        return adopt_earlier_ids({path.stem: path for suffix in reversed(SUFFIXES) for path in kinds[suffix]})
