"""The script holds everything that can be said, once, in exactly the words that are spoken: no brace, no figure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.line import phrases
from ivr.line.events import LastCall
from ivr.line.flow import after_key, after_silence, entry, sign_choices
from ivr.line.languages import LANGUAGES as TABLE
from ivr.line.nodes import Act, Number, Position, When
from ivr.line.prompts import Utterance, placeholders
from ivr.line.reminder import OPT_OUT, name_gate
from ivr.line.speech import Said, speech
from ivr.line.table import Plan, build_line
from ivr.line.topics import LONGEST_COUNT
from ivr.wording.language_files import read_language_files
from ivr.wording.script import ScriptLine, Values, Words, write_script
from ivr.wording.standing import Wording
from tests.topics import SHIPPED, clinic_values
from tests.wording.translation import LOCALES, PROMPTS, SECTIONS, TOPICS

LANGUAGES = ("en", "es", "zh")
LINE = build_line(TOPICS, Plan(LANGUAGES, LANGUAGES, frozenset({"es", "zh"})))
WRITTEN = {code: read_language_files(LOCALES, code, PROMPTS, SECTIONS) for code in LANGUAGES}
VALUES = clinic_values()
QUANTITIES = TOPICS[0].quantities({})
DOUBLED = r"[,;:،、，]\s*[,;:.!?،、，。؟]|\s[,.]|  "
"""Two signs that no sentence has beside each other."""


def words(values: Values = VALUES) -> Words:
    return Words(PROMPTS, WRITTEN, values)


SCRIPT = write_script(LINE, TOPICS, words())
EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


def text(language: str, clip: str, values: Values = VALUES) -> str:
    """What one clip of the script says."""
    (found,) = [line.text for line in write_script(LINE, TOPICS, words(values))[language] if line.id == clip]
    return found


def ids(lines: Iterable[ScriptLine]) -> list[str]:
    return [line.id for line in lines]


# --- Everything, once ------------------------------------------------------------------------------------------------


@EACH_LANGUAGE
def test_every_clip_stands_once_under_its_own_language(language: str) -> None:
    assert [name for name, count in Counter(ids(SCRIPT[language])).items() if count > 1] == []
    assert {line.language for line in SCRIPT[language]} == {language}


WHEN_LOST = {"keys.back.star", "keys.language.8", "keys.language.2"}
"""8 and star at a new try, and the 2 of whoever was here before."""
LAST_LESSONS = ["keys.skip.pound", "keys.slower.7", "keys.again.9"]
"""# before the first section, 7 and 9 after its first clip."""


@EACH_LANGUAGE
def test_the_script_is_in_the_order_of_a_call(language: str) -> None:
    clips = ids(SCRIPT[language])
    key = {"en": 1, "es": 2, "zh": 3}[language]
    first = ["emergency"] if language == "en" else []
    page = [f"language.choice.{key}", "language.unlisted.4", "keys.person.0"]
    assert clips[: len(first) + 3] == [*first, *page]
    before_the_menu = clips[: clips.index("menu.title")]
    taught = [clip for clip in before_the_menu if clip.startswith("keys.")]
    assert (taught[0], set(taught[1:-3]), taught[-3:]) == ("keys.person.0", WHEN_LOST, LAST_LESSONS)
    assert before_the_menu.index("emergency") < before_the_menu.index("compression-fracture.welcome")
    assert before_the_menu.index("compression-fracture.welcome") < before_the_menu.index("notice")
    sections = [clip.split(".")[1] for clip in clips if clip.startswith("compression-fracture.")]
    heard = [name for name in dict.fromkeys(sections) if name not in ("welcome", "reviewed", "question", "whisper")]
    assert heard == ["prep", "during", "after", "risks", "rights", "overview"]
    first_of_a_reminder, last_of_the_line = clips.index("reminder.hello"), clips.index("callback.failed")
    assert first_of_a_reminder > last_of_the_line


@EACH_LANGUAGE
def test_every_clip_of_the_topic_and_every_digit_is_in_the_script(language: str) -> None:
    clips = set(ids(SCRIPT[language]))
    (topic,) = TOPICS
    assert {clip.id for section in topic.sections for clip in section.clips} <= clips
    assert {section.title.id for section in topic.sections} <= clips
    assert {f"digit.{digit}" for digit in "0123456789"} | {"callback.call-us"} <= clips


@EACH_LANGUAGE
def test_both_lessons_of_a_new_try_are_in_the_script_with_each_key_that_they_teach(language: str) -> None:
    assert {"keys.language.8", "keys.back.star", "retry.silence", "retry.wrong"} <= set(ids(SCRIPT[language]))


