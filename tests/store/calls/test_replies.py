"""What people answer to a reminder, and who said stop: kept before it is spoken of, and for every campaign."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from ivr.line.nodes import Reply, WrongAnswer
from ivr.store.calls.replies import Appointment
from ivr.store.campaigns.opt_outs import OptOut
from ivr.store.campaigns.queue import DialOrder, Held
from ivr.store.reminder_schema import AttemptRow, RecipientRow
from ivr.store.schema import AuditRow
from tests.reminders.dialing import BY, NOON, Clinic, booking, number

LEASE = timedelta(seconds=60)
MINUTE = timedelta(minutes=1)


def a_call(clinic: Clinic, campaign: str = "spring") -> str:
    """A patient's first attempt, under way."""
    clinic.campaign(name=campaign)
    clinic.change(AttemptRow, state="placed", sid="CA1")
    return str(clinic.attempts()[0].id)


def recipient(clinic: Clinic) -> Any:
    [row] = clinic.recipients()
    return row


def audited(clinic: Clinic) -> list[tuple[str, str, str]]:
    with clinic.connection() as connection:
        found = connection.execute(select(AuditRow.staff, AuditRow.action, AuditRow.subject).order_by(AuditRow.id))
        return [(row[0], row[1], row[2]) for row in found]


# --- Opt-outs --------------------------------------------------------------------------------------------------------


def test_c7_an_opt_out_takes_what_waits_off_the_queue_of_every_campaign(clinic: Clinic) -> None:
    clinic.campaign(booking(0), name="spring")
    clinic.campaign(booking(0), booking(1), name="summer")
    clinic.clock.passes(minutes=1)
    clinic.store.dialer.claim("one", 1, LEASE)
    assert clinic.store.staff.opt_outs.enter_opt_out(number(0), "staff", BY)
    found = [(row.state, row.why, row.ended_at, row.claimed_by) for row in clinic.attempts()]
    ended = ("opted_out", "opted out (staff)", NOON + MINUTE, None)
    assert found == [ended, ended, ("queued", "", None, None)]


def test_c7_a_claimed_call_to_that_number_never_leaves(clinic: Clinic) -> None:
    clinic.campaign()
    [(attempt, _)] = clinic.store.dialer.claim("one", 1, LEASE)
    clinic.store.staff.opt_outs.enter_opt_out(number(0), "staff", BY)
    assert clinic.store.dialer.intend(attempt, "one", lambda _: None, ("AC1", 1e6), LEASE) is Held.LOST


def test_c7_what_is_queued_later_never_leaves_either(clinic: Clinic) -> None:
    clinic.store.staff.opt_outs.enter_opt_out(number(0), "staff", BY)
    clinic.campaign()
    [(attempt, _)] = clinic.store.dialer.claim("one", 1, LEASE)
    assert clinic.store.dialer.intend(attempt, "one", lambda _: None, ("AC1", 1e6), LEASE) is Held.ENDED
    assert clinic.states() == ["opted_out"]


@pytest.mark.parametrize("state", ["dialing", "placed", "answered", "no_answer", "needs_review"])
def test_calls_that_left_are_not_undone(clinic: Clinic, state: str) -> None:
    clinic.campaign()
    clinic.change(AttemptRow, state=state)
    clinic.store.staff.opt_outs.enter_opt_out(number(0), "staff", BY)
    assert clinic.states() == [state]


def test_the_same_opt_out_again_changes_nothing(clinic: Clinic) -> None:
    assert clinic.store.staff.opt_outs.enter_opt_out(number(0), "staff", BY)
    clinic.clock.passes(days=1)
    assert not clinic.store.staff.opt_outs.enter_opt_out(number(0), "list", "Ben")
    [one] = clinic.store.staff.opt_outs.list_opt_outs(BY)
    assert one == OptOut(clinic.secrets.hash_number(number(0)), NOON, "staff", BY, number(0))


