"""The write-behind never waits, never raises, keeps what it can, and counts what it cannot."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from ivr.errors import StoreError
from ivr.line.events import CallEvent, CallStarted
from ivr.store.secrets import Secrets
from ivr.store.store import Store
from ivr.store.writer import EventWriter
from tests.store.conftest import NOON


def event(number: int) -> CallStarted:
    return CallStarted(f"CA{number}", NOON, "")


PATIENCE = 60.0
"""Seconds after which a test gives up: a guard against hanging; none needs a hundredth of it."""


class Shelf:
    """Stands for the store: keeps what is written, and fails as a test tells it to."""

    def __init__(self) -> None:
        self.written = threading.Event()
        self.batches: list[list[str]] = []
        self.down = threading.Event()
        self.poison = ""
        self.tries = 0

    def write(self, events: Sequence[CallEvent]) -> None:
        self.tries += 1
        if self.down.is_set():
            raise StoreError("down")
        calls = [event.call for event in events]
        if self.poison in calls:
            raise StoreError("cannot be stored", permanent=True)
        self.batches.append(calls)
        self.written.set()

    @property
    def kept(self) -> list[str]:
        return [call for batch in self.batches for call in batch]


def until_tried(shelf: Shelf, times: int) -> None:
    """Waits until so many writes were tried."""
    end = time.monotonic() + PATIENCE
    while shelf.tries < times:
        assert time.monotonic() < end, f"{shelf.tries} writes in {PATIENCE:g} s"
        time.sleep(0.001)


def test_events_are_written_in_order_and_in_batches() -> None:
    shelf = Shelf()
    writer = EventWriter(shelf.write, batch=200)
    for number in range(450):
        writer.put(event(number))
    assert writer.flush(PATIENCE)
    assert shelf.kept == [f"CA{number}" for number in range(450)]
    assert [len(batch) for batch in shelf.batches][:2] == [200, 200]
    writer.close()


def test_a_lonely_event_is_written_soon() -> None:
    shelf = Shelf()
    writer = EventWriter(shelf.write, gather=0.2)
    writer.put(event(1))
    assert shelf.written.wait(PATIENCE)
    assert shelf.kept == ["CA1"]
    writer.close()


def test_nothing_runs_before_the_first_event() -> None:
    before = threading.active_count()
    writer = EventWriter(Shelf().write)
    assert threading.active_count() == before
    assert writer.flush(0)
    writer.close()
    assert writer.lost == 0


def test_what_fails_for_now_is_tried_again_until_it_is_written() -> None:
    shelf = Shelf()
    shelf.down.set()
    writer = EventWriter(shelf.write, pauses=(0.001, 0.01))
    writer.put(event(1))
    until_tried(shelf, 4)
    shelf.down.clear()
    assert writer.flush(PATIENCE)
    assert (shelf.kept, writer.lost) == (["CA1"], 0)
    writer.close()


def test_one_event_that_can_never_be_stored_does_not_take_its_batch_with_it() -> None:
    shelf = Shelf()
    shelf.poison = "CA2"
    writer = EventWriter(shelf.write)
    for number in range(5):
        writer.put(event(number))
    assert writer.flush(PATIENCE)
    assert (shelf.kept, writer.lost) == (["CA0", "CA1", "CA3", "CA4"], 1)
    writer.close()


def test_an_error_that_nobody_thought_of_ends_neither_the_thread_nor_the_call() -> None:
    def broken(events: Sequence[CallEvent]) -> None:
        raise ZeroDivisionError

    writer = EventWriter(broken)
    writer.put(event(1))
    assert writer.flush(PATIENCE)
    writer.put(event(2))
    assert writer.flush(PATIENCE)
    assert writer.lost == 2
    writer.close()


def test_beyond_the_bound_the_newest_are_dropped_and_counted() -> None:
    shelf = Shelf()
    told: list[int] = []
    shelf.down.set()
    writer = EventWriter(shelf.write, bound=10, batch=1, pauses=(0.001, 0.001), on_lost=told.append)
    writer.put(event(0))
    until_tried(shelf, 1)
    for number in range(1, 16):
        writer.put(event(number))
    shelf.down.clear()
    assert writer.flush(PATIENCE)
    assert shelf.kept == [f"CA{number}" for number in range(11)]
    assert (writer.lost, told) == (5, [1] * 5)
    writer.close()


def test_putting_takes_microseconds_while_the_database_hangs() -> None:
    release, hangs, answered = threading.Event(), threading.Event(), threading.Event()

    def hang(events: Sequence[CallEvent]) -> None:
        hangs.set()
        release.wait(PATIENCE)
        answered.set()

    writer = EventWriter(hang)
    writer.put(event(0))
    assert hangs.wait(PATIENCE)
    began = time.thread_time()  # of this thread alone, however busy the machine is
    for number in range(20_000):
        writer.put(event(number))
    assert (time.thread_time() - began) / 20_000 < 50e-6
    assert not answered.is_set(), "it waited for the database"
    release.set()
    writer.close()


def test_a_metric_that_fails_does_not_reach_the_caller() -> None:
    def broken(count: int) -> None:
        raise ZeroDivisionError

    writer = EventWriter(Shelf().write, bound=0, on_lost=broken)
    writer.put(event(1))
    assert writer.lost == 1
    writer.close()


def test_closing_writes_what_is_there() -> None:
    shelf = Shelf()
    writer = EventWriter(shelf.write, gather=60)
    for number in range(3):
        writer.put(event(number))
    writer.close()
    assert (shelf.kept, writer.lost) == (["CA0", "CA1", "CA2"], 0)


def test_closing_while_the_database_is_down_counts_everything_and_ends() -> None:
    shelf = Shelf()
    shelf.down.set()
    writer = EventWriter(shelf.write, pauses=(60, 60), batch=2)
    for number in range(7):
        writer.put(event(number))
    began = time.monotonic()
    writer.close(timeout=5)
    assert time.monotonic() - began < 30, "it waited for its pause to end"
    assert (shelf.kept, writer.lost) == ([], 7)
    assert writer.flush(0)


def test_what_comes_after_closing_is_lost_and_counted() -> None:
    writer = EventWriter(Shelf().write)
    writer.put(event(1))
    writer.close()
    writer.close()
    writer.put(event(2))
    assert writer.lost == 1


FORKING = """
import os, sys
from datetime import UTC, datetime
from ivr.line.events import CallStarted
from ivr.store.secrets import Secrets
from ivr.store.store import Store
from ivr.store.writer import EventWriter

store = Store(sys.argv[1], Secrets([Secrets.make_key()], Secrets.make_key()))
writer = EventWriter(store.line.write_events)
writer.put(CallStarted("before the fork", datetime.now(UTC), ""))
assert writer.flush(10) and store.explain_unready() == ""
child = os.fork()
writer.put(CallStarted("child" if child == 0 else "parent", datetime.now(UTC), ""))
assert store.explain_unready() == "" and writer.lost == 0
if child:
    assert os.waitpid(child, 0)[1] == 0
# Neither flushes nor closes: the exit does.
"""


def test_a_forked_worker_writes_by_itself_and_exiting_flushes(database_url: str) -> None:
    root = Path(__file__).parents[2]
    # Connections that are open when a process ends are the server's to close: that warning is not ours.
    words = [sys.executable, "-W", "error", "-W", "ignore::ResourceWarning", "-c", FORKING, database_url]
    ended = subprocess.run(words, cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert _calls(database_url) == ["before the fork", "child", "parent"]


def _calls(url: str) -> list[str]:
    store = Store(url, Secrets([Secrets.make_key()], Secrets.make_key()))
    calls = sorted(call.id for call in store.staff.calls.list_calls())
    store.close()
    return calls
