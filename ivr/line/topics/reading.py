"""Reads a topic's two files into a `Topic`, or into everything that is wrong with them, each at its file and line.

The reader takes text, not paths, so that the core stays pure; `ivr.wording.sources` reads the files.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ivr.errors import TopicError
from ivr.folding import fold_words
from ivr.line.phrases import PHRASES
from ivr.line.prompts import PROMPT_ID, Audience, Prompt, placeholders
from ivr.line.topics.checks import check_topic
from ivr.line.topics.facts import check_facts, read_facts
from ivr.line.topics.source import SourceText, TopicSource, list_tables
from ivr.line.topics.topic import EVERYTHING, AnswerChoice, Question, Section, Topic
from ivr.line.topics.values import LINE_PLACEHOLDERS, read_values

RESERVED_TOPICS = frozenset(
    {name.partition(".")[0] for name in PHRASES} | {"welcome", "begin", "returning", "languages", "date", "time"}
)
"""First words of the ids that the line's own prompts, clips and nodes have: no topic's id begins with one."""
RESERVED_SECTIONS = frozenset({"menu", "reminder", "question"})
"""What stands beside the sections below a topic's id."""
QUESTION = "question"


@dataclass(frozen=True)
class TopicEntry:
    """One prompt where it stands in a topic file: for the extractor, which wants its line and its note."""

    prompt: Prompt
    line: int
    note: str


def read_topic(source: TopicSource) -> Topic:
    """The topic in `source`. Raises TopicError with every fault, each at its file and line."""
    facts_file = SourceText(source.facts_place, source.facts_text)
    facts = read_facts(facts_file, source.id)
    reader = TopicReader(source.id, SourceText(source.place, source.text))
    topic = reader.read()
    if topic and facts is not None:
        topic = replace(topic, facts=facts)
        check_facts(facts_file, topic)
        check_topic(reader.source, topic, {entry.prompt.id: entry.line for entry in reader.entries}, facts_file.place)
    faults = [*reader.source.faults, *facts_file.faults]
    if faults or topic is None:
        raise TopicError(faults)
    return topic


def read_entries(topic_id: str, place: str, text: str) -> tuple[TopicEntry, ...]:
    """Every prompt of a topic file that callers hear, with line and note, in file order; facts are not looked at.

    Raises TopicError.
    """
    reader = TopicReader(topic_id, SourceText(place, text))
    reader.read()
    if reader.source.faults:
        raise TopicError(reader.source.faults)
    return tuple(entry for entry in reader.entries if entry.prompt.audience is Audience.CALLER)


