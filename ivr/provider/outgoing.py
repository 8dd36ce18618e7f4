"""Calls that the clinic makes, through Twilio's REST API: placed once, looked for, fetched, and led to the voicemail.

Rules kept here: a request is sent once and never repeated automatically, since Twilio has no idempotency key for calls;
every failure is read as a `Placement`, so that the dialer knows whether a call may have left. Twilio's own client makes
the requests; TWILIO_API_BASE sends them elsewhere.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from json import JSONDecodeError
from typing import Any, Protocol

from requests.exceptions import ConnectionError as NotConnected
from requests.exceptions import ConnectTimeout, RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from ivr.addresses import Verb, write_address
from ivr.errors import NotPlacedError, Placement
from ivr.line.nodes import Position
from ivr.line.reminder import name_gate, name_voicemail
from ivr.provider.account import RebasedHttpClient

TIMEOUT_SECONDS = 10.0
UNREADABLE = "Twilio's answer could not be read."
EVENTS = ("initiated", "ringing", "answered", "completed")
DETECTION_SECONDS = 20
for name in ("twilio.http_client", "urllib3.connectionpool"):
    # They write whole addresses, and a search names the patient's number in its own (45 CFR 164.312).
    logging.getLogger(name).setLevel(logging.WARNING)


class CallOrder(Protocol):
    """What a call needs to be placed. Numbers are E.164."""

    @property
    def attempt(self) -> str:
        """Our id of the attempt."""

    @property
    def number(self) -> str:
        """Who is called."""

    @property
    def caller(self) -> str:
        """The number that calls."""

    @property
    def language(self) -> str:
        """Our code."""

    @property
    def topic(self) -> str:
        """What "how to prepare" is about."""


@dataclass(frozen=True)
class NetworkCall:
    """A call on the account's list."""

    sid: str
    status: str
    answered_by: str = ""
    seconds: int | None = None


class TwilioCalls:
    """An account's calls. `base` is the public address of this line; `ring` is how many seconds a phone rings."""

    def __init__(
        self, sid: str, token: str, api_base: str, base: str, *, ring: int = 30, timeout: float = TIMEOUT_SECONDS
    ) -> None:
        self._client = Client(sid, token, http_client=RebasedHttpClient(api_base, timeout))
        self._base, self._ring = base, ring

    def place(self, order: CallOrder) -> str:
        """Places a call; its id. Raises NotPlacedError."""
        with _judge_placement():
            made = self._client.calls.create(**self.request(order))
        if not made.sid:
            raise NotPlacedError(UNREADABLE, Placement.DOUBTFUL)
        return str(made.sid)

    def request(self, order: CallOrder) -> dict[str, Any]:
        """What is asked of Twilio. Detection runs beside the call, so that nobody who answers waits in silence."""
        about = f"{self._base}/call/attempt/{order.attempt}"
        return {
            "to": order.number,
            "from_": order.caller,
            "url": f"{self._base}{write_first_address(order.attempt, order.language, order.topic)}",
            "method": "POST",
            "status_callback": f"{about}/status",
            "status_callback_event": list(EVENTS),
            "status_callback_method": "POST",
            "timeout": self._ring,
            "machine_detection": "DetectMessageEnd",
            "machine_detection_timeout": DETECTION_SECONDS,
            "async_amd": "true",
            "async_amd_status_callback": f"{about}/machine",
            "async_amd_status_callback_method": "POST",
        }

    def find(self, to: str, caller: str, since: datetime) -> Sequence[NetworkCall]:
        """Calls from `caller` to `to` created since a moment; Twilio filters by the start, which a queued one lacks."""
        with _judge_placement():
            rows = self._client.calls.list(to=to, from_=caller, limit=50)
        return [_read_call(row) for row in rows if row.date_created is None or row.date_created >= since]

    def fetch(self, sid: str) -> NetworkCall:
        """One call. Raises NotPlacedError."""
        with _judge_placement():
            return _read_call(self._client.calls(sid).fetch())

    def leave_message(self, sid: str, attempt: str, language: str, topic: str) -> None:
        """Leads a call that a machine answered to the voicemail. Raises NotPlacedError."""
        there = write_address(Verb.AT, Position(language, name_voicemail(topic), attempt=attempt))
        with _judge_placement():
            self._client.calls(sid).update(url=f"{self._base}{there}", method="POST")


def write_first_address(attempt: str, language: str, topic: str) -> str:
    """The path of the first request of a call."""
    return write_address(Verb.AT, Position(language, name_gate(topic), attempt=attempt))


def _read_call(row: Any) -> NetworkCall:
    seconds = int(row.duration) if row.duration else None
    return NetworkCall(str(row.sid), str(row.status), str(row.answered_by or ""), seconds)


@contextmanager
def _judge_placement() -> Iterator[None]:
    """Turns what Twilio's library raises into what is known about the call."""
    try:
        yield
    except TwilioRestException as error:
        code = error.code if error.code != error.status else "no code"
        raise NotPlacedError(f"Twilio answered {error.status} ({code}).", _read_refusal(error)) from error
    except (ConnectTimeout, NotConnected) as error:
        placement = Placement.NOT_TAKEN if _is_unconnected(error) else Placement.DOUBTFUL
        raise NotPlacedError("Twilio could not be reached.", placement) from error
    except JSONDecodeError as error:
        raise NotPlacedError(UNREADABLE, Placement.DOUBTFUL) from error
    except (RequestException, TwilioException) as error:
        raise NotPlacedError("Twilio gave no answer.", Placement.DOUBTFUL) from error


def _read_refusal(error: TwilioRestException) -> Placement:
    """Reads what Twilio's status says of the call.

    Twilio never processes what it answers with 429, and a fault of the request places nothing. After a fault of
    Twilio's own the call may have left.
    """
    if error.status == 429 or error.status in (401, 403):
        return Placement.NOT_TAKEN
    return Placement.REFUSED if 400 <= error.status < 500 else Placement.DOUBTFUL


def _is_unconnected(error: Exception) -> bool:
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(error, ConnectTimeout) or isinstance(reason, NewConnectionError)
