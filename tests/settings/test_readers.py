"""Each kind of setting is read into a typed value, or refused in words that follow the setting's name."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr.line.languages import LANGUAGES
from ivr.settings import readers as read
from ivr.settings.readers import OfficeHours

ROOT = Path("/house")
KEY, OLD_KEY = (urlsafe_b64encode(sign * 32).decode() for sign in (b"k", b"o"))
"""The same in every run, since they stand in the names of tests."""
NINE_TO_FIVE = ((time(9), time(17)),)

GOOD: list[tuple[Callable[[str], object], str, object]] = [
    (read.one_of("on", "off"), "on", "on"),
    (read.optional(read.country), "", ""),
    (read.optional(read.country), "MX", "MX"),
    (read.words("pico", "espeak"), "espeak pico", ("espeak", "pico")),
    (read.words("pico", "espeak"), "espeak, pico", ("espeak", "pico")),
    (read.orders("pico", "espeak"), "pico espeak", {"": ("pico", "espeak")}),
    (read.orders("pico", "espeak"), "pico; zh = espeak, pico;", {"": ("pico",), "zh": ("espeak", "pico")}),
    (read.switch, "on", True),
    (read.switch, "off", False),
    (read.whole(3, 15), "3", 3),
    (read.whole(3, 15), "15", 15),
    (read.whole(3, 15), "007", 7),
    (read.secret, "x" * 16, "x" * 16),
    (read.hash_key, "x" * 32, "x" * 32),
    (read.metrics, "on", "on"),
    (read.metrics, "off", "off"),
    (read.metrics, "t" * 16, "t" * 16),
    (read.fernet_keys, KEY, (KEY,)),
    (read.fernet_keys, f"{KEY}, {OLD_KEY}", (KEY, OLD_KEY)),
    (read.fernet_keys, f"{KEY} {OLD_KEY}", (KEY, OLD_KEY)),
    (read.base_url, "https://line.example.org", "https://line.example.org"),
    (read.base_url, "https://line.example.org/", "https://line.example.org"),
    (read.base_url, "http://127.0.0.1:8000/spine/", "http://127.0.0.1:8000/spine"),
    (read.base_url, "https://[2001:db8::1]:8443/spine", "https://[2001:db8::1]:8443/spine"),
    (read.base_url, "https://línea.example.org", "https://xn--lnea-vpa.example.org"),
    (read.base_url, "https://LÍNEA.example.org", "https://xn--lnea-vpa.example.org"),
    (read.base_url, "https://li\u0301nea.example.org", "https://xn--lnea-vpa.example.org"),
    (read.base_url, "https://línea.example.org:8443/", "https://xn--lnea-vpa.example.org:8443"),
    (read.base_url, "https://電話.example.jp/spine", "https://xn--722ax0w.example.jp/spine"),
    (read.base_url, "https://line.example.org/año/%C3%A9", "https://line.example.org/a%C3%B1o/%C3%A9"),
    (read.account_sid, "AC" + "0f" * 16, "AC" + "0f" * 16),
    (read.country, "US", "US"),
    (read.country, "GB", "GB"),
    (read.short_number, "911", "911"),
    (read.short_number, "15", "15"),
    (read.e164, "+12125550123", "+12125550123"),
    (read.e164, "+1 (212) 555-0123", "+12125550123"),
    (read.e164, "+44 20 7946 0000", "+442079460000"),
    (read.zone, "America/Chicago", ZoneInfo("America/Chicago")),
    (read.office_hours, "", OfficeHours({})),
    (read.office_hours, "sat 10:00-12:30", OfficeHours({5: ((time(10), time(12, 30)),)})),
    (read.office_hours, "Mon-Tue 09:00-17:00;", OfficeHours({0: NINE_TO_FIVE, 1: NINE_TO_FIVE})),
    (
        read.office_hours,
        "mon 09:00-17:00; mon 18:00-20:00",
        OfficeHours({0: (*NINE_TO_FIVE, (time(18), time(20)))}),
    ),
    (read.holiday_calendar, "US", "US"),
    (read.holiday_calendar, "US-CA", "US-CA"),
    (read.days, "", frozenset()),
    (read.days, "2026-12-24, 2027-01-02,", frozenset({date(2026, 12, 24), date(2027, 1, 2)})),
    (read.languages, "en es zh", ("en", "es", "zh")),
    (read.languages, "zh,en", ("zh", "en")),
    (read.number_languages, "", {}),
    (
        read.number_languages,
        "+12125550123=es, +1 212 555 0124 = zh",
        {"+12125550123": "es", "+12125550124": "zh"},
    ),
    (read.clinic_name, "", {}),
    (read.clinic_name, "Lakeside Hospital", {"": "Lakeside Hospital"}),
    (read.clinic_name, "Lakeside; zh=湖边诊所; es = Lago", {"": "Lakeside", "zh": "湖边诊所", "es": "Lago"}),
    (read.folder(ROOT), "audio", Path("/house/audio")),
    (read.folder(ROOT), "/elsewhere/audio", Path("/elsewhere/audio")),
    (read.database_url(ROOT), "sqlite:///instance/line.db", "sqlite:////house/instance/line.db"),
    (read.database_url(ROOT), "sqlite:////var/line.db", "sqlite:////var/line.db"),
    (read.database_url(ROOT), "postgresql://u:p@host/name", "postgresql://u:p@host/name"),
    (read.database_url(ROOT), "postgresql+psycopg://host/name", "postgresql+psycopg://host/name"),
]

ADDRESS = "must be an address such as https://line.example.org, not {!r}."
NO_HOST = "has a host name that the internet does not know: {!r}."
TWO_WAYS = "has a host name that is written in two ways: {!r}. Give the one that begins with xn--."
COUNT = "must be a whole number from 3 to 15, not {!r}."
SHORT = "must be two to six digits, such as 911, not {!r}."
SIXTEEN = "must have at least 16 characters."
ACCOUNT = "must be AC followed by 32 signs; it stands at the top of Twilio's console."
BAD_KEY = "holds a key (number {}) that is not valid. Make one: flask keys new."
UNSPEAKABLE = "holds signs that cannot be spoken. Write the name as people say it."
DATABASE = "must begin with sqlite:/// or postgresql://."
CODES = ", ".join(LANGUAGES)

BAD: list[tuple[Callable[[str], object], str, str]] = [
    (read.one_of("on", "off"), "On", "must be one of on, off, not 'On'."),
    (read.optional(read.country), "XX", "must be a country's two letters, such as US, not 'XX'."),
    (read.words("pico", "espeak"), "pico gtts", "must be one of pico, espeak, not 'gtts'."),
    (read.words("pico", "espeak"), " ", "must name at least one of pico, espeak."),
    (read.orders("pico"), "pico; tlh=pico", "gives an order for a language that is not known, 'tlh'."),
    (
        read.orders("pico"),
        "zh=pico",
        "must say first who speaks in all other languages: recordings kokoro; zh=recordings.",
    ),
    (read.orders("pico"), "", "must say first who speaks in all other languages: recordings kokoro; zh=recordings."),
    (read.orders("pico"), "gtts", "must be one of pico, not 'gtts'."),
    (read.switch, "yes", "must be one of on, off, not 'yes'."),
    *((read.whole(3, 15), text, COUNT.format(text)) for text in ("2", "16", "-7", "7.5", "seven", "", "9999999")),
    (read.secret, "x" * 15, SIXTEEN),
    (read.hash_key, "x" * 31, "must have at least 32 characters. Make one: flask keys new."),
    (read.metrics, "short", SIXTEEN),
    (read.metrics, "ON", SIXTEEN),
    (read.fernet_keys, "", "must hold at least one key. Make one: flask keys new."),
    (read.fernet_keys, "too-short", BAD_KEY.format(1)),
    (read.fernet_keys, f"{KEY} {KEY[:-5]}", BAD_KEY.format(2)),
    (read.fernet_keys, "é" * 44, BAD_KEY.format(1)),
    *(
        (read.base_url, text, ADDRESS.format(text))
        for text in (
            "",
            "line.example.org",
            "ftp://line.example.org",
            "https://",
            "https://line.example.org?a=b",
            "https://line.example.org/#top",
            "https://user@line.example.org",
            "https://line example.org",
        )
    ),
    *((read.base_url, f"https://{host}", NO_HOST.format(host)) for host in ("línea..org", "é" * 64 + ".org")),
    *((read.base_url, f"https://{host}/line", TWO_WAYS.format(host)) for host in ("straße.example.de", "ﬀ.org")),
    (read.account_sid, "AC" + "0" * 31, ACCOUNT),
    (read.account_sid, "SK" + "0" * 32, ACCOUNT),
    (read.account_sid, "AC" + "g" * 32, ACCOUNT),
    (read.country, "us", "must be a country's two letters, such as US, not 'us'."),
    *((read.short_number, text, SHORT.format(text)) for text in ("9", "9110000", "9-1-1", "nine", "٩١١")),
    (read.e164, "2125550123", "must be a number with its country, such as +12125550123, not '2125550123'."),
    (read.e164, "the desk", "must be a number with its country, such as +12125550123, not 'the desk'."),
    (read.e164, "+1212", "is not a number that can be dialed: '+1212'. Write it as +12125550123."),
    (read.zone, "Chicago", "must be a time zone such as America/Chicago, not 'Chicago'."),
    (read.zone, "", "must be a time zone such as America/Chicago, not ''."),
    (
        read.office_hours,
        "mon 9:00-17:00",
        "has a part that cannot be read, 'mon 9:00-17:00'. Write it as mon-fri 09:00-17:00.",
    ),
    (
        read.office_hours,
        "mon-fri 09:00-17:00; always",
        "has a part that cannot be read, 'always'. Write it as mon-fri 09:00-17:00.",
    ),
    (
        read.office_hours,
        "mon-wen 09:00-17:00",
        "names days that cannot be read, mon-wen. Days are mon, tue, wed, thu, fri, sat, sun.",
    ),
    (
        read.office_hours,
        "sat-mon 09:00-17:00",
        "names days that cannot be read, sat-mon. Days are mon, tue, wed, thu, fri, sat, sun.",
    ),
    (read.office_hours, "mon 09:00-25:00", "has a time of day that does not exist: 09:00-25:00."),
    (read.office_hours, "mon 17:00-09:00", "closes before it opens: 17:00-09:00."),
    (read.office_hours, "mon 09:00-09:00", "closes before it opens: 09:00-09:00."),
    (
        read.holiday_calendar,
        "Atlantis",
        "names no calendar of public holidays: 'Atlantis'. Write US or US-CA, or leave it empty.",
    ),
    (
        read.holiday_calendar,
        "US-XX",
        "names no calendar of public holidays: 'US-XX'. Write US or US-CA, or leave it empty.",
    ),
    (read.days, "2026-02-30", "has a date that cannot be read, '2026-02-30'. Write it as 2026-12-24."),
    (read.days, "2026-12-24, Easter", "has a date that cannot be read, 'Easter'. Write it as 2026-12-24."),
    (read.languages, "en en", "names a language twice."),
    (read.languages, "en tlh", f"must be one of {CODES}, not 'tlh'."),
    (read.languages, "", f"must name at least one of {CODES}."),
    (
        read.number_languages,
        "+12125550123",
        "has a part that cannot be read, '+12125550123'. Write it as +12125550123=es.",
    ),
    (read.number_languages, "+12125550123=tlh", f"must be one of {CODES}, not 'tlh'."),
    (read.number_languages, "5=es", "must be a number with its country, such as +12125550123, not '5'."),
    (read.clinic_name, "Lakeside; tlh=X", "gives a name in a language that is not known, 'tlh'."),
    (read.clinic_name, "Lakeside {one}", UNSPEAKABLE),
    (read.clinic_name, "Lake & Side", UNSPEAKABLE),
    (read.clinic_name, "Lakeside; es=<b>Lago</b>", UNSPEAKABLE),
    (read.database_url(ROOT), "mysql://user:hunter2@host/name", DATABASE),
    (read.database_url(ROOT), "sqlite:line.db", DATABASE),
    (read.database_url(ROOT), "", DATABASE),
]


@pytest.mark.parametrize(("reader", "text", "value"), GOOD)
def test_what_is_well_written_is_read(reader: Callable[[str], object], text: str, value: object) -> None:
    assert reader(text) == value


@pytest.mark.parametrize(("reader", "text", "words"), BAD)
def test_what_is_not_is_refused_in_words(reader: Callable[[str], object], text: str, words: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - its words are compared whole
        reader(text)
    assert str(caught.value) == words


def readers() -> set[str]:
    """The names of all readers of the module, and of those that make one."""
    return {
        name
        for name, value in vars(read).items()
        if callable(value) and getattr(value, "__module__", "") == read.__name__ and not name.startswith("_")
    } - {"OfficeHours"}


def test_every_reader_is_in_both_tables_but_folder_which_takes_any_text() -> None:
    for rows, missing in ((GOOD, set()), (BAD, {"folder"})):
        tried = {getattr(row[0], "__qualname__", "").split(".")[0] for row in rows}
        assert readers() - tried == missing


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        ("2026-11-23 08:59", False),
        ("2026-11-23 09:00", True),
        ("2026-11-23 16:59", True),
        ("2026-11-23 17:00", False),
        ("2026-11-28 10:00", True),
        ("2026-11-28 13:00", False),
        ("2026-11-29 10:00", False),
    ],
)
def test_the_office_is_open_from_the_first_minute_of_a_span_until_its_end(moment: str, open_: bool) -> None:
    hours = read.office_hours("mon-fri 09:00-17:00; sat 10:00-12:00")
    assert hours.is_open_at(datetime.fromisoformat(moment)) is open_
