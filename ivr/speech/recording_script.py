"""The recording script: what a voice actor reads from, as one page that prints well and needs nothing beside itself.

Equal words appear once, because the import copies their recording to every clip that says them. The lengths are those
of `pace.py`'s letters, so the estimate holds for scripts without spaces too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ivr.line.language import SOURCE_LANGUAGE, Language
from ivr.line.prompts import KEY_NAMES, Utterance
from ivr.speech.pace import count_letters
from ivr.wording.script import ScriptLine, Words

PACE = 150
"""Words a minute that an actor is asked to read."""

LETTERS_A_SECOND = 13.0
"""What that pace is in letters: a little over five to a word."""

QUIET = 0.5
"""Seconds of silence before and after the words."""

UNITS = ("digit.", "date.", "time.")
"""The beginnings of the ids of single words that are played one after the other: numbers, dates and times."""

_KEYS_BY_NAME = {name: key for key, name in KEY_NAMES.items()}
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    undefined=StrictUndefined,
)


@dataclass(frozen=True)
class ScriptEntry:
    """One thing to record. `id` names its file, `also` are the other clips with the same words; `note` and `gloss` are
    English, or "". `seconds` is about how long the file will be, its silence included."""

    number: int
    id: str
    text: str
    note: str
    gloss: str
    also: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class RecordingScript:
    """The whole script of a language: sentences in the order of a call, then the units; `clips` counts them all,
    those with equal words too."""

    language: Language
    sentences: tuple[ScriptEntry, ...]
    units: tuple[ScriptEntry, ...]
    clips: int

    @property
    def takes(self) -> int:
        """How many files are to be recorded."""
        return len(self.sentences) + len(self.units)

    @property
    def minutes(self) -> int:
        """About how long they will be together, rounded up."""
        return ceil(sum(entry.seconds for entry in (*self.sentences, *self.units)) / 60)


def write_recording_script(
    language: Language, lines: Sequence[ScriptLine], words: Words, notes: Mapping[str, str]
) -> RecordingScript:
    """The script of `lines`, which are of one language. `notes` are the translators', by the prompt's id."""
    groups: dict[str, list[ScriptLine]] = {}
    for line in sorted(lines, key=_is_unit):
        groups.setdefault(line.text, []).append(line)
    entries = tuple(_write_entries(groups.values(), words, notes))
    units = tuple(entry for entry in entries if entry.id.startswith(UNITS))
    return RecordingScript(language, entries[: len(entries) - len(units)], units, len(lines))


def render_page(script: RecordingScript) -> str:
    """The script as an HTML page."""
    return _PAGES.get_template("recording_script.html").render(script=script, pace=PACE)


def find_utterance(id_: str, words: Words) -> Utterance:
    """What the clip `id_` says: the way back from a clip's name to its prompt and key."""
    prompt, _, key = id_.rpartition(".")
    if id_ in words.prompts or prompt not in words.prompts:
        return Utterance(id_)
    return Utterance(prompt, _KEYS_BY_NAME.get(key, key))


def _is_unit(line: ScriptLine) -> bool:
    return line.id.startswith(UNITS)


def _write_entries(
    groups: Iterable[Sequence[ScriptLine]], words: Words, notes: Mapping[str, str]
) -> Iterator[ScriptEntry]:
    english_units = {unit.id: unit.text for unit in words.units(SOURCE_LANGUAGE)}  # may lack parts of other languages'
    for number, (line, *same) in enumerate(groups, 1):
        utterance = find_utterance(line.id, words)
        is_prompt = utterance.prompt in words.prompts
        english = words.text(SOURCE_LANGUAGE, utterance) if is_prompt else english_units.get(line.id, "")
        yield ScriptEntry(
            number=number,
            id=line.id,
            text=line.text,
            note=notes.get(utterance.prompt, ""),
            gloss="" if line.language == SOURCE_LANGUAGE else english,
            also=tuple(same_line.id for same_line in same),
            seconds=_estimate_seconds(line),
        )


def _estimate_seconds(line: ScriptLine) -> float:
    return count_letters(line.text, line.language) / LETTERS_A_SECOND + 2 * QUIET
