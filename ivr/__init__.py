"""Spineline: a phone line that explains procedures for spinal compression fractures in the caller's own language.

`create_app` is the only place where the parts are put together. It reads the settings, the topics and the catalogs, and
refuses to start a line that breaks one of its rules, listing every fault.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from click import Command
from flask import Flask

from ivr.config import Settings, read_settings
from ivr.console.sign_in import PageSessions, sign_in_pages, staff_only
from ivr.errors import Fault, LineError
from ivr.line import phrases
from ivr.line.flow import Said
from ivr.line.lint import Evidence, lint
from ivr.line.nodes import Line
from ivr.line.prompts import Utterance
from ivr.line.table import Plan, build_line
from ivr.line.topics import Topic
from ivr.serving import serve
from ivr.settings_commands import settings_commands
from ivr.speech.catalogs import read_catalogs
from ivr.speech.commands import audio
from ivr.speech.engines import Grade
from ivr.speech.manifest import Clips
from ivr.speech.script import ScriptLine, Values, Words, write_script
from ivr.speech.sources import read_topics
from ivr.store import commands as store_commands
from ivr.store.secrets import Secrets
from ivr.store.store import Store
from ivr.store.writer import EventWriter
from ivr.voice import commands as voice_commands
from ivr.voice.audio import audio_files
from ivr.voice.clips import ClipVoice
from ivr.voice.exchange import Clinic, Exchange
from ivr.voice.health import health
from ivr.voice.metrics import Metrics, metrics_page
from ivr.voice.office import Office
from ivr.voice.own_network import OwnNetwork
from ivr.voice.rim import Rim
from ivr.voice.signature import Signature
from ivr.voice.twilio_commands import twilio
from ivr.voice.twiml import Renderer
from ivr.voice.web_phone import web_phone
from ivr.voice.webhooks import webhooks

Clock = Callable[[], datetime]
"""Gives aware datetimes."""
MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
"""Prometheus' own setting, which its library reads by itself; `flask serve` sets it for several processes."""


@dataclass(frozen=True)
class Spineline:
    """The parts of one running line, for commands and pages: `app.extensions["spineline"]`."""

    settings: Settings
    topics: tuple[Topic, ...]
    line: Line
    words: Words
    scripts: Mapping[str, tuple[ScriptLine, ...]]
    clips: Clips
    store: Store
    secrets: Secrets
    writer: EventWriter
    exchange: Exchange
    signature: Signature
    metrics: Metrics

    def faults(self) -> list[Fault]:
        """Every rule that the line breaks, its catalogs' faults first."""
        return find_faults(self.words, self.line, self.topics, self.clips)

    def missing(self) -> list[str]:
        """What keeps the line from taking calls, in words."""
        lacking = [self.store.ready()]
        for code, script in self.scripts.items():
            absent = sum(self.clips.find(line, slow=False) is None for line in script)
            if absent:
                lacking.append(f"{absent} of {len(script)} clips in {code} are not built. Run: flask audio build")
        return [words for words in lacking if words]


def create_app(environment: Mapping[str, str] | None = None, clock: Clock = lambda: datetime.now(UTC)) -> Flask:
    """The app for an environment (the process's own by default). `clock` gives aware datetimes.

    Raises SettingsError, TopicError, CatalogError or LineError, each with all of its faults.
    """
    settings = read_settings(os.environ if environment is None else environment)
    parts = _assemble(settings, clock)
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


def _assemble(settings: Settings, clock: Clock) -> Spineline:
    topics = read_topics(settings.topics_folder)
    clips = Clips(settings.audio_folder)
    line = build_line(topics, _plan(settings, clips))
    words = _words(settings, topics, line)
    if faults := find_faults(words, line, topics, clips):
        raise LineError(faults)
    secrets = Secrets(settings.number_keys, settings.hash_key, clock=lambda: clock().timestamp())
    store = Store(settings.database_url, secrets, remember_language=settings.remember_language, now=clock)
    metrics = Metrics()
    writer = EventWriter(store.write, on_lost=metrics.lost_events.inc)
    audio_base = settings.audio_base_url or f"{settings.public_base_url}/audio"
    exchange = Exchange(
        line,
        Renderer(line, settings.public_base_url, settings.key_wait_seconds),
        ClipVoice(words, clips, audio_base, metrics.missing_clips.inc),
        _clinic(settings),
        Rim(store, secrets, writer.put, clock),
    )
    signature = Signature(settings.public_base_url, settings.twilio_auth_token)
    script = write_script(line, topics, words)
    return Spineline(settings, topics, line, words, script, clips, store, secrets, writer, exchange, signature, metrics)


