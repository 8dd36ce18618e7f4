"""Which engines there are, and which of them this machine has.

Nothing else knows how an engine is made. What an engine is stands in `speech/sound.py`.
"""

from collections.abc import Callable, Mapping, Sequence

from ivr.errors import SpeechError
from ivr.speech.sound import Engine

RECORDINGS = "recordings"
"""The name, among the engines of a line's settings, that stands for what people recorded."""


def _make_pico() -> Engine | None:
    from ivr.speech.engines.pico import Pico

    return Pico() if Pico.is_installed() else None


def _make_espeak() -> Engine | None:
    from ivr.speech.engines.espeak import Espeak

    return Espeak() if Espeak.is_installed() else None


def _make_kokoro() -> Engine | None:
    from ivr.speech.engines.kokoro import Kokoro

    return Kokoro() if Kokoro.is_installed() else None


def _make_piper() -> Engine | None:
    from ivr.speech.engines.piper import Piper

    return Piper() if Piper.is_installed() else None


def _make_rhvoice() -> Engine | None:
    from ivr.speech.engines.rhvoice import RHVoice

    return RHVoice() if RHVoice.is_installed() else None


def _make_gtts() -> Engine | None:
    from ivr.speech.engines.google import Google

    return Google()


ENGINES: dict[str, Callable[[], Engine | None]] = {
    "kokoro": _make_kokoro,
    "piper": _make_piper,
    "rhvoice": _make_rhvoice,
    "gtts": _make_gtts,
    "pico": _make_pico,
    "espeak": _make_espeak,
}
"""Every engine by its name in the settings. The factory imports what it needs, and gives None where that is missing."""


INSTALLS: Mapping[str, str] = {"kokoro": "make neural", "rhvoice": "make rhvoice"}
"""How each engine is installed whose clips come with the checkout, by its name: its own words need it again."""


def find_engines(names: Sequence[str]) -> tuple[Engine, ...]:
    """The engines of `names` that this machine has, in that order; recordings are not an engine and are skipped.

    Raises SpeechError for a name that is no engine's.
    """
    wanted = [name for name in dict.fromkeys(names) if name != RECORDINGS]
    if unknown := [name for name in wanted if name not in ENGINES]:
        known = ", ".join([RECORDINGS, *ENGINES])
        raise SpeechError(f"There is no speech engine called {', '.join(unknown)}. There are: {known}.")
    made = [ENGINES[name]() for name in wanted]
    return tuple(engine for engine in made if engine is not None)
