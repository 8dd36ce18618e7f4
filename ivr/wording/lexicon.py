"""Saying words right: what a voice is handed, as against what is written (`locales/<language>/lexicon.toml`).

Voices read names of medicines and procedures by the rules of everyday words, and get them wrong. A lexicon says how to
spell such a word for them: under `[all]`, or under one engine's name for that engine only. Rule kept here: no voice
reads a word in another script unasked (a Latin name in a Chinese sentence comes out as noise), so such a word is a
fault until the lexicon spells it.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ivr.errors import CatalogError, Fault, SpeechError
from ivr.line.languages import find_script

FILE = "lexicon.toml"
EVERY_ENGINE = "all"

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]+(?:[ '.-]+[A-Za-zÀ-ɏ]+)*")


@dataclass(frozen=True)
class Lexicon:
    """How words of one language are spelled for a voice: by engine name (or EVERY_ENGINE), then by the word."""

    language: str
    spellings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def respell(self, text: str, engine: str) -> str:
        """`text` as `engine` has to see it. Raises SpeechError for a word in another script that no spelling covers."""
        table = {**self.spellings.get(EVERY_ENGINE, {}), **self.spellings.get(engine, {})}
        spoken = self._respell_words(unicodedata.normalize("NFC", text), table)
        strange = _LATIN.search(spoken) if not find_script(self.language).is_latin else None
        if strange:
            raise SpeechError(
                f'No voice of this language can read "{strange[0]}". Say how, in locales/{self.language}/{FILE}: '
                f'"{strange[0].lower()}" = "..." under [{EVERY_ENGINE}], in the language\'s own letters; or give a '
                f"clinic's name so in CLINIC_NAME ({self.language}=...)."
            )
        return spoken

    def _respell_words(self, text: str, table: Mapping[str, str]) -> str:
        for written in self._list_phrases(table):
            pattern = rf"(?<!\w){re.escape(written)}(?!\w)" if self._is_spaced else re.escape(written)
            text = re.sub(pattern, table[written], text, flags=re.IGNORECASE)
        if not self._is_spaced:
            return text
        return _WORD.sub(lambda match: self._respell_word(match[0], table), text)

    def _list_phrases(self, table: Mapping[str, str]) -> list[str]:
        """What has to be found in the running text, the longest first."""
        wanted = [written for written in table if not (self._is_spaced and _WORD.fullmatch(written))]
        return sorted(wanted, key=len, reverse=True)

    def _respell_word(self, word: str, table: Mapping[str, str]) -> str:
        whole = table.get(word.lower())
        return whole or "-".join(table.get(part.lower(), part) for part in word.split("-"))

    @property
    def _is_spaced(self) -> bool:
        return find_script(self.language).is_spaced

    @cached_property
    def engines(self) -> frozenset[str]:
        """The engines that it names."""
        return frozenset(self.spellings) - {EVERY_ENGINE}


def read_lexicon(folder: Path, language: str, engines: frozenset[str]) -> Lexicon:
    """The lexicon of a language under `folder` (`locales/`); an empty one where there is no file.

    `engines` are the names that a table may have. Raises CatalogError with every fault.
    """
    path = folder / language / FILE
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Lexicon(language)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogError([Fault(str(path), f"This is not valid TOML in UTF-8: {error}.")]) from error
    faults: list[Fault] = []
    for name, table in tables.items():
        if name not in engines | {EVERY_ENGINE}:
            faults.append(Fault(str(path), f"[{name}] is no voice. There are: {', '.join(sorted(engines))}."))
        elif not all(isinstance(spelling, str) and written == written.lower() for written, spelling in table.items()):
            faults.append(
                Fault(str(path), f'[{name}] must be lines such as "ibuprofen" = "eye bu pro fen", lower case.')
            )
    if faults:
        raise CatalogError(faults)
    return Lexicon(language, {name: dict(table) for name, table in tables.items()})
