"""What a call needs of the world outside, as seams: the database, the sealer of numbers, the writer of events, a clock.

Real ones come from `ivr.store`; tests bring their own. `CallLog` turns what happens in a call into events, and never
lets a phone number into one (45 CFR 164.312).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ivr.line.events import CallBackRequest, CallEnded, CallEvent, CallStarted, ClipStarted, LanguageChosen, LastCall
from ivr.line.nodes import GREETINGS, UNLISTED, Node, Number, Position, Reply, When, WrongAnswer
from ivr.numbers import read_callable_number

_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
"""E.164."""
Call = Mapping[str, str]
"""The fields that the network sends with every request of a call: CallSid, From, To, ..."""


class CallStore(Protocol):
    """What a call asks of the database. Every method raises StoreError when it cannot."""

    def find_last_call(self, caller_hash: str) -> LastCall | None:
        """What is remembered of a caller: the language that they chose last."""

    def save_call_back(self, request: CallBackRequest) -> None:
        """Commits a request; the same request sent twice is kept once."""


class AttemptStore(Protocol):
    """What a reminder call asks of the database. Every method raises StoreError when it cannot."""

    def find_appointment(self, attempt: str) -> datetime | None:
        """When the appointment is, on the clinic's clock; None for an attempt that is not ours."""

    def mark_gate_passed(self, attempt: str) -> None:
        """Somebody said by key that the call is for them."""

    def keep_reply(self, attempt: str, reply: Reply | WrongAnswer) -> bool:
        """Commits a reply; False for an attempt that is not ours."""

    def keep_preparation_heard(self, attempt: str, clip: int, of: int) -> None:
        """A clip of the preparation, of so many, was played to its end."""

    def opt_out(self, number: str) -> None:
        """Commits that a number (E.164) is not called any more."""


class Calendar(Protocol):
    """How a day and a time are said."""

    def say_moment(self, language: str, moment: datetime, now: datetime) -> Mapping[Number | When, str]:
        """The clips of the day, of the time, and of how far off it is, by their ids with blanks between."""


class Sealer(Protocol):
    """Hides numbers: as a keyed hash, or sealed into a token for an address."""

    def hash_number(self, number: str) -> str:
        """The keyed hash; "" for ""."""

    def seal(self, text: str) -> str:
        """An opaque token."""

    def open(self, token: str, max_age: int) -> str:
        """What was sealed at most `max_age` seconds ago. Raises SpinelineError."""


@dataclass(frozen=True)
class Ports:
    """The seams together. `put` takes an event, never waits and never raises."""

    store: CallStore
    sealer: Sealer
    put: Callable[[CallEvent], None]
    clock: Callable[[], datetime]
    attempts: AttemptStore
    calendar: Calendar


def find_caller(call: Call) -> str:
    """The number of the person on the line, as the network gives it: who calls, or who is called by the clinic."""
    return call.get("To" if call.get("Direction", "").startswith("outbound") else "From", "")


def find_caller_id(call: Call) -> str:
    """The number under which the clinic is rung for a caller whose own cannot be shown (hidden, or no telephone's): the
    line's; "" where the caller's own will do."""
    outbound = call.get("Direction", "").startswith("outbound")
    theirs, ours = ("To", "From") if outbound else ("From", "To")
    shown = read_callable_number(_find_number(call.get(theirs, "")), "")  # networks hide one as "+266696687" too
    return "" if shown and not outbound else _find_number(call.get(ours, ""))


def _find_number(text: str) -> str:
    return text if _NUMBER.fullmatch(text) else ""


@dataclass(frozen=True)
class CallLog:
    """Writes down what happens in a call. A request that names no call leaves no trace."""

    ports: Ports
    country: str

    def hash_caller(self, call: Call) -> str:
        """The keyed hash of the caller's number; "" where it is hidden."""
        return self.ports.sealer.hash_number(read_callable_number(find_caller(call), self.country))

    def log_start(self, call: Call) -> None:
        """A call came in."""
        if sid := call.get("CallSid"):
            self.ports.put(CallStarted(sid, self.ports.clock(), self.hash_caller(call)))

    def log_arrival(self, node: Node, position: Position, call: Call, choices: str) -> None:
        """The call arrived at a node: at a clip, or at the hello of a language. `choices` signs those of its menu."""
        sid = call.get("CallSid")
        if not sid or position.tries:
            return
        if node.clip:
            self.ports.put(
                ClipStarted(
                    call=sid,
                    at=self.ports.clock(),
                    language=position.language,
                    topic=node.clip.topic,
                    section=node.clip.section,
                    clip=node.clip.number,
                )
            )
        elif node.id in (*GREETINGS, UNLISTED):
            language = UNLISTED if node.id == UNLISTED else position.language
            self.ports.put(LanguageChosen(sid, self.ports.clock(), self.hash_caller(call), language, choices))

    def log_end(self, call: Call) -> None:
        """The network says that the call is over."""
        seconds = call.get("CallDuration", "")
        if sid := call.get("CallSid"):
            length = int(seconds) if seconds.isdecimal() and len(seconds) < 9 else 0
            self.ports.put(CallEnded(sid, self.ports.clock(), length, call.get("CallStatus", "")))
