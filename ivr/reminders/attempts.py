"""What a reminder call, and the network's reports about it, ask of the database: in the terms of a call.

Rule kept here: whatever the network says, in any order and however often, is taken once (rules C5, H2).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ivr.line.nodes import Reply, WrongAnswer
from ivr.reminders.rules.judging import Rulebook
from ivr.store.calls.line_store import LineStore
from ivr.store.campaigns.settling import ENDS, Report

STATUSES = frozenset({"queued", "initiated", "ringing", "in-progress", *ENDS})


@dataclass(frozen=True)
class ReminderAttempts:
    """The attempts of one line. `zone` is the clinic's: an appointment is told by its clock."""

    store: LineStore
    rules: Rulebook
    zone: ZoneInfo

    def find_appointment(self, attempt: str) -> datetime | None:
        """When the appointment is, on the clinic's clock; None for an attempt that is not ours. Raises StoreError."""
        found = self.store.find_appointment(attempt)
        return found.at.astimezone(self.zone) if found else None

    def mark_gate_passed(self, attempt: str) -> None:
        """Somebody pressed a key at the gate: it was no machine that answered. Raises StoreError."""
        self.store.mark_gate_passed(attempt)

    def keep_reply(self, attempt: str, reply: Reply | WrongAnswer) -> bool:
        """Commits a reply; False for an attempt that is not ours. Raises StoreError."""
        return self.store.keep_reply(attempt, reply)

    def keep_preparation_heard(self, attempt: str, clip: int, of: int) -> None:
        """A clip of the preparation was played to its end. Raises StoreError."""
        self.store.keep_preparation_heard(attempt, clip, of)

    def opt_out(self, number: str) -> None:
        """Commits that a number is not called any more. Raises StoreError."""
        self.store.enter_opt_out(number)

    def keep_report(self, attempt: str, told: Mapping[str, str]) -> bool:
        """Keeps a report of the network, as its fields came; False where it told nothing new. Raises StoreError."""
        report = read_report(attempt, told)
        return report is not None and self.store.take_report(report, self.rules.find_next_try)

    def find_message(self, attempt: str) -> tuple[str, str] | None:
        """Language and topic of an attempt whose machine may be left a message. Raises StoreError."""
        return self.store.find_machine_message(attempt)


def read_report(attempt: str, told: Mapping[str, str]) -> Report | None:
    """The fields of a callback as a report; None for one that names no call, or a state that nobody knows."""
    sid, status, by = told.get("CallSid", ""), told.get("CallStatus", ""), told.get("AnsweredBy", "")
    about_machine = "MachineDetectionDuration" in told
    if not sid or (status not in STATUSES and not about_machine):
        return None
    length = told.get("CallDuration", "")
    seconds = int(length) if length.isdecimal() and len(length) < 9 else None
    if about_machine:
        return Report(key=f"{sid}/machine/{by}", attempt=attempt, sid=sid, answered_by=by)
    return Report(key=f"{sid}/{status}", attempt=attempt, sid=sid, status=status, answered_by=by, seconds=seconds)
