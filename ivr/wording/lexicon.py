"""Saying words right: what a voice is handed, as against what is written (`locales/<language>/lexicon.toml`).

Voices read names of medicines and procedures by the rules of everyday words, and get them wrong. A lexicon says how to
spell such a word for them: under `[all]`, or under one engine's name for that engine only. Rule kept here: no voice
reads a word in another script unasked (a Latin name in a Chinese sentence comes out as noise), so such a word is a
fault until the lexicon spells it.

What no spelling brings out is written as sounds, between slashes, under the name of an engine that takes them:
`"dos" = "/dˈo/"` under `[kokoro]`. Such a part is handed to that engine as it stands, slashes and all; no other engine
ever sees one, for they would read it aloud sign by sign.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ivr.errors import CatalogError, Fault, SpeechError
from ivr.line.languages import find_reading, find_script
from ivr.wording.vowels import READING, Vowels

FILE = "lexicon.toml"
EVERY_ENGINE = "all"

LETTERS: Mapping[str, frozenset[str]] = {
    "kokoro": frozenset(
        ' !"(),.:;?—“”…AIOQSTWYabcdefhijklmnopqrstuvwxyzæçðøŋœɐɑɒɔɕɖəɚɛɜɟɡɣɤɥɨɪɯɰɲɳɴɸɹɻɽɾʁʂʃʈʊʋʌʎʒʔʝʣʤʥʦʧʨʰʲ'
        "ˈˌː\u0303βθχᵊᵝᵻ→↓↗↘ꭧ"
    )
}
"""The engines that take sounds, each with the letters that it was taught."""

SOUNDS = re.compile("(/[^/]+/)")
"""A part of a text that is sounds; `SOUNDS.split` gives words and sounds in turn."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]+(?:[ '.-]+[A-Za-zÀ-ɏ]+)*")


@dataclass(frozen=True)
class Lexicon:
    """How words of one language are spelled for a voice: by engine name (or EVERY_ENGINE), then by the word.

    `vowels` are added for an engine that reads them, where the language is written without."""

    language: str
    spellings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    vowels: Vowels | None = None

    def respell(self, text: str, engine: str) -> str:
        """`text` as `engine` has to see it, sounds between slashes. Raises SpeechError for a word in another script
        that no spelling covers."""
        table = {**self.spellings.get(EVERY_ENGINE, {}), **self.spellings.get(engine, {})}
        text = unicodedata.normalize("NFC", text)
        spoken = self._respell_words(text.replace("/", " ") if engine in LETTERS else text, table)
        strange = _LATIN.search(SOUNDS.sub(" ", spoken)) if not find_script(self.language).is_latin else None
        if strange:
            raise SpeechError(
                f'No voice of this language can read "{strange[0]}". Say how, in locales/{self.language}/{FILE}: '
                f'"{strange[0].lower()}" = "..." under [{EVERY_ENGINE}], in the language\'s own letters; or give a '
                f"clinic's name so in CLINIC_NAME ({self.language}=...)."
            )
        return self.vowels.add(spoken) if self.vowels and find_reading(engine, self.language) == READING else spoken

    def _respell_words(self, text: str, table: Mapping[str, str]) -> str:
        for written in self._list_phrases(table):
            pattern = rf"(?<!\w){re.escape(written)}(?!\w)" if self._is_spaced else re.escape(written)
            text = _replace(text, re.compile(pattern, re.IGNORECASE), table[written])
        if not self._is_spaced:
            return text
        return change_words(text, lambda words: _WORD.sub(lambda match: self._respell_word(match[0], table), words))

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


def _replace(text: str, found: re.Pattern[str], said: str) -> str:
    return change_words(text, lambda words: found.sub(lambda _: said, words))


def change_words(text: str, change: Callable[[str], str]) -> str:
    """`text` with its words changed, and its sounds left alone."""
    return "".join(part if SOUNDS.fullmatch(part) else change(part) for part in SOUNDS.split(text))


def read_lexicon(folder: Path, language: str, engines: frozenset[str]) -> Lexicon:
    """The lexicon of a language under `folder` (`locales/`); an empty one where there is no file.

    `engines` are the names that a table may have. Raises CatalogError with every fault.
    """
    path = folder / language / FILE
    try:
        content = path.read_text("utf-8")
        tables = tomllib.loads(content)
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
        else:
            faults += [
                Fault(f"{path}:{_find_line(content, name, written)}", f'"{written}": {words}')
                for written, spelling in table.items()
                if (words := _judge_sounds(spelling, name))
            ]
    if faults:
        raise CatalogError(faults)
    return Lexicon(
        language,
        {
            name: {
                unicodedata.normalize("NFC", word): _part_letters(compose(said), name) for word, said in table.items()
            }
            for name, table in tables.items()
        },
    )


def compose(spelling: str) -> str:
    """`spelling` with composed letters, as texts have them; its sounds as they are written."""
    return change_words(spelling, lambda words: unicodedata.normalize("NFC", words))


def _part_letters(spelling: str, engine: str) -> str:
    """The sounds in `spelling` in signs that the engine has: ã, which Kokoro writes as a and a tilde, in two."""
    letters = LETTERS.get(engine, frozenset())

    def part(sign: str) -> str:
        return sign if sign in letters or sign == "/" else unicodedata.normalize("NFD", sign)

    return SOUNDS.sub(lambda match: "".join(map(part, match[0])), spelling)


def _judge_sounds(spelling: str, engine: str) -> str:
    """What is wrong with the sounds in a spelling, in words; "" where nothing is."""
    if "/" not in spelling:
        return ""
    if engine not in LETTERS:
        takers = ", ".join(f"[{name}]" for name in LETTERS)
        return f"Sounds between slashes may stand only under {takers}; under [{engine}], spell the word in letters."
    if "/" in SOUNDS.sub("", spelling):
        return 'Sounds stand between two slashes, such as "/dˈo/". Write the missing one, or take this one out.'
    sounds = "".join(SOUNDS.findall(_part_letters(spelling, engine))).replace("/", "")
    unknown = sorted({sign for sign in sounds if sign not in LETTERS[engine]})
    named = ", ".join(f"{sign} (U+{ord(sign):04X})" for sign in unknown)
    return f"{engine} has no sound for {named}. Write another of its letters." if unknown else ""


def _find_line(content: str, table: str, written: str) -> int:
    """The number of the line that spells `written`, counted from 1; 0 where it is none of its own."""
    inside = ""
    for number, line in enumerate(content.splitlines(), 1):
        if line.startswith("["):
            inside = line.strip().strip("[]")
            continue
        try:
            found = tomllib.loads(line)
        except tomllib.TOMLDecodeError:
            continue
        if inside == table and written in found:
            return number
    return 0
