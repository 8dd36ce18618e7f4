"""What a clinic hands over about one appointment of one person, as values; and what a campaign is set to do."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum


class Purpose(StrEnum):
    """What a campaign may be for (rule C2; 47 CFR 64.1200(a)(9)(iv)(C), (D)): nothing that sells or bills."""

    APPOINTMENT = "appointment reminder"
    EXAM = "exam confirmation"
    INSTRUCTIONS = "pre-procedure instructions"
    FOLLOW_UP = "post-discharge follow-up"


@dataclass(frozen=True)
class Consent:
    """That a person agreed to be called: where that is written down, when it was given, and what for (rule C1)."""

    source: str
    on: date
    purpose: str = Purpose.APPOINTMENT


@dataclass(frozen=True)
class Recipient:
    """One appointment of one person, from one line of a file (counted from 1, the heading included).

    `phone` is E.164, `language` our code. `appointment` is aware, in the clinic's time zone, in steps of five minutes.
    `zone` (an IANA name) and `postal` (a ZIP code) say where the patient is, "" where that was not given. `name` and
    `reference` (the clinic's own id) are "" where there is none. `cancelled`: the appointment is off.
    """

    line: int
    phone: str
    language: str
    appointment: datetime
    name: str = ""
    zone: str = ""
    postal: str = ""
    consent: Consent | None = None
    reference: str = ""
    cancelled: bool = False


@dataclass(frozen=True)
class Retries:
    """After an outcome: how many attempts in all one reminder may have, and how long until the next one.

    Rule C10 (47 CFR 68.318(b)) is the floor and the ceiling: an hour at least, three at most.
    """

    most: int
    after: timedelta


@dataclass(frozen=True)
class CallingHours:
    """From when until when patients may be called, on their own clock."""

    first: time = time(9)
    last: time = time(20)


@dataclass(frozen=True)
class Profile:
    """A country's rules as numbers. `us` is strict; a `custom` one has to be chosen by name.

    `a_day` and `in_seven_days` are attempts to one number over all campaigns (C5); `shortest_gap` lies between two
    (C10); `longest_message` is in seconds (C4); `countries` are ISO codes that may be called (C9).
    """

    name: str
    hours: CallingHours
    countries: frozenset[str]
    a_day: int = 1
    in_seven_days: int = 3
    attempts: int = 3
    shortest_gap: timedelta = timedelta(minutes=60)
    longest_message: float = 60.0
