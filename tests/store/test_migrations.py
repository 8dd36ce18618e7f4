"""The migrations make exactly the schema, once, whoever starts them and however many at a time."""

import multiprocessing
import stat
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from ivr.errors import StoreError
from ivr.store import migrate
from ivr.store.connections import CHORES, open_engine, read_url
from ivr.store.schema import Base
from ivr.store.secrets import Secrets
from ivr.store.store import Store


def test_the_migrations_make_exactly_the_schema(database_url: str) -> None:
    engine = open_engine(read_url(database_url), CHORES)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_an_empty_database_says_what_is_missing_until_it_is_upgraded(empty_database_url: str, secrets: Secrets) -> None:
    store = Store(empty_database_url, secrets)
    assert store.explain_unready() == "The database has no tables yet: run `flask db upgrade`."
    assert not migrate.is_current(empty_database_url)
    migrate.upgrade(empty_database_url)
    assert store.explain_unready() == ""
    assert migrate.is_current(empty_database_url)
    store.close()


def test_upgrading_again_changes_nothing(database_url: str) -> None:
    migrate.upgrade(database_url)
    assert migrate.is_current(database_url)


def test_another_version_is_named(database_url: str, store: Store) -> None:
    engine = open_engine(read_url(database_url), CHORES)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    engine.dispose()
    assert store.explain_unready() == "The database has version 0000, this program needs 0003: run `flask db upgrade`."


def test_four_processes_upgrade_at_once(empty_database_url: str) -> None:
    fresh = multiprocessing.get_context("spawn")
    processes = [fresh.Process(target=migrate.upgrade, args=(empty_database_url,)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    assert migrate.is_current(empty_database_url)


def test_the_sqlite_file_and_its_folder_are_made_for_us_alone(tmp_path: Path) -> None:
    file = tmp_path / "instance" / "spineline.db"
    migrate.upgrade(f"sqlite:///{file}")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_place_that_cannot_be_made_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="The database failed"):
        migrate.upgrade(f"sqlite:///{tmp_path}/file/spineline.db")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "cannot be read"),
        ("nonsense", "cannot be read"),
        ("mysql://clinic:hunter2@db/spineline", "neither postgresql"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_an_unusable_address_is_refused_without_repeating_it(url: str, words: str, secrets: Secrets) -> None:
    with pytest.raises(StoreError, match=words) as refused:
        Store(url, secrets)
    assert refused.value.permanent
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_postgresql_means_psycopg(scheme: str) -> None:
    address = read_url(f"{scheme}://clinic:x@db.example:5433/spineline?sslmode=require")
    assert address.render_as_string(hide_password=False) == (
        "postgresql+psycopg://clinic:x@db.example:5433/spineline?sslmode=require"
    )
