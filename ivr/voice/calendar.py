"""How a day and a time of an appointment are said: as one clip where it was made before the call, else piece by piece;
and how far off the day is, which tells two dates apart that sound alike.

A whole phrase sounds better; the pieces are always there, in the same voice.
"""

from collections.abc import Mapping
from datetime import datetime

from ivr.line.nodes import Number, When
from ivr.line.prompts import Utterance
from ivr.line.speech import Said
from ivr.speech.clips import Clips
from ivr.speech.whole_phrases import name_day_phrase, name_time_phrase
from ivr.wording.script import Words


class SpokenCalendar:
    """Days and times out of a line's words and clips."""

    def __init__(self, words: Words, clips: Clips) -> None:
        self._words, self._clips = words, clips

    def say_moment(self, language: str, moment: datetime, now: datetime) -> Mapping[Number | When, str]:
        """The clips of the day and of the time of `moment` (as the clinic's clock shows it), as heard `now`."""
        day, clock = self._words.pieces(language, moment)
        return {
            When.DAY: self._choose_clips(language, name_day_phrase(moment), day),
            When.TIME: self._choose_clips(language, name_time_phrase(moment), clock),
            When.AWAY: self._words.find_days_away(
                language, (moment.date() - now.astimezone(moment.tzinfo).date()).days
            ),
        }

    def _choose_clips(self, language: str, whole: str, pieces: tuple[str, ...]) -> str:
        line = self._words.line(Said(Utterance(whole), language))
        return whole if self._clips.find(line, slow=False) else " ".join(pieces)
