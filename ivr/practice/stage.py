"""A line of its own for a demonstration: its database, its address, its practice Twilio, and its own time.

Rules kept here: nothing of the demonstration touches the clinic's own database, keys or account; and its requests are
real ones, over HTTP, signed and checked, so that what is shown is what a clinic gets. Time alone is different: the
database's clock is shifted to a lawful hour, and put forward when nothing is left to be done at that hour.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any, Protocol

from flask import Flask
from sqlalchemy import Connection
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from ivr.phones.handset import HandsetEvent
from ivr.phones.own_network import Captions
from ivr.practice import OverHttp, People, PracticeTwilio, Troubles
from ivr.reminders.rules.calling_hours import ClosedDays
from ivr.store.database_clock import DatabaseClock, read_database_clock
from ivr.store.migrate import upgrade
from ivr.store.secrets import Secrets

HOST = "127.0.0.1"
TUESDAY = 1
BEGINS = time(10)
OPEN_DAYS = (0, 1, 2, 3, 4, 6)
"""Days after the first one on which the clinic must be open, so that no holiday moves a reminder."""


class MakeLine(Protocol):
    """Puts a line together, as `ivr.create_app` does."""

    def __call__(
        self, environment: Mapping[str, str], clock: Callable[[], datetime], database_clock: DatabaseClock, /
    ) -> Flask:
        """The app for an environment, and for two clocks."""


@dataclass
class PracticeClock:
    """Real time, shifted: it goes on by itself, and can be put forward."""

    shift: timedelta = timedelta()

    def now(self) -> datetime:
        """The moment (aware UTC), as this process has it."""
        return datetime.now(UTC) + self.shift

    def read_database(self, connection: Connection) -> datetime:
        """The moment, as the database has it."""
        return read_database_clock(connection) + self.shift

    def put_to(self, moment: datetime) -> None:
        """Goes on from another moment. Never called while a call is under way."""
        self.shift += moment - self.now()


def find_lawful_tuesday(now: datetime, closed: ClosedDays) -> datetime:
    """Ten o'clock in the clinic on the next Tuesday that begins a week without a holiday."""
    day = now.astimezone(closed.zone).date() + timedelta(days=1)
    while day.weekday() != TUESDAY or any(closed.closes(day + timedelta(days=ahead)) for ahead in OPEN_DAYS):
        day += timedelta(days=1)
    return datetime.combine(day, BEGINS, closed.zone)


@dataclass
class Doorway:
    """Where requests come in before there is an app: the address must be known to make one."""

    app: Any = None

    def __call__(self, request: Any, start_response: Any) -> Any:
        """Hands the request on."""
        return self.app(request, start_response)


class _Quiet(WSGIRequestHandler):
    """Writes no line for each request: their addresses are in the practice Twilio's records."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  # werkzeug's name
        """Says nothing."""


@dataclass
class LateCaptions:
    """How long each clip lasts, once there is a line that knows."""

    known: Captions | None = None

    def __call__(self, url: str) -> HandsetEvent:
        """The caption of a clip's address."""
        return self.known(url) if self.known else HandsetEvent("play")


@dataclass(frozen=True)
class Stage:
    """What a demonstration plays on: the app, with the practice Twilio that calls through it, and the clock of both."""

    folder: Path
    app: Flask
    practice: PracticeTwilio
    clock: PracticeClock
    parts: Any = field(repr=False)


@contextmanager
def set_stage(
    folder: Path,
    make_line: MakeLine,
    own: Mapping[str, str],
    people: People,
    calls_per_second: float,
    troubles: Troubles,
) -> Iterator[Stage]:
    """A line with its database in `folder`, which answers on a free port; `own` are settings that it has of the
    clinic's. Raises StoreError, and what `make_line` raises."""
    clock, doorway, captions = PracticeClock(), Doorway(), LateCaptions()
    sid, token = f"AC{token_hex(16)}", token_hex(16)
    server = make_server(HOST, 0, doorway, threaded=True, request_handler=_Quiet)
    base = f"http://{HOST}:{server.server_port}"
    pace: dict[str, Any] = {"calls_per_second": calls_per_second, "troubles": troubles}
    practice = PracticeTwilio(sid, token, OverHttp(base), people, base=base, caption=captions, now=clock.now, **pace)
    account = {"TWILIO_ACCOUNT_SID": sid, "TWILIO_AUTH_TOKEN": token, "CALLS_PER_SECOND": f"{calls_per_second:g}"}
    addresses = {"PUBLIC_BASE_URL": base, "TWILIO_API_BASE": practice.base_url}
    with _answer_requests(server), practice:
        app = make_line({**own, **_make_secrets(folder), **account, **addresses}, clock.now, clock.read_database)
        parts = app.extensions["spineline"]
        upgrade(parts.settings.database_url)
        doorway.app, captions.known = app, Captions(parts.content.scripts, parts.content.clips)
        yield Stage(folder=folder, app=app, practice=practice, clock=clock, parts=parts)
        parts.database.store.close()


def _make_secrets(folder: Path) -> dict[str, str]:
    return {
        "SPINELINE_ENV": "local",
        "DATABASE_URL": f"sqlite:///{folder / 'campaign.db'}",
        "NUMBER_KEYS": Secrets.make_key(),
        "HASH_KEY": token_hex(32),
        "SECRET_KEY": token_hex(32),
    }


@contextmanager
def _answer_requests(server: BaseWSGIServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
