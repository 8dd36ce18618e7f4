"""What the listening page shows: every clip of a language in the order of a call, with its words and who has read them.

Pure but for the shelf, which looks for files. Rule kept here: nothing is left out. A line of the script without a clip,
a back-translation or a review is a row that says so, and what fits no heading stands under a heading of its own.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ivr.line.language import SOURCE_LANGUAGE, Language
from ivr.line.languages import LANGUAGES
from ivr.line.nodes import Node, Pause, Position
from ivr.line.prompts import Audience, Prompt
from ivr.line.speech import Said, speech
from ivr.line.topics import EVERYTHING, Topic
from ivr.parts import Spineline
from ivr.speech.manifest import Clip, ClipSet
from ivr.speech.voice_state import count_voiced
from ivr.wording.catalogs import CatalogEntry
from ivr.wording.language_files import LanguageFiles
from ivr.wording.script import ScriptLine, Words
from ivr.wording.standing import Standing
from ivr.wording.translation.check import ACCEPTED
from ivr.wording.translation.meaning import find_differences
from ivr.wording.translation.status import LanguageState, describe_language

BEFORE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "first": ("The first words", ("emergency", "language", "unlisted")),
    "hello": ("Hello, the notice, and the keys that work at any time", ("hello", "notice", "keys")),
    "menu": ("The menu, and new tries", ("procedures", "menu", "retry")),
}
"""What stands before a topic's sections: headings by their keys, each with the beginnings of the ids below it."""
AFTER: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "endings": ("Endings", ("end", "waiting", "goodbye", "sorry")),
    "person": ("A person, and calling back", ("person", "callback")),
    "reminders": ("Reminder calls", ("reminder", "voicemail", "check", "optout")),
    "staff": ("What the clinic's staff hear", ("whisper",)),
    "other": ("Everything else", ()),
}
UNITS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "digits": ("Digits", ("digit",)),
    "weekdays": ("Days of the week", ("date.weekday",)),
    "months": ("Months", ("date.month",)),
    "days": ("Days of the month", ("date.day",)),
    "hours": ("Hours", ("time.hour",)),
    "minutes": ("Minutes", ("time.minute",)),
    "parts": ("Parts of the day", ("time.part",)),
    "away": ("How far off a day is", ("away.days",)),
}
"""Short words from which numbers, days and times are put together: shown as a grid."""
SOURCE_WORDS, FOR_STAFF, UNREAD = "source words", "for staff", "not reviewed"
"""What is said of words on which no reviewer has given a verdict ("approved", "rejected")."""


@dataclass(frozen=True)
class LanguageSummary:
    """One language in the list. `seconds` is the length of all its clips at the normal pace; `voice` None is none."""

    language: Language
    state: LanguageState
    voice: ClipSet | None
    seconds: float

    @property
    def missing(self) -> int:
        """How many clips are not there."""
        return self.state.clips - self.state.voiced


@dataclass(frozen=True)
class ClipReading:
    """What a reader gets beside a clip's words. `english` and `back` (translated back) are "" where there is none;
    `doubts` say what somebody should look at; `review` is the last verdict, or why there is none."""

    english: str
    back: str
    doubts: tuple[str, ...]
    review: str


@dataclass(frozen=True)
class ClipRow:
    """One clip. `slow` is None where only the normal pace is there; `original` says that its recording was kept."""

    line: ScriptLine
    reading: ClipReading
    normal: Clip | None
    slow: Clip | None
    original: bool


@dataclass(frozen=True)
class ClipGroup:
    """The rows under one heading. `steps` is what a caller hears there: ids of clips, and pauses in whole seconds."""

    key: str
    title: str
    rows: tuple[ClipRow, ...]
    steps: tuple[str | int, ...]
    compact: bool


def summarize_languages(parts: Spineline) -> tuple[LanguageSummary, ...]:
    """Every wanted language, in the order of the offer."""
    return tuple(summarize_language(parts, code) for code in parts.settings.languages)


def summarize_language(parts: Spineline, code: str) -> LanguageSummary:
    """The state of one wanted language."""
    script, prompts = parts.content.scripts.get(code, ()), tuple(parts.content.words.prompts.values())
    voice, closed = count_voiced(parts.content.clips, code, script), parts.content.availability.closed.get(code, "")
    state = describe_language(parts.content.words.language_files[code], prompts, voice, closed)
    seconds = sum(parts.content.clips.find_seconds(line) or 0.0 for line in script)
    return LanguageSummary(LANGUAGES[code], state, parts.content.clips.find_voice(code), seconds)


def format_length(seconds: float) -> str:
    """A length as people say it: "4 min 5 s"."""
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60} s" if whole >= 60 else f"{whole} s"


def list_lines(parts: Spineline, code: str) -> dict[str, list[ScriptLine]]:
    """The script of a language by the keys of its headings, in the order of a call; empty headings are left out."""
    titles, sections = _list_titles(parts.content.topics), _map_sections(parts.content.topics)
    heads = {head: key for places in (BEFORE, AFTER, UNITS) for key, (_, ids) in places.items() for head in ids}
    found: dict[str, list[ScriptLine]] = {key: [] for key in titles}
    for line in parts.content.scripts.get(code, ()):
        prompt = find_prompt(parts.content.words, line.id)
        own = sections.get(prompt.id) if prompt else None
        first, second = (*line.id.split("."), "")[:2]
        found[own or heads.get(f"{first}.{second}") or heads.get(first, "other")].append(line)
    return {key: lines for key, lines in found.items() if lines}


