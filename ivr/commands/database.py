"""`flask db`, `flask callbacks` and `flask staff`: the store at the command line, in words.

Who looks at a number or closes a request does it under the name of a member of staff (45 CFR 164.312(b)).
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import click
from flask.cli import AppGroup

from ivr.errors import SpinelineError
from ivr.folding import fold_words
from ivr.line.nodes import UNLISTED
from ivr.parts import spineline
from ivr.store import migrate
from ivr.store.staff.accounts import SHORTEST_PASSWORD
from ivr.store.writing import OPERATOR

db = AppGroup("db", help="The database: its version, its purge, its keys.")
NO_LANGUAGE = "no language chosen"
callbacks = AppGroup("callbacks", help="Callers who wait to be called back.")
staff = AppGroup("staff", help="Who may sign in.")

_by_option = click.option("--by", default=OPERATOR, show_default=True, help="Your name, for the audit trail.")


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except SpinelineError as error:
        raise click.ClickException(str(error)) from error


@db.command()
def upgrade() -> None:
    """Bring the database to the newest version."""
    with _in_words():
        migrate.upgrade(spineline().settings.database_url)
    click.echo("The database is up to date.")


@db.command()
def status() -> None:
    """Say whether the database can be used; exit with 1 if not."""
    missing = spineline().database.store.explain_unready()
    if missing:
        raise click.ClickException(missing)
    click.echo("The database is ready.")


@db.command()
@click.option("--days", type=click.IntRange(min=1), default=90, show_default=True)
@_by_option
def forget(days: int, by: str) -> None:
    """Purge the details of calls older than some days."""
    with _in_words():
        count = spineline().database.store.staff.upkeep.forget(datetime.now(UTC) - timedelta(days=days), by=by)
    click.echo(f"Purged {count} calls older than {days} days.")


@db.command()
@_by_option
def rotate(by: str) -> None:
    """Encrypt every number again with the first key."""
    with _in_words():
        count = spineline().database.store.staff.upkeep.rotate(by=by)
    click.echo(f"Encrypted {count} numbers with the first key. The other keys can go.")


@callbacks.command("list")
@click.option("--numbers", is_flag=True, help="Show the numbers. The audit trail keeps that you saw them.")
@click.option("--by", help="Your name among the staff, needed to see numbers.")
def list_call_backs(numbers: bool, by: str | None) -> None:
    """List the open requests, the longest waiting first."""
    with _in_words():
        member = _require_member(by) if numbers else None
        found = spineline().database.store.staff.calls.list_call_backs(numbers_for=member)
    for row in found:
        language = row.language or ("their language is not on the line" if row.place == UNLISTED else NO_LANGUAGE)
        words = (str(row.id), f"{row.at:%Y-%m-%d %H:%M} UTC", language, row.number, row.place)
        click.echo("  ".join(word for word in words if word))
    click.echo(f"{len(found)} open.")


@callbacks.command()
@click.argument("request", metavar="ID", type=int)
@click.option("--by", required=True, help="Your name among the staff.")
def done(request: int, by: str) -> None:
    """Mark a request as done."""
    with _in_words():
        spineline().database.store.staff.calls.close_call_back(request, _require_member(by))
    click.echo(f"Call-back {request} is done.")


def _require_member(name: str | None) -> str:
    known = {
        member.name for member in spineline().database.store.staff.accounts.list_staff() if member.disabled_at is None
    }
    name = fold_words(name or "")
    if name not in known:
        raise click.ClickException("Say who you are: --by NAME, a member of staff who may sign in.")
    return str(name)


@staff.command()
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input, its first line.")
@_by_option
def add(name: str, password_stdin: bool, by: str) -> None:
    """Add a member of staff."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else _ask()
    with _in_words():
        spineline().database.store.staff.accounts.add_staff(name, password, by=by)
    click.echo(f"{name} may sign in.")


def _ask() -> str:
    words = f"Password ({SHORTEST_PASSWORD} characters or more)"
    return str(click.prompt(words, hide_input=True, confirmation_prompt="The same again"))


@staff.command()
@click.argument("name")
@_by_option
def disable(name: str, by: str) -> None:
    """Let a member of staff sign in no more."""
    with _in_words():
        spineline().database.store.staff.accounts.disable_staff(name, by=by)
    click.echo(f"{name} may sign in no more.")


@staff.command("list")
def list_staff() -> None:
    """List every member of staff there ever was."""
    with _in_words():
        members = spineline().database.store.staff.accounts.list_staff()
    for member in members:
        ended = f", disabled {member.disabled_at:%Y-%m-%d}" if member.disabled_at else ""
        click.echo(f"{member.name}: since {member.created_at:%Y-%m-%d}{ended}")