@EACH_LANGUAGE
def test_words_that_only_stand_inside_others_are_no_clips(language: str) -> None:
    assert {prompt.id for prompt in phrases.FRAGMENTS} & set(ids(SCRIPT[language])) == set()


def test_staff_hear_the_languages_that_are_open_in_english_only() -> None:
    for_staff = {code: [clip for clip in ids(SCRIPT[code]) if "whisper" in clip] for code in LANGUAGES}
    assert for_staff == {
        "en": [
            *("compression-fracture.whisper", "whisper.no-language", "whisper.unlisted", "whisper.part"),
            *("whisper.language.en", "whisper.language.es", "whisper.language.zh"),
            "whisper.take.1",
        ],
        "es": [],
        "zh": [],
    }


def test_only_open_languages_are_in_the_script() -> None:
    only = build_line(TOPICS, Plan(("es",), ("es",)))
    assert list(write_script(only, TOPICS, words())) == ["es"]


ALOUD: dict[Number | When, str] = {
    Number.CALLER: "212 555 0123",
    Number.CLINIC: "987 654",
    Number.OURS: "987 654",
    Number.OPT_OUT: "800 555 0123",
    When.DAY: "date.weekday.1 date.month.11 date.day.23",
    When.TIME: "time.part.15 time.hour.15 time.minute.25",
}
"""What the rim knows: numbers, and the day and the time of an appointment."""
STARTS = (
    entry(LINE),
    *(entry(LINE, remembered=LastCall(code, sign_choices(LINE, code))) for code in LANGUAGES),
    *(entry(LINE, remembered=LastCall(code, "other choices than now")) for code in LANGUAGES),
    Position("en", OPT_OUT),
    *(Position(code, name_gate("compression-fracture"), attempt="17") for code in LANGUAGES),
)


@given(st.lists(st.sampled_from("-1234567890*#"), max_size=25), st.sampled_from(STARTS))
def test_whatever_a_caller_does_is_answered_from_the_script(presses: list[str], start: Position) -> None:
    known = {(line.language, line.id) for lines in SCRIPT.values() for line in lines}
    position = start
    for press in presses:
        position = after_silence(LINE, position) if press == "-" else after_key(LINE, position, press)
        said = [item for item in speech(LINE, position, ALOUD) if isinstance(item, Said)]
        assert {(item.language, item.utterance.id) for item in said} <= known
        if LINE.node(position.node).act is Act.HANG_UP:
            break


@EACH_LANGUAGE
def test_every_place_of_the_line_is_answered_from_the_script(language: str) -> None:
    known = {(line.language, line.id) for lines in SCRIPT.values() for line in lines}
    for node in LINE.nodes:
        for tries in ("", "s1", "s2", "w1", "w2"):
            said = [item for item in speech(LINE, Position(language, node, tries), ALOUD) if isinstance(item, Said)]
            assert {(item.language, item.utterance.id) for item in said} <= known


@EACH_LANGUAGE
def test_every_new_try_is_answered_with_a_lesson_from_the_script(language: str) -> None:
    known = {(line.language, line.id) for line in SCRIPT[language]}
    menu = LINE.starts[language]
    heard = [list(speech(LINE, Position(language, menu, tries), {})) for tries in ("s1", "s2", "w1", "w2")]
    lessons = [said[-1] for said in heard]
    assert [(said.language, said.utterance.id) for said in lessons if isinstance(said, Said)] == [
        (language, "keys.language.8"),
        (language, "keys.back.star"),
    ] * 2
    assert {(said.language, said.utterance.id) for said in lessons if isinstance(said, Said)} <= known


@EACH_LANGUAGE
def test_every_day_and_time_of_an_appointment_is_in_the_script_in_its_own_words(language: str) -> None:
    forms = WRITTEN[language].forms
    assert forms
    said = {line.id: line.text for line in SCRIPT[language]}
    days = [date(2028, 1, 1) + timedelta(days=number) for number in range(366)]
    times = [time(hour, minute) for hour in range(24) for minute in range(0, 60, 5)]
    pieces = [*(forms.list_date_pieces(day) for day in days), *(forms.list_time_pieces(moment) for moment in times)]
    assert [piece for each in pieces for piece in each if said.get(piece.id) != piece.text] == []


@EACH_LANGUAGE
def test_the_pieces_of_days_and_times_come_last_and_are_the_units_of_the_words(language: str) -> None:
    units = words().units(language)
    assert SCRIPT[language][-len(units) :] == units
    assert list(dict.fromkeys(unit.id.split(".")[0] for unit in units)) == ["date", "time", "away"]


@EACH_LANGUAGE
@pytest.mark.parametrize("days", range(31))
def test_how_far_off_a_day_is_is_one_clip_of_the_script(language: str, days: int) -> None:
    name = words().find_days_away(language, days)
    assert name == f"away.days.{days}"
    assert name in ids(SCRIPT[language])


