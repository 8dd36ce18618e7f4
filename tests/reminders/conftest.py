"""Reminder campaigns on both databases."""

from collections.abc import Iterator

import pytest

from tests.reminders.dialing import Clinic, opened


@pytest.fixture
def clinic(database_url: str) -> Iterator[Clinic]:
    """A clinic's campaigns, on a clock that the test turns."""
    with opened(database_url) as clinic:
        yield clinic
