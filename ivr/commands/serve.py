"""`flask serve`: from a fresh checkout to a line that answers, in one command.

It makes what is missing (clips, with a progress bar; tables), says where the web phone is, and hands over to the
production server. It belongs to the wiring: it is the one place that passes the environment on to another process.
"""

import os
import sys
import tempfile
from pathlib import Path

import click
from flask.cli import with_appcontext

from ivr.commands.audio import build_command
from ivr.parts import spineline
from ivr.settings.rows import Settings
from ivr.speech.status import has_every_clip
from ivr.store.migrate import upgrade
from ivr.wiring import MULTIPROCESS, RUN_BY_FLASK

BIN = Path(sys.executable).parent
THREADS = "4"
"""Requests that one process answers at a time; each waits on the database at most a few seconds."""


@click.command("serve")
@with_appcontext
@click.option("--host", default="127.0.0.1", help="The address to listen on.")
@click.option("--port", default=8000, help="The port to listen on.")
@click.option("--workers", default=1, help="Server processes. One is right for SQLite on a small machine.")
@click.option("--build/--no-build", default=True, help="Make missing clips first.")
@click.pass_context
def serve(context: click.Context, host: str, port: int, workers: int, build: bool) -> None:
    """Make what is missing, then answer calls."""
    settings, content = spineline().settings, spineline().content
    if build and not has_every_clip(content.scripts, content.clips):
        context.invoke(build_command, languages=(), jobs=None, force=False)
    upgrade(settings.database_url)
    _greet(settings, host, port)
    command = _write_server_command(host, port, workers)
    os.execve(command[0], command, _make_environment(settings, host, port))  # noqa: S606


def _greet(settings: Settings, host: str, port: int) -> None:
    if settings.web_phone != "off":
        click.secho(f"\n  The web phone: http://{host}:{port}/phone", bold=True)
    if settings.is_local:
        content = spineline().content
        click.echo("  This is a demonstration on your own machine. Ctrl-C ends it.")
        for code in content.line.languages:
            voice = content.clips.find_voice(code)
            grade = f"{voice.grade} voice" if voice else "no voice yet"
            click.echo(f"  {code}: {grade}{GRADES.get(grade, '')}")
    click.echo("")


GRADES = {
    "accented voice": " (understood, with an accent; judged by no native speaker)",
    "preview voice": " (good enough to test the line with, not for patients)",
}


def _write_server_command(host: str, port: int, workers: int) -> list[str]:
    """Granian: in `make bench` it answers about twice as many signed requests a second as gunicorn."""
    where = ["--host", host, "--port", str(port), "--workers", str(workers)]
    how = ["--interface", "wsgi", "--blocking-threads", THREADS, "--no-access-log", "--log-level", "warning"]
    return [str(BIN / "granian"), *where, *how, "app:app"]


def _make_environment(settings: Settings, host: str, port: int) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name != RUN_BY_FLASK}
    if settings.is_local and "PUBLIC_BASE_URL" not in environment:
        environment["PUBLIC_BASE_URL"] = f"http://{host}:{port}"
    environment.setdefault(MULTIPROCESS, tempfile.mkdtemp(prefix="spineline-metrics-"))
    return environment
