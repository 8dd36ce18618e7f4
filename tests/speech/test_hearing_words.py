"""What sounds the same is the same, however a recogniser spells it; what sounds different stays different."""

import pytest

from ivr.line.languages import LANGUAGES
from ivr.speech.hearing import measure_share
from ivr.speech.hearing_words import FOLDINGS, Reading, split_heard, split_said

ALIKE: dict[str, list[tuple[str, str]]] = {
    "en": [
        ("Do not eat.", "do not eat"),
        ("To go back, press star.", "To go back press star"),
        ("X-ray", "xray"),
        ("Café", "Cafe\u0301"),
    ],
    "es": [
        ("¿Puede comer?", "puede comer"),
        ("El lunes, dieciséis de julio.", "el lunes dieciséis de julio"),
        ("médula", "me\u0301dula"),
        ("MAÑANA", "mañana"),
    ],
    "fr": [
        ("C'est dans sept jours.", "C’est dans sept jours"),
        ("dix-sept", "dix sept"),
        ("un œil", "un oeil"),
        ("À l'hôpital", "à l’ho\u0302pital"),
    ],
    "it": [
        ("L'una e mezza.", "l’una e mezza"),
        ("Perché?", "perche\u0301"),
        ("È lunedì.", "è lunedì"),
        ("ventitré giorni", "Ventitré giorni!"),
    ],
    "pt": [
        ("Terça-feira", "terça feira"),
        ("Não coma.", "não coma"),
        ("três", "tre\u0302s"),
        ("às oito e meia", "Às oito e meia."),
    ],
    "de": [
        ("Drücken Sie die Drei.", "drücken sie die drei"),
        ("Straße", "strasse"),
        ("Röntgen-Bild", "Röntgenbild"),
        ("Ärztin", "a\u0308rztin"),
    ],
    "pl": [
        ("Proszę nacisnąć dwa.", "proszę nacisnąć dwa"),
        ("ŚRODA", "środa"),
        ("źle", "z\u0301le"),
        ("trzydzieści jeden", "Trzydzieści jeden."),
    ],
    "ru": [
        ("Ещё раз", "еще раз"),
        ("Её приём", "Ее прием"),
        ("Нажмите «два».", "нажмите два"),
        ("третий", "трети\u0438\u0306"),
    ],
    "vi": [
        ("Xin bấm số hai.", "xin bấm số hai"),
        ("bệnh", "bê\u0323nh"),
        ("THỨ BA", "thứ ba"),
        ("một, hai", "một hai"),
    ],
    "fil": [
        ("Alas-otso ng umaga", "alas otso ng umaga"),
        ("Pindutin ang dalawa.", "pindutin ang dalawa"),
        ("Piña", "pin\u0303a"),
        ("'di puwede", "di puwede"),
    ],
    "ht": [
        ("M'ap tann.", "m ap tann"),
        ("Peze de.", "peze de"),
        ("doktè", "dokte\u0300"),
        ("Jedi, de jiyè", "jedi de jiyè"),
    ],
    "ar": [
        ("اِضْغَطْ", "اضغط"),
        ("أربعة", "اربعه"),
        ("إلى المستشفى", "الى المستشفي"),
        ("مسؤول", "مسوول"),
        ("الـعيادة،", "العيادة"),
    ],
    "fa": [
        ("می‌شود", "میشود"),
        ("كليد", "کلید"),
        ("آخر", "اخر"),
        ("کلینیکِ ما", "کلینیک ما"),
        ("خانۀ شما", "خانه شما"),
    ],
    "ko": [
        ("이 번을 누르세요.", "이번을 누르세요"),
        ("한국어", "\u1112\u1161\u11ab국어"),
        ("세 시, 삼십 분", "세시 삼십분"),
        ("“네”", "네"),
    ],
    "ja": [
        ("七日", "なのか"),
        ("その日まで、あとじゅうななにちです。", "その日まで後十七日です"),
        ("火曜日", "かようび"),
        ("ボタン", "ぼたん"),
    ],
    "zh": [
        ("还有十七天。", "還有十七天"),
        ("银行", "銀行"),
        ("长", "長"),
        ("请按二号键", "請按二號鍵"),
        ("他，它", "她牠"),
    ],
    "yue": [
        ("請按二號鍵。", "请按二号键"),
        ("禮拜三", "礼拜三"),
        ("醫生", "医生"),
        ("重要", "重要"),
    ],
}
DIFFERENT = [
    ("en", "fifteen", "fifty"),
    ("es", "las dos", "las doce"),
    ("fr", "deux heures", "dix heures"),
    ("pl", "dwa", "dwie"),
    ("ru", "июнь", "июль"),
    ("vi", "bấm", "bám"),
    ("ar", "سبت", "ست"),
    ("ja", "四日", "八日"),
    ("ja", "一月", "七月"),
    ("zh", "四月", "十月"),
    ("yue", "十一", "十五"),
]


def need_readers(language: str) -> None:
    if FOLDINGS[language].reading is Reading.SYLLABLES:
        pytest.importorskip("pypinyin")


@pytest.mark.parametrize(
    ("language", "said", "heard"), [(code, *pair) for code, pairs in ALIKE.items() for pair in pairs]
)
def test_what_sounds_the_same_is_the_same(language: str, said: str, heard: str) -> None:
    need_readers(language)
    assert measure_share(said, heard, language) == 0


@pytest.mark.parametrize(("language", "said", "heard"), DIFFERENT)
def test_what_sounds_different_stays_different(language: str, said: str, heard: str) -> None:
    need_readers(language)
    assert measure_share(said, heard, language) > 0


def test_each_language_has_its_row_and_its_pairs() -> None:
    assert set(FOLDINGS) == set(ALIKE) == set(LANGUAGES)
    assert [code for code, pairs in ALIKE.items() if len(pairs) < 4] == []


def test_a_chinese_letter_is_said_in_one_way_and_heard_in_all_of_its_ways() -> None:
    pytest.importorskip("pypinyin")
    assert split_said("银行，A", "zh") == ["yin", "hang", "a"]
    heard = split_heard("行A", "zh")
    assert "hang" in heard[0]
    assert "xing" in heard[0]
    assert heard[1] == ("a",)
