"""What is known about a call, put together from its events in whatever order and number they arrive.

Each event becomes a `StoredCall` that knows only what the event says. `merge` joins two records, and is
commutative, associative and idempotent: so late, repeated and swapped events all end in the same row, and several
processes may write about one call at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter

from sqlalchemy import Connection, bindparam, delete, func, select, update

from ivr.line.events import CallBackRequest, CallEnded, CallEvent, CallStarted, ClipStarted, LanguageChosen, LastCall
from ivr.line.nodes import UNLISTED
from ivr.store.schema import CallBackRow, CallerLanguageRow, CallRow, ListeningRow
from ivr.store.secrets import Secrets
from ivr.store.writing import insert


@dataclass(frozen=True, kw_only=True)
class StoredCall:
    """One call as far as it is known; the fields are the columns of `CallRow`."""

    id: str
    caller_hash: str = ""
    language: str | None = None
    language_at: datetime | None = None
    started_at: datetime
    ended_at: datetime | None = None
    seconds: int | None = None
    status: str | None = None


@dataclass(frozen=True)
class SectionHeard:
    """A section of which a caller heard at least the beginning; `clips` counts its different clips."""

    topic: str
    section: str
    clips: int


def read_event(event: CallEvent) -> StoredCall:
    """What one event says about its call. The start is at least as early as the earliest event known."""
    match event:
        case CallStarted(call, at, caller):
            return StoredCall(id=call, caller_hash=caller, started_at=at)
        case LanguageChosen(call, at, caller, language, _):
            return StoredCall(id=call, caller_hash=caller, started_at=at, language=language, language_at=at)
        case ClipStarted(call, at, language):
            return StoredCall(id=call, started_at=at, language=language, language_at=at)
        case CallEnded(call, at, seconds, status):
            return StoredCall(id=call, started_at=at, ended_at=at, seconds=seconds, status=status)


def merge(first: StoredCall, second: StoredCall) -> StoredCall:
    """Join two records of the same call: the earliest start, the last language, the first word of its end."""
    speaking = max(
        (first, second), key=lambda known: (known.language_at is not None, known.language_at, known.language)
    )
    ending = min(
        (first, second), key=lambda known: (known.ended_at is None, known.ended_at, known.seconds, known.status)
    )
    return StoredCall(
        id=first.id,
        caller_hash=max(first.caller_hash, second.caller_hash),
        language=speaking.language,
        language_at=speaking.language_at,
        started_at=min(first.started_at, second.started_at),
        ended_at=ending.ended_at,
        seconds=ending.seconds,
        status=ending.status,
    )


def merge_by_call(records: Iterable[StoredCall]) -> dict[str, StoredCall]:
    """Join the records of each call; returns them by the call's id, in the order of the ids."""
    calls: dict[str, StoredCall] = {}
    for record in records:
        known = calls.get(record.id)
        calls[record.id] = record if known is None else merge(known, record)
    return dict(sorted(calls.items()))


def write_events(connection: Connection, events: Sequence[CallEvent], *, remember_language: bool) -> None:
    """Write events into the open transaction."""
    clips = [event for event in events if isinstance(event, ClipStarted)]
    remaining = (event for event in events if not isinstance(event, ClipStarted))
    _write_calls(connection, merge_by_call(map(read_event, (*remaining, *_pick_outermost(clips)))))
    _write_clips(connection, clips)
    if remember_language:
        _write_languages(connection, [event for event in events if isinstance(event, LanguageChosen) and event.caller])


def _pick_outermost(clips: Sequence[ClipStarted]) -> Iterator[ClipStarted]:
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


_NAMES = tuple(field.name for field in fields(StoredCall))
_COLUMNS = tuple(getattr(CallRow, name) for name in _NAMES)


def _write_calls(connection: Connection, said: dict[str, StoredCall]) -> None:
    # In the order of the ids everywhere: two processes that write about the same calls wait, and never deadlock.
    connection.execute(
        insert(connection, CallRow).on_conflict_do_nothing(), [_make_row(call) for call in said.values()]
    )
    locked = select(*_COLUMNS).where(CallRow.id.in_(said)).order_by(CallRow.id).with_for_update()
    kept = [StoredCall(**dict(zip(_NAMES, row, strict=True))) for row in connection.execute(locked)]
    changed = [row for known in kept if (row := merge(known, said[known.id])) != known]
    if changed:
        by_id = update(CallRow).where(CallRow.id == bindparam("of"))
        connection.execute(by_id, [_make_row(call) | {"of": call.id} for call in changed])


_VALUES = attrgetter(*_NAMES)  # `astuple` copies every datetime, which was half of the cost of an event


def _make_row(call: StoredCall) -> dict[str, object]:
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
        set_={name: new.excluded[name] for name in ("language", "choices", "updated_at")},
        where=CallerLanguageRow.updated_at < new.excluded.updated_at,
    )
    rows = [
        {
            "caller_hash": choice.caller,
            "language": choice.language,
            "choices": choice.choices,
            "updated_at": choice.at,
        }
        for _, choice in sorted(last.items())
    ]
    connection.execute(newest, rows)


def save_call_back(connection: Connection, secrets: Secrets, request: CallBackRequest) -> None:
    """Store a request to be called back; the same call asking for the same number again changes nothing."""
    row = {
        "call_id": request.call,
        "at": request.at,
        "number_encrypted": secrets.encrypt_number(request.number),
        "number_hash": secrets.hash_number(request.number),
        "language": request.language,
        "place": request.place,
        "state": "open",
    }
    connection.execute(insert(connection, CallBackRow).on_conflict_do_nothing(), row)


def find_last_call(connection: Connection, caller_hash: str) -> LastCall | None:
    """The language that this caller chose last, and the choices that they heard."""
    columns = select(CallerLanguageRow.language, CallerLanguageRow.choices)
    found = connection.execute(columns.where(CallerLanguageRow.caller_hash == caller_hash)).one_or_none()
    return LastCall(*found) if found else None


def list_calls(connection: Connection, limit: int) -> Sequence[StoredCall]:
    """The newest calls first."""
    query = select(*_COLUMNS).order_by(CallRow.started_at.desc(), CallRow.id).limit(limit)
    return [StoredCall(**dict(zip(_NAMES, row, strict=True))) for row in connection.execute(query)]


def list_sections_heard(connection: Connection, call: str) -> Sequence[SectionHeard]:
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
