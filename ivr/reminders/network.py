"""The telephone network as the dialer needs it: place a call once, and look for one of which nothing was heard."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from ivr.store.campaigns.queue import DialOrder


class PlacedCall(Protocol):
    """A call on the network's list."""

    @property
    def sid(self) -> str:
        """The network's id of it."""

    @property
    def status(self) -> str:
        """The network's word for its state."""

    @property
    def answered_by(self) -> str:
        """Who answered, in the network's words; "" where it did not say."""

    @property
    def seconds(self) -> int | None:
        """How long it was; None while it is not over."""


class Network(Protocol):
    """Twilio, or what speaks like it."""

    def place(self, order: DialOrder) -> str:
        """Places a call, once, and gives its id. Raises NotPlacedError, which tells what is sure."""

    def find(self, to: str, caller: str, since: datetime) -> Sequence[PlacedCall]:
        """Calls from `caller` to `to` made since a moment. Raises NotPlacedError where the list cannot be had."""

    def fetch(self, sid: str) -> PlacedCall:
        """One call as it stands. Raises NotPlacedError where it cannot be had."""
