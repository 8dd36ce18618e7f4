"""`flask languages …`: the workshop of translators and reviewers. Thin over the other modules."""

import json
from dataclasses import asdict

import click
from flask.cli import AppGroup

from ivr.commands.packs import export_command, import_command
from ivr.commands.reviews import review_command
from ivr.errors import Fault
from ivr.line.language import SOURCE_LANGUAGE
from ivr.line.languages import LANGUAGES
from ivr.wording.language_files import read_language_files
from ivr.wording.translation.check import Workshop, check
from ivr.wording.translation.status import LanguageState, coverage, state_of
from ivr.wording.translation.update import add, update
from ivr.wording.translation.workplace import all_sources, chosen, parts, prompts, sections, written_in

languages = AppGroup("languages", help="Catalogs, translators' packs, reviews, and which languages are open.")
for command in (export_command, import_command, review_command):
    languages.add_command(command)


@languages.command("update")
@click.argument("codes", nargs=-1)
def update_command(codes: tuple[str, ...]) -> None:
    """Bring catalogs up to date with the English (all of them, or CODES). No translation is lost."""
    for code in chosen(codes):
        if code == SOURCE_LANGUAGE:
            continue
        done = update(parts().settings.locales_folder, written_in(code), all_sources(), sections())
        words = [
            f"{len(done.new)} new",
            f"{len(done.moved)} with other English now",
            f"{len(done.gone)} no longer used",
        ]
        click.echo(f"{code}: {', '.join(words)}" if done.changed else f"{code}: up to date")
        for prompt in (*done.new, *done.moved):
            click.echo(f"    {prompt}")


@languages.command("check")
@click.argument("codes", nargs=-1)
def check_command(codes: tuple[str, ...]) -> None:
    """List every fault with its file and line (all languages, or CODES)."""
    found: list[Fault] = []
    wanted = chosen(codes)
    for code in wanted:
        one = read_language_files(parts().settings.locales_folder, code, prompts(), sections())
        found += check(Workshop(parts().settings.locales_folder, one, prompts(), _longest(code)))
    for fault in found:
        click.echo(str(fault))
    click.echo(f"{len(wanted)} languages, {len(found)} faults.")
    if found:
        raise SystemExit(1)


class _longest:  # noqa: N801  (reads as a question: _longest(code)(prompt))
    """The longest clip of a prompt in a language, in seconds; None while it has no voice."""

    def __init__(self, code: str) -> None:
        self._seconds: dict[str, float] = {}
        for line in parts().scripts.get(code, ()):
            seconds = parts().clips.find_seconds(line) or 0.0
            for name in (line.id, line.id.rpartition(".")[0]):
                self._seconds[name] = max(seconds, self._seconds.get(name, 0.0))

    def __call__(self, prompt: str) -> float | None:
        return self._seconds.get(prompt) or None


@languages.command("status")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def status_command(as_json: bool) -> None:
    """Say of every language how whole, voiced and reviewed it is, and whether it is open."""
    states = [_state(code) for code in chosen(())]
    met = coverage(states)
    if as_json:
        rows = [asdict(state) for state in states]
        click.echo(json.dumps({"languages": rows, "coverage": asdict(met)}, ensure_ascii=False, indent=1))
        return
    click.echo(f"{'':5} {'':15} {'translated':>11} {'waiting':>8} {'voiced':>9} {'grade':9} {'reviewed':>9}  open")
    for state in states:
        click.echo(_row(state))
    whole = sum(state.translated == state.prompts for state in states)
    reviewed = sum(state.is_reviewed for state in states)
    click.echo(f"{whole} whole languages, {reviewed} reviewed.")
    click.echo(
        f"Reviewed languages reach {met.reviewed} of about {met.all} million people in the US with limited English."
    )


def _row(state: LanguageState) -> str:
    reviewed = "source" if state.language == SOURCE_LANGUAGE else f"{state.reviewed}/{state.prompts}"
    counts = f"{state.translated}/{state.prompts}", f"{state.voiced}/{state.clips}", reviewed
    where = f"closed: {state.closed}" if state.closed else "open"
    return (
        f"{state.language:5} {state.name:15} {counts[0]:>11} {state.waiting:>8} {counts[1]:>9} {state.grade:9} "
        f"{counts[2]:>9}  {where}"
    )


def _state(code: str) -> LanguageState:
    line = parts()
    one = read_language_files(line.settings.locales_folder, code, prompts(), sections())
    closed = line.availability.closed.get(code, "" if code in line.scripts else "not among LANGUAGES")
    return state_of(one, prompts(), line.scripts.get(code, ()), line.clips, closed)


@languages.command("add")
@click.argument("code")
def add_command(code: str) -> None:
    """Start a new language: an empty catalog with all notes, and the forms of dates and numbers to fill."""
    if code not in LANGUAGES:
        raise click.ClickException(
            f"{code} has no row yet in ivr/line/languages.py. Write it there first: names, voices."
        )
    try:
        catalog, forms = add(parts().settings.locales_folder, code, all_sources())
    except FileExistsError as error:
        raise click.ClickException(f"{code} has a catalog already: {error}") from error
    click.echo(f"Made {catalog}\n     {forms}")
    click.echo(
        f"Next: translate it (Poedit, Weblate, or flask languages export {code}), then flask languages check {code}"
    )
