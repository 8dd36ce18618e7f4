"""Piper speaks where its voice stands in the folder, as a program of its own; what goes wrong there is told in words.

A small program stands for Piper: it reads the same options and writes a tone of 0.1 s for each letter.
"""

import hashlib
import json
import os
import pickle
import sys
from io import BufferedReader
from pathlib import Path

import pytest

from ivr.errors import SpeechError
from ivr.line.languages import LANGUAGES
from ivr.speech.build import build
from ivr.speech.build_report import BuildReport
from ivr.speech.check import check
from ivr.speech.engines import find_engines, piper
from ivr.speech.engines.piper import Piper
from ivr.speech.sound import Grade
from tests.speech.tones import script

PROGRAM = """
import argparse, json, math, struct, sys, time, wave
from pathlib import Path

read = argparse.ArgumentParser()
for option in ("model", "config", "input-file", "output-file", "length-scale", "sentence-silence"):
    read.add_argument(f"--{option}", required=True)
asked = read.parse_args()
words = Path(asked.input_file).read_text("utf-8")
told = {**vars(asked), "words": words, "here": str(Path.cwd())}
Path(asked.model).with_name("asked.json").write_text(json.dumps(told))
if "fail" in words:
    sys.exit("loading\\nthe model is broken")
if "hang" in words:
    time.sleep(60)
if "nothing" in words:
    sys.exit()
with wave.open(asked.output_file, "wb") as file:
    file.setparams((1, 2, 16000, 0, "NONE", ""))
    count = int(1600 * len(words) * float(asked.length_scale))
    file.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(at / 8))) for at in range(count)))
if "half" in words:
    Path(asked.output_file).write_bytes(Path(asked.output_file).read_bytes()[:20])
"""


@pytest.fixture(autouse=True)
def _package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piper, "PACKAGE", "pytest")  # piper-tts is not among what tests need


