"""The trace from a fact to the clips that carry it, and to their words: what a clinician checks first."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from ivr.line.notices import NOTICES
from ivr.line.phrases import PHRASES
from ivr.line.prompts import Prompt, Utterance
from ivr.line.topics import Fact, Topic


def trace(topics: Sequence[Topic], words: Callable[[Utterance], str]) -> Iterator[tuple[Fact, Prompt, str]]:
    """Each fact with each prompt that carries it, and the words as they are spoken: topic by topic, facts in their own
    order, the line's own notices last."""
    for topic in topics:
        yield from _trace_facts(topic.facts.values(), list(topic.prompts()), words)
    yield from _trace_facts(NOTICES.values(), list(PHRASES.values()), words)


def _trace_facts(
    facts: Iterable[Fact], prompts: Sequence[Prompt], words: Callable[[Utterance], str]
) -> Iterator[tuple[Fact, Prompt, str]]:
    for fact in facts:
        for prompt in prompts:
            if fact.id in prompt.facts:
                yield fact, prompt, words(Utterance(prompt.id))
