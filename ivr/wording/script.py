"""Everything that the line can say, in every open language, in the order of a call: what has to be spoken.

The engines work through it, the translator's and the voice actor's lists are printed from it, and a clip may be played
only where its words are these words.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from ivr.line import phrases
from ivr.line.language import SOURCE_LANGUAGE
from ivr.line.nodes import Line, Position
from ivr.line.prompts import Prompt, Utterance
from ivr.line.speech import EVERY_WORD, Said, speech
from ivr.line.topics import Quantity, Topic
from ivr.wording.language_files import LanguageFiles
from ivr.wording.spoken import SpokenForms, write_digits

STAFF_LANGUAGE = SOURCE_LANGUAGE
"""The language in which the clinic's staff hear who is calling."""


@dataclass(frozen=True)
class ScriptLine:
    """One clip to be spoken: `id` is the clip's name ("menu.all.1"), `text` exactly the words."""

    language: str
    id: str
    text: str


@dataclass(frozen=True)
class Values:
    """The clinic's own values that are spoken. `clinic` maps a language (or "" for all) to the clinic's name.

    `emergency` is digits; `quantities` are by topic, and there by the name of their placeholder.
    """

    emergency: str
    clinic: Mapping[str, str]
    quantities: Mapping[str, Mapping[str, Quantity]]


class Words:
    """The words of every utterance: what stands, key words and the clinic's values put together. Kept once made."""

    def __init__(self, prompts: Iterable[Prompt], written: Mapping[str, LanguageFiles], values: Values) -> None:
        self.prompts = {prompt.id: prompt for prompt in prompts}
        self.language_files = written
        self.values = values
        self._made: dict[tuple[str, Utterance], str] = {}
        self._filled: dict[tuple[str, str], dict[str, str]] = {}
        self._units: dict[str, dict[str, str]] = {}

    def text(self, language: str, utterance: Utterance) -> str:
        """The words of an utterance in a language, placeholders filled. Raises KeyError where there are none."""
        made = self._made.get((language, utterance))
        if made is None:
            made = self._made[language, utterance] = self._make(language, utterance)
        return made

    def line(self, said: Said) -> ScriptLine:
        """An utterance as a line of the script."""
        return ScriptLine(said.language, said.utterance.id, self.text(said.language, said.utterance))

    def units(self, language: str) -> tuple[ScriptLine, ...]:
        """The pieces from which every date and time can be said, each a clip of its own."""
        return tuple(ScriptLine(language, piece.id, piece.text) for piece in self._forms(language).list_units())

    def _make(self, language: str, utterance: Utterance) -> str:
        if utterance.prompt not in self.prompts:
            return self._unit(language, utterance.prompt)
        raw = self._raw(language, utterance.prompt)
        if "{" not in raw:
            return raw
        key = self._raw(language, Utterance("key", utterance.key).id) if utterance.key else ""
        return raw.format(key=key, **self._fill(language, self.prompts[utterance.prompt].topic))

    def _raw(self, language: str, prompt: str) -> str:
        if language not in self.language_files:
            raise KeyError(f"{language} is not open")
        return self.language_files[language].wording.text(self.prompts[prompt])

    def _unit(self, language: str, name: str) -> str:
        """The words of a piece of a date or time ("date.month.3"), or of a whole one ("date.2027-03-02")."""
        if language not in self._units:
            self._units[language] = {piece.id: piece.text for piece in self._forms(language).list_units()}
        if name not in self._units[language]:
            return self._phrase(language, name)
        return self._units[language][name]

    def _phrase(self, language: str, name: str) -> str:
        forms, (kind, _, told) = self._forms(language), name.partition(".")
        try:
            pieces = {
                "date": lambda: forms.list_date_pieces(date.fromisoformat(told)),
                "time": lambda: forms.list_time_pieces(time.fromisoformat(told.replace("-", ":"))),
            }[kind]()
        except (KeyError, ValueError) as error:
            raise KeyError(name) from error
        return forms.join_pieces(pieces)

    def pieces(self, language: str, moment: datetime) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The clips from which the day and the time of `moment` are said, by id, in the language's order."""
        forms = self._forms(language)
        day, clock = forms.list_date_pieces(moment.date()), forms.list_time_pieces(moment.time())
        return tuple(piece.id for piece in day), tuple(piece.id for piece in clock)

    def find_days_away(self, language: str, days: int) -> str:
        """The clip that says how far off a day is, by id; "" where it is not said."""
        piece = self._forms(language).find_days_away(days)
        return piece.id if piece else ""

    def _forms(self, language: str) -> SpokenForms:
        forms = self.language_files[language].forms if language in self.language_files else None
        if forms is None:
            raise KeyError(f"how {language} counts is not written")
        return forms

    def _fill(self, language: str, topic: str) -> dict[str, str]:
        """What stands for each placeholder in words of a topic; "" for the line's own words."""
        if (language, topic) not in self._filled:
            self._filled[language, topic] = self._say_values(language, topic)
        return self._filled[language, topic]

    def _say_values(self, language: str, topic: str) -> dict[str, str]:
        values, forms = self.values, self._forms(language)

        def word(digit: str) -> str:
            return self._raw(language, f"digit.{digit}")

        own_name = values.clinic.get(language) or values.clinic.get("") or ""
        own_name = re.sub(r"\d+", lambda found: write_digits(found[0], word, forms.joiner), own_name)  # "Route 66"
        quantities = values.quantities.get(topic, {})
        return {
            **{name: forms.write_quantity(quantity.count, quantity.unit) for name, quantity in quantities.items()},
            "emergency": forms.write_emergency_number(values.emergency),
            "clinic": own_name or self._raw(language, phrases.DEMONSTRATION_CLINIC.id),
        }


def write_script(line: Line, topics: Sequence[Topic], words: Words) -> dict[str, tuple[ScriptLine, ...]]:
    """What has to be spoken in each open language, without repeats, in the order of a call."""
    script: dict[str, dict[str, ScriptLine]] = {code: {} for code in line.languages}
    for said in _list_said(line, topics):
        if said.language in script:
            script[said.language].setdefault(said.utterance.id, words.line(said))
    for code, lines in script.items():
        lines.update({unit.id: unit for unit in words.units(code)})
    return {code: tuple(lines.values()) for code, lines in script.items()}


def _list_said(line: Line, topics: Sequence[Topic]) -> Iterator[Said]:
    for code in line.languages:
        for node in line.nodes.values():
            for tries in EVERY_WORD if line.is_open(node.id, code) else ():
                position = Position(code, node.id, tries)
                yield from (item for item in speech(line, position, {}) if isinstance(item, Said))
        yield from (Said(Utterance(digit.id), code) for digit in phrases.DIGITS)
        yield Said(Utterance(phrases.CALL_US.id), code)
    yield from _list_staff_words(line, topics)


def _list_staff_words(line: Line, topics: Sequence[Topic]) -> Iterator[Said]:
    prompts = [*dict.fromkeys(line.whispers.values())]
    prompts += [phrases.WHISPER_NO_LANGUAGE, phrases.WHISPER_UNLISTED, phrases.WHISPER_PART]
    prompts += [phrases.WHISPER_LANGUAGES[code] for code in line.languages]
    prompts += [section.title for topic in topics for section in topic.sections]
    yield from (Said(Utterance(prompt.id), STAFF_LANGUAGE) for prompt in prompts)
    yield Said(Utterance(phrases.WHISPER_TAKE.id, "1"), STAFF_LANGUAGE)
