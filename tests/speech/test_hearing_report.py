"""What was heard is written beside the manifest, and a check reads it: of exactly the files that were heard."""

from pathlib import Path

import pytest

from ivr.errors import Fault, SpeechError
from ivr.speech.build import build, ship
from ivr.speech.check import check
from ivr.speech.clips import Clips
from ivr.speech.hearing import HeardClip
from ivr.speech.hearing_bounds import BOUNDS
from ivr.speech.hearing_report import (
    MisheardClip,
    add_to_reports,
    find_misheard,
    is_beyond_bound,
    locate_report,
    read_report,
)
from tests.speech.tones import Tones, script

WORDS = script(menu="To hear everything, press one.", prep="Do not eat or drink anything.")


def heard(id_: str, share: float, sha256: str = "0", language: str = "en", *, committed: bool = False) -> HeardClip:
    return HeardClip(
        language=language,
        id=id_,
        text=f"the words of {id_}",
        voice="tones alto-en",
        sha256=sha256,
        committed=committed,
        heard=f"{id_} as it was heard",
        share=share,
    )


@pytest.fixture
def clips(tmp_path: Path) -> Clips:
    build(WORDS, [Tones()], tmp_path, jobs=0)
    return Clips(tmp_path)


def hash_clip(clips: Clips, id_: str) -> str:
    (clip,) = (clips.find(line, slow=False) for line in WORDS["en"] if line.id == id_)
    assert clip is not None
    return clip.sha256


def find(clips: Clips, folder: Path) -> list[Fault]:
    return list(find_misheard(WORDS, clips, folder))


# --- The report ------------------------------------------------------------------------------------------------------


def test_a_report_says_how_a_language_is_heard_and_what_is_worst(tmp_path: Path) -> None:
    add_to_reports(tmp_path, [heard("b", 0.5, "1"), heard("c", 0.0, "2"), heard("a", 0.1, "3")], "parrot 1")
    english = read_report(locate_report(tmp_path, committed=False))["en"]
    assert (english.by, english.voice, english.clips) == ("parrot 1", "tones alto-en", 3)
    assert (english.median, english.mean) == (0.1, 0.2)
    assert english.worst == (
        MisheardClip(id="b", text="the words of b", heard="b as it was heard", share=0.5),
        MisheardClip(id="a", text="the words of a", heard="a as it was heard", share=0.1),
    )
    assert {id_: (file.sha256, file.share, file.heard) for id_, file in english.files.items()} == {
        "a": ("3", 0.1, ""),
        "b": ("1", 0.5, "b as it was heard"),
        "c": ("2", 0.0, ""),
    }


def test_only_the_ten_worst_are_shown(tmp_path: Path) -> None:
    add_to_reports(tmp_path, [heard(f"{number:02}", number / 100) for number in range(20)], "parrot 1")
    worst = read_report(locate_report(tmp_path, committed=False))["en"].worst
    assert [clip.id for clip in worst] == [f"{number:02}" for number in range(19, 9, -1)]


def test_a_language_takes_the_place_of_what_stood_there_and_leaves_the_others(tmp_path: Path) -> None:
    add_to_reports(tmp_path, [heard("a", 0.1), heard("a", 0.2, language="es")], "parrot 1")
    add_to_reports(tmp_path, [heard("b", 0.0)], "parrot 2")
    report = read_report(locate_report(tmp_path, committed=False))
    assert {code: (row.by, list(row.files)) for code, row in report.items()} == {
        "en": ("parrot 2", ["b"]),
        "es": ("parrot 1", ["a"]),
    }


def test_what_came_with_the_checkout_is_written_beside_its_manifest(tmp_path: Path) -> None:
    add_to_reports(tmp_path, [heard("a", 0.1, committed=True), heard("b", 0.2)], "parrot 1")
    assert [list(read_report(tmp_path / where / "hearing.json")["en"].files) for where in ("", "built")] == [
        ["a"],
        ["b"],
    ]


def test_one_clip_is_one_line(tmp_path: Path) -> None:
    add_to_reports(tmp_path, [heard("a", 0.0, "1"), heard("b", 0.0, "2")], "parrot 1")
    lines = locate_report(tmp_path, committed=False).read_text("utf-8").splitlines()
    assert '   "a": {"sha256": "1", "share": 0.0},' in lines
    assert '   "b": {"sha256": "2", "share": 0.0}' in lines


@pytest.mark.parametrize("text", ["", '{"format": 2, "languages": {}}', '{"format": 1, "languages": {"en": {}}}', "[]"])
def test_a_report_that_cannot_be_read_is_told(text: str, tmp_path: Path) -> None:
    path = tmp_path / "hearing.json"
    path.write_text(text)
    with pytest.raises(SpeechError, match=r"hearing\.json"):
        read_report(path)


# --- What a check makes of it ----------------------------------------------------------------------------------------


def test_a_clip_that_is_heard_too_badly_is_a_fault(clips: Clips, tmp_path: Path) -> None:
    shares = {"menu": BOUNDS["en"], "prep": 0.6}
    add_to_reports(tmp_path, [heard(id_, share or 0, hash_clip(clips, id_)) for id_, share in shares.items()], "parrot")
    (fault,) = find(clips, tmp_path)
    assert fault.place.startswith("en/prep (normal), ")
    assert fault.words == (
        'A recogniser heard 60% of its sounds wrong (at most 35%), as "prep as it was heard". '
        "Listen to it; make it anew, or excuse it in audio/hearing-excused.toml."
    )
    assert fault in check(WORDS, tmp_path).faults


def test_a_clip_that_was_made_anew_is_not_heard_yet(clips: Clips, tmp_path: Path) -> None:
    add_to_reports(tmp_path, [heard("prep", 0.9, "of another file")], "parrot 1")
    assert find(clips, tmp_path) == []


def test_what_is_heard_of_built_clips_says_nothing_of_committed_ones(tmp_path: Path) -> None:
    ship(WORDS, [Tones()], tmp_path, lexicons={}, jobs=0)
    clips = Clips(tmp_path)
    add_to_reports(tmp_path, [heard("prep", 0.9, hash_clip(clips, "prep"))], "parrot 1")
    assert find(clips, tmp_path) == []
    add_to_reports(tmp_path, [heard("prep", 0.9, hash_clip(clips, "prep"), committed=True)], "parrot 1")
    assert len(find(clips, tmp_path)) == 1


def test_an_excused_clip_is_no_fault(clips: Clips, tmp_path: Path) -> None:
    add_to_reports(tmp_path, [heard("prep", 0.9, hash_clip(clips, "prep"))], "parrot 1")
    (tmp_path / "hearing-excused.toml").write_text('excused = [{ language = "en", id = "prep", reason = "A name." }]')
    assert find(clips, tmp_path) == []


def test_where_the_recogniser_understands_no_voice_nothing_is_a_fault() -> None:
    assert [code for code, bound in BOUNDS.items() if bound is None] == ["yue", "vi"]
    assert not is_beyond_bound("vi", 1.0)


def test_nothing_was_heard_and_nothing_is_wrong(clips: Clips, tmp_path: Path) -> None:
    assert find(clips, tmp_path) == []
