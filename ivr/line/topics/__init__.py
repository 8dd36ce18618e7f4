"""Topics: one TOML file for a procedure, and one for its facts.

Content is data: another procedure is two files, and no code.

`topic.py` says what a topic is, `reading.py` reads it, `checks.py` holds it together.
"""

from ivr.line.topics.reading import TopicEntry, read_entries, read_topic
from ivr.line.topics.source import TopicSource
from ivr.line.topics.topic import (
    EVERYTHING,
    LONGEST_COUNT,
    AnswerChoice,
    ClinicValue,
    Fact,
    Quantity,
    Question,
    Section,
    Topic,
    Unit,
)

__all__ = [
    "EVERYTHING",
    "LONGEST_COUNT",
    "AnswerChoice",
    "ClinicValue",
    "Fact",
    "Quantity",
    "Question",
    "Section",
    "Topic",
    "TopicEntry",
    "TopicSource",
    "Unit",
    "read_entries",
    "read_topic",
]
