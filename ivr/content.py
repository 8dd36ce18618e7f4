"""What the line says, put together from the settings: topics, words, which languages are open, the table, the clips.

A part of the wiring, apart from it so that a command which needs no words loads none. Rule kept here: a line that
breaks one of its rules is not made, and every fault is listed (`line/lint.py`).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from ivr.errors import Fault, LineError
from ivr.line.lint import find_unfit_topics, run_checks
from ivr.line.lint_input import LintInput
from ivr.line.table import Plan, build_line
from ivr.line.topics import Topic
from ivr.parts import Content, Spineline
from ivr.settings.rows import Settings
from ivr.speech.clips import Clips
from ivr.speech.fitness import VoiceRules, explain_unfit
from ivr.wording.availability import Availability, OpeningRules, judge_languages
from ivr.wording.lineup import (
    OPENING,
    find_faults,
    gather_evidence,
    list_needed_phrases,
    read_words,
    write_lineup,
    write_shipped_lineup,
)
from ivr.wording.script import ScriptLine, Values, Words


def read_content(settings: Settings, topics: tuple[Topic, ...]) -> Content:
    """What the line says. Raises CatalogError or LineError, each with all of its faults."""
    clips = Clips(settings.audio_folder)
    words = read_words(
        settings.locales_folder,
        settings.languages,
        topics,
        _values(settings, topics),
        latest=settings.wording == "latest",
    )
    availability = _judge(settings, topics, words, clips)
    lint_input = _input_to_lint(settings, topics, words, clips, availability)
    if unfit := find_unfit_topics(lint_input):
        availability = availability.close(topics, {found: f"{fault}" for found, fault in unfit.items()})
        lint_input = _input_to_lint(settings, topics, words, clips, availability)
    if faults := run_checks(lint_input):
        raise LineError(faults)
    line = lint_input.line
    return Content(
        topics=topics,
        words=words,
        availability=availability,
        line=line,
        scripts=write_lineup(line, topics, words, settings.languages, _plan(settings, topics, availability)),
        clips=clips,
    )


def _input_to_lint(
    settings: Settings, topics: tuple[Topic, ...], words: Words, clips: Clips, availability: Availability
) -> LintInput:
    line = build_line(topics, _plan(settings, topics, availability))
    return LintInput(line, topics, gather_evidence(words, clips.find_seconds))


def make_lint_input(content: Content) -> LintInput:
    """What is known about the line, with the clips as they are now."""
    return LintInput(content.line, content.topics, gather_evidence(content.words, content.clips.find_seconds))


def find_content_faults(content: Content) -> list[Fault]:
    """Every rule that the line breaks, with the clips as they are now."""
    return find_faults(content.line, content.topics, content.words, content.clips.find_seconds)


def write_shipped_scripts(settings: Settings, content: Content) -> dict[str, tuple[ScriptLine, ...]]:
    """What the clips that come with the checkout have to say: whichever languages a clinic opens, in any order."""
    plan = _plan(settings, content.topics, content.availability)
    return write_shipped_lineup(content.topics, content.words, settings.languages, plan)


def build_day_and_time_clips(line: Spineline, moments: Iterable[tuple[str, datetime]]) -> int:
    """Makes days and times (a language, and an aware moment) as one phrase each, where the language's voice is on this
    machine; returns how many clips were made. Raises SpeechError, CatalogError."""
    from ivr.speech.build_phrases import build_phrases
    from ivr.speech.engines import find_engines
    from ivr.speech.lexicons import read_lexicons
    from ivr.speech.whole_phrases import write_phrase_lines

    settings, content = line.settings, line.content
    local = [(code, moment.astimezone(settings.office_timezone)) for code, moment in moments]
    return build_phrases(
        content.scripts,
        write_phrase_lines(content.words, local),
        find_engines([name for order in settings.speech_engines.values() for name in order]),
        settings.audio_folder,
        orders=settings.speech_engines,
        lexicons=read_lexicons(settings.locales_folder, content.scripts),
    )


def _judge(settings: Settings, topics: Sequence[Topic], words: Words, clips: Clips) -> Availability:
    voice_rules = VoiceRules(
        accented=settings.accented_voices, preview=settings.preview_voices, unsettled=settings.unsettled_licences
    )
    wanted = {code: words.language_files[code] for code in settings.languages}
    unfit = {code: explain_unfit(clips.find_voice(code), voice_rules) for code in wanted}
    return judge_languages(
        wanted, topics, list_needed_phrases(topics), unfit, OpeningRules(settings.unreviewed_languages)
    )


def _plan(settings: Settings, topics: Sequence[Topic], availability: Availability) -> Plan:
    languages = tuple(code for code in settings.languages if code not in availability.closed)
    if not languages:
        raise LineError(Fault(code, f"is closed: {reason}.") for code, reason in availability.closed.items())
    opening = tuple(code for code in settings.opening_languages if code in languages) or languages[:OPENING]
    fixed = {number: code for number, code in settings.number_languages.items() if code in languages}
    return Plan(
        languages=languages,
        opening=opening,
        unreviewed=availability.announced,
        fixed=fixed,
        opt_out=settings.opt_out_number,
        values=settings.values,
        open_topics={code: availability.list_open_topics(topics, code) for code in languages},
    )


def _values(settings: Settings, topics: Sequence[Topic]) -> Values:
    return Values(
        emergency=settings.emergency_number,
        clinic=settings.clinic_name,
        quantities={topic.id: topic.quantities(settings.values) for topic in topics},
    )
