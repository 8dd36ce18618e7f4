"""Equal words are equal however they were saved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.folding import fold_words

SAVED = {
    "as they are": ("Está bien.", "Está bien."),
    "letters taken apart": ("Esta\u0301 bien.", "Está bien."),
    "no-break spaces": ("Está\u00a0bien.\u202f", "Está bien."),
    "double blanks, and blanks around": ("  Está   bien. ", "Está bien."),
    "a line break": ("Está\r\nbien.", "Está bien."),
    "Korean letters taken apart": ("\u1112\u1161\u11ab", "한"),
    "a joiner that belongs to the word": ("نمی\u200cخواهید", "نمی\u200cخواهید"),
    "other letters that only look alike": ("Ⅳ", "Ⅳ"),
    "nothing": (" \n", ""),
}


@pytest.mark.parametrize(("saved", "folded"), SAVED.values(), ids=SAVED.keys())
def test_words_are_folded_into_their_one_form(saved: str, folded: str) -> None:
    assert fold_words(saved) == folded


@given(st.text())
def test_words_that_were_folded_stay_as_they_are(text: str) -> None:
    assert fold_words(fold_words(text)) == fold_words(text)
