"""`flask optout …`: the numbers that are never called again, entered and taken back by hand.

No rule stands here: the desk keeps them (`ivr/reminders/desk/opt_outs.py`).
"""

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup

from ivr.commands.rehearsal_words import show_moment
from ivr.commands.staff_options import by_option, find_desk, good_rows_option, in_words
from ivr.errors import Fault, FaultyRowsError
from ivr.reminders.desk.opt_outs import NumbersProgress

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

optout = AppGroup("optout", help="The numbers that are never called again.")
MOST_SHOWN = 1000


@optout.command()
@click.argument("number")
@by_option
def add(number: str, by: str) -> None:
    """Never call a number again."""
    with in_words():
        is_new = find_desk().opt_outs.enter(number, by)
    click.echo("It is never called again." if is_new else "It was on the list already, and is never called again.")


@optout.command()
@click.argument("number")
@by_option
def remove(number: str, by: str) -> None:
    """Take an opt-out back, because the person asked for it."""
    with in_words():
        was_there = find_desk().opt_outs.take_back(number, by)
    if not was_there:
        raise click.ClickException("This number is not on the list.")
    click.echo("It may be called again. Calls that were taken off the queue do not come back by themselves.")


@optout.command("list")
@by_option
def list_command(by: str) -> None:
    """List every number, the oldest first."""
    with in_words():
        found = find_desk().opt_outs.show(by)
    for opt_out in found:
        since = show_moment(opt_out.at, find_desk().zone)
        click.echo(f"{opt_out.number}  since {since}  {opt_out.how}, by {opt_out.by}")
    click.echo(f"{len(found)} in all.")


@optout.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@good_rows_option
@by_option
def import_command(file: Path, good_rows: bool, by: str) -> None:
    """Enter every number of a file: one a line, or a table with a column for the phone number."""
    with in_words(), _NumbersScreen() as screen:
        try:
            entered = find_desk().opt_outs.enter_list(file, by, good_rows=good_rows, progress=screen.progress)
        except FaultyRowsError as error:
            raise click.ClickException(
                f"Nothing is kept: {error.faulty} of {error.rows} rows have a fault. "
                "Mend them and import the file again, or keep the good rows with --good-rows."
            ) from error
    left_out = f", {entered.left_out} with faults left out" if entered.left_out else ""
    click.echo(f"{entered.new} entered, {entered.known} on the list already{left_out}.")


class _NumbersScreen(ExitStack):
    """What goes to stderr while a list of numbers is entered: its faults, then a bar."""

    def __init__(self) -> None:
        super().__init__()
        self.progress = NumbersProgress(note=_note, show_faults=_tell, advance=self._advance)
        self._bar: ProgressBar[int] | None = None

    def _advance(self, done: int, of: int) -> None:
        if self._bar is None:
            bar: ProgressBar[int] = click.progressbar(length=of, label="Entering", show_pos=True, file=sys.stderr)
            self._bar = self.enter_context(bar)
        elif done:
            self._bar.update(1)


def _note(words: str) -> None:
    click.echo(words, err=True)


def _tell(faults: Sequence[Fault]) -> None:
    for fault in faults[:MOST_SHOWN]:
        click.echo(str(fault), err=True)
    if len(faults) > MOST_SHOWN:
        click.echo(f"... and {len(faults) - MOST_SHOWN} more that cannot be read.", err=True)


@optout.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@by_option
def export_command(file: Path, by: str) -> None:
    """Write every number into a .csv or .xlsx file that only you may read; `import` reads it again."""
    with in_words():
        count = find_desk().opt_outs.export(file, by)
    click.echo(f"{count} in {file}. It holds numbers: keep it safe.")