class TopicReader:
    """Walks one topic file once, collecting prompts and faults side by side."""

    def __init__(self, topic_id: str, source: SourceText) -> None:
        self.topic_id = topic_id
        self.source = source
        self.cursor = 0
        self.row: Mapping[str, Any] = {}
        self.values: frozenset[str] = frozenset()
        self.entries: list[TopicEntry] = []

    def read(self) -> Topic | None:
        """The topic without its facts; None where the file is not valid TOML."""
        table = self.source.parse()
        if table is None:
            return None
        if self.topic_id.partition("-")[0] in RESERVED_TOPICS:
            words = f'A topic cannot be called "{self.topic_id}": the line has words of that name. Rename its files.'
            self.source.add_fault(1, words)
        values = read_values(self.source, table)
        self.values = frozenset(values)
        topic = Topic(
            id=self.topic_id,
            choice=self._read_offer(table, "choice", "choice"),
            welcome=self._read_prompt(table, "welcome", "welcome"),
            whisper=self._read_whisper(table),
            reviewed=self._read_prompt(table, "reviewed", "reviewed"),
            sections=self._read_sections(table),
            facts={},
            values=values,
            questions=self._read_questions(table),
            names=self._read_names(table),
            reminders=str(table.get("reminders", "")),
        )
        self._check_once()
        return topic

    # --- Sections and clips ------------------------------------------------------------------------------------------

    def _read_sections(self, table: Mapping[str, Any]) -> tuple[Section, ...]:
        self.cursor = self.source.find("[[section]]")
        sections = tuple(self._read_section(row) for row in list_tables(table, "section"))
        if all(section.opening for section in sections):
            self.source.add_fault(1, "A topic needs at least one [[section]] with clips that is not its opening.")
        return sections

    def _read_section(self, row: Mapping[str, Any]) -> Section:
        name = self._read_id(row)
        if name == EVERYTHING:
            words = f'The id "{name}" is the line\'s own, for all sections in order: choose another.'
            self.source.add_fault_at(f'id = "{name}"', words, self.cursor)
        elif name in RESERVED_SECTIONS:
            words = f'The id "{name}" is the line\'s own: choose another.'
            self.source.add_fault_at(f'id = "{name}"', words, self.cursor)
        title = self._read_prompt(row, "title", f"{name}.title")
        choice = None if row.get("opening", False) else self._read_offer(row, "choice", f"{name}.choice")
        clips = tuple(
            self._read_prompt(clip, "text", f"{name}.{self._read_id(clip)}") for clip in list_tables(row, "clip")
        )
        if not clips:
            words = f'The section "{name}" has no [[section.clip]]: write one, or remove it.'
            self.source.add_fault_at(f'id = "{name}"', words, self.cursor)
        return Section(name, title, choice, clips)

    # --- Questions ---------------------------------------------------------------------------------------------------

    def _read_questions(self, table: Mapping[str, Any]) -> tuple[Question, ...]:
        self.cursor = self.source.find("[[question]]")
        return tuple(self._read_question(row) for row in list_tables(table, "question"))

    def _read_question(self, row: Mapping[str, Any]) -> Question:
        name, fact = self._read_id(row), str(row.get("fact", ""))
        prompt = self._read_prompt(row, "text", f"{QUESTION}.{name}", facts=(fact,) if fact else ())
        choices = tuple(self._read_answer(name, answer) for answer in list_tables(row, "choice"))
        return Question(id=name, prompt=prompt, fact=fact, value=str(row.get("value", "")), choices=choices)

    def _read_answer(self, question: str, row: Mapping[str, Any]) -> AnswerChoice:
        prompt = self._read_offer(row, "text", f"{QUESTION}.{question}.{self._read_id(row)}")
        return AnswerChoice(prompt, row.get("right", False) is True)

    # --- What all are made of ----------------------------------------------------------------------------------------

    def _read_id(self, row: Mapping[str, Any]) -> str:
        name = row.get("id", "")
        if not isinstance(name, str) or not PROMPT_ID.fullmatch(name):
            words = f'The id "{name}" must be lower-case letters, digits and hyphens.'
            self.source.add_fault_at(f'id = "{name}"', words, self.cursor)
        return str(name)

    def _read_names(self, table: Mapping[str, Any]) -> frozenset[str]:
        names = table.get("names", [])
        if isinstance(names, list) and all(isinstance(name, str) and name.isalpha() for name in names):
            return frozenset(name.lower() for name in names)
        words = 'Names that the reading grade leaves out are a list of single words, such as names = ["kyphoplasty"].'
        self.source.add_fault_at("names", words)
        return frozenset()

    def _read_whisper(self, table: Mapping[str, Any]) -> Prompt:
        prompt = self._read_prompt(table, "whisper", "whisper", known=frozenset())
        entry = self.entries.pop()
        prompt = replace(prompt, audience=Audience.STAFF)
        self.entries.append(replace(entry, prompt=prompt))
        return prompt

    def _read_offer(self, row: Mapping[str, Any], field: str, name: str) -> Prompt:
        """Words that offer a key."""
        prompt = self._read_prompt(row, field, name, known=None)
        if prompt.text and self._braces(prompt) not in (None, frozenset({"key"})):
            words = f'"{prompt.id}" offers a key, so its words must hold {{key}} and no other braces.'
            self.source.add_fault(self.entries[-1].line, words)
        return prompt

    def _read_prompt(
        self,
        row: Mapping[str, Any],
        field: str,
        name: str,
        *,
        facts: tuple[str, ...] | None = None,
        known: frozenset[str] | None = LINE_PLACEHOLDERS,
    ) -> Prompt:
        """Words that stand under `field`. `known` are placeholders that they may hold beside the topic's values; None
        where those are looked at elsewhere."""
        line = self._seek(row, field)
        text = row.get(field)
        text = fold_words(text) if isinstance(text, str) else ""
        named = self._read_named_facts(row, line, name) if facts is None else facts
        prompt = Prompt(f"{self.topic_id}.{name}", text, named, topic=self.topic_id)
        note = row.get("note" if field == "text" else f"{field}-note", "")
        self.entries.append(TopicEntry(prompt, line, str(note)))
        if not text:
            self.source.add_fault(line, f'"{name}" has no {field}: write the words that are heard.')
        elif (found := self._braces(prompt, line)) and known is not None:
            self._check_placeholders(prompt, line, found, known | self.values)
        return prompt

    def _read_named_facts(self, row: Mapping[str, Any], line: int, name: str) -> tuple[str, ...]:
        named = row.get("facts", [])
        if isinstance(named, list) and all(isinstance(fact, str) for fact in named):
            return tuple(named)
        words = f'"{name}" must name its facts as a list of their ids, such as facts = ["A1", "A2"].'
        self.source.add_fault(line, words)
        return ()

    def _braces(self, prompt: Prompt, line: int = 0) -> frozenset[str] | None:
        """The names in braces; None where they do not match, which is noted where a line is given."""
        try:
            return placeholders(prompt.text)
        except ValueError as error:
            if line:
                words = f'The braces in "{prompt.id}" do not match ({error}): write {{name}}.'
                self.source.add_fault(line, words)
            return None

    def _check_placeholders(self, prompt: Prompt, line: int, found: frozenset[str], known: frozenset[str]) -> None:
        for name in sorted(found - known)[:1]:
            use = ", ".join(sorted(known)) or "none"
            words = f'"{prompt.id}" holds {{{name}}}, which nothing fills: use {use}, or write [value.{name}].'
            self.source.add_fault(line, words)

    def _check_once(self) -> None:
        seen: set[str] = set()
        for entry in self.entries:
            if entry.prompt.id in seen:
                self.source.add_fault(entry.line, f'"{entry.prompt.id}" stands twice: every id is used once.')
            seen.add(entry.prompt.id)

    def _seek(self, row: Mapping[str, Any], field: str) -> int:
        """The line of `field` in the table `row`, or where that begins: the walk goes through the file in its order."""
        start = 0
        if "id" in row:
            start = self.source.find(f'id = "{row["id"]}"', self.cursor + (row is not self.row), self.cursor)
            self.cursor, self.row = start, row
        found = self.source.find(f"{field} =", start)
        return (found if found < self.source.find("[", start, len(self.source.lines)) else start) + 1
