"""A row of a clinic's file is one appointment that is read exactly, or all of its faults with line and column."""

import csv
import io
import string
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from ivr.errors import Fault, RecipientsError
from ivr.line.languages import LANGUAGES
from ivr.reminders.list.cells import NONE, SPOILED, CellError, ListReading, read_phone
from ivr.reminders.list.columns import ALIASES, Column
from ivr.reminders.list.moments import UNREADABLE
from ivr.reminders.list.recipients import read_recipients
from ivr.reminders.list.sheet import SheetCell
from ivr.reminders.rules.appointments import Consent, Purpose, Recipient

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2027, 1, 4, 15, tzinfo=UTC)
"""A Monday, 10:00 in New York."""
ASKED = Consent("Ana at the desk", date(2027, 1, 2), Purpose.EXAM)
READING = ListReading("US", NEW_YORK, ("en", "es", "zh", "yue", "fil", "ht"), NOW, ASKED)
OPEN = "Open are: English, Spanish, Mandarin, Cantonese, Tagalog, Haitian Creole."
GOOD = {"Phone": "(212) 555-0123", "Language": "Spanish", "Appointment": "2027-03-03 14:30"}
READ = Recipient(2, "+12125550123", "es", datetime(2027, 3, 3, 14, 30, tzinfo=NEW_YORK), consent=ASKED)
Found = list[Recipient | Fault]


