"""The rules at one moment: may this call leave now, and when is the next try. Pure; asked inside the transactions.

The dialer asks right before a call leaves, whatever was planned: the hour, the caps and the country are those of now
(rules C5, C8, C9, C10).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ivr.reminders.rules.appointments import CallingHours, Profile, Retries
from ivr.reminders.rules.calling_hours import ClosedDays, find_next_allowed
from ivr.reminders.rules.rules import c5_caps, c9_number_may_be_called, c10_gap
from ivr.reminders.rules.schedule import plan_next_attempt
from ivr.store.campaigns.queue import AttemptEvidence, Later, Never
from ivr.store.campaigns.settling import EndedCall

RETRIES: Mapping[str, Retries] = {
    "no_answer": Retries(3, timedelta(hours=20)),
    "busy": Retries(3, timedelta(hours=1)),
    "failed": Retries(2, timedelta(hours=4)),
}
"""After which outcome there is another try. A machine has heard the message once, and that is enough (H2)."""


@dataclass(frozen=True)
class Rulebook:
    """A clinic's rules as they apply to each call."""

    profile: Profile
    hours: CallingHours
    closed: ClosedDays
    retries: Mapping[str, Retries] = field(default_factory=lambda: RETRIES)

    def judge(self, evidence: AttemptEvidence) -> Later | Never | None:
        """None where the call may leave now."""
        if faults := c9_number_may_be_called(evidence.number, self.profile):
            return Never("cancelled", f"{faults[0].place}: {faults[0].words}")
        zones = frozenset(ZoneInfo(zone) for zone in evidence.zones)
        moment: datetime | None = evidence.now
        while moment is not None:
            moment = find_next_allowed(moment, zones, self.hours, self.closed, evidence.until)
            if moment is None:
                break
            history = evidence.history
            refusal = c10_gap(moment, history, 0, self.profile) or c5_caps(moment, history, zones, self.profile)
            if refusal is None:
                return None if moment <= evidence.now else Later(moment)
            moment = refusal.earliest
        return Never("expired", "no lawful moment is left before its time is over")

    def find_next_try(self, ended: EndedCall) -> datetime | None:
        """When the reminder is tried again; None where it is not."""
        zones = frozenset(ZoneInfo(zone) for zone in ended.zones)
        return plan_next_attempt(
            ended.outcome,
            ended.number,
            ended.at,
            ended.until,
            self.retries,
            zones,
            self.hours,
            self.closed,
            self.profile,
            ended.history,
        )
