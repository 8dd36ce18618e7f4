"""`flask reminders …`: what staff do with campaigns, from the list of appointments to the report.

No rule stands here: each command reads its options, asks the desk (`ivr/reminders/desk`), and prints what it answers.
"""

from collections.abc import Mapping

import click
from flask.cli import AppGroup

from ivr.commands.dialing import add_dialing
from ivr.commands.rehearsal_words import write_json, write_rehearsal
from ivr.commands.results import add_results
from ivr.commands.staff_options import by_option, find_desk, in_words
from ivr.commands.upload import add_upload
from ivr.errors import CampaignError, DraftError, NameNotTypedError
from ivr.reminders.desk.campaigns import Draft
from ivr.reminders.rehearsal import Rehearsal
from ivr.reminders.rules.appointments import Purpose

reminders = AppGroup("reminders", help="Reminder campaigns: their lists, rehearsal, calls and reports.")
add_upload(reminders)
add_dialing(reminders)
add_results(reminders)


@reminders.command()
@click.argument("name")
@click.option("--topic", help="What the calls are about; needed where the line has several topics.")
@click.option("--purpose", default=Purpose.APPOINTMENT.value, show_default=True, help=f"One of: {', '.join(Purpose)}.")
@click.option("--days", help='Days before an appointment on which to remind, such as "3 1".')
@click.option("--caller", help="The number that dials, +1...; without it, CALLER_NUMBER.")
@by_option
def new(name: str, topic: str | None, purpose: str, days: str | None, caller: str | None, by: str) -> None:
    """Make a campaign, as a draft."""
    draft = Draft(name=name, purpose=purpose, topic=topic, days=days or "", caller=caller or "")
    with in_words():
        try:
            campaign = find_desk().campaigns.create(draft, by)
        except DraftError as error:
            raise click.ClickException(_name_options(error, draft)) from error
    click.echo(f"{campaign.name} is a draft. Next: flask reminders upload {campaign.name!r} FILE --by {by!r}")


def _name_options(error: DraftError, draft: Draft) -> str:
    """The faults of a draft, with the options that mend them."""
    topics = ", ".join(find_desk().campaigns.list_topics()) or "none has reminders"
    words: Mapping[str, str] = {
        "topic": f"Choose a topic with --topic: {topics}.",
        "days": 'Write --days as whole numbers from 0 to 30, such as "3 1".',
        **({} if draft.caller else {"caller": "No number dials. Set CALLER_NUMBER, or give --caller."}),
    }
    return "\n".join(words.get(fault.place, fault.words) for fault in error.faults)


# --- Rehearsal, start, pause, resume, stop, discard -------------------------------------------------------------------


@reminders.command("rehearse")
@click.argument("name")
@click.option("--json", "plain", is_flag=True, help="For machines.")
def rehearse_command(name: str, plain: bool) -> None:
    """Check a campaign against its rules, and tell how it would go; exit with 1 where it may not start."""
    with in_words():
        found = find_desk().campaigns.rehearse(name)
    if plain:
        click.echo(write_json(found))
    else:
        _show(found)
    if found.faults:
        raise SystemExit(1)


def _show(found: Rehearsal) -> None:
    for line in write_rehearsal(found, find_desk().zone):
        click.echo(line)


@reminders.command()
@click.argument("name")
@click.option("--yes-start", metavar="NAME", help="The campaign's name once more, for scripts: nobody is asked.")
@by_option
def start(name: str, yes_start: str | None, by: str) -> None:
    """Rehearse a campaign; without a fault, ask for its name, and start it."""
    with in_words():
        found = find_desk().campaigns.prepare_start(name, by)
        _show(found)
        if found.faults:
            raise click.ClickException(f"{name} is not started.")
        typed = click.prompt("Type the campaign's name to start it") if yes_start is None else yes_start
        try:
            started = find_desk().campaigns.start(name, typed, by)
        except NameNotTypedError as error:
            raise click.ClickException(f"{error} {name} is not started.") from error
    if started.clips_built:
        click.echo(f"{started.clips_built} clips of days and times were made.")
    click.echo(f"{name} is running. The calls are made by: flask reminders run")


@reminders.command()
@click.argument("name")
@by_option
def resume(name: str, by: str) -> None:
    """Go on with a paused campaign, where its rehearsal still finds no fault."""
    with in_words():
        try:
            find_desk().campaigns.resume(name, by)
        except CampaignError as error:
            _show(find_desk().campaigns.rehearse(name))
            raise click.ClickException(f"{name} stays paused.") from error
    click.echo(f"{name} is running.")


@reminders.command()
@click.argument("name")
@by_option
def pause(name: str, by: str) -> None:
    """Hold a campaign: no further call leaves until it is resumed."""
    with in_words():
        find_desk().campaigns.pause(name, by)
    click.echo(f"{name} is paused. No further call leaves.")


@reminders.command()
@click.argument("name")
@by_option
def stop(name: str, by: str) -> None:
    """End a campaign for good: what waits is cancelled."""
    with in_words():
        find_desk().campaigns.stop(name, by)
    click.echo(f"{name} is stopped. What waited is cancelled.")


@reminders.command()
@click.argument("name")
@click.option("--yes-discard", metavar="NAME", help="The campaign's name once more, for scripts: nobody is asked.")
@by_option
def discard(name: str, yes_discard: str | None, by: str) -> None:
    """Take away a draft that was a mistake, with its list; nobody was called from it."""
    with in_words():
        find_desk().campaigns.prepare_discard(name, by)
        typed = click.prompt("Type the campaign's name to discard it") if yes_discard is None else yes_discard
        try:
            find_desk().campaigns.discard(name, typed, by)
        except NameNotTypedError as error:
            raise click.ClickException(f"{error} {name} is not discarded.") from error
    click.echo(f"{name} is discarded, with its list. Opt-outs and consents stay.")
