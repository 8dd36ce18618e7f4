"""`flask reminders run`: the dialer as a process, which ends cleanly and says what it does.

Rule kept here: what is logged holds no phone number (RULES H4).
"""

import json
import logging
import re
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click
from flask.cli import AppGroup, with_appcontext

from ivr.errors import StoreError
from ivr.reminders.dialer import Dialer, DialingPace
from ivr.reminders.parts import in_words, parts
from ivr.store.reminders import Reminders

IDLE_SECONDS = 0.2
BUSY_STATES = ("claimed", "dialing", "placed")
NUMBERS = re.compile(r"(?:\+|%2B)\d{6,15}")


def add_dialing(group: AppGroup) -> None:
    """Gives the command to a group."""
    group.add_command(run)


@click.command()
@with_appcontext
@click.option("--once-idle", is_flag=True, help="End when no attempt is due or under way.")
@click.option("--threads", type=click.IntRange(1, 256), help="Requests under way at once; by the pace without it.")
def run(once_idle: bool, threads: int | None) -> None:
    """Make the calls of every running campaign, until told to end (Ctrl-C, SIGTERM)."""
    line, settings = parts(), parts().settings
    with in_words():
        line.reminders.campaigns()  # a database that is not there yet is told of here, and not in the log for ever
    enough = threads or min(64, max(4, round(2 * settings.calls_per_second)))
    pace = DialingPace(account=settings.twilio_account_sid, a_second=settings.calls_per_second, threads=enough)
    dialer = Dialer(line.reminders, line.network, line.rules, pace)
    with _logged_to_stderr(), _ended_by_signals(dialer.stop):
        if once_idle:
            watcher = (line.reminders, dialer.stop)
            threading.Thread(target=_end_when_idle, args=watcher, name="idle", daemon=True).start()
        dialer.run()


def _end_when_idle(store: Reminders, end: threading.Event) -> None:
    """Ends the dialer after two looks in a row that found nothing to do: an attempt may change between two queries."""
    idle = 0
    while idle < 2 and not end.wait(IDLE_SECONDS):
        try:
            idle = 0 if is_busy(store) else idle + 1
        except StoreError as error:
            logging.getLogger(__name__).warning("the database does not say what is due: %s", error)
    end.set()


def is_busy(store: Reminders) -> bool:
    """Whether an attempt is due, claimed, or on its way."""
    now = store.now()
    for campaign in store.campaigns():
        due = store.next_due(campaign) if campaign.state == "running" else None
        counts = store.attempt_counts(campaign)
        if (due is not None and due <= now) or any(counts.get(state) for state in BUSY_STATES):
            return True
    return False


@contextmanager
def _ended_by_signals(end: threading.Event) -> Iterator[None]:
    before = {one: signal.signal(one, lambda *_: end.set()) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


class KeyValue(logging.Formatter):
    """A record as one line of key=value pairs, without the phone numbers that the network's errors repeat (H4)."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        words = json.dumps(NUMBERS.sub("(number)", super().format(record)), ensure_ascii=False)
        at = datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")
        return f"at={at} level={record.levelname.lower()} part={record.name} thread={record.threadName} words={words}"


@contextmanager
def _logged_to_stderr() -> Iterator[None]:
    handler, log = logging.StreamHandler(sys.stderr), logging.getLogger("ivr")
    handler.setFormatter(KeyValue())
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
