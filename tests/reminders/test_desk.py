"""The desk: no public way makes a campaign run that breaks a rule, or takes such a list."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from ivr.errors import (
    CampaignError,
    CampaignStateError,
    DraftError,
    FaultyRowsError,
    HalfConsentError,
    NameNotTypedError,
    NotStaffError,
    SpinelineError,
    StoreError,
    UploadRefusedError,
)
from ivr.reminders.desk.campaigns import Draft
from ivr.reminders.desk.uploads import AppointmentList, UploadProgress
from ivr.store.campaigns.campaigns import Campaign
from ivr.store.campaigns.enrolment import Booking, Due
from ivr.store.reminder_schema import AttemptRow, ConsentRow, RecipientRow, TaskRow
from tests.conftest import MONDAY_MORNING, Environment
from tests.reminders.desk import BY, CONSENT, HEADINGS, THURSDAY, Desk, seated
from tests.reminders.dialing import booking, number

ANA = f"+12125550123,en,{THURSDAY},Ana Ruiz,A-1"
BEN = f"(212) 555-0124,Spanish,{THURSDAY},Ben Ito,A-2"
LEASE = timedelta(minutes=1)
OWN_NUMBER = "+12125550111"


@pytest.fixture
def desk(environment: Environment, tmp_path: Path) -> Desk:
    return seated(environment, tmp_path)


def due_now(index: int = 0, language: str = "en") -> Booking:
    """A patient whom a dialer would call at once, if it might."""
    due = Due(3, MONDAY_MORNING, MONDAY_MORNING + timedelta(days=2))
    return booking(index, language=language, appointment_at=MONDAY_MORNING + timedelta(days=3), dues=(due,))


def make(desk: Desk, name: str, **changed: str) -> None:
    """A draft in the database that no desk would make, with one appointment."""
    fields = {"topic": "compression-fracture", "purpose": "appointment reminder", "caller": OWN_NUMBER, **changed}
    campaign = desk.door.create(
        Campaign(id=0, name=name, state="draft", days=(3, 1), created_by="Ana", started_at=None, **fields)
    )
    list(desk.door.enrol(campaign, [due_now()], "Ana"))


# --- How a rule is broken: each leaves a campaign called "bad" --------------------------------------------------------


def c2_it_sells(desk: Desk) -> None:
    make(desk, "bad", purpose="spring sale")


def c3_it_dials_from_the_number_to_call_back(desk: Desk) -> None:
    make(desk, "bad", caller="+12125550150")


def c3_no_number_dials(desk: Desk) -> None:
    make(desk, "bad", caller="")


def c3_the_clinic_has_no_name(desk: Desk) -> None:
    make(desk, "bad")
    desk.change_settings(clinic_name={})


def c3_the_first_words_name_another_clinic(desk: Desk) -> None:
    make(desk, "bad")
    desk.change_settings(clinic_name={"": "Another Clinic"})


def c4_the_message_is_too_long(desk: Desk) -> None:
    make(desk, "bad")
    desk.clips.length = 3.0


def c6_no_free_number_stops_the_calls(desk: Desk) -> None:
    make(desk, "bad")
    desk.change_settings(opt_out_number="")


def h1_nobody_wrote_which_words_are_forbidden(desk: Desk) -> None:
    make(desk, "bad")
    desk.change_settings(locales_folder=desk.folder)


def l3_a_language_is_not_open(desk: Desk) -> None:
    make(desk, "bad")
    list(desk.door.enrol(desk.door.find_campaign("bad"), [due_now(1, language="pl")], "Ana"))


def l3_a_clip_is_missing(desk: Desk) -> None:
    make(desk, "bad")
    desk.clips.absent.add("reminder.hello")


def it_is_about_nothing_that_has_reminders(desk: Desk) -> None:
    make(desk, "bad", topic="gardening")


def it_calls_nobody(desk: Desk) -> None:
    make(desk, "bad")
    desk.store.staff.opt_outs.enter_opt_out(number(0), "staff", "Ana")


BREAKS = (
    *(c2_it_sells, c3_it_dials_from_the_number_to_call_back, c3_no_number_dials, c3_the_clinic_has_no_name),
    *(c3_the_first_words_name_another_clinic, c4_the_message_is_too_long, c6_no_free_number_stops_the_calls),
    *(h1_nobody_wrote_which_words_are_forbidden, l3_a_language_is_not_open, l3_a_clip_is_missing),
    *(it_is_about_nothing_that_has_reminders, it_calls_nobody),
)

# --- The public ways by which a campaign runs -------------------------------------------------------------------------


def start_at_the_desk(desk: Desk) -> None:
    desk.acts.campaigns.start("bad", "bad", "Ana")


def start_at_the_store_with_the_rehearsal_as_judge(desk: Desk) -> None:
    desk.door.start("bad", "Ana", desk.acts.campaigns.make_judge())


def start_by_command(desk: Desk) -> None:
    result = desk.run("reminders", "start", "bad", "--yes-start", "bad", *BY)
    if result.exit_code:
        raise SpinelineError(result.output)


def resume_at_the_desk(desk: Desk) -> None:
    desk.acts.campaigns.resume("bad", "Ana")


def resume_at_the_store_with_the_rehearsal_as_judge(desk: Desk) -> None:
    desk.door.resume("bad", "Ana", desk.acts.campaigns.make_judge())


def resume_by_command(desk: Desk) -> None:
    result = desk.run("reminders", "resume", "bad", *BY)
    if result.exit_code:
        raise SpinelineError(result.output)


STARTS = (start_at_the_desk, start_at_the_store_with_the_rehearsal_as_judge, start_by_command)
RESUMES = (resume_at_the_desk, resume_at_the_store_with_the_rehearsal_as_judge, resume_by_command)
Way = Callable[[Desk], None]


def pause_unjudged(desk: Desk) -> None:
    """Makes "bad" a paused campaign, as one is whose line was set up otherwise when it started."""
    desk.door.start("bad", "Ana", lambda *_: ())
    desk.door.pause("bad", "Ana")


@pytest.mark.parametrize("way", [*STARTS, *RESUMES], ids=lambda way: way.__name__)
@pytest.mark.parametrize("break_rule", BREAKS, ids=lambda break_rule: break_rule.__name__)
def test_no_way_makes_a_campaign_run_that_breaks_a_rule(desk: Desk, break_rule: Way, way: Way) -> None:
    break_rule(desk)
    if way in RESUMES:
        pause_unjudged(desk)
    before = desk.door.find_campaign("bad")
    with pytest.raises(SpinelineError):
        way(desk)
    assert desk.door.find_campaign("bad") == before
    assert desk.store.dialer.claim("a dialer", 10, LEASE) == []


@pytest.mark.parametrize("way", [*STARTS, *RESUMES], ids=lambda way: way.__name__)
def test_every_way_makes_a_campaign_run_that_keeps_the_rules(desk: Desk, way: Way) -> None:
    make(desk, "bad")
    if way in RESUMES:
        pause_unjudged(desk)
    way(desk)
    assert desk.door.find_campaign("bad").state == "running"
    assert len(desk.store.dialer.claim("a dialer", 10, LEASE)) == 1


def test_the_faults_come_with_the_error(desk: Desk) -> None:
    c6_no_free_number_stops_the_calls(desk)
    with pytest.raises(CampaignError) as refused:
        start_at_the_desk(desk)
    assert [fault.place for fault in refused.value.faults] == ["C6 opt-out number"]


def test_what_changes_while_phrases_are_built_is_judged_again(desk: Desk) -> None:
    make(desk, "bad")
    campaigns = desk.acts.campaigns

    def opt_out_meanwhile(_: object) -> int:
        desk.store.staff.opt_outs.enter_opt_out(number(0), "staff", "Ana")
        return 0

    slow = type(campaigns)(campaigns.equipment, opt_out_meanwhile)
    with pytest.raises(CampaignError, match="There is nobody to call"):
        slow.start("bad", "bad", "Ana")
    assert desk.door.find_campaign("bad").state == "draft"


@pytest.mark.parametrize("typed", ["Spring", "yes", "spring ", ""])
def test_only_the_campaigns_name_starts_or_discards_it(desk: Desk, typed: str) -> None:
    desk.upload(ANA)
    for act in (desk.acts.campaigns.start, desk.acts.campaigns.discard):
        with pytest.raises(NameNotTypedError):
            act("spring", typed, "Ana")
    assert desk.door.find_campaign("spring").state == "draft"


@pytest.mark.parametrize("verbs", [("start",), ("start", "pause"), ("start", "stop")])
def test_only_a_draft_is_started_or_discarded(desk: Desk, verbs: tuple[str, ...]) -> None:
    make(desk, "bad")
    start_at_the_desk(desk)
    for verb in verbs[1:]:
        getattr(desk.door, verb)("bad", "Ana")
    before = desk.door.find_campaign("bad")
    for act in (desk.acts.campaigns.start, desk.acts.campaigns.discard):
        with pytest.raises(CampaignStateError) as refused:
            act("bad", "bad", "Ana")
        assert refused.value.state == before.state
    with pytest.raises(StoreError, match="cannot be discarded"):
        desk.door.discard("bad", "Ana")
    assert desk.door.find_campaign("bad") == before


# --- Who may act ------------------------------------------------------------------------------------------------------

ACTS: dict[str, Callable[[Desk, str], object]] = {
    "create": lambda desk, by: desk.acts.campaigns.create(Draft("other"), by),
    "prepare a start": lambda desk, by: desk.acts.campaigns.prepare_start("spring", by),
    "start": lambda desk, by: desk.acts.campaigns.start("spring", "spring", by),
    "resume": lambda desk, by: desk.acts.campaigns.resume("spring", by),
    "pause": lambda desk, by: desk.acts.campaigns.pause("spring", by),
    "stop": lambda desk, by: desk.acts.campaigns.stop("spring", by),
    "prepare to discard": lambda desk, by: desk.acts.campaigns.prepare_discard("spring", by),
    "discard": lambda desk, by: desk.acts.campaigns.discard("spring", "spring", by),
    "upload": lambda desk, by: desk.acts.uploads.upload("spring", AppointmentList(desk.folder / "x.csv"), by),
    "enter an opt-out": lambda desk, by: desk.acts.opt_outs.enter("+12125550123", by),
    "enter opt-outs": lambda desk, by: desk.acts.opt_outs.enter_list(desk.folder / "x.csv", by),
    "take an opt-out back": lambda desk, by: desk.acts.opt_outs.take_back("+12125550123", by),
    "show opt-outs": lambda desk, by: desk.acts.opt_outs.show(by),
    "export opt-outs": lambda desk, by: desk.acts.opt_outs.export(desk.folder / "x.csv", by),
    "write a report": lambda desk, by: desk.acts.results.write_report("spring", desk.folder / "x.csv", by),
    "list tasks": lambda desk, by: desk.acts.results.list_tasks(None, by),
    "close a task": lambda desk, by: desk.acts.results.close_task(1, by),
    "list who is unprepared": lambda desk, by: desk.acts.results.list_unprepared("spring", LEASE, by),
}


@pytest.mark.parametrize("by", ["Mallory", "", "ana", "Zoe"])
def test_h5_who_may_not_sign_in_does_and_sees_nothing(desk: Desk, by: str) -> None:
    desk.upload(ANA)
    staff = desk.store.staff.accounts
    staff.add_staff("Zoe", "a password that nobody guesses")
    staff.disable_staff("Zoe")
    before = desk.audited()
    for act in ACTS.values():
        with pytest.raises(NotStaffError) as refused:
            act(desk, by)
        assert refused.value.name == by
    assert desk.audited() == before
    assert not (desk.folder / "x.csv").exists()


# --- Drafts -----------------------------------------------------------------------------------------------------------


def test_every_fault_of_a_draft_is_told_at_once_under_its_field(desk: Desk) -> None:
    draft = Draft(name=" ", purpose="sale", topic="gardening", days="31", caller="12")
    with pytest.raises(DraftError) as refused:
        desk.acts.campaigns.create(draft, "Ana")
    assert [fault.place for fault in refused.value.faults] == ["caller", "days", "name", "purpose", "topic"]
    assert [campaign.name for campaign in desk.door.list_campaigns()] == ["spring"]


def test_a_draft_that_was_a_mistake_is_discarded_with_its_list(desk: Desk) -> None:
    desk.upload(ANA, BEN)
    desk.said("optout", "add", "+12125550124", *BY)
    said = desk.said("reminders", "discard", "spring", "--yes-discard", "spring", *BY)
    assert said == ["spring is discarded, with its list. Opt-outs and consents stay."]
    assert desk.door.list_campaigns() == []
    assert desk.store.staff.opt_outs.is_out("+12125550124")
    assert desk.audited()[-1] == ("Ana", "campaign discarded")
    with desk.store.transactions._engines.reads.begin() as connection:
        left = {
            row.__tablename__: connection.scalar(select(func.count()).select_from(row))
            for row in (RecipientRow, AttemptRow, TaskRow, ConsentRow)
        }
    assert left == {"recipient": 0, "attempt": 0, "task": 0, "consent": 2}
    desk.said("reminders", "new", "spring", *BY)
    assert desk.upload(ANA)[-1] == "spring: 1 new, 0 same, 0 moved, 0 cancelled, 0 refused."


def test_discarding_one_draft_leaves_the_others(desk: Desk) -> None:
    desk.upload(ANA)
    make(desk, "bad")
    desk.acts.campaigns.discard("bad", "bad", "Ana")
    assert [campaign.name for campaign in desk.door.list_campaigns()] == ["spring"]
    assert desk.store.staff.results.count_attempts(desk.door.find_campaign("spring")) == {"queued": 2}


def test_a_person_is_asked_for_the_name_before_a_draft_is_discarded(desk: Desk) -> None:
    said = desk.refused("reminders", "discard", "spring", *BY, typed="sping\n")
    assert said[-1] == "Error: That is not the campaign's name. spring is not discarded."
    desk.upload(ANA)
    desk.said("reminders", "start", "spring", "--yes-start", "spring", *BY)
    assert desk.refused("reminders", "discard", "spring", *BY) == ["Error: spring is running: it cannot discard."]


# --- Lists ------------------------------------------------------------------------------------------------------------


def hand_over(desk: Desk, *rows: str, name: str = "list.csv") -> AppointmentList:
    file = Path(desk.write("\n".join([HEADINGS, *rows]), name))
    return AppointmentList(file, "intake form", date(2026, 11, 2))


def people(desk: Desk) -> int:
    return sum(language.recipients for language in desk.door.list_enlisted(desk.door.find_campaign("spring")))


def test_a_list_with_a_fault_is_kept_only_where_a_person_says_so(desk: Desk) -> None:
    given = hand_over(desk, ANA, f"12,en,{THURSDAY},Bo,B-1")
    with pytest.raises(FaultyRowsError) as refused:
        desk.acts.uploads.upload("spring", given, "Ana")
    assert (refused.value.count, refused.value.faulty, refused.value.rows) == (1, 1, 2)
    assert [fault.place for fault in refused.value.faults] == ['line 3, "Phone"']
    assert people(desk) == 0
    done = desk.acts.uploads.upload("spring", given, "Ana", good_rows=True)
    assert (done.enrolled.new, done.review.faulty, people(desk)) == (1, 1, 1)


@pytest.mark.parametrize(("source", "given_on"), [("form", None), (None, date(2026, 11, 2))])
def test_c1_half_a_consent_is_none(desk: Desk, source: str | None, given_on: date | None) -> None:
    given = AppointmentList(hand_over(desk, ANA).file, source, given_on)
    with pytest.raises(HalfConsentError):
        desk.acts.uploads.upload("spring", given, "Ana")


def test_a_list_that_changed_while_it_was_read_is_not_kept(desk: Desk) -> None:
    given = hand_over(desk, ANA)

    def grow(_: object) -> None:
        hand_over(desk, ANA, BEN)

    with pytest.raises(UploadRefusedError, match=r"list\.csv changed while it was read"):
        desk.acts.uploads.upload("spring", given, "Ana", progress=UploadProgress(show_review=grow))
    assert people(desk) == 0


def test_h1_a_list_is_rehearsed_that_joins_a_campaign_started_while_it_was_read(desk: Desk) -> None:
    desk.upload(ANA)

    def start_meanwhile(_: object) -> None:
        desk.acts.campaigns.start("spring", "spring", "Ana")
        desk.clips.absent.add("reminder.hello")

    with pytest.raises(UploadRefusedError) as refused:
        desk.acts.uploads.upload(
            "spring", hand_over(desk, BEN), "Ana", progress=UploadProgress(show_review=start_meanwhile)
        )
    assert [fault.place for fault in refused.value.faults] == ["clips, es"]
    assert people(desk) == 1


def test_a_list_is_refused_by_a_campaign_stopped_while_it_was_read(desk: Desk) -> None:
    desk.upload(ANA)
    desk.acts.campaigns.start("spring", "spring", "Ana")

    def stop_meanwhile(_: object) -> None:
        desk.acts.campaigns.stop("spring", "Ana")

    progress = UploadProgress(show_review=stop_meanwhile)
    with pytest.raises(UploadRefusedError, match="spring is stopped"):
        desk.acts.uploads.upload("spring", hand_over(desk, BEN), "Ana", progress=progress)


def test_an_upload_tells_how_far_it_is(desk: Desk) -> None:
    told: list[object] = []
    progress = UploadProgress(
        note=told.append,
        advance=lambda step, rows: told.append((step, rows)),
        show_review=lambda review: told.append(review.rows),
    )
    desk.acts.uploads.upload("spring", hand_over(desk, ANA, BEN), "Ana", progress=progress)
    reading, keeping = [[(step, row) for row in range(3)] for step in ("reading", "keeping")]
    assert told == [*reading, 2, *keeping]


def test_the_same_options_are_read_by_the_command(desk: Desk) -> None:
    file = str(hand_over(desk, ANA).file)
    said = desk.refused("reminders", "upload", "spring", file, *CONSENT[:2], *BY)
    assert said == ["Error: Give --consent-source and --consent-date together."]
