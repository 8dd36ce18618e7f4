"""The booth script: everything that has to be recorded, once, in order, as a page that reads well in every script."""

from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.cli import AppGroup

from ivr.commands.recordings import add_kit
from ivr.line.languages import LANGUAGES
from ivr.line.prompts import Prompt, Utterance
from ivr.speech.recording_script import RecordingScript, find_utterance, render_page, write_recording_script
from ivr.wording.catalogs import Catalog
from ivr.wording.language_files import LanguageFiles
from ivr.wording.review import ReviewRecord
from ivr.wording.script import ScriptLine, Words
from ivr.wording.spoken import read_spoken
from ivr.wording.standing import Standing, Wording
from tests.conftest import Environment
from tests.speech.tones import line
from tests.topics import clinic_values
from tests.wording.translation import LOCALES, Bench, set_up

PROMPTS = (
    Prompt("menu.all", "To hear everything, press {key}."),
    Prompt("call.pound", "When you are done, press {key}."),
    Prompt("key.1", "one"),
    Prompt("key.pound", "pound"),
    Prompt("digit.1", "one"),
    Prompt("digit.2", "two"),
    Prompt("digit.9", "nine"),
)
NOTES = {"menu.all": "The first <choice> of the menu."}


def words() -> Words:
    standing = Wording("en", {prompt.id: Standing(prompt.text, prompt.text) for prompt in PROMPTS}, missing=())
    english = LanguageFiles("en", Catalog("en", "", {}), standing, read_spoken(LOCALES, "en"), ReviewRecord("en"))
    return Words(PROMPTS, {"en": english}, clinic_values(clinic={"": "Lakeside"}))


def script(*lines: ScriptLine, language: str = "es") -> RecordingScript:
    return write_recording_script(LANGUAGES[language], lines, words(), NOTES)


SPANISH = (
    line("digit.2", "dos", "es"),
    line("menu.all.1", "Para escuchar todo, oprima el uno.", "es"),
    line("call.pound.pound", "Cuando termine, oprima el signo de número.", "es"),
    line("date.day.2", "dos", "es"),
    line("date.weekday.1", "el lunes", "es"),
)
# --- What stands in it -----------------------------------------------------------------------------------------------


def test_sentences_come_in_the_order_of_a_call_and_units_at_the_end_numbered_through() -> None:
    found = script(*SPANISH)
    assert [(entry.number, entry.id) for entry in found.sentences] == [(1, "menu.all.1"), (2, "call.pound.pound")]
    assert [(entry.number, entry.id) for entry in found.units] == [(3, "digit.2"), (4, "date.weekday.1")]


def test_equal_words_are_listed_once_with_the_other_clips_that_say_them() -> None:
    found = script(*SPANISH)
    assert [entry.also for entry in found.units] == [("date.day.2",), ()]
    assert (found.takes, found.clips) == (4, 5)


def test_the_gloss_is_the_english_with_its_key_filled_in_and_english_has_none() -> None:
    found = script(*SPANISH)
    glosses = [entry.gloss for entry in (*found.sentences, *found.units)]
    assert glosses == ["To hear everything, press one.", "When you are done, press pound.", "two", "Monday"]
    english = script(line("menu.all.1", "To hear everything, press one."), language="en")
    assert [entry.gloss for entry in english.sentences] == [""]


def test_a_part_of_a_time_that_english_does_not_say_has_no_gloss() -> None:
    found = script(line("time.part.24", "de la noche", "es"))
    assert [(entry.id, entry.gloss) for entry in found.units] == [("time.part.24", "")]


def test_the_translators_note_stands_with_every_clip_of_its_prompt() -> None:
    assert [entry.note for entry in script(*SPANISH).sentences] == ["The first <choice> of the menu.", ""]


@pytest.mark.parametrize(
    ("id_", "said"),
    [
        ("menu.all.1", Utterance("menu.all", "1")),
        ("call.pound.pound", Utterance("call.pound", "#")),
        ("digit.2", Utterance("digit.2")),
        ("date.day.2", Utterance("date.day.2")),
    ],
)
def test_a_clips_name_leads_back_to_what_it_says(id_: str, said: Utterance) -> None:
    assert find_utterance(id_, words()) == said
    assert said.id == id_


def test_the_estimate_counts_letters_at_the_asked_pace_and_the_quiet_around_every_file() -> None:
    (entry,) = script(line("goodbye", "a" * 13 * 59, "es")).sentences
    assert entry.seconds == pytest.approx(60)
    assert script(line("goodbye", "a" * 13 * 59, "es"), line("sorry", "b", "es")).minutes == 2


# --- The page --------------------------------------------------------------------------------------------------------


