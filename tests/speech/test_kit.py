"""What comes back from the booth: refused in words where it cannot be used, and nothing that was saved is ever lost."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import soundfile
from flask.cli import AppGroup

from ivr.commands.recordings import add_kit
from ivr.errors import Fault, SpeechError
from ivr.line.languages import LANGUAGES
from ivr.speech import kit
from ivr.speech.build import build
from ivr.speech.check import check
from ivr.speech.engines.recordings import Recordings
from ivr.speech.examine import examine, is_cut_off, measure_gap
from ivr.speech.keeping import keep_recording
from ivr.speech.kit import ReceivedTake, gather, receive
from ivr.speech.manifest import Clip
from ivr.speech.mastering import decode
from ivr.speech.sound import Grade, Samples
from ivr.wording.script import ScriptLine
from tests.conftest import Environment
from tests.speech.tones import line, tone
from tests.wording.translation import Bench, set_up

HELLO = line("hello", "Thank you for calling us today.", "es")
LINES = (
    HELLO,
    line("menu.all.1", "To hear it all, press one.", "es"),
    line("digit.2", "two of them", "es"),
    line("date.day.2", "two of them", "es"),
    line("time.hour.2", "two of them", "es"),
)
RATE = 16_000
TOO_LOUD = "The loudest sounds are cut off (clipped): record it again with the level lower."


def noise(count: int, decibels: float) -> Samples:
    """Noise at a level under full scale, the same each time."""
    return np.asarray(np.random.default_rng(7).normal(0, 10 ** (decibels / 20), count), dtype=np.float32)


def spoken(seconds: float = 2.5, *, rate: int = RATE, level: float = 0.3, room: float = -80.0) -> Samples:
    """A voice with half a second of a quiet room before and after; `room` is its noise in dBFS."""
    quiet = np.zeros(rate // 2, dtype=np.float32)
    voice = np.concatenate([quiet, tone(seconds, rate, level=level), quiet])
    return np.asarray(voice + noise(len(voice), room), dtype=np.float32)


@dataclass(frozen=True)
class Desk:
    """A folder that came from the booth, and the folder where Spanish recordings are kept."""

    booth: Path
    audio: Path

    @property
    def kept(self) -> Path:
        return self.audio / "recordings" / "es"

    def put(self, name: str, samples: "Samples | None" = None, rate: int = RATE) -> bytes:
        """Puts a file in the folder, in the format of its ending."""
        path = self.booth / name
        kind = path.suffix[1:].upper()
        soundfile.write(path, spoken() if samples is None else samples, rate, format=kind)
        return path.read_bytes()

    def receive(self, *known: Clip, write: bool = True, lines: tuple[ScriptLine, ...] = LINES) -> list[ReceivedTake]:
        return list(receive(gather(self.booth, lines), self.kept, known, write=write))

    def files(self) -> dict[str, bytes]:
        """Every file that is kept, by its path below the language's folder."""
        return {str(path.relative_to(self.kept)): path.read_bytes() for path in self.kept.rglob("*") if path.is_file()}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "booth").mkdir()
    return Desk(tmp_path / "booth", tmp_path / "audio")


def content(samples: Samples, rate: int = RATE, kind: str = "WAV", subtype: str | None = None) -> bytes:
    """The bytes of a file of this kind."""
    file = BytesIO()
    soundfile.write(file, samples, rate, format=kind, subtype=subtype)
    return file.getvalue()


# --- Names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("menu.al.1.wav", "No clip is called menu.al.1. Is it menu.all.1?"),
        ("zzzzzz.wav", "No clip is called zzzzzz. The booth script lists the names."),
        ("hello.m4a", ".m4a files are not read. Save it as wav, flac or mp3."),
        ("hello.AAC", ".aac files are not read. Save it as wav, flac or mp3."),
        ("hello", "Files without an ending are not read. Save it as wav, flac or mp3."),
    ],
)
def test_a_file_with_a_wrong_name_or_of_another_kind_is_refused(desk: Desk, name: str, words: str) -> None:
    (desk.booth / name).touch()
    found = gather(desk.booth, LINES)
    assert (found.takes, found.faults) == ((), (Fault(name, words),))


