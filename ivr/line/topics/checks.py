"""What holds a topic together: its clips, facts, values and questions say the same thing.

A patient is asked only what was said just before, and a number is right only where it is the number that was spoken.
Rules kept here: words speak a value exactly where their facts depend on it; a question is about a fact that a clip of
the section before it carries; a number answers a question only where it is the value of that very fact.
"""

from collections.abc import Iterator, Mapping

from ivr.line.prompts import Prompt
from ivr.line.topics.source import SourceText
from ivr.line.topics.topic import Question, Section, Topic

QUESTIONS = 2
"""How many a reminder asks, or none: the line's own words around them speak of two, in every language."""
FEWEST_ANSWERS, MOST_ANSWERS = 2, 6


def check_topic(source: SourceText, topic: Topic, lines: Mapping[str, int], facts_place: str) -> None:
    """Notes in `source` everything that does not hold together. `lines` gives the line of each prompt, by its id."""
    for prompt in topic.prompts():
        for words in (*_unknown_facts(topic, prompt, facts_place), *_value_faults(topic, prompt)):
            source.add_fault(lines[prompt.id], f'"{prompt.id}" {words}')
    for words in _reminder_faults(topic):
        source.add_fault_at("reminders", words)
    for question in topic.questions:
        for words in _question_faults(topic, question):
            source.add_fault(lines[question.prompt.id], f'The question "{question.id}" {words}')


def _unknown_facts(topic: Topic, prompt: Prompt, facts_place: str) -> Iterator[str]:
    for fact in prompt.facts:
        if fact not in topic.facts:
            yield (
                f"names the fact {fact}, which {facts_place} does not hold: "
                "correct the id, or say nothing that has no fact."
            )


def _value_faults(topic: Topic, prompt: Prompt) -> Iterator[str]:
    """Clips only: a question holds no braces, and is checked as a question."""
    if prompt.id in {question.prompt.id for question in topic.questions}:
        return
    try:
        spoken = prompt.placeholders & topic.values.keys()
    except ValueError:
        return
    needed = {topic.facts[fact].value for fact in prompt.facts if fact in topic.facts} - {""}
    for name in sorted(spoken - needed):
        yield f"speaks {{{name}}}, but no fact that it names depends on that value. Name the fact, or take it out."
    for name in sorted(needed & topic.values.keys() - spoken):
        yield f"names a fact that depends on {{{name}}}, and does not speak it. Put {{{name}}} into its words."


# --- Reminders -------------------------------------------------------------------------------------------------------


def find_reminder_section(topic: Topic) -> Section | None:
    """The section that reminder calls offer; None for a topic without such calls, or with a faulty name of one."""
    return next((section for section in topic.sections if section.id == topic.reminders and section.choice), None)


def _reminder_faults(topic: Topic) -> Iterator[str]:
    if topic.reminders and find_reminder_section(topic) is None:
        offered = ", ".join(section.id for section in topic.sections if section.choice)
        yield f"Reminder calls offer {topic.reminders!r}, which is no section with a choice: {offered}."
    if topic.questions and not topic.reminders:
        yield 'Questions are asked in reminder calls only: say which section these offer, such as reminders = "prep".'
    if len(topic.questions) not in (0, QUESTIONS):
        yield f"There are {len(topic.questions)} questions. The line's own words speak of two: write two, or none."


def _question_faults(topic: Topic, question: Question) -> Iterator[str]:
    if not question.fact:
        yield 'is about no fact: name it, such as fact = "P3".'
        return
    if "{" in question.prompt.text:
        yield "holds braces. A question must not say its own answer, and offers its keys in [[question.choice]]."
    section = find_reminder_section(topic)
    if section and question.fact not in {fact for clip in section.clips for fact in clip.facts}:
        yield (
            f"is about the fact {question.fact}, which no clip of the section {section.id!r} carries: "
            "ask only what was said just before."
        )
    if question.id == "end" or question.id.endswith(("-right", "-wrong", "-again")):
        yield "cannot have this id: the line uses it for what follows an answer. Choose another."
    yield from _number_faults(topic, question) if question.value else _choice_faults(question)


def _number_faults(topic: Topic, question: Question) -> Iterator[str]:
    if question.choices:
        yield "is answered by a value and by choices. Keep one of the two."
    fact = topic.facts.get(question.fact)
    if question.value not in topic.values:
        yield f"is answered by the value {question.value!r}, which the topic does not have."
    elif fact and fact.value != question.value:
        depends = f"depends on the value {fact.value!r}" if fact.value else "depends on no value"
        yield (
            f"is answered by the value {question.value!r}, but the fact {fact.id} {depends}: {fact.says}. "
            "A number is right only where the fact itself gives it."
        )


def _choice_faults(question: Question) -> Iterator[str]:
    right = [choice.is_right for choice in question.choices]
    if not FEWEST_ANSWERS <= len(right) <= MOST_ANSWERS:
        yield f"must have a value, or {FEWEST_ANSWERS} to {MOST_ANSWERS} [[question.choice]]: it has {len(right)}."
    elif all(right) or not any(right):
        yield "needs at least one choice with right = true, and at least one without."
