"""Every act of staff with campaigns has one home: commands and pages ask the desk, and never a door of the database.

A rule that stands in a command does not hold for a page; so neither may hold one, nor reach past the desk that does.
"""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.test_imports import PROGRAM, Source, read

ASKERS = [source for source in PROGRAM if source.room in {"commands", "console"}]
DOORS = re.compile(
    r"ivr\.store\.(campaigns\.(campaigns|dialer_store|enrolment|opt_outs|queue|sending|settling|stuck|tasks)"
    r"|staff\.staff_(campaigns|opt_outs|results|store))(\.|$)"
)
"""Modules of the database that change campaigns."""
CHANGES = re.compile(
    r"\.(create|start|resume|pause|stop|discard|enrol|enter_opt_out|take_back_opt_out|close_task|claim|intend|take_report)$"
)
DATABASE = re.compile(r"(reminders|database|store|stores)\b", re.IGNORECASE)


def doors_imported(source: Source) -> set[str]:
    """Doors that change campaigns, as they are imported."""
    return {name for name in source.imports() if DOORS.search(name)}


def changes_past_the_desk(source: Source) -> Iterator[str]:
    """Calls that change a campaign in the database and do not go to a desk."""
    for node in ast.walk(source.tree):
        called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        if CHANGES.search(called) and DATABASE.search(called) and "desk" not in called:
            yield called


@pytest.mark.parametrize("source", ASKERS, ids=lambda source: source.path)
def test_commands_and_pages_import_no_door_that_changes_campaigns(source: Source) -> None:
    assert doors_imported(source) == set()


@pytest.mark.parametrize("source", ASKERS, ids=lambda source: source.path)
def test_commands_and_pages_change_campaigns_at_the_desk_only(source: Source) -> None:
    assert list(changes_past_the_desk(source)) == []


def test_there_are_commands_and_pages() -> None:
    assert {"ivr/commands/reminders.py", "ivr/commands/upload.py", "ivr/commands/opt_outs.py"} <= {
        source.path for source in ASKERS
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "from ivr.store.staff.staff_campaigns import StaffCampaigns",
            {"ivr.store.staff.staff_campaigns.StaffCampaigns"},
        ),
        ("from ivr.store.campaigns.enrolment import enrol", {"ivr.store.campaigns.enrolment.enrol"}),
        ("from ivr.store.staff import staff_store", {"ivr.store.staff.staff_store"}),
        ("from ivr.store.campaigns.patients import StaffTask", set()),
        ("from ivr.reminders.desk import RemindersDesk", set()),
    ],
)
def test_a_door_is_seen(text: str, found: set[str]) -> None:
    assert doors_imported(read("ivr/console/x.py", text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("line.store.dialer.claim('x', 1, lease)", ["line.store.dialer.claim"]),
        ("spineline().database.staff.campaigns.resume(name)", ["spineline().database.staff.campaigns.resume"]),
        ("store.staff.opt_outs.enter_opt_out(number)", ["store.staff.opt_outs.enter_opt_out"]),
        ("find_desk().campaigns.start(name, typed, by)", []),
        ("spineline().campaigns.desk.campaigns.stop(name, by)", []),
        ("threading.Thread(target=run).start()", []),
    ],
)
def test_a_change_past_the_desk_is_seen(text: str, found: list[str]) -> None:
    assert list(changes_past_the_desk(read("ivr/console/x.py", text))) == found
