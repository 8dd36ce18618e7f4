"""`flask languages …`: the workshop of translators and reviewers. Thin over the other modules."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast

import click
from flask import current_app
from flask.cli import AppGroup

from ivr.errors import CatalogError, Fault
from ivr.line.languages import LANGUAGES
from ivr.line.prompts import KEY_NAMES, Audience, Prompt, Utterance
from ivr.speech.catalogs import SOURCE_LANGUAGE, read_entries
from ivr.speech.parts import Workplace
from ivr.speech.review import Review, Verdict, add_reviews, words_hash
from ivr.speech.script import ScriptLine, Words
from ivr.speech.translation.check import BACK_FILE, Workshop, check
from ivr.speech.translation.pack import PackRow, compare, read_pack, stamp, taken, write_pack
from ivr.speech.translation.po import Source, sources, write_catalog
from ivr.speech.translation.status import LanguageState, coverage, state_of
from ivr.speech.translation.update import add, catalog_path, head_of, keep_standing, update
from ivr.speech.wording import sections_of
from ivr.speech.written import Written, read_written

KEY_SIGNS = {name: sign for sign, name in KEY_NAMES.items()}
languages = AppGroup("languages", help="Catalogs, translators' packs, reviews, and which languages are open.")


def _parts() -> Workplace:
    return cast(Workplace, current_app.extensions["spineline"])


def _prompts() -> list[Prompt]:
    return list(_parts().words.prompts.values())


def _sections() -> dict[str, str]:
    return sections_of(_parts().topics, _prompts())


def _sources() -> tuple[Source, ...]:
    return sources(_prompts(), _parts().settings.topics_folder)


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise click.BadParameter(f"{language} is no language of ours. There are: {', '.join(LANGUAGES)}.")
    return language


def _written(language: str) -> Written:
    one = read_written(_parts().settings.locales_folder, _known(language), _prompts(), _sections())
    if one.faults:
        raise click.ClickException(str(CatalogError(one.faults)))
    return one


def _chosen(codes: Sequence[str]) -> list[str]:
    folder = _parts().settings.locales_folder
    everything = [code for code in LANGUAGES if code == SOURCE_LANGUAGE or catalog_path(folder, code).is_file()]
    return [_known(code) for code in codes] or everything


@languages.command("update")
@click.argument("codes", nargs=-1)
def update_command(codes: tuple[str, ...]) -> None:
    """Bring catalogs up to date with the English (all of them, or CODES). No translation is lost."""
    for code in _chosen(codes):
        if code == SOURCE_LANGUAGE:
            continue
        done = update(_parts().settings.locales_folder, _written(code), _sources(), _sections())
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
    chosen = _chosen(codes)
    for code in chosen:
        one = read_written(_parts().settings.locales_folder, code, _prompts(), _sections())
        found += check(Workshop(_parts().settings.locales_folder, one, _prompts(), _longest(code)))
    for fault in found:
        click.echo(str(fault))
    click.echo(f"{len(chosen)} languages, {len(found)} faults.")
    if found:
        raise SystemExit(1)


class _longest:  # noqa: N801  (reads as a question: _longest(code)(prompt))
    """The longest clip of a prompt in a language, in seconds; None while it has no voice."""

    def __init__(self, code: str) -> None:
        self._seconds: dict[str, float] = {}
        for line in _script_of(code):
            seconds = _parts().clips.seconds(line) or 0.0
            for name in (line.id, line.id.rpartition(".")[0]):
                self._seconds[name] = max(seconds, self._seconds.get(name, 0.0))

    def __call__(self, prompt: str) -> float | None:
        return self._seconds.get(prompt) or None


def _script_of(code: str) -> Iterator[ScriptLine]:
    """What a language says. A closed one has no script of its own, so it is asked for the words of the source's."""
    parts = _parts()
    if code in parts.scripts:
        yield from parts.scripts[code]
        return
    for line in parts.scripts.get(SOURCE_LANGUAGE, ()):
        prompt, _, key = line.id.rpartition(".")
        known = line.id in parts.words.prompts
        said = Utterance(line.id) if known else Utterance(prompt, KEY_SIGNS.get(key, key))
        with suppress(KeyError):
            yield ScriptLine(code, line.id, parts.words.text(code, said))


@languages.command("status")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def status_command(as_json: bool) -> None:
    """Say of every language how whole, voiced and reviewed it is, and whether it is open."""
    states = [_state(code) for code in _chosen(())]
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
    parts = _parts()
    one = read_written(parts.settings.locales_folder, code, _prompts(), _sections())
    closed = parts.doors.closed.get(code, "" if code in parts.scripts else "not among LANGUAGES")
    return state_of(one, _prompts(), parts.scripts.get(code, ()), parts.clips, closed)


