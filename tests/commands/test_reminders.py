"""`flask reminders …` in the words that a person sees: from a list of appointments to the report."""

import csv
import io
import json
import logging
import os
import re
import signal
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from ivr.commands.results import watch_lines
from ivr.errors import StoreError
from ivr.line.nodes import Reply
from ivr.provider.outgoing import NetworkCall
from ivr.reminders.log_lines import KeyValueFormatter
from ivr.reminders.network import PlacedCall
from ivr.store.campaigns.queue import DialOrder
from ivr.store.campaigns.settling import Report
from ivr.store.store import Store
from tests.conftest import Environment
from tests.reminders.desk import BY, CONSENT, HEADINGS, THURSDAY, Desk, seated

ANA = f"+12125550123,en,{THURSDAY},Ana Ruiz,A-1"
BEN = f"(212) 555-0124,Spanish,{THURSDAY},Ben Ito,A-2"
REMINDER_TIME = datetime.fromisoformat("2026-11-30T14:05:00+00:00")
"""Monday, five past nine in New York: the first reminder of THURSDAY is due."""


@pytest.fixture
def desk(environment: Environment, tmp_path: Path) -> Desk:
    return seated(environment, tmp_path)


@pytest.fixture
def at_nine(environment: Environment, tmp_path: Path) -> Desk:
    """A desk a week later, with a campaign that runs and two calls that are due. Its clock goes on at every look."""
    desk = seated(environment, tmp_path, CALLS_PER_SECOND="100")
    desk.upload(ANA, BEN)
    desk.said("reminders", "start", "spring", "--yes-start", "spring", *BY)
    line, looks = desk.app.extensions["spineline"], count()
    later = Store(
        line.settings.database_url,
        line.database.secrets,
        database_clock=lambda _: REMINDER_TIME + next(looks) * timedelta(milliseconds=5),
    )
    desk.app.extensions["spineline"] = replace(
        line,
        database=replace(line.database, store=later),
        campaigns=replace(line.campaigns, network=Quick(later.dialer)),
    )
    return replace(desk, store=later)


class Quick:
    """A network on which everybody answers at once, and the report comes before the answer."""

    def __init__(self, store: Any) -> None:
        self.store, self.placed = store, list[str]()

    def place(self, order: DialOrder) -> str:
        sid = f"CA{len(self.placed)}{order.attempt}"
        self.placed.append(order.number)
        self.store.take_report(Report(f"{sid}/completed", order.attempt, sid, "completed", "human", 20), lambda _: None)
        return sid

    def find(self, to: str, caller: str, since: datetime) -> Sequence[PlacedCall]:
        return ()

    def fetch(self, sid: str) -> PlacedCall:
        return NetworkCall(sid, "completed")


def attempts(desk: Desk) -> list[str]:
    """The ids of all attempts, the earliest first."""
    with desk.store.transactions._engines.reads.begin() as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT id FROM attempt ORDER BY due_at, recipient_id")]


# --- A draft ----------------------------------------------------------------------------------------------------------


def test_a_campaign_begins_as_a_draft_with_the_clinics_own_days_and_number(desk: Desk) -> None:
    words = "autumn is a draft. Next: flask reminders upload 'autumn' FILE --by 'Ana'"
    assert desk.said("reminders", "new", "autumn", *BY) == [words]
    made = desk.store.staff.campaigns.find_campaign("autumn")
    assert (made.topic, made.purpose, made.days) == ("compression-fracture", "appointment reminder", (3, 1))
    assert (made.caller, made.created_by, made.state) == ("+12125550111", "Ana", "draft")


