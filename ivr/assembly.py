"""How each part of the line is made, from the settings and from the parts that it needs.

A piece of the wiring. Each part imports what it needs when it is made, so that a command which only looks at the
settings or the database loads no words and no sound.
"""

import sys
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ivr.errors import FaultsError
from ivr.parts import Calls, Campaigns, Content, Database, Spineline
from ivr.settings.rows import Settings

if TYPE_CHECKING:
    from ivr.line.topics import Topic
    from ivr.reminders.rules.judging import Rulebook
    from ivr.store.database_clock import DatabaseClock
    from ivr.voice.call_handler import Clinic
    from ivr.voice.metrics import Metrics
    from ivr.voice.office import Office

Clock = Callable[[], datetime]
"""Gives aware datetimes."""
ReadContent = Callable[[Settings, "tuple[Topic, ...]"], Content]
"""What a line says, by its settings and topics."""


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
        from ivr.store.database_clock import read_database_clock
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
            database_clock=self.database_clock or read_database_clock,
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
        from ivr.voice.profiles import PROFILES
        from ivr.voice.twiml import Renderer

        settings, content, database = self.settings, self.content, self.database
        words, clips = content.words, content.clips
        audio_base = settings.audio_base_url or f"{settings.public_base_url}/audio"
        handler = CallHandler(
            content.line,
            Renderer(
                content.line, settings.public_base_url, settings.key_wait_seconds, PROFILES[settings.twilio_profile]
            ),
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
