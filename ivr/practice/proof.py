"""The proof of a demonstration: what the practice Twilio did, held against what the database says.

The practice Twilio's list is the witness: it holds every call that left, whatever the dialer believes. Rules proved:
nobody is called twice for one attempt or on one day (C5), at an hour that is not lawful (C8), or after saying stop
(C7); nobody is lost; no log tells who was called (H4).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from ivr.practice import CallRecord, Delivered
from ivr.reminders.list.zones import find_zones
from ivr.reminders.rules.appointments import CallingHours
from ivr.store.campaigns.patients import PatientResult

ATTEMPT = re.compile(r"/call/attempt/([^/]+)/status")
STOP_KEYS = ("4", "5")
"""Wrong number, and stop: no call comes after either. Wherever they are pressed last, the call ends with them."""
SETTLED = ("answered", "machine", "busy", "no_answer", "failed", "opted_out", "cancelled", "expired")
"""How attempts end that need nobody's eye."""


@dataclass(frozen=True)
class Witness:
    """What is known in the end. `calls` are in the order in which they were made; `counts` are the attempts in each
    state; `wanted` is how many patients were to be called; `hours` are the campaign's; `log` is all that was logged."""

    calls: Sequence[CallRecord]
    delivered: Sequence[Delivered]
    patients: Sequence[PatientResult]
    counts: Mapping[str, int]
    wanted: int
    hours: CallingHours
    log: str


@dataclass(frozen=True)
class ProofFinding:
    """A promise that was looked at, and what broke it (nothing, where it holds). No phone number stands in it."""

    promise: str
    broken: tuple[str, ...]


def judge_promises(witness: Witness) -> Iterator[ProofFinding]:
    """Everything that a demonstration promises."""
    for promise, look in LOOKS.items():
        yield ProofFinding(promise, tuple(look(witness)))


def _find_repeats(witness: Witness) -> Iterator[str]:
    """By attempt and, with the day of the place, by number."""
    attempts = Counter(find_attempt(call) for call in witness.calls)
    yield from (f"attempt {attempt} was called {times} times" for attempt, times in attempts.items() if times > 1)
    days = Counter(day for call in witness.calls for day in _list_days(call))
    for (number, day, zone), times in days.items():
        if times > 1:
            yield f"{_name_line(witness, number)} was called {times} times on {day} ({zone})"


def find_attempt(call: CallRecord) -> str:
    """The attempt that a call was made for, as its callback address names it; its own id where that names none."""
    found = ATTEMPT.search(call.read_field("StatusCallback"))
    return found[1] if found else call.sid


def _list_days(call: CallRecord) -> Iterator[tuple[str, date, str]]:
    for zone in find_zones(call.to, "", ""):
        yield call.to, call.created.astimezone(zone).date(), zone.key


def _find_lost_patients(witness: Witness) -> Iterator[str]:
    if len(witness.patients) != witness.wanted:
        yield f"{witness.wanted} patients were to be called, and {len(witness.patients)} are in the campaign"
    for patient in witness.patients:
        if not patient.attempts and not patient.opted_out and patient.reply != "cancelled":
            yield f"line {patient.line} was never called"
    if expired := witness.counts.get("expired"):
        yield f"{expired} attempts were not made in time"


def _find_differences(witness: Witness) -> Iterator[str]:
    """The database and the network agree about each number."""
    made = Counter(call.to for call in witness.calls)
    noted = Counter[str]()
    for patient in witness.patients:
        noted[patient.number] += patient.attempts
    for number in made.keys() | noted.keys():
        if made[number] != noted[number]:
            line = _name_line(witness, number)
            yield f"{line}: {made[number]} calls were made, the database knows of {noted[number]}"


def _find_open_attempts(witness: Witness) -> Iterator[str]:
    yield from (f"{count} attempts are {state}" for state, count in witness.counts.items() if state not in SETTLED)
    yield from (f"call {call.sid} is {call.status}" for call in witness.calls if not call.over)


def _find_unlawful_calls(witness: Witness) -> Iterator[str]:
    for call in witness.calls:
        for zone in find_zones(call.to, "", ""):
            if not _is_lawful(call.created, zone, witness.hours):
                yield f"{_name_line(witness, call.to)} was called at {call.created.astimezone(zone):%H:%M} ({zone.key})"


def _is_lawful(at: datetime, zone: ZoneInfo, hours: CallingHours) -> bool:
    return hours.first <= at.astimezone(zone).time() < hours.last


def _find_calls_after_stop(witness: Witness) -> Iterator[str]:
    by_number = sorted(witness.calls, key=lambda call: call.to)  # stable: the order in time stays
    for number, calls in groupby(by_number, key=lambda call: call.to):
        said = [call.pressed[-1:] in {(key,) for key in STOP_KEYS} for call in calls]
        if any(said[:-1]):
            yield f"{_name_line(witness, number)} was called after the person had said stop"


def _find_broken_calls(witness: Witness) -> Iterator[str]:
    yield from (f"call {call.sid}: {call.fault}" for call in witness.calls if call.fault)
    refused = Counter(callback.answer for callback in witness.delivered if not 200 <= callback.answer < 300)
    yield from (f"{count} callbacks were answered {status}" for status, count in refused.items())


def _find_names_in_log(witness: Witness) -> Iterator[str]:
    for patient in witness.patients:
        if patient.number.removeprefix("+1") in witness.log or (patient.name and patient.name in witness.log):
            yield f"the number or the name of line {patient.line} is in the log"


def _name_line(witness: Witness, number: str) -> str:
    """A number, as the line of the list that it stands on."""
    lines = [patient.line for patient in witness.patients if patient.number == number]
    return f"line {lines[0]}" if lines else "a number that is not in the campaign"


LOOKS: Mapping[str, Callable[[Witness], Iterable[str]]] = {
    "nobody was called twice for one attempt, or twice on a day": _find_repeats,
    "nobody was lost": _find_lost_patients,
    "the network's list and the database agree, number by number": _find_differences,
    "no attempt is left open, and none needs a review": _find_open_attempts,
    "every call was made at a lawful hour where the patient is": _find_unlawful_calls,
    "nobody was called after saying stop": _find_calls_after_stop,
    "no call broke off, and every callback was taken": _find_broken_calls,
    "no number and no name stands in the log": _find_names_in_log,
}
