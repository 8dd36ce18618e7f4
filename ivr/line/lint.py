"""Proves that a line keeps its rules, and lists every place where it does not. Pure: it is handed words and seconds.

Each check is one function named after what it proves and yields faults. `CHECKS` run in the tests, on `flask line
check`, and at every start: a faulty line refuses to answer. `TIME_CHECKS` measure the clips; they run in the tests and
on `flask line check`, and stop no line: whoever waits two seconds too long is better off than whoever is not answered.
Rule ids are those of the README.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ivr.errors import Fault
from ivr.line.lint_input import Evidence, LintInput
from ivr.line.nodes import Line
from ivr.line.table_rules import (
    a_person_is_everywhere,
    clips_are_near,
    every_move_leads_somewhere,
    every_node_has_a_way_out,
    every_node_is_reachable,
    keys_are_taught_where_they_help,
    keys_ascend_without_gaps,
    menus_are_small,
    nobody_is_cut_off,
    silence_is_answered,
    the_emergency_notice_comes_first,
    what_is_spoken_is_what_works,
    what_was_taught_works_everywhere,
)
from ivr.line.time_rules import documents_are_short, the_first_words_are_short, the_menu_comes_soon
from ivr.line.topics import Topic
from ivr.line.word_rules import (
    clips_are_short,
    english_is_easy,
    every_clip_names_its_facts,
    every_fact_is_carried,
    everything_has_words,
    find_long_clips,
    find_unspoken,
    the_key_comes_last,
)


def lint(line: Line, topics: Sequence[Topic], evidence: Evidence) -> list[Fault]:
    """Every fault of a line, in the order of its checks, those of a caller's time last."""
    lint_input = LintInput(line, topics, evidence)
    faults = run_checks(lint_input)
    return faults or [fault for check in TIME_CHECKS for fault in check(lint_input)]


def run_checks(lint_input: LintInput) -> list[Fault]:
    """Every fault that the checks find; where a move leads nowhere, only that is told, since the rest builds on it."""
    broken = list(every_move_leads_somewhere(lint_input))
    return broken or [fault for check in CHECKS for fault in check(lint_input)]


@dataclass(frozen=True)
class UnfitTopic:
    """A topic that cannot be spoken in a language; `topic` is its id, "" where the line's own words cannot be."""

    language: str
    topic: str


def find_unfit_topics(lint_input: LintInput) -> dict[UnfitTopic, Fault]:
    """What cannot be said, or not in time, each with its first fault: closed, it harms nothing else."""
    own = {prompt.id: topic.id for topic in lint_input.topics for prompt in topic.prompts()}
    unfit: dict[UnfitTopic, Fault] = {}
    for said, fault in (*find_unspoken(lint_input), *find_long_clips(lint_input)):
        unfit.setdefault(UnfitTopic(said.language, own.get(said.utterance.prompt, "")), fault)
    return unfit


TIME_CHECKS: tuple[Callable[[LintInput], Iterable[Fault]], ...] = (
    the_first_words_are_short,
    the_menu_comes_soon,
    documents_are_short,
)
CHECKS: tuple[Callable[[LintInput], Iterable[Fault]], ...] = (
    every_node_is_reachable,
    every_node_has_a_way_out,
    keys_ascend_without_gaps,
    what_is_spoken_is_what_works,
    what_was_taught_works_everywhere,
    keys_are_taught_where_they_help,
    menus_are_small,
    clips_are_near,
    a_person_is_everywhere,
    silence_is_answered,
    nobody_is_cut_off,
    the_emergency_notice_comes_first,
    every_fact_is_carried,
    every_clip_names_its_facts,
    everything_has_words,
    the_key_comes_last,
    english_is_easy,
    clips_are_short,
)