def as_csv(lines: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue().encode()


def as_xlsx(lines: Iterable[Sequence[object]]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for line in lines:
        book.worksheets[0].append(list(line))
    book.save(file)
    return file.getvalue()


def read(path: Path, content: bytes, reading: ListReading = READING) -> Found:
    path.write_bytes(content)
    return list(read_recipients(path, reading))


def read_one(path: Path, reading: ListReading = READING, /, **cells: object) -> Found:
    """What a workbook gives with one row: a good one, with these cells changed or added (`_` is a space)."""
    row = GOOD | {name.replace("_", " "): cell for name, cell in cells.items()}
    return read(path / "list.xlsx", as_xlsx([list(row), list(row.values())]), reading)


def faults(found: Found) -> list[str]:
    assert all(isinstance(each, Fault) for each in found)
    return [str(each) for each in found]


def refusal(path: Path, content: bytes) -> list[str]:
    with pytest.raises(RecipientsError) as error:
        read(path, content)
    return [str(fault) for fault in error.value.faults]


# --- The file ---------------------------------------------------------------------------------------------------------


def test_a_good_row_is_a_recipient(tmp_path: Path) -> None:
    assert read_one(tmp_path) == [READ]


def test_a_row_of_every_column_is_read_whole(tmp_path: Path) -> None:
    found = read(
        tmp_path / "list.csv",
        "Estatus;MRN;Fecha;Hora;Nombre;Apellidos;Teléfono móvil;Idioma preferido;Código postal;Zona horaria;"
        "Origen del consentimiento;Fecha de consentimiento;Sala\n"
        "anulada;=A1;3 de marzo de 2027;2:30 p. m.;José;Pérez;+1 212 555 0123;inglés;10001-1234;Pacific;hoja;"
        "2026-12-01;9\n".encode("cp1252"),
    )
    assert found == [
        replace(
            READ,
            language="en",
            name="José Pérez",
            zone="America/Los_Angeles",
            postal="10001",
            consent=Consent("hoja", date(2026, 12, 1), Purpose.EXAM),
            reference="=A1",
            cancelled=True,
        )
    ]


@pytest.mark.parametrize(("column", "words"), ALIASES.items(), ids=lambda each: str(each)[:12].strip())
def test_no_heading_means_two_things(column: Column, words: str) -> None:
    others = {word.strip() for other, text in ALIASES.items() if other != column for word in text.split(",")}
    assert {word.strip() for word in words.split(",")} & others == set()


@pytest.mark.parametrize(
    ("headings", "found"),
    [
        (
            "Fone,Language,Appointment",
            [
                "No column for the phone number was found. The first line must hold the headings; "
                'call that column "Phone".'
            ],
        ),
        (
            "Phone,When",
            [
                "No column for the appointment was found. The first line must hold the headings; "
                'call that column "Appointment".',
                "No column for the language was found. The first line must hold the headings; "
                'call that column "Language".',
            ],
        ),
        (
            "Phone,MOBILE  No.,Language,Appointment",
            [
                'Several columns stand for the phone number: "Phone", "MOBILE No.". '
                "Keep one, or give the others another name."
            ],
        ),
    ],
)
def test_columns_that_are_missing_or_stand_twice_refuse_the_file(
    tmp_path: Path, headings: str, found: list[str]
) -> None:
    assert refusal(tmp_path / "list.csv", f"{headings}\n1,2,3,4\n".encode()) == [
        f"list.csv: {words}" for words in found
    ]


def test_a_file_without_headings_is_refused_without_repeating_a_patients_number_h4(tmp_path: Path) -> None:
    assert "212" not in "".join(refusal(tmp_path / "list.csv", b"2125550123,Spanish,2027-03-03 14:30\n"))


def test_headings_alone_are_refused(tmp_path: Path) -> None:
    content = b"Phone,Language,Appointment\n,,\n"
    assert refusal(tmp_path / "list.csv", content) == ["list.csv: It has headings, and no row under them."]


def test_what_is_not_read_is_mentioned_once_and_every_row_is_counted(tmp_path: Path) -> None:
    path, notes, lines = tmp_path / "list.csv", list[str](), list[int]()
    path.write_bytes(as_csv([[*GOOD, "Room", "Doctor"], [*GOOD.values(), 1, 2], [], [1, 2, 3]]))
    found = list(read_recipients(path, READING, lines.append, notes.append))
    assert len(found) == 4
    assert notes == ['These columns are not read: "Room", "Doctor".']
    assert lines == [2, 4]


def test_every_fault_of_a_row_is_told_with_its_line_and_heading(tmp_path: Path) -> None:
    content = as_csv([["Tel.", "LANG", "Appt Date", "Time"], [], ["12", "Klingon", "2026-12-01", "14:33"]])
    assert faults(read(tmp_path / "list.csv", content)) == [
        f'line 3, "Tel.": {ABSENT}',
        f'line 3, "LANG": This is not a language that the line knows. {OPEN}',
        'line 3, "Time": Appointments are read aloud in steps of five minutes. Write the time so.',
        'line 3, "Time": The appointment is past. Take the row out, or correct the date.',
    ]


def test_a_comma_that_nobody_quoted_is_a_fault_and_moves_no_cell_silently(tmp_path: Path) -> None:
    content = as_csv([[*GOOD, "Name", ""], [*GOOD.values(), "Pérez", " Ana"], [*GOOD.values(), "Pérez, Ana"]])
    found = read(tmp_path / "list.csv", content)
    assert str(found[0]) == (
        "line 2: The row has more cells than headings. Quote a cell that holds commas; give each column a heading."
    )


def test_the_same_appointment_or_id_twice_names_the_first_line(tmp_path: Path) -> None:
    head, row = [*GOOD, "Id"], [*GOOD.values()]
    other = ["+1 646 555 0199", "English", "2027-03-03 14:30"]
    content = as_csv(
        [head, [*row, "a"], [*other, "b"], ["1-212-555-0123", "en", "March 3, 2027 2:30pm", "c"], [*other, "b"]]
    )
    found = read(tmp_path / "list.csv", content)
    assert [each.line for each in found if isinstance(each, Recipient)] == [2, 3]
    assert faults(found[2:]) == [
        'line 4, "Phone": The same number and appointment stand on line 2. Keep one of the two.',
        'line 5, "Phone": The same number and appointment stand on line 3. Keep one of the two.',
        'line 5, "Id": The same id stands on line 3. Each appointment needs one of its own.',
    ]


# --- Numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        ("2125550123", "+12125550123"),
        ("1 (212) 555-0123", "+12125550123"),
        ("212.555.0123", "+12125550123"),
        ("'+12125550123", "+12125550123"),
        ("+52 55 5123 4567", "+525551234567"),
        (2125550123, "+12125550123"),
    ],
)
def test_a_phone_number_is_read_however_it_is_written(tmp_path: Path, cell: object, phone: str) -> None:
    assert read_one(tmp_path, Phone=cell) == [replace(READ, phone=phone)]


