"""A call's row is the same in whatever order, and however often, its events arrive."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr.line.events import CallEnded, CallEvent, CallStarted, ClipStarted, LanguageChosen, LastCall
from ivr.line.nodes import UNLISTED
from ivr.store.calls.call_records import SectionHeard, StoredCall, merge_by_call, read_event
from ivr.store.secrets import Secrets
from ivr.store.store import Store
from tests.store.conftest import NOON

CALLER = "c" * 64


def after(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def whole_call(call: str = "CA1") -> list[CallEvent]:
    """A caller tries English, changes to Spanish, hears two clips of one section and one of another, hangs up."""
    return [
        CallStarted(call, NOON, CALLER),
        LanguageChosen(call, NOON + after(5), CALLER, "en"),
        ClipStarted(call, NOON + after(6), "en", "compression-fracture", "prep", 1),
        LanguageChosen(call, NOON + after(20), CALLER, "es"),
        ClipStarted(call, NOON + after(21), "es", "compression-fracture", "prep", 1),
        ClipStarted(call, NOON + after(40), "es", "compression-fracture", "prep", 2),
        ClipStarted(call, NOON + after(60), "es", "compression-fracture", "risks", 1),
        CallEnded(call, NOON + after(90), 90, "completed"),
    ]


def row(call: str = "CA1") -> StoredCall:
    ended = NOON + after(90)
    return StoredCall(
        id=call,
        caller_hash=CALLER,
        language="es",
        language_at=NOON + after(60),
        started_at=NOON,
        ended_at=ended,
        seconds=90,
        status="completed",
    )


HEARD = [SectionHeard("compression-fracture", "prep", 2), SectionHeard("compression-fracture", "risks", 1)]


def test_a_whole_call_is_one_row_and_the_sections_heard(store: Store) -> None:
    store.line.write_events(whole_call())
    assert store.staff.calls.list_calls() == [row()]
    assert store.staff.calls.list_sections_heard("CA1") == HEARD


def test_events_that_come_one_by_one_backwards_and_twice_give_the_same(store: Store) -> None:
    for event in [*reversed(whole_call()), *whole_call()]:
        store.line.write_events([event])
    assert store.staff.calls.list_calls() == [row()]
    assert store.staff.calls.list_sections_heard("CA1") == HEARD


@st.composite
def some_call(draw: st.DrawFn) -> list[CallEvent]:
    """Any events of one call: also two starts, two ends that disagree, two choices in one moment."""
    moments = st.integers(0, 5).map(lambda seconds: NOON + after(seconds))
    languages = st.sampled_from(["en", "es", "zh"])
    callers = st.sampled_from(["", CALLER])
    event = st.one_of(
        st.builds(CallStarted, st.just("CA1"), moments, callers),
        st.builds(LanguageChosen, st.just("CA1"), moments, callers, languages),
        st.builds(ClipStarted, st.just("CA1"), moments, languages, st.just("t"), st.just("prep"), st.integers(1, 3)),
        st.builds(CallEnded, st.just("CA1"), moments, st.integers(0, 9), st.sampled_from(["completed", "failed"])),
    )
    return draw(st.lists(event, min_size=1, max_size=8))


@given(data=st.data(), events=some_call())
def test_any_order_and_repetition_gives_the_same_record(data: st.DataObject, events: list[CallEvent]) -> None:
    again = data.draw(st.lists(st.sampled_from(events), max_size=5))
    shuffled = data.draw(st.permutations([*events, *again]))
    assert merge_by_call(map(read_event, shuffled)) == merge_by_call(map(read_event, events))


_fresh = iter(range(1_000_000))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_repetition_and_batches_give_the_same_row(store: Store, data: st.DataObject) -> None:
    call = f"CA{next(_fresh)}"
    events = whole_call(call)
    shuffled = data.draw(st.permutations([*events, *data.draw(st.lists(st.sampled_from(events), max_size=4))]))
    cut = data.draw(st.integers(0, len(shuffled)))
    store.line.write_events(shuffled[:cut])
    store.line.write_events(shuffled[cut:])
    assert [known for known in store.staff.calls.list_calls(1_000_000) if known.id == call] == [row(call)]
    assert store.staff.calls.list_sections_heard(call) == HEARD


START = CallStarted("CA1", NOON, CALLER)
END = CallEnded("CA1", NOON + after(90), 90, "completed")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([START], StoredCall(id="CA1", caller_hash=CALLER, started_at=NOON)),
        ([CallStarted("CA1", NOON, "")], StoredCall(id="CA1", started_at=NOON)),
        ([END], StoredCall(id="CA1", started_at=END.at, ended_at=END.at, seconds=90, status="completed")),
        (
            [END, START],
            StoredCall(id="CA1", caller_hash=CALLER, started_at=NOON, ended_at=END.at, seconds=90, status="completed"),
        ),
        (
            [ClipStarted("CA1", NOON, "zh", "t", "prep", 1)],
            StoredCall(id="CA1", language="zh", language_at=NOON, started_at=NOON),
        ),
    ],
    ids=["only started", "hidden number", "only ended", "ended before it started", "a clip of an unknown call"],
)
def test_what_is_known_so_far_is_the_row(store: Store, events: Sequence[CallEvent], expected: StoredCall) -> None:
    store.line.write_events(events)
    assert store.staff.calls.list_calls() == [expected]


def test_nothing_to_write_writes_nothing(store: Store) -> None:
    store.line.write_events([])
    assert store.staff.calls.list_calls() == []


def test_calls_are_listed_newest_first(store: Store) -> None:
    store.line.write_events([CallStarted(f"CA{hour}", NOON + timedelta(hours=hour), "") for hour in range(5)])
    assert [call.id for call in store.staff.calls.list_calls(limit=3)] == ["CA4", "CA3", "CA2"]


def test_the_last_language_is_the_one_chosen_last_not_written_last(store: Store) -> None:
    assert store.line.find_last_call(CALLER) is None
    store.line.write_events([LanguageChosen("CA2", NOON + after(50), CALLER, "zh")])
    store.line.write_events(
        [LanguageChosen("CA1", NOON, CALLER, "es"), LanguageChosen("CA1", NOON + after(9), CALLER, "en")]
    )
    assert store.line.find_last_call(CALLER) == LastCall("zh", "")


def test_a_language_that_the_line_does_not_speak_is_counted_but_not_offered_next_time(store: Store) -> None:
    store.line.write_events(
        [LanguageChosen("CA1", NOON, CALLER, "es"), LanguageChosen("CA2", NOON + after(9), CALLER, UNLISTED)]
    )
    assert store.line.find_last_call(CALLER) == LastCall("es", "")
    assert [call.language for call in store.staff.calls.list_calls() if call.id == "CA2"] == [UNLISTED]


def test_a_hidden_number_has_no_last_language(store: Store) -> None:
    store.line.write_events([LanguageChosen("CA1", NOON, "", "es")])
    assert store.line.find_last_call("") is None


def test_no_language_is_kept_where_the_clinic_does_not_want_it(database_url: str, secrets: Secrets) -> None:
    store = Store(database_url, secrets, remember_language=False)
    store.line.write_events(whole_call())
    assert store.line.find_last_call(CALLER) is None
    assert store.staff.calls.list_calls() == [row()]
    store.close()