def test_an_opt_out_can_be_taken_back(clinic: Clinic) -> None:
    clinic.store.staff.opt_outs.enter_opt_out(number(0), "staff", BY)
    assert (clinic.store.staff.opt_outs.is_out(number(0)), clinic.store.staff.opt_outs.is_out(number(1))) == (
        True,
        False,
    )
    assert clinic.store.staff.opt_outs.take_back_opt_out(number(0), BY)
    assert not clinic.store.staff.opt_outs.take_back_opt_out(number(0), BY)
    assert not clinic.store.staff.opt_outs.is_out(number(0))
    clinic.campaign()
    [(attempt, _)] = clinic.store.dialer.claim("one", 1, LEASE)
    assert isinstance(clinic.store.dialer.intend(attempt, "one", lambda _: None, ("AC1", 1e6), LEASE), DialOrder)


def test_what_staff_do_about_opt_outs_is_audited_without_a_number(clinic: Clinic) -> None:
    clinic.store.staff.opt_outs.enter_opt_out(number(0), "staff", "Ana")
    clinic.store.staff.opt_outs.list_opt_outs("Ben")
    clinic.store.staff.opt_outs.take_back_opt_out(number(0), "Cleo")
    assert audited(clinic) == [
        ("Ana", "opt-out entered", "opt-out by staff"),
        ("Ben", "opt-outs seen", "opt-outs"),
        ("Cleo", "opt-out taken back", "opt-out"),
    ]


# --- Replies ---------------------------------------------------------------------------------------------------------


def test_what_a_call_is_about(clinic: Clinic) -> None:
    attempt = a_call(clinic)
    wanted = Appointment(recipient(clinic).id, "en", NOON + timedelta(days=3), "compression-fracture")
    assert clinic.store.line.find_appointment(attempt) == wanted
    assert clinic.store.line.find_appointment("no attempt") is None


NEAR = ("near", "no more calls go out, and the appointment is near: reach them by hand")


@pytest.mark.parametrize("days", [0, 3, 7, 8])
def test_whoever_stops_the_calls_within_a_week_of_an_appointment_is_reached_by_hand(clinic: Clinic, days: int) -> None:
    clinic.campaign(booking(0))
    clinic.change(RecipientRow, appointment_at=NOON + timedelta(days=days))
    clinic.store.line.enter_opt_out(number(0))
    assert clinic.tasks() == ([NEAR] if days <= 7 else [])


def test_staff_who_enter_an_opt_out_know_of_it_and_get_no_task(clinic: Clinic) -> None:
    clinic.campaign(booking(0))
    clinic.store.staff.opt_outs.enter_opt_out(number(0), "staff", "Ana")
    assert clinic.tasks() == []


@pytest.mark.parametrize(
    ("reply", "kept", "tasks", "out", "elsewhere"),
    [
        (Reply.CONFIRM, "confirm", [], False, "queued"),
        (Reply.CHANGE, "change", [("change", "wants to change or cancel")], False, "queued"),
        (Reply.WRONG_NUMBER, "wrong-number", [("wrong_number", "the number is wrong"), NEAR], True, "opted_out"),
        (Reply.STOP, "", [NEAR, NEAR], True, "opted_out"),
    ],
)
def test_h3_c7_each_reply_does_what_it_says_once(
    clinic: Clinic, reply: Reply, kept: str, tasks: list[tuple[str, str]], out: bool, elsewhere: str
) -> None:
    """`elsewhere` is what becomes of another campaign's call to the same number. Both appointments are near; a wrong
    number has a task of its own already."""
    attempt = a_call(clinic)
    clinic.campaign(booking(0), name="summer")
    for _ in range(2):
        assert clinic.store.line.keep_reply(attempt, reply)
    first, _ = clinic.recipients()
    assert (first.reply, clinic.tasks(), clinic.store.staff.opt_outs.is_out(number(0))) == (kept, tasks, out)
    assert clinic.states() == ["placed", elsewhere]


@pytest.mark.parametrize(
    ("reply", "state", "why"),
    [
        (Reply.CONFIRM, "queued", ""),
        (Reply.CHANGE, "cancelled", "replied: change"),
        (Reply.WRONG_NUMBER, "cancelled", "replied: wrong-number"),
        (Reply.STOP, "opted_out", "opted out (key)"),
    ],
)
def test_what_waits_for_the_same_patient_ends_with_the_reply(
    clinic: Clinic, reply: Reply, state: str, why: str
) -> None:
    due = booking(0).dues[0]
    clinic.campaign(booking(0, dues=(due, type(due)(1, NOON + timedelta(days=1), due.until))))
    called, waits = clinic.attempts()
    clinic.store.dialer.claim("one", 1, LEASE)
    clinic.store.dialer.intend(called.id, "one", lambda _: None, ("AC1", 1e6), LEASE)
    clinic.store.line.keep_reply(called.id, reply)
    found = {row.id: (row.state, row.why) for row in clinic.attempts()}
    assert found == {called.id: ("dialing", ""), waits.id: (state, why)}


