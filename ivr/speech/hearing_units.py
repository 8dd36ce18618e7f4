"""Are numbers, days and times understood? Random ones, put together from their clips as a reminder plays them.

Lone words say little (`hearing.SHORTEST`); what is decided on is said in a row, behind the words that lead to it, with
the gap that the network leaves between two clips. All words come from the script, and nothing is keyed by language.
Right is what is nearer to what was said than to anything else that could have been said (`hearing_match.py`).
"""

import io
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from ivr.errors import SpeechError
from ivr.line import phrases, reminder_phrases
from ivr.line.prompts import Utterance
from ivr.line.speech import Said
from ivr.speech.clips import Clips
from ivr.speech.hearing import Recogniser, hear_sounds
from ivr.speech.hearing_kept import KeptHearings
from ivr.speech.hearing_match import Slot, match
from ivr.speech.hearing_words import split_heard, split_said
from ivr.speech.limits import RATE
from ivr.wording.script import ScriptLine, Words

GAP, GROUP_GAP = 0.25, 1.0
"""Seconds of quiet between two clips, as Twilio leaves them, and before each group of digits."""

GROUPS = (3, 3, 4)
"""The digits of a phone number, as they are read aloud. One group is played: in ten digits Whisper loses its way."""

FIRST_DAY = datetime(2027, 1, 1, tzinfo=UTC)
DAYS = 365
STEP = 5
"""Minutes: times are said in steps of five."""

_PAUSES = re.compile("[,،，、]")
"""What stands between two ways in which a form says the same (`tests/wording/alike.toml`)."""


@dataclass(frozen=True)
class UnitSample:
    """Clips that are played one after the other, each with the seconds of quiet before it. `kind`: "number", "date" or
    "time"."""

    kind: str
    lines: tuple[ScriptLine, ...]
    gaps: tuple[float, ...]


@dataclass(frozen=True)
class HeardSample:
    """A sample as it was heard, the better way. `right` says so for each line that is a value, by its kind."""

    sample: UnitSample
    heard: str
    right: tuple[tuple[str, bool], ...]


class UnitScript:
    """What can be said of numbers, days and times in one language."""

    def __init__(self, words: Words, language: str) -> None:
        self._words, self.language = words, language

    def choose(self, count: int, seed: int) -> Iterator[UnitSample]:
        """`count` samples by chance, in turn a number, a date and a time; the same seed gives the same."""
        chance = random.Random(seed)  # noqa: S311  (no secret)
        kinds = (self._choose_number, self._choose_date, self._choose_time)
        yield from (kinds[number % len(kinds)](chance) for number in range(count))

    def judge(self, sample: UnitSample, readings: Sequence[str]) -> HeardSample:
        """What was heard, in the reading that has most right."""
        slots = [self._make_slot(line) for line in sample.lines]
        judged = [match(slots, split_heard(reading, self.language))[1] for reading in readings]
        best = max(range(len(readings)), key=lambda place: sum(judged[place]))
        right = zip(sample.lines, judged[best], strict=True)
        values = tuple((name_kind(line.id), is_right) for line, is_right in right if self._list_texts(line))
        return HeardSample(sample, readings[best], values)

    def _choose_number(self, chance: random.Random) -> UnitSample:
        digits = [f"digit.{chance.randrange(10)}" for _ in range(chance.choice(GROUPS))]
        gaps = (GAP, GROUP_GAP, *[GAP] * (len(digits) - 1))
        return self._make_sample("number", (phrases.CALL_US.id, *digits), gaps)

    def _choose_date(self, chance: random.Random) -> UnitSample:
        pieces, _ = self._words.pieces(self.language, FIRST_DAY + timedelta(days=chance.randrange(DAYS)))
        return self._make_sample("date", (reminder_phrases.DAY.id, *pieces))

    def _choose_time(self, chance: random.Random) -> UnitSample:
        moment = FIRST_DAY.replace(hour=chance.randrange(24), minute=chance.randrange(0, 60, STEP))
        _, pieces = self._words.pieces(self.language, moment)
        return self._make_sample("time", (reminder_phrases.TIME.id, *pieces))

    def _make_sample(self, kind: str, ids: Sequence[str], gaps: tuple[float, ...] = ()) -> UnitSample:
        lines = tuple(self._words.line(Said(Utterance(id_), self.language)) for id_ in ids)
        return UnitSample(kind, lines, gaps or (GAP,) * len(lines))

    def _make_slot(self, line: ScriptLine) -> Slot:
        others = [text for text in self._list_texts(line) if text != line.text]
        return Slot(self._list_ways(line.text), [way for text in others for way in self._list_ways(text)])

    def _list_ways(self, text: str) -> Sequence[Sequence[str]]:
        return self._ways.get(text) or [split_said(text, self.language)]

    def _list_texts(self, line: ScriptLine) -> Sequence[str]:
        """All that could be said in this line's place; nothing where it is always the same."""
        return self._texts.get(name_kind(line.id), ())

    @cached_property
    def _texts(self) -> Mapping[str, Sequence[str]]:
        digits = [self._words.line(Said(Utterance(digit.id), self.language)) for digit in phrases.DIGITS]
        texts: defaultdict[str, list[str]] = defaultdict(list)
        for unit in (*digits, *self._words.units(self.language)):
            texts[name_kind(unit.id)].append(unit.text)
        return {kind: tuple(dict.fromkeys(found)) for kind, found in texts.items()}

    @cached_property
    def _ways(self) -> Mapping[str, Sequence[Sequence[str]]]:
        """The sounds of each text, and of each way alone in which it says the same and no other text of its kind
        does; a digit may also be written as one."""
        ways: dict[str, list[Sequence[str]]] = {}
        for texts in self._texts.values():
            parts = {text: {part.strip() for part in _PAUSES.split(text) if part.strip()} for text in texts}
            used = Counter(part for of_text in parts.values() for part in of_text)
            for text in texts:
                own = sorted(part for part in parts[text] if used[part] == 1 and part != text)
                ways[text] = [split_said(way, self.language) for way in (text, *own)]
        for number, text in enumerate(self._texts["digit"]):
            ways[text] = [*ways[text], f"{number}"]
        return ways


