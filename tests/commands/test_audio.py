"""`flask audio …` in the words that a person sees."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from ivr.commands.audio import audio
from tests.speech.tones import script

WORDS = script("en", hello="Thank you for calling.") | script("fil", hello="Magandang araw po sa inyo.")


@dataclass(frozen=True)
class Settings:
    audio_folder: Path
    locales_folder: Path = Path("locales")
    speech_engines: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: {"": ("recordings", "pico")})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "audio"


@pytest.fixture
def runner(folder: Path) -> FlaskCliRunner:
    app = Flask("line")
    app.extensions["spineline"] = SimpleNamespace(settings=Settings(folder), content=SimpleNamespace(scripts=WORDS))
    app.cli.add_command(audio)
    return app.test_cli_runner()


def test_build_says_what_it_made_and_which_language_nobody_speaks(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["audio", "build", "--jobs", "0"])
    assert result.exit_code == 0
    assert "2 clips made, 0 were there already." in result.output
    assert "fil: No voice on this machine speaks Tagalog. Record it (audio/recordings/fil/)" in result.output


def test_build_fails_where_a_recording_wants_mending(runner: FlaskCliRunner, folder: Path) -> None:
    empty = folder / "recordings" / "fil" / "hello.wav"
    empty.parent.mkdir(parents=True)
    empty.touch()
    result = runner.invoke(args=["audio", "build", "--jobs", "0"])
    assert result.exit_code == 1
    assert f"{empty}: This file is empty. Record it again, or delete it." in result.output
    assert "fil: not whole yet" in result.output


def test_build_refuses_an_unknown_language_in_one_line(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["audio", "build", "--language", "xx"])
    assert (result.exit_code, result.output.splitlines()[-1]) == (
        1,
        "Error: The line has no language xx. It has: en, fil.",
    )


def test_check_measures_what_was_built_and_fails_for_what_is_missing(runner: FlaskCliRunner) -> None:
    runner.invoke(args=["audio", "build", "--jobs", "0"])
    result = runner.invoke(args=["audio", "check"])
    assert result.exit_code == 1
    assert "2 clips measured, 2 faults." in result.output
    assert "fil/hello (normal): There is no clip of these words. Run: flask audio build" in result.output
    report = json.loads(runner.invoke(args=["audio", "check", "--json"]).output)
    assert [one["id"] for one in report["measures"]] == ["hello", "hello"]
    assert report["measures"][0]["measure"]["lufs"] == pytest.approx(-20, abs=1)


def test_status_tells_the_voice_of_every_language_and_recordings_that_no_clip_is_called_by(
    runner: FlaskCliRunner, folder: Path
) -> None:
    stranger = folder / "recordings" / "en" / "helo.wav"
    stranger.parent.mkdir(parents=True)
    stranger.touch()
    runner.invoke(args=["audio", "build", "--jobs", "0"])
    output = runner.invoke(args=["audio", "status"]).output
    assert "en    basic     pico en-US" in output
    assert "fil   -         none" in output
    assert f"{stranger}: no clip has this name." in output
    english = json.loads(runner.invoke(args=["audio", "status", "--json"]).output)[0]
    assert (english["engine"], english["voice"], english["grade"]) == ("pico", "en-US", "basic")
    assert (english["lines"], english["normal"], english["slow"], english["recorded"]) == (1, 1, 1, 0)
