"""Every sound that goes through the chain comes out fit for a telephone (rule M8)."""

import io

import numpy as np
import pytest
import soundfile

from ivr.errors import SpeechError
from ivr.speech.limits import RATE
from ivr.speech.mastering import decode, master, measure, measure_loudness, slow_down
from ivr.speech.reading import LONGEST
from ivr.speech.sound import Samples, Speech
from tests.speech.tones import tone


def played(content: bytes) -> Samples:
    samples, rate = soundfile.read(io.BytesIO(content), dtype="float32")
    assert rate == RATE
    return np.asarray(samples)


def written(samples: Samples, rate: int, **form: str) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, **({"format": "WAV"} | form))
    return file.getvalue()


def syllables(seconds: float, rate: int = 16_000) -> Samples:
    """Sharp clicks that ring out: as peaky as the harshest synthetic voice."""
    at = np.arange(round(seconds * rate)) / rate
    return np.asarray(0.9 * np.exp(-(at % 0.012) * 500) * np.sin(2 * np.pi * 700 * at) * tone(seconds, rate, 2, 1) ** 2)


def in_silence(samples: Samples, rate: int = 16_000) -> Samples:
    return np.concatenate([np.zeros(3 * rate), samples, np.zeros(2 * rate)]).astype(np.float32)


STEREO = np.stack([tone(2, 44_100), np.zeros(88_200, np.float32)], axis=1)
HISS = np.random.default_rng(1).normal(0, 0.0005, 48_000).astype(np.float32)
MIXED = np.concatenate([tone(2, level=0.9), tone(2, level=0.02), tone(1, pitch=900, level=0.5)])

SOUNDS = {
    "ordinary": (tone(3), 16_000),
    "quiet": (tone(3, level=0.004), 16_000),
    "loud": (tone(3, level=1.0), 16_000),
    "clipped": (np.clip(tone(3, level=8.0), -1, 1), 16_000),
    "a fifth of a second": (tone(0.2), 16_000),
    "a tenth of a second": (tone(0.1, pitch=800), 16_000),
    "stereo, one side silent, 44.1 kHz": (STEREO, 44_100),
    "long silence around it": (in_silence(tone(2)), 16_000),
    "hiss under it": (tone(3) + HISS, 16_000),
    "peaky": (syllables(3), 16_000),
    "loud and soft by turns": (MIXED, 16_000),
    "hum and an offset": (tone(2) + 0.3 + tone(2, pitch=50, level=0.2), 16_000),
    "8 kHz": (tone(2, 8_000), 8_000),
    "96 kHz": (tone(1, 96_000), 96_000),
    "25 seconds": (tone(25), 16_000),
}


@pytest.mark.parametrize(("samples", "rate"), SOUNDS.values(), ids=SOUNDS)
def test_every_clip_comes_out_at_minus_20_lufs_with_its_peaks_under_minus_3(samples: Samples, rate: int) -> None:
    found = measure(played(master(decode(written(samples, rate)))), RATE)
    assert found.lufs == pytest.approx(-20, abs=0.5)
    assert found.peak < -3
    assert found.clipped == 0


@pytest.mark.parametrize(("samples", "rate"), SOUNDS.values(), ids=SOUNDS)
def test_every_clip_has_a_short_silence_before_and_after_its_words(samples: Samples, rate: int) -> None:
    found = measure(played(master(decode(written(samples, rate)))), RATE)
    assert 0.1 <= found.leading <= 0.4
    assert 0.1 <= found.trailing <= 0.4


def test_a_clip_is_8_khz_mono_mu_law_wav() -> None:
    with soundfile.SoundFile(io.BytesIO(master(Speech(tone(1), 16_000)))) as file:
        assert (file.format, file.subtype, file.samplerate, file.channels) == ("WAV", "ULAW", 8_000, 1)


def test_silence_around_the_words_is_trimmed_and_the_words_are_kept() -> None:
    found = measure(played(master(Speech(in_silence(tone(2)), 16_000))), RATE)
    assert found.seconds == pytest.approx(2.3, abs=0.05)


def test_the_same_sound_gives_the_same_bytes() -> None:
    assert master(Speech(tone(1), 16_000)) == master(Speech(tone(1), 16_000))


@pytest.mark.parametrize("form", [{"format": "MP3"}, {"format": "FLAC"}, {"subtype": "FLOAT"}, {"subtype": "PCM_U8"}])
def test_mp3_flac_and_every_kind_of_wav_are_read(form: dict[str, str]) -> None:
    speech = decode(written(tone(1), 16_000, **form))
    assert (speech.rate, speech.samples.ndim, speech.samples.dtype.name) == (16_000, 1, "float32")
    assert speech.seconds == pytest.approx(1, abs=0.15)


UNUSABLE = {
    "empty": (b"", "empty"),
    "text": (b"This is not a recording.", "wav, mp3 or flac"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(200), "wav, mp3 or flac"),
    "no samples": (written(tone(0), 16_000), "a header and no sound"),
    "silent": (written(np.zeros(16_000, np.float32), 16_000), "silent"),
    "a hiss and no words": (written(HISS, 16_000), "silent"),
    "a click": (written(np.eye(1, 16_000, 8_000, dtype=np.float32)[0], 16_000), "silent"),
    "not numbers": (written(np.full(16_000, np.nan, np.float32), 16_000, subtype="FLOAT"), "not numbers"),
    "too few samples a second": (written(tone(1), 4_000), "4000 samples a second"),
    "too long": (written(np.zeros(int(8_000 * LONGEST) + 8_000, np.float32), 8_000), "longer than 120 seconds"),
}


@pytest.mark.parametrize(("content", "words"), UNUSABLE.values(), ids=UNUSABLE)
def test_what_is_no_speech_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(SpeechError, match=words) as caught:
        master(decode(content))
    assert caught.value.permanent


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100])
def test_slower_speech_lasts_a_quarter_longer_at_the_same_pitch(rate: int) -> None:
    second = np.zeros(rate, np.float32)
    stretched = slow_down(Speech(np.concatenate([second, tone(4, rate, pitch=440), second]), rate)).samples
    spectrum = np.abs(np.fft.rfft(stretched))
    found = measure(stretched, rate)
    assert found.seconds == pytest.approx(6 / 0.8, abs=0.01)
    assert np.argmax(spectrum) * rate / len(stretched) == pytest.approx(440, abs=6)
    assert found.leading == pytest.approx(1 / 0.8, abs=0.05)
    assert found.trailing == pytest.approx(1 / 0.8, abs=0.05)


def test_loudness_of_a_sound_shorter_than_the_gating_block_is_measured() -> None:
    sine = np.asarray(np.sin(2 * np.pi * 997 * np.arange(1_600) / 16_000), np.float32)
    assert measure_loudness(sine, 16_000) == pytest.approx(-3.0, abs=0.3)  # a full-scale sine of 997 Hz, after BS.1770


def test_loudness_of_silence_is_minus_infinity() -> None:
    assert measure_loudness(np.zeros(8_000, np.float32), RATE) == float("-inf")


def test_clipped_samples_are_counted() -> None:
    assert measure(np.array([0.0, 1.0, -1.0, 0.5] * 100, np.float32), RATE).clipped == 200
