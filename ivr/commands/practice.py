"""`flask practice …`: the practice Twilio for training, and the demonstration of a campaign. Thin over both."""

from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from ivr.errors import SpinelineError
from ivr.line.languages import LANGUAGES
from ivr.line.phrases import DEMONSTRATION_CLINIC
from ivr.line.prompts import Utterance
from ivr.parts import Spineline, spineline
from ivr.practice import OverHttp, PracticeTwilio, find_answers, invent_people
from ivr.practice import serve as serve_practice
from ivr.practice.demonstration import demonstrate
from ivr.practice.stage import MakeLine
from ivr.wording.script import Words

FOLDER = "demo-campaign"
"""Under `instance/`; made anew by every demonstration."""


def make_practice_commands(make_line: MakeLine) -> AppGroup:
    """The group. `make_line` puts together the line that a demonstration plays on."""
    practice = AppGroup("practice", help="A Twilio whose people are imaginary, for demonstrations and training.")

    @practice.command()
    def campaign() -> None:
        """Show a whole reminder campaign, from the list of appointments to the report. Nobody is called."""
        try:
            folder, own = Path(current_app.instance_path) / FOLDER, choose_own_settings(spineline())
            people = invent_people(answers=find_answers(spineline().topics, {}))
            holds = demonstrate(folder, make_line, own, people=people)
        except (KeyboardInterrupt, click.Abort):
            click.echo("\nEnded by you.")
            raise SystemExit(130) from None
        except SpinelineError as error:
            raise click.ClickException(str(error)) from error
        if not holds:
            raise click.ClickException("The demonstration did not go as it should.")

    practice.add_command(serve)
    return practice


def choose_own_settings(line: Spineline) -> dict[str, str]:
    """What a demonstration has of the clinic's settings: its folders, and a name for which there are clips already."""
    settings = line.settings
    folders = {
        "TOPICS_FOLDER": settings.topics_folder,
        "LOCALES_FOLDER": settings.locales_folder,
        "AUDIO_FOLDER": settings.audio_folder,
    }
    return {
        **{name: str(folder) for name, folder in folders.items()},
        "CLINIC_NAME": list_clinic_names(line.content.words),
    }


def list_clinic_names(words: Words) -> str:
    """How the line calls a clinic without a name of its own, in each language that has words for it, as a setting."""
    names: dict[str, str] = {}
    for code in LANGUAGES:
        try:
            names[code] = words.text(code, Utterance(DEMONSTRATION_CLINIC.id))
        except KeyError:
            continue
    return "; ".join(f"{code}={name}" for code, name in names.items())


@click.command()
@with_appcontext
@click.option("--port", default=8001, show_default=True, help="Where it answers; 0 for a free port.")
@click.option("--line", help="Where the line listens, if not at its PUBLIC_BASE_URL.")
@click.option("--calls-per-second", default=1.0, show_default=True, help="How fast it starts calls.")
@click.option("--time-scale", default=0.0, show_default=True, help="Real seconds for one second of a call.")
def serve(port: int, line: str | None, calls_per_second: float, time_scale: float) -> None:
    """Be the network of a line that runs elsewhere, until Ctrl-C. Its people are imaginary: nobody is called."""
    settings = spineline().settings
    if not settings.is_local:
        raise click.ClickException("This line is in production. Practise with one whose SPINELINE_ENV is local.")
    practice = PracticeTwilio(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        OverHttp(settings.public_base_url, line or ""),
        invent_people(answers=find_answers(spineline().topics, settings.values)),
        calls_per_second=calls_per_second,
        base=settings.public_base_url,
        time_scale=time_scale,
        port=port,
    )
    serve_practice(practice, _tell)


def _tell(address: str) -> None:
    click.echo(f"The practice Twilio answers at {address}. Ctrl-C ends it.")
    click.echo(f"Start the line and the dialer with TWILIO_API_BASE={address}")


def _make_line(*given: Any) -> Flask:
    from ivr.wiring import create_app

    return create_app(*given)


practice = make_practice_commands(_make_line)
