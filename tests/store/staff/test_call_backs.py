"""A caller who was told "we will call you back" is in the database, once, and nobody reads the number unseen."""

import traceback
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from ivr.errors import StoreError
from ivr.line.events import CallBackRequest, CallStarted, ClipStarted, LanguageChosen, LastCall
from ivr.store.connections import CHORES, open_engine, read_url
from ivr.store.secrets import Secrets
from ivr.store.staff.call_backs import CallBack
from ivr.store.store import Store
from tests.databases import Database
from tests.store.calls.test_call_records import CALLER, whole_call
from tests.store.conftest import NOON, Clock

NUMBER = "+12125550123"
REQUEST = CallBackRequest("CA1", NOON, NUMBER, "es", "compression-fracture/prep/2")


def audit_trail(url: str) -> list[tuple[str, str, str]]:
    engine = open_engine(read_url(url), CHORES)
    with engine.begin() as connection:
        rows = connection.execute(text("SELECT staff, action, subject FROM audit_event ORDER BY id")).all()
    engine.dispose()
    return [(row[0], row[1], row[2]) for row in rows]


def test_a_request_is_there_when_saving_returns_for_every_process(
    store: Store, database_url: str, secrets: Secrets
) -> None:
    store.line.save_call_back(REQUEST)
    other = Store(database_url, secrets)
    assert other.staff.calls.list_call_backs() == [
        CallBack(1, "CA1", NOON, "es", "compression-fracture/prep/2", "open")
    ]
    other.close()


@pytest.mark.parametrize(
    ("again", "kept"),
    [
        (REQUEST, 1),
        (replace(REQUEST, at=NOON + timedelta(seconds=9), place=""), 1),
        (replace(REQUEST, number="+12125550124"), 2),
        (replace(REQUEST, call="CA2"), 2),
    ],
    ids=["the same", "the webhook again", "another number", "another call"],
)
def test_one_call_asks_once_for_one_number(store: Store, again: CallBackRequest, kept: int) -> None:
    store.line.save_call_back(REQUEST)
    store.line.save_call_back(again)
    assert len(store.staff.calls.list_call_backs()) == kept


def test_numbers_come_only_with_a_name_in_the_audit_trail(store: Store, database_url: str) -> None:
    store.line.save_call_back(REQUEST)
    assert [call_back.number for call_back in store.staff.calls.list_call_backs()] == [None]
    assert audit_trail(database_url) == []
    assert [call_back.number for call_back in store.staff.calls.list_call_backs(numbers_for="ana")] == [NUMBER]
    assert audit_trail(database_url) == [("ana", "number seen", "call-back 1")]


def test_a_request_is_closed_once_and_under_a_name(store: Store, database_url: str) -> None:
    store.line.save_call_back(REQUEST)
    store.staff.calls.close_call_back(1, "ana")
    assert store.staff.calls.list_call_backs() == []
    assert [call_back.id for call_back in store.staff.calls.list_call_backs("done")] == [1]
    with pytest.raises(StoreError, match="no open call-back 1"):
        store.staff.calls.close_call_back(1, "ben")
    assert audit_trail(database_url) == [("ana", "call-back done", "call-back 1")]


def test_no_number_is_on_disk_in_the_clear(store: Store, database: Database, secrets: Secrets) -> None:
    store.line.save_call_back(replace(REQUEST, place="a-place-to-find"))
    store.line.write_events([CallStarted("CA1", NOON, secrets.hash_number(NUMBER))])
    store.staff.calls.list_call_backs(numbers_for="ana")
    store.staff.calls.close_call_back(1, "ana")
    on_disk = database.contents()
    assert b"a-place-to-find" in on_disk
    assert b"2125550123" not in on_disk


def test_every_number_moves_to_the_first_key(store: Store, database_url: str) -> None:
    old, new, hash_key = Secrets.make_key(), Secrets.make_key(), Secrets.make_key()
    before, between, after = (Store(database_url, Secrets(keys, hash_key)) for keys in ([old], [new, old], [new]))
    before.line.save_call_back(REQUEST)
    before.line.save_call_back(replace(REQUEST, call="CA2"))
    before.staff.calls.close_call_back(2, "ana")

    with pytest.raises(StoreError, match=r"The numbers of call-backs 1 need a key .* add it again") as shut:
        after.staff.calls.list_call_backs(numbers_for="ana")
    assert shut.value.permanent
    with pytest.raises(StoreError, match="call-backs 1, 2"):
        after.staff.upkeep.rotate()

    assert between.staff.upkeep.rotate() == 2
    assert [call_back.number for call_back in after.staff.calls.list_call_backs(numbers_for="ana")] == [NUMBER]
    assert [call_back.number for call_back in after.staff.calls.list_call_backs("done", numbers_for="ana")] == [NUMBER]
    between.line.save_call_back(REQUEST)
    assert len(between.staff.calls.list_call_backs()) == 1, "the hash is the same after a rotation"
    for opened in (before, between, after):
        opened.close()


def test_old_calls_are_purged_and_who_still_waits_is_not(store: Store, clock: Clock) -> None:
    late = NOON + timedelta(days=100)
    store.line.write_events([*whole_call("old"), CallStarted("unfinished", NOON, ""), CallStarted("new", late, "")])
    store.line.write_events(
        [LanguageChosen("new", late, "n" * 64, "zh"), ClipStarted("new", late, "zh", "t", "prep", 1)]
    )
    store.line.save_call_back(replace(REQUEST, call="open"))
    store.line.save_call_back(replace(REQUEST, call="done"))
    store.staff.calls.close_call_back(2, "ana")

    clock.now = late
    assert store.staff.upkeep.forget(late - timedelta(days=90)) == 2

    assert [call.id for call in store.staff.calls.list_calls()] == ["new"]
    assert store.staff.calls.list_sections_heard("old") == []
    assert [heard.section for heard in store.staff.calls.list_sections_heard("new")] == ["prep"]
    assert store.line.find_last_call(CALLER) is None
    assert store.line.find_last_call("n" * 64) == LastCall("zh", "")
    assert [call_back.call for call_back in store.staff.calls.list_call_backs()] == ["open"]
    assert store.staff.calls.list_call_backs("done") == []


def test_a_purge_begins_at_the_moment_and_not_after(store: Store) -> None:
    store.line.write_events(whole_call())
    assert store.staff.upkeep.forget(NOON) == 0
    assert store.staff.upkeep.forget(NOON + timedelta(microseconds=1)) == 1


def test_a_large_purge_goes_in_pieces_and_counts_them_all(store: Store, database_url: str) -> None:
    store.line.write_events([CallStarted(f"CA{number}", NOON, "") for number in range(2500)])
    assert store.staff.upkeep.forget(NOON + timedelta(days=1), by="ana") == 2500
    assert store.staff.calls.list_calls() == []
    assert audit_trail(database_url) == [("ana", "calls purged", "2500 calls before 2026-03-03")]


def test_no_error_says_a_number(store: Store) -> None:
    with pytest.raises(StoreError) as failed:
        store.line.save_call_back(replace(REQUEST, at=NOON.replace(tzinfo=None)))
    said = "".join(traceback.format_exception(failed.value))
    assert "INSERT INTO call_back_request" in said
    assert "2125550123" not in said
    assert "gAAAA" not in said
