"""Makes many clips at once, in worker processes: engines are C code that may crash or hang, and mastering is work.

Rules kept here: one bad text never stops the others (a worker that dies is replaced, and the words that killed it
become a fault); a finished clip is on disk whole or not at all; workers end with the process that started them, even
when that is killed.
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
from ivr.speech.mastering import RATE, decode, master, slower
from ivr.speech.sound import Speech
from ivr.speech.speakers import Speaker
from ivr.wording.script import ScriptLine

LONGEST_WAIT = 120.0
"""Seconds that one clip may take before its worker is ended."""

MOST_CRASHES = 5
"""After so many dead workers something is wrong with the machine, not with the words."""


@dataclass(frozen=True)
class Task:
    """One clip to be made: who speaks (an index among the speakers), what, at which pace, and where it is written.
    `normal` is the finished clip that it is stretched from, where it is not spoken."""

    speaker: int
    line: ScriptLine
    slow: bool
    path: Path
    normal: Path | None = None


@dataclass(frozen=True)
class Made:
    """A finished clip: SHA-256 of its file, and its length in seconds."""

    sha256: str
    seconds: float


@dataclass(frozen=True)
class Failed:
    """Why a clip could not be made, in words. `permanent` is false where trying again later may help."""

    words: str
    permanent: bool = True


def run(
    tasks: Sequence[Task], speakers: Sequence[Speaker], jobs: int
) -> Generator[tuple[Task, Made | Failed], None, None]:
    """Makes every task, in the order in which they get ready, with `jobs` processes (0: in this one).

    Close it (contextlib.closing) where it may be left early: what runs is finished, the rest is dropped.
    """
    if jobs == 0:
        yield from ((task, make(speakers[task.speaker], task)) for task in tasks)
        return
    waiting, crashes = list(tasks), 0
    while waiting:
        for task, result in _pooled(waiting, speakers, min(jobs, len(waiting))):
            waiting.remove(task)
            yield task, result
        if not waiting:
            return
        crashes += 1
        if jobs == 1:  # tasks are begun in order, so the first one left is the one that killed its worker
            yield waiting.pop(0), Failed("The engine's process died on these words, or took too long.")
        jobs = 1
        if crashes > MOST_CRASHES:
            yield from ((task, Failed("Not tried: the engine's process kept dying.")) for task in waiting)
            return


def make(speaker: Speaker, task: Task) -> Made | Failed:
    """Speaks, masters and writes one clip."""
    try:
        content = master(_speech(speaker, task))
        write_atomically(task.path, content)
    except SpeechError as error:
        return Failed(str(error), error.permanent)
    except Exception as error:  # a fault in one clip must not take the others along
        return Failed(f"This clip could not be made ({type(error).__name__}: {error}).")
    return described(content)


def _speech(speaker: Speaker, task: Task) -> Speech:
    if task.normal is None:
        return speaker.speak(task.line, slow=task.slow)
    if not task.normal.is_file():
        raise SpeechError("The clip of the normal pace, which this one is stretched from, was not made.")
    normal = decode(task.normal.read_bytes())
    return Speech(slower(normal.samples, normal.rate), normal.rate)


def described(content: bytes) -> Made:
    """What the manifest says about a clip's file. Raises soundfile.LibsndfileError where it is none."""
    frames: int = soundfile.info(BytesIO(content)).frames
    return Made(hashlib.sha256(content).hexdigest(), round(frames / RATE, 3))


def _pooled(
    tasks: Sequence[Task], speakers: Sequence[Speaker], jobs: int
) -> Generator[tuple[Task, Made | Failed], None, None]:
    """Ends early, with tasks left over, where a worker died."""
    spawn = multiprocessing.get_context("spawn")  # a fork would copy the locks of threads that it does not copy
    pool = ProcessPoolExecutor(jobs, mp_context=spawn, initializer=_begin, initargs=(tuple(speakers),))
    try:
        futures = {pool.submit(_make, task): task for task in tasks}
        for future in as_completed(futures):
            if not isinstance(future.exception(), BrokenProcessPool):
                yield futures[future], future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_speakers: tuple[Speaker, ...] = ()  # in a worker: whom it was started with; an engine is kept warm between clips


def _begin(speakers: tuple[Speaker, ...]) -> None:
    global _speakers
    _speakers = speakers
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asked; it lets running clips finish
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _make(task: Task) -> Made | Failed:
    clock = getattr(signal, "setitimer", None)  # not on Windows
    if clock:
        clock(signal.ITIMER_REAL, LONGEST_WAIT)  # its signal ends this process, whatever C code it hangs in
    try:
        return make(_speakers[task.speaker], task)
    finally:
        if clock:
            clock(signal.ITIMER_REAL, 0)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
