"""The review record: rows that are only added, each of exact words, so an edit voids it by itself."""

from datetime import date
from pathlib import Path

import pytest

from ivr.errors import CatalogError
from ivr.wording.review import COLUMNS, Review, ReviewRecord, ReviewVerdict, add_reviews, hash_words, read_reviews
from tests.wording.translation import LOCALES, TRANSLATED

HEAD = "prompt,source_hash,translation_hash,reviewer,qualification,date,verdict\n"
GOOD = "hello,0123456789abcdef,fedcba9876543210,Ana Ruiz,certified medical translator,2026-11-22,approved\n"


def review(text: str = "Hola.", verdict: ReviewVerdict = ReviewVerdict.APPROVED, reviewer: str = "Ana Ruiz") -> Review:
    hashes = hash_words("Hello."), hash_words(text)
    return Review("hello", *hashes, reviewer, "certified medical translator", date(2026, 11, 22), verdict)


def test_a_wording_is_known_by_the_first_sixteen_figures_of_its_hash() -> None:
    assert hash_words("Hello.") == "2d8bd7d9bb5f85ba"
    assert hash_words("Hello.") != hash_words("Hello")


VERDICTS: dict[str, tuple[list[Review], ReviewVerdict | None, bool]] = {
    "nobody read it": ([], None, False),
    "approved": ([review()], ReviewVerdict.APPROVED, True),
    "rejected": ([review(verdict=ReviewVerdict.REJECTED)], ReviewVerdict.REJECTED, False),
    "rejected, then approved": ([review(verdict=ReviewVerdict.REJECTED), review()], ReviewVerdict.APPROVED, True),
    "approved, then rejected": ([review(), review(verdict=ReviewVerdict.REJECTED)], ReviewVerdict.REJECTED, True),
    "other words were approved": ([review("Buenos días.")], None, True),
}


@pytest.mark.parametrize(("rows", "verdict", "ever"), VERDICTS.values(), ids=VERDICTS.keys())
def test_the_last_verdict_on_exactly_these_words_holds(
    rows: list[Review], verdict: ReviewVerdict | None, ever: bool
) -> None:
    record = ReviewRecord("es", tuple(rows))
    assert record.find_verdict("hello", "Hello.", "Hola.") is verdict
    assert record.is_approved("hello", "Hello.", "Hola.") is (verdict is ReviewVerdict.APPROVED)
    assert record.was_ever_approved("hello") is ever


@pytest.mark.parametrize(
    ("prompt", "source", "text"),
    [("hello", "Hello!", "Hola."), ("hello", "Hello.", "Hola"), ("bye", "Hello.", "Hola.")],
)
def test_an_edit_of_source_or_translation_voids_an_approval(prompt: str, source: str, text: str) -> None:
    assert not ReviewRecord("es", (review(),)).is_approved(prompt, source, text)


def test_rows_are_added_and_read_back_in_their_order(tmp_path: Path) -> None:
    first = [review(), review("Hola, usted.")]
    second = review(verdict=ReviewVerdict.REJECTED, reviewer='Ruiz, Ana "Anita"')
    add_reviews(tmp_path, "es", first)
    before = (tmp_path / "es" / "reviews.csv").read_text("utf-8")
    add_reviews(tmp_path, "es", [second])
    assert (tmp_path / "es" / "reviews.csv").read_text("utf-8").startswith(before)
    assert before.splitlines()[0] == ",".join(COLUMNS)
    assert read_reviews(tmp_path, "es") == ReviewRecord("es", (*first, second))


def test_a_language_that_nobody_reviewed_has_an_empty_record(tmp_path: Path) -> None:
    assert read_reviews(tmp_path, "es") == ReviewRecord("es")


@pytest.mark.parametrize("language", TRANSLATED)
def test_as_shipped_nobody_has_reviewed_anything(language: str) -> None:
    assert read_reviews(LOCALES, language).rows == ()


def record(folder: Path, content: bytes) -> Path:
    path = folder / "es" / "reviews.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


