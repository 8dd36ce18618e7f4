"""`flask languages export | import`: a translator's pack, out and back in. What is taken and refused: the desk."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from ivr.commands.translations import open_desk, show_refusals
from ivr.wording.catalogs import locate_catalog
from ivr.wording.translation.spreadsheets import SUFFIXES


@click.command("export")
@with_appcontext
@click.argument("code")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="pack.xlsx or pack.csv")
def export_command(code: str, out: Path) -> None:
    """Write a translator's pack: every prompt as a caller hears it, with the English, the keys and the notes."""
    if out.suffix.lower() not in SUFFIXES:
        raise click.BadParameter("--out must end in .xlsx or .csv")
    with show_refusals():
        open_desk().export_pack(code, out)
    click.echo(f"Wrote {out}. When it comes back: flask languages import {code} {out}")


@click.command("import")
@with_appcontext
@click.argument("code")
@click.argument("pack", type=click.Path(path_type=Path))
@click.option("--write", is_flag=True, help="Take the good rows. Without it, only show what would change.")
def import_command(code: str, pack: Path, write: bool) -> None:
    """Take a translator's pack back: show what it changes, refuse row by row what fails, overwrite nothing newer."""
    desk = open_desk()
    with show_refusals():
        outcome = desk.import_pack(code, pack, write=write)
    for change in outcome.changes:
        confirmed = f"{change.id}\n  = {change.new}"
        click.echo(confirmed if change.old == change.new else f"{change.id}\n  - {change.old}\n  + {change.new}")
    for fault in outcome.faults:
        click.echo(f"refused  {fault}")
    click.echo(f"{len(outcome.changes)} changed or confirmed, {outcome.same} the same, {len(outcome.faults)} refused.")
    if outcome.lost:
        click.echo(f"{outcome.lost} rows that were sent did not come back. What stood there stays.")
    if write and outcome.changes:
        path = locate_catalog(desk.locales, code)
        click.echo(f"Wrote {path}. The changed prompts need a new back-translation and a new review.")
    elif outcome.changes:
        click.echo("Nothing is written yet. To take the good rows, add --write.")
    if outcome.faults:
        raise SystemExit(1)
