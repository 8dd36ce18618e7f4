"""Examines a line as Twilio would meet it, from outside: its address, its signature check, its audio, its number.

Each check says what it looked at, whether it is well, and if not, what to do. The checks make real requests to the
public address; none of them changes anything.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import requests

from ivr.errors import TwilioError
from ivr.provider.account import TwilioAccount
from ivr.provider.signature import HEADER, Signature

TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True)
class Finding:
    """What one check found. `advice` is "" where all is well."""

    looked_at: str
    advice: str = ""

    @property
    def well(self) -> bool:
        """True where there is nothing to do."""
        return not self.advice


@dataclass(frozen=True)
class Patient:
    """The line under examination. `clips` holds one clip's address for each open language."""

    base: str
    signature: Signature
    clips: Mapping[str, str]
    account: TwilioAccount
    number: str


def examine(patient: Patient) -> Iterator[Finding]:
    """All checks, in the order in which a call would meet them."""
    yield from (_guarded(name, check, patient) for name, check in CHECKS)
    yield from (_clip(language, url) for language, url in patient.clips.items())
    if patient.number:
        yield _number(patient)


def _guarded(name: str, check: Callable[[Patient], str], patient: Patient) -> Finding:
    try:
        return Finding(name, check(patient))
    except requests.RequestException as error:
        return Finding(name, f"{patient.base} does not answer ({type(error).__name__}). Is the line running, is its "
                             "address PUBLIC_BASE_URL, and does its certificate hold?")  # fmt: skip


def _answers(patient: Patient) -> str:
    response = requests.get(f"{patient.base}/healthz", timeout=TIMEOUT_SECONDS)
    return "" if response.ok else f"/healthz answered {response.status_code}. Look at the server's log."


def _ready(patient: Patient) -> str:
    response = requests.get(f"{patient.base}/readyz", timeout=TIMEOUT_SECONDS)
    if response.ok:
        return ""
    return "Something is missing: " + " ".join(response.json().get("missing", [f"{response.status_code}"]))


def _refuses_strangers(patient: Patient) -> str:
    response = requests.post(f"{patient.base}/call/status", data={"CallSid": ""}, timeout=TIMEOUT_SECONDS)
    return "" if response.status_code == 403 else f"An unsigned request got {response.status_code}; it must get 403."


def _knows_twilio(patient: Patient) -> str:
    fields = {"CallSid": "", "CallStatus": "completed"}
    headers = {HEADER: patient.signature.of("/call/status", fields)}
    response = requests.post(f"{patient.base}/call/status", data=fields, headers=headers, timeout=TIMEOUT_SECONDS)
    if response.status_code == 204:
        return ""
    return (
        f"A rightly signed request got {response.status_code}. The line must run with this PUBLIC_BASE_URL and this "
        "TWILIO_AUTH_TOKEN, and a proxy before it must not change the path."
    )


CHECKS: tuple[tuple[str, Callable[[Patient], str]], ...] = (
    ("The address answers", _answers),
    ("Nothing is missing", _ready),
    ("An unsigned request is refused", _refuses_strangers),
    ("A signed request is let in", _knows_twilio),
)


def _clip(language: str, url: str) -> Finding:
    name = f"A clip in {language} can be fetched"
    if not url:
        return Finding(name, "There is no clip. Run: flask audio build")
    try:
        response = requests.get(url, timeout=TIMEOUT_SECONDS)
    except requests.RequestException as error:
        return Finding(name, f"{url} does not answer ({type(error).__name__}). Look at AUDIO_BASE_URL.")
    if not response.ok or not response.headers.get("Content-Type", "").startswith("audio/"):
        return Finding(name, f"{url} answered {response.status_code}, {response.headers.get('Content-Type')}.")
    cached = "max-age=" in response.headers.get("Cache-Control", "")
    return Finding(name, "" if cached else f"{url} may not be kept by caches. Send Cache-Control: max-age=31536000.")


def _number(patient: Patient) -> Finding:
    name = f"{patient.number} leads here"
    try:
        changes = patient.account.look_up(patient.number).changes
    except TwilioError as error:
        return Finding(name, str(error))
    return Finding(name, f"It does not. Run: flask twilio connect {patient.number}" if changes else "")
