"""Topics: one TOML file for a procedure, one for its facts, and the reader that turns their text into values.

Content is data: another procedure is another file, no code. The reader takes text, not paths, so that the core stays
pure; `ivr.wording.sources` reads the files. Every fault is collected with the line where it stands.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ivr.errors import Fault, TopicError
from ivr.line.prompts import PROMPT_ID, Prompt, placeholders

CLIP_PLACEHOLDERS = frozenset({"fasting", "discomfort", "lifting", "emergency", "clinic"})
"""Values of the clinic that a clip may speak."""
EVERYTHING = "all"
"""What the whole topic is called where all its sections are heard in order; no section may take this name."""


@dataclass(frozen=True)
class Fact:
    """One thing that may be said to a patient. `value` names the clinic's setting that it depends on, if any."""

    id: str
    section: str
    says: str
    value: str = ""


@dataclass(frozen=True)
class Section:
    """A part of a topic: its title, the choice that leads to it (none for the opening), and its clips in order."""

    id: str
    title: Prompt
    choice: Prompt | None
    clips: tuple[Prompt, ...]

    @property
    def opening(self) -> bool:
        """True for the part that is only heard where "everything" begins."""
        return self.choice is None


@dataclass(frozen=True)
class Topic:
    """One procedure (or a pair that belongs together) as a caller hears it, with the facts it may say."""

    id: str
    choice: Prompt
    reviewed: Prompt
    sections: tuple[Section, ...]
    facts: Mapping[str, Fact]

    def prompts(self) -> Iterator[Prompt]:
        """Every prompt of the topic, in the order in which a caller hears them."""
        yield self.choice
        yield self.reviewed
        for section in self.sections:
            if section.choice:
                yield section.choice
            yield section.title
            yield from section.clips

    def section(self, name: str) -> Section:
        """The section of that id. Raises KeyError."""
        return next((part for part in self.sections if part.id == name), None) or self._unknown(name)

    def _unknown(self, name: str) -> Section:
        raise KeyError(name)


@dataclass(frozen=True)
class TopicSource:
    """The text of a topic's two files; `place` is how a person finds the first ("topics/knee.toml")."""

    id: str
    place: str
    text: str
    facts_place: str
    facts_text: str


@dataclass(frozen=True)
class Entry:
    """One prompt where it stands in a topic file: for the extractor, which wants its line and its note."""

    prompt: Prompt
    line: int
    note: str


def read_topic(source: TopicSource) -> Topic:
    """The topic in `source`. Raises TopicError with every fault, each at its file and line."""
    return _TopicReader(source).read()


def read_entries(topic_id: str, place: str, text: str) -> tuple[Entry, ...]:
    """Every prompt of a topic file with line and note, in file order; facts are not looked at. Raises TopicError."""
    reader = _TopicReader(TopicSource(topic_id, place, text, "", ""))
    reader.topic_without_facts()
    if reader.faults:
        raise TopicError(reader.faults)
    return tuple(reader.entries)


