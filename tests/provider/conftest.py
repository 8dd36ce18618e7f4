"""What the tests of the provider share."""

from collections.abc import Iterator

import pytest

from tests.provider.fake_twilio import FakeTwilio, playing


@pytest.fixture
def fake_twilio() -> Iterator[FakeTwilio]:
    """Twilio's API on a port of its own."""
    with playing(FakeTwilio()) as twilio:
        yield twilio
