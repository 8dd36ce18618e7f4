"""The state of every language in one table, and how much of the need is met: counted over reviewed languages only.

Speakers are people in the US with limited English, in millions, about, as US language-access notices count them
(Mandarin and Cantonese are counted as one).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ivr.line.language import Language
from ivr.line.languages import LANGUAGES
from ivr.line.prompts import Audience, Prompt
from ivr.wording.language_files import LanguageFiles


@dataclass(frozen=True)
class LanguageState:
    """One language: how many of its `prompts` have finished words, clips (of `clips`), approvals; open, or why not."""

    language: str
    name: str
    prompts: int
    translated: int
    waiting: int
    clips: int
    voiced: int
    grade: str
    reviewed: int
    closed: str

    @property
    def is_reviewed(self) -> bool:
        """True when every prompt is approved."""
        return self.reviewed == self.prompts


@dataclass(frozen=True)
class VoiceState:
    """How far a language is voiced: `clips` that its script asks for, how many of them are `voiced`, and the voice's
    grade in a word ("none" where there is no voice)."""

    clips: int
    voiced: int
    grade: str


def describe_language(files: LanguageFiles, prompts: Sequence[Prompt], voice: VoiceState, closed: str) -> LanguageState:
    """The state of one language. `closed` is why it is closed, "" for an open one."""
    heard = [prompt for prompt in prompts if prompt.audience is Audience.CALLER]
    return LanguageState(
        language=files.language,
        name=LANGUAGES[files.language].name,
        prompts=len(heard),
        translated=sum(prompt.id in files.wording.texts for prompt in heard),
        waiting=len(files.wording.waiting),
        clips=voice.clips,
        voiced=voice.voiced,
        grade=voice.grade,
        reviewed=files.count_reviewed(heard),
        closed=closed,
    )


@dataclass(frozen=True)
class Coverage:
    """People with limited English, in millions: in all languages of the table, and in the reviewed ones."""

    all: float
    reviewed: float


def measure_coverage(states: Sequence[LanguageState]) -> Coverage:
    """How much of the need is met by languages that a qualified person has reviewed (45 CFR 92.201)."""
    done = {state.language for state in states if state.is_reviewed}
    met = sum(row.speakers for row in LANGUAGES.values() if _list_counted_together(row) <= done)
    return Coverage(round(sum(row.speakers for row in LANGUAGES.values()), 2), round(met, 2))


def _list_counted_together(row: Language) -> set[str]:
    """The codes of the languages whose speakers a row counts: they are reached when every one of these is reviewed."""
    return {row.code, *(code for code, language in LANGUAGES.items() if language.counted_with == row.code)}
