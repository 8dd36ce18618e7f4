"""The check trusts only what it measures, and says everything that is wrong with a clip."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from ivr.speech.build import build, ship
from ivr.speech.check import check
from ivr.speech.clips import Clips
from ivr.speech.doubles import has_double
from ivr.speech.manifest import LanguageClips, Manifest, locate_built_layer, read_manifest, write_manifest
from ivr.speech.mastering import encode
from ivr.speech.pace import bound_seconds
from ivr.speech.sound import SLOW, Samples, Speech
from ivr.speech.synthetic_mark import mark_synthetic
from ivr.wording.script import ScriptLine
from tests.speech.tones import Tones, line, script, tone

WORDS = script(hello="Welcome to the line, and thank you for calling.")
HELLO = WORDS["en"][0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An audio folder in which all is well."""
    build(WORDS, [Tones()], tmp_path, jobs=0)
    return tmp_path


def put(folder: Path, content: bytes, *, seconds: float | None = None) -> None:
    """Puts another file in the place of the clip, and lets the manifest agree to it."""
    content = mark_synthetic(content, "tones", "alto-en") if content.startswith(b"RIFF") else content
    manifest = read_manifest(locate_built_layer(folder).manifest)
    heard = manifest.languages["en"].active_set
    assert heard is not None
    clip = heard.normal["hello"]
    locate_built_layer(folder).locate("en", clip.name).write_bytes(content)
    with soundfile.SoundFile(locate_built_layer(folder).locate("en", clip.name)) as file:
        length = file.frames / file.samplerate
    sha256 = hashlib.sha256(content).hexdigest()
    changed = replace(heard, normal={"hello": replace(clip, sha256=sha256, seconds=seconds or length)})
    language = LanguageClips(heard.key, {heard.key: changed})
    write_manifest(locate_built_layer(folder).manifest, Manifest({"en": language}))


def test_a_sound_line_has_no_faults_and_both_paces_are_measured(folder: Path) -> None:
    report = check(WORDS, folder)
    assert report.faults == ()
    assert [(one.language, one.id, one.pace) for one in report.measures] == [
        ("en", "hello", "normal"),
        ("en", "hello", "slow"),
    ]
    for one in report.measures:
        assert one.measure.lufs == pytest.approx(-20, abs=1)
        assert one.measure.peak < -3


def test_a_line_without_a_clip_is_a_fault_in_both_paces(folder: Path) -> None:
    report = check(script(hello="Other words altogether."), folder)
    assert [str(fault) for fault in report.faults] == [
        "en/hello (normal): There is no clip of these words. Run: flask audio build",
        "en/hello (slow): There is no clip of these words. Run: flask audio build",
    ]


def test_a_missing_slow_clip_is_a_fault_though_the_normal_one_would_be_played(folder: Path) -> None:
    heard = read_manifest(locate_built_layer(folder).manifest).languages["en"].active_set
    assert heard is not None
    locate_built_layer(folder).locate("en", heard.slow["hello"].name).unlink()
    assert [fault.place for fault in check(WORDS, folder).faults] == ["en/hello (slow)"]


def test_a_file_that_is_not_the_one_of_the_manifest_is_a_fault(folder: Path) -> None:
    heard = read_manifest(locate_built_layer(folder).manifest).languages["en"].active_set
    assert heard is not None
    path = locate_built_layer(folder).locate("en", heard.normal["hello"].name)
    content = bytearray(path.read_bytes())
    content[5_000] ^= 1
    path.write_bytes(content)
    assert [fault.words for fault in check(WORDS, folder).faults] == [
        "The file is not the one that the manifest names. Run: flask audio build"
    ]


