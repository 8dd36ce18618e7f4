"""The rules of reminder calls (C1 to C10) as functions: each is named after what it proves, and returns what is
wrong in words. No fault means that the rule holds. No word here holds a phone number or a name (H4).
Their ids are those of ivr/README.md.

A rule about a campaign or a row returns its faults. A rule about a moment (C5, C10) returns a `Refusal`, which also
says from when the rule would allow the call. C4 measures, C7 and C11 are kept where calls are queued and spoken.
"""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import PhoneNumberType, shortnumberinfo

from ivr.errors import Fault
from ivr.numbers import parse_existing_number
from ivr.reminders.rules.appointments import CallingHours, Profile, Purpose, Recipient
from ivr.reminders.rules.calling_hours import ONE_DAY, ClosedDays, find_next_allowed, find_start_of_day

Faults = tuple[Fault, ...]
SEVEN_DAYS = timedelta(days=7)
EVERY_WEEKDAY = frozenset(range(7))

NEVER_DIALED = {
    PhoneNumberType.PREMIUM_RATE: "a premium number, which costs extra",
    PhoneNumberType.SHARED_COST: "a number whose cost is shared with the person called",
    PhoneNumberType.PERSONAL_NUMBER: "a personal number that follows its owner and may cost extra",
    PhoneNumberType.PAGER: "a pager",
    PhoneNumberType.UAN: "a company's number for all its offices",
    PhoneNumberType.VOICEMAIL: "a voicemail service",
}
"""What rule C9 keeps from being dialed, besides emergency and short numbers (47 CFR 64.1200(a)(1)(i) to (iii))."""


@dataclass(frozen=True)
class Refusal:
    """Why no call may leave now, and the earliest moment (UTC) at which this rule would allow it; None for never."""

    fault: Fault
    earliest: datetime | None


def c1_consent(recipient: Recipient, purpose: str, today: date | None = None) -> Faults:
    """The row has a consent on record, with its source, for this campaign's purpose, and not from after `today`."""
    place, consent = f"C1 consent, line {recipient.line}", recipient.consent
    if consent is None:
        return (Fault(place, "No consent is on record. Enter where and when this person agreed to be called."),)
    faults = []
    if not consent.source.strip():
        faults.append(Fault(place, "The consent does not say where it is written down. Enter its source."))
    if _fold(consent.purpose) != _fold(purpose):
        words = f"The consent is for {consent.purpose!s}, this campaign for {purpose!s}. Ask for that consent too."
        faults.append(Fault(place, words))
    if today and consent.on > today:
        faults.append(Fault(place, f"The consent is dated {consent.on}, which has not come yet. Correct the date."))
    return tuple(faults)


def c2_purpose(purpose: str) -> Faults:
    """The campaign's purpose is one of those that need no more than this consent; it neither sells nor bills."""
    if _fold(purpose) in set(Purpose):
        return ()
    return (Fault("C2 purpose", f"{purpose!r} is no purpose of a reminder. Choose one of: {', '.join(Purpose)}."),)


def c3_caller_is_named(clinic_name: str, clinic_number: str, from_number: str) -> Faults:
    """The first words have a clinic to name and a number to call back, which is not the one that dials (E.164 each)."""
    faults = []
    if not clinic_name.strip():
        faults.append(Fault("C3 caller, name", "The clinic has no name to say. Enter its legal name."))
    if parse_existing_number(clinic_number) is None:
        faults.append(Fault("C3 caller, number", "There is no valid number to call back. Enter the clinic's, +1..."))
    if parse_existing_number(from_number) is None:
        faults.append(Fault("C3 caller, dialing number", "The number that dials is missing or not valid. Enter it."))
    elif parse_existing_number(from_number) == parse_existing_number(clinic_number):
        words = "The number to call back is the one that dials. Enter another, at which a person answers."
        faults.append(Fault("C3 caller, number", words))
    return tuple(faults)


def c4_message_is_short(seconds: Mapping[str, float], profile: Profile) -> Faults:
    """The longest message of each language (code to seconds) was measured, and runs no longer than is allowed."""
    if not seconds:
        return (Fault("C4 length", "No message was measured. Build the campaign's clips first."),)
    most = profile.longest_message
    return tuple(
        Fault(f"C4 length, {code}", f"The message runs {length:.2f} s; {most:.2f} s is the most. Shorten its words.")
        for code, length in sorted(seconds.items())
        if not 0 < length <= most
    )


