"""Google Translate's voice, by the gTTS library: online, unofficial, for most of the line's languages.

**The words are sent to Google**: those of the script, with the clinic's name, never anything about a caller. So it is
used only where SPEECH_ENGINES names it. gTTS writes the requests; they are sent from here, because gTTS does not verify
certificates, has no timeout, does not try again, and takes an answer without sound for a success.

Rule kept here: do not hammer. Every process of a user on this machine takes its turn at one file (`Turns`), a busy
service is left alone for all of them, and after a few texts that failed a process asks no more. What was made is kept,
so the next build goes on from there.
"""

import base64
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from importlib import metadata
from pathlib import Path
from typing import IO

import numpy as np
import requests
from gtts import gTTS

from ivr.errors import SpeechError
from ivr.line.languages import find_voice
from ivr.speech.mastering import decode
from ivr.speech.pace import bound_seconds
from ivr.speech.sound import Grade, Speech
from ivr.wording.script import ScriptLine

TLD = "com"
"""Which of Google's hosts is asked. gTTS says that it decides the accent; this is its default, and nobody here has
heard another one. Its "pt" is Brazil's."""

FIRST_WAIT, LONGEST_WAIT = 2.0, 60.0
"""Seconds that a busy service is left alone: twice as long after each try, or as long as it asks for, up to this."""

FARTHEST = 120.0
"""Seconds; a turn that lies farther ahead was written by a clock that was wrong."""

MOST_FAILURES = 3
"""After so many texts in a row that failed, the service is the trouble, not the words."""

LARGEST = 8_000_000
"""Bytes of an answer. A hundred letters of speech are about 50 000."""

_BATCH = re.compile(rb'"%b","((?:[^"\\]|\\.)*)"' % gTTS.GOOGLE_TTS_RPC.encode())


class _BusyError(Exception):
    """The service may answer if it is asked again; `wait`: after how many seconds, where it says so."""

    def __init__(self, words: str, wait: float = 0.0) -> None:
        self.wait = wait
        super().__init__(words)


def _locate_turns() -> Path:
    owner = "" if sys.platform == "win32" else os.getuid()
    return Path(tempfile.gettempdir()) / f"spineline-gtts-{owner}.turns"


@dataclass(frozen=True)
class Turns:
    """Turns that processes take at one file, which holds the time of the next free one. The file is locked only while
    a turn is taken, never while anyone waits (on Windows not at all: build there with --jobs 1)."""

    path: Path
    pause: float
    clock: Callable[[], float]

    def take(self, longest: float) -> float | None:
        """Takes the next turn: in how many seconds it comes. None, and none is taken, where that is over `longest`."""
        with self._open() as file:
            now = self.clock()
            free = self._read_free(file, now)
            if free - now > longest:
                return None
            self._write(file, free + self.pause)
        return free - now

    def hold(self, seconds: float) -> None:
        """Holds every turn back for the next `seconds`."""
        with self._open() as file:
            now = self.clock()
            self._write(file, max(self._read_free(file, now), now + seconds))

    def _open(self) -> IO[str]:
        try:
            no_link = getattr(os, "O_NOFOLLOW", 0)  # others may write in the folder of temporary files too
            file = os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT | no_link, 0o600), "r+")
        except OSError as error:
            raise SpeechError(f"{self.path}, where turns are taken, cannot be written; delete it.") from error
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)  # closing the file lets it go
        return file

    def _read_free(self, file: IO[str], now: float) -> float:
        try:
            return max(now, min(now + FARTHEST, float(file.read())))
        except ValueError:  # a new file
            return now

    def _write(self, file: IO[str], free: float) -> None:
        file.seek(0)
        file.truncate()
        file.write(f"{free:.3f}")


