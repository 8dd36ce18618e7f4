"""`flask audio …`: builds the clips, checks them by measuring, and says which voice speaks which language.

Thin on purpose: the work is done in `ivr/speech`. What makes or measures sound is imported when its command runs,
because it loads scipy, which no other command and no web process needs.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import click
from flask.cli import AppGroup

from ivr.commands.recordings import add_kit
from ivr.content import write_shipped_scripts
from ivr.errors import CatalogError, Fault, SpeechError
from ivr.files import explain_unwritten, find_named_path
from ivr.parts import Spineline, spineline
from ivr.speech.engines import INSTALLS, find_engines
from ivr.speech.lexicons import read_lexicons
from ivr.speech.status import LanguageStatus, find_status

audio = AppGroup("audio", help="The recorded speech: build it, check it, see what is there.")
add_kit(audio)

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    from ivr.speech.build_report import BuildReport

_Answer = TypeVar("_Answer")


@audio.command("build")
@click.option("--language", "languages", multiple=True, metavar="CODE", help="Only this language; may be repeated.")
@click.option("--jobs", type=click.IntRange(0), help="Worker processes; one a CPU by default.")
@click.option("--force", is_flag=True, help="Make anew what is there.")
def build_command(languages: tuple[str, ...], jobs: int | None, force: bool) -> None:
    """Make every clip that is missing or whose words changed."""
    from ivr.speech.build import build

    line, settings = spineline(), spineline().settings
    with _Bar() as bar:
        report = _explain(
            lambda: build(
                line.content.scripts,
                find_engines([name for order in settings.speech_engines.values() for name in order]),
                settings.audio_folder,
                orders=settings.speech_engines,
                lexicons=read_lexicons(settings.locales_folder, line.content.scripts),
                languages=languages or None,
                jobs=jobs,
                force=force,
                on_progress=bar.show,
            )
        )
    _print_build(report)


@audio.command("ship")
@click.option("--language", "languages", multiple=True, metavar="CODE", help="Only this language; may be repeated.")
@click.option("--jobs", type=click.IntRange(0), help="Worker processes; one a CPU by default.")
def ship_command(languages: tuple[str, ...], jobs: int | None) -> None:
    """Make the clips that come with the checkout. For whoever keeps this project."""
    from ivr.speech.build import ship

    line, settings = spineline(), spineline().settings
    engines = _explain(lambda: find_engines(tuple(INSTALLS)))
    if not engines:
        raise click.ClickException(f"No voice of the shipped clips is installed. Run: {', '.join(INSTALLS.values())}")
    with _Bar() as bar:
        report = _explain(
            lambda: ship(
                write_shipped_scripts(settings, line.content),
                engines,
                settings.audio_folder,
                lexicons=read_lexicons(settings.locales_folder, line.content.scripts),
                languages=languages or None,
                jobs=jobs,
                on_progress=bar.show,
            )
        )
    _print_build(report)


@audio.command("check")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def check_command(as_json: bool) -> None:
    """Measure every clip: loudness, peaks, silence, length."""
    from ivr.speech import check_report
    from ivr.speech.check import check

    line = spineline()
    report = _explain(lambda: check(line.content.scripts, line.settings.audio_folder))
    if as_json:
        click.echo(check_report.write_json(report))
    else:
        for row in check_report.write_table(report):
            click.echo(row)
        _print_faults(report.faults)
    if report.faults:
        raise SystemExit(1)


@audio.command("hear")
@click.option("--language", "languages", multiple=True, metavar="CODE", help="Only this language; may be repeated.")
@click.option("--jobs", type=click.IntRange(0), help="Worker processes; one a CPU by default.")
@click.option("--units", is_flag=True, help="Random numbers, days and times instead, as a reminder plays them.")
@click.option("--count", type=click.IntRange(1), default=300, show_default=True, help="How many, a language.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same ones.")
def hear_command(languages: tuple[str, ...], jobs: int | None, units: bool, count: int, seed: int) -> None:
    """Have an offline recogniser hear every clip, and write down what it misheard."""
    from ivr.commands.hearing import HearingDesk

    line, scripts = spineline(), spineline().content.scripts
    if unknown := [code for code in languages if code not in scripts]:
        raise click.ClickException(f"The line has no language {unknown[0]}. It has: {', '.join(scripts)}.")
    with _Bar() as bar:
        desk = _explain(lambda: HearingDesk.open(line.settings.audio_folder, jobs, bar.show))
        for code in languages or tuple(scripts):
            if units:
                rows = _explain(partial(desk.hear_units, code, line.content.words, count, seed))
            else:
                rows = _explain(partial(desk.hear_clips, code, scripts[code]))
            click.echo("\n" + "\n".join(rows))


@audio.command("status")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def status_command(as_json: bool) -> None:
    """Say which voice speaks which language, and what is missing."""
    line = spineline()
    languages = _explain(lambda: find_status(line.content.scripts, line.settings.audio_folder))
    if as_json:
        click.echo(json.dumps([asdict(language) for language in languages], ensure_ascii=False, indent=1))
        return
    click.echo(f"{'':5} {'grade':9} {'voice':24} {'normal':>9} {'slow':>9} {'recorded':>9}")
    for language in languages:
        click.echo(_write_status_row(language))
    for path in (path for language in languages for path in language.strangers):
        click.echo(f"{path}: no clip has this name.")
    for words in _find_guesses(line):
        click.echo(words)
    click.echo("\nLicences:")
    for licence, codes in _group_by_licence(languages).items():
        click.echo(f"  {' '.join(codes)}: {licence}")


def _find_guesses(line: Spineline) -> Iterator[str]:
    """The words that a voice reads by guessing, since nobody wrote their vowels: a clinic's own name, most often."""
    scripts = line.content.scripts
    for code, lexicon in read_lexicons(line.settings.locales_folder, scripts).items():
        for words in lexicon.vowels.list_unvowelled(said.text for said in scripts[code]) if lexicon.vowels else ():
            yield f'{code}: "{words}" has no vowels, so the voice guesses them. Write them where the words stand.'


