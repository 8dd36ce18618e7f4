"""Which clips an offline recogniser mishears: a hint where to listen, never a gate.

Optional (`requirements-hear.txt`), with a model that somebody has put on this machine; nothing is fetched. What it
hears is compared letter by letter, with spaces, case and punctuation left out. A recogniser errs by itself, most of all
on names and single words, so a bad score says "listen to this clip", and a good one proves little.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import util
from pathlib import Path
from typing import Protocol

from ivr.errors import SpeechError
from ivr.line.languages import LANGUAGES
from ivr.speech.clips import Clips
from ivr.wording.script import ScriptLine

DOUBTFUL = 0.25
"""From this share of wrong letters on, a clip is shown."""
SHORTEST = 8
"""Letters. Less is a word alone, which no recogniser is sure of."""


class Recogniser(Protocol):
    """Turns a clip into words."""

    def hear(self, clip: Path, language: str) -> str:
        """What it hears. Raises SpeechError."""


@dataclass(frozen=True)
class HeardClip:
    """One clip as it was heard. `errors`: letters wrong, as a share of those in the text (0 is perfect)."""

    language: str
    id: str
    text: str
    heard: str
    errors: float


class Whisper:
    """faster-whisper, with a model folder of this machine."""

    def __init__(self, model: Path) -> None:
        """Raises SpeechError where the package or the folder is not there."""
        if util.find_spec("faster_whisper") is None:
            raise SpeechError("No recogniser is installed. Run: .venv/bin/pip install -r requirements-hear.txt")
        if not model.is_dir():
            raise SpeechError(f"{model} is no folder. Put a faster-whisper model there; none is fetched.")
        from faster_whisper import WhisperModel

        self._model = WhisperModel(str(model), device="cpu", compute_type="int8", local_files_only=True)

    def hear(self, clip: Path, language: str) -> str:
        """What it hears, under Whisper's own code of the language (it knows Mandarin and Cantonese as one)."""
        known = LANGUAGES[language].recogniser or language
        pieces, _ = self._model.transcribe(str(clip), language=known, beam_size=1)
        return " ".join(piece.text for piece in pieces)


def listen(
    lines: Sequence[ScriptLine], clips: Clips, recogniser: Recogniser, on_clip: Callable[[], None]
) -> Iterator[HeardClip]:
    """Hears every clip of `lines` that is long enough and there. `on_clip` is called after each line."""
    for line in lines:
        path = clips.find_path(line, slow=False)
        if path is not None and len(fold_letters(line.text)) >= SHORTEST:
            heard = recogniser.hear(path, line.language)
            errors = measure_errors(line.text, heard)
            yield HeardClip(language=line.language, id=line.id, text=line.text, heard=heard, errors=errors)
        on_clip()


def find_doubtful(clips: Iterable[HeardClip]) -> list[HeardClip]:
    """Those with the most wrong letters first; clips that were understood are left out."""
    return sorted((clip for clip in clips if clip.errors >= DOUBTFUL), key=lambda clip: -clip.errors)


def fold_letters(text: str) -> str:
    """The letters and digits of a text, composed, in lower case."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def measure_errors(text: str, heard: str) -> float:
    """The letters that would have to change (Levenshtein's distance), as a share of the text's."""
    said, got = fold_letters(text), fold_letters(heard)
    before = list(range(len(got) + 1))
    for row, sign in enumerate(said, 1):
        after = [row]
        for column, heard_sign in enumerate(got, 1):
            changed = before[column - 1] + (sign != heard_sign)
            after.append(min(before[column] + 1, after[-1] + 1, changed))
        before = after
    return before[-1] / max(len(said), 1)
