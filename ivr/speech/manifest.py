"""The manifest: which clip speaks which words, in which voice; and the lookup of what can be played now.

Two layers: the committed one (`audio/manifest.json`, files in `audio/clips/<language>/`) and what this machine built
(`audio/built/manifest.json`, files in `audio/built/<language>/`). Rules kept here: a caller never hears two voices in
one language (each language has one active set, and changes it in one atomic write), and never hears old words (a
clip whose text is not the text asked for is not there).
"""

import hashlib
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ivr.errors import SpeechError
from ivr.files import write_atomically
from ivr.speech.sound import Grade
from ivr.wording.script import ScriptLine

log = logging.getLogger(__name__)

FORMAT = 1
"""The number of the manifest's form; a reader that does not know it refuses."""

NAME = "manifest.json"

FROM_CHECKOUT = "It came with the checkout. Take it from there again: git checkout -- audio/clips"
"""What to do about a damaged or lost file that no build can make anew."""

_FILE = re.compile(r"[0-9a-f]{64}\.wav")


@dataclass(frozen=True)
class Clip:
    """One finished clip. `name` is its file, "<address>.wav"; `sha256` is of that file; `recording` is the SHA-256 of
    the recording that it was made from ("" where a machine spoke)."""

    language: str
    id: str
    text: str
    engine: str
    voice: str
    grade: Grade
    name: str
    sha256: str
    seconds: float
    recording: str = ""


@dataclass(frozen=True)
class ClipSet:
    """The clips of one voice in one language, by id, in both paces."""

    engine: str
    voice: str
    grade: Grade
    normal: Mapping[str, Clip] = field(default_factory=dict)
    slow: Mapping[str, Clip] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What tells one voice from another: "pico es-ES"."""
        return f"{self.engine} {self.voice}"

    def pace(self, *, slow: bool) -> Mapping[str, Clip]:
        """The clips of one pace."""
        return self.slow if slow else self.normal

    def clips(self) -> tuple[Clip, ...]:
        """All clips, of both paces."""
        return (*self.normal.values(), *self.slow.values())


@dataclass(frozen=True)
class LanguageClips:
    """The sets of one language by their keys. Only the `active` one is heard ("" while none is whole); a set beside it
    waits until it is whole. `earlier` names files that calls under way may still be about to fetch."""

    active: str = ""
    sets: Mapping[str, ClipSet] = field(default_factory=dict)
    earlier: tuple[str, ...] = ()

    @property
    def heard(self) -> ClipSet | None:
        """The active set."""
        return self.sets.get(self.active)

    def clips(self) -> tuple[Clip, ...]:
        """All clips, of every set."""
        return tuple(clip for one in self.sets.values() for clip in one.clips())


@dataclass(frozen=True)
class Manifest:
    """What one layer holds, by language code."""

    languages: Mapping[str, LanguageClips] = field(default_factory=dict)


@dataclass(frozen=True)
class Layer:
    """Where one layer stands: its manifest, and the folder of its clips (one folder a language in it)."""

    manifest: Path
    clips: Path

    def file(self, language: str, name: str) -> Path:
        """Where the clip `name` stands."""
        return self.clips / language / name


def built(folder: Path) -> Layer:
    """What this machine built, below the audio folder."""
    return Layer(folder / "built" / NAME, folder / "built")


def committed(folder: Path) -> Layer:
    """What came with the checkout, below the audio folder."""
    return Layer(folder / NAME, folder / "clips")


def address(inputs: Mapping[str, object]) -> str:
    """The address of a clip: SHA-256, in hexadecimal, of all that decides how it sounds, as canonical JSON."""
    canonical = json.dumps(inputs, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def read_manifest(path: Path) -> Manifest:
    """Reads a manifest; an empty one where there is no file. Raises SpeechError where it cannot be read."""
    try:
        content = json.loads(path.read_bytes())
        if content["format"] != FORMAT:
            raise SpeechError(f"{path} has form {content['format']}, and this version reads {FORMAT}.")
        return Manifest({code: _language(code, one) for code, one in content["languages"].items()})
    except FileNotFoundError:
        return Manifest()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SpeechError(f"{path} cannot be read as a manifest ({error!r}). Delete it and build again.") from error


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Writes a manifest: readable, sorted, atomic."""
    content = {"format": FORMAT, "languages": {code: _plain(one) for code, one in manifest.languages.items()}}
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    write_atomically(path, text.encode() + b"\n")


def _language(code: str, content: Mapping[str, Any]) -> LanguageClips:
    sets = {key: _set(code, one) for key, one in content["sets"].items()}
    return LanguageClips(str(content["active"]), sets, tuple(_file(name) for name in content["earlier"]))


def _set(code: str, content: Mapping[str, Any]) -> ClipSet:
    voice = (str(content["engine"]), str(content["voice"]), Grade(content["grade"]))
    paces = ({id_: _clip(code, id_, voice, one) for id_, one in content[pace].items()} for pace in ("normal", "slow"))
    return ClipSet(*voice, *paces)


