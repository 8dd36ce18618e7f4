"""`flask reminders upload`: a clinic's list of appointments, read twice: for its faults, and to keep it.

Rules kept here: nothing of a list with a fault is kept unless a person says so; it is never in memory as a whole; one
that joins a campaign under way is rehearsed first (RULES C4, H1, L3).
"""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup, with_appcontext

from ivr.reminders.enrolment import CampaignTerms, CountedFaults, ListReview, choose_bookings, review_rows
from ivr.reminders.list.cells import ListReading
from ivr.reminders.list.recipients import read_recipients
from ivr.reminders.parts import by_option, counted, good_rows_option, in_words, member, parts, stage
from ivr.reminders.rehearsal import rehearse_joining_languages
from ivr.reminders.rules.appointments import Consent
from ivr.store.campaigns import Campaign, Enrolled

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
    by = member(by)
    if (consent_source is None) != (consent_date is None):
        raise click.ClickException("Give --consent-source and --consent-date together.")
    with in_words():
        campaign = parts().reminders.campaign(name)
        if campaign.state == "stopped":
            raise click.ClickException(f"{name} is stopped and calls nobody any more. Make a new campaign.")
        given = Consent(consent_source or "", consent_date.date(), campaign.purpose) if consent_date else None
        reading = ListReading(
            parts().settings.country,
            parts().settings.office_timezone,
            parts().line.languages,
            parts().reminders.now(),
            given,
            day_first,
        )
        _uploaded(campaign, file, reading, by, good_rows=good_rows)


def _uploaded(campaign: Campaign, file: Path, reading: ListReading, by: str, *, good_rows: bool) -> None:
    terms = CampaignTerms(campaign.purpose, campaign.days, parts().rules, reading.now)
    stamp, found = _stamp(file), _sifted(file, reading, terms)
    _tell("cannot be read", found.faults)
    _tell("are refused by the rules", found.reasons)
    if found.faulty and not good_rows:
        faults = counted(found.faults.count, "fault")
        raise click.ClickException(
            f"Nothing is kept: {faults} in {found.faulty} of {found.rows} rows. "
            "Mend them and upload the list again, or keep the good rows with --good-rows."
        )
    _refuse_unrehearsed(campaign, found.languages)
    if _stamp(file) != stamp:
        raise click.ClickException(f"Nothing is kept: {file.name} changed while it was read. Upload it again.")
    done = _kept(campaign, file, reading, terms, found, by)
    words = f"{done.new} new, {done.same} same, {done.moved} moved, {done.cancelled} cancelled, {found.refused} refused"
    left_out = f", {found.faulty} with faults left out" if found.faulty else ""
    click.echo(f"{campaign.name}: {words}{left_out}.")


def _sifted(file: Path, reading: ListReading, terms: CampaignTerms) -> ListReview:
    found = ListReview()
    reading_bar: ProgressBar[int] = click.progressbar(length=0, label="Reading", show_pos=True, file=sys.stderr)
    with reading_bar as bar:

        def on_row(_: int) -> None:
            found.rows += 1
            bar.length = found.rows
            bar.update(1)

        review_rows(read_recipients(file, reading, on_row, _note), terms, found)
    return found


def _kept(
    campaign: Campaign, file: Path, reading: ListReading, terms: CampaignTerms, found: ListReview, by: str
) -> Enrolled:
    store, done = parts().reminders, Enrolled()
    keeping_bar: ProgressBar[int] = click.progressbar(
        length=found.rows, label="Keeping", show_pos=True, file=sys.stderr
    )
    with keeping_bar as bar:
        outcomes = read_recipients(file, reading, lambda _: bar.update(1))
        wanted = choose_bookings(outcomes, terms, lambda booking: store.is_enrolled(campaign, booking))
        for some in store.enrol(campaign, wanted, by):
            done += some
    return done


def _refuse_unrehearsed(campaign: Campaign, languages: set[str]) -> None:
    """A list that joins a campaign under way is rehearsed now: nobody will do it later."""
    if campaign.state == "draft" or not languages:
        return
    if faults := rehearse_joining_languages(campaign, languages, stage()):
        lines = "\n".join(f"  {fault}" for fault in faults)
        raise click.ClickException(f"Nothing is kept: the campaign is {campaign.state}, and\n{lines}")


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _note(words: str) -> None:
    click.echo(words, err=True)


def _tell(what: str, listed: CountedFaults) -> None:
    for fault in listed.shown:
        click.echo(str(fault), err=True)
    if more := listed.count - len(listed.shown):
        click.echo(f"... and {more} more that {what}.", err=True)
