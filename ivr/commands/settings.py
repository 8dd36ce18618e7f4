"""`flask settings` explains every setting; `flask keys new` makes a key for NUMBER_KEYS."""

import textwrap

import click
from flask.cli import AppGroup, with_appcontext

from ivr.parts import spineline
from ivr.settings.rows import SETTINGS, Setting
from ivr.store.secrets import Secrets

SECRET = frozenset({"TWILIO_AUTH_TOKEN", "NUMBER_KEYS", "HASH_KEY", "SECRET_KEY", "DATABASE_URL", "METRICS"})
"""Settings that are never printed."""

keys = AppGroup("keys", help="Keys that encrypt phone numbers.")


@click.command("settings")
@with_appcontext
@click.option("--markdown", is_flag=True, help="As the table in ivr/README.md.")
def settings(markdown: bool) -> None:
    """Print every setting: its name, its value here, and what it is for."""
    if markdown:
        click.echo(settings_table())
        return
    here = spineline().settings
    for setting in SETTINGS:
        value = "(set)" if setting.name in SECRET else getattr(here, setting.name.lower())
        click.echo(f"{setting.name} = {value}")
        click.echo(textwrap.fill(setting.purpose, 96, initial_indent="    ", subsequent_indent="    "))


def settings_table() -> str:
    """All settings as a Markdown table, generated so that it cannot drift."""
    rows = ["| setting | without it | what it is for |", "|---|---|---|", *(_row(setting) for setting in SETTINGS)]
    return "\n".join(rows)


def _row(setting: Setting) -> str:
    default = "must be given" if setting.default is None else f"`{setting.default}`" if setting.default else "empty"
    return f"| `{setting.name}` | {default} | {setting.purpose} |"


@keys.command("new")
def new_key() -> None:
    """Print a new key. Put it first in NUMBER_KEYS, keep the old ones after it, then run: flask db rotate."""
    click.echo(Secrets.new_key())


settings_commands: tuple[click.Command, ...] = (settings, keys)
