"""What the line does beside speaking: a person, a call-back, a language remembered, a key that comes too soon; and what
it writes down of it."""

import logging
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from ivr.errors import StoreError
from ivr.line.events import CallBackRequest, CallStarted, ClipStarted, LanguageChosen
from ivr.line.flow import sign_choices
from ivr.line.languages import LANGUAGES
from ivr.line.nodes import Position
from ivr.line.table import Plan, build_line
from ivr.voice.call_handler import TOKEN_SECONDS, write_whisper
from ivr.wording.sources import read_topics
from tests.conftest import MONDAY_MORNING, ROOT, MakeLine
from tests.topics import SHIPPED_FOLDER
from tests.voice.caller import SID
from tests.voice.conftest import (
    BASE,
    CLINIC,
    LINE_NUMBER,
    MENU,
    PATIENT,
    TOPIC,
    Clock,
    MemoryStore,
    Rehearsal,
    Rehearse,
    at,
    first,
    heard,
    keyed,
    keyed_at_once,
    listener,
    onward,
    parts_of,
    said_by_network,
    verbs,
)

FASTING = f"{TOPIC}/prep/3"
PERSON = f"/call/at/es/person?origin={FASTING}"
OTHER = "+12125550199"
OTHER_KEYED = "2125550199"


def spoken(number: str, language: str = "es") -> list[str]:
    """How a number's groups are heard: "212 555" with a moment of quiet before each group."""
    return [word for group in number.split() for word in ("quiet 1", *(f"{language} digit.{digit}" for digit in group))]


def hash_of(line: Rehearsal) -> str:
    """The patient's number, as it is remembered."""
    return line.secrets.hash_number(PATIENT)


def choices_of(line: Rehearsal, language: str) -> str:
    """The signature of the choices with which callers of a language begin."""
    return sign_choices(line.call_handler.line, language)


# --- A person -----------------------------------------------------------------------------------------------------


def test_zero_rings_the_clinic_in_office_hours(rehearse: Rehearse) -> None:
    line = rehearse()
    answer = line.caller.send(f"/call/key/es/{FASTING}", Digits="0")
    assert verbs(answer) == ["Play", "Dial", "Redirect"]
    assert heard(line.app, answer) == ["es person.wait"]
    assert first(answer, "Dial").attrib == {
        "action": f"{BASE}/call/dialed/es/person?origin={FASTING}",
        "answerOnBridge": "true",
        "method": "POST",
        "timeout": "25",
    }
    assert first(answer, "Number").attrib == {
        "url": f"{BASE}/call/whisper/es/person?origin={FASTING}",
        "method": "POST",
    }
    assert first(answer, "Number").text == CLINIC
    assert onward(answer) == f"/call/at/es/person/away?origin={FASTING}"


CALLER_IDS: dict[str, tuple[dict[str, str], str | None]] = {
    "a mobile phone": ({"From": PATIENT}, None),
    "a phone abroad": ({"From": "+442079460958"}, None),
    "no number": ({"From": ""}, LINE_NUMBER),
    "a hidden number": ({"From": "Anonymous"}, LINE_NUMBER),
    "a hidden number in digits": ({"From": "+266696687"}, LINE_NUMBER),
    "another hidden number in digits": ({"From": "+7378742883"}, LINE_NUMBER),
    "a program": ({"From": "client:ana"}, LINE_NUMBER),
    "an internet phone": ({"From": "sip:ana@example.org"}, LINE_NUMBER),
    "an internet phone with a number": ({"From": "sip:+12125550123@example.org"}, LINE_NUMBER),
    "a hidden number, to an internet phone of ours": ({"From": "", "To": "sip:line@example.org"}, None),
    "a reminder": ({"From": LINE_NUMBER, "To": PATIENT, "Direction": "outbound-api"}, LINE_NUMBER),
    "a reminder to an internet phone": (
        {"From": LINE_NUMBER, "To": "sip:ana@example.org", "Direction": "outbound-api"},
        LINE_NUMBER,
    ),
}
"""What the network says of a call, and the number under which the clinic is rung (None: the caller's own)."""


@pytest.mark.parametrize(("fields", "caller_id"), CALLER_IDS.values(), ids=CALLER_IDS.keys())
def test_the_clinic_is_rung_under_a_number_that_the_network_lets_through(
    rehearse: Rehearse, fields: dict[str, str], caller_id: str | None
) -> None:
    assert first(rehearse().caller.send(PERSON, **fields), "Dial").get("callerId") == caller_id


def test_the_ringing_time_is_the_clinics(make_line: MakeLine) -> None:
    app = make_line(CLINIC_NUMBER=CLINIC, PERSON_RING_SECONDS="40")
    assert first(listener(app).send(PERSON), "Dial").get("timeout") == "40"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"is_open": False}, "es person.closed"),
        ({"clinic_number": ""}, "es person.unset"),
        ({"clinic_number": "", "is_open": False}, "es person.unset"),
    ],
    ids=["closed", "no number", "neither"],
)
def test_where_nobody_can_be_rung_a_call_back_is_offered(
    rehearse: Rehearse, settings: dict[str, object], words: str
) -> None:
    line = rehearse(**settings)
    answer = line.caller.send(PERSON)
    assert heard(line.app, answer) == [words, "es callback.offer.1", "es callback.return.2"]
    assert "Dial" not in verbs(answer)


@pytest.mark.parametrize(
    ("moment", "verb"),
    [
        (at(2026, 11, 23, 13, 59), "Gather"),  # 8:59 in New York
        (at(2026, 11, 23, 14), "Dial"),
        (at(2026, 11, 23, 22), "Gather"),
        (at(2026, 11, 26, 15), "Gather"),  # Thanksgiving
        (at(2026, 12, 24, 15), "Gather"),  # the clinic's own closed day
        (at(2026, 11, 28, 15), "Gather"),  # a Saturday
    ],
)
def test_the_settings_and_the_clock_decide_whether_anybody_answers(
    make_line: MakeLine, moment: object, verb: str
) -> None:
    app = make_line(lambda: moment, CLINIC_NUMBER=CLINIC, OFFICE_CLOSED_DAYS="2026-12-24")
    assert verb in verbs(listener(app).send(PERSON))


