"""`flask audio hear` in the words that a person sees, with a recogniser that hears what it is told."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner

from ivr.commands.hearing import HearingDesk
from ivr.speech import hearing_units
from ivr.speech.build import build
from ivr.speech.clips import Clips
from ivr.speech.hearing_kept import KeptHearings
from ivr.speech.hearing_report import read_report
from ivr.speech.hearing_units import UnitScript
from tests.commands.test_audio import folder, runner
from tests.line.wordings import shipped_words
from tests.speech.tones import Tones, script

__all__ = ["folder", "runner"]  # the fixtures of the other commands' tests

WORDS = script(menu="To hear everything, press one.", prep="Do not eat or drink anything.")


@dataclass
class Listener:
    """Hears the same in every sound."""

    heard: str
    name: str = "listener 1"
    asked: list[str] = field(default_factory=list)

    def hear(self, sound: bytes, language: str) -> tuple[str, ...]:
        self.asked.append(language)
        return (self.heard, "")


def open_desk(folder: Path, listener: Listener) -> HearingDesk:
    return HearingDesk(
        folder=folder,
        clips=Clips(folder),
        recogniser=listener,
        kept=KeptHearings(folder / "built" / "heard.jsonl", listener.name),
        jobs=0,
        on_progress=lambda *_: None,
    )


def test_a_language_is_heard_told_and_written_down(tmp_path: Path) -> None:
    build(WORDS, [Tones()], tmp_path, jobs=0)
    desk = open_desk(tmp_path, Listener("do not eat or drink anything"))
    assert desk.hear_clips("en", WORDS["en"]) == [
        "en: 2 clips of tones alto-en heard, 0.396 of their sounds wrong (median; mean 0.396), 1 beyond the bound.",
        "  79% menu\n      said:  To hear everything, press one.\n      heard: do not eat or drink anything",
    ]
    assert list(read_report(tmp_path / "built" / "hearing.json")["en"].files) == ["menu", "prep"]


def test_a_language_without_a_clip_is_told(tmp_path: Path) -> None:
    desk = open_desk(tmp_path, Listener(""))
    assert desk.hear_clips("en", WORDS["en"]) == ["en: there is no clip to hear."]


def test_units_are_heard_and_counted_by_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing_units, "join_clips", lambda sample, _: repr(sample).encode())
    words = shipped_words()
    (number,) = UnitScript(words, "en").choose(1, 1)
    said = " ".join(line.text for line in number.lines)
    rows = open_desk(tmp_path, Listener(said)).hear_units("en", words, 2, 1)
    assert rows[0].startswith("weekday, month, day\n      said:  ")
    assert rows[0].endswith(f"\n      heard: {said}")
    assert rows[1:] == [
        "en: day          0/1 right (0.0%)",
        "en: digit        3/3 right (100.0%)",
        "en: month        0/1 right (0.0%)",
        "en: weekday      0/1 right (0.0%)",
        "en: whole date   0/1 right (0.0%)",
        "en: whole number 1/1 right (100.0%)",
    ]


def test_an_unknown_language_is_refused_in_one_line(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["audio", "hear", "--language", "xx"])
    assert (result.exit_code, result.output.splitlines()[-1]) == (
        1,
        "Error: The line has no language xx. It has: en, fil.",
    )
