"""RULES H1: whoever answers the phone, or plays a machine, hears the clinic and phone numbers and nothing of health."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace

import pytest

from ivr.line import phrases
from ivr.line.flow import after_key, after_silence
from ivr.line.neutral import NEUTRAL, forbidden_in
from ivr.line.nodes import Act, Line, Number, Position, When
from ivr.line.prompts import Prompt, Utterance
from ivr.line.reminder import name_gate, name_voicemail
from ivr.line.speech import Said, speech
from ivr.line.table import Plan, build_line
from tests.conftest import ROOT
from tests.line.test_flow import KEYS, outcomes
from tests.line.test_table import ALL_LANGUAGES, CF
from tests.line.wordings import TOPICS, shipped_words

EACH_LANGUAGE = pytest.mark.parametrize("code", ALL_LANGUAGES)
(TOPIC,) = TOPICS
LINE = build_line(
    TOPICS, Plan(ALL_LANGUAGES[:3], ALL_LANGUAGES[:3], frozenset(ALL_LANGUAGES[1:3]), opt_out="+18005550123")
)


def stems(code: str) -> list[str]:
    table = tomllib.loads((ROOT / "locales" / code / "neutral.toml").read_text("utf-8"))
    assert list(table) == ["forbidden"]
    return list(table["forbidden"])


def text(code: str, prompt: Prompt) -> str:
    return shipped_words().text(code, Utterance(prompt.id, "1" if "key" in prompt.placeholders else ""))


def found(code: str, prompt: Prompt) -> list[str]:
    return list(forbidden_in(text(code, prompt), stems(code), code))


# --- The lists -------------------------------------------------------------------------------------------------------


@EACH_LANGUAGE
def test_h1_a_list_holds_beginnings_of_words_each_once_and_none_empty(code: str) -> None:
    listed = stems(code)
    assert len(listed) >= 40
    assert len(set(listed)) == len(listed)
    assert [stem for stem in listed if not stem.strip() or stem != stem.strip()] == []


@EACH_LANGUAGE
def test_h1_what_is_heard_before_a_person_has_said_whom_the_call_is_for_is_neutral(code: str) -> None:
    assert {prompt.id: found(code, prompt) for prompt in NEUTRAL if found(code, prompt)} == {}


@EACH_LANGUAGE
def test_h1_the_list_catches_what_is_said_of_the_procedure_itself(code: str) -> None:
    clips = TOPIC.section("during").clips
    assert len(clips) == 7
    assert sum(bool(found(code, clip)) for clip in clips) >= 6


@EACH_LANGUAGE
def test_h1_the_list_catches_what_the_menu_offers_of_the_procedure(code: str) -> None:
    offer = TOPIC.section("during").choice
    assert offer
    assert found(code, offer)


SAYS_PROCEDURE = {
    "en": "procedure",
    "es": "procedim",
    "zh": "手术",
    "yue": "手術",
    "vi": "thủ thuật",
    "ko": "시술",
    "fil": "procedur",
    "ru": "процедур",
    "ar": "إجراء",
    "ht": "pwosedi",
    "fr": "interven",
    "pt": "proced",
    "pl": "zabieg",
    "it": "interven",
    "de": "eingriff",
    "ja": "手術",
    "fa": "عمل",
}


@pytest.mark.parametrize("code", SAYS_PROCEDURE)
def test_h1_the_list_catches_the_word_for_the_procedure(code: str) -> None:
    offer = TOPIC.section("during").choice
    assert offer
    assert SAYS_PROCEDURE[code] in found(code, offer)


@EACH_LANGUAGE
def test_h1_the_list_catches_the_name_of_the_line_and_what_is_asked_of_eating(code: str) -> None:
    assert found(code, TOPIC.welcome)
    eating = TOPIC.questions[0].prompt
    assert len(found(code, eating)) >= 2


# --- How a word is looked for ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "listed", "code", "expected"),
    [
        ("Your Bones are fine.", ["bone"], "en", ["bone"]),
        ("A trombone.", ["bone"], "en", []),
        ("It is a pre-operative talk.", ["operat"], "en", ["operat"]),
        ("To cooperate is kind.", ["operat"], "en", []),
        ("About your back.", ["your back", "the back"], "en", ["your back"]),
        ("Call us back.", ["your back", "the back"], "en", []),
        ("SPINE, bone; bone.", ["bone", "spin"], "en", ["bone", "spin"]),
        ("", ["bone"], "en", []),
        ("Bones.", [], "en", []),
        ("Les ÓSEOS", ["óse"], "es", ["óse"]),
        ("明天手术前", ["手术"], "zh", ["手术"]),
        ("背骨です", ["骨"], "ja", ["骨"]),
        ("کار عملی", ["عمل"], "fa", ["عمل"]),
        ("بعد الإجراء", ["إجراء"], "ar", ["إجراء"]),
        ("بعد إجراء", ["إجراء"], "ar", ["إجراء"]),
        ("للإجراء", ["إجراء"], "ar", ["إجراء"]),
        ("بإجراء", ["إجراء"], "ar", ["إجراء"]),
        ("عَمَل", ["عمل"], "fa", ["عمل"]),
        ("عمل", ["عَمَل"], "fa", ["عَمَل"]),
    ],
)
def test_h1_the_beginning_of_a_word_is_found_whatever_its_case_and_vowel_signs(
    words: str, listed: list[str], code: str, expected: list[str]
) -> None:
    assert list(forbidden_in(words, listed, code)) == expected


@pytest.mark.parametrize("words", ["وللإجراء", "وبالإجراء", "وبإجراء"])
def test_h1_the_beginning_of_an_arabic_word_is_found_behind_two_prefixes(words: str) -> None:
    assert list(forbidden_in(words, ["إجراء"], "ar")) == ["إجراء"]


def test_h1_only_where_words_have_no_spaces_is_a_word_looked_for_inside_others() -> None:
    codes = ("zh", "yue", "ja", "en", "ko", "ar")
    assert [code for code in codes if list(forbidden_in("xxbone", ["bone"], code))] == ["zh", "yue", "ja"]


# --- What really is heard --------------------------------------------------------------------------------------------


def reached(line: Line, start: Position, within: str = "") -> Iterator[Position]:
    """Every position that a call can come to from `start` while nobody presses one at the gate; `within` keeps to
    nodes whose names hold this."""
    seen, waiting = {start}, [start]
    while waiting:
        position = waiting.pop()
        yield position
        if line.node(position.node).act is not Act.HANG_UP:
            new = {there for there in _next(line, position) if within in there.node} - seen
            seen |= new
            waiting += new


def _next(line: Line, position: Position) -> Iterator[Position]:
    keys = [key for key in KEYS if not (position.node == name_gate(CF) and key == "1")]
    for there in (after_silence(line, position), *(after_key(line, position, key) for key in keys)):
        led = outcomes(line, there.node) or (there.node,)
        yield from (replace(there, node=name, slow=False) for name in led)


def told(position: Position) -> Iterator[tuple[str, str, str]]:
    """The language, prompt and words of what is heard at a position."""
    known: dict[Number | When, str] = {Number.CLINIC: "212", Number.OURS: "212", Number.OPT_OUT: "800"}
    for item in speech(LINE, position, known):
        if isinstance(item, Said):
            yield item.language, item.utterance.prompt, shipped_words().text(item.language, item.utterance)


BEGINNINGS = {
    "gate": Position("es", name_gate(CF), attempt="17"),
    "voicemail": Position("es", name_voicemail(CF), attempt="17"),
    "free number": Position("en", "optout"),
}
EACH_BEGINNING = pytest.mark.parametrize(
    ("start", "within"),
    [(BEGINNINGS["gate"], "/reminder/"), (BEGINNINGS["voicemail"], ""), (BEGINNINGS["free number"], "optout")],
    ids=BEGINNINGS.keys(),
)


def leaks(positions: Iterator[Position]) -> set[str]:
    """The prompts that hold a forbidden word, among all that are heard at `positions`."""
    said = {each for position in positions for each in told(position)}
    return {prompt for code, prompt, words in said if list(forbidden_in(words, stems(code), code))}


@EACH_BEGINNING
def test_h1_no_key_but_one_at_the_gate_leads_a_reminder_to_a_word_of_health(start: Position, within: str) -> None:
    assert leaks(reached(LINE, start, within)) == set()


def test_h1_until_one_is_pressed_at_the_gate_a_reminder_comes_to_no_other_node_of_its_own() -> None:
    nodes = {
        position.node.removeprefix(f"{CF}/reminder/") for position in reached(LINE, BEGINNINGS["gate"], "/reminder/")
    }
    assert nodes == {"gate", "voicemail", "languages", "wrong-saved", "stopped", "failed"}


@pytest.mark.parametrize("name", ["gate", "free number"])
def test_h1_by_way_of_a_person_or_another_language_nothing_of_health_is_heard_either(name: str) -> None:
    assert leaks(reached(LINE, BEGINNINGS[name])) == set()


def unlooked(start: Position, within: str) -> set[str]:
    """Prompts that are heard there, and that NEUTRAL does not name. The emergency notice is the same in every call."""
    said = {prompt for position in reached(LINE, start, within) for _, prompt, _ in told(position)}
    digits = {digit.id for digit in phrases.DIGITS}
    return said - digits - {phrases.EMERGENCY.id} - {prompt.id for prompt in NEUTRAL}


def test_h1_every_prompt_of_the_voicemail_is_looked_at_before_a_campaign_starts() -> None:
    assert unlooked(BEGINNINGS["voicemail"], "") == set()


@pytest.mark.parametrize(("name", "within"), [("gate", "/reminder/"), ("free number", "optout")])
def test_h1_every_prompt_of_the_gate_and_the_free_number_is_looked_at_too(name: str, within: str) -> None:
    assert unlooked(BEGINNINGS[name], within) == set()
