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


UNKNOWN = Licence("not known", is_settled=False)

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
    "rhvoice Alicja": Licence(
        "CC-BY-4.0 (to be named: Magdalena Marciniszyn, Arkadiusz Świętnicki, Tomasz Bilecki, Zvonimir Stanecic)"
    ),
    "rhvoice Elena": Licence("GPL-3.0 (to be named: RHVoice Lab, Elena Soboleva)"),
}
"""Where an engine's voices differ: by the engine's and the voice's name. Each is what the voice's README and Debian's
copyright file both say. RHVoice's other Russian voices have terms that nobody has settled (Debian: GPL-2+; their
makers' site: no commercial use), and its older Polish ones forbid commercial use: they are not used, nor known here."""


def find_licence(engine: str, voice: str) -> Licence:
    """The licence of a voice; UNKNOWN, which is not settled, where nobody has written it here."""
    return VOICES.get(f"{engine} {voice}") or ENGINES.get(engine) or UNKNOWN
