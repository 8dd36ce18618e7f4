"""What the network reports: in every order, twice, late or never, an attempt ends in the same state."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import Connection, select

from ivr.line.nodes import Reply
from ivr.reminders.attempts import read_report
from ivr.reminders.rules.appointments import Retries
from ivr.store.calls import replies
from ivr.store.campaigns import sending, settling
from ivr.store.campaigns.queue import make_id
from ivr.store.campaigns.settling import EndedCall, NextTry, Report
from ivr.store.reminder_schema import AttemptRow, TaskRow
from tests.reminders.dialing import NOON, Clinic, booking, rulebook

LEASE = timedelta(seconds=60)
TOMORROW = NOON + timedelta(days=1)
SENT = "sent"
"""The answer to our own request, among the reports."""
SAMPLED = 24
"""How many orders PostgreSQL is tried with; SQLite is tried with all of them."""


def never(_: EndedCall) -> datetime | None:
    return None


def tomorrow(_: EndedCall) -> datetime | None:
    return TOMORROW


def after_machines(ended: EndedCall) -> datetime | None:
    """A clinic that tries again where a machine answered."""
    return TOMORROW if ended.outcome == "machine" else None


def report(attempt: str, status: str, sid: str = "CA1", by: str = "", seconds: int | None = None) -> Report:
    return Report(f"{sid}/{status}", attempt, sid, status, by, seconds)


def machine(attempt: str, by: str, sid: str = "CA1") -> Report:
    """What the detector says beside the call."""
    return Report(f"{sid}/machine/{by}", attempt, sid, "", by)


def dialing(clinic: Clinic) -> str:
    """One attempt of which nobody knows yet whether its call left."""
    clinic.campaign()
    [(attempt, _)] = clinic.store.dialer.claim("one", 1, LEASE)
    clinic.store.dialer.intend(attempt, "one", lambda _: None, ("AC1", 1e6), LEASE)
    return attempt


def only(clinic: Clinic) -> Any:
    [row] = clinic.attempts()
    return row


# --- Every order -----------------------------------------------------------------------------------------------------

ANSWERED = ("initiated", "ringing", "in-progress", "completed")
SHORT = ANSWERED[1:]
"""Enough for what differs in who answered; all of them in every order are seven hundred and twenty."""
Event = str | tuple[str, str]
CALLS: dict[str, tuple[tuple[Event, ...], bool, str, int]] = {
    "a person": ((*ANSWERED, ("by", "human")), False, "answered", 1),
    "a person who pressed the key, taken for a machine": ((*SHORT, ("by", "machine_start")), True, "answered", 1),
    "a machine": ((*SHORT, ("by", "machine_end_beep")), False, "machine", 2),
    "nobody knows": ((*SHORT, ("by", "unknown")), False, "machine", 2),
    "without a detector's word": (SHORT, False, "machine", 2),
    "no answer": (("initiated", "ringing", "no-answer"), False, "no_answer", 1),
    "busy": (("initiated", "busy"), False, "busy", 1),
    "cancelled by us": (("initiated", "ringing", "canceled"), False, "cancelled", 1),
}
"""What happens, whether somebody passes the gate, how the attempt ends, and how many tries the reminder then has."""


def take(connection: Connection, attempt: str, event: Event, find_next_try: NextTry) -> None:
    """One event reaches us."""
    sid = f"CA-{attempt}"
    if event == SENT:
        sending.mark_sent(connection, NOON, attempt, sid)
    elif isinstance(event, tuple):
        settling.take_report(connection, NOON, machine(attempt, event[1], sid), find_next_try, make_id)
    else:
        settling.take_report(connection, NOON, report(attempt, event, sid), find_next_try, make_id)


def in_every_order(events: Sequence[Event], draw: random.Random) -> list[list[Event]]:
    """Every order of the events and of our request's answer, with one report in each that comes a second time."""
    orders = []
    for order in permutations((SENT, *events)):
        doubled: list[Event] = list(order)
        doubled.insert(draw.randrange(len(order) + 1), draw.choice(events))
        orders.append(doubled)
    return orders