def test_two_files_for_one_clip_are_both_refused(desk: Desk) -> None:
    for name in ("hello.wav", "hello.MP3", "digit.2.wav"):
        (desk.booth / name).touch()
    found = gather(desk.booth, LINES)
    words = "2 files are for this clip (hello.MP3, hello.wav): keep the best one."
    assert found.faults == (Fault("hello.MP3", words), Fault("hello.wav", words))
    assert [take.line.id for take in found.takes] == ["digit.2"]


def test_takes_come_in_the_order_of_a_call_whatever_case_their_names_have(desk: Desk) -> None:
    for name in ("digit.2.Wav", "Hello.FLAC", "menu.all.1.mp3"):
        (desk.booth / name).touch()
    assert [take.path.name for take in gather(desk.booth, LINES).takes] == [
        "Hello.FLAC",
        "menu.all.1.mp3",
        "digit.2.Wav",
    ]


def test_hidden_files_and_folders_are_passed_over(desk: Desk) -> None:
    (desk.booth / "._hello.wav").touch()
    (desk.booth / "old takes.wav").mkdir()
    found = gather(desk.booth, LINES)
    assert (found.takes, found.faults) == ((), ())


# --- Sound -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "MP3"])
@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
def test_a_good_recording_has_no_faults(kind: str, rate: int) -> None:
    assert examine(content(spoken(rate=rate), rate, kind), HELLO) == ()


def test_a_good_recording_in_stereo_has_no_faults() -> None:
    assert examine(content(np.stack([spoken(), spoken(level=0.1)], axis=1)), HELLO) == ()


@pytest.mark.parametrize(
    ("sound", "words"),
    [
        (b"", "This file is empty."),
        (b"I am a text.", "This file is not sound in a format that can be read (wav, mp3 or flac)."),
        (content(np.zeros(RATE, np.float32)), "Nothing is spoken in this sound: it is silent."),
        (
            content(np.zeros(0, np.float32)),
            "This file has a header and no sound: record or export it again.",
        ),
        (content(spoken(), 4_000), "This file has 4000 samples a second; a telephone needs 8000."),
    ],
)
def test_what_is_no_recording_is_refused_in_words(sound: bytes, words: str) -> None:
    assert examine(sound, HELLO) == (words,)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "It lasts 0.5 s, and these words take 0.8 to 9.6 s: is it this clip, whole, and nothing else?"),
        (14.0, "It lasts 14.3 s, and these words take 0.8 to 9.6 s: is it this clip, whole, and nothing else?"),
    ],
)
def test_a_recording_too_short_or_too_long_for_its_words_is_refused(seconds: float, words: str) -> None:
    assert examine(content(spoken(seconds)), HELLO) == (words,)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.8, "may have 70 to 260: read it slower."), (7.0, "may have 70 to 260: read it faster.")],
)
def test_a_recording_that_runs_or_drags_is_refused(seconds: float, words: str) -> None:
    (found,) = examine(content(spoken(seconds)), HELLO)
    assert found.endswith(words)


def test_words_that_come_twice_in_a_file_are_refused() -> None:
    once = np.concatenate([tone(seconds, level=0.3 / number) for number, seconds in enumerate((0.5, 0.3, 0.7), 1)])
    quiet = np.zeros(RATE // 2, dtype=np.float32)
    both = np.concatenate([quiet, once, quiet[:4_000], once, quiet])
    assert examine(content(both + noise(len(both), -80)), HELLO) == ("The same sound comes twice in it: save it once.",)


def test_a_clip_longer_than_anyone_listens_is_refused() -> None:
    long = line("long", "word " * 60, "es")
    words = "It lasts 27 s, and a clip lasts 25 s at most: read it a little faster."
    assert examine(content(spoken(27)), long) == (words,)


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "MP3"])
def test_a_recording_cut_off_at_full_scale_is_refused(kind: str) -> None:
    loud = np.clip(spoken(level=3.0), -1, 1)
    assert examine(content(loud, kind=kind), HELLO) == (TOO_LOUD,)


def test_a_recording_cut_off_and_made_quieter_afterwards_is_refused() -> None:
    assert examine(content(0.4 * np.clip(spoken(level=3.0), -1, 1)), HELLO) == (TOO_LOUD,)