@pytest.mark.parametrize(
    ("fields", "words", "place"),
    [
        ({"DialCallStatus": "completed", "DialBridged": "true"}, "es person.done", "person/done"),
        ({"DialCallStatus": "completed"}, "es person.done", "person/done"),
        ({"DialCallStatus": "completed", "DialBridged": "false"}, "es person.away", "person/away"),
        ({"DialCallStatus": "busy"}, "es person.away", "person/away"),
        ({"DialCallStatus": "no-answer"}, "es person.away", "person/away"),
        ({"DialCallStatus": "failed", "DialBridged": "false"}, "es person.away", "person/away"),
        ({"DialCallStatus": "canceled"}, "es person.away", "person/away"),
        ({}, "es person.away", "person/away"),
    ],
)
def test_what_became_of_the_ringing_is_told_to_the_caller(
    rehearse: Rehearse, fields: dict[str, str], words: str, place: str
) -> None:
    line = rehearse()
    answer = line.caller.send(f"/call/dialed/es/person?origin={FASTING}", **fields)
    assert heard(line.app, answer)[0] == words
    assert keyed(answer) == f"/call/key/es/{place}?origin={FASTING}"


def test_after_the_talk_the_caller_is_back_where_they_were(rehearse: Rehearse) -> None:
    line = rehearse()
    done = line.caller.send(f"/call/dialed/es/person?slow=1&origin={FASTING}&told=2", DialCallStatus="completed")
    assert onward(done) == f"/call/at/es/{FASTING}?slow=1&told=2"
    assert line.caller.hears(onward(done)) == [f"es {TOPIC}.prep.fasting slowly"]


def test_whoever_asked_from_nowhere_in_particular_comes_back_to_the_menu(rehearse: Rehearse) -> None:
    line = rehearse()
    answer = line.caller.send("/call/dialed/es/person", DialCallStatus="completed")
    assert onward(answer) == f"/call/at/es/{MENU}"


@pytest.mark.parametrize(
    ("language", "origin", "words"),
    [
        ("es", FASTING, ["whisper.language.es", "whisper.part", f"{TOPIC}.prep.title"]),
        ("es", f"{TOPIC}/all/risks/1", ["whisper.language.es", "whisper.part", f"{TOPIC}.risks.title"]),
        ("zh", f"{TOPIC}/rights/end", ["whisper.language.zh", "whisper.part", f"{TOPIC}.rights.title"]),
        ("en", MENU, ["whisper.language.en"]),
        ("zh", "", ["whisper.language.zh"]),
        ("en", "welcome", ["whisper.no-language"]),
        ("en", "unlisted", ["whisper.unlisted"]),
        ("es", "unlisted", ["whisper.unlisted"]),
    ],
)
def test_the_person_who_answers_is_told_the_language_and_the_part(
    rehearse: Rehearse, language: str, origin: str, words: list[str]
) -> None:
    line = rehearse()
    answer = line.caller.send(f"/call/whisper/{language}/person" + (f"?origin={origin}" if origin else ""))
    expected = ["compression-fracture.whisper", *words, "whisper.take.1"]
    assert heard(line.app, answer) == [f"en {name}" for name in expected]


def test_a_whisper_that_nobody_answers_hangs_that_leg_up(rehearse: Rehearse) -> None:
    answer = rehearse().caller.send(f"/call/whisper/es/person?origin={FASTING}")
    assert verbs(answer) == ["Gather", "Hangup"]
    assert keyed(answer) == f"/call/taken/es/person?origin={FASTING}"


def test_on_no_page_of_the_first_words_has_a_language_been_chosen() -> None:
    codes = tuple(LANGUAGES)[:13]
    many = build_line(read_topics(SHIPPED_FOLDER), Plan(codes, codes[:3]))
    pages = [node.id for node in many.nodes.values() if node.id.startswith("welcome")]
    assert pages == ["welcome", "welcome-2", "welcome-3"]
    for page in pages:
        said = [one.utterance.id for one in write_whisper(many, Position("en", "person", origin=page))]
        assert said == ["compression-fracture.whisper", "whisper.no-language", "whisper.take.1"]


@pytest.mark.parametrize(
    ("digits", "left"), [("1", []), ("2", ["Hangup"]), ("*", ["Hangup"]), ("11", ["Hangup"]), ("", ["Hangup"])]
)
def test_only_the_key_that_was_named_takes_the_call(rehearse: Rehearse, digits: str, left: list[str]) -> None:
    line = rehearse()
    assert verbs(line.caller.send("/call/taken/es/person", Digits=digits)) == left
    assert line.untouched


# --- Calling back ---------------------------------------------------------------------------------------------------


def test_the_callers_number_is_read_digit_by_digit_in_groups(rehearse: Rehearse) -> None:
    assert rehearse().caller.hears(f"/call/key/es/person/closed?origin={FASTING}", Digits="1") == [
        "es callback.number",
        *spoken("212 555 0123"),
        "es callback.right.1",
        "es callback.other.2",
    ]


def test_a_number_from_abroad_is_read_with_its_country(rehearse: Rehearse) -> None:
    line = rehearse()
    said = listener(line.app, number="+442079460958").hears("/call/at/zh/callback/number")
    assert said[1:-2] == spoken("44 20 7946 0958", "zh")


HIDDEN = ["", "Anonymous", "+266696687", "+7378742883", "sip:ana@example.org", "911"]


@pytest.mark.parametrize("number", HIDDEN)
def test_whoever_hides_the_number_is_asked_to_key_one_in(rehearse: Rehearse, number: str) -> None:
    line = rehearse()
    hidden = listener(line.app, number=number)
    for place in ("callback/number", "callback/save"):
        answer = hidden.send(f"/call/at/es/{place}?origin={FASTING}")
        assert heard(line.app, answer) == ["es callback.enter.pound"]
        assert keyed(answer) == f"/call/key/es/callback/enter?origin={FASTING}"
        assert first(answer, "Gather").get("finishOnKey") == "#"
    assert line.store.saved == []


def key_in(line: Rehearsal, digits: str, origin: str = FASTING) -> TestResponse:
    return line.caller.send(f"/call/key/es/callback/enter?origin={origin}", Digits=digits)


