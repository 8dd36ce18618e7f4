"""The dialer and its searches against a network that does what a test says: each call leaves once or is looked at."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from ivr.errors import NotPlacedError, Placement, StoreError
from ivr.provider.outgoing import NetworkCall
from ivr.reminders.dialer import Dialer, DialingPace
from ivr.reminders.network import PlacedCall
from ivr.reminders.reconcile import Reconciler, SearchPatience, name_lock_of
from ivr.store.campaigns.queue import DialOrder
from ivr.store.campaigns.settling import Report
from ivr.store.locks import NUMBER_PATIENCE, Locks
from ivr.store.reminder_schema import AttemptRow
from tests.reminders.dialing import BY, CALLER, NOON, Clinic, booking, number, rulebook, until

LEASE = timedelta(seconds=60)
NOT_TAKEN = NotPlacedError("The network said so.", Placement.NOT_TAKEN)
REFUSED = NotPlacedError("The network said so.", Placement.REFUSED)
DOUBTFUL = NotPlacedError("The network said so.", Placement.DOUBTFUL)
Answer = NotPlacedError | Callable[[], object]


@dataclass
class FakeNetwork:
    """Answers each request as planned, in their order, and then takes every call. `listed` is its list of calls,
    `known` what it says of one."""

    plan: list[Answer] = field(default_factory=list)
    listed: list[PlacedCall] = field(default_factory=list)
    known: dict[str, PlacedCall | NotPlacedError] = field(default_factory=dict)
    placed: list[DialOrder] = field(default_factory=list)
    searched: list[tuple[str, str, datetime]] = field(default_factory=list)

    def place(self, order: DialOrder) -> str:
        self.placed.append(order)
        sid = f"CA{len(self.placed)}"
        answer = self.plan.pop(0) if self.plan else None
        if isinstance(answer, NotPlacedError):
            raise answer
        if answer is not None:
            answer()
        return sid

    def find(self, to: str, caller: str, since: datetime) -> Sequence[PlacedCall]:
        self.searched.append((to, caller, since))
        return self.listed

    def fetch(self, sid: str) -> PlacedCall:
        found = self.known[sid]
        if isinstance(found, NotPlacedError):
            raise found
        return found


class Hasty(threading.Event):
    """Never waits long."""

    def wait(self, timeout: float | None = None) -> bool:
        return super().wait(min(timeout or 0.01, 0.01))


def dialer(clinic: Clinic, network: FakeNetwork, **changed: Any) -> Dialer:
    pace = DialingPace("AC1", 1e6, **{"threads": 2, "idle": 0.01, "search": 0.01, **changed})
    return Dialer(clinic.store.dialer, network, rulebook(), pace, SearchPatience(), Hasty(), "one")


@contextmanager
def running(worker: Dialer) -> Iterator[None]:
    """A dialer at work; at the end it has stopped."""
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stop.set()
        thread.join()


def ends_with(clinic: Clinic, *states: str) -> None:
    until(lambda: clinic.states() == list(states), f"the states {states}")


# --- Calls -----------------------------------------------------------------------------------------------------------


def test_every_due_patient_is_called_once(clinic: Clinic) -> None:
    clinic.campaign(*(booking(index) for index in range(12)), booking(12, dues=(later(),)))
    clinic.clock.passes(minutes=1)
    network = FakeNetwork()
    with running(dialer(clinic, network)):
        ends_with(clinic, *["placed"] * 12, "queued")
    assert sorted(order.number for order in network.placed) == [number(index) for index in range(12)]
    sids = {order.attempt: f"CA{turn}" for turn, order in enumerate(network.placed, 1)}
    assert {row.id: row.sid for row in clinic.attempts() if row.sid} == sids


def later() -> Any:
    due = booking().dues[0]
    return type(due)(3, NOON + timedelta(days=1), due.until)


def test_a_call_that_the_network_did_not_take_is_tried_again_later(clinic: Clinic) -> None:
    clinic.campaign()
    network = FakeNetwork([NOT_TAKEN])
    with running(dialer(clinic, network, refused_pause=5.0)):
        ends_with(clinic, "queued")
        until(lambda: len(network.placed) == 1, "one request")
        until(lambda: clinic.attempts()[0].due_at == NOON + timedelta(seconds=5), "a later time")
        clinic.clock.passes(seconds=5)
        ends_with(clinic, "placed")
    assert len(network.placed) == 2


def test_a_number_that_the_network_refuses_is_not_tried_again(clinic: Clinic) -> None:
    clinic.campaign()
    network = FakeNetwork([REFUSED])
    with running(dialer(clinic, network)):
        ends_with(clinic, "failed")
    assert (len(network.placed), clinic.attempts()[0].why) == (1, "The network said so.")


def test_a_call_that_may_have_left_is_not_tried_again(clinic: Clinic) -> None:
    clinic.campaign(booking(0), booking(1))
    clinic.clock.passes(seconds=1)
    network = FakeNetwork([DOUBTFUL])
    with running(dialer(clinic, network, threads=1)):
        ends_with(clinic, "dialing", "placed")
    assert [order.number for order in network.placed] == [number(0), number(1)]


def test_a_failure_that_nobody_foresaw_stops_neither_the_thread_nor_the_search(
    clinic: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    def fails() -> None:
        raise KeyError("what the network's library never said")

    clinic.campaign(booking(0), booking(1))
    clinic.clock.passes(seconds=1)
    with running(dialer(clinic, FakeNetwork([fails]), threads=1)):
        ends_with(clinic, "dialing", "placed")
    assert "failed in a way that nobody foresaw" in caplog.text


def test_what_happened_is_written_also_when_the_database_fails_for_a_while(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.campaign()
    one, fails, sent = dialer(clinic, FakeNetwork()), [1, 2], clinic.store.dialer.mark_sent

    def sometimes(attempt: str, sid: str) -> None:
        if fails:
            raise StoreError(f"down for the {fails.pop()}. time")
        sent(attempt, sid)

    monkeypatch.setattr(clinic.store.dialer, "mark_sent", sometimes)
    with running(one):
        ends_with(clinic, "placed")
    assert clinic.attempts()[0].sid == "CA1"


def test_a_dialer_that_stops_waits_for_the_answer_that_is_under_way(clinic: Clinic) -> None:
    clinic.campaign(booking(0), booking(1))
    clinic.clock.passes(seconds=1)
    asked, answered = threading.Event(), threading.Event()

    def answer() -> None:
        asked.set()
        answered.wait()

    worker = dialer(clinic, FakeNetwork([answer]), threads=1)
    with running(worker):
        asked.wait()
        worker.stop.set()
        answered.set()
    assert clinic.states() == ["placed", "claimed"]
    assert clinic.attempts()[0].sid == "CA1"


def test_a_dialer_claims_no_more_than_it_can_soon_use(clinic: Clinic) -> None:
    clinic.campaign(*(booking(index) for index in range(30)))
    clinic.clock.passes(minutes=1)
    answered = threading.Event()
    with running(dialer(clinic, FakeNetwork([answered.wait] * 2), threads=2)):
        until(lambda: clinic.states().count("dialing") == 2, "two requests")
        until(lambda: clinic.states().count("claimed") == 4, "four more claims")
        assert clinic.states().count("queued") == 24
        answered.set()


def test_one_thread_at_a_time_asks_for_a_slot(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    clinic.campaign(*(booking(index) for index in range(20)))
    clinic.clock.passes(minutes=1)
    intend, asking, most = clinic.store.dialer.intend, [0], [0]

    def counted(*given: Any) -> Any:
        asking[0] += 1
        most[0] = max(most[0], asking[0])
        decided = intend(*given)
        asking[0] -= 1
        return decided

    monkeypatch.setattr(clinic.store.dialer, "intend", counted)
    with running(dialer(clinic, FakeNetwork(), threads=6)):
        ends_with(clinic, *["placed"] * 20)
    assert most == [1]


# --- Pauses, locks and opt-outs --------------------------------------------------------------------------------------


def test_an_intent_that_grew_old_is_put_back_and_decided_anew(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clinic.campaign()
    network, ticks, intend = FakeNetwork(), [0.0, 0.0], clinic.store.dialer.intend
    worker = dialer(clinic, network, freshness=1.0)
    worker.monotonic = lambda: ticks[-1]

    def paused_once(*given: Any) -> Any:
        decided = intend(*given)
        ticks.append(1.1)  # from the second time on, no time passes
        return decided

    monkeypatch.setattr(clinic.store.dialer, "intend", paused_once)
    with caplog.at_level(logging.WARNING), running(worker):
        ends_with(clinic, "placed")
    assert caplog.messages == [f"attempt {clinic.attempts()[0].id}: this process was paused, so it is put back"]
    assert len(network.placed) == 1


def test_c7_a_request_never_leaves_later_than_an_opt_out_waits() -> None:
    assert DialingPace("AC1", 1.0).freshness < NUMBER_PATIENCE


def test_c7_an_opt_out_waits_until_the_call_is_out(clinic: Clinic) -> None:
    clinic.campaign()
    entered: list[bool] = []
    opting = threading.Thread(
        target=lambda: entered.append(clinic.store.staff.opt_outs.enter_opt_out(number(0), "staff", BY))
    )

    def meanwhile() -> None:
        opting.start()
        opting.join(0.05)
        entered.append(opting.is_alive())

    with running(dialer(clinic, FakeNetwork([meanwhile]))):
        ends_with(clinic, "placed")
        opting.join()
    assert entered == [True, True]


def test_a_number_in_use_does_not_hold_up_the_others(clinic: Clinic) -> None:
    clinic.campaign(booking(0), booking(1))
    clinic.clock.passes(seconds=1)
    used = Locks.name_for_number(clinic.secrets.hash_number(number(0)))
    with running(dialer(clinic, FakeNetwork(), threads=1)):
        with clinic.store.dialer.locks.hold(used, 5.0) as held:
            assert held
            clinic.enrol(clinic.store.staff.campaigns.find_campaign("spring"), booking(2))
            until(lambda: clinic.states()[1] == "placed", "the other patient's call")
            assert clinic.states()[0] == "claimed"
        ends_with(clinic, "placed", "placed", "placed")


def test_a_failure_of_the_database_does_not_let_go_of_the_dialers_lock(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others would take it for dead, and look for its calls."""
    one, claim = dialer(clinic, FakeNetwork()), clinic.store.dialer.claim
    free: list[bool] = []

    def fails_twice(*given: Any) -> Any:
        free.append(clinic.store.dialer.locks.is_free(one.lock))
        if len(free) < 3:
            raise StoreError("down")
        return claim(*given)

    held = clinic.store.dialer.locks.hold
    taken: list[str] = []

    def counted(name: str, patience: float) -> Any:
        taken.append(name)
        return held(name, patience)

    monkeypatch.setattr(clinic.store.dialer, "claim", fails_twice)
    monkeypatch.setattr(clinic.store.dialer.locks, "hold", counted)
    clinic.campaign()
    with running(one):
        ends_with(clinic, "placed")
    assert free[:3] == [False, False, False]
    assert taken.count(one.lock) == 1