def test_one_channel_cut_off_is_enough() -> None:
    both = np.stack([spoken(level=0.1), np.clip(spoken(level=3.0), -1, 1)], axis=1)
    assert examine(content(both), HELLO) == (TOO_LOUD,)


@pytest.mark.parametrize("rate", [8_000, 48_000, 96_000])
@pytest.mark.parametrize("pitch", [80.0, 300.0])
def test_a_low_loud_voice_that_is_whole_is_not_taken_for_clipped(rate: int, pitch: float) -> None:
    voice = tone(3, rate, pitch=pitch, level=0.99) + noise(3 * rate, -70)
    assert not is_cut_off(np.asarray(voice, dtype=np.float32))


def test_silence_is_not_taken_for_clipped() -> None:
    assert not is_cut_off(np.zeros(RATE, np.float32))


def test_a_noisy_room_is_refused_and_a_quiet_one_is_not() -> None:
    (words,) = examine(content(spoken(room=-30)), HELLO)
    assert words.startswith("Its quietest moments are only ")
    assert words.endswith("record in a quieter room, with half a second of quiet before and after.")
    assert examine(content(spoken(room=-55)), HELLO) == ()


def test_a_recording_without_any_quiet_is_refused() -> None:
    (words,) = examine(content(tone(2.5)), HELLO)
    assert "with half a second of quiet before and after" in words


def test_rumble_that_a_telephone_does_not_carry_is_not_held_against_a_recording() -> None:
    at = np.arange(len(spoken())) / RATE
    rumble = np.asarray(0.01 * np.sin(2 * np.pi * 20 * at), dtype=np.float32)
    assert examine(content(spoken() + rumble), HELLO) == ()


def test_the_distance_between_voice_and_room_is_measured_in_decibels() -> None:
    voice = np.asarray(0.1 * np.sqrt(2) * np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE), dtype=np.float32)
    found = measure_gap(decode(content(np.concatenate([noise(RATE, -50), voice]), subtype="FLOAT")))
    assert found == pytest.approx(30, abs=1)


def test_every_fault_of_a_recording_is_said_at_once() -> None:
    found = examine(content(np.clip(spoken(14, level=3.0, room=-15), -1, 1)), HELLO)
    assert [words.split()[0] for words in found] == ["The", "Its", "It"]


def test_what_passes_here_is_built_and_passes_the_check(desk: Desk) -> None:
    for number, one in enumerate(LINES):
        desk.put(f"{one.id}.flac", spoken(1.5 + number / 50, rate=44_100), 44_100)
    assert [one.faults for one in desk.receive()] == [()] * 5
    assert build({"es": LINES}, [], desk.audio, jobs=0).faults == ()
    report = check({"es": LINES}, desk.audio)
    assert (len(report.measures), report.faults) == (10, ())


# --- What is kept ----------------------------------------------------------------------------------------------------


def test_nothing_is_written_unless_asked(desk: Desk) -> None:
    desk.put("hello.wav")
    (found,) = desk.receive(write=False)
    assert (found.ids, found.faults) == (("hello",), ())
    assert not desk.audio.exists()


def test_a_good_file_is_saved_byte_for_byte_under_its_clips_name(desk: Desk) -> None:
    sound = desk.put("Hello.WAV")
    assert [one.changed for one in desk.receive()] == [True]
    assert desk.files() == {"hello.wav": sound}


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    sound = desk.put("hello.wav")
    assert [[one.changed for one in desk.receive()] for _ in range(2)] == [[True], [False]]
    assert desk.files() == {"hello.wav": sound}


def test_an_older_recording_stays_while_the_new_one_is_refused(desk: Desk) -> None:
    sound = desk.put("hello.wav")
    desk.receive()
    desk.put("hello.wav", spoken(room=-20))
    assert [one.ids for one in desk.receive()] == [()]
    assert desk.files() == {"hello.wav": sound}


@pytest.mark.parametrize("older", ["hello.wav", "hello.mp3", "hello.WAV"])
def test_an_older_recording_of_any_kind_is_set_aside_for_a_new_one(desk: Desk, older: str) -> None:
    desk.kept.mkdir(parents=True)
    (desk.kept / older).write_bytes(b"older")
    sound = desk.put("hello.wav")
    desk.receive()
    assert desk.files() == {"hello.wav": sound, f"replaced/{older}": b"older"}


