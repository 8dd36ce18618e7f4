"""`flask reminders run`: the dialer as a process, which ends cleanly and says what it does.

No rule stands here: who may be called, when and how fast is the dialer's (`ivr/reminders/dialer.py`).
"""

import logging
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup, with_appcontext

from ivr.commands.staff_options import in_words
from ivr.parts import spineline
from ivr.reminders.dialer import Dialer, choose_pace
from ivr.reminders.log_lines import KeyValueFormatter
from ivr.reminders.work import end_when_idle


def add_dialing(group: AppGroup) -> None:
    """Gives the command to a group."""
    group.add_command(run)


@click.command()
@with_appcontext
@click.option("--once-idle", is_flag=True, help="End when no attempt is due or under way.")
@click.option("--threads", type=click.IntRange(1, 256), help="Requests under way at once; by the pace without it.")
def run(once_idle: bool, threads: int | None) -> None:
    """Make the calls of every running campaign, until told to end (Ctrl-C, SIGTERM)."""
    line = spineline()
    with in_words():
        # So a database that is not there yet ends the command here, rather than filling the log for ever.
        line.database.store.dialer.has_work()
    pace = choose_pace(line.settings.twilio_account_sid, line.settings.calls_per_second, threads)
    dialer = Dialer(
        store=line.database.store.dialer, network=line.campaigns.network, rules=line.campaigns.rules, pace=pace
    )
    with _log_to_stderr(), _end_by_signals(dialer.stop):
        if once_idle:
            watcher = (line.database.store.dialer, dialer.stop)
            threading.Thread(target=end_when_idle, args=watcher, name="idle", daemon=True).start()
        dialer.run()


@contextmanager
def _end_by_signals(end: threading.Event) -> Iterator[None]:
    before = {number: signal.signal(number, lambda *_: end.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _log_to_stderr() -> Iterator[None]:
    handler, log = logging.StreamHandler(sys.stderr), logging.getLogger("ivr")
    handler.setFormatter(KeyValueFormatter())
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
