"""Calls walk the line's real webhooks: what people press, what machines hear, and what the app tells a live call."""

from collections.abc import Callable
from threading import Event

import pytest
from flask import Flask

from ivr.phones.handset import HandsetEvent
from ivr.practice import HANG_UP, InProcess, Person, Troubles
from ivr.practice.account import Account
from ivr.practice.callbacks import Callbacks, Webhooks
from ivr.practice.calls import Studio, Switchboard
from tests.conftest import MONDAY_MORNING
from tests.practice.conftest import (
    BASE,
    GATE,
    OPEN,
    OURS,
    PATIENT,
    SETTLED,
    SID,
    TOKEN,
    VOICEMAIL,
    MakePractice,
    Practice,
    TinyLine,
    clip,
)


@pytest.mark.parametrize(
    ("presses", "pressed", "last"),
    [
        ({"gate": "1", "menu": "1"}, ("1", "1"), "confirm"),
        ({"gate": "1", "menu": "2"}, ("1", "2"), "change"),
        ({"gate": "4"}, ("4",), "wrong"),
        ({"gate": "5"}, ("5",), "stop"),
        ({"gate": "9"}, ("9",), "wrong-key"),
        ({"gate": "1", "menu": ("3", "1"), "prep/1": "2"}, ("1", "3", "2", "1"), "confirm"),
        ({"gate": "1", "menu": "3", "prep/1": "1", "check": "06"}, ("1", "3", "1", "0", "6"), "confirm"),
        (("1", "1"), ("1", "1"), "confirm"),
        ({"gate": "1", "menu": ""}, ("1",), "goodbye"),
        ({}, (), "reminder/voicemail"),
    ],
)
def test_a_person_presses_by_place_and_hears_where_that_leads(
    practise: MakePractice, presses: dict[str, str], pressed: tuple[str, ...], last: str
) -> None:
    practice = practise(Person(presses=presses))
    record = practice.settled(practice.dial())
    assert (record.status, record.pressed, record.heard[0], record.heard[-1]) == (
        "completed",
        pressed,
        clip("reminder/gate"),
        clip(last),
    )


def test_everything_heard_is_noted_in_its_order_with_the_places(practise: MakePractice) -> None:
    practice = practise(Person(presses={"gate": "1", "menu": "1"}))
    record = practice.settled(practice.dial())
    assert record.heard == (clip("reminder/gate"), clip("reminder/menu"), clip("confirm"))
    assert record.places == ("en/reminder/gate", "en/reminder/menu", "en/reminder/menu")
    assert practice.line.paths == [OPEN, "/call/key/en/reminder/gate", "/call/key/en/reminder/menu"]


def test_the_first_request_is_a_call_out_as_twilio_describes_it(practise: MakePractice) -> None:
    practice = practise(Person(presses={"gate": "4"}))
    sid = practice.dial()
    practice.settled(sid)
    assert practice.line.asked[0] == (
        OPEN,
        {
            "AccountSid": SID,
            "ApiVersion": "2010-04-01",
            "CallSid": sid,
            "CallStatus": "in-progress",
            "Direction": "outbound-api",
            "From": OURS,
            "Caller": OURS,
            "To": PATIENT,
            "Called": PATIENT,
        },
    )
    assert practice.line.asked[1][1]["Digits"] == "4"


def test_a_document_in_the_order_needs_no_address(practise: MakePractice) -> None:
    practice = practise()
    record = practice.settled(practice.dial(url=None, twiml="<Response><Say>Hello.</Say><Hangup/></Response>"))
    assert (record.status, record.heard, practice.line.asked) == ("completed", ("Hello.",), [])


def test_the_method_of_the_first_document_is_kept_and_the_rest_is_posted(practise: MakePractice) -> None:
    practice = practise(Person(presses={"gate": "4"}))
    practice.settled(practice.dial(method="GET"))
    (first, form), (second, _) = practice.line.asked
    assert first.startswith(f"{OPEN}?AccountSid={SID}&")
    assert (form, second) == ({}, "/call/key/en/reminder/gate")


def test_whoever_hangs_up_early_hears_no_more_and_has_been_called(practise: MakePractice) -> None:
    practice = practise(Person(presses={"gate": HANG_UP}))
    record = practice.settled(practice.dial())
    assert (record.status, record.heard, record.pressed) == ("completed", (clip("reminder/gate"),), ())


