"""What became of a campaign, at the command line: its state, its report, its funnel, and lists of what is to be done.

Rule kept here: numbers and names are shown to somebody whose name goes into the audit trail with it (RULES H5).
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from ivr.commands.rehearsal_words import clock, in_state
from ivr.line.languages import LANGUAGES
from ivr.reminders.parts import by_option, counted, in_words, member, parts
from ivr.reminders.report_files import PATIENT_HEADINGS, write_patient_rows, write_table
from ivr.store.reminder_schema import ATTEMPT_STATES
from ivr.store.results import Task

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
    """List every campaign, the newest first."""
    with in_words():
        found = parts().reminders.campaigns()
    for one in found:
        days = " ".join(map(str, one.days))
        click.echo(f"{one.name}  {one.state}  {one.topic}  {one.purpose}  {days} days before  by {one.created_by}")
    click.echo(f"{counted(len(found), 'campaign')}.")


@click.command()
@with_appcontext
@click.argument("name")
@click.option("--watch", is_flag=True, help="Again every two seconds, until Ctrl-C.")
def status(name: str, watch: bool) -> None:
    """Say how a campaign stands: its attempts, its pace, and what is next."""
    with in_words():
        if watch:
            watched(lambda: _status(name))
        else:
            click.echo("\n".join(_status(name)))


def watched(lines: Callable[[], Iterable[str]], wait: Callable[[float], object] = time.sleep) -> None:
    """Shows lines anew until Ctrl-C."""
    try:
        while True:
            click.echo(NEW_PAGE + "\n".join(lines()))
            wait(WATCH_SECONDS)
    except KeyboardInterrupt:
        click.echo()


def _status(name: str) -> Iterator[str]:
    store = parts().reminders
    campaign = store.campaign(name)
    counts = store.attempt_counts(campaign)
    yield f"{name} is {in_state(campaign.state)}."
    yield from (f"{state:13}{counts[state]:>8}" for state in ATTEMPT_STATES if counts.get(state))
    yield f"{'calls/minute':13}{store.calls_since(campaign, timedelta(minutes=1)):>8}"
    yield f"next due     {clock(store.next_due(campaign), parts().settings.office_timezone)}"


@click.command()
@with_appcontext
@click.argument("name")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Where to: a .csv or .xlsx file.")
@by_option
def report(name: str, out: Path, by: str) -> None:
    """Write a row for each patient into a file that only you may read."""
    by = member(by)
    with in_words():
        campaign = parts().reminders.campaign(name)
        results = parts().reminders.patients(campaign, by)
        count = write_table(out, PATIENT_HEADINGS, write_patient_rows(results, parts().settings.office_timezone))
    click.echo(f"{counted(count, 'patient')} in {out}. It holds names and numbers: keep it safe.")


@click.command()
@with_appcontext
@click.argument("name")
@click.option("--json", "plain", is_flag=True, help="For machines.")
def funnel(name: str, plain: bool) -> None:
    """Say how far people came, by language. A voicemail is never counted as heard."""
    with in_words():
        rows = [asdict(one) for one in parts().reminders.funnel(parts().reminders.campaign(name))]
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
    by = member(by)
    with in_words():
        found = parts().reminders.tasks(parts().reminders.campaign(name) if name else None, by)
    for one in found:
        click.echo("  ".join((str(one.id), one.words, *_about(one))))
    click.echo(f"{len(found)} open.")


@click.command()
@with_appcontext
@click.argument("task", metavar="ID", type=int)
@by_option
def done(task: int, by: str) -> None:
    """Mark a task as done."""
    with in_words():
        parts().reminders.close_task(task, member(by))
    click.echo(f"Task {task} is done.")


@click.command()
@with_appcontext
@click.argument("name")
@click.option("--within", type=click.IntRange(1, 24 * 31), default=48, show_default=True, help="Hours from now.")
@by_option
def unprepared(name: str, within: int, by: str) -> None:
    """List patients whose procedure is near and who have not heard how to prepare, with numbers and names."""
    by = member(by)
    with in_words():
        campaign = parts().reminders.campaign(name)
        found = parts().reminders.unheard(campaign, timedelta(hours=within), by)
    for one in found:
        click.echo("  ".join(_about(one)))
    click.echo(f"{len(found)} have not heard how to prepare.")


def _about(one: Task) -> Iterator[str]:
    """Whom to call, in which language, and about which appointment."""
    at = clock(one.appointment_at, parts().settings.office_timezone)
    yield from (text for text in (one.number, one.name, one.reference, one.language) if text)
    yield f"appointment {at}"