@pytest.mark.parametrize("digits", [OTHER_KEYED, f"1{OTHER_KEYED}"])
def test_another_number_is_read_back_and_saved(rehearse: Rehearse, digits: str) -> None:
    line = rehearse()
    asked = line.caller.send(f"/call/key/es/callback/number?origin={FASTING}", Digits="2")
    assert heard(line.app, asked) == ["es callback.enter.pound"]
    read_back = line.caller.send(keyed(asked), Digits=digits)
    assert heard(line.app, read_back)[1:-2] == spoken("212 555 0199")
    saved = line.caller.send(keyed(read_back), Digits="1")
    assert heard(line.app, saved) == ["es callback.saved", *spoken("212 555 0199"), "es callback.return.1"]
    assert line.store.saved == [CallBackRequest(SID, MONDAY_MORNING, OTHER, "es", FASTING)]


def test_whoever_hides_the_number_can_still_be_called_back(rehearse: Rehearse) -> None:
    line = rehearse()
    hidden = listener(line.app, number="")
    read_back = hidden.send("/call/key/es/callback/enter", Digits=OTHER_KEYED)
    hidden.send(keyed(read_back), Digits="1")
    assert [request.number for request in line.store.saved] == [OTHER]


@pytest.mark.parametrize("digits", ["5550199", "212555019", "1", "00", "911", "2" * 50, "1235550199", "0212"])
def test_what_is_no_full_number_is_asked_for_again(rehearse: Rehearse, digits: str) -> None:
    line = rehearse()
    answer = key_in(line, digits)
    assert heard(line.app, answer) == ["es callback.invalid", "es callback.enter.pound"]
    assert keyed(answer) == f"/call/key/es/callback/enter?tries=w1&origin={FASTING}"
    assert line.store.saved == []


def test_a_third_number_that_is_none_ends_the_asking_but_not_the_call(rehearse: Rehearse) -> None:
    line = rehearse()
    answer = line.caller.send(f"/call/key/es/callback/enter?tries=w2&origin={FASTING}", Digits="1")
    assert heard(line.app, answer)[0] == "es waiting.title"
    assert keyed(answer) == f"/call/key/es/waiting-1?origin={FASTING}"


def test_silence_while_a_number_is_keyed_in_asks_again(rehearse: Rehearse) -> None:
    line = rehearse()
    assert heard(line.app, key_in(line, "")) == ["es retry.silence", "es callback.enter.pound"]


def test_a_lone_zero_still_leads_to_a_person(rehearse: Rehearse) -> None:
    line = rehearse()
    answer = key_in(line, "0")
    assert (heard(line.app, answer), first(answer, "Number").text) == (["es person.wait"], CLINIC)


@pytest.mark.parametrize("digits", ["*", "212*", "2125550199*"])
def test_a_star_still_leads_back_though_digits_stand_before_it(rehearse: Rehearse, digits: str) -> None:
    line = rehearse()
    back = line.caller.hears(f"/call/key/es/callback/enter?origin={FASTING}&told=2", Digits=digits)
    assert back == [f"es {TOPIC}.prep.fasting"]


def test_a_call_back_is_confirmed_only_after_it_is_saved(rehearse: Rehearse) -> None:
    line = rehearse()
    line.store.on_save = lambda: line.store.happened.append(f"heard so far: {line.voice.asked}")
    said = line.caller.hears(f"/call/key/es/callback/number?origin={FASTING}", Digits="1")
    assert said[0] == "es callback.saved"
    assert line.store.happened == ["save", "heard so far: []", "saved"]
    assert line.store.saved == [CallBackRequest(SID, MONDAY_MORNING, PATIENT, "es", FASTING)]


def test_a_call_back_that_could_not_be_saved_is_never_confirmed(rehearse: Rehearse, database_down: StoreError) -> None:
    line = rehearse(store=MemoryStore(fault=database_down))
    answer = line.caller.send(f"/call/key/es/callback/number?origin={FASTING}", Digits="1")
    assert heard(line.app, answer) == [
        "es callback.failed",
        "es callback.call-us",
        *spoken("212 555 0150"),
        "es callback.offer.1",
        "es callback.return.2",
    ]
    line.store.fault = None
    assert line.caller.hears(keyed(answer), Digits="1")[0] == "es callback.saved"
    assert [request.number for request in line.store.saved] == [PATIENT]


def test_without_a_clinics_number_the_failure_names_none(rehearse: Rehearse, database_down: StoreError) -> None:
    line = rehearse(store=MemoryStore(fault=database_down), clinic_number="")
    said = line.caller.hears("/call/at/zh/callback/save")
    assert said == ["zh callback.failed", "zh callback.offer.1", "zh callback.return.2"]


def test_another_number_survives_the_failure_to_save_it(rehearse: Rehearse, database_down: StoreError) -> None:
    line = rehearse(store=MemoryStore(fault=database_down))
    failed = line.caller.send(keyed(key_in(line, OTHER_KEYED)), Digits="1")
    line.store.fault = None
    line.caller.send(keyed(failed), Digits="1")
    assert [request.number for request in line.store.saved] == [OTHER]


def test_one_call_that_asks_twice_is_one_request(make_line: MakeLine) -> None:
    app = make_line(CLINIC_NUMBER=CLINIC)
    caller, store = listener(app), parts_of(app).database.store
    for _ in range(2):
        assert caller.hears(f"/call/key/es/callback/number?origin={FASTING}", Digits="1")[0] == "es callback.saved"
    read_back = caller.send("/call/key/es/callback/enter", Digits=OTHER_KEYED)
    caller.send(keyed(read_back), Digits="1")
    caller.send(keyed(read_back), Digits="1")
    kept = [
        (one.call, one.number, one.language, one.place) for one in store.staff.calls.list_call_backs(numbers_for="ana")
    ]
    assert kept == [(SID, PATIENT, "es", FASTING), (SID, OTHER, "es", "")]


@pytest.mark.parametrize("place", ["callback/number", "callback/save"])
@pytest.mark.parametrize(
    ("seconds", "said"), [(TOKEN_SECONDS - 1, True), (TOKEN_SECONDS, True), (TOKEN_SECONDS + 1, False)]
)
def test_a_number_keyed_in_more_than_an_hour_ago_is_asked_for_again(
    rehearse: Rehearse, place: str, seconds: int, said: bool
) -> None:
    line = rehearse()
    token = line.secrets.seal(OTHER)
    line.clock.passes(seconds=seconds)
    answer = line.caller.send(f"/call/at/es/{place}?number={token}")
    assert TOKEN_SECONDS == 3600
    assert (heard(line.app, answer) != ["es callback.enter.pound"]) is said
    if not said:
        assert line.store.saved == []
        assert line.caller.hears(keyed(answer), Digits=OTHER_KEYED)[1:-2] == spoken("212 555 0199")


