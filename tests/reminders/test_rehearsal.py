"""The rehearsal finds everything that a campaign would do wrong, before anything is dialed."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from ivr.commands.rehearsal_words import show_duration, write_json, write_rehearsal
from ivr.desks import open_reminders_desk
from ivr.errors import CatalogError, Fault
from ivr.line.languages import LANGUAGES
from ivr.line.nodes import Number, When
from ivr.line.reminder import name_gate, name_voicemail
from ivr.parts import Spineline
from ivr.reminders.rehearsal import Rehearsal, measure_message, rehearse, rehearse_joining_languages
from ivr.reminders.stage import RehearsalStage
from ivr.store.campaigns.campaigns import Campaign
from ivr.store.campaigns.results import Enlisted
from ivr.wiring import create_app
from ivr.wording.neutral_words import read_neutral_lists
from tests.conftest import Environment, MakeLine
from tests.reminders.desk import CLINIC, SameLength

TOPIC = "compression-fracture"
NEW_YORK = ZoneInfo("America/New_York")
SPRING = Campaign(1, "spring", TOPIC, "appointment reminder", "draft", (3, 1), "+12125550111", "Ana", None)
FIRST, LAST = datetime(2026, 11, 30, 14, tzinfo=UTC), datetime(2026, 12, 2, 14, tzinfo=UTC)
ENGLISH = Enlisted("en", 120, 2, 1, 240, FIRST, LAST, LAST, LAST + timedelta(days=2))
SPANISH = replace(ENGLISH, language="es", recipients=3, opted_out=0, cancelled=0, calls=6)


@pytest.fixture
def line(environment: Environment) -> Spineline:
    found: Spineline = create_app({**environment, **CLINIC}).extensions["spineline"]
    return found


@pytest.fixture
def stage(line: Spineline) -> RehearsalStage:
    found = open_reminders_desk(line).campaigns.equipment.set_stage()
    return replace(found, spoken=replace(found.spoken, clips=SameLength(), closed={}))


def change_line(stage: RehearsalStage, **changed: Any) -> RehearsalStage:
    """The stage with something else that the line says."""
    return replace(stage, spoken=replace(stage.spoken, **changed))


def change_clinic(stage: RehearsalStage, **changed: Any) -> RehearsalStage:
    """The stage of a clinic that is set up otherwise."""
    return replace(stage, clinic=replace(stage.clinic, **changed))


def measure(stage: RehearsalStage, node: str) -> float | None:
    spoken = stage.spoken
    return measure_message(spoken.line, spoken.words, spoken.clips, node, "en", stage.clinic.spoken_numbers)


def places(found: Rehearsal) -> list[str]:
    return [fault.place for fault in found.faults]


def test_a_campaign_that_keeps_its_rules_has_no_fault(stage: RehearsalStage) -> None:
    found = rehearse(SPRING, [ENGLISH, SPANISH], stage)
    assert found.faults == ()
    assert (found.recipients, found.calls, found.dialing_seconds) == (123, 246, 246.0)


# --- C4: how long the message runs ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("place", "seconds"), [(name_gate(TOPIC), 4.0), (name_voicemail(TOPIC), 7.0)])
def test_c4_the_pause_before_each_group_of_digits_counts(stage: RehearsalStage, place: str, seconds: float) -> None:
    assert measure(change_line(stage, clips=SameLength(0.0)), place) == seconds


@pytest.mark.parametrize(("place", "seconds"), [(name_gate(TOPIC), 38.0), (name_voicemail(TOPIC), 53.0)])
def test_c4_every_digit_and_every_choice_counts(stage: RehearsalStage, place: str, seconds: float) -> None:
    assert measure(change_line(stage, clips=SameLength(2.0)), place) == seconds


def test_c4_a_message_with_a_missing_clip_cannot_be_measured(stage: RehearsalStage) -> None:
    assert measure(change_line(stage, clips=SameLength(absent={"digit.2"})), name_gate(TOPIC)) is None


@pytest.mark.parametrize(
    ("length", "faults"),
    [
        (53 / 23, ()),
        (2.4, (Fault("C4 length, en", "The message runs 62.20 s; 60.00 s is the most. Shorten its words."),)),
    ],
)
def test_c4_a_message_longer_than_a_minute_is_refused_in_its_language(
    stage: RehearsalStage, length: float, faults: tuple[Fault, ...]
) -> None:
    assert rehearse(SPRING, [ENGLISH], change_line(stage, clips=SameLength(length))).faults == faults


def test_c4_the_real_clips_of_every_open_language_run_under_a_minute(make_line: MakeLine) -> None:
    app: Flask = make_line(LANGUAGES=" ".join(LANGUAGES))
    line: Spineline = app.extensions["spineline"]
    numbers = dict.fromkeys((*Number, *When), "212 555 0150")
    spoken = (line.content.line, line.content.words, line.content.clips)
    for code in line.content.line.languages:
        for node in (name_gate(TOPIC), name_voicemail(TOPIC)):
            seconds = measure_message(*spoken, node, code, numbers)
            assert seconds, (code, node)
            assert 10 < seconds <= 60.0, (code, node)


@pytest.mark.parametrize(
    ("number", "country", "groups"),
    [
        ("+12125550123", "US", "212 555 0123"),
        ("+12125550123", "GB", "1 212 555 0123"),
        ("+442079460123", "GB", "020 7946 0123"),
        ("+18885550142", "US", "888 555 0142"),
        ("", "US", ""),
    ],
)
def test_c4_numbers_are_measured_in_the_groups_in_which_the_line_says_them(
    stage: RehearsalStage, number: str, country: str, groups: str
) -> None:
    clinic = change_clinic(stage, number=number, opt_out_number=number, country=country).clinic
    assert clinic.spoken_numbers == {Number.OURS: groups, Number.CLINIC: groups, Number.OPT_OUT: groups}


# --- The other rules --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("campaign", "change", "expected"),
    [
        ({"purpose": "spring sale"}, {}, ["C2 purpose"]),
        ({"caller": ""}, {}, ["C3 caller, dialing number"]),
        ({"caller": "+12125550150"}, {}, ["C3 caller, number"]),
        ({}, {"number": ""}, ["C3 caller, number"]),
        ({}, {"names": {}}, ["C3 caller, name"]),
        ({}, {"names": {"en": "Lakeside Clinic"}}, ["C3 caller, name"]),
        ({}, {"opt_out_number": "+12125550199"}, ["C6 opt-out number"]),
        ({}, {"opt_out_number": ""}, ["C6 opt-out number"]),
        ({"topic": "gardening"}, {}, ["topic"]),
    ],
)
def test_c2_c3_c6_h1_a_campaign_that_breaks_a_rule_is_told_which(
    stage: RehearsalStage, campaign: dict[str, str], change: dict[str, object], expected: list[str]
) -> None:
    found = rehearse(replace(SPRING, **campaign), [ENGLISH, SPANISH], change_clinic(stage, **change))  # type: ignore[arg-type]
    assert places(found) == expected


def test_h1_a_language_without_a_list_of_forbidden_words_is_refused(stage: RehearsalStage) -> None:
    assert places(rehearse(SPRING, [ENGLISH, SPANISH], replace(stage, forbidden={"en": ()}))) == ["H1 words, es"]


def test_c3_first_words_that_do_not_name_the_clinic_are_refused(stage: RehearsalStage) -> None:
    found = rehearse(SPRING, [SPANISH], change_clinic(stage, names={"": "Another Clinic"}))
    assert found.faults == (
        Fault("C3 first words, es", "reminder.hello does not name the clinic. Put {clinic} into its words."),
        Fault("C3 first words, es", "voicemail.hello does not name the clinic. Put {clinic} into its words."),
    )


def test_h1_a_forbidden_word_before_the_gate_is_refused(stage: RehearsalStage) -> None:
    listed = {**stage.forbidden, "en": ("spine", "wrong n")}
    found = rehearse(SPRING, [ENGLISH, SPANISH], replace(stage, forbidden=listed))
    assert found.faults == (
        Fault("H1 words, en", "reminder.wrong tells what the call is about ('wrong n'). Change its words."),
    )


def test_h1_the_clinics_own_name_may_be_said_whatever_it_holds(environment: Environment, stage: RehearsalStage) -> None:
    named = {**CLINIC, "CLINIC_NAME": "Lakeside Spine Clinic"}
    line: Spineline = create_app({**environment, **named}).extensions["spineline"]
    spoken = change_line(stage, line=line.content.line, words=line.content.words)
    there = change_clinic(spoken, names=line.settings.clinic_name)
    assert rehearse(SPRING, [ENGLISH], there).faults == ()


def test_h1_the_lists_of_forbidden_words_are_read(tmp_path: Path) -> None:
    for code, text in {"en": 'forbidden = ["spine", "fast"]', "de": "forbidden = [", "fr": "other = 1"}.items():
        (tmp_path / code).mkdir()
        (tmp_path / code / "neutral.toml").write_text(text)
    assert read_neutral_lists(tmp_path, ["en", "es"]) == {"en": ("spine", "fast")}
    with pytest.raises(CatalogError) as caught:
        read_neutral_lists(tmp_path, ["en", "de", "fr"])
    assert [fault.place for fault in caught.value.faults] == [
        str(tmp_path / "de" / "neutral.toml"),
        str(tmp_path / "fr" / "neutral.toml") + ":1",
    ]


def test_l3_people_of_a_closed_language_are_not_called_in_another(stage: RehearsalStage) -> None:
    klingon, polish = replace(SPANISH, language="tlh"), replace(SPANISH, language="pl")
    found = rehearse(SPRING, [polish, klingon], change_line(stage, closed={"pl": "its voice is a preview"}))
    assert found.faults == (
        Fault(
            "L3 language, pl",
            "3 recipients speak Polish, and it is closed: its voice is a preview. "
            "Open it, or take them out of the list.",
        ),
        Fault(
            "L3 language, tlh",
            "3 recipients speak tlh, and it is closed: it is not among the line's languages. "
            "Open it, or take them out of the list.",
        ),
    )


def test_clips_that_are_not_built_keep_it_from_starting(stage: RehearsalStage) -> None:
    found = rehearse(SPRING, [ENGLISH], change_line(stage, clips=SameLength(absent={"reminder.day", "digit.2"})))
    count = len(stage.spoken.scripts["en"])
    words = f"2 of {count} clips are not built. Run: flask audio build --language en"
    assert found.faults == (Fault("clips, en", words),)


@pytest.mark.parametrize("enlisted", [[], [replace(ENGLISH, recipients=0, calls=0)]])
def test_a_campaign_that_calls_nobody_does_not_start(stage: RehearsalStage, enlisted: list[Enlisted]) -> None:
    assert places(rehearse(SPRING, enlisted, stage)) == ["recipients"]


def test_languages_that_join_later_are_rehearsed_alone(stage: RehearsalStage) -> None:
    assert rehearse_joining_languages(SPRING, {"es", "zh"}, stage) == ()
    late = rehearse_joining_languages(SPRING, {"es", "zh"}, replace(stage, forbidden={"es": ()}))
    assert [fault.place for fault in late] == ["H1 words, zh"]


# --- How it is shown --------------------------------------------------------------------------------------------------


def test_a_rehearsal_is_shown_by_language(stage: RehearsalStage) -> None:
    polish = Enlisted("pl", 0, 4, 0, 0, None, None, None, None)
    found = rehearse(SPRING, [ENGLISH, SPANISH, polish], change_line(stage, closed={"pl": "no voice"}))
    assert list(write_rehearsal(found, NEW_YORK)) == [
        "spring: appointment reminder, compression-fracture, 3 and 1 days before; a draft.",
        "language                people   calls   person  machine  first attempt     last attempt",
        "en English                 120     240   21.0 s   30.0 s  2026-11-30 09:00  2026-12-02 09:00",
        "      appointments 2026-12-02 09:00 to 2026-12-04 09:00",
        "      not called: 2 opted out, 1 cancelled",
        "es Spanish                   3       6   21.0 s   30.0 s  2026-11-30 09:00  2026-12-02 09:00",
        "      appointments 2026-12-02 09:00 to 2026-12-04 09:00",
        "pl Polish                    0       0        -        -  -                 -",
        "      not called: 4 opted out",
        "      closed: no voice",
        "246 calls at 1 a second: 5 min of dialing, without new tries.",
        "Nothing keeps it from starting.",
    ]


def test_faults_are_shown_at_the_end(stage: RehearsalStage) -> None:
    found = rehearse(replace(SPRING, caller=""), [ENGLISH], change_clinic(stage, opt_out_number=""))
    assert list(write_rehearsal(found, NEW_YORK))[-3:] == [
        "It does not start (2):",
        "  C3 caller, dialing number: The number that dials is missing or not valid. Enter it.",
        "  C6 opt-out number: It is missing or not toll-free. Enter a toll-free number, such as +1 800 ...",
    ]


def test_machines_get_the_same_as_json(stage: RehearsalStage) -> None:
    shown = json.loads(write_json(rehearse(replace(SPRING, caller=""), [ENGLISH], stage)))
    assert (shown["campaign"], shown["starts"], shown["calls"]) == ("spring", False, 240)
    assert [fault["place"] for fault in shown["faults"]] == ["C3 caller, dialing number"]
    assert shown["languages"][0]["first_attempt"] == "2026-11-30T14:00:00+00:00"
    assert (shown["languages"][0]["gate_seconds"], shown["languages"][0]["opted_out"]) == (21.0, 2)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (1.2, "2 s"), (90, "90 s"), (91, "2 min"), (3540, "59 min"), (10_020, "2 h 47 min")],
)
def test_a_duration_is_rounded_up(seconds: float, words: str) -> None:
    assert show_duration(seconds) == words


@pytest.mark.parametrize("written", ["[]", '""', '"spine"', '["spine", ""]', '["spine", 3]', "{}"])
def test_h1_a_list_that_is_empty_or_no_list_of_words_is_refused_and_never_counts_as_neutral(
    tmp_path: Path, written: str
) -> None:
    (tmp_path / "es").mkdir()
    (tmp_path / "es" / "neutral.toml").write_text(f"forbidden = {written}\n", "utf-8")
    with pytest.raises(CatalogError, match="The list of words that nobody may hear is not written yet"):
        read_neutral_lists(tmp_path, ["es"])
