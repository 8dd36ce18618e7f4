"""The manifest is read back as it was written, and the lookup never plays old words or a second voice."""

import json
import os
from pathlib import Path

import pytest

from ivr.errors import SpeechError
from ivr.speech.clips import Clips
from ivr.speech.engine_speaker import EngineSpeaker
from ivr.speech.manifest import (
    Clip,
    ClipSet,
    LanguageClips,
    Layer,
    Manifest,
    locate_built_layer,
    locate_committed_layer,
    make_address,
    read_manifest,
    write_manifest,
)
from ivr.speech.sound import Grade
from ivr.speech.speaker import name_clip
from ivr.wording.lexicon import Lexicon
from ivr.wording.script import ScriptLine
from tests.speech.tones import Tones, line


def clip(id_: str, text: str, voice: str = "es-ES", *, seconds: float = 1.0, recording: str = "") -> Clip:
    name = make_address({"id": id_, "text": text, "voice": voice, "seconds": seconds}) + ".wav"
    return Clip("es", id_, text, "pico", voice, Grade.BASIC, name, "0" * 64, seconds, recording)


def clip_set(*normal: Clip, slow: tuple[Clip, ...] = ()) -> ClipSet:
    one = (normal or slow)[0]
    sets = ({clip.id: clip for clip in clips} for clips in (normal, slow))
    return ClipSet(one.engine, one.voice, one.grade, *sets)


def shelve(layer: Layer, active: ClipSet, *beside: ClipSet, earlier: tuple[str, ...] = ()) -> None:
    """Writes a manifest of Spanish, and a file for every clip in it."""
    sets = {one.key: one for one in (active, *beside)}
    language = LanguageClips(active.key, sets, earlier)
    for name in [*earlier, *(clip.name for clip in language.list_clips())]:
        layer.locate("es", name).parent.mkdir(parents=True, exist_ok=True)
        layer.locate("es", name).write_bytes(b"sound")
    write_manifest(layer.manifest, Manifest({"es": language}))


MENU, MENU_SLOW = clip("menu", "Oprima 1."), clip("menu", "Oprima 1.", seconds=1.25)
SAID = ScriptLine("es", "menu", "Oprima 1.")


def test_a_manifest_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    one = clip_set(MENU, clip("hello", "Buenos días «ñ»", recording="1" * 64), slow=(MENU_SLOW,))
    manifest = Manifest({"es": LanguageClips(one.key, {one.key: one}, (clip("old", "Antes").name,))})
    write_manifest(tmp_path / "manifest.json", manifest)
    assert read_manifest(tmp_path / "manifest.json") == manifest


def test_a_manifest_is_sorted_readable_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    one = clip_set(MENU, clip("hello", "Buenos días"))
    write_manifest(tmp_path / "manifest.json", Manifest({"es": LanguageClips(one.key, {one.key: one})}))
    text = (tmp_path / "manifest.json").read_text("utf-8")
    assert "Buenos días" in text
    assert json.dumps(json.loads(text), ensure_ascii=False, indent=1, sort_keys=True) + "\n" == text
    assert list(tmp_path.iterdir()) == [tmp_path / "manifest.json"]


