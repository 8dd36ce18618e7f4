"""`flask audio …`: builds the clips, checks them by measuring, and says which voice speaks which language.

Thin on purpose: the work is done in `build.py`, `check.py` and `manifest.py`. The first two are imported when a
command runs, because they bring scipy, which the web processes never need.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
from flask.cli import AppGroup

from ivr.commands.recordings import add_kit
from ivr.content import write_shipped_scripts
from ivr.errors import CatalogError, Fault, SpeechError
from ivr.parts import spineline
from ivr.speech.clips import Clips
from ivr.speech.engines import find_engines
from ivr.speech.lexicons import read_lexicons
from ivr.wording.script import ScriptLine

audio = AppGroup("audio", help="The recorded speech: build it, check it, see what is there.")
add_kit(audio)

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    from ivr.speech.build import BuildReport
    from ivr.speech.engines.recordings import Recordings

_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class LanguageStatus:
    """What can be heard in one language: whose voice, how many of its `lines` in each pace, and how many of them
    people have recorded. `strangers` are recordings whose name is no clip's."""

    language: str
    engine: str
    voice: str
    grade: str
    lines: int
    normal: int
    slow: int
    recorded: int
    strangers: tuple[str, ...]


@audio.command("build")
@click.option("--language", "languages", multiple=True, metavar="CODE", help="Only this language; may be repeated.")
@click.option("--jobs", type=click.IntRange(0), help="Worker processes; one a CPU by default.")
@click.option("--force", is_flag=True, help="Make anew what is there.")
def build_command(languages: tuple[str, ...], jobs: int | None, force: bool) -> None:
    """Make every clip that is missing or whose words changed."""
    from ivr.speech.build import build

    line, settings = spineline(), spineline().settings
    with _Bar() as bar:
        report = _said(
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
    _tell_build(report)


@audio.command("ship")
@click.option("--jobs", type=click.IntRange(0), help="Worker processes; one a CPU by default.")
def ship_command(jobs: int | None) -> None:
    """Make the clips that come with the checkout, with the neural voice. For whoever keeps this project."""
    from ivr.speech.build import ship

    line, settings = spineline(), spineline().settings
    engines = _said(lambda: find_engines(["kokoro"]))
    if not engines:
        raise click.ClickException("The neural voice is not installed. Run: make neural")
    with _Bar() as bar:
        report = _said(
            lambda: ship(
                write_shipped_scripts(settings, line.content),
                engines[0],
                settings.audio_folder,
                lexicons=read_lexicons(settings.locales_folder, line.content.scripts),
                jobs=jobs,
                on_progress=bar.show,
            )
        )
    _tell_build(report)


@audio.command("check")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def check_command(as_json: bool) -> None:
    """Measure every clip: loudness, peaks, silence, length."""
    from ivr.speech import check_report
    from ivr.speech.check import check

    line = spineline()
    report = _said(lambda: check(line.content.scripts, line.settings.audio_folder))
    if as_json:
        click.echo(check_report.as_json(report))
    else:
        check_report.tell(report)
    if report.faults:
        raise SystemExit(1)


@audio.command("hear")
@click.option("--language", required=True, metavar="CODE")
@click.option(
    "--model",
    required=True,
    type=click.Path(path_type=Path),
    help="A folder with a faster-whisper model on this machine.",
)
def hear_command(language: str, model: Path) -> None:
    """Show the clips that an offline recogniser mishears: where to listen, not what is wrong."""
    from ivr.speech.hearing import WORST, Whisper, listen

    line = spineline()
    script = line.content.scripts.get(language, ())
    recogniser = _said(lambda: Whisper(model))
    done = 0
    with _Bar() as bar:

        def one_more() -> None:
            nonlocal done
            done += 1
            bar.show(done, len(script))

        heard = list(listen(script, Clips(line.settings.audio_folder), recogniser, one_more))
    doubtful = sorted((one for one in heard if one.errors >= WORST), key=lambda one: -one.errors)
    click.echo(f"{len(heard)} clips heard, {len(doubtful)} of them doubtful.")
    for one in doubtful:
        click.echo(f"{one.errors:4.0%} {one.id}\n     said:  {one.text}\n     heard: {one.heard.strip()}")


@audio.command("status")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def status_command(as_json: bool) -> None:
    """Say which voice speaks which language, and what is missing."""
    line = spineline()
    rows = _said(lambda: status(line.content.scripts, line.settings.audio_folder))
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1))
        return
    click.echo(f"{'':5} {'grade':9} {'voice':24} {'normal':>9} {'slow':>9} {'recorded':>9}")
    for row in rows:
        counts = [f"{count}/{row.lines}" for count in (row.normal, row.slow, row.recorded)]
        voice = f"{row.engine} {row.voice}".strip() or "none"
        click.echo(f"{row.language:5} {row.grade or '-':9} {voice:24} " + " ".join(f"{one:>9}" for one in counts))
    for path in (path for row in rows for path in row.strangers):
        click.echo(f"{path}: no clip has this name.")


def status(scripts: Mapping[str, Sequence[ScriptLine]], folder: Path) -> tuple[LanguageStatus, ...]:
    """What can be heard now, by language. Raises SpeechError where a manifest cannot be read."""
    from ivr.speech.engines.recordings import Recordings

    clips, recordings = Clips(folder), Recordings(folder / "recordings")
    return tuple(_status(code, lines, clips, recordings) for code, lines in scripts.items())


def _status(code: str, lines: Sequence[ScriptLine], clips: Clips, recordings: "Recordings") -> LanguageStatus:
    heard = clips.find_voice(code)
    normal = [clips.find(line, slow=False) for line in lines]
    slow = [clips.find(line, slow=True) for line in lines]
    return LanguageStatus(
        code,
        heard.engine if heard else "",
        heard.voice if heard else "",
        heard.grade if heard else "",
        len(lines),
        sum(one is not None for one in normal),
        sum(one is not None and one != other for one, other in zip(slow, normal, strict=True)),
        len(recordings.find_recorded(lines)),
        tuple(str(path) for path in recordings.find_strangers(code, lines)),
    )


def _said(work: Callable[[], _Answer]) -> _Answer:
    """Runs `work`; turns a SpeechError into words and exit code 1, and Ctrl-C into words and 130, as shells do."""
    try:
        return work()
    except (SpeechError, CatalogError) as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        click.echo("\nStopped. What is made is kept; the next build goes on from there.", err=True)
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


def _tell_build(report: "BuildReport") -> None:
    click.echo(f"{report.made} clips made, {report.kept} were there already.")
    for one in report.languages:
        if one.engine and not one.whole:
            click.echo(f"{one.language}: not whole yet, so what was heard before is still heard.", err=True)
    _tell_faults((*report.unspoken, *report.faults))
    if report.faults:
        raise SystemExit(1)


def _tell_faults(faults: Sequence[Fault]) -> None:
    for fault in faults:
        click.echo(str(fault), err=True)
