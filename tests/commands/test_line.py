"""`flask line`, `flask phone`, `flask settings`, `flask keys`, and the first settings of a new machine."""

import json
import stat
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pytest
from click.testing import Result
from cryptography.fernet import Fernet
from flask import Flask
from flask.cli import FlaskGroup

from ivr.commands.settings import SECRET
from ivr.content import find_content_faults, make_lint_input
from ivr.line.clock import Clock
from ivr.line.languages import LANGUAGES
from ivr.line.notices import NOTICES
from ivr.phones.terminal import read_keys
from ivr.settings.first import write_first_settings
from ivr.settings.reading import read_settings
from ivr.settings.rows import list_settings
from ivr.speech.clips import Clips
from ivr.wording.script import ScriptLine, Words
from tests.conftest import Environment, MakeLine
from tests.topics import SHIPPED_TOPICS
from tests.voice.conftest import CLINIC, MENU, TOPIC, parts_of


def said(app: Flask, *words: str, typed: str | None = None) -> Result:
    """What `flask` prints, given this app."""
    group = FlaskGroup(create_app=lambda: app, add_default_commands=False, load_dotenv=False, set_debug_flag=False)
    result: Result = app.test_cli_runner().invoke(group, list(words), input=typed)
    return result


# --- flask line -------------------------------------------------------------------------------------------------------


def test_the_map_has_a_paragraph_for_every_node(app: Flask) -> None:
    result = said(app, "line", "map")
    paragraphs = result.output.strip().split("\n\n")
    assert result.exit_code == 0
    assert [paragraph.split()[0] for paragraph in paragraphs] == list(parts_of(app).content.line.nodes)
    assert f"  2  {TOPIC}/prep/1  — To hear how to prepare, press 2." in result.output
    assert "person  [connect]\n  silence  person/away" in result.output


def test_the_map_as_a_picture_names_every_node_that_it_draws_an_arrow_to(app: Flask) -> None:
    lines = said(app, "line", "map", "--mermaid").output.strip().splitlines()
    assert lines[0] == "flowchart TD"
    boxes = {line.split("[")[0].strip() for line in lines[1:] if '["' in line}
    arrows = [line.split() for line in lines[1:] if '["' not in line]
    assert len(arrows) > 20
    assert {ends for arrow in arrows for ends in (arrow[0], arrow[-1])} <= boxes


def test_a_line_that_keeps_its_rules_is_said_to(app: Flask) -> None:
    result = said(app, "line", "check")
    nodes = len(parts_of(app).content.line.nodes)
    assert (result.exit_code, result.output) == (0, f"{nodes} nodes, 1 topics, 3 languages: 0 faults.\n")


def test_each_fault_of_a_line_that_breaks_a_rule_is_said(app: Flask) -> None:
    shipped = parts_of(app)
    spanish = shipped.content.words.language_files["es"]
    texts = {name: stands for name, stands in spanish.wording.texts.items() if name != "menu.title"}
    changed = replace(spanish, wording=replace(spanish.wording, texts=texts))
    written = {**shipped.content.words.language_files, "es": changed}
    words = Words(shipped.content.words.prompts.values(), written, shipped.content.words.values)
    parts = app.extensions["spineline"] = replace(shipped, content=replace(shipped.content, words=words))
    result = said(app, "line", "check")
    *faults, count = result.output.splitlines()
    assert result.exit_code == 1
    assert faults[0] == "es menu.title: has no words: menu.title is not translated into es."
    assert faults == [str(fault) for fault in find_content_faults(parts.content)]
    assert count == f"{len(parts.content.line.nodes)} nodes, 1 topics, 3 languages: {len(faults)} faults."


# --- A caller's time --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EvenClips:
    """A clip for each line, all of them of one length; nothing is played of them."""

    seconds: float

    def find_seconds(self, line: ScriptLine, *, slow: bool = False) -> float:
        return self.seconds


