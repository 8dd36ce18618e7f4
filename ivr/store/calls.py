"""What is known about a call, put together from its events in whatever order and number they arrive.

Each event becomes a `CallRecord` that knows only what the event says. `merge` joins two records, and is
commutative, associative and idempotent: so late, repeated and swapped events all end in the same row, and several
processes may write about one call at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter

from sqlalchemy import Connection, bindparam, delete, func, select, update

from ivr.line.events import CallEnded, CallEvent, CallStarted, ClipStarted, LanguageChosen
from ivr.line.nodes import UNLISTED
from ivr.store.schema import CallerLanguageRow, CallRow, ListeningRow
from ivr.store.writing import insert


@dataclass(frozen=True)
class CallRecord:
    """One call as far as it is known; the fields are the columns of `CallRow`."""

    id: str
    caller_hash: str
    language: str | None
    language_at: datetime | None
    started_at: datetime
    ended_at: datetime | None
    seconds: int | None
    status: str | None


@dataclass(frozen=True)
class SectionHeard:
    """A section of which a caller heard at least the beginning; `clips` counts its different clips."""

    topic: str
    section: str
    clips: int


def record_of(event: CallEvent) -> CallRecord:
    """What one event says about its call. The start is at least as early as the earliest event known."""
    match event:
        case CallStarted(call, at, caller):
            return CallRecord(call, caller, None, None, at, None, None, None)
        case LanguageChosen(call, at, caller, language):
            return CallRecord(call, caller, language, at, at, None, None, None)
        case ClipStarted(call, at, language):
            return CallRecord(call, "", language, at, at, None, None, None)
        case CallEnded(call, at, seconds, status):
            return CallRecord(call, "", None, None, at, at, seconds, status)


def merge(one: CallRecord, other: CallRecord) -> CallRecord:
    """Both records of one call as one: the earliest start, the last language, the first word of its end."""
    speaking = max((one, other), key=lambda known: (known.language_at is not None, known.language_at, known.language))
    ending = min((one, other), key=lambda known: (known.ended_at is None, known.ended_at, known.seconds, known.status))
    return CallRecord(
        id=one.id,
        caller_hash=max(one.caller_hash, other.caller_hash),
        language=speaking.language,
        language_at=speaking.language_at,
        started_at=min(one.started_at, other.started_at),
        ended_at=ending.ended_at,
        seconds=ending.seconds,
        status=ending.status,
    )


def merged(records: Iterable[CallRecord]) -> dict[str, CallRecord]:
    """The records joined into one for each call, by the call's id, in the order of the ids."""
    calls: dict[str, CallRecord] = {}
    for record in records:
        known = calls.get(record.id)
        calls[record.id] = record if known is None else merge(known, record)
    return dict(sorted(calls.items()))


def write(connection: Connection, events: Sequence[CallEvent], *, remember_language: bool) -> None:
    """Write events into the open transaction."""
    clips = [event for event in events if isinstance(event, ClipStarted)]
    others = (event for event in events if not isinstance(event, ClipStarted))
    _write_calls(connection, merged(map(record_of, (*others, *_outermost(clips)))))
    _write_clips(connection, clips)
    if remember_language:
        _write_languages(connection, [e for e in events if isinstance(e, LanguageChosen) and e.caller])


def _outermost(clips: Sequence[ClipStarted]) -> Iterator[ClipStarted]:
    """The first and the last clip of each call: all that a call's own row learns from its clips."""
    first: dict[str, ClipStarted] = {}
    last: dict[str, ClipStarted] = {}
    for clip in clips:
        if clip.at <= first.setdefault(clip.call, clip).at:
            first[clip.call] = clip
        known = last.setdefault(clip.call, clip)
        if (clip.at, clip.language) > (known.at, known.language):
            last[clip.call] = clip
    yield from first.values()
    yield from last.values()


_COLUMNS = tuple(getattr(CallRow, field.name) for field in fields(CallRecord))