@pytest.mark.parametrize("name", CALLS)
def test_reports_in_every_order_and_twice_give_the_same_end(clinic: Clinic, name: str) -> None:
    events, passes, state, tries = CALLS[name]
    orders = in_every_order(events, random.Random(name))  # noqa: S311  # the same orders in every run
    if clinic.url.startswith("postgresql") and len(orders) > SAMPLED:  # the order matters to the rules alone
        orders = orders[:: len(orders) // SAMPLED]
    clinic.campaign(*(booking(index) for index in range(len(orders))))
    clinic.change(AttemptRow, state="dialing", claimed_by="one", dialing_at=NOON, lease_until=NOON + LEASE)
    attempts = [row.id for row in clinic.attempts()]
    with clinic.connection() as connection:
        for attempt, order in zip(attempts, orders, strict=True):
            if passes:
                replies.mark_gate_passed(connection, NOON, attempt)
            for event in order:
                take(connection, attempt, event, after_machines)
        wrong = [order for attempt, order in zip(attempts, orders, strict=True) if not ends(connection, attempt, state)]
        assert wrong == []
        assert connection.execute(select(TaskRow)).all() == []
    assert len(clinic.attempts()) == tries * len(attempts)


def ends(connection: Connection, attempt: str, state: str) -> bool:
    columns = (AttemptRow.state, AttemptRow.sid, AttemptRow.claimed_by, AttemptRow.lease_until, AttemptRow.ended_at)
    found = connection.execute(select(*columns).where(AttemptRow.id == attempt)).one()
    return tuple(found) == (state, f"CA-{attempt}", None, None, NOON)


# --- One report ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "by", "state"),
    [
        ("completed", "human", "answered"),
        ("completed", "machine_end_beep", "machine"),
        ("completed", "fax", "machine"),
        ("completed", "unknown", "machine"),
        ("completed", "", "machine"),
        ("busy", "", "busy"),
        ("no-answer", "", "no_answer"),
        ("failed", "", "failed"),
        ("canceled", "", "cancelled"),
    ],
)
def test_h2_each_end_has_its_state(clinic: Clinic, status: str, by: str, state: str) -> None:
    attempt = dialing(clinic)
    clinic.clock.passes(seconds=30)
    assert clinic.store.dialer.take_report(report(attempt, status, by=by, seconds=21), never)
    row = only(clinic)
    found = (row.state, row.why, row.seconds, row.answered_by, row.ended_at)
    assert found == (state, status, 21, by, NOON + timedelta(seconds=30))


def test_h3_a_key_at_the_gate_makes_it_a_person_whatever_the_detector_says(clinic: Clinic) -> None:
    attempt = dialing(clinic)
    clinic.store.line.mark_gate_passed(attempt)
    clinic.store.dialer.take_report(report(attempt, "completed", by="machine_start"), never)
    assert clinic.states() == ["answered"]


def test_a_report_that_was_taken_before_does_nothing(clinic: Clinic) -> None:
    attempt = dialing(clinic)
    assert clinic.store.dialer.take_report(report(attempt, "ringing"), never)
    before = clinic.attempts()
    clinic.clock.passes(seconds=1)
    assert not clinic.store.dialer.take_report(report(attempt, "ringing"), never)
    assert clinic.attempts() == before


def test_a_report_about_no_attempt_of_ours_does_nothing(clinic: Clinic) -> None:
    attempt = dialing(clinic)
    before = clinic.attempts()
    assert not clinic.store.dialer.take_report(report("no attempt", "completed"), never)
    assert clinic.attempts() == before
    assert clinic.store.dialer.take_report(report(attempt, "completed"), never)


@pytest.mark.parametrize("state", ["queued", "claimed", "dialing"])
def test_a_call_that_did_leave_is_not_dialed_again_whatever_we_knew(clinic: Clinic, state: str) -> None:
    clinic.campaign()
    clinic.change(AttemptRow, state=state)
    clinic.store.dialer.take_report(report(only(clinic).id, "ringing"), never)
    row = only(clinic)
    assert (row.state, row.sid, row.dialing_at) == ("placed", "CA1", NOON)
    clinic.store.dialer.requeue_unsent()
    assert clinic.store.dialer.claim("one", 1, LEASE) == []


@pytest.mark.parametrize("state", ["opted_out", "cancelled", "expired", "failed"])
def test_c5_a_call_that_left_although_its_attempt_had_ended_counts_and_is_for_a_person(
    clinic: Clinic, state: str
) -> None:
    clinic.campaign()
    clinic.change(AttemptRow, state=state, ended_at=NOON)
    for status in ("ringing", "completed"):
        clinic.store.dialer.take_report(report(only(clinic).id, status), never)
    row = only(clinic)
    assert (row.state, row.sid, row.dialing_at) == (state, "CA1", NOON)
    assert clinic.tasks() == [("needs_review", "a call left though the attempt had ended")]


@pytest.mark.parametrize(
    ("first", "state"), [("ringing", "needs_review"), ("in-progress", "needs_review"), ("no-answer", "no_answer")]
)
def test_two_calls_for_one_attempt_are_for_a_person(clinic: Clinic, first: str, state: str) -> None:
    """Where the first one has ended, how it ended stays."""
    attempt = dialing(clinic)
    clinic.store.dialer.take_report(report(attempt, first, "CA1"), never)
    for status in ("ringing", "completed"):
        assert clinic.store.dialer.take_report(report(attempt, status, "CA2"), never)
    clinic.store.dialer.take_report(report(attempt, "completed", "CA1"), never)
    assert (only(clinic).state, only(clinic).sid) == (state, "CA1")
    assert clinic.tasks() == [("needs_review", "two calls left for one attempt")]


