"""What a process must not inherit when a server forks its workers: threads, locks, and connections to a database."""

import os
from collections.abc import Callable
from weakref import WeakMethod


def renew_after_fork(renew: Callable[[], None]) -> None:
    """Call the bound method `renew` in every process forked from this one, as long as its object lives."""
    kept = WeakMethod(renew)

    def renew_in_child() -> None:
        method = kept()
        if method is not None:
            method()

    os.register_at_fork(after_in_child=renew_in_child)