@pytest.mark.parametrize("token", ["x", "gAAAAA", "+12125550199", "é", "a" * 3000])
def test_a_forged_number_is_asked_for_again(rehearse: Rehearse, token: str) -> None:
    line = rehearse()
    position = Position("es", "callback/save", number=token)
    call = {"CallSid": SID, "From": PATIENT}
    assert b"callback/enter" in line.call_handler.arrive(position, call)
    assert line.store.saved == []


def test_an_encrypted_number_out_of_the_database_is_no_token(rehearse: Rehearse) -> None:
    line = rehearse()
    stolen = line.secrets.encrypt_number(OTHER)
    assert line.caller.hears(f"/call/at/es/callback/number?number={stolen}") == ["es callback.enter.pound"]


def test_no_number_ever_stands_in_an_answer_an_event_or_a_log(
    rehearse: Rehearse, caplog: pytest.LogCaptureFixture, database_down: StoreError
) -> None:
    caplog.set_level(logging.DEBUG)
    line = rehearse()
    answers = [line.caller.send(path) for path in ("/call", f"/call/at/es/{FASTING}", "/call/at/es/hello", PERSON)]
    answers += [line.caller.send("/call/at/es/callback/number"), key_in(line, "212555019")]
    answers.append(key_in(line, OTHER_KEYED))
    token_path = keyed(answers[-1])
    answers += [line.caller.send(token_path, Digits=digits) for digits in ("1", "9", "2", "", "5")]
    line.store.fault = database_down
    answers += [line.caller.send(token_path, Digits="1"), line.caller.send("/call")]
    line.store.fault = RuntimeError("a bug")
    answers += [line.caller.send(token_path, Digits="1"), line.caller.send("/call")]
    line.caller.send("/call/status", CallStatus="completed", CallDuration="9")
    written = [answer.get_data(as_text=True) for answer in answers] + [repr(line.events), caplog.text]
    assert len(line.events) > 3
    assert "a bug" in caplog.text
    for number in (PATIENT, OTHER):
        assert not [text for text in written if number[2:] in "".join(filter(str.isalnum, text))]


def test_the_search_for_numbers_would_find_one(rehearse: Rehearse) -> None:
    dialed = rehearse().caller.send(PERSON).get_data(as_text=True)
    assert CLINIC[2:] in "".join(filter(str.isalnum, dialed))


# --- The language of the last call -----------------------------------------------------------------------------------


def test_the_language_chosen_last_is_offered_first(rehearse: Rehearse) -> None:
    line = rehearse()
    line.store.languages[hash_of(line)] = "zh"
    answer = line.caller.send("/call")
    assert heard(line.app, answer) == [
        "quiet 1",
        "zh emergency",
        "zh language.same.1",
        "zh keys.language.2",
        "en keys.language.2",
        "es keys.language.2",
        "zh keys.person.0",
    ]
    assert keyed(answer) == "/call/key/zh/returning-zh"
    assert line.caller.hears(keyed(answer), Digits="1") == ["zh hello.again"]
    assert "es language.choice.2" in line.caller.hears(keyed(answer), Digits="2")


@pytest.mark.parametrize(
    ("choices", "node", "words"),
    [
        ("", "returning-zh", ["zh hello.again"]),
        ("the same", "returning-zh", ["zh hello.again"]),
        ("others", "renewed-zh", ["zh hello.again", "zh hello.changed"]),
    ],
    ids=["not kept", "the same", "changed since"],
)
def test_whoever_was_here_before_is_told_when_the_keys_lead_elsewhere_now(
    rehearse: Rehearse, choices: str, node: str, words: list[str]
) -> None:
    line = rehearse()
    line.store.languages[hash_of(line)] = "zh"
    line.store.choices = choices_of(line, "zh") if choices == "the same" else choices
    offered = line.caller.send("/call")
    assert keyed(offered) == f"/call/key/zh/{node}"
    greeted = line.caller.send(keyed(offered), Digits="1")
    assert heard(line.app, greeted) == words
    assert line.events[-1] == LanguageChosen(SID, MONDAY_MORNING, hash_of(line), "zh", choices_of(line, "zh"))
    assert line.caller.hears(onward(greeted))[0] == "zh menu.title"


@pytest.mark.parametrize("node", ["returning-zh", "renewed-zh"])
def test_pound_skips_the_greeting_of_somebody_who_was_here_before(rehearse: Rehearse, node: str) -> None:
    line = rehearse()
    assert line.caller.hears(f"/call/key/zh/{node}", Digits="#")[0] == "zh menu.title"


FIRST_WORDS = "/call/key/en/welcome"


@pytest.mark.parametrize("remembered", ["", "vi", "xx"], ids=["none", "closed since", "unknown"])
def test_a_caller_without_a_language_hears_the_first_words(rehearse: Rehearse, remembered: str) -> None:
    line = rehearse()
    line.store.languages[hash_of(line)] = remembered
    assert keyed(line.caller.send("/call")) == FIRST_WORDS


def test_off_by_setting_the_database_is_not_even_asked(rehearse: Rehearse) -> None:
    line = rehearse(remember=False)
    line.store.languages[hash_of(line)] = "zh"
    assert keyed(line.caller.send("/call")) == FIRST_WORDS
    assert line.store.happened == []


@pytest.mark.parametrize("number", HIDDEN)
def test_a_hidden_number_is_nobodys_and_is_not_looked_up(rehearse: Rehearse, number: str) -> None:
    line = rehearse()
    line.store.languages[""] = "zh"
    assert keyed(listener(line.app, number=number).send("/call")) == FIRST_WORDS
    assert line.store.happened == []
    assert line.events == [CallStarted(SID, MONDAY_MORNING, "")]


def test_with_the_database_down_the_first_words_come_all_the_same(
    rehearse: Rehearse, database_down: StoreError
) -> None:
    line = rehearse(store=MemoryStore(fault=database_down))
    assert heard(line.app, line.caller.send("/call"))[:3] == ["quiet 1", "en emergency", "en language.choice.1"]
    assert line.metrics.registry.get_sample_value("spineline_failed_requests_total") == 0


