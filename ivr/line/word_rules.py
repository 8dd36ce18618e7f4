"""The rules that a line's words keep: facts, keys that come last (M1), easy English (M6), all said, none too long.

Each check is one function named after what it proves; `lint.py` lists them all.
"""

from collections.abc import Iterator

from ivr.errors import Fault
from ivr.line import phrases
from ivr.line.case import Case
from ivr.line.grade import reading_grade, sentence_length
from ivr.line.language import SOURCE_LANGUAGE
from ivr.line.prompts import Audience, Prompt, Utterance

LONGEST_CLIP = 25.0
HARDEST_GRADE = 6.0
LONGEST_SENTENCES = 15.0


def every_fact_is_carried(case: Case) -> Iterator[Fault]:
    """Every fact of a topic is carried by a clip of its own section (or, the notices, by a phrase)."""
    for topic in case.topics:
        carried = {(section.id, fact) for section in topic.sections for clip in section.clips for fact in clip.facts}
        carried |= {("notice", fact) for prompt in phrases.PHRASES.values() for fact in prompt.facts}
        for fact in topic.facts.values():
            if (fact.section, fact.id) not in carried:
                yield Fault(topic.id, f"No clip of {fact.section} carries the fact {fact.id}: {fact.says}.")


def every_clip_names_its_facts(case: Case) -> Iterator[Fault]:
    """A clip that carries no fact may say nothing clinical; in a section, every clip is clinical."""
    for topic in case.topics:
        for section in topic.sections:
            for clip in section.clips:
                if not clip.facts:
                    yield Fault(clip.id, "names no fact. Name those that it carries, or take it out.")


def everything_has_words(case: Case) -> Iterator[Fault]:
    """Each open language can say all of it."""
    for said in case.said():
        try:
            case.evidence.text(said.language, said.utterance)
        except KeyError as error:
            yield Fault(f"{said.language} {said.utterance.id}", f"has no words: {error.args[0]}.")


def the_key_comes_last(case: Case) -> Iterator[Fault]:
    """M1: "To hear X, press N." In English the key is the last word of an offer."""
    offers = {choice.prompt for node in case.line.nodes.values() for choice in node.choices} | {phrases.SKIP}
    for prompt in sorted(offers, key=lambda offer: offer.id):
        if not prompt.text.endswith("press {key}."):
            yield Fault(prompt.id, f'does not end in "press {{key}}.": {prompt.text} (M1)')


def english_is_easy(case: Case) -> Iterator[Fault]:
    """M6: grade six or under and fifteen words a sentence at most, for each section and for the line's own phrases."""
    for place, texts in _heard_together(case):
        if (grade := reading_grade(texts)) > HARDEST_GRADE:
            yield Fault(place, f"reads at grade {grade:.1f}. Use shorter words and sentences: six is the most (M6).")
        if (length := sentence_length(texts)) > LONGEST_SENTENCES:
            yield Fault(place, f"has {length:.1f} words a sentence. Fifteen are the most (M6).")


def _heard_together(case: Case) -> Iterator[tuple[str, list[str]]]:
    own = [prompt for prompt in phrases.PHRASES.values() if prompt.audience is Audience.CALLER]
    yield "phrases", [prompt.text for prompt in own if prompt not in (*phrases.FRAGMENTS, *phrases.DIGITS)]
    for topic in case.topics:
        for section in topic.sections:
            yield f"{topic.id}.{section.id}", [_english(case, clip) for clip in section.clips]


def _english(case: Case, prompt: Prompt) -> str:
    try:
        return case.evidence.text(SOURCE_LANGUAGE, Utterance(prompt.id))
    except KeyError:
        return prompt.text


def clips_are_short(case: Case) -> Iterator[Fault]:
    """A clip is one stop for the caller: 25 seconds at normal pace are the most."""
    for said in case.said():
        seconds = case.evidence.seconds(said.language, said.utterance)
        if seconds is not None and seconds > LONGEST_CLIP:
            yield Fault(f"{said.language} {said.utterance.id}", f"lasts {seconds:.1f} s. Split it: 25 s are the most.")
