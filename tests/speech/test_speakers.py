"""Who speaks a language: whoever comes first and covers it whole; a committed voice is never silently replaced."""

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ivr.errors import Fault, SpeechError
from ivr.speech.checkout_speaker import CheckoutSpeaker
from ivr.speech.engine_speaker import EngineSpeaker
from ivr.speech.engines import INSTALLS
from ivr.speech.engines.recordings import Recordings
from ivr.speech.limits import CHAIN_VERSION
from ivr.speech.manifest import (
    Clip,
    ClipSet,
    LanguageClips,
    Manifest,
    locate_committed_layer,
    make_address,
    write_manifest,
)
from ivr.speech.plan import VoicePlan, plan_voice
from ivr.speech.sound import SLOW, Grade
from ivr.speech.speaker import Speaker, name_clip
from ivr.speech.speakers import Speakers, VoiceGap, explain_gap, gather_speakers
from ivr.wording.lexicon import Lexicon
from tests.conftest import ROOT
from tests.speech.tones import Tones, line, script

HELLO, MENU, NEW = line("hello", "Welcome."), line("menu", "Press 1."), line("menu", "Press 2.")
BOTH = (HELLO, MENU)
TENOR = Tones(name="tenor", speaker="tenor", own_slow_pace=False)
STRETCHED = EngineSpeaker(replace(TENOR, name="tones"))


def made(name: str) -> Path:
    """Where a build puts a clip."""
    return Path("built") / name


def commit(folder: Path, *, voice: str = "tenor-en") -> ClipSet:
    """Two committed English clips of the engine "tenor", with files that hold no sound: nobody plays them here."""
    said = (("hello", "Welcome.", "a" * 64), ("menu", "Press 1.", "b" * 64))
    clips = {
        id_: Clip("en", id_, text, "tenor", voice, Grade.NEURAL, f"{sha256}.wav", sha256, 1.0)
        for id_, text, sha256 in said
    }
    kept = ClipSet("tenor", voice, Grade.NEURAL, clips)
    write_manifest(locate_committed_layer(folder).manifest, Manifest({"en": LanguageClips(kept.key, {kept.key: kept})}))
    for clip in clips.values():
        path = locate_committed_layer(folder).locate("en", clip.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"sound")
    return kept


def own(folder: Path, engine: EngineSpeaker | None = None) -> CheckoutSpeaker:
    return CheckoutSpeaker(folder, "en", commit(folder), engine)


# --- An engine -------------------------------------------------------------------------------------------------------


def test_an_engine_with_a_slow_pace_of_its_own_is_asked_for_both_paces() -> None:
    machine = EngineSpeaker(Tones())
    assert machine.list_paces(HELLO) == (False, True)
    assert machine.find_source_clip(HELLO, made) is None
    assert "stretched" not in machine.list_inputs(HELLO, slow=True)


def test_without_one_the_slow_clip_is_stretched_from_the_normal_one_that_the_build_makes() -> None:
    assert STRETCHED.list_paces(HELLO) == (False, True)
    assert STRETCHED.find_source_clip(HELLO, made) == made(name_clip(STRETCHED, HELLO, slow=False))
    assert STRETCHED.list_inputs(HELLO, slow=True)["stretched"] == SLOW
    assert "stretched" not in STRETCHED.list_inputs(HELLO, slow=False)


def test_all_that_decides_how_a_clip_sounds_is_in_its_address() -> None:
    machine = EngineSpeaker(Tones(preprocessors=("signs-1",)), {"en": Lexicon("en", {"all": {"welcome": "well come"}})})
    inputs = {
        "language": "en",
        "text": "well come.",
        "preprocessors": ["signs-1"],
        "engine": "tones",
        "version": "1",
        "voice": "alto-en",
        "parameters": {"pace": 1.0},
    }
    assert machine.list_inputs(HELLO, slow=False) == inputs
    assert name_clip(machine, HELLO, slow=False) == f"{make_address({**inputs, 'chain': CHAIN_VERSION})}.wav"


