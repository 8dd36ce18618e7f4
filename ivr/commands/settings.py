"""`flask settings` explains every setting; `flask keys new` makes a key for NUMBER_KEYS."""

import textwrap
from collections.abc import Sequence

import click
from flask.cli import AppGroup, with_appcontext

from ivr.line.topics import Topic
from ivr.parts import spineline
from ivr.settings.rows import Setting, Settings, list_settings
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
        click.echo(write_settings_table(spineline().topics))
        return
    for setting in list_settings(spineline().topics):
        click.echo(f"{setting.name} = {_show_value(spineline().settings, setting)}")
        click.echo(textwrap.fill(setting.purpose, 96, initial_indent="    ", subsequent_indent="    "))


def _show_value(settings: Settings, setting: Setting) -> object:
    if setting.value_id:
        return settings.values[setting.value_id]
    return "(set)" if setting.name in SECRET else getattr(settings, setting.name.lower())


def write_settings_table(topics: Sequence[Topic]) -> str:
    """All settings of a line with these topics, as a Markdown table, generated so that it cannot drift."""
    rows = ["| setting | without it | what it is for |", "|---|---|---|"]
    return "\n".join([*rows, *(_write_row(setting) for setting in list_settings(topics))])


def _write_row(setting: Setting) -> str:
    default = "must be given" if setting.default is None else f"`{setting.default}`" if setting.default else "empty"
    return f"| `{setting.name}` | {default} | {setting.purpose} |"


@keys.command("new")
def new_key() -> None:
    """Print a new key. Put it first in NUMBER_KEYS, keep the old ones after it, then run: flask db rotate."""
    click.echo(Secrets.make_key())


settings_commands: tuple[click.Command, ...] = (settings, keys)