# --- As its fields came ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ({"CallSid": "CA1", "CallStatus": "ringing"}, Report("CA1/ringing", "a", "CA1", "ringing")),
        (
            {"CallSid": "CA1", "CallStatus": "completed", "CallDuration": "42", "AnsweredBy": "human"},
            Report("CA1/completed", "a", "CA1", "completed", "human", 42),
        ),
        (
            {"CallSid": "CA1", "AnsweredBy": "machine_start", "MachineDetectionDuration": "4000"},
            Report("CA1/machine/machine_start", "a", "CA1", "", "machine_start"),
        ),
        ({"CallSid": "CA1", "CallStatus": "busy", "CallDuration": "-1"}, Report("CA1/busy", "a", "CA1", "busy")),
        ({"CallSid": "CA1", "CallStatus": "busy", "CallDuration": "9" * 30}, Report("CA1/busy", "a", "CA1", "busy")),
        ({"CallSid": "CA1", "CallStatus": "abducted"}, None),
        ({"CallSid": "CA1"}, None),
        ({"CallStatus": "completed"}, None),
        ({}, None),
    ],
)
def test_a_callback_is_read_as_a_report_or_not_at_all(told: dict[str, str], read: Report | None) -> None:
    assert read_report("a", told) == read


# --- The next try ----------------------------------------------------------------------------------------------------


def test_the_next_try_is_queued_once(clinic: Clinic) -> None:
    attempt = dialing(clinic)
    for status in ("no-answer", "no-answer", "completed"):
        clinic.store.dialer.take_report(report(attempt, status), tomorrow)
    first, second = clinic.attempts()
    assert (first.state, second.state) == ("no_answer", "queued")
    found = (second.days, second.number, second.due_at, second.until_at, second.number_hash, second.recipient_id)
    assert found == (first.days, 2, TOMORROW, first.until_at, first.number_hash, first.recipient_id)
    assert second.id != first.id


def test_whoever_decides_about_the_next_try_is_told_what_it_needs(clinic: Clinic) -> None:
    attempt = dialing(clinic)
    clinic.clock.passes(minutes=1)
    told: list[EndedCall] = []
    clinic.store.dialer.take_report(report(attempt, "busy"), lambda ended: told.append(ended))
    until = NOON + timedelta(days=2)
    assert told == [EndedCall("busy", 1, NOON + timedelta(minutes=1), until, ("America/New_York",), (NOON,))]


@pytest.mark.parametrize("reply", [Reply.CONFIRM, Reply.CHANGE, Reply.WRONG_NUMBER])
def test_a_patient_who_replied_is_not_called_again(clinic: Clinic, reply: Reply) -> None:
    attempt = dialing(clinic)
    clinic.store.line.keep_reply(attempt, reply)
    clinic.store.dialer.take_report(report(attempt, "no-answer"), tomorrow)
    assert clinic.states() == ["no_answer"]


def test_a_person_who_is_known_late_needs_no_other_try(clinic: Clinic) -> None:
    attempt = dialing(clinic)
    clinic.store.dialer.take_report(report(attempt, "completed"), after_machines)
    assert clinic.states() == ["machine", "queued"]
    clinic.store.dialer.take_report(machine(attempt, "human"), after_machines)
    assert clinic.states() == ["answered"]


def test_a_next_try_that_is_on_its_way_already_stays(clinic: Clinic) -> None:
    attempt = dialing(clinic)
    clinic.store.dialer.take_report(report(attempt, "completed"), after_machines)
    clinic.clock.passes(days=1)
    [(second, _)] = clinic.store.dialer.claim("one", 1, LEASE)
    clinic.store.dialer.intend(second, "one", lambda _: None, ("AC1", 1e6), LEASE)
    clinic.store.dialer.take_report(machine(attempt, "human"), after_machines)
    assert clinic.states() == ["answered", "dialing"]


def test_c10_a_reminder_has_three_tries_at_most(clinic: Clinic) -> None:
    until = NOON + timedelta(days=20)
    due = booking(0).dues[0]
    clinic.campaign(booking(0, dues=(type(due)(due.days, due.at, until),)))
    rules = rulebook({"no_answer": Retries(9, timedelta(hours=1)), "busy": Retries(3, timedelta(hours=20))})
    dialed: list[float] = []
    while waiting := [row for row in clinic.attempts() if row.state == "queued"]:
        clinic.clock.now = waiting[0].due_at
        [(attempt, _)] = clinic.store.dialer.claim("one", 1, LEASE)
        clinic.store.dialer.intend(attempt, "one", rules.judge, ("AC1", 1e6), LEASE)
        clinic.store.dialer.take_report(report(attempt, "no-answer", f"CA{len(dialed)}"), rules.find_next_try)
        dialed.append((clinic.clock.now - NOON) / timedelta(hours=1))
    assert dialed == [0.0, 21.0, 45.0]


def test_a_campaign_that_was_stopped_has_no_next_try(clinic: Clinic) -> None:
    attempt = dialing(clinic)
    clinic.act("stop")
    clinic.store.dialer.take_report(report(attempt, "no-answer"), tomorrow)
    clinic.store.dialer.requeue_unsent()
    assert clinic.states() == ["no_answer", "cancelled"]
