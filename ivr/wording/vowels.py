"""The vowels of a language that is written without them (`locales/<language>/vowels.toml`).

Arabic is read by people who know which vowels its letters leave out; a voice has to be told. A machine that adds them
turns "is injected" into "injects", so they are written by hand, phrase by phrase: what stands between two punctuation
signs, or between a sign and a value that is filled in. Rules kept here: the vowelled words are the catalog's own words,
letter for letter, with every mark that the catalog writes itself; and a phrase without vowels is a fault, never a guess
that nobody knows of.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ivr.errors import CatalogError, Fault
from ivr.line.languages import LANGUAGES

FILE = "vowels.toml"
READING = "vowels"
"""What a language's row says that an engine reads (`reads`) where it needs this file."""

_DAMMA, _KASRA, _SHADDA = "\u064f", "\u0650", "\u0651"
_MARKS = frozenset((*map(chr, range(0x064B, 0x0653)), "\u0670"))
"""The short vowels with and without n, the doubling, the quiet, the dagger alif."""

_CARRIERS = "اىآ"
"""They need no mark: they lengthen what stands before them, or begin a word."""
_LONG = {"و": _DAMMA, "ي": _KASRA}

_SIGNS = re.compile(r"(\s*[.,:;!?…،؛؟]+\s*)")
_VALUE = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True)
class Vowels:
    """The vowelled words of one language, by the phrase as it is written; `lines` has each entry's line in the file."""

    language: str
    entries: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

    def add(self, text: str) -> str:
        """`text` with the vowels that are known: of whole phrases, or of the longest pieces that make one up."""
        parts = _SIGNS.split(unicodedata.normalize("NFC", text))
        return "".join(
            part if at % 2 else " ".join(vowelled or written for written, vowelled in self._list_pieces(part))
            for at, part in enumerate(parts)
        )

    def list_unvowelled(self, texts: Iterable[str]) -> tuple[str, ...]:
        """What stands in composed texts without vowels, such as a clinic's own name: each run of words once, in order.
        A word that carries marks itself counts as vowelled."""
        found: dict[str, None] = {}
        for phrase in list_phrases(texts):
            run: list[str] = []
            for written, vowelled in (*self._list_pieces(phrase), ("", "end")):
                if not vowelled and not _MARKS & set(written):
                    run.append(written)
                elif run:
                    found[" ".join(run)] = None
                    run = []
        return tuple(found)

    def _list_pieces(self, phrase: str) -> Iterator[tuple[str, str]]:
        """The phrase piece by piece, each with its vowelled words; a word that no entry begins with has ""."""
        words = phrase.split()
        while words:
            count = next((n for n in range(len(words), 0, -1) if " ".join(words[:n]) in self.entries), 1)
            written = " ".join(words[:count])
            yield written, self.entries.get(written, "")
            words = words[count:]


def needs_vowels(language: str) -> bool:
    """Whether a voice of the language reads vowelled words."""
    row = LANGUAGES.get(language)
    return row is not None and READING in row.reads.values()


def list_phrases(texts: Iterable[str]) -> tuple[str, ...]:
    """The phrases of texts, composed or with placeholders, each once, in order."""
    parts = (
        " ".join(part.split())
        for text in texts
        for between in _VALUE.split(unicodedata.normalize("NFC", text))
        for part in _SIGNS.split(between)[::2]
    )
    return tuple(dict.fromkeys(filter(None, parts)))


def read_vowels(folder: Path, language: str) -> Vowels:
    """The vowels of a language under `folder` (`locales/`); none where there is no file. Raises CatalogError."""
    path = folder / language / FILE
    try:
        content = unicodedata.normalize("NFC", path.read_text("utf-8"))
        table = tomllib.loads(content)
    except FileNotFoundError:
        return Vowels(language)
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogError([Fault(str(path), f"It cannot be read ({error}).")]) from error
    if wrong := [phrase for phrase, vowelled in table.items() if not isinstance(vowelled, str)]:
        words = f'"{wrong[0]}" is no text. Every line is: "the phrase" = "the same words with their vowels".'
        raise CatalogError([Fault(str(path), words)])
    starts = {line.split('"')[1]: at for at, line in enumerate(content.split("\n"), 1) if line.startswith('"')}
    return Vowels(language, table, {phrase: starts.get(phrase, 1) for phrase in table})


