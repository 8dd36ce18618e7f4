"""How a rehearsal is shown: as a table by language for people, and as JSON for machines. No number, and no name."""

import json
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from ivr.line.languages import LANGUAGES
from ivr.reminders.rehearsal import LanguageRehearsal, Rehearsal

HEAD = f"{'language':22} {'people':>7} {'calls':>7} {'person':>8} {'machine':>8}  {'first attempt':16}  last attempt"


def told(rehearsal: Rehearsal, zone: ZoneInfo) -> Iterator[str]:
    """The lines of a rehearsal; moments are on the clinic's clock."""
    campaign = rehearsal.campaign
    days = " and ".join(map(str, campaign.days))
    yield f"{campaign.name}: {campaign.purpose}, {campaign.topic}, {days} days before; {in_state(campaign.state)}."
    if rehearsal.parts:
        yield HEAD
    for part in rehearsal.parts:
        yield from _part(part, zone)
    if rehearsal.calls:
        pace = f"{rehearsal.calls_per_second:g} a second"
        yield f"{rehearsal.calls} calls at {pace}: {lasting(rehearsal.dialing_seconds)} of dialing, without new tries."
    if rehearsal.faults:
        yield f"It does not start ({len(rehearsal.faults)}):"
        yield from (f"  {fault}" for fault in rehearsal.faults)
    else:
        yield "Nothing keeps it from starting."


def _part(part: LanguageRehearsal, zone: ZoneInfo) -> Iterator[str]:
    one = part.enlisted
    name = LANGUAGES[one.language].name if one.language in LANGUAGES else "unknown"
    yield (
        f"{f'{one.language} {name}':22} {one.recipients:>7} {one.calls:>7} {_seconds(part.gate_seconds):>8} "
        f"{_seconds(part.voicemail_seconds):>8}  {clock(one.first_at, zone):16}  {clock(one.last_at, zone):16}"
    ).rstrip()
    if one.first_appointment:
        span = f"{clock(one.first_appointment, zone)} to {clock(one.last_appointment, zone)}"
        yield f"      appointments {span}"
    blocked = {"opted out": one.opted_out, "cancelled": one.cancelled}
    if any(blocked.values()):
        yield "      not called: " + ", ".join(f"{count} {why}" for why, count in blocked.items() if count)
    if part.closed:
        yield f"      closed: {part.closed}"


def in_state(state: str) -> str:
    """A campaign's state as part of a sentence."""
    return "a draft" if state == "draft" else state


def clock(moment: datetime | None, zone: ZoneInfo) -> str:
    """A moment on the clinic's clock; "-" for none."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else "-"


def _seconds(length: float | None) -> str:
    return "-" if length is None else f"{length:.1f} s"


def lasting(seconds: float) -> str:
    """A duration, rounded up: "40 s", "12 min", "2 h 47 min"."""
    if seconds <= 90:
        return f"{-int(-seconds // 1)} s"
    minutes = -int(-seconds // 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def as_json(rehearsal: Rehearsal) -> str:
    """The same for machines; moments in UTC, lengths in seconds."""
    campaign = rehearsal.campaign
    told_ = {
        "campaign": campaign.name,
        "state": campaign.state,
        "starts": not rehearsal.faults,
        "recipients": rehearsal.recipients,
        "calls": rehearsal.calls,
        "dialing_seconds": round(rehearsal.dialing_seconds, 1),
        "languages": [_plain(part) for part in rehearsal.parts],
        "faults": [{"place": fault.place, "words": fault.words} for fault in rehearsal.faults],
    }
    return json.dumps(told_, ensure_ascii=False, indent=1)


def _plain(part: LanguageRehearsal) -> dict[str, object]:
    one = part.enlisted
    moments = {
        name: moment.isoformat() if moment else None
        for name, moment in (
            ("first_attempt", one.first_at),
            ("last_attempt", one.last_at),
            ("first_appointment", one.first_appointment),
            ("last_appointment", one.last_appointment),
        )
    }
    return {
        "language": one.language,
        "open": not part.closed,
        "closed": part.closed,
        "recipients": one.recipients,
        "calls": one.calls,
        "opted_out": one.opted_out,
        "cancelled": one.cancelled,
        "gate_seconds": part.gate_seconds,
        "voicemail_seconds": part.voicemail_seconds,
        **moments,
    }
