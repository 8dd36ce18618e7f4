"""Every row of the languages is whole and fits the others; what is missing or wrong says what to write."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from babel import Locale, UnknownLocaleError

from ivr.line.language import ARABIC, CYRILLIC, LATIN, SOURCE_LANGUAGE, Language, Script
from ivr.line.languages import LANGUAGES, find_reading, find_script, find_speed, find_voice
from ivr.reminders.list.columns import LANGUAGE_QUESTIONS, fold_word
from ivr.speech.engines import ENGINES

EACH_ROW = pytest.mark.parametrize("code", LANGUAGES)


def row_faults(row: Language, rows: Mapping[str, Language]) -> Iterator[str]:
    """What is wrong with one row among all rows, each in words that say what to write."""
    yield from (f"Write {name}." for name in ("name", "own_name", "tag") if not getattr(row, name))
    if not re.fullmatch(r"[a-z]{2,3}", row.code):
        yield "Write code as two or three small letters: it is a folder in locales/ and a part of addresses."
    try:
        Locale.parse(row.locale)
    except (UnknownLocaleError, ValueError):
        yield f"Write locale as Babel knows it; {row.locale!r} it does not."
    if not re.fullmatch(r"([a-z]{2,3}(-[A-Z]{2})?)?", row.say):
        yield "Write say as Twilio's <Say> names it (es-US, arb), or leave it out where Twilio does not speak it."
    yield from _script_faults(row)
    yield from _engine_faults(row)
    yield from _alias_faults(row, rows)
    yield from _speaker_faults(row, rows)
    if len(row.people[0].split()) < 4 or not row.people[1]:
        yield "Write people: four given names with spaces between, and the word for example."


def _script_faults(row: Language) -> Iterator[str]:
    if row.script.direction not in ("ltr", "rtl"):
        yield 'Write its script\'s direction: "ltr" or "rtl".'
    letters = Script(row.script.letters)
    if strangers := {sign for sign in row.own_name if sign.isalpha() and not _is_of(letters, sign)}:
        yield f"Write its script, or own_name in it: {''.join(sorted(strangers))} is of another one."


def _is_of(script: Script, sign: str) -> bool:
    return unicodedata.name(sign, "UNKNOWN").split(" ")[0] in script.letters


def _engine_faults(row: Language) -> Iterator[str]:
    if strangers := {*row.voices, *row.speeds, *row.reads} - set(ENGINES):
        yield f"Write voices, speeds and reads by {', '.join(ENGINES)}: {', '.join(sorted(strangers))} is no engine."
    if voiceless := {*row.speeds, *row.reads} - set(row.voices):
        yield f"Write a voice of {', '.join(sorted(voiceless))}, or take out its speed and what it reads."
    if not row.voices:
        yield "Write voices: without one nobody hears this language before it is recorded."


def _alias_faults(row: Language, rows: Mapping[str, Language]) -> Iterator[str]:
    taken = {fold_word(word): each.name for each in rows.values() if each.code != row.code for word in each.names}
    questions = {fold_word(word) for words in LANGUAGE_QUESTIONS.values() for word in words.split(",")}
    for word in row.names:
        if not fold_word(word):
            yield "Write aliases: what else lists write for it, at least its code of three letters."
        elif fold_word(word) in taken:
            rival = taken[fold_word(word)]
            yield f'Take "{word}" out of names and aliases here, or of {rival}: a list means one language.'
        elif fold_word(word) in questions:
            yield f'Take "{word}" out of aliases: it names more than one language, and the reader asks.'


def _speaker_faults(row: Language, rows: Mapping[str, Language]) -> Iterator[str]:
    if row.counted_with and row.counted_with not in rows:
        yield f"Write counted_with as the code of another row; {row.counted_with} is none."
    if row.code != SOURCE_LANGUAGE and bool(row.speakers) == bool(row.counted_with):
        yield "Write speakers: how many million people in the US have limited English and speak it; or counted_with."


@EACH_ROW
def test_a_row_is_whole_and_fits_the_others(code: str) -> None:
    assert list(row_faults(LANGUAGES[code], LANGUAGES)) == []
    assert LANGUAGES[code].code == code


GOOD = LANGUAGES["ru"]
WRONG: dict[str, tuple[Language, str]] = {
    "no tag": (replace(GOOD, tag=""), "Write tag."),
    "a code in capitals": (replace(GOOD, code="RU"), "Write code as two"),
    "a locale that Babel does not know": (replace(GOOD, locale="xx_YY"), "Write locale as Babel"),
    "a language that Twilio cannot mean": (replace(GOOD, say="Russian"), "Write say as Twilio"),
    "another script": (replace(GOOD, script=LATIN), "Write its script"),
    "a direction that there is not": (replace(GOOD, script=replace(CYRILLIC, direction="up")), "Write its script's"),
    "an engine that there is not": (replace(GOOD, voices={"bell": "ru", "espeak": "ru"}), "Write voices, speeds"),
    "a speed of an engine without a voice": (replace(GOOD, speeds={"kokoro": 1.0}), "Write a voice of kokoro"),
    "no voice": (replace(GOOD, voices={}), "Write voices: without"),
    "no alias": (replace(GOOD, aliases=""), "Write aliases: what"),
    "another language's alias": (replace(GOOD, aliases="rus, Farsi"), 'Take "Farsi" out of names'),
    "an alias that is a question": (replace(GOOD, aliases="rus, Chinese"), 'Take "Chinese" out of aliases'),
    "no speakers": (replace(GOOD, speakers=0.0), "Write speakers: how many"),
    "speakers that are counted twice": (replace(GOOD, counted_with="pl"), "Write speakers: how many"),
    "counted with nobody": (replace(GOOD, speakers=0.0, counted_with="xx"), "Write counted_with as"),
    "too few people": (replace(GOOD, people=("Анна Борис", "Пример")), "Write people: four"),
}


@pytest.mark.parametrize(("row", "words"), WRONG.values(), ids=WRONG.keys())
def test_a_row_that_is_wrong_is_told_what_to_write(row: Language, words: str) -> None:
    rows = {**LANGUAGES, "ru": row}
    assert [fault[: len(words)] for fault in row_faults(row, rows)] == [words]


def test_what_a_row_does_not_say_is_as_usual() -> None:
    assert [find_voice("espeak", code) for code in ("fr", "fil", "xx")] == ["fr", "id", ""]
    assert [find_voice("pico", code) for code in ("fr", "fil")] == ["fr-FR", ""]
    assert [find_speed("espeak", code, 130) for code in ("zh", "fr", "xx")] == [160, 130, 130]
    assert [find_reading("kokoro", code) for code in ("ja", "fr", "xx")] == ["kana", "", ""]
    assert [find_script(code) for code in ("fa", "xx")] == [ARABIC, LATIN]