@pytest.mark.parametrize("remember", ["on", "off"])
def test_a_whole_line_remembers_between_two_calls_unless_the_setting_is_off(make_line: MakeLine, remember: str) -> None:
    app = make_line(REMEMBER_LANGUAGE=remember)
    listener(app).send("/call/key/en/welcome", Digits="2")
    assert parts_of(app).database.writer.flush(5)
    again = listener(app, sid="CA" + "2" * 32).send("/call")
    assert keyed(again) == {"on": "/call/key/es/returning-es", "off": FIRST_WORDS}[remember]
    stranger = listener(app, number=OTHER, sid="CA" + "3" * 32).send("/call")
    assert keyed(stranger) == FIRST_WORDS


def test_a_number_with_a_language_of_its_own_answers_in_it_whatever_is_remembered(make_line: MakeLine) -> None:
    app = make_line(NUMBER_LANGUAGES=f"{LINE_NUMBER}=zh")
    listener(app).send("/call/at/es/begin")
    assert parts_of(app).database.writer.flush(5)
    said = listener(app).hears("/call")
    assert said[:3] == ["quiet 1", "zh emergency", "zh compression-fracture.welcome"]


# --- Before a language is chosen (M11) -------------------------------------------------------------------------------

OPENING = ("en", "es", "zh")


def in_each(*names: str) -> list[str]:
    """Each of these in every language of the first words."""
    return [f"{code} {name}" for name in names for code in OPENING]


OFFERS = in_each("callback.offer.1", "callback.return.2")
NO_LANGUAGE = {
    "closed, after key 0": ({"is_open": False}, ("0",), [*in_each("person.closed"), *OFFERS]),
    "no number, after key 0": ({"clinic_number": ""}, ("0",), [*in_each("person.unset"), *OFFERS]),
    "open, after key 0": ({}, ("0",), in_each("person.wait")),
    "closed, after three silences": ({"is_open": False}, ("-", "-", "-"), [*in_each("person.closed"), *OFFERS]),
    "open, after three silences": ({}, ("-", "-", "-"), in_each("person.wait")),
    "closed, after three wrong keys": ({"is_open": False}, ("8", "8", "8"), [*in_each("person.closed"), *OFFERS]),
    "a language that is not here": ({}, ("4",), in_each("unlisted.title", "unlisted.offer.1", "keys.person.0")),
    "not here, closed": ({"is_open": False}, ("4", "0"), [*in_each("person.closed"), *OFFERS]),
    "not here, open": ({}, ("4", "0"), in_each("person.wait")),
    "closed, and silence there": ({"is_open": False}, ("0", "-"), [*in_each("retry.silence"), *OFFERS]),
    "closed, and a wrong key there": ({"is_open": False}, ("0", "5"), [*in_each("retry.wrong"), *OFFERS]),
    "closed, and back": (
        {"is_open": False},
        ("0", "2"),
        [
            *("quiet 1", "en emergency", "en language.choice.1", "es language.choice.2", "zh language.choice.3"),
            *in_each("language.unlisted.4", "keys.person.0"),
        ],
    ),
    "closed, and patience": (
        {"is_open": False},
        ("0", "-", "-", "-"),
        in_each("waiting.title", "waiting.go-on.1", "keys.person.0"),
    ),
}


def presses(line: Rehearsal, answer: TestResponse, *keys: str) -> TestResponse:
    """Presses keys one after the other, as somebody who has listened; "-" is silence. The last answer."""
    for key in keys:
        answer = line.caller.send(onward(answer)) if key == "-" else line.caller.send(keyed(answer), Digits=key)
    return answer


@pytest.mark.parametrize(("settings", "keys", "words"), NO_LANGUAGE.values(), ids=NO_LANGUAGE.keys())
def test_m11_whoever_has_chosen_no_language_hears_each_of_the_first_words_languages(
    rehearse: Rehearse, settings: dict[str, object], keys: tuple[str, ...], words: list[str]
) -> None:
    line = rehearse(**settings)
    assert heard(line.app, presses(line, line.caller.send("/call"), *keys)) == words


@pytest.mark.parametrize("became", ["busy", "no-answer", "failed"])
def test_m11_that_nobody_could_be_reached_is_said_in_each_language_too(rehearse: Rehearse, became: str) -> None:
    line = rehearse()
    away = line.caller.send("/call/dialed/en/person?origin=welcome", DialCallStatus=became)
    assert heard(line.app, away) == [*in_each("person.away"), *OFFERS]
    done = line.caller.hears("/call/dialed/en/person?origin=welcome", DialCallStatus="completed")
    assert done == in_each("person.done")


def number_in(language: str, asks: str, number: str, *choices: str) -> list[str]:
    """What one document says that reads a number aloud."""
    return [f"{language} {asks}", *spoken(number, language), *(f"{language} {choice}" for choice in choices)]


def test_m11_a_number_is_read_aloud_in_one_language_after_the_other_and_from_the_first_on_a_new_try(
    rehearse: Rehearse,
) -> None:
    line = rehearse()
    answer = line.caller.send("/call/key/en/person/closed?origin=welcome", Digits="1")
    choices = ("callback.right.1", "callback.other.2")
    waits = []
    for code in OPENING:
        assert heard(line.app, answer) == number_in(code, "callback.number", "212 555 0123", *choices)
        waits.append(first(answer, "Gather").get("timeout"))
        answer = line.caller.send(onward(answer))
    assert waits == ["4", "4", "7"]
    for code in OPENING:
        assert heard(line.app, answer) == [f"{code} retry.silence", *(f"{code} {choice}" for choice in choices)]
        answer = line.caller.send(onward(answer))


@pytest.mark.parametrize("turns", range(3), ids=OPENING)
@pytest.mark.parametrize("origin", ["welcome", "unlisted"])
def test_m11_the_same_keys_save_the_same_request_in_whichever_language_they_are_heard(
    rehearse: Rehearse, turns: int, origin: str
) -> None:
    line = rehearse()
    path = f"/call/key/en/person/closed?origin={origin}"
    presses(line, line.caller.send(path, Digits="1"), *"-" * turns, "1")
    assert line.store.saved == [CallBackRequest(SID, MONDAY_MORNING, PATIENT, "", origin)]


@pytest.mark.parametrize("turns", range(3), ids=OPENING)
def test_m11_that_the_request_is_saved_is_heard_in_each_language_whichever_the_key_was_pressed_in(
    rehearse: Rehearse, turns: int
) -> None:
    line = rehearse()
    path = "/call/key/en/person/closed?origin=welcome"
    answer = presses(line, line.caller.send(path, Digits="1"), *"-" * turns, "1")
    told = []
    for _ in OPENING:
        told += [said for said in heard(line.app, answer) if "callback.saved" in said]
        answer = line.caller.send(onward(answer))
    assert sorted(told) == sorted(in_each("callback.saved"))