@EACH_LANGUAGE
@pytest.mark.parametrize("days", [-1, 31])
def test_a_day_that_is_past_or_far_off_is_told_by_its_date_alone(language: str, days: int) -> None:
    assert words().find_days_away(language, days) == ""


@pytest.mark.parametrize(
    ("language", "unit", "expected"),
    [
        ("en", "date.day.23", "twenty-third"),
        ("es", "date.month.11", "de noviembre"),
        ("zh", "date.weekday.1", "星期一，礼拜一，"),
        ("en", "time.minute.5", "oh five"),
        ("en", "away.days.1", "That is tomorrow."),
        ("zh", "away.days.0", "就是今天。"),
    ],
)
def test_a_piece_of_a_day_or_a_time_is_found_by_its_name_as_a_prompt_is(
    language: str, unit: str, expected: str
) -> None:
    assert words().text(language, Utterance(unit)) == expected
    assert words().line(Said(Utterance(unit), language)) == ScriptLine(language, unit, expected)


@pytest.mark.parametrize("unit", ["date.day.32", "time.minute.7", "date.year.1", "away.days.31", "nothing"])
def test_a_piece_that_there_is_not_has_no_words(unit: str) -> None:
    with pytest.raises(KeyError, match=re.escape(unit)):
        words().text("en", Utterance(unit))


def test_a_language_that_does_not_count_yet_says_no_day_and_no_time_either() -> None:
    dumb = Words(PROMPTS, {**WRITTEN, "es": replace(WRITTEN["es"], forms=None)}, VALUES)
    asks: list[Callable[[], object]] = [
        lambda: dumb.units("es"),
        lambda: dumb.text("es", Utterance("date.day.1")),
        lambda: dumb.find_days_away("es", 1),
        lambda: dumb.text("es", Utterance("away.days.1")),
    ]
    for ask in asks:
        with pytest.raises(KeyError, match="how es counts is not written"):
            ask()


# --- In exactly the words that are spoken ----------------------------------------------------------------------------


@EACH_LANGUAGE
def test_nothing_is_left_to_the_voice_no_brace_and_no_figure(language: str) -> None:
    assert [line for line in SCRIPT[language] if re.search(r"[{}0-9]", line.text)] == []


def test_the_script_of_all_languages_leaves_nothing_to_the_voice_either() -> None:
    codes = tuple(TABLE)
    line = build_line(TOPICS, Plan(codes, codes[:3], frozenset(codes[1:])))
    everything = Words(PROMPTS, {code: read_language_files(LOCALES, code, PROMPTS, SECTIONS) for code in codes}, VALUES)
    script = write_script(line, TOPICS, everything)
    assert list(script) == list(codes)
    assert [one for lines in script.values() for one in lines if re.search(r"[{}0-9]", one.text)] == []


FILLED = {
    "the key in words": ("en", "menu.all.1", "To hear everything, in order, press one."),
    "the key in Spanish": ("es", "menu.all.1", "Para escuchar todo, en orden, oprima el uno."),
    "a sign in words": ("en", "keys.back.star", "To go back, press star."),
    "hours in words": (
        "en",
        "compression-fracture.prep.fasting",
        "For six hours before the procedure, fast. That means no food, and no drink. There is one exception. That "
        "morning, take the regular medicines that your doctor or nurse named, with small sips of water.",
    ),
    "days in words": (
        "en",
        "compression-fracture.after.discomfort",
        "Expect some discomfort. It may last for up to three days.",
    ),
    "the emergency number digit by digit": (
        "en",
        "emergency",
        "If this is an emergency, hang up now, and call nine… one… one.",
    ),
    "the demonstration clinic": (
        "en",
        "compression-fracture.welcome",
        "This is the spine information line of the demonstration clinic.",
    ),
}


@pytest.mark.parametrize(("language", "clip", "expected"), FILLED.values(), ids=FILLED.keys())
def test_a_placeholder_is_filled(language: str, clip: str, expected: str) -> None:
    assert text(language, clip) == expected


@pytest.mark.parametrize(
    ("language", "clip", "held"),
    [
        ("en", "prep.fasting", "six hours"),
        ("es", "prep.fasting", "seis horas"),
        ("zh", "prep.fasting", "六个小时"),
        ("en", "after.discomfort", "three days"),
        ("es", "after.discomfort", "tres días"),
        ("zh", "after.discomfort", "三天"),
        ("en", "after.lifting", "six weeks"),
        ("es", "after.lifting", "seis semanas"),
        ("zh", "after.lifting", "六个星期"),
    ],
)
def test_the_clinics_values_are_spoken_as_words_of_the_language(language: str, clip: str, held: str) -> None:
    assert held in text(language, f"compression-fracture.{clip}")