def find_faults(words: Words, line: Line, topics: Sequence[Topic], clips: Clips) -> list[Fault]:
    """Every rule that a line breaks, its catalogs' faults first."""
    return [*words.faults(), *lint(line, topics, _evidence(words, clips))]


def _evidence(words: Words, clips: Clips) -> Evidence:
    def seconds(language: str, utterance: Utterance) -> float | None:
        try:
            return clips.seconds(words.line(Said(utterance, language)))
        except KeyError:
            return None

    return Evidence(words.text, seconds)


def _plan(settings: Settings, clips: Clips) -> Plan:
    closed = closed_languages(settings, clips)
    languages = tuple(code for code in settings.languages if code not in closed)
    if not languages:
        raise LineError([Fault("LANGUAGES", f"No language is open. {' '.join(closed.values())}")])
    told = _unreviewed(settings) if settings.unreviewed_languages == "announce" else frozenset()
    opening = tuple(code for code in settings.opening_languages if code in languages) or languages[:3]
    fixed = {number: code for number, code in settings.number_languages.items() if code in languages}
    return Plan(languages, opening, told, fixed)


def closed_languages(settings: Settings, clips: Clips) -> dict[str, str]:
    """The languages that are not open to callers although they are wanted, each with the reason in words."""
    closed: dict[str, str] = {}
    for code in settings.languages:
        voice = clips.voice(code)
        if settings.unreviewed_languages == "hide" and code in _unreviewed(settings):
            closed[code] = f"{code} is closed: no qualified person has reviewed it (UNREVIEWED_LANGUAGES is hide)."
        elif settings.preview_voices == "close" and voice and voice.grade is Grade.PREVIEW:
            closed[code] = f"{code} is closed: its only voice is a preview (PREVIEW_VOICES is close)."
    return closed


def _unreviewed(settings: Settings) -> frozenset[str]:
    """English is the source; of the translations, none has been reviewed by a qualified person yet."""
    return frozenset(settings.languages) - {"en"}


def _words(settings: Settings, topics: tuple[Topic, ...], line: Line) -> Words:
    prompts = [*phrases.PHRASES.values(), *(prompt for topic in topics for prompt in topic.prompts())]
    catalogs = read_catalogs(settings.locales_folder, dict.fromkeys((*line.languages, "en")))
    values = Values(
        settings.fasting_hours,
        settings.discomfort_days,
        settings.lifting_weeks,
        settings.emergency_number,
        settings.clinic_name,
    )
    return Words(prompts, catalogs, values)


def _clinic(settings: Settings) -> Clinic:
    office = Office(
        settings.office_timezone, settings.office_hours, settings.office_holidays, settings.office_closed_days
    )
    return Clinic(
        settings.clinic_number,
        settings.country,
        settings.person_ring_seconds,
        office.is_open,
        settings.remember_language,
    )


def _pages(app: Flask, parts: Spineline, clock: Clock) -> None:
    several = MULTIPROCESS in os.environ
    app.register_blueprint(webhooks(parts.exchange, parts.signature, parts.metrics))
    app.register_blueprint(audio_files(parts.clips))
    app.register_blueprint(health(parts.missing))
    app.register_blueprint(
        metrics_page(
            parts.metrics, parts.settings.metrics, several_processes=several, ready=lambda: not parts.missing()
        )
    )
    app.register_blueprint(sign_in_pages(parts.store, clock))
    if parts.settings.web_phone != "off":
        phone = web_phone(OwnNetwork(app, parts).handset, parts.settings.secret_key, parts.line.languages)
        if parts.settings.web_phone == "staff":
            phone.before_request(staff_only(clock))
        app.register_blueprint(phone)


def _commands(app: Flask) -> None:
    own: tuple[Command, ...] = (voice_commands.line, voice_commands.phone, twilio, audio, serve)
    for command in (*own, store_commands.db, store_commands.callbacks, store_commands.staff, *settings_commands):
        app.cli.add_command(command)