@pytest.mark.parametrize("turns", range(3), ids=OPENING)
def test_m11_another_number_is_asked_for_in_each_language_whichever_was_heard_last(
    rehearse: Rehearse, turns: int
) -> None:
    line = rehearse()
    path = "/call/key/en/person/closed?origin=welcome"
    asked = presses(line, line.caller.send(path, Digits="1"), *"-" * turns, "2")
    assert heard(line.app, asked) == in_each("callback.enter.pound")
    assert heard(line.app, line.caller.send(keyed(asked), Digits="555")) == in_each(
        "callback.invalid", "callback.enter.pound"
    )


def test_m11_a_request_that_could_not_be_saved_is_told_in_one_language_after_the_other(
    rehearse: Rehearse, database_down: StoreError
) -> None:
    line = rehearse(store=MemoryStore(fault=database_down))
    answer = line.caller.send("/call/key/en/callback/number?origin=welcome", Digits="1")
    for code in OPENING:
        assert heard(line.app, answer) == [
            f"{code} callback.failed",
            *number_in(code, "callback.call-us", "212 555 0150", "callback.offer.1", "callback.return.2"),
        ]
        answer = line.caller.send(onward(answer))


def test_once_a_language_is_chosen_only_that_one_is_heard(rehearse: Rehearse) -> None:
    line = rehearse(is_open=False)
    chosen = presses(line, line.caller.send("/call"), "2", "0")
    assert heard(line.app, chosen) == ["es person.closed", "es callback.offer.1", "es callback.return.2"]
    presses(line, chosen, "1", "1")
    assert [(request.language, request.place) for request in line.store.saved] == [("es", "")]


# --- A language that is not here --------------------------------------------------------------------------------------

UNLISTED_WORDS = in_each("unlisted.title", "unlisted.offer.1", "keys.person.0")


def unlisted(line: Rehearsal, chosen: str = "en") -> LanguageChosen:
    """The event of a caller whose language is not here, with the choices of the language that they hear so far."""
    return LanguageChosen(SID, MONDAY_MORNING, hash_of(line), "unlisted", choices_of(line, chosen))


def test_whoever_misses_their_language_is_called_back_with_an_interpreter(rehearse: Rehearse) -> None:
    line = rehearse()
    offered = line.caller.send(FIRST_WORDS, Digits="4")
    assert (heard(line.app, offered), keyed(offered)) == (UNLISTED_WORDS, "/call/key/en/unlisted")
    asked = line.caller.send(keyed(offered), Digits="1")
    assert heard(line.app, asked)[0] == "en callback.number"
    saved = line.caller.send(keyed(asked), Digits="1")
    assert heard(line.app, saved)[0] == "en callback.saved"
    assert line.store.saved == [CallBackRequest(SID, MONDAY_MORNING, PATIENT, "", "unlisted")]
    assert line.events == [unlisted(line)]


def test_from_the_menu_of_languages_too_the_request_says_that_the_language_is_not_here(rehearse: Rehearse) -> None:
    line = rehearse()
    offered = line.caller.send(f"/call/key/es/languages?origin={FASTING}", Digits="4")
    assert heard(line.app, offered) == UNLISTED_WORDS
    line.caller.send(keyed(line.caller.send(keyed(offered), Digits="1")), Digits="1")
    assert line.store.saved == [CallBackRequest(SID, MONDAY_MORNING, PATIENT, "", "unlisted")]
    assert line.events == [unlisted(line, "es")]


def test_the_clinic_hears_that_the_caller_needs_an_interpreter_for_a_language_that_is_not_here(
    rehearse: Rehearse,
) -> None:
    line = rehearse()
    offered = line.caller.send(FIRST_WORDS, Digits="4")
    rung = line.caller.send(keyed(offered), Digits="0")
    assert first(rung, "Number").text == CLINIC
    whisper = line.caller.hears(str(first(rung, "Number").get("url")))
    assert whisper == ["en compression-fracture.whisper", "en whisper.unlisted", "en whisper.take.1"]
    away = line.caller.send(f"/call/dialed{onward(rung).removeprefix('/call/at').replace('/away', '')}")
    line.caller.send(keyed(line.caller.send(keyed(away), Digits="1")), Digits="1")
    assert [request.place for request in line.store.saved] == ["unlisted"]


@pytest.mark.parametrize(("digits", "tries"), [("", "s1"), ("5", "w1")])
def test_a_second_try_is_no_second_choice_and_is_heard_in_all_of_the_first_languages(
    rehearse: Rehearse, digits: str, tries: str
) -> None:
    line = rehearse()
    again = line.caller.send(keyed(line.caller.send(FIRST_WORDS, Digits="4")), Digits=digits)
    sorry = "retry.silence" if tries == "s1" else "retry.wrong"
    assert heard(line.app, again) == [*in_each(sorry), *UNLISTED_WORDS[3:]]
    assert keyed(again) == f"/call/key/en/unlisted?tries={tries}"
    assert line.events == [unlisted(line)]


def test_a_call_without_its_language_is_counted_as_such_and_begins_anew_next_time(make_line: MakeLine) -> None:
    app = make_line(Clock(), CLINIC_NUMBER=CLINIC)
    caller, parts = listener(app), parts_of(app)
    caller.send("/call")
    offered = caller.send(FIRST_WORDS, Digits="4")
    caller.send(keyed(caller.send(keyed(offered), Digits="1")), Digits="1")
    assert parts.database.writer.flush(5)
    assert [call.language for call in parts.database.store.staff.calls.list_calls()] == ["unlisted"]
    assert [(one.number, one.place) for one in parts.database.store.staff.calls.list_call_backs(numbers_for="ana")] == [
        (PATIENT, "unlisted")
    ]
    assert keyed(listener(app, sid="CA" + "2" * 32).send("/call")) == FIRST_WORDS


# --- A key that comes too soon ---------------------------------------------------------------------------------------

ALL = " ".join(LANGUAGES)
NOW_MS = round(MONDAY_MORNING.timestamp() * 1000)