def test_a_damaged_file_of_the_checkout_is_to_be_taken_from_there_again(tmp_path: Path) -> None:
    ship(WORDS, [Tones()], tmp_path, lexicons={}, jobs=0)
    path = Clips(tmp_path).find_path(WORDS["en"][0], slow=False)
    assert path is not None
    path.write_bytes(b"no sound")
    remedy = "It came with the checkout. Take it from there again: git checkout -- audio/clips"
    assert {fault.words for fault in check(WORDS, tmp_path).faults if "(normal)" in fault.place} == {
        f"The file is not the one that the manifest names. {remedy}",
        f"The file is not sound. {remedy}",
    }


def test_a_file_that_is_no_sound_is_a_fault(folder: Path) -> None:
    heard = read_manifest(locate_built_layer(folder).manifest).languages["en"].active_set
    assert heard is not None
    locate_built_layer(folder).locate("en", heard.normal["hello"].name).write_bytes(b"no sound")
    assert "The file is not sound. Run: flask audio build" in [fault.words for fault in check(WORDS, folder).faults]


def speech(seconds: float = 4.0, level: float = 0.246) -> np.ndarray:
    margin = np.zeros(1_200, np.float32)
    return np.concatenate([margin, tone(seconds, 8_000, 440, level), margin])


def babble(seconds: float, seed: int = 7) -> Samples:
    """Noise whose loudness wanders as that of words does: never the same twice, unless it has the same seed."""
    chance = np.random.default_rng(seed)
    steps = np.repeat(chance.uniform(0.02, 1, round(seconds * 12) + 1), 667)[: round(seconds * 8_000)]
    noise = chance.uniform(-1, 1, len(steps)) * steps
    return np.asarray(noise * 0.08 / np.sqrt((noise**2).mean()), dtype=np.float32)


FAULTS: dict[str, tuple[Callable[[], bytes], list[str]]] = {
    "too quiet": (lambda: encode(speech(level=0.05)), ["Its loudness is -33.8 LUFS; it has to be -20 ±1."]),
    "too loud": (lambda: encode(speech(level=0.6)), ["Its loudness is -12.2 LUFS; it has to be -20 ±1."]),
    "too high a peak": (lambda: encode(np.r_[speech(), 0.9]), ["Its peak is -1.0 dBFS; it has to be under -3."]),
    "clipped": (
        lambda: encode(np.r_[speech(), np.ones(9)]),
        ["It is clipped at 9 samples.", "Its peak is -0.2 dBFS; it has to be under -3."],
    ),
    "silence before": (
        lambda: encode(np.r_[np.zeros(5_000), speech()]),
        ["It is silent for 0.77 s before and 0.14 s after its words; at most 0.4."],
    ),
    "silence after": (
        lambda: encode(np.r_[speech(), np.zeros(5_000)]),
        ["It is silent for 0.15 s before and 0.78 s after its words; at most 0.4."],
    ),
    "too long": (
        lambda: encode(speech(26)),
        [
            "It lasts 26 s; at most 25: say it in two clips.",
            "It lasts 26.3 s; these words take 1.2 to 13.1 s: listen to it.",
            "Its pace is 21 words a minute; it has to be 85 to 280.",
        ],
    ),
    "too long for its words": (
        lambda: encode(speech(20)),
        [
            "It lasts 20.3 s; these words take 1.2 to 13.1 s: listen to it.",
            "Its pace is 27 words a minute; it has to be 85 to 280.",
        ],
    ),
    "too short for its words": (
        lambda: encode(speech(0.5, level=0.27)),
        [
            "It lasts 0.8 s; these words take 1.2 to 13.1 s: listen to it.",
            "Its pace is 1080 words a minute; it has to be 85 to 280.",
        ],
    ),
    "running": (
        lambda: encode(speech(1.4)),
        ["Its pace is 386 words a minute; it has to be 85 to 280."],
    ),
    "dragging": (
        lambda: encode(speech(6.4)),
        ["Its pace is 84 words a minute; it has to be 85 to 280."],
    ),
    "silent": (
        lambda: encode(np.zeros(30_000, np.float32)),
        [
            "It is silent for 3.75 s before and 0.00 s after its words; at most 0.4.",
            "Its loudness is -inf LUFS; it has to be -20 ±1.",
        ],
    ),
    "the same sound twice": (
        lambda: encode(np.r_[babble(1.8), np.zeros(2_000), babble(1.8)]),
        ["The same sound comes twice in it: listen to it."],
    ),
}