def _clip(code: str, id_: str, voice: tuple[str, str, Grade], one: Mapping[str, Any]) -> Clip:
    seconds, recording = float(one["seconds"]), str(one.get("recording", ""))
    return Clip(code, id_, str(one["text"]), *voice, _file(one["file"]), str(one["sha256"]), seconds, recording)


def _file(name: str) -> str:
    if not _FILE.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of a clip")
    return name


def _plain(language: LanguageClips) -> dict[str, object]:
    return {
        "active": language.active,
        "earlier": sorted(language.earlier),
        "sets": {
            key: {
                "engine": one.engine,
                "voice": one.voice,
                "grade": one.grade,
                "normal": {id_: _plain_clip(clip) for id_, clip in one.normal.items()},
                "slow": {id_: _plain_clip(clip) for id_, clip in one.slow.items()},
            }
            for key, one in language.sets.items()
        },
    }


def _plain_clip(clip: Clip) -> dict[str, object]:
    plain: dict[str, object] = {"text": clip.text, "file": clip.name, "sha256": clip.sha256, "seconds": clip.seconds}
    return plain | ({"recording": clip.recording} if clip.recording else {})


@dataclass(frozen=True)
class _Shelf:
    """What is heard in one language: its sets in the order in which they are asked, and every file by its name."""

    sets: tuple[tuple[Layer, ClipSet], ...]
    files: Mapping[str, Path]


class Clips:
    """All clips that can be played now, of both layers; read once, and again when a manifest file has changed."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the audio folder. Raises SpeechError where a manifest in it cannot be read."""
        self._layers = (built(folder), committed(folder))
        self._seen: tuple[object, ...] = ()
        self._shelves: Mapping[str, _Shelf] = {}
        self._read()

    def find(self, line: ScriptLine, *, slow: bool) -> Clip | None:
        """The clip that speaks exactly `line`'s words in the language's one voice; None where there is none.

        Where the slow one is missing, the normal one.
        """
        found = self._found(line, slow=slow)
        return found[1] if found else None

    def path(self, line: ScriptLine, *, slow: bool) -> Path | None:
        """The file of what `find` answers."""
        found = self._found(line, slow=slow)
        return found[0].file(line.language, found[1].name) if found else None

    def seconds(self, line: ScriptLine, *, slow: bool = False) -> float | None:
        """How long the clip of `line` plays, in seconds; None where there is none."""
        clip = self.find(line, slow=slow)
        return clip.seconds if clip else None

    def file(self, language: str, name: str) -> Path | None:
        """The file called `name`, if a manifest names it: no other path can be asked for."""
        shelf = self._shelf(language)
        path = shelf.files.get(name) if shelf else None
        return path if path and path.is_file() else None

    def came_with_checkout(self, path: Path) -> bool:
        """Whether a clip's file is one of the committed ones."""
        return path.is_relative_to(self._layers[1].clips)

    def voice(self, language: str) -> ClipSet | None:
        """The set that is heard in `language`, whole or not; None where there is none."""
        shelf = self._shelf(language)
        return shelf.sets[0][1] if shelf and shelf.sets else None

    def _found(self, line: ScriptLine, *, slow: bool) -> tuple[Layer, Clip] | None:
        shelf = self._shelf(line.language)
        for pace in (True, False) if slow else (False,):
            for layer, one in shelf.sets if shelf else ():
                clip = one.pace(slow=pace).get(line.id)
                if clip and clip.text == line.text and layer.file(line.language, clip.name).is_file():
                    return layer, clip
        return None

    def _shelf(self, language: str) -> _Shelf | None:
        if self._stamps() != self._seen:
            try:
                self._read()
            except SpeechError:
                log.exception("A manifest changed and cannot be read; the line goes on with what it knew")
                self._seen = self._stamps()
        return self._shelves.get(language)

    def _read(self) -> None:
        seen = self._stamps()
        read = [(layer, read_manifest(layer.manifest)) for layer in self._layers]
        languages = {code for _, manifest in read for code in manifest.languages}
        self._shelves = {code: _shelve(code, read) for code in languages}
        self._seen = seen

    def _stamps(self) -> tuple[tuple[int, int, int] | None, ...]:
        return tuple(_stamp(layer.manifest) for layer in self._layers)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _shelve(code: str, read: list[tuple[Layer, Manifest]]) -> _Shelf:
    """One voice for the language: the first layer's whose active set speaks at the normal pace. A layer below joins in
    only with the same voice, and a set of slow clips alone only completes the committed voice that it was made from."""
    layers = [(layer, manifest.languages[code]) for layer, manifest in read if code in manifest.languages]
    voice = next((one.active for _, one in layers if one.heard and one.heard.normal), "")
    sets = tuple((layer, one.sets[voice]) for layer, one in layers if voice in one.sets)
    names = [
        (layer, name) for layer, one in reversed(layers) for name in (*one.earlier, *(c.name for c in one.clips()))
    ]
    return _Shelf(sets, {name: layer.file(code, name) for layer, name in names})
