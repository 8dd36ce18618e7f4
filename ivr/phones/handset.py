"""The caller's side of TwiML: the one simulator behind the web phone, the terminal phone, golden calls and tests.

It plays the part of the telephone network for one call: it asks the line's real webhooks, over signed requests, walks
through the documents as a network would, and says what the caller hears. It never waits: its driver (a person at a
keyboard, a browser, a test) decides when a key is pressed and when time has passed. A call is a small value that can be
put away and taken up again, so the web phone keeps nothing on the server.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal
from xml.etree import ElementTree

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ivr.addresses import SINCE
from ivr.errors import SpinelineError

_LISTENED = re.compile(rf"[?&]{SINCE}=\d+$")
"""What the address of a key says of when its place began to be heard."""
MOST_DOCUMENTS = 20
"""Documents that may follow one another with nothing to hear: more is a loop."""
GATHER_TIMEOUT = 5
PersonAnswers = Literal["takes", "ignores", "busy", "no-answer"]
"""What happens when the line rings the clinic: a person takes the call, nobody presses a key, busy, no answer."""


class HandsetError(SpinelineError):
    """The line answered with something that no telephone network would accept."""


@dataclass(frozen=True)
class HandsetEvent:
    """One thing that reaches the caller's ear, or happens to the call.

    `kind`: "node" (a new document; `text` is the place), "play", "say", "pause" (`seconds`), "key" (`text`), "silence",
    "dial", "staff" (what the person at the clinic hears), "hangup".
    """

    kind: str
    text: str = ""
    url: str = ""
    language: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Gathering:
    """A Gather that waits: Twilio's own rules for when it is done. `timeout` is in seconds."""

    action: str
    timeout: int = GATHER_TIMEOUT
    num_digits: int = 0
    finish_on_key: str = "#"


@dataclass(frozen=True)
class OpenCall:
    """A call under way. `rest` is what of the document comes after the Gather, as XML."""

    sid: str
    caller: str
    dialed: str
    gathering: Gathering | None = None
    digits: str = ""
    rest: tuple[str, ...] = ()
    over: bool = False
    seconds: float = 0.0


CallStep = tuple[OpenCall, list[HandsetEvent]]
"""A call after something happened to it, and what was heard meanwhile."""
Post = Callable[[str, Mapping[str, str]], str]
"""Sends the form to a path of the line, signed; returns the document. Raises HandsetError for any other answer."""
Caption = Callable[[str], HandsetEvent]
"""What a clip's address says: its words, language and seconds."""


