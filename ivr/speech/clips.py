"""The clips that can be played now: which file speaks a line of the script.

Rules kept here: a caller never hears two voices in one language (only the language's active set is asked), and never
hears old words (a clip whose text is not the line's text counts as missing). The manifests are read once, and again
when one of their files has changed, so a running line follows a build without a restart.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ivr.errors import SpeechError
from ivr.speech.manifest import (
    Clip,
    ClipSet,
    LanguageClips,
    Layer,
    Manifest,
    locate_built_layer,
    locate_committed_layer,
    read_manifest,
)
from ivr.wording.script import ScriptLine

log = logging.getLogger(__name__)

_Stamp = tuple[int, int, int]
"""When a file was written (ns), its size (bytes), and its inode: another stamp is another file."""


@dataclass(frozen=True)
class _Shelf:
    """What is heard in one language: its sets in the order in which they are asked, and every file by its name."""

    sets: tuple[tuple[Layer, ClipSet], ...]
    files: Mapping[str, Path]


class Clips:
    """All clips that can be played now, of both layers."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the audio folder. Raises SpeechError where a manifest in it cannot be read."""
        self._layers = (locate_built_layer(folder), locate_committed_layer(folder))
        self._stamps: tuple[_Stamp | None, ...] = ()
        self._shelves: Mapping[str, _Shelf] = {}
        self._read()

    def find(self, line: ScriptLine, *, slow: bool) -> Clip | None:
        """The clip that speaks exactly `line`'s words in the language's one voice; None where there is none.

        Where the slow one is missing, the normal one.
        """
        found = self._find(line, slow=slow)
        return found[1] if found else None

    def find_path(self, line: ScriptLine, *, slow: bool) -> Path | None:
        """The file of the clip that `find` gives."""
        found = self._find(line, slow=slow)
        return found[0].locate(line.language, found[1].name) if found else None

    def find_seconds(self, line: ScriptLine, *, slow: bool = False) -> float | None:
        """How long the clip of `line` plays, in seconds; None where there is none."""
        clip = self.find(line, slow=slow)
        return clip.seconds if clip else None

    def find_file(self, language: str, name: str) -> Path | None:
        """The file called `name`, if a manifest names it: no other path can be asked for."""
        shelf = self._find_shelf(language)
        path = shelf.files.get(name) if shelf else None
        return path if path and path.is_file() else None

    def is_committed(self, path: Path) -> bool:
        """Whether a clip's file is one of those that came with the checkout."""
        return path.is_relative_to(self._layers[1].clips)

    def find_voice(self, language: str) -> ClipSet | None:
        """The set that is heard in `language`, whole or not; None where there is none."""
        shelf = self._find_shelf(language)
        return shelf.sets[0][1] if shelf and shelf.sets else None

    def _find(self, line: ScriptLine, *, slow: bool) -> tuple[Layer, Clip] | None:
        shelf = self._find_shelf(line.language)
        for pace in (True, False) if slow else (False,):
            for layer, clip_set in shelf.sets if shelf else ():
                clip = clip_set.choose_pace(slow=pace).get(line.id)
                if clip and clip.text == line.text and layer.locate(line.language, clip.name).is_file():
                    return layer, clip
        return None

    def _find_shelf(self, language: str) -> _Shelf | None:
        if self._stamp_layers() != self._stamps:
            try:
                self._read()
            except SpeechError:
                log.exception("A manifest changed and cannot be read; the line goes on with what it knew")
                self._stamps = self._stamp_layers()
        return self._shelves.get(language)

    def _read(self) -> None:
        stamps = self._stamp_layers()  # before reading: a change in between is then seen at the next look
        manifests = [(layer, read_manifest(layer.manifest)) for layer in self._layers]
        languages = {code for _, manifest in manifests for code in manifest.languages}
        self._shelves = {code: _fill_shelf(code, manifests) for code in languages}
        self._stamps = stamps

    def _stamp_layers(self) -> tuple[_Stamp | None, ...]:
        return tuple(_stamp(layer.manifest) for layer in self._layers)


def _stamp(path: Path) -> _Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _fill_shelf(code: str, manifests: Sequence[tuple[Layer, Manifest]]) -> _Shelf:
    """One voice for the language: that of the first layer whose active set speaks at the normal pace.

    A layer below joins in only with the same voice. A set of slow clips alone only completes the committed voice that
    it was stretched from.
    """
    layers = [(layer, manifest.languages[code]) for layer, manifest in manifests if code in manifest.languages]
    voice = next((clips.active for _, clips in layers if clips.active_set and clips.active_set.normal), "")
    sets = tuple((layer, clips.sets[voice]) for layer, clips in layers if voice in clips.sets)
    files = {name: layer.locate(code, name) for layer, clips in reversed(layers) for name in _list_names(clips)}
    return _Shelf(sets, files)


def _list_names(clips: LanguageClips) -> list[str]:
    return [*clips.earlier, *(clip.name for clip in clips.list_clips())]
