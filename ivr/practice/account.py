"""The practice Twilio's account: its calls, when each one starts, and what goes wrong, as state that knows no network.

The rule kept here: what Twilio has accepted happens once, whether or not its answer arrives; so a dialer that asks
twice is seen calling twice. What goes wrong is drawn from a seed and the number called, never from the order in which
threads run: the same campaign meets the same troubles in every run.
"""

import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from secrets import token_hex
from typing import Any

from ivr.errors import SpinelineError

E164 = re.compile(r"\+[1-9]\d{6,14}")
FINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
"""Statuses that a call never leaves."""
WAITING = frozenset({"queued", "ringing"})
Form = Mapping[str, Sequence[str]]
"""A form as it came: each field with all its values."""


class RefusalError(SpinelineError):
    """The account says no: an HTTP status, Twilio's code for it, and words."""

    def __init__(self, status: int, code: int, words: str) -> None:
        self.status, self.code, self.words = status, code, words
        super().__init__(words)


class Mishap(StrEnum):
    """What can go wrong. Each is independent of the others."""

    REFUSED = "refused"
    """A POST gets 429; nothing is called."""
    BROKEN_BEFORE = "broken_before"
    """A POST gets 500; nothing is called."""
    BROKEN_AFTER = "broken_after"
    """A POST gets 500, and the call is made all the same."""
    DROPPED = "dropped"
    """The call is made; the connection ends without an answer."""
    SILENT = "silent"
    """The call is made; no answer ever comes, so the asker's own time-out ends the wait."""
    SLOW = "slow"
    """The answer takes `slow_seconds`."""
    DOUBLED = "doubled"
    """A callback comes twice."""
    REVERSED = "reversed"
    """A call's status callbacks come when it is over, the last one first."""
    LATE = "late"
    """A callback comes `late_seconds` later."""
    NEVER = "never"
    """A callback does not come."""


def draw_chance(*words: object) -> float:
    """A number from 0 to under 1 that looks random, and is the same for the same words."""
    return int.from_bytes(sha256("/".join(map(str, words)).encode()).digest()[:6]) / 2**48


@dataclass(frozen=True)
class Troubles:
    """How often each mishap happens, as a share from 0 to 1 of the POSTs, callbacks or (reversed) calls.

    A new call is missing from the list of calls for `unlisted_seconds`.
    """

    seed: int = 0
    refused: float = 0.0
    broken_before: float = 0.0
    broken_after: float = 0.0
    dropped: float = 0.0
    silent: float = 0.0
    slow: float = 0.0
    doubled: float = 0.0
    reversed: float = 0.0
    late: float = 0.0
    never: float = 0.0
    slow_seconds: float = 2.0
    late_seconds: float = 5.0
    unlisted_seconds: float = 0.0

    def strike(self, mishap: Mishap, *words: object) -> bool:
        """Whether it happens to what these words name."""
        share = float(getattr(self, mishap))
        return share > 0 and draw_chance(self.seed, mishap, *words) < share


@dataclass(frozen=True)
class Order:
    """What the app told a live call: go on at `url`, or with the document `twiml`; with neither, hang up."""

    url: str = ""
    method: str = "POST"
    twiml: str = ""


@dataclass(frozen=True)
class CallRecord:
    """One call. `at` (when its POST came) and `starts` are seconds of the account's clock; `caller` is Twilio's From.

    `turn` counts the calls to this number from 1. `heard` are the addresses of clips and the words of the network's own
    voice, `places` the documents that were asked for ("en/compression-fracture/reminder/gate"), `pressed` the keys: all
    in their order. `duration` is in seconds, None until a call that was answered is over. `fault` says why Twilio broke
    the call off, "" where it did not.
    """

    sid: str
    to: str
    caller: str
    form: Form
    turn: int
    at: float
    starts: float
    created: datetime
    updated: datetime
    status: str = "queued"
    started: datetime | None = None
    ended: datetime | None = None
    duration: int | None = None
    answered_by: str = ""
    heard: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    pressed: tuple[str, ...] = ()
    fault: str = ""

    def read_field(self, field: str, default: str = "") -> str:
        """A field of the POST that made the call."""
        return next(iter(self.form.get(field, ())), "") or default

    @property
    def detects_beside(self) -> bool:
        """True when the detector does not keep the person waiting (Twilio's AsyncAmd)."""
        return self.read_field("AsyncAmd").lower() == "true"

    @property
    def over(self) -> bool:
        """True when it has ended, whichever way."""
        return self.status in FINAL


