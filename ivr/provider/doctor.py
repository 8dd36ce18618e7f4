"""Examines a line as Twilio would meet it, from outside: its address, its signature check, its audio, its number.

Each check says what it looked at, whether it is well, and if not, what to do. The checks make real requests to the
public address; none of them changes anything.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import requests

from ivr.errors import TwilioError
from ivr.provider.account import AddressChange, TwilioAccount
from ivr.provider.signature import HEADER, Signature

TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True)
class DoctorFinding:
    """What one check found. `advice` is "" where all is well."""

    looked_at: str
    advice: str = ""

    @property
    def well(self) -> bool:
        """True where there is nothing to do."""
        return not self.advice


@dataclass(frozen=True)
class LineUnderTest:
    """The line under examination. `clips` holds one clip's address for each open language."""

    base: str
    signature: Signature
    clips: Mapping[str, str]
    account: TwilioAccount
    number: str


def examine(line: LineUnderTest) -> Iterator[DoctorFinding]:
    """All checks, in the order in which a call would meet them."""
    yield from (_check(name, check, line) for name, check in CHECKS)
    yield from (_check_clip(language, url) for language, url in line.clips.items())
    if line.number:
        yield _check_number(line)


def _check(name: str, check: Callable[[LineUnderTest], str], line: LineUnderTest) -> DoctorFinding:
    try:
        return DoctorFinding(name, check(line))
    except requests.RequestException as error:
        return DoctorFinding(name, f"{line.base} does not answer ({type(error).__name__}). Is the line running, is its "
                             "address PUBLIC_BASE_URL, and does its certificate hold?")  # fmt: skip


def _check_answer(line: LineUnderTest) -> str:
    response = requests.get(f"{line.base}/healthz", timeout=TIMEOUT_SECONDS)
    return "" if response.ok else f"/healthz answered {response.status_code}. Look at the server's log."


def _check_readiness(line: LineUnderTest) -> str:
    response = requests.get(f"{line.base}/readyz", timeout=TIMEOUT_SECONDS)
    if response.ok:
        return ""
    return "Something is missing: " + " ".join(response.json().get("missing", [f"{response.status_code}"]))


def _check_unsigned_request(line: LineUnderTest) -> str:
    response = requests.post(f"{line.base}/call/status", data={"CallSid": ""}, timeout=TIMEOUT_SECONDS)
    return "" if response.status_code == 403 else f"An unsigned request got {response.status_code}; it must get 403."


def _check_signed_request(line: LineUnderTest) -> str:
    fields = {"CallSid": "", "CallStatus": "completed"}
    headers = {HEADER: line.signature.sign("/call/status", fields)}
    response = requests.post(f"{line.base}/call/status", data=fields, headers=headers, timeout=TIMEOUT_SECONDS)
    if response.status_code == 204:
        return ""
    return (
        f"A rightly signed request got {response.status_code}. The line must run with this PUBLIC_BASE_URL and this "
        "TWILIO_AUTH_TOKEN, and a proxy before it must not change the path."
    )


CHECKS: tuple[tuple[str, Callable[[LineUnderTest], str]], ...] = (
    ("The address answers", _check_answer),
    ("Nothing is missing", _check_readiness),
    ("An unsigned request is refused", _check_unsigned_request),
    ("A signed request is let in", _check_signed_request),
)


def _check_clip(language: str, url: str) -> DoctorFinding:
    name = f"A clip in {language} can be fetched"
    if not url:
        return DoctorFinding(name, "There is no clip. Run: flask audio build")
    try:
        response = requests.get(url, timeout=TIMEOUT_SECONDS)
    except requests.RequestException as error:
        return DoctorFinding(name, f"{url} does not answer ({type(error).__name__}). Look at AUDIO_BASE_URL.")
    if not response.ok or not response.headers.get("Content-Type", "").startswith("audio/"):
        return DoctorFinding(name, f"{url} answered {response.status_code}, {response.headers.get('Content-Type')}.")
    cached = "max-age=" in response.headers.get("Cache-Control", "")
    return DoctorFinding(
        name, "" if cached else f"{url} may not be kept by caches. Send Cache-Control: max-age=31536000."
    )


def _check_number(line: LineUnderTest) -> DoctorFinding:
    name = f"{line.number} leads here"
    try:
        changes = line.account.look_up(line.number).changes
    except TwilioError as error:
        return DoctorFinding(name, str(error))
    advice = [f"It does not. Run: flask twilio connect {line.number}"] if changes else []
    advice += [words for change in changes if (words := _explain_address(change))]
    return DoctorFinding(name, " ".join(advice))


def _explain_address(change: AddressChange) -> str:
    """What is wrong with an address that only looks like ours; "" for any other."""
    scheme, _, rest = change.now.partition("://")
    if f"{scheme}://{re.sub('/{2,}', '/', rest)}" == change.wanted != change.now:
        return f"Its {change.field} has a slash too many, and a signature covers each slash: {change.now}"
    if change.now.rstrip("/?") == change.wanted.rstrip("/"):
        return f"Its {change.field} ends in / or ?: {change.now}. It is answered all the same."
    return ""
