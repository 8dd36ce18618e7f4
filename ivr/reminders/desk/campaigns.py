"""Campaigns at the desk: made as a draft, rehearsed, started, paused, resumed, stopped, discarded.

Rules kept here: a campaign is a reminder's and no other's (rule C2, ivr/README.md); it starts, or goes on, only from a
state that allows it and only where its rehearsal finds no fault, asked once more in the very transaction that lets it
run; what starts or discards it is its name, typed by a person; and the days and times that it will say are built
before the first call.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ivr.errors import CampaignError, CampaignStateError, DraftError, Fault, NameNotTypedError
from ivr.reminders.desk.equipment import DeskEquipment
from ivr.reminders.list.cells import CellError, clean_text, read_phone
from ivr.reminders.rehearsal import Rehearsal, has_reminders, rehearse
from ivr.reminders.rules.appointments import Purpose
from ivr.reminders.rules.rules import c2_purpose
from ivr.store.campaigns.campaigns import Campaign, StartJudge

SayWhole = Callable[[Iterable[tuple[str, datetime]]], int]
"""Builds days and times (a language's code, and an aware moment) as one clip each; returns how many were built."""
MOST_DAYS = 30
"""The farthest day before an appointment on which a reminder may be given."""


@dataclass(frozen=True)
class Draft:
    """What a person says of a new campaign. `topic` None is the only one that has reminders; `days` are the days before
    an appointment, such as "3 1", and `caller` is the number that dials: "" is the clinic's own for both."""

    name: str
    purpose: str = Purpose.APPOINTMENT.value
    topic: str | None = None
    days: str = ""
    caller: str = ""


@dataclass(frozen=True)
class StartedCampaign:
    """A campaign that runs, and how many clips of days and times were built for it."""

    campaign: Campaign
    clips_built: int


@dataclass(frozen=True)
class CampaignDesk:
    """Every act with a campaign as a whole. Each raises NotStaffError, and StoreError where there is no such campaign
    or the database fails."""

    equipment: DeskEquipment
    say_whole: SayWhole

    def list_topics(self) -> Sequence[str]:
        """The ids of the topics that have reminders."""
        spoken = self.equipment.spoken()
        return [topic.id for topic in spoken.topics if has_reminders(spoken.line, topic.id)]

    def create(self, draft: Draft, by: str) -> Campaign:
        """Makes a campaign, as a draft. Raises DraftError with every fault, each under the name of its field."""
        by = self.equipment.check_staff(by)
        name, purpose, topic = _read_name(draft.name), _read_purpose(draft.purpose), self._choose_topic(draft.topic)
        days, caller = self._read_days(draft.days), self._choose_caller(draft.caller)
        if faults := [field for field in (name, purpose, topic, days, caller) if isinstance(field, Fault)]:
            raise DraftError(faults)
        campaign = Campaign(
            id=0,
            name=str(name),
            topic=str(topic),
            purpose=str(purpose),
            state="draft",
            days=() if isinstance(days, Fault) else days,
            caller=str(caller),
            created_by=by,
            started_at=None,
        )
        return self.equipment.store.campaigns.create(campaign)

    def rehearse(self, name: str) -> Rehearsal:
        """Everything that is wrong with a campaign, and how it would go. Raises CatalogError."""
        campaign = self.equipment.store.campaigns.find_campaign(name)
        return rehearse(campaign, self.equipment.store.campaigns.list_enlisted(campaign), self.equipment.set_stage())

    def prepare_start(self, name: str, by: str) -> Rehearsal:
        """The rehearsal of a draft that somebody is about to start. Raises CampaignStateError, and CatalogError."""
        self.equipment.check_staff(by)
        rehearsal = self.rehearse(name)
        _check_draft(rehearsal.campaign, "start")
        return rehearsal

    def start(self, name: str, typed: str, by: str) -> StartedCampaign:
        """Starts a draft whose name a person typed.

        Raises CampaignStateError, CampaignError with the faults of its rehearsal, NameNotTypedError, CatalogError, and
        SpeechError where the days and times cannot be built; then nothing has started.
        """
        rehearsal = self.prepare_start(name, by)
        if rehearsal.faults:
            raise CampaignError(rehearsal.faults)
        if typed != name:
            raise NameNotTypedError(name)
        built = self.say_whole(self.equipment.store.campaigns.list_appointments(rehearsal.campaign))
        return StartedCampaign(self.equipment.store.campaigns.start(name, by, self.make_judge()), built)

    def resume(self, name: str, by: str) -> Campaign:
        """Goes on with a paused campaign. Raises CampaignError with the faults of its rehearsal, and CatalogError."""
        by = self.equipment.check_staff(by)
        return self.equipment.store.campaigns.resume(name, by, self.make_judge())

    def pause(self, name: str, by: str) -> Campaign:
        """Holds a running campaign: no further call leaves until it is resumed."""
        return self.equipment.store.campaigns.pause(name, self.equipment.check_staff(by))

    def stop(self, name: str, by: str) -> Campaign:
        """Ends a campaign for good: what waits is cancelled."""
        return self.equipment.store.campaigns.stop(name, self.equipment.check_staff(by))

    def prepare_discard(self, name: str, by: str) -> Campaign:
        """The draft that somebody is about to discard. Raises CampaignStateError for a campaign that has ever run."""
        self.equipment.check_staff(by)
        campaign = self.equipment.store.campaigns.find_campaign(name)
        _check_draft(campaign, "discard")
        return campaign

    def discard(self, name: str, typed: str, by: str) -> None:
        """Takes away a draft that was a mistake, with its list of appointments; opt-outs and consents stay.

        Raises CampaignStateError for a campaign that has ever run, and NameNotTypedError.
        """
        self.prepare_discard(name, by)
        if typed != name:
            raise NameNotTypedError(name)
        self.equipment.store.campaigns.discard(name, by)

    def make_judge(self) -> StartJudge:
        """The rehearsal, as the store asks it within the transaction that lets a campaign run."""
        stage = self.equipment.set_stage()
        return lambda campaign, enlisted: rehearse(campaign, enlisted, stage).faults

    def _choose_topic(self, wanted: str | None) -> str | Fault:
        topics = self.list_topics()
        if wanted is None and len(topics) == 1:
            return topics[0]
        if wanted is not None and wanted in topics:
            return wanted
        return Fault("topic", f"Choose a topic: {', '.join(topics) or 'none has reminders'}.")

    def _read_days(self, text: str) -> tuple[int, ...] | Fault:
        if not text:
            return self.equipment.clinic.reminder_days
        words = text.replace(",", " ").split()
        if not words or not all(re.fullmatch("[0-9]{1,2}", word) and int(word) <= MOST_DAYS for word in words):
            return Fault("days", f'Write whole numbers of days from 0 to {MOST_DAYS}, such as "3 1".')
        return tuple(sorted({int(word) for word in words}, reverse=True))

    def _choose_caller(self, text: str) -> str | Fault:
        clinic = self.equipment.clinic
        if not text:
            return clinic.caller_number or Fault("caller", "No number dials. Give the campaign a number that does.")
        try:
            return read_phone(text, clinic.country)
        except CellError as error:
            return Fault("caller", " ".join(error.words))


def _read_name(text: str) -> str | Fault:
    try:
        name = " ".join(clean_text(text).split())
    except CellError as error:
        return Fault("name", " ".join(error.words))
    return name or Fault("name", "Give the campaign a name.")


def _read_purpose(text: str) -> str | Fault:
    faults = c2_purpose(text)
    return Fault("purpose", faults[0].words) if faults else " ".join(text.lower().split())


def _check_draft(campaign: Campaign, verb: str) -> None:
    if campaign.state != "draft":
        raise CampaignStateError(campaign.name, campaign.state, verb)