def test_a_campaign_has_days_a_number_and_a_purpose_of_its_own(desk: Desk) -> None:
    own = ("--days", "1, 5 3 3", "--caller", "212 555 0160", "--purpose", "Exam  Confirmation")
    desk.said("reminders", "new", "exams", *own, *BY)
    made = desk.store.staff.campaigns.find_campaign("exams")
    assert (made.days, made.caller, made.purpose) == ((5, 3, 1), "+12125550160", "exam confirmation")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--purpose", "sale"), "'sale' is no purpose of a reminder."),
        (("--topic", "gardening"), "Choose a topic with --topic: compression-fracture."),
        (("--days", "soon"), 'Write --days as whole numbers from 0 to 30, such as "3 1".'),
        (("--days", "31"), 'Write --days as whole numbers from 0 to 30, such as "3 1".'),
        (("--days", "²"), 'Write --days as whole numbers from 0 to 30, such as "3 1".'),
        (("--caller", "12"), "There is no such phone number."),
    ],
)
def test_c2_what_no_campaign_can_be_is_refused_when_it_is_made(
    desk: Desk, options: tuple[str, str], words: str
) -> None:
    assert words in desk.refused("reminders", "new", "other", *options, *BY)[-1]
    assert [one.name for one in desk.store.staff.campaigns.list_campaigns()] == ["spring"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("spring", "Error: There is a campaign called 'spring' already."),
        ("  ", "Error: Give the campaign a name."),
        ("a\nb", "Error: It holds a line break or another sign that cannot be shown. Write it anew."),
    ],
)
def test_a_name_that_cannot_be_is_refused(desk: Desk, name: str, words: str) -> None:
    assert desk.refused("reminders", "new", name, *BY) == [words]


@pytest.mark.parametrize(
    "command",
    [
        ("new", "other"),
        ("upload", "spring", "list.csv"),
        ("start", "spring"),
        ("pause", "spring"),
        ("resume", "spring"),
        ("stop", "spring"),
        ("report", "spring", "--out", "report.csv"),
        ("tasks",),
        ("done", "1"),
        ("unprepared", "spring"),
    ],
)
def test_h5_who_is_not_a_member_of_staff_does_and_sees_nothing(desk: Desk, command: tuple[str, ...]) -> None:
    words = ["Error: Say who you are: --by NAME, a member of staff who may sign in."]
    assert desk.refused("reminders", *command, "--by", "Mallory") == words
    assert desk.run("reminders", *command).exit_code == 2


@pytest.mark.parametrize(
    "command",
    [("upload", "none", "list.csv", *BY), ("rehearse", "none"), ("start", "none", *BY), ("stop", "none", *BY)],
)
def test_a_campaign_that_is_not_there_is_told_in_words(desk: Desk, command: tuple[str, ...]) -> None:
    assert desk.refused("reminders", *command) == ["Error: There is no campaign called 'none'."]


# --- A list of appointments -------------------------------------------------------------------------------------------


def test_a_list_is_kept_and_the_same_list_adds_nobody(desk: Desk) -> None:
    assert desk.upload(ANA, BEN)[-1] == "spring: 2 new, 0 same, 0 moved, 0 cancelled, 0 refused."
    assert desk.upload(ANA, BEN)[-1] == "spring: 0 new, 2 same, 0 moved, 0 cancelled, 0 refused."
    assert [
        one.language
        for one in desk.store.staff.campaigns.list_enlisted(desk.store.staff.campaigns.find_campaign("spring"))
    ] == ["en", "es"]


def test_a_later_list_moves_and_cancels_appointments(desk: Desk) -> None:
    headings = f"{HEADINGS},Status"
    desk.upload(f"{ANA},", f"{BEN},", headings=headings)
    moved = ANA.replace("12-03", "12-04")
    said = desk.upload(f"{moved},", f"{BEN},cancelled", headings=headings)
    assert said[-1] == "spring: 0 new, 0 same, 1 moved, 1 cancelled, 0 refused."


