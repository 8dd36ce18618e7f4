"""Vowels written by hand: each fault is named exactly, composed texts get theirs piece by piece, and what is shipped is
whole."""

from dataclasses import replace
from pathlib import Path

import pytest

from ivr.errors import CatalogError
from ivr.line.languages import LANGUAGES
from ivr.wording.catalogs import read_catalog
from ivr.wording.language_files import read_language_files
from ivr.wording.spoken import read_spoken
from ivr.wording.translation.check import CheckInput, check_language
from ivr.wording.vowels import FILE, Vowels, find_vowel_faults, list_phrases, needs_vowels, read_vowels
from tests.conftest import ROOT
from tests.wording.translation import PROMPTS, SECTIONS

LOCALES = ROOT / "locales"
PRESS, THREE, FASTING = "اضغطوا على", "الرقم ثلاثة", "صوموا لمدة"
KNOWN = Vowels("ar", {PRESS: "اِضْغَطُوا عَلَى", THREE: "الرَّقْمِ ثَلَاثَة", "نعم": "نَعَم", "يعني": "يَعْنِي"})


def list_shipped_texts() -> list[str]:
    entries = read_catalog(LOCALES, "ar").entries.values()
    lists = read_spoken(LOCALES, "ar").lists.values()
    return [*(entry.text for entry in entries), *(form for forms in lists for form in forms)]


def find_faults(phrase: str, vowelled: str) -> list[str]:
    return [str(fault) for fault in find_vowel_faults(Vowels("ar", {phrase: vowelled}, {phrase: 7}), [phrase], FILE)]


# --- What is shipped --------------------------------------------------------------------------------------------------


def test_every_phrase_of_the_arabic_catalog_has_its_vowels_and_no_line_is_old() -> None:
    assert find_vowel_faults(read_vowels(LOCALES, "ar"), list_shipped_texts(), FILE) == []


def test_the_entries_stand_in_the_order_of_the_script() -> None:
    assert tuple(read_vowels(LOCALES, "ar").entries) == list_phrases(list_shipped_texts())


def test_no_word_of_a_shipped_text_is_left_to_a_guess() -> None:
    assert read_vowels(LOCALES, "ar").list_unvowelled(list_shipped_texts()) == ()


# --- One entry --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phrase", "vowelled"),
    [
        ("نعم", "نَعَم"),  # a last letter needs no mark
        ("لا يعمل هنا", "لَا يَعْمَلُ هُنَا"),
        ("مع السلامة", "مَعَ السَّلَامَة"),  # nor does the ل that a sun letter takes up
        ("للتوعية", "لِلتَّوْعِيَة"),
        ("للغة العربية", "لِلُّغَةِ الْعَرَبِيَّة"),
        ("التي توقفونها", "الَّتِي تُوقِفُونَهَا"),
        ("الانتهاء الآن", "الِانْتِهَاءُ الْآن"),
        ("مساءً", "مَسَاءً"),
        ("هذا الجزء", "هَٰذَا الْجُزْء"),
        ("يُفتح شَقّ", "يُفْتَحُ شَقّ"),
    ],
)
def test_the_same_words_with_their_vowels_are_no_fault(phrase: str, vowelled: str) -> None:
    assert find_faults(phrase, vowelled) == []


@pytest.mark.parametrize(
    ("phrase", "vowelled", "words"),
    [
        (
            PRESS,
            "اِضْعَطُوا عَلَى",
            'word 1 ("اِضْعَطُوا") has ع as letter 3, where the catalog has غ. Write "اضغطوا" with its vowels.',
        ),
        (
            "طارئة",
            "طَارِءَة",
            'word 1 ("طَارِءَة") has ء as letter 4, where the catalog has ئ. Write "طارئة" with its vowels.',
        ),
        (
            "هذه حالة",
            "هَٰذِهِ حَالَةٌ هْ",
            "has 3 words with vowels, and 2 without.",
        ),
        (
            "كل شيء",
            "كُلُّ شَي",
            'word 2 ("شَي") has nothing as letter 3, where the catalog has ء. Write "شيء" with its vowels.',
        ),
        ("صوموا لمدة", "صُومُوا لمُدَّةِ", 'word 2 ("لمُدَّةِ") has no mark on letter 1 (ل).'),
        ("قبل الإجراء", "قَبْل الْإِجْرَاء", 'word 1 ("قَبْل") has no mark on letter 3 (ل).'),
        ("مرة أخرى", "مَرّةً أُخْرَى", 'word 1 ("مَرّةً") has no mark on letter 2 (ر).'),
        ("يوم السبت", "يَومُ السَّبْت", 'word 1 ("يَومُ") has no mark on letter 2 (و).'),
        ("الجزء", "الجُزْء", 'word 1 ("الجُزْء") has no mark on letter 2 (ل).'),
        (
            "يُسحب إلى",
            "يَسْحَبُ إِلَى",
            'word 1 ("يَسْحَبُ") has another mark on letter 1 (ي) than the catalog. Write "يُسحب" with its vowels.',
        ),
    ],
)
def test_a_fault_is_named_by_its_phrase_word_and_place(phrase: str, vowelled: str, words: str) -> None:
    assert find_faults(phrase, vowelled) == [f'{FILE}:7: "{phrase}": {words}']


