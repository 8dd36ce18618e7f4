"""The words of all languages as they ship, read once for all tests of the line."""

from functools import cache

from ivr.line import phrases
from ivr.line.languages import LANGUAGES
from ivr.wording.language_files import read_language_files
from ivr.wording.script import Words
from ivr.wording.standing import map_sections
from tests.conftest import ROOT
from tests.topics import SHIPPED_TOPICS, clinic_values

TOPICS = SHIPPED_TOPICS
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
    return Words(prompts, written, clinic_values())
