"""Kokoro is asked for the right sounds, at the right pace, in the right voice; a fake session stands for its model.

The session answers every question with a tone as long as the letters, and remembers what it was asked. One test at the
end hears the real voice, where it is installed.
"""

import pickle
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from ivr.errors import SpeechError
from ivr.line.languages import find_speed
from ivr.speech.build import build
from ivr.speech.clips import Clips
from ivr.speech.engines import kokoro, kokoro_files, phonemes
from ivr.speech.engines.kokoro import ALONE, APART, BREATH, MOST_LETTERS, RATE, SHORT, USUAL_PACE, Kokoro
from ivr.speech.engines.kokoro_files import find_voices
from ivr.speech.mastering import measure
from ivr.speech.sound import Grade, Samples
from tests.speech.tones import script, tone

A_LETTER = 0.05
"""Seconds of the fake session's tone for each letter."""
VOICES = find_voices()
ENGLISH_PACE = find_speed("kokoro", "en", USUAL_PACE)
LETTERS = {sign: number for number, sign in enumerate("abcdefghijklmnopqrstuvwxyz .,!?…", 1)}


@dataclass
class Session:
    """Stands for onnxruntime's. `asked` holds what it was asked, in order; `loaded` how often a model was read.
    `silence` is put before and after every answer, in seconds; `level` is its highest sample."""

    asked: list[Mapping[str, Samples]] = field(default_factory=list)
    loaded: int = 0
    threads: int = 0
    silence: float = 0.0
    level: float = 0.3

    def run(self, outputs: object, asked: Mapping[str, Samples]) -> list[Samples]:
        self.asked.append(asked)
        spoken = tone(A_LETTER * asked["tokens"].shape[1], RATE, level=self.level)
        return [np.pad(spoken, round(self.silence * RATE))[np.newaxis, :]]

    def begin(self, content: bytes, options: SimpleNamespace, providers: list[str]) -> "Session":
        assert (content, providers) == (b"the model", ["CPUExecutionProvider"])
        self.loaded += 1
        self.threads = options.intra_op_num_threads
        return self

    def words(self) -> list[str]:
        """What it was asked to say, in letters again."""
        signs = {number: sign for sign, number in LETTERS.items()} | {0: "|"}
        return ["".join(signs[number] for number in one["tokens"][0]) for one in self.asked]

    def speeds(self) -> list[float]:
        return [round(float(one["speed"][0]), 4) for one in self.asked]


def a_voice(language: str, _folder: Path) -> bytes:
    """A style for each count of letters, each its own number: 1.0 for one letter in English."""
    first = list(VOICES).index(language) * 1000 + 1
    return np.repeat(np.arange(first, first + 510, dtype="<f4"), 256).tobytes()


def read_one_style(language: str, folder: Path) -> list[bytes]:
    return [a_voice(language, folder)]


def find_seconds(sentence: str, around: float = 0.0) -> float:
    """How long the fake model's tone for a sentence is once it is stretched, with so much silence around it."""
    pace = ENGLISH_PACE * (ALONE if len(sentence) <= SHORT else 1)
    return ((len(sentence) + 2) * A_LETTER + around) / pace


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Session:
    """Kokoro with a fake model, a fake voice, and an alphabet of its own: words are their own sounds."""
    session = Session()
    module = SimpleNamespace(SessionOptions=SimpleNamespace, InferenceSession=session.begin)
    monkeypatch.setitem(sys.modules, "onnxruntime", module)
    monkeypatch.setattr(kokoro_files, "read_model", lambda _folder: b"the model")
    monkeypatch.setattr(kokoro_files, "read_styles", read_one_style)
    monkeypatch.setattr(kokoro_files, "read_letter_numbers", lambda: LETTERS)
    monkeypatch.setattr(phonemes, "write_phonemes", lambda text, *_: text.lower())
    return session


# --- What it can speak -----------------------------------------------------------------------------------------------


def bring(folder: Path, *languages: str, model: bool = True) -> None:
    styles = [style for language in languages for style in VOICES[language].split("+")]
    for name in [*(f"{style}.bin" for style in styles), *([kokoro_files.MODEL] if model else [])]:
        (folder / name).write_bytes(b"a file")


def test_a_language_is_spoken_where_the_model_its_voice_and_what_writes_its_sounds_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(tmp_path, "en", "zh")
    monkeypatch.setattr(phonemes, "is_readable", lambda language: language != "zh")
    graded = {code: Kokoro(tmp_path).grade(code) for code in ("en", "zh", "es", "vi", "xx")}
    assert graded == {"en": Grade.NEURAL, "zh": None, "es": None, "vi": None, "xx": None}


def test_without_the_model_no_language_is_spoken(tmp_path: Path) -> None:
    bring(tmp_path, "en", model=False)
    assert Kokoro(tmp_path).grade("en") is None


