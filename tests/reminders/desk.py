"""A desk for staff in tests: a whole line with its own database, a clock that stands, and clips of one length."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from click.testing import Result
from flask import Flask

from ivr import Spineline, create_app
from ivr.reminders.commands import reminders
from ivr.reminders.opt_out_commands import optout
from ivr.store.migrate import upgrade
from ivr.store.reminders import Reminders
from tests.conftest import MONDAY_MORNING, Environment

HEADINGS = "Phone,Language,Date,Name,ID"
THURSDAY = "2026-12-03 10:00"
"""An appointment whose reminders fall on Monday, 30 November, and Wednesday, 2 December."""
CONSENT = ("--consent-source", "intake form", "--consent-date", "2026-11-02")
BY = ("--by", "Ana")
CLINIC = {"CLINIC_NUMBER": "+12125550150", "CLINIC_NAME": "Lakeside Clinic"}


@dataclass
class SameLength:
    """Clips that all play so long (seconds), but for those that `absent` names."""

    length: float = 1.0
    absent: set[str] = field(default_factory=set)

    def seconds(self, line: Any, /) -> float | None:
        return None if line.id in self.absent else self.length


@dataclass
class Desk:
    """What a test works with. `clips` can be changed."""

    app: Flask
    store: Reminders
    clips: SameLength
    folder: Path

    def run(self, *args: str, typed: str | None = None) -> Result:
        return self.app.test_cli_runner().invoke(args=list(args), input=typed)

    def said(self, *args: str) -> list[str]:
        """The lines that a command that succeeds says."""
        result = self.run(*args)
        assert result.exit_code == 0, result.output
        return result.output.splitlines()

    def refused(self, *args: str, typed: str | None = None) -> list[str]:
        """The lines that a command that fails says."""
        result = self.run(*args, typed=typed)
        assert result.exit_code == 1, result.output
        return result.output.splitlines()

    def write(self, text: str | bytes, name: str = "list.csv") -> str:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    def upload(self, *rows: str, headings: str = HEADINGS, options: Sequence[str] = ()) -> list[str]:
        file = self.write("\n".join([headings, *rows]))
        return self.said("reminders", "upload", "spring", file, *CONSENT, *options, *BY)

    def audited(self) -> list[tuple[str, str]]:
        """Who did what, in order."""
        with self.store._engines.reads.begin() as connection:
            found = connection.exec_driver_sql("SELECT staff, action FROM audit_event ORDER BY id")
            return [(row[0], row[1]) for row in found]


def seated(environment: Environment, folder: Path, now: datetime = MONDAY_MORNING, **settings: str) -> Desk:
    """A desk at which Ana works, with a draft called "spring". No real clip is needed."""
    app = create_app({**environment, **CLINIC, **settings}, lambda: now)
    line: Spineline = app.extensions["spineline"]
    upgrade(line.settings.database_url)
    store = line.store.reminders(line.settings.database_url, lambda _: now)
    clips = SameLength()
    changed: Mapping[str, Any] = {"reminders": store, "clips": clips}
    app.extensions["spineline"] = replace(line, **changed)
    app.cli.add_command(reminders)
    app.cli.add_command(optout)
    line.store.add_staff("Ana", "a password that nobody guesses")
    desk = Desk(app, store, clips, folder)
    desk.said("reminders", "new", "spring", *BY)
    return desk