@dataclass
class Google:
    """Google Translate's voices. Nobody has measured them here, so they pass for basic, whatever they may be.

    `pause`: seconds between two requests, of all processes together. `timeout`: seconds for a connection, for an
    answer to begin, and for it to end. `tries`: of one request. `patience`: seconds in which the last request for a
    text must begin; with what that may take still under `workers.LONGEST_WAIT`, or the waiting worker is ended.
    `clock`: seconds since 1970.
    """

    pause: float = 1.0
    timeout: float = 10.0
    tries: int = 4
    patience: float = 60.0
    turns: Path = field(default_factory=_locate_turns)
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    name: str = "gtts"
    own_slow_pace: bool = False
    preprocessors: tuple[str, ...] = ()
    _failed: list[str] = field(default_factory=list, repr=False)

    @property
    def version(self) -> str:
        """The library's; Google's own voices change unseen."""
        return metadata.version("gtts")

    def grade(self, language: str) -> Grade | None:
        """Basic, in the languages that it has a voice for."""
        return Grade.BASIC if find_voice(self.name, language) else None

    def name_voice(self, language: str) -> str:
        """Google's name of the language, such as "zh-CN". Raises SpeechError where it has no voice."""
        if not (voice := find_voice(self.name, language)):
            raise SpeechError(f"Google has no voice for {language}.")
        return voice

    def list_parameters(self, language: str, *, slow: bool) -> Mapping[str, object]:  # noqa: ARG002 (slow is stretched)
        """`tld`: which of Google's hosts is asked."""
        return {"tld": TLD}

    def speak(self, text: str, language: str, *, slow: bool) -> Speech:  # noqa: ARG002
        """Sends `text` to Google. Raises SpeechError: not permanent where another build, later, may go on from here."""
        requests_by_part = _write_requests(text, self.name_voice(language))
        if len(self._failed) >= MOST_FAILURES:
            words = (
                f"Google was not asked, because {len(self._failed)} texts failed before this one. {self._failed[-1]}"
            )
            raise SpeechError(words, permanent=False)
        try:
            until = self.clock() + self.patience
            spoken = [self._speak_part(part, request, language, until) for part, request in requests_by_part]
        except SpeechError as error:
            self._failed.append(str(error))
            raise
        self._failed.clear()
        return _join(spoken)

    def _speak_part(self, part: str, request: requests.PreparedRequest, language: str, until: float) -> Speech:
        """Each part is decoded by itself: one that is missing or cut off would not be noticed in the whole."""
        sound = self._fetch_sound(request, until)
        try:
            speech = decode(sound)
        except SpeechError as error:
            found = str(error).partition(". ")[0].rstrip(".")  # what follows is advice for somebody who made the file
            raise SpeechError(f"Google's sound cannot be used. {found}.", permanent=False) from error
        shortest, longest = bound_seconds(ScriptLine(language, "", part))
        if shortest <= speech.seconds <= longest:
            return speech
        raise SpeechError(
            f'Google\'s sound of "{part}" lasts {speech.seconds:.1f} s, and these words take {shortest:.1f} to '
            f"{longest:.1f} s: part of it is missing, or it says something else.",
            permanent=False,
        )

    def _fetch_sound(self, request: requests.PreparedRequest, until: float) -> bytes:
        """The bytes of an MP3. A busy service is asked again, more slowly each time."""
        turns = Turns(self.turns, self.pause, self.clock)
        words = "Google was not asked: our turn came too late. Use fewer processes (--jobs 2)."
        for tried in range(self.tries):
            wait = turns.take(until - self.clock())
            if wait is None:
                break
            self.sleep(wait)
            try:
                return self._send(request)
            except _BusyError as error:
                words = str(error)
                turns.hold(min(max(error.wait, FIRST_WAIT * 2**tried), LONGEST_WAIT))
        raise SpeechError(f"{words} Run the build again later: it goes on where it stopped.", permanent=False)

    def _send(self, request: requests.PreparedRequest) -> bytes:
        try:
            with requests.Session() as session:
                # `send` by itself does not look for the proxies and certificates of this machine.
                settings = session.merge_environment_settings(str(request.url), {}, True, None, None)
                # A redirect would take the words to another host, or lose them.
                answer = session.send(request, timeout=self.timeout, allow_redirects=False, **settings)
                with answer:
                    self._refuse(answer)
                    return _extract_sound(
                        b"".join(self._read_pieces(answer)), answer.headers.get("Content-Type", "no type")
                    )
        except requests.exceptions.SSLError as error:
            raise SpeechError(
                "Google's certificate was not accepted, so nothing was sent: something stands between this machine and "
                "Google, or this machine's clock or certificates are wrong."
            ) from error
        except requests.Timeout as error:
            raise _BusyError(f"Google gave no answer in {self.timeout:g} seconds.") from error
        except requests.RequestException as error:
            raise _BusyError(f"The connection to Google failed ({type(error).__name__}).") from error

    def _refuse(self, answer: requests.Response) -> None:
        status = answer.status_code
        if status == 429:
            raise _BusyError(f"Google asks us to wait ({status}).", self._read_retry_after(answer))
        if status >= 500:
            raise _BusyError(f"Google's service is out of order ({status}).", self._read_retry_after(answer))
        if 300 <= status < 400:
            raise _BusyError(f"Google sends us elsewhere ({status}), as it does when it is asked too often.")
        if status != 200:
            raise SpeechError(f"Google refuses us ({status}). Its service may have changed: use another voice.")

    def _read_retry_after(self, answer: requests.Response) -> float:
        """Seconds; the header gives them, or a date."""
        asked = answer.headers.get("Retry-After", "")
        if asked.isdecimal():
            return float(asked)
        try:
            return parsedate_to_datetime(asked).timestamp() - self.clock()
        except (TypeError, ValueError):
            return 0.0

    def _read_pieces(self, answer: requests.Response) -> Iterator[bytes]:
        until, length = self.clock() + self.timeout, 0
        for piece in answer.iter_content(65_536):
            length += len(piece)
            if self.clock() > until or length > LARGEST:
                raise _BusyError(f"Google's answer did not end ({length} bytes).")
            yield piece


def _write_requests(text: str, voice: str) -> list[tuple[str, requests.PreparedRequest]]:
    """The parts of `text`, each of at most a hundred signs, with gTTS's request for it."""
    try:
        speaker = gTTS(text, tld=TLD, lang=voice, lang_check=False)  # the check would make fr of fr-CA
        return list(zip(speaker._tokenize(text), speaker._prepare_requests(), strict=True))
    except AssertionError as error:
        raise SpeechError("There is nothing to say in these words.") from error


def _extract_sound(answer: bytes, kind: str) -> bytes:
    """The sound in an answer: a line of JSON holds JSON in a string, and that holds base64."""
    try:
        found = _BATCH.search(answer)
        sound = base64.b64decode(json.loads(json.loads(b'"%b"' % found[1]))[0]) if found else b""
    except (ValueError, TypeError, LookupError):
        sound = b""
    if not sound:
        raise SpeechError(
            f"Google answered without sound ({kind}, {len(answer)} bytes): it wants to see a person first, its service "
            f"has changed, or it cannot say these words.",
            permanent=False,
        )
    return sound


def _join(spoken: list[Speech]) -> Speech:
    if len({speech.rate for speech in spoken}) != 1:
        raise SpeechError("Google's sounds do not fit together: their rates differ.", permanent=False)
    return Speech(np.concatenate([speech.samples for speech in spoken]), spoken[0].rate)