@pytest.fixture
def engine(tmp_path: Path) -> Piper:
    """One that has a Spanish voice, and the small program."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    bring(tmp_path, "es")
    return Piper(tmp_path, (sys.executable, str(program)), timeout=60)


def bring(folder: Path, language: str, model: bytes = b"a voice", settings: str = "{}") -> None:
    (folder / f"{language}.onnx").write_bytes(model)
    (folder / f"{language}.onnx.json").write_text(settings)


def asked(engine: Piper) -> dict[str, str]:
    """What the small program was last asked."""
    return dict(json.loads((engine.folder / "asked.json").read_text()))


def test_a_language_is_spoken_where_its_voice_and_its_settings_stand_in_the_folder(engine: Piper) -> None:
    bring(engine.folder, "de")
    (engine.folder / "de.onnx.json").unlink()
    bring(engine.folder, "xx")
    assert [engine.grade(language) for language in ("es", "de", "fr", "xx")] == [Grade.NEURAL, None, None, None]


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Piper has no voice for de: put one, such as de_DE-thorsten-high, at "), ("ko", "for ko: put one, at ")],
)
def test_without_a_voice_it_says_which_one_would_do_and_where_it_belongs(
    engine: Piper, language: str, words: str
) -> None:
    with pytest.raises(SpeechError, match=words) as caught:
        engine.speak("One.", language, slow=False)
    assert str(caught.value).endswith(f"{engine.folder / language}.onnx.")


def test_every_voice_that_is_suggested_is_of_its_language() -> None:
    suggested = {code: row.voices["piper"] for code, row in LANGUAGES.items() if "piper" in row.voices}
    assert {code: name.split("_")[0] for code, name in suggested.items()} == {code: code for code in suggested}


def test_the_program_is_asked_for_the_words_as_they_are_written_with_all_that_decides_how_they_sound(
    engine: Piper,
) -> None:
    speech = engine.speak("¿Cómo está?\nNo [[coma]].", "es", slow=False)
    told = asked(engine)
    assert told["words"] == "¿Cómo está? No coma ."
    assert (told["model"], told["config"]) == (f"{engine.folder}/es.onnx", f"{engine.folder}/es.onnx.json")
    assert (told["length_scale"], told["sentence_silence"]) == ("1.0", "0.4")
    assert (round(speech.seconds, 3), speech.rate) == (2.1, 16_000)


def test_nothing_is_left_of_the_folder_in_which_it_worked(engine: Piper) -> None:
    engine.speak("Uno.", "es", slow=False)
    assert not Path(asked(engine)["here"]).exists()


@pytest.mark.parametrize(
    ("settings", "normal", "slow"), [("{}", 1.0, 1.25), ('{"inference": {"length_scale": 1.2}}', 1.2, 1.5)]
)
def test_the_slower_pace_is_its_own_and_80_percent_of_the_voices_pace(
    engine: Piper, settings: str, normal: float, slow: float
) -> None:
    bring(engine.folder, "es", settings=settings)
    assert engine.own_slow_pace
    assert [engine.list_parameters("es", slow=pace)["length"] for pace in (False, True)] == [normal, slow]
    spoken = [engine.speak("Uno, dos, tres.", "es", slow=pace).seconds for pace in (False, True)]
    assert spoken[0] / spoken[1] == pytest.approx(0.8)


@pytest.mark.parametrize("settings", ["", "[]", '{"inference": {"length_scale": "long"}}'])
def test_settings_that_are_damaged_are_named(engine: Piper, settings: str) -> None:
    bring(engine.folder, "es", settings=settings)
    with pytest.raises(
        SpeechError, match=r"es\.onnx\.json cannot be read as a voice's settings; bring the voice again"
    ):
        engine.list_parameters("es", slow=False)


@pytest.mark.parametrize(
    ("text", "words", "permanent"),
    [
        ("Please fail.", "Piper failed on these words, with its voice for es: the model is broken", True),
        ("Say nothing.", "Piper ended without writing any sound.", True),
        ("Be half.", "Piper's sound cannot be used. This file has a header and no sound.", True),
        ("… ¿?", "There is nothing to say in these words.", True),
    ],
)
def test_what_goes_wrong_is_told_in_words(engine: Piper, text: str, words: str, permanent: bool) -> None:
    with pytest.raises(SpeechError) as caught:
        engine.speak(text, "es", slow=False)
    assert str(caught.value).startswith(words)
    assert caught.value.permanent is permanent


def test_a_program_that_hangs_is_ended_and_may_be_asked_again(engine: Piper) -> None:
    hurried = Piper(engine.folder, engine.command, timeout=0.02)
    with pytest.raises(SpeechError, match=r"Piper gave no answer in 0\.02 seconds\.") as caught:
        hurried.speak("Please hang.", "es", slow=False)
    assert not caught.value.permanent


def test_a_program_that_is_not_there_is_told(engine: Piper) -> None:
    with pytest.raises(SpeechError, match=r"Piper could not be started \(No such file or directory\)\."):
        Piper(engine.folder, ("/no/such/piper",)).speak("Uno.", "es", slow=False)


def test_another_file_is_another_voice_and_the_same_file_is_the_same(engine: Piper) -> None:
    first = engine.name_voice("es")
    both = hashlib.sha256(b"a voice").digest() + hashlib.sha256(b"{}").digest()
    assert first == f"es {hashlib.sha256(both).hexdigest()[:8]}"
    bring(engine.folder, "es", b"another voice")
    second = engine.name_voice("es")
    bring(engine.folder, "es", b"another voice", '{"inference": {}}')
    assert len({first, second, engine.name_voice("es")}) == 3
    bring(engine.folder, "es")
    assert engine.name_voice("es") == first


def test_a_voice_is_read_once_and_again_only_when_it_was_written(
    engine: Piper, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    digest = hashlib.file_digest

    def noted(file: BufferedReader, kind: str) -> object:
        read.append(file.name)
        return digest(file, kind)

    monkeypatch.setattr("hashlib.file_digest", noted)
    model = engine.folder / "es.onnx"
    os.utime(model, ns=(1, 1))
    for _ in range(3):
        engine.name_voice("es")
    assert read == [str(model), f"{model}.json"]
    os.utime(model, ns=(2, 2))
    engine.name_voice("es")
    assert len(read) == 4


def test_it_is_installed_where_the_program_and_a_voice_are(engine: Piper, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Piper.is_installed(engine.folder)
    assert not Piper.is_installed(engine.folder / "empty")
    monkeypatch.setattr(piper, "PACKAGE", "no-such-package")
    assert not Piper.is_installed(engine.folder)
    assert find_engines(("piper",)) == ()


def test_it_may_be_handed_to_another_process(engine: Piper) -> None:
    copy = pickle.loads(pickle.dumps(engine))  # noqa: S301
    assert copy == engine
    assert copy.speak("Uno.", "es", slow=False).seconds > 0.2


def built(engine: Piper, folder: Path, **words: str) -> BuildReport:
    return build(script("es", **words), [engine], folder, orders={"": ("piper",)}, jobs=0)


def test_a_build_makes_both_paces_and_goes_on_after_a_failure_with_the_clip_that_is_missing(
    engine: Piper, tmp_path: Path
) -> None:
    report = built(engine, tmp_path / "audio", hello="Bienvenido a la línea.", bye="Please fail.")
    assert [str(fault) for fault in report.faults] == [
        "es/bye: Piper failed on these words, with its voice for es: the model is broken "
        "Change its words, or record it."
    ]
    assert (report.made, report.languages[0].is_whole) == (2, False)
    report = built(engine, tmp_path / "audio", hello="Bienvenido a la línea.", bye="Adiós por ahora.")
    assert (report.made, report.kept, report.languages[0].is_whole) == (2, 2, True)
    assert report.languages[0].voice == engine.name_voice("es")
    assert check(script("es", hello="Bienvenido a la línea.", bye="Adiós por ahora."), tmp_path / "audio").faults == ()
