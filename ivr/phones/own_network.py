"""Our own telephone network: signed requests to the app itself, in this process, for the phones that need no account.

The requests go through the same door as Twilio's and carry a signature made with the same token; nothing is let through
unsigned. Captions come from the clips: what an address says, in which language, for how long.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from flask import Flask
from werkzeug.test import Client

from ivr.line.languages import LANGUAGES
from ivr.phones.handset import Handset, HandsetError, HandsetEvent, PersonAnswers
from ivr.provider.signature import HEADER, Signature
from ivr.speech.clips import Clips
from ivr.wording.script import ScriptLine


@dataclass(frozen=True)
class OwnNetwork:
    """Connects handsets to the app."""

    app: Flask
    signature: Signature
    scripts: Mapping[str, Sequence[ScriptLine]]
    clips: Clips

    def make_handset(self, person: PersonAnswers = "no-answer") -> Handset:
        """A handset of this network. `person` is what happens when the line rings the clinic."""
        return Handset(partial(self._post, Client(self.app)), Captions(self.scripts, self.clips), person)

    def _post(self, client: Client, url: str, fields: Mapping[str, str]) -> str:
        path = url.removeprefix(self.signature.base)
        headers = {HEADER: self.signature.sign(path, fields)}
        response = client.post(path, base_url=self.signature.base, data=dict(fields), headers=headers)
        if response.status_code not in (200, 204):
            raise HandsetError(f"{path} answered {response.status_code}")
        return response.get_data(as_text=True)


class Captions:
    """What each clip's address says. Looked up when first asked, for all clips of that language."""

    def __init__(self, scripts: Mapping[str, Sequence[ScriptLine]], clips: Clips) -> None:
        self._scripts, self._clips = scripts, clips
        self._known: dict[str, HandsetEvent] = {}

    def __call__(self, url: str) -> HandsetEvent:
        """The caption of a clip's address; empty for an address that is not a clip of this line."""
        name = url.rsplit("/", 1)[-1]
        if "/audio/quiet/" in url:
            return HandsetEvent("pause", seconds=float(name.removesuffix(".wav")))
        if name not in self._known:
            code = url.rsplit("/", 2)[-2]
            self._known.update(self._read_captions(self._scripts.get(code, ())))
        return self._known.get(name, HandsetEvent("play"))

    def _read_captions(self, script: Iterable[ScriptLine]) -> dict[str, HandsetEvent]:
        known: dict[str, HandsetEvent] = {}
        for line in script:
            for slow in (True, False):
                if clip := self._clips.find(line, slow=slow):
                    known[clip.name] = HandsetEvent(
                        "play", text=line.text, language=LANGUAGES[line.language].code, seconds=clip.seconds
                    )
        return known


def make_call_sid() -> str:
    """A call id in the network's form."""
    return f"CA{secrets.token_hex(16)}"
