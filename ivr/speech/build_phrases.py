"""Builds days and times as whole phrases, before a campaign's first call.

Rule kept here: a caller never hears two voices. Phrases are made only where the voice that callers hear in the language
is on this machine; elsewhere the pieces are said, in that voice.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ivr.speech.build import build
from ivr.speech.clips import Clips
from ivr.speech.sound import Engine
from ivr.speech.speakers import VoiceGap, gather_speakers
from ivr.wording.lexicon import Lexicon
from ivr.wording.script import ScriptLine


def build_phrases(
    scripts: Mapping[str, Sequence[ScriptLine]],
    phrases: Mapping[str, Sequence[ScriptLine]],
    engines: Sequence[Engine],
    folder: Path,
    *,
    orders: Mapping[str, Sequence[str]],
    lexicons: Mapping[str, Lexicon],
) -> int:
    """Makes the phrases of every language whose voice is here; returns how many clips. Raises SpeechError."""
    speakers, clips = gather_speakers(folder, engines, orders, lexicons), Clips(folder)
    ready: dict[str, tuple[ScriptLine, ...]] = {}
    for code, own_phrases in phrases.items():
        if code not in scripts:
            continue
        lines = (*scripts[code], *own_phrases)
        speaker, heard = speakers.choose(lines), clips.find_voice(code)
        if speaker is None or isinstance(speaker, VoiceGap) or heard is None:
            continue
        if heard.key == f"{speaker.name} {speaker.name_voice(code)}":
            ready[code] = lines
    return build(ready, engines, folder, orders=orders, lexicons=lexicons).made if ready else 0
