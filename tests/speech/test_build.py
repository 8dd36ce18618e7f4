"""A build makes what changed and nothing else, survives being killed, and switches a voice as a whole."""

import json
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import soundfile

from ivr.errors import Fault, SpeechError
from ivr.speech.build import build
from ivr.speech.build_report import BuildReport, LanguageReport
from ivr.speech.check import check
from ivr.speech.clips import Clips
from ivr.speech.engine_speaker import EngineSpeaker
from ivr.speech.engines.espeak import Espeak
from ivr.speech.engines.pico import Pico
from ivr.speech.limits import RATE
from ivr.speech.manifest import (
    ClipSet,
    LanguageClips,
    Manifest,
    locate_built_layer,
    locate_committed_layer,
    read_manifest,
    write_manifest,
)
from ivr.speech.mastering import encode, normalise
from ivr.speech.sound import Grade, Speech
from ivr.speech.workers import ClipTask, FailedClip, describe_file, make_clip
from ivr.wording.lexicon import Lexicon
from tests.speech.tones import Tones, line, script, tone

ROOT = Path(__file__).parents[2]
WORDS = script(hello="Welcome to the line.", menu="Press 1 to go on.", bye="Goodbye for now.")


def record(folder: Path, id_: str, seconds: float = 2.0, pitch: float = 200.0, kind: str = "wav") -> Path:
    path = folder / "recordings" / "en" / f"{id_}.{kind}"
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, tone(seconds, 44_100, pitch), 44_100)
    return path


def record_all(folder: Path) -> None:
    for said in WORDS["en"]:
        record(folder, said.id)


def quick(folder: Path, scripts: object = None, **how: object) -> BuildReport:
    """A build in this process, by the tones unless told otherwise."""
    how = {"engines": [Tones()], "jobs": 0} | how
    return build(scripts or WORDS, folder=folder, **how)  # type: ignore[arg-type]


def voice(folder: Path, language: str = "en") -> tuple[str, str]:
    heard = Clips(folder).find_voice(language)
    return (heard.engine, heard.voice) if heard else ("", "")


def playable(folder: Path, scripts: object = None) -> int:
    clips = Clips(folder)
    lines = (scripts or WORDS)["en"]  # type: ignore[index]
    return sum(clips.find(said, slow=slow) is not None for said in lines for slow in (False, True))


def wavs(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in (folder / "built").rglob("*.wav")}


def test_every_line_is_made_in_both_paces_and_the_line_passes_its_check(tmp_path: Path) -> None:
    report = quick(tmp_path)
    assert (report.made, report.kept, report.faults, report.unspoken) == (6, 0, (), ())
    assert [(one.language, one.engine, one.grade, one.is_whole) for one in report.languages] == [
        ("en", "tones", Grade.BASIC, True)
    ]
    assert check(WORDS, tmp_path).faults == ()


def test_a_second_build_makes_nothing_and_writes_nothing(tmp_path: Path) -> None:
    quick(tmp_path)
    before = (wavs(tmp_path), locate_built_layer(tmp_path).manifest.stat().st_mtime_ns)
    report = quick(tmp_path)
    assert (report.made, report.kept) == (0, 6)
    assert (wavs(tmp_path), locate_built_layer(tmp_path).manifest.stat().st_mtime_ns) == before


def test_a_changed_text_makes_exactly_its_own_clip_in_both_paces(tmp_path: Path) -> None:
    quick(tmp_path)
    before = wavs(tmp_path)
    changed = script(hello="Welcome to the line.", menu="Press 2 to go on.", bye="Goodbye for now.")
    report = quick(tmp_path, changed)
    assert (report.made, report.kept) == (2, 4)
    assert {name: stamp for name, stamp in wavs(tmp_path).items() if name in before} == before
    assert playable(tmp_path, changed) == 6


def test_force_makes_all_clips_anew(tmp_path: Path) -> None:
    quick(tmp_path)
    assert quick(tmp_path, force=True).made == 6


def test_equal_words_share_one_clip(tmp_path: Path) -> None:
    twice = script(one="Press 9 to hear this again.", two="Press 9 to hear this again.")
    assert quick(tmp_path, twice).made == 2
    assert playable(tmp_path, twice) == 4


def test_a_damaged_or_missing_clip_is_made_again(tmp_path: Path) -> None:
    quick(tmp_path)
    first, second, *_ = sorted((tmp_path / "built").rglob("*.wav"))
    first.write_bytes(first.read_bytes()[:500])
    second.unlink()
    assert quick(tmp_path).made == 2
    assert check(WORDS, tmp_path).faults == ()


