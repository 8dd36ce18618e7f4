"""What clinics call things: the headings of their files, and the words for a language, a time zone and a state.

Tables, so that a spelling that is missing is one word more. Case, spaces, accents and signs do not count (`fold_word`).
Nothing is guessed: a word that may mean two things (Chinese, MST) is answered with a question.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from zoneinfo import available_timezones

from ivr.errors import Fault, RecipientsError
from ivr.line.languages import LANGUAGES


class Column(StrEnum):
    """What a column may hold; the value is how it is named to people."""

    PHONE = "phone number"
    LANGUAGE = "language"
    APPOINTMENT = "appointment"
    TIME = "time of day"
    NAME = "name"
    FIRST_NAME = "first name"
    LAST_NAME = "last name"
    ZONE = "time zone"
    POSTAL = "ZIP code"
    CONSENT = "consent"
    CONSENT_SOURCE = "source of the consent"
    CONSENT_DATE = "date of the consent"
    REFERENCE = "id"
    STATUS = "status"


ALIASES: dict[Column, str] = {
    Column.PHONE: """
        phone, phone number, phone no, phone #, phone num, mobile, mobile phone, mobile number, mobile no, cell,
        cell phone, cell number, tel, tel no, tel number, telephone, telephone number, telephone no, patient phone,
        patient phone number, patient mobile, primary phone, home phone, home number, contact number, contact phone,
        phone 1, phone1, telefono, numero de telefono, nro de telefono, telefono movil, telefono celular, celular,
        movil, numero de celular, numero de movil
    """,
    Column.LANGUAGE: """
        language, languages, preferred language, pref language, lang, pref lang, preferred lang, patient language,
        primary language, spoken language, language preference, language code, language spoken, call language, idioma,
        idioma preferido, idioma del paciente, lengua, lenguaje
    """,
    Column.APPOINTMENT: """
        appointment, appointment date, appointment day, appt, appt date, appt day, apt date, date, visit date, visit,
        scheduled date, schedule date, date of appointment, date of visit, appointment datetime, appointment date time,
        appointment date and time, appointment date & time, appt datetime, appt date time, appt date and time,
        date time, date and time, datetime, date of service, service date, procedure date, start, start date, exam date,
        appointment start, cita, fecha, fecha de cita, fecha de la cita, fecha cita, fecha y hora, dia, dia de la cita,
        fecha y hora de la cita, fecha y hora de cita
    """,
    Column.TIME: """
        time, appointment time, appt time, apt time, time of day, time of appointment, visit time, scheduled time,
        start time, exam time, hora, hora de cita, hora de la cita, hora cita
    """,
    Column.NAME: """
        name, patient, patient name, full name, patient full name, client, client name, person, nombre completo,
        paciente, nombre del paciente, nombre paciente, nombre y apellido, nombre y apellidos
    """,
    Column.FIRST_NAME: """
        first name, first, given name, forename, patient first name, fname, nombre, nombres, primer nombre
    """,
    Column.LAST_NAME: "last name, last, surname, family name, patient last name, lname, apellido, apellidos",
    Column.ZONE: """
        time zone, timezone, tz, patient time zone, patient timezone, zona horaria, huso horario, zona
    """,
    Column.POSTAL: """
        zip, zip code, zipcode, zip5, zip+4, postal, postal code, postcode, post code, patient zip, patient zip code,
        home zip, codigo postal, cp
    """,
    Column.CONSENT: """
        consent, consented, consent given, consent to call, call consent, consent on file, consentimiento, autorizacion
    """,
    Column.CONSENT_SOURCE: """
        consent source, source of consent, consent from, consent form, consent document, consent method,
        origen del consentimiento, fuente del consentimiento
    """,
    Column.CONSENT_DATE: """
        consent date, date of consent, consented on, consent given on, consent on, consent signed,
        fecha del consentimiento, fecha de consentimiento
    """,
    Column.REFERENCE: """
        id, mrn, reference, reference id, reference number, reference no, ref, ref no, appointment id, appt id,
        appointment number, appointment no, appt no, visit id, visit number, visit no, encounter, encounter id,
        encounter number, patient id, record number, medical record number, external id, referencia, identificador,
        id de cita, id cita, id paciente, id del paciente, numero de cita, expediente, numero de expediente
    """,
    Column.STATUS: "status, appointment status, appt status, visit status, estado, estado de la cita, estatus",
}
NEEDED = {Column.PHONE: "Phone", Column.LANGUAGE: "Language", Column.APPOINTMENT: "Appointment"}
"""Without these there is nothing to dial; and what to call each."""

CHINESE = "Chinese is more than one spoken language. Write Mandarin or Cantonese."
CREOLE = "Creole is more than one language. Write Haitian Creole if that is meant."
LANGUAGE_QUESTIONS: dict[str, str] = {
    CHINESE: "Chinese, chi, zho, zh-Hant, zh-Hans, simplified Chinese, traditional Chinese, Chinese simplified,"
    "Chinese traditional, chino, 中文, 汉语, 漢語, 华语, 華語",
    CREOLE: "Creole, criollo, cpe, cpf",
}
"""Words that name more than one language, under what to ask."""

ZONES: dict[str, str] = {
    "America/New_York": "Eastern, Eastern Time, ET, EST, EDT, EST5EDT, Eastern Standard Time, Eastern Daylight Time",
    "America/Chicago": "Central, Central Time, CT, CST, CDT, CST6CDT, Central Standard Time, Central Daylight Time",
    "America/Denver": "Mountain, Mountain Time, MT, MDT, MST7MDT, Mountain Daylight Time",
    "America/Los_Angeles": "Pacific, Pacific Time, PT, PST, PDT, PST8PDT, Pacific Standard Time, Pacific Daylight Time",
    "America/Phoenix": "Arizona, Arizona Time, AZ, US Mountain Standard Time",
    "America/Anchorage": "Alaska, Alaska Time, AKT, AKST, AKDT, Alaskan Standard Time, Alaska Standard Time",
    "Pacific/Honolulu": "Hawaii, Hawaii Time, HST, Hawaii-Aleutian Time, Hawaii Standard Time, Hawaiian Standard Time",
    "America/Puerto_Rico": "Puerto Rico, Atlantic, Atlantic Time, AST, Atlantic Standard Time",
    "Pacific/Guam": "Guam, Chamorro, ChST, Chamorro Time",
    "Pacific/Pago_Pago": "American Samoa, Samoa, SST, Samoa Standard Time",
}
MOUNTAIN = "Arizona keeps this time all year and its neighbours do not. Write America/Phoenix or America/Denver."
ZONE_QUESTIONS: dict[str, str] = {MOUNTAIN: "MST, Mountain Standard Time"}

STATES: dict[str, str] = {
    "cancelled": "cancelled, canceled, cancel, cancelado, cancelada, anulada, anulado, cancelled by patient",
    "scheduled": "scheduled, booked, confirmed, active, programada, programado, agendada, reservada, confirmada",
}
ANSWERS: dict[str, str] = {
    "yes": "yes, y, true, 1, x, given, consented, granted, signed, obtained, on file, sí",
    "no": "no, n, false, 0, none, not given, refused, declined, denied, revoked, withdrawn, rechazado, revocado",
}
"""What stands under a bare heading "Consent"."""

MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "jan january ene enero",
            "feb february febrero",
            "mar march marzo",
            "apr april abr abril",
            "may mayo",
            "jun june junio",
            "jul july julio",
            "aug august ago agosto",
            "sep sept september septiembre setiembre set",
            "oct october octubre",
            "nov november noviembre",
            "dec december dic diciembre",
        ),
        1,
    )
    for word in words.split()
}
WEEKDAYS = {
    word: number
    for number, words in enumerate(
        (
            "mon monday lun lunes",
            "tue tues tuesday mar martes",
            "wed wednesday mie mié miércoles miercoles",
            "thu thur thurs thursday jue jueves",
            "fri friday vie viernes",
            "sat saturday sab sáb sábado sabado",
            "sun sunday dom domingo",
        )
    )
    for word in words.split()
}


def fold_word(text: str) -> str:
    """A word without what people write differently: case, accents, spaces, signs."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in spread if sign.isalnum())