def _write_calls(connection: Connection, said: dict[str, CallRecord]) -> None:
    # In the order of the ids everywhere: two processes that write about the same calls wait, and never deadlock.
    connection.execute(insert(connection, CallRow).on_conflict_do_nothing(), [_row(call) for call in said.values()])
    locked = select(*_COLUMNS).where(CallRow.id.in_(said)).order_by(CallRow.id).with_for_update()
    kept = [CallRecord(*row) for row in connection.execute(locked)]
    changed = [row for known in kept if (row := merge(known, said[known.id])) != known]
    if changed:
        by_id = update(CallRow).where(CallRow.id == bindparam("of"))
        connection.execute(by_id, [_row(call) | {"of": call.id} for call in changed])


_NAMES = tuple(field.name for field in fields(CallRecord))
_VALUES = attrgetter(*_NAMES)  # `astuple` copies every datetime, which was half of the cost of an event


def _row(call: CallRecord) -> dict[str, object]:
    return dict(zip(_NAMES, _VALUES(call), strict=True))


_CLIP_COLUMNS = ("call_id", "at", "language", "topic", "section", "clip")
_CLIP_VALUES = attrgetter("call", "at", "language", "topic", "section", "clip")


def _write_clips(connection: Connection, clips: Sequence[ClipStarted]) -> None:
    if clips:
        rows = [dict(zip(_CLIP_COLUMNS, _CLIP_VALUES(clip), strict=True)) for clip in clips]
        connection.execute(insert(connection, ListeningRow).on_conflict_do_nothing(), rows)


def _write_languages(connection: Connection, choices: Sequence[LanguageChosen]) -> None:
    offered = [choice for choice in choices if choice.language != UNLISTED]
    if not offered:
        return
    last = {choice.caller: choice for choice in sorted(offered, key=lambda choice: choice.at)}
    new = insert(connection, CallerLanguageRow)
    newest = new.on_conflict_do_update(
        index_elements=[CallerLanguageRow.caller_hash],
        set_={"language": new.excluded.language, "updated_at": new.excluded.updated_at},
        where=CallerLanguageRow.updated_at < new.excluded.updated_at,
    )
    rows = [{"caller_hash": c.caller, "language": c.language, "updated_at": c.at} for _, c in sorted(last.items())]
    connection.execute(newest, rows)


def last_language(connection: Connection, caller_hash: str) -> str | None:
    """The language that this caller chose last."""
    chosen = select(CallerLanguageRow.language).where(CallerLanguageRow.caller_hash == caller_hash)
    return connection.scalar(chosen)


def newest(connection: Connection, limit: int) -> Sequence[CallRecord]:
    """The newest calls first."""
    query = select(*_COLUMNS).order_by(CallRow.started_at.desc(), CallRow.id).limit(limit)
    return [CallRecord(*row) for row in connection.execute(query)]


def sections_heard(connection: Connection, call: str) -> Sequence[SectionHeard]:
    """The sections of one call, in the order in which they were first heard."""
    query = (
        select(ListeningRow.topic, ListeningRow.section, func.count(ListeningRow.clip.distinct()))
        .where(ListeningRow.call_id == call)
        .group_by(ListeningRow.topic, ListeningRow.section)
        .order_by(func.min(ListeningRow.at), ListeningRow.topic, ListeningRow.section)
    )
    return [SectionHeard(*row) for row in connection.execute(query)]


def forget_calls(connection: Connection, before: datetime, limit: int) -> int:
    """Delete calls that began before a moment, with what was heard in them, the oldest first; returns how many."""
    oldest = select(CallRow.id).where(CallRow.started_at < before).order_by(CallRow.started_at).limit(limit)
    return connection.execute(delete(CallRow).where(CallRow.id.in_(oldest))).rowcount


def forget_languages(connection: Connection, before: datetime) -> None:
    """Delete the languages of callers who have not chosen one since a moment."""
    connection.execute(delete(CallerLanguageRow).where(CallerLanguageRow.updated_at < before))
