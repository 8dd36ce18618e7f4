"""The manifest: which clip speaks which words, in which voice.

There are two layers, each with a manifest of its own: the clips that come with the checkout (`audio/manifest.json`,
files in `audio/clips/<language>/`) and those that this machine built (`audio/built/manifest.json`, files in
`audio/built/<language>/`). Rule kept here: each language has one active set of clips, and a manifest is written in one
atomic step, so a caller never hears two voices in one language. What can be played now is looked up in `clips.py`.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ivr.errors import SpeechError
from ivr.files import write_atomically
from ivr.line.renamed import adopt_earlier_ids
from ivr.speech.sound import Grade

FORMAT = 1
"""The version of the manifest's format. A reader refuses any other."""

FILE_NAME = "manifest.json"

FROM_CHECKOUT = "It came with the checkout. Take it from there again: git checkout -- audio/clips"
"""What to do about a damaged or lost file that no build can make anew."""

_FILE = re.compile(r"[0-9a-f]{64}\.wav")


@dataclass(frozen=True)
class Clip:
    """One finished clip. `name` is its file, "<address>.wav"; `sha256` is of that file's bytes; `seconds` is its
    length. `recording` is the SHA-256 of the recording that it was made from ("" where a machine spoke)."""

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
    """The clips of one voice in one language, by clip id, at both paces."""

    engine: str
    voice: str
    grade: Grade
    normal: Mapping[str, Clip] = field(default_factory=dict)
    slow: Mapping[str, Clip] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What tells one voice from another: "pico es-ES"."""
        return f"{self.engine} {self.voice}"

    @property
    def is_synthetic(self) -> bool:
        """Whether a machine speaks; its clips say so in their own files (`synthetic_mark.py`)."""
        return self.grade is not Grade.RECORDED

    def choose_pace(self, *, slow: bool) -> Mapping[str, Clip]:
        """The clips of one pace."""
        return self.slow if slow else self.normal

    def list_clips(self) -> tuple[Clip, ...]:
        """All clips, at both paces."""
        return (*self.normal.values(), *self.slow.values())


@dataclass(frozen=True)
class LanguageClips:
    """The sets of one language by their keys. Only the `active` one is heard ("" while none is whole); a set beside it
    waits until it is whole. `earlier` names files that calls under way may still fetch."""

    active: str = ""
    sets: Mapping[str, ClipSet] = field(default_factory=dict)
    earlier: tuple[str, ...] = ()

    @property
    def active_set(self) -> ClipSet | None:
        """The set that callers hear; None while none is whole."""
        return self.sets.get(self.active)

    def list_clips(self) -> tuple[Clip, ...]:
        """All clips of every set."""
        return tuple(clip for clip_set in self.sets.values() for clip in clip_set.list_clips())


@dataclass(frozen=True)
class Manifest:
    """What one layer holds, by language code."""

    languages: Mapping[str, LanguageClips] = field(default_factory=dict)


@dataclass(frozen=True)
class Layer:
    """Where one layer stands: its manifest, and the folder of its clips (one folder a language in it)."""

    manifest: Path
    clips: Path

    def locate(self, language: str, name: str) -> Path:
        """Where the clip file `name` belongs, whether it is there or not."""
        return self.clips / language / name


def locate_built_layer(folder: Path) -> Layer:
    """What this machine built, below the audio folder."""
    return Layer(folder / "built" / FILE_NAME, folder / "built")


def locate_committed_layer(folder: Path) -> Layer:
    """What came with the checkout, below the audio folder."""
    return Layer(folder / FILE_NAME, folder / "clips")


def make_address(inputs: Mapping[str, object]) -> str:
    """The address of a clip: SHA-256, in hexadecimal, of everything that decides how it sounds, as canonical JSON."""
    canonical = json.dumps(inputs, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def read_manifest(path: Path) -> Manifest:
    """Reads a manifest; an empty one where there is no file. Raises SpeechError where it cannot be read."""
    try:
        content = json.loads(path.read_bytes())
        if content["format"] != FORMAT:
            raise SpeechError(f"{path} has form {content['format']}, and this version reads {FORMAT}.")
        return Manifest({code: _read_language(code, row) for code, row in content["languages"].items()})
    except FileNotFoundError:
        return Manifest()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SpeechError(f"{path} cannot be read as a manifest ({error!r}). Delete it and build again.") from error


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Writes a manifest: readable, sorted, atomic."""
    languages = {code: _plain_language(clips) for code, clips in manifest.languages.items()}
    text = json.dumps({"format": FORMAT, "languages": languages}, ensure_ascii=False, indent=1, sort_keys=True)
    write_atomically(path, text.encode() + b"\n")


def _read_language(code: str, row: Mapping[str, Any]) -> LanguageClips:
    sets = {key: _read_set(code, set_row) for key, set_row in row["sets"].items()}
    return LanguageClips(str(row["active"]), sets, tuple(_check_name(name) for name in row["earlier"]))


def _read_set(code: str, row: Mapping[str, Any]) -> ClipSet:
    voice: dict[str, Any] = {"engine": str(row["engine"]), "voice": str(row["voice"]), "grade": Grade(row["grade"])}
    normal, slow = (
        {id_: _read_clip(code, id_, voice, clip_row) for id_, clip_row in adopt_earlier_ids(row[pace]).items()}
        for pace in ("normal", "slow")
    )
    return ClipSet(**voice, normal=normal, slow=slow)


def _read_clip(code: str, id_: str, voice: Mapping[str, Any], row: Mapping[str, Any]) -> Clip:
    return Clip(
        language=code,
        id=id_,
        text=str(row["text"]),
        **voice,
        name=_check_name(row["file"]),
        sha256=str(row["sha256"]),
        seconds=float(row["seconds"]),
        recording=str(row.get("recording", "")),
    )


def _check_name(name: str) -> str:
    if not _FILE.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of a clip")
    return name


def _plain_language(clips: LanguageClips) -> dict[str, object]:
    return {
        "active": clips.active,
        "earlier": sorted(clips.earlier),
        "sets": {key: _plain_set(clip_set) for key, clip_set in clips.sets.items()},
    }


def _plain_set(clip_set: ClipSet) -> dict[str, object]:
    return {
        "engine": clip_set.engine,
        "voice": clip_set.voice,
        "grade": clip_set.grade,
        "synthetic": clip_set.is_synthetic,  # for whoever reads it elsewhere; here the grade says it
        "normal": {id_: _plain_clip(clip) for id_, clip in clip_set.normal.items()},
        "slow": {id_: _plain_clip(clip) for id_, clip in clip_set.slow.items()},
    }


def _plain_clip(clip: Clip) -> dict[str, object]:
    plain: dict[str, object] = {"text": clip.text, "file": clip.name, "sha256": clip.sha256, "seconds": clip.seconds}
    return plain | ({"recording": clip.recording} if clip.recording else {})