def test_no_manifest_is_an_empty_one(tmp_path: Path) -> None:
    assert read_manifest(tmp_path / "manifest.json") == Manifest()
    assert Clips(tmp_path).find(SAID, slow=False) is None


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", '{"format": 1}', '{"format": 2, "languages": {}}', '{"format": 1, "languages": {"es": 1}}'],
)
def test_a_manifest_that_cannot_be_read_is_refused_with_its_path(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(SpeechError, match=r"manifest\.json"):
        Clips(tmp_path)


def test_a_manifest_that_names_a_file_elsewhere_is_refused(tmp_path: Path) -> None:
    shelve(locate_built_layer(tmp_path), clip_set(MENU))
    path = locate_built_layer(tmp_path).manifest
    path.write_text(path.read_text().replace(MENU.name, "../../../etc/passwd"))
    with pytest.raises(SpeechError, match="not the name of a clip"):
        Clips(tmp_path)


def test_a_clip_is_found_by_its_id_and_exactly_its_words(tmp_path: Path) -> None:
    shelve(locate_built_layer(tmp_path), clip_set(MENU, slow=(MENU_SLOW,)))
    clips = Clips(tmp_path)
    assert clips.find(SAID, slow=False) == MENU
    assert clips.find(SAID, slow=True) == MENU_SLOW
    assert clips.find_seconds(SAID) == 1.0
    assert clips.find_seconds(SAID, slow=True) == 1.25


@pytest.mark.parametrize(
    "asked",
    [
        ScriptLine("es", "menu", "Oprima 2."),
        ScriptLine("es", "menu", "oprima 1."),
        ScriptLine("es", "other", "Oprima 1."),
        ScriptLine("en", "menu", "Oprima 1."),
    ],
)
def test_other_words_have_no_clip_in_either_pace(tmp_path: Path, asked: ScriptLine) -> None:
    shelve(locate_built_layer(tmp_path), clip_set(MENU, slow=(MENU_SLOW,)))
    clips = Clips(tmp_path)
    assert clips.find(asked, slow=False) is None
    assert clips.find(asked, slow=True) is None
    assert clips.find_seconds(asked) is None


def test_where_the_slow_clip_is_missing_the_normal_one_is_played(tmp_path: Path) -> None:
    shelve(locate_built_layer(tmp_path), clip_set(MENU))
    assert Clips(tmp_path).find(SAID, slow=True) == MENU


def test_a_slow_clip_of_older_words_gives_way_to_the_normal_one(tmp_path: Path) -> None:
    shelve(locate_built_layer(tmp_path), clip_set(MENU, slow=(clip("menu", "Oprima 7."),)))
    assert Clips(tmp_path).find(SAID, slow=True) == MENU


def test_a_clip_whose_file_is_gone_is_not_there(tmp_path: Path) -> None:
    shelve(locate_built_layer(tmp_path), clip_set(MENU))
    locate_built_layer(tmp_path).locate("es", MENU.name).unlink()
    assert Clips(tmp_path).find(SAID, slow=False) is None
    assert Clips(tmp_path).find_file("es", MENU.name) is None


def test_what_was_built_here_is_asked_before_what_was_committed(tmp_path: Path) -> None:
    shelve(locate_committed_layer(tmp_path), clip_set(clip("menu", "Oprima 1.", "neural")))
    shelve(locate_built_layer(tmp_path), clip_set(MENU))
    assert Clips(tmp_path).find(SAID, slow=False) == MENU


def test_one_language_never_speaks_in_two_voices(tmp_path: Path) -> None:
    shelve(
        locate_committed_layer(tmp_path), clip_set(clip("menu", "Oprima 1.", "neural"), clip("hello", "Hola", "neural"))
    )
    shelve(locate_built_layer(tmp_path), clip_set(MENU))
    clips = Clips(tmp_path)
    assert clips.find(SAID, slow=False) == MENU
    assert clips.find(ScriptLine("es", "hello", "Hola"), slow=False) is None


def test_a_set_that_waits_beside_the_active_one_is_not_heard(tmp_path: Path) -> None:
    waiting = clip_set(clip("menu", "Oprima 1.", "human"), clip("hello", "Hola", "human"))
    shelve(locate_built_layer(tmp_path), clip_set(MENU), waiting)
    clips = Clips(tmp_path)
    assert clips.find(SAID, slow=False) == MENU
    assert clips.find(ScriptLine("es", "hello", "Hola"), slow=False) is None


def test_slow_clips_built_here_complete_the_committed_voice(tmp_path: Path) -> None:
    shelve(locate_committed_layer(tmp_path), clip_set(MENU))
    shelve(locate_built_layer(tmp_path), clip_set(slow=(MENU_SLOW,)))
    clips = Clips(tmp_path)
    assert clips.find(SAID, slow=False) == MENU
    assert clips.find(SAID, slow=True) == MENU_SLOW
    assert clips.find_path(SAID, slow=False) == locate_committed_layer(tmp_path).locate("es", MENU.name)
    assert clips.find_path(SAID, slow=True) == locate_built_layer(tmp_path).locate("es", MENU_SLOW.name)


def test_what_the_committed_voice_said_here_later_is_heard_beside_what_it_said_before(tmp_path: Path) -> None:
    later, later_slow = clip("hello", "Hola"), clip("hello", "Hola", seconds=1.25)
    shelve(locate_committed_layer(tmp_path), clip_set(MENU))
    shelve(locate_built_layer(tmp_path), clip_set(later, slow=(later_slow, MENU_SLOW)))
    clips, hello = Clips(tmp_path), ScriptLine("es", "hello", "Hola")
    assert [clips.find(said, slow=slow) for said in (SAID, hello) for slow in (False, True)] == [
        *(MENU, MENU_SLOW, later, later_slow)
    ]
    assert clips.find_path(SAID, slow=False) == locate_committed_layer(tmp_path).locate("es", MENU.name)
    assert clips.find_path(hello, slow=False) == locate_built_layer(tmp_path).locate("es", later.name)


def test_words_that_were_said_here_anew_are_heard_and_the_committed_older_ones_are_not(tmp_path: Path) -> None:
    newer = clip("menu", "Oprima 2.")
    shelve(locate_committed_layer(tmp_path), clip_set(MENU))
    shelve(locate_built_layer(tmp_path), clip_set(newer))
    assert Clips(tmp_path).find(ScriptLine("es", "menu", "Oprima 2."), slow=False) == newer


def test_slow_clips_of_a_voice_that_was_committed_before_are_not_heard_beside_the_new_one(tmp_path: Path) -> None:
    new = clip("menu", "Oprima 1.", "neural-2")
    shelve(locate_committed_layer(tmp_path), clip_set(new))
    shelve(locate_built_layer(tmp_path), clip_set(slow=(MENU_SLOW,)))
    assert Clips(tmp_path).find(SAID, slow=True) == new


def test_a_changed_manifest_is_read_again(tmp_path: Path) -> None:
    clips = Clips(tmp_path)
    shelve(locate_built_layer(tmp_path), clip_set(MENU))
    assert clips.find(SAID, slow=False) == MENU
    shelve(locate_built_layer(tmp_path), clip_set(clip("menu", "Oprima 2.")))
    assert clips.find(SAID, slow=False) is None


def test_a_manifest_that_breaks_while_the_line_runs_leaves_it_speaking(tmp_path: Path) -> None:
    shelve(locate_built_layer(tmp_path), clip_set(MENU))
    clips = Clips(tmp_path)
    locate_built_layer(tmp_path).manifest.write_text("half a mani")
    assert clips.find(SAID, slow=False) == MENU


def test_files_of_the_set_before_are_still_served_to_calls_under_way(tmp_path: Path) -> None:
    before = clip("menu", "Oprima 7.").name
    shelve(locate_built_layer(tmp_path), clip_set(MENU), earlier=(before,))
    assert Clips(tmp_path).find_file("es", before) == locate_built_layer(tmp_path).locate("es", before)
    assert Clips(tmp_path).find_file("es", MENU.name) == locate_built_layer(tmp_path).locate("es", MENU.name)


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("es", "../manifest.json"),
        ("es", "../../secret.txt"),
        ("es", "manifest.json"),
        ("es", "stray.wav"),
        ("es", ""),
        ("es", "/etc/passwd"),
        ("..", "secret.txt"),
        ("../built/es", MENU.name),
        ("fr", MENU.name),
    ],
)
def test_only_clips_that_the_manifest_names_can_be_fetched(tmp_path: Path, language: str, name: str) -> None:
    shelve(locate_built_layer(tmp_path), clip_set(MENU))
    (tmp_path / "secret.txt").write_text("secret")
    locate_built_layer(tmp_path).locate("es", "stray.wav").write_bytes(b"sound")
    assert Clips(tmp_path).find_file(language, name) is None


