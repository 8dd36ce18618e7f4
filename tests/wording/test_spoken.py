"""Numbers, dates, times and distances are words of the language: in its order and grammar, no figure and no guess."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from babel.dates import get_day_names, get_month_names

from ivr.errors import CatalogError
from ivr.line.languages import LANGUAGES
from ivr.wording.spoken import (
    FARTHEST,
    LENGTHS,
    MAY_BE_EMPTY,
    ORDERED,
    SpokenForms,
    is_still_english,
    read_spoken,
    write_digits,
)
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
        [
            "una hora",
            "dos horas, un par de horas",
            "seis horas, media docena de horas",
            "veintiuna horas",
            "tres días",
            "seis semanas, casi mes y medio",
        ],
        ["el lunes veintitrés, dos tres, veintitrés de noviembre", "el sábado primero de mayo"],
        [
            "las doce en punto de la noche",
            "las ocho y cinco de la mañana, temprano",
            "las doce en punto del día",
            "las tres y veinticinco de la tarde",
        ],
    ),
    "zh": Said(
        [
            "一个小时，就是六十分钟",
            "两个小时",
            "六个小时，四五六的六",
            "二十一个小时，二十、二十一的二十一",
            "三天",
            "六个星期，四五六的六",
        ],
        ["十一月，入冬的十一月，二十三号星期一，礼拜一，", "五月一号，一二三的一，星期六，礼拜六，"],
        ["半夜十二点整", "早上八点零五分", "中午十二点整", "下午三点二十五分"],
    ),
    "yue": Said(
        ["一個鐘頭，即係六十分鐘", "兩個鐘頭", "六個鐘頭", "二十一個鐘頭，二十、二十一嘅二十一", "三日", "六個禮拜"],
        ["十一月，入冬嘅十一月，二十三號禮拜一，一二三嘅一，", "五月，三四五嘅五，一號，一二三嘅一，禮拜六"],
        ["半夜十二點正", "朝早八點零五分，即係一個字", "中午十二點正", "下晝三點二十五分，即係五個字"],
    ),
    "vi": Said(
        [
            "một tiếng, tức sáu mươi phút",
            "hai tiếng",
            "sáu tiếng",
            "hai mươi mốt tiếng, hai mươi mốt tiếng đồng hồ",
            "ba ngày",
            "sáu tuần",
        ],
        ["thứ hai ngày hai mươi ba tháng mười một", "thứ bảy cuối tuần, ngày một tháng năm"],
        [
            "mười hai giờ không phút, ban đêm",
            "tám giờ năm phút buổi sáng",
            "mười hai giờ không phút, buổi trưa",
            "ba giờ hai mươi lăm phút buổi chiều",
        ],
    ),
    "ko": Said(
        ["한 시간", "두 시간", "여섯 시간, 육 시간", "스물한 시간", "삼 일", "육 주, 여섯 주"],
        ["십일월, 열한 번째 달, 이십삼일 월요일, 평일", "오월 일일, 첫째 날, 토요일, 주말"],
        ["밤 열두 시 정각", "아침 여덟 시 오 분", "낮 열두 시 정각", "오후 세 시 이십오 분, 숫자로 둘 오"],
    ),
    "fil": Said(
        [
            "isang oras",
            "dalawang oras",
            "anim na oras, six hours",
            "dalawampu't isang oras, twenty one hours",
            "tatlong araw",
            "anim na linggo, six weeks",
        ],
        ["Lunes Nobyembre beynte tres", "Sabado Mayo uno"],
        [
            "alas dose en punto ng hatinggabi",
            "alas otso singko ng umaga",
            "alas dose en punto ng tanghali",
            "alas tres beynte singko, two five, ng hapon",
        ],
    ),
    "ru": Said(
        ["один час", "два часа", "шесть часов", "двадцать один час", "три дня", "шесть недель"],
        ["понедельник двадцать третье ноября", "суббота первое мая"],
        [
            "двенадцать часов ровно ночи",
            "восемь часов пять минут утра",
            "двенадцать часов ровно дня",
            "три часа двадцать пять минут дня",
        ],
    ),
    "ar": Said(
        ["ساعة واحدة", "ساعتين", "ست ساعات", "إحدى وعشرين ساعة", "ثلاثة أيام", "ستة أسابيع"],
        [
            "يوم الاثنين الموافق الثالث والعشرين من شهر تشرين الثاني، نوفمبر",
            "يوم السبت الموافق الأول من مايو، أيار، شهر خمسة",
        ],
        [
            "الساعة الثانية عشرة تمامًا بعد منتصف الليل",
            "الساعة الثامنة وخمس دقائق صباحًا",
            "الساعة الثانية عشرة تمامًا ظهرًا",
            "الساعة الثالثة، ثلاثة، وخمس وعشرين دقيقة عصرًا",
        ],
    ),
    "ht": Said(
        [
            "inèdtan",
            "dezèdtan, youn ak youn",
            "sizèdtan, twa ak twa",
            "venteyen èdtan",
            "twa jou",
            "sis semèn, yon mwa edmi",
        ],
        ["lendi venntwa nan mwa novanm", "samdi premye nan mwa me"],
        ["minui egzakteman", "uitè senk minit dimaten", "midi egzakteman", "twazè vennsenk nan apremidi"],
    ),
    "fr": Said(
        [
            "une heure",
            "deux heures, une et encore une",
            "six heures, une demi-douzaine d'heures",
            "vingt et une heures",
            "trois jours",
            "six semaines, presque un mois et demi",
        ],
        ["lundi le vingt-trois du mois de novembre", "samedi le premier du mois de mai"],
        [
            "minuit exactement",
            "huit heures et cinq minutes en début de matinée",
            "midi exactement",
            "trois heures vingt-cinq de l'après-midi",
        ],
    ),
    "pt": Said(
        [
            "uma hora",
            "duas horas",
            "seis horas, meia dúzia de horas",
            "vinte e uma horas",
            "três dias",
            "seis semanas, quarenta e dois dias",
        ],
        ["segunda-feira dia vinte e três de novembro", "sábado dia primeiro de maio"],
        [
            "à meia-noite em ponto",
            "às oito e cinco da manhã",
            "ao meio-dia em ponto",
            "às três e vinte e cinco da tarde",
        ],
    ),
    "pl": Said(
        ["jedną godzinę", "dwie godziny", "sześć godzin", "dwadzieścia jeden godzin", "trzy dni", "sześć tygodni"],
        ["poniedziałek dwudziesty trzeci listopada", "sobota pierwszy maja"],
        [
            "godzina dwunasta zero zero w nocy",
            "godzina ósma zero pięć rano",
            "godzina dwunasta zero zero w południe",
            "godzina trzecia dwadzieścia pięć po południu",
        ],
    ),
    "it": Said(
        [
            "un'ora",
            "due ore",
            "sei ore, mezza dozzina di ore",
            "ventuno ore",
            "tre giorni",
            "sei settimane, quarantadue giorni",
        ],
        ["lunedì ventitré novembre", "sabato primo maggio, il quinto mese"],
        [
            "mezzanotte in punto",
            "le otto e cinque del mattino",
            "mezzogiorno in punto",
            "le tre e venticinque del pomeriggio",
        ],
    ),
    "de": Said(
        ["eine Stunde", "zwo Stunden", "sechs Stunden", "einundzwanzig Stunden", "drei Tage", "sechs Wochen"],
        ["Montag der dreiundzwanzigste November", "Samstag der erste Mai"],
        [
            "zwölf Uhr genau nachts",
            "acht Uhr null fünf morgens",
            "zwölf Uhr genau mittags",
            "drei Uhr fünfundzwanzig nachmittags",
        ],
    ),
    "ja": Said(
        ["一時間", "二時間", "六時間", "二十一時間", "三日間", "六週間"],
        ["十一月二十三日の月曜日", "五月、春の終わりの五月ついたちの土曜日"],
        ["夜中の十二時ちょうど", "朝の八時ごふん", "昼の十二時ちょうど", "午後三時二十五分"],
    ),
    "fa": Said(
        [
            "یک ساعت",
            "دو ساعت",
            "شِش ساعت، یعنی پنج ساعت به‌علاوه‌ی یک ساعت",
            "بیست و یک ساعت",
            "سه روز، یعنی کمتر از یک هفته",
            "شِش هفته، یعنی پنج هفته به‌علاوه‌ی یک هفته",
        ],
        ["دوشنبه بیست و سومِ نوامبر", "شنبه، روزِ بعد از جمعه، اولِ ماهِ مِی"],
        [
            "بامداد ساعت دوازده و صفر دقیقه",
            "صبح ساعت هشت و پنج دقیقه",
            "ظهر ساعت دوازده و صفر دقیقه",
            "بعد از ظهر ساعت سه و بیست و پنج دقیقه",
        ],
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
    ("zh", 31, "week", "三十一个星期，三十、三十一的三十一"),
    ("fr", 21, "day", "vingt et un jours"),
    ("pl", 22, "day", "dwadzieścia dwa dni"),
    ("pl", 22, "week", "dwadzieścia dwa tygodnie"),
    ("ru", 21, "week", "двадцать одну неделю"),
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
def test_every_form_of_a_date_a_time_or_a_distance_that_has_words_is_a_unit_clip_and_no_other(language: str) -> None:
    forms = FORMS[language]
    kinds = (*ORDERED, "away")
    spoken = [form for kind in kinds for name in LENGTHS[kind] for form in forms.lists[f"{kind}.{name}"]]
    assert [piece.text for piece in forms.list_units()] == [form for form in spoken if form]


@EACH_LANGUAGE
def test_the_name_of_a_unit_clip_holds_no_blank_so_that_names_can_be_handed_over_in_one_line(language: str) -> None:
    forms = FORMS[language]
    for pieces in (forms.list_date_pieces(DATES[0]), forms.list_time_pieces(TIMES[3])):
        assert " ".join(piece.id for piece in pieces).split() == [piece.id for piece in pieces]
    form = r"(date|time|away)\.[a-z]+\.\d+"
    assert [piece.id for piece in forms.list_units() if not re.fullmatch(form, piece.id)] == []


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
    forms = [form for name, each in FORMS[language].lists.items() for form in each if name != "away.days"]
    assert [form for form in forms if re.search(r"[0-9\xa0/().:;]|  ", form) or form != form.strip()] == []


# --- How far off a day is --------------------------------------------------------------------------------------------

AWAY = {
    "en": ["That is today.", "That is tomorrow.", "That is in seven days, or one week.", "That is in thirty days."],
    "es": [
        "Es hoy.",
        "Es mañana.",
        "Faltan siete días, una semana.",
        "Faltan treinta días, cuatro semanas y dos días.",
    ],
    "zh": ["就是今天。", "就是明天。", "还有七天，正好一个星期。", "还有三十天，四个星期加两天。"],
    "yue": ["即係今日。", "即係聽日。", "即係七日之後，啱好一個禮拜。", "即係三十日之後，四個禮拜加兩日。"],
    "vi": ["Đó là hôm nay.", "Đó là ngày mai.", "Còn bảy ngày nữa, đúng một tuần.", "Còn ba mươi ngày nữa."],
    "ko": [
        "바로 오늘입니다.",
        "바로 내일입니다.",
        "앞으로 칠 일, 꼭 일주일 뒤입니다.",
        "앞으로 삼십 일, 서른 날 뒤입니다.",
    ],
    "fil": [
        "Iyon po ay ngayong araw.",
        "Iyon po ay bukas.",
        "Iyon po ay pitong araw mula ngayon, isang linggo.",
        "Iyon po ay tatlumpung araw mula ngayon, thirty days.",
    ],
    "ru": [
        "Это сегодня.",
        "Это завтра.",
        "Это через семь дней, то есть через неделю.",
        "Это через тридцать дней, то есть через четыре недели и два дня.",
    ],
    "ar": ["الموعد اليوم.", "الموعد غدًا.", "الموعد بعد سبعة أيام، يعني بعد أسبوع واحد.", "الموعد بعد ثلاثين يومًا."],
    "ht": ["Se jodi a.", "Se demen.", "Se nan sèt jou, yon semèn.", "Se nan trant jou."],
    "fr": [
        "C'est aujourd'hui.",
        "C'est demain.",
        "C'est dans sept jours, une semaine.",
        "C'est dans trente jours, quatre semaines et deux jours.",
    ],
    "pt": ["É hoje.", "É amanhã.", "É daqui a sete dias, uma semana exata.", "É daqui a trinta dias."],
    "pl": [
        "To jest dzisiaj.",
        "To jest jutro.",
        "To jest za siedem dni, czyli za tydzień.",
        "To jest za trzydzieści dni, czyli za cztery tygodnie i dwa dni.",
    ],
    "it": ["È oggi.", "È domani.", "È fra sette giorni, una settimana esatta.", "È fra trenta giorni."],
    "de": [
        "Das ist heute.",
        "Das ist morgen.",
        "Das ist in sieben Tagen, also in einer Woche.",
        "Das ist in dreißig Tagen, also in vier Wochen und zwei Tagen.",
    ],
    "ja": [
        "その日は、きょうです。",
        "その日は、あしたです。",
        "その日まで、あと七日、ちょうど一週間です。",
        "その日まで、あと三十日です。",
    ],
    "fa": [
        "نوبت امروز است.",
        "نوبت فردا است.",
        "نوبت هفت روزِ دیگر است، یعنی یک هفته‌ی دیگر.",
        "نوبت سی روزِ دیگر است، یعنی چهار هفته و دو روزِ دیگر.",
    ],
}
"""Today, tomorrow, in a week, and in thirty days."""


@EACH_LANGUAGE
def test_how_far_off_a_day_is_is_said_in_a_sentence(language: str) -> None:
    found = [FORMS[language].find_days_away(days) for days in (0, 1, 7, 30)]
    assert [piece.text for piece in found if piece] == AWAY[language]
    assert [piece.id for piece in found if piece] == ["away.days.0", "away.days.1", "away.days.7", "away.days.30"]


@EACH_LANGUAGE
def test_every_day_from_today_to_the_thirtieth_has_words_of_its_own(language: str) -> None:
    found = [FORMS[language].find_days_away(days) for days in range(FARTHEST + 1)]
    assert (FARTHEST, len({piece.text for piece in found if piece})) == (30, 31)


@EACH_LANGUAGE
@pytest.mark.parametrize("days", [-400, -1, FARTHEST + 1, 365])
def test_a_day_that_is_past_or_too_far_to_count_to_is_told_by_its_date_alone(language: str, days: int) -> None:
    assert FORMS[language].find_days_away(days) is None


WITHOUT_A_COUNT = dict.fromkeys(("en", "it", "pt", "ru"), (2,))
"""The day after tomorrow is one word there, and nothing sounds like it."""


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "ja"])
def test_the_sentence_counts_the_days_that_it_stands_for(language: str) -> None:
    forms = FORMS[language]
    sentences = forms.lists["away.days"]
    words = {days: first_way(forms.write_quantity(days, "day")) for days in range(2, FARTHEST + 1)}
    counted = [days for days, form in words.items() if form.split()[0] in sentences[days]]
    assert counted == [days for days in range(2, FARTHEST + 1) if days not in WITHOUT_A_COUNT.get(language, ())]


IN_SYLLABLES = {17: "じゅうななにち", 19: "じゅうきゅうにち", 27: "にじゅうななにち", 29: "にじゅうきゅうにち"}
"""Where a voice would choose the reading of seven or nine that is heard as another number."""


def test_japanese_counts_the_days_to_come_without_the_word_for_a_length_of_time() -> None:
    forms = FORMS["ja"]
    counted = {days: forms.write_quantity(days, "day").removesuffix("間") for days in range(2, FARTHEST + 1)}
    said = {**counted, **IN_SYLLABLES}
    assert [days for days, words in said.items() if words not in forms.lists["away.days"][days]] == []


ENDS = {"zh": "。", "yue": "。", "ja": "。"}


@EACH_LANGUAGE
def test_how_far_off_a_day_is_ends_in_a_full_stop_and_holds_no_figure(language: str) -> None:
    end = ENDS.get(language, ".")
    sentences = FORMS[language].lists["away.days"]
    assert [one for one in sentences if not one.endswith(end) or re.search(r"[0-9\xa0/():;]|  ", one)] == []


# --- The emergency number --------------------------------------------------------------------------------------------

EMERGENCY = {
    "en": "nine… one… one",
    "es": "nueve… uno… uno",
    "zh": "九… 幺… 幺",
    "yue": "九… 一… 一",
    "vi": "chín… một… một",
    "ko": "구… 일… 일",
    "fil": "nine… one… one",
    "ru": "девять… один… один",
    "ar": "تسعة… واحد… واحد",
    "ht": "nèf… youn… youn",
    "fr": "neuf… puis un… puis un",
    "pt": "nove… um… um",
    "pl": "dziewięć… jeden… jeden",
    "it": "nove… uno… uno",
    "de": "neun… eins… eins",
    "ja": "きゅう… いち… いち",
    "fa": "نُه… یک… یک",
}


@EACH_LANGUAGE
def test_the_digits_of_the_emergency_number_are_said_apart(language: str) -> None:
    assert FORMS[language].write_emergency_number("911") == EMERGENCY[language]


NUMBERS = [("en", "112", "one… one… two"), ("de", "112", "eins… eins… zwo"), ("pt", "0-6", "zero… meia")]


@pytest.mark.parametrize(("language", "number", "words"), NUMBERS)
def test_a_digit_takes_the_word_that_such_numbers_are_said_with(language: str, number: str, words: str) -> None:
    assert FORMS[language].write_emergency_number(number) == words


@EACH_LANGUAGE
def test_no_two_digits_of_an_emergency_number_sound_the_same(language: str) -> None:
    assert (len(FORMS[language].lists["emergency.digit"]), twice(FORMS[language].lists["emergency.digit"])) == (10, [])


# --- What is said in two ways ----------------------------------------------------------------------------------------

PAUSES = ",،，、"


def first_way(form: str) -> str:
    """The name itself, without the second way in which it is said ("五月，三四五嘅五")."""
    return re.split(f"[{PAUSES}]", form)[0]


NUMERALS = "一二三四五六七八九十百"


@pytest.mark.parametrize("language", [code for code in LANGUAGES if not FORMS[code].joiner])
def test_where_no_blank_stands_between_two_pieces_no_number_runs_into_the_next_piece(language: str) -> None:
    forms = FORMS[language]
    followed = [f"{kind}.{name}" for kind in ORDERED for name in forms.orders[kind][:-1]]
    running = {name: [form for form in forms.lists[name] if form.endswith(tuple(NUMERALS))] for name in followed}
    assert {name: found for name, found in running.items() if found} == {}


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
        "Babel speaks French here; nan mwa, in the month of, sets the name apart from the day.",
        {
            "janvier": "nan mwa janvye",
            "février": "nan mwa fevriye",
            "mars": "nan mwa mas",
            "mai": "nan mwa me",
            "juin": "nan mwa jen",
            "juillet": "nan mwa jiyè",
            "août": "nan mwa out",
            "septembre": "nan mwa septanm",
            "octobre": "nan mwa oktòb",
            "novembre": "nan mwa novanm",
            "décembre": "nan mwa desanm",
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
    differing = {theirs: first_way(ours) for theirs, ours in pairs if theirs.lower() not in ours.lower()}
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
    "a day too few": (
        '"That is today.", "That is tomorrow.",',
        '"That is tomorrow.",',
        "away.days must be a list of 31 forms.",
    ),
    "a day without words": ('"That is today.",', '"",', "away.days: form 1 is empty."),
    "a figure in a distance": (
        '"That is in thirty days."',
        '"That is in 30 days."',
        'away.days: form 31 holds a digit, "That is in 30 days.". Write it as a word.',
    ),
    "a digit too few": ('"zero", "one", "two",', '"zero", "one",', "emergency.digit must be a list of 10 forms."),
    "no pause": (
        'pause = "… "',
        "",
        'emergency.pause must be what stands between two digits that are said apart: ", " for most.',
    ),
    "a pause that is no text": (
        'pause = "… "',
        "pause = 1",
        'emergency.pause must be what stands between two digits that are said apart: ", " for most.',
    ),
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
            'emergency.pause must be what stands between two digits that are said apart: ", " for most.',
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
    assert empty <= {f"time.{name}" for name in MAY_BE_EMPTY}
    assert empty == {"time.part"}


AS_IN_ENGLISH = {"en": list(FORMS["en"].lists), "fil": ["emergency.digit"]}
"""In the Philippines such a number is said in English: "nine one one"."""


@EACH_LANGUAGE
def test_no_shipped_list_is_still_english(language: str) -> None:
    assert not is_still_english(LOCALES, language)
    same = [name for name, words in FORMS[language].lists.items() if words == FORMS["en"].lists[name]]
    assert same == AS_IN_ENGLISH.get(language, [])


def test_a_piece_that_is_empty_is_no_clip() -> None:
    forms: SpokenForms = FORMS["fr"]
    assert [piece.id for piece in forms.list_time_pieces(time(12, 0))] == ["time.hour.12", "time.minute.0"]
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
