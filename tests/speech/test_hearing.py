"""What a recogniser mishears: a fake one, which hears what it is told. No test needs a real one."""

import os
from contextlib import closing
from dataclasses import dataclass
from importlib import util
from pathlib import Path

import pytest

from ivr.errors import SpeechError
from ivr.line.languages import LANGUAGES
from ivr.speech.build import build
from ivr.speech.clips import Clips
from ivr.speech.hearing import HeardClip, listen, measure_distance, measure_share
from ivr.speech.hearing_bounds import BOUNDS, FILE_NAME, read_excused
from ivr.speech.hearing_kept import KeptHearings
from ivr.speech.hearing_match import Slot, match
from ivr.speech.hearing_model import is_present
from ivr.speech.hearing_whisper import Whisper, find_suppressed
from ivr.speech.hearing_workers import hear_each
from ivr.speech.manifest import read_manifest
from tests.conftest import ROOT
from tests.speech.tones import Tones, script

WORDS = script(
    menu="To hear everything, press one.",
    prep="Do not eat or drink anything.",
    lost="This has no clip at all.",
    one="one",
)


@dataclass(frozen=True)
class Parrot:
    """Hears the same in every sound; dies at the sound "die", and notes each sound in a file."""

    words: tuple[str, ...]
    notes: Path
    name: str = "parrot 1"

    def hear(self, sound: bytes, language: str) -> tuple[str, ...]:
        if sound == b"die":
            os._exit(9)
        if sound == b"noise":
            raise SpeechError("This is no sound.")
        with self.notes.open("a") as file:
            file.write(f"{language} {sound[:4].decode()}\n")
        return self.words


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "notes"


@pytest.fixture
def clips(tmp_path: Path) -> Clips:
    spoken = {"en": WORDS["en"][:2] + WORDS["en"][3:]}
    build(spoken, [Tones()], tmp_path, jobs=0)
    return Clips(tmp_path)


def listen_to_all(
    clips: Clips, parrot: Parrot, kept: Path, progress: list[tuple[int, int]] | None = None
) -> list[HeardClip]:
    seen = [] if progress is None else progress
    known = KeptHearings(kept, parrot.name)
    heard = listen(
        WORDS["en"], clips, parrot, known, jobs=0, on_progress=lambda done, total: seen.append((done, total))
    )
    return list(heard)


# --- How far two texts are apart -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "heard", "share"),
    [
        ("Do not eat.", "do not eat", 0.0),
        ("Do not eat.", "Do eat.", 3 / 8),
        ("abcd", "", 1.0),
        ("", "", 0.0),
        ("ab", "abab", 1.0),
    ],
)
def test_wrong_sounds_are_a_share_of_those_in_the_text(text: str, heard: str, share: float) -> None:
    assert measure_share(text, heard, "en") == share


def test_a_sign_fits_each_sound_that_it_may_stand_for() -> None:
    assert measure_distance(["yin", "hang"], [("yin",), ("xing", "hang")]) == 0
    assert measure_distance(["yin", "hang"], [("yin",), ("xing",)]) == 1


# --- Clips -----------------------------------------------------------------------------------------------------------


def test_every_clip_that_is_there_and_long_enough_is_heard(clips: Clips, notes: Path, tmp_path: Path) -> None:
    progress: list[tuple[int, int]] = []
    heard = listen_to_all(
        clips, Parrot(("nothing", "do not eat or drink anything"), notes), tmp_path / "kept", progress
    )
    assert [(one.id, round(one.share, 2)) for one in heard] == [("menu", 0.75), ("prep", 0.0)]
    (clip,) = (clips.find(line, slow=False) for line in WORDS["en"] if line.id == "prep")
    assert clip is not None
    assert heard[1] == HeardClip(
        language="en",
        id="prep",
        text="Do not eat or drink anything.",
        voice="tones alto-en",
        sha256=clip.sha256,
        committed=False,
        heard="do not eat or drink anything",
        share=0.0,
    )
    assert progress == [(1, 2), (2, 2)]


def test_what_was_heard_is_kept_and_not_heard_again(clips: Clips, notes: Path, tmp_path: Path) -> None:
    parrot, kept = Parrot(("a word",), notes), tmp_path / "deep" / "kept"
    first = listen_to_all(clips, parrot, kept)
    assert notes.read_text() == "en RIFF\n" * 2
    assert listen_to_all(clips, parrot, kept) == first
    assert notes.read_text() == "en RIFF\n" * 2


def test_whoever_stops_goes_on_where_it_stopped(clips: Clips, notes: Path, tmp_path: Path) -> None:
    parrot, kept = Parrot(("a word",), notes), tmp_path / "kept"
    known = KeptHearings(kept, parrot.name)
    with closing(listen(WORDS["en"], clips, parrot, known, jobs=0, on_progress=lambda *_: None)) as heard:
        next(heard)
    assert notes.read_text() == "en RIFF\n"
    with kept.open("a") as file:
        file.write('{"by": "parrot 1", "langu')  # the machine went down
    assert len(listen_to_all(clips, parrot, kept)) == 2
    assert notes.read_text() == "en RIFF\n" * 2
    assert len(listen_to_all(clips, parrot, kept)) == 2
    assert notes.read_text() == "en RIFF\n" * 2


