"""A local server that plays Twilio's API for the numbers of one account: it keeps them, and can be told to fail."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlsplit

ACCOUNT = "AC" + "0" * 32
TOKEN = "a token of Twilio for the tests"
NUMBER = "+12125550100"
NUMBER_SID = "PN" + "7" * 32
ADDRESSES = (
    *("voice_url", "voice_method", "voice_fallback_url"),
    *("voice_fallback_method", "status_callback", "status_callback_method"),
)


@dataclass
class FakeTwilio:
    """`fault` answers instead of the account: a status and a body; "silent" never answers, "cut" hangs up at once.

    `failing` are the methods that the fault is for. `asked` notes every request: method, path and fields.
    """

    numbers: dict[str, dict[str, str]] = field(default_factory=lambda: {NUMBER: {}})
    fault: tuple[int, str] | str | None = None
    failing: tuple[str, ...] = ("GET", "POST")
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    base: str = ""
    stopped: threading.Event = field(default_factory=threading.Event)

    def answer(self, method: str, target: str, body: str, authorization: str) -> tuple[int, str] | str:
        url = urlsplit(target)
        fields = dict(parse_qsl(url.query if method == "GET" else body))
        self.asked.append((method, url.path, fields))
        if self.fault is not None and method in self.failing:
            return self.fault
        expected = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if authorization != f"Basic {expected}":
            return refusal(401, 20003, "Authenticate")
        account = f"/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers"
        if method == "GET" and url.path == f"{account}.json":
            return 200, json.dumps(self._page(parse_qs(url.query)["PhoneNumber"][0]))
        if method == "POST" and url.path == f"{account}/{NUMBER_SID}.json":
            return 200, json.dumps(self._update(fields))
        return refusal(404, 20404, f"The requested resource {url.path} was not found")

    def _page(self, number: str) -> dict[str, object]:
        rows = [self._row(kept) for kept in self.numbers if number in kept]
        return {"incoming_phone_numbers": rows, "page": 0, "page_size": 1, "next_page_uri": None, "uri": "/"}

    def _update(self, fields: dict[str, str]) -> dict[str, str | None]:
        for name, value in fields.items():
            key = "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in name).lstrip("_")
            assert key in ADDRESSES, key
            self.numbers[NUMBER][key] = value
        return self._row(NUMBER)

    def _row(self, number: str) -> dict[str, str | None]:
        blank: dict[str, str | None] = dict.fromkeys(ADDRESSES)
        return {"sid": NUMBER_SID, "account_sid": ACCOUNT, "phone_number": number, **blank, **self.numbers[number]}


def refusal(status: int, code: int, words: str) -> tuple[int, str]:
    """An error as Twilio writes it."""
    return status, json.dumps({"code": code, "message": words, "more_info": "", "status": status})


class Handler(BaseHTTPRequestHandler):
    twilio: FakeTwilio

    def do_GET(self) -> None:
        self._do("GET")

    def do_POST(self) -> None:
        self._do("POST")

    def _do(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        answer = self.twilio.answer(method, self.path, body, self.headers.get("Authorization", ""))
        if isinstance(answer, str):
            if answer == "silent":
                self.twilio.stopped.wait(10)
            self.close_connection = True
            return
        status, text = answer
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Says nothing on the screen."""


@contextmanager
def playing(twilio: FakeTwilio) -> Iterator[FakeTwilio]:
    """The server, on a free port, while the block runs; `base` is its address."""
    handler = type("OneHandler", (Handler,), {"twilio": twilio})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        twilio.base = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield twilio
        finally:
            twilio.stopped.set()
            server.shutdown()
            thread.join()