@pytest.mark.parametrize(("content", "words"), FAULTS.values(), ids=FAULTS)
def test_everything_that_a_telephone_should_not_play_is_a_fault(
    folder: Path, content: Callable[[], bytes], words: list[str]
) -> None:
    put(folder, content())
    faults = check(WORDS, folder).faults
    assert [fault.words for fault in faults] == words
    assert {fault.place.split(",")[0] for fault in faults} == {"en/hello (normal)"}


@pytest.mark.parametrize("form", [{"subtype": "PCM_16"}, {"subtype": "ALAW"}])
def test_a_clip_of_another_form_is_a_fault(folder: Path, tmp_path: Path, form: dict[str, str]) -> None:
    soundfile.write(tmp_path / "other.wav", speech(), 8_000, **form)
    put(folder, (tmp_path / "other.wav").read_bytes())
    assert any("it has to be 8 kHz mono µ-law" in fault.words for fault in check(WORDS, folder).faults)


def test_a_length_that_the_manifest_has_wrong_is_a_fault(folder: Path) -> None:
    put(folder, encode(speech()), seconds=9.9)
    assert "It lasts 4.30 s, and the manifest says 9.90." in [fault.words for fault in check(WORDS, folder).faults]


@pytest.mark.parametrize(
    ("text", "language", "seconds"),
    [
        ("Nine.", "en", 0.8),
        ("Do not eat or drink anything for six hours before your procedure.", "en", 4.5),
        ("手术前六小时内请不要吃东西或喝水。", "zh", 4.9),
        ("12:30", "de", 1.9),
        ("수술 전 여섯 시간 동안 드시지 마세요.", "ko", 3.5),
    ],
)
def test_a_real_pace_is_plausible_and_one_far_from_it_is_not(text: str, language: str, seconds: float) -> None:
    shortest, longest = bound_seconds(line("one", text, language))
    assert shortest <= seconds <= longest
    assert longest < seconds * 5 + 2.5
    assert shortest > seconds / 12


# --- the voice as a whole

NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
MANY = script(
    **{
        f"clip-{first}-{second}": f"Words to say before number {first}, and after that number {second}"
        for first in NUMBERS[:2]
        for second in NUMBERS
    }
)


@dataclass(frozen=True)
class Odd(Tones):
    """Speaks as the tones do, every letter at `pace`; words with `odd` in them last `times` as long as they should."""

    pace: float = 1.0
    odd: str = "†"
    times: float = 1.0

    def speak(self, text: str, language: str, *, slow: bool) -> Speech:
        seconds = len(text) / 15 / self.pace / (SLOW if slow else 1.0)
        return Speech(tone(seconds * (self.times if self.odd in text else 1), pitch=300), 16_000)


def faults(folder: Path, engine: Odd, words: dict[str, tuple[ScriptLine, ...]] = MANY) -> list[str]:
    build(words, [engine], folder, jobs=0)
    return [f"{fault.place.split(',')[0]}: {fault.words}" for fault in check(words, folder).faults]


def test_a_voice_that_keeps_its_pace_has_no_faults(tmp_path: Path) -> None:
    assert faults(tmp_path, Odd()) == []


@pytest.mark.parametrize(
    ("times", "seconds"),
    [(0.55, "It lasts 2.4 s; these words take 2.8 to 6.1 s"), (1.7, "It lasts 6.8 s; these words take 2.8 to 6.1 s")],
)
def test_words_that_last_half_or_twice_as_long_as_this_voice_takes_are_a_fault(
    tmp_path: Path, times: float, seconds: str
) -> None:
    found = faults(tmp_path, Odd(odd="two, and after that number six", times=times))
    assert found[0] == f"en/clip-two-six (normal): {seconds}: listen to it."
    assert {one.split(":")[0] for one in found} == {"en/clip-two-six (normal)", "en/clip-two-six (slow)"}