class _Page(HTMLParser):
    """What a page holds: its text, by the class of the element around it, and every address that it asks for."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[tuple[dict[str, str | None], str]] = []
        self.addresses: list[str] = []
        self.boxes = 0
        self._inside: dict[str, str | None] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href"}]
        self.boxes += given.get("type") == "checkbox"
        self._inside = given if given.get("class") == "words" else None

    def handle_data(self, data: str) -> None:
        if self._inside is not None:
            self.words.append((self._inside, data))
            self._inside = None


def test_the_page_needs_nothing_beside_itself_and_has_a_tick_box_for_every_file() -> None:
    html = render_page(script(*SPANISH))
    read = _Page(html)
    assert read.addresses == []
    assert "url(" not in html
    assert read.boxes == 4


def test_the_page_shows_names_counts_and_shared_words_and_escapes_what_people_wrote() -> None:
    html = render_page(script(*SPANISH))
    assert "<title>Español (Spanish): booth script</title>" in html
    assert "<strong>4 files</strong> for 5 clips, about <strong>1 minute</strong> of sound." in html
    assert "<code>menu.all.1.wav</code>" in html
    assert f"Note: {escape('The first <choice> of the menu.')}" in html
    assert "The same words are 1 more clip, which the import fills from this file: date.day.2." in html


def test_the_page_prints_black_on_white_with_whole_entries_and_page_numbers() -> None:
    html = render_page(script(*SPANISH))
    for rule in ("color: #000; background: #fff", "break-inside: avoid", "counter(page)", "counter(pages)"):
        assert rule in html


def test_an_english_page_does_not_speak_of_a_gloss() -> None:
    html = render_page(script(line("menu.all.1", "To hear everything, press one."), language="en"))
    assert "italics" not in html
    assert 'class="gloss"' not in html


@pytest.mark.parametrize(("code", "tag"), [("ar", "ar"), ("fa", "fa-IR"), ("zh", "zh-CN")])
def test_words_carry_their_language_and_find_their_own_direction(code: str, tag: str) -> None:
    text = {"ar": "اضغطوا على الرقم واحد.", "fa": "عدد یک را فشار دهید.", "zh": "请按一。"}[code]
    html = render_page(script(line("menu.all.1", text, code), language=code))
    assert _Page(html).words == [({"class": "words", "lang": tag, "dir": "auto"}, text)]
    assert f'<h1 lang="{tag}" dir="auto">{LANGUAGES[code].own_name}</h1>' in html


def test_a_script_of_nothing_is_a_page_too() -> None:
    assert "<strong>0 files</strong> for 0 clips" in render_page(script())


# --- The command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def bench(tmp_path: Path, environment: Environment, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.chdir(tmp_path)
    return set_up(tmp_path, environment)


def run(bench: Bench, *arguments: str) -> tuple[int, str]:
    """`flask audio script …` in a line that speaks English and Arabic: exit code, and what was said."""
    app = bench.line("en", "ar")
    kit = AppGroup("audio")
    add_kit(kit)
    app.cli.add_command(kit)
    result = app.test_cli_runner().invoke(args=["audio", "script", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def test_the_command_writes_the_page_beside_you_and_says_what_comes_next(bench: Bench, tmp_path: Path) -> None:
    code, said = run(bench, "ar")
    assert code == 0
    assert said.startswith("Wrote booth-ar.html: ")
    assert said.endswith("When they come back: flask audio import ar FOLDER\n")
    html = (tmp_path / "booth-ar.html").read_text("utf-8")
    assert "<code>menu.all.1.wav</code>" in html
    assert '<p class="gloss">To hear everything, in order, press one.</p>' in html
    assert "Note: Outside office hours." in html


def test_every_clip_of_the_line_stands_on_the_page(bench: Bench) -> None:
    html = run(bench, "ar", "--out", "-")[1]
    ids = [one.id for one in bench.line("en", "ar").extensions["spineline"].content.scripts["ar"]]
    assert [
        id_ for id_ in ids if f"{id_}.wav</code>" not in html and f" {id_}," not in html and f" {id_}." not in html
    ] == []
    assert (len(ids) > 200, html.startswith("<!doctype html>"), html.endswith("</html>\n")) == (True, True, True)


@pytest.mark.parametrize(
    ("language", "words"),
    [("xx", "xx is no language of ours."), ("pl", "The line has no language pl. It has: en, ar.")],
)
def test_a_language_that_is_not_spoken_is_refused_in_words(bench: Bench, language: str, words: str) -> None:
    code, said = run(bench, language)
    assert code == 2
    assert words in said


def test_a_place_that_cannot_be_written_is_said_in_words(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, said = run(bench, "ar", "--out", "file/booth.html")
    assert (code, said) == (
        1,
        "Error: file/booth.html cannot be written: file is a file, not a folder. Name another folder.\n",
    )