ABSENT = "There is no such phone number. Check its digits; one from abroad begins with + and its country."
EXTENDED = "A machine cannot dial an extension. Give a number that rings where the patient is."
STRANGE = "It holds signs that no phone number has. Write one number, such as +12125550123."


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("", "There is no phone number."),
        ("212-555-0123 x123", EXTENDED),
        ("(212) 555-0123 ext. 9", EXTENDED),
        ("212-555-0123 Extension 45", EXTENDED),
        ("2125550123#7", EXTENDED),
        ("212-555-012", ABSENT),
        ("112-555-0123", ABSENT),
        ("555-0123", ABSENT),
        ("911", ABSENT),
        ("2125550123/6465550199", ABSENT),
        ("2125550123, 6465550199", STRANGE),
        ("1-800-FLOWERS", STRANGE),
        ("call 2125550123", STRANGE),
        ("#N/A", STRANGE),
        ("2125550123.0", SPOILED),
        ("2.12555E+09", SPOILED),
        (2125550000, SPOILED),
        (2125550123.5, SPOILED),
    ],
)
def test_a_number_that_cannot_be_dialed_is_a_fault(tmp_path: Path, cell: object, words: str) -> None:
    assert faults(read_one(tmp_path, Phone=cell)) == [f'line 2, "Phone": {words}']


@pytest.mark.parametrize("cell", [float("inf"), float("nan"), 1e300, 10**400])
def test_a_number_of_any_size_is_no_phone_number(cell: SheetCell) -> None:
    with pytest.raises(CellError):
        read_phone(cell, "US")


# --- Languages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [(name, row.code) for row in LANGUAGES.values() for name in (row.code, row.name, row.own_name, row.tag)]
    + [
        ("SPANISH ", "es"),
        ("es_MX", "es"),
        ("spa", "es"),
        ("espanol", "es"),
        ("Español", "es"),
        ("zh-TW", "zh"),
        ("cmn", "zh"),
        ("Chinese (Mandarin)", "zh"),
        ("zh-HK", "yue"),
        ("Cantonese", "yue"),
        ("Filipino", "fil"),
        ("tl", "fil"),
        ("Tagalog/Filipino", "fil"),
        ("kreyol", "ht"),
        ("Haitian", "ht"),
        ("Farsi", "fa"),
        ("per", "fa"),
        ("ger", "de"),
        ("Brazilian Portuguese", "pt"),
    ],
)
def test_a_language_is_known_by_its_codes_and_names(tmp_path: Path, text: str, code: str) -> None:
    every = replace(READING, languages=tuple(LANGUAGES))
    assert read_one(tmp_path, every, Language=text) == [replace(READ, language=code)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", f"There is no language. {OPEN}"),
        ("Klingon", f"This is not a language that the line knows. {OPEN}"),
        ("es/en", f"This is not a language that the line knows. {OPEN}"),
        ("Polish", f"Polish is not open on this line. {OPEN}"),
        ("Chinese", "Chinese is more than one spoken language. Write Mandarin or Cantonese."),
        ("中文", "Chinese is more than one spoken language. Write Mandarin or Cantonese."),
        ("Creole", "Creole is more than one language. Write Haitian Creole if that is meant."),
    ],
)
def test_a_language_that_is_not_open_or_not_one_is_a_fault_and_never_english_l3(
    tmp_path: Path, text: str, words: str
) -> None:
    assert faults(read_one(tmp_path, Language=text)) == [f'line 2, "Language": {words}']


# --- Days and hours ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [
        "2027-03-03 14:30",
        "2027-03-03T14:30:00",
        "2027-03-03T14:30:00-05:00",
        "2027-03-03T19:30:00Z",
        "20270303 14:30",
        "3/3/2027 2:30 PM",
        "03/03/2027 14:30",
        "3/3/27 2:30pm",
        "Mar 3, 2027 2:30 PM",
        "March 3rd 2027, 2:30 p.m.",
        "Wed, Mar 3, 2027 2:30 PM",
        "Wednesday 3 March 2027 at 14:30",
        "3-Mar-2027 14:30",
        "3 de marzo de 2027 a las 2:30 p. m.",
        "mié 3 mar 2027 14:30",
        "miércoles, 3 de marzo de 2027 14:30",
        datetime(2027, 3, 3, 14, 30),  # noqa: DTZ001 - a spreadsheet knows no zones
        datetime(2027, 3, 3, 14, 29, 59, 990_000),  # noqa: DTZ001
    ],
)
def test_a_moment_is_read_however_it_is_written(tmp_path: Path, cell: object) -> None:
    assert read_one(tmp_path, Appointment=cell) == [READ]


