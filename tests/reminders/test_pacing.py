"""Three dialers share one account's calls a second: never more in any second, by the database's own clock.

How much of the limit is reached depends on the machine: `tests/bench/reminders.py` measures it.
"""

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ivr.practice import Person
from tests.reminders.dialing import Clinic, Job, booking, dialers, offset_to_noon, opened, practice, shifted, until

SECONDS = float(os.environ.get("PACING_SECONDS", "2"))
DIALERS = 3
ONE = timedelta(seconds=1)


def granted(clinic: Clinic) -> list[datetime]:
    """When each call was decided: the slot that the pacer gave."""
    return sorted(row.dialing_at for row in clinic.attempts() if row.dialing_at)


@pytest.mark.parametrize("limit", [1, 10, 50])
def test_three_dialers_never_make_more_calls_in_any_second_than_the_limit(
    database_url: str, tmp_path: Path, limit: int
) -> None:
    offset = offset_to_noon()
    with opened(database_url, shifted(offset)) as clinic, practice(clinic, offset, lambda _: Person("busy")) as twilio:
        clinic.campaign(*(booking(index) for index in range(round(limit * (SECONDS + 2)))))
        job = Job(database_url, twilio.base_url, offset, a_second=limit, freshness=1.5, lease=60.0, timeout=5.0)
        with dialers(job, tmp_path / "log", DIALERS) as some:
            until(lambda: len(twilio.arrivals) > 0, "the first call")
            time.sleep(SECONDS)
            until(lambda: len(twilio.arrivals) >= SECONDS * limit / 2, "calls at half the limit")
            some.stop()
        twilio.settle(120.0)
        slots, arrivals = granted(clinic), twilio.arrivals
        assert len(arrivals) == len(slots) >= SECONDS * limit / 2
        assert [slot for slot, next_one in zip(slots, slots[limit:], strict=False) if next_one - slot < ONE] == []
