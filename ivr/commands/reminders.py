"""`flask reminders …`: what staff do with campaigns, from the list of appointments to the report.

Thin on purpose. Rule kept here: a campaign starts only after its rehearsal found no fault, and a person typed its name.
"""

import re

import click
from flask.cli import AppGroup

from ivr.commands.dialing import add_dialing
from ivr.commands.rehearsal_words import as_json, in_state, told
from ivr.commands.results import add_results
from ivr.commands.upload import add_upload
from ivr.line.reminder import gate
from ivr.reminders.list.cells import clean_text, read_phone
from ivr.reminders.parts import Settings, by_option, in_words, member, parts, stage
from ivr.reminders.rehearsal import Rehearsal, rehearse
from ivr.reminders.rules.appointments import Purpose
from ivr.reminders.rules.rules import c2_purpose
from ivr.store.campaigns import MOVES, Campaign, StartJudge

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
    by, settings = member(by), parts().settings
    if faults := c2_purpose(purpose):
        raise click.ClickException(faults[0].words)
    with in_words():
        draft = Campaign(
            id=0,
            name=_campaign_name(name),
            topic=_topic(topic),
            purpose=" ".join(purpose.lower().split()),
            state="draft",
            days=_days(days) if days else settings.reminder_days,
            caller=read_phone(caller, settings.country) if caller else _own_caller(settings),
            created_by=by,
            started_at=None,
        )
        parts().reminders.create(draft)
    click.echo(f"{draft.name} is a draft. Next: flask reminders upload {draft.name!r} FILE --by {by!r}")


def _campaign_name(text: str) -> str:
    name = " ".join(clean_text(text).split())
    if not name:
        raise click.ClickException("Give the campaign a name.")
    return name


def _topic(wanted: str | None) -> str:
    with_reminders = [topic.id for topic in parts().topics if gate(topic.id) in parts().line.nodes]
    if wanted is None and len(with_reminders) == 1:
        return with_reminders[0]
    if wanted in with_reminders:
        return str(wanted)
    raise click.ClickException(f"Choose a topic with --topic: {', '.join(with_reminders) or 'none has reminders'}.")


def _days(text: str) -> tuple[int, ...]:
    parts_ = text.replace(",", " ").split()
    if not parts_ or not all(re.fullmatch("[0-9]{1,2}", part) and int(part) <= 30 for part in parts_):
        raise click.ClickException('Write --days as whole numbers from 0 to 30, such as "3 1".')
    return tuple(sorted({int(part) for part in parts_}, reverse=True))


def _own_caller(settings: Settings) -> str:
    if not settings.caller_number:
        raise click.ClickException("No number dials. Set CALLER_NUMBER, or give --caller.")
    return settings.caller_number


# --- Rehearsal, start, pause, resume, stop ----------------------------------------------------------------------------


def rehearsed(name: str) -> Rehearsal:
    """The rehearsal of a campaign. Raises StoreError, CatalogError."""
    campaign = parts().reminders.campaign(name)
    return rehearse(campaign, parts().reminders.enlisted(campaign), stage())


def _judge() -> StartJudge:
    """The rehearsal, as the database asks it once more in the transaction that lets a campaign run."""
    ready = stage()
    return lambda campaign, enlisted: rehearse(campaign, enlisted, ready).faults


@reminders.command("rehearse")
@click.argument("name")
@click.option("--json", "plain", is_flag=True, help="For machines.")
def rehearse_command(name: str, plain: bool) -> None:
    """Check a campaign against its rules, and tell how it would go; exit with 1 where it may not start."""
    with in_words():
        found = rehearsed(name)
    if plain:
        click.echo(as_json(found))
    else:
        _show(found)
    if found.faults:
        raise SystemExit(1)


def _show(found: Rehearsal) -> None:
    for line in told(found, parts().settings.office_timezone):
        click.echo(line)


def build_phrases(campaign: Campaign) -> None:
    """Makes each day and time of a campaign as one clip, which sounds better than its pieces; the pieces are always
    there, and are said where a language's voice is not on this machine."""
    made = parts().say_whole(parts().reminders.appointments(campaign))
    if made:
        click.echo(f"{made} clips of days and times were made.")


@reminders.command()
@click.argument("name")
@click.option("--yes-start", metavar="NAME", help="The campaign's name once more, for scripts: nobody is asked.")
@by_option
def start(name: str, yes_start: str | None, by: str) -> None:
    """Rehearse a campaign; without a fault, ask for its name, and start it."""
    by = member(by)
    with in_words():
        found = rehearsed(name)
        if found.campaign.state not in MOVES["start"][0]:
            raise click.ClickException(f"{name} is {in_state(found.campaign.state)}: it cannot start.")
        _show(found)
        if found.faults:
            raise click.ClickException(f"{name} is not started.")
        typed = click.prompt("Type the campaign's name to start it") if yes_start is None else yes_start
        if typed != name:
            raise click.ClickException(f"That is not the campaign's name. {name} is not started.")
        build_phrases(found.campaign)
        parts().reminders.start(name, by, _judge())
    click.echo(f"{name} is running. The calls are made by: flask reminders run")


@reminders.command()
@click.argument("name")
@by_option
def resume(name: str, by: str) -> None:
    """Go on with a paused campaign, where its rehearsal still finds no fault."""
    by = member(by)
    with in_words():
        found = rehearsed(name)
        if found.faults and found.campaign.state == "paused":
            _show(found)
            raise click.ClickException(f"{name} stays paused.")
        parts().reminders.resume(name, by, _judge())
    click.echo(f"{name} is running.")


@reminders.command()
@click.argument("name")
@by_option
def pause(name: str, by: str) -> None:
    """Hold a campaign: no further call leaves until it is resumed."""
    with in_words():
        parts().reminders.pause(name, member(by))
    click.echo(f"{name} is paused. No further call leaves.")


@reminders.command()
@click.argument("name")
@by_option
def stop(name: str, by: str) -> None:
    """End a campaign for good: what waits is cancelled."""
    with in_words():
        parts().reminders.stop(name, member(by))
    click.echo(f"{name} is stopped. What waited is cancelled.")
