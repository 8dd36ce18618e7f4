"""The engines that this machine has speak, at a pace for old ears, and say so where they cannot."""

import json
import os
import pickle
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path

import espeakng_loader
import numpy as np
import pytest

from ivr.errors import SpeechError
from ivr.line.languages import LANGUAGES
from ivr.speech.engines import find_engines, kana
from ivr.speech.engines.espeak import RESPELLINGS, Espeak
from ivr.speech.engines.pico import Pico, clean_text
from ivr.speech.mastering import decode, master, measure
from ivr.speech.sound import Engine, Grade

SENTENCES = {
    "en": "Please key in your phone number, with the area code. When you are done, press pound. "
    "I am sorry. Your request could not be saved. To ask us to call you back, press one.",
    "es": "No coma ni beba nada durante seis horas antes del procedimiento.",
    "zh": "手术前六小时内请不要吃东西或喝水。",
    "ja": "処置の前の六時間は、何も食べず、何も飲まないでください。",
    "fil": "Huwag po kayong kumain o uminom ng kahit ano sa loob ng anim na oras bago ang procedure.",
}


@pytest.fixture(scope="module")
def espeak() -> Iterator[Espeak]:
    engine = Espeak()
    yield engine
    engine.close()


def speakers(language: str) -> list[Engine]:
    return [engine for engine in find_engines(("pico", "espeak")) if engine.grade(language)]


@pytest.mark.parametrize("language", SENTENCES)
def test_every_installed_voice_speaks_through_the_whole_chain(language: str) -> None:
    engines = speakers(language)
    assert engines
    for engine in engines:
        clip = decode(master(engine.speak(SENTENCES[language], language, slow=False)))
        found = measure(clip.samples, clip.rate)
        assert found.lufs == pytest.approx(-20, abs=0.5)
        assert found.peak < -3
        assert 3 < found.seconds < 15


@pytest.mark.parametrize("engine", ["pico", "espeak"])
def test_english_is_spoken_at_140_to_160_words_a_minute(engine: str) -> None:
    for one in find_engines([engine]):
        speech = one.speak(SENTENCES["en"], "en", slow=False)
        spoken = decode(master(speech)).seconds - 0.3
        assert 140 <= len(SENTENCES["en"].split()) * 60 / spoken <= 160


@pytest.mark.parametrize("language", SENTENCES)
def test_the_slower_pace_is_about_80_percent(language: str) -> None:
    for engine in speakers(language):
        normal, slow = (engine.speak(SENTENCES[language], language, slow=slow).seconds for slow in (False, True))
        assert 0.74 <= normal / slow <= 0.86


@pytest.mark.parametrize(
    ("engine", "language", "grade"),
    [
        (Pico(), "en", Grade.BASIC),
        (Pico(), "de", Grade.BASIC),
        (Pico(), "zh", None),
        (Pico(), "xx", None),
        (Espeak(), "zh", Grade.PREVIEW),
        (Espeak(), "ht", Grade.PREVIEW),
        (Espeak(), "fil", Grade.PREVIEW),
        (Espeak(), "ja", Grade.PREVIEW),
        (Espeak(), "xx", None),
    ],
)
def test_an_engine_grades_its_voice_and_disowns_what_it_cannot_speak(
    engine: Engine, language: str, grade: Grade | None
) -> None:
    assert engine.grade(language) == grade
    if grade is None:
        with pytest.raises(SpeechError, match=f"no voice for {language}"):
            engine.speak("One.", language, slow=False)


@pytest.mark.parametrize("language", [code for code, row in LANGUAGES.items() if "espeak" in row.voices])
def test_espeak_has_the_voice_of_every_language_that_it_says_it_speaks(espeak: Espeak, language: str) -> None:
    assert espeak.speak("1 2 3", language, slow=False).seconds > 0.5


def test_spanish_is_spoken_by_the_variant_that_is_understood() -> None:
    assert Espeak().name_voice("es") == "es-419+klatt4"


def test_japanese_is_spoken_from_kana(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Mapping[str, object]] = []

    def answer(_: Espeak, request: Mapping[str, object]) -> tuple[dict[str, object], bytes]:
        asked.append(request)
        return {"rate": 22_050}, b"\0\0"

    monkeypatch.setattr(Espeak, "_ask", answer)
    for text, language in (("何も食べず", "ja"), ("one key", "en")):
        Espeak().speak(text, language, slow=False)
    assert asked == [
        {"text": "ナニモ タベズ", "voice": "ja", "rate": 128, "volume": 60},
        {"text": "one key", "voice": "en-us", "rate": 130, "volume": 60},
    ]


