"""`flask audio script | import`: the recording kit. What a voice actor reads from, and what comes back.

Thin on purpose: the work is done in `ivr/speech/recording_script.py` and `ivr/speech/kit.py`. The latter is imported
when its command runs, because it loads scipy, which no other command and no web process needs.
"""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup, with_appcontext

from ivr.commands.translations import open_desk, read_language_code
from ivr.errors import Fault, SpeechError
from ivr.files import explain_unwritten, write_atomically
from ivr.line.languages import LANGUAGES
from ivr.parts import spineline
from ivr.speech.manifest import LanguageClips, locate_built_layer, read_manifest
from ivr.wording.script import ScriptLine

if TYPE_CHECKING:
    from ivr.speech.kit import Batch, ReceivedTake

MANY = 10
"""From so many files on, a progress bar shows how far it is."""


def add_kit(audio: AppGroup) -> None:
    """Adds the kit's commands to `flask audio`."""
    audio.add_command(script_command)
    audio.add_command(import_command)


@click.command("script")
@with_appcontext
@click.argument("language", metavar="LANG")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="The page; booth-LANG.html by default, - for standard output.",
)
def script_command(language: str, out: Path | None) -> None:
    """Write what a voice actor reads from: every clip of a language, as a page to print."""
    from ivr.speech.recording_script import render_page, write_recording_script

    lines = _find_lines(language)
    notes = {source.prompt.id: source.note for source in open_desk().list_sources()}
    script = write_recording_script(LANGUAGES[language], lines, spineline().content.words, notes)
    path = out or Path(f"booth-{language}.html")
    if str(path) == "-":
        click.echo(render_page(script), nl=False)
        return
    try:
        write_atomically(path, render_page(script).encode())
    except OSError as error:
        raise click.ClickException(explain_unwritten(path, error)) from error
    click.echo(f"Wrote {path}: {script.takes} files to record, about {script.minutes} minutes of sound.")
    click.echo(f"When they come back: flask audio import {language} FOLDER")


@click.command("import")
@with_appcontext
@click.argument("language", metavar="LANG")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--write", is_flag=True, help="Save the good files. Without it, only say what they are like.")
def import_command(language: str, folder: Path, write: bool) -> None:
    """Take in a folder of recordings named by clip id: refuse what cannot be used, save the rest."""
    from ivr.speech.kit import gather

    lines = _find_lines(language)
    batch = gather(folder, lines)
    if not batch.takes and not batch.faults:
        raise click.ClickException(f"There are no files in {folder}.")
    done: list[ReceivedTake] = []
    try:
        _receive(batch, language, done, write=write)
    except KeyboardInterrupt:
        _print_takes(batch.faults, done, write=write)
        click.echo("\nStopped. What is saved is kept; the same command goes on from there.", err=True)
        raise SystemExit(130) from None
    except SpeechError as error:
        _print_takes(batch.faults, done, write=write)
        raise click.ClickException(str(error)) from error
    _print_takes(batch.faults, done, write=write)
    _sum_up(language, lines, {id_ for received in done for id_ in received.ids}, write=write)
    if batch.faults or any(received.faults for received in done):
        raise SystemExit(1)


def _receive(batch: "Batch", language: str, done: "list[ReceivedTake]", *, write: bool) -> None:
    """Adds to `done` what became of each take, as soon as it is known: what is stopped half-way is still reported."""
    from ivr.speech.kit import receive

    audio = spineline().settings.audio_folder
    remembered = read_manifest(locate_built_layer(audio).manifest).languages.get(language, LanguageClips()).list_clips()
    results = receive(batch, audio / "recordings" / language, remembered, write=write)
    stderr = click.get_text_stream("stderr")
    bar = click.progressbar(results, length=len(batch.takes), label="Files", show_pos=True, file=stderr)
    with bar if len(batch.takes) >= MANY else nullcontext(results) as takes:
        for received in takes:
            done.append(received)


def _print_takes(faults: Sequence[Fault], done: "Sequence[ReceivedTake]", *, write: bool) -> None:
    """One line a file: the good ones in the order of a call, then those that are refused."""
    for received in done:
        if not received.faults:
            word = ("saved" if received.changed else "same") if write else "good"
            also = f": also {', '.join(received.ids[1:])}" if received.ids[1:] else ""
            click.echo(f"{word:8} {received.take.path.name}{also}")
            for note in received.notes:
                click.echo(f"{'':8} note: {note}")
    refused = [Fault(received.take.path.name, " ".join(received.faults)) for received in done if received.faults]
    for fault in sorted([*faults, *refused]):
        click.echo(f"refused  {fault}")


def _sum_up(language: str, lines: Sequence[ScriptLine], good: set[str], *, write: bool) -> None:
    from ivr.speech.engines.recordings import Recordings

    recorded = {line.id for line in Recordings(spineline().settings.audio_folder / "recordings").find_recorded(lines)}
    left = len(lines) - len(recorded)
    name = LANGUAGES[language].name
    click.echo(f"{len(recorded)} of {len(lines)} clips of {name} are recorded; {left} to go.")
    if good and not write:
        click.echo(
            f"Nothing is saved yet. To save the good files, add --write: then {len(recorded | good)} are recorded."
        )
    elif good and not left:
        click.echo(f"{name} is whole. To let callers hear it: flask audio build --language {language}")


def _find_lines(language: str) -> Sequence[ScriptLine]:
    """What has to be recorded in a language. Raises click.BadParameter where the line does not speak it."""
    scripts: Mapping[str, Sequence[ScriptLine]] = spineline().content.scripts
    if read_language_code(language) not in scripts:
        raise click.BadParameter(f"The line has no language {language}. It has: {', '.join(scripts)}.")
    return scripts[language]
