"""A back-translation is free in its words, but no number, no "not", no "right away" may be lost or gained in it."""

import pytest

from ivr.wording.catalogs import read_entries
from ivr.wording.translation.meaning import find_differences
from tests.wording.translation import FOR_CALLERS, LOCALES

DENIAL = "a denial (not, never, no)"
AT_ONCE = "that it is at once"
LOST = {
    "a dropped not": (
        "Do not eat before the procedure.",
        "Eat before the procedure.",
        [f"{DENIAL} is gone"],
    ),
    "a not too many": ("Take your medicines.", "Do not take your medicines.", [f"{DENIAL} is new"]),
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


FREE = [
    ("Do not eat.", "It is forbidden to eat."),
    ("Do not eat.", "Please don't eat."),
    ("It lasts two hours.", "It will go on for 2 hours."),
    ("Call right away.", "Call us at once."),
    ("It may hurt.", "It could possibly hurt."),
    ("One of them helps.", "Someone helps."),
    ("Wait {fasting}.", "Please be patient: {fasting}."),
]


@pytest.mark.parametrize(("source", "back"), FREE)
def test_other_words_for_the_same_are_no_difference(source: str, back: str) -> None:
    assert list(find_differences(source, back)) == []


def test_every_clinical_prompt_that_denies_something_is_caught_when_its_denial_is_dropped() -> None:
    back = read_entries(LOCALES / "pl" / "back-translation.po")
    denying = [
        prompt
        for prompt in FOR_CALLERS
        if prompt.facts and any(word in prompt.text.lower().split() for word in ("not", "never", "no"))
    ]
    assert len(denying) > 5
    for prompt in denying:
        assert list(find_differences(prompt.text, back[prompt.id].text)) == []
        assert f"{DENIAL} is gone" in [each.words for each in find_differences(prompt.text, "Yes.")]
