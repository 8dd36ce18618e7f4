"""The desks of the running line: each act of staff has one home, which commands and pages both ask.

A part of the wiring. A desk is opened for one command or one request, and asks for words and clips only when an act
needs them.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from ivr.parts import Spineline
from ivr.reminders.desk import RemindersDesk, open_desk
from ivr.reminders.stage import CallingClinic, SpokenLine
from ivr.settings.rows import Settings


def open_reminders_desk(line: Spineline) -> RemindersDesk:
    """Every act of staff with campaigns."""
    return open_desk(
        clinic=_calling_clinic(line.settings),
        store=line.database.store.staff,
        rules=line.campaigns.rules,
        spoken=lambda: _spoken_line(line),
        say_whole=lambda moments: _build_day_and_time_clips(line, moments),
    )


def _build_day_and_time_clips(line: Spineline, moments: Iterable[tuple[str, datetime]]) -> int:
    from ivr.content import build_day_and_time_clips

    return build_day_and_time_clips(line, moments)


def _spoken_line(line: Spineline) -> SpokenLine:
    from ivr.wording.neutral_words import read_neutral_lists

    content = line.content
    return SpokenLine(
        topics=content.topics,
        line=content.line,
        words=content.words,
        clips=content.clips,
        scripts=content.scripts,
        closed=content.availability.closed,
        closed_topics=content.availability.closed_topics,
        read_forbidden=partial(read_neutral_lists, line.settings.locales_folder, content.line.languages),
    )


def _calling_clinic(settings: Settings) -> CallingClinic:
    return CallingClinic(
        names=settings.clinic_name,
        number=settings.clinic_number,
        caller_number=settings.caller_number,
        opt_out_number=settings.opt_out_number,
        country=settings.country,
        zone=settings.office_timezone,
        reminder_days=settings.reminder_days,
        calls_per_second=settings.calls_per_second,
    )
