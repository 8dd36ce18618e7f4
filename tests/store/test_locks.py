"""Locks that end with the process that holds them, and not with a pause of it: on files and on PostgreSQL."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from ivr.errors import StoreError
from ivr.store.locks import Locks
from tests.databases import Database

ROOT = Path(__file__).parent.parent.parent
HOLDER = """
import sys
from ivr.store.locks import Locks
with Locks(sys.argv[1]).hold("a", 0.0) as got:
    print(got, flush=True)
    sys.stdin.read()
"""
AT_ONCE = 0.0


@pytest.fixture
def locks(database_url: str) -> Iterator[Locks]:
    locks = Locks(database_url)
    yield locks
    locks.close()


@pytest.fixture
def others(database_url: str) -> Iterator[Locks]:
    """As another process would have them."""
    others = Locks(database_url)
    yield others
    others.close()


@contextmanager
def another_process(url: str) -> Iterator[subprocess.Popen[str]]:
    """One that holds the lock "a"."""
    words = [sys.executable, "-c", HOLDER, url]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        try:
            yield process
        finally:
            process.kill()


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_lock_is_held_by_one_at_a_time(locks: Locks, others: Locks) -> None:
    with locks.hold("a", AT_ONCE) as mine, others.hold("a", AT_ONCE) as theirs:
        assert (mine, theirs) == (True, False)
    with others.hold("a", AT_ONCE) as theirs:
        assert theirs


def test_it_is_held_by_one_in_the_same_process_too(locks: Locks) -> None:
    with locks.hold("a", AT_ONCE) as first, locks.hold("a", 0.02) as second:
        assert (first, second) == (True, False)


def test_locks_of_other_names_do_not_wait(locks: Locks, others: Locks) -> None:
    with locks.hold("a", AT_ONCE) as mine, others.hold("b", AT_ONCE) as theirs:
        assert (mine, theirs) == (True, True)


def test_whether_a_lock_is_free_can_be_asked_without_taking_it(locks: Locks, others: Locks) -> None:
    assert locks.is_free("a")
    with locks.hold("a", AT_ONCE) as got:
        assert got
        assert not others.is_free("a")
        assert not locks.is_free("a")
    assert others.is_free("a")


def test_who_waits_gets_it_when_it_is_free(locks: Locks, others: Locks) -> None:
    begun, got = threading.Event(), []

    def wait() -> None:
        begun.set()
        with others.hold("a", 20.0) as theirs:
            got.append(theirs)

    waiter = threading.Thread(target=wait)
    with locks.hold("a", AT_ONCE):
        waiter.start()
        begun.wait()
        assert got == []
    waiter.join()
    assert got == [True]


def test_a_failure_in_the_block_frees_the_lock_and_is_told(locks: Locks, others: Locks) -> None:
    with pytest.raises(KeyError), locks.hold("a", AT_ONCE):
        raise KeyError("something else")
    assert others.is_free("a")


def test_a_process_that_dies_lets_go(locks: Locks, database_url: str) -> None:
    with another_process(database_url) as process:
        assert not locks.is_free("a")
        process.kill()
        until(lambda: locks.is_free("a"))


def test_a_process_that_is_paused_does_not_let_go(locks: Locks, database_url: str) -> None:
    with another_process(database_url) as process:
        process.send_signal(signal.SIGSTOP)
        with locks.hold("a", 0.05) as got:
            assert not got
        process.send_signal(signal.SIGCONT)


def test_a_forked_process_does_not_share_the_locks(locks: Locks) -> None:
    """It would speak on its parent's connections."""
    with locks.hold("a", AT_ONCE):
        child = os.fork()
        if child == 0:
            os._exit(0 if locks.is_free("b") and not locks.is_free("a") else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert not locks.is_free("a")
    assert locks.is_free("a")


def test_numbers_whose_hashes_begin_alike_share_a_lock() -> None:
    assert Locks.name_for_number("ab12") == Locks.name_for_number("abff") == "number-ab"
    assert Locks.name_for_number("ba12") != Locks.name_for_number("ab12")


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(StoreError, match="begins with neither"):
        Locks("mysql://somewhere/name")


def test_a_system_without_file_locks_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr.store.locks.sys.platform", "win32")
    with pytest.raises(StoreError, match="Use PostgreSQL"), Locks(f"sqlite:///{tmp_path}/a.db").hold("a", AT_ONCE):
        pass


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_restart_of_the_database_frees_every_lock_and_fails_nothing(locks: Locks, database: Database) -> None:
    done = False
    with locks.hold("a", AT_ONCE):
        with database.outage():
            pass
        assert locks.is_free("a")
        done = True
    assert done
    with locks.hold("a", AT_ONCE) as got:
        assert got


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_while_the_database_is_away_nobody_has_a_lock(locks: Locks, database: Database) -> None:
    with database.outage(), pytest.raises(StoreError, match="The database failed"), locks.hold("a", AT_ONCE):
        pass


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_server_soon_sees_that_a_host_died(locks: Locks, database: Database) -> None:
    """Its locks would be held until the system gives up the connection, two hours later."""
    assert locks._engine is not None
    with locks._engine.connect() as connection:
        idle, interval, count = (
            int(connection.execute(text(f"SHOW tcp_keepalives_{name}")).scalar_one())
            for name in ("idle", "interval", "count")
        )
    assert idle + interval * count <= 30
