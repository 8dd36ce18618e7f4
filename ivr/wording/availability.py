"""The availability of languages: which are open, for which topics, and why the others are not (45 CFR 92.201).

A topic opens in a language only when both are whole there: every prompt of it has words that can be spoken, the line's
own words are there, and the language's way of counting is written. A new topic in one language closes nothing else.
What no qualified person has reviewed is announced or closed, by setting; a language whose voice patients may not hear
is closed (`ivr/speech/fitness.py` says why). Nothing ever falls back silently to English: what is closed is simply not
offered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ivr.line.lint import UnfitTopic
from ivr.line.prompts import Prompt
from ivr.line.topics import Topic
from ivr.wording.language_files import LanguageFiles


@dataclass(frozen=True)
class OpeningRules:
    """What the clinic decided. `unreviewed` is announce, hide or allow."""

    unreviewed: str


@dataclass(frozen=True)
class Availability:
    """The outcome: `closed` gives each closed language its reason; callers of the `announced` are told of no review.

    `closed_topics` gives, by language and then by topic, why callers are not offered that topic in it.
    """

    closed: Mapping[str, str]
    announced: frozenset[str]
    closed_topics: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def is_open(self, topic: str, language: str) -> bool:
        """Whether callers of a wanted language are offered the topic."""
        return language not in self.closed and topic not in self.closed_topics.get(language, {})

    def list_open_topics(self, topics: Sequence[Topic], language: str) -> frozenset[str]:
        """The ids of the topics that callers of a wanted language are offered."""
        return frozenset(topic.id for topic in topics if self.is_open(topic.id, language))

    def close(self, topics: Sequence[Topic], unfit: Mapping[UnfitTopic, str]) -> "Availability":
        """The same gate with more topics closed; a language in which none is left is closed with the reason given."""
        closed, closed_topics = dict(self.closed), {code: dict(why) for code, why in self.closed_topics.items()}
        for found, words in unfit.items():
            if found.topic:
                closed_topics.setdefault(found.language, {}).setdefault(found.topic, words)
            if not found.topic or len(closed_topics[found.language]) == len(topics):
                closed.setdefault(found.language, words)
        return Availability(closed, self.announced, closed_topics)


def judge_languages(
    language_files: Mapping[str, LanguageFiles],
    topics: Sequence[Topic],
    own: Sequence[Prompt],
    unfit_voices: Mapping[str, str],
    rules: OpeningRules,
) -> Availability:
    """Which of the wanted languages are open. `own` are the line's own prompts; `unfit_voices` gives, by language,
    why patients may not hear its voice ("" where they may)."""
    closed: dict[str, str] = {}
    closed_topics: dict[str, dict[str, str]] = {}
    announced: set[str] = set()
    for code, files in language_files.items():
        heard = {topic.id: [*own, *topic.prompts()] for topic in topics}
        reasons = {name: _find_reason(files, prompts, unfit_voices, rules) for name, prompts in heard.items()}
        if all(reasons.values()):
            closed[code] = _find_reason(files, own, unfit_voices, rules) if len(topics) > 1 else ""
            closed[code] = closed[code] or next(iter(reasons.values()))
        elif any(reasons.values()):
            closed_topics[code] = {name: words for name, words in reasons.items() if words}
        offered = [prompt for name, prompts in heard.items() if not reasons[name] for prompt in prompts]
        if rules.unreviewed == "announce" and not files.is_wholly_reviewed(offered or own):
            announced.add(code)
    return Availability(closed, frozenset(announced), closed_topics)


def _find_reason(
    files: LanguageFiles, prompts: Sequence[Prompt], unfit_voices: Mapping[str, str], rules: OpeningRules
) -> str:
    """Why a language cannot speak these prompts; "" where it can."""
    if files.faults:
        return f"its files cannot be read: {files.faults[0]}"
    if files.forms is None:
        return "its way of counting is not written"
    wanted = {prompt.id for prompt in prompts}
    if missing := [name for name in files.wording.missing if name in wanted]:
        return f"{len(missing)} prompts have no words, {missing[0]} among them"
    if rules.unreviewed == "hide" and not files.is_wholly_reviewed(prompts):
        return "no qualified person has reviewed all of it (UNREVIEWED_LANGUAGES is hide)"
    return unfit_voices.get(files.language, "")