def test_a_document_says_since_when_it_is_heard_also_where_it_was_made_before(rehearse: Rehearse) -> None:
    line = rehearse()
    path = f"/call/at/es/{MENU}"
    documents = []
    for _ in range(2):
        documents.append(line.caller.send(path).get_data(as_text=True))
        line.clock.passes(seconds=2.5)
    assert f"/call/key/es/{MENU}?since={NOW_MS}" in documents[0]
    assert documents[1] == documents[0].replace(f"since={NOW_MS}", f"since={NOW_MS + 2500}")


@pytest.mark.parametrize(
    "path",
    [
        "/call",
        f"/call/at/es/{FASTING}?told=2",
        "/call/at/es/callback/number",
        "/call/at/es/callback/enter",
        f"/call/at/es/person/closed?origin={FASTING}",
        "/call/at/es/waiting-3?tries=w1",
    ],
)
def test_wherever_a_key_is_waited_for_the_document_says_since_when(rehearse: Rehearse, path: str) -> None:
    assert keyed_at_once(rehearse().caller.send(path)).endswith(f"since={NOW_MS}")


def test_a_double_press_chooses_once_and_what_it_falls_into_is_heard_from_its_beginning(rehearse: Rehearse) -> None:
    line = rehearse()
    begun = line.caller.send(keyed(line.caller.send("/call")), Digits="2")
    again = line.caller.send(keyed_at_once(begun), Digits="2")
    assert heard(line.app, again) == ["quiet 1", "es emergency", f"es {TOPIC}.welcome", "es hello.unreviewed"]
    assert again.get_data() == begun.get_data()
    assert not [event for event in line.events if isinstance(event, ClipStarted)]


def test_a_double_press_in_the_menu_does_not_pass_over_the_notice(rehearse: Rehearse) -> None:
    line = rehearse()
    told = line.caller.send(f"/call/key/es/{MENU}", Digits="2")
    again = line.caller.send(keyed_at_once(told), Digits="2")
    assert heard(line.app, again) == heard(line.app, told) == ["es hello.unreviewed", "es notice"]
    assert keyed(again) == f"/call/key/es/notice?origin={TOPIC}/prep/1"


TOO_SOON = "es menu.title"
MOMENTS = {
    "at once": ("2", 0.0, TOO_SOON),
    "just within the first second": ("2", 0.999, TOO_SOON),
    "after a second": ("2", 1.0, "es hello.unreviewed"),
    "long after": ("2", 600.0, "es hello.unreviewed"),
    "the pace at once": ("7", 0.0, TOO_SOON),
    "the pace after a second": ("7", 1.0, "es menu.title slowly"),
    "a person at once": ("0", 0.0, "es person.wait"),
    "another language at once": ("8", 0.0, "en language.choice.1"),
    "again at once": ("9", 0.0, TOO_SOON),
    "back at once": ("*", 0.0, "en language.choice.1"),
    "a key that does nothing at once": ("#", 0.0, "es retry.wrong"),
    "nothing at once": ("", 0.0, "es retry.silence"),
}


@pytest.mark.parametrize(("key", "seconds", "words"), MOMENTS.values(), ids=MOMENTS.keys())
def test_a_choice_counts_once_somebody_can_have_heard_it(
    rehearse: Rehearse, key: str, seconds: float, words: str
) -> None:
    line = rehearse()
    place = keyed_at_once(line.caller.send(f"/call/at/es/{MENU}"))
    line.clock.passes(seconds=seconds)
    assert line.caller.hears(place, Digits=key)[0] == words


@pytest.mark.parametrize("key", "1234567")
@pytest.mark.parametrize("node", [f"es/{MENU}", "es/begin", f"es/{TOPIC}/prep/end", "zh/unlisted", "en/welcome"])
def test_none_of_the_keys_that_have_to_be_explained_is_a_choice_at_once(
    rehearse: Rehearse, node: str, key: str
) -> None:
    line = rehearse()
    there = line.caller.send(f"/call/at/{node}")
    assert line.caller.send(keyed_at_once(there), Digits=key).get_data() == there.get_data()


@pytest.mark.parametrize(
    "since",
    ["", "x", "-5", "1e3", "%C2%B2", "9" * 14, "9" * 15, "9" * 400, str(NOW_MS + 1), str(NOW_MS + 60_000)],
    ids=[
        "none",
        "a word",
        "negative",
        "a float",
        "a sign",
        "far ahead",
        "too long",
        "huge",
        "1 ms ahead",
        "60 s ahead",
    ],
)
def test_where_it_is_not_known_since_when_a_place_is_heard_the_key_counts(rehearse: Rehearse, since: str) -> None:
    assert rehearse().caller.hears(f"/call/key/es/{MENU}?since={since}", Digits="2") == [
        "es hello.unreviewed",
        "es notice",
    ]


def test_a_whole_number_is_taken_however_quickly_it_is_keyed_in(rehearse: Rehearse) -> None:
    line = rehearse()
    asked = line.caller.send("/call/at/es/callback/enter")
    assert line.caller.hears(keyed_at_once(asked), Digits=OTHER_KEYED)[1:-2] == spoken("212 555 0199")


LATE_KEYS = {
    "the first page, just turned": (("-",), 0.0, "es/begin"),
    "the first page, almost two seconds later": (("-",), 1.999, "es/begin"),
    "the second page, two seconds later": (("-",), 2.0, "ru/begin"),
    "the second page, after it": (("-", "-"), 0.5, "ru/begin"),
    "the third page": (("-", "-"), 2.0, "it/begin"),
    "turned by key, at once": (("#",), 0.0, "en/welcome-2"),
    "turned by key, after a second": (("#",), 1.0, "ru/begin"),
    "by itself, then by key": (("-", "#"), 0.5, "en/welcome-3"),
    "the first page again, after the last one": (("-", "-", "-"), 1.0, "it/begin"),
    "the first page again, later": (("-", "-", "-"), 2.0, "es/begin"),
    "the second page in the second round": (("-", "-", "-", "-"), 1.0, "es/begin"),
    "the second page in the second round, later": (("-", "-", "-", "-"), 2.0, "ru/begin"),
}
"""How somebody came to a page of languages, the seconds until they press 2, and where that leads."""