def test_a_phrase_without_vowels_is_named() -> None:
    faults = find_vowel_faults(KNOWN, [f"{PRESS} {{key}}.", f"{THREE}، نعم.", f"يعني، {FASTING} {{fasting}}."], FILE)
    assert [str(fault) for fault in faults] == [f'{FILE}:1: "{FASTING}" has no vowels.']


def test_an_entry_that_no_phrase_uses_is_named() -> None:
    faults = find_vowel_faults(KNOWN, [f"{PRESS} {{key}}.", THREE, "نعم"], FILE)
    assert [str(fault) for fault in faults] == [
        f'{FILE}:1: "يعني" is no phrase of the catalog any more. Take its line out.'
    ]


# --- Texts ------------------------------------------------------------------------------------------------------------


def test_phrases_end_at_signs_and_at_values() -> None:
    texts = ["قبل الإجراء، صوموا لمدة {fasting}. يعني، الأكل ممنوع؟", "يعني"]
    assert list_phrases(texts) == ("قبل الإجراء", FASTING, "يعني", "الأكل ممنوع")


@pytest.mark.parametrize(
    ("text", "vowelled"),
    [
        ("نعم. اضغطوا على الرقم ثلاثة.", "نَعَم. اِضْغَطُوا عَلَى الرَّقْمِ ثَلَاثَة."),
        ("نعم، عيادة النور؟", "نَعَم، عيادة النور؟"),
        ("اضغطوا على عيادة النور الرقم ثلاثة", "اِضْغَطُوا عَلَى عيادة النور الرَّقْمِ ثَلَاثَة"),
        ("", ""),
    ],
)
def test_a_composed_text_gets_the_vowels_of_its_pieces(text: str, vowelled: str) -> None:
    assert KNOWN.add(text) == vowelled


@pytest.mark.parametrize(
    ("texts", "unvowelled"),
    [
        (["نعم. اضغطوا على الرقم ثلاثة."], ()),
        (["نعم، عيادة النور. اضغطوا على عيادة النور الرقم ثلاثة", "عيادة النور"], ("عيادة النور",)),
        (["عِيَادَة النُّور، الرقم"], ("الرقم",)),
    ],
)
def test_what_has_no_vowels_is_listed_once(texts: list[str], unvowelled: tuple[str, ...]) -> None:
    assert KNOWN.list_unvowelled(texts) == unvowelled


# --- The file, and who is checked -------------------------------------------------------------------------------------


def write_file(folder: Path, content: str) -> Path:
    (folder / "ar").mkdir()
    (folder / "ar" / FILE).write_text(content, "utf-8")
    return folder


def test_a_language_without_a_file_has_no_vowels(tmp_path: Path) -> None:
    assert read_vowels(tmp_path, "ar") == Vowels("ar")


def test_each_entry_knows_its_line(tmp_path: Path) -> None:
    read = read_vowels(write_file(tmp_path, '# Head.\n\n"نعم" = "نَعَم"\n'), "ar")
    assert read == Vowels("ar", {"نعم": "نَعَم"}, {"نعم": 3})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('"نعم" = "نَعَم"\n"نعم" = "نِعَم"\n', "It cannot be read (Cannot overwrite a value"),
        ('"نعم" = 3\n', '"نعم" is no text. Every line is: "the phrase" = "the same words with their vowels".'),
    ],
)
def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(CatalogError) as raised:
        read_vowels(write_file(tmp_path, content), "ar")
    assert words in str(raised.value)


def read_by_kokoro(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setitem(LANGUAGES, code, replace(LANGUAGES[code], reads={"kokoro": "vowels"}))


def test_only_a_language_whose_voice_reads_vowels_needs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    read_by_kokoro(monkeypatch, "fa")
    assert [code for code in ("en", "ja", "fa", "tlh") if needs_vowels(code)] == ["fa"]


def check(code: str) -> list[str]:
    files = read_language_files(LOCALES, code, PROMPTS, SECTIONS)
    return [str(fault) for fault in check_language(CheckInput(LOCALES, files, PROMPTS, lambda _: None))]


def test_the_check_of_a_language_names_what_has_no_vowels(monkeypatch: pytest.MonkeyPatch) -> None:
    read_by_kokoro(monkeypatch, "fa")
    assert f'{LOCALES}/fa/{FILE}:1: "را فشار دهید" has no vowels.' in check("fa")


def test_the_shipped_arabic_passes_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    read_by_kokoro(monkeypatch, "ar")
    assert check("ar") == []