def name_kind(clip_id: str) -> str:
    """What a clip of a number, date or time says: "digit", "month", "hour"."""
    return clip_id.rpartition(".")[0].rpartition(".")[2]


def listen_to_units(
    script: UnitScript,
    samples: Sequence[UnitSample],
    clips: Clips,
    recogniser: Recogniser,
    kept: KeptHearings,
    *,
    jobs: int,
    on_progress: Callable[[int, int], None],
) -> Generator[HeardSample, None, None]:
    """Plays each sample to the recogniser, in the order in which they get ready. Raises SpeechError, also for a clip
    that is not there. Close it (contextlib.closing) where it may be left early."""
    sounds = ((sample, join_clips(sample, clips), script.language) for sample in samples)
    with closing(hear_sounds(sounds, recogniser, kept, jobs)) as heard:
        for done, (sample, _, readings) in enumerate(heard, 1):
            yield script.judge(sample, readings)
            on_progress(done, len(samples))


def join_clips(sample: UnitSample, clips: Clips) -> bytes:
    """The clips of a sample as one wav file. Raises SpeechError where one is not there."""
    import numpy as np
    import soundfile

    sounds = []
    for line, gap in zip(sample.lines, sample.gaps, strict=True):
        path = clips.find_path(line, slow=False)
        if path is None:
            raise SpeechError(f"{line.language} has no clip of {line.id}. Run: flask audio build")
        sounds += [np.zeros(round(gap * RATE), np.float32), soundfile.read(path, dtype="float32")[0]]
    file = io.BytesIO()
    soundfile.write(file, np.concatenate(sounds), RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()


def count_right(heard: Sequence[HeardSample]) -> dict[str, tuple[int, int]]:
    """How many of how many were right, by kind of value ("digit", "weekday") and by kind of sample ("date": all of
    it)."""
    right, played = Counter[str](), Counter[str]()
    for sample in heard:
        whole = (f"whole {sample.sample.kind}", all(is_right for _, is_right in sample.right))
        for kind, is_right in (*sample.right, whole):
            right[kind] += is_right
            played[kind] += 1
    return {kind: (right[kind], played[kind]) for kind in sorted(played)}
