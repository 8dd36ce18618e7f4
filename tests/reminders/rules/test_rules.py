"""Each rule of reminder calls, by its id: what it lets through, and in which words it refuses."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import phonenumbers
import pytest

from ivr.errors import Fault, SettingsError
from ivr.reminders.list.zones import find_zones
from ivr.reminders.rules.appointments import CallingHours, Consent, Profile, Purpose, Recipient
from ivr.reminders.rules.profiles import US, make_custom_profile, narrow_hours
from ivr.reminders.rules.rules import (
    Faults,
    Refusal,
    c1_consent,
    c2_purpose,
    c3_caller_is_named,
    c4_message_is_short,
    c5_caps,
    c6_opt_out_is_offered,
    c8_a_common_hour_is_known,
    c9_number_may_be_called,
    c10_gap,
)

NEW_YORK = frozenset({ZoneInfo("America/New_York")})
TODAY = date(2027, 7, 1)
SIGNED = Consent("intake form, page 2", date(2027, 6, 1), "appointment reminder")


def words(faults: Faults) -> list[str]:
    return [str(fault) for fault in faults]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def row(consent: Consent | None) -> Recipient:
    appointment = datetime(2027, 7, 20, 10, tzinfo=ZoneInfo("America/New_York"))
    return Recipient(7, "+12125550123", "en", appointment, consent=consent)


# --- C1 to C4: the campaign and the row -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("consent", "purpose", "found"),
    [
        (SIGNED, "appointment reminder", []),
        (SIGNED, " Appointment  Reminder ", []),
        (
            None,
            "appointment reminder",
            ["C1 consent, line 7: No consent is on record. Enter where and when this person agreed to be called."],
        ),
        (
            Consent("  ", date(2027, 6, 1)),
            "appointment reminder",
            ["C1 consent, line 7: The consent does not say where it is written down. Enter its source."],
        ),
        (
            SIGNED,
            "post-discharge follow-up",
            [
                "C1 consent, line 7: The consent is for appointment reminder, this campaign for post-discharge "
                "follow-up. Ask for that consent too."
            ],
        ),
        (
            Consent("form", date(2027, 7, 2)),
            "appointment reminder",
            ["C1 consent, line 7: The consent is dated 2027-07-02, which has not come yet. Correct the date."],
        ),
        (Consent("form", TODAY), "appointment reminder", []),
    ],
)
def test_c1_a_row_without_a_consent_for_this_purpose_is_refused(
    consent: Consent | None, purpose: str, found: list[str]
) -> None:
    assert words(c1_consent(row(consent), purpose, TODAY)) == found


def test_c1_all_that_is_wrong_with_a_consent_is_said_at_once() -> None:
    assert len(c1_consent(row(Consent("", date(2027, 7, 2), "marketing")), Purpose.EXAM, TODAY)) == 3


@pytest.mark.parametrize("purpose", [*Purpose, "Exam Confirmation", " pre-procedure  instructions"])
def test_c2_the_four_purposes_are_allowed(purpose: str) -> None:
    assert c2_purpose(purpose) == ()


@pytest.mark.parametrize("purpose", ["", "billing", "appointment reminder and offers", "satisfaction survey"])
def test_c2_any_other_purpose_is_refused_with_the_choices(purpose: str) -> None:
    assert words(c2_purpose(purpose)) == [
        f"C2 purpose: {purpose!r} is no purpose of a reminder. Choose one of: appointment reminder, exam confirmation, "
        "pre-procedure instructions, post-discharge follow-up."
    ]


@pytest.mark.parametrize(
    ("name", "number", "dials", "places"),
    [
        ("Lakeside Spine Center", "+12125550123", "+12125550199", []),
        (" ", "+12125550123", "+12125550199", ["C3 caller, name"]),
        ("Lakeside", "", "+12125550199", ["C3 caller, number"]),
        ("Lakeside", "+1212", "+12125550199", ["C3 caller, number"]),
        ("Lakeside", "+12125550123", "+12125550123", ["C3 caller, number"]),
        ("Lakeside", "+1 (212) 555-0123", "+12125550123", ["C3 caller, number"]),
        ("Lakeside", "+12125550123", "", ["C3 caller, dialing number"]),
        ("", "", "", ["C3 caller, name", "C3 caller, number", "C3 caller, dialing number"]),
    ],
)
def test_c3_the_clinic_has_a_name_and_a_number_that_is_not_the_one_that_dials(
    name: str, number: str, dials: str, places: list[str]
) -> None:
    assert [fault.place for fault in c3_caller_is_named(name, number, dials)] == places


def test_c3_words_hold_no_number() -> None:
    assert words(c3_caller_is_named("Lakeside", "+12125550123", "+12125550123")) == [
        "C3 caller, number: The number to call back is the one that dials. Enter another, at which a person answers."
    ]


def test_c4_a_message_over_sixty_seconds_is_refused_in_each_language_that_has_one() -> None:
    assert words(c4_message_is_short({"en": 41.0, "ru": 60.04, "es": 60.0, "de": 75.25}, US)) == [
        "C4 length, de: The message runs 75.25 s; 60.00 s is the most. Shorten its words.",
        "C4 length, ru: The message runs 60.04 s; 60.00 s is the most. Shorten its words.",
    ]


@pytest.mark.parametrize("length", [0.0, -1.0, float("nan"), float("inf")])
def test_c4_a_length_that_cannot_be_is_no_short_message(length: float) -> None:
    assert [fault.place for fault in c4_message_is_short({"en": length}, US)] == ["C4 length, en"]


def test_c4_a_campaign_without_measured_messages_is_refused() -> None:
    assert words(c4_message_is_short({}, US)) == [
        "C4 length: No message was measured. Build the campaign's clips first."
    ]


# --- C5 and C10: moments ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("history", "earliest"),
    [
        ([], None),
        (["2027-07-13 23:00"], None),
        (["2027-07-14 14:00"], "2027-07-15 04:00"),  # its own day, until midnight in New York
        (["2027-07-14 03:30"], None),  # the evening before, in New York
        (["2027-07-08 15:00", "2027-07-10 15:00", "2027-07-12 15:00"], "2027-07-15 15:00"),
        (["2027-07-07 15:00", "2027-07-10 15:00", "2027-07-12 15:00"], None),  # 168 hours ago to the second
        (["2027-07-08 15:00", "2027-07-09 15:00", "2027-07-10 15:00", "2027-07-12 15:00"], "2027-07-16 15:00"),
        (["2027-07-12 15:00", "2027-07-08 15:00", "2027-07-14 13:00"], "2027-07-15 15:00"),  # both caps, out of order
    ],
)
def test_c5_one_attempt_a_day_and_three_in_seven_days(history: list[str], earliest: str | None) -> None:
    refusal = c5_caps(utc("2027-07-14 15:00"), map(utc, history), NEW_YORK, US)
    assert (refusal.earliest if refusal else None) == (utc(earliest) if earliest else None)


def test_c5_the_day_is_counted_in_every_zone_of_the_patient() -> None:
    both = find_zones("+12125550123", "Pacific/Honolulu", "")
    evening = utc("2027-07-15 04:30")  # 14 July in Hawaii, 15 July in New York
    assert c5_caps(evening, [utc("2027-07-14 20:00")], NEW_YORK, US) is None
    refusal = c5_caps(evening, [utc("2027-07-14 20:00")], both, US)
    assert refusal is not None
    assert refusal.earliest == utc("2027-07-15 10:00")


def test_c5_the_day_after_a_clock_change_begins_at_the_new_midnight() -> None:
    refusal = c5_caps(utc("2027-11-07 20:00"), [utc("2027-11-07 14:00")], NEW_YORK, US)
    assert refusal is not None
    assert refusal.earliest == utc("2027-11-08 05:00")


def test_c5_says_why_in_words_without_a_number() -> None:
    refusal = c5_caps(utc("2027-07-14 15:00"), [utc("2027-07-14 14:00")], NEW_YORK, US)
    assert refusal is not None
    assert str(refusal.fault) == (
        "C5 caps: 1 a day and 3 in seven days is the most for one number, over all campaigns. This number has had "
        "that. Wait."
    )


@pytest.mark.parametrize(
    ("history", "attempts", "found"),
    [
        ([], 0, ""),
        (["2027-07-14 14:00"], 1, ""),
        (["2027-07-14 14:01"], 1, "60 minutes must lie between two attempts to one number. Wait."),
        (["2027-07-14 14:01", "2027-07-13 14:00"], 2, "60 minutes must lie between two attempts to one number. Wait."),
        ([], 3, "This reminder has had 3 attempts; 3 is the most. Call in person."),
    ],
)
def test_c10_an_hour_lies_between_attempts_and_a_reminder_has_three_at_most(
    history: list[str], attempts: int, found: str
) -> None:
    refusal = c10_gap(utc("2027-07-14 15:00"), map(utc, history), attempts, US)
    assert (refusal.fault.words if refusal else "") == found


def test_c10_a_gap_ends_and_three_attempts_do_not() -> None:
    now = utc("2027-07-14 15:00")
    gap, spent = c10_gap(now, [utc("2027-07-14 14:20")], 1, US), c10_gap(now, [], 3, US)
    assert (gap, spent) == (
        Refusal(
            Fault("C10 gap", "60 minutes must lie between two attempts to one number. Wait."), utc("2027-07-14 15:20")
        ),
        Refusal(Fault("C10 attempts", "This reminder has had 3 attempts; 3 is the most. Call in person."), None),
    )


# --- C6, C8, C9: numbers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "fine"),
    [
        ("+18005550123", True),
        ("+18885550123", True),
        ("+448001234567", True),
        ("+12125550123", False),
        ("+19002345678", False),
        ("+1800", False),
        ("8005550123", False),
        ("", False),
    ],
)
def test_c6_the_number_that_ends_the_calls_is_toll_free(number: str, fine: bool) -> None:
    assert (c6_opt_out_is_offered(number) == ()) is fine


@pytest.mark.parametrize(
    ("phone", "zone", "found"),
    [
        ("+12125550123", "", []),
        ("+442079460018", "America/New_York", []),
        (
            "+18005550123",
            "",
            [
                "C8 calling hours, line 7: Nobody can tell the time where this patient is. Enter their time zone "
                "or ZIP code."
            ],
        ),
        (
            "+12125550123",
            "Asia/Shanghai",
            [
                "C8 calling hours, line 7: 09:00 to 20:00 is never allowed in all zones at once where this patient may "
                "be (America/New_York, Asia/Shanghai). Correct number, zone or ZIP."
            ],
        ),
    ],
)
def test_c8_a_row_without_a_known_common_hour_is_refused(phone: str, zone: str, found: list[str]) -> None:
    places, now = find_zones(phone, zone, ""), utc("2027-07-04 02:00")  # a Sunday, at night
    assert words(c8_a_common_hour_is_known(places, US.hours, now, utc("2027-07-20 14:00"), 7)) == found


def test_c8_an_appointment_that_is_near_does_not_make_zones_unknown() -> None:
    now = utc("2027-07-04 02:00")
    assert c8_a_common_hour_is_known(NEW_YORK, US.hours, now, now + timedelta(hours=1)) == ()


def test_c8_many_zones_are_named_in_part() -> None:
    many = NEW_YORK | {ZoneInfo(name) for name in ("Asia/Shanghai", "Asia/Tokyo", "Europe/Paris", "Europe/Rome")}
    (fault,) = c8_a_common_hour_is_known(many, US.hours, utc("2027-07-01"), utc("2027-07-20"))
    assert fault.place == "C8 calling hours"
    assert "(America/New_York, Asia/Shanghai, Asia/Tokyo and 2 more)" in fault.words


def example(country: str, kind: int = phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE) -> str:
    number = phonenumbers.example_number_for_type(country, kind)
    assert number is not None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@pytest.mark.parametrize("country", sorted(US.countries))
def test_c9_the_states_and_their_territories_may_be_called(country: str) -> None:
    assert c9_number_may_be_called(example(country), US) == ()


@pytest.mark.parametrize("country", ["BS", "JM", "DO", "TT", "BM", "CA"])
def test_c9_another_country_behind_plus_one_is_not_the_states(country: str) -> None:
    assert words(c9_number_may_be_called(example(country), US, 7)) == [
        f"C9 number, line 7: The number's country ({country}) is not on the clinic's list (AS, GU, MP, PR, US, VI). "
        "Ask for another number."
    ]


BRITISH = make_custom_profile(hours=US.hours, countries={"GB"})
GERMAN = make_custom_profile(hours=US.hours, countries={"DE"})


@pytest.mark.parametrize(
    ("phone", "profile", "found"),
    [
        ("+12125550123", US, ""),
        ("+442079460018", BRITISH, ""),
        ("+442079460018", US, "The number's country (GB) is not on the clinic's list"),
        ("+911", US, "This is an emergency number"),
        ("911", US, "This is an emergency number"),
        ("112", US, "This is an emergency number"),
        ("999", BRITISH, "This is an emergency number"),
        ("988", US, "This is a short number"),
        ("+1411", US, "This is a short number"),
        ("+19002345678", US, "This is a premium number"),
        ("+15002345678", US, "This is a personal number"),
        ("+448431234567", BRITISH, "This is a premium number"),
        (example("DE", phonenumbers.PhoneNumberType.SHARED_COST), GERMAN, "This is a number whose cost is shared"),
        ("+447640123456", BRITISH, "This is a pager"),
        ("+445512345678", BRITISH, "This is a company's number"),
        ("+447012345678", BRITISH, "This is a personal number"),
        ("+19115550123", US, "This is no valid phone number"),
        ("+12120550123", US, "This is no valid phone number"),
        ("2125550123", US, "This is no valid phone number"),
        ("", US, "This is no valid phone number"),
        ("tomorrow", US, "This is no valid phone number"),
    ],
)
def test_c9_what_is_no_persons_number_is_never_dialed(phone: str, profile: Profile, found: str) -> None:
    faults = c9_number_may_be_called(phone, profile)
    assert [fault.words[: len(found)] for fault in faults] == ([found] if found else [])


# --- Profiles ---------------------------------------------------------------------------------------------------------


def test_c5_c8_c10_the_us_profile_holds_the_numbers_of_the_rules() -> None:
    assert (
        Profile(
            name="us",
            hours=CallingHours(time(9), time(20)),
            countries=frozenset({"US", "PR", "GU", "VI", "AS", "MP"}),
            a_day=1,
            in_seven_days=3,
            attempts=3,
            shortest_gap=timedelta(minutes=60),
            longest_message=60.0,
        )
        == US
    )


@pytest.mark.parametrize(("first", "last"), [(10, 18), (9, 20), (8, 21)])
def test_c8_a_setting_narrows_the_hours_and_widens_them_to_eight_and_nine(first: int, last: int) -> None:
    assert narrow_hours(US, CallingHours(time(first), time(last))).hours == CallingHours(time(first), time(last))


@pytest.mark.parametrize(
    ("hours", "found"),
    [
        (CallingHours(time(7, 59), time(20)), "07:59 to 20:00 is too wide. Stay within 08:00 to 21:00."),
        (CallingHours(time(9), time(21, 1)), "09:00 to 21:01 is too wide. Stay within 08:00 to 21:00."),
        (CallingHours(time(12), time(12)), "12:00 to 12:00 ends before it begins. Give the earlier time first."),
        (CallingHours(time(20), time(9)), "20:00 to 09:00 ends before it begins. Give the earlier time first."),
    ],
)
def test_c8_hours_that_are_wider_or_turned_around_are_refused(hours: CallingHours, found: str) -> None:
    with pytest.raises(SettingsError) as refused:
        narrow_hours(US, hours)
    assert refused.value.faults == (Fault("C8 calling hours", found),)


def test_c8_a_custom_profile_says_its_own_widest_hours() -> None:
    french = make_custom_profile(hours=CallingHours(time(10), time(19)), countries={"FR"})
    assert narrow_hours(french, CallingHours(time(11), time(18))).hours == CallingHours(time(11), time(18))
    with pytest.raises(SettingsError, match="missing or wrong"):
        narrow_hours(french, CallingHours(time(9), time(19)))


def test_a_custom_profile_is_as_strict_as_the_us_one_where_nothing_else_is_said() -> None:
    found = make_custom_profile(hours=CallingHours(time(10), time(19)), countries={"FR"}, in_seven_days=2)
    assert found == Profile("custom", CallingHours(time(10), time(19)), frozenset({"FR"}), in_seven_days=2)


def test_a_custom_profile_that_cannot_be_is_refused_with_every_fault() -> None:
    with pytest.raises(SettingsError) as refused:
        make_custom_profile(
            hours=CallingHours(time(19), time(10)),
            countries={"France"},
            a_day=0,
            in_seven_days=0,
            attempts=0,
            shortest_gap=timedelta(),
            longest_message=float("nan"),
        )
    assert [fault.place for fault in refused.value.faults] == [
        "C8 calling hours",
        "custom profile, a_day",
        "custom profile, attempts",
        "custom profile, countries",
        "custom profile, in_seven_days",
        "custom profile, longest_message",
        "custom profile, shortest_gap",
    ]
    with pytest.raises(SettingsError):
        make_custom_profile(hours=US.hours, countries=set())
