"""What the line does beside speaking: a person, a call-back, a language remembered; and what it writes down of it."""

import logging
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from ivr.errors import StoreError
from ivr.line.events import CallBackRequest, CallStarted, ClipStarted, LanguageChosen
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
    """How a number's groups are heard: "212 555" with a pause before each group."""
    return [word for group in number.split() for word in ("pause 1", *(f"{language} digit.{digit}" for digit in group))]


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
    done = line.caller.send(f"/call/dialed/es/person?slow=1&origin={FASTING}", DialCallStatus="completed")
    assert onward(done) == f"/call/at/es/{FASTING}?slow=1"
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
    assert heard(line.app, key_in(line, digits)) == [f"es {TOPIC}.prep.fasting"]


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


def hash_of(line: Rehearsal) -> str:
    return line.secrets.hash_number(PATIENT)


def test_the_language_chosen_last_is_offered_first(rehearse: Rehearse) -> None:
    line = rehearse()
    line.store.languages[hash_of(line)] = "zh"
    answer = line.caller.send("/call")
    assert heard(line.app, answer) == [
        "pause 1",
        "zh emergency",
        "zh language.same.1",
        "zh keys.language.2",
        "en keys.language.2",
        "es keys.language.2",
        "zh keys.person.0",
    ]
    assert keyed(answer) == "/call/key/zh/returning-zh"
    assert line.caller.hears(keyed(answer), Digits="1")[0] == "zh compression-fracture.welcome"
    assert "es language.choice.2" in line.caller.hears(keyed(answer), Digits="2")


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
    assert heard(line.app, line.caller.send("/call"))[:4] == ["pause 1", "en emergency", "es emergency", "zh emergency"]
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
    listener(app).send("/call/at/es/hello")
    assert parts_of(app).database.writer.flush(5)
    said = listener(app).hears("/call")
    assert said[:3] == ["pause 1", "zh emergency", "zh compression-fracture.welcome"]


# --- A language that is not here --------------------------------------------------------------------------------------

UNLISTED_WORDS = [
    f"{code} {words}"
    for words in ("unlisted.title", "unlisted.offer.1", "keys.person.0")
    for code in ("en", "es", "zh")
]


def test_whoever_misses_their_language_is_called_back_with_an_interpreter(rehearse: Rehearse) -> None:
    line = rehearse()
    offered = line.caller.send(FIRST_WORDS, Digits="4")
    assert (heard(line.app, offered), keyed(offered)) == (UNLISTED_WORDS, "/call/key/en/unlisted")
    asked = line.caller.send(keyed(offered), Digits="1")
    assert heard(line.app, asked)[0] == "en callback.number"
    saved = line.caller.send(keyed(asked), Digits="1")
    assert heard(line.app, saved)[0] == "en callback.saved"
    assert line.store.saved == [CallBackRequest(SID, MONDAY_MORNING, PATIENT, "en", "unlisted")]
    assert line.events == [LanguageChosen(SID, MONDAY_MORNING, hash_of(line), "unlisted")]


def test_from_the_menu_of_languages_too_the_request_says_that_the_language_is_not_here(rehearse: Rehearse) -> None:
    line = rehearse()
    offered = line.caller.send(f"/call/key/es/languages?origin={FASTING}", Digits="4")
    assert heard(line.app, offered) == UNLISTED_WORDS
    line.caller.send(keyed(line.caller.send(keyed(offered), Digits="1")), Digits="1")
    assert line.store.saved == [CallBackRequest(SID, MONDAY_MORNING, PATIENT, "es", "unlisted")]
    assert line.events == [LanguageChosen(SID, MONDAY_MORNING, hash_of(line), "unlisted")]


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
    assert heard(line.app, again) == [*(f"{code} {sorry}" for code in ("en", "es", "zh")), *UNLISTED_WORDS[3:]]
    assert keyed(again) == f"/call/key/en/unlisted?tries={tries}"
    assert line.events == [LanguageChosen(SID, MONDAY_MORNING, hash_of(line), "unlisted")]


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


# --- What is written down --------------------------------------------------------------------------------------------


def test_each_clip_that_begins_is_written_down(rehearse: Rehearse) -> None:
    line = rehearse()
    caller_hash = hash_of(line)
    for path, digits in (
        ("/call", ""),
        ("/call/key/en/welcome", "2"),
        ("/call/key/es/hello", "2"),
        (f"/call/key/es/{TOPIC}/prep/1", "#"),
        (f"/call/key/es/{TOPIC}/prep/2", "9"),
        (f"/call/key/es/{TOPIC}/prep/2", "7"),
        (f"/call/key/es/{TOPIC}/prep/2?slow=1", "5"),
        (f"/call/at/es/{TOPIC}/all/overview/3", ""),
        (f"/call/key/es/{MENU}", "*"),
    ):
        line.caller.send(path, Digits=digits)
    now = MONDAY_MORNING
    assert line.events == [
        CallStarted(SID, now, caller_hash),
        LanguageChosen(SID, now, caller_hash, "es"),
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
