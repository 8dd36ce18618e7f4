"""The account without a network: who may be called, when a queued call starts, and troubles that come the same way."""

from dataclasses import dataclass, fields

import pytest

from ivr.practice.account import Account, CallRecord, Mishap, Order, RefusalError, Troubles, draw_chance
from tests.conftest import MONDAY_MORNING
from tests.practice.conftest import GATE, OURS, PATIENT


@dataclass
class Clock:
    """Stands still until a test moves it."""

    seconds: float = 100.0

    def __call__(self) -> float:
        return self.seconds


def account(clock: Clock | None = None, pace: float = 1.0, troubles: Troubles | None = None) -> Account:
    return Account(pace, frozenset({OURS}), troubles or Troubles(), clock or Clock(), lambda: MONDAY_MORNING)


def form(**changed: str) -> dict[str, list[str]]:
    return {name: [value] for name, value in {"To": PATIENT, "From": OURS, "Url": GATE, **changed}.items()}


def answered(mine: Account) -> CallRecord:
    record = mine.accept(form())
    assert mine.dial(record.sid)
    assert mine.answer(record.sid)
    return mine.find_call(record.sid)


def test_queued_calls_start_at_the_accounts_pace_and_idle_time_is_not_saved_up() -> None:
    clock = Clock()
    mine = account(clock, pace=2)
    starts = [mine.accept(form()).starts for _ in range(3)]
    clock.seconds = 110.0
    starts += [mine.accept(form()).starts for _ in range(2)]
    assert starts == [100.0, 100.5, 101.0, 110.0, 110.5]


def test_a_new_call_is_queued_and_has_not_started() -> None:
    record = account().accept(form())
    assert (record.status, record.started, record.at, record.created) == ("queued", None, 100.0, MONDAY_MORNING)
    assert record.sid.startswith("CA")
    assert len(record.sid) == 34


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"To": ""}, 21201),
        ({"To": "2125550123"}, 21211),
        ({"To": "+1212555012x"}, 21211),
        ({"To": "+0125550123"}, 21211),
        ({"From": ""}, 21213),
        ({"From": "the clinic"}, 21212),
        ({"From": "+13105550100"}, 21210),
        ({"Url": ""}, 21205),
        ({"Url": "/call"}, 21205),
    ],
)
def test_what_twilio_would_refuse_is_refused_with_its_code_and_makes_no_call(
    changed: dict[str, str], code: int
) -> None:
    mine = account()
    with pytest.raises(RefusalError) as refused:
        mine.accept(form(**changed))
    assert (refused.value.status, refused.value.code, mine.calls) == (400, code, ())


def test_a_document_stands_in_for_an_address() -> None:
    assert account().accept(form(Url="", Twiml="<Response/>")).read_field("Twiml") == "<Response/>"


def test_calls_to_one_number_are_counted() -> None:
    mine = account()
    to = (PATIENT, "+12125550124", PATIENT)
    assert [mine.accept(form(To=number)).turn for number in to] == [1, 1, 2]


def test_a_call_that_there_is_not_is_not_found() -> None:
    with pytest.raises(RefusalError, match="was not found") as refused:
        account().find_call("CA" + "0" * 32)
    assert (refused.value.status, refused.value.code) == (404, 20404)


# --- Orders ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "order"),
    [
        ({"Url": f"{GATE}2"}, Order(f"{GATE}2")),
        ({"Url": GATE, "Method": "GET"}, Order(GATE, "GET")),
        ({"Twiml": "<Response/>"}, Order(twiml="<Response/>")),
        ({"Status": "completed"}, Order()),
    ],
)
def test_a_live_call_gets_its_order_once(told: dict[str, str], order: Order) -> None:
    mine = account()
    sid = answered(mine).sid
    mine.tell(sid, {name: [value] for name, value in told.items()})
    assert (mine.has_order(sid), mine.take_order(sid), mine.has_order(sid), mine.take_order(sid)) == (
        True,
        order,
        False,
        None,
    )


def test_a_call_that_is_not_answered_yet_cannot_be_redirected() -> None:
    mine = account()
    record = mine.accept(form())
    with pytest.raises(RefusalError, match="not in-progress") as refused:
        mine.tell(record.sid, {"Url": [GATE]})
    assert (refused.value.status, refused.value.code) == (400, 21220)


@pytest.mark.parametrize("status", ["canceled", "completed"])
def test_a_queued_call_can_be_cancelled_and_then_never_rings(status: str) -> None:
    mine = account()
    record = mine.accept(form())
    assert mine.tell(record.sid, {"Status": [status]}).status == "canceled"
    assert not mine.dial(record.sid)


def test_cancelling_leaves_a_live_call_alone() -> None:
    mine = account()
    sid = answered(mine).sid
    assert mine.tell(sid, {"Status": ["canceled"]}).status == "in-progress"
    assert not mine.has_order(sid)


@pytest.mark.parametrize("told", [{}, {"Url": ["call"]}])
def test_an_order_without_an_address_is_refused(told: dict[str, list[str]]) -> None:
    mine = account()
    sid = answered(mine).sid
    with pytest.raises(RefusalError) as refused:
        mine.tell(sid, told)
    assert (refused.value.code, mine.has_order(sid)) == (21205, False)


# --- Troubles --------------------------------------------------------------------------------------------------------


def test_a_mishap_that_was_asked_for_happens_so_often_and_no_other_with_it() -> None:
    mine = account()
    mine.force(Mishap.LATE, 2)
    assert [mine.strike(mishap, PATIENT) for mishap in (Mishap.NEVER, *[Mishap.LATE] * 3)] == [False, True, True, False]


def test_troubles_strike_the_same_numbers_in_every_run_and_others_under_another_seed() -> None:
    def struck(seed: int) -> list[int]:
        troubles = Troubles(seed, slow=0.3, late=0.3)
        return [number for number in range(1000) if troubles.strike(Mishap.SLOW, number)]

    assert struck(1) == struck(1)
    assert struck(1) != struck(2)
    assert 250 < len(struck(1)) < 350


def test_mishaps_are_independent_of_each_other() -> None:
    troubles = Troubles(slow=0.5, late=0.5)
    both = [n for n in range(1000) if troubles.strike(Mishap.SLOW, n) and troubles.strike(Mishap.LATE, n)]
    assert 200 < len(both) < 300


@pytest.mark.parametrize(("share", "happens"), [(0.0, False), (1.0, True)])
def test_a_share_of_none_never_happens_and_a_share_of_one_always(share: float, happens: bool) -> None:
    troubles = Troubles(never=share)
    assert {troubles.strike(Mishap.NEVER, number) for number in range(200)} == {happens}


def test_every_mishap_has_its_share() -> None:
    assert {mishap.value for mishap in Mishap} <= {each.name for each in fields(Troubles)}


def test_chance_is_spread_evenly() -> None:
    drawn = [draw_chance("anything", number) for number in range(10_000)]
    fourths = [sum(at <= number < at + 0.25 for number in drawn) for at in (0, 0.25, 0.5, 0.75)]
    assert sum(fourths) == 10_000
    assert all(2400 < count < 2600 for count in fourths)