def _tables(row: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The tables under [[name]]; none where something else stands in their place."""
    rows = row.get(name)
    return [each for each in rows if isinstance(each, dict)] if isinstance(rows, list) else []


class _TopicReader:
    """Walks one file once, collecting prompts and faults side by side."""

    def __init__(self, source: TopicSource) -> None:
        self.source = source
        self.lines = source.text.splitlines()
        self.cursor = 0
        self.row: Mapping[str, Any] = {}
        self.faults: list[Fault] = []
        self.entries: list[Entry] = []

    def read(self) -> Topic:
        facts = self._facts()
        topic = self.topic_without_facts()
        if topic is not None and facts is not None:
            self._unknown_facts(facts)
        if self.faults or topic is None or facts is None:
            raise TopicError(self.faults)
        return Topic(topic.id, topic.choice, topic.reviewed, topic.sections, facts)

    def topic_without_facts(self) -> Topic | None:
        table = self._parse(self.source.text, self.source.place)
        if table is None:
            return None
        choice = self._prompt(table, "choice", "choice", needs_key=True)
        reviewed = self._prompt(table, "reviewed", "reviewed")
        sections = tuple(self._section(row) for row in _tables(table, "section"))
        if all(section.opening for section in sections):
            self._fault_at(1, "A topic needs at least one [[section]] with clips that is not its opening.")
        self._twice()
        return Topic(self.source.id, choice, reviewed, sections, {})

    def _section(self, row: Mapping[str, Any]) -> Section:
        name = self._id(row)
        if name == EVERYTHING:
            words = f'The id "{name}" is the line\'s own, for all sections in order: choose another.'
            self._fault(f'id = "{name}"', words)
        title = self._prompt(row, "title", f"{name}.title")
        opening = row.get("opening", False)
        choice = None if opening else self._prompt(row, "choice", f"{name}.choice", needs_key=True)
        clips = tuple(self._clip(name, clip) for clip in _tables(row, "clip"))
        if not clips:
            self._fault(f'id = "{name}"', f'The section "{name}" has no [[section.clip]]: write one, or remove it.')
        return Section(name, title, choice, clips)

    def _clip(self, section: str, row: Mapping[str, Any]) -> Prompt:
        return self._prompt(row, "text", f"{section}.{self._id(row)}")

    def _id(self, row: Mapping[str, Any]) -> str:
        name = row.get("id", "")
        if not isinstance(name, str) or not PROMPT_ID.fullmatch(name):
            self._fault(f'id = "{name}"', f'The id "{name}" must be lower-case letters, digits and hyphens.')
        return str(name)

    def _prompt(self, row: Mapping[str, Any], field: str, name: str, *, needs_key: bool = False) -> Prompt:
        line = self._seek(row, field)
        text = row.get(field)
        given = isinstance(text, str) and bool(text.strip())
        text = str(text) if given else ""
        prompt = Prompt(f"{self.source.id}.{name}", " ".join(text.split()), self._named_facts(row, line, name))
        if given:
            self._check_braces(prompt, line, needs_key)
        else:
            self._fault_at(line, f'"{name}" has no {field}: write the words that the caller hears.')
        note = row.get("note" if field == "text" else f"{field}-note", "")
        self.entries.append(Entry(prompt, line, str(note)))
        return prompt

    def _named_facts(self, row: Mapping[str, Any], line: int, name: str) -> tuple[str, ...]:
        named = row.get("facts", [])
        if isinstance(named, list) and all(isinstance(fact, str) for fact in named):
            return tuple(named)
        self._fault_at(line, f'"{name}" must name its facts as a list of their ids, such as facts = ["A1", "A2"].')
        return ()

    def _check_braces(self, prompt: Prompt, line: int, needs_key: bool) -> None:
        try:
            found = placeholders(prompt.text)
        except ValueError as error:
            self._fault_at(line, f'The braces in "{prompt.id}" do not match ({error}): write {{name}}.')
            return
        if needs_key and found != {"key"}:
            self._fault_at(line, f'"{prompt.id}" offers a key, so its words must hold {{key}} and no other braces.')
        if not needs_key and (unknown := found - CLIP_PLACEHOLDERS):
            known = ", ".join(sorted(CLIP_PLACEHOLDERS))
            self._fault_at(line, f'"{prompt.id}" holds {{{sorted(unknown)[0]}}}, which nothing fills: use {known}.')

    def _facts(self) -> dict[str, Fact] | None:
        table = self._parse(self.source.facts_text, self.source.facts_place)
        if table is None:
            return None
        rows = table.get("fact", {})
        if not isinstance(rows, dict) or not all(isinstance(row, dict) for row in rows.values()):
            self.faults.append(Fault(self.source.facts_place, "Each fact is a table of its own, such as [fact.A1]."))
            return None
        return {
            name: Fact(name, str(row.get("section", "")), str(row.get("says", "")), str(row.get("value", "")))
            for name, row in rows.items()
        }

    def _unknown_facts(self, facts: Mapping[str, Fact]) -> None:
        for entry in self.entries:
            for fact in entry.prompt.facts:
                if fact not in facts:
                    self._fault_at(
                        entry.line,
                        f'"{entry.prompt.id}" names the fact {fact}, which {self.source.facts_place} does not hold: '
                        "correct the id, or say nothing that has no fact.",
                    )

    def _twice(self) -> None:
        seen: set[str] = set()
        for entry in self.entries:
            if entry.prompt.id in seen:
                self._fault_at(entry.line, f'"{entry.prompt.id}" stands twice: every id is used once.')
            seen.add(entry.prompt.id)

    def _parse(self, text: str, place: str) -> dict[str, Any] | None:
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r" \(at line (\d+), column \d+\)$", str(error))
            line = int(found[1]) if found else len(text.splitlines())
            self.faults.append(Fault(f"{place}:{line}", f"This is not valid TOML: {error}. Mend that line."))
            return None

    def _seek(self, row: Mapping[str, Any], field: str) -> int:
        """The line of `field` in the table `row`, or where that begins: the walk goes through the file in its order."""
        start = 0
        if "id" in row:
            start = self._find(f'id = "{row["id"]}"', self.cursor + (row is not self.row), self.cursor)
            self.cursor, self.row = start, row
        found = self._find(f"{field} =", start)
        return (found if found < self._find("[[", start, len(self.lines)) else start) + 1

    def _find(self, needle: str, start: int, otherwise: int | None = None) -> int:
        """The first line from `start` on that begins with `needle`; `start` itself where there is none."""
        found = (at for at in range(start, len(self.lines)) if self.lines[at].startswith(needle))
        return next(found, start if otherwise is None else otherwise)

    def _fault(self, needle: str, words: str) -> None:
        self._fault_at(self._find(needle, self.cursor) + 1, words)

    def _fault_at(self, line: int, words: str) -> None:
        self.faults.append(Fault(f"{self.source.place}:{line}", words))
