"""`flask languages review`: enters what a qualified person said of a language, or of single prompts."""

from datetime import UTC, date, datetime

import click
from flask.cli import with_appcontext

from ivr.commands.translations import open_desk, show_refusals
from ivr.wording.review import ReviewVerdict
from ivr.wording.translation.desk import Reviewer


def read_day(text: str) -> date:
    """The day that --date names; today if it is not given. Raises click.BadParameter."""
    try:
        return date.fromisoformat(text) if text else datetime.now(UTC).date()
    except ValueError as error:
        raise click.BadParameter(f"--date must be a day such as 2026-11-22, not {text}.") from error


@click.command("review")
@with_appcontext
@click.argument("code")
@click.option("--reviewer", required=True, help="The reviewer's name.")
@click.option("--qualification", required=True, help="What qualifies them: certified medical translator, ...")
@click.option("--prompt", "ids", multiple=True, metavar="ID", help="Only this prompt; may be repeated.")
@click.option("--reject", is_flag=True, help="The words are not good. Without it, they are approved.")
@click.option("--date", "day", default="", help="When, as 2026-11-22; today if not given.")
def review_command(code: str, reviewer: str, qualification: str, ids: tuple[str, ...], reject: bool, day: str) -> None:
    """Enter a review of a whole language, or of single prompts, as they stand in the catalog now."""
    verdict = ReviewVerdict.REJECTED if reject else ReviewVerdict.APPROVED
    with show_refusals():
        outcome = open_desk().review(code, Reviewer(reviewer, qualification, read_day(day)), verdict, ids)
    click.echo(f"{code}: {outcome.prompts} prompts {verdict.value} by {reviewer}. {outcome.in_all} approved in all.")