@dataclass(frozen=True)
class Handset:
    """A telephone, and the network behind it.

    Time passes here only as its driver says, so each key counts as pressed by somebody who has listened; by a `hasty`
    caller, as it comes.
    """

    post: Post
    caption: Caption
    person: PersonAnswers = "no-answer"
    hasty: bool = False

    def call(self, sid: str, caller: str, dialed: str) -> CallStep:
        """Dials the line."""
        return self._fetch(OpenCall(sid=sid, caller=caller, dialed=dialed), "/call", {})

    def press(self, call: OpenCall, key: str) -> CallStep:
        """Presses one key. What is playing stops; a key pressed while nothing gathers is lost."""
        gathering = call.gathering
        heard = HandsetEvent("key", key)
        if call.over or gathering is None:
            return call, [heard]
        if key == gathering.finish_on_key:
            return self._finish_gather(call, heard)
        call = replace(call, digits=call.digits + key)
        if gathering.num_digits and len(call.digits) >= gathering.num_digits:
            return self._finish_gather(call, heard)
        return call, [heard]

    def wait(self, call: OpenCall) -> CallStep:
        """Lets the speech end and the time for a key pass."""
        if call.over or call.gathering is None:
            return call, []
        heard = HandsetEvent("silence", seconds=call.gathering.timeout)
        call = replace(call, seconds=call.seconds + call.gathering.timeout)
        if call.digits:
            return self._finish_gather(call, heard)
        following, more = self._run_verbs(replace(call, gathering=None), [fromstring(verb) for verb in call.rest])
        return following, [heard, *more]

    def hang_up(self, call: OpenCall) -> OpenCall:
        """The caller puts the receiver down; the line is told."""
        if not call.over:
            self._report_end(call)
        return replace(call, over=True, gathering=None)

    def _finish_gather(self, call: OpenCall, heard: HandsetEvent) -> CallStep:
        if call.gathering is None:
            raise HandsetError("no key is being waited for")
        fields = {"Digits": call.digits} if call.digits else {}
        action = call.gathering.action if self.hasty else _LISTENED.sub("", call.gathering.action)
        following, more = self._fetch(replace(call, gathering=None, digits=""), action, fields)
        return following, [heard, *more]

    def _fetch(self, call: OpenCall, url: str, fields: Mapping[str, str], depth: int = 0) -> CallStep:
        if depth > MOST_DOCUMENTS:
            raise HandsetError(f"the line leads round in a circle at {url}")
        document = self._fetch_document(call, url, fields)
        following, heard = self._run_verbs(call, list(document), depth)
        return following, [HandsetEvent("node", _read_place(document, url)), *heard]

    def _fetch_document(self, call: OpenCall, url: str, fields: Mapping[str, str]) -> ElementTree.Element:
        form = {"CallSid": call.sid, "From": call.caller, "To": call.dialed, "CallStatus": "in-progress", **fields}
        text = self.post(url, form)
        if not text.startswith("<"):
            raise HandsetError(f"the answer of {url} does not begin with its first element")
        try:
            document: ElementTree.Element = fromstring(text)
        except (ElementTree.ParseError, DefusedXmlException) as error:
            raise HandsetError(f"the answer of {url} cannot be read as XML") from error
        if document.tag != "Response":
            raise HandsetError(f"the answer of {url} is not a Response but a {document.tag}")
        return document

    def _run_verbs(self, call: OpenCall, verbs: list[ElementTree.Element], depth: int = 0) -> CallStep:
        heard: list[HandsetEvent] = []
        for at, verb in enumerate(verbs):
            match verb.tag:
                case "Gather":
                    heard += [self._read_sound(nested) for nested in verb]
                    rest = tuple(ElementTree.tostring(later, "unicode") for later in verbs[at + 1 :])
                    return replace(
                        self._add_seconds(call, heard), gathering=_read_gather(verb), digits="", rest=rest
                    ), heard
                case "Redirect":
                    following, more = self._fetch(self._add_seconds(call, heard), str(verb.text), {}, depth + 1)
                    return following, heard + more
                case "Dial":
                    following, more = self._ring_clinic(self._add_seconds(call, heard), verb, verbs[at + 1 :], depth)
                    return following, heard + more
                case "Hangup":
                    break
                case _:
                    heard.append(self._read_sound(verb))
        call = self._add_seconds(call, heard)
        self._report_end(call)
        return replace(call, over=True, gathering=None), [*heard, HandsetEvent("hangup")]

    def _ring_clinic(
        self, call: OpenCall, dial: ElementTree.Element, rest: list[ElementTree.Element], depth: int
    ) -> CallStep:
        """Rings the clinic. Without an action, the rest of the document follows."""
        number = dial.find("Number")
        heard = [HandsetEvent("dial", str(dial.text or "" if number is None else number.text))]
        bridged = self.person == "takes"
        if number is not None and self.person in ("takes", "ignores"):
            heard += self._play_staff_leg(call, str(number.get("url")))
        status = "completed" if self.person in ("takes", "ignores") else self.person
        action = dial.get("action")
        if action is None:
            following, more = self._run_verbs(call, rest, depth)
            return following, heard + more
        fields = {"DialCallStatus": status, "DialBridged": "true" if bridged else "false"}
        following, more = self._fetch(call, action, fields, depth + 1)
        return following, heard + more

    def _play_staff_leg(self, call: OpenCall, url: str) -> list[HandsetEvent]:
        """The clinic's side: hears the whisper, and takes the call with the key that it names, or does nothing."""
        gather = self._fetch_document(call, url, {}).find("Gather")
        if gather is None:
            raise HandsetError(f"{url} does not wait for the person's key")
        if self.person == "takes":
            self._fetch_document(call, str(gather.get("action")), {"Digits": "1"})
        return [replace(self._read_sound(sound), kind="staff") for sound in gather]

    def _read_sound(self, verb: ElementTree.Element) -> HandsetEvent:
        match verb.tag:
            case "Play":
                caption = self.caption(str(verb.text))
                return caption if caption.kind == "pause" else replace(caption, kind="play", url=str(verb.text))
            case "Say":
                words = str(verb.text)
                return HandsetEvent("say", words, language=str(verb.get("language")), seconds=round(len(words) / 14, 1))
            case "Pause":
                return HandsetEvent("pause", seconds=float(verb.get("length", "1")))
        raise HandsetError(f"no telephone network knows the element {verb.tag}")

    def _add_seconds(self, call: OpenCall, heard: list[HandsetEvent]) -> OpenCall:
        return replace(call, seconds=call.seconds + sum(item.seconds for item in heard))

    def _report_end(self, call: OpenCall) -> None:
        fields = {"CallSid": call.sid, "From": call.caller, "To": call.dialed}
        self.post("/call/status", {**fields, "CallStatus": "completed", "CallDuration": str(round(call.seconds))})


def _read_gather(verb: ElementTree.Element) -> Gathering:
    return Gathering(
        str(verb.get("action")),
        int(verb.get("timeout", GATHER_TIMEOUT)),
        int(verb.get("numDigits", 0)),
        str(verb.get("finishOnKey", "#")),
    )


def _read_place(document: ElementTree.Element, url: str) -> str:
    """Where the call is now, for reading ("es/compression-fracture/prep/1"): the place whose keys are waited for."""
    waiting = next((verb.get("action") for verb in document if verb.tag in ("Gather", "Dial")), None)
    path = (waiting or url).split("/call", 1)[-1].lstrip("/").split("?")[0]
    return path.split("/", 1)[-1] or "answer"