def _group_by_licence(languages: Sequence[LanguageStatus]) -> dict[str, list[str]]:
    """The languages of each engine's licence, by the words that say it."""
    grouped: dict[str, list[str]] = {}
    for language in (language for language in languages if language.engine):
        grouped.setdefault(f"{language.engine}, {language.licence}", []).append(language.language)
    return grouped


def _write_status_row(language: LanguageStatus) -> str:
    counts = (f"{count}/{language.lines}" for count in (language.normal, language.slow, language.recorded))
    voice = f"{language.engine} {language.voice}".strip() or "none"
    return f"{language.language:5} {language.grade or '-':9} {voice:24} " + " ".join(f"{cell:>9}" for cell in counts)


def _explain(work: Callable[[], _Answer]) -> _Answer:
    """Runs `work`; turns a SpeechError into words and exit code 1, and Ctrl-C into words and 130, as shells do."""
    try:
        return work()
    except (SpeechError, CatalogError) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        named = find_named_path(error, spineline().settings.audio_folder)
        raise click.ClickException(explain_unwritten(named, error)) from error
    except KeyboardInterrupt:
        click.echo("\nStopped. What is made is kept; the same command goes on from there.", err=True)
        raise SystemExit(130) from None


class _Bar:
    """A progress bar whose length becomes known once the build has looked at what is there."""

    def __init__(self) -> None:
        self._bar: ProgressBar[int] = click.progressbar(length=0, label="Clips", show_pos=True)

    def __enter__(self) -> "_Bar":
        self._bar.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.__exit__(None, None, None)

    def show(self, done: int, total: int) -> None:
        """`done` of `total` are ready."""
        self._bar.length = total
        self._bar.update(done - self._bar.pos)


def _print_build(report: "BuildReport") -> None:
    click.echo(f"{report.made} clips made, {report.kept} were there already.")
    for language in report.languages:
        if language.engine and not language.is_whole:
            click.echo(f"{language.language}: not whole yet, so what was heard before is still heard.", err=True)
    _print_faults((*report.unspoken, *report.faults))
    if report.faults:
        raise SystemExit(1)


def _print_faults(faults: Sequence[Fault]) -> None:
    for fault in faults:
        click.echo(str(fault), err=True)
