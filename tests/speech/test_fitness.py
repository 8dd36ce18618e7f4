"""Which voices patients may hear: by grade and by licence, as the clinic decided."""

import pytest

from ivr.line.languages import LANGUAGES
from ivr.speech.engines import ENGINES, RECORDINGS
from ivr.speech.fitness import VoiceRules, explain_unfit
from ivr.speech.licences import UNKNOWN, find_licence
from ivr.speech.manifest import ClipSet
from ivr.speech.sound import Grade

OPEN = VoiceRules(accented="open", preview="open", unsettled="open")
PRODUCTION = VoiceRules(accented="close", preview="close", unsettled="close")
ACCENT = "its voice has an accent that no native speaker has judged (ACCENTED_VOICES is close)"
PREVIEW = "its only voice is a preview (PREVIEW_VOICES is close)"
UNSETTLED = "the licence of its voice is not known (UNSETTLED_LICENCES is close)"


def voice(engine: str, name: str, grade: Grade) -> ClipSet:
    return ClipSet(engine=engine, voice=name, grade=grade, normal={}, slow={})


VOICES = {
    "recorded": (voice("recordings", "", Grade.RECORDED), ""),
    "neural": (voice("kokoro", "ef_dora", Grade.NEURAL), ""),
    "accented": (voice("kokoro", "hf_beta", Grade.ACCENTED), ACCENT),
    "basic": (voice("pico", "de-DE", Grade.BASIC), ""),
    "basic, named makers": (voice("rhvoice", "Alicja", Grade.BASIC), ""),
    "basic, not settled": (voice("rhvoice", "irina", Grade.BASIC), UNSETTLED),
    "preview": (voice("espeak", "vi", Grade.PREVIEW), PREVIEW),
    "preview, of an engine that nobody knows": (voice("parrot", "vi", Grade.PREVIEW), PREVIEW),
    "basic, of an engine that nobody knows": (
        voice("parrot", "vi", Grade.BASIC),
        UNSETTLED,
    ),
}


@pytest.mark.parametrize(("heard", "words"), VOICES.values(), ids=VOICES.keys())
def test_what_patients_may_not_hear_is_closed_in_production_and_open_on_ones_own_machine(
    heard: ClipSet, words: str
) -> None:
    assert explain_unfit(heard, PRODUCTION) == words
    assert explain_unfit(heard, OPEN) == ""


def test_a_language_without_any_voice_is_not_closed_for_it() -> None:
    assert explain_unfit(None, PRODUCTION) == ""


def test_each_decision_opens_what_it_is_about_and_nothing_else() -> None:
    accent, preview = VOICES["accented"][0], VOICES["preview"][0]
    russian = VOICES["basic, not settled"][0]
    for name, opened in (("accented", accent), ("preview", preview), ("unsettled", russian)):
        rules = VoiceRules(**{"accented": "close", "preview": "close", "unsettled": "close", name: "open"})
        heard = [explain_unfit(each, rules) == "" for each in (accent, preview, russian)]
        assert heard == [each is opened for each in (accent, preview, russian)]


def test_every_voice_of_every_row_has_a_licence_that_somebody_wrote_down() -> None:
    named = [(engine, name) for row in LANGUAGES.values() for engine, name in row.voices.items()]
    assert [pair for pair in named if find_licence(*pair) is UNKNOWN] == []
    assert {engine for engine, _ in named} <= {*ENGINES}
    assert find_licence(RECORDINGS, "").is_settled
