"""Numbers, dates and times are words of the language: in its own order and grammar, never a figure or a guess."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from babel.dates import get_day_names, get_month_names

from ivr.errors import CatalogError
from ivr.line.languages import LANGUAGES
from ivr.wording.spoken import LENGTHS, MAY_BE_EMPTY, SpokenForms, is_still_english, read_spoken, write_digits
from tests.conftest import ROOT

LOCALES = ROOT / "locales"
FORMS = {code: read_spoken(LOCALES, code) for code in LANGUAGES}
EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


@dataclass(frozen=True)
class Said:
    """What a language says for the quantities, dates and times below, in their order."""

    quantities: list[str]
    dates: list[str]
    times: list[str]


QUANTITIES = ((1, "hour"), (2, "hour"), (6, "hour"), (21, "hour"), (3, "day"), (6, "week"))
DATES = (date(2026, 11, 23), date(2027, 5, 1))
TIMES = (time(0, 0), time(8, 5), time(12, 0), time(15, 25))
SAID = {
    "en": Said(
        ["one hour", "two hours", "six hours", "twenty-one hours", "three days", "six weeks"],
        ["Monday November twenty-third", "Saturday May first"],
        [
            "twelve o'clock at night",
            "eight oh five in the morning",
            "twelve o'clock in the afternoon",
            "three twenty-five in the afternoon",
        ],
    ),
    "es": Said(
        ["una hora", "dos horas", "seis horas", "veintiuna horas", "tres días", "seis semanas"],
        ["el lunes veintitrés de noviembre", "el sábado primero de mayo"],
        [
            "las doce de la noche",
            "las ocho y cinco de la mañana",
            "las doce del mediodía",
            "las tres y veinticinco de la tarde",
        ],
    ),
    "zh": Said(
        ["一个小时", "两个小时", "六个小时", "二十一个小时", "三天", "六个星期"],
        ["十一月二十三号星期一", "五月一号星期六"],
        ["半夜十二点", "早上八点零五分", "中午十二点", "下午三点二十五分"],
    ),
    "yue": Said(
        ["一個鐘頭", "兩個鐘頭", "六個鐘頭", "二十一個鐘頭", "三日", "六個禮拜"],
        ["十一月二十三號禮拜一", "五月一號禮拜六"],
        ["半夜十二點", "朝早八點零五分", "中午十二點", "下晝三點二十五分"],
    ),
    "vi": Said(
        ["một tiếng", "hai tiếng", "sáu tiếng", "hai mươi mốt tiếng", "ba ngày", "sáu tuần"],
        ["thứ hai ngày hai mươi ba tháng mười một", "thứ bảy ngày mùng một tháng năm"],
        ["mười hai giờ đêm", "tám giờ năm phút sáng", "mười hai giờ trưa", "ba giờ hai mươi lăm phút chiều"],
    ),
    "ko": Said(
        ["한 시간", "두 시간", "여섯 시간", "스물한 시간", "삼 일", "육 주"],
        ["십일월 이십삼일 월요일", "오월 일일 토요일"],
        ["밤 열두 시", "아침 여덟 시 오 분", "낮 열두 시", "오후 세 시 이십오 분"],
    ),
    "fil": Said(
        ["isang oras", "dalawang oras", "anim na oras", "dalawampu't isang oras", "tatlong araw", "anim na linggo"],
        ["Lunes Nobyembre beynte tres", "Sabado Mayo uno"],
        [
            "alas dose ng hatinggabi",
            "alas otso singko ng umaga",
            "alas dose ng tanghali",
            "alas tres beynte singko ng hapon",
        ],
    ),
    "ru": Said(
        ["один час", "два часа", "шесть часов", "двадцать один час", "три дня", "шесть недель"],
        ["понедельник двадцать третье ноября", "суббота первое мая"],
        [
            "двенадцать часов ночи",
            "восемь часов пять минут утра",
            "двенадцать часов дня",
            "три часа двадцать пять минут дня",
        ],
    ),
    "ar": Said(
        ["ساعة واحدة", "ساعتين", "ست ساعات", "إحدى وعشرين ساعة", "ثلاثة أيام", "ستة أسابيع"],
        ["يوم الاثنين الثالث والعشرين من نوفمبر، تشرين الثاني", "يوم السبت الأول من مايو، أيار"],
        [
            "الساعة الثانية عشرة بعد منتصف الليل",
            "الساعة الثامنة وخمس دقائق صباحًا",
            "الساعة الثانية عشرة ظهرًا",
            "الساعة الثالثة وخمس وعشرين دقيقة بعد الظهر",
        ],
    ),
    "ht": Said(
        ["inèdtan", "de èdtan", "sis èdtan", "venteyen èdtan", "twa jou", "sis semèn"],
        ["lendi venntwa novanm", "samdi premye me"],
        ["minui", "uitè senk dimaten", "midi", "twazè vennsenk nan apremidi"],
    ),
    "fr": Said(
        ["une heure", "deux heures", "six heures", "vingt et une heures", "trois jours", "six semaines"],
        ["lundi vingt-trois novembre", "samedi premier mai"],
        ["minuit", "huit heures cinq du matin", "midi", "trois heures vingt-cinq de l'après-midi"],
    ),
    "pt": Said(
        ["uma hora", "duas horas", "seis horas", "vinte e uma horas", "três dias", "seis semanas"],
        ["segunda-feira dia vinte e três de novembro", "sábado dia primeiro de maio"],
        [
            "meia-noite",
            "oito horas e cinco minutos da manhã",
            "meio-dia",
            "três horas e vinte e cinco minutos da tarde",
        ],
    ),
    "pl": Said(
        ["jedna godzina", "dwie godziny", "sześć godzin", "dwadzieścia jeden godzin", "trzy dni", "sześć tygodni"],
        ["poniedziałek dwudziesty trzeci listopada", "sobota pierwszy maja"],
        [
            "godzina dwunasta w nocy",
            "godzina ósma zero pięć rano",
            "godzina dwunasta w południe",
            "godzina trzecia dwadzieścia pięć po południu",
        ],
    ),
    "it": Said(
        ["un'ora", "due ore", "sei ore", "ventuno ore", "tre giorni", "sei settimane"],
        ["lunedì ventitré novembre", "sabato primo maggio"],
        ["mezzanotte", "le otto e cinque del mattino", "mezzogiorno", "le tre e venticinque del pomeriggio"],
    ),
    "de": Said(
        ["eine Stunde", "zwei Stunden", "sechs Stunden", "einundzwanzig Stunden", "drei Tage", "sechs Wochen"],
        ["Montag der dreiundzwanzigste November", "Samstag der erste Mai"],
        ["zwölf Uhr nachts", "acht Uhr fünf morgens", "zwölf Uhr mittags", "drei Uhr fünfundzwanzig nachmittags"],
    ),
    "ja": Said(
        ["一時間", "二時間", "六時間", "二十一時間", "三日間", "六週間"],
        ["十一月二十三日の月曜日", "五月ついたちの土曜日"],
        ["夜中の十二時", "朝の八時ごふん", "昼の十二時", "午後三時二十五分"],
    ),
    "fa": Said(
        ["یک ساعت", "دو ساعت", "شِش ساعت", "بیست و یک ساعت", "سه روز", "شِش هفته"],
        ["دوشنبه بیست و سومِ نوامبر", "شنبه اولِ ماهِ مِی"],
        ["نیمه‌شب ساعت دوازده", "صبح ساعت هشت و پنج دقیقه", "ظهر ساعت دوازده", "بعد از ظهر ساعت سه و بیست و پنج دقیقه"],
    ),
}


@pytest.mark.parametrize("language", SAID)
def test_quantities_dates_and_times_are_said_in_words(language: str) -> None:
    forms = FORMS[language]
    assert SAID[language] == Said(
        [forms.write_quantity(count, unit) for count, unit in QUANTITIES],
        [forms.join_pieces(forms.list_date_pieces(day)) for day in DATES],
        [forms.join_pieces(forms.list_time_pieces(moment)) for moment in TIMES],
    )


MORE_QUANTITIES = [
    ("en", 12, "day", "twelve days"),
    ("en", 40, "hour", "forty hours"),
    ("en", 31, "week", "thirty-one weeks"),
    ("es", 1, "day", "un día"),
    ("es", 16, "day", "dieciséis días"),
    ("es", 21, "day", "veintiún días"),
    ("es", 31, "week", "treinta y una semanas"),
    ("zh", 2, "day", "两天"),
    ("zh", 12, "day", "十二天"),
    ("zh", 20, "day", "二十天"),
    ("zh", 22, "day", "二十二天"),
    ("zh", 31, "week", "三十一个星期"),
    ("fr", 21, "day", "vingt et un jours"),
    ("pl", 22, "day", "dwadzieścia dwa dni"),
    ("pl", 22, "week", "dwadzieścia dwa tygodnie"),
    ("ru", 21, "week", "двадцать одна неделя"),
    ("ru", 11, "day", "одиннадцать дней"),
    ("ar", 2, "day", "يومين"),
    ("ar", 11, "day", "أحد عشر يومًا"),
    ("ko", 2, "day", "이틀"),
    ("pt", 2, "week", "duas semanas"),
    ("it", 1, "day", "un giorno"),
    ("vi", 15, "day", "mười lăm ngày"),
    ("ht", 22, "day", "vennde jou"),
]


@pytest.mark.parametrize(("language", "count", "unit", "words"), MORE_QUANTITIES)
def test_a_quantity_takes_the_gender_and_number_of_its_language(
    language: str, count: int, unit: str, words: str
) -> None:
    assert FORMS[language].write_quantity(count, unit) == words


@EACH_LANGUAGE
def test_what_is_beyond_a_list_is_refused_not_guessed(language: str) -> None:
    for unit, length in LENGTHS["quantity"].items():
        for count in (0, -1, length + 1):
            with pytest.raises(ValueError, match=f"{count} {unit}s are more than {language} can say"):
                FORMS[language].write_quantity(count, unit)
    with pytest.raises(ValueError, match="08:03:00 is not a step of five minutes"):
        FORMS[language].list_time_pieces(time(8, 3))


# --- Everything can be said, and nothing sounds the same -------------------------------------------------------------

LEAP_YEAR = [date(2028, 1, 1) + timedelta(days=number) for number in range(366)]
DAY = [time(hour, minute) for hour in range(24) for minute in range(0, 60, 5)]


def twice(words: Iterable[str]) -> list[str]:
    """What stands more than once."""
    known = list(words)
    return sorted({each for each in known if known.count(each) > 1})


@EACH_LANGUAGE
def test_every_date_of_a_year_and_every_five_minutes_can_be_said_from_the_unit_clips(language: str) -> None:
    forms = FORMS[language]
    clips = {piece.id: piece.text for piece in forms.list_units()}
    said = [*(forms.list_date_pieces(day) for day in LEAP_YEAR), *(forms.list_time_pieces(moment) for moment in DAY)]
    assert [piece for pieces in said for piece in pieces if clips[piece.id] != piece.text] == []
    assert [pieces for pieces in said if not forms.join_pieces(pieces)] == []


@EACH_LANGUAGE
def test_every_form_of_a_date_or_time_that_has_words_is_a_unit_clip_and_no_other(language: str) -> None:
    forms = FORMS[language]
    spoken = [form for kind in ("date", "time") for name in LENGTHS[kind] for form in forms.lists[f"{kind}.{name}"]]
    assert [piece.text for piece in forms.list_units()] == [form for form in spoken if form]


@EACH_LANGUAGE
def test_the_name_of_a_unit_clip_holds_no_blank_so_that_names_can_be_handed_over_in_one_line(language: str) -> None:
    forms = FORMS[language]
    for pieces in (forms.list_date_pieces(DATES[0]), forms.list_time_pieces(TIMES[3])):
        assert " ".join(piece.id for piece in pieces).split() == [piece.id for piece in pieces]
    assert [piece.id for piece in forms.list_units() if not re.fullmatch(r"(date|time)\.[a-z]+\.\d+", piece.id)] == []


@EACH_LANGUAGE
def test_a_unit_clip_has_one_name(language: str) -> None:
    assert twice(piece.id for piece in FORMS[language].list_units()) == []


@EACH_LANGUAGE
def test_no_two_dates_times_or_quantities_sound_the_same(language: str) -> None:
    forms = FORMS[language]
    assert twice(forms.join_pieces(forms.list_date_pieces(day)) for day in LEAP_YEAR) == []
    assert twice(forms.join_pieces(forms.list_time_pieces(moment)) for moment in DAY) == []
    assert twice(form for unit in LENGTHS["quantity"] for form in forms.lists[f"quantity.{unit}"]) == []


ONCE_EACH = ("date.weekday", "date.month", "date.day", "time.minute")
"""Hours are said on a clock of twelve, with the part of the day: their words come twice."""


@EACH_LANGUAGE
@pytest.mark.parametrize("name", ONCE_EACH)
def test_the_words_of_a_unit_are_its_own(language: str, name: str) -> None:
    assert twice(FORMS[language].lists[name]) == []


@EACH_LANGUAGE
def test_no_form_holds_a_figure_a_sign_or_an_edge_of_space(language: str) -> None:
    forms = [form for name in FORMS[language].lists for form in FORMS[language].lists[name]]
    assert [form for form in forms if re.search(r"[0-9\xa0/().:;]|  ", form) or form != form.strip()] == []


# --- Babel is asked, and where it is not followed the reason stands here ---------------------------------------------


@dataclass(frozen=True)
class Override:
    """Why Babel's names are not used, and what is said for each instead."""

    reason: str
    words: dict[str, str]


