"""The schema's versions, applied by a command and never by serving. Safe when several processes do it at once.

Alembic is imported where it is used: a command that only asks the database does not wait for it.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection

from ivr.store.connections import CHORES, in_words, open_engine, read_url

if TYPE_CHECKING:
    from alembic.config import Config

# Any number that no other program takes on this database; spells "spine".
_LOCK = 0x7370696E65


def upgrade(url: str) -> None:
    """Bring the database at `url` to the newest version; makes SQLite's file and its folder, readable to us alone.

    One transaction: a migration that fails leaves the version that was there. Raises `StoreError`.
    """
    from alembic import command

    address = read_url(url)
    _make_file(address)
    engine = open_engine(address, CHORES)
    try:
        with in_words(), engine.begin() as connection:
            _lock(connection)
            config = _make_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def is_current(url: str) -> bool:
    """Whether the database at `url` has the newest version. Raises `StoreError` where it cannot be reached."""
    engine = open_engine(read_url(url), CHORES)
    try:
        with in_words(), engine.begin() as connection:
            return not find_missing(connection)
    finally:
        engine.dispose()


def find_missing(connection: Connection) -> str:
    """What the database lacks to be used by this program, in words; "" if nothing."""
    from alembic.migration import MigrationContext

    current = MigrationContext.configure(connection).get_current_revision()
    if current == _find_newest():
        return ""
    if current is None:
        return "The database has no tables yet: run `flask db upgrade`."
    return f"The database has version {current}, this program needs {_find_newest()}: run `flask db upgrade`."


def _make_file(address: URL) -> None:
    if address.drivername != "sqlite" or not address.database:
        return
    file = Path(address.database)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600, exist_ok=True)
    except OSError:
        return  # connecting fails next, and says so in a `StoreError`


def _lock(connection: Connection) -> None:
    # SQLite has locked already: its transactions here begin with BEGIN IMMEDIATE.
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _make_config() -> "Config":
    from alembic.config import Config

    config = Config()
    folder = Path(__file__).with_name("migrations")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@cache
def _find_newest() -> str | None:
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_make_config()).get_current_head()
