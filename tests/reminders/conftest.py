"""Reminder campaigns on both databases."""

from collections.abc import Iterator

import pytest

from tests.databases import (
    Database,
    database,
    database_url,
    postgres_server,
    postgres_template,
    pytest_terminal_summary,
    sqlite_template,
)
from tests.reminders.dialing import Clinic, opened

__all__ = [
    "Database",
    "database",
    "database_url",
    "postgres_server",
    "postgres_template",
    "pytest_terminal_summary",
    "sqlite_template",
]


@pytest.fixture
def clinic(database_url: str) -> Iterator[Clinic]:
    """A clinic's campaigns, on a clock that the test turns."""
    with opened(database_url) as clinic:
        yield clinic