def test_one_clip_at_fault_never_stops_the_others_and_the_language_does_not_open(tmp_path: Path) -> None:
    shouting = script(hello="Welcome to the line.", menu="Press 1!", bye="Goodbye for now.")
    report = quick(tmp_path, shouting)
    assert [str(fault) for fault in report.faults] == [
        "en/menu: The tones refuse to shout. Change its words, or record it."
    ]
    assert (report.made, report.languages[0].is_whole, playable(tmp_path, shouting)) == (4, False, 0)


def test_an_engine_that_dies_on_some_words_is_a_fault_of_those_words_only(tmp_path: Path) -> None:
    deadly = script(hello="Welcome to the line.", menu="Press † now.", bye="Goodbye for now.")
    report = build(deadly, [Tones()], tmp_path, jobs=2)
    assert [str(fault) for fault in report.faults] == [
        "en/menu: The engine's process died on these words, or took too long. Change its words, or record it."
    ]
    assert report.made == 4


def test_a_language_that_nobody_speaks_is_told_with_the_ways_out_and_the_others_are_made(tmp_path: Path) -> None:
    report = quick(tmp_path, WORDS | script("fil", hello="Magandang araw."))
    assert report.faults == ()
    assert [fault.place for fault in report.unspoken] == ["fil"]
    for way in ("speaks Tagalog", "audio/recordings/fil/", "install an engine", "another voice", "stays closed"):
        assert way in report.unspoken[0].words
    assert [(one.language, one.is_whole) for one in report.languages] == [("en", True), ("fil", False)]


def test_only_the_languages_asked_for_are_made_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    two = WORDS | script("es", hello="Bienvenidos a la línea.")
    assert [one.language for one in quick(tmp_path, two, languages=["es"]).languages] == ["es"]
    with pytest.raises(SpeechError, match=r"no language xx\. It has: en, es"):
        quick(tmp_path, two, languages=["xx"])


