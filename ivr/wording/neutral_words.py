"""The words that would tell others about a patient's health (`locales/<language>/neutral.toml`; rule H1).

The file holds one list, `forbidden`, of the beginnings of words that nobody may hear before a person has said whom a
reminder call is for. Rule kept here: a list that is not written is a fault, never an empty list, since with an empty
list every sentence would count as neutral.
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from ivr.errors import CatalogError, Fault

FILE = "neutral.toml"
SHAPE = 'It holds one list: forbidden = ["...", ...]'


def read_neutral_lists(folder: Path, languages: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The lists of these languages, where there is a file. Raises CatalogError with every unreadable one."""
    lists: dict[str, tuple[str, ...]] = {}
    faults: list[Fault] = []
    for code in languages:
        if (folder / code / FILE).exists():
            try:
                lists[code] = read_neutral_words(folder, code)
            except CatalogError as error:
                faults += error.faults
    if faults:
        raise CatalogError(faults)
    return lists


def read_neutral_words(folder: Path, language: str) -> tuple[str, ...]:
    """The forbidden beginnings of a language under `folder` (`locales/`), at least one. Raises CatalogError."""
    path = folder / language / FILE
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise CatalogError([Fault(str(path), "There is no list of words that nobody may hear. Write it.")]) from error
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogError([Fault(str(path), f"It cannot be read ({error}). {SHAPE}")]) from error
    stems = table.get("forbidden")
    if not isinstance(stems, list) or not stems or not all(isinstance(stem, str) and stem.strip() for stem in stems):
        words = f"The list of words that nobody may hear is not written yet. {SHAPE}"
        raise CatalogError([Fault(f"{path}:1", words)])
    return tuple(stems)
