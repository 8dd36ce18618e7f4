"""Reads topic files from their folder, and hands every prompt to Babel.

The core takes text, not paths; this is where the text comes from. A topic is `<id>.toml` with its facts beside it in
`<id>.facts.toml`.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from ivr.errors import Fault, TopicError
from ivr.line.prompts import PROMPT_ID
from ivr.line.topics import Topic, TopicSource, read_entries, read_topic

TOPICS_FOLDER = Path(__file__).parent.parent / "line" / "topics"
"""Where the topics that come with the line stand."""


def read_topics(folder: Path) -> tuple[Topic, ...]:
    """All topics of a folder, in the order of their file names. Raises TopicError with the faults of every file."""
    topics: list[Topic] = []
    faults: list[Fault] = []
    for path in sorted(path for path in folder.glob("*.toml") if not path.name.endswith(".facts.toml")):
        try:
            topics.append(read_topic(_source(path)))
        except TopicError as error:
            faults.extend(error.faults)
    if not topics and not faults:
        faults.append(Fault(str(folder), "No topic stands here: a topic is a file such as compression-fracture.toml."))
    if faults:
        raise TopicError(faults)
    return tuple(topics)


def _source(path: Path) -> TopicSource:
    facts = path.with_suffix(".facts.toml")
    if not facts.is_file():
        raise TopicError([Fault(str(facts), f"{path.name} needs its facts beside it, in a file of this name.")])
    if not PROMPT_ID.fullmatch(path.stem):
        words = "A topic's file is named in lower-case letters, digits and hyphens, such as knee.toml."
        raise TopicError([Fault(str(path), words)])
    return TopicSource(path.stem, str(path), _text(path), str(facts), _text(facts))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise TopicError([Fault(str(path), "This file is not UTF-8. Save it as UTF-8.")]) from error


def extract_topic(
    fileobj: IO[bytes], _keywords: object, _comment_tags: object, options: Mapping[str, object]
) -> Iterator[tuple[int, str, tuple[str, str], Sequence[str]]]:
    """Babel's extraction method for topic files: one message for a prompt, its id as context, its note as comment.

    Babel hands over keywords, comment tags and options; a topic file needs none of them.
    """
    del options
    path = Path(fileobj.name)
    if path.name.endswith(".facts.toml"):
        return
    for entry in read_entries(path.stem, str(path), fileobj.read().decode("utf-8")):
        yield entry.line, "pgettext", (entry.prompt.id, entry.prompt.text), [entry.note] if entry.note else []
