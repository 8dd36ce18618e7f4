"""The caller's side of TwiML: the one simulator behind the web phone, the terminal phone, golden calls and tests.

It plays the part of the telephone network for one call: it asks the line's real webhooks, over signed requests, walks
through the documents as a network would, and says what the caller hears. It never waits: whoever drives it (a person at
a keyboard, a browser, a test) decides when a key is pressed and when time has passed. A call is a small value that can
be put away and taken up again, so the web phone keeps nothing on the server.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal
from xml.etree import ElementTree

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ivr.errors import SpinelineError

MOST_DOCUMENTS = 20
"""Documents that may follow one another with nothing to hear: more is a loop."""
GATHER_TIMEOUT = 5
PersonAnswers = Literal["takes", "ignores", "busy", "no-answer"]
"""What happens when the line rings the clinic: a person takes the call, nobody presses a key, busy, no answer."""


class HandsetError(SpinelineError):
    """The line answered with something that no telephone network would accept."""


@dataclass(frozen=True)
class Heard:
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


Post = Callable[[str, Mapping[str, str]], str]
"""Sends the form to a path of the line, signed; returns the document. Raises HandsetError for anything but one."""
Caption = Callable[[str], Heard]
"""What a clip's address says: its words, language and seconds."""


@dataclass(frozen=True)
class Handset:
    """A telephone, and the network behind it."""

    post: Post
    caption: Caption
    person: PersonAnswers = "no-answer"

    def call(self, sid: str, caller: str, dialed: str) -> tuple[OpenCall, list[Heard]]:
        """Dials the line."""
        return self._fetch(OpenCall(sid, caller, dialed), "/call", {})

    def press(self, call: OpenCall, key: str) -> tuple[OpenCall, list[Heard]]:
        """Presses one key. What is playing stops; a key pressed while nothing gathers is lost."""
        gathering = call.gathering
        heard = Heard("key", key)
        if call.over or gathering is None:
            return call, [heard]
        if key == gathering.finish_on_key:
            return self._done(call, heard)
        call = replace(call, digits=call.digits + key)
        if gathering.num_digits and len(call.digits) >= gathering.num_digits:
            return self._done(call, heard)
        return call, [heard]

    def wait(self, call: OpenCall) -> tuple[OpenCall, list[Heard]]:
        """Lets the speech end and the time for a key pass."""
        if call.over or call.gathering is None:
            return call, []
        heard = Heard("silence", seconds=call.gathering.timeout)
        call = replace(call, seconds=call.seconds + call.gathering.timeout)
        if call.digits:
            return self._done(call, heard)
        following, more = self._run(replace(call, gathering=None), [fromstring(verb) for verb in call.rest])
        return following, [heard, *more]

    def hang_up(self, call: OpenCall) -> OpenCall:
        """The caller puts the receiver down; the line is told."""
        if not call.over:
            self._status(call)
        return replace(call, over=True, gathering=None)

    def _done(self, call: OpenCall, heard: Heard) -> tuple[OpenCall, list[Heard]]:
        if call.gathering is None:
            raise HandsetError("no key is being waited for")
        fields = {"Digits": call.digits} if call.digits else {}
        following, more = self._fetch(replace(call, gathering=None, digits=""), call.gathering.action, fields)
        return following, [heard, *more]

    def _fetch(
        self, call: OpenCall, url: str, fields: Mapping[str, str], depth: int = 0
    ) -> tuple[OpenCall, list[Heard]]:
        if depth > MOST_DOCUMENTS:
            raise HandsetError(f"the line leads round in a circle at {url}")
        document = self._document(call, url, fields)
        following, heard = self._run(call, list(document), depth)
        return following, [Heard("node", _place(document, url)), *heard]

    def _document(self, call: OpenCall, url: str, fields: Mapping[str, str]) -> ElementTree.Element:
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

    def _run(self, call: OpenCall, verbs: list[ElementTree.Element], depth: int = 0) -> tuple[OpenCall, list[Heard]]:
        heard: list[Heard] = []
        for at, verb in enumerate(verbs):
            match verb.tag:
                case "Gather":
                    heard += [self._sound(nested) for nested in verb]
                    rest = tuple(ElementTree.tostring(later, "unicode") for later in verbs[at + 1 :])
                    return replace(self._timed(call, heard), gathering=_gathering(verb), digits="", rest=rest), heard
                case "Redirect":
                    following, more = self._fetch(self._timed(call, heard), str(verb.text), {}, depth + 1)
                    return following, heard + more
                case "Dial":
                    following, more = self._dial(self._timed(call, heard), verb, verbs[at + 1 :], depth)
                    return following, heard + more
                case "Hangup":
                    break
                case _:
                    heard.append(self._sound(verb))
        call = self._timed(call, heard)
        self._status(call)
        return replace(call, over=True, gathering=None), [*heard, Heard("hangup")]

    def _dial(
        self, call: OpenCall, dial: ElementTree.Element, rest: list[ElementTree.Element], depth: int
    ) -> tuple[OpenCall, list[Heard]]:
        """Rings the clinic. Without an action, the rest of the document follows."""
        number = dial.find("Number")
        heard = [Heard("dial", str(dial.text or "" if number is None else number.text))]
        bridged = self.person == "takes"
        if number is not None and self.person in ("takes", "ignores"):
            heard += self._staff(call, str(number.get("url")))
        status = "completed" if self.person in ("takes", "ignores") else self.person
        action = dial.get("action")
        if action is None:
            following, more = self._run(call, rest, depth)
            return following, heard + more
        fields = {"DialCallStatus": status, "DialBridged": "true" if bridged else "false"}
        following, more = self._fetch(call, action, fields, depth + 1)
        return following, heard + more

    def _staff(self, call: OpenCall, url: str) -> list[Heard]:
        """The clinic's side: hears the whisper, and takes the call with the key that it names, or does nothing."""
        gather = self._document(call, url, {}).find("Gather")
        if gather is None:
            raise HandsetError(f"{url} does not wait for the person's key")
        if self.person == "takes":
            self._document(call, str(gather.get("action")), {"Digits": "1"})
        return [replace(self._sound(sound), kind="staff") for sound in gather]

    def _sound(self, verb: ElementTree.Element) -> Heard:
        match verb.tag:
            case "Play":
                return replace(self.caption(str(verb.text)), kind="play", url=str(verb.text))
            case "Say":
                words = str(verb.text)
                return Heard("say", words, language=str(verb.get("language")), seconds=round(len(words) / 14, 1))
            case "Pause":
                return Heard("pause", seconds=float(verb.get("length", "1")))
        raise HandsetError(f"no telephone network knows the element {verb.tag}")

    def _timed(self, call: OpenCall, heard: list[Heard]) -> OpenCall:
        return replace(call, seconds=call.seconds + sum(item.seconds for item in heard))

    def _status(self, call: OpenCall) -> None:
        fields = {"CallSid": call.sid, "From": call.caller, "To": call.dialed}
        self.post("/call/status", {**fields, "CallStatus": "completed", "CallDuration": str(round(call.seconds))})


def _gathering(verb: ElementTree.Element) -> Gathering:
    return Gathering(
        str(verb.get("action")),
        int(verb.get("timeout", GATHER_TIMEOUT)),
        int(verb.get("numDigits", 0)),
        str(verb.get("finishOnKey", "#")),
    )


def _place(document: ElementTree.Element, url: str) -> str:
    """Where the call is now, for reading ("es/compression-fracture/prep/1"): the place whose keys are waited for."""
    waiting = next((verb.get("action") for verb in document if verb.tag in ("Gather", "Dial")), None)
    path = (waiting or url).split("/call", 1)[-1].lstrip("/").split("?")[0]
    return path.split("/", 1)[-1] or "answer"
