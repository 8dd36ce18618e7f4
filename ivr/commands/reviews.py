"""`flask languages review`: enters what a qualified person said of a language, or of single prompts."""

from datetime import UTC, date, datetime

import click
from flask.cli import with_appcontext

from ivr.line.prompts import Audience
from ivr.wording.language_files import read_language_files
from ivr.wording.review import Review, Verdict, add_reviews, words_hash
from ivr.wording.translation.update import keep_standing
from ivr.wording.translation.workplace import parts, prompts, sections, written_in


def _day(text: str) -> date:
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
    if not reviewer.strip() or not qualification.strip():
        raise click.BadParameter("a review needs a name and a qualification.")
    given = _day(day)
    one = written_in(code)
    entries = one.catalog.entries
    wanted = ids or tuple(prompt.id for prompt in prompts() if prompt.audience is Audience.CALLER)
    if unknown := [name for name in wanted if name not in entries or not entries[name].text]:
        raise click.ClickException(f"{unknown[0]} has no words in {code}, so nobody can have read them.")
    verdict = Verdict.REJECTED if reject else Verdict.APPROVED
    rows = [
        Review(
            name,
            words_hash(entries[name].source),
            words_hash(entries[name].text),
            reviewer,
            qualification,
            given,
            verdict,
        )
        for name in wanted
    ]
    folder = parts().settings.locales_folder
    add_reviews(folder, code, rows)
    after = read_language_files(folder, code, prompts(), sections())
    keep_standing(folder, after, wanted, sections())
    click.echo(
        f"{code}: {len(rows)} prompts {verdict.value} by {reviewer}. {after.reviewed(prompts())} approved in all."
    )
