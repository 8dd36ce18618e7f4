"""What the commands of staff have in common: who acts, and how an error of ours is told at the command line.

No rule stands here. The desk asks whether `--by` is a member of staff; this file only knows what the option is called.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from ivr.desks import open_reminders_desk
from ivr.errors import NotStaffError, SpinelineError
from ivr.parts import spineline
from ivr.reminders.desk import RemindersDesk

by_option = click.option("--by", required=True, help="Your name among the staff.")
good_rows_option = click.option("--good-rows", is_flag=True, help="Keep the good rows, although others have faults.")


def find_desk() -> RemindersDesk:
    """The desk of the running line."""
    return open_reminders_desk(spineline())


@contextmanager
def in_words() -> Iterator[None]:
    """Turns an error of ours into its words and exit code 1."""
    try:
        yield
    except NotStaffError as error:
        raise click.ClickException("Say who you are: --by NAME, a member of staff who may sign in.") from error
    except SpinelineError as error:
        raise click.ClickException(str(error)) from error


def count_words(count: int, word: str) -> str:
    """A number with its word: "1 row", "2 rows"."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
