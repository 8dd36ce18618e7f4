"""How badly one clip of a language may be heard before it is a fault, and the clips that are excused from it.

A bound is the mean that was measured for the language's voice (0 is perfect), and about 0.3 more: single clips scatter
widely, short ones most. Whoever changes a language's voice hears all of it (`flask audio hear`) and sets its bound.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from ivr.errors import SpeechError
from ivr.line.languages import LANGUAGES

BOUNDS: Mapping[str, float | None] = {code: row.misheard for code, row in LANGUAGES.items()}
"""By language code: sounds wrong, as a share of those in the text. None: no clip of it is a fault."""

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
