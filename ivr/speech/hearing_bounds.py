"""How badly one clip of a language may be heard before it is a fault, and the clips that are excused from it.

A bound is the mean that was measured for the language's voice (0 is perfect), and about 0.3 more: single clips scatter
widely, short ones most. Whoever changes a language's voice hears all of it (`flask audio hear`) and sets its bound.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from ivr.errors import SpeechError

BOUNDS: Mapping[str, float | None] = {
    # Means of Kokoro's clips as they shipped in November 2026, Whisper base, as a telephone plays them.
    "en": 0.35,  # .049
    "es": 0.3,  # .024
    "fr": 0.4,  # .093
    "it": 0.35,  # .051
    "pt": 0.35,  # .038
    "ja": 0.4,  # .106, in kana
    "zh": 0.45,  # .124, in syllables without tones
    "de": 0.35,  # .064, Pico
    # Means over some twenty sentences of the voices that are chosen now.
    "pl": 0.3,  # .012, RHVoice
    "ru": 0.3,  # .020, RHVoice
    "ko": 0.4,  # .116, Kokoro
    "fil": 0.4,  # .065, Kokoro
    "fa": 0.6,  # .26, Kokoro
    "ar": 0.65,  # .33, Kokoro, without vowels
    "ht": 0.65,  # .33, Kokoro
    # The recogniser understands no voice that we have: a bad share says nothing.
    "vi": None,
    "yue": None,
}
"""By language code: sounds wrong, as a share of those in the text. None: no clip of it is a fault. Each has its row."""

FILE_NAME = "hearing-excused.toml"


def read_excused(folder: Path) -> Mapping[tuple[str, str], str]:
    """Why a clip (language, id) may be misheard, from the audio folder. Raises SpeechError where the list cannot be
    read."""
    path = folder / FILE_NAME
    try:
        rows = tomllib.loads(path.read_text("utf-8"))["excused"] if path.is_file() else []
        excused = {(str(row["language"]), str(row["id"])): str(row["reason"]).strip() for row in rows}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise SpeechError(f"{path} cannot be read ({error}). Each clip needs its language, id and reason.") from error
    if not all(excused.values()):
        raise SpeechError(f"{path}: each clip needs a reason.")
    return excused
