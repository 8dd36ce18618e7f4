"""A desk for staff in tests: a whole line with its own database, a clock that stands, and clips of one length."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from click.testing import Result
from flask import Flask

from ivr.commands.opt_outs import optout
from ivr.commands.reminders import reminders
from ivr.desks import open_reminders_desk
from ivr.parts import Spineline
from ivr.reminders.desk import RemindersDesk
from ivr.store.migrate import upgrade
from ivr.store.staff.staff_campaigns import StaffCampaigns
from ivr.store.store import Store
from ivr.wiring import create_app
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

    def find_seconds(self, line: Any, /) -> float | None:
        return None if line.id in self.absent else self.length


@dataclass
class Desk:
    """What a test works with. `clips` can be changed."""

    app: Flask
    store: Store
    clips: SameLength
    folder: Path

    @property
    def acts(self) -> RemindersDesk:
        """The acts of staff, as commands and pages ask for them."""
        return open_reminders_desk(self.app.extensions["spineline"])

    @property
    def door(self) -> StaffCampaigns:
        """The database's door under the desk: it judges nothing by itself."""
        return self.store.staff.campaigns

    def change_settings(self, **changed: Any) -> None:
        """The line, set up otherwise."""
        line = self.app.extensions["spineline"]
        self.app.extensions["spineline"] = replace(line, settings=replace(line.settings, **changed))

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
        with self.store.transactions._engines.reads.begin() as connection:
            found = connection.exec_driver_sql("SELECT staff, action FROM audit_event ORDER BY id")
            return [(row[0], row[1]) for row in found]


_made: dict[tuple[tuple[str, str], ...], tuple[Flask, Spineline, bytes]] = {}
"""Lines by their settings, each with a database in which Ana is: made once, since that takes most of a test's time."""


def _line(environment: Environment, settings: Mapping[str, str]) -> tuple[Flask, Spineline, bytes]:
    key = tuple(sorted(settings.items()))
    if key not in _made:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "line.db"
            app = create_app({**environment, **CLINIC, **settings, "DATABASE_URL": f"sqlite:///{path}"})
            line: Spineline = app.extensions["spineline"]
            upgrade(line.settings.database_url)
            line.database.store.staff.accounts.add_staff("Ana", "a password that nobody guesses")
            line.database.store.close()
            _made[key] = (app, line, path.read_bytes())
        app.cli.add_command(reminders)
        app.cli.add_command(optout)
    return _made[key]


def seated(environment: Environment, folder: Path, **settings: str) -> Desk:
    """A desk at which Ana works, with a draft called "spring". No real clip is needed."""
    app, line, database = _line(environment, settings)
    (folder / "line.db").write_bytes(database)
    url, clips = f"sqlite:///{folder / 'line.db'}", SameLength()
    store = Store(
        url,
        line.database.secrets,
        remember_language=False,
        now=lambda: MONDAY_MORNING,
        database_clock=lambda _: MONDAY_MORNING,
    )
    app.extensions["spineline"] = replace(
        line,
        settings=replace(line.settings, database_url=url),
        content=replace(line.content, clips=cast(Any, clips)),
        database=replace(line.database, store=store),
    )
    desk = Desk(app, store, clips, folder)
    desk.said("reminders", "new", "spring", *BY)
    return desk
