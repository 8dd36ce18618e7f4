"""Each member of staff has a name and a password of their own, and what they did cannot be unwritten."""

from typing import Any, cast

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ivr.errors import NotStaffError, StoreError
from ivr.reminders.desk.equipment import DeskEquipment
from ivr.store.connections import CHORES, open_engine, read_url
from ivr.store.staff.accounts import StaffMember
from ivr.store.store import Store
from tests.store.conftest import NOON
from tests.store.staff.test_call_backs import audit_trail

PASSWORD = "correct horse battery"


def test_only_the_right_name_and_password_sign_in(store: Store) -> None:
    store.staff.accounts.add_staff("ana", PASSWORD)
    assert store.staff.accounts.check_staff("ana", PASSWORD)
    assert not store.staff.accounts.check_staff("ana", PASSWORD + " ")
    assert not store.staff.accounts.check_staff("Ana", PASSWORD)
    assert not store.staff.accounts.check_staff("", "")
    assert not store.staff.accounts.check_staff("nobody", PASSWORD)


def test_who_is_disabled_signs_in_no_more_and_keeps_the_name(store: Store, database_url: str) -> None:
    store.staff.accounts.add_staff("ana", PASSWORD)
    store.staff.accounts.disable_staff("ana", by="ben")
    assert not store.staff.accounts.check_staff("ana", PASSWORD)
    assert store.staff.accounts.list_staff() == [StaffMember("ana", NOON, NOON)]
    with pytest.raises(StoreError, match="The name ana is taken"):
        store.staff.accounts.add_staff("ana", PASSWORD)
    with pytest.raises(StoreError, match="no member of staff ana"):
        store.staff.accounts.disable_staff("ana")
    assert audit_trail(database_url) == [
        ("operator", "staff added", "staff ana"),
        ("ben", "staff disabled", "staff ana"),
    ]


@pytest.mark.parametrize(
    ("name", "password", "words"),
    [("ana", "eleven char", "12 characters"), ("", PASSWORD, "needs a name"), (" ", PASSWORD, "needs a name")],
)
def test_a_weak_start_is_refused_in_words(store: Store, name: str, password: str, words: str) -> None:
    with pytest.raises(StoreError, match=words):
        store.staff.accounts.add_staff(name, password)
    assert store.staff.accounts.list_staff() == []


COMPOSED, DECOMPOSED = "Jos\u00e9", "Jose\u0301"
TYPED = {
    "blanks around it": (" eva ", "eva", ["eva", " eva", "eva ", "\u00a0eva\t"]),
    "two blanks within": ("Eva  Ruiz", "Eva Ruiz", ["Eva Ruiz", "Eva\u00a0Ruiz", " Eva  Ruiz"]),
    "a decomposed letter": (DECOMPOSED, COMPOSED, [COMPOSED, DECOMPOSED, f" {DECOMPOSED} "]),
    "a composed letter": (COMPOSED, COMPOSED, [DECOMPOSED, COMPOSED]),
}


@pytest.mark.parametrize(("typed", "kept", "ways"), TYPED.values(), ids=TYPED.keys())
def test_a_name_has_one_form_however_it_is_typed(
    store: Store, database_url: str, typed: str, kept: str, ways: list[str]
) -> None:
    accounts, unused = store.staff.accounts, cast("Any", None)
    desk = DeskEquipment(unused, store.staff, unused, unused)
    accounts.add_staff(typed, PASSWORD)
    for way in ways:
        assert accounts.check_staff(way, PASSWORD)
        assert desk.check_staff(way) == kept
        with pytest.raises(StoreError, match=f"The name {kept} is taken"):
            accounts.add_staff(way, PASSWORD)
    accounts.disable_staff(ways[-1])
    for way in ways:
        assert not accounts.check_staff(way, PASSWORD)
        with pytest.raises(NotStaffError):
            desk.check_staff(way)
    assert [subject for _, _, subject in audit_trail(database_url)] == [f"staff {kept}"] * 2


REFUSED = (
    "UPDATE audit_event SET staff = 'ben'",
    "DELETE FROM audit_event",
    "DELETE FROM audit_event WHERE id = 1",
    "INSERT INTO audit_event SELECT id, at, 'ben', action, subject FROM audit_event",
)
OWN_WAY_ROUND = {
    "sqlite": "INSERT OR REPLACE INTO audit_event SELECT id, at, 'ben', action, subject FROM audit_event",
    "postgresql": "TRUNCATE audit_event",
}


def test_the_audit_trail_refuses_every_change(store: Store, database_url: str) -> None:
    store.staff.upkeep.forget(NOON, by="ana")
    for statement in (*REFUSED, OWN_WAY_ROUND[database_url.partition(":")[0]]):
        _refused(database_url, statement)
    assert audit_trail(database_url) == [("ana", "calls purged", "0 calls before 2026-03-02")]


def _refused(url: str, statement: str) -> None:
    engine = open_engine(read_url(url), CHORES)
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
