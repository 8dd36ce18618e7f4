"""The check trusts only what it measures, and says everything that is wrong with a clip."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from ivr.speech.build import build
from ivr.speech.check import check, plausible
from ivr.speech.manifest import LanguageClips, Manifest, built, read_manifest, write_manifest
from ivr.speech.mastering import encode
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
    manifest = read_manifest(built(folder).manifest)
    heard = manifest.languages["en"].heard
    assert heard is not None
    clip = heard.normal["hello"]
    built(folder).file("en", clip.name).write_bytes(content)
    with soundfile.SoundFile(built(folder).file("en", clip.name)) as file:
        length = file.frames / file.samplerate
    sha256 = hashlib.sha256(content).hexdigest()
    changed = replace(heard, normal={"hello": replace(clip, sha256=sha256, seconds=seconds or length)})
    language = LanguageClips(heard.key, {heard.key: changed})
    write_manifest(built(folder).manifest, Manifest({"en": language}))


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
    heard = read_manifest(built(folder).manifest).languages["en"].heard
    assert heard is not None
    built(folder).file("en", heard.slow["hello"].name).unlink()
    assert [fault.place for fault in check(WORDS, folder).faults] == ["en/hello (slow)"]


def test_a_file_that_is_not_the_one_of_the_manifest_is_a_fault(folder: Path) -> None:
    heard = read_manifest(built(folder).manifest).languages["en"].heard
    assert heard is not None
    path = built(folder).file("en", heard.normal["hello"].name)
    content = bytearray(path.read_bytes())
    content[5_000] ^= 1
    path.write_bytes(content)
    assert [fault.words for fault in check(WORDS, folder).faults] == [
        "The file is not the one that the manifest names. Run: flask audio build"
    ]


def test_a_file_that_is_no_sound_is_a_fault(folder: Path) -> None:
    heard = read_manifest(built(folder).manifest).languages["en"].heard
    assert heard is not None
    built(folder).file("en", heard.normal["hello"].name).write_bytes(b"no sound")
    assert "The file is not sound. Run: flask audio build" in [fault.words for fault in check(WORDS, folder).faults]


def speech(seconds: float = 4.0, level: float = 0.246) -> np.ndarray:
    margin = np.zeros(1_200, np.float32)
    return np.concatenate([margin, tone(seconds, 8_000, 440, level), margin])


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
        ["It is silent for 0.8 s before and 0.1 s after its words."],
    ),
    "silence after": (
        lambda: encode(np.r_[speech(), np.zeros(5_000)]),
        ["It is silent for 0.1 s before and 0.8 s after its words."],
    ),
    "too long": (
        lambda: encode(speech(26)),
        [
            "It lasts 26 s; at most 25: say it in two clips.",
            "It lasts 26.3 s; these words take 1.2 to 13.1 s: listen to it.",
        ],
    ),
    "too long for its words": (
        lambda: encode(speech(20)),
        ["It lasts 20.3 s; these words take 1.2 to 13.1 s: listen to it."],
    ),
    "too short for its words": (
        lambda: encode(speech(0.5, level=0.27)),
        ["It lasts 0.8 s; these words take 1.2 to 13.1 s: listen to it."],
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
    shortest, longest = plausible(line("one", text, language))
    assert shortest <= seconds <= longest
    assert longest < seconds * 5 + 2.5
    assert shortest > seconds / 12
