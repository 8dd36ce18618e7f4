"""The words of all languages as they ship, read once for all tests of the line."""

from functools import cache

from ivr.line import phrases
from ivr.line.languages import LANGUAGES
from ivr.wording.language_files import read_language_files
from ivr.wording.script import Values, Words
from ivr.wording.sources import TOPICS_FOLDER, read_topics
from ivr.wording.standing import map_sections
from tests.conftest import ROOT

TOPICS = read_topics(TOPICS_FOLDER)
PROMPTS = {
    prompt.id: prompt
    for prompt in (*phrases.PHRASES.values(), *(prompt for topic in TOPICS for prompt in topic.prompts()))
}


@cache
def shipped_words() -> Words:
    """Every prompt in every language, with the values of a clinic that decides nothing."""
    prompts = tuple(PROMPTS.values())
    sections = map_sections(TOPICS, prompts)
    written = {code: read_language_files(ROOT / "locales", code, prompts, sections) for code in LANGUAGES}
    return Words(prompts, written, Values(6, 3, 6, "911", {}))
