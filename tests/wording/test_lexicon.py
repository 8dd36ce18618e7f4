"""Saying words right: the lexicons as they are, and what they do."""

from pathlib import Path

import pytest

from ivr.errors import CatalogError, SpeechError
from ivr.line.languages import LANGUAGES
from ivr.speech.engines import ENGINES
from ivr.speech.engines.espeak import Espeak
from ivr.wording.lexicon import EVERY_ENGINE, FILE, Lexicon, read_lexicon

LOCALES = Path("locales")
NAMES = frozenset(ENGINES)


def spoken(language: str, text: str, engine: str = "espeak") -> str:
    return read_lexicon(LOCALES, language, NAMES).respell(text, engine)


@pytest.mark.parametrize(
    ("language", "written", "handed_over"),
    [
        (
            "en",
            "They are called vertebroplasty, and kyphoplasty.",
            "They are called vertebro plasty, and kypho plasty.",
        ),
        ("en", "Kyphoplasty is not a CT, nor an MRI.", "kypho plasty is not a C T, nor an M R I."),
        ("en", "NSAIDs such as ibuprofen; sanctity", "en saids such as ibuprofen; sanctity"),
        ("es", "Una RMN, y unos RX", "Una erre eme ene, y unos rayos equis"),
        ("fr", "les AINS, une IRM", "les a i enne esse, une i erre emme"),
        ("it", "una RMN", "una erre emme enne"),
        ("pt", "uma TC, um RX", "uma tê cê, um raio xis"),
        ("de", "ein CT, ein MRT, NSAR", "ein ze te, ein em er te, en es a er"),
        ("zh", "椎体成形术，讲得清楚", "锥体成形术，讲的清楚"),
        ("ja", "CT で調べます。", "シーティー で調べます。"),
        ("fil", "Ang mga sakit ng buto", "Ang manga sakit nang buto"),
        ("fil", "Mga panganib, ngayon", "manga panganib, ngayon"),
        ("fil", "Pindutin po ang one, o ang pound key.", "Pindutin po ang wan, o ang pawnd ki."),
        ("fil", "tinitingnan sa x-ray o sa CT scan", "tinitingnan sa eks-rey o sa siti iskan"),
        ("fil", "agad-agad, araw-araw, dalawampu't isang oras", "agad-agad, araw-araw, dalawampu't isang oras"),
        ("ko", "그대로 둡니다.", "그대로 둡니다."),
    ],
)
def test_a_voice_is_handed_the_words_as_the_lexicon_spells_them(language: str, written: str, handed_over: str) -> None:
    assert spoken(language, written) == handed_over


@pytest.mark.parametrize(
    ("voice", "spelled", "sounds"),
    [
        ("en-us", "vertebro plasty", "vɜːtˈɪbɹo^ʊ plˈæsti"),
        ("en-us", "kypho plasty", "kˈa^ɪfo^ʊ plˈæsti"),
        ("en-us", "ibuprofen", "ˌa^ɪbjuːpɹˈo^ʊfən"),
        ("en-us", "en saids", "ˈɛn sˈɛdz"),
        ("es-419", "cifoplastia, ibuprofeno", "sˌifoplˈastja ˌiβupɾofˈeno"),
        ("fr", "vertébroplastie", "vɛʁtebʁɔplastˈi"),
        ("it", "vertebroplastica", "vertebroplˈastika"),
        ("pt-br", "ibuprofeno", "ˌibuprofˈenʊ"),
    ],
)
def test_the_names_of_the_procedures_and_medicines_sound_right(voice: str, spelled: str, sounds: str) -> None:
    engine = Espeak()
    assert engine.write_phonemes(spelled, voice) == sounds
    engine.close()


def test_a_spelling_for_one_voice_is_for_that_voice_alone() -> None:
    lexicon = Lexicon("fil", {EVERY_ENGINE: {"ct": "siti"}, "espeak": {"ng": "nang"}})
    assert lexicon.respell("ng CT", "espeak") == "nang siti"
    assert lexicon.respell("ng CT", "gtts") == "ng siti"


@pytest.mark.parametrize(
    ("language", "text", "strange"),
    [
        ("zh", "这里是 Lakeside Clinic 的信息专线。", "Lakeside Clinic"),
        ("ar", "مرحبا بكم في Mayo", "Mayo"),
        ("ru", "Это клиника St. Mary's.", "St. Mary's"),
        ("ko", "É 병원", "É"),
    ],
)
def test_a_word_in_another_script_is_a_fault_until_it_is_spelled(language: str, text: str, strange: str) -> None:
    with pytest.raises(SpeechError, match=f'can read "{strange}". Say how, in locales/{language}/lexicon.toml'):
        Lexicon(language).respell(text, "kokoro")
    lexicon = Lexicon(language, {EVERY_ENGINE: {strange.lower(): "湖"}})
    assert lexicon.respell(text, "kokoro") == text.replace(strange, "湖")


def test_every_lexicon_can_be_read_and_spells_no_word_as_itself() -> None:
    for code in LANGUAGES:
        lexicon = read_lexicon(LOCALES, code, NAMES)
        for table in lexicon.spellings.values():
            assert [written for written, spelling in table.items() if written == spelling] == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[all\n", "This is not valid TOML in UTF-8"),
        ('[parrot]\na = "b"\n', "[parrot] is no voice. There are:"),
        ('[all]\nCT = "C T"\n', "[all] must be lines such as"),
        ("[all]\nct = 2\n", "[all] must be lines such as"),
    ],
)
def test_what_is_wrong_with_a_lexicon_is_said_in_words(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "es" / FILE
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(CatalogError) as caught:
        read_lexicon(tmp_path, "es", NAMES)
    assert [fault in one.words for one in caught.value.faults] == [True]


def test_a_language_without_a_lexicon_is_spoken_as_it_is_written(tmp_path: Path) -> None:
    assert read_lexicon(tmp_path, "pl", NAMES) == Lexicon("pl")