@pytest.mark.parametrize("day", ["2027-03-03", "Mar 3, 2027", "3/3/2027", date(2027, 3, 3), "2027-03-03 14:30"])
@pytest.mark.parametrize(
    "hour",
    ["14:30", "2:30 PM", "02:30 p. m.", "1430", time(14, 30), datetime(1900, 1, 1, 14, 30)],  # noqa: DTZ001
)
def test_day_and_hour_may_stand_in_two_columns(tmp_path: Path, day: object, hour: object) -> None:
    assert read_one(tmp_path, Appointment=day, Time=hour) == [READ]


def test_midnight_counts_where_it_stands_in_the_column_of_times(tmp_path: Path) -> None:
    midnight = replace(READ, appointment=datetime(2027, 3, 3, tzinfo=NEW_YORK))
    assert read_one(tmp_path, Appointment="2027-03-03", Time="12:00 AM") == [midnight]


MISSING = "There is no time of day. Write it as 2027-03-03 14:30, or in a column called Time."
FAR = "The appointment is more than a year ahead. Check the year."
PAST = "The appointment is past. Take the row out, or correct the date."
FORWARD = "The clocks are put forward on that day and leave this time out. Correct the time."
BACK = "The clocks are put back on that day and show this time twice. Choose another time."
STEPS = "Appointments are read aloud in steps of five minutes. Write the time so."
NUMBER = "This is no date. Format the column as dates, or write 2027-03-03 14:30."
TWO_WAYS = (
    "Without a word from you this may be 4 March or 3 April. Say for the whole file whether the day or the month comes "
    "first; dates on other lines do not decide it."
)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("", ["There is no date."]),
        ("tomorrow", [UNREADABLE]),
        ("x" * 100_000, [UNREADABLE]),
        ("2027-02-30 10:00", ["There is no such day in the calendar."]),
        ("13/13/2027 10:00", ["There is no such day in the calendar."]),
        ("2027-03-03 25:00", ["There is no such time of day."]),
        ("2027-03-03 14:30 PM", ["A time with AM or PM has an hour from 1 to 12."]),
        ("Thu, Mar 3, 2027 2:30 PM", ["3 March 2027 is a Wednesday. Correct the day or the date."]),
        ("03/04/2027 14:30", [TWO_WAYS]),
        ("3.4.27 14:30", [TWO_WAYS]),
        ("2027-03-03", [MISSING]),
        ("2027-03-03 00:00", [MISSING]),
        (date(2027, 3, 3), [MISSING]),
        (46449.6, [NUMBER]),
        (True, [NUMBER]),
        (time(14, 30), [NUMBER]),
        ("2027-03-14 02:30", [FORWARD]),
        ("2027-11-07 01:30", [BACK]),
        ("2027-03-03 14:32", [STEPS]),
        ("2027-03-03 14:30:30", [STEPS]),
        ("2027-01-04 10:00", [PAST]),
        ("2026-12-31 14:32", [STEPS, PAST]),
        ("2028-01-06 10:00", [FAR]),
        ("9999-12-31 23:55", [FAR]),
        ("0001-01-01 00:05", ["This year is long past. Check the date."]),
    ],
)
def test_a_moment_that_nobody_can_keep_is_a_fault(tmp_path: Path, cell: object, words: list[str]) -> None:
    assert faults(read_one(tmp_path, Appointment=cell)) == [f'line 2, "Appointment": {each}' for each in words]


@pytest.mark.parametrize(
    ("day", "hour", "words"),
    [
        ("2027-03-03", "", MISSING),
        ("2027-03-03", "soon", "This is no time of day that can be read. Write it as 14:30 or 2:30 PM."),
        ("2027-03-03", 0.6, "This is no time of day that can be read. Write it as 14:30 or 2:30 PM."),
        ("2027-03-03 14:30", "15:00", "The date has another time of day with it. Keep one of the two."),
        ("2027-03-14", "02:30", FORWARD),
    ],
)
def test_an_hour_that_cannot_be_used_is_a_fault_of_its_own_column(
    tmp_path: Path, day: str, hour: object, words: str
) -> None:
    assert faults(read_one(tmp_path, Appointment=day, Time=hour)) == [f'line 2, "Time": {words}']


@pytest.mark.parametrize(
    ("day_first", "text", "day"),
    [(True, "04/03/2027", 4), (False, "03/04/2027", 4), (None, "14/03/2027", 14), (None, "03/15/2027", 15)],
)
def test_a_date_is_read_when_its_order_is_told_or_plain(
    tmp_path: Path, day_first: bool | None, text: str, day: int
) -> None:
    found = read_one(tmp_path, replace(READING, day_first=day_first), Appointment=f"{text} 14:30")
    assert found == [replace(READ, appointment=datetime(2027, 3, day, 14, 30, tzinfo=NEW_YORK))]


