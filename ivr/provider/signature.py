"""Whether a request really comes from Twilio: its signature, by Twilio's own library, never switched off.

The signature covers the public address (not what proxies say of themselves) and every field of the form, so a position
that travels in the address cannot be changed by anybody else.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Request
from twilio.request_validator import RequestValidator

HEADER = "X-Twilio-Signature"


@dataclass(frozen=True)
class Signature:
    """Checks and makes signatures for requests under one public address."""

    base: str
    token: str

    def is_valid(self, request: Request) -> bool:
        """True when the request carries the right signature for its address and form."""
        given = request.headers.get(HEADER, "")
        query = request.query_string.decode("latin-1")
        url = f"{self.base}{request.path}?{query}" if query else f"{self.base}{request.path}"
        return bool(given) and bool(RequestValidator(self.token).validate(url, request.form, given))

    def sign(self, path: str, fields: Mapping[str, str]) -> str:
        """The signature that Twilio would send with these fields: for our own phones and for tests."""
        return str(RequestValidator(self.token).compute_signature(f"{self.base}{path}", dict(fields)))
