"""A folder of files from a voice actor: looked through, listened to, and kept where the build finds it.

Rules kept here: what passes here passes `flask audio check`, because it goes through the same chain and the same limits
(but those that compare a clip with all others of its voice, which are not there yet). Each file is finished before the
next is begun, so stopping half-way keeps what is done. `examine.py` judges a file, `keeping.py` saves it.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import groupby
from pathlib import Path

from ivr.errors import Fault
from ivr.line.renamed import find_current_id
from ivr.speech.engines.recordings import SUFFIXES
from ivr.speech.examine import examine, find_notes
from ivr.speech.folder_pace import find_folder_pace
from ivr.speech.keeping import keep_recording
from ivr.speech.manifest import Clip
from ivr.speech.reading import LARGEST
from ivr.wording.script import ScriptLine


@dataclass(frozen=True)
class Take:
    """One file of the folder, called by the id of `line`."""

    path: Path
    line: ScriptLine


@dataclass(frozen=True)
class Batch:
    """What lies in a folder: the takes, in the order of a call, and a fault for each file that is not a take. `sharing`
    holds, by words, the ids that say the same as a take and have no file of their own."""

    takes: tuple[Take, ...]
    faults: tuple[Fault, ...]
    sharing: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class ReceivedTake:
    """What became of one take. `ids` are the clips it is good for, its own first; none where `faults` say why it is
    refused, and `notes` what to know of one that is taken. `changed` is false where every one of them was saved
    already."""

    take: Take
    ids: tuple[str, ...]
    faults: tuple[str, ...]
    changed: bool = True
    notes: tuple[str, ...] = ()


def gather(folder: Path, lines: Sequence[ScriptLine]) -> Batch:
    """Looks through a folder for takes of `lines` (of one language). Hidden files and sub folders are passed over, but
    not a folder, or a link that leads nowhere, which is called like a take."""
    order = {line.id: number for number, line in enumerate(lines)}
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    ids = {path: find_current_id(path.stem.lower()) for path in files if path.suffix.lower() in SUFFIXES}
    faults = [Fault(path.name, _explain_kind(path)) for path in files if path not in ids]
    faults += [Fault(path.name, NO_FILE) for path in folder.iterdir() if _is_no_file(path, order)]
    faults += [Fault(path.name, _explain_stranger(path, order)) for path, id_ in ids.items() if id_ not in order]
    takes: list[Take] = []
    for id_, paths in _group_by_id(ids):
        if id_ in order and len(paths) == 1:
            takes.append(Take(paths[0], lines[order[id_]]))
        elif id_ in order:
            faults += [Fault(path.name, _explain_many(paths)) for path in paths]
    takes.sort(key=lambda take: order[take.line.id])
    return Batch(tuple(takes), tuple(sorted(faults)), _find_sharing(lines, set(ids.values())))


def _group_by_id(ids: Mapping[Path, str]) -> Iterator[tuple[str, list[Path]]]:
    for id_, paths in groupby(sorted(ids, key=lambda path: ids[path]), key=lambda path: ids[path]):
        yield id_, list(paths)


def _find_sharing(lines: Sequence[ScriptLine], with_file: Collection[str]) -> dict[str, tuple[str, ...]]:
    sharing: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if line.id not in with_file:
            sharing[line.text] = (*sharing.get(line.text, ()), line.id)
    return sharing


NO_FILE = "This is a folder, or a link that leads nowhere. Put the recording itself here."


def _is_no_file(path: Path, known: Collection[str]) -> bool:
    is_named = path.suffix.lower() in SUFFIXES and find_current_id(path.stem.lower()) in known
    return is_named and not path.is_file()


def _explain_kind(path: Path) -> str:
    kind = f"{path.suffix.lower()} files" if path.suffix else "Files without an ending"
    return f"{kind} are not read. Save it as wav, flac or mp3."


def _explain_stranger(path: Path, known: Collection[str]) -> str:
    near = get_close_matches(path.stem.lower(), known, n=1)
    what_to_do = f"Is it {near[0]}?" if near else "The booth script lists the names."
    return f"No clip is called {path.stem}. {what_to_do}"


def _explain_many(paths: Sequence[Path]) -> str:
    names = ", ".join(path.name for path in paths)
    return f"{len(paths)} files are for this clip ({names}): keep the best one."


def receive(batch: Batch, recordings: Path, known: Collection[Clip], *, write: bool) -> Iterator[ReceivedTake]:
    """Listens to one take after the other; saves the good ones in `recordings`, the language's folder, where `write`.

    `known` are the clips that the manifest remembers. Raises SpeechError where a recording cannot be saved.
    """
    shared: set[str] = set()  # words that an earlier take has given to all who say the same
    pace = find_folder_pace([(take.path, take.line) for take in batch.takes], known)
    seen: dict[str, Take] = {}
    for take in batch.takes:
        sharing = () if take.line.text in shared else batch.sharing.get(take.line.text, ())
        received = _receive_take(take, (take.line.id, *sharing), recordings, known, seen, pace, write=write)
        if not received.faults:
            shared.add(take.line.text)
        yield received


def _receive_take(
    take: Take,
    ids: tuple[str, ...],
    recordings: Path,
    known: Collection[Clip],
    seen: dict[str, Take],
    pace: float | None,
    *,
    write: bool,
) -> ReceivedTake:
    """`seen` holds the takes so far by the hash of their bytes, and takes this one in."""
    try:
        if take.path.stat().st_size > LARGEST:
            return ReceivedTake(take, (), ("This file is far larger than any clip. Is it the whole session?",))
        content = take.path.read_bytes()
    except OSError as error:
        return ReceivedTake(take, (), (f"This file cannot be read ({error.strerror}).",))
    copies, older = _find_copies(content, take, seen), _find_older_words(content, take.line, ids, known)
    if faults := (*copies, *older, *examine(content, take.line, pace)):
        return ReceivedTake(take, (), faults)
    suffix = take.path.suffix.lower()
    saved = [keep_recording(recordings / f"{id_}{suffix}", content) for id_ in ids] if write else [True]
    return ReceivedTake(take, ids, (), any(saved), find_notes(content))


def _find_copies(content: bytes, take: Take, seen: dict[str, Take]) -> Iterator[str]:
    """One file under two names says the wrong words under one of them."""
    earlier = seen.setdefault(hashlib.sha256(content).hexdigest(), take)
    if earlier.line.text != take.line.text:
        yield f"This is the same file as {earlier.path.name}, whose words are others: listen to both."


def _find_older_words(content: bytes, line: ScriptLine, ids: Collection[str], known: Collection[Clip]) -> Iterator[str]:
    """The build ties a recording to its words (see plan.py), so it would refuse this one."""
    sha256 = hashlib.sha256(content).hexdigest()
    for text in dict.fromkeys(clip.text for clip in known if clip.recording == sha256 and clip.id in ids):
        if text != line.text:
            yield f'This recording says older words ("{text}"). The line now says "{line.text}": record it again.'
