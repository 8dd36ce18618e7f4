"""`create_app`: the one place where the parts of the line are put together.

It reads the settings, the topics and the catalogs, and refuses to start a line that breaks one of its rules, listing
every fault. Each part imports what it needs when it is made, so that a command which only looks at the settings or the
database loads no words and no sound.
"""

import os
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

from flask import Flask

from ivr.commands.table import add_commands
from ivr.errors import FaultsError, TopicError
from ivr.parts import Calls, Campaigns, Content, Database, Spineline
from ivr.settings.reading import read_settings_and_topics
from ivr.settings.rows import Settings
from ivr.wording.sources import read_topics

if TYPE_CHECKING:
    from ivr.line.topics import Topic
    from ivr.phones.own_network import OwnNetwork
    from ivr.reminders.rules.judging import Rulebook
    from ivr.store.database_clock import DatabaseClock
    from ivr.voice.call_handler import Clinic
    from ivr.voice.metrics import Metrics
    from ivr.voice.office import Office

RUN_BY_FLASK = "FLASK_RUN_FROM_CLI"
"""Flask's own sign that its command, not a server, is loading the app."""
MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
"""Prometheus' own name for the folder in which several processes keep their counts."""
Clock = Callable[[], datetime]
"""Gives aware datetimes."""
ReadContent = Callable[[Settings, "tuple[Topic, ...]"], Content]
"""What a line says, by its settings and topics."""


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


class Assembly:
    """Puts one line together: each part once, when it is first asked for."""

    def __init__(
        self,
        settings: Settings,
        topics: "tuple[Topic, ...]",
        clock: Clock,
        database_clock: "DatabaseClock | None",
        read: "ReadContent | None",
    ) -> None:
        self.settings, self.topics, self.clock, self.database_clock = settings, topics, clock, database_clock
        self._read = read

    def all_parts(self) -> Spineline:
        """The whole line. Raises CatalogError, LineError, SettingsError."""
        return Spineline(
            settings=self.settings,
            topics=self.topics,
            content=self.content,
            database=self.database,
            campaigns=self.campaigns,
            calls=self.calls,
        )

    @cached_property
    def content(self) -> Content:
        """What the line says. Raises CatalogError, LineError."""
        from ivr.content import read_content

        return (self._read or read_content)(self.settings, self.topics)

    @cached_property
    def metrics(self) -> "Metrics":
        """What is counted."""
        from ivr.voice.metrics import Metrics

        return Metrics()

    @cached_property
    def database(self) -> Database:
        """What is kept. Raises StoreError for an unusable address."""
        from ivr.store.database_clock import database_now
        from ivr.store.secrets import Secrets
        from ivr.store.store import Store
        from ivr.store.writer import EventWriter

        settings = self.settings
        secrets = Secrets(settings.number_keys, settings.hash_key, clock=lambda: self.clock().timestamp())
        store = Store(
            settings.database_url,
            secrets,
            remember_language=settings.remember_language,
            now=self.clock,
            database_clock=self.database_clock or database_now,
        )
        return Database(
            secrets=secrets,
            store=store,
            writer=EventWriter(store.line.write_events, on_lost=self.metrics.lost_events.inc),
        )

    @cached_property
    def campaigns(self) -> Campaigns:
        """Reminder calls. Raises SettingsError."""
        from ivr.provider.outgoing import TwilioCalls
        from ivr.reminders.attempts import ReminderAttempts

        settings, rules = self.settings, _rulebook(self.settings)
        network = TwilioCalls(
            settings.twilio_account_sid, settings.twilio_auth_token, settings.twilio_api_base, settings.public_base_url
        )
        return Campaigns(
            rules=rules,
            network=network,
            attempts=ReminderAttempts(self.database.store.line, rules, settings.office_timezone),
        )

    @cached_property
    def calls(self) -> Calls:
        """Calls that come in."""
        from ivr.provider.signature import Signature
        from ivr.voice.calendar import SpokenCalendar
        from ivr.voice.call_handler import CallHandler
        from ivr.voice.clips import ClipVoice
        from ivr.voice.ports import Ports
        from ivr.voice.twiml import Renderer

        settings, content, database = self.settings, self.content, self.database
        words, clips = content.words, content.clips
        audio_base = settings.audio_base_url or f"{settings.public_base_url}/audio"
        handler = CallHandler(
            content.line,
            Renderer(content.line, settings.public_base_url, settings.key_wait_seconds),
            ClipVoice(words, clips, audio_base, self.metrics.missing_clips.inc),
            _clinic(settings),
            Ports(
                database.store.line,
                database.secrets,
                database.writer.put,
                self.clock,
                self.campaigns.attempts,
                SpokenCalendar(words, clips),
            ),
        )
        signature = Signature(settings.public_base_url, settings.twilio_auth_token)
        return Calls(handler=handler, signature=signature, metrics=self.metrics)


