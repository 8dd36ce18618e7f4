"""Whether a request really comes from Twilio: its signature, by Twilio's own library, never switched off.

The signature covers the public address (not what proxies say of themselves) and every field of the form, so a position
that travels in the address cannot be changed by anybody else.
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha1
from urllib.parse import parse_qsl, unquote_to_bytes, urlparse

from flask import Request
from twilio.request_validator import RequestValidator, add_port, remove_port

HEADER = "X-Twilio-Signature"


def _is_utf8(body: bytes) -> bool:
    """Whether a form's values are UTF-8, once unquoted."""
    try:
        unquote_to_bytes(body).decode()
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True)
class Signature:
    """Checks and makes signatures for requests under one public address."""

    base: str
    token: str

    def is_valid(self, request: Request) -> bool:
        """True when the request carries the right signature for its address and form."""
        given = request.headers.get(HEADER, "").encode()
        query = request.query_string.decode("latin-1")
        # An address that ends in an empty query is signed with its question mark, which a server does not hand on.
        ends = [f"{request.path}?{query}"] if query else [request.path, f"{request.path}?"]
        signed = [f"{base}{end}" for base in self._bases for end in ends]
        validator = RequestValidator(self.token)
        body = request.get_data()
        if not given:
            return False
        if not _is_utf8(body):
            return any(hmac.compare_digest(self._sign_bytes(each, body).encode(), given) for each in signed)
        made = (validator.compute_signature(each, request.form) for each in signed)
        return any(hmac.compare_digest(str(signature).encode(), given) for signature in made)

    @cached_property
    def _bases(self) -> tuple[str, ...]:
        """The public address as it is, without its port, and with it: Twilio's own library takes all three, since what
        signs the requests is not of one mind."""
        parsed = urlparse(self.base)
        return tuple(dict.fromkeys((self.base, str(remove_port(parsed)), str(add_port(parsed)))))

    def _sign_bytes(self, url: str, body: bytes) -> str:
        """Twilio's rule for a form whose bytes are no UTF-8, which its library cannot sign: the address, then every
        name and value in the order of the names, under HMAC-SHA1."""
        fields = sorted(parse_qsl(body.decode("latin-1"), keep_blank_values=True, encoding="latin-1"))
        said = url.encode() + b"".join((name + value).encode("latin-1") for name, value in fields)
        return b64encode(hmac.new(self.token.encode(), said, sha1).digest()).decode()

    def sign(self, path: str, fields: Mapping[str, str]) -> str:
        """The signature that Twilio would send with these fields: for our own phones and for tests."""
        return str(RequestValidator(self.token).compute_signature(f"{self.base}{path}", dict(fields)))
