"""The telephone network as the dialer needs it: place a call once, and look for one of which nothing was heard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ivr.store.queue import Order


@dataclass(frozen=True)
class PlacedCall:
    """A call on the network's list: its id, the network's word for its state, who answered, and its seconds."""

    sid: str
    status: str
    answered_by: str = ""
    seconds: int | None = None


class Network(Protocol):
    """Twilio, or what speaks like it."""

    def place(self, order: Order) -> str:
        """Places a call, once, and gives its id. Raises NotPlacedError, which tells what is sure."""

    def find(self, to: str, caller: str, since: datetime) -> Sequence[PlacedCall]:
        """Calls from `caller` to `to` made since a moment. Raises NotPlacedError where the list cannot be had."""

    def fetch(self, sid: str) -> PlacedCall:
        """One call as it stands. Raises NotPlacedError where it cannot be had."""