def c5_caps(now: datetime, history: Iterable[datetime], zones: Set[ZoneInfo], profile: Profile) -> Refusal | None:
    """One more attempt at `now` is within the caps a local day, in every zone of the patient, and in any seven days.

    `history` holds when each attempt to this number was made, over all campaigns (or each message that reached a person
    or a machine, where that setting is chosen). Seven days are 168 hours. Zones that are unknown are refused by C8.
    """
    moment, made = now.astimezone(UTC), sorted(at.astimezone(UTC) for at in history)
    days = {zone: moment.astimezone(zone).date() for zone in zones}
    waits = [
        find_start_of_day(day + ONE_DAY, zone)
        for zone, day in days.items()
        if sum(at.astimezone(zone).date() == day for at in made) >= profile.a_day
    ]
    recent = [at for at in made if at > moment - SEVEN_DAYS]
    if len(recent) >= profile.in_seven_days:
        waits.append(recent[-profile.in_seven_days] + SEVEN_DAYS)
    if not waits:
        return None
    words = f"{profile.a_day} a day and {profile.in_seven_days} in seven days is the most for one number, over all "
    return Refusal(Fault("C5 caps", f"{words}campaigns. This number has had that. Wait."), max(waits))


def c6_opt_out_is_offered(opt_out_number: str) -> Faults:
    """The number that a voicemail names to stop the calls (E.164) is a toll-free one."""
    number = parse_existing_number(opt_out_number)
    if number is not None and phonenumbers.number_type(number) == PhoneNumberType.TOLL_FREE:
        return ()
    return (Fault("C6 opt-out number", "It is missing or not toll-free. Enter a toll-free number, such as +1 800 ..."),)


def c8_a_common_hour_is_known(
    zones: Set[ZoneInfo], hours: CallingHours, now: datetime, before: datetime, line: int = 0
) -> Faults:
    """The patient's zones are known, and have an hour in common between `now` and `before` (the appointment).

    Closed days do not matter here: the plan works around those. `line` is the row's, 0 where there is none.
    """
    place = f"C8 calling hours, line {line}" if line else "C8 calling hours"
    if not zones:
        return (Fault(place, "Nobody can tell the time where this patient is. Enter their time zone or ZIP code."),)
    # Two days at least, so that an appointment which is near is not taken for zones that never meet.
    end = max(before.astimezone(UTC), now.astimezone(UTC) + 2 * ONE_DAY)
    if find_next_allowed(now, zones, hours, ClosedDays(ZoneInfo("UTC"), weekdays=EVERY_WEEKDAY), end):
        return ()
    names = sorted(zone.key for zone in zones)
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    words = f"is never allowed in all zones at once where this patient may be ({shown}). Correct number, zone or ZIP."
    return (Fault(place, f"{hours.first:%H:%M} to {hours.last:%H:%M} {words}"),)


def c9_number_may_be_called(phone: str, profile: Profile, line: int = 0) -> Faults:
    """The number (E.164) is a person's, in a country on the list: no emergency, short or premium number."""
    place = f"C9 number, line {line}" if line else "C9 number"
    words = _explain_refusal(phone, profile)
    return (Fault(place, words),) if words else ()


def c10_gap(now: datetime, history: Iterable[datetime], attempts: int, profile: Profile) -> Refusal | None:
    """An hour lies between two attempts to this number, and a reminder that had `attempts` so far may have one more."""
    if attempts >= profile.attempts:
        words = f"This reminder has had {attempts} attempts; {profile.attempts} is the most. Call in person."
        return Refusal(Fault("C10 attempts", words), None)
    earliest = max((at.astimezone(UTC) + profile.shortest_gap for at in history), default=now.astimezone(UTC))
    if now.astimezone(UTC) >= earliest:
        return None
    minutes = int(profile.shortest_gap.total_seconds() // 60)
    return Refusal(Fault("C10 gap", f"{minutes} minutes must lie between two attempts to one number. Wait."), earliest)


def _explain_refusal(phone: str, profile: Profile) -> str:
    if words := _explain_short_number(phone, sorted(profile.countries)):
        return words
    number = parse_existing_number(phone)
    if number is None:
        return "This is no valid phone number. Correct it."
    if kind := NEVER_DIALED.get(phonenumbers.number_type(number)):
        return f"This is {kind}, and is never dialed. Ask for another number."
    country = phonenumbers.region_code_for_number(number)
    if country not in profile.countries:
        listed = ", ".join(sorted(profile.countries))
        return f"The number's country ({country}) is not on the clinic's list ({listed}). Ask for another number."
    return ""


def _explain_short_number(phone: str, countries: Sequence[str]) -> str:
    digits = re.sub(r"\D", "", phone)
    if any(shortnumberinfo.is_emergency_number(digits, country) for country in countries):
        return "This is an emergency number, and is never dialed. Correct it."
    if 0 < len(digits) <= 6:
        return "This is a short number, and is never dialed. Enter a person's full number."
    return ""


def _fold(text: str) -> str:
    return " ".join(str(text).casefold().split())
