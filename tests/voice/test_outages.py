"""The database is locked, or gone, in the middle of a call: the caller hears the section to its end all the same.

What only counts comes later, or is counted as lost; what the caller was promised (a call-back) is never pretended.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from flask import Flask

from ivr.line import phrases
from ivr.phones.handset import HandsetEvent
from ivr.phones.own_network import make_call_sid
from ivr.phones.terminal import play_keys, read_keys
from ivr.store.store import Store
from ivr.store.writer import EventWriter
from ivr.wiring import own_network
from tests.conftest import MakeLine

PREP = ["medicines", "which-medicines", "fasting", "ride"]
BEFORE_AND_BETWEEN = "T T T T T T"
"""Silence: past the notice and the lesson of pound to the first clip, past the lesson after it, and on to the last."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another process holds the whole file: nobody else can read or write."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("CREATE TABLE IF NOT EXISTS held (one INTEGER)")
        yield
        connection.execute("ROLLBACK")


def database_of(app: Flask) -> Path:
    return Path(app.extensions["spineline"].settings.database_url.removeprefix("sqlite:///"))


def call(app: Flask, keys: str, sid: str) -> list[HandsetEvent]:
    handset = own_network(app).make_handset()
    return list(play_keys(handset, sid, "+12125550123", "+12125550100", read_keys(keys)))


def texts(app: Flask, section: str, clips: list[str]) -> list[str]:
    script = {line.id: line.text for line in app.extensions["spineline"].content.scripts["es"]}
    return [script[f"compression-fracture.{section}.{clip}"] for clip in clips]


def test_a_section_is_heard_to_its_end_while_the_database_is_locked_and_its_events_come_later(app: Flask) -> None:
    store: Store = app.extensions["spineline"].database.store
    writer: EventWriter = app.extensions["spineline"].database.writer
    sid = make_call_sid()
    with locked(database_of(app)):
        heard = [item.text for item in call(app, f"2 # 2 {BEFORE_AND_BETWEEN}", sid)]
        assert [text for text in texts(app, "prep", PREP) if text in heard] == texts(app, "prep", PREP)
    assert writer.flush(30)
    assert writer.lost == 0
    assert [part.section for part in store.staff.calls.list_sections_heard(sid)] == ["prep"]


def test_a_call_back_that_cannot_be_saved_is_never_confirmed(make_line: MakeLine) -> None:
    app = make_line(CLINIC_NUMBER="+13125550100", OFFICE_HOURS="")
    with locked(database_of(app)):
        heard = [item.text for item in call(app, "1 # 0 1 1", make_call_sid())]
    assert phrases.CALL_BACK_FAILED.text in heard
    assert phrases.CALL_US.text in heard
    assert phrases.CALL_BACK_SAVED.text not in heard
    app.extensions["spineline"].database.writer.flush(30)


def test_events_that_never_reach_the_database_are_counted(make_line: MakeLine, tmp_path: Path) -> None:
    app = make_line()
    parts = app.extensions["spineline"]
    with locked(database_of(app)):
        call(app, f"2 # 2 {BEFORE_AND_BETWEEN}", make_call_sid())
        parts.database.writer.close(0.1)
    lost = next(
        line
        for line in app.test_client().get("/metrics").text.splitlines()
        if line.startswith("spineline_lost_events_total")
    )
    assert float(lost.split()[1]) == parts.database.writer.lost > 0
