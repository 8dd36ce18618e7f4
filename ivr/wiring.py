"""`create_app`: the one place where the parts of the line are put together.

It reads the settings, the topics and the catalogs, and refuses to start a line that breaks one of its rules, listing
every fault. `assembly.py` says how each part is made.
"""

import os
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

from flask import Flask

from ivr.assembly import Assembly, Clock, PartsAtFirstUse, ReadContent
from ivr.commands.table import add_commands
from ivr.errors import TopicError
from ivr.parts import Spineline
from ivr.settings.reading import read_settings_and_topics
from ivr.wording.sources import read_topics

if TYPE_CHECKING:
    from ivr.phones.own_network import OwnNetwork
    from ivr.store.database_clock import DatabaseClock

RUN_BY_FLASK = "FLASK_RUN_FROM_CLI"
"""Flask's own sign that its command, not a server, is loading the app."""
MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
"""Prometheus' own name for the folder in which several processes keep their counts."""


def create_app(
    environment: Mapping[str, str] | None = None,
    clock: Clock = lambda: datetime.now(UTC),
    database_clock: "DatabaseClock | None" = None,
    read: "ReadContent | None" = None,
) -> Flask:
    """The app for an environment (the process's own by default). `clock` gives aware datetimes; `database_clock` the
    moment by which reminders are due (the database's own by default); `read` what the line says (the settings' files
    by default).

    Loaded by the `flask` command, the line is put together when a command first asks for a part of it, and a fault ends
    that command in words. Everywhere else all of it stands before this returns. Raises SettingsError, TopicError,
    CatalogError or LineError, each with all of its faults.
    """
    by_command = environment is None and os.environ.get(RUN_BY_FLASK) == "true"
    try:
        settings, topics = read_settings_and_topics(os.environ if environment is None else environment, read_topics)
    except TopicError as error:
        if by_command:
            sys.exit(str(error))
        raise
    assembly = Assembly(settings, topics, clock, database_clock, read)
    app = LineApp(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=64 * 1024,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=not settings.is_local,
    )
    add_commands(app.cli)
    line = PartsAtFirstUse(assembly) if by_command else assembly.all_parts()
    app.extensions["spineline"] = line
    app.opening = lambda: _open_pages(app, line, clock)
    if not by_command:
        app.open_pages()
    return app


class LineApp(Flask):
    """The web app. Its pages are there from the first request on: a command that makes none does not wait for them."""

    opening: Callable[[], None]

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._lock, self._open = Lock(), False

    def open_pages(self) -> None:
        """Gives the app its pages, once."""
        with self._lock:
            if not self._open:
                self.opening()
                self._open = True

    def wsgi_app(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answers a request."""
        if not self._open:
            self.open_pages()
        return super().wsgi_app(environ, start_response)


def _open_pages(app: Flask, line: Spineline, clock: Clock) -> None:
    from ivr.console.listening.views import make_listening_pages
    from ivr.console.sign_in.views import PageSessions, make_sign_in_pages, require_staff
    from ivr.phones.web_phone import make_web_phone
    from ivr.voice.audio import make_audio_files
    from ivr.voice.reminder_calls import make_reminder_calls
    from ivr.voice.webhooks import make_webhooks
    from ivr.web.health import make_health_pages
    from ivr.web.metrics import make_metrics_page
    from ivr.web.pages import make_shared_files

    settings, calls, campaigns = line.settings, line.calls, line.campaigns
    several = MULTIPROCESS in os.environ
    app.session_interface = PageSessions()
    app.register_blueprint(make_webhooks(calls.handler, calls.signature, calls.metrics))
    app.register_blueprint(make_reminder_calls(campaigns.attempts, campaigns.network.leave_message, calls.signature))
    app.register_blueprint(make_audio_files(line.content.clips))
    app.register_blueprint(make_shared_files())
    app.register_blueprint(make_health_pages(line.missing))
    app.register_blueprint(
        make_metrics_page(
            calls.metrics.registry,
            settings.metrics,
            several_processes=several,
            is_ready=lambda: not line.missing(),
        )
    )
    app.register_blueprint(make_sign_in_pages(line.database.store.staff.accounts, clock))
    app.register_blueprint(make_listening_pages(line, None if settings.is_local else require_staff(clock)))
    if settings.web_phone != "off":
        phone = make_web_phone(own_network(app).make_handset, settings.secret_key, line.content.line.languages)
        if settings.web_phone == "staff":
            phone.before_request(require_staff(clock))
        app.register_blueprint(phone)


def own_network(app: Flask) -> "OwnNetwork":
    """The telephone network of an app's own, for the phones that need no account."""
    from ivr.phones.own_network import OwnNetwork

    line: Spineline = app.extensions["spineline"]
    return OwnNetwork(app=app, signature=line.calls.signature, scripts=line.content.scripts, clips=line.content.clips)