@pytest.mark.parametrize(("turned", "seconds", "place"), LATE_KEYS.values(), ids=LATE_KEYS.keys())
def test_a_key_that_comes_as_the_page_turns_by_itself_chooses_on_the_page_before(
    make_line: MakeLine, turned: tuple[str, ...], seconds: float, place: str
) -> None:
    clock = Clock()
    caller = listener(make_line(clock, LANGUAGES=ALL))
    page = caller.send("/call")
    for key in turned:
        page = caller.send(onward(page)) if key == "-" else caller.send(keyed(page), Digits=key)
    clock.passes(seconds=seconds)
    chosen = caller.send(keyed_at_once(page), Digits="2")
    assert keyed(chosen).removeprefix("/call/key/") == place


def test_m10_whoever_is_silent_hears_every_page_before_one_is_repeated_and_then_a_person(make_line: MakeLine) -> None:
    caller = listener(make_line(LANGUAGES=ALL, CLINIC_NUMBER=CLINIC))
    answer, pages, waits = caller.send("/call"), [], []
    while "Gather" in verbs(answer):
        pages.append(keyed(answer).removeprefix("/call/key/en/"))
        waits.append(first(answer, "Gather").get("timeout"))
        answer = caller.send(onward(answer))
    assert pages == [
        *("welcome", "welcome-2?tries=n", "welcome-3?tries=n"),
        *("welcome?tries=s1", "welcome-2?tries=s1", "welcome-3?tries=s1"),
        "welcome?tries=s2",
    ]
    assert waits == ["4", "4", "7", "4", "4", "7", "4"]
    assert heard(caller.app, answer) == in_each("person.wait")


# --- The network that carries the call -------------------------------------------------------------------------------


@pytest.mark.parametrize(("profile", "finish"), [("twilio", ""), ("hash-ends", "D")])
def test_the_setting_says_what_the_network_needs(make_line: MakeLine, profile: str, finish: str) -> None:
    caller = listener(make_line(TWILIO_PROFILE=profile, CLINIC_NUMBER=CLINIC))
    for path in ("/call", f"/call/at/es/{MENU}", "/call/whisper/es/person"):
        assert first(caller.send(path), "Gather").get("finishOnKey") == finish
    assert first(caller.send("/call/at/es/callback/enter"), "Gather").get("finishOnKey") == "#"


# --- What is written down --------------------------------------------------------------------------------------------


def test_each_clip_that_begins_is_written_down(rehearse: Rehearse) -> None:
    line = rehearse()
    caller_hash = hash_of(line)
    for path, digits in (
        ("/call", ""),
        ("/call/key/en/welcome", "2"),
        ("/call/key/es/begin", "2"),
        (f"/call/key/es/notice?origin={TOPIC}/prep/1", "#"),
        (f"/call/at/es/lesson/skip?origin={TOPIC}/prep/1&told=1", ""),
        (f"/call/at/es/{TOPIC}/prep/1?told=1", ""),
        (f"/call/at/es/lesson/again?origin={TOPIC}/prep/1&told=2", ""),
        (f"/call/key/es/{TOPIC}/prep/1?told=2", "#"),
        (f"/call/key/es/{TOPIC}/prep/2?told=2", "9"),
        (f"/call/key/es/{TOPIC}/prep/2?told=2", "7"),
        (f"/call/key/es/{TOPIC}/prep/2?slow=1&told=2", "5"),
        (f"/call/at/es/{TOPIC}/all/overview/3", ""),
        (f"/call/key/es/{MENU}", "*"),
    ):
        line.caller.send(path, Digits=digits)
    now = MONDAY_MORNING
    assert line.events == [
        CallStarted(SID, now, caller_hash),
        LanguageChosen(SID, now, caller_hash, "es", choices_of(line, "es")),
        ClipStarted(SID, now, "es", TOPIC, "prep", 1),
        ClipStarted(SID, now, "es", TOPIC, "prep", 2),
        ClipStarted(SID, now, "es", TOPIC, "prep", 2),
        ClipStarted(SID, now, "es", TOPIC, "prep", 2),
        ClipStarted(SID, now, "es", TOPIC, "overview", 3),
    ]


def test_events_bear_the_moment_at_which_they_happened(rehearse: Rehearse) -> None:
    line = rehearse()
    line.clock.passes(minutes=2)
    line.caller.send(f"/call/at/zh/{TOPIC}/rights/1")
    assert line.events == [ClipStarted(SID, at(2026, 11, 23, 15, 32), "zh", TOPIC, "rights", 1)]


def test_clips_end_up_in_the_database_as_sections_heard(make_line: MakeLine) -> None:
    app = make_line(Clock())
    for number in (1, 2, 2):
        listener(app).send(f"/call/at/es/{TOPIC}/prep/{number}")
    parts = parts_of(app)
    assert parts.database.writer.flush(5)
    sections = parts.database.store.staff.calls.list_sections_heard(SID)
    assert [(heard.section, heard.clips) for heard in sections] == [("prep", 2)]


# --- Clips that are missing -------------------------------------------------------------------------------------------


def test_a_missing_clip_is_spoken_by_the_network_in_the_callers_language(make_line: MakeLine, tmp_path: Path) -> None:
    app = make_line(AUDIO_FOLDER=str(tmp_path / "no clips"))
    answer = listener(app).send(f"/call/at/es/{FASTING}")
    assert heard(app, answer) == [said_by_network(app, "es", f"{TOPIC}.prep.fasting")]
    assert verbs(answer) == ["Gather", "Redirect"]
    assert parts_of(app).calls.metrics.registry.get_sample_value("spineline_missing_clips_total") == 1


def test_a_clip_that_was_built_meanwhile_is_heard_without_a_restart(make_line: MakeLine, tmp_path: Path) -> None:
    folder = tmp_path / "audio"
    folder.mkdir()
    app = make_line(AUDIO_FOLDER=str(folder))
    spoken_first = listener(app).hears(f"/call/at/es/{FASTING}")
    for layer in ("built", "clips", "manifest.json"):
        (folder / layer).symlink_to(ROOT / "audio" / layer)
    assert spoken_first == [said_by_network(app, "es", f"{TOPIC}.prep.fasting")]
    assert listener(app).hears(f"/call/at/es/{FASTING}") == [f"es {TOPIC}.prep.fasting"]


def test_clips_are_named_at_the_address_of_the_host_that_serves_them(make_line: MakeLine) -> None:
    app = make_line(AUDIO_BASE_URL="https://cdn.example.org/spine")
    played = str(first(listener(app).send(f"/call/at/es/{FASTING}"), "Play").text)
    assert played.startswith("https://cdn.example.org/spine/es/")
    assert played.endswith(".wav")
