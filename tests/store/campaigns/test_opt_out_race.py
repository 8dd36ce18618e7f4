"""An opt-out while ten thousand calls wait: from its commit on, not one call to that number leaves (rule C7).

The opt-outs are entered by another process, for numbers that are just about to be dialed or being dialed. A moment is
noted inside each opt-out's transaction, so before its commit; the practice Twilio notes when each request arrives.
"""

import os
import random
from pathlib import Path

from ivr.practice import Person, Troubles
from tests.reminders.dialing import (
    Job,
    Process,
    booking,
    dialers,
    number,
    offset_to_noon,
    opened,
    practice,
    shifted,
    until,
)

WAITING = 10_000
ENTERED = int(os.environ.get("OPT_OUTS", "40"))
"""How many opt-outs are entered; OPT_OUTS=100 is the longer run."""
AHEAD = 12
"""How far in front of the calls the opt-outs are: the dialers take a call from about there."""
SLOW = Troubles(slow=1.0, slow_seconds=0.05)
"""Each request is under way for a while, so that an opt-out meets it there."""


def test_c7_no_call_leaves_after_the_commit_of_an_opt_out(database_url: str, tmp_path: Path) -> None:
    offset, draw = offset_to_noon(), random.Random(7)  # noqa: S311  # a run that can be repeated
    with (
        opened(database_url, shifted(offset)) as clinic,
        practice(clinic, offset, lambda _: Person("busy"), SLOW) as twilio,
    ):
        clinic.campaign(*(booking(index) for index in range(WAITING)))
        job = Job(database_url, twilio.base_url, offset, a_second=60, freshness=1.5, lease=60.0, timeout=5.0)
        staff = Process("opt-out", job, tmp_path / "log")
        commits: dict[str, float] = {}
        with dialers(job, tmp_path / "log", 2) as some:
            staff.ask(number(WAITING))  # somebody else, until the process is ready
            for _ in range(ENTERED):
                begun = len(twilio.arrivals)
                until(lambda begun=begun: len(twilio.arrivals) > begun, "another call")  # type: ignore[misc]
                chosen = number(min(WAITING - 1, begun + draw.randrange(AHEAD)))
                told, moment = staff.ask(chosen).split()
                commits[told] = float(moment)
            seen = len(twilio.arrivals)
            until(lambda: len(twilio.arrivals) > seen + 2 * AHEAD, "calls to those behind them")
            some.stop()
        staff.end()
        twilio.settle(120.0)
        called = {record.to: record.at for record in twilio.calls}
        met = [chosen for chosen in commits if chosen in called]
        assert [chosen for chosen in met if called[chosen] > commits[chosen]] == []
        assert 0 < len(met) < len(commits)
        left = {row.number_hash: row.state for row in clinic.attempts()}
        for chosen in set(commits) - set(met):
            assert left[clinic.secrets.hash_number(chosen)] == "opted_out"
