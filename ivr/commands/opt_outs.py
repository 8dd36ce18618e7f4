"""`flask optout …`: the numbers that are never called again, entered and taken back by hand.

Rules kept here: staff can enter an opt-out by hand, and it holds when the command says so (RULES C7); a list goes in
as a whole, since a line that is left out is a person who is called again; who sees numbers stands in the audit trail.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from flask.cli import AppGroup

from ivr.commands.rehearsal_words import clock
from ivr.errors import Fault
from ivr.reminders.list.cells import CellError, read_phone
from ivr.reminders.list.columns import ALIASES, Column, plain
from ivr.reminders.list.sheet import SheetCell, SheetRow, make_refusal, read_rows, spell_cell
from ivr.reminders.parts import by_option, good_rows_option, in_words, member, parts
from ivr.reminders.report_files import OPT_OUT_HEADINGS, write_opt_out_rows, write_table

optout = AppGroup("optout", help="The numbers that are never called again.")
MOST_SHOWN = 1000


@optout.command()
@click.argument("number")
@by_option
def add(number: str, by: str) -> None:
    """Never call a number again."""
    by = member(by)
    with in_words():
        is_new = parts().reminders.opt_out(read_phone(number, parts().settings.country), "staff", by)
    click.echo("It is never called again." if is_new else "It was on the list already, and is never called again.")


@optout.command()
@click.argument("number")
@by_option
def remove(number: str, by: str) -> None:
    """Take an opt-out back, because the person asked for it."""
    by = member(by)
    with in_words():
        was_there = parts().reminders.opt_back_in(read_phone(number, parts().settings.country), by)
    if not was_there:
        raise click.ClickException("This number is not on the list.")
    click.echo("It may be called again. Calls that were taken off the queue do not come back by themselves.")


@optout.command("list")
@by_option
def list_command(by: str) -> None:
    """List every number, the oldest first."""
    by = member(by)
    with in_words():
        found = parts().reminders.opt_outs(by)
    for one in found:
        since = clock(one.at, parts().settings.office_timezone)
        click.echo(f"{one.number}  since {since}  {one.how}, by {one.by}")
    click.echo(f"{len(found)} in all.")


@optout.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@good_rows_option
@by_option
def import_command(file: Path, good_rows: bool, by: str) -> None:
    """Enter every number of a file: one a line, or a table with a column for the phone number."""
    by = member(by)
    with in_words():
        found = list(numbers_in(file, parts().settings.country))
        faults = [one for one in found if isinstance(one, Fault)]
        _tell(faults)
        if faults and not good_rows:
            raise click.ClickException(
                f"Nothing is kept: {len(faults)} of {len(found)} rows have a fault. "
                "Mend them and import the file again, or keep the good rows with --good-rows."
            )
        entered, known = _entered([one for one in found if isinstance(one, str)], by)
    left_out = f", {len(faults)} with faults left out" if faults else ""
    click.echo(f"{entered} entered, {known} on the list already{left_out}.")


def _entered(numbers: Sequence[str], by: str) -> tuple[int, int]:
    """How many numbers were entered, and how many were there."""
    entered = 0
    with click.progressbar(numbers, label="Entering", show_pos=True, file=sys.stderr) as bar:
        for number in bar:
            entered += parts().reminders.opt_out(number, "list", by)
    return entered, len(numbers) - entered


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
    by = member(by)
    with in_words():
        found = parts().reminders.opt_outs(by)
        count = write_table(file, OPT_OUT_HEADINGS, write_opt_out_rows(found, parts().settings.office_timezone))
    click.echo(f"{count} in {file}. It holds numbers: keep it safe.")


def numbers_in(path: Path, country: str) -> Iterator[str | Fault]:
    """Each row's number (E.164) or its fault. A first line that names a column for the phone number is a heading.

    Raises RecipientsError for a file that is no table, or where nobody can tell which column is meant.
    """
    table = read_rows(path, lambda words: click.echo(words, err=True))
    first = next(table)
    columns = [place for place, cell in enumerate(first.cells) if plain(spell_cell(cell)) in _PHONES]
    wide = len([cell for cell in first.cells if cell != ""]) > 1
    if len(columns) > 1 or (wide and not columns):
        words = "Call one column Phone, in the first line; or write one number a line and nothing else."
        raise make_refusal(path.name, words)
    if not columns:
        yield _number(first, 0, country, wide=False)
    for row in table:
        yield _number(row, columns[0] if columns else 0, country, wide=bool(columns))


_PHONES = frozenset(plain(word) for word in ALIASES[Column.PHONE].split(","))


def _number(row: SheetRow, place: int, country: str, *, wide: bool) -> str | Fault:
    cell: SheetCell = row.cells[place] if place < len(row.cells) else ""
    try:
        if not wide and any(other != "" for other in row.cells[1:]):
            raise CellError("The line holds more than one number. Write one number a line.")
        return read_phone(cell, country)
    except CellError as error:
        return Fault(f"line {row.line}", " ".join(error.words))