def test_a_stretched_clip_has_another_address_than_a_slow_one_and_than_the_normal_one() -> None:
    names = {
        name_clip(machine, HELLO, slow=slow)
        for machine in (EngineSpeaker(Tones(speaker="tenor")), STRETCHED)
        for slow in (False, True)
    }
    assert len(names) == 3  # the normal clip of both is one and the same


def test_a_spelling_for_another_engine_or_another_language_changes_no_clip() -> None:
    plain = name_clip(EngineSpeaker(Tones()), HELLO, slow=False)
    for lexicon in (Lexicon("en", {"pico": {"welcome": "x"}}), Lexicon("es", {"all": {"welcome": "x"}})):
        assert name_clip(EngineSpeaker(Tones(), {lexicon.language: lexicon}), HELLO, slow=False) == plain


def test_a_word_that_no_voice_can_read_is_refused_before_anything_is_spoken() -> None:
    machine = EngineSpeaker(Tones(("zh",)), {"zh": Lexicon("zh")})
    with pytest.raises(SpeechError, match='can read "Lakeside"'):
        machine.list_inputs(line("hello", "这里是 Lakeside。", "zh"), slow=False)


@pytest.mark.parametrize(("lines", "covered"), [(BOTH, True), ((), False), ((line("a", "Hola.", "ko"),), False)])
def test_an_engine_speaks_all_of_a_language_or_none(lines: Sequence[object], covered: bool) -> None:
    assert EngineSpeaker(Tones()).covers(lines) is covered  # type: ignore[arg-type]


# --- The committed clips ---------------------------------------------------------------------------------------------


def test_a_committed_voice_speaks_its_clips_under_the_name_of_the_engine_that_made_them(tmp_path: Path) -> None:
    voice = own(tmp_path)
    assert (voice.name, voice.name_voice("en"), voice.grade("en"), voice.grade("es")) == (
        "tenor",
        "tenor-en",
        Grade.NEURAL,
        None,
    )


def test_only_its_slow_clips_are_made_stretched_from_the_files_of_the_checkout(tmp_path: Path) -> None:
    voice = own(tmp_path)
    file = locate_committed_layer(tmp_path).locate("en", f"{'b' * 64}.wav")
    assert (voice.covers(BOTH), voice.find_gaps(BOTH), voice.list_paces(MENU)) == (True, (), (True,))
    assert (voice.find_source_clip(MENU, made), voice.name_place(MENU)) == (file, str(file))
    assert voice.list_inputs(MENU, slow=True) == {"clip": "b" * 64, "slow": True}
    assert voice.hash_recording(MENU) == ""


def test_without_its_engine_it_lacks_other_words_and_does_not_cover_them(tmp_path: Path) -> None:
    voice = own(tmp_path)
    extra = line("extra", "More.")
    assert voice.find_gaps((HELLO, NEW, extra)) == (NEW, extra)
    assert not voice.covers((HELLO, NEW))
    assert not voice.covers(())
    assert not voice.covers((line("hello", "Welcome.", "es"),))
    with pytest.raises(SpeechError, match="Nobody here speaks with the voice of en/menu"):
        voice.speak(NEW, slow=False)


def test_with_its_engine_it_says_other_words_as_that_engine_does_and_its_own_as_before(tmp_path: Path) -> None:
    machine = EngineSpeaker(TENOR)
    voice = own(tmp_path, machine)
    assert (voice.covers((HELLO, NEW)), voice.find_gaps((HELLO, NEW))) == (True, ())
    assert (voice.list_paces(HELLO), voice.list_paces(NEW)) == ((True,), (False, True))
    assert voice.find_source_clip(HELLO, made) == locate_committed_layer(tmp_path).locate("en", f"{'a' * 64}.wav")
    assert voice.find_source_clip(NEW, made) == made(name_clip(machine, NEW, slow=False))
    for slow in (False, True):
        assert name_clip(voice, NEW, slow=slow) == name_clip(machine, NEW, slow=slow)
        assert voice.list_inputs(HELLO, slow=slow) == {"clip": "a" * 64, "slow": slow}
    assert (voice.name_place(NEW), voice.hash_recording(NEW)) == ("en/menu", "")
    assert voice.speak(NEW, slow=False).seconds == machine.speak(NEW, slow=False).seconds


