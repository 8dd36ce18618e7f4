"""Staff sign in by name; a page left alone closes; guessing is slowed; nobody is led elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ivr.console.sign_in.views import make_sign_in_pages, require_staff
from ivr.parts import Spineline
from ivr.store.migrate import upgrade
from ivr.wiring import create_app
from tests.conftest import MONDAY_MORNING, Environment

NAME, PASSWORD = "Ana Ruiz", "correct horse battery"
WRONG = "This name and password do not belong together. Try again."
WAIT = "Too many wrong passwords. Wait a quarter of an hour, then try again."


@dataclass
class Clock:
    """Stands still until a test moves it."""

    now: datetime = MONDAY_MORNING

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Staff:
    """Who may sign in, by name; passwords are compared as they are."""

    passwords: dict[str, str] = field(default_factory=lambda: {NAME: PASSWORD})

    def check_staff(self, name: str, password: str) -> bool:
        return self.passwords.get(name) == password


@dataclass
class Console:
    """A browser before a page that is for staff."""

    client: FlaskClient
    clock: Clock

    def sign_in(self, name: str = NAME, password: str = PASSWORD, then: str = "") -> TestResponse:
        return self.client.post("/sign-in", data={"name": name, "password": password, "then": then})

    def is_let_in(self) -> bool:
        page = self.client.get("/phone")
        assert page.status_code in (200, 302)
        return page.status_code == 200


@pytest.fixture
def console() -> Console:
    clock, app = Clock(), Flask("console")
    app.config["SECRET_KEY"] = "a key for cookies in the tests"
    app.register_blueprint(make_sign_in_pages(Staff(), clock))
    phone = Blueprint("phone", __name__)
    phone.before_request(require_staff(clock))
    phone.add_url_rule("/phone", view_func=lambda: "a page for staff")
    app.register_blueprint(phone)
    return Console(app.test_client(), clock)


@pytest.fixture
def whole_line(environment: Environment) -> Console:
    """The real line, its web phone for staff, with a member of staff in its database."""
    clock = Clock()
    app = create_app({**environment, "WEB_PHONE": "staff"}, clock)
    parts: Spineline = app.extensions["spineline"]
    upgrade(parts.settings.database_url)
    parts.database.store.staff.accounts.add_staff(NAME, PASSWORD)
    return Console(app.test_client(), clock)


def test_the_web_phone_for_staff_leads_to_the_sign_in_and_lets_in_after_it(whole_line: Console) -> None:
    turned_away = whole_line.client.get("/phone")
    assert (turned_away.status_code, turned_away.headers["Location"]) == (302, "/sign-in?then=/phone")
    page = whole_line.client.get(turned_away.headers["Location"])
    assert page.status_code == 200
    assert '<input type="hidden" name="then" value="/phone">' in page.get_data(as_text=True)
    assert whole_line.sign_in(password="a wrong password").status_code == 401
    assert not whole_line.is_let_in()
    signed_in = whole_line.sign_in(then="/phone")
    assert (signed_in.status_code, signed_in.headers["Location"]) == (302, "/phone")
    assert whole_line.is_let_in()
    whole_line.clock.passes(minutes=15, seconds=1)
    assert not whole_line.is_let_in()


def test_whoever_is_not_signed_in_cannot_use_the_phone_behind_its_page(whole_line: Console) -> None:
    for path in ("/phone/call", "/phone/key", "/phone/silence", "/phone/hangup"):
        answer = whole_line.client.post(path, json={"person": "takes"})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/sign-in?then={path}")


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(whole_line: Console) -> None:
    cookie = whole_line.sign_in().headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert PASSWORD not in cookie


def test_a_name_is_taken_without_the_blanks_around_it(console: Console) -> None:
    assert console.sign_in(f"  {NAME} ").status_code == 302
    assert console.is_let_in()


@pytest.mark.parametrize(
    ("name", "password"),
    [
        (NAME, "correct horse batterz"),
        (NAME, ""),
        (NAME, PASSWORD.upper()),
        (NAME, f"{PASSWORD} "),
        ("Ben", PASSWORD),
        ("ana ruiz", PASSWORD),
        ("", ""),
        ("", PASSWORD),
        ("' OR 1=1 --", "' OR 1=1 --"),
        (NAME * 200, PASSWORD * 200),
    ],
)
def test_a_wrong_name_or_password_is_refused_in_the_same_words(console: Console, name: str, password: str) -> None:
    answer = console.sign_in(name, password)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 401
    assert f'<p class="fault" role="alert">{WRONG}</p>' in page
    assert not password or password not in page
    assert not console.is_let_in()


def test_a_form_without_fields_is_a_wrong_password(console: Console) -> None:
    assert console.client.post("/sign-in").status_code == 401


# --- Guessing ---------------------------------------------------------------------------------------------------------


def guess(console: Console, times: int, name: str = NAME) -> list[int]:
    return [console.sign_in(name, "a wrong password").status_code for _ in range(times)]


def test_after_five_wrong_passwords_a_name_waits_even_with_the_right_one(console: Console) -> None:
    assert guess(console, 6) == [401, 401, 401, 401, 401, 429]
    refused = console.sign_in()
    assert refused.status_code == 429
    assert f'<p class="fault" role="alert">{WAIT}</p>' in refused.get_data(as_text=True)
    assert not console.is_let_in()


def test_after_four_wrong_passwords_the_right_one_is_let_in(console: Console) -> None:
    assert guess(console, 4) == [401] * 4
    assert console.sign_in().status_code == 302


@pytest.mark.parametrize(("seconds", "status"), [(899, 429), (900, 302)])
def test_the_wait_is_a_quarter_of_an_hour(console: Console, seconds: int, status: int) -> None:
    guess(console, 5)
    console.clock.passes(seconds=seconds)
    assert console.sign_in().status_code == status


def test_guesses_over_a_longer_time_do_not_add_up(console: Console) -> None:
    for _ in range(7):
        assert guess(console, 1) == [401]
        console.clock.passes(minutes=4)
    assert console.sign_in().status_code == 302


def test_one_name_that_waits_keeps_nobody_else_out(console: Console) -> None:
    guess(console, 6, name="Ben")
    assert console.sign_in().status_code == 302


# --- The end of a session ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "let_in"), [([14.9], True), ([15], True), ([15.1], False), ([14, 14, 14], True), ([14, 15.1], False)]
)
def test_a_quarter_of_an_hour_of_doing_nothing_ends_the_session(
    console: Console, minutes: list[float], let_in: bool
) -> None:
    console.sign_in()
    for pause in minutes[:-1]:
        console.clock.passes(minutes=pause)
        assert console.is_let_in()
    console.clock.passes(minutes=minutes[-1])
    assert console.is_let_in() is let_in


def test_a_session_that_ended_stays_ended(console: Console) -> None:
    console.sign_in()
    console.clock.passes(minutes=16)
    assert not console.is_let_in()
    console.clock.passes(minutes=-16)
    assert not console.is_let_in()


def test_signing_out_ends_the_session(console: Console) -> None:
    console.sign_in()
    assert console.is_let_in()
    out = console.client.post("/sign-out")
    assert (out.status_code, out.headers["Location"]) == (302, "/sign-in")
    assert not console.is_let_in()


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_link_or_picture_elsewhere_cannot_sign_anybody_out(console: Console, method: str) -> None:
    console.sign_in()
    send: Callable[[str], TestResponse] = getattr(console.client, method)
    assert send("/sign-out").status_code == 405
    assert console.is_let_in()


def test_a_wrong_password_does_not_end_the_session_of_whoever_is_signed_in(console: Console) -> None:
    console.sign_in()
    guess(console, 1)
    assert console.is_let_in()


@pytest.mark.parametrize("cookie", ["", "x", "eyJzdGFmZiI6IkFuYSJ9.aaaa.bbbb"])
def test_a_forged_cookie_is_nobody(console: Console, cookie: str) -> None:
    console.client.set_cookie("session", cookie)
    assert not console.is_let_in()


# --- Where one is led afterwards --------------------------------------------------------------------------------------

ELSEWHERE = [
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "evil.example",
    "/phone\r\nSet-Cookie: a=b",
    "",
]


@pytest.mark.parametrize("then", ELSEWHERE)
def test_nobody_is_led_elsewhere_after_signing_in(console: Console, then: str) -> None:
    answer = console.sign_in(then=then)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/phone")


@pytest.mark.parametrize("then", ELSEWHERE)
def test_the_page_does_not_carry_such_a_way_either(console: Console, then: str) -> None:
    page = console.client.get("/sign-in", query_string={"then": then}).get_data(as_text=True)
    assert '<input type="hidden" name="then" value="">' in page


@pytest.mark.parametrize("then", ["/phone", "/phone/key", "/a/b?c=1"])
def test_a_way_on_this_site_is_taken(console: Console, then: str) -> None:
    assert console.sign_in(then=then).headers["Location"] == then


def test_what_is_carried_cannot_break_out_of_the_page(console: Console) -> None:
    page = console.client.get("/sign-in", query_string={"then": '/"><script>x</script>'}).get_data(as_text=True)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


# --- The other settings of the web phone ------------------------------------------------------------------------------


@pytest.mark.parametrize(("setting", "status"), [("on", 200), ("off", 404), ("staff", 302)])
def test_the_setting_decides_who_may_use_the_web_phone(environment: Environment, setting: str, status: int) -> None:
    app = create_app({**environment, "WEB_PHONE": setting}, Clock())
    assert app.test_client().get("/phone").status_code == status