DIGITS = "Babel has a figure, which a voice may say in another language."
CHINESE_MONTHS = ["一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月"]
KOREAN_MONTHS = ["일월", "이월", "삼월", "사월", "오월", "유월", "칠월", "팔월", "구월", "시월", "십일월", "십이월"]
VIETNAMESE = ("một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai")
VIETNAMESE_MONTHS = [f"tháng {number}" for number in VIETNAMESE]
OVERRIDES = {
    ("zh", "weekday"): Override("星期日 is written; 星期天 is said, and not heard as 星期一.", {"星期日": "星期天"}),
    ("yue", "weekday"): Override(
        "Babel has written Chinese; Cantonese says 禮拜.", {f"星期{day}": f"禮拜{day}" for day in "一二三四五六日"}
    ),
    ("yue", "month"): Override(DIGITS, {f"{number}月": words for number, words in enumerate(CHINESE_MONTHS, 1)}),
    ("ja", "month"): Override(
        f"{DIGITS} Seven is なな: しち is heard as いち.",
        {f"{number}月": words.replace("七月", "なながつ") for number, words in enumerate(CHINESE_MONTHS, 1)},
    ),
    ("ko", "month"): Override(DIGITS, {f"{number}월": words for number, words in enumerate(KOREAN_MONTHS, 1)}),
    ("vi", "month"): Override(DIGITS, {f"tháng {number}": words for number, words in enumerate(VIETNAMESE_MONTHS, 1)}),
    ("ht", "weekday"): Override(
        "Babel speaks French here.",
        {
            "lundi": "lendi",
            "mardi": "madi",
            "mercredi": "mèkredi",
            "jeudi": "jedi",
            "vendredi": "vandredi",
            "samedi": "samdi",
            "dimanche": "dimanch",
        },
    ),
    ("ht", "month"): Override(
        "Babel speaks French here.",
        {
            "janvier": "janvye",
            "février": "fevriye",
            "mars": "mas",
            "mai": "me",
            "juin": "jen",
            "juillet": "jiyè",
            "août": "out",
            "septembre": "septanm",
            "octobre": "oktòb",
            "novembre": "novanm",
            "décembre": "desanm",
        },
    ),
    ("fa", "month"): Override(
        "No year follows, so no link to one; July, August and May as Persian speakers in the US say them.",
        {"ژانویهٔ": "ژانویه", "فوریهٔ": "فوریه", "مهٔ": "ماهِ مِی", "ژوئیهٔ": "جولای", "اوت": "آگوست"},
    ),
}


