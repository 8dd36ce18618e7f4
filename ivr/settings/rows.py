"""The settings: everything that a clinic decides, as one frozen value, and the table of rows that it is read from.

Each setting is one row: its name, how it is read, what it is when it is not given, and what it is for. The line's own
rows are `SETTINGS`; each value of a topic adds one (`[value.NAME]` in the topic's file). The table prints itself
(`flask settings`), and a test holds that ivr/README.md lists every row. `reading.py` reads them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ivr.errors import Fault
from ivr.line.languages import LANGUAGES
from ivr.line.topics import Topic
from ivr.settings import calling_readers as calling
from ivr.settings import readers as read
from ivr.settings.readers import OfficeHours

ROOT = Path(__file__).parents[2]
DEMONSTRATION = "local"
PRODUCTION = "production"


@dataclass(frozen=True)
class Settings:
    """Everything that a clinic decides. Field names are the settings' names in lower case; see `SETTINGS` for each.

    `values` holds what the clinic gives for the values of its topics, by value id ("compression-fracture.fasting").
    """

    spineline_env: str
    public_base_url: str
    twilio_account_sid: str
    twilio_auth_token: str
    twilio_api_base: str
    twilio_profile: str
    country: str
    emergency_number: str
    clinic_name: Mapping[str, str]
    clinic_number: str
    opt_out_number: str
    caller_number: str
    calls_per_second: float
    reminder_days: tuple[int, ...]
    reminder_retries: Mapping[str, tuple[int, timedelta]]
    calling_profile: str
    calling_countries: frozenset[str]
    calling_hours: tuple[time, time]
    calling_days: frozenset[int]
    person_ring_seconds: int
    office_timezone: ZoneInfo
    office_hours: OfficeHours
    office_holidays: str
    office_closed_days: frozenset[date]
    languages: tuple[str, ...]
    opening_languages: tuple[str, ...]
    number_languages: Mapping[str, str]
    remember_language: bool
    unreviewed_languages: str
    wording: str
    accented_voices: str
    preview_voices: str
    unsettled_licences: str
    key_wait_seconds: int
    values: Mapping[str, int]
    topics_folder: Path
    locales_folder: Path
    audio_folder: Path
    audio_base_url: str
    speech_engines: Mapping[str, tuple[str, ...]]
    database_url: str
    number_keys: tuple[str, ...]
    hash_key: str
    secret_key: str
    web_phone: str
    metrics: str

    @property
    def is_local(self) -> bool:
        """True on a developer's or a newcomer's own machine."""
        return self.spineline_env == DEMONSTRATION


@dataclass(frozen=True)
class Setting:
    """One row: `reader` raises ValueError with words; `default` None means that production must give it. `value_id` is
    the topic's value that it sets, "" for the line's own settings."""

    name: str
    reader: Callable[[str], Any]
    default: str | None
    purpose: str
    local: str | None = None
    value_id: str = ""


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "SPINELINE_ENV",
        read.one_of(DEMONSTRATION, PRODUCTION),
        PRODUCTION,
        "`local` on one's own machine, where what is missing is filled in; `production` everywhere else.",
    ),
    Setting(
        "PUBLIC_BASE_URL",
        read.base_url,
        None,
        "The address at which Twilio reaches this line, such as https://line.example.org. Signatures cover it.",
        local="http://127.0.0.1:8000",
    ),
    Setting("TWILIO_ACCOUNT_SID", read.account_sid, None, "The Twilio account.", local="AC" + "0" * 32),
    Setting("TWILIO_AUTH_TOKEN", read.secret, None, "Twilio's secret; every request is checked against it."),
    Setting(
        "TWILIO_API_BASE", read.optional(read.base_url), "", "Another address for Twilio's API, or a compatible one."
    ),
    Setting(
        "TWILIO_PROFILE",
        read.one_of("twilio", "hash-ends"),
        "twilio",
        "What a compatible network needs: `hash-ends` for one that takes an empty finishOnKey for #.",
    ),
    Setting("COUNTRY", read.country, "US", "Where the line's callers are; two letters. Decides how numbers are read."),
    Setting(
        "EMERGENCY_NUMBER",
        read.optional(read.short_number),
        "",
        "Spoken first in every call. 911 in the US; elsewhere it must be given.",
    ),
    Setting(
        "CLINIC_NAME",
        read.clinic_name,
        "",
        "The clinic's name as it is spoken; with other names by language after it: `Lakeside; zh=湖边诊所`.",
    ),
    Setting(
        "CLINIC_NUMBER",
        read.optional(read.e164),
        "",
        "The number of the people whom a caller can ask for, +1...",
        local="+12125550199",
    ),
    Setting(
        "OPT_OUT_NUMBER",
        read.optional(read.e164),
        "",
        "A toll-free number of the line, +1...: whoever calls it can end the reminder calls. Voicemail names it.",
        local="+18885550142",
    ),
    Setting(
        "CALLER_NUMBER",
        read.optional(read.e164),
        "",
        "The number of the account that dials reminder calls, +1...; not the one that patients call back.",
        local="+12125550111",
    ),
    Setting(
        "CALLS_PER_SECOND",
        calling.fraction(0.1, 1000),
        "1",
        "Reminder calls a second that the account may start, in all.",
    ),
    Setting(
        "REMINDER_DAYS", calling.whole_numbers(0, 30), "3 1", "Days before an appointment on which patients are called."
    ),
    Setting(
        "REMINDER_RETRIES",
        calling.retries,
        "no_answer=3/20h busy=3/1h failed=2/4h",
        "After which outcome a reminder is tried again: how often in all, and how many hours later.",
    ),
    Setting(
        "CALLING_PROFILE",
        read.one_of("us", "custom"),
        "us",
        "The rules of reminder calls: those of the US, or `custom` with CALLING_COUNTRIES, on counsel's word.",
    ),
    Setting("CALLING_COUNTRIES", calling.countries, "", "Countries that a custom profile may call, such as `GB IE`."),
    Setting(
        "CALLING_HOURS",
        calling.span,
        "09:00-20:00",
        "When patients may be called, on their own clock; the US profile allows 08:00-21:00 at most.",
    ),
    Setting(
        "CALLING_DAYS",
        calling.weekdays,
        "mon tue wed thu fri sat",
        "Weekdays on which patients may be called, such as `mon`.",
    ),
    Setting("PERSON_RING_SECONDS", read.whole(5, 120), "25", "How long the clinic's phone rings before we say sorry."),
    Setting(
        "OFFICE_TIMEZONE", read.zone, None, "The clinic's time zone, such as America/Chicago.", local="America/New_York"
    ),
    Setting(
        "OFFICE_HOURS",
        read.office_hours,
        "mon-fri 09:00-17:00",
        "When people answer: `mon-fri 09:00-17:00; sat 10:00-12:00`.",
        local="mon-sun 00:00-24:00",
    ),
    Setting(
        "OFFICE_HOLIDAYS",
        read.optional(read.holiday_calendar),
        "US",
        "Public holidays on which nobody answers: `US`, `US-CA`; empty for none.",
    ),
    Setting("OFFICE_CLOSED_DAYS", read.days, "", "Other days on which nobody answers: `2026-12-24, 2027-01-02`."),
    Setting(
        "LANGUAGES",
        read.languages,
        " ".join(LANGUAGES),
        "The languages that are wanted, in the order in which they are offered. The gate may close some: see locales/.",
    ),
    Setting(
        "OPENING_LANGUAGES",
        read.optional(read.languages),
        "",
        "The languages of the first words. Without it, the first three of LANGUAGES.",
    ),
    Setting(
        "NUMBER_LANGUAGES",
        read.number_languages,
        "",
        "Numbers that answer in one language: `+12125550123=es, +12125550124=zh`.",
    ),
    Setting("REMEMBER_LANGUAGE", read.switch, "on", "Offer a caller's last language first (kept under a keyed hash)."),
    Setting(
        "UNREVIEWED_LANGUAGES",
        read.one_of("announce", "hide", "allow"),
        "announce",
        "What no qualified person has reviewed: say so to the caller, close the language, or (tests) say nothing.",
    ),
    Setting(
        "WORDING",
        read.one_of("approved", "latest"),
        "approved",
        "While newer words wait for their translation or approval: go on with what stood, or speak the latest at once.",
    ),
    Setting(
        "ACCENTED_VOICES",
        read.one_of("open", "close"),
        "close",
        "A language whose best voice has an accent, and was heard by no native speaker: open it to patients all the "
        "same, or close it. Listen to it at `/listen`, with somebody who speaks the language, before you open it.",
        local="open",
    ),
    Setting(
        "PREVIEW_VOICES",
        read.one_of("open", "close"),
        "close",
        "A language whose only voice is a preview (robotic): open it to patients all the same, or close it.",
        local="open",
    ),
    Setting(
        "UNSETTLED_LICENCES",
        read.one_of("open", "close"),
        "close",
        "A language whose voice has terms that nobody has settled (`flask audio status` names them): open it to "
        "patients all the same, or close it. Ask your lawyer before you open it.",
        local="open",
    ),
    Setting("KEY_WAIT_SECONDS", read.whole(3, 15), "7", "How long a menu waits for a key."),
    Setting("TOPICS_FOLDER", read.folder(ROOT), "ivr/line/topics", "Where the topic files stand."),
    Setting("LOCALES_FOLDER", read.folder(ROOT), "locales", "Where the catalogs stand."),
    Setting("AUDIO_FOLDER", read.folder(ROOT), "audio", "Where recordings and clips stand."),
    Setting("AUDIO_BASE_URL", read.optional(read.base_url), "", "Another host that serves the clips, such as a CDN."),
    Setting(
        "SPEECH_ENGINES",
        read.orders("recordings", "kokoro", "piper", "rhvoice", "gtts", "pico", "espeak"),
        "recordings kokoro piper rhvoice pico espeak",
        "Who may speak, the best first; with another order by language after it: `recordings kokoro; zh=recordings`. "
        "`gtts` sends the words to Google, so it is used only where it is named here.",
    ),
    Setting(
        "DATABASE_URL",
        read.database_url(ROOT),
        "sqlite:///instance/spineline.db",
        "SQLite file, or postgresql://user:password@host/name.",
    ),
    Setting("NUMBER_KEYS", read.fernet_keys, None, "Keys that encrypt phone numbers, the newest first."),
    Setting("HASH_KEY", read.hash_key, None, "Key of the hash under which a number is found again."),
    Setting("SECRET_KEY", read.secret, None, "Signs the staff's cookies and the web phone's state."),
    Setting(
        "WEB_PHONE",
        read.one_of("on", "staff", "off"),
        "off",
        "The phone in the browser: open to all (never in production), to signed-in staff, or off.",
        local="on",
    ),
    Setting(
        "METRICS", read.metrics, "off", "`/metrics`: `off`, `on`, or a token that a scraper must send.", local="on"
    ),
)


def list_settings(topics: Sequence[Topic]) -> tuple[Setting, ...]:
    """Every row of a line that speaks these topics; the rows of their values stand before the folders."""
    at = next(number for number, setting in enumerate(SETTINGS) if setting.name == "TOPICS_FOLDER")
    values = [
        Setting(
            name=value.setting,
            reader=read.whole(value.least, value.most),
            default=str(value.default),
            purpose=value.purpose,
            value_id=topic.value_id(value.name),
        )
        for topic in topics
        for value in topic.values.values()
    ]
    return (*SETTINGS[:at], *values, *SETTINGS[at:])


def find_clashes(topics: Sequence[Topic]) -> Iterator[Fault]:
    """Values whose setting is another's already: one setting cannot mean two things."""
    taken = {setting.name: "the line itself" for setting in SETTINGS}
    for topic in topics:
        for value in topic.values.values():
            if value.setting in taken:
                words = f"is a setting of {taken[value.setting]} already. Give the value {value.name!r} another one."
                yield Fault(value.place, f"{value.setting} {words}")
            taken.setdefault(value.setting, f"the topic {topic.id}")