def test_a_person_asks_once_for_their_own_language(practise: MakePractice) -> None:
    practice = practise(Person(presses={"gate": "1"}, language="es"))
    record = practice.settled(practice.dial())
    assert (record.pressed, record.heard[-1]) == (("8",), clip("wrong-key"))
    mine = practise(Person(presses={"gate": "4"}, language="es"))
    assert mine.settled(mine.dial(url=f"{BASE}/call/at/es/reminder/gate")).pressed == ("4",)


@pytest.mark.parametrize("answers", ["no-answer", "busy", "failed"])
def test_a_call_that_nobody_answers_asks_for_nothing(practise: MakePractice, answers: str) -> None:
    practice = practise(Person(answers))  # type: ignore[arg-type]
    record = practice.settled(practice.dial())
    assert (record.status, record.duration, record.heard, practice.line.asked) == (answers, None, (), [])


def test_who_picks_up_after_the_ringing_has_ended_is_not_reached(practise: MakePractice) -> None:
    practice = practise(Person(after_rings=20.5))
    assert practice.settled(practice.dial(timeout=20)).status == "no-answer"
    assert practice.settled(practice.dial(timeout=21)).status == "completed"


def test_a_call_lasts_as_long_as_its_audio_and_waiting_in_its_own_time(practise: MakePractice) -> None:
    def caption(url: str) -> HandsetEvent:
        return HandsetEvent("play", seconds=20.0 if url.endswith("gate") else 5.0)

    practice = practise(Person(presses={}), caption=caption)
    assert practice.settled(practice.dial()).duration == 20 + 7 + 5


def test_audio_takes_its_share_of_real_time(practise: MakePractice) -> None:
    practice = practise(Person(after_rings=2.0, presses={"gate": "4"}), time_scale=0.001)
    record = practice.settled(practice.dial())
    assert (record.status, record.heard) == ("completed", (clip("reminder/gate"), clip("wrong")))


def test_a_circle_without_an_end_is_left(practise: MakePractice) -> None:
    practice = practise(Person("machine"))
    again = f"<Redirect>{BASE}/call/round</Redirect></Response>"
    practice.line.documents["call/round"] = f'<Response><Gather action="/call/x" timeout="0"/>{again}'
    assert practice.settled(practice.dial(url=f"{BASE}/call/round")).status == "completed"


def test_a_call_that_is_cancelled_in_the_queue_never_rings() -> None:
    account = Account(1.0, frozenset(), Troubles(), lambda: 0.0, lambda: MONDAY_MORNING)
    line, jobs = TinyLine(), list[tuple[float, Callable[[], None]]]()
    webhooks = Webhooks(InProcess(line.app), TOKEN, BASE)

    def run_later(seconds: float, job: Callable[[], None]) -> None:
        jobs.append((seconds, job))

    callbacks = Callbacks(SID, account, webhooks, run_later)
    board = Switchboard(account, callbacks, webhooks, Studio(lambda _: Person()), run_later)
    form = {"To": [PATIENT], "From": [OURS], "Url": [GATE], "StatusCallback": [f"{BASE}/back/status"]}
    records = [account.accept(form) for _ in range(2)]
    board.start(records[1])
    account.tell(records[1].sid, {"Status": ["canceled"]})
    ((seconds, begin),) = jobs
    begin()
    assert (seconds, account.find_call(records[1].sid).status) == (1.0, "canceled")
    assert [(path, told["CallStatus"]) for path, told in line.asked] == [("/back/status", "canceled")]


# --- Machines --------------------------------------------------------------------------------------------------------


def redirecting(practice: Practice, **told: str) -> None:
    """The app that leads machines to the voicemail, from within the detector's callback."""

    def on_amd(form: dict[str, str]) -> None:
        if form["AnsweredBy"].startswith("machine"):
            practice.client.calls(form["CallSid"]).update(**(told or {"url": VOICEMAIL}))

    practice.line.on_amd = on_amd


def test_a_machine_is_led_to_the_voicemail_at_its_beep_and_hears_that(practise: MakePractice) -> None:
    practice = practise(Person("machine", greeting=8))
    redirecting(practice)
    record = practice.settled(practice.dial_detecting())
    assert record.heard == (clip("reminder/gate"), clip("reminder/voicemail"))
    assert record.places == ("en/reminder/gate", "en/reminder/voicemail")
    assert (record.status, record.answered_by) == ("completed", "machine_end_beep")
    assert practice.line.told("/back/amd", "MachineDetectionDuration") == ["8000"]