def test_a_date_against_the_order_that_was_told_is_a_fault(tmp_path: Path) -> None:
    found = read_one(tmp_path, replace(READING, day_first=True), Appointment="03/15/2027 14:30")
    assert faults(found) == ['line 2, "Appointment": There is no such day in the calendar.']


def test_an_hour_that_the_clock_shows_twice_is_read_where_the_offset_is_written(tmp_path: Path) -> None:
    found = read_one(tmp_path, Appointment="2027-11-07T01:30-05:00")
    assert [each.appointment.astimezone(UTC) for each in found if isinstance(each, Recipient)] == [
        datetime(2027, 11, 7, 6, 30, tzinfo=UTC)
    ]


def test_a_cancelled_appointment_may_be_past(tmp_path: Path) -> None:
    past = replace(READ, appointment=datetime(2027, 1, 4, 9, tzinfo=NEW_YORK), cancelled=True)
    assert read_one(tmp_path, Appointment="2027-01-04 9:00", Status="Canceled") == [past]


# --- Places, consent, the rest ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("", ""),
        ("america/new_york", "America/New_York"),
        ("US/Eastern", "US/Eastern"),
        ("ET", "America/New_York"),
        ("EST5EDT", "America/New_York"),
        ("eastern time", "America/New_York"),
        ("Pacific", "America/Los_Angeles"),
        ("Mountain", "America/Denver"),
        ("Arizona", "America/Phoenix"),
    ],
)
def test_a_time_zone_is_known_by_its_american_names(tmp_path: Path, text: str, zone: str) -> None:
    assert read_one(tmp_path, time_zone=text) == [replace(READ, zone=zone)]


@pytest.mark.parametrize(
    ("country", "text", "words"),
    [
        ("US", "Mars", "This is no time zone. Write one such as America/Chicago, or Central."),
        ("US", "Etc/GMT+5", "This is no time zone. Write one such as America/Chicago, or Central."),
        ("AU", "EST", "This is no time zone. Write one such as America/Chicago, or Central."),
        (
            "US",
            "MST",
            "Arizona keeps this time all year and its neighbours do not. Write America/Phoenix or America/Denver.",
        ),
    ],
)
def test_a_time_zone_is_never_guessed_c8(tmp_path: Path, country: str, text: str, words: str) -> None:
    found = read_one(tmp_path, replace(READING, country=country), Phone="+12125550123", tz=text)
    assert faults(found) == [f'line 2, "tz": {words}']


@pytest.mark.parametrize(
    ("cell", "postal"),
    [("10001", "10001"), (10001, "10001"), ("02134-1000", "02134"), ("021341000", "02134"), ("", "")],
)
def test_a_zip_code_is_five_digits(tmp_path: Path, cell: object, postal: str) -> None:
    assert read_one(tmp_path, ZIP=cell) == [replace(READ, postal=postal)]


LOST = "A ZIP code has five digits; a spreadsheet may have dropped a zero in front. Enter it as text."


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (2134, LOST),
        ("2134-1000", LOST),
        (21341000, LOST),
        ("K1A 0B1", "This is no ZIP code. Write five digits, or five, a dash and four."),
    ],
)
def test_a_zip_code_that_lost_a_zero_is_not_padded(tmp_path: Path, cell: object, words: str) -> None:
    assert faults(read_one(tmp_path, ZIP=cell)) == [f'line 2, "ZIP": {words}']


