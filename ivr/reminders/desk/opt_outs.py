"""Opt-outs at the desk: the numbers that are never called again, entered, shown, and taken back by hand.

Rules kept here: an opt-out that staff enter holds when the act returns (rule C7, ivr/README.md); a list goes in as a
whole, since a line that is left out is a person who is called again; who sees numbers stands in the audit trail.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ivr.errors import Fault, FaultyRowsError
from ivr.reminders.desk.equipment import DeskEquipment
from ivr.reminders.list.cells import read_phone
from ivr.reminders.list.numbers import read_numbers
from ivr.reminders.report_files import OPT_OUT_HEADINGS, write_opt_out_rows, write_table
from ivr.store.campaigns.opt_outs import OptOut


def _ignore(*_: object) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class NumbersProgress:
    """Who watches a list of numbers go in. `note` hears, in words, what of the file is not read; `show_faults` every
    fault, before anything is decided; `advance` how many numbers of how many are entered, at the beginning (0) too."""

    note: Callable[[str], None] = _ignore
    show_faults: Callable[[Sequence[Fault]], None] = _ignore
    advance: Callable[[int, int], None] = _ignore


@dataclass(frozen=True)
class EnteredNumbers:
    """What became of a list of numbers: how many are new on the list, how many were there, how many rows with a fault
    were left out."""

    new: int
    known: int
    left_out: int


@dataclass(frozen=True)
class OptOutDesk:
    """Every act with an opt-out. Each raises NotStaffError and StoreError."""

    equipment: DeskEquipment

    def enter(self, number: str, by: str) -> bool:
        """Never call a number, as it was typed, again; False where it was on the list. Raises CellError for none."""
        by = self.equipment.check_staff(by)
        return self.equipment.store.opt_outs.enter_opt_out(self._read(number), "staff", by)

    def enter_list(
        self, file: Path, by: str, *, good_rows: bool = False, progress: NumbersProgress = NumbersProgress()
    ) -> EnteredNumbers:
        """Enters every number of a file; with `good_rows`, also of one in which other rows have faults.

        Raises RecipientsError for a file that is no list, and FaultyRowsError; nothing is entered then.
        """
        by = self.equipment.check_staff(by)
        rows = list(read_numbers(file, self.equipment.clinic.country, progress.note))
        faults = [row for row in rows if isinstance(row, Fault)]
        progress.show_faults(faults)
        if faults and not good_rows:
            raise FaultyRowsError(faults, len(faults), len(faults), len(rows))
        numbers = [row for row in rows if isinstance(row, str)]
        new = self._enter_all(numbers, by, progress)
        return EnteredNumbers(new, len(numbers) - new, len(faults))

    def take_back(self, number: str, by: str) -> bool:
        """Lets a number be called again, because the person asked for it; False where it is not on the list. Raises
        CellError for text that is no number."""
        by = self.equipment.check_staff(by)
        return self.equipment.store.opt_outs.take_back_opt_out(self._read(number), by)

    def show(self, by: str) -> Sequence[OptOut]:
        """Every opt-out with its number, the oldest first."""
        return self.equipment.store.opt_outs.list_opt_outs(self.equipment.check_staff(by))

    def export(self, file: Path, by: str) -> int:
        """Writes every number into a .csv or .xlsx file that only its owner may read; returns how many. Raises
        ReportError where that cannot be."""
        opt_outs = self.show(by)
        return write_table(file, OPT_OUT_HEADINGS, write_opt_out_rows(opt_outs, self.equipment.clinic.zone))

    def _read(self, number: str) -> str:
        return read_phone(number, self.equipment.clinic.country)

    def _enter_all(self, numbers: Sequence[str], by: str, progress: NumbersProgress) -> int:
        new = 0
        progress.advance(0, len(numbers))
        for done, number in enumerate(numbers, 1):
            new += self.equipment.store.opt_outs.enter_opt_out(number, "list", by)
            progress.advance(done, len(numbers))
        return new
