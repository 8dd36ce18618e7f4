"""Campaigns and their recipients in the database: made, filled again and again, started, paused, stopped."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from ivr.errors import CampaignError, Fault, StoreError
from ivr.line.nodes import Reply
from ivr.store.campaigns.campaigns import Campaign
from ivr.store.campaigns.enrolment import Booking, Due, Enrolled
from ivr.store.campaigns.queue import DialOrder
from ivr.store.campaigns.results import Enlisted
from ivr.store.reminder_schema import AttemptRow, ConsentRow
from ivr.store.schema import AuditRow
from tests.reminders.dialing import BY, CALLER, NOON, PURPOSE, ZONE, Clinic, booking, number

LEASE = timedelta(seconds=60)
DAY = timedelta(days=1)
DRAFT = Campaign(0, "spring", "compression-fracture", PURPOSE, "draft", (3, 1), CALLER, BY, None)


def dues(*days: int, later: timedelta = timedelta(0)) -> tuple[Due, ...]:
    """A reminder so many days before the appointment each, all due from noon on."""
    return tuple(Due(day, NOON + later, NOON + later + DAY) for day in days)


def moved(index: int = 0, by: timedelta = DAY, **changed: Any) -> Booking:
    """A booking at another time."""
    return booking(index, **{"appointment_at": NOON + timedelta(days=3) + by, "dues": dues(3, later=by), **changed})


def tries(clinic: Clinic) -> list[tuple[int, int, str, datetime]]:
    return [(row.days, row.number, row.state, row.due_at) for row in clinic.attempts()]


# --- A campaign ------------------------------------------------------------------------------------------------------


def test_a_campaign_is_found_as_it_was_made(clinic: Clinic) -> None:
    made = clinic.store.staff.campaigns.create(DRAFT)
    assert made == Campaign(made.id, *list(vars(DRAFT).values())[1:])
    assert clinic.store.staff.campaigns.find_campaign("spring") == made


def test_the_newest_campaign_is_listed_first(clinic: Clinic) -> None:
    clinic.campaign(name="spring")
    clinic.campaign(name="summer", running=False)
    assert [(one.name, one.state) for one in clinic.store.staff.campaigns.list_campaigns()] == [
        ("summer", "draft"),
        ("spring", "running"),
    ]


def test_a_name_is_used_once(clinic: Clinic) -> None:
    clinic.store.staff.campaigns.create(DRAFT)
    with pytest.raises(StoreError, match="There is a campaign called 'spring' already"):
        clinic.store.staff.campaigns.create(DRAFT)


def test_a_campaign_that_is_not_there_is_named(clinic: Clinic) -> None:
    with pytest.raises(StoreError, match="There is no campaign called 'autumn'"):
        clinic.store.staff.campaigns.find_campaign("autumn")


@pytest.mark.parametrize(
    ("verbs", "state"),
    [
        (["start"], "running"),
        (["start", "pause"], "paused"),
        (["start", "pause", "resume"], "running"),
        (["start", "stop"], "stopped"),
        (["start", "pause", "stop"], "stopped"),
    ],
)
def test_what_can_be_done_to_a_campaign(clinic: Clinic, verbs: list[str], state: str) -> None:
    clinic.campaign(running=False)
    clinic.clock.passes(minutes=1)
    found = [clinic.act(verb) for verb in verbs][-1]
    assert (found.state, found.started_at) == (state, NOON + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("verbs", "refused"),
    [
        ([], ["pause", "resume", "stop"]),
        (["start"], ["start", "resume"]),
        (["start", "pause"], ["start", "pause"]),
        (["start", "stop"], ["start", "pause", "resume", "stop"]),
    ],
)
def test_what_cannot_be_done_to_a_campaign(clinic: Clinic, verbs: list[str], refused: list[str]) -> None:
    clinic.campaign(running=False)
    for verb in verbs:
        clinic.act(verb)
    before = clinic.store.staff.campaigns.find_campaign("spring")
    for verb in refused:
        with pytest.raises(StoreError, match=f"The campaign 'spring' is {before.state}: it cannot {verb}"):
            clinic.act(verb)
    assert clinic.store.staff.campaigns.find_campaign("spring") == before


FAULTS = (Fault("C2 purpose", "It sells something."), Fault("recipients", "There is nobody to call."))


@pytest.mark.parametrize(("verbs", "verb", "stays"), [([], "start", "draft"), (["start", "pause"], "resume", "paused")])
def test_a_campaign_with_faults_does_not_run_and_all_of_them_are_told(
    clinic: Clinic, verbs: list[str], verb: str, stays: str
) -> None:
    clinic.campaign(running=False)
    for before in verbs:
        clinic.act(before)
    with pytest.raises(CampaignError) as refused:
        getattr(clinic.store.staff.campaigns, verb)("spring", BY, lambda *_: FAULTS)
    assert refused.value.faults == FAULTS
    assert clinic.store.staff.campaigns.find_campaign("spring").state == stays
    with clinic.connection() as connection:
        assert f"campaign {verb}" not in connection.scalars(select(AuditRow.action)).all()


@pytest.mark.parametrize(("verbs", "verb"), [([], "start"), (["start", "pause"], "resume")])
def test_the_judge_is_given_the_campaign_and_who_is_in_it_as_they_stand(
    clinic: Clinic, verbs: list[str], verb: str
) -> None:
    campaign = clinic.campaign(booking(0), booking(1, language="es"), booking(2), running=False)
    for before in verbs:
        clinic.act(before)
    asked: list[tuple[str, list[tuple[str, int]]]] = []

    def judge(judged: Campaign, enlisted: Sequence[Enlisted]) -> tuple[Fault, ...]:
        asked.append((judged.state, [(row.language, row.recipients) for row in enlisted]))
        return ()

    assert getattr(clinic.store.staff.campaigns, verb)("spring", BY, judge).state == "running"
    assert asked == [("paused" if verbs else campaign.state, [("en", 2), ("es", 1)])]


@pytest.mark.parametrize("verb", ["start", "resume"])
def test_nobody_is_judged_where_the_state_already_forbids_it(clinic: Clinic, verb: str) -> None:
    clinic.campaign()

    def judge(*_: object) -> tuple[Fault, ...]:
        raise AssertionError("it is not asked")

    with pytest.raises(StoreError, match=f"it cannot {verb}"):
        getattr(clinic.store.staff.campaigns, verb)("spring", BY, judge)
    with pytest.raises(StoreError, match="There is no campaign called 'autumn'"):
        getattr(clinic.store.staff.campaigns, verb)("autumn", BY, judge)


def test_a_draft_is_discarded_with_its_list_and_the_consents_stay(clinic: Clinic) -> None:
    clinic.campaign(booking(0), name="summer")
    clinic.campaign(booking(1), running=False)
    clinic.store.staff.campaigns.discard("spring", "Ben")
    assert [campaign.name for campaign in clinic.store.staff.campaigns.list_campaigns()] == ["summer"]
    assert (len(clinic.attempts()), len(clinic.recipients())) == (1, 1)
    with clinic.connection() as connection:
        assert len(connection.scalars(select(ConsentRow.id)).all()) == 2
        last = connection.execute(select(AuditRow.staff, AuditRow.action).order_by(AuditRow.id.desc())).first()
        assert tuple(last or ()) == ("Ben", "campaign discarded")


@pytest.mark.parametrize("verbs", [["start"], ["start", "pause"], ["start", "stop"]])
def test_a_campaign_that_was_ever_started_is_not_discarded(clinic: Clinic, verbs: list[str]) -> None:
    clinic.campaign(running=False)
    for verb in verbs:
        clinic.act(verb)
    with pytest.raises(StoreError, match="it cannot be discarded"):
        clinic.store.staff.campaigns.discard("spring", BY)
    assert len(clinic.recipients()) == 1


@pytest.mark.parametrize("verbs", [["start"], ["start", "pause"], ["start", "stop"]])
def test_a_list_that_was_read_for_a_draft_adds_nobody_once_the_campaign_was_started(
    clinic: Clinic, verbs: list[str]
) -> None:
    draft = clinic.campaign(running=False)
    for verb in verbs:
        clinic.act(verb)
    with pytest.raises(StoreError, match="Look at it, and upload the list again"):
        clinic.enrol(draft, booking(1))
    assert len(clinic.recipients()) == 1


def test_a_list_adds_nobody_to_a_draft_that_was_discarded(clinic: Clinic) -> None:
    draft = clinic.campaign(running=False)
    clinic.store.staff.campaigns.discard("spring", BY)
    with pytest.raises(StoreError, match="is discarded now"):
        clinic.enrol(draft, booking(1))
    assert clinic.recipients() == []


def test_an_upload_goes_on_while_its_campaign_is_paused_and_resumed(clinic: Clinic) -> None:
    running = clinic.campaign()
    clinic.act("pause")
    assert clinic.enrol(running, booking(1)) == Enrolled(new=1)
    clinic.act("resume")
    assert clinic.enrol(running, booking(2)) == Enrolled(new=1)


def test_a_stopped_campaign_ends_what_waits_and_what_is_claimed(clinic: Clinic) -> None:
    clinic.campaign(booking(0), booking(1), booking(2))
    clinic.clock.passes(minutes=1)
    (first, _), (_second, _) = clinic.store.dialer.claim("one", 2, LEASE)
    clinic.store.dialer.intend(first, "one", lambda _: None, ("AC1", 1e6), LEASE)
    clinic.act("stop")
    ended = ("cancelled", "the campaign was stopped")
    assert [(row.state, row.why) for row in clinic.attempts()] == [("dialing", ""), ended, ended]


def test_another_campaign_goes_on(clinic: Clinic) -> None:
    clinic.campaign(name="spring")
    clinic.campaign(name="summer")
    clinic.act("stop")
    assert clinic.states() == ["cancelled", "queued"]


def test_who_did_what_is_in_the_audit_trail(clinic: Clinic) -> None:
    campaign = clinic.store.staff.campaigns.create(DRAFT)
    for verb, by in (("start", "Ben"), ("stop", "Cleo")):
        clinic.act(verb, by=by)
    with clinic.connection() as connection:
        found = connection.execute(select(AuditRow.staff, AuditRow.action, AuditRow.subject).order_by(AuditRow.id))
        assert [tuple(row) for row in found] == [
            (BY, "campaign made", f"campaign {campaign.id}"),
            ("Ben", "campaign start", f"campaign {campaign.id}"),
            ("Cleo", "campaign stop", f"campaign {campaign.id}"),
        ]


# --- Uploads ---------------------------------------------------------------------------------------------------------


def test_a_row_becomes_a_recipient_and_a_try_of_each_reminder(clinic: Clinic) -> None:
    campaign = clinic.store.staff.campaigns.create(DRAFT)
    row = booking(0, name="Ana Díaz", dues=dues(3, 1))
    assert clinic.enrol(campaign, row) == Enrolled(new=1)
    [kept] = clinic.recipients()
    hidden = (kept.number_encrypted, kept.name_encrypted, kept.reference_encrypted)
    opened = [clinic.secrets.decrypt_number(one) for one in hidden]
    assert opened == [number(0), "Ana Díaz", "P-0"]
    assert (kept.line, kept.language, kept.zones, kept.state, kept.reply) == (2, "en", ZONE, "active", "")
    assert kept.appointment_at == NOON + 3 * DAY
    assert tries(clinic) == [(3, 1, "queued", NOON), (1, 1, "queued", NOON)]


def test_the_same_file_again_adds_nobody(clinic: Clinic) -> None:
    campaign = clinic.campaign(booking(0), booking(1))
    before = clinic.attempts()
    assert clinic.enrol(campaign, booking(0), booking(1), booking(2)) == Enrolled(new=1, same=2)
    assert clinic.attempts()[:2] == before


def test_the_same_row_without_an_id_of_the_clinic_is_known_by_number_and_time(clinic: Clinic) -> None:
    campaign = clinic.campaign(booking(0, reference=""))
    assert clinic.enrol(campaign, booking(0, reference="")) == Enrolled(same=1)
    assert clinic.enrol(campaign, moved(0, reference="")) == Enrolled(new=1)


def test_the_same_moment_in_another_zone_is_the_same_row(clinic: Clinic) -> None:
    campaign = clinic.campaign(booking(0, reference=""))
    in_new_york = booking(0).appointment_at.astimezone(ZoneInfo(ZONE))
    assert clinic.enrol(campaign, booking(0, reference="", appointment_at=in_new_york)) == Enrolled(same=1)


def test_a_row_that_stands_twice_in_a_file_is_one(clinic: Clinic) -> None:
    campaign = clinic.store.staff.campaigns.create(DRAFT)
    clinic.enrol(campaign, booking(0), booking(0))
    assert (len(clinic.recipients()), len(clinic.attempts())) == (1, 1)


def test_a_moved_appointment_moves_its_reminders(clinic: Clinic) -> None:
    campaign = clinic.campaign()
    assert clinic.enrol(campaign, moved()) == Enrolled(moved=1)
    [kept] = clinic.recipients()
    assert kept.appointment_at == NOON + 4 * DAY
    assert tries(clinic) == [(3, 1, "queued", NOON + DAY)]


def test_what_was_claimed_for_the_old_time_does_not_leave(clinic: Clinic) -> None:
    campaign = clinic.campaign()
    [(attempt, _)] = clinic.store.dialer.claim("one", 1, LEASE)
    clinic.enrol(campaign, moved())
    assert not isinstance(clinic.store.dialer.intend(attempt, "one", lambda _: None, ("AC1", 1e6), LEASE), DialOrder)
    assert tries(clinic) == [(3, 1, "queued", NOON + DAY)]


def test_calls_that_were_made_stay_and_the_new_ones_count_on(clinic: Clinic) -> None:
    campaign = clinic.campaign()
    clinic.change(AttemptRow, state="answered")
    clinic.enrol(campaign, moved())
    assert tries(clinic) == [(3, 1, "answered", NOON), (3, 2, "queued", NOON + DAY)]


def test_an_answer_about_the_old_time_does_not_hold_for_the_new_one(clinic: Clinic) -> None:
    campaign = clinic.campaign()
    attempt = clinic.attempts()[0].id
    clinic.change(AttemptRow, state="answered")
    clinic.store.line.keep_reply(attempt, Reply.CONFIRM)
    clinic.store.line.keep_preparation_heard(attempt, 2, 2)
    clinic.enrol(campaign, booking())
    assert clinic.recipients()[0].reply == "confirm"
    clinic.enrol(campaign, moved())
    [kept] = clinic.recipients()
    assert (kept.reply, kept.replied_at, kept.prep_clips, kept.prep_ended_at) == ("", None, 0, None)


def test_an_appointment_that_is_moved_back_has_its_old_reminders(clinic: Clinic) -> None:
    campaign = clinic.campaign()
    clinic.enrol(campaign, moved())
    assert clinic.enrol(campaign, booking()) == Enrolled(moved=1)
    assert tries(clinic) == [(3, 1, "queued", NOON)]
    assert clinic.recipients()[0].appointment_at == NOON + 3 * DAY


def test_a_cancelled_appointment_ends_its_reminders(clinic: Clinic) -> None:
    campaign = clinic.campaign(booking(0), booking(1))
    assert clinic.enrol(campaign, booking(0, cancelled=True)) == Enrolled(cancelled=1)
    assert clinic.states() == ["cancelled", "queued"]
    assert [(row.state) for row in clinic.recipients()] == ["cancelled", "active"]
    assert clinic.attempts()[0].why == "the appointment is off"


def test_a_cancellation_counts_once_and_of_an_unknown_row_not_at_all(clinic: Clinic) -> None:
    campaign = clinic.campaign()
    clinic.enrol(campaign, booking(0, cancelled=True))
    assert clinic.enrol(campaign, booking(0, cancelled=True), booking(1, cancelled=True)) == Enrolled()
    assert len(clinic.recipients()) == 1


def test_an_appointment_that_stands_again_has_its_reminders_again(clinic: Clinic) -> None:
    campaign = clinic.campaign()
    clinic.enrol(campaign, booking(cancelled=True))
    assert clinic.enrol(campaign, booking()) == Enrolled(moved=1)
    assert tries(clinic) == [(3, 1, "cancelled", NOON), (3, 2, "queued", NOON)]
    assert clinic.recipients()[0].state == "active"


def test_a_corrected_number_is_the_one_that_is_called(clinic: Clinic) -> None:
    campaign = clinic.campaign()
    clinic.store.staff.opt_outs.enter_opt_out(number(0), "wrong number", BY)
    assert clinic.enrol(campaign, booking(0, number=number(7))) == Enrolled(moved=1)
    assert clinic.states() == ["opted_out", "queued"]
    [(attempt, _)] = clinic.store.dialer.claim("one", 1, LEASE)
    order = clinic.store.dialer.intend(attempt, "one", lambda _: None, ("AC1", 1e6), LEASE)
    assert isinstance(order, DialOrder)
    assert order.number == number(7)


def test_c1_the_consent_of_each_row_is_kept_once(clinic: Clinic) -> None:
    campaign = clinic.campaign(booking(0), booking(1))
    clinic.enrol(campaign, booking(0), booking(0, consent=("phone call", date(2026, 11, 20), PURPOSE)))
    with clinic.connection() as connection:
        columns = (ConsentRow.number_hash, ConsentRow.source, ConsentRow.given_on, ConsentRow.recorded_by)
        found = sorted(tuple(row) for row in connection.execute(select(*columns)))
    first, second = (clinic.secrets.hash_number(number(index)) for index in range(2))
    wanted = [(one, "intake form", date(2026, 11, 2), BY) for one in (first, second)]
    assert found == sorted([*wanted, (first, "phone call", date(2026, 11, 20), BY)])


def test_the_same_patient_in_another_campaign_is_another_recipient(clinic: Clinic) -> None:
    clinic.campaign(name="spring")
    clinic.campaign(name="summer")
    assert len(clinic.recipients()) == 2


def test_a_long_upload_tells_what_each_piece_did(clinic: Clinic) -> None:
    campaign = clinic.store.staff.campaigns.create(DRAFT)
    pieces = list(clinic.store.staff.campaigns.enrol(campaign, (booking(index) for index in range(1100)), BY))
    assert pieces == [Enrolled(new=500), Enrolled(new=500), Enrolled(new=100)]
    assert len(clinic.attempts()) == 1100


# --- What was kept ---------------------------------------------------------------------------------------------------


def test_h4_no_number_name_or_id_stands_in_the_database(clinic: Clinic, database: Any) -> None:
    clinic.campaign(booking(0, name="Ana Díaz", reference="MRN-4711"))
    kept = database.contents()
    for secret in (number(0), number(0)[1:], "Díaz", "MRN-4711"):
        assert secret.encode() not in kept
    assert clinic.recipients()[0].key.encode() in kept