def test_every_recording_that_was_ever_replaced_is_still_there(desk: Desk) -> None:
    sounds = [desk.put("hello.wav", spoken(seconds)) for seconds in (2, 2.5, 3)]
    for sound in (*sounds, sounds[0]):
        keep_recording(desk.kept / "hello.wav", sound)
    names = ("replaced/hello.wav", "replaced/hello~2.wav", "replaced/hello~3.wav", "hello.wav")
    assert desk.files() == dict(zip(names, (*sounds, sounds[0]), strict=True))


def test_what_was_set_aside_is_no_recording_any_more(desk: Desk) -> None:
    keep_recording(desk.kept / "hello.wav", b"one")
    keep_recording(desk.kept / "hello.wav", b"two")
    recordings = Recordings(desk.audio / "recordings")
    assert recordings.find_recorded(LINES) == (HELLO,)
    assert recordings.find_strangers("es", LINES) == ()
    assert recordings.name_place(HELLO) == str(desk.kept / "hello.wav")


def test_a_save_cut_short_is_mended_by_the_next(desk: Desk) -> None:
    (desk.kept / "replaced").mkdir(parents=True)
    for name, sound in (("hello.mp3", b"old"), ("replaced/hello.mp3", b"old"), ("hello.wav", b"new")):
        (desk.kept / name).write_bytes(sound)
    assert keep_recording(desk.kept / "hello.wav", b"new")
    assert desk.files() == {"hello.wav": b"new", "replaced/hello.mp3": b"old"}


def test_a_disk_that_takes_nothing_is_said_in_words_and_nothing_is_lost(desk: Desk) -> None:
    desk.kept.mkdir(parents=True)
    (desk.kept / "hello.wav").write_bytes(b"old")
    (desk.kept / "replaced").write_bytes(b"a file where a folder should be")
    with pytest.raises(SpeechError, match=r"hello\.wav cannot be saved .* What was saved before is kept\."):
        keep_recording(desk.kept / "hello.wav", b"new")
    assert desk.files()["hello.wav"] == b"old"


def test_equal_words_share_one_recording(desk: Desk) -> None:
    sound = desk.put("digit.2.wav", spoken(1))
    (found,) = desk.receive()
    assert found.ids == ("digit.2", "date.day.2", "time.hour.2")
    assert desk.files() == {"digit.2.wav": sound, "date.day.2.wav": sound, "time.hour.2.wav": sound}


def test_a_clip_with_a_file_of_its_own_does_not_share_even_where_that_is_refused(desk: Desk) -> None:
    sound = desk.put("date.day.2.wav", spoken(1))
    desk.put("digit.2.wav", spoken(1, room=-20))
    assert [one.ids for one in desk.receive()] == [(), ("date.day.2", "time.hour.2")]
    assert desk.files() == {"date.day.2.wav": sound, "time.hour.2.wav": sound}


def test_of_two_takes_of_equal_words_the_first_is_shared(desk: Desk) -> None:
    desk.put("digit.2.wav", spoken(1))
    desk.put("date.day.2.wav", spoken(1.2))
    assert [one.ids for one in desk.receive()] == [("digit.2", "time.hour.2"), ("date.day.2",)]


def test_a_recording_of_older_words_is_refused_as_the_build_would(desk: Desk) -> None:
    sha256 = hashlib.sha256(desk.put("hello.wav")).hexdigest()
    old = Clip("es", "hello", "Thanks.", "recordings", "human", Grade.RECORDED, "x.wav", "", 1.0, sha256)
    (found,) = desk.receive(old)
    words = 'This recording says older words ("Thanks."). The line now says "Thank you for calling us today."'
    assert found.faults == (f"{words}: record it again.",)
    assert desk.files() == {}


def test_whoever_stops_halfway_keeps_what_is_done(desk: Desk) -> None:
    sound = desk.put("hello.wav")
    desk.put("menu.all.1.wav")
    work = receive(gather(desk.booth, LINES), desk.kept, (), write=True)
    assert next(iter(work)).ids == ("hello",)
    assert desk.files() == {"hello.wav": sound}


