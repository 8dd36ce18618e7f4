"""What many tests share: an environment for a whole line of its own, the databases, and the clips that a line speaks
with.

Every test that needs a line makes the real one, from settings in a mapping, with a database of its own; nothing of ours
is replaced but the seams that a test names (the clock, the store). The tests run in several processes at once and
beside any other load: what is made once for all of them is made under a lock, and no example of a property has a
deadline.
"""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from hypothesis import HealthCheck, settings

from ivr.wiring import create_app
from tests.clips import build_shipped_clips
from tests.content import read_content_once
from tests.databases import (
    database,
    database_url,
    empty_database_url,
    migrate_quickly,
    postgres_server,
    postgres_template,
    sqlite_template,
)
from tests.provider.fake_twilio import FakeTwilio, playing
from tests.topics import SHIPPED_FOLDER

__all__ = [
    "database",
    "database_url",
    "empty_database_url",
    "postgres_server",
    "postgres_template",
    "sqlite_template",
]

ROOT = Path(__file__).parent.parent
MONDAY_MORNING = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
"""10:30 in New York, a working day."""
FEW = "en es zh"
"""The languages of most tests; tests of every language say so."""
Environment = dict[str, str]
MakeLine = Callable[..., Flask]

# How long an example takes says how busy the machine is, and nothing about the property. CI tries the same examples
# each time, so that it judges the change and not its luck; everybody's own runs look further, at random.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.load_profile("any machine")


def local_settings(folder: Path) -> Environment:
    """Settings of a local line with its database in a folder."""
    return {
        "SPINELINE_ENV": "local",
        "PUBLIC_BASE_URL": "https://line.example.org",
        "TWILIO_AUTH_TOKEN": "a token of Twilio for the tests",
        "NUMBER_KEYS": Fernet.generate_key().decode(),
        "HASH_KEY": "a key for hashes in the tests, long enough",
        "SECRET_KEY": "a key for cookies in the tests",
        "DATABASE_URL": f"sqlite:///{folder / 'line.db'}",
        "LANGUAGES": FEW,
        "TOPICS_FOLDER": str(SHIPPED_FOLDER),
        "OFFICE_TIMEZONE": "America/New_York",
        "OFFICE_HOURS": "mon-fri 09:00-17:00",
        "CLINIC_NUMBER": "",
    }


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """Settings of a local line with its own database; a test changes what it is about."""
    return local_settings(tmp_path)


@pytest.fixture(scope="session")
def clips() -> None:
    """The clips of the line as it ships: made once, found again by every later run."""
    build_shipped_clips(ROOT, FEW)


@pytest.fixture
def make_line(environment: Environment, clips: None, sqlite_template: Path) -> MakeLine:
    """Makes the app: `make_line(CLINIC_NUMBER="+1...", clock=...)`. Its database is migrated."""

    def make(clock: Callable[[], datetime] = lambda: MONDAY_MORNING, **changed: str) -> Flask:
        app = create_app({**environment, **changed}, clock, read=read_content_once)
        migrate_quickly(app.extensions["spineline"].settings.database_url, sqlite_template)
        return app

    return make


@pytest.fixture
def app(make_line: MakeLine) -> Flask:
    """The line as it ships, on a Monday morning."""
    return make_line()


@pytest.fixture
def fake_twilio() -> Iterator[FakeTwilio]:
    """Twilio's API on a port of its own."""
    with playing(FakeTwilio()) as twilio:
        yield twilio


def pytest_addoption(parser: pytest.Parser) -> None:
    """Golden calls are only ever rewritten when a person asks for it."""
    parser.addoption("--refresh-calls", action="store_true", help="write tests/calls/*.txt anew from what is heard now")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly, at the end, which tests did not run because a program is not on this machine."""
    skipped = {str(report.longrepr[-1]) for report in terminalreporter.stats.get("skipped", []) if report.longrepr}
    for reason in sorted(reason.removeprefix("Skipped: ") for reason in skipped if "SKIPPED" in reason):
        terminalreporter.write_line(reason, red=True, bold=True)