def test_what_had_not_begun_when_the_redirect_came_is_never_heard(practise: MakePractice) -> None:
    practice = practise(Person("machine", greeting=7))
    redirecting(practice)
    clips = "".join(f"<Play>{BASE}/clips/{number}</Play>" for number in range(4))
    practice.line.documents["call/long"] = f"<Response>{clips}<Hangup/></Response>"
    record = practice.settled(practice.dial_detecting(url=f"{BASE}/call/long"))
    assert record.heard == (f"{BASE}/clips/0", f"{BASE}/clips/1", clip("reminder/voicemail"))


def test_a_machine_that_nobody_redirects_hears_what_silence_leads_to(practise: MakePractice) -> None:
    practice = practise(Person("machine"))
    record = practice.settled(practice.dial_detecting())
    assert (record.heard, record.pressed) == ((clip("reminder/gate"), clip("reminder/voicemail")), ())
    assert practice.line.told("/back/amd", "AnsweredBy") == ["machine_end_beep"]


def test_a_live_call_takes_a_document_instead_of_an_address(practise: MakePractice) -> None:
    practice = practise(Person("machine", presses=("1",)))
    redirecting(practice, twiml="<Response><Say>Please call us.</Say><Hangup/></Response>")
    assert practice.settled(practice.dial_detecting()).heard == (clip("reminder/gate"), "Please call us.")


def test_a_live_call_can_be_hung_up(practise: MakePractice) -> None:
    practice = practise(Person("machine"))
    redirecting(practice, status="completed")
    record = practice.settled(practice.dial_detecting())
    assert (record.status, record.heard) == ("completed", (clip("reminder/gate"),))


def test_a_person_is_told_of_as_human_and_goes_on(practise: MakePractice) -> None:
    practice = practise(Person(presses={"gate": "1", "menu": "1"}))
    redirecting(practice)
    record = practice.settled(practice.dial_detecting())
    assert (record.answered_by, record.heard[-1]) == ("human", clip("confirm"))
    assert practice.line.told("/back/amd", "AnsweredBy") == ["human"]


def test_a_detector_that_is_waited_for_tells_in_the_first_request(practise: MakePractice) -> None:
    practice = practise(Person("machine"))
    practice.settled(practice.dial(machine_detection="Enable"))
    assert practice.line.told(OPEN, "AnsweredBy") == ["machine_start"]
    assert [form.get("AnsweredBy") for _, form in practice.line.asked] == ["machine_start", None]


def test_a_redirect_from_elsewhere_comes_in_time_while_the_call_stands_still(practise: MakePractice) -> None:
    practice, told = practise(Person("machine"), lull=5.0), Event()
    practice.line.on_amd = lambda _: told.set()
    sid = practice.dial_detecting()
    assert told.wait(SETTLED)
    practice.client.calls(sid).update(url=VOICEMAIL)
    assert practice.settled(sid).heard == (clip("reminder/gate"), clip("reminder/voicemail"))


# --- What no network accepts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", ["<p>a page</p>", "no document", "<Response><Dance/></Response>"])
def test_a_document_that_no_network_accepts_ends_the_call_with_a_word(practise: MakePractice, document: str) -> None:
    practice = practise()
    practice.line.documents["call/broken"] = document
    record = practice.settled(practice.dial(url=f"{BASE}/call/broken"))
    assert (record.status, record.heard) == ("completed", ())
    assert record.fault != ""


def test_a_broken_document_leads_to_the_fallback_with_twilios_words(practise: MakePractice) -> None:
    practice = practise()
    practice.line.documents |= {"call/broken": "oops", "fall": "<Response><Say>Sorry.</Say><Hangup/></Response>"}
    record = practice.settled(practice.dial(url=f"{BASE}/call/broken", fallback_url=f"{BASE}/fall"))
    assert (record.heard, record.fault) == (
        ("Sorry.",),
        f"the answer of {BASE}/call/broken does not begin with its first element",
    )
    path, form = practice.line.asked[-1]
    assert (path, form["ErrorCode"], form["ErrorUrl"]) == ("/fall", "11200", f"{BASE}/call/broken")


def test_an_app_that_answers_an_error_ends_the_call(practise: MakePractice) -> None:
    empty = Flask("empty")
    practice = practise(door=InProcess(empty))
    record = practice.settled(practice.dial())
    assert (record.status, record.fault) == ("completed", f"{GATE} answered 404")