def test_a_committed_voice_survives_the_way_to_a_worker(tmp_path: Path) -> None:
    voice = own(tmp_path, EngineSpeaker(TENOR))
    assert pickle.loads(pickle.dumps(voice)) == voice  # noqa: S301 (our own bytes)


# --- Who comes first -------------------------------------------------------------------------------------------------


def everyone(folder: Path, *engines: Tones, orders: Mapping[str, Sequence[str]]) -> Speakers:
    return gather_speakers(folder, engines, orders, {})


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (("tenor", "tones"), "tenor"),
        (("tones", "tenor"), "tones"),
        (("nobody", "tones"), "tones"),
        (("recordings", "tenor"), "tenor"),
        (("recordings",), None),
        ((), None),
    ],
)
def test_whoever_comes_first_in_the_order_and_covers_the_language_speaks_it(
    tmp_path: Path, order: tuple[str, ...], expected: str | None
) -> None:
    commit(tmp_path)
    best = everyone(tmp_path, Tones(), orders={"": order}).choose(BOTH)
    assert (best.name if best and not isinstance(best, VoiceGap) else None) == expected


def test_an_order_of_one_language_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    who = everyone(tmp_path, Tones(), TENOR, orders={"": ("tones",), "es": ("tenor",)})
    spanish = script("es", hello="Hola.")["es"]
    assert (who.find_order("en"), who.find_order("es")) == (("tones",), ("tenor",))
    assert [name_of(who.choose(lines)) for lines in (BOTH, spanish)] == ["tones", "tenor"]


def name_of(best: "Speaker | VoiceGap | None") -> str:
    assert best
    assert not isinstance(best, VoiceGap)
    return best.name


def test_a_voice_that_lacks_words_is_told_rather_than_passed_over(tmp_path: Path) -> None:
    commit(tmp_path)
    best = everyone(tmp_path, Tones(), orders={"": ("tenor", "tones")}).choose((HELLO, NEW))
    assert isinstance(best, VoiceGap)
    assert (best.voice.clips.voice, best.lines) == ("tenor-en", (NEW,))


@pytest.mark.parametrize(
    ("engine", "helps"),
    [
        (TENOR, True),
        (replace(TENOR, version="2"), True),
        (replace(TENOR, speaker="bass"), False),
        (replace(TENOR, languages=("es",)), False),
        (Tones(speaker="tenor"), False),
    ],
    ids=["the same voice", "a newer version", "another voice", "another language", "another engine"],
)
def test_only_the_engine_with_the_same_voice_completes_the_committed_clips(
    tmp_path: Path, engine: Tones, helps: bool
) -> None:
    commit(tmp_path)
    who = everyone(tmp_path, engine, orders={"": ("tenor",)})
    assert (who.checkout["en"].engine is not None) is helps
    assert isinstance(who.choose((HELLO, NEW)), CheckoutSpeaker if helps else VoiceGap)


def test_its_engine_speaks_the_languages_of_which_nothing_is_committed(tmp_path: Path) -> None:
    commit(tmp_path)
    best = everyone(tmp_path, TENOR, orders={"": ("tenor",)}).choose(script("es", hello="Hola.")["es"])
    assert isinstance(best, EngineSpeaker)


@pytest.mark.parametrize(("order", "there"), [(("recordings", "tones"), True), (("tones",), False)])
def test_recordings_count_only_where_the_order_names_them(tmp_path: Path, order: tuple[str, ...], there: bool) -> None:
    who = everyone(tmp_path, Tones(), orders={"": order})
    assert (who.find_recordings("en") == Recordings(tmp_path / "recordings")) is there


def test_a_committed_manifest_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    locate_committed_layer(tmp_path).manifest.write_text("half a mani")
    with pytest.raises(SpeechError, match=r"manifest\.json"):
        everyone(tmp_path, orders={"": ()})


# --- What a build wants of a speaker ---------------------------------------------------------------------------------


def plan(speaker: Speaker, lines: Sequence[object] = BOTH, *, slow: bool = True) -> VoicePlan:
    return plan_voice(speaker, lines, LanguageClips(), made, leads=True, with_slow=slow)  # type: ignore[arg-type]