def find_vowel_faults(vowels: Vowels, texts: Iterable[str], place: str) -> list[Fault]:
    """Every fault of a file of vowels, against all `texts` that the language says (placeholders may stand in them).

    `place` is the file's path, for the faults.
    """
    phrases = list_phrases(texts)
    faults = [Fault(f"{place}:1", f'"{phrase}" has no vowels.') for phrase in phrases if phrase not in vowels.entries]
    for phrase, vowelled in vowels.entries.items():
        told = f"{place}:{vowels.lines.get(phrase, 1)}"
        if phrase not in phrases:
            faults.append(Fault(told, f'"{phrase}" is no phrase of the catalog any more. Take its line out.'))
        else:
            faults += [Fault(told, f'"{phrase}": {words}') for words in _compare(phrase, vowelled)]
    return faults


# --- One entry --------------------------------------------------------------------------------------------------------

_Letter = tuple[str, str]
"""A letter, and the marks on it."""


def _compare(phrase: str, vowelled: str) -> Iterator[str]:
    written, marked = phrase.split(), vowelled.split()
    if len(written) != len(marked):
        yield f"has {len(marked)} words with vowels, and {len(written)} without."
        return
    for at, (plain, full) in enumerate(zip(written, marked, strict=True), 1):
        word = f'word {at} ("{full}")'
        old, new = _split(plain), _split(full)
        if fault := _find_other_letter(old, new) or _find_other_mark(old, new):
            yield f'{word} {fault} Write "{plain}" with its vowels.'
        elif (bare := _find_unmarked(new, is_last=at == len(marked))) is not None:
            yield f"{word} has no mark on letter {bare + 1} ({new[bare][0]})."


def _split(word: str) -> list[_Letter]:
    letters: list[_Letter] = []
    for sign in word:
        if sign in _MARKS and letters:
            letters[-1] = (letters[-1][0], letters[-1][1] + sign)
        else:
            letters.append((sign, ""))
    return letters


def _find_other_letter(old: list[_Letter], new: list[_Letter]) -> str:
    for at in range(max(len(old), len(new))):
        meant, found = ("".join(letter[0] for letter in letters[at : at + 1]) for letters in (old, new))
        if meant != found:
            return f"has {found or 'nothing'} as letter {at + 1}, where the catalog has {meant or 'nothing'}."
    return ""


def _find_other_mark(old: list[_Letter], new: list[_Letter]) -> str:
    lost = [at for at, (meant, found) in enumerate(zip(old, new, strict=True)) if set(meant[1]) - set(found[1])]
    return f"has another mark on letter {lost[0] + 1} ({new[lost[0]][0]}) than the catalog." if lost else ""


def _find_unmarked(word: list[_Letter], *, is_last: bool) -> int | None:
    """The place of a consonant that needs a mark and has none (a doubling alone is none); None where all have one. The
    last letter of a phrase needs none: there is a pause."""
    for at, (sign, marks) in enumerate(word):
        is_end = is_last and at == len(word) - 1
        if not (set(marks) - {_SHADDA} or sign in _CARRIERS or is_end or _is_long(word, at) or _is_taken_up(word, at)):
            return at
    return None


def _is_long(word: list[_Letter], at: int) -> bool:
    return at > 0 and not word[at][1] and word[at][0] in _LONG and _LONG[word[at][0]] in word[at - 1][1]


def _is_taken_up(word: list[_Letter], at: int) -> bool:
    """Whether it is the ل of an article that the next letter takes up."""
    follower = word[at + 1][1] if at + 1 < len(word) else ""
    return word[at] == ("ل", "") and at > 0 and word[at - 1][0] in "ال" and _SHADDA in follower
