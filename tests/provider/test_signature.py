"""A request is Twilio's only if its signature says so: over the public address, the query and every field."""

import hmac
from base64 import b64encode
from hashlib import sha1

import pytest
from flask import Flask, request
from twilio.request_validator import RequestValidator

from ivr.provider.signature import HEADER, Signature

TOKEN = "12345"
BASE = "https://line.example.org"
FORM = {"CallSid": "CA1", "Digits": "", "From": "+12125550123"}
PATH = "/call/key/es/menu?tries=s1&origin=a/b"


def is_valid(
    path: str,
    form: dict[str, str],
    signature: str | None,
    *,
    base: str = BASE,
    token: str = TOKEN,
    host: str = "http://10.0.0.7:8000",
) -> bool:
    headers = {} if signature is None else {HEADER: signature}
    with Flask("network").test_request_context(path, method="POST", base_url=host, data=form, headers=headers):
        return Signature(base, token).is_valid(request._get_current_object())  # type: ignore[attr-defined]


def signed(url: str, form: dict[str, str], token: str = TOKEN) -> str:
    return str(RequestValidator(token).compute_signature(url, form))


def test_the_example_that_twilio_publishes_is_let_in() -> None:
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+12349013030",
        "Digits": "1234",
        "From": "+12349013030",
        "To": "+18005551212",
    }
    published = "0/KCTR6DLpKmkAf8muzZqo1nDgQ="
    assert is_valid("/myapp.php?foo=1&bar=2", form, published, base="https://mycompany.com")


@pytest.mark.parametrize(
    "base", [BASE, "https://line.example.org:8443", "https://example.org/phone/line", "http://127.0.0.1:8000"]
)
@pytest.mark.parametrize("path", [PATH, "/call", "/call/at/en/x?slow=1", "/call/at/en/x?number=a%26b%C3%A9"])
def test_a_rightly_signed_request_is_let_in_whatever_stands_before_us(base: str, path: str) -> None:
    assert is_valid(path, FORM, signed(f"{base}{path}", FORM), base=base)


RIGHT = signed(f"{BASE}{PATH}", FORM)


@pytest.mark.parametrize(
    ("path", "form", "signature"),
    [
        (PATH, FORM, None),
        (PATH, FORM, ""),
        (PATH, FORM, "x"),
        (PATH, FORM, RIGHT[:-1]),
        (PATH, FORM, RIGHT.swapcase()),
        (PATH, FORM, "é" * 28),
        (PATH, FORM, signed(f"{BASE}{PATH}", FORM, "54321")),
        (PATH, FORM, signed(f"https://other.example.org{PATH}", FORM)),
        (PATH, FORM, signed(f"{BASE}/call/key/en/menu?tries=s1&origin=a/b", FORM)),
        ("/call/key/es/menu?tries=s2&origin=a/b", FORM, RIGHT),
        ("/call/key/es/menu?origin=a/b&tries=s1", FORM, RIGHT),
        ("/call/key/es/menu?tries=s1&origin=a/b&number=x", FORM, RIGHT),
        ("/call/key/es/menu", FORM, RIGHT),
        ("/call/key/es/menu?", FORM, RIGHT),
        ("/call/key/es/other?tries=s1&origin=a/b", FORM, RIGHT),
        (PATH, {**FORM, "Digits": "1"}, RIGHT),
        (PATH, {**FORM, "Extra": "1"}, RIGHT),
        (PATH, {"CallSid": "CA1", "From": "+12125550123", "To": ""}, RIGHT),
        (PATH, {}, RIGHT),
    ],
    ids=[
        *("no signature", "an empty one", "nonsense", "cut short", "other letters", "not ascii", "another token"),
        *("another host", "another language", "another try", "another order", "one more in the query", "no query"),
        *("an empty query", "another node", "another key", "one more field", "another field", "no form"),
    ],
)
def test_anything_that_differs_from_what_was_signed_is_kept_out(
    path: str, form: dict[str, str], signature: str | None
) -> None:
    assert is_valid(PATH, FORM, RIGHT)
    assert not is_valid(path, form, signature)


