"""The clips that come with the checkout: made once, at the normal pace, with nothing beside them that nobody plays."""

from pathlib import Path

import pytest

from ivr.errors import Fault, SpeechError
from ivr.speech.build import build, ship
from ivr.speech.build_report import BuildReport
from ivr.speech.clips import Clips
from ivr.speech.manifest import Clip, LanguageClips, locate_built_layer, locate_committed_layer, read_manifest
from ivr.speech.sound import Grade
from ivr.wording.lexicon import Lexicon
from ivr.wording.script import ScriptLine
from tests.speech.test_build import MANY, Heard, killed, let_go_on, start
from tests.speech.tones import Tones, script

WORDS = script(hello="Welcome to the line.", menu="Press 1 to go on.", bye="Goodbye for now.")
CHANGED = script(hello="Welcome to the line.", menu="Press 1 to stop.", bye="Goodbye for now.")
Scripts = dict[str, tuple[ScriptLine, ...]]


def voice() -> Heard:
    """The voice of the committed clips: it has no slow pace of its own."""
    return Heard(speaker="soprano", name="tenor", own_slow_pace=False)


def shipped(folder: Path, scripts: Scripts = WORDS, engine: Heard | None = None) -> BuildReport:
    return ship(scripts, [engine or voice()], folder, lexicons={}, jobs=0)


def files(folder: Path) -> set[str]:
    """The committed clips, as "en/<name>"."""
    return {str(path.relative_to(folder / "clips")) for path in (folder / "clips").rglob("*.wav")}


def language(folder: Path, code: str = "en") -> LanguageClips:
    return read_manifest(locate_committed_layer(folder).manifest).languages[code]


def named(folder: Path) -> set[str]:
    return {f"{code}/{clip.name}" for code in ("en", "es") for clip in _clips(folder, code)}


def _clips(folder: Path, code: str) -> tuple[Clip, ...]:
    one = read_manifest(locate_committed_layer(folder).manifest).languages.get(code)
    return one.list_clips() if one else ()


def test_only_clips_of_the_normal_pace_are_made_and_only_where_the_checkout_keeps_them(tmp_path: Path) -> None:
    engine = voice()
    report = shipped(tmp_path, engine=engine)
    assert engine.said == [(said.text, False) for said in WORDS["en"]]
    assert (report.made, report.kept, report.faults, report.unspoken) == (3, 0, (), ())
    assert [(one.engine, one.voice, one.grade, one.is_whole) for one in report.languages] == [
        ("tenor", "soprano-en", Grade.BASIC, True)
    ]
    heard = language(tmp_path).active_set
    assert heard is not None
    assert (set(heard.normal), heard.slow) == ({"hello", "menu", "bye"}, {})
    assert files(tmp_path) == named(tmp_path)
    assert list((tmp_path / "built").rglob("*.wav")) == []
    assert not locate_built_layer(tmp_path).manifest.exists()


def test_a_second_time_nothing_is_spoken_and_nothing_changes(tmp_path: Path) -> None:
    shipped(tmp_path)
    before = (files(tmp_path), locate_committed_layer(tmp_path).manifest.stat().st_mtime_ns)
    engine = voice()
    assert (shipped(tmp_path, engine=engine).kept, engine.said) == (3, [])
    assert (files(tmp_path), locate_committed_layer(tmp_path).manifest.stat().st_mtime_ns) == before


def test_only_the_languages_that_the_voice_speaks_are_made_and_others_are_no_fault(tmp_path: Path) -> None:
    three = WORDS | script("es", hello="Bienvenidos.") | script("ko", hello="여보세요.")
    report = shipped(tmp_path, three)
    assert [one.language for one in report.languages] == ["en", "es"]
    assert (report.faults, report.unspoken) == ((), ())
    assert files(tmp_path) == named(tmp_path)
    assert len(files(tmp_path)) == 4


def test_only_changed_words_are_spoken_and_the_file_of_the_older_words_is_removed(tmp_path: Path) -> None:
    shipped(tmp_path)
    old = Clips(tmp_path).find(WORDS["en"][1], slow=False)
    assert old
    engine = voice()
    assert shipped(tmp_path, CHANGED, engine).made == 1
    assert engine.said == [("Press 1 to stop.", False)]
    assert files(tmp_path) == named(tmp_path)
    assert f"en/{old.name}" not in files(tmp_path)


def test_files_that_nothing_names_are_removed_and_only_clips_are(tmp_path: Path) -> None:
    shipped(tmp_path)
    before = files(tmp_path)
    stray, note = tmp_path / "clips" / "ru" / f"{'0' * 64}.wav", tmp_path / "clips" / "README.md"
    stray.parent.mkdir()
    stray.write_bytes(b"a voice of before")
    note.write_text("What stands here.")
    shipped(tmp_path)
    assert (files(tmp_path), note.is_file()) == (before, True)


