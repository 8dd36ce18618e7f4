"""Under what terms each voice's speech may be played to patients, as its makers say.

Rule kept here: a voice whose terms are not settled says so wherever a clinic chooses it, and production opens it only
when the clinic says that it may (UNSETTLED_LICENCES).
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Licence:
    """The terms of a voice, in a few words. `is_settled`: whether they plainly allow a clinic to use it."""

    terms: str
    is_settled: bool = True


UNKNOWN = Licence("unknown", is_settled=False)

_NOT_SETTLED = Licence(
    "not settled: Debian's file says GPL-2+, its makers' other voices forbid commercial use", is_settled=False
)

ENGINES: Mapping[str, Licence] = {
    "recordings": Licence("your own recordings"),
    "kokoro": Licence("Apache-2.0"),
    "pico": Licence("Apache-2.0"),
    "espeak": Licence("GPL-3.0 (the program; what it speaks is free)"),
    "piper": Licence("differs by voice: the card beside the voice's file says it"),
    "gtts": Licence("Google's terms of service"),
}
"""The licence of all of an engine's voices, by the engine's name."""

VOICES: Mapping[str, Licence] = {
    "rhvoice alicja": Licence("CC-BY-4.0 (its makers are to be named)"),
    "rhvoice michal": Licence("public domain"),
    "rhvoice irina": _NOT_SETTLED,
    "rhvoice aleksandr": _NOT_SETTLED,
}
"""Where an engine's voices differ: by the engine's and the voice's name."""


def find_licence(engine: str, voice: str) -> Licence:
    """The licence of a voice; UNKNOWN, which is not settled, where nobody has written it here."""
    return VOICES.get(f"{engine} {voice}") or ENGINES.get(engine) or UNKNOWN