def with_clips_of(app: Flask, seconds: float) -> Flask:
    """The same line, where each clip lasts so many seconds."""
    shipped = parts_of(app)
    content = replace(shipped.content, clips=cast(Clips, EvenClips(seconds)))
    app.extensions["spineline"] = replace(shipped, content=content)
    return app


EXPLAINED = [
    "choice: from pick-up to the end of that language's choice, nothing pressed (the first: at most 9 s; all: 90 s)",
    "item: from choosing to the end of the menu's first choice (at most 25 s in English, 35 s in the others)",
    "again: the same for somebody who was here before (at most 15 s)",
    "longest: what is heard before a key is waited for (at most 60 s)",
]


def test_m9_the_clock_is_a_row_for_each_language_and_what_its_columns_mean(app: Flask) -> None:
    result = said(with_clips_of(app, 2), "line", "clock")
    seconds, where = Clock(make_lint_input(parts_of(app).content)).find_longest("es")
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "       choice    item   again  longest  where",
        f"en        5.0     7.0     7.0     {seconds:.1f}  {where}",
        f"es        7.0    12.0     7.0     {seconds:.1f}  {where}",
        f"zh        9.0    12.0     7.0     {seconds:.1f}  {where}",
        "The first page of languages lasts 21.0 s.",
        *EXPLAINED,
    ]


def test_m10_the_clock_of_a_later_page_counts_the_pages_before_it_and_their_waits(make_line: MakeLine) -> None:
    rows = said(with_clips_of(make_line(LANGUAGES=" ".join(LANGUAGES)), 2), "line", "clock").output.splitlines()
    choices = {row.split()[0]: float(row.split()[1]) for row in rows[1 : 1 + len(LANGUAGES)]}
    first, second = 1 + 2 + 6 * 2 + 3 * 2, 6 * 2
    assert list(choices) == list(LANGUAGES)
    assert [choices[code] for code in list(LANGUAGES)[:6]] == [5, 7, 9, 11, 13, 15]
    assert choices[list(LANGUAGES)[6]] == first + 4 + 2
    assert choices[list(LANGUAGES)[12]] == first + 4 + second + 4 + 2


TOO_SLOW = [
    ("welcome", "offers its first language after 21.0 s. Nine seconds are the most (M9)."),
    ("welcome", "lasts 101.0 s. 36 s are the most: name fewer opening languages (M9)."),
    ("en hello", "keeps callers 31.0 s from the menu's first choice. 25 s are the most (M9)."),
    ("en again", "keeps callers 31.0 s from the menu's first choice. 15 s are the most (M9)."),
    ("es hello", "keeps callers 52.0 s from the menu's first choice. 35 s are the most (M9)."),
    ("es again", "keeps callers 31.0 s from the menu's first choice. 15 s are the most (M9)."),
    ("zh hello", "keeps callers 52.0 s from the menu's first choice. 35 s are the most (M9)."),
    ("zh again", "keeps callers 31.0 s from the menu's first choice. 15 s are the most (M9)."),
]


def test_m9_a_line_whose_callers_wait_too_long_is_found_by_the_clock(app: Flask) -> None:
    result = said(with_clips_of(app, 10), "line", "check")
    *faults, count = result.output.splitlines()
    assert result.exit_code == 1
    assert faults[: len(TOO_SLOW)] == [f"{place}: {words}" for place, words in TOO_SLOW]
    assert all(fault.endswith(" s. 60 s are the most (M9).") for fault in faults[len(TOO_SLOW) :])
    assert count.endswith(f": {len(faults)} faults.")


def test_m10_a_language_that_is_offered_too_late_is_named(make_line: MakeLine) -> None:
    app = with_clips_of(make_line(LANGUAGES=" ".join(LANGUAGES)), 4)
    late = [fault for fault in said(app, "line", "check").output.splitlines() if "(M10)" in fault]
    assert late == ["welcome fa: is offered after 93.0 s. 90 s are the most: open fewer languages (M10)."]