PORTS = [
    ("https://line.example.org", "https://line.example.org:443"),
    ("https://line.example.org:8443", "https://line.example.org"),
    ("https://line.example.org:443/spine", "https://line.example.org/spine"),
    ("http://127.0.0.1", "http://127.0.0.1:80"),
]


@pytest.mark.parametrize("path", [PATH, "/call"])
@pytest.mark.parametrize(("base", "signed_as"), PORTS)
def test_twilio_may_sign_the_address_with_its_port_or_without(base: str, signed_as: str, path: str) -> None:
    assert is_valid(path, FORM, signed(f"{signed_as}{path}", FORM), base=base)


def test_another_port_is_another_address() -> None:
    assert not is_valid(PATH, FORM, signed(f"https://line.example.org:8444{PATH}", FORM), base=f"{BASE}:8443")
    assert not is_valid(PATH, FORM, signed(f"https://line.example.org:8443{PATH}", FORM), base=BASE)


@pytest.mark.parametrize("signed_as", ["/call", "/call?"])
@pytest.mark.parametrize("asked", ["/call", "/call?"])
def test_an_empty_query_is_signed_with_its_question_mark_or_without_it(asked: str, signed_as: str) -> None:
    assert is_valid(asked, FORM, signed(f"{BASE}{signed_as}", FORM))


def test_a_question_mark_before_a_query_is_not_forgiven() -> None:
    assert not is_valid("/call?tries=s1", FORM, signed(f"{BASE}/call?", FORM))


LATIN_FORM = b"CallSid=CA1&City=M%FCnchen&Digits="
"""A form that is not UTF-8: 00FC is one byte in Latin-1."""


def sign_bytes(url: str, token: str = TOKEN) -> str:
    """Twilio's rule, by hand: the address, then each name and value in the order of the names, as bytes."""
    said = url.encode() + b"CallSidCA1" + b"CityM\xfcnchen" + b"Digits"
    return b64encode(hmac.new(token.encode(), said, sha1).digest()).decode()


LATIN = {
    "rightly signed": (PATH, LATIN_FORM, sign_bytes(f"{BASE}{PATH}"), True),
    "with an empty query": ("/call", LATIN_FORM, sign_bytes(f"{BASE}/call?"), True),
    "another token": (PATH, LATIN_FORM, sign_bytes(f"{BASE}{PATH}", "54321"), False),
    "another address": (PATH, LATIN_FORM, sign_bytes(f"{BASE}/call"), False),
    "another byte": (PATH, LATIN_FORM.replace(b"%FC", b"%FB"), sign_bytes(f"{BASE}{PATH}"), False),
    "one more field": (PATH, LATIN_FORM + b"&From=x", sign_bytes(f"{BASE}{PATH}"), False),
    "no signature": (PATH, LATIN_FORM, "", False),
    "not ascii": (PATH, LATIN_FORM, "é" * 28, False),
}


@pytest.mark.parametrize(("path", "body", "signature", "valid"), LATIN.values(), ids=LATIN.keys())
def test_a_form_that_is_not_utf_8_is_let_in_by_its_signature_alone(
    path: str, body: bytes, signature: str, valid: bool
) -> None:
    kind = "application/x-www-form-urlencoded"
    headers = {HEADER: signature}
    with Flask("network").test_request_context(path, method="POST", data=body, content_type=kind, headers=headers):
        assert Signature(BASE, TOKEN).is_valid(request._get_current_object()) is valid  # type: ignore[attr-defined]


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Original-Url", "X-Forwarded-Proto", "Host"])
def test_what_a_proxy_says_of_the_address_is_not_believed(header: str) -> None:
    forged = signed(f"https://evil.example{PATH}", FORM)
    headers = {HEADER: forged, header: "evil.example"}
    with Flask("network").test_request_context(PATH, method="POST", data=FORM, headers=headers):
        assert not Signature(BASE, TOKEN).is_valid(request._get_current_object())  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["/call", "/call/at/es/x?slow=1"])
def test_our_own_signature_is_twilios(path: str) -> None:
    assert Signature(BASE, TOKEN).sign(path, FORM) == signed(f"{BASE}{path}", FORM)