def test_every_fault_is_told_with_its_line_and_nothing_is_kept(desk: Desk) -> None:
    rows = (
        ANA,
        f"12,Klingon,{THURSDAY},Worf,A-2",
        "+12125550125,en,03/04/2027 10:00,Cy,A-1",
        ANA.replace("A-1", "A-9"),
    )
    file = desk.write("\n".join([HEADINGS, *rows]))
    said = desk.refused("reminders", "upload", "spring", file, *CONSENT, "--by", "Ana")
    open_languages = "Open are: English, Spanish, Mandarin."
    assert [line for line in said if line.startswith("line")] == [
        'line 3, "Phone": There is no such phone number. Check its digits; one from abroad begins with + and its '
        "country.",
        f'line 3, "Language": This is not a language that the line knows. {open_languages}',
        'line 4, "Date": Without a word from you this may be 4 March or 3 April. Say for the whole file whether the '
        "day or the month comes first; dates on other lines do not decide it.",
        'line 4, "ID": The same id stands on line 2. Each appointment needs one of its own.',
        'line 5, "Phone": The same number and appointment stand on line 2. Keep one of the two.',
    ]
    assert said[-1] == (
        "Error: Nothing is kept: 5 faults in 3 of 4 rows. "
        "Mend them and upload the list again, or keep the good rows with --good-rows."
    )
    assert list(desk.store.staff.campaigns.list_enlisted(desk.store.staff.campaigns.find_campaign("spring"))) == []


def test_the_good_rows_go_ahead_when_a_person_says_so(desk: Desk) -> None:
    said = desk.upload(ANA, f"12,en,{THURSDAY},Bo,A-2", options=["--good-rows"])
    assert said[-1] == "spring: 1 new, 0 same, 0 moved, 0 cancelled, 0 refused, 1 with faults left out."


def test_c8_c9_rows_that_the_rules_block_are_kept_out_with_the_reason(desk: Desk) -> None:
    premium, nowhere = f"+19005550123,en,{THURSDAY},Bo,A-2", f"+18005550123,en,{THURSDAY},Cy,A-3"
    said = desk.upload(ANA, premium, nowhere, "+12125550125,en,2026-11-23 12:00,Di,A-4")
    assert [line for line in said if ", line" in line] == [
        "C9 number, line 3: This is a premium number, which costs extra, and is never dialed. Ask for another number.",
        "C8 calling hours, line 3: Nobody can tell the time where this patient is. Enter their time zone or ZIP code.",
        "C8 calling hours, line 4: Nobody can tell the time where this patient is. Enter their time zone or ZIP code.",
        "Too late, line 5: No reminder is left that could be given in time, on a day and at an hour when this patient "
        "may be called. Call in person.",
    ]
    assert said[-1] == "spring: 1 new, 0 same, 0 moved, 0 cancelled, 3 refused."
    assert (
        desk.store.staff.campaigns.list_enlisted(desk.store.staff.campaigns.find_campaign("spring"))[0].recipients == 1
    )


def test_c9_a_row_that_was_good_and_is_now_refused_loses_its_calls(desk: Desk) -> None:
    desk.upload(ANA, BEN)
    said = desk.upload(ANA.replace("+12125550123", "+19005550123"), BEN)
    assert said[-1] == "spring: 0 new, 1 same, 0 moved, 1 cancelled, 1 refused."
    assert desk.store.staff.results.count_attempts(desk.store.staff.campaigns.find_campaign("spring")) == {
        "cancelled": 2,
        "queued": 2,
    }


def test_an_appointment_that_moves_too_near_loses_the_calls_about_the_old_time(desk: Desk) -> None:
    desk.upload(ANA)
    said = desk.upload("+12125550123,en,2026-11-23 12:00,Ana Ruiz,A-1")
    assert said[-1] == "spring: 0 new, 0 same, 1 moved, 0 cancelled, 1 refused."
    assert desk.store.staff.results.count_attempts(desk.store.staff.campaigns.find_campaign("spring")) == {}


def test_c1_without_a_consent_nobody_is_kept(desk: Desk) -> None:
    file = desk.write("\n".join([HEADINGS, ANA]))
    said = desk.refused("reminders", "upload", "spring", file, *BY)
    assert said[1] == (
        "line 2: There is no consent on record. Write its source and its date, or say who has it for the whole file."
    )
    assert said[-1].startswith("Error: Nothing is kept: 1 fault in 1 of 1 rows.")


