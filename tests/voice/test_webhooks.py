"""Every request of the network: kept out and without effect, or answered with words; never an error page."""

import hmac
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from werkzeug.test import TestResponse

from ivr.errors import UnspokenError
from ivr.line.events import CallEnded, CallStarted, ClipStarted
from ivr.provider.signature import HEADER, Signature
from ivr.store.calls.call_records import StoredCall
from ivr.wiring import create_app
from tests.conftest import MONDAY_MORNING, Environment, MakeLine
from tests.voice.caller import SID, listened
from tests.voice.conftest import (
    BASE,
    CLINIC,
    LINE_NUMBER,
    MENU,
    PATIENT,
    TOPIC,
    MemoryStore,
    Rehearsal,
    Rehearse,
    document,
    first,
    heard,
    keyed,
    listener,
    onward,
    parts_of,
    said_by_network,
    verbs,
)

PLACES = [
    "/call",
    f"/call/at/es/{MENU}",
    f"/call/at/es/{TOPIC}/prep/1",
    f"/call/key/es/{MENU}?tries=s1",
    f"/call/dialed/es/person?origin={MENU}",
    f"/call/whisper/es/person?origin={MENU}",
    "/call/taken/es/person",
    "/call/at/es/callback/save",
    "/call/fallback",
    "/call/status",
    "/call/at/es/no-such-node",
    "/call/no-such-request",
]
"""Every kind of request; the last ones name nothing that the line has."""
Forge = Callable[[Signature, str, dict[str, str]], str | None]


def unsigned(_real: Signature, _path: str, _form: dict[str, str]) -> None:
    return None


def badly_signed(_real: Signature, _path: str, _form: dict[str, str]) -> str:
    return "bm90IGEgc2lnbmF0dXJlIGF0IGFsbA=="


def signed_with_another_token(real: Signature, path: str, form: dict[str, str]) -> str:
    return Signature(real.base, "another token, not ours").sign(path, form)


def signed_for_another_host(real: Signature, path: str, form: dict[str, str]) -> str:
    return Signature("https://evil.example.org", real.token).sign(path, form)


def signed_for_another_path(real: Signature, path: str, form: dict[str, str]) -> str:
    return real.sign(path.replace("/call", "/call/at/en/goodbye", 1), form)


def signed_for_another_query(real: Signature, path: str, form: dict[str, str]) -> str:
    return real.sign(f"{path}{'&' if '?' in path else '?'}slow=1", form)


def signed_for_another_form(real: Signature, path: str, form: dict[str, str]) -> str:
    return real.sign(path, {**form, "From": "+12125550199"})


FORGERIES: tuple[Forge, ...] = (
    unsigned,
    badly_signed,
    signed_with_another_token,
    signed_for_another_host,
    signed_for_another_path,
    signed_for_another_query,
    signed_for_another_form,
)
FORM = {"CallSid": SID, "From": PATIENT, "To": LINE_NUMBER, "Digits": "1"}
ENDED = {"CallStatus": "completed", "CallDuration": "93"}


def forged(app: Flask, forge: Forge, path: str) -> TestResponse:
    form = {**FORM, **ENDED}
    signature = forge(parts_of(app).calls.signature, path, form)
    return app.test_client().post(path, data=form, headers={HEADER: signature} if signature else {})


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("forge", FORGERIES)
def test_what_twilio_did_not_sign_is_refused_and_touches_nothing(rehearse: Rehearse, forge: Forge, path: str) -> None:
    line = rehearse()
    refused = forged(line.app, forge, path)
    assert (refused.status_code, refused.content_type) == (403, "text/plain; charset=utf-8")
    assert refused.get_data(as_text=True) == "The signature does not match.\n"
    assert line.untouched


def test_a_refused_request_leaves_no_row_and_is_counted(make_line: MakeLine) -> None:
    app = make_line(CLINIC_NUMBER=CLINIC)
    for path in PLACES:
        assert forged(app, badly_signed, path).status_code == 403
    parts = parts_of(app)
    assert parts.database.writer.flush(5)
    calls = parts.database.store.staff.calls
    assert (calls.list_calls(), calls.list_call_backs()) == ([], [])
    assert parts.calls.metrics.registry.get_sample_value("spineline_refused_requests_total") == len(PLACES)
    assert parts.calls.metrics.registry.get_sample_value("spineline_calls_total") == 0


