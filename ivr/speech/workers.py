"""Makes many clips at once, in worker processes: engines are C code that may crash or hang, and mastering is work.

Rules kept here: one bad text never stops the others (a worker that dies is replaced, and the words that killed it
become a fault); a finished clip is on disk whole or not at all; workers end with the process that started them, even
when that process is killed.
"""

import hashlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import soundfile

from ivr.errors import SpeechError
from ivr.files import write_atomically
from ivr.speech.limits import RATE
from ivr.speech.mastering import decode, master, slow_down
from ivr.speech.sound import Grade, Speech
from ivr.speech.speaker import Speaker
from ivr.speech.synthetic_mark import mark_synthetic
from ivr.wording.script import ScriptLine

LONGEST_WAIT = 120.0
"""Seconds that one clip may take before its worker is ended."""

MOST_CRASHES = 5
"""After so many dead workers something is wrong with the machine, not with the words."""


@dataclass(frozen=True)
class ClipTask:
    """One clip to be made: who speaks (an index among the speakers), what, at which pace, and where it is written.
    `source` is the finished clip that it is stretched from; None where it is spoken."""

    speaker: int
    line: ScriptLine
    slow: bool
    path: Path
    source: Path | None = None


@dataclass(frozen=True)
class FinishedClip:
    """A finished clip: SHA-256 of its file, and its length in seconds."""

    sha256: str
    seconds: float


@dataclass(frozen=True)
class FailedClip:
    """Why a clip could not be made, in words. `permanent` is false where trying again later may help."""

    words: str
    permanent: bool = True


def run_tasks(
    tasks: Sequence[ClipTask], speakers: Sequence[Speaker], jobs: int
) -> Generator[tuple[ClipTask, FinishedClip | FailedClip], None, None]:
    """Makes every task, in the order in which they get ready, with `jobs` processes (0: in this one).

    Close it (contextlib.closing) where it may be left early: what runs is finished, the rest is dropped.
    """
    if jobs == 0:
        yield from ((task, make_clip(speakers[task.speaker], task)) for task in tasks)
        return
    waiting, crashes = list(tasks), 0
    while waiting:
        for task, result in _run_pool(waiting, speakers, min(jobs, len(waiting))):
            waiting.remove(task)
            yield task, result
        if not waiting:
            return
        crashes += 1
        if jobs == 1:  # tasks are begun in order, so the first one left is the one that killed its worker
            yield waiting.pop(0), FailedClip("The engine's process died on these words, or took too long.")
        jobs = 1
        if crashes > MOST_CRASHES:
            yield from ((task, FailedClip("Not tried: the engine's process kept dying.")) for task in waiting)
            return


def make_clip(speaker: Speaker, task: ClipTask) -> FinishedClip | FailedClip:
    """Speaks, masters and writes one clip."""
    try:
        content = _mark(master(_make_speech(speaker, task)), speaker, task.line.language)
        write_atomically(task.path, content)
    except SpeechError as error:
        return FailedClip(str(error), error.permanent)
    except Exception as error:  # a fault in one clip must not take the others along
        return FailedClip(f"This clip could not be made ({type(error).__name__}: {error}).")
    return describe_file(content)


def _make_speech(speaker: Speaker, task: ClipTask) -> Speech:
    if task.source is None:
        return speaker.speak(task.line, slow=task.slow)
    if not task.source.is_file():
        raise SpeechError("The clip of the normal pace, which this one is stretched from, was not made.")
    return slow_down(decode(task.source.read_bytes()))


def _mark(content: bytes, speaker: Speaker, language: str) -> bytes:
    """A machine's clip says so in its own file; a person's is left as it is."""
    if speaker.grade(language) is Grade.RECORDED:
        return content
    return mark_synthetic(content, speaker.name, speaker.name_voice(language))


def describe_file(content: bytes) -> FinishedClip:
    """What the manifest says about a clip, from its file's bytes. Raises soundfile.LibsndfileError for other files."""
    frames: int = soundfile.info(BytesIO(content)).frames
    return FinishedClip(hashlib.sha256(content).hexdigest(), round(frames / RATE, 3))


def _run_pool(
    tasks: Sequence[ClipTask], speakers: Sequence[Speaker], jobs: int
) -> Generator[tuple[ClipTask, FinishedClip | FailedClip], None, None]:
    """Ends early, with tasks left over, where a worker died."""
    spawn = multiprocessing.get_context("spawn")  # a fork would copy the locks of threads that it does not copy
    pool = ProcessPoolExecutor(jobs, mp_context=spawn, initializer=_start_worker, initargs=(tuple(speakers),))
    try:
        futures = {pool.submit(_make_in_worker, task): task for task in tasks}
        for future in as_completed(futures):
            if not isinstance(future.exception(), BrokenProcessPool):
                yield futures[future], future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_speakers: tuple[Speaker, ...] = ()  # in a worker: those it was started with; an engine is kept warm between clips


def _start_worker(speakers: tuple[Speaker, ...]) -> None:
    global _speakers
    _speakers = speakers
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asked; it lets running clips finish
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _make_in_worker(task: ClipTask) -> FinishedClip | FailedClip:
    clock = getattr(signal, "setitimer", None)  # not on Windows
    if clock:
        clock(signal.ITIMER_REAL, LONGEST_WAIT)  # its signal ends this process, whatever C code it hangs in
    try:
        return make_clip(_speakers[task.speaker], task)
    finally:
        if clock:
            clock(signal.ITIMER_REAL, 0)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