@pytest.mark.parametrize("half", [CONSENT[:2], CONSENT[2:]])
def test_c1_a_consent_has_a_source_and_a_date(desk: Desk, half: tuple[str, ...]) -> None:
    file = desk.write("\n".join([HEADINGS, ANA]))
    said = desk.refused("reminders", "upload", "spring", file, *half, *BY)
    assert said == ["Error: Give --consent-source and --consent-date together."]


def test_c1_the_consent_is_written_down_for_the_purpose_of_the_campaign(desk: Desk) -> None:
    desk.said("reminders", "new", "exams", "--purpose", "exam confirmation", *BY)
    file = desk.write("\n".join([f"{HEADINGS},Consent source,Consent date", f"{ANA},form 7,2026-11-01", f"{BEN},,"]))
    desk.said("reminders", "upload", "exams", file, *CONSENT, *BY)
    with desk.store.transactions._engines.reads.begin() as connection:
        found = connection.exec_driver_sql("SELECT source, given_on, purpose, recorded_by FROM consent ORDER BY source")
        assert [tuple(row) for row in found] == [
            ("form 7", "2026-11-01", "exam confirmation", "Ana"),
            ("intake form", "2026-11-02", "exam confirmation", "Ana"),
        ]


@pytest.mark.parametrize(("option", "day"), [("--day-first", "2027-02-01"), ("--month-first", "2027-01-02")])
def test_a_date_that_can_be_read_in_two_ways_is_read_as_the_person_says(desk: Desk, option: str, day: str) -> None:
    desk.upload("+12125550123,en,01/02/2027 10:00,Ana,A-1", options=[option])
    found = desk.store.staff.campaigns.list_enlisted(desk.store.staff.campaigns.find_campaign("spring"))[
        0
    ].first_appointment
    assert found == datetime.fromisoformat(f"{day}T15:00:00+00:00")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (f"{HEADINGS}\n".encode(), "It has headings, and no row under them."),
        (b"%PDF-1.7\n...", "It is a PDF, not a table. Save the list as CSV UTF-8 or as an Excel workbook (.xlsx)."),
        (
            f"Language,Date\nen,{THURSDAY}".encode(),
            "No column for the phone number was found. The first line must hold the headings; "
            'call that column "Phone".',
        ),
        (f'{HEADINGS}\n"{ANA}'.encode(), "A quotation mark here is not closed"),
        (b"PK\x03\x04 no workbook", "It is damaged, or not an Excel workbook."),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(desk: Desk, content: bytes, words: str) -> None:
    said = desk.refused("reminders", "upload", "spring", desk.write(content), *CONSENT, *BY)
    assert words in "\n".join(said)
    assert "Error: The list of appointments cannot be read (1):" in said
    assert list(desk.store.staff.campaigns.list_enlisted(desk.store.staff.campaigns.find_campaign("spring"))) == []


def test_a_file_that_is_not_there_is_told_in_words(desk: Desk) -> None:
    said = desk.refused("reminders", "upload", "spring", "/nowhere/list.csv", *CONSENT, *BY)
    assert said[-1] == "  list.csv: The file cannot be opened (No such file or directory)."


def test_many_faults_are_counted_and_a_thousand_shown(desk: Desk) -> None:
    rows = [f"12,en,{THURSDAY},Bo,B-{number}" for number in range(1500)]
    file = desk.write("\n".join([HEADINGS, *rows]))
    said = desk.refused("reminders", "upload", "spring", file, *CONSENT, *BY)
    assert sum(line.startswith("line ") for line in said) == 1000
    assert said[-2] == "... and 500 more that cannot be read."
    assert "1500 faults in 1500 of 1500 rows." in said[-1]