@EACH_LANGUAGE
@pytest.mark.parametrize("name", ["weekday", "month"])
def test_names_of_days_and_months_are_babels_but_for_the_overrides_listed_here(language: str, name: str) -> None:
    names = get_day_names if name == "weekday" else get_month_names
    babel = dict(names("wide", locale=LANGUAGES[language].locale))
    pairs = zip((babel[number] for number in sorted(babel)), FORMS[language].lists[f"date.{name}"], strict=True)
    differing = {theirs: ours for theirs, ours in pairs if theirs.lower() not in ours.lower()}
    expected = OVERRIDES.get((language, name))
    advice = "Write Babel's name into spoken.toml, or into OVERRIDES what is said in its place, and why."
    assert differing == (expected.words if expected else {}), advice


# --- A list that cannot be used --------------------------------------------------------------------------------------


def changed(folder: Path, old: str, new: str) -> list[str]:
    """The faults of the English list where `old` is replaced."""
    text = (LOCALES / "en" / "spoken.toml").read_text("utf-8")
    assert text.count(old) == 1
    return faults_of(folder, text.replace(old, new))


def faults_of(folder: Path, text: str | bytes) -> list[str]:
    path = folder / "en" / "spoken.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CatalogError) as caught:
        read_spoken(folder, "en")
    assert {fault.place for fault in caught.value.faults} == {str(path)}
    return [fault.words for fault in caught.value.faults]


