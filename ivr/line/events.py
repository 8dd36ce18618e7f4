"""What happened in a call, as values. The phone's face makes them; the store keeps them.

None of them holds a phone number: `caller` is the number's keyed hash (RULES H4), "" where the caller hid it.
`at` is always an aware UTC datetime, given by the rim; nothing here reads a clock. `call` is the network's call id.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CallStarted:
    """A call came in."""

    call: str
    at: datetime
    caller: str


@dataclass(frozen=True)
class LanguageChosen:
    """The caller chose a language; the last one is what the call counts under, and what is offered next time.

    `language` is "unlisted" for a caller whose language the line does not speak: that is unmet demand. `choices` signs
    the choices of the menu that they then hear (`flow.sign_choices`).
    """

    call: str
    at: datetime
    caller: str
    language: str
    choices: str = ""


@dataclass(frozen=True)
class LastCall:
    """What is remembered of a caller: the language, and the signature of the choices ("" where none was kept)."""

    language: str
    choices: str


@dataclass(frozen=True)
class ClipStarted:
    """A clip of a section began to play (or was asked for again)."""

    call: str
    at: datetime
    language: str
    topic: str
    section: str
    clip: int


@dataclass(frozen=True)
class CallEnded:
    """The network says that the call is over. `seconds` is its length; `status` is the network's own word."""

    call: str
    at: datetime
    seconds: int
    status: str


CallEvent = CallStarted | LanguageChosen | ClipStarted | CallEnded


@dataclass(frozen=True)
class CallBackRequest:
    """A caller asks to be called back by a person.

    `number` is E.164 and leaves memory only encrypted. `place` is the node from which the caller asked for a person
    ("compression-fracture/prep/2"), "" where there was none. `language` is "" where none was chosen. One call asks once
    for one number: a repeat is the same.
    """

    call: str
    at: datetime
    number: str
    language: str
    place: str
