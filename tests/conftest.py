"""What many tests share: an environment for a whole line of one's own, and the clips that it speaks with.

Every test that needs a line makes the real one, from settings in a mapping, with a database of its own; nothing of ours
is replaced but the seams that a test names (the clock, the store).
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask import Flask

from ivr.commands.audio import lexicons
from ivr.speech.build import build
from ivr.speech.engines import installed
from ivr.store.migrate import upgrade
from ivr.wiring import Spineline, create_app

ROOT = Path(__file__).parent.parent
MONDAY_MORNING = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
"""10:30 in New York, a working day."""
FEW = "en es zh"
"""The languages of most tests; tests of all seventeen say so."""
Environment = dict[str, str]
MakeLine = Callable[..., Flask]


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """Settings of a local line with its own database; a test changes what it is about."""
    return {
        "SPINELINE_ENV": "local",
        "PUBLIC_BASE_URL": "https://line.example.org",
        "TWILIO_AUTH_TOKEN": "a token of Twilio for the tests",
        "NUMBER_KEYS": Fernet.generate_key().decode(),
        "HASH_KEY": "a key for hashes in the tests, long enough",
        "SECRET_KEY": "a key for cookies in the tests",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'line.db'}",
        "LANGUAGES": FEW,
        "OFFICE_TIMEZONE": "America/New_York",
        "OFFICE_HOURS": "mon-fri 09:00-17:00",
        "CLINIC_NUMBER": "",
    }


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The clips of the line as it ships: made once, found again by every later run."""
    secret = {"TWILIO_AUTH_TOKEN": "t" * 32, "HASH_KEY": "h" * 32, "SECRET_KEY": "s" * 32}
    local = {"SPINELINE_ENV": "local", "NUMBER_KEYS": Fernet.generate_key().decode(), **secret}
    for chosen in ({}, {"LANGUAGES": FEW}):
        parts: Spineline = create_app({**local, **chosen}).extensions["spineline"]
        orders = parts.settings.speech_engines
        engines = installed([name for order in orders.values() for name in order])
        spellings = lexicons(parts.settings.locales_folder, parts.scripts)
        report = build(parts.scripts, engines, parts.settings.audio_folder, orders=orders, lexicons=spellings)
        assert not report.faults


@pytest.fixture
def make_line(environment: Environment, clips: None) -> MakeLine:
    """Makes the app: `make_line(CLINIC_NUMBER="+1...", clock=...)`. Its database is migrated."""

    def make(clock: Callable[[], datetime] = lambda: MONDAY_MORNING, **changed: str) -> Flask:
        app = create_app({**environment, **changed}, clock)
        upgrade(app.extensions["spineline"].settings.database_url)
        return app

    return make


@pytest.fixture
def app(make_line: MakeLine) -> Flask:
    """The line as it ships, on a Monday morning."""
    return make_line()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Golden calls are only ever rewritten when a person asks for it."""
    parser.addoption("--refresh-calls", action="store_true", help="write tests/calls/*.txt anew from what is heard now")
