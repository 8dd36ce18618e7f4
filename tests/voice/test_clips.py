"""The sound of an utterance: its clip; the network's voice in that very language; or nobody, never another language."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ivr.errors import UnspokenError
from ivr.line.languages import LANGUAGES
from ivr.line.prompts import Prompt, Utterance
from ivr.line.speech import Said
from ivr.voice.clips import ClipVoice
from ivr.voice.twiml import PlayClip, SayText
from ivr.wording.catalogs import Catalog
from ivr.wording.language_files import LanguageFiles
from ivr.wording.review import ReviewRecord
from ivr.wording.script import ScriptLine, Words
from ivr.wording.standing import Standing, Wording
from tests.topics import clinic_values
from tests.voice.say_languages import SAY_LANGUAGES

HELLO = Prompt("hello", "Hello.")
TEXTS = {"en": "Hello.", "es": "Hola.", "zh": "你好。", "ht": "Bonjou.", "fa": "سلام."}


@dataclass(frozen=True)
class NamedClip:
    name: str


@dataclass
class OneShelf:
    """Holds clips by language, words and pace, and notes what was looked for."""

    clips: dict[tuple[str, str, bool], NamedClip] = field(default_factory=dict)
    asked: list[tuple[str, str, bool]] = field(default_factory=list)

    def find(self, line: ScriptLine, *, slow: bool) -> NamedClip | None:
        self.asked.append((line.language, line.text, slow))
        return self.clips.get((line.language, line.text, slow))

    def find_file(self, language: str, name: str) -> Path | None:
        return None


@dataclass
class Line:
    shelf: OneShelf
    missed: list[str]
    voice: ClipVoice


@pytest.fixture
def line() -> Line:
    shelf, missed = OneShelf(), list[str]()
    words = Words([HELLO], {code: written(code, text) for code, text in TEXTS.items()}, clinic_values())
    return Line(shelf, missed, ClipVoice(words, shelf, "https://cdn.example.org/audio", lambda: missed.append("one")))


def written(code: str, text: str) -> LanguageFiles:
    """A language in which only the hello stands."""
    wording = Wording(code, {HELLO.id: Standing(HELLO.text, text)})
    return LanguageFiles(code, Catalog(code, "", {}), wording, None, ReviewRecord(code))


def hello(language: str) -> Said:
    return Said(Utterance("hello"), language)


def test_a_clip_of_exactly_these_words_is_played_from_where_clips_are_served(line: Line) -> None:
    line.shelf.clips["es", "Hola.", False] = NamedClip("abc.wav")
    assert line.voice.find_sound(hello("es"), slow=False) == PlayClip("https://cdn.example.org/audio/es/abc.wav")
    assert line.missed == []


def test_the_slower_clip_is_asked_for_where_the_caller_wants_it(line: Line) -> None:
    line.shelf.clips["en", "Hello.", True] = NamedClip("slow.wav")
    assert line.voice.find_sound(hello("en"), slow=True) == PlayClip("https://cdn.example.org/audio/en/slow.wav")
    assert line.shelf.asked == [("en", "Hello.", True)]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", SayText("Hello.", "en-US")),
        ("es", SayText("Hola.", "es-US")),
        ("zh", SayText("你好。", "cmn-CN")),
    ],
)
def test_where_the_clip_is_missing_the_network_speaks_and_it_is_counted(
    line: Line, language: str, said: SayText
) -> None:
    assert line.voice.find_sound(hello(language), slow=False) == said
    assert line.missed == ["one"]


@pytest.mark.parametrize("language", ["ht", "fa"])
def test_a_language_that_the_network_lacks_is_left_unspoken_never_spoken_in_another(line: Line, language: str) -> None:
    with pytest.raises(UnspokenError, match=f"hello has no clip in {language}"):
        line.voice.find_sound(hello(language), slow=False)
    assert line.missed == ["one"]
    assert line.voice.say(hello(language)) is None


@pytest.mark.parametrize("language", ["ht", "fa"])
def test_a_language_that_the_network_lacks_is_heard_from_its_clip(line: Line, language: str) -> None:
    line.shelf.clips[language, TEXTS[language], False] = NamedClip("own.wav")
    assert line.voice.find_sound(hello(language), slow=False) == PlayClip(
        f"https://cdn.example.org/audio/{language}/own.wav"
    )


def test_the_network_speaks_languages_under_its_own_names_and_creole_and_persian_not_at_all() -> None:
    assert [LANGUAGES[code].say for code in ("es", "zh", "yue", "ar", "ht", "fa")] == [
        *("es-US", "cmn-CN", "yue-HK", "arb", "", "")
    ]


@pytest.mark.parametrize("code", [code for code, row in LANGUAGES.items() if row.say])
def test_the_network_has_each_language_under_the_name_that_it_is_asked_for(code: str) -> None:
    assert LANGUAGES[code].say in SAY_LANGUAGES


@pytest.mark.parametrize("code", [code for code, row in LANGUAGES.items() if not row.say])
def test_a_language_that_is_asked_of_nobody_is_one_that_the_network_lacks(code: str) -> None:
    assert [name for name in SAY_LANGUAGES if name.split("-")[0] == code] == []


def test_the_networks_list_is_there_whole_and_lacks_a_name_that_nobody_knows() -> None:
    assert len(SAY_LANGUAGES) == 69
    assert "yue-CN" not in SAY_LANGUAGES
