"""The line-up: everything that has to be spoken, as the line is now and as it would be with every wanted language open.

A clip is made before it is needed. So a language that is closed because it waits for its voice, or for a shorter clip,
is spoken too and can open at the next start; and the clips that ship with the checkout fit whichever languages a clinic
opens, in whichever order, since the place of a language in a menu decides which key its clips name.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from ivr.errors import CatalogError, Fault
from ivr.line import phrases
from ivr.line.language import SOURCE_LANGUAGE
from ivr.line.lint import lint
from ivr.line.lint_input import Evidence
from ivr.line.nodes import Line
from ivr.line.prompts import Prompt, Utterance
from ivr.line.speech import Said
from ivr.line.table import LANGUAGES_PER_PAGE, Plan, build_line
from ivr.line.topics import Topic
from ivr.wording.language_files import read_language_files
from ivr.wording.script import ScriptLine, Values, Words, write_script
from ivr.wording.standing import map_sections

OPENING = 3
"""Languages of the first words, where no setting names them."""

ClipSeconds = Callable[[ScriptLine], float | None]
"""Gives the length of a line's clip in seconds; None while it has none."""


def list_prompts(topics: Sequence[Topic]) -> list[Prompt]:
    """Every prompt that a line of these topics says: its own phrases first."""
    return [*phrases.PHRASES.values(), *(prompt for topic in topics for prompt in topic.prompts())]


def read_words(
    folder: Path, languages: Iterable[str], topics: Sequence[Topic], values: Values, *, latest: bool = False
) -> Words:
    """The words of these languages, and of English, which is the source of all. `folder` is `locales/`; `latest` takes
    every finished translation, approved or not.

    Raises CatalogError where the English cannot be read. Any other language keeps its faults and stays closed.
    """
    prompts = list_prompts(topics)
    sections = map_sections(topics, prompts)
    language_files = {
        code: read_language_files(folder, code, prompts, sections, latest=latest)
        for code in dict.fromkeys((*languages, SOURCE_LANGUAGE))
    }
    if faults := language_files[SOURCE_LANGUAGE].faults:
        raise CatalogError(faults)
    return Words(prompts, language_files, values)


def write_lineup(
    line: Line, topics: Sequence[Topic], words: Words, wanted: Sequence[str], plan: Plan
) -> dict[str, tuple[ScriptLine, ...]]:
    """What has to be spoken: all that the line says, and all that it would say with every `wanted` language open that
    has words. `plan` is the plan of the line as it is."""
    written = _list_written_topics(topics, words, wanted)
    unreviewed = frozenset(written) - {SOURCE_LANGUAGE}
    hoped = replace(plan, languages=tuple(written), unreviewed=unreviewed, open_topics=written)
    now = write_script(line, topics, words)
    if hoped == plan:
        return now
    then = write_script(build_line(topics, hoped), topics, words)
    return {code: tuple(dict.fromkeys((*now.get(code, ()), *then.get(code, ())))) for code in (now | then)}


def write_shipped_lineup(
    topics: Sequence[Topic], words: Words, wanted: Sequence[str], plan: Plan
) -> dict[str, tuple[ScriptLine, ...]]:
    """What the clips that come with the checkout have to say: each language in each place of the menu of languages,
    and among the first words. What `plan` says beside its languages stays."""
    written = _list_written_topics(topics, words, wanted)
    codes = tuple(written)
    script: dict[str, dict[str, ScriptLine]] = {code: {} for code in codes}
    for order in _list_menu_orders(codes):
        unreviewed = frozenset(codes) - {SOURCE_LANGUAGE}
        offered = replace(plan, languages=order, opening=order[:OPENING], unreviewed=unreviewed, open_topics=written)
        line = build_line(topics, offered)
        for code, lines in write_script(line, topics, words).items():
            script[code].update({script_line.id: script_line for script_line in lines})
    return {code: tuple(lines.values()) for code, lines in script.items()}


def _list_menu_orders(codes: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    """Menus in which each language comes first once: with all of the others behind it, and with few."""
    for first in range(len(codes)):
        order = (*codes[first:], *codes[:first])
        yield order
        yield from (order[:count] for count in range(1, LANGUAGES_PER_PAGE + 1))


def list_needed_phrases(topics: Sequence[Topic]) -> list[Prompt]:
    """The line's own prompts that a line with these topics needs: some are for a line of several topics alone."""
    return [prompt for prompt in phrases.PHRASES.values() if len(topics) > 1 or prompt not in phrases.SEVERAL_TOPICS]


def _list_written_topics(topics: Sequence[Topic], words: Words, wanted: Sequence[str]) -> dict[str, frozenset[str]]:
    """The ids of the topics that each language has words for, reviewed or not; a language with none is left out."""
    needed = {topic.id: {prompt.id for prompt in topic.prompts()} for topic in topics}
    own = {prompt.id for prompt in list_needed_phrases(topics)}
    written: dict[str, frozenset[str]] = {}
    for code in wanted:
        missing = frozenset(words.language_files[code].wording.missing)
        if found := frozenset(name for name, ids in needed.items() if not missing & (own | ids)):
            written[code] = found
    return written


def gather_evidence(words: Words, seconds: ClipSeconds) -> Evidence:
    """What the lint asks about words and clips."""

    def measure(language: str, utterance: Utterance) -> float | None:
        try:
            return seconds(words.line(Said(utterance, language)))
        except KeyError:
            return None

    return Evidence(words.text, measure)


def find_faults(line: Line, topics: Sequence[Topic], words: Words, seconds: ClipSeconds) -> list[Fault]:
    """Every rule that a line breaks, with these words and clips of these lengths."""
    return lint(line, topics, gather_evidence(words, seconds))
