"""Our requests against Twilio's own OpenAPI file, held by Prism on 127.0.0.1: names, kinds and values of every field.

Prism keeps no state: what the calls become is the practice Twilio's to show. `make shapes` brings both; without them
these tests skip.
"""

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from ivr.errors import NotPlacedError
from ivr.provider.outgoing import TwilioCalls
from ivr.store.campaigns.queue import DialOrder
from tests.conftest import ROOT

FOLDER = ROOT / ".shapes"
PRISM = FOLDER / "node_modules/.bin/prism"
OPENAPI = FOLDER / "node_modules/@twilio/cli-core/src/services/twilio-api/twilio_api_v2010.json"
SID, CALL = "AC" + "0" * 32, "CA" + "1" * 32
ORDER = DialOrder("attempt17", "+12125550123", "hash", "+12125550111", "es", "compression-fracture")
FORM = "application/x-www-form-urlencoded"


def told_as_forms(api: dict[str, object]) -> dict[str, object]:
    """The file with what it leaves out: a list in a form is the same name several times."""
    text = json.loads(json.dumps(api))
    for path in text["paths"].values():
        body = path.get("post", {}).get("requestBody", {}).get("content", {}).get(FORM)
        if body:
            lists = [name for name, one in body["schema"].get("properties", {}).items() if one.get("type") == "array"]
            body["encoding"] = {name: {"style": "form", "explode": True} for name in lists}
    answer: dict[str, object] = text
    return answer


def calls_only(api: dict[str, object]) -> dict[str, object]:
    paths = api["paths"]
    assert isinstance(paths, dict)
    return {**api, "paths": {path: one for path, one in paths.items() if re.search(r"/Calls(/\{Sid\})?\.json$", path)}}


@pytest.fixture(scope="module")
def prism(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Prism that refuses what the OpenAPI file does not allow."""
    if not (PRISM.exists() and OPENAPI.exists()):
        pytest.skip("Tests of request shapes SKIPPED: Prism and Twilio's OpenAPI file are not here. Run: make shapes")
    file: Path = tmp_path_factory.mktemp("openapi") / "calls.json"
    file.write_text(json.dumps(calls_only(told_as_forms(json.loads(OPENAPI.read_text("utf-8"))))))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    beside = {"PATH": f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}"}
    command = [str(PRISM), "mock", "--errors", "--host", "127.0.0.1", "--port", str(port), str(file)]
    log = (file.parent / "prism.log").open("w")
    process = subprocess.Popen(command, env={**os.environ, **beside}, stdout=log, stderr=log, start_new_session=True)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        log.close()


def _wait_for(address: str) -> None:
    for _ in range(600):
        with suppress(requests.RequestException):
            requests.get(address, timeout=1)
            return
        time.sleep(0.1)
    raise AssertionError("Prism did not start")


def calls(prism: str) -> TwilioCalls:
    return TwilioCalls(SID, "token", prism, "https://line.example.org")


def test_a_call_is_asked_for_as_twilio_documents_it(prism: str) -> None:
    assert re.fullmatch("CA[0-9a-fA-F]{32}|string", calls(prism).place(ORDER))


@pytest.mark.parametrize(
    ("field", "value"),
    [("Timeout", "soon"), ("StatusCallbackMethod", "TELL"), ("MachineDetectionTimeout", "long")],
)
def test_prism_refuses_what_twilio_does_not_document(prism: str, field: str, value: str) -> None:
    url = f"{prism}/2010-04-01/Accounts/{SID}/Calls.json"
    form = {"To": "+12125550123", "From": "+12125550111", "Url": "https://line.example.org/x", field: value}
    assert requests.post(url, data=form, auth=(SID, "token"), timeout=60).status_code == 422


def test_a_call_is_looked_up_as_twilio_documents_it(prism: str) -> None:
    with suppress(NotPlacedError, ValueError):  # Prism's made-up answer holds made-up values
        calls(prism).fetch(CALL)
    url = f"{prism}/2010-04-01/Accounts/{SID}/Calls/{CALL}.json"
    assert requests.get(url, auth=(SID, "token"), timeout=60).status_code == 200


def test_a_call_is_led_to_the_voicemail_as_twilio_documents_it(prism: str) -> None:
    calls(prism).leave_message(CALL, "attempt17", "es", "compression-fracture")