@pytest.mark.parametrize(
    ("cells", "consent"),
    [
        ({}, ASKED),
        ({"Consent": "yes"}, ASKED),
        ({"Consent source": "", "Consent date": ""}, ASKED),
        (
            {"Consent": True, "Consent source": "form", "Consent date": "2026-12-01"},
            Consent("form", date(2026, 12, 1), ASKED.purpose),
        ),
        (
            {"Consent source": "form", "Consent date": date(2027, 1, 4)},
            Consent("form", date(2027, 1, 4), ASKED.purpose),
        ),
    ],
)
def test_c1_a_consent_is_the_rows_own_or_that_of_the_file(
    tmp_path: Path, cells: dict[str, object], consent: Consent
) -> None:
    assert read_one(tmp_path, READING, **cells) == [replace(READ, consent=consent)]


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"Consent": "no"}, '"Consent": This person did not agree to be called. Take the row out.'),
        (
            {"Consent": "pending"},
            '"Consent": Write yes or no; where it is on record belongs in a column called Consent source.',
        ),
        (
            {"Consent source": "form"},
            ": The consent has a source and no date. Write when it was given.",
        ),
        (
            {"Consent source": "", "Consent date": "2026-12-01"},
            '"Consent source": The consent has a date and no source. Write where it is on record.',
        ),
        (
            {"Consent source": "form", "Consent date": "2027-01-05"},
            '"Consent date": The consent is dated in the future.',
        ),
        (
            {"Consent source": "form", "Consent date": "12/01/2026"},
            '"Consent date": ' + TWO_WAYS.replace("4 March", "1 December").replace("3 April", "12 January"),
        ),
    ],
)
def test_c1_half_a_consent_or_a_refusal_is_not_mended_by_that_of_the_file(
    tmp_path: Path, cells: dict[str, object], fault: str
) -> None:
    assert faults(read_one(tmp_path, READING, **cells)) == [f"line 2, {fault}".replace("2, :", "2:")]


@pytest.mark.parametrize(
    ("cells", "place"),
    [({}, "line 2"), ({"Consent": "yes"}, 'line 2, "Consent"'), ({"Consent source": ""}, 'line 2, "Consent source"')],
)
def test_c1_without_a_consent_a_row_calls_nobody(tmp_path: Path, cells: dict[str, object], place: str) -> None:
    assert read_one(tmp_path, replace(READING, consent=None), **cells) == [Fault(place, NONE)]


@pytest.mark.parametrize(
    ("text", "cancelled"), [("", False), ("Confirmed", False), ("CANCELLED", True), ("Anulada", True)]
)
def test_a_status_says_whether_an_appointment_is_off(tmp_path: Path, text: str, cancelled: bool) -> None:
    assert read_one(tmp_path, Status=text) == [replace(READ, cancelled=cancelled)]


UNSHOWN = "It holds a line break or another sign that cannot be shown. Write it anew."


@pytest.mark.parametrize(
    ("heading", "text", "words"),
    [
        ("Status", "no show", "This status is not known. Write scheduled or cancelled, or leave it empty."),
        ("Name", "n" * 201, "It is longer than 200 characters."),
        ("Name", "Ana\nPérez", UNSHOWN),
        ("Last name", "Ana\u2028Pérez", UNSHOWN),
        ("Id", "1.23457E+12", SPOILED),
        ("Id", "n" * 201, "It is longer than 200 characters."),
    ],
)
def test_texts_that_cannot_be_used_are_faults(tmp_path: Path, heading: str, text: str, words: str) -> None:
    assert faults(read_one(tmp_path, READING, **{heading: text})) == [f'line 2, "{heading}": {words}']


def test_a_formula_in_a_name_is_kept_as_it_stands(tmp_path: Path) -> None:
    name = "=cmd|' /C calc'!A0"
    assert read(tmp_path / "list.csv", as_csv([[*GOOD, "Name"], [*GOOD.values(), name]])) == [replace(READ, name=name)]


# --- Any file ---------------------------------------------------------------------------------------------------------

ANY = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
HEAD = b"Phone,Language,Appointment,Time,Name,ZIP,tz,Consent,Consent source,Consent date,Id,Status\n"
WHOLE = as_xlsx([list(GOOD), list(GOOD.values())])


def harmless(path: Path, content: bytes) -> None:
    """Reads a file to its end, or to the error that refuses it. Whatever else is raised fails the test."""
    try:
        found = read(path, content)
    except RecipientsError as error:
        found = list(error.faults)
    assert found


@ANY
@given(content=st.binary(max_size=400), start=st.sampled_from([b"", HEAD, b"\xff\xfe", b"\xef\xbb\xbf", b"PK\x03\x04"]))
def test_any_bytes_give_rows_or_faults(tmp_path: Path, content: bytes, start: bytes) -> None:
    harmless(tmp_path / "any.csv", start + content)


@ANY
@given(cells=st.lists(st.text(st.sampled_from("0123456789/-:.,+ TZaepmxE\"'"), max_size=24), min_size=12, max_size=12))
def test_any_cells_give_rows_or_faults(tmp_path: Path, cells: list[str]) -> None:
    harmless(tmp_path / "any.csv", HEAD + as_csv([cells]))