def list_groups(
    parts: Spineline, code: str, back: Mapping[str, CatalogEntry], recorded: Collection[str]
) -> tuple[ClipGroup, ...]:
    """The page of one language. `back` is its back-translation by prompt id; `recorded` are ids with a recording."""
    titles = _list_titles(parts.content.topics)
    files = parts.content.words.language_files[code]
    counted = {unit.id: unit.text for unit in parts.content.words.units(SOURCE_LANGUAGE)}

    def make_row(line: ScriptLine) -> ClipRow:
        prompt = find_prompt(parts.content.words, line.id)
        counts = ClipReading("" if code == SOURCE_LANGUAGE else counted.get(line.id, ""), "", (), "")
        reading = _read_words(files, prompt, back.get(prompt.id)) if prompt else counts
        normal, slow = (parts.content.clips.find(line, slow=pace) for pace in (False, True))
        kept = normal is not None and bool(normal.recording) and line.id in recorded
        slow = None if slow == normal else slow
        return ClipRow(line=line, reading=reading, normal=normal, slow=slow, original=kept)

    def make_group(key: str, lines: Sequence[ScriptLine]) -> ClipGroup:
        steps = tuple(_list_steps(parts, code, _list_nodes(parts, code, key)))
        rows = tuple(make_row(line) for line in lines)
        return ClipGroup(key=key, title=titles[key], rows=rows, steps=steps, compact=key in UNITS)

    return tuple(make_group(key, lines) for key, lines in list_lines(parts, code).items())


def find_prompt(words: Words, id_: str) -> Prompt | None:
    """The prompt that a clip speaks, with or without a key in its id; None for a piece of a date or time."""
    return words.prompts.get(id_) or words.prompts.get(id_.rpartition(".")[0])


def _list_titles(topics: Sequence[Topic]) -> dict[str, str]:
    """Every heading by its key, in the order of the page."""
    sections = {
        f"{topic.id}.{section.id}": section.title.text.rstrip(".") for topic in topics for section in topic.sections
    }
    before, after, units = ({key: title for key, (title, _) in place.items()} for place in (BEFORE, AFTER, UNITS))
    return {**before, **sections, **after, **units}


def _map_sections(topics: Sequence[Topic]) -> dict[str, str]:
    """The heading of each prompt of a topic."""
    own: dict[str, str] = {}
    for topic in topics:
        own |= {topic.choice.id: "menu", topic.welcome.id: "hello", topic.reviewed.id: "endings"}
        own |= {topic.whisper.id: "staff"}
        own |= {prompt.id: "reminders" for question in topic.questions for prompt in question.prompts()}
        for section in topic.sections:
            own |= {prompt.id: f"{topic.id}.{section.id}" for prompt in (section.title, *section.clips)}
            own |= {section.choice.id: "menu"} if section.choice else {}
    return own


# --- What a reader gets ----------------------------------------------------------------------------------------------


def _read_words(written: LanguageFiles, prompt: Prompt, read: CatalogEntry | None) -> ClipReading:
    stands = written.wording.texts.get(prompt.id)
    if prompt.audience is Audience.STAFF:
        return ClipReading("", "", (), FOR_STAFF)
    if stands is None or written.language == SOURCE_LANGUAGE:
        return ClipReading("", "", (), SOURCE_WORDS)
    doubts = tuple(_list_doubts(prompt, stands, read, waits=prompt.id in written.wording.waiting))
    verdict = written.reviews.find_verdict(prompt.id, stands.source, stands.text)
    return ClipReading(stands.source, read.text if read else "", doubts, verdict.value if verdict else UNREAD)


def _list_doubts(prompt: Prompt, stands: Standing, read: CatalogEntry | None, *, waits: bool) -> Iterator[str]:
    """What somebody should look at, in the words of `flask languages check`."""
    if waits:
        yield "Newer words wait for their translation or approval."
    if read is None or not read.text:
        yield "There is no back-translation."
    elif read.source != stands.text:
        yield "The back-translation is of other words."
    elif prompt.facts:
        accepted = " ".join(note for note in read.notes if note.startswith(ACCEPTED))
        lost = (difference.words for difference in find_differences(stands.source, read.text))
        yield from (f"Turned back into English, {words}." for words in lost if words not in accepted)


# --- What a caller hears, in order -----------------------------------------------------------------------------------


def _list_nodes(parts: Spineline, code: str, key: str) -> list[Node]:
    """The nodes that are heard one after the other under a heading; none where it is no walk through a call."""
    line = parts.content.line
    # A closed language has no menu of its own: what is offered in the first language of the line stands for it.
    greeting = "hello" if code == line.opening[0] else "begin"
    known = {"hello": greeting, "menu": line.starts.get(code, line.starts[line.languages[0]])}
    if key in known:
        return [line.node(known[key])]
    topic, _, section = key.partition(".")
    path = f"{topic}/{EVERYTHING}/{section}/"
    return [node for node in line.nodes.values() if node.id.startswith(path)]


def _list_steps(parts: Spineline, code: str, nodes: Sequence[Node]) -> Iterator[str | int]:
    for number, node in enumerate(nodes):
        if number:
            yield nodes[number - 1].wait
        for item in speech(parts.content.line, Position(code, node.id), {}):
            if isinstance(item, Pause):
                yield item.seconds
            elif isinstance(item, Said) and item.language == code:
                yield item.utterance.id