UNUSABLE = {
    "a form too few": ('"Saturday", "Sunday"]', '"Saturday"]', "date.weekday must be a list of 7 forms."),
    "an empty form": ('"Saturday", "Sunday"]', '"Saturday", " "]', "date.weekday: form 7 is empty."),
    "a figure": ('"one day",', '"1 day",', 'quantity.day: form 1 holds a digit, "1 day". Write it as a word.'),
    "a form that is no text": ('"Saturday", "Sunday"]', '"Saturday", 7]', "date.weekday must be a list of 7 forms."),
    "no joiner": ('joiner = " "', "", 'lacks joiner: what stands between two pieces, " " or "".'),
    "an order with a stranger": (
        'order = ["weekday", "month", "day"]',
        'order = ["weekday", "month", "year"]',
        "date.order must name weekday, month, day, each once, in the language's own order.",
    ),
    "an order that is no list": (
        'order = ["weekday", "month", "day"]',
        "order = 3",
        "date.order must name weekday, month, day, each once, in the language's own order.",
    ),
}


@pytest.mark.parametrize(("old", "new", "words"), UNUSABLE.values(), ids=UNUSABLE.keys())
def test_a_list_with_a_fault_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert changed(tmp_path, old, new) == [words]


def test_all_faults_are_shown_at_once(tmp_path: Path) -> None:
    assert sorted(faults_of(tmp_path, 'quantity = 3\ndate = "x"\n')) == sorted(
        [
            'lacks joiner: what stands between two pieces, " " or "".',
            *(f"{kind}.{name} must be a list of {n} forms." for kind in LENGTHS for name, n in LENGTHS[kind].items()),
            "date.order must name weekday, month, day, each once, in the language's own order.",
            "time.order must name hour, minute, part, each once, in the language's own order.",
        ]
    )


