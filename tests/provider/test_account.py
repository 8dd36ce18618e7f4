"""Twilio's API through its own library, against a local server: what is read, what is set, what each refusal says."""

import socket

import pytest

from ivr.errors import TwilioError
from ivr.provider.account import AddressChange, NumberAddresses, TwilioAccount
from tests.provider.fake_twilio import ACCOUNT, NUMBER, NUMBER_SID, TOKEN, FakeTwilio, refusal
from tests.voice.conftest import free_port

BASE = "https://line.example.org"
WANTED = {
    "voice_url": f"{BASE}/call",
    "voice_method": "POST",
    "voice_fallback_url": f"{BASE}/call/fallback",
    "voice_fallback_method": "POST",
    "status_callback": f"{BASE}/call/status",
    "status_callback_method": "POST",
}
LIST = f"/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers.json"
ONE = f"/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers/{NUMBER_SID}.json"


def account(twilio: FakeTwilio, token: str = TOKEN, timeout: float = 5.0) -> TwilioAccount:
    return TwilioAccount(ACCOUNT, token, twilio.base, BASE, timeout)


def test_a_new_number_lacks_every_address(fake_twilio: FakeTwilio) -> None:
    found = account(fake_twilio).look_up(NUMBER)
    assert found == NumberAddresses(
        NUMBER_SID, NUMBER, tuple(AddressChange(field, "", wanted) for field, wanted in WANTED.items())
    )
    assert fake_twilio.asked == [("GET", LIST, {"PhoneNumber": NUMBER, "PageSize": "1"})]


def test_only_what_differs_is_a_change(fake_twilio: FakeTwilio) -> None:
    fake_twilio.numbers[NUMBER] = {**WANTED, "voice_url": "https://demo.twilio.com/welcome", "voice_method": "GET"}
    assert account(fake_twilio).look_up(NUMBER).changes == (
        AddressChange("voice_url", "https://demo.twilio.com/welcome", f"{BASE}/call"),
        AddressChange("voice_method", "GET", "POST"),
    )


def test_a_number_that_leads_here_needs_no_change(fake_twilio: FakeTwilio) -> None:
    fake_twilio.numbers[NUMBER] = dict(WANTED)
    assert account(fake_twilio).look_up(NUMBER).changes == ()


def test_connecting_sets_all_addresses_and_nothing_else(fake_twilio: FakeTwilio) -> None:
    mine = account(fake_twilio)
    mine.connect(mine.look_up(NUMBER))
    assert fake_twilio.numbers == {NUMBER: WANTED}
    assert mine.look_up(NUMBER).changes == ()
    assert [(method, path) for method, path, _ in fake_twilio.asked] == [("GET", LIST), ("POST", ONE), ("GET", LIST)]


def test_looking_up_changes_nothing(fake_twilio: FakeTwilio) -> None:
    account(fake_twilio).look_up(NUMBER)
    assert fake_twilio.numbers == {NUMBER: {}}


def test_a_number_that_the_account_lacks_is_named(fake_twilio: FakeTwilio) -> None:
    with pytest.raises(TwilioError, match=r"has no number \+13105550100\. Buy it, or correct it\."):
        account(fake_twilio).look_up("+13105550100")


TOKEN_WORDS = "Twilio does not accept the account and token. Look at TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN."
BUSY_WORDS = "Twilio has too many requests from this account now. Wait a minute, then try again."
UNREACHED = "Twilio did not answer. Look at the network and at TWILIO_API_BASE."
OWN_FAULT = "Twilio has a fault of its own ({}). Wait a minute, then try again."
REFUSALS = [
    (refusal(401, 20003, "Authenticate"), TOKEN_WORDS, 20003),
    (refusal(429, 20429, "Too Many Requests"), BUSY_WORDS, 20429),
    (refusal(500, 20500, "Internal Server Error"), OWN_FAULT.format(500), 20500),
    ((500, "<html>oops</html>"), OWN_FAULT.format(500), None),
    ((503, ""), OWN_FAULT.format(503), None),
    ("cut", UNREACHED, None),
]


@pytest.mark.parametrize("failing", ["GET", "POST"])
@pytest.mark.parametrize(("fault", "words", "code"), REFUSALS)
def test_each_refusal_says_what_to_do_whether_reading_or_setting(
    fake_twilio: FakeTwilio, fault: tuple[int, str] | str, words: str, code: int | None, failing: str
) -> None:
    fake_twilio.fault, fake_twilio.failing = fault, (failing,)
    mine = account(fake_twilio)
    with pytest.raises(TwilioError) as refused:
        mine.connect(mine.look_up(NUMBER))
    assert (str(refused.value), refused.value.code) == (words, code)
    assert fake_twilio.numbers == {NUMBER: {}}
    assert len([method for method, _, _ in fake_twilio.asked if method == failing]) == 1


@pytest.mark.parametrize(
    ("failing", "words"), [("GET", "Invalid Phone Number"), ("POST", "Unable to update record: Invalid Phone Number")]
)
def test_any_other_refusal_is_passed_on_in_twilios_words(fake_twilio: FakeTwilio, failing: str, words: str) -> None:
    fake_twilio.fault, fake_twilio.failing = refusal(400, 21401, "Invalid Phone Number"), (failing,)
    mine = account(fake_twilio)
    with pytest.raises(TwilioError) as refused:
        mine.connect(mine.look_up(NUMBER))
    assert (str(refused.value), refused.value.code) == (f"Twilio refused (400, 21401): {words}", 21401)


def test_a_wrong_token_is_said_without_showing_it(fake_twilio: FakeTwilio) -> None:
    with pytest.raises(TwilioError) as refused:
        account(fake_twilio, token="a wrong token, to be kept").look_up(NUMBER)
    assert str(refused.value) == TOKEN_WORDS
    assert "to be kept" not in repr(refused.value)


def test_a_twilio_that_says_nothing_is_given_up_in_time(fake_twilio: FakeTwilio) -> None:
    fake_twilio.fault = "silent"
    with pytest.raises(TwilioError) as refused:
        account(fake_twilio, timeout=0.2).look_up(NUMBER)
    assert str(refused.value) == UNREACHED


def test_a_twilio_that_is_not_there_is_said() -> None:
    nowhere = FakeTwilio(base=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(TwilioError) as refused:
        account(nowhere).look_up(NUMBER)
    assert str(refused.value) == UNREACHED


def test_a_free_port_is_really_free() -> None:
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", free_port())) != 0
