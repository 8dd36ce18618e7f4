"""How clips are heard by an offline recogniser, and how far that is from their words.

Optional (`make hear`): nothing here is needed to run or to test the line. Every sound is heard in worker processes, one
thread each, and what was heard is kept on disk by the sound's hash, so a run that is stopped goes on where it stopped.
A recogniser errs by itself, most of all on names and lone words: where a clip is beyond its language's bound
(`hearing_bounds.py`), that says "listen to this clip", and a good one proves little.
"""

import hashlib
from collections.abc import Callable, Container, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from ivr.speech.clips import Clips
from ivr.speech.hearing_kept import KeptHearings
from ivr.speech.hearing_words import fold_letters, split_heard, split_said
from ivr.speech.hearing_workers import hear_each
from ivr.wording.script import ScriptLine

_Key = TypeVar("_Key")

SHORTEST = 8
"""Letters. Less is a word alone, which no recogniser is sure of."""


class Recogniser(Protocol):
    """Turns sound into words. It is handed to worker processes, so it survives pickling."""

    @property
    def name(self) -> str:
        """Who hears, with every version that decides what is heard."""

    def hear(self, sound: bytes, language: str) -> tuple[str, ...]:
        """What it hears in a sound file, once for each way in which it listens; in one way at least, numbers are in
        words. Raises SpeechError."""


@dataclass(frozen=True)
class HeardClip:
    """One clip as it was heard, the better way. `share`: sounds wrong, as a share of those in the text (0 is perfect).
    `sha256` is of its file, `voice` who speaks it ("pico es-ES"); `committed`: it came with the checkout."""

    language: str
    id: str
    text: str
    voice: str
    sha256: str
    committed: bool
    heard: str
    share: float


@dataclass(frozen=True)
class _WaitingClip:
    line: ScriptLine
    voice: str
    path: Path
    committed: bool


def listen(
    lines: Sequence[ScriptLine],
    clips: Clips,
    recogniser: Recogniser,
    kept: KeptHearings,
    *,
    jobs: int,
    on_progress: Callable[[int, int], None],
) -> Generator[HeardClip, None, None]:
    """Hears every clip of `lines` that is long enough and there, at the normal pace, in the order in which they get
    ready, with `jobs` processes (0: in this one). `on_progress` is told how many of how many. Raises SpeechError.

    Close it (contextlib.closing) where it may be left early: what is being heard is finished, the rest is dropped.
    """
    waiting = list(_find_waiting(lines, clips))
    sounds = ((clip, clip.path.read_bytes(), clip.line.language) for clip in waiting)
    with closing(hear_sounds(sounds, recogniser, kept, jobs)) as heard:
        for done, (clip, content, readings) in enumerate(heard, 1):
            yield _judge(clip, hashlib.sha256(content).hexdigest(), readings)
            on_progress(done, len(waiting))


def hear_sounds(
    sounds: Iterable[tuple[_Key, bytes, str]], recogniser: Recogniser, kept: KeptHearings, jobs: int
) -> Generator[tuple[_Key, bytes, tuple[str, ...]], None, None]:
    """What is heard in each sound (its key, its file's bytes, its language); what is kept is not heard again."""
    new: list[tuple[_Key, bytes, str]] = []
    for key, content, language in sounds:
        known = kept.find(content, language)
        if known is None:
            new.append((key, content, language))
        else:
            yield key, content, known
    with closing(hear_each(new, recogniser, jobs)) as heard:
        for key, content, language, readings in heard:
            kept.keep(content, language, readings)
            yield key, content, readings


def measure_share(text: str, heard: str, language: str) -> float:
    """The sounds that would have to change (Levenshtein's distance), as a share of the text's. Raises SpeechError where
    what reads the language is not installed."""
    said = split_said(text, language)
    return measure_distance(said, split_heard(heard, language)) / max(len(said), 1)


def measure_distance(said: Sequence[str], heard: Sequence[Container[str]]) -> int:
    """How many sounds would have to change, come or go. A sign that was heard fits each sound that it may stand for."""
    before = list(range(len(heard) + 1))
    for row, sound in enumerate(said, 1):
        after = [row]
        for column, sign in enumerate(heard, 1):
            changed = before[column - 1] + (sound not in sign)
            after.append(min(before[column] + 1, after[-1] + 1, changed))
        before = after
    return before[-1]


def _find_waiting(lines: Iterable[ScriptLine], clips: Clips) -> Iterator[_WaitingClip]:
    for line in lines:
        clip, path = clips.find(line, slow=False), clips.find_path(line, slow=False)
        if clip and path and len(fold_letters(line.text)) >= SHORTEST:
            yield _WaitingClip(line, f"{clip.engine} {clip.voice}", path, clips.is_committed(path))


def _judge(clip: _WaitingClip, sha256: str, readings: Iterable[str]) -> HeardClip:
    line = clip.line
    share, heard = min((measure_share(line.text, reading, line.language), reading) for reading in readings)
    return HeardClip(
        language=line.language,
        id=line.id,
        text=line.text,
        voice=clip.voice,
        sha256=sha256,
        committed=clip.committed,
        heard=heard,
        share=share,
    )