def test_columns_that_nobody_reads_are_named(desk: Desk) -> None:
    said = desk.upload(f"{ANA},blue", headings=f"{HEADINGS},Colour")
    assert 'These columns are not read: "Colour".' in said


def test_h1_a_list_that_joins_a_campaign_under_way_is_rehearsed_first(desk: Desk) -> None:
    desk.upload(ANA)
    desk.said("reminders", "start", "spring", "--yes-start", "spring", *BY)
    desk.clips.absent.add("reminder.hello")
    file = desk.write("\n".join([HEADINGS, BEN]))
    said = desk.refused("reminders", "upload", "spring", file, *CONSENT, *BY)
    assert said[-2] == "Error: Nothing is kept: the campaign is running, and"
    assert re.fullmatch(r"  clips, es: 1 of \d+ clips are not built\. Run: flask audio build --language es", said[-1])
    desk.clips.absent.clear()
    assert desk.upload(BEN)[-1] == "spring: 1 new, 0 same, 0 moved, 0 cancelled, 0 refused."


def test_a_stopped_campaign_takes_no_list(desk: Desk) -> None:
    desk.upload(ANA)
    desk.said("reminders", "start", "spring", "--yes-start", "spring", *BY)
    desk.said("reminders", "stop", "spring", *BY)
    file = desk.write("\n".join([HEADINGS, BEN]))
    said = desk.refused("reminders", "upload", "spring", file, *CONSENT, *BY)
    assert said == ["Error: spring is stopped and calls nobody any more. Make a new campaign."]


# --- Rehearsal and start ----------------------------------------------------------------------------------------------


def test_a_rehearsal_tells_how_it_would_go(desk: Desk) -> None:
    desk.upload(ANA, BEN)
    desk.said("optout", "add", "+12125550124", *BY)
    assert desk.said("reminders", "rehearse", "spring") == [
        "spring: appointment reminder, compression-fracture, 3 and 1 days before; a draft.",
        "language                people   calls   person  machine  first attempt     last attempt",
        "en English                   1       2   21.0 s   30.0 s  2026-11-30 09:00  2026-12-02 09:00",
        "      appointments 2026-12-03 10:00 to 2026-12-03 10:00",
        "es Spanish                   0       0   21.0 s   30.0 s  -                 -",
        "      not called: 1 opted out",
        "2 calls at 1 a second: 2 s of dialing, without new tries.",
        "Nothing keeps it from starting.",
    ]


def test_c4_a_rehearsal_with_faults_exits_with_1_and_so_does_its_json(desk: Desk) -> None:
    desk.upload(ANA)
    desk.clips.length = 3.0
    fault = "C4 length, en: The message runs 76.00 s; 60.00 s is the most. Shorten its words."
    assert desk.refused("reminders", "rehearse", "spring")[-1] == f"  {fault}"
    shown = json.loads("\n".join(desk.refused("reminders", "rehearse", "spring", "--json")))
    assert [f"{one['place']}: {one['words']}" for one in shown["faults"]] == [fault]


def test_c3_c6_a_line_without_its_numbers_starts_no_campaign(environment: Environment, tmp_path: Path) -> None:
    desk = seated(environment, tmp_path, OPT_OUT_NUMBER="", CALLER_NUMBER="+12125550150")
    desk.upload(ANA)
    said = desk.refused("reminders", "start", "spring", "--yes-start", "spring", *BY)
    assert [line.split(":")[0] for line in said[-4:]] == [
        "It does not start (2)",
        "  C3 caller, number",
        "  C6 opt-out number",
        "Error",
    ]
    assert said[-1] == "Error: spring is not started."
    assert desk.store.staff.campaigns.find_campaign("spring").state == "draft"


def test_a_person_types_the_name_of_the_campaign_to_start_it(desk: Desk) -> None:
    desk.upload(ANA)
    result = desk.run("reminders", "start", "spring", *BY, typed="spring\n")
    assert result.output.splitlines()[-2:] == [
        "Type the campaign's name to start it: spring",
        "spring is running. The calls are made by: flask reminders run",
    ]
    assert desk.store.staff.campaigns.find_campaign("spring").state == "running"
    assert ("Ana", "campaign start") in desk.audited()


