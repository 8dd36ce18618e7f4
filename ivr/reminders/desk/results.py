"""What became of campaigns, at the desk: states and counts, funnels, reports, and the lists of what staff have to do.

Rule kept here: numbers and names are given to a member of staff only, and that they were seen goes into the audit trail
(45 CFR 164.312(b)). What holds neither, anybody who runs the line may see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ivr.reminders.desk.equipment import DeskEquipment
from ivr.reminders.report_files import PATIENT_HEADINGS, write_patient_rows, write_table
from ivr.store.campaigns.campaigns import Campaign
from ivr.store.campaigns.patients import StaffTask
from ivr.store.campaigns.results import Funnel

LAST_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class CampaignSummary:
    """A campaign, and how many of its attempts are in each state."""

    campaign: Campaign
    attempts: Mapping[str, int]


@dataclass(frozen=True)
class CampaignStatus:
    """How a campaign stands: its attempts by state, the calls of the last minute, and when the next one falls due
    (aware UTC; None where nothing waits)."""

    campaign: Campaign
    attempts: Mapping[str, int]
    calls_last_minute: int
    next_due: datetime | None


@dataclass(frozen=True)
class ResultsDesk:
    """Every look at what became of a campaign. Each raises StoreError where there is no such campaign."""

    equipment: DeskEquipment

    def list_campaigns(self) -> Sequence[CampaignSummary]:
        """Every campaign, the newest first."""
        count_attempts = self.equipment.store.results.count_attempts
        campaigns = self.equipment.store.campaigns.list_campaigns()
        return [CampaignSummary(campaign, count_attempts(campaign)) for campaign in campaigns]

    def find_status(self, name: str) -> CampaignStatus:
        """How a campaign stands now."""
        results = self.equipment.store.results
        campaign = self._find_campaign(name)
        return CampaignStatus(
            campaign,
            results.count_attempts(campaign),
            results.count_calls_since(campaign, LAST_MINUTE),
            results.find_next_due(campaign),
        )

    def count_funnel(self, name: str) -> Sequence[Funnel]:
        """How far people came, by language. A voicemail is never counted as heard."""
        return self.equipment.store.results.count_funnel(self._find_campaign(name))

    def write_report(self, name: str, file: Path, by: str) -> int:
        """Writes a row for each patient into a .csv or .xlsx file that only its owner may read; returns how many.

        Raises NotStaffError, and ReportError where the file cannot be written.
        """
        by = self.equipment.check_staff(by)
        patients = self.equipment.store.results.list_patients(self._find_campaign(name), by)
        return write_table(file, PATIENT_HEADINGS, write_patient_rows(patients, self.equipment.clinic.zone))

    def list_tasks(self, name: str | None, by: str) -> Sequence[StaffTask]:
        """What a person has to do, of one campaign or (None) of all, the longest waiting first, with numbers and names.
        Raises NotStaffError."""
        by = self.equipment.check_staff(by)
        return self.equipment.store.results.list_tasks(self._find_campaign(name) if name else None, by)

    def close_task(self, task: int, by: str) -> None:
        """Marks a task as done. Raises NotStaffError, and StoreError where no open task has this id."""
        self.equipment.store.results.close_task(task, self.equipment.check_staff(by))

    def list_unprepared(self, name: str, within: timedelta, by: str) -> Sequence[StaffTask]:
        """Patients whose procedure is that near and who have not heard how to prepare, with numbers and names. Raises
        NotStaffError."""
        by = self.equipment.check_staff(by)
        return self.equipment.store.results.list_unprepared(self._find_campaign(name), within, by)

    def _find_campaign(self, name: str) -> Campaign:
        return self.equipment.store.campaigns.find_campaign(name)