def test_the_same_requests_rightly_signed_do_touch_it(rehearse: Rehearse) -> None:
    for path, touched in {
        "/call": "asked for the last language",
        "/call/at/es/callback/save": "saved",
    }.items():
        line = rehearse()
        assert line.caller.send(path).status_code == 200
        assert line.store.happened[-1:] == [touched]


def test_the_position_in_the_query_is_covered_by_the_signature(rehearse: Rehearse) -> None:
    line = rehearse()
    form, signature = FORM, parts_of(line.app).calls.signature.sign(f"/call/at/es/{MENU}", FORM)
    client = line.app.test_client()
    for query, status in {"": 200, "?slow=1": 403, "?tries=f": 403, f"?origin={TOPIC}/prep/1": 403}.items():
        path = f"/call/at/es/{MENU}{query}"
        assert client.post(path, data=form, headers={HEADER: signature}).status_code == status


def test_a_public_address_with_a_path_is_signed_and_written_whole(rehearse: Rehearse) -> None:
    base = "https://example.org/phones/spine"
    line = rehearse(base=base)
    answer = line.caller.send(f"/call/at/es/{MENU}")
    assert listened(str(first(answer, "Gather").get("action"))) == f"{base}/call/key/es/{MENU}"
    assert str(first(answer, "Redirect").text) == f"{base}/call/at/es/{MENU}?tries=s1"
    without = Signature("https://example.org", parts_of(line.app).calls.signature.token)
    path = f"/call/at/es/{MENU}"
    refused = line.app.test_client().post(path, data=FORM, headers={HEADER: without.sign(path, FORM)})
    assert refused.status_code == 403


# --- What a network may write otherwise ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/call", "/call/", "/call?", "/call/?"])
def test_a_slash_or_an_empty_query_after_the_address_of_the_line_is_the_same_address(
    rehearse: Rehearse, path: str
) -> None:
    line = rehearse()
    assert line.caller.hears(path)[:3] == ["quiet 1", "en emergency", "en language.choice.1"]
    assert line.events == [CallStarted(SID, MONDAY_MORNING, line.secrets.hash_number(PATIENT))]


@pytest.mark.parametrize(("signed", "sent"), [("/call?", "/call"), ("/call", "/call?"), ("/call/?", "/call/")])
def test_a_server_before_us_may_drop_or_add_the_mark_of_an_empty_query(
    rehearse: Rehearse, signed: str, sent: str
) -> None:
    line = rehearse()
    signature = parts_of(line.app).calls.signature.sign(signed, FORM)
    answer = line.app.test_client().post(sent, data=FORM, headers={HEADER: signature})
    assert heard(line.app, answer)[:2] == ["quiet 1", "en emergency"]


@pytest.mark.parametrize(
    ("signed", "sent"),
    [("/call", "/call/"), ("/call/", "/call"), ("/call?", "/call?slow=1"), ("/call??", "/call"), ("/call", "//call")],
)
def test_any_other_address_than_the_signed_one_is_refused(rehearse: Rehearse, signed: str, sent: str) -> None:
    line = rehearse()
    signature = parts_of(line.app).calls.signature.sign(signed, FORM)
    refused = line.app.test_client().post(sent, data=FORM, headers={HEADER: signature})
    assert refused.status_code in (403, 404)
    assert line.untouched


LATIN_1 = {
    "a letter": (b"CallSid=%s&From=%%2B12125550123&FromCity=M%%FCnchen&To=%%2B12125550100", "München"),
    "no letter at all": (b"CallSid=%s&From=%%2B12125550123&FromCity=%%FF%%FE&To=%%2B12125550100", "ÿþ"),
}
"""Forms whose bytes are no UTF-8, and the city that they hold, byte for byte."""


