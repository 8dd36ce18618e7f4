"""A back-translation is free in its words, but no number, no "not", no "right away" may be lost or gained in it."""

import pytest

from ivr.wording.catalogs import read_entries
from ivr.wording.translation.meaning import find_differences
from tests.wording.translation import FOR_CALLERS, LOCALES, TRANSLATED

DENIAL = "a denial (not, never, no)"
AT_ONCE = "that it is at once"
LOST = {
    "a dropped not": (
        "Do not eat before the procedure.",
        "Eat before the procedure.",
        [f"{DENIAL} is gone"],
    ),
    "a not too many": ("Take your medicines.", "Do not take your medicines.", [f"{DENIAL} is new"]),
    "a dropped no": ("That means no food.", "That means food.", [f"{DENIAL} is gone"]),
    "a dropped avoid": ("Avoid all lifting.", "Do all lifting.", [f"{DENIAL} is gone"]),
    "a failure that went well": ("Other care has failed.", "Other care has helped.", [f"{DENIAL} is gone"]),
    "freedom from pain that became pain": ("You are free of pain.", "You are in pain.", [f"{DENIAL} is gone"]),
    "a refusal that became consent": ("You may refuse care.", "You may accept care.", [f"{DENIAL} is gone"]),
    "a stop that became a start": ("When must you stop?", "When must you start?", [f"{DENIAL} is gone"]),
    "a protection too many": ("It covers the cut.", "It protects the cut.", [f"{DENIAL} is new"]),
    "two of them, where there are three": ("Three of them.", "The two of them.", ["the number 3 is gone"]),
    "two of them, where none were counted": ("They can help.", "Two of them can help.", ["the number 2 is new"]),
    "a dropped never": ("Never stop a medicine.", "Stop a medicine.", [f"{DENIAL} is gone"]),
    "a changed number": (
        "It lasts two hours.",
        "It lasts three hours.",
        ["the number 2 is gone", "the number 3 is new"],
    ),
    "a number in figures": (
        "It lasts two hours.",
        "It lasts 4 hours.",
        ["the number 2 is gone", "the number 4 is new"],
    ),
    "a dropped number": ("Two procedures.", "Procedures.", ["the number 2 is gone"]),
    "a dropped right away": ("Call us right away.", "Call us.", [f"{AT_ONCE} is gone"]),
    "an urgency too many": ("Call us.", "Call us immediately.", [f"{AT_ONCE} is new"]),
    "a may that became certain": ("It may hurt.", "It will hurt.", ["what only may happen is certain now"]),
    "a placeholder that is gone": ("Wait {fasting}.", "Wait.", ["the placeholders are not the same"]),
    "all at once": (
        "Do not wait, call two nurses right away.",
        "Wait, call nurses.",
        ["the number 2 is gone", f"{DENIAL} is gone", f"{AT_ONCE} is gone"],
    ),
}


@pytest.mark.parametrize(("source", "back", "words"), LOST.values(), ids=LOST.keys())
def test_a_signal_that_is_lost_or_gained_is_named(source: str, back: str, words: list[str]) -> None:
    assert [each.words for each in find_differences(source, back)] == words


WAYS_TO_DENY = [
    ("Do not eat.", "It is forbidden to eat."),
    ("Do not eat.", "Eating is prohibited."),
    ("Do not eat.", "Please don't eat."),
    ("Do not eat.", "Please avoid eating."),
    ("Do not eat.", "Eating must be avoided."),
    ("Do not eat.", "Please refrain from eating."),
    ("Do not eat.", "Stop eating."),
    ("When must you not eat?", "From when on must you stop taking food?"),
    ("When must you not eat?", "From when on must you put aside food?"),
    ("No one takes the call.", "Nobody takes the call."),
    ("Saving it did not work.", "Saving it failed."),
    ("Saving it did not work.", "Saving it was a failure."),
    ("Saving it did not work.", "They tried to save it in vain."),
    ("You feel no pain.", "You are free of pain."),
    ("You feel no pain.", "You will be spared pain."),
    ("You feel no pain.", "The medicine blocks pain."),
    ("You feel no pain.", "The medicine prevents pain."),
    ("You feel no pain.", "The medicine protects you from pain."),
    ("You feel no pain.", "You are sheltered from pain."),
    ("This is not advice.", "This is different from advice."),
    ("You may say no.", "You may reject it."),
    ("You may say no.", "You may decline."),
    ("You may say no.", "You may refuse."),
]


@pytest.mark.parametrize(("source", "back"), WAYS_TO_DENY)
def test_a_whole_word_denies_as_well_as_a_not(source: str, back: str) -> None:
    assert list(find_differences(source, back)) == []
    assert list(find_differences(back, source)) == []


FREE = [
    ("They can help.", "The two of them can help."),
    ("It lasts two hours.", "It will go on for 2 hours."),
    ("Call right away.", "Call us at once."),
    ("It may hurt.", "It could possibly hurt."),
    ("One of them helps.", "Someone helps."),
    ("Wait {fasting}.", "Please be patient: {fasting}."),
]


@pytest.mark.parametrize(("source", "back"), FREE)
def test_other_words_for_the_same_are_no_difference(source: str, back: str) -> None:
    assert list(find_differences(source, back)) == []


CLINICAL_DENIALS = [
    "notice",
    "compression-fracture.overview.when",
    "compression-fracture.prep.medicines",
    "compression-fracture.prep.fasting",
    "compression-fracture.during.anesthesia",
    "compression-fracture.during.asleep",
    "compression-fracture.after.lifting",
    "compression-fracture.rights.decide",
    "compression-fracture.question.eating",
]
"""What the line says of facts that forbids, denies, or tells of something that did not come about."""


def test_every_clinical_prompt_that_denies_something_is_caught_when_its_denial_is_dropped() -> None:
    caught = [
        prompt.id
        for prompt in FOR_CALLERS
        if prompt.facts and f"{DENIAL} is gone" in [each.words for each in find_differences(prompt.text, "Yes.")]
    ]
    assert caught == CLINICAL_DENIALS


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_language_denies_what_the_line_denies_of_facts(language: str) -> None:
    back = read_entries(LOCALES / language / "back-translation.po")
    texts = {prompt.id: prompt.text for prompt in FOR_CALLERS}
    found = {name: [each.words for each in find_differences(texts[name], back[name].text)] for name in CLINICAL_DENIALS}
    assert {name: words for name, words in found.items() if f"{DENIAL} is gone" in words} == {}