@pytest.mark.parametrize(
    ("language", "clip", "held"),
    [
        ("en", "prep.fasting", "eight hours"),
        ("es", "prep.fasting", "ocho horas"),
        ("es", "after.discomfort", "un día"),
        ("zh", "after.lifting", "两个星期"),
        ("es", "after.lifting", "dos semanas"),
    ],
)
def test_a_changed_value_changes_the_words(language: str, clip: str, held: str) -> None:
    chosen = {f"{SHIPPED}.fasting": 8, f"{SHIPPED}.discomfort": 1, f"{SHIPPED}.lifting": 2}
    changed = clinic_values(emergency="112", chosen=chosen)
    assert held in text(language, f"compression-fracture.{clip}", changed)


@pytest.mark.parametrize(
    ("language", "held"), [("en", "call one… one… two."), ("es", "uno… uno… dos."), ("zh", "幺… 幺… 二。")]
)
def test_another_emergency_number_is_spoken_digit_by_digit_with_a_pause_between(language: str, held: str) -> None:
    assert held in text(language, "emergency", replace(VALUES, emergency="112"))


@pytest.mark.parametrize(
    ("clinic", "language", "held"),
    [
        ({"": "Lakeside"}, "en", "of Lakeside."),
        ({"": "Lakeside"}, "zh", "Lakeside"),
        ({"": "Lakeside", "zh": "湖边诊所"}, "zh", "湖边诊所"),
        ({"zh": "湖边诊所"}, "en", "of the demonstration clinic."),
        ({"": "Lakeside", "zh": ""}, "zh", "Lakeside"),
    ],
)
def test_the_clinic_is_named_in_its_own_words(clinic: dict[str, str], language: str, held: str) -> None:
    assert held in text(language, "compression-fracture.welcome", replace(VALUES, clinic=clinic))


@pytest.mark.parametrize("language", TABLE)
def test_whatever_a_clinic_chooses_its_words_fit_into_the_sentence(language: str) -> None:
    written = read_language_files(LOCALES, language, PROMPTS, SECTIONS)
    said = Words(PROMPTS, {language: written}, VALUES)
    (topic,) = TOPICS
    holding = [prompt for prompt in topic.prompts() if set(placeholders(prompt.text)) & set(QUANTITIES)]
    assert [prompt.id.split(".")[-1] for prompt in holding] == ["fasting", "lifting", "discomfort"]
    for count in range(1, max(LONGEST_COUNT.values()) + 1):
        chosen = {f"{SHIPPED}.{name}": min(count, LONGEST_COUNT[each.unit]) for name, each in QUANTITIES.items()}
        said = Words(PROMPTS, {language: written}, clinic_values(chosen=chosen))
        texts = [said.text(language, Utterance(prompt.id)) for prompt in holding]
        assert [text for text in texts if re.search(DOUBLED, text)] == []


# --- What is not translated ------------------------------------------------------------------------------------------


def without(language: str, prompt: str) -> Words:
    """The shipped words, where one prompt has none in one language."""
    shipped = WRITTEN[language]
    texts = {name: standing for name, standing in shipped.wording.texts.items() if name != prompt}
    lacking = replace(shipped, wording=Wording(language, texts, missing=(prompt,)))
    return Words(PROMPTS, {**WRITTEN, language: lacking}, VALUES)


def test_what_is_not_translated_keeps_the_script_from_being_written() -> None:
    with pytest.raises(KeyError, match=r"menu\.title is not translated into es"):
        write_script(LINE, TOPICS, without("es", "menu.title"))


def test_a_language_that_does_not_count_yet_is_not_given_english_numbers() -> None:
    dumb = Words(PROMPTS, {**WRITTEN, "es": replace(WRITTEN["es"], forms=None)}, VALUES)
    with pytest.raises(KeyError, match="how es counts is not written"):
        dumb.text("es", Utterance("compression-fracture.prep.fasting"))


def test_a_language_that_is_not_open_has_no_words() -> None:
    with pytest.raises(KeyError, match="pl is not open"):
        words().text("pl", Utterance("goodbye"))


@pytest.mark.parametrize("fragment", ["key.1", "digit.9", "clinic.demonstration"])
def test_words_inside_others_are_not_taken_from_english_either(fragment: str) -> None:
    with pytest.raises(KeyError, match=f"{fragment} is not translated into es"):
        write_script(LINE, TOPICS, without("es", fragment))


def test_an_utterance_is_a_line_of_the_script() -> None:
    said = Said(Utterance("menu.all", "1"), "es")
    assert words().line(said) == ScriptLine("es", "menu.all.1", "Para escuchar todo, en orden, oprima el uno.")
