"""How a rehearsal is shown: as a table by language for people, and as JSON for machines. No number, and no name."""

import json
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from ivr.line.languages import LANGUAGES
from ivr.reminders.rehearsal import LanguageRehearsal, Rehearsal

HEAD = f"{'language':22} {'people':>7} {'calls':>7} {'person':>8} {'machine':>8}  {'first attempt':16}  last attempt"


def write_rehearsal(rehearsal: Rehearsal, zone: ZoneInfo) -> Iterator[str]:
    """The lines of a rehearsal; moments are on the clinic's clock."""
    campaign = rehearsal.campaign
    state = name_state(campaign.state)
    days = " and ".join(map(str, campaign.days))
    yield f"{campaign.name}: {campaign.purpose}, {campaign.topic}, {days} days before; {state}."
    if rehearsal.parts:
        yield HEAD
    for part in rehearsal.parts:
        yield from _write_language(part, zone)
    if rehearsal.calls:
        pace = f"{rehearsal.calls_per_second:g} a second"
        lasts = show_duration(rehearsal.dialing_seconds)
        yield f"{rehearsal.calls} calls at {pace}: {lasts} of dialing, without new tries."
    if rehearsal.faults:
        yield f"It does not start ({len(rehearsal.faults)}):"
        yield from (f"  {fault}" for fault in rehearsal.faults)
    else:
        yield "Nothing keeps it from starting."


def _write_language(part: LanguageRehearsal, zone: ZoneInfo) -> Iterator[str]:
    speakers = part.enlisted
    name = LANGUAGES[speakers.language].name if speakers.language in LANGUAGES else "unknown"
    yield (
        f"{f'{speakers.language} {name}':22} {speakers.recipients:>7} {speakers.calls:>7} "
        f"{_show_seconds(part.gate_seconds):>8} {_show_seconds(part.voicemail_seconds):>8}  "
        f"{show_moment(speakers.first_at, zone):16}  {show_moment(speakers.last_at, zone):16}"
    ).rstrip()
    if speakers.first_appointment:
        span = f"{show_moment(speakers.first_appointment, zone)} to {show_moment(speakers.last_appointment, zone)}"
        yield f"      appointments {span}"
    blocked = {"opted out": speakers.opted_out, "cancelled": speakers.cancelled}
    if any(blocked.values()):
        yield "      not called: " + ", ".join(f"{count} {why}" for why, count in blocked.items() if count)
    if part.closed:
        yield f"      closed: {part.closed}"


def name_state(state: str) -> str:
    """A campaign's state as part of a sentence."""
    return "a draft" if state == "draft" else state


def show_moment(moment: datetime | None, zone: ZoneInfo) -> str:
    """A moment on the clinic's clock; "-" for none."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else "-"


def _show_seconds(length: float | None) -> str:
    return "-" if length is None else f"{length:.1f} s"


def show_duration(seconds: float) -> str:
    """A duration, rounded up: "40 s", "12 min", "2 h 47 min"."""
    if seconds <= 90:
        return f"{-int(-seconds // 1)} s"
    minutes = -int(-seconds // 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def write_json(rehearsal: Rehearsal) -> str:
    """The same for machines; moments in UTC, lengths in seconds."""
    campaign = rehearsal.campaign
    fields = {
        "campaign": campaign.name,
        "state": campaign.state,
        "starts": not rehearsal.faults,
        "recipients": rehearsal.recipients,
        "calls": rehearsal.calls,
        "dialing_seconds": round(rehearsal.dialing_seconds, 1),
        "languages": [_list_fields(part) for part in rehearsal.parts],
        "faults": [{"place": fault.place, "words": fault.words} for fault in rehearsal.faults],
    }
    return json.dumps(fields, ensure_ascii=False, indent=1)


def _list_fields(part: LanguageRehearsal) -> dict[str, object]:
    speakers = part.enlisted
    moments = {
        name: moment.isoformat() if moment else None
        for name, moment in (
            ("first_attempt", speakers.first_at),
            ("last_attempt", speakers.last_at),
            ("first_appointment", speakers.first_appointment),
            ("last_appointment", speakers.last_appointment),
        )
    }
    return {
        "language": speakers.language,
        "open": not part.closed,
        "closed": part.closed,
        "recipients": speakers.recipients,
        "calls": speakers.calls,
        "opted_out": speakers.opted_out,
        "cancelled": speakers.cancelled,
        "gate_seconds": part.gate_seconds,
        "voicemail_seconds": part.voicemail_seconds,
        **moments,
    }
