"""Everything that the line can say, in every open language, in the order of a call: what has to be spoken.

The engines work through it, the translator's and the voice actor's lists are printed from it, and a clip may be played
only where its words are these words.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ivr.errors import Fault
from ivr.line import phrases
from ivr.line.flow import Said, speech
from ivr.line.languages import LANGUAGES
from ivr.line.nodes import Line, Position
from ivr.line.prompts import Prompt, Utterance
from ivr.line.topics import Topic
from ivr.speech.catalogs import Catalog
from ivr.speech.spoken import digits, quantity

STAFF_LANGUAGE = "en"
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

    `fasting` is in hours, `discomfort` in days, `lifting` in weeks; `emergency` is digits.
    """

    fasting: int
    discomfort: int
    lifting: int
    emergency: str
    clinic: Mapping[str, str]


class Words:
    """The words of every utterance: catalog, key words and the clinic's values put together."""

    def __init__(self, prompts: Iterable[Prompt], catalogs: Mapping[str, Catalog], values: Values) -> None:
        self.prompts = {prompt.id: prompt for prompt in prompts}
        self.catalogs = catalogs
        self.values = values

    def text(self, language: str, utterance: Utterance) -> str:
        """The words of an utterance in a language, placeholders filled. Raises KeyError where it is not translated."""
        raw = self._raw(language, utterance.prompt)
        key = self._key(language, utterance.key) if utterance.key else ""
        return raw.format(key=key, **self._filled(language)) if "{" in raw else raw

    def faults(self) -> Iterator[Fault]:
        """What keeps the catalogs from being spoken whole."""
        for catalog in self.catalogs.values():
            yield from catalog.faults(self.prompts.values())

    def line(self, said: Said) -> ScriptLine:
        """An utterance as a line of the script."""
        return ScriptLine(said.language, said.utterance.id, self.text(said.language, said.utterance))

    def _raw(self, language: str, prompt: str) -> str:
        return self.catalogs[language].text(self.prompts[prompt])

    def _key(self, language: str, key: str) -> str:
        return self._raw(language, Utterance("key", key).id)

    def _filled(self, language: str) -> dict[str, str]:
        values = self.values
        joiner = "" if LANGUAGES[language].locale in UNSPACED else " "
        return {
            "fasting": quantity(language, values.fasting, "hour"),
            "discomfort": quantity(language, values.discomfort, "day"),
            "lifting": quantity(language, values.lifting, "week"),
            "emergency": digits(values.emergency, lambda digit: self._raw(language, f"digit.{digit}"), joiner),
            "clinic": values.clinic.get(language)
            or values.clinic.get("")
            or self._raw(language, phrases.DEMONSTRATION_CLINIC.id),
        }


UNSPACED = frozenset({"zh_Hans", "yue", "ja"})
"""Locales that write no blanks between words."""


def write_script(line: Line, topics: Sequence[Topic], words: Words) -> dict[str, tuple[ScriptLine, ...]]:
    """What has to be spoken in each open language, without repeats, in the order of a call."""
    script: dict[str, dict[str, ScriptLine]] = {code: {} for code in line.languages}
    for said in _everything_said(line, topics):
        if said.language in script:
            script[said.language].setdefault(said.utterance.id, words.line(said))
    return {code: tuple(lines.values()) for code, lines in script.items()}


def _everything_said(line: Line, topics: Sequence[Topic]) -> Iterator[Said]:
    for code in line.languages:
        for node in line.nodes.values():
            for tries in ("", "s1", "w1"):
                position = Position(code, node.id, tries)
                yield from (item for item in speech(line, position, {}) if isinstance(item, Said))
        yield from (Said(Utterance(digit.id), code) for digit in phrases.DIGITS)
        yield Said(Utterance(phrases.CALL_US.id), code)
    yield from _staff(line, topics)


def _staff(line: Line, topics: Sequence[Topic]) -> Iterator[Said]:
    prompts = [phrases.WHISPER, phrases.WHISPER_NO_LANGUAGE, phrases.WHISPER_PART]
    prompts += [phrases.WHISPER_LANGUAGES[code] for code in line.languages]
    prompts += [section.title for topic in topics for section in topic.sections]
    yield from (Said(Utterance(prompt.id), STAFF_LANGUAGE) for prompt in prompts)
    yield Said(Utterance(phrases.WHISPER_TAKE.id, "1"), STAFF_LANGUAGE)
