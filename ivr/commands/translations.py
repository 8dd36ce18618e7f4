"""What the commands for translators and reviewers share: the desk of the running line, and its refusals at a shell."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from ivr.errors import CatalogError, TranslationError
from ivr.files import explain_unwritten, find_named_path
from ivr.parts import spineline
from ivr.wording.translation.desk import TranslationDesk, know_language


def open_desk() -> TranslationDesk:
    """The desk for the translations of the running line."""
    line = spineline()
    return TranslationDesk(
        locales=line.settings.locales_folder,
        topics_folder=line.settings.topics_folder,
        topics=line.content.topics,
        scripts=line.content.scripts,
        seconds=line.content.clips.find_seconds,
    )


@contextmanager
def show_refusals() -> Iterator[None]:
    """Ends a command with the desk's words where the desk refuses: as a bad value where an entry is at fault."""
    try:
        yield
    except TranslationError as error:
        raise (click.BadParameter if error.field else click.ClickException)(str(error)) from error
    except CatalogError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        named = find_named_path(error, spineline().settings.locales_folder)
        raise click.ClickException(explain_unwritten(named, error)) from error


def read_language_code(language: str) -> str:
    """The same code, if it is a language of ours. Raises click.BadParameter."""
    with show_refusals():
        return know_language(language)