def test_a_few_clips_are_not_enough_to_know_a_voice_by(tmp_path: Path) -> None:
    few = {"en": MANY["en"][:19]}
    assert faults(tmp_path, Odd(odd="two, and after that number six", times=1.7), few) == []


def test_a_word_that_is_said_alone_may_be_drawn_out_and_has_no_pace(tmp_path: Path) -> None:
    words = {"en": (*MANY["en"], line("digit.1", "Yes"))}
    assert faults(tmp_path, Odd(odd="Yes", times=3.0), words) == []
    alone = check(words, tmp_path).measures[-1]
    assert (alone.id, alone.rate) == ("digit.1", None)


@pytest.mark.parametrize(("pace", "normal", "slow"), [(0.6, 102, 82), (1.6, 273, 219)])
def test_a_voice_that_drags_or_runs_as_a_whole_is_a_fault_of_its_language(
    tmp_path: Path, pace: float, normal: int, slow: int
) -> None:
    assert faults(tmp_path, Odd(pace=pace)) == [
        f"en (normal): The middle of its clips is at {normal} words a minute; it has to be 120 to 195.",
        f"en (slow): The middle of its clips is at {slow} words a minute; it has to be 96 to 156.",
    ]


def test_the_slow_pace_may_last_longer_by_its_share(tmp_path: Path) -> None:
    words = script(hello="Anti-inflammatory medicines.")
    assert bound_seconds(words["en"][0])[1] == pytest.approx(9.64, abs=0.01)
    assert faults(tmp_path, Odd(pace=0.21), words) == []
    slow = check(words, tmp_path).measures[1]
    assert (slow.pace, slow.measure.seconds) > ("slow", 11.0)


def test_a_clip_says_how_long_it_should_last_and_how_fast_it_is(tmp_path: Path) -> None:
    build(MANY, [Odd()], tmp_path, jobs=0)
    one = check(MANY, tmp_path).measures[0]
    assert (one.id, one.voice) == ("clip-one-one", "tones alto-en")
    assert one.measure.seconds == pytest.approx(4.1, abs=0.02)
    assert one.expected == pytest.approx(4.1, abs=0.15)
    assert one.rate == pytest.approx(11 * 60 / 3.8, abs=1)


def test_the_worst_mark_is_the_one_that_is_nearest_to_its_limit(folder: Path) -> None:
    put(folder, encode(speech(level=0.05)))
    found = check(WORDS, folder).measures[0]
    assert (found.worst.name, found.worst.words) == ("loudness", "Its loudness is -33.8 LUFS; it has to be -20 ±1.")
    assert found.worst.badness == pytest.approx(13.8, abs=0.05)


@pytest.mark.parametrize("pause", [0.0, 0.1, 0.3])
def test_a_sound_that_comes_twice_is_noticed_whatever_the_pause(pause: float) -> None:
    words, quiet = babble(1.5), np.zeros(round(pause * 8_000), np.float32)
    assert has_double(np.concatenate([words, quiet, words]), 8_000)


@pytest.mark.parametrize(
    "sound",
    [
        babble(4),
        np.concatenate([babble(1.5), babble(1.5, seed=8)]),
        np.concatenate([babble(0.8), babble(0.8)]),
        tone(4, 8_000),
        np.zeros(32_000, np.float32),
        np.zeros(0, np.float32),
    ],
    ids=["other words", "two sentences", "too short to tell", "a hum", "silence", "nothing"],
)
def test_what_does_not_come_twice_is_left_alone(sound: Samples) -> None:
    assert not has_double(sound, 8_000)