def sign_bytes(line: Rehearsal, path: str, city: str) -> str:
    """Twilio's rule over the bytes as they were sent, written down here a second time: the address, then each name with
    its value, in the order of the names."""
    real = parts_of(line.app).calls.signature
    form = f"CallSid{SID}From{PATIENT}FromCity{city}To{LINE_NUMBER}"
    told = f"{real.base}{path}".encode() + form.encode("latin-1")
    return b64encode(hmac.digest(real.token.encode(), told, "sha1")).decode()


def post_bytes(line: Rehearsal, path: str, body: bytes, signature: str) -> TestResponse:
    kind = "application/x-www-form-urlencoded"
    return line.app.test_client().post(path, data=body, headers={HEADER: signature}, content_type=kind)


@pytest.mark.parametrize("path", ["/call", "/call/", "/call?"])
@pytest.mark.parametrize(("body", "city"), LATIN_1.values(), ids=LATIN_1.keys())
def test_a_form_that_is_no_utf_8_is_answered_when_its_bytes_are_signed(
    rehearse: Rehearse, path: str, body: bytes, city: str
) -> None:
    line = rehearse()
    answer = post_bytes(line, path, body % SID.encode(), sign_bytes(line, path, city))
    assert heard(line.app, answer)[:2] == ["quiet 1", "en emergency"]
    assert line.events == [CallStarted(SID, MONDAY_MORNING, line.secrets.hash_number(PATIENT))]


def test_bytes_that_no_form_may_hold_unquoted_are_answered_too_and_nothing_of_that_form_is_used(
    rehearse: Rehearse,
) -> None:
    line = rehearse()
    body = b"CallSid=%s&From=%%2B12125550123&FromCity=M\xfcnchen&To=%%2B12125550100" % SID.encode()
    answer = post_bytes(line, "/call", body, sign_bytes(line, "/call", "München"))
    assert heard(line.app, answer)[:2] == ["quiet 1", "en emergency"]
    assert line.events == []


@pytest.mark.parametrize(("body", "city"), LATIN_1.values(), ids=LATIN_1.keys())
def test_a_form_that_is_no_utf_8_is_refused_when_a_byte_of_it_is_another(
    rehearse: Rehearse, body: bytes, city: str
) -> None:
    line = rehearse()
    right = sign_bytes(line, "/call", city)
    forged = body.replace(b"0123", b"0199") % SID.encode()
    for sent, signature in ((forged, right), (body % SID.encode(), ""), (body % SID.encode(), right[::-1])):
        assert post_bytes(line, "/call", sent, signature).status_code == 403
    assert post_bytes(line, f"/call/at/es/{MENU}", body % SID.encode(), right).status_code == 403
    assert line.untouched


# --- What a request may lack, or hold too much of --------------------------------------------------------------------

WRONG_KEY = f"/call/at/es/{MENU}?tries=w1"


@pytest.mark.parametrize(
    ("digits", "words"),
    [
        ("7" * 50, "es retry.wrong"),
        ("77", "es retry.wrong"),
        ("A", "es retry.wrong"),
        ("１", "es retry.wrong"),
        ("\x00", "es retry.wrong"),
        ("", "es retry.silence"),
    ],
    ids=["fifty digits", "two digits", "a letter", "a wide digit", "a null", "nothing"],
)
def test_digits_that_no_key_sends_lead_to_a_new_try(rehearse: Rehearse, digits: str, words: str) -> None:
    assert rehearse().caller.hears(f"/call/key/es/{MENU}", Digits=digits)[0] == words


def test_fifty_digits_are_no_phone_number_either(rehearse: Rehearse) -> None:
    said = rehearse().caller.hears("/call/key/es/callback/enter", Digits="2125550" * 7 + "1")
    assert said == ["es callback.invalid", "es callback.enter.pound"]


@pytest.mark.parametrize("path", PLACES[:-2])
def test_a_request_that_names_no_call_is_answered_and_leaves_no_event(rehearse: Rehearse, path: str) -> None:
    line = rehearse()
    nameless = listener(line.app, sid="")
    assert nameless.send(path).status_code == (204 if path == "/call/status" else 200)
    assert line.events == []


