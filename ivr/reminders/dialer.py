"""The dialer: takes due attempts and places each call once. Any number of them share one account and one queue.

Rules kept here: claim, then intent, then one request, with the number's lock held from before the intent until the
request is answered, so that no call leaves after an opt-out has committed (rule C7); an intent that grew old because
the process was paused is not dialed; what cannot be known is left to the search (`reconcile.py`), never dialed again
blindly.
"""

import logging
import os
import queue
import socket
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta

from ivr.errors import NotPlacedError, Placement, StoreError
from ivr.reminders.network import Network
from ivr.reminders.reconcile import Reconciler, SearchPatience, name_lock_of
from ivr.reminders.rules.judging import Rulebook
from ivr.store.campaigns.dialer_store import DialerStore
from ivr.store.campaigns.queue import DialOrder, Wait, make_id
from ivr.store.locks import NUMBER_PATIENCE, Locks

log = logging.getLogger(__name__)
FEWEST_THREADS, MOST_THREADS = 4, 64


@dataclass(frozen=True)
class DialingPace:
    """How a dialer works. `account` names whose limit it is; `a_second` is that limit, and `share` how much of it is
    used, so that a network's own clock never sees more. `threads` requests are under way at once. Seconds: `lease` is
    how long a claim holds, `freshness` how old an intent may be when its request leaves (less than an opt-out waits for
    the number's lock, so that no call leaves after one), `idle` the pause when nothing is due, `search` the pause
    between two searches for calls that got stuck, `number_patience` the wait for a number that is in use."""

    account: str
    a_second: float
    threads: int = 4
    share: float = 0.97
    lease: float = 60.0
    freshness: float = 0.75 * NUMBER_PATIENCE
    idle: float = 1.0
    search: float = 5.0
    number_patience: float = 0.05
    refused_pause: float = 5.0


def choose_pace(account: str, a_second: float, threads: int | None = None) -> DialingPace:
    """The pace for an account's limit of calls a second. Without `threads`, as many as keep up with it: a request takes
    less than two seconds."""
    enough = threads or min(MOST_THREADS, max(FEWEST_THREADS, round(2 * a_second)))
    return DialingPace(account=account, a_second=a_second, threads=enough)


