"""What the commands of campaigns need of a running line, as seams; and what they have in common.

Rule kept here: whoever acts, or sees a number, does it as a member of staff (45 CFR 164.312(a), (b)).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, cast
from zoneinfo import ZoneInfo

import click
from flask import current_app

from ivr.errors import SpinelineError
from ivr.line.nodes import Line
from ivr.line.topics import Topic
from ivr.reminders.network import Network
from ivr.reminders.rehearsal import ClipLengths, RehearsalStage, SpokenWords, read_forbidden
from ivr.reminders.rules.judging import Rulebook
from ivr.store.reminders import Reminders
from ivr.store.store import Store

by_option = click.option("--by", required=True, help="Your name among the staff.")
good_rows_option = click.option("--good-rows", is_flag=True, help="Keep the good rows, although others have faults.")


class Settings(Protocol):
    """What these commands need of the settings; see `ivr/settings/rows.py`."""

    @property
    def country(self) -> str: ...
    @property
    def clinic_name(self) -> Mapping[str, str]: ...
    @property
    def clinic_number(self) -> str: ...
    @property
    def opt_out_number(self) -> str: ...
    @property
    def caller_number(self) -> str: ...
    @property
    def calls_per_second(self) -> float: ...
    @property
    def reminder_days(self) -> tuple[int, ...]: ...
    @property
    def office_timezone(self) -> ZoneInfo: ...
    @property
    def locales_folder(self) -> Path: ...
    @property
    def twilio_account_sid(self) -> str: ...


class Doors(Protocol):
    """Which languages are closed."""

    @property
    def closed(self) -> Mapping[str, str]: ...


class Parts(Protocol):
    """What these commands need of the app: `current_app.extensions["spineline"]`."""

    @property
    def settings(self) -> Settings: ...
    @property
    def topics(self) -> tuple[Topic, ...]: ...
    @property
    def line(self) -> Line: ...
    @property
    def availability(self) -> Doors: ...
    @property
    def words(self) -> SpokenWords: ...
    @property
    def clips(self) -> ClipLengths: ...
    @property
    def scripts(self) -> Mapping[str, Sequence[Any]]: ...
    @property
    def store(self) -> Store: ...
    @property
    def reminders(self) -> Reminders: ...
    def say_whole(self, moments: Iterable[tuple[str, datetime]]) -> int: ...
    @property
    def rules(self) -> Rulebook: ...
    @property
    def network(self) -> Network: ...


def parts() -> Parts:
    """The running line."""
    return cast(Parts, current_app.extensions["spineline"])


@contextmanager
def in_words() -> Iterator[None]:
    """Turns an error of ours into its words and exit code 1."""
    try:
        yield
    except SpinelineError as error:
        raise click.ClickException(str(error)) from error


def member(name: str) -> str:
    """The name of somebody who may sign in: nobody else acts on patients, or sees them. Refuses any other."""
    with in_words():
        known = {one.name for one in parts().store.staff() if one.disabled_at is None}
    if name not in known:
        raise click.ClickException("Say who you are: --by NAME, a member of staff who may sign in.")
    return name


def stage() -> RehearsalStage:
    """The line on which campaigns are rehearsed. Raises CatalogError."""
    line, settings = parts(), parts().settings
    return RehearsalStage(
        line.line,
        line.words,
        line.clips,
        line.scripts,
        line.availability.closed,
        read_forbidden(settings.locales_folder, line.line.languages),
        line.rules.profile,
        settings.clinic_name,
        settings.clinic_number,
        settings.opt_out_number,
        settings.country,
        settings.calls_per_second,
    )


def counted(count: int, word: str) -> str:
    """A number with its word: "1 row", "2 rows"."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
