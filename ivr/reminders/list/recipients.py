"""From the rows of a clinic's file to appointments that may be called about, or to every fault that stands in the way.

A row with a fault calls nobody: nothing is guessed, padded or left out (rules C1, L3). The words of a fault never
repeat what a cell holds, since it may be a patient's number or name (rule H4); they lead to its line and column.
Only form is judged here. Whom the law lets us call, and when, is decided by the rules of the campaign.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

from ivr.errors import Fault
from ivr.reminders.list.cells import (
    NONE,
    CellError,
    ListReading,
    clean_text,
    read_agreement,
    read_cancelled,
    read_language,
    read_phone,
    read_postal_code,
    read_reference,
    read_zone,
)
from ivr.reminders.list.columns import (
    Column,
    Headings,
    read_headings,
)
from ivr.reminders.list.moments import check_moment, join_moment, read_moment, read_time
from ivr.reminders.list.sheet import Notes, SheetCell, SheetRow, make_refusal, read_rows, spell_cell
from ivr.reminders.rules.appointments import Consent, Purpose, Recipient

T = TypeVar("T")


def _ignore(_: object) -> None:
    """Nobody listens."""


def read_recipients(
    path: Path, reading: ListReading, on_row: Callable[[int], None] = _ignore, notes: Notes = _ignore
) -> Iterator[Recipient | Fault]:
    """Every row of a file, in order, as one Recipient or as all of its faults. `on_row` hears each line that is done.

    `notes` hears, in words, what is in the file and is not read: other columns, other sheets. For each
    row some 300 bytes are kept (hashes, to find doubles), never the row.

    Raises RecipientsError for a file that cannot be read, at the first step or (damaged, too long) at a later one, so
    nothing may be kept for good before the end.
    """
    lines = read_rows(path, notes)
    head = next(lines)
    headings = read_headings(path.name, [spell_cell(cell) for cell in head.cells])
    if headings.ignored:
        notes("These columns are not read: " + ", ".join(f'"{name}"' for name in headings.ignored) + ".")
    doubles, row = _Doubles(), None
    for row in lines:
        yield from _RowReader(row, headings, reading).read(doubles)
        on_row(row.line)
    if row is None:
        raise make_refusal(path.name, "It has headings, and no row under them.")


class _Doubles:
    """Finds what came before, keeping a hash and a line for each."""

    def __init__(self) -> None:
        self._lines: dict[bytes, int] = {}

    def find_first(self, line: int, *words: str) -> int | None:
        """The line on which these words came first, None if that is this one."""
        found = self._lines.setdefault(blake2b("\n".join(words).encode(), digest_size=16).digest(), line)
        return None if found == line else found


class _RowReader:
    """One row while it is read: its cells by column, and the faults found so far."""

    def __init__(self, row: SheetRow, headings: Headings, reading: ListReading) -> None:
        self._row, self._headings, self._reading = row, headings, reading
        self._faults: list[Fault] = []

    def read(self, doubles: _Doubles) -> Iterator[Recipient | Fault]:
        """The recipient, or every fault."""
        recipient = self._read_recipient(doubles)
        if recipient is None or self._faults:
            yield from self._faults
        else:
            yield recipient

    def _read_recipient(self, doubles: _Doubles) -> Recipient | None:
        if any(cell != "" for cell in self._row.cells[len(self._headings.names) :]):
            self._add_fault(
                None,
                "The row has more cells than headings. Quote a cell that holds commas; give each column a heading.",
            )
        reading = self._reading
        phone = self._read_column(Column.PHONE, lambda cell: read_phone(cell, reading.country))
        language = self._read_column(Column.LANGUAGE, lambda cell: read_language(spell_cell(cell), reading.languages))
        cancelled = self._read_column(Column.STATUS, lambda cell: read_cancelled(spell_cell(cell)))
        moment = self._read_appointment(cancelled=cancelled is True)
        name = self._read_name()
        zone = self._read_column(Column.ZONE, lambda cell: read_zone(spell_cell(cell), reading.country))
        postal = self._read_column(Column.POSTAL, lambda cell: read_postal_code(spell_cell(cell), reading.country))
        consent = self._read_consent(needed=not cancelled)
        reference = self._read_column(Column.REFERENCE, lambda cell: read_reference(spell_cell(cell)))
        self._find_doubles(doubles, phone, moment, reference)
        if phone is None or language is None or moment is None:
            return None
        return Recipient(
            line=self._row.line,
            phone=phone,
            language=language,
            appointment=moment,
            name=name or "",
            zone=zone or "",
            postal=postal or "",
            consent=consent,
            reference=reference or "",
            cancelled=cancelled is True,
        )

    def _find_cell(self, column: Column) -> SheetCell:
        place = self._headings.places.get(column, len(self._row.cells))
        return self._row.cells[place] if place < len(self._row.cells) else ""

    def _spell_text(self, column: Column) -> str:
        return spell_cell(self._find_cell(column))

    def _is_filled(self, column: Column) -> bool:
        return self._find_cell(column) != ""

    def _add_fault(self, column: Column | None, *words: str) -> None:
        place = f"line {self._row.line}"
        if column in self._headings.places:
            place = f'{place}, "{self._headings.names[self._headings.places[column]]}"'
        self._faults += [Fault(place, sentence) for sentence in words]

    def _read_column(self, column: Column, reader: Callable[[SheetCell], T]) -> T | None:
        """What a reader makes of a cell; None with a fault, or where there is no such column."""
        if column not in self._headings.places:
            return None
        return self._try_step(column, lambda: reader(self._find_cell(column)))

    def _try_step(self, column: Column, step: Callable[[], T]) -> T | None:
        try:
            return step()
        except CellError as error:
            self._add_fault(column, *error.words)
            return None

    def _read_appointment(self, *, cancelled: bool) -> datetime | None:
        reading, timed = self._reading, Column.TIME in self._headings.places
        day = self._read_column(Column.APPOINTMENT, lambda cell: read_moment(cell, reading.day_first))
        hour = self._read_column(Column.TIME, read_time)
        if day is None or (timed and hour is None):
            return None
        return self._try_step(
            Column.TIME if timed else Column.APPOINTMENT,
            lambda: check_moment(
                join_moment(day, hour.at if hour else None, timed=timed), reading, cancelled=cancelled
            ),
        )

    def _read_name(self) -> str | None:
        parts = [self._spell_text(Column.FIRST_NAME), self._spell_text(Column.LAST_NAME)]
        text = self._spell_text(Column.NAME) or " ".join(filter(None, parts))
        columns = (Column.NAME, Column.FIRST_NAME, Column.LAST_NAME)
        column = next((filled for filled in columns if self._spell_text(filled)), Column.NAME)
        return self._try_step(column, lambda: clean_text(text))

    def _read_consent(self, *, needed: bool) -> Consent | None:
        """Rule C1: of this row, or else of the whole file; a call that is off needs none."""
        if self._read_column(Column.CONSENT, lambda cell: read_agreement(spell_cell(cell))) is None and self._is_filled(
            Column.CONSENT
        ):
            return None
        source, dated = self._spell_text(Column.CONSENT_SOURCE), self._is_filled(Column.CONSENT_DATE)
        if source and dated:
            return self._read_own_consent(source)
        if source:
            self._add_fault(Column.CONSENT_DATE, "The consent has a source and no date. Write when it was given.")
        elif dated:
            self._add_fault(Column.CONSENT_SOURCE, "The consent has a date and no source. Write where it is on record.")
        elif needed and self._reading.consent is None:
            self._add_fault(
                Column.CONSENT_SOURCE if Column.CONSENT_SOURCE in self._headings.places else Column.CONSENT, NONE
            )
        return None if source or dated else self._reading.consent

    def _read_own_consent(self, source: str) -> Consent | None:
        reading = self._reading
        written = self._try_step(Column.CONSENT_SOURCE, lambda: clean_text(source))
        given = self._read_column(Column.CONSENT_DATE, lambda cell: read_moment(cell, reading.day_first))
        if given and given.day > reading.now.astimezone(reading.zone).date():
            self._add_fault(Column.CONSENT_DATE, "The consent is dated in the future.")
        purpose = reading.consent.purpose if reading.consent else Purpose.APPOINTMENT
        return Consent(written, given.day, purpose) if written and given else None

    def _find_doubles(
        self, doubles: _Doubles, phone: str | None, moment: datetime | None, reference: str | None
    ) -> None:
        line = self._row.line
        if (
            phone
            and moment
            and (first := doubles.find_first(line, "appointment", phone, moment.astimezone(UTC).isoformat()))
        ):
            self._add_fault(
                Column.PHONE, f"The same number and appointment stand on line {first}. Keep one of the two."
            )
        if reference and (first := doubles.find_first(line, "reference", reference)):
            self._add_fault(
                Column.REFERENCE, f"The same id stands on line {first}. Each appointment needs one of its own."
            )