TWO_WAYS = "the date '{}' is not sure. Write it as year-month-day, such as 2026-11-27"
BAD_ROWS = {
    "an empty reviewer": (GOOD.replace("Ana Ruiz", " "), "reviewer is empty"),
    "a verdict that is none": (GOOD.replace("approved", "fine"), "'fine' is not a valid Verdict"),
    "a day that is none": (GOOD.replace("2026-11-22", "yesterday"), TWO_WAYS.format("yesterday")),
    "a day as some write it": (GOOD.replace("2026-11-22", "22/11/2026"), TWO_WAYS.format("22/11/2026")),
    "a row that breaks off": ("hello,0123456789abcdef\n", "translation_hash is empty"),
}


@pytest.mark.parametrize(("row", "words"), BAD_ROWS.values(), ids=BAD_ROWS.keys())
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, row: str, words: str) -> None:
    path = record(tmp_path, f"{HEAD}{GOOD}{row}".encode())
    with pytest.raises(CatalogError) as caught:
        read_reviews(tmp_path, "es")
    assert [str(fault) for fault in caught.value.faults] == [
        f"{path}:3: This review cannot be read: {words}. Mend the line."
    ]


def test_every_bad_line_is_named(tmp_path: Path) -> None:
    path = record(tmp_path, f"{HEAD}hello\n{GOOD}bye\n".encode())
    with pytest.raises(CatalogError) as caught:
        read_reviews(tmp_path, "es")
    assert [fault.place for fault in caught.value.faults] == [f"{path}:2", f"{path}:4"]


def test_a_record_that_a_spreadsheet_saved_is_read(tmp_path: Path) -> None:
    record(tmp_path, b"\xef\xbb\xbf" + f"{HEAD}{GOOD}".replace("\n", "\r\n").encode())
    (row,) = read_reviews(tmp_path, "es").rows
    assert (row.prompt, row.reviewer, row.verdict) == ("hello", "Ana Ruiz", ReviewVerdict.APPROVED)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_record_is_read_with_whatever_a_spreadsheet_puts_between_its_columns(tmp_path: Path, delimiter: str) -> None:
    record(tmp_path, f"{HEAD}{GOOD}".replace(",", delimiter).encode())
    assert [row.reviewer for row in read_reviews(tmp_path, "es").rows] == ["Ana Ruiz"]


def test_a_record_without_a_column_is_a_fault_that_says_what_its_first_line_must_be(tmp_path: Path) -> None:
    path = record(tmp_path, f"{HEAD}{GOOD}".replace("verdict", "remarks").encode())
    with pytest.raises(CatalogError) as caught:
        read_reviews(tmp_path, "es")
    words = f'It has no column "verdict". Its first line must be: {",".join(COLUMNS)}'
    assert [str(fault) for fault in caught.value.faults] == [f"{path}:1: {words}"]


@pytest.mark.parametrize("other", ["Esta\u0301 bien.", "  Está   bien. ", "Está\u00a0bien.", "Está\nbien."])
def test_a_wording_is_named_alike_however_it_was_saved(other: str) -> None:
    assert hash_words(other) == hash_words("Está bien.")


def test_a_record_that_is_not_utf8_is_a_fault(tmp_path: Path) -> None:
    path = record(tmp_path, f"{HEAD}{GOOD.replace('Ana', 'Inés')}".encode("latin-1"))
    with pytest.raises(CatalogError) as caught:
        read_reviews(tmp_path, "es")
    assert [str(fault) for fault in caught.value.faults] == [f"{path}: This file is not UTF-8. Save it as UTF-8."]


def test_a_row_is_added_below_a_last_line_that_a_person_did_not_end(tmp_path: Path) -> None:
    record(tmp_path, f"{HEAD}{GOOD}".rstrip("\n").encode())
    add_reviews(tmp_path, "es", [review()])
    assert [row.prompt for row in read_reviews(tmp_path, "es").rows] == ["hello", "hello"]
