"""A second procedure is two files and no code: the whole line with it, in English, harms nothing of the first.

Its facts P1 and P3 are about shorts and soap. The first topic has a P3 too, about eating: neither is ever taken for the
other, in a question least of all.
"""

import re
import shutil
from dataclasses import fields, replace
from pathlib import Path

import pytest

from ivr.content import find_content_faults
from ivr.desks import open_reminders_desk
from ivr.errors import SettingsError, TopicError
from ivr.line.flow import after_key, after_silence, check_position
from ivr.line.languages import LANGUAGES
from ivr.line.nodes import Line, Position, Reply, Spoken, Told, WrongAnswer
from ivr.line.prompts import Utterance
from ivr.line.table import Plan
from ivr.line.trace import trace
from ivr.parts import Spineline
from ivr.reminders.rehearsal import rehearse_joining_languages
from ivr.settings.rows import Settings, list_settings
from ivr.store.campaigns.campaigns import Campaign
from ivr.wiring import create_app
from ivr.wording.script import Values
from ivr.wording.sources import read_topics
from tests.conftest import ROOT, Environment
from tests.topics import SECOND, SECOND_FOLDER, SHIPPED, SHIPPED_FOLDER

BOTH = "procedures"
OTHERS = [code for code in LANGUAGES if code != "en"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of topics with both."""
    shutil.copytree(SHIPPED_FOLDER, tmp_path / "topics")
    shutil.copytree(SECOND_FOLDER, tmp_path / "topics", dirs_exist_ok=True)
    return tmp_path / "topics"


@pytest.fixture
def line(environment: Environment, folder: Path, tmp_path: Path) -> Spineline:
    """The whole line with both, in every language."""
    own = {"TOPICS_FOLDER": str(folder), "LANGUAGES": " ".join(LANGUAGES), "KNEE_SOAP_DAYS": "3"}
    own["AUDIO_FOLDER"] = str(tmp_path / "no clips")
    parts: Spineline = create_app({**environment, **own}).extensions["spineline"]
    return parts


def walk(line: Line, position: Position, keys: str) -> Position:
    for key in keys.split():
        position = after_silence(line, position) if key == "-" else after_key(line, position, key)
    return position


def test_the_line_keeps_every_rule_and_every_language_is_open_for_the_first_topic(line: Spineline) -> None:
    content = line.content
    assert find_content_faults(content) == []
    assert (content.availability.closed, content.line.languages) == ({}, tuple(LANGUAGES))
    assert list(content.availability.closed_topics) == OTHERS
    assert {name for closed in content.availability.closed_topics.values() for name in closed} == {SECOND}
    assert content.availability.closed_topics["es"][SECOND].startswith("16 prompts have no words, knee-injection.")
    assert content.line.starts == {"en": BOTH, **dict.fromkeys(OTHERS, f"{SHIPPED}/menu")}


def test_callers_choose_where_there_is_a_choice_and_go_straight_to_the_menu_where_there_is_none(
    line: Spineline,
) -> None:
    table = line.content.line
    assert walk(table, Position("en", "hello"), "-") == Position("en", BOTH)
    chosen = Position("en", "notice", origin=f"{SECOND}/before/1")
    assert walk(table, Position("en", "hello"), "- 2 2") == chosen
    assert walk(table, chosen, "- -") == Position("en", f"{SECOND}/before/1", told=Told.NOTICE)
    assert walk(table, Position("en", "hello"), "2") == Position("en", f"{SECOND}/menu")  # dialed ahead
    assert walk(table, Position("es", "begin"), "-") == Position("es", f"{SHIPPED}/menu")
    assert walk(table, Position("es", "begin"), "2") == Position("es", "notice", origin=f"{SHIPPED}/prep/1")
    assert walk(table, Position("en", f"{SHIPPED}/menu"), "*") == Position("en", BOTH)
    assert walk(table, Position("es", f"{SHIPPED}/menu"), "*") == Position("es", "languages")


def test_who_changes_to_a_language_without_the_topic_comes_to_the_start_of_that_language(line: Spineline) -> None:
    table = line.content.line
    in_spanish = walk(table, Position("en", f"{SECOND}/before/1"), "8 2")
    assert (in_spanish.language, in_spanish.origin) == ("es", "")
    assert walk(table, in_spanish, "-") == Position("es", f"{SHIPPED}/menu")
    with pytest.raises(Exception, match="is not open in 'es'"):
        check_position(table, Position("es", f"{SECOND}/menu"))


def test_the_notice_is_told_once_for_both_topics_and_anew_in_another_language(line: Spineline) -> None:
    table = line.content.line
    heard = walk(table, Position("en", f"{SECOND}/menu"), "2 - -")
    assert walk(table, heard, "* * 1 2") == Position("en", f"{SHIPPED}/prep/1", told=Told.NOTICE)
    in_spanish = walk(table, heard, "8 2 - 2")
    assert in_spanish == Position("es", "notice", origin=f"{SHIPPED}/prep/1")


def test_each_topic_is_welcomed_and_named_to_staff_in_its_own_words_and_both_together_in_neithers(
    line: Spineline,
) -> None:
    said = {item.prompt.id: item.only for item in line.content.line.node("hello").says if isinstance(item, Spoken)}
    assert said["hello.general"] == frozenset({"en"})
    assert said[f"{SHIPPED}.welcome"] == frozenset(OTHERS)
    assert {name: prompt.id for name, prompt in line.content.line.whispers.items()} == {
        "": "whisper.general",
        SHIPPED: f"{SHIPPED}.whisper",
        SECOND: f"{SECOND}.whisper",
    }


def test_a_value_is_a_setting_a_row_of_the_documents_and_words_of_its_own_topic_alone(line: Spineline) -> None:
    rows = {row.name: (row.default, row.value_id) for row in list_settings(line.topics) if row.value_id}
    assert rows == {
        "FASTING_HOURS": ("6", f"{SHIPPED}.fasting"),
        "DISCOMFORT_DAYS": ("3", f"{SHIPPED}.discomfort"),
        "LIFTING_WEEKS": ("6", f"{SHIPPED}.lifting"),
        "KNEE_SOAP_DAYS": ("2", f"{SECOND}.soap"),
        "KNEE_REST_HOURS": ("12", f"{SECOND}.rest"),
        "KNEE_SPORT_WEEKS": ("1", f"{SECOND}.sport"),
    }
    assert line.settings.values[f"{SECOND}.soap"] == 3
    words = line.content.words.text("en", Utterance(f"{SECOND}.before.soap"))
    assert words == "Wash your knee with soap for three days before the shot."


def test_each_reminder_asks_its_own_questions_and_takes_its_own_answers(line: Spineline) -> None:
    table = line.content.line
    first, second = (Position("en", f"{topic}/reminder/check", attempt="17") for topic in (SHIPPED, SECOND))
    assert walk(table, first, "6").node == f"{SHIPPED}/reminder/check/eating-right"
    assert walk(table, first, "3").node == f"{SHIPPED}/reminder/check/eating-wrong"
    assert walk(table, second, "2").node == f"{SECOND}/reminder/check/clothes-right"
    assert walk(table, second, "1").node == f"{SECOND}/reminder/check/clothes-wrong"
    soap = replace(second, node=f"{SECOND}/reminder/check/soap")
    assert walk(table, soap, "3").node == f"{SECOND}/reminder/check/soap-right"
    assert walk(table, soap, "2").node == f"{SECOND}/reminder/check/soap-wrong"  # the clinic said three days
    wrong = {node.records for name, node in table.nodes.items() if name.startswith(SECOND) and node.records}
    assert {record for record in wrong if isinstance(record, WrongAnswer)} == {
        WrongAnswer("clothes"),
        WrongAnswer("soap"),
    }


def test_a_fact_of_one_topic_is_not_the_fact_of_that_name_in_another(line: Spineline) -> None:
    carried = {(fact.topic, fact.id): prompt.id for fact, prompt, _ in trace(line.topics, lambda _: "")}
    assert carried[SECOND, "P3"].startswith(SECOND)
    assert carried[SHIPPED, "P3"].startswith(SHIPPED)
    assert (carried["", "N1"], carried["", "N2"]) == ("notice", "notice")


def test_a_campaign_is_refused_in_a_language_in_which_its_topic_is_not_open(line: Spineline) -> None:
    campaign = Campaign(
        id=1,
        name="spring",
        topic=SECOND,
        purpose="appointment reminder",
        state="draft",
        days=(3,),
        caller="+12125550111",
        created_by="Ana",
        started_at=None,
    )
    stage = open_reminders_desk(line).campaigns.equipment.set_stage()
    faults = {fault.place: fault.words for fault in rehearse_joining_languages(campaign, ["en", "es"], stage)}
    assert faults["L3 language, es"].startswith(
        f"1 recipients speak Spanish, and it is closed: {SECOND} is not open in it: 16 prompts have no words"
    )
    assert "L3 language, en" not in faults


def test_two_topics_cannot_have_one_setting_and_every_fault_is_in_one_message(
    environment: Environment, folder: Path
) -> None:
    path = folder / f"{SECOND}.toml"
    path.write_text(path.read_text("utf-8").replace("KNEE_REST_HOURS", "FASTING_HOURS"), "utf-8")
    words = "FASTING_HOURS is a setting of the topic compression-fracture already. Give the value 'rest' another one."
    with pytest.raises(TopicError) as alone:
        create_app({**environment, "TOPICS_FOLDER": str(folder)})
    assert [fault.words for fault in alone.value.faults] == [words]
    with pytest.raises(SettingsError) as together:
        create_app({**environment, "TOPICS_FOLDER": str(folder), "KEY_WAIT_SECONDS": "1"})
    assert {fault.words for fault in together.value.faults} > {words}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            'fact = "P3"\nvalue = "soap"',
            'fact = "P1"\nvalue = "soap"',
            "The question \"soap\" is answered by the value 'soap', but the fact P1 depends on no value: "
            "come in shorts. "
            "A number is right only where the fact itself gives it.",
        ),
        (
            'fact = "P3"\nvalue = "soap"',
            'fact = "A1"\nvalue = "rest"',
            "The question \"soap\" is about the fact A1, which no clip of the section 'before' carries: "
            "ask only what was said just before.",
        ),
        (
            "for {soap} before",
            "for two days before",
            '"knee-injection.before.soap" names a fact that depends on {soap}, and does not speak it. '
            "Put {soap} into its words.",
        ),
        (
            "right = true\n",
            "",
            'The question "clothes" needs at least one choice with right = true, and at least one without.',
        ),
    ],
)
def test_a_question_that_was_not_answered_just_before_is_refused(folder: Path, old: str, new: str, words: str) -> None:
    """As it once stood, a topic whose P3 was about soap made a reminder ask how long one must not eat."""
    path = folder / f"{SECOND}.toml"
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(TopicError) as caught:
        read_topics(folder)
    assert [fault.words for fault in caught.value.faults] == [words]
    assert all(fault.place.startswith(f"{path}:") for fault in caught.value.faults)


# --- What the line itself no longer knows -----------------------------------------------------------------------------

OF_ONE_TOPIC = re.compile(
    r"spin(?:e|al)\b|vertebr|fasting|eating|\b(?:eat|ride|driv\w+|lifting|discomfort)\b", re.IGNORECASE
)
CORE = ["phrases.py", "reminder.py", "reminder_phrases.py", "plan.py", "table.py", "menus.py", "flow.py", "nodes.py"]
CORE += ["speech.py", "clock.py", "time_rules.py", "table_rules.py", "events.py"]


@pytest.mark.parametrize("name", CORE)
def test_the_core_speaks_of_no_procedure(name: str) -> None:
    assert OF_ONE_TOPIC.findall((ROOT / "ivr/line" / name).read_text("utf-8")) == []


@pytest.mark.parametrize("record", [Plan, Values, Settings])
def test_no_record_has_a_field_for_a_value_of_one_topic(record: type[Plan | Values | Settings]) -> None:
    assert [field.name for field in fields(record) if OF_ONE_TOPIC.search(field.name.replace("_", " "))] == []


def test_a_wrong_answer_is_told_by_the_topics_own_question() -> None:
    assert [reply for reply in Reply if OF_ONE_TOPIC.search(reply.value.replace("-", " "))] == []
