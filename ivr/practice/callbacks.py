"""What the practice Twilio sends to the app: signed requests, and the callbacks that tell how a call goes.

The rule kept here: callbacks promise nothing. They come twice, late, last one first, or not at all when the account's
troubles say so; what Twilio itself knows of a call (its record) is right all the same. The requests go through one
seam, the `Door`: over HTTP to a running line, or into an app in this process.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from functools import partial
from typing import Any, Protocol
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from twilio.request_validator import RequestValidator
from werkzeug.test import Client

from ivr.phones.handset import HandsetError
from ivr.practice.account import Account, CallRecord, Mishap
from ivr.provider.signature import HEADER

WEBHOOK_SECONDS = 15
"""How long Twilio waits for a webhook."""
CONNECTIONS = 64
API_VERSION = "2010-04-01"


@dataclass(frozen=True)
class WebhookReply:
    """What the app answered."""

    status: int
    text: str


class Door(Protocol):
    """How requests reach the app."""

    def __call__(self, method: str, url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> WebhookReply:
        """Sends a form to an absolute address. Raises HandsetError where nobody answers."""


@dataclass(frozen=True)
class InProcess:
    """An app in this process, asked as if over the network; whatever host an address names, it goes to this app."""

    app: Any

    def __call__(self, method: str, url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> WebhookReply:
        """Sends it through the app's WSGI interface."""
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        base = f"{parts.scheme}://{parts.netloc}"
        client = Client(self.app, use_cookies=False)
        response = client.open(path, method=method, base_url=base, data=dict(fields), headers=dict(headers))
        return WebhookReply(response.status_code, response.get_data(as_text=True))


class OverHttp:
    """A line that runs elsewhere. `public` is the address that it signs for; `reach` is where it listens (default: the
    same). Nothing is ever sent to another address."""

    def __init__(self, public: str, reach: str = "") -> None:
        self._public, self._reach = public.rstrip("/"), (reach or public).rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.mount("http://", HTTPAdapter(pool_maxsize=CONNECTIONS))

    def __call__(self, method: str, url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> WebhookReply:
        """Sends it; waits as long as Twilio would."""
        if not f"{url}/".startswith((f"{self._public}/", f"{self._public}?")):
            raise HandsetError(f"the practice Twilio asks only {self._public}, not {url}")
        target = self._reach + url.removeprefix(self._public)
        try:
            response = self._session.request(
                method, target, data=dict(fields), headers=dict(headers), timeout=WEBHOOK_SECONDS, allow_redirects=False
            )
        except requests.RequestException as error:
            raise HandsetError(f"{url} did not answer") from error
        response.encoding = "utf-8"
        return WebhookReply(response.status_code, response.text)


@dataclass(frozen=True)
class Webhooks:
    """Signed requests to the app. `base` is what a relative address is relative to."""

    door: Door
    token: str
    base: str

    def ask(self, url: str, fields: Mapping[str, str], method: str = "POST") -> WebhookReply:
        """Sends a form, in the query for a GET. Raises HandsetError where nobody answers."""
        url = urldefrag(urljoin(f"{self.base}/", url)).url
        if method == "GET":
            url, fields = f"{url}{'&' if '?' in url else '?'}{urlencode(fields)}", {}
        signature = RequestValidator(self.token).compute_signature(url, dict(fields))
        return self.door(method, url, fields, {HEADER: str(signature)})


@dataclass(frozen=True)
class Delivered:
    """One callback as it left. `event` is "initiated", "ringing", "answered", "completed" or "amd"; `answer` the app's
    HTTP status, 0 where nobody answered."""

    sid: str
    event: str
    fields: Mapping[str, str]
    answer: int


Later = Callable[[float, Callable[[], None]], None]
"""Does something after so many seconds."""


class Callbacks:
    """Tells the app how its calls go. `delivered` is all that was sent, in the order in which it was answered."""

    def __init__(self, account_sid: str, account: Account, webhooks: Webhooks, run_later: Later) -> None:
        self._sid, self._account, self._webhooks, self._run_later = account_sid, account, webhooks, run_later
        self._numbers: Counter[str] = Counter()
        self._held: dict[str, list[Callable[[], None]]] = {}
        self.delivered: list[Delivered] = []

    def write_fields(self, record: CallRecord, status: str) -> dict[str, str]:
        """What every request about a call says."""
        return {
            "AccountSid": self._sid,
            "ApiVersion": API_VERSION,
            "CallSid": record.sid,
            "CallStatus": status,
            "Direction": "outbound-api",
            "From": record.caller,
            "Caller": record.caller,
            "To": record.to,
            "Called": record.to,
        }

    def tell_status(self, record: CallRecord, event: str, status: str) -> None:
        """One step of a call. `status` is what the call's status becomes with it."""
        if record.read_field("StatusCallback") and event in _choose_events(record):
            more = {"Timestamp": format_datetime(self._account.now()), "CallbackSource": "call-progress-events"}
            more["SequenceNumber"] = str(self._numbers[record.sid])
            self._numbers[record.sid] += 1
            if event == "completed":
                more |= {"CallDuration": str(record.duration or 0)}
            if record.answered_by and not record.detects_beside:
                more |= {"AnsweredBy": record.answered_by}
            self._send_status(record, event, {**self.write_fields(record, status), **more})
        if event == "completed":
            for send in reversed(self._held.pop(record.sid, [])):
                send()

    def _send_status(self, record: CallRecord, event: str, fields: Mapping[str, str]) -> None:
        address = record.read_field("StatusCallback"), record.read_field("StatusCallbackMethod", "POST")
        send = partial(self._send, record, event, address, fields)
        if fields["SequenceNumber"] == "0" and self._account.strike(Mishap.REVERSED, record.to, record.turn):
            self._held[record.sid] = []
        if record.sid in self._held:
            self._held[record.sid].append(send)
        else:
            send()

    def tell_detection(self, record: CallRecord, answered_by: str, seconds: float) -> None:
        """What the detector found, beside the call that goes on."""
        if not record.read_field("AsyncAmdStatusCallback"):
            return
        address = record.read_field("AsyncAmdStatusCallback"), record.read_field("AsyncAmdStatusCallbackMethod", "POST")
        found = {"AnsweredBy": answered_by, "MachineDetectionDuration": str(round(seconds * 1000))}
        self._send(record, "amd", address, {"AccountSid": self._sid, "CallSid": record.sid, **found})

    def _send(self, record: CallRecord, event: str, address: tuple[str, str], fields: Mapping[str, str]) -> None:
        about = (record.to, record.turn, event)
        if self._account.strike(Mishap.NEVER, *about):
            return
        deliver = partial(self._deliver, record.sid, event, address, fields)
        for _ in range(2 if self._account.strike(Mishap.DOUBLED, *about) else 1):
            if self._account.strike(Mishap.LATE, *about):
                self._run_later(self._account.troubles.late_seconds, deliver)
            else:
                deliver()

    def _deliver(self, sid: str, event: str, address: tuple[str, str], fields: Mapping[str, str]) -> None:
        url, method = address
        try:
            answer = self._webhooks.ask(url, fields, method).status
        except HandsetError:
            answer = 0
        self.delivered.append(Delivered(sid, event, fields, answer))


def _choose_events(record: CallRecord) -> set[str]:
    """The events that the app asked for; Twilio's default is the last one."""
    return {event for given in record.form.get("StatusCallbackEvent", ()) for event in given.split()} or {"completed"}
