"""The program in which RHVoice's library lives: `python -m ivr.speech.engines.rhvoice_worker`, started for each text.

It reads one JSON line ({"text", "voice", "rate", "folder"}) and answers with one JSON line ({"rate", "bytes"}, or
{"fault"}), then that many bytes of 16-bit samples. The library is under the GPL as it is packaged, and keeps a state of
its own: here it shares no process with ours, and the same words give the same samples whatever was said before.
"""

import ctypes
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from ivr.errors import SpeechError
from ivr.speech.engines.rhvoice_files import LIBRARIES, LIBRARY_FOLDER

_TEXT = 0  # the library's number for words without markup

_Rate = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_void_p)
_Sound = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_uint, ctypes.c_void_p)


class _Callbacks(ctypes.Structure):
    """Whom the library tells what; those that are not wanted stay NULL."""

    _fields_ = (
        ("set_sample_rate", _Rate),
        ("play_speech", _Sound),
        ("mark", ctypes.c_void_p),
        ("word_starts", ctypes.c_void_p),
        ("word_ends", ctypes.c_void_p),
        ("sentence_starts", ctypes.c_void_p),
        ("sentence_ends", ctypes.c_void_p),
        ("play_audio", ctypes.c_void_p),
        ("done", ctypes.c_void_p),
    )


class _Beginning(ctypes.Structure):
    """With what an engine begins. `resources` ends with NULL."""

    _fields_ = (
        ("data", ctypes.c_char_p),
        ("settings", ctypes.c_char_p),
        ("resources", ctypes.POINTER(ctypes.c_char_p)),
        ("callbacks", _Callbacks),
        ("options", ctypes.c_uint),
    )


class _Manner(ctypes.Structure):
    """How words are said: the absolute values lie between -1 and 1, the relative ones are shares of the voice's own."""

    _fields_ = (
        ("voice", ctypes.c_char_p),
        ("absolute_rate", ctypes.c_double),
        ("absolute_pitch", ctypes.c_double),
        ("absolute_volume", ctypes.c_double),
        ("relative_rate", ctypes.c_double),
        ("relative_pitch", ctypes.c_double),
        ("relative_volume", ctypes.c_double),
        ("punctuation", ctypes.c_int),
        ("punctuation_signs", ctypes.c_char_p),
        ("capitals", ctypes.c_int),
        ("flags", ctypes.c_int),
    )


class Library:
    """RHVoice, started on the voices in `folder`, with no settings but ours."""

    def __init__(self, folder: Path) -> None:
        """Raises SpeechError where the library cannot be loaded, or finds no voice."""
        self.rate = 0
        self._heard: list[bytes] = []
        self._callbacks = _Callbacks(set_sample_rate=_Rate(self._note_rate), play_speech=_Sound(self._hear))
        self._library = _load(folder)
        self._engine = ctypes.c_void_p(self._library.RHVoice_new_tts_engine(ctypes.byref(self._begin(folder))))
        if not self._engine:
            raise SpeechError(f"the library found no voice in {folder}")

    def speak(self, text: str, voice: str, rate: float) -> bytes:
        """16-bit samples at `self.rate`; `rate` is a share of the voice's own pace. Raises SpeechError."""
        words = text.encode()
        manner = _Manner(voice.encode(), 0, 0, 0, rate, 1, 1, 0, None, 0, 0)
        message = self._library.RHVoice_new_message(
            self._engine, words, ctypes.c_uint(len(words)), _TEXT, ctypes.byref(manner), None
        )
        if not message:
            raise SpeechError(f"the library refused these words, or has no voice {voice}")
        self._library.RHVoice_speak(ctypes.c_void_p(message))
        return b"".join(self._heard)

    def _begin(self, folder: Path) -> _Beginning:
        nothing = (ctypes.c_char_p * 1)(None)
        place = os.fsencode(folder)
        return _Beginning(place, place, nothing, self._callbacks, 0)

    def _note_rate(self, rate: int, _: int | None) -> int:
        self.rate = rate
        return 1

    def _hear(self, sound: "ctypes._Pointer[ctypes.c_short]", count: int, _: int | None) -> int:
        self._heard.append(ctypes.string_at(sound, count * 2))
        return 1


def _load(folder: Path) -> ctypes.CDLL:
    """The last of the libraries, each loaded before the one that needs it: the machine's own are not looked for."""
    try:
        loaded = [ctypes.CDLL(str(folder / LIBRARY_FOLDER / name), ctypes.RTLD_GLOBAL) for name in LIBRARIES]
    except OSError as error:
        raise SpeechError(f"its library cannot be loaded here ({error})") from error
    library = loaded[-1]
    library.RHVoice_new_tts_engine.restype = ctypes.c_void_p
    library.RHVoice_new_message.restype = ctypes.c_void_p
    return library


def answer(request: Mapping[str, object]) -> Sequence[bytes]:
    """The head of the answer, and the samples."""
    try:
        library = Library(Path(str(request["folder"])))
        sound = library.speak(str(request["text"]), str(request["voice"]), float(str(request["rate"])))
    except SpeechError as error:
        return json.dumps({"fault": str(error)}).encode() + b"\n", b""
    return json.dumps({"rate": library.rate, "bytes": len(sound)}).encode() + b"\n", sound


def main(questions: IO[bytes] = sys.stdin.buffer) -> None:
    """Talks over standard input and output."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # should the library ever print, it must not stand among the samples
    answers.writelines(answer(json.loads(questions.readline())))
    answers.flush()
    os._exit(0)  # the library has threads of its own, and nothing is left to do


if __name__ == "__main__":
    main()
