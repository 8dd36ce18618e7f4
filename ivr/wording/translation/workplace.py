"""What the commands of the workshop share: the running line, its prompts, and one language read afresh."""

from collections.abc import Sequence
from typing import cast

import click
from flask import current_app

from ivr.errors import CatalogError
from ivr.line.language import SOURCE_LANGUAGE
from ivr.line.languages import LANGUAGES
from ivr.line.prompts import Prompt
from ivr.wording.language_files import LanguageFiles, read_language_files
from ivr.wording.parts import Workplace
from ivr.wording.standing import sections_of
from ivr.wording.translation.po import Source, sources
from ivr.wording.translation.update import catalog_path


def parts() -> Workplace:
    """The running line, as far as translators' commands need it."""
    return cast(Workplace, current_app.extensions["spineline"])


def prompts() -> list[Prompt]:
    """Every prompt of the line."""
    return list(parts().words.prompts.values())


def sections() -> dict[str, str]:
    """The section of each prompt."""
    return sections_of(parts().topics, prompts())


def all_sources() -> tuple[Source, ...]:
    """Every prompt that is translated, with its note."""
    return sources(prompts(), parts().settings.topics_folder)


def known(language: str) -> str:
    """The same code, if it is a language of ours. Raises click.BadParameter."""
    if language not in LANGUAGES:
        raise click.BadParameter(f"{language} is no language of ours. There are: {', '.join(LANGUAGES)}.")
    return language


def written_in(language: str) -> LanguageFiles:
    """One language, read afresh. Raises click.ClickException with its faults."""
    one = read_language_files(parts().settings.locales_folder, known(language), prompts(), sections())
    if one.faults:
        raise click.ClickException(str(CatalogError(one.faults)))
    return one


def chosen(codes: Sequence[str]) -> list[str]:
    """The languages that a command is about: those named, else all that have a catalog."""
    folder = parts().settings.locales_folder
    everything = [code for code in LANGUAGES if code == SOURCE_LANGUAGE or catalog_path(folder, code).is_file()]
    return [known(code) for code in codes] or everything
