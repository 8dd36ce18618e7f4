"""The fact sheet of a topic, `<id>.facts.toml`: everything that it may say, and nothing else.

Rule kept here: where clinics differ, a fact names the value that it depends on, and shows its default in braces. That
a clip of its section carries each fact is for the lint.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ivr.line.topics.source import SourceText, name_tables
from ivr.line.topics.topic import Fact, Topic


def read_facts(source: SourceText, topic: str) -> dict[str, Fact] | None:
    """The facts of a topic, by id; None where the sheet cannot be read. What is wrong is noted in `source`."""
    table = source.parse()
    if table is None:
        return None
    rows = name_tables(table, "fact")
    if rows is None:
        source.add_fault_at("fact", "Each fact is a table of its own, such as [fact.A1].")
        return None
    return {name: _read_fact(name, row, topic) for name, row in rows.items()}


def _read_fact(name: str, row: Mapping[str, Any], topic: str) -> Fact:
    section, says, value = (str(row.get(field, "")) for field in ("section", "says", "value"))
    return Fact(id=name, section=section, says=says, value=value, topic=topic)


def check_facts(source: SourceText, topic: Topic) -> None:
    """Notes in `source` every fact of the topic that does not fit it."""
    for fact in topic.facts.values():
        for words in _fact_faults(topic, fact):
            source.add_fault_at(f"[fact.{fact.id}]", f"The fact {fact.id} {words}")


def _fact_faults(topic: Topic, fact: Fact) -> Iterator[str]:
    if not fact.says.strip():
        yield "says nothing: write what may be said."
    if not fact.value:
        return
    if fact.value not in topic.values:
        yield f"depends on the value {fact.value!r}, which the topic does not have: write [value.{fact.value}]."
    elif f"{{{topic.values[fact.value].default}}}" not in fact.says:
        yield f"must show the default of its value in braces: {{{topic.values[fact.value].default}}}."