@pytest.mark.parametrize("typed", ["Spring", "yes", "spring "])
def test_any_other_word_starts_nothing(desk: Desk, typed: str) -> None:
    desk.upload(ANA)
    said = desk.refused("reminders", "start", "spring", "--yes-start", typed, *BY)
    assert said[-1] == "Error: That is not the campaign's name. spring is not started."
    assert desk.store.staff.campaigns.find_campaign("spring").state == "draft"


def test_pause_resume_and_stop_say_what_they_did(desk: Desk) -> None:
    desk.upload(ANA)
    desk.said("reminders", "start", "spring", "--yes-start", "spring", *BY)
    assert desk.said("reminders", "pause", "spring", *BY) == ["spring is paused. No further call leaves."]
    assert desk.said("reminders", "resume", "spring", *BY) == ["spring is running."]
    assert desk.said("reminders", "stop", "spring", *BY) == ["spring is stopped. What waited is cancelled."]
    assert desk.refused("reminders", "start", "spring", *BY) == ["Error: spring is stopped: it cannot start."]
    assert desk.refused("reminders", "resume", "spring", *BY) == [
        "Error: The campaign 'spring' is stopped: it cannot resume."
    ]


def test_c4_a_paused_campaign_whose_words_grew_too_long_stays_paused(desk: Desk) -> None:
    desk.upload(ANA)
    desk.said("reminders", "start", "spring", "--yes-start", "spring", *BY)
    desk.said("reminders", "pause", "spring", *BY)
    desk.clips.length = 3.0
    assert desk.refused("reminders", "resume", "spring", *BY)[-1] == "Error: spring stays paused."


# --- The dialer -------------------------------------------------------------------------------------------------------


def test_the_dialer_calls_who_is_due_and_ends_once_nothing_is(at_nine: Desk) -> None:
    said = at_nine.said("reminders", "run", "--once-idle", "--threads", "2")
    network = at_nine.app.extensions["spineline"].campaigns.network
    assert sorted(network.placed) == ["+12125550123", "+12125550124"]
    assert at_nine.store.staff.results.count_attempts(at_nine.store.staff.campaigns.find_campaign("spring")) == {
        "answered": 2,
        "queued": 2,
    }
    assert all(re.fullmatch(r"at=\S+ level=info part=ivr\.\S+ thread=\S+ words=\".*\"", line) for line in said)
    assert "2125550123" not in "\n".join(said)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_dialer_cleanly(at_nine: Desk, number: signal.Signals) -> None:
    before = signal.getsignal(number)
    network = at_nine.app.extensions["spineline"].campaigns.network
    place, both = network.place, threading.Event()

    def placed(order: DialOrder) -> str:
        sid: str = place(order)
        if len(network.placed) == 2 and not both.is_set():
            both.set()
            os.kill(os.getpid(), number)
        return sid

    network.place = placed
    said = at_nine.said("reminders", "run", "--threads", "1")
    assert said[-1].endswith(' ends"')
    assert at_nine.store.staff.results.count_attempts(at_nine.store.staff.campaigns.find_campaign("spring")) == {
        "answered": 2,
        "queued": 2,
    }
    assert signal.getsignal(number) == before


def test_a_database_that_is_not_there_yet_is_told_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: object) -> None:
        raise StoreError("The database failed (OperationalError).")

    monkeypatch.setattr(type(desk.store.dialer), "has_work", away)
    assert desk.refused("reminders", "run") == ["Error: The database failed (OperationalError)."]


