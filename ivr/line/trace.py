"""The trace from a fact to the clips that carry it, and to their words: what a clinician checks first."""

from collections.abc import Callable, Iterator, Sequence

from ivr.line.phrases import PHRASES
from ivr.line.prompts import Prompt, Utterance
from ivr.line.topics import Fact, Topic


def trace(topics: Sequence[Topic], words: Callable[[Utterance], str]) -> Iterator[tuple[Fact, Prompt, str]]:
    """Each fact with each prompt that carries it, and the words as they are spoken; facts in their own order."""
    for topic in topics:
        prompts = [*PHRASES.values(), *topic.prompts()]
        for fact in topic.facts.values():
            for prompt in prompts:
                if fact.id in prompt.facts:
                    yield fact, prompt, words(Utterance(prompt.id))
