"""Settings are read once, typed, and refused when wrong: all faults in one message, and never a secret in it."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from ivr.errors import Fault, SettingsError
from ivr.line.languages import LANGUAGES
from ivr.settings.readers import OfficeHours, office_hours
from ivr.settings.reading import read_settings
from ivr.settings.rows import ROOT, SETTINGS, Settings, list_settings
from ivr.voice.profiles import PROFILES
from tests.topics import SHIPPED, SHIPPED_TOPICS

KEY = urlsafe_b64encode(b"k" * 32).decode()
"""The same in every run, since it stands in the names of tests."""
SECRETS = {
    "TWILIO_AUTH_TOKEN": "a token of Twilio for the tests",
    "NUMBER_KEYS": KEY,
    "HASH_KEY": "a key for hashes in the tests, long enough",
    "SECRET_KEY": "a key for cookies in the tests",
}
LOCAL = {"SPINELINE_ENV": "local", **SECRETS}
PRODUCTION = {
    **SECRETS,
    "PUBLIC_BASE_URL": "https://line.example.org",
    "TWILIO_ACCOUNT_SID": "AC" + "0f" * 16,
    "OFFICE_TIMEZONE": "America/Chicago",
}
PURPOSES = {setting.name: setting.purpose for setting in SETTINGS}


def settings_of(environment: Mapping[str, str]) -> Settings:
    return read_settings(environment, SHIPPED_TOPICS)


def faults(environment: Mapping[str, str]) -> list[tuple[str, str]]:
    with pytest.raises(SettingsError) as caught:
        settings_of(environment)
    return [(fault.place, fault.words) for fault in caught.value.faults]


# --- What is given, and what stands where nothing is -----------------------------------------------------------------


def test_production_needs_seven_settings_and_fills_in_the_rest() -> None:
    assert settings_of(PRODUCTION) == Settings(
        spineline_env="production",
        public_base_url="https://line.example.org",
        twilio_account_sid="AC" + "0f" * 16,
        twilio_auth_token="a token of Twilio for the tests",
        twilio_api_base="",
        twilio_profile="twilio",
        country="US",
        emergency_number="911",
        clinic_name={},
        clinic_number="",
        opt_out_number="",
        caller_number="",
        calls_per_second=1.0,
        reminder_days=(3, 1),
        reminder_retries={
            "no_answer": (3, timedelta(hours=20)),
            "busy": (3, timedelta(hours=1)),
            "failed": (2, timedelta(hours=4)),
        },
        calling_profile="us",
        calling_countries=frozenset(),
        calling_hours=(time(9), time(20)),
        calling_days=frozenset(range(6)),
        person_ring_seconds=25,
        office_timezone=ZoneInfo("America/Chicago"),
        office_hours=OfficeHours({day: ((time(9), time(17)),) for day in range(5)}),
        office_holidays="US",
        office_closed_days=frozenset(),
        languages=tuple(LANGUAGES),
        opening_languages=("en", "es", "zh"),
        number_languages={},
        remember_language=True,
        unreviewed_languages="announce",
        wording="approved",
        accented_voices="close",
        preview_voices="close",
        unsettled_licences="close",
        key_wait_seconds=7,
        values={f"{SHIPPED}.fasting": 6, f"{SHIPPED}.discomfort": 3, f"{SHIPPED}.lifting": 6},
        topics_folder=ROOT / "ivr/line/topics",
        locales_folder=ROOT / "locales",
        audio_folder=ROOT / "audio",
        audio_base_url="",
        speech_engines={"": ("recordings", "kokoro", "piper", "rhvoice", "pico", "espeak")},
        database_url=f"sqlite:///{ROOT}/instance/spineline.db",
        number_keys=(KEY,),
        hash_key="a key for hashes in the tests, long enough",
        secret_key="a key for cookies in the tests",
        web_phone="off",
        metrics="off",
    )
    assert not settings_of(PRODUCTION).is_local


def test_on_ones_own_machine_what_needs_no_secret_is_filled_in() -> None:
    own, clinics = settings_of(LOCAL), settings_of(PRODUCTION)
    assert own.is_local
    differing = {field.name for field in fields(Settings) if getattr(own, field.name) != getattr(clinics, field.name)}
    assert {name: getattr(own, name) for name in differing} == {
        "spineline_env": "local",
        "public_base_url": "http://127.0.0.1:8000",
        "twilio_account_sid": "AC" + "0" * 32,
        "clinic_number": "+12125550199",
        "opt_out_number": "+18885550142",
        "caller_number": "+12125550111",
        "office_timezone": ZoneInfo("America/New_York"),
        "office_hours": office_hours("mon-sun 00:00-24:00"),
        "accented_voices": "open",
        "preview_voices": "open",
        "unsettled_licences": "open",
        "web_phone": "on",
        "metrics": "on",
    }


def test_every_setting_is_a_field_and_every_field_a_setting() -> None:
    own = [field.name for field in fields(Settings) if field.name != "values"]
    assert [setting.name.lower() for setting in SETTINGS] == own
    assert not [setting.value_id for setting in SETTINGS if setting.value_id]


GIVEN = [
    (
        "SPEECH_ENGINES",
        "recordings kokoro; zh = recordings, espeak",
        "speech_engines",
        {"": ("recordings", "kokoro"), "zh": ("recordings", "espeak")},
    ),
    ("TWILIO_PROFILE", "hash-ends", "twilio_profile", "hash-ends"),
    ("PUBLIC_BASE_URL", "https://línea.example.org/", "public_base_url", "https://xn--lnea-vpa.example.org"),
    ("COUNTRY", "GB", "country", "GB"),
    ("CLINIC_NUMBER", "+1 212 555 0123", "clinic_number", "+12125550123"),
    ("OFFICE_HOLIDAYS", "", "office_holidays", ""),
    ("OFFICE_CLOSED_DAYS", "2026-12-24", "office_closed_days", frozenset({date(2026, 12, 24)})),
    ("REMEMBER_LANGUAGE", "off", "remember_language", False),
    ("KEY_WAIT_SECONDS", " 9 ", "key_wait_seconds", 9),
    ("LANGUAGES", "zh, vi", "languages", ("zh", "vi")),
    ("OPENING_LANGUAGES", "zh", "opening_languages", ("zh",)),
    ("OPENING_LANGUAGES", "fa", "opening_languages", ("fa",)),
    ("WORDING", "latest", "wording", "latest"),
    ("NUMBER_LANGUAGES", "+12125550123=es", "number_languages", {"+12125550123": "es"}),
    ("OPT_OUT_NUMBER", "+1 888 555 0142", "opt_out_number", "+18885550142"),
    ("CALLER_NUMBER", "+12125550111", "caller_number", "+12125550111"),
    ("CALLS_PER_SECOND", "0.5", "calls_per_second", 0.5),
    ("REMINDER_DAYS", "1 7 1", "reminder_days", (7, 1)),
    ("REMINDER_RETRIES", "machine=2/24h", "reminder_retries", {"machine": (2, timedelta(hours=24))}),
    ("CALLING_PROFILE", "custom", "calling_profile", "custom"),
    ("CALLING_COUNTRIES", "GB, IE", "calling_countries", frozenset({"GB", "IE"})),
    ("CALLING_HOURS", "10:00-18:30", "calling_hours", (time(10), time(18, 30))),
    ("CALLING_DAYS", "Mon sat", "calling_days", frozenset({0, 5})),
    ("METRICS", "a token of 16 signs", "metrics", "a token of 16 signs"),
    ("WEB_PHONE", "staff", "web_phone", "staff"),
]


@pytest.mark.parametrize(("name", "text", "field", "value"), GIVEN)
def test_a_setting_that_is_given_is_taken(name: str, text: str, field: str, value: object) -> None:
    assert getattr(settings_of({**PRODUCTION, "EMERGENCY_NUMBER": "911", name: text}), field) == value


def test_every_language_of_the_line_is_wanted_unless_a_clinic_says_otherwise() -> None:
    assert settings_of(PRODUCTION).languages == tuple(LANGUAGES)


@pytest.mark.parametrize(("languages", "opening"), [("zh vi", ("zh", "vi")), ("fa ht yue pl", ("fa", "ht", "yue"))])
def test_the_first_words_are_in_the_first_three_of_the_wanted_languages(
    languages: str, opening: tuple[str, ...]
) -> None:
    assert settings_of({**PRODUCTION, "LANGUAGES": languages}).opening_languages == opening


WRONG = [
    ("WORDING", "newest", "must be one of approved, latest, not 'newest'."),
    ("TWILIO_PROFILE", "asterisk", "must be one of twilio, hash-ends, not 'asterisk'."),
    ("TWILIO_PROFILE", "Twilio", "must be one of twilio, hash-ends, not 'Twilio'."),
    ("PUBLIC_BASE_URL", "https://línea..org", "has a host name that the internet does not know: 'línea..org'."),
]


@pytest.mark.parametrize(("name", "text", "words"), WRONG)
def test_a_value_that_there_is_not_is_refused(name: str, text: str, words: str) -> None:
    assert faults({**PRODUCTION, name: text}) == [(name, words)]


def test_every_profile_of_a_network_can_be_set_and_is_there() -> None:
    taken = {name: settings_of({**PRODUCTION, "TWILIO_PROFILE": name}).twilio_profile for name in PROFILES}
    assert taken == {name: name for name in PROFILES} == {name: row.name for name, row in PROFILES.items()}
    assert (
        f"must be one of {', '.join(PROFILES)}, not 'another'."
        in faults({**PRODUCTION, "TWILIO_PROFILE": "another"})[0]
    )


def test_blanks_around_the_word_local_do_not_make_it_another_word() -> None:
    assert settings_of({**LOCAL, "SPINELINE_ENV": " local\n"}).web_phone == "on"


def test_the_first_words_are_in_the_first_three_languages_unless_told_otherwise() -> None:
    settings = settings_of({**LOCAL, "LANGUAGES": "zh yue vi ko"})
    assert settings.opening_languages == ("zh", "yue", "vi")


def test_what_the_environment_holds_beside_settings_is_left_alone() -> None:
    assert settings_of({**LOCAL, "PATH": "/bin", "LANG": "C"}) == settings_of(LOCAL)


# --- What is missing or wrong ----------------------------------------------------------------------------------------


def test_production_without_anything_lists_every_setting_that_is_missing() -> None:
    missing = [
        *("HASH_KEY", "NUMBER_KEYS", "OFFICE_TIMEZONE", "PUBLIC_BASE_URL"),
        *("SECRET_KEY", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"),
    ]
    assert faults({}) == [(name, f"is missing. {PURPOSES[name]}") for name in missing]


def test_ones_own_machine_without_secrets_is_told_what_makes_them() -> None:
    hint = "`make install` writes one for your own machine."
    assert faults({"SPINELINE_ENV": "local"}) == [
        (name, f"is missing. {PURPOSES[name]} {hint}") for name in sorted(SECRETS)
    ]


def test_a_word_other_than_local_is_no_local_machine() -> None:
    assert faults({**PRODUCTION, "SPINELINE_ENV": "Local"}) == [
        ("SPINELINE_ENV", "must be one of local, production, not 'Local'.")
    ]


TOGETHER = {
    "another country has no emergency number of its own accord": (
        {"COUNTRY": "GB"},
        [("EMERGENCY_NUMBER", "is missing. Outside the US it has no default: say what callers must dial.")],
    ),
    "an opening language that is not open": (
        {"LANGUAGES": "en es", "OPENING_LANGUAGES": "en vi"},
        [("OPENING_LANGUAGES", "names vi, which is not open. Add it to LANGUAGES, or take it out.")],
    ),
    "a number whose language is not open": (
        {"LANGUAGES": "en", "NUMBER_LANGUAGES": "+12125550123=es"},
        [("NUMBER_LANGUAGES", "gives +12125550123 the language es, which is not in LANGUAGES.")],
    ),
    "a web phone for everybody in production": (
        {"WEB_PHONE": "on"},
        [("WEB_PHONE", "may not be open to everybody in production. Set it to staff, or off.")],
    ),
    "an address without encryption in production": (
        {"PUBLIC_BASE_URL": "http://line.example.org"},
        [("PUBLIC_BASE_URL", "must begin with https:// in production: callers' numbers travel over it.")],
    ),
    "metrics for everybody in production": (
        {"METRICS": "on"},
        [("METRICS", "may not be open to everybody in production. Give a token of 16 signs or more, or off.")],
    ),
}


@pytest.mark.parametrize(("changed", "expected"), TOGETHER.values(), ids=TOGETHER.keys())
def test_settings_that_do_not_go_together_are_refused(changed: dict[str, str], expected: list[tuple[str, str]]) -> None:
    assert faults({**PRODUCTION, **changed}) == expected


@pytest.mark.parametrize(
    "changed", [{"WEB_PHONE": "on"}, {"PUBLIC_BASE_URL": "http://line.example.org"}, {"METRICS": "on"}]
)
def test_ones_own_machine_may_be_open(changed: dict[str, str]) -> None:
    assert settings_of({**LOCAL, **changed}).is_local


def test_all_faults_are_in_one_message_in_the_order_of_their_names() -> None:
    with pytest.raises(SettingsError) as caught:
        settings_of({**PRODUCTION, "COUNTRY": "DE", "KEY_WAIT_SECONDS": "1", "WEB_PHONE": "on", "METRICS": "x"})
    assert str(caught.value).splitlines() == [
        "Some settings are missing or wrong (4):",
        "  EMERGENCY_NUMBER: is missing. Outside the US it has no default: say what callers must dial.",
        "  KEY_WAIT_SECONDS: must be a whole number from 3 to 15, not '1'.",
        "  METRICS: must have at least 16 characters.",
        "  WEB_PHONE: may not be open to everybody in production. Set it to staff, or off.",
    ]


def test_a_fault_in_the_languages_does_not_make_others_wrong() -> None:
    wrong = {**LOCAL, "LANGUAGES": "en en", "OPENING_LANGUAGES": "en", "NUMBER_LANGUAGES": "+12125550123=es"}
    assert faults(wrong) == [("LANGUAGES", "names a language twice.")]


@pytest.mark.parametrize(
    "name", [row.name for row in list_settings(SHIPPED_TOPICS) if not row.name.endswith("_FOLDER")]
)
def test_every_setting_but_a_folder_can_be_wrong_and_only_it_is_named(name: str) -> None:
    assert [place for place, _ in faults({**PRODUCTION, name: "{not} this"})] == [name]


# --- Secrets ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("TWILIO_AUTH_TOKEN", "hunter2"),
        ("HASH_KEY", "hunter2"),
        ("SECRET_KEY", "hunter2"),
        ("METRICS", "hunter2"),
        ("NUMBER_KEYS", "hunter2"),
        ("NUMBER_KEYS", f"{KEY} hunter2"),
        ("TWILIO_ACCOUNT_SID", "hunter2"),
        ("DATABASE_URL", "mysql://spineline:hunter2@db/line"),
    ],
)
def test_a_secret_is_never_shown_in_a_faults_words(name: str, wrong: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_of({**PRODUCTION, name: wrong})
    assert [fault.place for fault in caught.value.faults] == [name]
    assert "hunter2" not in str(caught.value)
    assert KEY not in str(caught.value)


def test_the_same_fault_is_shown_once() -> None:
    fault = Fault("HASH_KEY", "is missing.")
    assert SettingsError([fault, fault]).faults == (fault,)