def test_a_dialer_whose_lock_was_taken_away_takes_it_anew(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    one, lost, locks = dialer(clinic, FakeNetwork()), [True], clinic.store.dialer.locks
    is_free, held = locks.is_free, locks.hold
    taken: list[str] = []

    def lost_once(name: str) -> bool:
        return lost.pop() if lost else is_free(name)

    def counted(name: str, patience: float) -> Any:
        taken.append(name)
        return held(name, patience)

    monkeypatch.setattr(clinic.store.dialer.locks, "is_free", lost_once)
    monkeypatch.setattr(clinic.store.dialer.locks, "hold", counted)
    clinic.campaign()
    with running(one):
        ends_with(clinic, "placed")
    assert taken.count(one.lock) == 2


# --- Searches --------------------------------------------------------------------------------------------------------


def searcher(clinic: Clinic, network: FakeNetwork, under_way: Sequence[str] = ()) -> Reconciler:
    return Reconciler(clinic.store.dialer, network, rulebook(), name_lock_of("two"), under_way)


def doubtful(clinic: Clinic, worker: str = "one") -> str:
    """An attempt whose dialer said that it dials, and then nothing for a long time."""
    clinic.campaign()
    [(attempt, _)] = clinic.store.dialer.claim(worker, 1, LEASE)
    clinic.store.dialer.intend(attempt, worker, lambda _: None, ("AC1", 1e6), LEASE)
    clinic.clock.passes(seconds=66)
    return attempt


def call(sid: str, status: str = "ringing", by: str = "", seconds: int | None = None) -> PlacedCall:
    return NetworkCall(sid, status, by, seconds)


def test_a_call_of_a_dead_dialer_is_found_and_adopted(clinic: Clinic) -> None:
    doubtful(clinic)
    network = FakeNetwork(listed=[call("CA7")])
    searcher(clinic, network).search()
    assert network.searched == [(number(0), CALLER, NOON - timedelta(seconds=30))]
    assert (clinic.states(), clinic.attempts()[0].sid) == (["placed"], "CA7")


def test_calls_that_are_another_attempts_are_not_adopted(clinic: Clinic) -> None:
    doubtful(clinic)
    clinic.campaign(booking(1), name="summer")
    first, other = clinic.attempts()
    with clinic.connection() as connection:
        placed = AttemptRow.__table__.update().where(AttemptRow.id == other.id)  # type: ignore[attr-defined]
        connection.execute(placed.values(state="placed", sid="CA6", placed_at=clinic.clock.now))
    searcher(clinic, FakeNetwork(listed=[call("CA6"), call("CA7")])).search()
    assert {row.id: row.sid for row in clinic.attempts()} == {first.id: "CA7", other.id: "CA6"}


def test_several_calls_that_may_be_the_one_are_for_a_person(clinic: Clinic) -> None:
    doubtful(clinic)
    searcher(clinic, FakeNetwork(listed=[call("CA7"), call("CA8")])).search()
    assert clinic.states() == ["needs_review"]
    assert clinic.tasks() == [("needs_review", "2 calls to this number may be this one")]


def test_a_call_that_is_not_found_twice_is_made_again(clinic: Clinic) -> None:
    doubtful(clinic)
    network = FakeNetwork()
    looks = searcher(clinic, network)
    looks.search()
    looks.search()
    assert (clinic.states(), len(network.searched)) == (["dialing"], 1)
    clinic.clock.passes(seconds=26)
    looks.search()
    assert (clinic.states(), len(network.searched)) == (["queued"], 2)
    with running(dialer(clinic, network)):
        ends_with(clinic, "placed")
    assert len(network.placed) == 1


def test_a_call_that_is_listed_late_is_found_by_the_second_search(clinic: Clinic) -> None:
    doubtful(clinic)
    network = FakeNetwork()
    searcher(clinic, network).search()
    network.listed = [call("CA7")]
    clinic.clock.passes(seconds=26)
    searcher(clinic, network).search()
    assert (clinic.states(), clinic.attempts()[0].sid) == (["placed"], "CA7")


def test_a_list_that_cannot_be_had_decides_nothing(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    doubtful(clinic)

    def fails(*_: object) -> Any:
        raise NotPlacedError("Twilio gave no answer.", Placement.DOUBTFUL)

    network = FakeNetwork()
    monkeypatch.setattr(network, "find", fails)
    before = clinic.attempts()
    for _ in range(3):
        clinic.clock.passes(seconds=60)
        searcher(clinic, network).search()
    assert clinic.attempts() == before


def test_the_calls_of_a_dialer_that_lives_are_left_alone(clinic: Clinic) -> None:
    """It may only be paused: its request may still leave."""
    doubtful(clinic)
    network = FakeNetwork(listed=[call("CA7")])
    with clinic.store.dialer.locks.hold(name_lock_of("one"), 0.0) as lives:
        assert lives
        searcher(clinic, network).search()
        assert (clinic.states(), network.searched) == (["dialing"], [])
    searcher(clinic, network).search()
    assert clinic.states() == ["placed"]


def test_a_call_that_ones_own_thread_is_still_making_is_left_alone(clinic: Clinic) -> None:
    attempt = doubtful(clinic, "two")
    network = FakeNetwork(listed=[call("CA7")])
    searcher(clinic, network, [attempt]).search()
    assert (clinic.states(), network.searched) == (["dialing"], [])
    searcher(clinic, network).search()
    assert clinic.states() == ["placed"]


def test_a_dialer_does_not_look_for_a_call_that_it_is_making(clinic: Clinic) -> None:
    clinic.campaign()
    network, searches = FakeNetwork(), clinic.store.dialer.list_doubtful
    looked: list[int] = []

    def slow() -> None:
        clinic.clock.passes(minutes=5)
        looked.clear()
        until(lambda: len(looked) > 3, "some searches")

    def counted(grace: timedelta) -> Any:
        looked.append(1)
        return searches(grace)

    clinic.store.dialer.list_doubtful = counted  # type: ignore[method-assign]
    network.plan = [slow]
    with running(dialer(clinic, network)):
        ends_with(clinic, "placed")
    assert (network.searched, len(network.placed)) == ([], 1)


def test_claims_of_dead_dialers_are_made_by_others(clinic: Clinic) -> None:
    clinic.campaign()
    clinic.store.dialer.claim("dead", 1, LEASE)
    network = FakeNetwork()
    with running(dialer(clinic, network)):
        ends_with(clinic, "claimed")
        clinic.clock.passes(seconds=61)
        ends_with(clinic, "placed")
    assert len(network.placed) == 1


# --- Calls of which nothing is heard ---------------------------------------------------------------------------------


def silent(clinic: Clinic) -> None:
    """A call that left eleven minutes ago."""
    attempt = doubtful(clinic)
    clinic.store.dialer.mark_sent(attempt, "CA7")
    clinic.clock.passes(minutes=11)


@pytest.mark.parametrize(
    ("known", "state", "by", "seconds"),
    [
        (call("CA7", "completed", "human", 42), "answered", "human", 42),
        (call("CA7", "completed", "machine_end_beep", 42), "machine", "machine_end_beep", 42),
        (call("CA7", "no-answer"), "no_answer", "", None),
        (call("CA7", "in-progress"), "placed", "", None),
        (call("CA7", "queued"), "placed", "", None),
        (DOUBTFUL, "placed", "", None),
        (NOT_TAKEN, "placed", "", None),
        (REFUSED, "needs_review", "", None),
    ],
)
def test_a_call_whose_callback_never_comes_is_looked_up(
    clinic: Clinic, known: PlacedCall | NotPlacedError, state: str, by: str, seconds: int | None
) -> None:
    silent(clinic)
    looks = searcher(clinic, FakeNetwork(known={"CA7": known}))
    for _ in range(2):
        looks.search()
    row = clinic.attempts()[0]
    assert (row.state, row.answered_by, row.seconds) == (state, by, seconds)


def test_a_call_that_the_network_does_not_know_any_more_is_for_a_person(clinic: Clinic) -> None:
    silent(clinic)
    searcher(clinic, FakeNetwork(known={"CA7": REFUSED})).search()
    assert clinic.tasks() == [("needs_review", "the network does not know this call any more")]


def test_a_callback_that_comes_after_the_look_changes_nothing(clinic: Clinic) -> None:
    silent(clinic)
    searcher(clinic, FakeNetwork(known={"CA7": call("CA7", "busy")})).search()
    before = clinic.attempts()
    clinic.store.dialer.take_report(Report("CA7/busy", before[0].id, "CA7", "busy"), lambda _: None)
    assert clinic.attempts() == before