class PartsAtFirstUse(Spineline):
    """The running line of one command: a part that is never asked for is never made. A fault ends the command, in the
    words that say what to mend."""

    def __init__(self, assembly: Assembly) -> None:
        vars(self).update(settings=assembly.settings, topics=assembly.topics, _assembly=assembly)

    def __getattr__(self, part: str) -> Any:
        if part not in ("content", "database", "campaigns", "calls"):
            raise AttributeError(part)
        try:
            vars(self)[part] = getattr(self._assembly, part)
        except FaultsError as error:
            sys.exit(str(error))
        return vars(self)[part]


def _rulebook(settings: Settings) -> "Rulebook":
    """The rules of reminder calls as this clinic has them. Raises SettingsError."""
    from ivr.reminders.rules.appointments import CallingHours, Retries
    from ivr.reminders.rules.calling_hours import ClosedDays, Holidays
    from ivr.reminders.rules.judging import Rulebook
    from ivr.reminders.rules.profiles import US, make_custom_profile, narrow_hours

    hours = CallingHours(*settings.calling_hours)
    if settings.calling_profile == "us":
        profile = narrow_hours(US, hours)
    else:
        profile = make_custom_profile(hours=hours, countries=settings.calling_countries)
    closed = ClosedDays(
        settings.office_timezone,
        Holidays(_office(settings).is_holiday),
        settings.office_closed_days,
        settings.calling_days,
    )
    retries = {outcome: Retries(*allowed) for outcome, allowed in settings.reminder_retries.items()}
    return Rulebook(profile, hours, closed, retries)


def _office(settings: Settings) -> "Office":
    from ivr.voice.office import Office

    return Office(
        settings.office_timezone, settings.office_hours, settings.office_holidays, settings.office_closed_days
    )


def _clinic(settings: Settings) -> "Clinic":
    from ivr.voice.call_handler import Clinic

    return Clinic(
        number=settings.clinic_number,
        country=settings.country,
        ring_seconds=settings.person_ring_seconds,
        is_open=_office(settings).is_open,
        remember_language=settings.remember_language,
    )


def _open_pages(app: Flask, line: Spineline, clock: Clock) -> None:
    from ivr.console.listening.views import listening_pages
    from ivr.console.sign_in.views import PageSessions, sign_in_pages, staff_only
    from ivr.phones.web_phone import web_phone
    from ivr.voice.audio import audio_files
    from ivr.voice.reminder_calls import reminder_calls
    from ivr.voice.webhooks import webhooks
    from ivr.web.health import health
    from ivr.web.metrics import metrics_page
    from ivr.web.pages import shared_files

    settings, calls, campaigns = line.settings, line.calls, line.campaigns
    several = MULTIPROCESS in os.environ
    app.session_interface = PageSessions()
    app.register_blueprint(webhooks(calls.handler, calls.signature, calls.metrics))
    app.register_blueprint(reminder_calls(campaigns.attempts, campaigns.network.leave_message, calls.signature))
    app.register_blueprint(audio_files(line.content.clips))
    app.register_blueprint(shared_files())
    app.register_blueprint(health(line.missing))
    app.register_blueprint(
        metrics_page(
            calls.metrics.registry,
            settings.metrics,
            several_processes=several,
            is_ready=lambda: not line.missing(),
        )
    )
    app.register_blueprint(sign_in_pages(line.database.store.staff.accounts, clock))
    app.register_blueprint(listening_pages(line, None if settings.is_local else staff_only(clock)))
    if settings.web_phone != "off":
        phone = web_phone(own_network(app).handset, settings.secret_key, line.content.line.languages)
        if settings.web_phone == "staff":
            phone.before_request(staff_only(clock))
        app.register_blueprint(phone)


def own_network(app: Flask) -> "OwnNetwork":
    """The telephone network of an app's own, for the phones that need no account."""
    from ivr.phones.own_network import OwnNetwork

    line: Spineline = app.extensions["spineline"]
    return OwnNetwork(app=app, signature=line.calls.signature, scripts=line.content.scripts, clips=line.content.clips)
