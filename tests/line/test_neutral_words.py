"""The forbidden words of each language without holes: what tells of somebody's health is refused, and nothing else is.

The sentences stand in `planted.toml`. What is really said before the gate is held by `test_neutral.py`.
"""

import tomllib
from pathlib import Path

import pytest

from ivr.line.languages import LANGUAGES
from ivr.line.neutral import forbidden_in
from ivr.wording.neutral_words import read_neutral_words
from tests.conftest import ROOT

SENTENCES = tomllib.loads((Path(__file__).parent / "planted.toml").read_text("utf-8"))
KINDS = (
    *("medicine", "injection", "reminder", "health", "cut", "balloon", "clot", "doctor", "bone", "surgery", "fasting"),
    "hospital-procedure",
)
PLANTED = [(code, kind) for code in LANGUAGES for kind in KINDS]
INNOCENT = [(code, sentence) for code, given in SENTENCES.items() for sentence in given["innocent"]["sentences"]]


def find_forbidden(language: str, sentence: str) -> list[str]:
    return list(forbidden_in(sentence, read_neutral_words(ROOT / "locales", language), language))


def test_every_language_has_a_sentence_of_each_kind_and_innocent_ones() -> None:
    assert {code: tuple(given["planted"]) for code, given in SENTENCES.items()} == dict.fromkeys(LANGUAGES, KINDS)
    assert [code for code, given in SENTENCES.items() if len(given["innocent"]["sentences"]) < 6] == []


@pytest.mark.parametrize(("language", "kind"), PLANTED)
def test_h1_a_planted_sentence_is_refused(language: str, kind: str) -> None:
    assert find_forbidden(language, SENTENCES[language]["planted"][kind]) != []


@pytest.mark.parametrize(("language", "sentence"), INNOCENT)
def test_an_innocent_sentence_passes(language: str, sentence: str) -> None:
    assert find_forbidden(language, sentence) == []


def test_a_whole_word_is_not_found_in_a_longer_one() -> None:
    assert list(forbidden_in("У меня боль.", ["боль "], "ru")) == ["боль "]
    assert list(forbidden_in("Звонков больше не будет.", ["боль "], "ru")) == []
