"""`flask languages …`: what translators and reviewers do at a shell. Thin over the desk of translations."""

import json
from dataclasses import asdict

import click
from flask.cli import AppGroup

from ivr.commands.packs import export_command, import_command
from ivr.commands.reviews import review_command
from ivr.commands.translations import open_desk, show_refusals
from ivr.errors import Fault
from ivr.line.language import SOURCE_LANGUAGE
from ivr.parts import spineline
from ivr.speech.voice_state import count_voiced
from ivr.wording.translation.check import BACK_FILE
from ivr.wording.translation.status import LanguageState, describe_language, measure_coverage

languages = AppGroup("languages", help="Catalogs, translators' packs, reviews, and which languages are open.")
for command in (export_command, import_command, review_command):
    languages.add_command(command)


@languages.command("update")
@click.argument("codes", nargs=-1)
def update_command(codes: tuple[str, ...]) -> None:
    """Bring catalogs up to date with the English (all of them, or CODES). No translation is lost."""
    desk = open_desk()
    with show_refusals():
        for code in desk.list_languages(codes):
            if code == SOURCE_LANGUAGE:
                continue
            done = desk.update(code)
            words = [
                f"{len(done.new)} new",
                f"{len(done.moved)} with other English now",
                f"{len(done.gone)} no longer used",
            ]
            click.echo(f"{code}: {', '.join(words)}" if done.has_changed else f"{code}: up to date")
            for prompt in (*done.new, *done.moved):
                click.echo(f"    {prompt}")
            if done.unread:
                click.echo(f"    {len(done.unread)} to turn back into English: {desk.locales / code / BACK_FILE}")


@languages.command("check")
@click.argument("codes", nargs=-1)
def check_command(codes: tuple[str, ...]) -> None:
    """List every fault with its file and line (all languages, or CODES)."""
    desk = open_desk()
    found: list[Fault] = []
    with show_refusals():
        wanted = desk.list_languages(codes)
        for code in wanted:
            found += desk.check(code)
    for fault in found:
        click.echo(str(fault))
    click.echo(f"{len(wanted)} languages, {len(found)} faults.")
    if found:
        raise SystemExit(1)


@languages.command("status")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def status_command(as_json: bool) -> None:
    """Say of every language how whole, voiced and reviewed it is, and whether it is open."""
    states = [_describe(code) for code in open_desk().list_languages()]
    met = measure_coverage(states)
    if as_json:
        rows = [asdict(state) for state in states]
        click.echo(json.dumps({"languages": rows, "coverage": asdict(met)}, ensure_ascii=False, indent=1))
        return
    click.echo(f"{'':5} {'':15} {'translated':>11} {'waiting':>8} {'voiced':>9} {'grade':9} {'reviewed':>9}  open")
    for state in states:
        click.echo(_write_row(state))
    whole = sum(state.translated == state.prompts for state in states)
    reviewed = sum(state.is_reviewed for state in states)
    click.echo(f"{whole} whole languages, {reviewed} reviewed.")
    click.echo(
        f"Reviewed languages reach {met.reviewed} of about {met.all} million people in the US with limited English."
    )


def _write_row(state: LanguageState) -> str:
    reviewed = "source" if state.language == SOURCE_LANGUAGE else f"{state.reviewed}/{state.prompts}"
    counts = f"{state.translated}/{state.prompts}", f"{state.voiced}/{state.clips}", reviewed
    where = f"closed: {state.closed}" if state.closed else "open"
    return (
        f"{state.language:5} {state.name:15} {counts[0]:>11} {state.waiting:>8} {counts[1]:>9} {state.grade:9} "
        f"{counts[2]:>9}  {where}"
    )


def _describe(code: str) -> LanguageState:
    line, desk = spineline(), open_desk()
    closed = line.content.availability.closed.get(code, "" if code in line.content.scripts else "not among LANGUAGES")
    voice = count_voiced(line.content.clips, code, line.content.scripts.get(code, ()))
    return describe_language(desk.read_language(code), desk.prompts, voice, closed)


@languages.command("add")
@click.argument("code")
def add_command(code: str) -> None:
    """Start a new language: every file that it needs, each saying what has to be written."""
    with show_refusals():
        outcome = open_desk().add(code)
    first, *others = outcome.made
    click.echo(f"Made {first}")
    for path in others:
        click.echo(f"     {path}")
    for path in outcome.kept:
        click.echo(f"Kept {path}")
    click.echo(
        f"Next: translate it (Poedit, Weblate, or flask languages export {code}), then flask languages check {code}"
    )