def test_the_same_inputs_give_the_same_address_and_any_other_input_another() -> None:
    said = line("hello", "Café")
    name = name_clip(EngineSpeaker(Tones()), said, slow=False)
    assert name == name_clip(EngineSpeaker(Tones()), line("another.id", "Cafe\u0301"), slow=False)
    others = [
        name_clip(EngineSpeaker(Tones()), said, slow=True),
        name_clip(EngineSpeaker(Tones()), line("hello", "Cafe"), slow=False),
        name_clip(EngineSpeaker(Tones()), line("hello", "Café", "es"), slow=False),
        name_clip(EngineSpeaker(Tones(speaker="bass")), said, slow=False),
        name_clip(EngineSpeaker(Tones(version="2")), said, slow=False),
        name_clip(EngineSpeaker(Tones(preprocessors=("signs-1",))), said, slow=False),
        name_clip(EngineSpeaker(Tones(own_slow_pace=False)), said, slow=True),
        name_clip(EngineSpeaker(Tones(), {"en": Lexicon("en", {"all": {"café": "ka fay"}})}), said, slow=False),
    ]
    assert len({name, *others}) == 9


def test_an_address_is_the_sha_256_of_canonical_json() -> None:
    assert make_address({"b": [1], "a": "ñ"}) == "275ef172cc90e1ed9ad5c300c2d3ec968c0aa29c8e3848e6c2d2cb72b4702123"


def test_a_manifest_replaced_within_the_same_instant_and_size_is_noticed(tmp_path: Path) -> None:
    shelve(locate_built_layer(tmp_path), clip_set(MENU))
    clips = Clips(tmp_path)
    stamp = locate_built_layer(tmp_path).manifest.stat()
    shelve(locate_built_layer(tmp_path), clip_set(clip("menu", "Oprima 3.")))
    os.utime(locate_built_layer(tmp_path).manifest, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert locate_built_layer(tmp_path).manifest.stat().st_size == stamp.st_size
    assert clips.find(SAID, slow=False) is None
