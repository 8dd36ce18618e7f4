"""The process in which eSpeak NG's library lives: `python -m ivr.speech.engines.espeak_worker [data folder]`.

It reads one JSON line a text ({"text", "voice", "rate", "volume"}) and answers with one JSON line ({"rate", "bytes"},
or {"fault"}), then that many bytes of 16-bit samples. Asked without a rate ({"text", "voice"}) it answers with
{"phonemes"}. It ends when its input ends, so it never outlives who asked.
"""

import ctypes
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import espeakng_loader

from ivr.errors import SpeechError

LONGEST_PATH = 150
"""Characters. The library copies the data path into a buffer of fixed size; over about 180 it fails to start."""

# The library's own numbers, from speak_lib.h.
_SYNCHRONOUS, _DO_NOT_EXIT, _UTF8 = 2, 0x8000, 1
_RATE, _VOLUME = 1, 2
_IPA_WITH_TIES = 0x02 | 0x80 | ord("^") << 8
_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class Library:
    """eSpeak NG, started once. Its state is global: one in a process."""

    def __init__(self, data: Path) -> None:
        """Raises SpeechError where the library does not start on this data folder."""
        self._heard: list[bytes] = []
        self._callback = _Callback(self._hear)  # kept, or Python frees it while the library still calls it
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        self.rate = int(self._library.espeak_Initialize(_SYNCHRONOUS, 0, os.fsencode(data), _DO_NOT_EXIT))
        if self.rate <= 0:
            raise SpeechError(f"the library did not start with its data at {data}")
        self._library.espeak_SetSynthCallback(self._callback)
        self._library.espeak_TextToPhonemes.restype = ctypes.c_char_p

    def speak(self, text: str, voice: str, rate: int, volume: int) -> bytes:
        """16-bit samples at `self.rate`. Raises SpeechError for a voice that it does not have."""
        self._choose(voice)
        self._library.espeak_SetParameter(_RATE, rate, 0)
        self._library.espeak_SetParameter(_VOLUME, volume, 0)
        self._heard.clear()
        words = text.encode()
        if self._library.espeak_Synth(words, ctypes.c_size_t(len(words) + 1), 0, 0, 0, _UTF8, None, None) != 0:
            raise SpeechError("the library refused these words")
        return b"".join(self._heard)

    def write_phonemes(self, text: str, voice: str) -> str:
        """`text` in IPA with stress marks; "^" ties the signs of one sound. Raises SpeechError for an unknown voice."""
        self._choose(voice)
        left, clauses = ctypes.c_char_p(text.encode()), []
        while left.value is not None:  # the library moves it on, clause by clause, and to NULL at the end
            heard = self._library.espeak_TextToPhonemes(ctypes.byref(left), _UTF8, _IPA_WITH_TIES)
            clauses.append((heard or b"").decode())
        return " ".join(clauses)

    def _choose(self, voice: str) -> None:
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise SpeechError(f"there is no voice {voice}")

    def _hear(self, sound: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int | None) -> int:
        if sound and count > 0:
            self._heard.append(ctypes.string_at(sound, count * 2))
        return 0


@contextmanager
def shorten_path(data: Path) -> Iterator[Path]:
    """`data` itself, or, where its path is too long for the library, a short way to it that goes away afterwards."""
    if len(os.fsencode(data)) <= LONGEST_PATH:
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="spineline-") as folder:
        short = Path(folder) / "espeak-ng-data"
        try:
            short.symlink_to(data, target_is_directory=True)
        except OSError:  # Windows gives links to administrators only
            shutil.copytree(data, short)
        yield short


def serve(requests: IO[bytes], answers: IO[bytes], data: Path) -> None:
    """Answers every request until there are no more."""
    with shorten_path(data) as short:
        library = Library(short)
        for request in requests:
            head, sound = _answer_request(library, request)
            answers.write(json.dumps(head).encode() + b"\n" + sound)
            answers.flush()


def _answer_request(library: Library, request: bytes) -> tuple[dict[str, object], bytes]:
    asked = json.loads(request)
    try:
        if "rate" not in asked:
            return {"phonemes": library.write_phonemes(**asked)}, b""
        sound = library.speak(**asked)
    except SpeechError as error:
        return {"fault": str(error)}, b""
    return {"rate": library.rate, "bytes": len(sound)}, sound


def main() -> None:
    """Talks over standard input and output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who asked; this process ends with its input
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # should the library ever print, it must not stand among the samples
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(espeakng_loader.get_data_path())
    serve(sys.stdin.buffer, answers, data)


if __name__ == "__main__":
    main()
