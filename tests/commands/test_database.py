"""The store at the command line: what is said, what is asked, and under whose name it is kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from ivr.commands import database as commands
from ivr.line.events import CallBackRequest
from ivr.store.secrets import Secrets
from ivr.store.store import Store
from tests.store.calls.test_call_records import whole_call
from tests.store.staff.test_call_backs import NUMBER, audit_trail

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Settings:
    database_url: str


@dataclass(frozen=True)
class Database:
    store: Store


@dataclass(frozen=True)
class Parts:
    database: Database
    settings: Settings


def runner_for(url: str, store: Store) -> FlaskCliRunner:
    app = Flask("spineline")
    app.extensions["spineline"] = Parts(Database(store), Settings(url))
    for group in (commands.db, commands.callbacks, commands.staff):
        app.cli.add_command(group)
    return app.test_cli_runner()


@pytest.fixture
def runner(database_url: str, store: Store) -> FlaskCliRunner:
    return runner_for(database_url, store)


def said(runner: FlaskCliRunner, words: str, typed: str | None = None) -> tuple[int, str]:
    result = runner.invoke(args=words.split(), input=typed)
    return result.exit_code, result.output


@pytest.fixture
def empty(empty_database_url: str, secrets: Secrets) -> Iterator[FlaskCliRunner]:
    store = Store(empty_database_url, secrets)
    yield runner_for(empty_database_url, store)
    store.close()


def test_a_new_database_is_upgraded_and_then_ready(empty: FlaskCliRunner) -> None:
    assert said(empty, "db status") == (1, "Error: The database has no tables yet: run `flask db upgrade`.\n")
    assert said(empty, "db upgrade") == (0, "The database is up to date.\n")
    assert said(empty, "db status") == (0, "The database is ready.\n")


def test_numbers_are_shown_to_staff_only_and_that_is_kept(
    runner: FlaskCliRunner, store: Store, database_url: str
) -> None:
    store.staff.accounts.add_staff("ana", PASSWORD)
    store.line.save_call_back(CallBackRequest("CA1", datetime(2026, 3, 2, 12, tzinfo=UTC), NUMBER, "es", "x/prep/2"))
    assert said(runner, "callbacks list") == (0, "1  2026-03-02 12:00 UTC  es  x/prep/2\n1 open.\n")
    who = "Error: Say who you are: --by NAME, a member of staff who may sign in.\n"
    assert said(runner, "callbacks list --numbers") == (1, who)
    assert said(runner, "callbacks done 1 --by nobody") == (1, who)
    shown = f"1  2026-03-02 12:00 UTC  es  {NUMBER}  x/prep/2\n1 open.\n"
    assert said(runner, "callbacks list --numbers --by ana") == (0, shown)
    assert said(runner, "callbacks done 1 --by ana") == (0, "Call-back 1 is done.\n")
    assert said(runner, "callbacks done 1 --by ana") == (1, "Error: There is no open call-back 1.\n")
    assert audit_trail(database_url)[1:] == [
        ("ana", "number seen", "call-back 1"),
        ("ana", "call-back done", "call-back 1"),
    ]


LISTED = {
    "a language": ("es", "x/prep/2", "1  2026-03-02 12:00 UTC  es  x/prep/2"),
    "none, asked for in the first words": ("", "welcome", "1  2026-03-02 12:00 UTC  no language chosen  welcome"),
    "none, and no place": ("", "", "1  2026-03-02 12:00 UTC  no language chosen"),
    "one that is not on the line": (
        "",
        "unlisted",
        "1  2026-03-02 12:00 UTC  their language is not on the line  unlisted",
    ),
}


@pytest.mark.parametrize(("language", "place", "row"), LISTED.values(), ids=LISTED.keys())
def test_a_call_back_is_listed_with_the_language_that_was_chosen_or_why_there_is_none(
    runner: FlaskCliRunner, store: Store, language: str, place: str, row: str
) -> None:
    store.line.save_call_back(CallBackRequest("CA1", datetime(2026, 3, 2, 12, tzinfo=UTC), NUMBER, language, place))
    assert said(runner, "callbacks list") == (0, f"{row}\n1 open.\n")


def test_a_password_is_asked_twice_and_never_shown(runner: FlaskCliRunner, store: Store) -> None:
    code, words = said(runner, "staff add ana", f"{PASSWORD}\n{PASSWORD}\n")
    assert (code, words.splitlines()[-1]) == (0, "ana may sign in.")
    assert PASSWORD not in words
    assert store.staff.accounts.check_staff("ana", PASSWORD)


def test_a_password_may_come_from_a_program(runner: FlaskCliRunner, store: Store) -> None:
    assert said(runner, "staff add ana --password-stdin", f"{PASSWORD}\n") == (0, "ana may sign in.\n")
    assert store.staff.accounts.check_staff("ana", PASSWORD)
    short = "Error: The password needs 12 characters or more.\n"
    assert said(runner, "staff add ben --password-stdin", "short\n") == (1, short)


def test_staff_are_listed_and_disabled(runner: FlaskCliRunner, store: Store) -> None:
    store.staff.accounts.add_staff("ana", PASSWORD)
    store.staff.accounts.add_staff("ben", PASSWORD)
    assert said(runner, "staff disable ben") == (0, "ben may sign in no more.\n")
    listed = "ana: since 2026-03-02\nben: since 2026-03-02, disabled 2026-03-02\n"
    assert said(runner, "staff list") == (0, listed)


def test_purging_and_rotating_say_how_much(runner: FlaskCliRunner, store: Store) -> None:
    store.line.write_events(whole_call())
    store.line.save_call_back(CallBackRequest("CA1", datetime(2026, 3, 2, 12, tzinfo=UTC), NUMBER, "es", ""))
    assert said(runner, "db rotate") == (0, "Encrypted 1 numbers with the first key. The other keys can go.\n")
    assert said(runner, "db forget --days 36500") == (0, "Purged 0 calls older than 36500 days.\n")
    assert said(runner, "db forget --days 0")[0] == 2
