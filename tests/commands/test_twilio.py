"""`flask twilio connect`: shows what it will change, asks, and changes only after a yes."""

import pytest
from click.testing import Result

from tests.conftest import MakeLine
from tests.provider.conftest import fake_twilio
from tests.provider.fake_twilio import NUMBER, FakeTwilio, refusal
from tests.provider.test_account import BUSY_WORDS, TOKEN_WORDS, UNREACHED, WANTED
from tests.voice.conftest import free_port

__all__ = ["fake_twilio"]

SHOWN = f"""\
{NUMBER}:
  voice_url: https://demo.twilio.com/welcome → https://line.example.org/call
  voice_method: (empty) → POST
  voice_fallback_url: (empty) → https://line.example.org/call/fallback
  voice_fallback_method: (empty) → POST
  status_callback: (empty) → https://line.example.org/call/status
  status_callback_method: (empty) → POST
"""
DONE = f"{NUMBER} leads to this line now. Look at it whole: flask twilio doctor --number {NUMBER}\n"
DEMO = {"voice_url": "https://demo.twilio.com/welcome"}


def connect(make_line: MakeLine, base: str, *words: str, typed: str = "", **settings: str) -> Result:
    runner = make_line(TWILIO_API_BASE=base, **settings).test_cli_runner()
    result: Result = runner.invoke(args=["twilio", "connect", *words], input=typed)
    return result


def changes(twilio: FakeTwilio) -> int:
    return sum(method == "POST" for method, _, _ in twilio.asked)


def test_the_change_is_shown_before_it_is_made_and_made_after_a_yes(
    make_line: MakeLine, fake_twilio: FakeTwilio
) -> None:
    fake_twilio.numbers[NUMBER] = dict(DEMO)
    result = connect(make_line, fake_twilio.base, NUMBER, typed="y\n")
    assert (result.exit_code, result.output) == (0, f"{SHOWN}Change it? [y/N]: y\n{DONE}")
    assert fake_twilio.numbers[NUMBER] == WANTED


@pytest.mark.parametrize("typed", ["n\n", "\n", "", "no\n"])
def test_without_a_yes_nothing_is_changed(make_line: MakeLine, fake_twilio: FakeTwilio, typed: str) -> None:
    fake_twilio.numbers[NUMBER] = dict(DEMO)
    result = connect(make_line, fake_twilio.base, NUMBER, typed=typed)
    assert result.exit_code == 1
    assert result.output.startswith(SHOWN)
    assert "Aborted!" in result.output
    assert (fake_twilio.numbers[NUMBER], changes(fake_twilio)) == (DEMO, 0)


def test_a_program_may_say_yes_beforehand(make_line: MakeLine, fake_twilio: FakeTwilio) -> None:
    fake_twilio.numbers[NUMBER] = dict(DEMO)
    result = connect(make_line, fake_twilio.base, NUMBER, "--yes")
    assert (result.exit_code, result.output) == (0, SHOWN + DONE)
    assert fake_twilio.numbers[NUMBER] == WANTED


def test_a_number_that_leads_here_already_is_left_alone(make_line: MakeLine, fake_twilio: FakeTwilio) -> None:
    fake_twilio.numbers[NUMBER] = dict(WANTED)
    result = connect(make_line, fake_twilio.base, NUMBER)
    assert (result.exit_code, result.output) == (0, f"{NUMBER} leads to this line already.\n")
    assert changes(fake_twilio) == 0


def test_a_number_is_connected_to_the_lines_public_address(make_line: MakeLine, fake_twilio: FakeTwilio) -> None:
    connect(make_line, fake_twilio.base, NUMBER, "--yes", PUBLIC_BASE_URL="https://example.org/phones/spine")
    assert fake_twilio.numbers[NUMBER]["voice_url"] == "https://example.org/phones/spine/call"


@pytest.mark.parametrize("failing", ["GET", "POST"])
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (refusal(401, 20003, "Authenticate"), TOKEN_WORDS),
        (refusal(429, 20429, "Too Many Requests"), BUSY_WORDS),
        ((500, "oops"), "Twilio has a fault of its own (500). Wait a minute, then try again."),
        ("cut", UNREACHED),
    ],
)
def test_a_refusal_is_one_line_of_words(
    make_line: MakeLine, fake_twilio: FakeTwilio, fault: tuple[int, str] | str, words: str, failing: str
) -> None:
    fake_twilio.fault, fake_twilio.failing = fault, (failing,)
    result = connect(make_line, fake_twilio.base, NUMBER, "--yes")
    assert result.exit_code == 1
    assert result.output.splitlines()[-1] == f"Error: {words}"
    assert "Traceback" not in result.output
    assert fake_twilio.numbers[NUMBER] == {}


def test_a_number_that_the_account_lacks_is_one_line_of_words(make_line: MakeLine, fake_twilio: FakeTwilio) -> None:
    result = connect(make_line, fake_twilio.base, "+13105550100")
    words = "Error: The account has no number +13105550100. Buy it, or correct it.\n"
    assert (result.exit_code, result.output) == (1, words)


def test_a_twilio_that_is_not_there_is_one_line_of_words(make_line: MakeLine) -> None:
    result = connect(make_line, f"http://127.0.0.1:{free_port()}", NUMBER)
    assert (result.exit_code, result.output) == (1, f"Error: {UNREACHED}\n")


def test_the_token_is_never_printed(make_line: MakeLine, fake_twilio: FakeTwilio) -> None:
    token = "another token that is wrong"
    result = connect(make_line, fake_twilio.base, NUMBER, TWILIO_AUTH_TOKEN=token)
    assert result.output == f"Error: {TOKEN_WORDS}\n"
    assert token not in result.output
