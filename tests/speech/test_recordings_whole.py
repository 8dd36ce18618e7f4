"""Half an instruction is worse than none: a recording that is cut, torn or cancels itself is found, whoever made it."""

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ivr.errors import Fault, SpeechError
from ivr.speech.build import build
from ivr.speech.check import check
from ivr.speech.examine import examine, find_notes
from ivr.speech.folder_pace import find_folder_pace
from ivr.speech.kit import gather
from ivr.speech.manifest import Clip
from ivr.speech.mastering import decode
from ivr.speech.mp3_frames import count_frames
from ivr.speech.sides import take_side
from ivr.speech.sound import Grade, Samples
from tests.speech.test_kit import HELLO, LINES, RATE, Desk, content, desk, noise, spoken
from tests.speech.tones import line, tone

__all__ = ["desk"]

WAVES = {
    "16 bits": ("WAV", "PCM_16"),
    "24 bits": ("WAV", "PCM_24"),
    "32 bits": ("WAV", "PCM_32"),
    "floats": ("WAV", "FLOAT"),
    "µ-law": ("WAV", "ULAW"),
    "ADPCM": ("WAV", "IMA_ADPCM"),
    "extensible": ("WAVEX", "PCM_24"),
    "RF64": ("RF64", "PCM_16"),
}
KINDS = {**WAVES, "FLAC": ("FLAC", "PCM_16"), "FLAC of 24 bits": ("FLAC", "PCM_24"), "MP3": ("MP3", None)}
AGAIN = "It was cut while it was copied or saved: copy it again from where it was recorded, and listen to its end."
WAV, MP3, FLAC = (content(spoken(), kind=kind) for kind in ("WAV", "MP3", "FLAC"))
DATA = WAV.index(b"data") + 8


def save(kind: str) -> bytes:
    form, coding = KINDS[kind]
    return content(spoken(), RATE, form, coding)


def state_length(size: int) -> bytes:
    """The WAV with this length in its head, as recorders write it that do not know the end yet."""
    return WAV[:4] + struct.pack("<I", size) + WAV[8 : DATA - 4] + struct.pack("<I", size) + WAV[DATA:]


def zero(file: bytes, share: float) -> bytes:
    """The file with 1,500 bytes of zeros in the place of its own."""
    at = int(len(file) * share)
    return file[:at] + bytes(1_500) + file[at + 1_500 :]


