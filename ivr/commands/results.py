"""What became of a campaign, at the command line: its state, its report, its funnel, and lists of what is to be done.

No rule stands here: the desk gives numbers and names to a member of staff only, and keeps who saw them.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from ivr.commands.rehearsal_words import name_state, show_moment
from ivr.commands.staff_options import by_option, count_words, find_desk, in_words
from ivr.line.languages import LANGUAGES
from ivr.store.campaigns.patients import StaffTask
from ivr.store.reminder_schema import ATTEMPT_STATES

WATCH_SECONDS = 2.0
NEW_PAGE = "\x1b[H\x1b[2J"
COUNTED = {
    "people": "recipients",
    "called": "attempted",
    "reached": "reached",
    "confirmed": "confirmed",
    "half": "heard_half",
    "all": "heard_all",
    "change": "wants_change",
    "wrong": "wrong_number",
    "opted out": "opted_out",
}
"""The columns of the funnel, and what each counts."""
HEARD = "half, all: how much of the preparation was heard. A voicemail is never counted as heard."


def add_results(group: AppGroup) -> None:
    """Gives the commands to a group."""
    for command in (list_command, status, report, funnel, tasks, done, unprepared):
        group.add_command(command)


@click.command("list")
@with_appcontext
def list_command() -> None:
    """List every campaign, the newest first: its state, and its attempts in each state."""
    with in_words():
        found = find_desk().results.list_campaigns()
    for row in found:
        campaign, days = row.campaign, " ".join(map(str, row.campaign.days))
        about = f"{campaign.name}  {campaign.state}  {campaign.topic}  {campaign.purpose}  {days} days before"
        counts = ", ".join(f"{row.attempts[state]} {state}" for state in ATTEMPT_STATES if row.attempts.get(state))
        click.echo("  ".join(filter(None, (about, f"by {campaign.created_by}", counts))))
    click.echo(f"{count_words(len(found), 'campaign')}.")


@click.command()
@with_appcontext
@click.argument("name")
@click.option("--watch", is_flag=True, help="Again every two seconds, until Ctrl-C.")
def status(name: str, watch: bool) -> None:
    """Say how a campaign stands: its attempts, its pace, and what is next."""
    with in_words():
        if watch:
            watch_lines(lambda: _write_status(name))
        else:
            click.echo("\n".join(_write_status(name)))


def watch_lines(lines: Callable[[], Iterable[str]], wait: Callable[[float], object] = time.sleep) -> None:
    """Shows lines anew until Ctrl-C."""
    try:
        while True:
            click.echo(NEW_PAGE + "\n".join(lines()))
            wait(WATCH_SECONDS)
    except KeyboardInterrupt:
        click.echo()


def _write_status(name: str) -> Iterator[str]:
    status = find_desk().results.find_status(name)
    yield f"{name} is {name_state(status.campaign.state)}."
    yield from (f"{state:13}{status.attempts[state]:>8}" for state in ATTEMPT_STATES if status.attempts.get(state))
    yield f"{'calls/minute':13}{status.calls_last_minute:>8}"
    yield f"next due     {show_moment(status.next_due, find_desk().zone)}"


@click.command()
@with_appcontext
@click.argument("name")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Where to: a .csv or .xlsx file.")
@by_option
def report(name: str, out: Path, by: str) -> None:
    """Write a row for each patient into a file that only you may read."""
    with in_words():
        count = find_desk().results.write_report(name, out, by)
    click.echo(f"{count_words(count, 'patient')} in {out}. It holds names and numbers: keep it safe.")


@click.command()
@with_appcontext
@click.argument("name")
@click.option("--json", "plain", is_flag=True, help="For machines.")
def funnel(name: str, plain: bool) -> None:
    """Say how far people came, by language. A voicemail is never counted as heard."""
    with in_words():
        rows = [asdict(row) for row in find_desk().results.count_funnel(name)]
    if plain:
        click.echo(json.dumps(rows, indent=1))
        return
    click.echo(f"{'language':22}" + "".join(f"{heading:>10}" for heading in COUNTED))
    for row in rows:
        named = f"{row['language']} {LANGUAGES[row['language']].name}" if row["language"] in LANGUAGES else "unknown"
        click.echo(f"{named:22}" + "".join(f"{row[key]:>10}" for key in COUNTED.values()))
    click.echo(HEARD)


@click.command()
@with_appcontext
@click.argument("name", required=False)
@by_option
def tasks(name: str | None, by: str) -> None:
    """List what is to be done by a person, the longest waiting first, with numbers and names."""
    with in_words():
        found = find_desk().results.list_tasks(name, by)
    for task in found:
        click.echo("  ".join((str(task.id), task.words, *_say_whom(task))))
    click.echo(f"{len(found)} open.")


@click.command()
@with_appcontext
@click.argument("task", metavar="ID", type=int)
@by_option
def done(task: int, by: str) -> None:
    """Mark a task as done."""
    with in_words():
        find_desk().results.close_task(task, by)
    click.echo(f"Task {task} is done.")


@click.command()
@with_appcontext
@click.argument("name")
@click.option("--within", type=click.IntRange(1, 24 * 31), default=48, show_default=True, help="Hours from now.")
@by_option
def unprepared(name: str, within: int, by: str) -> None:
    """List patients whose procedure is near and who have not heard how to prepare, with numbers and names."""
    with in_words():
        found = find_desk().results.list_unprepared(name, timedelta(hours=within), by)
    for task in found:
        click.echo("  ".join(_say_whom(task)))
    click.echo(f"{len(found)} have not heard how to prepare.")


def _say_whom(task: StaffTask) -> Iterator[str]:
    """Whom to call, in which language, and about which appointment."""
    yield from (text for text in (task.number, task.name, task.reference, task.language) if text)
    yield f"appointment {show_moment(task.appointment_at, find_desk().zone)}"
