"""Hears many sounds at once, in worker processes of one thread each.

Only a few sounds wait at a time, so a long list costs no memory; workers end with the process that started them, even
when that process is killed.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from ivr.errors import SpeechError

if TYPE_CHECKING:
    from ivr.speech.hearing import Recogniser

_Key = TypeVar("_Key")

WAITING = 3
"""Sounds that are handed over for each worker, so that none is idle."""


def hear_each(
    sounds: Iterable[tuple[_Key, bytes, str]], recogniser: "Recogniser", jobs: int
) -> Generator[tuple[_Key, bytes, str, tuple[str, ...]], None, None]:
    """Hears each sound (its key, its file's bytes, its language), in the order in which they get ready, with `jobs`
    processes (0: in this one). Raises SpeechError, also where a worker dies."""
    if jobs == 0:
        yield from ((key, sound, language, recogniser.hear(sound, language)) for key, sound, language in sounds)
        return
    spawn = multiprocessing.get_context("spawn")  # a fork would copy the locks of threads that it does not copy
    pool = ProcessPoolExecutor(jobs, mp_context=spawn, initializer=_start_worker, initargs=(recogniser,))
    coming, running = iter(sounds), dict[Future[tuple[str, ...]], tuple[_Key, bytes, str]]()
    try:
        while True:
            for sound in islice(coming, jobs * WAITING - len(running)):
                running[pool.submit(_hear_in_worker, *sound[1:])] = sound
            if not running:
                return
            for ready in wait(running, return_when=FIRST_COMPLETED).done:
                yield *running.pop(ready), ready.result()
    except BrokenProcessPool as error:
        raise SpeechError("The recogniser's process died. What it heard is kept; run the same again.") from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_recognisers: "list[Recogniser]" = []  # in a worker: the one it was started with; its model is loaded once


def _start_worker(recogniser: "Recogniser") -> None:
    _recognisers[:] = [recogniser]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asked
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _hear_in_worker(sound: bytes, language: str) -> tuple[str, ...]:
    return _recognisers[0].hear(sound, language)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