def test_a_request_with_no_field_at_all_is_answered(rehearse: Rehearse) -> None:
    line = rehearse()
    assert "es menu.title" in listener(line.app, number="", sid="", dialed="").hears(f"/call/at/es/{MENU}")
    assert "en emergency" in listener(line.app, number="", sid="", dialed="").hears("/call")


@pytest.mark.parametrize(
    ("path", "words", "on"),
    [
        ("/call/at/xx/welcome", ["en sorry", "es sorry", "zh sorry"], "/call/at/en/welcome?tries=f"),
        ("/call/key/vi/welcome", ["en sorry", "es sorry", "zh sorry"], "/call/at/en/welcome?tries=f"),
        ("/call/at/es/no-such-node", ["es sorry"], f"/call/at/es/{MENU}?tries=f"),
        ("/call/key/zh/x/prep/1", ["zh sorry"], f"/call/at/zh/{MENU}?tries=f"),
        ("/call/at/es/" + "x" * 3000, ["es sorry"], f"/call/at/es/{MENU}?tries=f"),
        (f"/call/at/es/{MENU}?tries=s9", ["es sorry"], f"/call/at/es/{MENU}?tries=f"),
        ("/call/at/es/person?origin=no-such-node", ["es sorry"], f"/call/at/es/{MENU}?tries=f"),
        ("/call/at/es/person?origin=goodbye", ["es sorry"], f"/call/at/es/{MENU}?tries=f"),
        ("/call/key/es/person/closed?origin=callback/save", ["es sorry"], f"/call/at/es/{MENU}?tries=f"),
        ("/call/dialed/es/person?origin=person", ["es sorry"], f"/call/at/es/{MENU}?tries=f"),
        ("/call/at", ["en sorry", "es sorry", "zh sorry"], "/call/at/en/welcome?tries=f"),
        ("/call/no/such/request", ["en sorry", "es sorry", "zh sorry"], "/call/at/en/welcome?tries=f"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_a_place_that_the_line_does_not_have_is_an_apology_and_a_way_on(
    rehearse: Rehearse, path: str, words: list[str], on: str
) -> None:
    line = rehearse()
    answer = line.caller.send(path, Digits="1")
    assert (heard(line.app, answer), onward(answer)) == (words, on)
    assert line.untouched
    assert line.metrics.registry.get_sample_value("spineline_failed_requests_total") == 1


def test_the_way_on_after_an_apology_is_really_there(rehearse: Rehearse) -> None:
    line = rehearse()
    lost = line.caller.send("/call/at/es/no-such-node")
    menu = line.caller.send(onward(lost))
    assert "es compression-fracture.prep.choice.2" in heard(line.app, menu)
    assert keyed(menu) == f"/call/key/es/{MENU}?tries=f"


# --- A webhook may come twice -------------------------------------------------------------------------------------

REPEATED = [
    ("/call", ""),
    (f"/call/at/es/{MENU}", ""),
    (f"/call/at/es/{TOPIC}/prep/2?slow=1", ""),
    (f"/call/key/es/{MENU}", "3"),
    (f"/call/key/es/{MENU}?told=2", "5"),
    (f"/call/key/es/{MENU}?since={round(MONDAY_MORNING.timestamp() * 1000)}", "5"),
    (f"/call/key/es/notice?origin={TOPIC}/prep/1", "#"),
    (f"/call/key/es/{MENU}", ""),
    (f"/call/key/es/{TOPIC}/prep/2", "0"),
    (f"/call/dialed/es/person?origin={MENU}", ""),
    (f"/call/whisper/es/person?origin={TOPIC}/prep/2", ""),
    ("/call/taken/es/person", "1"),
    ("/call/at/es/callback/number", ""),
    ("/call/at/en/callback/number?origin=welcome", ""),
    ("/call/at/es/callback/save", ""),
    ("/call/at/es/no-such-node", ""),
    ("/call/fallback", ""),
    ("/call/status", ""),
]


@pytest.mark.parametrize(("path", "digits"), REPEATED)
def test_a_repeated_webhook_gets_the_same_answer_to_the_byte_from_any_process(
    rehearse: Rehearse, path: str, digits: str
) -> None:
    line, other = rehearse(), rehearse()
    answers = [one.caller.send(path, Digits=digits) for one in (line, line, other)]
    assert len({(answer.status_code, answer.get_data()) for answer in answers}) == 1


def test_a_number_keyed_in_twice_by_a_repeated_webhook_is_the_same_number(rehearse: Rehearse) -> None:
    line = rehearse()
    answers = [line.caller.send("/call/key/es/callback/enter", Digits="2125550199") for _ in range(2)]
    assert heard(line.app, answers[0]) == heard(line.app, answers[1])
    tokens = [keyed(answer).split("number=")[1] for answer in answers]
    assert [line.secrets.open(token, 1) for token in tokens] == ["+12125550199"] * 2


# --- Something fails inside ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "words", "on"),
    [
        (f"/call/at/es/{MENU}", ["es sorry"], f"/call/at/es/{MENU}?tries=f"),
        (f"/call/key/zh/{TOPIC}/prep/1", ["zh sorry"], f"/call/at/zh/{MENU}?tries=f"),
        ("/call/at/en/languages", ["en sorry"], f"/call/at/en/{MENU}?tries=f"),
    ],
)
def test_what_breaks_inside_is_an_apology_in_the_callers_language(
    rehearse: Rehearse, path: str, words: list[str], on: str
) -> None:
    broken = {"menu.title": RuntimeError("a bug"), "language.choice.1": KeyError("another")}
    line = rehearse(faults=broken)
    answer = line.caller.send(path, Digits="*")
    assert (heard(line.app, answer), onward(answer)) == (words, on)


@pytest.mark.parametrize("path", ["/call", "/call/at/en/welcome", "/call/at/es/welcome?tries=w1"])
def test_before_a_language_is_chosen_the_apology_is_in_all_of_the_first_ones(rehearse: Rehearse, path: str) -> None:
    line = rehearse(faults={"language.choice.1": RuntimeError("a bug")})
    answer = line.caller.send(path)
    assert heard(line.app, answer) == ["en sorry", "es sorry", "zh sorry"]
    assert onward(answer) == "/call/at/en/welcome?tries=f"


def test_what_breaks_twice_is_handed_over_to_the_clinic(rehearse: Rehearse) -> None:
    line = rehearse(faults={"menu.all.1": RuntimeError("a bug")})
    again = onward(line.caller.send(f"/call/at/es/{MENU}"))
    answer = line.caller.send(again)
    assert heard(line.app, answer) == [said_by_network(line.app, "es", "sorry")]
    assert verbs(answer) == ["Say", "Dial", "Hangup"]
    assert first(answer, "Dial").text == CLINIC


def test_what_breaks_twice_before_a_language_is_chosen_is_handed_over_in_all_of_the_first_ones(
    rehearse: Rehearse,
) -> None:
    line = rehearse(faults={"language.choice.1": RuntimeError("a bug")})
    answer = line.caller.send(onward(line.caller.send("/call")))
    assert [words[:10] for words in heard(line.app, answer)] == ["say en-US:", "say es-US:", "say cmn-CN"]
    assert first(answer, "Dial").text == CLINIC


def test_where_not_even_the_apology_can_be_spoken_the_network_speaks_it(rehearse: Rehearse) -> None:
    line = rehearse(faults={"menu.title": RuntimeError("a bug"), "sorry": RuntimeError("another")})
    answer = line.caller.send(f"/call/at/zh/{MENU}")
    assert [words[:10] for words in heard(line.app, answer)] == ["say cmn-CN"]
    assert first(answer, "Dial").text == CLINIC


def test_what_nobody_can_speak_leads_to_a_person(rehearse: Rehearse) -> None:
    line = rehearse(faults={"menu.title": UnspokenError("no clip")})
    answer = line.caller.send(f"/call/at/es/{MENU}")
    assert verbs(answer) == ["Say", "Dial", "Hangup"]
    assert first(answer, "Say").get("language") == "es-US"


@pytest.mark.parametrize("fault", [RuntimeError("a bug"), OSError("disk"), ValueError("odd")])
def test_a_store_that_breaks_its_word_costs_an_apology_not_the_call(rehearse: Rehearse, fault: Exception) -> None:
    line = rehearse(store=MemoryStore(fault=fault))
    answer = line.caller.send("/call")
    assert heard(line.app, answer) == ["en sorry", "es sorry", "zh sorry"]
    assert line.caller.hears(onward(answer))[:2] == ["quiet 1", "en emergency"]
    saved = line.caller.send("/call/at/es/callback/save")
    assert (heard(line.app, saved), onward(saved)) == (["es sorry"], f"/call/at/es/{MENU}?tries=f")


@pytest.mark.parametrize("fault", [RuntimeError("a bug"), UnspokenError("no clip")])
@pytest.mark.parametrize("again", ["", "&tries=f"])
def test_a_whisper_that_breaks_hangs_up_the_clinics_leg_and_never_leads_it_into_the_line(
    rehearse: Rehearse, fault: Exception, again: str
) -> None:
    line = rehearse(faults={"compression-fracture.whisper": fault})
    assert verbs(line.caller.send(f"/call/whisper/es/person?origin={MENU}{again}")) == ["Hangup"]
    assert verbs(line.caller.send("/call/whisper/es/no-such-node")) == ["Hangup"]


# --- The fallback ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failed", "languages"),
    [
        (f"{BASE}/call/at/es/{MENU}?tries=s1", ["es-US"]),
        (f"{BASE}/call/key/zh/{MENU}", ["cmn-CN"]),
        (f"{BASE}/call", ["en-US", "es-US", "cmn-CN"]),
        (f"{BASE}/call/key/en/welcome?tries=s1", ["en-US", "es-US", "cmn-CN"]),
        (f"{BASE}/call/at/xx/{MENU}", ["en-US", "es-US", "cmn-CN"]),
        ("nonsense", ["en-US", "es-US", "cmn-CN"]),
        ("", ["en-US", "es-US", "cmn-CN"]),
    ],
)
def test_the_fallback_speaks_the_language_of_the_address_that_failed(
    rehearse: Rehearse, failed: str, languages: list[str]
) -> None:
    answer = rehearse().caller.send("/call/fallback", ErrorUrl=failed, ErrorCode="11200")
    assert [say.get("language") for say in document(answer).iter("Say")] == languages
    assert verbs(answer)[-2:] == ["Dial", "Hangup"]
    assert first(answer, "Dial").text == CLINIC


def test_the_fallback_without_a_clinics_number_apologizes_and_ends(rehearse: Rehearse) -> None:
    answer = rehearse(clinic_number="").caller.send("/call/fallback")
    assert verbs(answer) == ["Say", "Say", "Say", "Hangup"]


@pytest.mark.parametrize(
    "database",
    ["sqlite:////proc/no/such/folder/line.db", "postgresql://nobody:nothing@127.0.0.1:1/none"],
    ids=["no file", "no server"],
)
def test_the_fallback_needs_no_database_and_no_clip(environment: Environment, tmp_path: Path, database: str) -> None:
    broken = {"DATABASE_URL": database, "AUDIO_FOLDER": str(tmp_path / "empty"), "CLINIC_NUMBER": CLINIC}
    app = create_app({**environment, **broken}, lambda: MONDAY_MORNING)
    answer = listener(app).send("/call/fallback", ErrorUrl=f"{BASE}/call/at/es/{MENU}")
    assert heard(app, answer) == [said_by_network(app, "es", "sorry")]
    assert first(answer, "Dial").text == CLINIC


def test_without_database_and_clips_the_call_itself_goes_on_in_the_networks_voices(
    environment: Environment, tmp_path: Path
) -> None:
    broken = {
        "DATABASE_URL": "postgresql://nobody:nothing@127.0.0.1:1/none",
        "AUDIO_FOLDER": str(tmp_path / "empty"),
        "NUMBER_KEYS": Fernet.generate_key().decode(),
    }
    app = create_app({**environment, **broken}, lambda: MONDAY_MORNING)
    assert said_by_network(app, "es", "language.choice 2") in listener(app).hears("/call")
    assert said_by_network(app, "zh", "menu.title") == listener(app).hears(f"/call/at/zh/{MENU}")[0]


# --- Errors have no page ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/call", f"/call/at/es/{MENU}", "/call/fallback", "/call/status"])
@pytest.mark.parametrize("sign", [True, False], ids=["signed", "unsigned"])
def test_another_method_gets_plain_words_and_touches_nothing(
    rehearse: Rehearse, method: str, path: str, sign: bool
) -> None:
    line = rehearse()
    headers = {HEADER: parts_of(line.app).calls.signature.sign(path, {})} if sign else {}
    answer = line.app.test_client().open(path, method=method, headers=headers)
    assert (answer.status_code, answer.content_type) == (405, "text/plain; charset=utf-8")
    assert "<" not in answer.get_data(as_text=True)
    assert line.untouched


@pytest.mark.parametrize("size", [64 * 1024 + 1, 1_000_000])
def test_a_body_over_64_kb_gets_plain_words_and_touches_nothing(rehearse: Rehearse, size: int) -> None:
    line = rehearse()
    answer = line.caller.send("/call", Digits="1" * size)
    assert (answer.status_code, answer.content_type) == (413, "text/plain; charset=utf-8")
    assert "<" not in answer.get_data(as_text=True)
    assert line.untouched


def test_a_body_just_under_64_kb_is_read(rehearse: Rehearse) -> None:
    line = rehearse()
    assert line.caller.hears(f"/call/key/es/{MENU}", Digits="1" * 65_000)[0] == "es retry.wrong"


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/octet-stream", ""])
def test_a_body_that_is_no_form_is_not_covered_by_the_signature_and_so_not_used(rehearse: Rehearse, kind: str) -> None:
    line = rehearse()
    path = f"/call/key/es/{MENU}"
    headers = {HEADER: parts_of(line.app).calls.signature.sign(path, {})}
    answer = line.app.test_client().post(path, data=b'{"Digits": "3"}', headers=headers, content_type=kind)
    assert heard(line.app, answer)[0] == "es retry.silence"


# --- The end of a call -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "seconds", "status"),
    [
        ({"CallStatus": "completed", "CallDuration": "93"}, 93, "completed"),
        ({"CallStatus": "busy"}, 0, "busy"),
        ({"CallStatus": "completed", "CallDuration": "-1"}, 0, "completed"),
        ({"CallStatus": "completed", "CallDuration": "9" * 50}, 0, "completed"),
        ({"CallStatus": "failed", "CallDuration": "²"}, 0, "failed"),
        ({}, 0, ""),
    ],
)
def test_the_status_callback_tells_how_the_call_ended(
    rehearse: Rehearse, fields: dict[str, str], seconds: int, status: str
) -> None:
    line = rehearse()
    answer = line.caller.send("/call/status", **fields)
    assert (answer.status_code, answer.get_data()) == (204, b"")
    assert line.events == [CallEnded(SID, MONDAY_MORNING, seconds, status)]


