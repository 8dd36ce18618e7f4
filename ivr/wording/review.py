"""The review record: who has read which words, and what they said of them (45 CFR 92.201(c)(3)).

A file of rows beside the catalog, `locales/<language>/reviews.csv`, that a person can read and a spreadsheet opens.
Rows are only ever added. A row holds the hash of the English and of the translation that were read, so any later
change of either voids it by itself: no row has to be found and struck out. As shipped there are none.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from pathlib import Path

from ivr.errors import CatalogError, Fault
from ivr.folding import fold_words
from ivr.line.renamed import find_current_id

FILE = "reviews.csv"
HASH = re.compile("[0-9a-f]{16}")


class ReviewVerdict(StrEnum):
    """What a reviewer says of a prompt."""

    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Review:
    """One verdict on one prompt. Hashes are of the exact words that were read."""

    prompt: str
    source_hash: str
    translation_hash: str
    reviewer: str
    qualification: str
    date: date
    verdict: ReviewVerdict


def hash_words(text: str) -> str:
    """Names a wording: the first 16 hexadecimal digits of its SHA-256, however it was saved."""
    return hashlib.sha256(fold_words(text).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class ReviewRecord:
    """All reviews of one language, in the order in which they were given."""

    language: str
    rows: tuple[Review, ...] = ()

    def find_verdict(self, prompt: str, source: str, translation: str) -> ReviewVerdict | None:
        """The last verdict on exactly these words; None where nobody has read them."""
        hashes = (hash_words(source), hash_words(translation))
        given = [row for row in self.rows if row.prompt == prompt and (row.source_hash, row.translation_hash) == hashes]
        return given[-1].verdict if given else None

    def is_approved(self, prompt: str, source: str, translation: str) -> bool:
        """True when the last verdict on exactly these words is approval."""
        return self.find_verdict(prompt, source, translation) is ReviewVerdict.APPROVED

    def was_ever_approved(self, prompt: str) -> bool:
        """True when some wording of the prompt was approved once."""
        return any(row.prompt == prompt and row.verdict is ReviewVerdict.APPROVED for row in self.rows)


COLUMNS = tuple(field.name for field in fields(Review))
"""The head of the file."""


def read_reviews(folder: Path, language: str) -> ReviewRecord:
    """The record of a language under `folder`; empty where there is none. Raises CatalogError with every bad line."""
    path = folder / language / FILE
    if not path.is_file():
        return ReviewRecord(language)
    rows: list[Review] = []
    faults: list[Fault] = []
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CatalogError([Fault(str(path), "This file is not UTF-8. Save it as UTF-8.")]) from error
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=_find_delimiter(text))
    if missing := [name for name in COLUMNS if name not in _read_head(reader, path)]:
        words = f'It has no column "{missing[0]}". Its first line must be: {",".join(COLUMNS)}'
        raise CatalogError([Fault(f"{path}:1", words)])
    for row in _read_lines(reader, path):
        try:
            rows += [_read_row(row)] if any((row.get(name) or "").strip() for name in COLUMNS) else []
        except ValueError as error:
            faults.append(Fault(f"{path}:{reader.line_num}", f"This review cannot be read: {error}. Mend the line."))
    if faults:
        raise CatalogError(faults)
    return ReviewRecord(language, tuple(rows))


def _read_head(reader: "csv.DictReader[str]", path: Path) -> Sequence[str]:
    try:
        return reader.fieldnames or ()
    except csv.Error as error:
        raise CatalogError([Fault(f"{path}:1", "Its first line is far too long. Is it the right file?")]) from error


def _read_lines(reader: "csv.DictReader[str]", path: Path) -> Iterator[dict[str, str]]:
    try:
        yield from reader
    except csv.Error as error:
        words = "A cell here is far larger than any review. Is a quotation mark missing?"
        raise CatalogError([Fault(f"{path}:{reader.line_num}", words)]) from error


def _find_delimiter(text: str) -> str:
    """What stands between the columns: a spreadsheet may have saved the file its own way."""
    return max(",;\t", key=text.split("\n", 1)[0].count)


def _read_row(row: Mapping[str, str]) -> Review:
    given = {name: (row.get(name) or "").strip() for name in COLUMNS}
    if empty := [name for name, value in given.items() if not value]:
        raise ValueError(f"{empty[0]} is empty")
    if broken := [given[name] for name in ("source_hash", "translation_hash") if not HASH.fullmatch(given[name])]:
        raise ValueError(f"{broken[0]!r} is no hash of words: did a spreadsheet take it for a number?")
    if given["verdict"] not in set(ReviewVerdict):
        raise ValueError(f"{given['verdict']!r} is not a valid Verdict")
    return Review(
        prompt=find_current_id(given["prompt"]),
        source_hash=given["source_hash"],
        translation_hash=given["translation_hash"],
        reviewer=given["reviewer"],
        qualification=given["qualification"],
        date=_read_date(given["date"]),
        verdict=ReviewVerdict(given["verdict"]),
    )


def _read_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        words = f"the date {text!r} is not sure. Write it as year-month-day, such as 2026-11-27"
        raise ValueError(words) from None


def add_reviews(folder: Path, language: str, reviews: Iterable[Review]) -> None:
    """Adds reviews to the record of a language, below those that are there and in their columns."""
    path = folder / language / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    there = path.read_text("utf-8-sig") if path.exists() else ""
    delimiter = _find_delimiter(there)
    columns = next(csv.reader(io.StringIO(there, newline=""), delimiter=delimiter), list(COLUMNS))
    with path.open("a", encoding="utf-8", newline="") as file:
        if there and not there.endswith("\n"):
            file.write("\n")
        writer = csv.DictWriter(file, columns, delimiter=delimiter, lineterminator="\n")
        if not there:
            writer.writeheader()
        writer.writerows(asdict(review) for review in reviews)
