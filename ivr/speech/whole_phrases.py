"""The names and words of days and times that are said as one phrase: they sound better than their pieces.

Such phrases are made before a campaign's first call (`build_phrases.py`); where one was not made, the pieces are said,
in the same voice.
"""

from collections.abc import Iterable
from datetime import datetime

from ivr.line.prompts import Utterance
from ivr.line.speech import Said
from ivr.wording.script import ScriptLine, Words


def name_day_phrase(moment: datetime) -> str:
    """The id of a day said as one phrase: "date.2027-03-02"."""
    return f"date.{moment.date().isoformat()}"


def name_time_phrase(moment: datetime) -> str:
    """The id of a time of day said as one phrase: "time.08-30"."""
    return f"time.{moment:%H-%M}"


def write_phrase_lines(words: Words, moments: Iterable[tuple[str, datetime]]) -> dict[str, tuple[ScriptLine, ...]]:
    """What has to be said whole, by language; a moment is on the clinic's clock, with the language it is said in."""
    phrases: dict[str, dict[str, ScriptLine]] = {}
    for language, moment in moments:
        for name in (name_day_phrase(moment), name_time_phrase(moment)):
            line = words.line(Said(Utterance(name), language))
            phrases.setdefault(language, {}).setdefault(name, line)
    return {code: tuple(lines.values()) for code, lines in phrases.items()}
