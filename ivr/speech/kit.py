"""A folder of files from the booth: looked through, listened to, and kept where the build finds it.

Rules kept here: what passes here passes `flask audio check`, because it goes through the same chain and the same
limits (but those that compare a clip with all others of its voice, which are not there yet). Nothing that was saved is
lost: an older recording makes room only for one that has passed, and is set aside, never deleted. Each file is done
with before the next is begun, so whoever stops half-way keeps what is done.
"""

import hashlib
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import count, groupby
from pathlib import Path

import numpy as np
import soundfile

from ivr.errors import Fault, SpeechError
from ivr.files import write_atomically
from ivr.speech.check import LONGEST_CLIP, LONGEST_SILENCE, twice
from ivr.speech.engines.recordings import SUFFIXES
from ivr.speech.manifest import Clip
from ivr.speech.mastering import LOUDNESS, PEAK, TOLERANCE, Measure, decode, high_pass, master, measure, slower
from ivr.speech.pace import bound_seconds, find_pace, find_rate, measure_band_distance, name_unit
from ivr.speech.sound import SLOW, Samples, Speech
from ivr.wording.script import ScriptLine

REPLACED = "replaced"
"""The folder in a language's recordings where older ones are set aside; nobody reads from it."""

APART = 25.0
"""Decibels that the quiet in a recording has to lie under the voice: a telephone makes the rest of it loud."""

TOPS = 5
"""Places where a clipped recording is cut flat; fewer are single peaks, which nobody hears."""


@dataclass(frozen=True)
class Take:
    """One file of the folder, called by the id of `line`."""

    path: Path
    line: ScriptLine


@dataclass(frozen=True)
class Batch:
    """What lies in a folder: the takes, in the order of a call, and a fault for each file that is none. `sharing`
    holds, by words, the ids that say the same as a take and have no file of their own."""

    takes: tuple[Take, ...]
    faults: tuple[Fault, ...]
    sharing: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Received:
    """What became of one take. `ids` are the clips it is good for, its own first; none where `faults` say why it is
    refused. `changed` is false where every one of them was saved already."""

    take: Take
    ids: tuple[str, ...]
    faults: tuple[str, ...]
    changed: bool = True


def gather(folder: Path, lines: Sequence[ScriptLine]) -> Batch:
    """Looks through a folder for takes of `lines` (of one language). Hidden files and sub folders are passed over."""
    known = {line.id: line for line in lines}
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    named = {path: path.stem.lower() for path in files if path.suffix.lower() in SUFFIXES}
    faults = [Fault(path.name, _other_kind(path)) for path in files if path not in named]
    faults += [Fault(path.name, _stranger(path, known)) for path, id_ in named.items() if id_ not in known]
    takes = []
    for id_, group in groupby(sorted(named, key=lambda path: named[path]), key=lambda path: named[path]):
        paths = list(group)
        if id_ in known and len(paths) == 1:
            takes.append(Take(paths[0], known[id_]))
        elif id_ in known:
            words = (
                f"{len(paths)} files are for this clip ({', '.join(path.name for path in paths)}): keep the best one."
            )
            faults += [Fault(path.name, words) for path in paths]
    order = {line.id: number for number, line in enumerate(lines)}
    takes.sort(key=lambda take: order[take.line.id])
    return Batch(tuple(takes), tuple(sorted(faults)), _sharing(lines, set(named.values())))


def _sharing(lines: Sequence[ScriptLine], named: Collection[str]) -> dict[str, tuple[str, ...]]:
    sharing: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if line.id not in named:
            sharing[line.text] = (*sharing.get(line.text, ()), line.id)
    return sharing


def _other_kind(path: Path) -> str:
    kind = f"{path.suffix.lower()} files" if path.suffix else "Files without an ending"
    return f"{kind} are not read. Save it as wav, flac or mp3."


def _stranger(path: Path, known: Collection[str]) -> str:
    near = get_close_matches(path.stem.lower(), known, n=1)
    what_to_do = f"Is it {near[0]}?" if near else "The booth script lists the names."
    return f"No clip is called {path.stem}. {what_to_do}"


def receive(batch: Batch, recordings: Path, known: Collection[Clip], *, write: bool) -> Iterator[Received]:
    """Listens to one take after the other; saves the good ones in `recordings`, the language's folder, where `write`.

    `known` are the clips that the manifest remembers. Raises SpeechError where a recording cannot be saved.
    """
    shared: set[str] = set()  # words that an earlier take has given to all who say the same
    for take in batch.takes:
        others = () if take.line.text in shared else batch.sharing.get(take.line.text, ())
        ids = (take.line.id, *others)
        try:
            content = take.path.read_bytes()
        except OSError as error:
            yield Received(take, (), (f"This file cannot be read ({error.strerror}).",))
            continue
        if faults := (*_older_words(content, take.line, ids, known), *examine(content, take.line)):
            yield Received(take, (), faults)
            continue
        shared.add(take.line.text)
        suffix = take.path.suffix.lower()
        saved = [save(recordings / f"{id_}{suffix}", content) for id_ in ids] if write else [True]
        yield Received(take, ids, (), any(saved))


def _older_words(content: bytes, line: ScriptLine, ids: Collection[str], known: Collection[Clip]) -> Iterator[str]:
    """The build ties a recording to its words (see wanted.py), so it would refuse this one."""
    sha256 = hashlib.sha256(content).hexdigest()
    for text in dict.fromkeys(clip.text for clip in known if clip.recording == sha256 and clip.id in ids):
        if text != line.text:
            yield f'This recording says older words ("{text}"). The line now says "{line.text}": record it again.'


