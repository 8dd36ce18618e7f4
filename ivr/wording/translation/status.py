"""The state of every language in one table, and how much of the need is met: counted over reviewed languages only.

Speakers are people in the US with limited English, in millions, about, as US language-access notices count them
(Mandarin and Cantonese are counted as one).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ivr.line.language import Language
from ivr.line.languages import LANGUAGES
from ivr.line.prompts import Audience, Prompt
from ivr.speech.clips import Clips
from ivr.wording.language_files import LanguageFiles
from ivr.wording.script import ScriptLine


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


def state_of(
    written: LanguageFiles, prompts: Sequence[Prompt], script: Sequence[ScriptLine], clips: Clips, closed: str
) -> LanguageState:
    """The state of one language. `closed` is the gate's reason, "" for an open one."""
    heard = [prompt for prompt in prompts if prompt.audience is Audience.CALLER]
    voice = clips.find_voice(written.language)
    return LanguageState(
        language=written.language,
        name=LANGUAGES[written.language].name,
        prompts=len(heard),
        translated=sum(prompt.id in written.wording.texts for prompt in heard),
        waiting=len(written.wording.waiting),
        clips=len(script),
        voiced=sum(clips.find(line, slow=False) is not None for line in script),
        grade=voice.grade.value if voice else "none",
        reviewed=written.reviewed(heard),
        closed=closed,
    )


@dataclass(frozen=True)
class Coverage:
    """People with limited English, in millions: in all languages of the table, and in the reviewed ones."""

    all: float
    reviewed: float


def coverage(states: Sequence[LanguageState]) -> Coverage:
    """How much of the need is met by languages that a qualified person has reviewed (45 CFR 92.201)."""
    done = {state.language for state in states if state.is_reviewed}
    met = sum(row.speakers for row in LANGUAGES.values() if _counted_together(row) <= done)
    return Coverage(round(sum(row.speakers for row in LANGUAGES.values()), 2), round(met, 2))


def _counted_together(row: Language) -> set[str]:
    """The codes of the languages whose speakers a row counts: they are reached when every one of these is reviewed."""
    return {row.code, *(each.code for each in LANGUAGES.values() if each.counted_with == row.code)}
