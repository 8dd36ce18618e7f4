"""`flask languages export | import`: a translator's pack, out and back in."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from ivr.errors import CatalogError
from ivr.line.language import SOURCE_LANGUAGE
from ivr.line.prompts import KEY_NAMES
from ivr.wording.catalogs import read_entries
from ivr.wording.language_files import LanguageFiles
from ivr.wording.script import Words
from ivr.wording.translation.check import BACK_FILE
from ivr.wording.translation.pack import PackRow, compare, read_pack, stamp, taken, write_pack
from ivr.wording.translation.po import write_catalog
from ivr.wording.translation.update import catalog_path, head_of
from ivr.wording.translation.workplace import all_sources, parts, written_in

KEY_SIGNS = {name: sign for sign, name in KEY_NAMES.items()}


@click.command("export")
@with_appcontext
@click.argument("code")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="pack.xlsx or pack.csv")
def export_command(code: str, out: Path) -> None:
    """Write a translator's pack: every prompt as a caller hears it, with the English, the keys and the notes."""
    if out.suffix.lower() not in (".xlsx", ".csv"):
        raise click.BadParameter("--out must end in .xlsx or .csv")
    one = written_in(code)
    try:
        rows = _pack_rows(one)
    except CatalogError as error:
        raise click.ClickException(str(error)) from error
    write_pack(out, rows)
    click.echo(f"Wrote {out}. When it comes back: flask languages import {code} {out}")


def _pack_rows(one: LanguageFiles) -> list[PackRow]:
    back = read_entries(parts().settings.locales_folder / one.language / BACK_FILE)
    pressed = _keys_of(one.language)
    rows: list[PackRow] = []
    before = ""
    for source in all_sources():
        prompt = source.prompt
        entry = one.catalog.entries.get(prompt.id)
        text = entry.text if entry else ""
        read = back.get(prompt.id)
        longest = f"{max(4, len(prompt.text.split()) * 60 // 120)} s"
        keys = ", ".join(sorted(pressed.get(prompt.id, ())))
        again = read.text if read and read.source == text else ""
        mark = stamp(one.language, prompt.text, text)
        rows.append(PackRow(prompt.id, before, keys, prompt.text, text, again, longest, source.note, mark))
        before = prompt.text
    return rows


def _keys_of(code: str) -> dict[str, set[str]]:
    """The keys that each prompt offers: the last part of its clips' names."""
    keys: dict[str, set[str]] = {}
    script = parts().scripts.get(code) or parts().scripts.get(SOURCE_LANGUAGE, ())
    for line in script:
        prompt, _, key = line.id.rpartition(".")
        if "key" in placeholders_of(parts().words, prompt):
            keys.setdefault(prompt, set()).add(KEY_SIGNS.get(key, key))
    return keys


def placeholders_of(words: Words, prompt: str) -> frozenset[str]:
    """The placeholders of a prompt; none for a name that is no prompt's."""
    known = words.prompts.get(prompt)
    return known.placeholders if known else frozenset()


@click.command("import")
@with_appcontext
@click.argument("code")
@click.argument("pack", type=click.Path(path_type=Path))
@click.option("--write", is_flag=True, help="Take the good rows. Without it, only show what would change.")
def import_command(code: str, pack: Path, write: bool) -> None:
    """Take a translator's pack back: show what it changes, refuse row by row what fails, overwrite nothing newer."""
    one = written_in(code)
    try:
        outcome = compare(pack, read_pack(pack), code, one.catalog.entries)
    except CatalogError as error:
        raise click.ClickException(str(error)) from error
    for change in outcome.changes:
        click.echo(f"{change.id}\n  - {change.old}\n  + {change.new}")
    for fault in outcome.faults:
        click.echo(f"refused  {fault}")
    click.echo(f"{len(outcome.changes)} changed, {outcome.same} the same, {len(outcome.faults)} refused.")
    if write and outcome.changes:
        entries = taken(one.catalog.entries, outcome.changes)
        rows = [(source, entries[source.prompt.id]) for source in all_sources() if source.prompt.id in entries]
        path = catalog_path(parts().settings.locales_folder, code)
        write_catalog(path, code, rows, head_of(path))
        click.echo(f"Wrote {path}. The changed prompts need a new back-translation and a new review.")
    elif outcome.changes:
        click.echo("Nothing is written yet. To take the good rows, add --write.")
    if outcome.faults:
        raise SystemExit(1)