def examine(content: bytes, line: ScriptLine) -> tuple[str, ...]:
    """All that keeps a file's bytes from being the recording of `line`, in words for who recorded it."""
    try:
        speech = decode(content)
        normal = decode(master(speech))
        slow = decode(master(Speech(slower(speech.samples, speech.rate), speech.rate)))
    except SpeechError as error:
        return (str(error),)
    unfit = [*_beyond(normal, line)] or [f"Played slower: {words}" for words in _beyond(slow, line, SLOW)]
    return (*_recorded_badly(content, speech), *unfit)


def _recorded_badly(content: bytes, speech: Speech) -> Iterator[str]:
    channels = soundfile.read(io.BytesIO(content), dtype="float32", always_2d=True)[0].T
    if any(cut_off(channel) for channel in channels):
        yield "The loudest sounds are cut off (clipped): record it again with the level lower."
    if (found := apart(speech)) < APART:
        yield (
            f"Its quietest moments are only {found:.0f} dB under the voice; it takes {APART:g}: record in a quieter "
            f"room, with half a second of quiet before and after."
        )


def _beyond(clip: Speech, line: ScriptLine, share: float = 1.0) -> Iterator[str]:
    """What is beyond the limits of the check, in a finished clip at this share of the normal pace."""
    found = measure(clip.samples, clip.rate)
    if abs(found.lufs - LOUDNESS) > TOLERANCE or found.peak >= PEAK or found.clipped:
        yield f"It cannot be brought to {LOUDNESS:g} LUFS without clipping: record it again, evenly."
    if max(found.leading, found.trailing) > LONGEST_SILENCE:
        yield "There is silence in it that cannot be cut out: record it again."
    if share == 1.0 and twice(clip.samples, clip.rate):
        yield "The same sound comes twice in it: save it once."
    yield from _mistimed(found, line, share)


def _mistimed(found: Measure, line: ScriptLine, share: float) -> Iterator[str]:
    shortest, longest = bound_seconds(line)
    rate = find_rate(line.text, line.language, found.seconds - found.leading - found.trailing)
    pace = find_pace(line.language)
    if share == 1.0 and found.seconds > LONGEST_CLIP:
        yield f"It lasts {found.seconds:.0f} s, and a clip lasts {LONGEST_CLIP:g} s at most: read it a little faster."
    if not shortest <= found.seconds <= longest / share:
        yield (
            f"It lasts {found.seconds:.1f} s, and these words take {shortest:.1f} to {longest / share:.1f} s: "
            "is it this clip, whole, and nothing else?"
        )
    elif rate is not None and pace and measure_band_distance(band := pace.clip.scale(share), rate) > 1:
        yield (
            f"It has {rate:.0f} {name_unit(line.language)} a minute, and may have {band}: "
            f"read it {'slower' if rate > band.highest else 'faster'}."
        )


def cut_off(channel: Samples) -> bool:
    """Whether a sound (one channel, any rate) was too loud for its microphone or its file: it is cut flat at its
    highest level, or reaches full scale, in many places."""
    level = np.abs(channel)
    flat = np.concatenate([[False], (np.abs(np.diff(channel)) < 5e-5) & (level[1:] > 0.99 * level.max(initial=0.0))])
    long = flat[3:] & flat[2:-1] & flat[1:-2]  # four samples alike; a voice's own peaks are rounder
    return bool(level.max(initial=0.0) > 0) and max(_places(long), _places(level >= 0.999)) >= TOPS


def _places(there: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> int:
    return int((np.diff(there.astype(np.int8), prepend=0) == 1).sum())


def apart(speech: Speech) -> float:
    """How many decibels the quietest tenth of a sound (half a second of it at most) lies under its voice, both as the
    chain hears them."""
    heard = high_pass(speech).samples.astype(np.float64)
    size = max(speech.rate // 100, 1)
    power = np.sort((heard[: len(heard) // size * size].reshape(-1, size) ** 2).mean(axis=1))
    voice = power[power > power[-1] / 100].mean()
    quiet = power[: min(max(len(power) // 10, 1), 50)].mean()
    return float(10 * np.log10(voice / max(quiet, 1e-12)))


def save(target: Path, content: bytes) -> bool:
    """Makes `content` the recording at `target`; whatever was there for the same clip, of any kind, is set aside.

    False where it is the one recording already. Raises SpeechError where the disk does not take it. Killed at any
    moment, it leaves the old recording or the new one.
    """
    try:
        older = [path for path in _recordings_of(target) if path.read_bytes() != content or path.name != target.name]
        for path in older:
            _set_aside(path)
        if changed := bool(older) or not target.exists():
            write_atomically(target, content)
        for path in older:
            if path.exists() and not path.samefile(target):  # one file, where a disk takes .WAV and .wav for the same
                path.unlink()
    except OSError as error:
        raise SpeechError(f"{target} cannot be saved ({error.strerror}). What was saved before is kept.") from error
    return changed


def _recordings_of(target: Path) -> list[Path]:
    there = sorted(target.parent.iterdir()) if target.parent.is_dir() else []
    return [path for path in there if path.stem == target.stem and path.suffix.lower() in SUFFIXES]


def _set_aside(path: Path) -> None:
    content = path.read_bytes()
    for number in count(1):
        room = path.parent / REPLACED / (path.name if number == 1 else f"{path.stem}~{number}{path.suffix}")
        if not room.exists():
            write_atomically(room, content)
            return
        if room.read_bytes() == content:
            return
