"""What a recogniser mishears: a fake one, which hears what it is told."""

from pathlib import Path

import pytest

from ivr.errors import SpeechError
from ivr.speech.build import build
from ivr.speech.clips import Clips
from ivr.speech.hearing import HeardClip, Whisper, listen, measure_errors
from tests.speech.tones import Tones, script

WORDS = script(
    menu="To hear everything, press one.",
    prep="Do not eat or drink anything.",
    lost="This has no clip at all.",
    one="one",
)


class Parrot:
    """Hears the same in every clip."""

    def __init__(self, words: str) -> None:
        self.words, self.asked = words, list[tuple[str, str]]()

    def hear(self, clip: Path, language: str) -> str:
        self.asked.append((clip.suffix, language))
        return self.words


@pytest.mark.parametrize(
    ("text", "heard", "errors"),
    [
        ("Do not eat.", "do not eat", 0.0),
        ("Do not eat.", "Do eat.", 3 / 8),
        ("abcd", "", 1.0),
        ("Café", "Cafe\u0301", 0.0),
        ("六个小时", "六小时", 0.25),
        ("", "", 0.0),
        ("ab", "abab", 1.0),
    ],
)
def test_wrong_letters_are_counted_without_spaces_case_and_punctuation(text: str, heard: str, errors: float) -> None:
    assert measure_errors(text, heard) == errors


def test_every_clip_that_is_there_and_long_enough_is_heard(tmp_path: Path) -> None:
    spoken = {"en": WORDS["en"][:2] + WORDS["en"][3:]}
    build(spoken, [Tones()], tmp_path, jobs=0)
    parrot, seen = Parrot("do not eat or drink anything"), list[int]()
    heard = list(listen(WORDS["en"], Clips(tmp_path), parrot, lambda: seen.append(1)))
    assert [(one.id, round(one.errors, 2)) for one in heard] == [("menu", 0.79), ("prep", 0.0)]
    assert heard[1] == HeardClip("en", "prep", "Do not eat or drink anything.", "do not eat or drink anything", 0.0)
    assert parrot.asked == [(".wav", "en"), (".wav", "en")]
    assert len(seen) == 4


def test_without_a_recogniser_or_its_model_one_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match=r"No recogniser is installed|is no folder"):
        Whisper(tmp_path / "nothing")
