"""Whether a dialer has anything to do, and a dialer that ends once it has not.

Rule kept here: an attempt may change between two questions, so only two answers in a row that find nothing count.
"""

import logging
import threading

from ivr.errors import StoreError
from ivr.store.reminders import Reminders

log = logging.getLogger(__name__)
UNDER_WAY = ("claimed", "dialing", "placed")
"""The states of an attempt that a dialer, or the network, is at."""
LOOK_SECONDS = 0.2
"""The pause between two questions."""


def has_work(store: Reminders) -> bool:
    """Whether an attempt is due, claimed, or on its way. Raises StoreError."""
    now = store.now()
    for campaign in store.campaigns():
        due = store.next_due(campaign) if campaign.state == "running" else None
        counts = store.attempt_counts(campaign)
        if (due is not None and due <= now) or any(counts.get(state) for state in UNDER_WAY):
            return True
    return False


def end_when_idle(store: Reminders, end: threading.Event, pause: float = LOOK_SECONDS) -> None:
    """Sets `end` once nothing is left to do; asks every `pause` seconds. A database that fails is asked again."""
    idle = 0
    while idle < 2 and not end.wait(pause):
        try:
            idle = 0 if has_work(store) else idle + 1
        except StoreError as error:
            log.warning("the database does not say what is due: %s", error)
    end.set()
