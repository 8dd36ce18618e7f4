"""Listening events on their way to the database, written behind the caller's back.

What only counts may never slow or break a call: `put` takes microseconds, waits for nothing and raises nothing. One
thread writes in batches and, while the database is down, tries again. Beyond the bound the newest are dropped, and
whatever is lost is counted, so that a report can say that it is incomplete.
"""

import atexit
import logging
import threading
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue

from ivr.errors import StoreError
from ivr.line.events import CallEvent
from ivr.store.processes import renew_after_fork

_log = logging.getLogger(__name__)


class EventWriter:
    """The queue and its one thread, which begins with the first event, in the process that put it."""

    def __init__(
        self,
        write: Callable[[Sequence[CallEvent]], None],
        *,
        bound: int = 10_000,
        batch: int = 1000,
        gather: float = 0.2,
        pauses: tuple[float, float] = (0.1, 5.0),
        on_lost: Callable[[int], None] | None = None,
    ) -> None:
        """`write` is `LineStore.write_events`. A batch goes when it holds `batch` events or is `gather` seconds old.

        `pauses` are the first and the longest wait (seconds) between tries while the database is down. `on_lost` is
        told how many events were lost, each time some are.
        """
        self._write, self._on_lost = write, on_lost
        self._bound, self._batch, self._gather, self._pauses = bound, batch, gather, pauses
        self._begin()
        renew_after_fork(self._begin)

    def _begin(self) -> None:
        # After a fork the parent's thread is not here, its locks may be held for ever, and its events are its own.
        self.lost = 0
        self._queue: SimpleQueue[CallEvent | threading.Event] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._losing = threading.Lock()
        self._closing = threading.Event()
        self._hurry = threading.Event()

    def put(self, event: CallEvent) -> None:
        """Hand over an event. Never waits, never raises; what cannot be taken is counted in `lost`."""
        try:
            if self._thread is None:
                self._start()
            if self._closing.is_set() or self._queue.qsize() >= self._bound:
                self._lose(1)
            else:
                self._queue.put(event)
        except Exception:
            self._lose(1)

    def flush(self, timeout: float) -> bool:
        """Wait until all that was put before is written or counted as lost; False if `timeout` seconds pass first."""
        if self._thread is None or not self._thread.is_alive():
            return True
        reached = threading.Event()
        self._hurry.set()
        self._queue.put(reached)
        return reached.wait(timeout)

    def close(self, timeout: float = 3.0) -> None:
        """Write what is there, waiting at most `timeout` seconds; count the rest as lost. What is put later is lost."""
        self._closing.set()
        atexit.unregister(self.close)
        if self._thread is None:
            return
        self._hurry.set()
        self._queue.put(threading.Event())  # wakes the thread
        self._thread.join(timeout)
        self._lose(sum(not isinstance(left, threading.Event) for left in self._drain()))

    def _start(self) -> None:
        with self._starting:
            if self._thread is None and not self._closing.is_set():
                thread = threading.Thread(target=self._run, name="spineline-events", daemon=True)
                thread.start()
                self._thread = thread
                atexit.register(self.close)

    def _run(self) -> None:
        while not (self._closing.is_set() and self._queue.empty()):
            batch, reached = self._next_batch()
            if batch:
                self._deliver(batch)
            if reached is not None:
                reached.set()

    def _next_batch(self) -> tuple[list[CallEvent], threading.Event | None]:
        """Events up to a mark that `flush` or `close` has put, with that mark; or a batch that is full or old enough.

        Waits as long as it takes for the first, then once for those that follow: a thread that woke for each event
        would take turns with the one that answers the caller.
        """
        batch: list[CallEvent] = []
        found = self._queue.get()
        if self._queue.qsize() < self._batch:
            self._hurry.wait(self._gather)
        while not isinstance(found, threading.Event):
            batch.append(found)
            if len(batch) >= self._batch or self._queue.empty():
                return batch, None
            found = self._queue.get()
        self._hurry.clear()
        return batch, found

    def _deliver(self, batch: Sequence[CallEvent]) -> None:
        """Write a batch, however long it takes; while closing, only once."""
        pause, longest = self._pauses
        while (error := self._try(batch)) is not None:
            if not isinstance(error, StoreError) or error.permanent:
                self._deliver_singly(batch, error)
                break
            if self._closing.is_set():
                self._give_up(batch)
                break
            if pause == self._pauses[0]:
                _log.warning("Listening events wait for the database: %s", error)
            self._closing.wait(pause)
            pause = min(pause * 2, longest)

    def _try(self, batch: Sequence[CallEvent]) -> Exception | None:
        try:
            self._write(batch)
        except Exception as error:
            return error
        return None

    def _deliver_singly(self, batch: Sequence[CallEvent], error: Exception) -> None:
        # One event that cannot be stored must not take its neighbours with it.
        if len(batch) > 1:
            for event in batch:
                self._deliver([event])
        else:
            _log.error("A listening event cannot be stored and is lost: %s", type(error).__name__)
            self._lose(1)

    def _give_up(self, batch: Sequence[CallEvent]) -> None:
        left = self._drain()
        self._lose(len(batch) + sum(not isinstance(waiting, threading.Event) for waiting in left))
        for waiting in left:
            if isinstance(waiting, threading.Event):
                waiting.set()

    def _drain(self) -> list[CallEvent | threading.Event]:
        left: list[CallEvent | threading.Event] = []
        try:
            while True:
                left.append(self._queue.get_nowait())
        except Empty:
            return left

    def _lose(self, count: int) -> None:
        if not count:
            return
        with self._losing:
            self.lost += count
        try:
            if self._on_lost is not None:
                self._on_lost(count)
        except Exception:
            _log.exception("The count of lost events could not be passed on.")
