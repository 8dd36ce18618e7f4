"""The queue of attempts: who gets one, whether its call may leave right now, what becomes of those that got stuck."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, text, update

from ivr.errors import StoreError
from ivr.line.nodes import Reply
from ivr.reminders.rules.appointments import CallingHours
from ivr.reminders.rules.judging import Rulebook
from ivr.reminders.rules.profiles import make_custom_profile
from ivr.store.campaigns import queue
from ivr.store.campaigns.queue import AttemptEvidence, AttemptJudge, DialOrder, Held, Later, Never, Wait
from ivr.store.campaigns.settling import Report
from ivr.store.campaigns.stuck import DoubtfulAttempt
from ivr.store.reminder_schema import AttemptRow, ConsentRow, RecipientRow
from tests.reminders.dialing import BY, CALLER, NOON, SID, Clinic, booking, number, opened, rulebook

LEASE = timedelta(seconds=60)
NEVER_FULL = (SID, 1e6)
Spoil = Callable[[Clinic], object]


def allow(evidence: AttemptEvidence) -> Later | Never | None:
    return None


def nobody(_: object) -> None:
    """No next try."""


def claim(clinic: Clinic, worker: str = "one", most: int = 1) -> list[str]:
    return [attempt for attempt, _ in clinic.store.dialer.claim(worker, most, LEASE)]


def intend(clinic: Clinic, attempt: str, judge: AttemptJudge = allow, pace: tuple[str, float] = NEVER_FULL) -> object:
    return clinic.store.dialer.intend(attempt, "one", judge, pace, LEASE)


def dialing(clinic: Clinic) -> str:
    """One attempt whose intent was granted."""
    [attempt] = claim(clinic)
    assert isinstance(intend(clinic, attempt), DialOrder)
    return attempt


def only(clinic: Clinic) -> Any:
    """The one attempt that there is."""
    [row] = clinic.attempts()
    return row


# --- Claim -----------------------------------------------------------------------------------------------------------


def test_the_longest_due_are_claimed_first_and_no_more_than_asked(clinic: Clinic) -> None:
    clinic.campaign(booking(2), booking(0), booking(1))
    clinic.clock.passes(minutes=1)
    due = {row.due_at.microsecond: row.id for row in clinic.attempts()}
    assert clinic.store.dialer.claim("one", 2, LEASE) == [
        (due[n], clinic.secrets.hash_number(number(n))) for n in (0, 1)
    ]
    assert claim(clinic, "two", 2) == [due[2]]
    assert claim(clinic, "two", 2) == []


def test_a_claim_says_whose_it_is_and_until_when(clinic: Clinic) -> None:
    clinic.campaign()
    claim(clinic, "one")
    row = only(clinic)
    assert (row.state, row.claimed_by, row.lease_until) == ("claimed", "one", NOON + LEASE)


def test_what_is_not_due_yet_is_not_claimed(clinic: Clinic) -> None:
    clinic.campaign(booking(1))
    assert claim(clinic) == []
    clinic.clock.passes(seconds=1)
    assert len(claim(clinic)) == 1


@pytest.mark.parametrize(("verbs", "found"), [([], 0), (["start"], 1), (["start", "pause"], 0), (["start", "stop"], 0)])
def test_only_running_campaigns_are_claimed_from(clinic: Clinic, verbs: list[str], found: int) -> None:
    clinic.campaign(running=False)
    for verb in verbs:
        clinic.act(verb)
    assert len(claim(clinic)) == found


def test_a_claim_takes_from_several_campaigns(clinic: Clinic) -> None:
    clinic.campaign(booking(0), name="spring")
    clinic.campaign(booking(0), name="summer")
    assert len(claim(clinic, most=5)) == 2


def test_two_workers_never_get_the_same_attempt(clinic: Clinic) -> None:
    clinic.campaign(*(booking(index) for index in range(60)))
    clinic.clock.passes(minutes=1)
    taken: dict[str, list[str]] = {"one": [], "two": [], "three": []}

    def work(worker: str) -> None:
        with opened(clinic.url, clinic.clock) as own:
            while got := claim(own, worker, 3):
                taken[worker] += got

    threads = [threading.Thread(target=work, args=(worker,)) for worker in taken]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one for some in taken.values() for one in some) == sorted(row.id for row in clinic.attempts())


# --- Intent ----------------------------------------------------------------------------------------------------------


def test_an_intent_that_is_granted_gives_all_that_the_request_needs(clinic: Clinic) -> None:
    clinic.campaign()
    [attempt] = claim(clinic)
    clinic.clock.passes(seconds=5)
    wanted = DialOrder(attempt, number(0), clinic.secrets.hash_number(number(0)), CALLER, "en", "compression-fracture")
    assert intend(clinic, attempt) == wanted
    row, now = only(clinic), NOON + timedelta(seconds=5)
    assert (row.state, row.dialing_at, row.lease_until) == ("dialing", now, now + LEASE)


def test_an_intent_is_granted_once(clinic: Clinic) -> None:
    clinic.campaign()
    attempt = dialing(clinic)
    assert intend(clinic, attempt) is Held.LOST


def lease_is_over(clinic: Clinic) -> None:
    clinic.clock.passes(seconds=61)


def taken_by_another(clinic: Clinic) -> None:
    clinic.change(AttemptRow, claimed_by="two")


def never_claimed(clinic: Clinic) -> None:
    clinic.change(AttemptRow, state="queued")


def reported_meanwhile(clinic: Clinic) -> None:
    clinic.store.dialer.take_report(Report("CA1/ringing", only(clinic).id, "CA1", "ringing"), nobody)


def gone(clinic: Clinic) -> None:
    with clinic.connection() as connection:
        connection.execute(delete(AttemptRow))


@pytest.mark.parametrize(
    "spoil", [lease_is_over, taken_by_another, never_claimed, reported_meanwhile, gone], ids=lambda one: one.__name__
)
def test_an_attempt_that_is_not_ones_own_any_more_is_lost(clinic: Clinic, spoil: Spoil) -> None:
    clinic.campaign()
    [attempt] = claim(clinic)
    spoil(clinic)
    before = clinic.attempts()
    assert intend(clinic, attempt) is Held.LOST
    assert clinic.attempts() == before


def test_an_attempt_of_a_paused_campaign_is_put_back_as_it_was(clinic: Clinic) -> None:
    clinic.campaign()
    [attempt] = claim(clinic)
    clinic.act("pause")
    assert intend(clinic, attempt) is Held.PUT_BACK
    row = only(clinic)
    assert (row.state, row.claimed_by, row.lease_until, row.due_at) == ("queued", None, None, NOON)


def opted_out(clinic: Clinic) -> None:
    clinic.store.staff.opt_outs.enter_opt_out(number(0), "staff", BY)
    clinic.change(AttemptRow, state="claimed", claimed_by="one", ended_at=None, why="")


def appointment_is_off(clinic: Clinic) -> None:
    clinic.change(RecipientRow, state="cancelled", reply="confirm")


def wants_a_change(clinic: Clinic) -> None:
    clinic.change(RecipientRow, reply=Reply.CHANGE.value)


def wrong_number(clinic: Clinic) -> None:
    clinic.change(RecipientRow, reply=Reply.WRONG_NUMBER.value)


def no_consent(clinic: Clinic) -> None:
    with clinic.connection() as connection:
        connection.execute(delete(ConsentRow))


def consent_for_something_else(clinic: Clinic) -> None:
    with clinic.connection() as connection:
        connection.execute(update(ConsentRow).values(purpose="exam confirmation"))


def overdue(clinic: Clinic) -> None:
    clinic.change(AttemptRow, until_at=NOON - timedelta(seconds=1))


def campaign_is_stopped(clinic: Clinic) -> None:
    clinic.act("stop")
    clinic.change(AttemptRow, state="claimed", claimed_by="one", lease_until=NOON + LEASE, ended_at=None, why="")


@pytest.mark.parametrize(
    ("spoil", "state", "why"),
    [
        (opted_out, "opted_out", "opted out (staff)"),
        (appointment_is_off, "cancelled", "the appointment is off"),
        (wants_a_change, "cancelled", "replied: change"),
        (wrong_number, "cancelled", "replied: wrong-number"),
        (no_consent, "cancelled", "no consent on record (C1)"),
        (consent_for_something_else, "cancelled", "no consent on record (C1)"),
        (overdue, "expired", "its time is over"),
        (campaign_is_stopped, "cancelled", "the campaign was stopped"),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_c1_c7_what_must_not_be_called_ends_right_before_its_call(
    clinic: Clinic, spoil: Spoil, state: str, why: str
) -> None:
    clinic.campaign()
    [attempt] = claim(clinic)
    spoil(clinic)
    assert intend(clinic, attempt) is Held.ENDED
    row = only(clinic)
    found = (row.state, row.why, row.ended_at, row.claimed_by, row.lease_until, row.dialing_at)
    assert found == (state, why, NOON, None, None, None)


def test_the_judge_is_told_what_its_rules_need(clinic: Clinic) -> None:
    clinic.campaign(booking(0, zones="America/Chicago America/New_York"))
    told: list[AttemptEvidence] = []
    [attempt] = claim(clinic)
    intend(clinic, attempt, lambda evidence: told.append(evidence))
    until, zones = NOON + timedelta(days=2), ("America/Chicago", "America/New_York")
    assert told == [AttemptEvidence(NOON, until, number(0), zones, ())]


def test_a_judge_that_says_never_ends_the_attempt(clinic: Clinic) -> None:
    clinic.campaign()
    [attempt] = claim(clinic)
    assert intend(clinic, attempt, lambda _: Never("cancelled", "C9 number: a premium number")) is Held.ENDED
    assert (only(clinic).state, only(clinic).why) == ("cancelled", "C9 number: a premium number")


def test_a_judge_that_says_later_puts_the_attempt_back(clinic: Clinic) -> None:
    clinic.campaign()
    [attempt] = claim(clinic)
    assert intend(clinic, attempt, lambda _: Later(NOON + timedelta(hours=21))) is Held.PUT_BACK
    assert (only(clinic).state, only(clinic).due_at) == ("queued", NOON + timedelta(hours=21))


def test_later_than_its_time_is_never(clinic: Clinic) -> None:
    clinic.campaign()
    [attempt] = claim(clinic)
    assert intend(clinic, attempt, lambda _: Later(NOON + timedelta(days=2, seconds=1))) is Held.ENDED
    assert (only(clinic).state, only(clinic).why) == ("expired", "no lawful moment is left")


# --- Pace ------------------------------------------------------------------------------------------------------------


def test_without_a_slot_the_attempt_waits_and_stays_claimed(clinic: Clinic) -> None:
    clinic.campaign(booking(0), booking(1))
    clinic.clock.passes(seconds=1)
    first, second = claim(clinic, most=2)
    assert isinstance(intend(clinic, first, pace=(SID, 2.0)), DialOrder)
    assert intend(clinic, second, pace=(SID, 2.0)) == Wait(0.5 - queue.SLACK)
    assert clinic.states() == ["dialing", "claimed"]
    clinic.clock.passes(seconds=0.5)
    assert isinstance(intend(clinic, second, pace=(SID, 2.0)), DialOrder)


def test_another_account_has_a_pace_of_its_own(clinic: Clinic) -> None:
    clinic.campaign(booking(0), booking(1))
    clinic.clock.passes(seconds=1)
    first, second = claim(clinic, most=2)
    assert isinstance(intend(clinic, first, pace=("AC1", 0.1)), DialOrder)
    assert isinstance(intend(clinic, second, pace=("AC2", 0.1)), DialOrder)


def slots(clinic: Clinic, limit: float, asks: list[float]) -> list[float]:
    """The seconds at which slots were granted, to a dialer that asks at these moments."""
    granted = []
    with clinic.connection() as connection:
        for at in asks:
            clinic.clock.now = NOON + timedelta(seconds=at)
            if not isinstance(queue._take_slot(connection, clinic.clock, SID, limit * 0.97), Wait):
                granted.append(at)
    return granted


@pytest.mark.parametrize("limit", [1, 10, 50])
@pytest.mark.parametrize("rhythm", [0.0023, 0.0071, 0.013, 0.0304])
def test_no_second_holds_more_slots_than_the_limit(clinic: Clinic, limit: int, rhythm: float) -> None:
    """However late each slot is asked for: every grant is followed by the one that is `limit` grants later."""
    granted = slots(clinic, limit, [index * rhythm for index in range(round(4 / rhythm))])
    assert len(granted) > 3
    assert [later for one, later in zip(granted, granted[limit:], strict=False) if later - one < 1.0] == []


@pytest.mark.parametrize("limit", [1, 10, 50])
def test_slots_that_are_asked_for_in_time_reach_the_limit(clinic: Clinic, limit: int) -> None:
    granted = slots(clinic, limit, [index * 0.004 for index in range(1251)])
    assert 4.75 * limit <= len(granted) <= 5 * limit + 1


def test_an_account_that_was_idle_has_no_slots_saved_up(clinic: Clinic) -> None:
    assert slots(clinic, 2, [0.0, 60.0, 60.0, 60.1, 60.2]) == [0.0, 60.0]


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_process_that_is_paused_at_the_pacer_does_not_stop_the_others(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ivr.store.transactions.PAUSE_SECONDS", 0.1)
    clinic.campaign()
    [attempt] = claim(clinic)
    paused, others_done, failed = threading.Event(), threading.Event(), []

    def pause(connection: Connection, _: datetime) -> None:
        queue._take_slot(connection, clinic.clock, *NEVER_FULL)
        paused.set()
        others_done.wait(20)
        connection.execute(text("SELECT 1"))

    def work() -> None:
        try:
            clinic.store.transactions.decide(pause)
        except StoreError as error:
            failed.append(error.permanent)

    thread = threading.Thread(target=work)
    thread.start()
    paused.wait()
    assert isinstance(intend(clinic, attempt), DialOrder)
    others_done.set()
    thread.join()
    assert failed == [False]


# --- After the request -----------------------------------------------------------------------------------------------


def test_a_call_that_the_network_took_is_placed(clinic: Clinic) -> None:
    clinic.campaign()
    attempt = dialing(clinic)
    clinic.clock.passes(seconds=1)
    clinic.store.dialer.mark_sent(attempt, "CA1")
    row = only(clinic)
    found = (row.state, row.sid, row.placed_at, row.dialing_at, row.claimed_by, row.lease_until)
    assert found == ("placed", "CA1", NOON + timedelta(seconds=1), NOON, None, None)


def test_an_answer_that_comes_after_the_reports_changes_nothing(clinic: Clinic) -> None:
    clinic.campaign()
    attempt = dialing(clinic)
    clinic.store.dialer.take_report(Report("CA1/busy", attempt, "CA1", "busy"), nobody)
    before = clinic.attempts()
    clinic.store.dialer.mark_sent(attempt, "CA1")
    assert clinic.attempts() == before
    assert (only(clinic).state, only(clinic).sid, clinic.tasks()) == ("busy", "CA1", [])


def test_an_answer_that_names_another_call_than_the_reports_is_for_a_person(clinic: Clinic) -> None:
    clinic.campaign()
    attempt = dialing(clinic)
    clinic.store.dialer.take_report(Report("CA1/ringing", attempt, "CA1", "ringing"), nobody)
    clinic.store.dialer.mark_sent(attempt, "CA2")
    assert (only(clinic).state, only(clinic).sid) == ("needs_review", "CA1")
    assert clinic.tasks() == [("needs_review", "two calls left for one attempt")]


def test_what_was_surely_not_sent_is_free_again_and_counts_for_nothing(clinic: Clinic) -> None:
    clinic.campaign()
    attempt = dialing(clinic)
    clinic.store.dialer.put_back_unsent(attempt, "one", timedelta(seconds=5))
    row = only(clinic)
    found = (row.state, row.due_at, row.dialing_at, row.claimed_by, row.lease_until)
    assert found == ("queued", NOON + timedelta(seconds=5), None, None, None)


def test_only_the_worker_that_holds_it_can_say_that_nothing_was_sent(clinic: Clinic) -> None:
    clinic.campaign()
    attempt = dialing(clinic)
    clinic.store.dialer.put_back_unsent(attempt, "two", timedelta(0))
    assert clinic.states() == ["dialing"]
    clinic.store.dialer.mark_sent(attempt, "CA1")
    clinic.store.dialer.put_back_unsent(attempt, "one", timedelta(0))
    assert clinic.states() == ["placed"]


def test_a_number_that_the_network_refuses_has_failed(clinic: Clinic) -> None:
    clinic.campaign()
    attempt = dialing(clinic)
    clinic.store.dialer.mark_refused(attempt, "Twilio answered 400 (21211).")
    row = only(clinic)
    assert (row.state, row.why, row.ended_at) == ("failed", "Twilio answered 400 (21211).", NOON)


# --- What got stuck --------------------------------------------------------------------------------------------------


def test_a_claim_is_free_again_only_after_its_lease(clinic: Clinic) -> None:
    clinic.campaign()
    claim(clinic)
    clinic.clock.passes(seconds=60)
    assert (clinic.store.dialer.requeue_unsent(), clinic.states()) == (0, ["claimed"])
    clinic.clock.passes(seconds=1)
    assert (clinic.store.dialer.requeue_unsent(), clinic.states()) == (1, ["queued"])
    assert len(claim(clinic, "two")) == 1


def test_an_intent_is_doubtful_only_some_time_after_its_lease(clinic: Clinic) -> None:
    clinic.campaign()
    attempt = dialing(clinic)
    grace = timedelta(seconds=5)
    clinic.clock.passes(seconds=65)
    assert clinic.store.dialer.list_doubtful(grace) == []
    clinic.clock.passes(seconds=1)
    [one] = clinic.store.dialer.list_doubtful(grace)
    assert (one.id, one.worker, one.caller, one.dialing_at, one.lookups) == (attempt, "one", CALLER, NOON, 0)
    assert clinic.store.dialer.read_number(one) == number(0)
    assert clinic.store.dialer.requeue_unsent() == 0


def doubtful(clinic: Clinic) -> DoubtfulAttempt:
    clinic.clock.passes(seconds=61)
    [one] = clinic.store.dialer.list_doubtful(timedelta(0))
    return one


def test_a_call_that_was_found_is_adopted(clinic: Clinic) -> None:
    clinic.campaign()
    attempt = dialing(clinic)
    doubtful(clinic)
    clinic.store.dialer.adopt(attempt, "CA1")
    assert (only(clinic).state, only(clinic).sid) == ("placed", "CA1")
    assert clinic.store.dialer.find_known_sids(["CA1", "CA2"]) == {"CA1"}


def test_a_call_that_is_not_found_is_looked_for_again_before_it_is_free(clinic: Clinic) -> None:
    clinic.campaign()
    dialing(clinic)
    again = timedelta(seconds=20)
    assert clinic.store.dialer.count_search(doubtful(clinic), again, 2) == "waits"
    assert clinic.store.dialer.list_doubtful(timedelta(0)) == []
    assert clinic.store.dialer.count_search(doubtful(clinic), again, 2) == "requeued"
    row = only(clinic)
    assert (row.state, row.dialing_at, row.lookups, row.claimed_by) == ("queued", None, 0, None)


def test_two_searches_at_once_count_once(clinic: Clinic) -> None:
    clinic.campaign()
    dialing(clinic)
    one = doubtful(clinic)
    again = timedelta(seconds=20)
    assert [clinic.store.dialer.count_search(one, again, 2) for _ in range(2)] == ["waits", "waits"]
    assert only(clinic).lookups == 1


def test_a_search_that_was_paused_does_not_free_a_later_call(clinic: Clinic) -> None:
    clinic.campaign()
    dialing(clinic)
    stale = doubtful(clinic)
    clinic.store.dialer.count_search(stale, timedelta(0), 1)
    dialing(clinic)
    assert clinic.store.dialer.count_search(stale, timedelta(0), 1) == "waits"
    assert clinic.states() == ["dialing"]


@pytest.mark.parametrize(
    ("state", "after", "tasks"),
    [
        ("dialing", "needs_review", 1),
        ("placed", "needs_review", 1),
        ("answered", "answered", 0),
        ("needs_review", "needs_review", 0),
    ],
)
def test_what_nobody_can_tell_is_for_a_person_once(clinic: Clinic, state: str, after: str, tasks: int) -> None:
    clinic.campaign()
    clinic.change(AttemptRow, state=state)
    for _ in range(2):
        clinic.store.dialer.send_to_review(only(clinic).id, "two calls may be this one")
    assert clinic.states() == [after]
    assert clinic.tasks() == [("needs_review", "two calls may be this one")] * tasks
    assert claim(clinic) == []


def test_calls_of_which_nothing_was_heard_are_overdue(clinic: Clinic) -> None:
    clinic.campaign()
    attempt = dialing(clinic)
    clinic.store.dialer.mark_sent(attempt, "CA1")
    silence = timedelta(minutes=10)
    clinic.clock.passes(minutes=10)
    assert clinic.store.dialer.list_overdue(silence) == []
    clinic.clock.passes(seconds=1)
    assert clinic.store.dialer.list_overdue(silence) == [(attempt, "CA1")]
    clinic.store.dialer.take_report(Report("CA1/completed", attempt, "CA1", "completed"), nobody)
    assert clinic.store.dialer.list_overdue(silence) == []


# --- Caps over all campaigns -----------------------------------------------------------------------------------------


def twice(clinic: Clinic) -> tuple[str, str]:
    """The same number in two campaigns, both due."""
    clinic.campaign(booking(0), name="spring")
    clinic.campaign(booking(0), name="summer")
    first, second = claim(clinic, most=2)
    return first, second


def states_and_dues(clinic: Clinic) -> list[tuple[str, datetime]]:
    return [(row.state, row.due_at) for row in clinic.attempts()]


def test_c5_a_number_is_called_once_a_day_over_two_campaigns(clinic: Clinic) -> None:
    first, second = twice(clinic)
    assert isinstance(intend(clinic, first, rulebook().judge), DialOrder)
    assert intend(clinic, second, rulebook().judge) is Held.PUT_BACK
    nine_next_day = datetime(2026, 12, 2, 14, tzinfo=UTC)
    assert states_and_dues(clinic) == [("dialing", NOON), ("queued", nine_next_day)]


def test_c10_an_hour_lies_between_two_calls_to_a_number_over_two_campaigns(clinic: Clinic) -> None:
    first, second = twice(clinic)
    plain = rulebook()
    often = make_custom_profile(hours=CallingHours(), countries={"US"}, a_day=2, in_seven_days=9)
    rules = Rulebook(often, plain.hours, plain.closed, {})
    assert isinstance(intend(clinic, first, rules.judge), DialOrder)
    assert intend(clinic, second, rules.judge) is Held.PUT_BACK
    assert states_and_dues(clinic) == [("dialing", NOON), ("queued", NOON + timedelta(hours=1))]


def test_c5_three_calls_in_seven_days_are_the_most_over_all_campaigns(clinic: Clinic) -> None:
    until = NOON + timedelta(days=30)
    due = booking(0).dues[0]
    names = ("winter", "spring", "summer", "autumn")
    for name in names:
        clinic.campaign(booking(0, dues=(queue_due(due, until),)), name=name)
    for _ in range(3):
        [attempt, *_] = claim(clinic, most=4)
        assert isinstance(intend(clinic, attempt, rulebook().judge), DialOrder)
        clinic.clock.passes(days=1)
        clinic.store.dialer.requeue_unsent()
    [last] = claim(clinic, most=4)
    assert intend(clinic, last, rulebook().judge) is Held.PUT_BACK
    [waiting] = [row for row in clinic.attempts() if row.state == "queued"]
    assert waiting.due_at == NOON + timedelta(days=7)


def queue_due(due: Any, until: datetime) -> Any:
    """The same reminder with more time."""
    return type(due)(due.days, due.at, until)


def test_c8_a_call_that_comes_up_too_late_in_the_day_waits_for_the_morning(clinic: Clinic) -> None:
    clinic.campaign()
    clinic.clock.passes(hours=8)
    [attempt] = claim(clinic)
    assert intend(clinic, attempt, rulebook().judge) is Held.PUT_BACK
    assert states_and_dues(clinic) == [("queued", datetime(2026, 12, 2, 14, tzinfo=UTC))]


def test_c8_a_reminder_with_no_lawful_hour_left_is_expired_and_never_late(clinic: Clinic) -> None:
    clinic.campaign(booking(0, dues=(queue_due(booking(0).dues[0], NOON + timedelta(hours=12)),)))
    clinic.clock.passes(hours=8)
    [attempt] = claim(clinic)
    assert intend(clinic, attempt, rulebook().judge) is Held.ENDED
    assert (only(clinic).state, only(clinic).why) == ("expired", "no lawful moment is left before its time is over")


def test_c9_a_premium_number_is_never_dialed(clinic: Clinic) -> None:
    clinic.campaign(booking(0, number="+19002345678"))
    [attempt] = claim(clinic)
    assert intend(clinic, attempt, rulebook().judge) is Held.ENDED
    assert only(clinic).why == (
        "C9 number: This is a premium number, which costs extra, and is never dialed. Ask for another number."
    )


def test_what_was_not_sent_does_not_count_for_the_caps(clinic: Clinic) -> None:
    first, second = twice(clinic)
    intend(clinic, first, rulebook().judge)
    clinic.store.dialer.put_back_unsent(first, "one", timedelta(hours=1))
    assert isinstance(intend(clinic, second, rulebook().judge), DialOrder)


# --- A campaign that is stopped --------------------------------------------------------------------------------------


def test_what_comes_back_to_a_stopped_campaign_ends(clinic: Clinic) -> None:
    clinic.campaign()
    attempt = dialing(clinic)
    clinic.act("stop")
    clinic.store.dialer.put_back_unsent(attempt, "one", timedelta(0))
    clinic.store.dialer.requeue_unsent()
    assert (only(clinic).state, only(clinic).why) == ("cancelled", "the campaign was stopped")