def test_every_line_is_wanted_in_both_paces_the_slow_one_from_the_normal_one() -> None:
    planned = plan(STRETCHED)
    assert [(one.line, one.slow) for one in planned.clips] == [(said, slow) for said in BOTH for slow in (False, True)]
    for normal, slow in (planned.clips[:2], planned.clips[2:]):
        assert (normal.source, slow.source) == (None, made(normal.name))
    assert (planned.language, planned.faults, planned.leads) == ("en", (), True)


def test_without_the_slow_pace_only_normal_clips_are_wanted() -> None:
    assert [(one.line, one.slow, one.source) for one in plan(STRETCHED, slow=False).clips] == [
        (HELLO, False, None),
        (MENU, False, None),
    ]


def test_of_committed_clips_only_the_slow_ones_are_wanted_and_of_lacking_lines_both(tmp_path: Path) -> None:
    planned = plan(own(tmp_path, EngineSpeaker(TENOR)), (HELLO, NEW))
    assert [(one.line, one.slow) for one in planned.clips] == [(HELLO, True), (NEW, False), (NEW, True)]
    assert [one.source for one in planned.clips] == [
        locate_committed_layer(tmp_path).locate("en", f"{'a' * 64}.wav"),
        None,
        made(planned.clips[1].name),
    ]


def test_a_line_that_cannot_be_planned_is_a_fault_and_the_others_are_wanted() -> None:
    chinese = (line("hello", "欢迎。", "zh"), line("menu", "Lakeside", "zh"))
    planned = plan(EngineSpeaker(Tones(("zh",)), {"zh": Lexicon("zh")}), chinese)
    assert [(one.line.id, one.slow) for one in planned.clips] == [("hello", False), ("hello", True)]
    assert [fault.place for fault in planned.faults] == ["zh/menu"]
    assert isinstance(planned.faults[0], Fault)
    assert not planned.is_whole(planned.collect({}))


@pytest.mark.parametrize(("engine", "target"), INSTALLS.items())
def test_who_lacks_words_is_told_to_install_the_engine_that_speaks_the_language(engine: str, target: str) -> None:
    clips = ClipSet(engine, "a voice", Grade.NEURAL, {})
    fault = explain_gap("en", VoiceGap(CheckoutSpeaker(Path("audio"), "en", clips), (HELLO,)))
    assert f" Install it ({target}), record all of English " in fault.words
    assert f"\n{target.removeprefix('make ')}:" in (ROOT / "Makefile").read_text("utf-8")


# --- A voice with an accent -------------------------------------------------------------------------------------------


class Foreigner(Tones):
    """Speaks everything with an accent."""

    def grade(self, language: str) -> Grade | None:
        return Grade.ACCENTED if super().grade(language) else None


@pytest.mark.parametrize(
    ("orders", "speaks"),
    [
        ({"": ("foreigner", "tones")}, "tones"),
        ({"": ("foreigner",)}, ""),
        ({"": ("foreigner", "tones"), "en": ("foreigner", "tones")}, "foreigner"),
        ({"": ("foreigner", "tones"), "es": ("foreigner", "tones")}, "tones"),
    ],
)
def test_a_voice_with_an_accent_speaks_only_where_the_order_names_it_for_the_language(
    orders: Mapping[str, Sequence[str]], speaks: str, tmp_path: Path
) -> None:
    engines = (Foreigner(name="foreigner"), Tones())
    chosen = gather_speakers(tmp_path, engines, orders, {}).choose(BOTH)
    assert (chosen.name if isinstance(chosen, EngineSpeaker) else "") == speaks


def test_a_voice_with_an_accent_speaks_where_its_clips_come_with_the_checkout(tmp_path: Path) -> None:
    commit(tmp_path)
    engines = (Foreigner(name="tenor", speaker="tenor"), Tones())
    chosen = gather_speakers(tmp_path, engines, {"": ("tenor", "tones")}, {}).choose((HELLO, NEW))
    assert isinstance(chosen, CheckoutSpeaker)
