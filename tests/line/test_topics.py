"""A topic file becomes a topic, or a list of everything that is wrong with it, each at its file and line."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file

from ivr.errors import Fault, TopicError
from ivr.line.prompts import Audience, Prompt
from ivr.line.topics import (
    AnswerChoice,
    ClinicValue,
    Fact,
    Question,
    Section,
    Topic,
    TopicEntry,
    TopicSource,
    Unit,
    read_entries,
    read_topic,
)
from ivr.wording.sources import TOPICS_FOLDER, read_topics
from tests.topics import SHIPPED_TOPICS

KNEE = """\
choice = "For the knee, press {key}."
choice-note = "A joint of the leg."
welcome = "Welcome to the knee line of {clinic}."
whisper = "A call from the knee line."
reviewed = "Reviewed in May."
names = ["arthroscopy"]
reminders = "prep"

[value.fasting]
unit = "hour"
default = 6
least = 2
most = 12
setting = "KNEE_FASTING_HOURS"
purpose = "Hours without food before the knee."

[[section]]
id = "overview"
opening = true
title = "About the knee."

[[section.clip]]
id = "what"
facts = ["O1"]
text = "It bends."

[[section]]
id = "prep"
title = "How to prepare."
choice = "To hear how to prepare, press {key}."

[[section.clip]]
id = "fasting"
facts = ["P1", "P2"]
text = \"\"\"
Eat nothing
for {fasting}.\"\"\"
note = "Hours."

[[question]]
id = "food"
fact = "P1"
value = "fasting"
text = "For how many hours?"
note = "A number."

[[question]]
id = "else"
fact = "P2"
text = "What else?"

[[question.choice]]
id = "nothing"
right = true
text = "For nothing, press {key}."

[[question.choice]]
id = "soup"
text = "For soup, press {key}."
"""
FACTS = """\
[fact.O1]
section = "overview"
says = "it bends"

[fact.P1]
section = "prep"
says = "nothing to eat for {6} hours"
value = "fasting"

