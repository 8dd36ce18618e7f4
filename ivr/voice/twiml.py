"""From what is heard at a position to TwiML: one renderer, tested on exact output.

Every document ends in a Redirect or a Hangup, since engines differ on what follows a Gather or a Dial; every Play has
an absolute address, since some engines cannot resolve a relative one; quiet is a clip, since some end a call at a Pause
within a Gather. Attributes are the ones that all engines understand; in what they still differ, `profiles.py` says.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from twilio.twiml import TwiML
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from ivr.addresses import Verb, write_address
from ivr.line.flow import count_wait
from ivr.line.nodes import Act, Line, Node, Pause, Position
from ivr.line.speech import Said
from ivr.voice.profiles import PROFILES, NetworkProfile
from ivr.voice.quiet import write_quiet_address

NOW = "NOW"
"""Stands in a rendered document for the moment at which it is sent."""


@dataclass(frozen=True)
class PlayClip:
    """A clip to be played: its absolute address."""

    url: str


@dataclass(frozen=True)
class SayText:
    """Words for Twilio's own voice, where a clip is missing. `language` is Twilio's name for it."""

    text: str
    language: str


class Voice(Protocol):
    """Where the sound of an utterance comes from."""

    def find_sound(self, said: Said, *, slow: bool) -> PlayClip | SayText:
        """The clip, or the network's voice in that language. Raises UnspokenError where neither can be had."""

    def say(self, said: Said) -> SayText | None:
        """The words for the network's own voice; None where it does not speak that language."""


Sound = PlayClip | SayText | Pause


@dataclass(frozen=True)
class Ringing:
    """How the clinic is rung: its number (E.164), for how many seconds, and under which number (E.164; "" for the
    caller's own)."""

    number: str
    seconds: int
    caller_id: str = ""


@dataclass(frozen=True)
class Renderer:
    """Turns positions into documents. `base` is the public address of this line; `key_wait` is in seconds; `profile` is
    what the network needs."""

    line: Line
    base: str
    key_wait: int
    profile: NetworkProfile = PROFILES["twilio"]

    def write_url(self, verb: Verb, position: Position) -> str:
        """The absolute address of a request; that of a key says since when its place is heard, once it is sent."""
        return f"{self.base}{write_address(verb, position, NOW if verb is Verb.KEY else '')}"

    def listen(self, position: Position, sounds: Iterable[Sound], onward: Position) -> bytes:
        """Speak, let a key interrupt, and go to `onward` on silence."""
        node = self.line.node(position.node)
        response = VoiceResponse()
        gather = Gather(action=self.write_url(Verb.KEY, position), method="POST", **self._choose_gather(node, position))
        self._append_sounds(gather, sounds)
        response.append(gather)
        return self._end_in_redirect(response, onward)

    def connect(self, position: Position, sounds: Iterable[Sound], clinic: Ringing, onward: Position) -> bytes:
        """Speak, then ring the clinic; the person who answers is told who is calling before the two are joined."""
        response = VoiceResponse()
        self._append_sounds(response, sounds)
        dial = Dial(
            action=self.write_url(Verb.DIALED, position),
            method="POST",
            timeout=clinic.seconds,
            answer_on_bridge=True,
            caller_id=clinic.caller_id or None,
        )
        dial.number(clinic.number, url=self.write_url(Verb.WHISPER, position), method="POST")
        response.append(dial)
        return self._end_in_redirect(response, onward)

    def whisper(self, position: Position, sounds: Iterable[Sound]) -> bytes:
        """What the person at the clinic hears; without a key from them (a machine, say) that leg is hung up."""
        response = VoiceResponse()
        gather = Gather(
            action=self.write_url(Verb.TAKEN, position),
            method="POST",
            num_digits=1,
            finish_on_key=self.profile.no_finish_key,
            timeout=self.key_wait,
        )
        self._append_sounds(gather, sounds)
        response.append(gather)
        response.hangup()
        return _encode(response)

    def pass_on(self, sounds: Iterable[Sound], onward: Position) -> bytes:
        """Speak (or not), and go on at once."""
        response = VoiceResponse()
        self._append_sounds(response, sounds)
        return self._end_in_redirect(response, onward)

    def hang_up(self, sounds: Iterable[Sound]) -> bytes:
        """Speak, and end the call."""
        response = VoiceResponse()
        self._append_sounds(response, sounds)
        response.hangup()
        return _encode(response)

    def _choose_gather(self, node: Node, position: Position) -> dict[str, str | int]:
        wait = count_wait(self.line, position) or self.key_wait
        if node.act is Act.KEY_IN:
            return {"finish_on_key": "#", "timeout": wait}
        return {"num_digits": node.digits, "finish_on_key": self.profile.no_finish_key, "timeout": wait}

    def _append_sounds(self, parent: VoiceResponse | Gather, sounds: Iterable[Sound]) -> None:
        for sound in sounds:
            match sound:
                case PlayClip():
                    parent.play(sound.url)
                case SayText():
                    parent.say(sound.text, language=sound.language)
                case Pause():
                    parent.play(write_quiet_address(self.base, sound.seconds))

    def _end_in_redirect(self, response: VoiceResponse, onward: Position) -> bytes:
        response.redirect(self.write_url(Verb.AT, onward), method="POST")
        return _encode(response)


def join_legs() -> bytes:
    """The empty document that joins the clinic's leg with the caller's."""
    return _encode(VoiceResponse())


def render_last_words(spoken: Iterable[SayText], number: str) -> bytes:
    """The fallback: Twilio's own voices, then the clinic if it has a number, then goodbye. Needs nothing of ours."""
    response = VoiceResponse()
    for words in spoken:
        response.say(words.text, language=words.language)
    if number:
        response.dial(number)
    response.hangup()
    return _encode(response)


def _encode(document: TwiML) -> bytes:
    return bytes(document.to_xml(), "utf-8")
