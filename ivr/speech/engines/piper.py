"""Piper, a natural offline voice whose files a clinic brings itself: one file a language, from Piper's own collection.

A language is spoken where its voice stands in `audio/voices/piper/` as `<our code>.onnx`, with `<our code>.onnx.json`
beside it: install requirements-piper.txt, bring a voice (`python -m piper.download_voices es_MX-claude-high`), read its
licence (it differs by voice), and rename both files: es.onnx, es.onnx.json. A language's row suggests a voice to begin
with; nobody here has heard them. (A zh voice that is spoken by pinyin needs more packages, and fetches a model while it
speaks; huayan does not.)

Piper is GPL-3 and runs as a program of its own, once for each text: what hangs or crashes there harms one clip only.
"""

import functools
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from ivr.errors import SpeechError
from ivr.line.languages import LANGUAGES, find_voice
from ivr.speech.mastering import decode
from ivr.speech.sound import SLOW, Grade, Speech

PACKAGE = "piper-tts"
FOLDER = Path(__file__).parents[3] / "audio" / "voices" / "piper"
"""Where the voices stand. Worker processes read them from there."""

TIMEOUT = 60.0
"""Seconds for one text. Piper loads its voice (a second or two), then speaks six times as fast as a person."""

BREATH = 0.4
"""Seconds of quiet between two sentences; Piper itself leaves none."""

# Piper reads [[...]] as phonemes. A line break begins another text, with no quiet before it.
_SIGNS = str.maketrans({"[": " ", "]": " "})


@dataclass(frozen=True)
class Piper:
    """The voices in `folder`. `command` starts the program; `timeout` is in seconds a text."""

    folder: Path = FOLDER
    command: tuple[str, ...] = (sys.executable, "-m", "piper")
    timeout: float = TIMEOUT
    name: str = "piper"
    own_slow_pace: bool = True
    preprocessors: tuple[str, ...] = ("piper-signs-1",)

    @staticmethod
    def is_installed(folder: Path = FOLDER) -> bool:
        """Whether this machine has the program, and at least one voice."""
        try:
            metadata.version(PACKAGE)
        except metadata.PackageNotFoundError:
            return False
        return any(Piper(folder).grade(language) for language in LANGUAGES)

    @property
    def version(self) -> str:
        """The package's. A voice's own version is in `name_voice`, so another file for one language leaves the others
        alone."""
        return metadata.version(PACKAGE)

    def grade(self, language: str) -> Grade | None:
        """Neural, where the voice and its settings are there."""
        there = (
            language in LANGUAGES
            and self._locate_voice(language).is_file()
            and self._locate_settings(language).is_file()
        )
        return Grade.NEURAL if there else None

    def name_voice(self, language: str) -> str:
        """The language and the first eight digits of its files' SHA-256, such as "es 0f3a9c21": another file is another
        voice. Raises SpeechError where there is none."""
        if self.grade(language) is None:
            suggested = find_voice(self.name, language)
            wanted = f", such as {suggested}" if suggested else ""
            raise SpeechError(f"Piper has no voice for {language}: put one{wanted}, at {self._locate_voice(language)}.")
        return (
            f"{language} {_hash_files(_stamp(self._locate_voice(language)), _stamp(self._locate_settings(language)))}"
        )

    def list_parameters(self, language: str, *, slow: bool) -> Mapping[str, object]:
        """`length`: how long a sound is held, 1 being as the model learned it. `breath`: seconds between sentences."""
        own = self._read_length(language)
        return {"length": round(own / SLOW if slow else own, 3), "breath": BREATH}

    def speak(self, text: str, language: str, *, slow: bool) -> Speech:
        """Speaks `text`. Raises SpeechError where there is no voice, no sound, or no answer in time."""
        self.name_voice(language)
        words = " ".join(text.translate(_SIGNS).split())
        if not any(map(str.isalnum, words)):
            raise SpeechError("There is nothing to say in these words.")
        with tempfile.TemporaryDirectory() as room:
            written, spoken = Path(room) / "words.txt", Path(room) / "speech.wav"
            written.write_text(words, "utf-8")  # by pipe, Piper would read them in the machine's own encoding
            self._run(language, Path(room), self._write_options(language, written, spoken, slow=slow))
            return _read_speech(spoken)

    def _write_options(self, language: str, written: Path, spoken: Path, *, slow: bool) -> list[str]:
        settings = self.list_parameters(language, slow=slow)
        return [
            *("--model", str(self._locate_voice(language).resolve())),
            *("--config", str(self._locate_settings(language).resolve())),
            *("--input-file", str(written)),
            *("--output-file", str(spoken)),
            *("--length-scale", str(settings["length"])),
            *("--sentence-silence", str(settings["breath"])),
        ]

    def _run(self, language: str, room: Path, options: list[str]) -> None:
        try:
            ended = subprocess.run(  # in an empty folder: Python would look for its modules in this one
                [*self.command, *options], cwd=room, capture_output=True, timeout=self.timeout, stdin=subprocess.DEVNULL
            )
        except subprocess.TimeoutExpired as error:
            raise SpeechError(f"Piper gave no answer in {self.timeout:g} seconds.", permanent=False) from error
        except OSError as error:
            raise SpeechError(f"Piper could not be started ({error.strerror}).") from error
        if ended.returncode:
            said = ended.stderr.decode(errors="replace").strip().splitlines()
            raise SpeechError(
                f"Piper failed on these words, with its voice for {language}: {said[-1] if said else '-'}"
            )

    def _read_length(self, language: str) -> float:
        """The voice's own, where its settings give it: some speak too fast otherwise."""
        path = self._locate_settings(language)
        try:
            return float(json.loads(path.read_bytes()).get("inference", {}).get("length_scale", 1.0))
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise SpeechError(f"{path} cannot be read as a voice's settings; bring the voice again.") from error

    def _locate_voice(self, language: str) -> Path:
        return self.folder / f"{language}.onnx"

    def _locate_settings(self, language: str) -> Path:
        return self.folder / f"{language}.onnx.json"


def _read_speech(spoken: Path) -> Speech:
    try:
        return decode(spoken.read_bytes())
    except FileNotFoundError as error:
        raise SpeechError("Piper ended without writing any sound.") from error
    except SpeechError as error:
        found = str(error).partition(". ")[0].rstrip(".")  # what follows is advice for somebody who made the file
        raise SpeechError(f"Piper's sound cannot be used. {found}.") from error


_Stamp = tuple[Path, int, int]
"""A file, when it was written (ns), and its size (bytes)."""


def _stamp(path: Path) -> _Stamp:
    stat = path.stat()
    return path, stat.st_mtime_ns, stat.st_size


@functools.cache
def _hash_files(*files: _Stamp) -> str:
    """SHA-256 of a voice's files. A voice has 60 MB and each clip asks, so a file is read again only once rewritten."""
    whole = hashlib.sha256()
    for path, _, _ in files:
        with path.open("rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()[:8]
