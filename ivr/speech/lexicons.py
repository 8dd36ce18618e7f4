"""The lexicons of several languages, read with the names of the engines that a lexicon may speak to."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from ivr.speech.engines import ENGINES
from ivr.wording.lexicon import Lexicon, read_lexicon
from ivr.wording.vowels import needs_vowels, read_vowels


def read_lexicons(folder: Path, languages: Iterable[str]) -> dict[str, Lexicon]:
    """The lexicon of each language, by its code, from `folder` (`locales/`), with the vowels of one that is written
    without. Raises CatalogError where a file cannot be read."""
    return {code: _read(folder, code) for code in languages}


def _read(folder: Path, language: str) -> Lexicon:
    lexicon = read_lexicon(folder, language, frozenset(ENGINES))
    return replace(lexicon, vowels=read_vowels(folder, language)) if needs_vowels(language) else lexicon
