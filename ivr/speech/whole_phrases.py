"""Days and times said as one phrase, made before a campaign's first call: they sound better than their pieces.

Only where the language's own voice is here to say them; elsewhere the pieces are said, in the same voice.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from ivr.line.flow import Said
from ivr.line.prompts import Utterance
from ivr.speech.build import build
from ivr.speech.clips import Clips
from ivr.speech.sound import Engine
from ivr.speech.speakers import Lacking, speakers
from ivr.wording.lexicon import Lexicon
from ivr.wording.script import ScriptLine, Words


def name_day_phrase(moment: datetime) -> str:
    """The id of a day said as one phrase."""
    return f"date.{moment.date().isoformat()}"


def name_time_phrase(moment: datetime) -> str:
    """The id of a time of day said as one phrase."""
    return f"time.{moment:%H-%M}"


def write_phrase_lines(words: Words, moments: Iterable[tuple[str, datetime]]) -> dict[str, tuple[ScriptLine, ...]]:
    """What has to be said whole, by language; a moment is on the clinic's clock, with the language it is said in."""
    found: dict[str, dict[str, ScriptLine]] = {}
    for language, moment in moments:
        for name in (name_day_phrase(moment), name_time_phrase(moment)):
            said = Said(Utterance(name), language)
            found.setdefault(language, {}).setdefault(name, words.line(said))
    return {code: tuple(lines.values()) for code, lines in found.items()}


def build_phrases(
    scripts: Mapping[str, Sequence[ScriptLine]],
    phrases: Mapping[str, Sequence[ScriptLine]],
    engines: Sequence[Engine],
    folder: Path,
    orders: Mapping[str, Sequence[str]],
    lexicons: Mapping[str, Lexicon],
) -> int:
    """Makes the phrases of every language whose voice is here; returns how many clips. Raises SpeechError."""
    wanted = {code: (*scripts[code], *lines) for code, lines in phrases.items() if code in scripts}
    who, clips = speakers(folder, engines, orders, lexicons), Clips(folder)
    ready: dict[str, tuple[ScriptLine, ...]] = {}
    for code, lines in wanted.items():
        speaker, heard = who.best(lines), clips.find_voice(code)
        if speaker is None or isinstance(speaker, Lacking) or heard is None:
            continue
        if heard.key == f"{speaker.name} {speaker.voice(code)}":
            ready[code] = lines
    return build(ready, engines, folder, orders=orders, lexicons=lexicons).made if ready else 0
