"""What every subject of the desk works with; and the rule that they share.

Rule kept here: nobody acts on patients, or sees them, but a member of staff who may sign in (45 CFR 164.312(a)).
"""

from collections.abc import Callable
from dataclasses import dataclass

from ivr.errors import NotStaffError
from ivr.folding import fold_words
from ivr.reminders.rules.judging import Rulebook
from ivr.reminders.stage import CallingClinic, RehearsalStage, SpokenLine
from ivr.store.staff.staff_store import StaffStore


@dataclass(frozen=True)
class DeskEquipment:
    """The clinic, its staff and its campaigns, its rules, and what the line says (read at first use)."""

    clinic: CallingClinic
    store: StaffStore
    rules: Rulebook
    spoken: Callable[[], SpokenLine]

    def check_staff(self, name: str) -> str:
        """The name of somebody who may sign in. Raises NotStaffError for any other, and StoreError."""
        name = fold_words(name)
        if name not in {member.name for member in self.store.accounts.list_staff() if member.disabled_at is None}:
            raise NotStaffError(name)
        return name

    def set_stage(self) -> RehearsalStage:
        """The line on which a campaign is rehearsed. Raises CatalogError."""
        spoken = self.spoken()
        return RehearsalStage(spoken, self.clinic, self.rules.profile, spoken.read_forbidden())
