"""The rules that a line's words keep: facts, keys that come last (M1), easy English (M6), all said, none too long.

Each check is one function named after what it proves; `lint.py` lists them all.
"""

from collections.abc import Iterator

from ivr.errors import Fault
from ivr.line import phrases
from ivr.line.grade import measure_grade, measure_sentence_length
from ivr.line.language import SOURCE_LANGUAGE
from ivr.line.lint_input import LintInput
from ivr.line.prompts import Audience, Prompt, Utterance
from ivr.line.speech import Said

LONGEST_CLIP = 25.0
HARDEST_GRADE = 6.0
LONGEST_SENTENCES = 15.0


def every_fact_is_carried(lint_input: LintInput) -> Iterator[Fault]:
    """Every fact of a topic is carried by a clip of its own section; the line's own notices, by one of its phrases."""
    for topic in lint_input.topics:
        carried = {(section.id, fact) for section in topic.sections for clip in section.clips for fact in clip.facts}
        for fact in topic.facts.values():
            if (fact.section, fact.id) not in carried:
                yield Fault(topic.id, f"No clip of {fact.section} carries the fact {fact.id}: {fact.says}.")
    noticed = {fact for prompt in phrases.PHRASES.values() for fact in prompt.facts}
    for fact in lint_input.notices.values():
        if fact.id not in noticed:
            yield Fault("phrases", f"No phrase carries the notice {fact.id}: {fact.says}.")


def every_clip_names_its_facts(lint_input: LintInput) -> Iterator[Fault]:
    """A clip that carries no fact may say nothing clinical; in a section, every clip is clinical."""
    for topic in lint_input.topics:
        for section in topic.sections:
            for clip in section.clips:
                if not clip.facts:
                    yield Fault(clip.id, "names no fact. Name those that it carries, or take it out.")


def everything_has_words(lint_input: LintInput) -> Iterator[Fault]:
    """Each open language can say all that is open in it."""
    yield from (fault for _, fault in find_unspoken(lint_input))


def find_unspoken(lint_input: LintInput) -> Iterator[tuple[Said, Fault]]:
    """What is to be said and has no words."""
    for said in lint_input.said:
        try:
            lint_input.evidence.text(said.language, said.utterance)
        except KeyError as error:
            yield said, Fault(f"{said.language} {said.utterance.id}", f"has no words: {error.args[0]}.")


def the_key_comes_last(lint_input: LintInput) -> Iterator[Fault]:
    """M1: "To hear X, press N." In English the key is the last word of an offer."""
    offers = {choice.prompt for node in lint_input.line.nodes.values() for choice in node.choices} | {phrases.SKIP}
    for prompt in sorted(offers, key=lambda offer: offer.id):
        if not prompt.text.endswith("press {key}."):
            yield Fault(prompt.id, f'does not end in "press {{key}}.": {prompt.text} (M1)')


def english_is_easy(lint_input: LintInput) -> Iterator[Fault]:
    """M6: grade six or under and fifteen words a sentence at most, for each section and for the line's own phrases."""
    for place, texts, names in _group_texts(lint_input):
        if (grade := measure_grade(texts, names)) > HARDEST_GRADE:
            yield Fault(place, f"reads at grade {grade:.1f}. Use shorter words and sentences: six is the most (M6).")
        if (length := measure_sentence_length(texts, names)) > LONGEST_SENTENCES:
            yield Fault(place, f"has {length:.1f} words a sentence. Fifteen are the most (M6).")


def _group_texts(lint_input: LintInput) -> Iterator[tuple[str, list[str], frozenset[str]]]:
    """What is heard together: its place, its words, and the names that the grade leaves out."""
    own = [prompt for prompt in phrases.PHRASES.values() if prompt.audience is Audience.CALLER]
    texts = [prompt.text for prompt in own if prompt not in (*phrases.FRAGMENTS, *phrases.DIGITS)]
    yield "phrases", texts, frozenset()
    for topic in lint_input.topics:
        asked = [prompt for question in topic.questions for prompt in question.prompts()]
        yield topic.id, [_read_english(lint_input, prompt) for prompt in (topic.welcome, *asked)], topic.names
        for section in topic.sections:
            yield f"{topic.id}.{section.id}", [_read_english(lint_input, clip) for clip in section.clips], topic.names


def _read_english(lint_input: LintInput, prompt: Prompt) -> str:
    try:
        return lint_input.evidence.text(SOURCE_LANGUAGE, Utterance(prompt.id))
    except KeyError:
        return prompt.text


def clips_are_short(lint_input: LintInput) -> Iterator[Fault]:
    """A clip is one stop for the caller: 25 seconds at normal pace are the most."""
    yield from (fault for _, fault in find_long_clips(lint_input))


def find_long_clips(lint_input: LintInput) -> Iterator[tuple[Said, Fault]]:
    """What is to be said and takes too long."""
    for said in lint_input.said:
        seconds = lint_input.evidence.seconds(said.language, said.utterance)
        if seconds is not None and seconds > LONGEST_CLIP:
            yield (
                said,
                Fault(f"{said.language} {said.utterance.id}", f"lasts {seconds:.1f} s. Split it: 25 s are the most."),
            )