def test_progress_goes_from_what_was_there_to_all(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    quick(tmp_path, script(hello="Welcome to the line."))
    quick(tmp_path, on_progress=lambda done, total: seen.append((done, total)))
    assert seen == [(2, 6), (3, 6), (4, 6), (5, 6), (6, 6)]


def test_a_new_voice_is_heard_only_when_all_its_clips_are_there(tmp_path: Path) -> None:
    quick(tmp_path)
    old = {said.id: Clips(tmp_path).find(said, slow=False) for said in WORDS["en"]}
    heard: list[tuple[str, str]] = []
    bass = [Tones(speaker="bass")]
    quick(tmp_path, engines=bass, on_progress=lambda *_: heard.append(voice(tmp_path)))
    assert heard == [("tones", "alto-en")] * 6 + [("tones", "bass-en")]
    assert playable(tmp_path) == 6
    for clip in old.values():
        assert clip is not None
        assert Clips(tmp_path).find_file("en", clip.name) is not None  # calls under way may still fetch it


def test_a_new_voice_with_a_fault_leaves_the_old_one_speaking(tmp_path: Path) -> None:
    quick(tmp_path)
    louder = script(hello="Welcome to the line.", menu="Press 1 to go on.", bye="Goodbye!")
    report = quick(tmp_path, louder, engines=[Tones(speaker="bass")])
    assert report.languages[0].is_whole is False
    assert voice(tmp_path) == ("tones", "alto-en")
    assert playable(tmp_path) == 6
    assert Clips(tmp_path).find(louder["en"][2], slow=False) is None  # and nobody hears the old words


# --- killed and stopped


def start(folder: Path, happening: str, at: int, jobs: int = 1) -> "subprocess.Popen[str]":
    """A build of MANY in a process of its own, to which something happens (see tones.HAPPENINGS) when `at` clips are
    ready. Its workers hold its output open: once that ends, they have ended too."""
    words = json.dumps({said.id: said.text for said in MANY["en"]})
    command = [sys.executable, "-m", "tests.speech.tones", str(folder), str(jobs), words, happening, str(at)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True)


def let_go_on(process: "subprocess.Popen[str]") -> None:
    """The build that waits does its last clips, and ends."""
    process.communicate("go on\n", timeout=PATIENCE)


PATIENCE = 120
"""Seconds that a process may take, of which it needs two: a guard against hanging, for the busiest machine."""
MANY = script(**{f"line{number}": f"This is line number {number}." for number in range(12)})


def test_a_killed_build_leaves_the_old_voice_and_the_next_one_goes_on_where_it_stopped(tmp_path: Path) -> None:
    quick(tmp_path, MANY, engines=[Tones(speaker="bass")])
    with start(tmp_path, "is killed", at=6, jobs=2) as process:
        process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGKILL
    assert voice(tmp_path) == ("tones", "bass-en")
    assert playable(tmp_path, MANY) == 24
    done = len(wavs(tmp_path)) - 24
    report = quick(tmp_path, MANY)
    assert 6 <= done < 24
    assert (report.kept, report.made) == (done, 24 - done)
    assert voice(tmp_path) == ("tones", "alto-en")
    assert check(MANY, tmp_path).faults == ()
    assert list((tmp_path / "built").rglob("*.tmp")) == []


def test_ctrl_c_keeps_what_is_done(tmp_path: Path) -> None:
    with start(tmp_path, "is interrupted", at=6) as process:
        process.communicate(timeout=PATIENCE)
    assert process.returncode != 0
    done = len(wavs(tmp_path))
    assert 6 <= done < 24
    assert playable(tmp_path, MANY) == 0
    assert quick(tmp_path, MANY).kept == done


def test_two_builds_never_run_in_one_folder(tmp_path: Path) -> None:
    with start(tmp_path, "waits", at=1) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        with pytest.raises(SpeechError, match="Another build is under way") as caught:
            quick(tmp_path, MANY)
        let_go_on(process)
    assert not caught.value.permanent
    assert (process.returncode, playable(tmp_path, MANY)) == (0, 24)


# --- recordings


def test_recordings_win_once_every_line_is_recorded(tmp_path: Path) -> None:
    record(tmp_path, "hello")
    record(tmp_path, "menu", kind="mp3")
    assert quick(tmp_path).faults == ()
    assert voice(tmp_path) == ("tones", "alto-en")
    record(tmp_path, "bye", kind="flac")
    assert quick(tmp_path).faults == ()
    heard = Clips(tmp_path).find_voice("en")
    assert heard is not None
    assert (heard.engine, heard.voice, heard.grade) == ("recordings", "human", Grade.RECORDED)
    assert playable(tmp_path) == 6
    assert [fault for fault in check(WORDS, tmp_path).faults if "take" not in fault.words] == []


def test_the_slow_pace_of_a_recording_lasts_a_quarter_longer(tmp_path: Path) -> None:
    record_all(tmp_path)
    quick(tmp_path)
    clips = Clips(tmp_path)
    normal, slow = (clips.find_seconds(WORDS["en"][0], slow=slow) for slow in (False, True))
    assert normal is not None
    assert slow is not None
    assert (slow - 0.3) / (normal - 0.3) == pytest.approx(1.25, abs=0.04)


BAD = {
    "empty": (b"", "empty"),
    "a text": (b"Here should be a recording.", "not sound in a format"),
    "silent": (None, "silent"),
}


@pytest.mark.parametrize(("content", "words"), BAD.values(), ids=BAD)
@pytest.mark.parametrize("all_recorded", [True, False])
def test_a_recording_that_cannot_be_used_is_a_fault_with_its_file_and_the_old_clip_stays(
    tmp_path: Path, content: bytes | None, words: str, all_recorded: bool
) -> None:
    quick(tmp_path)
    if all_recorded:
        record_all(tmp_path)
    bad = record(tmp_path, "menu")
    if content is None:
        soundfile.write(bad, np.zeros(44_100), 44_100)
    else:
        bad.write_bytes(content)
    report = quick(tmp_path)
    assert [fault.place for fault in report.faults] == [str(bad)]
    assert words in report.faults[0].words
    assert report.faults[0].words.endswith("Record it again, or delete it.")
    assert voice(tmp_path) == ("tones", "alto-en")
    assert playable(tmp_path) == 6


CHANGED = script(hello="Welcome to the line.", menu="Press 1 to stop.", bye="Goodbye for now.")


@pytest.mark.parametrize("recorded", [("hello", "menu", "bye"), ("menu",)])
def test_a_recording_of_older_words_is_a_fault_and_what_was_heard_stays(
    tmp_path: Path, recorded: tuple[str, ...]
) -> None:
    for id_ in recorded:
        record(tmp_path, id_)
    quick(tmp_path)
    before = voice(tmp_path)
    report = quick(tmp_path, CHANGED)
    assert [fault.place for fault in report.faults] == [str(tmp_path / "recordings" / "en" / "menu.wav")]
    assert report.faults[0].words.startswith("This recording says older words: record it again, or delete it")
    assert "Press 1 to go on." in report.faults[0].words
    assert voice(tmp_path) == before
    assert Clips(tmp_path).find(CHANGED["en"][0], slow=False) is not None


def test_a_recording_made_again_speaks_the_new_words(tmp_path: Path) -> None:
    record_all(tmp_path)
    quick(tmp_path)
    record(tmp_path, "menu", pitch=330)
    report = quick(tmp_path, CHANGED)
    assert (report.faults, report.made, voice(tmp_path)) == ((), 2, ("recordings", "human"))
    assert playable(tmp_path, CHANGED) == 6


def test_a_recording_that_is_deleted_gives_the_language_back_to_the_engine(tmp_path: Path) -> None:
    record_all(tmp_path)
    quick(tmp_path)
    (tmp_path / "recordings" / "en" / "menu.wav").unlink()
    report = quick(tmp_path, CHANGED)
    assert (report.faults, voice(tmp_path), playable(tmp_path, CHANGED)) == ((), ("tones", "alto-en"), 6)


def test_recordings_are_left_out_where_the_settings_say_so(tmp_path: Path) -> None:
    record_all(tmp_path)
    quick(tmp_path, orders={"": ("tones",)})
    assert voice(tmp_path) == ("tones", "alto-en")


def test_recordings_of_one_language_may_be_left_out_alone(tmp_path: Path) -> None:
    record_all(tmp_path)
    quick(tmp_path, orders={"": ("recordings", "tones"), "en": ("tones",)})
    assert voice(tmp_path) == ("tones", "alto-en")
    quick(tmp_path, orders={"": ("recordings", "tones"), "es": ("tones",)})
    assert voice(tmp_path) == ("recordings", "human")


# --- committed clips


def commit(folder: Path) -> None:
    """Clips of a better voice come with the checkout, at the normal pace only."""
    quick(folder, engines=[Tones(speaker="soprano")])
    heard = read_manifest(locate_built_layer(folder).manifest).languages["en"].active_set
    assert heard is not None
    kept = ClipSet("tenor", heard.voice, Grade.NEURAL, heard.normal)
    locate_built_layer(folder).manifest.unlink()
    (folder / "built" / "en").rename(folder / "made")
    locate_committed_layer(folder).clips.mkdir()
    (folder / "made").rename(locate_committed_layer(folder).clips / "en")
    write_manifest(locate_committed_layer(folder).manifest, Manifest({"en": LanguageClips(kept.key, {kept.key: kept})}))


def test_committed_clips_are_heard_before_any_engine_and_only_the_slower_pace_is_made(tmp_path: Path) -> None:
    commit(tmp_path)
    report = quick(tmp_path)
    assert (report.made, report.languages[0].grade) == (3, Grade.NEURAL)
    assert voice(tmp_path) == ("tenor", "soprano-en")
    assert playable(tmp_path) == 6
    assert [fault for fault in check(WORDS, tmp_path).faults if "take" not in fault.words] == []
    assert quick(tmp_path).made == 0


LACKS = (
    "1 prompts have words that this language's voice (tenor soprano-en) has not said yet: menu. Install it "
    "(audio/README.md says how), record all of English (audio/recordings/en/), or move the whole language to another "
    "voice (SPEECH_ENGINES). What was heard before is still heard."
)


def test_words_that_the_committed_voice_lacks_are_told_with_three_ways_out_and_what_was_heard_stays(
    tmp_path: Path,
) -> None:
    commit(tmp_path)
    quick(tmp_path)
    before = (wavs(tmp_path), locate_built_layer(tmp_path).manifest.read_bytes())
    report = quick(tmp_path, CHANGED)
    assert (report.made, report.faults, report.unspoken) == (0, (), (Fault("en", LACKS),))
    assert report.languages == (LanguageReport("en", "", "", None, 0, 0, is_whole=False),)
    assert voice(tmp_path) == ("tenor", "soprano-en")
    assert (wavs(tmp_path), locate_built_layer(tmp_path).manifest.read_bytes()) == before
    assert playable(tmp_path, CHANGED) == 4  # and nobody hears the old words


def test_of_many_lacking_prompts_five_are_named(tmp_path: Path) -> None:
    commit(tmp_path)
    more = script(**{f"line{number}": f"This is line number {number}." for number in range(7)})
    (told,) = quick(tmp_path, more).unspoken
    assert told.words.startswith(
        "7 prompts have words that this language's voice (tenor soprano-en) has not said yet: "
    )
    assert "line0, line1, line2, line3, line4 .... Install it" in told.words


@dataclass(frozen=True)
class Busy(Tones):
    """Tones that may be had later."""

    def speak(self, text: str, language: str, *, slow: bool) -> Speech:
        raise SpeechError("The tones are busy. Build again later.", permanent=False)


def test_what_may_go_well_later_is_told_without_asking_for_other_words(tmp_path: Path) -> None:
    report = quick(tmp_path, engines=[Busy()])
    assert {fault.words for fault in report.faults} == {"The tones are busy. Build again later."}
    assert report.made == 0


@dataclass(frozen=True)
class Heard(Tones):
    """Tones that remember what they were asked to say; for builds in this process."""

    said: list[tuple[str, bool]] = field(default_factory=list)

    def speak(self, text: str, language: str, *, slow: bool) -> Speech:
        self.said.append((text, slow))
        return super().speak(text, language, slow=slow)


def tenor(speaker: str = "soprano") -> Heard:
    """The engine of the committed clips, as it is once installed: it has no slow pace of its own."""
    return Heard(name="tenor", speaker=speaker, own_slow_pace=False)


def test_with_its_engine_there_only_the_lacking_words_are_spoken_and_the_others_only_stretched(tmp_path: Path) -> None:
    commit(tmp_path)
    engine = tenor()
    report = quick(tmp_path, CHANGED, engines=[engine])
    assert engine.said == [("Press 1 to stop.", False)]
    assert (report.made, report.faults, report.unspoken, report.languages[0].is_whole) == (4, (), (), True)
    assert (voice(tmp_path), playable(tmp_path, CHANGED)) == (("tenor", "soprano-en"), 6)
    heard = read_manifest(locate_built_layer(tmp_path).manifest).languages["en"].active_set
    assert heard is not None
    assert (set(heard.normal), set(heard.slow)) == ({"menu"}, {"hello", "menu", "bye"})
    assert [fault for fault in check(CHANGED, tmp_path).faults if "take" not in fault.words] == []
    assert quick(tmp_path, CHANGED, engines=[engine]).made == 0


def test_words_that_were_spoken_here_stay_heard_when_the_engine_is_gone_again(tmp_path: Path) -> None:
    commit(tmp_path)
    quick(tmp_path, CHANGED, engines=[tenor()])
    report = quick(tmp_path, CHANGED)
    assert [fault.place for fault in report.unspoken] == ["en"]
    assert (voice(tmp_path), playable(tmp_path, CHANGED)) == (("tenor", "soprano-en"), 6)


def test_another_voice_of_that_engine_does_not_speak_beside_the_committed_one(tmp_path: Path) -> None:
    commit(tmp_path)
    engine = tenor(speaker="bass")
    report = quick(tmp_path, CHANGED, engines=[engine])
    assert (engine.said, report.unspoken) == ([], (Fault("en", LACKS),))


def test_an_order_of_its_own_moves_a_whole_language_to_another_voice_and_back(tmp_path: Path) -> None:
    commit(tmp_path)
    two = CHANGED | script("es", hello="Bienvenidos.")
    orders = {"": ("recordings", "tenor", "tones"), "en": ("tones",)}
    report = quick(tmp_path, two, orders=orders)
    assert [(one.language, one.engine, one.is_whole) for one in report.languages] == [
        ("en", "tones", True),
        ("es", "tones", True),
    ]
    assert (voice(tmp_path), playable(tmp_path, two)) == (("tones", "alto-en"), 6)
    assert quick(tmp_path, orders={"": orders[""]}).languages[0].engine == "tenor"
    assert (voice(tmp_path), playable(tmp_path)) == (("tenor", "soprano-en"), 6)


def test_an_order_that_asks_another_voice_first_moves_every_language_that_it_speaks(tmp_path: Path) -> None:
    commit(tmp_path)
    assert quick(tmp_path, orders={"": ("tones", "tenor")}).languages[0].engine == "tones"
    assert quick(tmp_path, orders={"": ("tenor", "tones")}).languages[0].engine == "tenor"
    assert quick(tmp_path, orders={"": ("nobody",)}).languages[0].engine == ""


def test_recordings_of_every_line_win_over_a_committed_voice_that_lacks_one(tmp_path: Path) -> None:
    commit(tmp_path)
    record_all(tmp_path)
    report = quick(tmp_path, CHANGED)
    assert (report.unspoken, voice(tmp_path)) == ((), ("recordings", "human"))


def test_a_damaged_committed_clip_is_a_fault_with_its_file_and_where_to_take_it_from(tmp_path: Path) -> None:
    commit(tmp_path)
    clip = Clips(tmp_path).find_path(WORDS["en"][1], slow=False)
    assert clip
    clip.write_bytes(b"half a clip")
    report = quick(tmp_path)
    words = "This file is not sound in a format that can be read (wav, mp3 or flac)."
    remedy = "It came with the checkout. Take it from there again: git checkout -- audio/clips"
    assert report.faults == (Fault(str(clip), f"{words} {remedy}"),)
    assert report.languages[0].is_whole is False


def test_a_committed_clip_whose_file_is_gone_is_lacking(tmp_path: Path) -> None:
    commit(tmp_path)
    clip = Clips(tmp_path).find_path(WORDS["en"][1], slow=False)
    assert clip
    clip.unlink()
    words = "It came with the checkout. Take it from there again: git checkout -- audio/clips"
    gone = f"Files of 1 clips are gone: {WORDS['en'][1].id}. {words}"
    assert quick(tmp_path).unspoken == (Fault("en", gone),)
    assert quick(tmp_path, engines=[tenor()]).faults == ()
    assert playable(tmp_path) == 6


# --- slow clips that are stretched


def stretching(speaker: str = "alto") -> Heard:
    return Heard(speaker=speaker, own_slow_pace=False)


def test_an_engine_without_a_slow_pace_speaks_each_line_once_and_its_slow_clip_is_stretched(tmp_path: Path) -> None:
    engine = stretching()
    report = quick(tmp_path, engines=[engine])
    assert engine.said == [(said.text, False) for said in WORDS["en"]]
    assert (report.made, report.faults, playable(tmp_path)) == (6, (), 6)
    clips = Clips(tmp_path)
    for said in WORDS["en"]:
        normal, slow = (clips.find_seconds(said, slow=slow) for slow in (False, True))
        assert normal is not None
        assert slow is not None
        assert (slow - 0.3) / (normal - 0.3) == pytest.approx(1.25, abs=0.04)
    assert [fault for fault in check(WORDS, tmp_path).faults if "take" not in fault.words] == []
    assert quick(tmp_path, engines=[engine]).made == 0


@pytest.mark.parametrize(("lost", "spoken"), [(False, 1), (True, 0)], ids=["normal", "slow"])
def test_a_lost_clip_is_made_again_alone_and_a_slow_one_without_a_word(tmp_path: Path, lost: bool, spoken: int) -> None:
    quick(tmp_path, engines=[stretching()])
    clip = Clips(tmp_path).find_path(WORDS["en"][0], slow=lost)
    assert clip
    clip.unlink()
    engine = stretching()
    assert (quick(tmp_path, engines=[engine]).made, len(engine.said)) == (1, spoken)
    assert playable(tmp_path) == 6


def test_a_changed_text_speaks_its_own_clip_once_and_stretches_it(tmp_path: Path) -> None:
    quick(tmp_path, engines=[stretching()])
    engine = stretching()
    assert quick(tmp_path, CHANGED, engines=[engine]).made == 2
    assert engine.said == [("Press 1 to stop.", False)]
    assert playable(tmp_path, CHANGED) == 6


def test_stretched_clips_are_made_in_processes_of_their_own_too(tmp_path: Path) -> None:
    report = build(WORDS, [Tones(own_slow_pace=False)], tmp_path, jobs=2)
    assert (report.made, report.faults, playable(tmp_path)) == (6, (), 6)


def test_words_that_cannot_be_spoken_are_told_once_and_the_others_are_made_in_both_paces(tmp_path: Path) -> None:
    shouting = script(hello="Welcome to the line.", menu="Press 1!", bye="Goodbye for now.")
    report = quick(tmp_path, shouting, engines=[stretching()])
    assert report.faults == (Fault("en/menu", "The tones refuse to shout. Change its words, or record it."),)
    assert (report.made, report.languages[0].is_whole) == (4, False)


def test_a_task_with_a_normal_clip_stretches_it_and_asks_nobody_to_speak(tmp_path: Path) -> None:
    speaker, refused = EngineSpeaker(Tones()), line("menu", "Shout!")
    normal = tmp_path / "normal.wav"
    normal.write_bytes(encode(normalise(tone(2.0, RATE))))
    path = tmp_path / "slow.wav"
    made = make_clip(speaker, ClipTask(0, refused, True, path, normal))
    assert made == describe_file(path.read_bytes())
    assert made.seconds == pytest.approx(2.0 / 0.8 + 0.3, abs=0.1)
    assert make_clip(speaker, ClipTask(0, refused, True, path)) == FailedClip("The tones refuse to shout.")
    assert make_clip(speaker, ClipTask(0, refused, True, path, tmp_path / "none.wav")) == FailedClip(
        "The clip of the normal pace, which this one is stretched from, was not made."
    )


KILLED = """
import json, os, signal, sys
from pathlib import Path
from ivr.speech.build import build, ship
from tests.speech.tones import Tones, script

folder, most, what, words = sys.argv[1:]
engine, scripts = Tones(own_slow_pace=False), script(**json.loads(words))

def on_progress(done, total):
    if done == int(most):
        os.kill(os.getpid(), signal.SIGKILL)

if what == "build":
    build(scripts, [engine], Path(folder), jobs=2, on_progress=on_progress)
else:
    ship(scripts, [engine], Path(folder), lexicons={}, jobs=2, on_progress=on_progress)
"""


def killed(folder: Path, most: int, what: str = "build") -> None:
    """A build (or "ship") of MANY in a process of its own, killed as soon as `most` clips are ready.

    Its workers hold its output open: once that ends, they have ended too.
    """
    words = json.dumps({said.id: said.text for said in MANY["en"]})
    command = [sys.executable, "-c", KILLED, str(folder), str(most), what, words]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("most", [5, 12, 15], ids=["while speaking", "between", "while stretching"])
def test_a_killed_build_of_stretched_clips_leaves_the_old_voice_whole_and_the_next_one_completes_it(
    tmp_path: Path, most: int
) -> None:
    quick(tmp_path, MANY, engines=[stretching("bass")])
    killed(tmp_path, most)
    assert (voice(tmp_path), playable(tmp_path, MANY)) == (("tones", "bass-en"), 24)
    done = len(wavs(tmp_path)) - 24
    assert most <= done < 24
    engine = stretching()
    report = quick(tmp_path, MANY, engines=[engine])
    assert (report.kept, report.made, len(engine.said)) == (done, 24 - done, max(12 - done, 0))
    assert (voice(tmp_path), playable(tmp_path, MANY)) == (("tones", "alto-en"), 24)
    assert list((tmp_path / "built").rglob("*.tmp")) == []


# --- how words are said


def test_an_engine_is_handed_the_words_as_the_lexicon_spells_them_and_other_spellings_are_other_clips(
    tmp_path: Path,
) -> None:
    engine = stretching()
    quick(tmp_path, engines=[engine])
    spelled = {"en": Lexicon("en", {"all": {"menu": "men you", "welcome": "well come"}})}
    report = quick(tmp_path, engines=[engine], lexicons=spelled)
    assert engine.said[3:] == [("well come to the line.", False)]
    assert (report.kept, report.made, playable(tmp_path)) == (4, 2, 6)  # the manifest holds the words as written


# --- the real engines


def test_pico_and_espeak_make_a_small_line_in_three_languages(tmp_path: Path) -> None:
    words = {
        **script("en", hello="Thank you for calling.", menu="Press 9 to hear this again."),
        **script("es", hello="Gracias por llamar.", menu="Oprima 9 para oírlo otra vez."),
        **script("zh", hello="感谢您的来电。", menu="重听请按九。"),
    }
    report = build(words, [Pico(), Espeak()], tmp_path, jobs=2)
    assert report.faults == ()
    assert [(one.language, one.engine, one.grade) for one in report.languages] == [
        ("en", "pico", Grade.BASIC),
        ("es", "pico", Grade.BASIC),
        ("zh", "espeak", Grade.PREVIEW),
    ]
    assert check(words, tmp_path).faults == ()
    assert Clips(tmp_path).find(line("hello", "Thank you for calling."), slow=True) is not None