NATIVE = {"en": "a", "es": "e", "fr": "f", "it": "i", "ja": "j", "pt": "p", "zh": "z"}
"""The letter with which Kokoro's native voices of a language begin."""


@pytest.mark.parametrize("code", VOICES)
def test_a_voice_of_the_languages_own_is_neural_and_one_of_another_language_has_an_accent(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phonemes, "is_readable", lambda _: True)
    bring(tmp_path, code)
    own = all(style.startswith(f"{NATIVE.get(code)}f_") for style in VOICES[code].split("+"))
    assert own == (code in NATIVE)
    assert Kokoro().name_voice(code) == VOICES[code]
    assert Kokoro(tmp_path).grade(code) is (Grade.NEURAL if own else Grade.ACCENTED)


def test_a_language_without_a_voice_is_refused_and_never_spoken_in_another(session: Session) -> None:
    for ask in (lambda: Kokoro().name_voice("vi"), lambda: Kokoro().speak("one", "vi", slow=False)):
        with pytest.raises(SpeechError, match=r"^Kokoro has no voice for vi\.$"):
            ask()
    assert (session.loaded, session.asked) == (0, [])


def test_it_counts_as_installed_only_with_its_packages_and_a_voice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kokoro, "PACKAGES", ("pytest",))
    there = {"en"}
    monkeypatch.setattr(kokoro_files, "is_present", lambda language: language in there)
    assert Kokoro.is_installed()
    there.clear()
    assert not Kokoro.is_installed()
    there.add("en")
    monkeypatch.setattr(kokoro, "PACKAGES", ("pytest", "no_such_package_anywhere"))
    assert not Kokoro.is_installed()


# --- What decides how a clip sounds ----------------------------------------------------------------------------------


def test_the_version_names_the_model_and_espeak_and_the_sounds_are_named_as_a_preprocessor() -> None:
    assert Kokoro().version.startswith(f"82m-int8 {kokoro_files.MODEL_SHA256[:8]}, espeak ")
    assert Kokoro().preprocessors == (phonemes.VERSION,)
    assert Kokoro().own_slow_pace is False


@pytest.mark.parametrize("language", VOICES)
def test_each_language_has_one_pace_slower_than_kokoros_own_which_is_part_of_the_address_and_is_stretched_to(
    language: str, session: Session
) -> None:
    engine, pace = Kokoro(), find_speed("kokoro", language, USUAL_PACE)
    assert 0.6 < pace < 1
    for slow in (False, True):  # the slow clip is stretched once more, from the normal one
        assert engine.list_parameters(language, slow=slow) == {"pace": pace}
        speech = engine.speak("good morning to you.", language, slow=slow)
        assert speech.seconds == pytest.approx(22 * A_LETTER / pace, abs=0.05)
    assert session.speeds() == [1.0, 1.0]


def test_it_goes_to_a_worker_as_its_folder_alone(tmp_path: Path, session: Session) -> None:
    engine = Kokoro(tmp_path)
    engine.speak("one", "en", slow=False)
    other = pickle.loads(pickle.dumps(engine))  # noqa: S301 (our own bytes)
    assert (other.folder, other._model) == (tmp_path, None)


# --- What the model is asked -----------------------------------------------------------------------------------------


def test_words_are_asked_as_numbers_between_zeros_with_the_style_of_so_many_letters(session: Session) -> None:
    speech = Kokoro().speak("Good morning.", "en", slow=False)
    assert session.words() == ["|good morning.|"]
    (asked,) = session.asked
    assert {name: (value.dtype.name, value.shape) for name, value in asked.items()} == {
        "tokens": ("int64", (1, 15)),
        "style": ("float32", (1, 256)),
        "speed": ("float32", (1,)),
    }
    assert set(asked["style"][0]) == {13.0}
    assert (speech.rate, speech.samples.dtype.name) == (24_000, "float32")
    assert speech.seconds == pytest.approx(15 * A_LETTER / ENGLISH_PACE, abs=0.04)


@pytest.mark.parametrize(("letters", "alone"), [(1, True), (8, True), (9, False)])
def test_a_short_word_that_is_said_alone_is_said_more_slowly(letters: int, alone: bool, session: Session) -> None:
    speech = Kokoro().speak("a" * letters, "en", slow=False)
    pace = ENGLISH_PACE * (ALONE if alone else 1)
    assert speech.seconds == pytest.approx((letters + 2) * A_LETTER / pace, abs=0.04)
    assert session.speeds() == [1.0]


