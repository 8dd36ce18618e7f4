"""SQLite and PostgreSQL for the tests: the same tests run on both, on a fresh migrated database each.

PostgreSQL comes from the machine's own binaries, on a free port of 127.0.0.1, in a temporary folder, once for each
process that runs tests (some of them stop it), and is stopped at the end whatever happens. Where there is none, its
tests are skipped, and the last lines of the run say so.
"""

import atexit
import os
import pwd
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from ivr.store import migrate

SKIPPED = "PostgreSQL tests SKIPPED: no server binary found; install Debian's postgresql, or put its bin folder on PATH"
_START_SECONDS = 20


@dataclass(frozen=True)
class Database:
    """One fresh database: where it is, every byte that it keeps on disk, and how to take it away for a while."""

    url: str
    contents: Callable[[], bytes]
    outage: Callable[[], AbstractContextManager[None]]


def server_binaries() -> Path | None:
    """The folder that holds `initdb` and `postgres`; the newest where there are several."""
    candidates = [Path(found).resolve().parent] if (found := shutil.which("postgres")) else []
    if config := shutil.which("pg_config"):
        candidates.append(Path(subprocess.run([config, "--bindir"], capture_output=True, text=True).stdout.strip()))
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    candidates += sorted(installed, key=lambda folder: float(folder.parent.name), reverse=True)
    return next((place for place in candidates if (place / "initdb").exists() and (place / "postgres").exists()), None)


class PostgresServer:
    """A server of our own. PostgreSQL refuses to run as root, so root runs it as somebody without rights."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        self._process: subprocess.Popen[bytes] | None = None
        self._account = _unprivileged() if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="spineline-postgres-"))
        if self._account:
            os.chown(self.folder, self._account.pw_uid, self._account.pw_gid)
        self.port = _free_port()
        self._databases = 0
        self._initdb()

    def start(self) -> None:
        """Start, and return when it answers."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self.folder),
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "shared_buffers": "16MB",
        }
        given = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        words = [str(self._binaries / "postgres"), "-D", str(self.folder / "data"), "-p", str(self.port), *given]
        with (self.folder / "log").open("ab") as log:
            self._process = self._popen(words, log.fileno())
        self._wait()

    def stop(self) -> None:
        """Stop at once, cutting every connection."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        self._process = None

    def remove(self) -> None:
        """Stop, and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def create(self, template: str = "template0") -> str:
        """Make a database; returns its name."""
        self._databases += 1
        name = f"spineline_{self._databases}"
        # Copying the template's files takes a fifth of the time that writing it through the log does.
        self.say(f'CREATE DATABASE {name} TEMPLATE "{template}" STRATEGY FILE_COPY')
        return name

    def url(self, name: str) -> str:
        """A database's address, as an operator would write it."""
        return f"postgresql://spineline@127.0.0.1:{self.port}/{name}"

    def say(self, statement: str) -> None:
        """Say one statement to the server."""
        with closing(psycopg.connect(self.url("postgres"), autocommit=True)) as connection:
            connection.execute(statement.encode())

    @contextmanager
    def outage(self) -> Iterator[None]:
        """The server is stopped within this block."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def contents(self) -> bytes:
        """Every byte of every table and of the write-ahead log."""
        self.say("CHECKPOINT")
        files = (path for place in ("base", "pg_wal") for path in (self.folder / "data" / place).rglob("*"))
        return b"".join(path.read_bytes() for path in files if path.is_file())

    def _initdb(self) -> None:
        words = ["initdb", "-D", str(self.folder / "data"), "-A", "trust", "-U", "spineline", "-N", "-E", "UTF8"]
        made = self._popen([str(self._binaries / words[0]), *words[1:], "--locale=C"], subprocess.DEVNULL)
        if made.wait(60):
            raise RuntimeError(f"initdb failed with {made.returncode}")

    def _popen(self, words: list[str], output: int) -> subprocess.Popen[bytes]:
        # In a session of its own: Ctrl-C in the terminal must reach the tests, which then stop it in order.
        account = self._account
        return subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=self.folder,
            start_new_session=True,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )

    def _wait(self) -> None:
        until = time.monotonic() + _START_SECONDS
        while True:
            try:
                return self.say("SELECT 1")
            except psycopg.OperationalError:
                if time.monotonic() > until or (self._process and self._process.poll() is not None):
                    raise RuntimeError((self.folder / "log").read_text()) from None
                time.sleep(0.02)


def _unprivileged() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _sqlite_outage(file: Path) -> Iterator[None]:
    """Somebody else holds the file for themselves alone, as a repair or a backup does: not even reading works."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The server of this run."""
    binaries = server_binaries()
    if binaries is None:
        pytest.skip(SKIPPED)
    server = PostgresServer(binaries)
    atexit.register(server.remove)
    try:
        server.start()
        yield server
    finally:
        server.remove()
        atexit.unregister(server.remove)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """A migrated database to copy from."""
    name = postgres_server.create()
    migrate.upgrade(postgres_server.url(name))
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy from."""
    file = tmp_path_factory.mktemp("template") / "spineline.db"
    migrate.upgrade(f"sqlite:///{file}")
    return file


def migrate_quickly(url: str, template: Path) -> None:
    """Bring a database to the newest schema: a SQLite file that is not there yet by copying a migrated one."""
    file = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite:///") and not file.exists():
        shutil.copy(template, file)
    else:
        migrate.upgrade(url)


BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A fresh migrated database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        file = tmp_path / "spineline.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield Database(f"sqlite:///{file}", lambda: _bytes_beside(file), lambda: _sqlite_outage(file))
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create(request.getfixturevalue("postgres_template"))
    yield Database(server.url(name), server.contents, server.outage)
    server.say(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(database: Database) -> str:
    """The address of a fresh migrated database, once on SQLite and once on PostgreSQL."""
    return database.url


@pytest.fixture(params=BOTH)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database in which nothing was ever made."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create()
    yield server.url(name)
    server.say(f"DROP DATABASE {name} WITH (FORCE)")


def _bytes_beside(file: Path) -> bytes:
    """The database file, its write-ahead log and its index."""
    return b"".join(path.read_bytes() for path in sorted(file.parent.glob(file.name + "*")))