@ANY
@given(place=st.integers(0, len(WHOLE) - 1), sign=st.integers(0, 255), end=st.integers(1, len(WHOLE)))
def test_a_workbook_that_is_damaged_anywhere_gives_rows_or_faults(
    tmp_path: Path, place: int, sign: int, end: int
) -> None:
    content = bytearray(WHOLE)
    content[place] = sign
    harmless(tmp_path / "any.xlsx", bytes(content))
    harmless(tmp_path / "any.xlsx", WHOLE[:end])


@ANY
@given(part=st.sampled_from(ZipFile(io.BytesIO(WHOLE)).namelist()), place=st.floats(0, 1), sign=st.binary(max_size=3))
def test_a_workbook_with_other_words_in_any_part_gives_rows_or_faults(
    tmp_path: Path, part: str, place: float, sign: bytes
) -> None:
    file = io.BytesIO()
    with ZipFile(io.BytesIO(WHOLE)) as old, ZipFile(file, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            cut = int(place * len(text)) if name == part else len(text)
            new.writestr(name, text[:cut] + sign + text[cut + 1 :] if name == part else text)
    harmless(tmp_path / "any.xlsx", file.getvalue())


NAMES = st.text(st.sampled_from(string.ascii_letters + " ,;\"'=+-@|éñ李\u0645"), max_size=30).map(str.strip)
MOMENTS = st.integers(1, 288 * 60).map(
    lambda steps: datetime(2027, 1, 4, 10, tzinfo=NEW_YORK) + timedelta(minutes=5 * steps)
)
CONSENTS = st.builds(
    Consent,
    NAMES.filter(bool),
    st.dates(date(2020, 1, 1), date(2027, 1, 4)),
    st.just(ASKED.purpose),
)
RECIPIENTS = st.lists(
    st.builds(
        Recipient,
        line=st.just(0),
        phone=st.integers(0, 9999).map(lambda number: f"+1212555{number:04}"),
        language=st.sampled_from(READING.languages),
        appointment=MOMENTS,
        name=NAMES,
        zone=st.sampled_from(["", "America/Chicago", "Pacific/Honolulu"]),
        postal=st.from_regex(r"([0-9]{5})?", fullmatch=True),
        consent=st.just(ASKED) | CONSENTS,
        cancelled=st.booleans(),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda each: (each.phone, each.appointment),
).map(lambda them: [replace(each, line=line, reference=f"R{line}") for line, each in enumerate(them, 2)])


def lines_of(recipients: Iterable[Recipient], *, real: bool) -> list[list[object]]:
    """The table of some recipients, with real dates where the form has them."""
    lines: list[list[object]] = [
        ["Name", "Phone", "Language", "Date", "Time", "tz", "ZIP", "Consent source", "Consent date", "Id", "Status"]
    ]
    for each in recipients:
        day, hour = each.appointment.date(), each.appointment.time()
        own = each.consent if each.consent and each.consent != ASKED else None
        when = [day, hour] if real else [f"{day:%m/%d/%Y}", f"{hour:%I:%M %p}"]
        consent = [own.source, own.on if real else f"{own.on:%m/%d/%Y}"] if own else ["", ""]
        state = "cancelled" if each.cancelled else ""
        lines.append(
            [each.name, each.phone, each.language, *when, each.zone, each.postal, *consent, each.reference, state]
        )
    return lines


@ANY
@given(recipients=RECIPIENTS)
def test_what_is_written_as_csv_reads_back_equal(tmp_path: Path, recipients: list[Recipient]) -> None:
    content = as_csv(lines_of(recipients, real=False))
    assert read(tmp_path / "list.csv", content, replace(READING, day_first=False)) == recipients


@ANY
@given(recipients=RECIPIENTS)
def test_what_is_written_as_a_workbook_reads_back_equal(tmp_path: Path, recipients: list[Recipient]) -> None:
    texts = [replace(each, name=each.name.lstrip("= "), consent=plain_consent(each)) for each in recipients]
    assert read(tmp_path / "list.xlsx", as_xlsx(lines_of(texts, real=True))) == texts


def plain_consent(recipient: Recipient) -> Consent | None:
    """openpyxl writes a text that begins with = as a formula, which has no value until a spreadsheet works it out."""
    consent = recipient.consent
    return replace(consent, source=f"s{consent.source}") if consent and consent != ASKED else consent