def test_a_call_that_is_due_claimed_or_under_way_is_not_idle(at_nine: Desk) -> None:
    assert at_nine.store.dialer.has_work()
    held = at_nine.store.dialer.claim("a dialer", 10, timedelta(minutes=1))
    assert (len(held), at_nine.store.dialer.has_work()) == (2, True)
    for attempt, _ in held:
        at_nine.store.dialer.take_report(Report(f"{attempt}/busy", attempt, f"CA{attempt}", "busy"), lambda _: None)
    at_nine.said("reminders", "stop", "spring", *BY)
    assert not at_nine.store.dialer.has_work()


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("placed as CA1", "placed as CA1"),
        ("The 'To' number +12125550123 is not valid", "The 'To' number (number) is not valid"),
        ("GET /Calls.json?To=%2B12125550123", "GET /Calls.json?To=(number)"),
    ],
)
def test_h4_a_log_line_holds_no_number(words: str, shown: str) -> None:
    record = logging.LogRecord("ivr.x", logging.WARNING, "x.py", 1, words, (), None)
    line = KeyValueFormatter().format(record)
    assert line.endswith(f'level=warning part=ivr.x thread=MainThread words="{shown}"')
    assert "2125550123" not in line


# --- What became of it ------------------------------------------------------------------------------------------------


def test_campaigns_are_listed_the_newest_first(desk: Desk) -> None:
    desk.said("reminders", "new", "autumn", "--days", "2", *BY)
    assert desk.said("reminders", "list") == [
        "autumn  draft  compression-fracture  appointment reminder  2 days before  by Ana",
        "spring  draft  compression-fracture  appointment reminder  3 1 days before  by Ana",
        "2 campaigns.",
    ]


def test_a_list_of_campaigns_counts_their_attempts_by_state(desk: Desk) -> None:
    desk.upload(ANA, BEN)
    desk.said("optout", "add", "+12125550124", *BY)
    assert desk.said("reminders", "list") == [
        "spring  draft  compression-fracture  appointment reminder  3 1 days before  by Ana  2 queued, 2 opted_out",
        "1 campaign.",
    ]


def test_the_status_tells_states_pace_and_what_is_next(desk: Desk) -> None:
    desk.upload(ANA, BEN)
    desk.said("reminders", "start", "spring", "--yes-start", "spring", *BY)
    assert desk.said("reminders", "status", "spring") == [
        "spring is running.",
        "queued              4",
        "calls/minute        0",
        "next due     2026-11-30 09:00",
    ]


def test_the_status_counts_the_calls_of_the_last_minute(at_nine: Desk) -> None:
    at_nine.said("reminders", "run", "--once-idle", "--threads", "2")
    assert at_nine.said("reminders", "status", "spring") == [
        "spring is running.",
        "queued              2",
        "answered            2",
        "calls/minute        2",
        "next due     2026-12-02 09:00",
    ]


def test_watching_goes_on_until_ctrl_c(capsys: pytest.CaptureFixture[str]) -> None:
    shown: Iterator[list[str]] = iter([["one"], ["two"]])
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            raise KeyboardInterrupt

    watch_lines(lambda: next(shown), wait)
    assert capsys.readouterr().out == "one\ntwo\n\n"
    assert waits == [2.0, 2.0]


def test_the_report_is_a_row_a_patient_and_no_cell_is_a_formula(desk: Desk) -> None:
    desk.upload(ANA.replace("Ana Ruiz", '"=HYPERLINK(""http://x"")"'), BEN)
    out = desk.folder / "report.csv"
    said = desk.said("reminders", "report", "spring", "--out", str(out), *BY)
    assert said == [f"2 patients in {out}. It holds names and numbers: keep it safe."]
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"))))
    assert [(row["name"], row["phone"], row["appointment"]) for row in rows] == [
        ('\'=HYPERLINK("http://x")', "'+12125550123", "2026-12-03 10:00"),
        ("Ben Ito", "'+12125550124", "2026-12-03 10:00"),
    ]
    assert desk.audited()[-1] == ("Ana", "report seen")


def test_a_report_of_another_kind_is_refused(desk: Desk) -> None:
    out = str(desk.folder / "report.doc")
    said = desk.refused("reminders", "report", "spring", "--out", out, *BY)
    assert said == ["Error: report.doc: Name the file .csv or .xlsx."]


