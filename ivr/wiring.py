"""Spineline: a phone line that explains procedures for spinal compression fractures in the caller's own language.

`create_app` is the only place where the parts are put together. It reads the settings, the topics and the catalogs, and
refuses to start a line that breaks one of its rules, listing every fault.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from click import Command
from flask import Flask

from ivr.commands import database as store_commands
from ivr.commands import line as voice_commands
from ivr.commands.audio import audio
from ivr.commands.languages import languages
from ivr.commands.opt_outs import optout
from ivr.commands.practice import practice_commands
from ivr.commands.reminders import reminders
from ivr.commands.serve import MULTIPROCESS, serve
from ivr.commands.settings import settings_commands
from ivr.commands.twilio import twilio
from ivr.console.listen import listening_pages
from ivr.console.sign_in import PageSessions, sign_in_pages, staff_only
from ivr.errors import Fault, LineError
from ivr.line.lint import unfit_languages
from ivr.line.nodes import Line
from ivr.line.table import Plan, build_line
from ivr.line.topics import Topic
from ivr.phones.own_network import OwnNetwork
from ivr.phones.web_phone import web_phone
from ivr.provider.outgoing import TwilioCalls
from ivr.provider.signature import Signature
from ivr.reminders.attempts import ReminderAttempts
from ivr.reminders.desk import RemindersDesk, open_desk
from ivr.reminders.rules.appointments import CallingHours, Retries
from ivr.reminders.rules.calling_hours import ClosedDays, Holidays
from ivr.reminders.rules.judging import Rulebook
from ivr.reminders.rules.profiles import US, make_custom_profile, narrow_hours
from ivr.reminders.stage import CallingClinic, SpokenLine
from ivr.settings.rows import Settings, read_settings
from ivr.speech.clips import Clips
from ivr.speech.engines import find_engines
from ivr.speech.lexicons import read_lexicons
from ivr.speech.sound import Grade
from ivr.speech.whole_phrases import build_phrases, write_phrase_lines
from ivr.store.database_clock import DatabaseClock, database_now
from ivr.store.secrets import Secrets
from ivr.store.store import Store
from ivr.store.writer import EventWriter
from ivr.voice.audio import audio_files
from ivr.voice.calendar import SpokenCalendar
from ivr.voice.call_handler import CallHandler, Clinic
from ivr.voice.clips import ClipVoice
from ivr.voice.metrics import Metrics
from ivr.voice.office import Office
from ivr.voice.ports import Ports
from ivr.voice.reminder_calls import reminder_calls
from ivr.voice.twiml import Renderer
from ivr.voice.webhooks import webhooks
from ivr.web.health import health
from ivr.web.metrics import metrics_page
from ivr.web.pages import shared_files
from ivr.wording.availability import Availability, OpeningRules, judge_languages
from ivr.wording.lineup import OPENING, find_faults, gather_evidence, read_words, write_lineup, write_shipped_lineup
from ivr.wording.script import ScriptLine, Values, Words
from ivr.wording.sources import read_topics

Clock = Callable[[], datetime]
"""Gives aware datetimes."""


@dataclass(frozen=True)
class Spineline:
    """The parts of one running line, for commands and pages: `app.extensions["spineline"]`."""

    settings: Settings
    topics: tuple[Topic, ...]
    line: Line
    availability: Availability
    words: Words
    scripts: Mapping[str, tuple[ScriptLine, ...]]
    clips: Clips
    store: Store
    secrets: Secrets
    writer: EventWriter
    rules: Rulebook
    network: TwilioCalls
    attempts: ReminderAttempts
    call_handler: CallHandler
    signature: Signature
    metrics: Metrics

    def faults(self) -> list[Fault]:
        """Every rule that the line breaks."""
        return find_faults(self.line, self.topics, self.words, self.clips.find_seconds)

    def shipped(self) -> dict[str, tuple[ScriptLine, ...]]:
        """What the clips that come with the checkout have to say: whichever languages a clinic opens, in any order."""
        plan = _plan(self.settings, self.availability)
        return write_shipped_lineup(self.topics, self.words, self.settings.languages, plan)

    @property
    def reminders_desk(self) -> RemindersDesk:
        """Every act of staff with campaigns; what the line says is asked at the first act that needs it."""
        return open_desk(
            clinic=_calling_clinic(self.settings),
            store=self.store.staff,
            rules=self.rules,
            spoken=self._spoken_line,
            say_whole=self.say_whole,
        )

    def _spoken_line(self) -> SpokenLine:
        return SpokenLine(
            topics=self.topics,
            line=self.line,
            words=self.words,
            clips=self.clips,
            scripts=self.scripts,
            closed=self.availability.closed,
            locales=self.settings.locales_folder,
        )

    def say_whole(self, moments: Iterable[tuple[str, datetime]]) -> int:
        """Makes days and times (a language, and a moment) as one phrase each, where the language's voice is here;
        returns how many clips. Raises SpeechError, CatalogError."""
        settings = self.settings
        local = [(code, moment.astimezone(settings.office_timezone)) for code, moment in moments]
        return build_phrases(
            self.scripts,
            write_phrase_lines(self.words, local),
            find_engines([name for order in settings.speech_engines.values() for name in order]),
            settings.audio_folder,
            settings.speech_engines,
            read_lexicons(settings.locales_folder, self.scripts),
        )

    def missing(self) -> list[str]:
        """What keeps the line from taking calls, in words."""
        lacking = [self.store.explain_unready()]
        for code in self.line.languages:
            script = self.scripts[code]
            absent = sum(self.clips.find(line, slow=False) is None for line in script)
            if absent:
                what_to_do = "Run: flask audio build, then restart the line"
                lacking.append(f"{absent} of {len(script)} clips in {code} are not built. {what_to_do}")
        return [words for words in lacking if words]


def create_app(
    environment: Mapping[str, str] | None = None,
    clock: Clock = lambda: datetime.now(UTC),
    database_clock: DatabaseClock = database_now,
) -> Flask:
    """The app for an environment (the process's own by default). `clock` gives aware datetimes; `database_clock` the
    moment by which reminders are due.

    Raises SettingsError, TopicError, CatalogError or LineError, each with all of its faults.
    """
    settings = read_settings(os.environ if environment is None else environment)
    parts = _assemble(settings, clock, database_clock)
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=64 * 1024,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=not settings.is_local,
    )
    app.session_interface = PageSessions()
    app.extensions["spineline"] = parts
    _pages(app, parts, clock)
    _commands(app)
    return app


def _assemble(settings: Settings, clock: Clock, database_clock: DatabaseClock) -> Spineline:
    topics = read_topics(settings.topics_folder)
    clips = Clips(settings.audio_folder)
    words = read_words(
        settings.locales_folder, settings.languages, topics, _values(settings), latest=settings.wording == "latest"
    )
    availability = _availability(settings, words, clips)
    line = build_line(topics, _plan(settings, availability))
    if unfit := unfit_languages(line, topics, gather_evidence(words, clips.find_seconds)):
        availability = availability.close_more({code: f"{fault}" for code, fault in unfit.items()})
        line = build_line(topics, _plan(settings, availability))
    script = write_lineup(line, topics, words, settings.languages, _plan(settings, availability))
    if faults := find_faults(line, topics, words, clips.find_seconds):
        raise LineError(faults)
    secrets = Secrets(settings.number_keys, settings.hash_key, clock=lambda: clock().timestamp())
    store = Store(
        settings.database_url,
        secrets,
        remember_language=settings.remember_language,
        now=clock,
        database_clock=database_clock,
    )
    metrics = Metrics()
    writer = EventWriter(store.line.write_events, on_lost=metrics.lost_events.inc)
    rules = _rulebook(settings)
    attempts = ReminderAttempts(store.line, rules, settings.office_timezone)
    audio_base = settings.audio_base_url or f"{settings.public_base_url}/audio"
    call_handler = CallHandler(
        line,
        Renderer(line, settings.public_base_url, settings.key_wait_seconds),
        ClipVoice(words, clips, audio_base, metrics.missing_clips.inc),
        _clinic(settings),
        Ports(store.line, secrets, writer.put, clock, attempts, SpokenCalendar(words, clips)),
    )
    signature = Signature(settings.public_base_url, settings.twilio_auth_token)
    network = TwilioCalls(
        settings.twilio_account_sid, settings.twilio_auth_token, settings.twilio_api_base, settings.public_base_url
    )
    outgoing = (rules, network, attempts)
    shown = (settings, topics, line, availability, words, script, clips)
    return Spineline(*shown, store, secrets, writer, *outgoing, call_handler, signature, metrics)


def _calling_clinic(settings: Settings) -> CallingClinic:
    return CallingClinic(
        names=settings.clinic_name,
        number=settings.clinic_number,
        caller_number=settings.caller_number,
        opt_out_number=settings.opt_out_number,
        country=settings.country,
        zone=settings.office_timezone,
        reminder_days=settings.reminder_days,
        calls_per_second=settings.calls_per_second,
    )


def _rulebook(settings: Settings) -> Rulebook:
    """The rules of reminder calls as this clinic has them. Raises SettingsError."""
    hours = CallingHours(*settings.calling_hours)
    if settings.calling_profile == "us":
        profile = narrow_hours(US, hours)
    else:
        profile = make_custom_profile(hours=hours, countries=settings.calling_countries)
    office = _office(settings)
    closed = ClosedDays(
        settings.office_timezone, Holidays(office.is_holiday), settings.office_closed_days, settings.calling_days
    )
    retries = {outcome: Retries(*one) for outcome, one in settings.reminder_retries.items()}
    return Rulebook(profile, hours, closed, retries)


def _availability(settings: Settings, words: Words, clips: Clips) -> Availability:
    rules = OpeningRules(settings.unreviewed_languages, settings.preview_voices)
    wanted = {code: words.language_files[code] for code in settings.languages}
    previews = {code for code in wanted if (voice := clips.find_voice(code)) and voice.grade is Grade.PREVIEW}
    return judge_languages(wanted, tuple(words.prompts.values()), previews, rules)


def _plan(settings: Settings, availability: Availability) -> Plan:
    languages = tuple(code for code in settings.languages if code not in availability.closed)
    if not languages:
        raise LineError(Fault(code, f"is closed: {reason}.") for code, reason in availability.closed.items())
    opening = tuple(code for code in settings.opening_languages if code in languages) or languages[:OPENING]
    fixed = {number: code for number, code in settings.number_languages.items() if code in languages}
    return Plan(languages, opening, availability.announced, fixed, settings.opt_out_number, settings.fasting_hours)


def _values(settings: Settings) -> Values:
    return Values(
        settings.fasting_hours,
        settings.discomfort_days,
        settings.lifting_weeks,
        settings.emergency_number,
        settings.clinic_name,
    )


def _office(settings: Settings) -> Office:
    return Office(
        settings.office_timezone, settings.office_hours, settings.office_holidays, settings.office_closed_days
    )


def _clinic(settings: Settings) -> Clinic:
    office = _office(settings)
    return Clinic(
        settings.clinic_number,
        settings.country,
        settings.person_ring_seconds,
        office.is_open,
        settings.remember_language,
    )


def _pages(app: Flask, parts: Spineline, clock: Clock) -> None:
    several = MULTIPROCESS in os.environ
    app.register_blueprint(webhooks(parts.call_handler, parts.signature, parts.metrics))
    app.register_blueprint(reminder_calls(parts.attempts, parts.network.leave_message, parts.signature))
    app.register_blueprint(audio_files(parts.clips))
    app.register_blueprint(shared_files())
    app.register_blueprint(health(parts.missing))
    app.register_blueprint(
        metrics_page(
            parts.metrics.registry,
            parts.settings.metrics,
            several_processes=several,
            is_ready=lambda: not parts.missing(),
        )
    )
    app.register_blueprint(sign_in_pages(parts.store.staff.accounts, clock))
    app.register_blueprint(listening_pages(parts, None if parts.settings.is_local else staff_only(clock)))
    if parts.settings.web_phone != "off":
        phone = web_phone(OwnNetwork(app, parts).handset, parts.settings.secret_key, parts.line.languages)
        if parts.settings.web_phone == "staff":
            phone.before_request(staff_only(clock))
        app.register_blueprint(phone)


def _commands(app: Flask) -> None:
    own: tuple[Command, ...] = (voice_commands.line, voice_commands.phone, twilio, audio, languages, serve)
    own = (*own, reminders, optout, practice_commands(create_app))
    for command in (*own, store_commands.db, store_commands.callbacks, store_commands.staff, *settings_commands):
        app.cli.add_command(command)
