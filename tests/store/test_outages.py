"""The database locked, stopped, silent or broken: callers do not wait, and what can be kept is kept."""

import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from ivr.errors import StoreError
from ivr.line.events import CallStarted, LanguageChosen, LastCall
from ivr.store.connections import CHORES, Breaker, open_engine, read_url
from ivr.store.secrets import Secrets
from ivr.store.store import Store
from ivr.store.writer import EventWriter
from tests.databases import Database
from tests.store.calls.test_call_records import CALLER, whole_call
from tests.store.conftest import NOON, Clock
from tests.store.staff.test_call_backs import REQUEST

BUSY = 8.0
"""Seconds that a busy machine may add to a limit: what the limits guard against is the patience of chores, 30 s."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds + BUSY


def test_a_caller_waits_for_a_database_in_trouble_once_and_the_next_ones_do_not(
    store: Store, database: Database, clock: Clock
) -> None:
    store.line.write_events([LanguageChosen("CA1", NOON, CALLER, "es")])
    store.close()
    with database.outage():
        with at_most(2), pytest.raises(StoreError) as failed:
            store.line.find_last_call(CALLER)
        assert not failed.value.permanent
        clock.passes(29)
        with at_most(0.25), pytest.raises(StoreError, match="not asked again yet"):
            store.line.find_last_call(CALLER)
    with pytest.raises(StoreError, match="not asked again yet"):
        store.line.find_last_call(CALLER)
    clock.passes(1)
    assert store.line.find_last_call(CALLER) == LastCall("es", "")
    assert store.line.find_last_call(CALLER) == LastCall("es", "")


def test_during_an_outage_a_call_back_fails_in_time(store: Store, database: Database) -> None:
    store.close()
    with database.outage():
        with at_most(5), pytest.raises(StoreError, match=r"^The database failed \(OperationalError\)\.$"):
            store.line.save_call_back(REQUEST)
        with at_most(2):
            assert store.explain_unready().startswith("The database cannot be reached.")
    assert store.explain_unready() == ""
    assert store.staff.calls.list_call_backs() == []


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_server_that_stops_under_open_connections_is_found_again(store: Store, database: Database) -> None:
    store.line.write_events(whole_call())
    assert store.explain_unready() == ""
    with database.outage():
        pass
    assert store.explain_unready() == ""
    store.line.write_events(whole_call("CA2"))
    assert len(store.staff.calls.list_calls()) == 2


def test_events_of_an_outage_arrive_after_it(store: Store, database: Database) -> None:
    writer = EventWriter(store.line.write_events, pauses=(0.05, 0.1))
    store.close()
    with database.outage():
        with at_most(1):
            for event in whole_call():
                writer.put(event)
        assert not writer.flush(0.3)
    assert writer.flush(60)
    assert [call.id for call in store.staff.calls.list_calls()] == ["CA1"]
    assert writer.lost == 0
    writer.close()


def test_events_of_an_outage_that_does_not_end_are_counted(store: Store, database: Database) -> None:
    writer = EventWriter(store.line.write_events, bound=100, pauses=(0.05, 0.1))
    store.close()
    with database.outage():
        with at_most(1):
            for number in range(1_000):
                writer.put(CallStarted(f"CA{number}", NOON, ""))
        with at_most(10):
            writer.close(timeout=8)
    assert writer.lost + len(store.staff.calls.list_calls(1_000)) == 1_000
    assert writer.lost >= 700


def test_a_writer_on_sqlite_does_not_keep_callers_from_reading(tmp_path: Path, sqlite_store: Store) -> None:
    sqlite_store.line.write_events([LanguageChosen("CA1", NOON, CALLER, "es")])
    with closing(sqlite3.connect(tmp_path / "spineline.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with at_most(1):
            assert sqlite_store.line.find_last_call(CALLER) == LastCall("es", "")


@pytest.fixture
def sqlite_store(tmp_path: Path, sqlite_template: Path, secrets: Secrets) -> Iterator[Store]:
    (tmp_path / "spineline.db").write_bytes(sqlite_template.read_bytes())
    store = Store(f"sqlite:///{tmp_path}/spineline.db", secrets)
    yield store
    store.close()


def test_a_server_that_accepts_and_says_nothing_is_given_up_in_time(secrets: Secrets) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        store = Store(f"postgresql://127.0.0.1:{silent.getsockname()[1]}/x", secrets)
        with at_most(2), pytest.raises(StoreError, match="did not answer within 1 s"):
            store.line.find_last_call(CALLER)
        with at_most(5), pytest.raises(StoreError):
            store.line.save_call_back(REQUEST)
        store.close()


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_locked_table_is_given_up_in_time(store: Store, database: Database) -> None:
    engine = open_engine(read_url(database.url), CHORES)
    with engine.begin() as connection:
        connection.execute(text("LOCK TABLE caller_language"))
        with at_most(2), pytest.raises(StoreError):
            store.line.find_last_call(CALLER)
    engine.dispose()


def test_a_missing_table_is_an_error_that_may_pass(tmp_path: Path, secrets: Secrets) -> None:
    store = Store(f"sqlite:///{tmp_path}/new.db", secrets)
    with pytest.raises(StoreError) as failed:
        store.line.write_events(whole_call())
    assert not failed.value.permanent
    store.close()


def test_what_can_never_be_stored_says_so(store: Store) -> None:
    with pytest.raises(StoreError) as failed:
        store.line.write_events([CallStarted("CA\ud800", NOON, "")])
    assert failed.value.permanent
    with pytest.raises(StoreError) as failed:
        store.line.write_events([CallStarted("CA1", NOON.replace(tzinfo=None), "")])
    assert failed.value.permanent


def test_while_the_breaker_tries_again_only_one_caller_waits(clock: Clock) -> None:
    breaker = Breaker(clock.monotonic, rest=30, trial=2)

    def fails() -> None:
        with breaker.guard():
            raise StoreError("down")

    with pytest.raises(StoreError, match="down"):
        fails()
    clock.passes(30)
    with breaker.guard(), pytest.raises(StoreError, match="not asked again yet"):
        fails()
    with pytest.raises(StoreError, match="down"):
        fails()