def test_the_end_of_a_call_is_in_the_database_once(make_line: MakeLine) -> None:
    app = make_line()
    caller, parts = listener(app), parts_of(app)
    caller.send("/call")
    caller.send(f"/call/at/es/{TOPIC}/prep/1")
    for _ in range(2):
        caller.send("/call/status", CallStatus="completed", CallDuration="93")
    assert parts.database.writer.flush(5)
    hashed = parts.database.secrets.hash_number(PATIENT)
    moment = MONDAY_MORNING
    assert parts.database.store.staff.calls.list_calls() == [
        StoredCall(
            id=SID,
            caller_hash=hashed,
            language="es",
            language_at=moment,
            started_at=moment,
            ended_at=moment,
            seconds=93,
            status="completed",
        )
    ]


def test_events_of_a_call_come_in_the_order_in_which_it_went(rehearse: Rehearse) -> None:
    line = rehearse()
    line.caller.send("/call")
    line.clock.passes(seconds=40)
    line.caller.send(f"/call/key/es/{MENU}?told=2", Digits="2")
    line.clock.passes(seconds=9)
    line.caller.send("/call/status", CallStatus="completed", CallDuration="49")
    assert [type(event) for event in line.events] == [CallStarted, ClipStarted, CallEnded]
    assert [(event.at - MONDAY_MORNING).seconds for event in line.events] == [0, 40, 49]