class Account:
    """The calls of one account; any thread may use it.

    `numbers` are those it may call from (empty: any). `clock` gives seconds that never run back, `now` an aware moment.
    """

    def __init__(
        self,
        calls_per_second: float,
        numbers: frozenset[str],
        troubles: Troubles,
        clock: Callable[[], float],
        now: Callable[[], datetime],
    ) -> None:
        self.troubles, self.clock, self.now = troubles, clock, now
        self._numbers, self._between = numbers, 1 / calls_per_second
        self._lock = threading.Lock()
        self._calls: dict[str, CallRecord] = {}
        self._orders: dict[str, Order] = {}
        self._arrivals: list[float] = []
        self._posts: Counter[str] = Counter()
        self._turns: Counter[str] = Counter()
        self._forced: Counter[Mishap] = Counter()
        self._next_start = float("-inf")

    # --- What goes wrong ---------------------------------------------------------------------------------------------

    def force(self, mishap: Mishap, times: int = 1) -> None:
        """Makes it happen at the next occasions, whatever the shares are."""
        with self._lock:
            self._forced[mishap] += times

    def strike(self, mishap: Mishap, *words: object) -> bool:
        """Whether it happens now, to what these words name."""
        with self._lock:
            forced = self._forced[mishap] > 0
            self._forced[mishap] -= forced
        return forced or self.troubles.strike(mishap, *words)

    def arrive(self, to: str) -> int:
        """Notes that a POST came; says how many have come for this number."""
        with self._lock:
            self._arrivals.append(self.clock())
            self._posts[to] += 1
            return self._posts[to]

    @property
    def arrivals(self) -> tuple[float, ...]:
        """When each POST for a new call came, refused ones too, in seconds of the clock."""
        with self._lock:
            return tuple(self._arrivals)

    # --- The calls ---------------------------------------------------------------------------------------------------

    def accept(self, form: Form) -> CallRecord:
        """Takes a new call into the queue. Raises RefusalError."""
        asked = {name: next(iter(values), "") for name, values in form.items()}
        self._check(asked)
        with self._lock:
            at, now, to = self.clock(), self.now(), asked["To"]
            self._turns[to] += 1
            starts = max(at, self._next_start)
            self._next_start = starts + self._between
            sid = f"CA{token_hex(16)}"
            record = CallRecord(
                sid=sid,
                to=to,
                caller=asked["From"],
                form=form,
                turn=self._turns[to],
                at=at,
                starts=starts,
                created=now,
                updated=now,
            )
            self._calls[sid] = record
        return record

    def find_call(self, sid: str) -> CallRecord:
        """Raises RefusalError for a call that there is not."""
        with self._lock:
            if sid not in self._calls:
                raise RefusalError(404, 20404, f"The requested resource /Calls/{sid}.json was not found")
            return self._calls[sid]

    @property
    def calls(self) -> tuple[CallRecord, ...]:
        """All calls, the oldest first."""
        with self._lock:
            return tuple(self._calls.values())

    def change(self, sid: str, **changes: Any) -> CallRecord:
        """Writes fields of a call's record."""
        with self._lock:
            record = self._calls[sid] = replace(self._calls[sid], **changes, updated=self.now())
        return record

    def note(self, sid: str, *, heard: str = "", place: str = "", pressed: str = "") -> None:
        """Adds what reached the person's ear, where the call is, or what was pressed."""
        with self._lock:
            now = self._calls[sid]
            lists = ((now.heard, heard), (now.places, place), (now.pressed, pressed))
            ears, places, keys = (tuple(filter(None, (*before, more))) for before, more in lists)
            self._calls[sid] = replace(now, heard=ears, places=places, pressed=keys)

    def dial(self, sid: str) -> bool:
        """The call leaves the queue and rings; False where the app has cancelled it."""
        return self._move(sid, "queued", status="ringing", started=self.now())

    def answer(self, sid: str) -> bool:
        """The call is answered; False where the app has cancelled it."""
        return self._move(sid, "ringing", status="in-progress")

    def _move(self, sid: str, before: str, **changes: Any) -> bool:
        with self._lock:
            moves = self._calls[sid].status == before
            if moves:
                self._calls[sid] = replace(self._calls[sid], **changes, updated=self.now())
        return moves

    # --- Orders to a call that is there ------------------------------------------------------------------------------

    def tell(self, sid: str, form: Form) -> CallRecord:
        """Redirects a live call, hangs it up, or cancels one that nobody has answered. Raises RefusalError."""
        self.find_call(sid)
        asked = {name: next(iter(values), "") for name, values in form.items()}
        status, order = asked.get("Status"), _read_order(asked)
        with self._lock:
            record = self._calls[sid]
            if status and record.status in WAITING:
                record = self._calls[sid] = replace(record, status="canceled", updated=self.now())
            elif record.status == "in-progress" and status != "canceled":
                self._orders[sid] = order
            elif not status:
                raise RefusalError(400, 21220, "Unable to update record. Call is not in-progress. Cannot redirect.")
        return record

    def has_order(self, sid: str) -> bool:
        """Whether the app has told this call something that it has not done yet."""
        with self._lock:
            return sid in self._orders

    def take_order(self, sid: str) -> Order | None:
        """The order, once; the last one where there were several."""
        with self._lock:
            return self._orders.pop(sid, None)

    def _check(self, asked: Mapping[str, str]) -> None:
        to, caller = asked.get("To", ""), asked.get("From", "")
        if not to:
            raise RefusalError(400, 21201, "No 'To' number is specified")
        if not E164.fullmatch(to):
            raise RefusalError(400, 21211, f"The 'To' number {to} is not a valid phone number.")
        if not caller:
            raise RefusalError(400, 21213, "A 'From' number is required")
        if not E164.fullmatch(caller):
            raise RefusalError(400, 21212, f"The 'From' number {caller} is not a valid phone number.")
        if self._numbers and caller not in self._numbers:
            raise RefusalError(400, 21210, f"The 'From' number {caller} is not verified for your account.")
        if not asked.get("Twiml") and not asked.get("Url", "").startswith(("http://", "https://")):
            raise RefusalError(400, 21205, "Url is not a valid URL")


def _read_order(asked: Mapping[str, str]) -> Order:
    if asked.get("Status"):
        return Order()
    order = Order(asked.get("Url", ""), asked.get("Method", "POST"), asked.get("Twiml", ""))
    if not order.twiml and not order.url.startswith(("http://", "https://")):
        raise RefusalError(400, 21205, "Url is not a valid URL")
    return order