def test_the_model_and_a_voice_are_loaded_with_the_first_words_and_once(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def noted(language: str, folder: Path) -> list[bytes]:
        read.append(language)
        return [a_voice(language, folder)]

    monkeypatch.setattr(kokoro_files, "read_styles", noted)
    engine = Kokoro()
    assert session.loaded == 0
    for code in ("en", "es", "en"):
        engine.speak("one", code, slow=False)
    assert (session.loaded, session.threads, read) == (1, 1, ["en", "es"])
    assert [one["style"][0][0] for one in session.asked] == [3.0, 1003.0, 3.0]


def test_each_sentence_is_spoken_by_itself_with_a_breath_between(session: Session) -> None:
    sentences = ["good morning, you.", "are you well?", "i am!", "go on."]
    speech = Kokoro().speak(" ".join(sentences), "en", slow=False)
    assert session.words() == [f"|{sentence}|" for sentence in sentences]
    assert session.speeds() == [1.0] * 4
    spoken = sum(find_seconds(sentence) for sentence in sentences)
    assert speech.seconds == pytest.approx(spoken + 3 * BREATH, abs=0.1)
    first = round((len(sentences[0]) + 2) * A_LETTER / ENGLISH_PACE * RATE)
    assert not speech.samples[first : first + round(BREATH * 0.9 * RATE)].any()


def test_digits_that_stand_apart_are_spoken_one_by_one_and_slowly_with_a_short_pause_between(session: Session) -> None:
    parts = ["call us on nine…", "one…", "one."]
    speech = Kokoro().speak(" ".join(parts), "en", slow=False)
    assert session.words() == [f"|{part}|" for part in parts]
    assert speech.seconds == pytest.approx(sum(map(find_seconds, parts)) + 2 * APART, abs=0.05)


def test_the_silence_that_the_model_puts_around_a_sentence_is_cut_to_a_moment(session: Session) -> None:
    session.silence = 1.5
    speech = Kokoro().speak("good morning. go on.", "en", slow=False)
    spoken = find_seconds("good morning.", 0.07) + find_seconds("go on.", 0.07)
    assert speech.seconds == pytest.approx(spoken + BREATH, abs=0.05)


def test_a_sentence_of_which_the_model_says_nothing_is_not_cut_at_all(session: Session) -> None:
    session.silence, session.level = 0.5, 0.0
    speech = Kokoro().speak("good morning.", "en", slow=False)
    assert speech.seconds == pytest.approx((15 * A_LETTER + 1.0) / ENGLISH_PACE, abs=0.01)
    assert not speech.samples.any()


@pytest.mark.parametrize(("letters", "asked"), [(500, [500]), (501, [500, 1]), (1200, [500, 500, 200])])
def test_a_sentence_that_is_too_long_for_the_model_is_cut(letters: int, asked: list[int], session: Session) -> None:
    Kokoro().speak("a" * letters, "en", slow=False)
    assert [len(words) - 2 for words in session.words()] == asked
    assert max(asked) == MOST_LETTERS


def test_a_sign_that_it_has_no_sound_for_is_refused_by_name(session: Session) -> None:
    with pytest.raises(SpeechError) as caught:
        Kokoro().speak("æon ß", "en", slow=False)
    assert str(caught.value) == "Kokoro has no sound for ß (U+00DF) æ (U+00E6) in: æon ß"
    assert session.asked == []


def test_no_words_are_refused(session: Session) -> None:
    with pytest.raises(SpeechError, match=r"^There is nothing to say in these words\.$"):
        Kokoro().speak("", "en", slow=False)


def test_a_damaged_model_is_told_in_words_and_looked_for_again(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(_folder: Path) -> bytes:
        raise SpeechError("The model is damaged. Delete it, and run: make neural")

    engine = Kokoro()
    with monkeypatch.context() as patch:
        patch.setattr(kokoro_files, "read_model", damaged)
        with pytest.raises(SpeechError, match="make neural"):
            engine.speak("one", "en", slow=False)
    engine.speak("one", "en", slow=False)
    assert session.loaded == 1


def test_a_build_speaks_each_line_once_with_it_and_stretches_the_slow_clips(tmp_path: Path, session: Session) -> None:
    bring(tmp_path, "en")
    words = script(hello="good morning to you.", menu="press one to go on.")
    report = build(words, [Kokoro(tmp_path)], tmp_path, jobs=0)
    assert (report.made, report.faults) == (4, ())
    assert session.words() == ["|good morning to you.|", "|press one to go on.|"]
    assert [(one.engine, one.voice, one.grade) for one in report.languages] == [("kokoro", "af_heart", Grade.NEURAL)]
    assert all(Clips(tmp_path).find(said, slow=True) for said in words["en"])


# --- The real voice, where it is installed ----------------------------------------------------------------------------


@pytest.mark.skipif(not kokoro_files.is_present("en"), reason="Kokoro's files are not here: make neural")
def test_the_real_voice_says_a_word_the_same_way_twice() -> None:
    for module in kokoro.PACKAGES:
        pytest.importorskip(module)
    engine = Kokoro()
    first, again = (engine.speak("Thank you.", "en", slow=False) for _ in range(2))
    assert np.array_equal(first.samples, again.samples)
    assert first.rate == RATE
    heard = measure(first.samples, first.rate)
    assert 0.3 < heard.seconds - heard.leading - heard.trailing < 3