def test_a_language_that_is_not_in_the_scripts_stays_as_it_was_committed(tmp_path: Path) -> None:
    shipped(tmp_path, WORDS | script("es", hello="Bienvenidos."))
    before = language(tmp_path, "es")
    shipped(tmp_path, CHANGED)
    assert language(tmp_path, "es") == before
    assert files(tmp_path) == named(tmp_path)


def test_recordings_on_this_machine_are_not_shipped(tmp_path: Path) -> None:
    recording = tmp_path / "recordings" / "en" / "hello.wav"
    recording.parent.mkdir(parents=True)
    recording.write_bytes(b"somebody's voice")
    assert shipped(tmp_path).faults == ()
    assert list(language(tmp_path).sets) == ["tenor soprano-en"]


def test_the_voice_is_handed_the_words_as_the_lexicon_spells_them(tmp_path: Path) -> None:
    engine = voice()
    spelled = {"en": Lexicon("en", {"tenor": {"menu": "men you", "welcome": "well come"}})}
    ship(WORDS, [engine], tmp_path, lexicons=spelled, jobs=0)
    assert engine.said[0] == ("well come to the line.", False)
    assert Clips(tmp_path).find(WORDS["en"][0], slow=False) is not None


def test_what_was_shipped_is_heard_at_once_and_a_build_only_stretches_it(tmp_path: Path) -> None:
    shipped(tmp_path)
    assert all(Clips(tmp_path).find(said, slow=False) for said in WORDS["en"])
    engine = voice()
    report = build(WORDS, [engine], tmp_path, jobs=0)
    assert (report.made, report.languages[0].is_whole, engine.said) == (3, True, [])
    assert {path.parent.name for path in (tmp_path / "built").rglob("*.wav")} == {"en"}
    clips = Clips(tmp_path)
    slow = [clips.find_seconds(said, slow=True) for said in WORDS["en"]]
    normal = [clips.find_seconds(said, slow=False) for said in WORDS["en"]]
    assert [bool(longer and shorter and longer > shorter) for longer, shorter in zip(slow, normal, strict=True)] == [
        True
    ] * 3


@pytest.mark.parametrize("most", [1, 6, 11])
def test_killed_it_leaves_what_was_committed_and_the_next_time_it_goes_on(tmp_path: Path, most: int) -> None:
    bass = Heard(speaker="bass", own_slow_pace=False)
    shipped(tmp_path, MANY, bass)
    before = (language(tmp_path), files(tmp_path))
    killed(tmp_path, most, "ship")
    assert language(tmp_path) == before[0]
    assert files(tmp_path) > before[1]
    done = len(files(tmp_path)) - 12
    assert most <= done <= 12
    engine = Heard(own_slow_pace=False)
    report = shipped(tmp_path, MANY, engine)
    assert (report.kept, report.made, len(engine.said)) == (done, 12 - done, 12 - done)
    assert language(tmp_path).active == "tones alto-en"
    assert files(tmp_path) == named(tmp_path)  # the clips of the voice before are gone
    assert len(files(tmp_path)) == 12


def test_words_that_cannot_be_spoken_are_told_and_what_was_committed_stays(tmp_path: Path) -> None:
    shipped(tmp_path)
    before = language(tmp_path)
    report = shipped(tmp_path, script(hello="Welcome!", menu="Press 1 to stop.", bye="Goodbye for now."))
    assert report.faults == (Fault("en/hello", "The tones refuse to shout. Change its words, or record it."),)
    assert report.languages[0].is_whole is False
    assert language(tmp_path) == before
    assert named(tmp_path) <= files(tmp_path)


def test_what_was_spoken_beside_words_that_could_not_be_is_not_spoken_again(tmp_path: Path) -> None:
    shipped(tmp_path, script(hello="Welcome!", menu="Press 1 to go on.", bye="Goodbye for now."))
    engine = voice()
    shipped(tmp_path, WORDS, engine)
    assert engine.said == [("Welcome to the line.", False)]


def test_it_never_runs_beside_a_build(tmp_path: Path) -> None:
    with start(tmp_path, "waits", at=1) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        with pytest.raises(SpeechError, match="Another build is under way"):
            shipped(tmp_path)
        let_go_on(process)
    assert files(tmp_path) == set()


def test_a_voice_with_a_slow_pace_of_its_own_is_shipped_at_the_normal_pace_too(tmp_path: Path) -> None:
    ship(WORDS, [Tones()], tmp_path, lexicons={}, jobs=0)
    heard = language(tmp_path).active_set
    assert heard is not None
    assert (len(heard.normal), heard.slow) == (3, {})
