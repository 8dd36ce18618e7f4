"""How long reminders are kept, and under which key (rules H4, H7)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from ivr.errors import StoreError
from ivr.line.nodes import Reply
from ivr.store.campaigns.settling import Report
from ivr.store.reminder_schema import AttemptRow, CallbackEventRow, ConsentRow, OptOutRow, RecipientRow, TaskRow
from ivr.store.secrets import Secrets
from ivr.store.store import Store
from tests.reminders.dialing import BY, HASH_KEY, KEY, NOON, Clinic, booking, number

TABLES = (RecipientRow, AttemptRow, CallbackEventRow, TaskRow, ConsentRow, OptOutRow)


def counts(clinic: Clinic) -> list[int]:
    with clinic.connection() as connection:
        return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES]


def store_at(clinic: Clinic, days: float, secrets: Secrets | None = None) -> Store:
    """The store of the same database, so many days after the campaign began."""
    return Store(clinic.url, secrets or clinic.secrets, now=lambda: NOON + timedelta(days=days))


@pytest.fixture
def busy(clinic: Clinic) -> Clinic:
    """Two patients: one was called, wants a change, and opted out later; the other waits."""
    clinic.campaign(booking(0, name="Ana Díaz"), booking(1))
    attempt = clinic.attempts()[0].id
    clinic.store.dialer.take_report(Report("CA1/ringing", attempt, "CA1", "ringing"), lambda _: None)
    clinic.store.line.keep_reply(attempt, Reply.CHANGE)
    clinic.store.staff.opt_outs.enter_opt_out(number(0), "staff", BY)
    return clinic


def test_h7_reminders_are_purged_by_their_appointments_and_what_people_decided_stays(busy: Clinic) -> None:
    assert counts(busy) == [2, 2, 1, 1, 2, 1]
    late = store_at(busy, 100)
    late.staff.upkeep.forget(NOON + timedelta(days=2))  # before the appointments
    assert counts(busy) == [2, 2, 1, 1, 2, 1]
    late.staff.upkeep.forget(NOON + timedelta(days=10), by="ana")
    assert counts(busy) == [0, 0, 0, 0, 2, 1]
    late.close()


def test_c5_calls_that_still_count_are_not_purged(busy: Clinic) -> None:
    soon = store_at(busy, 4)
    soon.staff.upkeep.forget(NOON + timedelta(days=4))
    assert counts(busy) == [2, 2, 1, 1, 2, 1]
    soon.close()


def test_h4_a_new_key_encrypts_every_number_name_and_id_again(busy: Clinic) -> None:
    new = Secrets.make_key()
    both = store_at(busy, 0, Secrets([new, KEY], HASH_KEY))
    assert both.staff.upkeep.rotate() == 3  # two recipients, one opt-out
    both.close()
    after = store_at(busy, 0, Secrets([new], HASH_KEY))
    found = after.staff.results.list_patients(after.staff.campaigns.find_campaign("spring"), BY)
    assert [(one.number, one.name, one.reference) for one in found] == [
        (number(0), "Ana Díaz", "P-0"),
        (number(1), "", "P-1"),
    ]
    assert [out.number for out in after.staff.opt_outs.list_opt_outs(BY)] == [number(0)]
    after.close()


def test_without_the_old_key_nothing_is_changed_and_one_is_told(busy: Clinic) -> None:
    alone = store_at(busy, 0, Secrets([Secrets.make_key()], HASH_KEY))
    with pytest.raises(StoreError, match="need a key that is no longer in the settings"):
        alone.staff.upkeep.rotate()
    alone.close()
    patients = busy.store.staff.results.list_patients(busy.store.staff.campaigns.find_campaign("spring"), BY)
    assert [patient.number for patient in patients] == [
        number(0),
        number(1),
    ]
