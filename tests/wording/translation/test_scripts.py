"""What a voice stumbles on is found in every script, and nothing that belongs to a language is taken for a stumble."""

import pytest

from ivr.wording.catalogs import read_catalog
from ivr.wording.translation.scripts import find_stumbles
from tests.wording.translation import LOCALES, TRANSLATED

DIGIT = "holds the digit {}. Write numbers as words."
SIGN = "holds {} at sign {}, which a voice stumbles on. Say it in words, or leave it out."
LETTERS = "holds letters of another script: {}. Write it as it is said, in this language's own letters."
STUMBLES = {
    "Latin letters in Arabic": ("ar", "تناولوا aspirin كما طلب الطبيب.", [LETTERS.format("aspirn")]),
    "Latin letters in Persian": ("fa", "با CT انجام می‌شود.", [LETTERS.format("CT")]),
    "Latin letters in Mandarin": ("zh", "做X光。", [LETTERS.format("X")]),
    "Latin letters in Korean": ("ko", "MRI 검사.", [LETTERS.format("MRI")]),
    "Cyrillic in Polish": ("pl", "Prоszę.", [LETTERS.format("о")]),
    "kana in Mandarin": ("zh", "这是の。", [LETTERS.format("の")]),
    "hangul in Japanese": ("ja", "これは한。", [LETTERS.format("한")]),
    "no more strangers than can be read": ("ru", "abcdefghijklmnop", [LETTERS.format("abcdefghijkl")]),
    "a digit": ("es", "Espere 6 horas.", [DIGIT.format("6")]),
    "an Arabic digit": ("ar", "انتظروا ٦ ساعات.", [DIGIT.format("٦")]),
    "a full-width digit": ("ja", "６時間。", [DIGIT.format("６")]),
    "a slash": ("es", "Pregunte al doctor/a.", [SIGN.format("U+002F (SOLIDUS)", 19)]),
    "brackets": (
        "fr",
        "Le médecin (ou lui).",
        [SIGN.format("U+0028 (LEFT PARENTHESIS)", 12), SIGN.format("U+0029 (RIGHT PARENTHESIS)", 19)],
    ),
    "quotation marks": (
        "de",
        "Das heißt „Bruch“.",
        [
            SIGN.format("U+201E (DOUBLE LOW-9 QUOTATION MARK)", 11),
            SIGN.format("U+201C (LEFT DOUBLE QUOTATION MARK)", 17),
        ],
    ),
    "a dash": ("pl", "Proszę – czekać.", [SIGN.format("U+2013 (EN DASH)", 8)]),
    "a hyphen that joins nothing": ("it", "Attenda - poi prema.", [SIGN.format("U+002D (HYPHEN-MINUS)", 9)]),
    "a sign that stands often, named once": ("es", "Él/ella, uno/una.", [SIGN.format("U+002F (SOLIDUS)", 3)]),
    "a comma of another script": ("ar", "اضغطوا, من فضلكم.", [SIGN.format("U+002C (COMMA)", 7)]),
    "a full stop of another script": ("zh", "请稍等.", [SIGN.format("U+002E (FULL STOP)", 4)]),
    "a sign without a width, where none belongs": (
        "es",
        "Oprima\u200b aquí.",
        [SIGN.format("U+200B (ZERO WIDTH SPACE)", 7)],
    ),
    "a mark of direction": ("fa", "سلام\u200f.", [SIGN.format("U+200F (RIGHT-TO-LEFT MARK)", 5)]),
    "a currency": ("ko", "천 원 ₩.", [SIGN.format("U+20A9 (WON SIGN)", 5)]),
    "a formula": (
        "es",
        "=SUMA(A1)",
        [
            DIGIT.format("1"),
            SIGN.format("U+003D (EQUALS SIGN)", 1),
            SIGN.format("U+0028 (LEFT PARENTHESIS)", 6),
            SIGN.format("U+0029 (RIGHT PARENTHESIS)", 9),
        ],
    ),
    "three kinds at once": (
        "ru",
        "Нажмите 1/press.",
        [DIGIT.format("1"), SIGN.format("U+002F (SOLIDUS)", 10), LETTERS.format("pres")],
    ),
}


@pytest.mark.parametrize(("language", "text", "found"), STUMBLES.values(), ids=STUMBLES.keys())
def test_what_a_voice_stumbles_on_is_named(language: str, text: str, found: list[str]) -> None:
    assert list(find_stumbles(language, text)) == found


SPEAKABLE = [
    ("es", "¿Qué procedimiento quiere escuchar? Oprima {key}."),
    ("fr", "Appuyez-vous sur l'étoile, s'il vous plaît ?"),
    ("ht", "Pou w tande l' ankò, peze {key}."),
    ("it", "Com’è, e com'era: un po' alla volta."),
    ("ar", "صِفر، ثُمَّ واحدٌ."),
    ("fr", "Un rendez-vous, c’est-à-dire ici {key}…".replace("…", ".")),
    ("vi", "Xin hãy nhấn phím {key}."),
    ("ar", "اضغطوا {key}، من فضلكم؟"),
    ("fa", "نمی‌خواهید؟ {key} را فشار دهید."),
    ("ja", "コンピューターが、翻訳しました。"),
    ("ko", "{key}번을 누르세요."),
    ("zh", "请按{key}，谢谢！"),
    ("ru", "Нажмите {key}: спасибо; всё."),
    ("ru", "Натисніть пʼять."),  # the apostrophe of Ukrainian is a letter (U+02BC)
    ("pl", "{fasting} - {lifting}".replace(" - ", ", ")),
]


@pytest.mark.parametrize(("language", "text"), SPEAKABLE)
def test_a_languages_own_signs_and_placeholders_are_no_stumble(language: str, text: str) -> None:
    assert list(find_stumbles(language, text)) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_voice_stumbles_on_a_shipped_translation(language: str) -> None:
    entries = read_catalog(LOCALES, language).entries
    assert [name for name, entry in entries.items() if list(find_stumbles(language, entry.text))] == []
