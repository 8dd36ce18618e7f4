"""The availability of languages: which languages are open to callers, and why the others are not (45 CFR 92.201).

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

    def close_more(self, more: Mapping[str, str]) -> "Availability":
        """The same outcome with more languages closed: a reason by language."""
        return Availability({**self.closed, **more}, self.announced)


def judge_languages(
    language_files: Mapping[str, LanguageFiles],
    prompts: Sequence[Prompt],
    previews: Collection[str],
    rules: OpeningRules,
) -> Availability:
    """Which of the wanted languages are open. `previews` are the languages whose only voice is a preview."""
    reasons = {code: _find_reason(files, prompts, previews, rules) for code, files in language_files.items()}
    closed = {code: reason for code, reason in reasons.items() if reason}
    unreviewed = {code for code, files in language_files.items() if not files.is_wholly_reviewed(prompts)}
    return Availability(closed, frozenset(unreviewed if rules.unreviewed == "announce" else ()))


def _find_reason(
    files: LanguageFiles, prompts: Sequence[Prompt], previews: Collection[str], rules: OpeningRules
) -> str:
    """Why a language is closed; "" for an open one."""
    if files.faults:
        return f"its files cannot be read: {files.faults[0]}"
    if files.forms is None:
        return "its way of counting is not written"
    if files.wording.missing:
        return f"{len(files.wording.missing)} prompts have no words, {files.wording.missing[0]} among them"
    if rules.unreviewed == "hide" and not files.is_wholly_reviewed(prompts):
        return "no qualified person has reviewed all of it (UNREVIEWED_LANGUAGES is hide)"
    if rules.preview == "close" and files.language in previews:
        return "its only voice is a preview (PREVIEW_VOICES is close)"
    return ""