@languages.command("add")
@click.argument("code")
def add_command(code: str) -> None:
    """Start a new language: an empty catalog with all notes, and the forms of dates and numbers to fill."""
    if code not in LANGUAGES:
        raise click.ClickException(
            f"{code} has no row yet in ivr/line/languages.py. Write it there first: names, voices."
        )
    try:
        catalog, forms = add(_parts().settings.locales_folder, code, _sources())
    except FileExistsError as error:
        raise click.ClickException(f"{code} has a catalog already: {error}") from error
    click.echo(f"Made {catalog}\n     {forms}")
    click.echo(
        f"Next: translate it (Poedit, Weblate, or flask languages export {code}), then flask languages check {code}"
    )


@languages.command("export")
@click.argument("code")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="pack.xlsx or pack.csv")
def export_command(code: str, out: Path) -> None:
    """Write a translator's pack: every prompt as a caller hears it, with the English, the keys and the notes."""
    if out.suffix.lower() not in (".xlsx", ".csv"):
        raise click.BadParameter("--out must end in .xlsx or .csv")
    one = _written(code)
    try:
        rows = _pack_rows(one)
    except CatalogError as error:
        raise click.ClickException(str(error)) from error
    write_pack(out, rows)
    click.echo(f"Wrote {out}. When it comes back: flask languages import {code} {out}")


def _pack_rows(one: Written) -> list[PackRow]:
    back = read_entries(_parts().settings.locales_folder / one.language / BACK_FILE)
    pressed = _keys_of(one.language)
    rows: list[PackRow] = []
    before = ""
    for source in _sources():
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
    script = _parts().scripts.get(code) or _parts().scripts.get(SOURCE_LANGUAGE, ())
    for line in script:
        prompt, _, key = line.id.rpartition(".")
        if "key" in placeholders_of(_parts().words, prompt):
            keys.setdefault(prompt, set()).add(KEY_SIGNS.get(key, key))
    return keys


def placeholders_of(words: Words, prompt: str) -> frozenset[str]:
    """The placeholders of a prompt; none for a name that is no prompt's."""
    known = words.prompts.get(prompt)
    return known.placeholders if known else frozenset()


@languages.command("import")
@click.argument("code")
@click.argument("pack", type=click.Path(path_type=Path))
@click.option("--write", is_flag=True, help="Take the good rows. Without it, only show what would change.")
def import_command(code: str, pack: Path, write: bool) -> None:
    """Take a translator's pack back: show what it changes, refuse row by row what fails, overwrite nothing newer."""
    one = _written(code)
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
        rows = [(source, entries[source.prompt.id]) for source in _sources() if source.prompt.id in entries]
        path = catalog_path(_parts().settings.locales_folder, code)
        write_catalog(path, code, rows, head_of(path))
        click.echo(f"Wrote {path}. The changed prompts need a new back-translation and a new review.")
    elif outcome.changes:
        click.echo("Nothing is written yet. To take the good rows, add --write.")
    if outcome.faults:
        raise SystemExit(1)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else datetime.now(UTC).date()
    except ValueError as error:
        raise click.BadParameter(f"--date must be a day such as 2026-11-22, not {text}.") from error


@languages.command("review")
@click.argument("code")
@click.option("--reviewer", required=True, help="The reviewer's name.")
@click.option("--qualification", required=True, help="What qualifies them: certified medical translator, ...")
@click.option("--prompt", "ids", multiple=True, metavar="ID", help="Only this prompt; may be repeated.")
@click.option("--reject", is_flag=True, help="The words are not good. Without it, they are approved.")
@click.option("--date", "day", default="", help="When, as 2026-11-22; today if not given.")
def review_command(code: str, reviewer: str, qualification: str, ids: tuple[str, ...], reject: bool, day: str) -> None:
    """Enter a review of a whole language, or of single prompts, as they stand in the catalog now."""
    one = _written(code)
    entries = one.catalog.entries
    wanted = ids or tuple(prompt.id for prompt in _prompts() if prompt.audience is Audience.CALLER)
    if unknown := [name for name in wanted if name not in entries or not entries[name].text]:
        raise click.ClickException(f"{unknown[0]} has no words in {code}, so nobody can have read them.")
    if not reviewer.strip() or not qualification.strip():
        raise click.BadParameter("a review needs a name and a qualification.")
    given = _day(day)
    verdict = Verdict.REJECTED if reject else Verdict.APPROVED
    rows = [
        Review(
            name,
            words_hash(entries[name].source),
            words_hash(entries[name].text),
            reviewer,
            qualification,
            given,
            verdict,
        )
        for name in wanted
    ]
    folder = _parts().settings.locales_folder
    add_reviews(folder, code, rows)
    after = read_written(folder, code, _prompts(), _sections())
    keep_standing(folder, after, wanted, _sections())
    click.echo(
        f"{code}: {len(rows)} prompts {verdict.value} by {reviewer}. {after.reviewed(_prompts())} approved in all."
    )