# --- The command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def bench(tmp_path: Path, environment: Environment) -> Bench:
    return set_up(tmp_path, environment)


def run(bench: Bench, desk: Desk, *options: str) -> tuple[int, list[str]]:
    """`flask audio import es …` on the desk's folder, in a real line: exit code, and what was said, line by line."""
    app = bench.line("en", "es")
    group = AppGroup("audio")
    add_kit(group)
    app.cli.add_command(group)
    result = app.test_cli_runner().invoke(args=["audio", "import", "es", str(desk.booth), *options])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output.splitlines()


def clips(bench: Bench) -> int:
    return len(bench.line("en", "es").extensions["spineline"].content.scripts["es"])


def test_without_write_the_command_says_what_would_be_saved(bench: Bench, desk: Desk) -> None:
    desk.put("goodbye.wav", spoken(2))
    count = clips(bench)
    assert run(bench, desk) == (
        0,
        [
            "good     goodbye.wav",
            f"0 of {count} clips of Spanish are recorded; {count} to go.",
            "Nothing is saved yet. To save the good files, add --write: then 1 are recorded.",
        ],
    )
    assert not desk.kept.exists()


def test_with_write_the_command_saves_and_counts_and_fails_for_what_is_refused(bench: Bench, desk: Desk) -> None:
    sound = desk.put("goodbye.wav", spoken(2))
    desk.put("digit.2.mp3", spoken(0.6, rate=44_100), 44_100)
    (desk.booth / "godbye.wav").touch()
    (desk.booth / "sorry.wav").write_text("Lo siento.")
    count = clips(bench)
    code, said = run(bench, desk, "--write")
    assert code == 1
    assert said == [
        "saved    goodbye.wav",
        "saved    digit.2.mp3: also date.day.2",
        "refused  godbye.wav: No clip is called godbye. Is it goodbye?",
        "refused  sorry.wav: This file is not sound in a format that can be read (wav, mp3 or flac).",
        f"3 of {count} clips of Spanish are recorded; {count - 3} to go.",
    ]
    assert desk.files()["goodbye.wav"] == sound
    assert run(bench, desk, "--write")[1][:2] == ["same     goodbye.wav", "same     digit.2.mp3: also date.day.2"]


def test_the_last_recording_tells_how_callers_get_to_hear_it(bench: Bench, desk: Desk) -> None:
    desk.kept.mkdir(parents=True)
    for one in bench.line("en", "es").extensions["spineline"].content.scripts["es"]:
        (desk.kept / f"{one.id}.wav").touch()
    desk.put("goodbye.wav", spoken(2))
    said = run(bench, desk, "--write")[1]
    assert said[-1] == f"{LANGUAGES['es'].name} is whole. To let callers hear it: flask audio build --language es"
    assert (desk.kept / "replaced" / "goodbye.wav").read_bytes() == b""


def test_an_empty_folder_is_said_in_words(bench: Bench, desk: Desk) -> None:
    assert run(bench, desk) == (1, [f"Error: There are no files in {desk.booth}."])


def test_ctrl_c_keeps_and_tells_what_is_done(bench: Bench, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = desk.put("sorry.wav", spoken(2))
    desk.put("goodbye.wav", spoken(2))

    def listen_once(content: bytes, line: ScriptLine, pace: float | None) -> tuple[str, ...]:
        if desk.files():
            raise KeyboardInterrupt
        return examine(content, line, pace)

    monkeypatch.setattr(kit, "examine", listen_once)
    code, said = run(bench, desk, "--write")
    assert (code, said[-1]) == (130, "Stopped. What is saved is kept; the same command goes on from there.")
    (name,) = desk.files()
    assert said[0] == f"saved    {name}"
    assert len(sound) == len(desk.files()[name])


def test_a_disk_that_takes_nothing_ends_the_command_in_words(bench: Bench, desk: Desk) -> None:
    desk.put("goodbye.wav", spoken(2))
    desk.kept.parent.mkdir(parents=True)
    desk.kept.write_text("a file where the folder should be")
    code, said = run(bench, desk, "--write")
    assert code == 1
    assert said[-1].startswith(f"Error: {desk.kept / 'goodbye.wav'} cannot be saved (")
