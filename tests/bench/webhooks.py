"""Signed webhook requests a second, against a bare Flask view with the same signature check, in the same run."""

import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from cryptography.fernet import Fernet
from twilio.request_validator import RequestValidator

from tests.bench.load import Load, run_load

BIN = Path(sys.executable).parent
PATH = "/call/key/es/compression-fracture/menu"
ROUNDS, REQUESTS, CONNECTIONS = 9, 4000, 4
SETTLING = 0.5


def servers(port: int) -> dict[str, list[str]]:
    """The production servers that were compared, one process each."""
    granian = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    gunicorn = ["gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    return {
        "gunicorn gthread": [*gunicorn, "--worker-class", "gthread", "--threads", "8"],
        "granian wsgi": [*granian, "--blocking-threads", "8", "--no-access-log", "--log-level", "error"],
    }


def environment(port: int, folder: Path) -> dict[str, str]:
    """A line of its own for the benchmark."""
    return {
        **os.environ,
        "SPINELINE_ENV": "local",
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "NUMBER_KEYS": Fernet.generate_key().decode(),
        "HASH_KEY": secrets.token_hex(32),
        "SECRET_KEY": secrets.token_hex(32),
        "DATABASE_URL": f"sqlite:///{folder / 'bench.db'}",
    }


@contextmanager
def serving(command: list[str], target: str, port: int, settings: Mapping[str, str]) -> Iterator[None]:
    """A server process for as long as the block lasts."""
    process = subprocess.Popen(
        [str(BIN / command[0]), *command[1:], target], env=dict(settings), stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")


def signed_request(port: int, token: str) -> bytes:
    """One signed key press, as bytes on the wire."""
    fields = {"CallSid": "CA" + "0" * 32, "From": "+12125550123", "To": "+12125550100", "Digits": "2"}
    base = f"http://127.0.0.1:{port}"
    body = urlencode(fields).encode()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"X-Twilio-Signature: {RequestValidator(token).compute_signature(base + PATH, fields)}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@dataclass(frozen=True)
class Comparison:
    """Both under one server, and the median of the rounds' ratios: a round's two runs share the machine's mood."""

    bare: Load
    ours: Load
    ratio: float


def measure(name: str, folder: Path) -> Comparison:
    """Bare and ours, side by side under one kind of server, taking turns at being asked."""
    with ExitStack() as stack:
        ask_bare = _ready(stack, name, "tests.bench.bare:app", folder)
        ask_ours = _ready(stack, name, "app:app", folder)
        rounds = [(ask_bare(REQUESTS), ask_ours(REQUESTS)) for _ in range(ROUNDS)]
    bare, ours = (_median([pair[side] for pair in rounds]) for side in (0, 1))
    return Comparison(bare, ours, statistics.median(pair[1].per_second / pair[0].per_second for pair in rounds))


def _ready(stack: ExitStack, name: str, target: str, folder: Path) -> Callable[[int], Load]:
    """Starts a server, warms it up, and returns what asks it; a run begins when the last one's events are written."""
    port = _free_port()
    settings = environment(port, folder)
    subprocess.run([str(BIN / "flask"), "db", "upgrade"], env=settings, check=True, capture_output=True)
    stack.enter_context(serving(servers(port)[name], target, port, settings))
    request = signed_request(port, settings["TWILIO_AUTH_TOKEN"])

    def ask(requests: int) -> Load:
        time.sleep(SETTLING)
        return run_load(port, request, connections=CONNECTIONS, requests=requests)

    ask(REQUESTS // 4)
    return ask


def _median(loads: list[Load]) -> Load:
    return Load(
        statistics.median(load.per_second for load in loads),
        statistics.median(load.p50 for load in loads),
        statistics.median(load.p99 for load in loads),
    )


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def bench() -> None:
    """Prints the table."""
    print("Signed webhooks that play a clip and note it, one server process, 4 connections")
    print(f"{'server':20} {'':6} {'requests/s':>11} {'p50 ms':>8} {'p99 ms':>8} {'ours/bare':>10}")
    with tempfile.TemporaryDirectory() as folder:
        for name in servers(0):
            found = measure(name, Path(folder))
            for label, load, ratio in (("bare", found.bare, ""), ("ours", found.ours, f"{found.ratio:10.2f}")):
                print(f"{name:20} {label:6} {load.per_second:11.0f} {load.p50:8.2f} {load.p99:8.2f} {ratio}")
