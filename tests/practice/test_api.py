"""Twilio's own library at the practice server: calls are made, found, listed page by page; and each refusal."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import requests
from requests.exceptions import ConnectionError as NoAnswer
from requests.exceptions import Timeout
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.practice import Mishap, Person, PracticeTwilio, Troubles, serve
from ivr.practice.callbacks import InProcess
from ivr.practice.server import Timetable, UnsettledError
from ivr.provider.account import RebasedHttpClient
from tests.conftest import MONDAY_MORNING
from tests.practice.conftest import GATE, OURS, PATIENT, SETTLED, SID, TOKEN, MakePractice, Practice, TinyLine

ASKED = {"to": PATIENT, "from_": OURS, "url": GATE}


def number(index: int) -> str:
    return f"+1212555{index:04}"


def test_a_new_call_is_answered_in_twilios_shape(practise: MakePractice) -> None:
    practice = practise(now=lambda: MONDAY_MORNING, calls_per_second=0.5)
    practice.dial()
    call = practice.client.calls.create(**ASKED)
    assert (call.status, call.to, call._from, call.direction) == ("queued", PATIENT, OURS, "outbound-api")
    assert (call.account_sid, call.date_created, call.start_time) == (SID, MONDAY_MORNING, None)
    assert (call.duration, call.answered_by, call.api_version) == (None, None, "2010-04-01")
    assert call.uri == f"/2010-04-01/Accounts/{SID}/Calls/{call.sid}.json"
    assert call.sid == practice.twilio.calls[1].sid


def test_the_status_of_the_answer_and_its_dates_are_as_twilio_writes_them(practise: MakePractice) -> None:
    practice = practise(now=lambda: MONDAY_MORNING)
    url = f"{practice.twilio.base_url}/2010-04-01/Accounts/{SID}/Calls.json"
    form = {"To": PATIENT, "From": OURS, "Url": GATE}
    answer = requests.post(url, data=form, auth=(SID, TOKEN), timeout=SETTLED)
    assert (answer.status_code, answer.headers["Content-Type"]) == (201, "application/json")
    assert answer.json()["date_created"] == "Mon, 23 Nov 2026 15:30:00 +0000"


def test_a_call_can_be_looked_up_until_and_after_its_end(practise: MakePractice) -> None:
    practice = practise(Person(presses={"gate": "4"}))
    sid = practice.dial()
    record = practice.settled(sid)
    call = practice.client.calls(sid).fetch()
    assert (call.status, call.duration, call.sid) == ("completed", str(record.duration), sid)
    assert call.end_time >= call.start_time


REFUSED = [
    ({"to": "2125550123"}, 400, 21211),
    ({"from_": "the clinic"}, 400, 21212),
    ({"from_": "+13105550100"}, 400, 21210),
    ({"url": "call"}, 400, 21205),
]


@pytest.mark.parametrize(("changed", "status", "code"), REFUSED)
def test_a_refusal_comes_with_twilios_code(
    practise: MakePractice, changed: dict[str, str], status: int, code: int
) -> None:
    practice = practise(numbers=frozenset({OURS}))
    with pytest.raises(TwilioRestException) as refused:
        practice.client.calls.create(**{**ASKED, **changed})
    assert (refused.value.status, refused.value.code, practice.twilio.calls) == (status, code, ())


@pytest.mark.parametrize(("sid", "token"), [(SID, "a wrong token"), ("AC" + "2" * 32, TOKEN)])
def test_a_stranger_is_refused_and_leaves_no_trace(practise: MakePractice, sid: str, token: str) -> None:
    practice = practise()
    client = Client(sid, token, http_client=RebasedHttpClient(practice.twilio.base_url, 5.0))
    with pytest.raises(TwilioRestException) as refused:
        client.calls.create(**ASKED)
    assert (refused.value.status, refused.value.code) == (401, 20003)
    assert (practice.twilio.calls, practice.twilio.arrivals) == ((), ())


def test_what_there_is_not_is_not_found(practise: MakePractice) -> None:
    client = practise().client
    for asks in (client.calls("CA" + "0" * 32).fetch, client.incoming_phone_numbers("PN" + "0" * 32).fetch):
        with pytest.raises(TwilioRestException) as refused:
            asks()
        assert (refused.value.status, refused.value.code) == (404, 20404)


@pytest.mark.parametrize("length", ["", "many", "70000"])
def test_a_body_without_a_sound_length_is_refused(practise: MakePractice, length: str) -> None:
    practice = practise()
    headers = {"Content-Length": length, "Connection": "close"}
    prepared = requests.Request("POST", f"{practice.twilio.base_url}/x").prepare()
    prepared.headers.update(headers)
    with requests.Session() as session:
        session.trust_env = False
        assert session.send(prepared, timeout=SETTLED).status_code == 413


# --- The list --------------------------------------------------------------------------------------------------------


def test_the_list_comes_newest_first_over_all_its_pages(practise: MakePractice) -> None:
    practice = practise(Person("busy"))
    sids = [practice.dial(number(index)) for index in range(7)]
    assert [call.sid for call in practice.client.calls.list(page_size=3)] == sids[::-1]


def test_a_page_goes_on_where_the_last_one_ended_though_calls_came_since(practise: MakePractice) -> None:
    practice = practise(Person("busy"))
    sids = [practice.dial(number(index)) for index in range(4)]
    first = practice.client.calls.page(page_size=2)
    practice.dial()
    second = first.next_page()
    assert [call.sid for page in (first, second) for call in page] == sids[::-1]
    assert second.next_page() is None


def test_the_list_is_narrowed_by_numbers_and_status(practise: MakePractice) -> None:
    practice = practise(people=lambda to: Person("busy" if to == PATIENT else "failed"))
    mine, other = practice.dial(), practice.dial(number(1), from_="+13105550100")
    practice.twilio.settle(SETTLED)
    calls = practice.client.calls

    def found(**by: str) -> list[str]:
        return [call.sid for call in calls.list(**by)]

    assert (found(to=PATIENT), found(from_="+13105550100"), found(status="busy")) == ([mine], [other], [mine])
    assert (found(to=PATIENT, from_="+13105550100"), found(status="queued")) == ([], [])


def test_narrowing_holds_on_every_page(practise: MakePractice) -> None:
    practice = practise(Person("busy"))
    sids = [practice.dial(number(index % 2)) for index in range(6)]
    assert [call.sid for call in practice.client.calls.list(to=number(1), page_size=1)] == sids[5::-2]


@pytest.mark.parametrize(("days", "after", "before"), [(-1, True, False), (0, True, True), (1, False, True)])
def test_start_times_go_by_the_day(practise: MakePractice, days: int, after: bool, before: bool) -> None:
    practice = practise(Person("busy"), now=lambda: MONDAY_MORNING)
    practice.settled(practice.dial())
    day = datetime.combine(MONDAY_MORNING + timedelta(days=days), datetime.max.time(), UTC)
    calls = practice.client.calls
    assert [bool(calls.list(start_time_after=day)), bool(calls.list(start_time_before=day))] == [after, before]
    assert bool(calls.list(start_time=day)) == (days == 0)


def test_a_queued_call_has_no_start_time_and_is_found_without_one_only(practise: MakePractice) -> None:
    practice = practise(Person("busy"), calls_per_second=0.01)
    first, queued = practice.dial(), practice.dial()
    assert practice.client.calls(queued).fetch().status == "queued"
    assert [call.sid for call in practice.client.calls.list(to=PATIENT)] == [queued, first]
    listed = practice.client.calls.list(start_time_after=datetime(2020, 1, 1, tzinfo=UTC))
    assert queued not in [call.sid for call in listed]


def test_a_new_call_can_be_missing_from_the_list_for_a_while(practise: MakePractice) -> None:
    practice = practise(Person("busy"), troubles=Troubles(unlisted_seconds=60))
    sid = practice.dial()
    assert practice.client.calls.list() == []
    assert practice.client.calls(sid).fetch().sid == sid


def test_a_date_that_is_none_is_refused(practise: MakePractice) -> None:
    practice = practise()
    url = f"{practice.twilio.base_url}/2010-04-01/Accounts/{SID}/Calls.json?StartTime%3E=yesterday"
    answer = requests.get(url, auth=(SID, TOKEN), timeout=SETTLED)
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)


# --- What goes wrong with a POST -------------------------------------------------------------------------------------


def test_too_many_requests_are_refused_as_often_as_told_and_call_nobody(practise: MakePractice) -> None:
    practice = practise(Person("busy"))
    practice.twilio.refuse_next(2)
    for _ in range(2):
        with pytest.raises(TwilioRestException) as refused:
            practice.dial()
        assert (refused.value.status, refused.value.code) == (429, 20429)
    sid = practice.dial()
    assert [record.sid for record in practice.twilio.calls] == [sid]
    assert len(practice.twilio.arrivals) == 3


@pytest.mark.parametrize(
    ("mishap", "raised", "made"),
    [
        (Mishap.BROKEN_BEFORE, TwilioRestException, 0),
        (Mishap.BROKEN_AFTER, TwilioRestException, 1),
        (Mishap.DROPPED, NoAnswer, 1),
        (Mishap.SILENT, Timeout, 1),
        (Mishap.SLOW, Timeout, 1),
    ],
)
def test_an_answer_that_fails_tells_nothing_of_whether_the_call_is_made(
    practise: MakePractice, mishap: Mishap, raised: type[Exception], made: int
) -> None:
    practice = practise(Person(presses={"gate": "4"}))
    practice.twilio.force(mishap)
    hasty = Client(SID, TOKEN, http_client=RebasedHttpClient(practice.twilio.base_url, 0.2))
    with pytest.raises(raised) as failed:
        hasty.calls.create(**ASKED)
    assert getattr(failed.value, "status", 500) == 500
    practice.twilio.settle(SETTLED)
    assert [record.status for record in practice.twilio.calls] == ["completed"] * made
    assert [call.to for call in practice.client.calls.list(to=PATIENT)] == [PATIENT] * made


def test_a_slow_answer_comes_in_the_end(practise: MakePractice) -> None:
    practice = practise(Person("busy"), troubles=Troubles(slow=1.0, slow_seconds=0.02))
    assert practice.dial() == practice.twilio.calls[0].sid


def test_a_share_of_the_posts_is_refused_and_the_same_ones_in_every_run(practise: MakePractice) -> None:
    runs = []
    for _ in range(2):
        practice = practise(Person("busy"), troubles=Troubles(5, refused=0.5))
        runs.append([_refused(practice, number(index)) for index in range(12)])
    assert runs[0] == runs[1]
    assert set(runs[0]) == {True, False}


def _refused(practice: Practice, to: str) -> bool:
    try:
        practice.dial(to)
    except TwilioRestException as error:
        return bool(error.status == 429)
    return False


# --- The threads -----------------------------------------------------------------------------------------------------


def test_jobs_run_in_the_order_in_which_they_are_due_and_those_they_start_are_waited_for() -> None:
    table, done = Timetable(1), list[str]()
    table.run_later(0.02, lambda: table.run_later(0.01, lambda: done.append("third")))
    table.run_later(0.01, lambda: done.append("second"))
    table.run_later(0.0, lambda: done.append("first"))
    table.start()
    table.settle(SETTLED)
    table.stop()
    assert done == ["first", "second", "third"]


def test_a_job_that_fails_is_said_when_all_is_over() -> None:
    table = Timetable(1)
    table.start()
    table.run_later(0.0, lambda: [][0])
    with pytest.raises(UnsettledError, match="itself failed") as failed:
        table.settle(SETTLED)
    assert isinstance(failed.value.__cause__, IndexError)
    table.stop()


def test_serving_tells_its_address_and_ends_with_the_person_who_started_it() -> None:
    practice, told = PracticeTwilio(SID, TOKEN, InProcess(TinyLine().app)), list[int]()

    def tell(base: str) -> None:
        told.append(requests.get(base, timeout=SETTLED).status_code)
        raise KeyboardInterrupt

    serve(practice, tell)
    assert told == [401]
    assert not [thread for thread in threading.enumerate() if thread in practice._timetable._threads]