def test_what_another_version_heard_is_heard_anew(clips: Clips, notes: Path, tmp_path: Path) -> None:
    listen_to_all(clips, Parrot(("a word",), notes), tmp_path / "kept")
    heard = listen_to_all(clips, Parrot(("other words",), notes, name="parrot 2"), tmp_path / "kept")
    assert [one.heard for one in heard] == ["other words", "other words"]


# --- Worker processes ------------------------------------------------------------------------------------------------


def test_many_sounds_are_heard_in_processes_of_their_own(notes: Path) -> None:
    sounds = [(number, f"{number:04}".encode(), "en") for number in range(12)]
    heard = sorted(hear_each(iter(sounds), Parrot(("a word",), notes), jobs=2))
    assert heard == [(number, sound, "en", ("a word",)) for number, sound, _ in sounds]
    assert sorted(notes.read_text().splitlines()) == [f"en {number:04}" for number in range(12)]


@pytest.mark.parametrize(
    ("sound", "words"),
    [
        (b"die", "The recogniser's process died. What it heard is kept; run the same again."),
        (b"noise", "This is no sound."),
    ],
)
def test_a_sound_that_cannot_be_heard_is_told_in_words(sound: bytes, words: str, notes: Path) -> None:
    with pytest.raises(SpeechError) as caught:
        list(hear_each([("a", sound, "en")], Parrot((), notes), jobs=1))
    assert str(caught.value) == words


# --- What is nearest to what was heard -------------------------------------------------------------------------------

WEEKDAYS = ("lunes", "martes", "jueves")
COUNTS = ("dos", "doce", "tres")


def slot(said: str, values: tuple[str, ...]) -> Slot:
    return Slot([said], [value for value in values if value != said])


@pytest.mark.parametrize(
    ("heard", "distance", "right"),
    [
        ("eldialunesdos", 0, (True, True, True)),
        ("eldialunesdoce", 0, (True, True, False)),
        ("eldialunesdo", 1, (True, True, True)),
        ("eldialundoz", 3, (True, True, False)),
        ("eldialuxxxdos", 3, (True, True, True)),
        ("eldiados", 0, (True, False, True)),
        ("", 5, (True, False, False)),
    ],
)
def test_a_value_is_right_where_every_other_is_further(heard: str, distance: int, right: tuple[bool, ...]) -> None:
    slots = [Slot(["eldia"]), slot("lunes", WEEKDAYS), slot("dos", COUNTS)]
    assert match(slots, heard) == (distance, right)


def test_each_way_of_saying_the_same_counts() -> None:
    slots = [Slot(["oncediezmasuna", "once", "diezmasuna"], ["ocho"])]
    assert match(slots, "diezmasuna") == (0, (True,))
    assert match(slots, "once") == (0, (True,))


# --- The recogniser itself -------------------------------------------------------------------------------------------


def test_digits_are_not_written_and_neither_is_what_arabic_digits_begin_with() -> None:
    vocabulary = {"ten": 0, "Ġ10": 1, "a1b": 2, "R$": 3, "Ù": 4, "Û": 5, "ÙĦ": 6}
    assert find_suppressed(vocabulary, ["ten", " 10", "a1b", "R$", "�", "�", "ل"]) == [1, 2, 3, 4, 5]


def test_without_a_recogniser_or_its_model_one_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match=r"(No recogniser is installed|is not on this machine)\. Run: make hear$"):
        Whisper(tmp_path / "nothing").check()


def test_where_the_real_recogniser_is_it_hears_a_clip_of_the_checkout() -> None:
    if util.find_spec("faster_whisper") is None or not is_present():
        pytest.skip("The recogniser is not here: make hear")
    spoken = read_manifest(ROOT / "audio" / "manifest.json").languages["en"].active_set
    assert spoken is not None
    clip = spoken.normal["notice"]
    readings = Whisper().hear((ROOT / "audio" / "clips" / "en" / clip.name).read_bytes(), "en")
    assert min(measure_share(clip.text, reading, "en") for reading in readings) < 0.2


# --- Bounds ----------------------------------------------------------------------------------------------------------


def test_each_language_has_a_bound() -> None:
    assert set(BOUNDS) == set(LANGUAGES)


def test_an_excused_clip_has_its_reason(tmp_path: Path) -> None:
    assert read_excused(tmp_path) == {}
    (tmp_path / FILE_NAME).write_text('excused = [{ language = "de", id = "title", reason = "A name." }]')
    assert read_excused(tmp_path) == {("de", "title"): "A name."}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('excused = [{ language = "de", id = "title", reason = " " }]', "each clip needs a reason."),
        ('excused = [{ language = "de", id = "title" }]', "needs its language, id and reason."),
        ("excused", "cannot be read"),
    ],
)
def test_a_list_that_cannot_be_read_is_told(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    with pytest.raises(SpeechError, match=words):
        read_excused(tmp_path)