# --- Bytes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_cut_at_four_fifths_of_its_bytes_is_refused(kind: str) -> None:
    whole = save(kind)
    with pytest.raises(SpeechError, match=f"ends before its header says.*{AGAIN}"):
        decode(whole[: len(whole) * 8 // 10])


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_lacks_its_last_byte_is_refused(kind: str) -> None:
    with pytest.raises(SpeechError, match=AGAIN):
        decode(save(kind)[:-1])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "around", [(b"", b"x"), (b"", bytes(5_000)), (bytes(5_000), b"")], ids=["odd", "behind", "before"]
)
def test_an_odd_byte_and_zeros_around_a_file_are_passed_over(kind: str, around: tuple[bytes, bytes]) -> None:
    whole = save(kind)
    found = decode(around[0] + whole + around[1])
    assert np.array_equal(found.samples, decode(whole).samples)


@pytest.mark.parametrize("size", [0, 0xFFFF_FFFF, 0x7FFF_F000, 0x7FFF_FFFF, 0x8000_0000])
def test_a_length_that_was_never_filled_in_means_all_that_is_there(size: int) -> None:
    assert np.array_equal(decode(state_length(size)).samples, decode(WAV).samples)
    assert decode(state_length(size)[:-20_000]).seconds == 3.5 - 20_000 / 2 / RATE


ID3 = b"ID3\x04\0\0\0\0\2\0" + bytes(256)
TAGGED: dict[str, tuple[bytes, bytes]] = {
    "ID3v2 before an MP3": (ID3 + MP3, MP3),
    "two of them": (ID3 + ID3 + MP3, MP3),
    "ID3v1 behind an MP3": (MP3 + b"TAG" + bytes(125), MP3),
    "APE behind an MP3": (MP3 + b"APETAGEX" + bytes(200), MP3),
    "ID3v2 before a FLAC": (ID3 + FLAC, FLAC),
    "a chunk behind the sound": (WAV + b"LIST" + struct.pack("<I", 4) + b"INFO", WAV),
    "a chunk behind the sound that is cut": (WAV + b"LIST" + struct.pack("<I", 400) + b"INFO", WAV),
    "a chunk before the sound": (WAV[: DATA - 8] + b"JUNK\4\0\0\0abcd" + WAV[DATA - 8 :], WAV),
}


@pytest.mark.parametrize(("tagged", "plain"), TAGGED.values(), ids=TAGGED.keys())
def test_tags_and_chunks_around_the_sound_are_passed_over(tagged: bytes, plain: bytes) -> None:
    assert np.array_equal(decode(tagged).samples, decode(plain).samples)


def test_a_wrong_ending_is_read_by_what_is_inside(desk: Desk) -> None:
    (desk.booth / "hello.wav").write_bytes(MP3)
    assert [take.faults for take in desk.receive()] == [()]


REFUSED: dict[str, tuple[bytes, str]] = {
    "zeros alone": (bytes(90_000), "This file holds nothing but zeros: it was never copied to its end. Copy it again."),
    "a header alone": (
        WAV[:DATA],
        f"The file ends before its header says: 0 of 112,000 bytes of sound are there. {AGAIN}",
    ),
    "half a header": (WAV[:30], f"This file has a header and no sound. {AGAIN}"),
    "an empty WAV": (
        content(np.zeros(0, np.float32)),
        "This file has a header and no sound: record or export it again.",
    ),
    "an empty WAV with a chunk behind": (
        state_length(0)[:DATA] + b"LIST\4\0\0\0INFO",
        "This file has a header and no sound: record or export it again.",
    ),
    "an MP3 with zeros in its middle": (
        MP3[: len(MP3) // 2] + bytes(3_000) + MP3[len(MP3) // 2 :],
        f"There is a hole in this file: 3,000 bytes in it are not sound. {AGAIN}",
    ),
    "a FLAC with zeros in its middle": (
        zero(FLAC, 0.5),
        f"This FLAC file is damaged, or ends before its header says. {AGAIN}",
    ),
    "Ogg": (
        content(spoken(), kind="OGG"),
        "Inside, this file is Ogg, whatever its name says. Export it as wav, flac or mp3.",
    ),
    "AIFF": (
        content(spoken(), kind="AIFF"),
        "Inside, this file is AIFF, whatever its name says. Export it as wav, flac or mp3.",
    ),
    "a telephone's own": (
        b"\0\0\0\x20ftypM4A " + bytes(range(256)) * 9,
        "Inside, this file is M4A or MP4, whatever its name says. Export it as wav, flac or mp3.",
    ),
    "no numbers": (
        content(np.full(RATE, np.nan, np.float32), subtype="FLOAT"),
        "This sound holds values that are not numbers; export it again.",
    ),
    "no end": (
        content(np.full((RATE, 2), np.inf, np.float32), subtype="FLOAT"),
        "This sound holds values that are not numbers; export it again.",
    ),
    "a voice too quiet for its file": (
        content(spoken(level=0.0003, room=-120)),
        "Nothing is spoken in this sound: it is silent.",
    ),
}


@pytest.mark.parametrize(("file", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_whole_recording_is_refused_in_words(file: bytes, words: str) -> None:
    assert examine(file, HELLO) == (words,)


def test_a_flac_whose_sound_is_not_that_of_its_checksum_is_refused() -> None:
    at = FLAC.index(b"fLaC") + 26
    other = FLAC[:at] + bytes(15) + b"\1" + FLAC[at + 16 :]
    assert examine(other, HELLO) == (
        "The sound in this file is damaged: its checksum does not fit. Copy or export it again.",
    )
    assert examine(FLAC[:at] + bytes(16) + FLAC[at + 16 :], HELLO) == ()


@pytest.mark.parametrize("between", [b"", ID3], ids=["plainly", "with their tags"])
def test_two_mp3s_that_were_put_together_are_refused_where_players_stop_after_the_first(between: bytes) -> None:
    with pytest.raises(SpeechError, match="Several MP3s were put together"):
        decode(MP3 + between + MP3)


@pytest.mark.parametrize("between", [b"", ID3], ids=["plainly", "with their tags"])
def test_two_mp3s_that_count_no_frames_are_read_to_the_end_of_the_second(between: bytes) -> None:
    bare = MP3.replace(b"Xing", b"\0\0\0\0").replace(b"Info", b"\0\0\0\0")
    assert decode(bare + between + bare).seconds == pytest.approx(2 * decode(bare).seconds, abs=0.1)


def test_the_frames_of_an_mp3_are_counted() -> None:
    found = count_frames(MP3)
    assert found is not None
    assert (found.count, found.promised, found.torn, found.is_last_cut) == (101, 100, 0, False)
    assert count_frames(b"I am a text.") is None


READ: dict[str, Callable[[], bytes]] = {
    "a voice that does not stand on zero": lambda: content(np.asarray(spoken() + 0.2, np.float32)),
    "floats beyond full scale": lambda: content(np.asarray(spoken() * 9, np.float32), subtype="FLOAT"),
    "floats as large as 16-bit numbers": lambda: content(np.asarray(spoken() * 32_768, np.float32), subtype="FLOAT"),
    "a quiet voice": lambda: content(spoken(level=0.01, room=-90), subtype="PCM_24"),
    "A-law": lambda: content(spoken(), subtype="ALAW"),
    "64 bits": lambda: content(spoken(), subtype="DOUBLE"),
}


@pytest.mark.parametrize("make", READ.values(), ids=READ.keys())
def test_what_only_looks_odd_is_taken(make: Callable[[], bytes]) -> None:
    assert examine(make(), HELLO) == ()


# --- Sound -----------------------------------------------------------------------------------------------------------

ROOM = noise(RATE // 2, -80)


def speak(seconds: float, seed: int = 1) -> Samples:
    """A voice whose syllables are never as loud as those before, so that nothing in it comes twice."""
    voice = tone(seconds)
    loud = np.repeat(np.random.default_rng(seed).uniform(0.1, 1, len(voice) // 4_000 + 1), 4_000)[: len(voice)]
    return np.asarray(voice * loud + noise(len(voice), -80), np.float32)


VOICE = speak(2.5)
NOTHING = np.zeros(RATE // 2, np.float32)
STARTS = "It begins in the middle of speech, so its first sound is cut off: record it again, with quiet before it."
ENDS = "It ends in the middle of speech, so its last sound is cut off: record it again, with quiet after it."
SOON = (
    "It ends so soon after its last sound that nobody can tell whether it is whole: save it with half a second of "
    "quiet after the words, or record it again."
)
CUT: dict[str, tuple[list[Samples], tuple[str, ...]]] = {
    "whole": ([ROOM, VOICE, ROOM], ()),
    "whole, in a machine's silence": ([NOTHING, ROOM, VOICE, ROOM, NOTHING], ()),
    "cut at its end": ([ROOM, VOICE[:34_000]], (ENDS,)),
    "cut at its end and filled up": ([ROOM, VOICE[:34_000], NOTHING], (ENDS,)),
    "cut at its beginning": ([VOICE[6_000:], ROOM], (STARTS,)),
    "filled up before": ([NOTHING, VOICE[6_000:], ROOM], (STARTS,)),
    "cut just behind a loud moment": ([ROOM, VOICE[:34_000], ROOM[:400]], (SOON,)),
    "a tenth of a second of quiet": ([ROOM, VOICE, ROOM[:1_600]], (SOON,)),
    "a quarter of a second of quiet": ([ROOM, VOICE, ROOM[:4_000]], ()),
    "a hole": (
        [ROOM, VOICE[:18_000], NOTHING[:800], VOICE[18_800:], ROOM],
        ("There is a hole in it at 1.6 s, where nothing at all is to be heard. Copy or record it again.",),
    ),
}


@pytest.mark.parametrize(("parts", "words"), CUT.values(), ids=CUT.keys())
@pytest.mark.parametrize("kind", ["WAV", "FLAC"])
def test_what_is_cut_off_in_speech_is_refused(parts: list[Samples], words: tuple[str, ...], kind: str) -> None:
    assert examine(content(np.concatenate(parts), kind=kind), HELLO) == words


QUIETER = np.asarray(spoken() * 0.1, np.float32)
STEREO: dict[str, tuple[Samples, Samples, tuple[str, ...]]] = {
    "alike": (spoken(), spoken(), ()),
    "one a little quieter": (spoken(), np.asarray(spoken() * 0.5, np.float32), ()),
    "turned over": (
        spoken(),
        -spoken(),
        ("One side of this stereo sound is the other turned over, so both would cancel out; one is taken.",),
    ),
    "silent": (
        np.zeros_like(spoken()),
        spoken(),
        ("One side of this stereo sound is silent; the other one is taken.",),
    ),
    "much louder": (QUIETER, spoken(), ("One side of this stereo sound is 20 dB quieter; the louder one is taken.",)),
    "later": (
        spoken(),
        np.roll(spoken(), 40),
        ("One side of this stereo sound comes 2.5 ms after the other; one is taken.",),
    ),
}


@pytest.mark.parametrize(("left", "right", "notes"), STEREO.values(), ids=STEREO.keys())
def test_of_two_sides_that_do_not_agree_the_good_one_is_taken_and_said(
    left: Samples, right: Samples, notes: tuple[str, ...]
) -> None:
    file = content(np.stack([left, right], axis=1))
    assert examine(file, HELLO) == ()
    assert find_notes(file) == notes
    assert np.abs(decode(file).samples).max() > 0.2


def test_sides_that_are_the_same_sound_are_mixed() -> None:
    voice = spoken()
    left, right = voice + noise(len(voice), -40), voice - noise(len(voice), -40)
    assert np.allclose(take_side(np.stack([left, right], axis=1), RATE).samples, voice, atol=1e-6)


# --- One among others ------------------------------------------------------------------------------------------------

MANY = tuple(
    line(f"clip{number}", f"This is sentence number {number} of this person.", "es") for number in range(30, 54)
)


def put_many(desk: Desk, seconds: float = 3.0, last: float = 3.0) -> None:
    for number, one in enumerate(MANY):
        voice = speak(last if number == 23 else seconds, number)
        desk.put(f"{one.id}.wav", np.concatenate([ROOM, voice, ROOM]))


def test_a_recording_much_shorter_than_the_others_of_the_same_person_is_refused(desk: Desk) -> None:
    put_many(desk, last=1.9)
    *others, odd = desk.receive(lines=MANY)
    assert {take.faults for take in others} == {()}
    assert odd.faults == (
        "Its words last 1.9 s; by the other recordings of this person they take 2.0 to 4.6 s: "
        "is it this clip, whole, and nothing else?",
    )


def test_a_lone_recording_is_compared_with_those_that_were_taken_before(desk: Desk) -> None:
    desk.put("clip53.wav", np.concatenate([ROOM, speak(1.9), ROOM]))
    known = [
        Clip("es", one.id, one.text, "recordings", "human", Grade.RECORDED, "x", "", 3.3 / share, one.id)
        for one in MANY[:-1]
        for share in (0.8, 1.0)
    ]
    (found,) = desk.receive(*known, lines=MANY)
    assert found.faults[0].startswith("Its words last 1.9 s; by the other recordings")
    assert desk.receive(*known[:20], lines=MANY)[0].faults == ()


def test_files_that_cannot_be_read_say_nothing_of_a_persons_pace(tmp_path: Path) -> None:
    (tmp_path / "x.wav").write_bytes(b"no sound")
    takes = [(tmp_path / name, one) for name in ("x.wav", "none.wav") for one in MANY]
    assert find_folder_pace(takes, ()) is None


# --- A folder --------------------------------------------------------------------------------------------------------


def test_one_file_under_two_names_whose_words_differ_is_refused_once(desk: Desk) -> None:
    desk.put("hello.wav")
    desk.put("digit.2.wav")
    desk.put("date.day.2.wav")
    words = "This is the same file as hello.wav, whose words are others: listen to both."
    assert [(take.take.path.name, words in take.faults) for take in desk.receive()] == [
        ("hello.wav", False),
        ("digit.2.wav", True),
        ("date.day.2.wav", True),
    ]


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("nowhere.wav")], ids=["folder", "link"])
def test_what_is_called_like_a_take_and_is_no_file_is_named(desk: Desk, make: Callable[[Path], None]) -> None:
    make(desk.booth / "hello.wav")
    words = "This is a folder, or a link that leads nowhere. Put the recording itself here."
    assert gather(desk.booth, LINES).faults == (Fault("hello.wav", words),)


def test_a_whole_session_is_not_read_into_memory(desk: Desk) -> None:
    with (desk.booth / "hello.wav").open("wb") as file:
        file.truncate(300_000_000)
    assert [take.faults for take in desk.receive()] == [
        ("This file is far larger than any clip. Is it the whole session?",)
    ]


def test_what_was_taken_before_the_door_knew_is_found_by_the_check(desk: Desk) -> None:
    path = desk.kept / "hello.wav"
    path.parent.mkdir(parents=True)
    path.write_bytes(content(np.concatenate([ROOM, VOICE, ROOM])))
    assert build({"es": (HELLO,)}, [], desk.audio, jobs=0).faults == ()
    assert check({"es": (HELLO,)}, desk.audio).faults == ()
    path.write_bytes(content(np.concatenate([ROOM, VOICE[:34_000]])))
    assert build({"es": (HELLO,)}, [], desk.audio, jobs=0).faults == ()
    assert check({"es": (HELLO,)}, desk.audio).faults == (Fault(str(path), ENDS),)


def test_a_cut_file_that_was_taken_before_is_not_built(desk: Desk) -> None:
    path = desk.kept / "hello.wav"
    path.parent.mkdir(parents=True)
    path.write_bytes(WAV[: len(WAV) * 8 // 10])
    (fault,) = build({"es": (HELLO,)}, [], desk.audio, jobs=0).faults
    assert fault.words == (
        f"The file ends before its header says: 89,591 of 112,000 bytes of sound are there. {AGAIN} "
        "Record it again, or delete it."
    )