@pytest.mark.parametrize("text", ["joiner = ", b'joiner = "\xe9"'])
def test_what_is_not_toml_is_refused_in_words(tmp_path: Path, text: str | bytes) -> None:
    (words,) = faults_of(tmp_path, text)
    assert words.startswith("This is not valid TOML in UTF-8: ")


def test_a_language_without_a_list_is_refused_not_english(tmp_path: Path) -> None:
    with pytest.raises(CatalogError) as caught:
        read_spoken(tmp_path, "pl")
    words = "How pl says quantities, dates and times is not written. Copy another language's, and fill it."
    assert [str(fault) for fault in caught.value.faults] == [f"{tmp_path}/pl/spoken.toml: {words}"]


def test_only_minutes_and_parts_of_the_day_may_go_unsaid() -> None:
    empty = {name for forms in FORMS.values() for name, words in forms.lists.items() if "" in words}
    assert empty == {f"time.{name}" for name in MAY_BE_EMPTY}


@EACH_LANGUAGE
def test_no_shipped_list_is_still_english(language: str) -> None:
    assert not is_still_english(LOCALES, language)
    same = [name for name, words in FORMS[language].lists.items() if words == FORMS["en"].lists[name]]
    assert same == (list(FORMS["en"].lists) if language == "en" else [])


def test_a_piece_that_is_empty_is_no_clip() -> None:
    forms: SpokenForms = FORMS["fr"]
    assert [piece.id for piece in forms.list_time_pieces(time(12, 0))] == ["time.hour.12"]
    assert [piece.id for piece in forms.list_time_pieces(time(15, 5))] == [
        "time.hour.15",
        "time.minute.5",
        "time.part.15",
    ]


WORDS = {"0": "zero", "1": "one", "2": "two", "5": "five", "9": "nine"}


@pytest.mark.parametrize(
    ("text", "joiner", "words"),
    [
        ("911", " ", "nine one one"),
        ("112", "", "oneonetwo"),
        ("+1 (212) 55", " ", "one two one two five five"),
        ("", " ", ""),
    ],
)
def test_digits_are_said_one_by_one(text: str, joiner: str, words: str) -> None:
    assert write_digits(text, WORDS.__getitem__, joiner) == words
