"""Twilio's REST API as this line uses it: one number's addresses, read and set.

The client is Twilio's own. A subclass of its transport sends requests to TWILIO_API_BASE instead, which serves
Twilio-compatible engines in production and a local server in tests.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from ivr.errors import TwilioError

TIMEOUT_SECONDS = 10.0
TWILIO_ADDRESS = "https://api.twilio.com"


class RebasedHttpClient(TwilioHttpClient):  # type: ignore[misc]  # Twilio's library has no types
    """Twilio's transport, to another address."""

    def __init__(self, base: str, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self._base = base

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        """Sends the request, its address moved to the other base."""
        moved = url.replace(TWILIO_ADDRESS, self._base, 1) if self._base else url
        return super().request(method, moved, *args, **kwargs)


@dataclass(frozen=True)
class AddressChange:
    """One address of a number, as it is and as this line wants it."""

    field: str
    now: str
    wanted: str


@dataclass(frozen=True)
class NumberAddresses:
    """A number of the account with the changes that would connect it to this line; none when it is connected."""

    sid: str
    number: str
    changes: tuple[AddressChange, ...]


class TwilioAccount:
    """An account, for one public address of the line. `timeout` is in seconds."""

    def __init__(self, sid: str, token: str, api_base: str, public_base: str, timeout: float = TIMEOUT_SECONDS) -> None:
        self._client = Client(sid, token, http_client=RebasedHttpClient(api_base, timeout))
        self._addresses = dict(_list_addresses(public_base))

    def look_up(self, number: str) -> NumberAddresses:
        """A number's addresses beside those that it should have. Raises TwilioError, in words."""
        with _explain_errors():
            found = self._client.incoming_phone_numbers.list(phone_number=number, limit=1)
        if not found:
            raise TwilioError(f"The account has no number {number}. Buy it, or correct it.")
        row = found[0]
        changes = (
            AddressChange(field, str(getattr(row, field) or ""), wanted)
            for field, wanted in self._addresses.items()
            if str(getattr(row, field) or "") != wanted
        )
        return NumberAddresses(str(row.sid), str(row.phone_number), tuple(changes))

    def connect(self, number: NumberAddresses) -> None:
        """Sets the addresses. Raises TwilioError, in words."""
        with _explain_errors():
            self._client.incoming_phone_numbers(number.sid).update(**self._addresses)


def _list_addresses(base: str) -> Iterator[tuple[str, str]]:
    for field, path in (("voice", "/call"), ("voice_fallback", "/call/fallback"), ("status_callback", "/call/status")):
        yield (field if field == "status_callback" else f"{field}_url"), f"{base}{path}"
        yield f"{field}_method", "POST"
    # With an application or a trunk of its own, Twilio ignores a number's addresses.
    yield "voice_application_sid", ""
    yield "trunk_sid", ""


@contextmanager
def _explain_errors() -> Iterator[None]:
    """Turns what Twilio's library raises into a TwilioError that tells what to do."""
    try:
        yield
    except TwilioException as error:
        raise _explain(error) from error
    except RequestException as error:
        raise TwilioError(UNREACHED) from error


UNREACHED = "Twilio did not answer. Look at the network and at TWILIO_API_BASE."
KNOWN = {
    20003: "Twilio does not accept the account and token. Look at TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.",
    20429: "Twilio has too many requests from this account now. Wait a minute, then try again.",
}


def _explain(error: TwilioException) -> TwilioError:
    status, code, words = _read_refusal(error)
    if status == 0:
        return TwilioError(UNREACHED)
    if status >= 500:
        return TwilioError(f"Twilio has a fault of its own ({status}). Wait a minute, then try again.", code=code)
    return TwilioError(KNOWN.get(code or 0, f"Twilio refused ({status}, {code or 'no code'}): {words}"), code=code)


def _read_refusal(error: TwilioException) -> tuple[int, int | None, str]:
    """Status, Twilio's code and its words. Its library reads them; but for a list it only raises the answer."""
    if isinstance(error, TwilioRestException):
        return error.status, None if error.code == error.status else error.code, error.msg
    answer = next((found for found in error.args if isinstance(found, Response)), None)
    if answer is None:
        return 0, None, ""
    try:
        told = json.loads(answer.text)
        return answer.status_code, told["code"], told["message"]
    except (ValueError, TypeError, KeyError):
        return answer.status_code, None, "no words came with it."