def test_h2_the_funnel_never_counts_a_voicemail_as_heard(at_nine: Desk) -> None:
    person, machine, *_ = attempts(at_nine)
    at_nine.store.dialer.take_report(Report("1", person, "CA1", "completed", "human", 60), lambda _: None)
    at_nine.store.line.keep_reply(person, Reply.CONFIRM)
    for clip in (1, 2):
        at_nine.store.line.keep_preparation_heard(person, clip, 4)
    at_nine.store.dialer.take_report(Report("2", machine, "CA2", "completed", "machine_end_beep", 30), lambda _: None)
    assert at_nine.said("reminders", "funnel", "spring") == [
        "language                  people    called   reached confirmed      half       all    change     wrong"
        " opted out",
        "en English                     1         1         1         1         1         0         0         0"
        "         0",
        "es Spanish                     1         1         0         0         0         0         0         0"
        "         0",
        "half, all: how much of the preparation was heard. A voicemail is never counted as heard.",
    ]
    shown = json.loads("\n".join(at_nine.said("reminders", "funnel", "spring", "--json")))
    assert [(row["language"], row["reached"], row["heard_half"]) for row in shown] == [("en", 1, 1), ("es", 0, 0)]


def test_tasks_are_listed_with_whom_to_call_and_are_done_once(at_nine: Desk) -> None:
    at_nine.store.line.keep_reply(attempts(at_nine)[1], Reply.CHANGE)
    assert at_nine.said("reminders", "tasks", "spring", *BY) == [
        "1  wants to change or cancel  +12125550124  Ben Ito  A-2  es  appointment 2026-12-03 10:00",
        "1 open.",
    ]
    assert at_nine.said("reminders", "done", "1", *BY) == ["Task 1 is done."]
    assert at_nine.said("reminders", "tasks", *BY) == ["0 open."]
    assert at_nine.refused("reminders", "done", "1", *BY) == ["Error: There is no open task 1."]
    assert [action for _, action in at_nine.audited()[-3:]] == ["tasks seen", "task done", "tasks seen"]


NEAR = "no more calls go out, and the appointment is near: reach them by hand"


def test_c7_who_stopped_the_calls_shortly_before_the_appointment_is_for_staff_to_reach_by_hand(at_nine: Desk) -> None:
    at_nine.store.line.keep_reply(attempts(at_nine)[1], Reply.STOP)
    assert at_nine.said("reminders", "tasks", "spring", *BY) == [
        f"1  {NEAR}  +12125550124  Ben Ito  A-2  es  appointment 2026-12-03 10:00",
        "1 open.",
    ]
    assert at_nine.said("reminders", "done", "1", *BY) == ["Task 1 is done."]
    assert at_nine.said("reminders", "tasks", *BY) == ["0 open."]


def test_a_wrong_number_is_one_task_and_not_two(at_nine: Desk) -> None:
    at_nine.store.line.keep_reply(attempts(at_nine)[1], Reply.WRONG_NUMBER)
    *tasks, count = at_nine.said("reminders", "tasks", "spring", *BY)
    assert (len(tasks), count, NEAR in tasks[0]) == (1, "1 open.", False)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (
            "73",
            [
                "+12125550123  Ana Ruiz  A-1  en  appointment 2026-12-03 10:00",
                "1 have not heard how to prepare.",
            ],
        ),
        ("72", ["0 have not heard how to prepare."]),
    ],
)
def test_who_is_near_and_unprepared_is_listed(at_nine: Desk, hours: str, expected: list[str]) -> None:
    for clip in (1, 2, 3, 4):
        at_nine.store.line.keep_preparation_heard(attempts(at_nine)[1], clip, 4)
    assert at_nine.said("reminders", "unprepared", "spring", "--within", hours, *BY) == expected
    assert at_nine.audited()[-1] == ("Ana", "unprepared seen")