# --- What a line says of facts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_every_fact_is_printed_with_the_clip_that_carries_it_and_its_words(app: Flask, language: str) -> None:
    result = said(app, "line", "facts", "--language", language)
    assert result.exit_code == 0
    lines = result.output.splitlines()
    facts = dict.fromkeys(line.split("  ")[0] for line in lines if not line.startswith(" "))
    shipped = next(topic for topic in parts_of(app).content.topics if topic.id == TOPIC)
    assert list(facts) == [*shipped.facts, *NOTICES]
    words = (
        parts_of(app)
        .content.words.language_files[language]
        .wording.text(parts_of(app).content.words.prompts[f"{TOPIC}.prep.ride"])
    )
    at = lines.index(f"    {TOPIC}.prep.ride")
    assert "".join(words.split()) == "".join("".join(lines[at + 1 : at + 2]).split())


def test_facts_in_a_language_that_is_not_open_are_refused(app: Flask) -> None:
    result = said(app, "line", "facts", "--language", "vi")
    assert result.exit_code == 2
    assert "Error: Invalid value: vi is not open. Open are: en, es, zh." in result.output


# --- flask phone ------------------------------------------------------------------------------------------------------


def test_a_call_by_keys_is_printed_node_by_node(app: Flask) -> None:
    result = said(app, "phone", "--language", "es", "--keys", "# 2 T T T T *")
    assert result.exit_code == 0
    prep = f"[es/{TOPIC}/prep"
    assert places_of(result) == [
        *("[en/welcome]", "[es/begin]", f"[es/{MENU}]", "[es/notice]", "[es/lesson/skip]"),
        *(f"{prep}/1]", "[es/lesson/again]", f"{prep}/2]", f"[es/{MENU}]"),
    ]
    keys = [line for line in result.output.splitlines() if line.startswith(">")]
    waits = [f"> nothing, for {seconds} s" for seconds in (1, 1, 2, 2)]
    assert keys == ["> 2", "> #", "> 2", *waits, "> *"]
    assert "  es: Para español, oprima el dos.  (" in result.output
    assert "  (1 s of quiet)" in result.output


def places_of(result: Result) -> list[str]:
    """Where the call was, one after the other."""
    return [line for line in result.output.splitlines() if line.startswith("[")]


AT_ONCE = {
    "pressed after listening, a second key is a choice": ("2 2", ["[en/welcome]", "[es/begin]", "[es/notice]"]),
    "pressed at once, it is none, and the place is heard again": (
        "2 !2",
        ["[en/welcome]", "[es/begin]", "[es/begin]"],
    ),
    "a person is a key away all the same": ("2 !0", ["[en/welcome]", "[es/begin]", "[es/person/unset]"]),
    "the first words are no choice at once either": ("!2 2", ["[en/welcome]", "[en/welcome]", "[es/begin]"]),
}


@pytest.mark.parametrize(("keys", "places"), AT_ONCE.values(), ids=AT_ONCE.keys())
def test_a_key_that_is_pressed_at_once_is_no_choice(app: Flask, keys: str, places: list[str]) -> None:
    assert places_of(said(app, "phone", "--keys", keys)) == places


