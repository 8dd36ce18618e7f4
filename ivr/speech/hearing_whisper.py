"""Whisper base on this machine, through faster-whisper (optional: `make hear`). One thread a process; nothing is
fetched.

Rules kept here: each sound is decoded plain and with moments of time, because either way it sometimes stops at a pause;
both write no digits, so numbers come as words, which is how the scripts have them; once more it may write digits, since
in a long row of them it is surer of those. It is greedy and without chance: the same sound is always heard the same.
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata, util
from pathlib import Path
from typing import Any

from ivr.errors import SpeechError
from ivr.line.languages import LANGUAGES
from ivr.speech.hearing_model import FOLDER, check_files

WAYS = ((True, True), (False, True), (False, False))
"""How a sound is decoded, one way after the other: whether without moments of time, and whether numbers are words."""

RATE = 16_000
LONGEST = 30
"""Seconds that it hears at once. All clips of the line are shorter; what is longer is cut."""

MOST_TOKENS = 224
"""Pieces of words that half a minute can hold."""

FIRST_MOMENT = 50
"""Speech begins within the first second (in steps of 20 ms)."""

NOT_WRITTEN = frozenset("$€£¥%°½")
"""Signs that it would write for words."""

BEFORE_ARABIC_DIGITS = frozenset({"Ù", "ĠÙ", "Û", "ĠÛ"})
"""Its pieces are bytes: Arabic and Persian digits begin with these, and hardly a letter does."""


@dataclass(frozen=True)
class Whisper:
    """The recogniser, from a folder of this machine. It survives pickling; the model is loaded at the first sound."""

    folder: Path = FOLDER

    @property
    def name(self) -> str:
        """What decides what is heard: "whisper-base, faster-whisper 1.2.1"."""
        return f"whisper-base, faster-whisper {metadata.version('faster-whisper')}"

    def check(self) -> None:
        """Raises SpeechError where the package or the model is not there, or is damaged."""
        if util.find_spec("faster_whisper") is None:
            raise SpeechError("No recogniser is installed. Run: make hear")
        check_files(self.folder)

    def hear(self, sound: bytes, language: str) -> tuple[str, ...]:
        """What it hears, in each of its `WAYS`, under its own code of the language (Mandarin and
        Cantonese are the same to it). Raises SpeechError where it is no sound."""
        model, suppressed = _load(self.folder)
        features = model.feature_extractor(_read(sound), padding=0)[..., : LONGEST * 100]
        encoded, tokens = model.encode(features), _load_tokens(self.folder, LANGUAGES[language].recogniser or language)
        return tuple(
            _decode(model, encoded, tokens, suppressed if in_words else [], without_timestamps=plain)
            for plain, in_words in WAYS
        )


def find_suppressed(vocabulary: Mapping[str, int], texts: Iterable[str]) -> list[int]:
    """The pieces that are not written. `vocabulary` gives the number of each piece as it is kept, `texts` what each
    number reads as, in order."""
    begin = {number for piece, number in vocabulary.items() if piece in BEFORE_ARABIC_DIGITS}
    signs = {
        number for number, text in enumerate(texts) if any(sign.isdecimal() or sign in NOT_WRITTEN for sign in text)
    }
    return sorted(begin | signs)


def _read(sound: bytes) -> Any:
    """Half a minute of sound, quiet at its end. Raises SpeechError where it is no sound."""
    import numpy as np
    import soxr

    from ivr.speech.mastering import decode

    speech = decode(sound)
    samples = soxr.resample(speech.samples, speech.rate, RATE)[: LONGEST * RATE]
    return np.pad(samples, (0, LONGEST * RATE - len(samples)))


def _decode(model: Any, encoded: Any, tokens: Any, suppressed: list[int], *, without_timestamps: bool) -> str:
    prompt = model.get_prompt(tokens, [], without_timestamps=without_timestamps)
    (result,) = model.model.generate(
        encoded,
        [prompt],
        beam_size=1,
        max_length=MOST_TOKENS,
        max_initial_timestamp_index=FIRST_MOMENT,
        suppress_tokens=[-1, *suppressed],  # -1: and what it suppresses by itself
    )
    text: str = tokens.decode([token for token in result.sequences_ids[0] if token < tokens.eot])
    return text.strip()


_LOCK = threading.Lock()


def _load(folder: Path) -> tuple[Any, list[int]]:
    with _LOCK:
        return _load_once(folder)


@cache
def _load_once(folder: Path) -> tuple[Any, list[int]]:
    from faster_whisper import WhisperModel

    model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True)
    tokenizer = model.hf_tokenizer
    ordinary = tokenizer.token_to_id("<|endoftext|>")  # what follows is no text
    texts = (tokenizer.decode([number]) for number in range(ordinary))
    return model, find_suppressed(tokenizer.get_vocab(), texts)


@cache
def _load_tokens(folder: Path, language: str) -> Any:
    import faster_whisper

    tokenizer = _load(folder)[0].hf_tokenizer
    return faster_whisper.tokenizer.Tokenizer(tokenizer, multilingual=True, task="transcribe", language=language)
