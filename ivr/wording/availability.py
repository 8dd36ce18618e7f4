"""The gate: which languages are open to callers, and why the others are not (45 CFR 92.201).

A language opens only when it is whole: every prompt has words that can be spoken, and its way of counting is written.
What no qualified person has reviewed is announced or closed, by setting; so is a voice that is only a preview. Nothing
ever falls back silently to English: a closed language is simply not offered.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ivr.line.prompts import Prompt
from ivr.wording.language_files import LanguageFiles


@dataclass(frozen=True)
class OpeningRules:
    """What the clinic decided. `unreviewed` is announce, hide or allow; `preview` is open or close."""

    unreviewed: str
    preview: str


@dataclass(frozen=True)
class Availability:
    """The outcome: `closed` gives each closed language its reason; callers of the `announced` are told of no review."""

    closed: Mapping[str, str]
    announced: frozenset[str]

    def closing(self, more: Mapping[str, str]) -> "Availability":
        """The same gate with more languages closed."""
        return Availability({**self.closed, **more}, self.announced)


def judge_languages(
    written: Mapping[str, LanguageFiles],
    prompts: Sequence[Prompt],
    previews: Collection[str],
    rules: OpeningRules,
) -> Availability:
    """Which of the wanted languages are open. `previews` are the languages whose only voice is a preview."""
    closed = {code: words for code, one in written.items() if (words := _why_closed(one, prompts, previews, rules))}
    unreviewed = {code for code, one in written.items() if not one.whole_reviewed(prompts)}
    return Availability(closed, frozenset(unreviewed if rules.unreviewed == "announce" else ()))


def _why_closed(one: LanguageFiles, prompts: Sequence[Prompt], previews: Collection[str], rules: OpeningRules) -> str:
    if one.faults:
        return f"its files cannot be read: {one.faults[0]}"
    if one.forms is None:
        return "its way of counting is not written"
    if one.wording.missing:
        return f"{len(one.wording.missing)} prompts have no words, {one.wording.missing[0]} among them"
    if rules.unreviewed == "hide" and not one.whole_reviewed(prompts):
        return "no qualified person has reviewed all of it (UNREVIEWED_LANGUAGES is hide)"
    if rules.preview == "close" and one.language in previews:
        return "its only voice is a preview (PREVIEW_VOICES is close)"
    return ""