def _fold_words(table: dict[str, str]) -> dict[str, str]:
    return {fold_word(word): meaning for meaning, words in table.items() for word in words.split(",")}


_COLUMNS = {fold_word(word): column for column, words in ALIASES.items() for word in words.split(",")}
_LANGUAGES = {fold_word(word): row.code for row in LANGUAGES.values() for word in row.names}
_LANGUAGE_QUESTIONS = _fold_words(LANGUAGE_QUESTIONS)
_ZONES, _ZONE_QUESTIONS = _fold_words(ZONES), _fold_words(ZONE_QUESTIONS)
_STATES, _ANSWERS = _fold_words(STATES), _fold_words(ANSWERS)


def find_language(text: str) -> str:
    """Our code for the language that a text names, "" for none. Raises ValueError with a question for two."""
    bare = re.sub(r"^([A-Za-z]{2,3})[-_][A-Za-z0-9_-]+$", r"\1", text)
    for word in (fold_word(text), fold_word(bare)):
        if word in _LANGUAGE_QUESTIONS:
            raise ValueError(_LANGUAGE_QUESTIONS[word])
        if word in _LANGUAGES:
            return _LANGUAGES[word]
    return ""


def find_zone(text: str, *, american: bool) -> str:
    """The IANA name of a time zone, "" for none; American names only where they are meant. Raises ValueError (asks)."""
    if american and fold_word(text) in _ZONE_QUESTIONS:
        raise ValueError(_ZONE_QUESTIONS[fold_word(text)])
    return _list_places().get(text.casefold().replace(" ", "_"), "") or (
        _ZONES.get(fold_word(text), "") if american else ""
    )


