"""Whoever gets hold of a clip can tell by machine that a machine spoke it; and whatever plays it does not mind."""

import io
import struct
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile

from ivr.speech.build import build, ship
from ivr.speech.check import check
from ivr.speech.clips import Clips
from ivr.speech.manifest import locate_built_layer, read_manifest
from ivr.speech.mastering import decode, encode
from ivr.speech.synthetic_mark import judge_mark, mark_synthetic, read_mark
from ivr.speech.wav_chunks import list_chunks
from ivr.speech.workers import describe_file
from ivr.voice.quiet import make_quiet
from tests.speech.test_kit import HELLO, Desk, content, desk, spoken
from tests.speech.tones import Tones, script, tone

__all__ = ["desk"]

MARK = "Synthetic speech; engine kokoro; voice ef_dora"
LENGTHS = (8_000, 8_001)
"""Samples; an odd number of bytes is filled up."""


def make(samples: int) -> bytes:
    return encode(tone(2, 8_000)[:samples])


@pytest.mark.parametrize("samples", LENGTHS)
def test_the_mark_stands_behind_the_sound_and_every_length_is_right(samples: int) -> None:
    plain = make(samples)
    marked = mark_synthetic(plain, "kokoro", "ef_dora")
    assert read_mark(marked) == MARK
    assert read_mark(plain) == ""
    assert [chunk.name for chunk in list_chunks(marked)] == [b"fmt ", b"fact", b"data", b"LIST"]
    assert struct.unpack_from("<I", marked, 4)[0] == len(marked) - 8
    assert len(marked) % 2 == 0
    data, mark = list_chunks(marked)[2:]
    assert (data.size, mark.start % 2, mark.find_end(marked)) == (samples, 0, len(marked))
    assert marked[12 : data.start + samples] == plain[12 : data.start + samples]


@pytest.mark.parametrize("samples", LENGTHS)
def test_marking_twice_is_marking_once_and_another_voice_replaces_the_mark(samples: int) -> None:
    marked = mark_synthetic(make(samples), "kokoro", "ef_dora")
    assert mark_synthetic(marked, "kokoro", "ef_dora") == marked
    assert mark_synthetic(marked, "pico", "es-ES") == mark_synthetic(make(samples), "pico", "es-ES")


def test_chunks_of_others_are_kept() -> None:
    plain = make(8_000) + b"LIST" + struct.pack("<I", 4) + b"INFO"
    names = [chunk.name for chunk in list_chunks(mark_synthetic(plain, "kokoro", "ef_dora"))]
    assert names == [b"fmt ", b"fact", b"data", b"LIST", b"LIST"]


@pytest.mark.parametrize("other", [b"", b"no sound", make(8_000)[:4_000], b"RIFF\4\0\0\0WAVE"])
def test_only_a_whole_wav_is_marked(other: bytes) -> None:
    with pytest.raises(ValueError, match="WAV"):
        mark_synthetic(other, "kokoro", "ef_dora")


@pytest.mark.parametrize("samples", LENGTHS)
def test_libsndfile_and_our_own_reading_hear_the_same_with_the_mark(samples: int) -> None:
    plain = make(samples)
    marked = mark_synthetic(plain, "kokoro", "ef_dora")
    assert np.array_equal(soundfile.read(io.BytesIO(marked))[0], soundfile.read(io.BytesIO(plain))[0])
    assert soundfile.info(io.BytesIO(marked)).frames == samples
    assert np.array_equal(decode(marked).samples, decode(plain).samples)
    assert describe_file(marked).seconds == describe_file(plain).seconds == round(samples / 8_000, 3)
    with soundfile.SoundFile(io.BytesIO(marked)) as file:
        assert (file.comment, file.software) == (MARK, "Spineline")


def test_pythons_own_wave_module_passes_the_mark_over() -> None:
    plain = make_quiet(1)  # it reads whole numbers only, so not a clip's µ-law
    with wave.open(io.BytesIO(mark_synthetic(plain, "kokoro", "ef_dora"))) as file:
        assert (file.getnframes(), file.readframes(9_000)) == (8_000, bytes(16_000))


REMEDY = "Do this."


def test_the_words_of_the_mark_are_judged() -> None:
    marked = mark_synthetic(make(8_000), "kokoro", "ef_dora")
    assert [*judge_mark(marked, REMEDY, synthetic=True), *judge_mark(make(8_000), REMEDY, synthetic=False)] == []
    assert [*judge_mark(make(8_000), REMEDY, synthetic=True), *judge_mark(marked, REMEDY, synthetic=False)] == [
        "A machine speaks in it, and the file does not say so. Do this.",
        f'A person speaks in it, and the file says "{MARK}". Do this.',
    ]


@pytest.mark.parametrize("own", [True, False], ids=["spoken slowly", "stretched"])
def test_a_machines_clips_have_the_mark_at_both_paces(tmp_path: Path, own: bool) -> None:
    words = script(hello="Welcome to the line, and thank you for calling.")
    assert build(words, [Tones(own_slow_pace=own)], tmp_path, jobs=0).faults == ()
    clips = sorted((tmp_path / "built" / "en").glob("*.wav"))
    assert [read_mark(path.read_bytes()) for path in clips] == ["Synthetic speech; engine tones; voice alto-en"] * 2
    assert check(words, tmp_path).faults == ()
    assert '"synthetic": true' in locate_built_layer(tmp_path).manifest.read_text()
    (heard,) = read_manifest(locate_built_layer(tmp_path).manifest).languages["en"].sets.values()
    assert heard.is_synthetic


def test_a_slow_clip_stretched_from_the_checkouts_has_its_mark(tmp_path: Path) -> None:
    words = script(hello="Welcome to the line, and thank you for calling.")
    ship(words, [Tones()], tmp_path, lexicons={}, jobs=0)
    assert build(words, [], tmp_path, jobs=0).faults == ()
    path = Clips(tmp_path).find_path(words["en"][0], slow=True)
    assert path is not None
    assert read_mark(path.read_bytes()) == "Synthetic speech; engine tones; voice alto-en"


def test_equal_clips_stay_equal_byte_for_byte(tmp_path: Path) -> None:
    words = script(hello="Welcome to the line.")
    for folder in ("one", "two"):
        build(words, [Tones()], tmp_path / folder, jobs=0)
    first, second = (sorted((tmp_path / folder / "built" / "en").glob("*.wav")) for folder in ("one", "two"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_a_persons_clip_has_no_mark(desk: Desk) -> None:
    (desk.kept).mkdir(parents=True)
    (desk.kept / "hello.wav").write_bytes(content(spoken()))
    build({"es": (HELLO,)}, [], desk.audio, jobs=0)
    assert [read_mark(path.read_bytes()) for path in (desk.audio / "built" / "es").glob("*.wav")] == ["", ""]
    assert '"synthetic": false' in locate_built_layer(desk.audio).manifest.read_text()