@dataclass
class Dialer:
    """One process that dials. `run` returns when `stop` is set, with every request that was under way answered."""

    store: DialerStore
    network: Network
    rules: Rulebook
    pace: DialingPace
    patience: SearchPatience = field(default_factory=SearchPatience)
    stop: threading.Event = field(default_factory=threading.Event)
    name: str = field(default_factory=lambda: f"{socket.gethostname()}-{os.getpid()}-{make_id()}")
    monotonic: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self._work: queue.Queue[tuple[str, str]] = queue.Queue()
        self._turn, self._under_way = threading.Lock(), list[str]()
        self._searched = float("-inf")
        self._reconciler = Reconciler(
            store=self.store,
            network=self.network,
            rules=self.rules,
            own=self.lock,
            under_way=self._under_way,
            patience=self.patience,
        )

    @property
    def lock(self) -> str:
        """The lock that is held for as long as this process lives."""
        return name_lock_of(self.name)

    def run(self) -> None:
        """Dials until told to stop."""
        log.info("dialer %s begins: at most %g calls a second", self.name, self.pace.a_second)
        threads = [threading.Thread(target=self._dial_on, name=f"dialer-{n}") for n in range(self.pace.threads)]
        for thread in threads:
            thread.start()
        try:
            while not self.stop.is_set():
                self._hold_lock()
        finally:
            self.stop.set()
            for thread in threads:
                thread.join()
        log.info("dialer %s ends", self.name)

    def _hold_lock(self) -> None:
        """One life of the lock: where the database takes it away, it is taken anew."""
        try:
            with self.store.locks.hold(self.lock, self.pace.lease) as mine:
                self._searched = float("-inf")
                while mine and not self.stop.is_set():
                    mine = self._search_and_claim()
        except StoreError as error:
            self._wait_for_database(error)

    def _search_and_claim(self) -> bool:
        """Searches where it is time, and claims; False where the lock was lost. A failure of the database is no reason
        to let go of the lock: others would take this process for dead."""
        try:
            if self.monotonic() - self._searched >= self.pace.search:
                if self.store.locks.is_free(self.lock):
                    return False
                self._reconciler.search()
                self._searched = self.monotonic()
            if not self._claim():
                self.stop.wait(self.pace.idle)
        except StoreError as error:
            self._searched = float("-inf")
            self._wait_for_database(error)
        return True

    def _wait_for_database(self, error: StoreError) -> None:
        log.warning("the database does not answer; the dialer waits: %s", error)
        self.stop.wait(self.pace.idle)

    def _claim(self) -> bool:
        """Takes what the threads can soon use; False where nothing was to be had."""
        room = 2 * self.pace.threads - self._work.qsize()
        if room < self.pace.threads:
            return not self.stop.wait(0.02)
        taken = self.store.claim(self.name, room, timedelta(seconds=self.pace.lease))
        for attempt in taken:
            self._work.put(attempt)
        return bool(taken)

    def _dial_on(self) -> None:
        while not self.stop.is_set():
            try:
                attempt, number_hash = self._work.get(timeout=0.1)
            except queue.Empty:
                continue
            self._under_way.append(attempt)
            try:
                self._attend(attempt, number_hash)
            except StoreError as error:
                log.warning("attempt %s is left to its lease: %s", attempt, error)
            except Exception:
                log.exception("attempt %s failed in a way that nobody foresaw", attempt)
            finally:
                self._under_way.remove(attempt)

    def _attend(self, attempt: str, number_hash: str) -> None:
        """From a claim to a request, or to whatever the rules say instead."""
        with ExitStack() as number:
            with self._turn:
                decided, begun = self._decide(attempt, number_hash, number)
            if isinstance(decided, DialOrder):
                self._place(decided, begun)
            elif decided is not None:
                log.info("attempt %s: %s", attempt, decided)

    def _decide(self, attempt: str, number_hash: str, number: ExitStack) -> tuple[object, float]:
        """Asks until there is a slot, and since when the number is held; only a granted call leaves it held. One whose
        number is in use waits at the end of the line. One thread of a process asks at a time: the others would only
        keep the database from answering."""
        while not self.stop.is_set():
            lock = self.store.locks.hold(Locks.name_for_number(number_hash), self.pace.number_patience)
            if not number.enter_context(lock):
                self._work.put((attempt, number_hash))
                return None, 0.0
            begun = self.monotonic()
            decided = self._intend(attempt)
            if isinstance(decided, DialOrder):
                return decided, begun
            number.close()
            if not isinstance(decided, Wait):
                return decided, begun
            self.stop.wait(decided.seconds)
        return "the dialer ends", 0.0

    def _intend(self, attempt: str) -> object:
        pace = (self.pace.account, self.pace.a_second * self.pace.share)
        lease = timedelta(seconds=self.pace.lease)
        return self.store.intend(attempt, self.name, self.rules.judge, pace, lease)

    def _place(self, order: DialOrder, begun: float) -> None:
        if self.monotonic() - begun > self.pace.freshness:
            log.warning("attempt %s: this process was paused, so it is put back", order.attempt)
            self.store.put_back_unsent(order.attempt, self.name, timedelta(0))
            return
        try:
            sid = self.network.place(order)
        except NotPlacedError as error:
            self._take_failure(order.attempt, error)
            return
        log.info("attempt %s: placed as %s", order.attempt, sid)
        self._write_down(lambda: self.store.mark_sent(order.attempt, sid))

    def _take_failure(self, attempt: str, error: NotPlacedError) -> None:
        log.warning("attempt %s: %s (%s)", attempt, error, error.placement)
        if error.placement is Placement.REFUSED:
            self._write_down(lambda: self.store.mark_refused(attempt, str(error)))
        elif error.placement is Placement.NOT_TAKEN:
            after = timedelta(seconds=self.pace.refused_pause)
            self._write_down(lambda: self.store.put_back_unsent(attempt, self.name, after))

    def _write_down(self, write: Callable[[], None]) -> None:
        """Writes what happened, also over a restart of the database; failing that, the search finds it out."""
        for wait in (0.1, 0.3, 1.0, 3.0, 0.0):
            try:
                write()
                return
            except StoreError as error:
                log.warning("what happened could not be written yet: %s", error)
                self.stop.wait(wait)