def test_a_key_at_the_beginning_of_a_page_that_came_by_itself_is_for_the_page_before(make_line: MakeLine) -> None:
    app = make_line(LANGUAGES=" ".join(LANGUAGES))
    fourth, tenth = list(LANGUAGES)[3], list(LANGUAGES)[9]
    pages = ["[en/welcome]", "[en/welcome-2]"]
    assert places_of(said(app, "phone", "--keys", "T !4")) == [*pages, f"[{fourth}/begin]"]
    assert places_of(said(app, "phone", "--keys", "T 4")) == [*pages, f"[{tenth}/begin]"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_is_chosen_by_the_keys_of_its_page(make_line: MakeLine, code: str) -> None:
    result = said(make_line(LANGUAGES=" ".join(LANGUAGES)), "phone", "--language", code, "--keys", "#")
    *pages, greeting, menu = places_of(result)
    assert pages == ["[en/welcome]", "[en/welcome-2]", "[en/welcome-3]"][: list(LANGUAGES).index(code) // 6 + 1]
    assert (greeting, menu) == ("[en/hello]" if code == "en" else f"[{code}/begin]", f"[{code}/{MENU}]")


READ = [
    ("1 # 9 T", ["1", "#", "9", "T"]),
    ("1#9t*0", ["1", "#", "9", "T", "*", "0"]),
    ("2 !2", ["2", "!2"]),
    ("2!2!#T", ["2", "!2", "!#", "T"]),
    ("", []),
]


@pytest.mark.parametrize(("text", "keys"), READ)
def test_keys_are_read_with_or_without_blanks_and_at_once_with_a_sign(text: str, keys: list[str]) -> None:
    assert read_keys(text) == keys


def test_a_person_at_the_clinic_is_heard_too(make_line: MakeLine) -> None:
    app = make_line(CLINIC_NUMBER=CLINIC)
    lines = said(app, "phone", "--language", "zh", "--keys", "#0", "--person", "takes").output.splitlines()
    ring = lines.index(f"  (rings the clinic: {CLINIC})")
    assert lines[ring + 1 : ring + 4] == [
        "  staff hear: This is a call from the spine information line.",
        "  staff hear: The caller chose Mandarin.",
        "  staff hear: To take the call, press one.",
    ]


def test_a_call_to_the_end_says_that_it_ends(app: Flask) -> None:
    result = said(app, "phone", "--keys", "T" * 60)
    assert result.output.splitlines()[-1] == "  (the call ends)"


def test_for_programs_each_thing_heard_is_one_object(app: Flask) -> None:
    result = said(app, "phone", "--keys", "1 T", "--json")
    heard = [json.loads(line) for line in result.output.splitlines()]
    assert heard[0] == {"kind": "node", "text": "en/welcome", "url": "", "language": "", "seconds": 0.0}
    assert heard[1] == {"kind": "pause", "text": "", "url": "", "language": "", "seconds": 1.0}
    assert [(one["kind"], one["text"]) for one in heard if one["kind"] in ("node", "key", "silence")] == [
        ("node", "en/welcome"),
        ("key", "1"),
        ("node", "en/hello"),
        ("silence", ""),
        ("node", f"en/{MENU}"),
    ]
    spanish = next(one for one in heard if one["language"] == "es")
    assert spanish["text"] == parts_of(app).content.scripts["es"][0].text
    assert spanish["url"].startswith("https://line.example.org/audio/es/")
    assert spanish["seconds"] > 1


BAD_KEYS = [
    *[("1 x", "'X'"), ("1,2", "','"), ("#A", "'A'"), ("１", "'１'")],
    *[("!", "'!'"), ("! 2", "'!'"), ("!!2", "'!!'"), ("!T", "'!T'"), ("1 !x", "'!X'")],
]


@pytest.mark.parametrize(("keys", "bad"), BAD_KEYS)
def test_a_key_that_no_telephone_has_is_refused_before_the_call(app: Flask, keys: str, bad: str) -> None:
    result = said(app, "phone", "--keys", keys)
    assert result.exit_code == 2
    words = f"Error: Invalid value: no telephone has the key {bad}. Keys are 0 to 9, *, # and T for silence."
    assert words in result.output
    assert "[en/welcome]" not in result.output


@pytest.mark.parametrize("language", ["vi", "xx", "EN"])
def test_a_language_that_is_not_open_is_refused_with_those_that_are(app: Flask, language: str) -> None:
    result = said(app, "phone", f"--language={language}", "--keys", "1")
    assert result.exit_code == 2
    assert f"Error: Invalid value: {language} is not open. Open are: en, es, zh." in result.output


def test_the_phone_asks_for_keys_where_none_are_given(app: Flask) -> None:
    result = said(app, "phone", "--language", "es", typed="#\n\nx\n2\nq\n")
    assert result.exit_code == 0
    assert places_of(result) == ["[en/welcome]", "[es/begin]", f"[es/{MENU}]", f"[es/{MENU}]", "[es/notice]"]
    assert "no telephone has the key 'X'" in result.output


def test_a_call_from_the_terminal_is_written_down_as_any_call(app: Flask) -> None:
    said(app, "phone", "--language", "es", "--keys", "# 2", "--from", "+12125550123")
    parts = parts_of(app)
    assert parts.database.writer.flush(5)
    (call,) = parts.database.store.staff.calls.list_calls()
    assert (call.language, call.status, call.caller_hash) == (
        "es",
        "completed",
        parts.database.secrets.hash_number("+12125550123"),
    )


# --- flask settings, flask keys ---------------------------------------------------------------------------------------


def test_every_setting_is_printed_with_its_value_and_no_secret(app: Flask, environment: Environment) -> None:
    result = said(app, "settings")
    lines = result.output.splitlines()
    assert [line.split(" = ")[0] for line in lines if not line.startswith(" ")] == [
        row.name for row in list_settings(SHIPPED_TOPICS)
    ]
    assert "CLINIC_NUMBER = " in lines
    assert "PUBLIC_BASE_URL = https://line.example.org" in lines
    assert "KEY_WAIT_SECONDS = 7" in lines
    hidden = {environment[name] for name in SECRET if name in environment}
    assert len(hidden) == 5
    assert not [secret for secret in hidden if secret in result.output]


def test_the_settings_as_a_table_have_a_row_each(app: Flask) -> None:
    rows = said(app, "settings", "--markdown").output.splitlines()
    assert rows[:2] == ["| setting | without it | what it is for |", "|---|---|---|"]
    assert [row.split("`")[1] for row in rows[2:]] == [setting.name for setting in list_settings(SHIPPED_TOPICS)]
    assert any(row.startswith("| `TWILIO_AUTH_TOKEN` | must be given |") for row in rows)
    assert any(row.startswith("| `KEY_WAIT_SECONDS` | `7` |") for row in rows)


def test_a_new_key_is_one_that_the_settings_take(make_line: MakeLine) -> None:
    app = make_line()
    keys = [said(app, "keys", "new").output.strip() for _ in range(2)]
    assert keys[0] != keys[1]
    for key in keys:
        assert Fernet(key).decrypt(Fernet(key).encrypt(b"number")) == b"number"
        assert parts_of(make_line(NUMBER_KEYS=key)).settings.number_keys == (key,)


# --- The first settings -----------------------------------------------------------------------------------------------


def settings_in(path: Path) -> Environment:
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def test_the_first_settings_are_whole_and_for_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    assert write_first_settings(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    settings = read_settings(settings_in(path), SHIPPED_TOPICS)
    assert settings.is_local
    assert settings.web_phone == "on"


def test_the_first_settings_are_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("MINE=1\n", "utf-8")
    path.chmod(0o640)
    assert not write_first_settings(path)
    assert (path.read_text("utf-8"), stat.S_IMODE(path.stat().st_mode)) == ("MINE=1\n", 0o640)


def test_a_link_that_stands_there_is_not_followed(tmp_path: Path) -> None:
    path, target = tmp_path / ".env", tmp_path / "elsewhere"
    target.write_text("MINE=1\n", "utf-8")
    path.symlink_to(target)
    assert not write_first_settings(path)
    assert target.read_text("utf-8") == "MINE=1\n"


def test_no_two_machines_share_a_secret(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_first_settings(tmp_path / name)
    one, two = settings_in(tmp_path / "one"), settings_in(tmp_path / "two")
    secret = {"TWILIO_AUTH_TOKEN", "NUMBER_KEYS", "HASH_KEY", "SECRET_KEY"}
    assert set(one) - secret == {"SPINELINE_ENV"}
    assert not [name for name in secret if one[name] == two[name] or len(one[name]) < 32]
    assert len({one[name] for name in secret}) == 4
