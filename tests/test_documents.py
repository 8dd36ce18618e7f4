"""What can drift in the documents is generated, and held here: the map, the settings, the commands that they name."""

import re
from pathlib import Path

import pytest
from flask import Flask

from ivr.commands.settings import write_settings_table
from ivr.line.map import mermaid_map
from ivr.line.table import Plan, build_line
from ivr.settings.rows import list_settings
from tests.conftest import ROOT
from tests.topics import SHIPPED_TOPICS

DOCUMENTS = [
    "README.md",
    "ivr/README.md",
    "ivr/store/README.md",
    "locales/README.md",
    "audio/README.md",
    "ivr/line/README.md",
]
DOCUMENTS += ["ivr/line/README.md", "ivr/reminders/README.md", "ivr/speech/README.md"]
DOCUMENTS += ["ivr/wording/README.md"]


def block(document: str, name: str) -> str:
    found = re.search(rf"<!-- {name}:.*?-->\n(.*)<!-- /{name} -->", (ROOT / document).read_text("utf-8"), re.DOTALL)
    assert found
    return found[1].strip()


def test_the_readme_shows_the_map_of_the_line_as_it_ships() -> None:
    few = ("en", "es", "zh")
    line = build_line(SHIPPED_TOPICS, Plan(few, few, frozenset({"es", "zh"})))
    assert block("README.md", "map") == f"```mermaid\n{mermaid_map(line)}\n```"


def test_the_table_of_settings_is_the_one_that_the_code_reads() -> None:
    advice = "Put what `flask settings --markdown` prints into ivr/README.md."
    assert block("ivr/README.md", "settings") == write_settings_table(SHIPPED_TOPICS), advice
    assert len(list_settings(SHIPPED_TOPICS)) == write_settings_table(SHIPPED_TOPICS).count("\n") - 1


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_flask_command_that_a_document_names_exists(document: str, app: Flask) -> None:
    for group, name in re.findall(
        r"`?(?:\.venv/bin/)?flask ([a-z]+)(?: ([a-z]+))?", (ROOT / document).read_text("utf-8")
    ):
        command = app.cli.commands.get(group)
        assert command, f"flask {group}"
        if hasattr(command, "commands") and name:
            assert name in command.commands, f"flask {group} {name}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_a_document_links_to_is_there(document: str) -> None:
    folder = (ROOT / document).parent
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", (ROOT / document).read_text("utf-8")) if "://" not in link]
    assert [link for link in links if not Path(folder / link).exists()] == []


def test_every_target_of_the_makefile_that_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"^make ([a-z-]+)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)) <= targets
