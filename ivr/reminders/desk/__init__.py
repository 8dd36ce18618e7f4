"""The desk: every act of staff with reminder campaigns, and all of its rules. Commands and pages ask it, and only it.

Rules kept here: only a member of staff who may sign in acts, or sees a number or a name (45 CFR 164.312(a) and (b));
and no act gets round a rule, from a page or from a command. It knows no screen: it returns values, raises errors of
`ivr/errors.py`, and tells how far it is through callables.
"""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from ivr.reminders.desk.campaigns import CampaignDesk, SayWhole
from ivr.reminders.desk.equipment import DeskEquipment
from ivr.reminders.desk.opt_outs import OptOutDesk
from ivr.reminders.desk.results import ResultsDesk
from ivr.reminders.desk.uploads import UploadDesk
from ivr.reminders.rules.judging import Rulebook
from ivr.reminders.stage import CallingClinic, SpokenLine
from ivr.store.staff.staff_store import StaffStore


@dataclass(frozen=True)
class RemindersDesk:
    """The desk, by subject. `zone` is the clinic's: what is shown to staff is shown on its clock."""

    zone: ZoneInfo
    campaigns: CampaignDesk
    uploads: UploadDesk
    opt_outs: OptOutDesk
    results: ResultsDesk


def open_desk(
    *,
    clinic: CallingClinic,
    store: StaffStore,
    rules: Rulebook,
    spoken: Callable[[], SpokenLine],
    say_whole: SayWhole,
) -> RemindersDesk:
    """A desk. `spoken` gives what the line says, and is asked at the first act that needs it; `say_whole` builds days
    and times as whole phrases."""
    equipment = DeskEquipment(clinic=clinic, store=store, rules=rules, spoken=spoken)
    return RemindersDesk(
        zone=clinic.zone,
        campaigns=CampaignDesk(equipment, say_whole),
        uploads=UploadDesk(equipment),
        opt_outs=OptOutDesk(equipment),
        results=ResultsDesk(equipment),
    )