@pytest.mark.parametrize("reply", list(Reply))
def test_a_reply_to_no_attempt_of_ours_is_not_kept(clinic: Clinic, reply: Reply) -> None:
    a_call(clinic)
    assert not clinic.store.line.keep_reply("no attempt", reply)
    assert (recipient(clinic).reply, clinic.tasks()) == ("", [])


def test_the_last_reply_about_an_appointment_holds(clinic: Clinic) -> None:
    attempt = a_call(clinic)
    clinic.store.line.keep_reply(attempt, Reply.CHANGE)
    clinic.clock.passes(minutes=1)
    clinic.store.line.keep_reply(attempt, Reply.CONFIRM)
    assert (recipient(clinic).reply, recipient(clinic).replied_at) == ("confirm", NOON + MINUTE)


def test_wrong_answers_to_the_check_are_one_task(clinic: Clinic) -> None:
    attempt = a_call(clinic)
    for reply in (WrongAnswer("ride"), WrongAnswer("eating"), WrongAnswer("ride")):
        assert clinic.store.line.keep_reply(attempt, reply)
    assert recipient(clinic).check_wrong == "eating ride"
    assert clinic.tasks() == [("check", "a question about the preparation was answered wrongly")]


@pytest.mark.parametrize(
    ("played", "clips", "whole"),
    [([1], 1, False), ([1, 2], 2, False), ([1, 2, 3], 3, True), ([3, 1], 1, False), ([1, 1, 2], 2, False)],
)
def test_what_was_heard_of_the_preparation_is_counted(
    clinic: Clinic, played: list[int], clips: int, whole: bool
) -> None:
    attempt = a_call(clinic)
    for clip in played:
        clinic.store.line.keep_preparation_heard(attempt, clip, 3)
        clinic.clock.passes(minutes=1)
    row = recipient(clinic)
    assert (row.prep_clips, row.prep_of, row.prep_ended_at is not None) == (clips, 3, whole)


# --- The machine -----------------------------------------------------------------------------------------------------


def test_h2_a_machine_may_be_left_its_message(clinic: Clinic) -> None:
    attempt = a_call(clinic)
    assert clinic.store.line.find_machine_message(attempt) == ("en", "compression-fracture")
    assert clinic.store.line.find_machine_message("no attempt") is None


def test_h2_h3_no_message_is_left_where_somebody_pressed_a_key(clinic: Clinic) -> None:
    attempt = a_call(clinic)
    clinic.store.line.mark_gate_passed(attempt)
    assert clinic.store.line.find_machine_message(attempt) is None


def test_h2_a_reminder_leaves_its_message_once(clinic: Clinic) -> None:
    due = booking(0).dues[0]
    clinic.campaign(booking(0, dues=(due, type(due)(1, NOON, due.until))))
    first, other = clinic.attempts()
    with clinic.connection() as connection:
        row = {**first._mapping, "id": "second try", "number": 2, "state": "placed"}
        connection.execute(AttemptRow.__table__.insert(), row)  # type: ignore[attr-defined]
        changed = AttemptRow.__table__.update().where(AttemptRow.id == first.id)  # type: ignore[attr-defined]
        connection.execute(changed.values(state="machine"))
    assert clinic.store.line.find_machine_message("second try") is None
    assert clinic.store.line.find_machine_message(other.id) == ("en", "compression-fracture")


def test_the_first_key_at_the_gate_is_the_moment_that_counts(clinic: Clinic) -> None:
    attempt = a_call(clinic)
    clinic.store.line.mark_gate_passed(attempt)
    clinic.clock.passes(minutes=1)
    clinic.store.line.mark_gate_passed(attempt)
    assert clinic.attempts()[0].passed_at == NOON
