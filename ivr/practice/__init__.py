"""The practice Twilio: for tests, demonstrations and training, a Twilio whose people are imaginary.

It keeps the calls, takes them through their lives, and walks the line's real webhooks with signed requests; nobody is
ever called. `with PracticeTwilio(sid, token, InProcess(app)) as practice:`, and TWILIO_API_BASE at `practice.base_url`.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Self

from ivr.phones.handset import Caption, PersonAnswers
from ivr.practice.account import Account, CallRecord, Mishap, Troubles
from ivr.practice.callbacks import Callbacks, Delivered, Door, InProcess, OverHttp, Webhooks
from ivr.practice.calls import Studio, Switchboard, caption_any_clip
from ivr.practice.people import HANG_UP, KnownAnswers, People, Person, find_answers, invent_people
from ivr.practice.server import Api, Server, Timetable, UnsettledError

__all__ = [
    "HANG_UP",
    "CallRecord",
    "Delivered",
    "InProcess",
    "KnownAnswers",
    "Mishap",
    "OverHttp",
    "People",
    "Person",
    "PracticeTwilio",
    "Troubles",
    "UnsettledError",
    "find_answers",
    "invent_people",
    "serve",
]
WALKERS = 8
"""Threads that take calls on."""
ANYONE = invent_people()


def _read_utc() -> datetime:
    return datetime.now(UTC)


class PracticeTwilio:
    """One account, answering on `base_url` while a `with` block runs.

    `calls_per_second` is how fast queued calls start. `numbers` are those that it may call from (empty: any). `base` is
    what a relative address in a document is relative to. `time_scale` is real seconds for one second of a call: with 0
    no audio takes time. For up to `lull` real seconds a machine's call stands still after the detector's callback, for
    an app that redirects it later than from within that callback. `clinic` is what happens when the line rings the
    clinic. `port` 0 is a free one.
    """

    def __init__(
        self,
        sid: str,
        token: str,
        door: Door,
        people: People = ANYONE,
        *,
        calls_per_second: float = 1.0,
        troubles: Troubles = Troubles(),  # noqa: B008  # a frozen value
        numbers: frozenset[str] = frozenset(),
        base: str = "http://127.0.0.1:8000",
        time_scale: float = 0.0,
        lull: float = 0.0,
        caption: Caption = caption_any_clip,
        clinic: PersonAnswers = "takes",
        port: int = 0,
        now: Callable[[], datetime] = _read_utc,
    ) -> None:
        self._account = Account(
            calls_per_second=calls_per_second, numbers=numbers, troubles=troubles, clock=time.monotonic, now=now
        )
        self._timetable = Timetable(WALKERS)
        webhooks = Webhooks(door, token, base)
        self._callbacks = Callbacks(sid, self._account, webhooks, self._timetable.run_later)
        studio = Studio(people=people, caption=caption, scale=time_scale, lull=lull, clinic=clinic)
        board = Switchboard(
            account=self._account,
            callbacks=self._callbacks,
            webhooks=webhooks,
            studio=studio,
            run_later=self._timetable.run_later,
        )
        self._server = Server(port, Api(sid, token, self._account, board.start))

    @property
    def base_url(self) -> str:
        """What stands in for Twilio's address."""
        return self._server.base

    @property
    def calls(self) -> tuple[CallRecord, ...]:
        """Every call that was accepted, the oldest first."""
        return self._account.calls

    @property
    def arrivals(self) -> tuple[float, ...]:
        """When each POST for a new call came, refused ones too, in seconds of the monotonic clock."""
        return self._account.arrivals

    @property
    def delivered(self) -> tuple[Delivered, ...]:
        """Every callback that was sent, with what the app answered."""
        return tuple(self._callbacks.delivered)

    def force(self, mishap: Mishap, times: int = 1) -> None:
        """Makes a mishap happen at the next occasions."""
        self._account.force(mishap, times)

    def refuse_next(self, times: int) -> None:
        """Answers the next POSTs with 429."""
        self.force(Mishap.REFUSED, times)

    def settle(self, timeout: float) -> None:
        """Waits until every accepted call has ended and its callbacks were delivered. Raises UnsettledError when that
        takes more than `timeout` seconds."""
        self._timetable.settle(timeout)

    def __enter__(self) -> Self:
        self._timetable.start()
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()
        self._timetable.stop()


def serve(practice: PracticeTwilio, tell: Callable[[str], object]) -> None:
    """Runs until Ctrl-C; `tell` is told the address once it answers."""
    with practice, suppress(KeyboardInterrupt):
        tell(practice.base_url)
        threading.Event().wait()
