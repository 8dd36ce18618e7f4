"""A caller for tests: signs each request as the network does, and sees the raw answers."""

import re
from dataclasses import dataclass, field
from xml.etree import ElementTree

from defusedxml.ElementTree import fromstring
from flask import Flask
from werkzeug.test import TestResponse

from ivr.addresses import Verb, write_address
from ivr.line.nodes import Position
from ivr.provider.signature import HEADER

SID = "CA" + "1" * 32
BASE = "https://line.example.org"
PATIENT = "+12125550123"
LINE_NUMBER = "+12125550100"
CLINIC = "+12125550150"
TOPIC = "compression-fracture"


@dataclass
class Caller:
    """One call's requests. `fields` are sent with each of them."""

    app: Flask
    fields: dict[str, str] = field(default_factory=lambda: {"CallSid": SID, "From": PATIENT, "To": LINE_NUMBER})

    def send(self, path: str, **more: str) -> TestResponse:
        """A signed request to a path of the line."""
        form = {**self.fields, **more}
        signature = self.app.extensions["spineline"].calls.signature
        path = path.removeprefix(signature.base)
        headers = {HEADER: signature.sign(path, form)}
        return self.app.test_client().post(path, data=form, headers=headers)

    def at(self, position: Position) -> TestResponse:
        """The call arrives at a position."""
        return self.send(write_address(Verb.AT, position))

    def key(self, position: Position, digits: str) -> TestResponse:
        """The caller presses keys at a position."""
        return self.send(write_address(Verb.KEY, position), Digits=digits)


def listened(address: str) -> str:
    """The address of a key for somebody who has listened: how soon the key comes does not matter."""
    return re.sub(r"[?&]since=\d+$", "", address)


def document(response: TestResponse) -> ElementTree.Element:
    """The TwiML of an answer, which must be one."""
    assert (response.status_code, response.content_type) == (200, "text/xml; charset=utf-8")
    root: ElementTree.Element = fromstring(response.get_data(as_text=True))
    assert root.tag == "Response"
    return root
