"""A dialer that ends once it has nothing to do.

Rule kept here: an attempt may change between two questions, so only two answers in a row that find nothing count.
"""

import logging
import threading

from ivr.errors import StoreError
from ivr.store.campaigns.dialer_store import DialerStore

log = logging.getLogger(__name__)
LOOK_SECONDS = 0.2
"""The pause between two questions."""


def end_when_idle(store: DialerStore, end: threading.Event, pause: float = LOOK_SECONDS) -> None:
    """Sets `end` once nothing is left to do; asks every `pause` seconds. A database that fails is asked again."""
    idle = 0
    while idle < 2 and not end.wait(pause):
        try:
            idle = 0 if store.has_work() else idle + 1
        except StoreError as error:
            log.warning("the database does not say what is due: %s", error)
    end.set()
