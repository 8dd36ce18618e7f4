"""The lexicons of several languages, read with the names of the engines that a lexicon may speak to."""

from collections.abc import Iterable
from pathlib import Path

from ivr.speech.engines import ENGINES
from ivr.wording.lexicon import Lexicon, read_lexicon


def read_lexicons(folder: Path, languages: Iterable[str]) -> dict[str, Lexicon]:
    """The lexicon of each language, by its code, from `folder` (`locales/`). Raises CatalogError where one cannot be
    read."""
    return {code: read_lexicon(folder, code, frozenset(ENGINES)) for code in languages}
