"""What a demonstration shows: headings, the commands of staff with their output, and a line that changes in place."""

import io
import shutil
import sys
import time
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from zoneinfo import ZoneInfo

import click
from flask import Flask
from flask.cli import ScriptInfo

from ivr.practice.stage import Stage
from ivr.store.campaigns.campaigns import Campaign
from ivr.store.reminder_schema import BUSY_STATES

REDRAWN, WRITTEN = 0.25, 3.0
"""Seconds between two states of the live line: on a terminal, and in a pipe, where each is a line of its own."""
CLEAR = "\r\x1b[K"
FEW = 8
"""Lines that are shown of a long list."""
SHOWN = ("answered", "machine", "no_answer", "busy", "failed", "opted_out", "cancelled")


def show_heading(words: str) -> None:
    """Begins a step."""
    click.secho(f"\n=== {words} ===", bold=True, fg="cyan")


def say(words: str) -> None:
    """Tells what is being shown."""
    click.echo(words)


def type_command(app: Flask, *words: str, quiet: bool = False, few: bool = False) -> int:
    """Does what staff do: `flask reminders …`, with what it prints (its last line where `quiet`, some of a long list
    where `few`); its exit code."""
    shown = " ".join(f'"{word}"' if " " in word else word for word in words)
    click.secho(f"\n$ flask reminders {shown}", bold=True)
    kept = io.StringIO()
    screen = kept if quiet or few else sys.stdout
    # Its own context, or the command would work on the clinic's line, whose context is open around this one.
    with app.app_context(), redirect_stdout(screen), redirect_stderr(screen):
        code = _run(app, words)
    lines = kept.getvalue().splitlines()
    left_out = len(lines) - FEW - 1
    if few and left_out > 0:
        lines = [*lines[:FEW], f"... and {left_out} more", lines[-1]]
    for line in lines[-1:] if quiet else lines:
        click.echo(line)
    return code


def _run(app: Flask, words: Sequence[str]) -> int:
    # By the app's own group of commands: this room knows none of them.
    try:
        staff_types = ["reminders", *words]
        app.cli.main(staff_types, "flask", standalone_mode=False, obj=ScriptInfo(create_app=lambda: app))
    except click.ClickException as error:
        click.echo(f"Error: {error.format_message()}")
        return error.exit_code
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


class Live:
    """The state of a campaign, drawn again and again while it dials. `still` is for how many seconds nothing moved."""

    def __init__(self, stage: Stage, campaign: Campaign) -> None:
        self._stage, self._campaign = stage, campaign
        self._redraws = sys.stdout.isatty()
        self._begun = self._moved = time.monotonic()
        self._drawn = float("-inf")
        self._before: object = None

    @property
    def still(self) -> float:
        """Seconds since anything changed."""
        return time.monotonic() - self._moved

    def draw(self, *, last: bool = False) -> None:
        """Draws it, where it is time to; the last one always, and to stay."""
        now = time.monotonic()
        if not last and now - self._drawn < (REDRAWN if self._redraws else WRITTEN):
            return
        self._drawn = now
        line = self._line(now - self._begun)
        if self._redraws:
            line = CLEAR + line[: shutil.get_terminal_size().columns - 1]
        click.echo(line, nl=last or not self._redraws)

    def _line(self, seconds: float) -> str:
        counts = self._stage.parts.database.store.staff.results.count_attempts(self._campaign)
        calls = len(self._stage.practice.calls)
        if (counts, calls) != self._before:
            self._before, self._moved = (counts, calls), time.monotonic()
        zone: ZoneInfo = self._stage.parts.settings.office_timezone
        at = f"{self._stage.clock.now().astimezone(zone):%a %H:%M}"
        states = " ".join(f"{state} {counts[state]}" for state in SHOWN if counts.get(state))
        busy = sum(counts.get(state, 0) for state in BUSY_STATES)
        under_way = f"on the line {busy}, waiting {counts.get('queued', 0)}"
        return "  |  ".join(filter(None, (f"{at}  {calls} calls  {seconds:.0f} s", under_way, states)))
