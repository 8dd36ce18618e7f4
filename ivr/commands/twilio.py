"""`flask twilio connect` points a number at this line; `flask twilio doctor` examines the line from outside."""

from collections.abc import Iterator

import click
from flask.cli import AppGroup

from ivr.errors import TwilioError
from ivr.parts import spineline
from ivr.provider.account import NumberAddresses, TwilioAccount
from ivr.provider.doctor import LineUnderTest, examine

twilio = AppGroup("twilio", help="Twilio: connect a number, find out what is wrong.")


def _make_account() -> TwilioAccount:
    settings = spineline().settings
    return TwilioAccount(
        sid=settings.twilio_account_sid,
        token=settings.twilio_auth_token,
        api_base=settings.twilio_api_base,
        public_base=settings.public_base_url,
    )


@twilio.command("connect")
@click.argument("number")
@click.option("--yes", is_flag=True, help="Do not ask.")
def connect(number: str, yes: bool) -> None:
    """Point NUMBER (+1...) at this line: its voice, fallback and status addresses. Shows the change first."""
    try:
        found = _make_account().look_up(number)
        if not found.changes:
            click.echo(f"{found.number} leads to this line already.")
            return
        _show(found)
        if not yes:
            click.confirm("Change it?", abort=True)
        _make_account().connect(found)
    except TwilioError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{found.number} leads to this line now. Look at it whole: flask twilio doctor --number {number}")


def _show(found: NumberAddresses) -> None:
    click.echo(f"{found.number}:")
    for change in found.changes:
        click.echo(f"  {change.field}: {change.now or '(empty)'} → {change.wanted}")


@twilio.command("doctor")
@click.option("--number", default="", help="Also look at this number of the account, +1...")
def doctor(number: str) -> None:
    """Examine the line as Twilio meets it, and explain each fault."""
    parts = spineline()
    line = LineUnderTest(
        base=parts.settings.public_base_url,
        signature=parts.calls.signature,
        clips=dict(_find_clips()),
        account=_make_account(),
        number=number,
    )
    faults = 0
    for finding in examine(line):
        faults += not finding.well
        click.secho(f"{'well ' if finding.well else 'FAULT'}  {finding.looked_at}", fg=None if finding.well else "red")
        if finding.advice:
            click.echo(f"       {finding.advice}")
    click.echo("All is well." if not faults else f"{faults} faults.")
    if faults:
        raise SystemExit(1)


def _find_clips() -> Iterator[tuple[str, str]]:
    """One clip of each language, by its public address; "" where there is none."""
    parts = spineline()
    base = parts.settings.audio_base_url or f"{parts.settings.public_base_url}/audio"
    for language, script in parts.content.scripts.items():
        clip = parts.content.clips.find(script[0], slow=False)
        yield language, f"{base}/{language}/{clip.name}" if clip else ""