@cache
def _list_places() -> dict[str, str]:
    """Zones of places. Those of a fixed offset (Etc/GMT+5, EST) are nobody's address."""
    return {name.casefold(): name for name in available_timezones() if "/" in name and not name.startswith("Etc/")}


def find_state(text: str) -> str:
    """ "cancelled", "scheduled" (also for an empty cell), or "" for a word that is neither."""
    return _STATES.get(fold_word(text), "") if text else "scheduled"


def find_answer(text: str) -> str:
    """ "yes", "no", or "" for any other text."""
    return _ANSWERS.get(fold_word(text), "")


@dataclass(frozen=True)
class Headings:
    """Where each column stands (counted from 0), the headings as they are written, and those that nobody reads."""

    places: dict[Column, int]
    names: tuple[str, ...]
    ignored: tuple[str, ...]


LONGEST_HEADING = 60
"""Characters that are shown of one."""


def count_known(names: Sequence[str]) -> int:
    """How many of these headings have a meaning."""
    return sum(fold_word(name) in _COLUMNS for name in names)


def read_headings(file: str, names: Sequence[str]) -> Headings:
    """The meaning of each heading of a file. Raises RecipientsError for columns that are missing or stand twice.

    Empty headings at the end are none: what stands under them is one cell too many, and not a column to pass over.
    """
    names = [" ".join(name.split())[:LONGEST_HEADING] for name in names]
    while names and not names[-1]:
        names.pop()
    found: dict[Column, list[int]] = {}
    for place, name in enumerate(names):
        if column := _COLUMNS.get(fold_word(name)):
            found.setdefault(column, []).append(place)
    faults = [*_find_missing(found), *_find_doubled(found, names)]
    if faults:
        raise RecipientsError(Fault(file, words) for words in faults)
    ignored = tuple(name for name in names if name and fold_word(name) not in _COLUMNS)
    return Headings({column: places[0] for column, places in found.items()}, tuple(names), ignored)


def _find_missing(found: dict[Column, list[int]]) -> list[str]:
    """The headings are not repeated here: in a file without any, they are a patient's (rule H4)."""
    return [
        f'No column for the {column} was found. The first line must hold the headings; call that column "{name}".'
        for column, name in NEEDED.items()
        if column not in found
    ]


def _find_doubled(found: dict[Column, list[int]], names: Sequence[str]) -> list[str]:
    return [
        f"Several columns stand for the {column}: "
        + ", ".join(f'"{names[place]}"' for place in places)
        + ". Keep one, or give the others another name."
        for column, places in found.items()
        if len(places) > 1
    ]
