"""`flask reminders upload`: a clinic's list of appointments, read into a campaign.

No rule stands here: the desk reads the list twice, for its faults and to keep it; this shows how far it is.
"""

import sys
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup, with_appcontext

from ivr.commands.staff_options import by_option, count_words, find_desk, good_rows_option, in_words
from ivr.errors import FaultyRowsError, HalfConsentError
from ivr.reminders.desk.uploads import AppointmentList, UploadedList, UploadProgress, UploadStep
from ivr.reminders.enrolment import CountedFaults, ListReview

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar


def add_upload(group: AppGroup) -> None:
    """Gives the command to a group."""
    group.add_command(upload)


@click.command()
@with_appcontext
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--consent-source", help="Where the consent of everybody on the list is written down.")
@click.option("--consent-date", type=click.DateTime(["%Y-%m-%d"]), help="When it was given, such as 2026-11-02.")
@click.option("--day-first/--month-first", default=None, help="Whether 03/04/2027 is 3 April, or March 4.")
@good_rows_option
@by_option
def upload(
    name: str,
    file: Path,
    consent_source: str | None,
    consent_date: datetime | None,
    day_first: bool | None,
    good_rows: bool,
    by: str,
) -> None:
    """Read a list of appointments into a campaign: CSV or XLSX, once through for its faults, then to keep it."""
    given = AppointmentList(file, consent_source, consent_date.date() if consent_date else None, day_first)
    with in_words(), _UploadScreen() as screen:
        try:
            done = find_desk().uploads.upload(name, given, by, good_rows=good_rows, progress=screen.progress)
        except HalfConsentError as error:
            raise click.ClickException("Give --consent-source and --consent-date together.") from error
        except FaultyRowsError as error:
            raise click.ClickException(_say_faulty(error)) from error
    click.echo(_say_done(done))


def _say_faulty(error: FaultyRowsError) -> str:
    return (
        f"Nothing is kept: {count_words(error.count, 'fault')} in {error.faulty} of {error.rows} rows. "
        "Mend them and upload the list again, or keep the good rows with --good-rows."
    )


def _say_done(done: UploadedList) -> str:
    kept, review = done.enrolled, done.review
    words = (
        f"{kept.new} new, {kept.same} same, {kept.moved} moved, {kept.cancelled} cancelled, {review.refused} refused"
    )
    left_out = f", {review.faulty} with faults left out" if review.faulty else ""
    return f"{done.campaign.name}: {words}{left_out}."


class _UploadScreen(ExitStack):
    """What an upload shows on stderr: a bar for each of its two readings, and between them what is wrong."""

    LABELS = {"reading": "Reading", "keeping": "Keeping"}  # noqa: RUF012  # never changed

    def __init__(self) -> None:
        super().__init__()
        self.progress = UploadProgress(note=_note, advance=self._advance, show_review=self._show_review)
        self._bar: ProgressBar[int] | None = None
        self._rows = 0

    def _advance(self, step: UploadStep, rows: int) -> None:
        if rows == 0 or self._bar is None:
            bar: ProgressBar[int] = click.progressbar(
                length=self._rows, label=self.LABELS[step], show_pos=True, file=sys.stderr
            )
            self._bar = self.enter_context(bar)
            return
        if step == "reading":
            self._rows = self._bar.length = rows
        self._bar.update(1)

    def _show_review(self, review: ListReview) -> None:
        self.close()
        _tell("cannot be read", review.faults)
        _tell("are refused by the rules", review.reasons)


def _note(words: str) -> None:
    click.echo(words, err=True)


def _tell(fate: str, faults: CountedFaults) -> None:
    for fault in faults.shown:
        click.echo(str(fault), err=True)
    if more := faults.count - len(faults.shown):
        click.echo(f"... and {more} more that {fate}.", err=True)
