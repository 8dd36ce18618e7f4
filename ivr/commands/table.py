"""Every `flask ...` command of the line: its name, what it is for, and the module in which it stands.

A command's module is imported when the command runs. So `flask --help` and a command that only looks at the settings
load no spreadsheets, no sound and no database.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

import click


@dataclass(frozen=True)
class CommandRow:
    """One command: `name` as it is typed, `place` as "module:variable", and its short help."""

    name: str
    place: str
    help: str


COMMANDS: tuple[CommandRow, ...] = (
    CommandRow("audio", "ivr.commands.audio:audio", "The recorded speech: build it, check it, see what is there."),
    CommandRow("callbacks", "ivr.commands.database:callbacks", "Callers who wait to be called back."),
    CommandRow("db", "ivr.commands.database:db", "The database: its version, its purge, its keys."),
    CommandRow("keys", "ivr.commands.settings:keys", "Keys that encrypt phone numbers."),
    CommandRow(
        "languages",
        "ivr.commands.languages:languages",
        "Catalogs, translators' packs, reviews, and which languages are open.",
    ),
    CommandRow("line", "ivr.commands.line:line", "What the line says, and where each key leads."),
    CommandRow("optout", "ivr.commands.opt_outs:optout", "The numbers that are never called again."),
    CommandRow("phone", "ivr.commands.line:phone", "Call the line from this terminal, and read what is heard."),
    CommandRow(
        "practice",
        "ivr.commands.practice:practice",
        "A Twilio whose people are imaginary, for demonstrations and training.",
    ),
    CommandRow(
        "reminders",
        "ivr.commands.reminders:reminders",
        "Reminder campaigns: their lists, rehearsal, calls and reports.",
    ),
    CommandRow("serve", "ivr.commands.serve:serve", "Make what is missing, then answer calls."),
    CommandRow(
        "settings",
        "ivr.commands.settings:settings",
        "Print every setting: its name, its value here, and what it is for.",
    ),
    CommandRow("staff", "ivr.commands.database:staff", "Who may sign in."),
    CommandRow("twilio", "ivr.commands.twilio:twilio", "Twilio: connect a number, find out what is wrong."),
)


class CommandOnDemand(click.Command):
    """Stands for a command until it is run, or asked for its subcommands."""

    def __init__(self, row: CommandRow) -> None:
        super().__init__(row.name, short_help=row.help)
        self._place = row.place

    @property
    def real(self) -> click.Command:
        """The command itself; importing its module takes this long only once."""
        module, _, variable = self._place.partition(":")
        return cast(click.Command, getattr(import_module(module), variable))

    @property
    def commands(self) -> dict[str, click.Command]:
        """Its subcommands; none for a command without."""
        return getattr(self.real, "commands", {})

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The context of the command itself, which then runs instead of this."""
        return self.real.make_context(info_name, args, parent, **extra)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> Any:
        """What the command itself proposes."""
        return self.real.shell_complete(ctx, incomplete)


def add_commands(group: click.Group) -> None:
    """Gives a group every command of the line."""
    for row in COMMANDS:
        group.add_command(CommandOnDemand(row))