def test_without_the_dictionary_there_is_no_japanese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kana, "PACKAGES", ("no-such-package",))
    assert Espeak().grade("ja") is None


def test_what_puts_japanese_into_kana_is_in_the_address_of_japanese_clips_alone() -> None:
    assert Espeak().list_parameters("en", slow=False) == {"rate": 130, "volume": 60}
    assert Espeak().name_voice("fil") == "id"
    names = ["kana-2", "fugashi-1.5.2", "unidic-lite-1.0.8"]
    assert Espeak().list_parameters("ja", slow=True) == {"rate": 102, "volume": 60, "respelled": names}
    assert Espeak().preprocessors == ()


def test_what_a_row_says_that_espeak_reads_is_known_here() -> None:
    named = {row.reads["espeak"] for row in LANGUAGES.values() if "espeak" in row.reads}
    assert named == set(RESPELLINGS), "Write what turns words into it into RESPELLINGS of speech/engines/espeak.py."


def test_the_klatt_voice_is_not_clipped_by_its_own_library(espeak: Espeak) -> None:
    assert np.abs(espeak.speak(SENTENCES["es"], "es", slow=False).samples).max() < 0.99


def test_espeak_comes_back_after_its_process_was_killed(espeak: Espeak) -> None:
    first = espeak.speak("One.", "en", slow=False)
    assert espeak._worker is not None
    os.kill(espeak._worker.process.pid, signal.SIGKILL)
    assert espeak.speak("One.", "en", slow=False).seconds == pytest.approx(first.seconds, abs=0.1)


def test_espeak_gives_up_in_time_and_may_be_asked_again() -> None:
    engine = Espeak(timeout=0.001)
    with pytest.raises(SpeechError, match=r"no answer in 0.001 seconds") as caught:
        engine.speak("One.", "en", slow=False)
    assert not caught.value.permanent
    engine.close()


def test_espeak_starts_where_its_data_lie_at_the_end_of_a_long_path(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 100) / ("b" * 100)
    deep.mkdir(parents=True)
    (deep / "espeak-ng-data").symlink_to(espeakng_loader.get_data_path(), target_is_directory=True)
    engine = Espeak(data=deep / "espeak-ng-data")
    assert engine.speak("One.", "en", slow=False).seconds > 0.2
    engine.close()


def test_espeak_may_be_handed_to_another_process_while_it_speaks(espeak: Espeak) -> None:
    espeak.speak("One.", "en", slow=False)
    copy = pickle.loads(pickle.dumps(espeak))  # noqa: S301
    assert copy.speak("One.", "en", slow=False).seconds > 0.2
    copy.close()


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Press <b>9</b> & wait", "Press  b 9 /b  & wait"),
        ("¿Cómo está?", "Cómo está?"),
        ("Wait… then go – slowly", "Wait,  then go ,  slowly"),
        ("Don’t “eat”", "Don't eat"),
        ("esta\u0301", "est\u00e1"),
    ],
)
def test_pico_gets_no_sign_that_it_misreads(text: str, spoken: str) -> None:
    assert clean_text(text) == spoken


def test_pico_does_not_take_words_for_its_own_orders() -> None:
    plain, tagged = (
        Pico().speak(text, "en", slow=False).seconds
        for text in ("Call us now", "<speed level='400'>Call us now</speed>")
    )
    assert tagged > plain


def test_pico_says_when_it_has_nothing_to_say() -> None:
    with pytest.raises(SpeechError, match="said nothing"):
        Pico().speak("日本語", "en", slow=False)


@pytest.mark.parametrize("engine", [Pico(), Espeak()])
def test_what_decides_how_an_engine_sounds_can_stand_in_an_address(engine: Engine) -> None:
    normal, slow = (engine.list_parameters("es", slow=slow) for slow in (False, True))
    assert json.dumps(normal) != json.dumps(slow)
    assert engine.version


def test_recordings_are_no_engine_and_the_order_of_the_settings_is_kept() -> None:
    assert [engine.name for engine in find_engines(("recordings", "espeak", "pico"))] == ["espeak", "pico"]


def test_an_engine_that_nobody_has_heard_of_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(
        SpeechError,
        match=r"no speech engine called parrot\. There are: recordings, kokoro, piper, rhvoice, gtts, pico, espeak",
    ):
        find_engines(("pico", "parrot"))