[fact.P2]
section = "prep"
says = "nothing else"
"""
PLAIN = KNEE.replace('reminders = "prep"\n', "").partition("\n[[question]]")[0]
"""The same without reminders and their questions."""
CHOICE = 'choice = "To hear how to prepare, press {key}."'
AFTER = '[[section]]\nid = "after"\ntitle = "Later."\nchoice = "Later, press {key}."\n'
NO_OPENING_ALONE = "A topic needs at least one [[section]] with clips that is not its opening."


def read(text: str, facts: str = FACTS) -> Topic:
    return read_topic(TopicSource("knee", "knee.toml", text, "knee.facts.toml", facts))


def faults(text: str, facts: str = FACTS) -> tuple[Fault, ...]:
    with pytest.raises(TopicError) as caught:
        read(text, facts)
    return caught.value.faults


def changed(old: str, new: str) -> str:
    assert PLAIN.count(old) == 1
    return PLAIN.replace(old, new)


def prompt(name: str, text: str, *facts: str) -> Prompt:
    return Prompt(f"knee.{name}", text, facts, topic="knee")


def test_a_good_topic_is_read_whole_and_its_lines_are_joined() -> None:
    overview = Section("overview", prompt("overview.title", "About the knee."), None, (WHAT,))
    offer = prompt("prep.choice", "To hear how to prepare, press {key}.")
    answers = (
        AnswerChoice(prompt("question.else.nothing", "For nothing, press {key}."), is_right=True),
        AnswerChoice(prompt("question.else.soup", "For soup, press {key}."), is_right=False),
    )
    assert read(KNEE) == Topic(
        id="knee",
        choice=prompt("choice", "For the knee, press {key}."),
        welcome=prompt("welcome", "Welcome to the knee line of {clinic}."),
        whisper=replace(prompt("whisper", "A call from the knee line."), audience=Audience.STAFF),
        reviewed=prompt("reviewed", "Reviewed in May."),
        sections=(overview, Section("prep", prompt("prep.title", "How to prepare."), offer, (FASTING,))),
        facts={
            "O1": Fact("O1", "overview", "it bends", topic="knee"),
            "P1": Fact("P1", "prep", "nothing to eat for {6} hours", "fasting", "knee"),
            "P2": Fact("P2", "prep", "nothing else", topic="knee"),
        },
        values={
            "fasting": ClinicValue(
                name="fasting",
                unit=Unit.HOUR,
                default=6,
                least=2,
                most=12,
                setting="KNEE_FASTING_HOURS",
                purpose="Hours without food before the knee.",
            )
        },
        questions=(
            Question("food", prompt("question.food", "For how many hours?", "P1"), "P1", value="fasting"),
            Question("else", prompt("question.else", "What else?", "P2"), "P2", choices=answers),
        ),
        names=frozenset({"arthroscopy"}),
        reminders="prep",
    )


WHAT = prompt("overview.what", "It bends.", "O1")
FASTING = prompt("prep.fasting", "Eat nothing for {fasting}.", "P1", "P2")


def test_a_topic_hands_out_its_prompts_in_the_order_in_which_they_are_heard() -> None:
    assert [found.id for found in read(KNEE).prompts()] == [
        *("knee.choice", "knee.welcome", "knee.reviewed"),
        *("knee.overview.title", "knee.overview.what"),
        *("knee.prep.choice", "knee.prep.title", "knee.prep.fasting"),
        *("knee.question.food", "knee.question.else", "knee.question.else.nothing", "knee.question.else.soup"),
        "knee.whisper",
    ]


def test_a_section_is_found_by_its_id_and_an_unknown_one_is_a_key_error() -> None:
    topic = read(KNEE)
    assert topic.section("prep") is topic.sections[1]
    with pytest.raises(KeyError, match="nowhere"):
        topic.section("nowhere")


ONE_FAULT = {
    "a syntax error is shown at its line": (
        changed('text = "It bends."', 'text = "It bends.'),
        24,
        "This is not valid TOML: Illegal character '\\n' (at line 24, column 18). Mend that line.",
    ),
    "an unfinished file is shown at its last line": (
        changed('note = "Hours."', "note"),
        37,
        "This is not valid TOML: Expected '=' after a key in a key/value pair (at line 37, column 5). Mend that line.",
    ),
    "a clip without words is shown where the clip begins, not at the next one's words": (
        changed('text = "It bends."\n', ""),
        22,
        '"overview.what" has no text: write the words that are heard.',
    ),
    "blank words are no words": (
        changed('"It bends."', '"  "'),
        24,
        '"overview.what" has no text: write the words that are heard.',
    ),
    "a topic without its choice": (
        changed('choice = "For the knee, press {key}."\n', ""),
        1,
        '"choice" has no choice: write the words that are heard.',
    ),
    "a section without its choice": (
        changed(CHOICE + "\n", ""),
        27,
        '"prep.choice" has no choice: write the words that are heard.',
    ),
    "a section without its title": (
        changed('title = "How to prepare."\n', ""),
        27,
        '"prep.title" has no title: write the words that are heard.',
    ),
    "a fact that the fact sheet does not hold": (
        changed('"P1", "P2"', '"P1", "P9"'),
        34,
        '"knee.prep.fasting" names the fact P9, which knee.facts.toml does not hold: '
        "correct the id, or say nothing that has no fact.",
    ),
    "facts that are no list": (
        changed('["O1"]', '"O1"'),
        24,
        '"overview.what" must name its facts as a list of their ids, such as facts = ["A1", "A2"].',
    ),
    "a placeholder that nothing fills": (
        changed("{fasting}", "{fasting} or {hours}"),
        34,
        '"knee.prep.fasting" holds {hours}, which nothing fills: '
        "use clinic, emergency, fasting, or write [value.hours].",
    ),
    "a key in words that offer none": (
        changed("It bends.", "Press {key}."),
        24,
        '"knee.overview.what" holds {key}, which nothing fills: use clinic, emergency, fasting, or write [value.key].',
    ),
    "a brace that is not closed": (
        changed("{fasting}", "{fasting"),
        34,
        "The braces in \"knee.prep.fasting\" do not match (expected '}' before end of string): write {name}.",
    ),
    "an offer that names no key": (
        changed("prepare, press {key}.", "prepare, press two."),
        29,
        '"knee.prep.choice" offers a key, so its words must hold {key} and no other braces.',
    ),
    "an offer that holds more than its key": (
        changed("For the knee", "For {clinic}"),
        1,
        '"knee.choice" offers a key, so its words must hold {key} and no other braces.',
    ),
    "a clip's id that stands twice is shown at the second": (
        PLAIN + '\n[[section.clip]]\nid = "fasting"\nfacts = ["P2"]\ntext = "Again."\n',
        42,
        '"knee.prep.fasting" stands twice: every id is used once.',
    ),
    "an id with capitals": (
        changed('id = "what"', 'id = "What"'),
        22,
        'The id "What" must be lower-case letters, digits and hyphens.',
    ),
    "an id with a blank": (
        changed('id = "prep"', 'id = "get ready"'),
        27,
        'The id "get ready" must be lower-case letters, digits and hyphens.',
    ),
    "a section named as the line names all sections together": (
        changed('id = "prep"', 'id = "all"'),
        27,
        'The id "all" is the line\'s own, for all sections in order: choose another.',
    ),
    "a section without clips": (
        f"{PLAIN}\n{AFTER}",
        40,
        'The section "after" has no [[section.clip]]: write one, or remove it.',
    ),
    "clips written as one table instead of a list of tables": (
        f'{PLAIN}\n{AFTER}[section.clip]\nid = "x"\n',
        40,
        'The section "after" has no [[section.clip]]: write one, or remove it.',
    ),
    "no sections": (PLAIN[: PLAIN.index("[[section]]")], 1, NO_OPENING_ALONE),
    "an opening and nothing else": (changed(CHOICE, "opening = true"), 1, NO_OPENING_ALONE),
    "sections written as one table": (
        PLAIN[: PLAIN.index("[[section]]")] + '[section]\nid = "prep"\n',
        1,
        NO_OPENING_ALONE,
    ),
}


@pytest.mark.parametrize(("text", "line", "words"), ONE_FAULT.values(), ids=ONE_FAULT.keys())
def test_a_fault_is_shown_at_its_line_in_words(text: str, line: int, words: str) -> None:
    assert faults(text) == (Fault(f"knee.toml:{line}", words),)


def test_a_section_that_stands_twice_is_shown_at_the_second() -> None:
    second = PLAIN[PLAIN.index('[[section]]\nid = "prep"') :]
    assert faults(f"{PLAIN}\n{second}") == tuple(
        Fault(f"knee.toml:{line}", f'"knee.prep.{name}" stands twice: every id is used once.')
        for line, name in ((41, "title"), (42, "choice"), (47, "fasting"))
    )


def test_all_faults_of_a_file_are_found_at_once() -> None:
    text = (
        PLAIN.replace("{fasting}", "{fasting} {hours}")
        .replace('"O1"', '"O9"')
        .replace("the knee, press {key}", "the knee")
    )
    assert [fault.place for fault in faults(text)] == ["knee.toml:1", "knee.toml:24", "knee.toml:34"]


@pytest.mark.parametrize(
    ("sheet", "place", "words"),
    [
        (
            "[fact.O1\n",
            "knee.facts.toml:1",
            "This is not valid TOML: Expected ']' at the end of a table declaration (at line 1, column 9). "
            "Mend that line.",
        ),
        ("fact = 3\n", "knee.facts.toml:1", "Each fact is a table of its own, such as [fact.A1]."),
        ("[fact]\nO1 = 3\n", "knee.facts.toml:1", "Each fact is a table of its own, such as [fact.A1]."),
    ],
)
def test_a_fact_sheet_that_cannot_be_read_is_one_fault_not_one_for_every_clip(
    sheet: str, place: str, words: str
) -> None:
    assert faults(KNEE, sheet) == (Fault(place, words),)


# --- Files ------------------------------------------------------------------------------------------------------------


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name.replace('_', '.')}.toml").write_text(text, "utf-8")
    return folder


def faults_in(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(TopicError) as caught:
        read_topics(folder)
    return caught.value.faults


def test_the_topics_of_a_folder_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    written(tmp_path, knee=KNEE, knee_facts=FACTS, hip=KNEE, hip_facts=FACTS)
    assert [topic.id for topic in read_topics(tmp_path)] == ["hip", "knee"]


def test_the_faults_of_all_files_are_shown_at_once(tmp_path: Path) -> None:
    written(tmp_path, knee=KNEE, hip="nonsense", hip_facts=FACTS)
    assert faults_in(tmp_path) == (
        Fault(
            f"{tmp_path}/hip.toml:1",
            "This is not valid TOML: Expected '=' after a key in a key/value pair (at end of document). "
            "Mend that line.",
        ),
        Fault(f"{tmp_path}/knee.facts.toml", "knee.toml needs its facts beside it, in a file of this name."),
    )


def test_an_empty_folder_says_what_a_topic_is(tmp_path: Path) -> None:
    words = "No topic stands here: a topic is a file such as compression-fracture.toml."
    assert faults_in(tmp_path) == (Fault(str(tmp_path), words),)


def test_a_file_whose_name_cannot_be_an_id_is_a_fault(tmp_path: Path) -> None:
    written(tmp_path, Knee=KNEE, Knee_facts=FACTS)
    words = "A topic's file is named in lower-case letters, digits and hyphens, such as knee.toml."
    assert faults_in(tmp_path) == (Fault(f"{tmp_path}/Knee.toml", words),)


@pytest.mark.parametrize("name", ["knee.toml", "knee.facts.toml"])
def test_a_file_that_is_not_utf8_is_a_fault(tmp_path: Path, name: str) -> None:
    written(tmp_path, knee=KNEE, knee_facts=FACTS)
    (tmp_path / name).write_bytes('x = "é"'.encode("latin-1"))
    assert faults_in(tmp_path) == (Fault(f"{tmp_path}/{name}", "This file is not UTF-8. Save it as UTF-8."),)


# --- What translators get --------------------------------------------------------------------------------------------


def extracted(path: Path) -> Iterator[tuple[int, object, list[str], str | None]]:
    return iter(extract_from_file("ivr.wording.sources:extract_topic", path))


def test_babel_gets_each_prompt_with_its_id_as_context_its_note_as_comment_and_its_line(tmp_path: Path) -> None:
    written(tmp_path, knee=KNEE)
    assert list(extracted(tmp_path / "knee.toml")) == [
        (1, "For the knee, press {key}.", ["A joint of the leg."], "knee.choice"),
        (3, "Welcome to the knee line of {clinic}.", [], "knee.welcome"),
        (5, "Reviewed in May.", [], "knee.reviewed"),
        (20, "About the knee.", [], "knee.overview.title"),
        (25, "It bends.", [], "knee.overview.what"),
        (29, "How to prepare.", [], "knee.prep.title"),
        (30, "To hear how to prepare, press {key}.", [], "knee.prep.choice"),
        (35, "Eat nothing for {fasting}.", ["Hours."], "knee.prep.fasting"),
        (44, "For how many hours?", ["A number."], "knee.question.food"),
        (50, "What else?", [], "knee.question.else"),
        (55, "For nothing, press {key}.", [], "knee.question.else.nothing"),
        (59, "For soup, press {key}.", [], "knee.question.else.soup"),
    ]


def test_facts_are_not_given_to_translators(tmp_path: Path) -> None:
    written(tmp_path, knee_facts=FACTS)
    assert list(extracted(tmp_path / "knee.facts.toml")) == []


def test_entries_carry_the_prompt_its_line_and_its_note() -> None:
    entry = TopicEntry(FASTING, 35, "Hours.")
    assert entry in read_entries("knee", "knee.toml", KNEE)


def test_entries_of_a_file_with_faults_are_refused() -> None:
    with pytest.raises(TopicError) as caught:
        read_entries("knee", "knee.toml", KNEE.replace('"It bends."', '""'))
    assert [fault.place for fault in caught.value.faults] == ["knee.toml:25"]


# --- The topic that comes with the line ------------------------------------------------------------------------------


def test_the_shipped_topic_has_its_opening_and_five_sections_in_the_order_of_the_menu() -> None:
    (topic,) = SHIPPED_TOPICS
    assert topic.id == "compression-fracture"
    assert [(section.id, section.opening, len(section.clips)) for section in topic.sections] == [
        ("overview", True, 4),
        ("prep", False, 4),
        ("during", False, 7),
        ("after", False, 4),
        ("risks", False, 4),
        ("rights", False, 3),
    ]


def test_every_line_of_the_shipped_topic_that_is_extracted_holds_the_words_or_the_key_of_their_field() -> None:
    path = TOPICS_FOLDER / "compression-fracture.toml"
    lines = path.read_text("utf-8").splitlines()
    found = list(extracted(path))
    assert len(found) == 3 + 6 + 5 + 26 + 5
    for line, _, _, context in found:
        field = lines[line - 1].split(" = ")[0]
        ending = str(context).split(".")[-1]
        assert field == (ending if ending in ("choice", "reviewed", "title", "welcome") else "text")


def test_the_facts_of_the_shipped_topic_that_depend_on_the_clinic_name_its_setting() -> None:
    (topic,) = SHIPPED_TOPICS
    assert {fact.id: fact.value for fact in topic.facts.values() if fact.value} == {
        "P3": "fasting",
        "A3": "discomfort",
        "A5": "lifting",
    }
