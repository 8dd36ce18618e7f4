"""The web phone as somebody uses it: whole calls, on a desk and on a telephone, heard through a real browser."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import TELEPHONE, OpenPhone, Served, WebPhone

pytestmark = pytest.mark.browser

PREP = "compression-fracture/prep"
WELCOME = "This is the spine information line"
LEAST_KEY = 48
"""Pixels that a finger needs (WCAG 2.2 asks for 24, people of 75 for twice that)."""

MOST_SILENCES = 20


def test_a_whole_call_in_spanish_by_clicks(phone: WebPhone) -> None:
    phone.call()
    phone.hears("en-US", "If this is an emergency")
    phone.press("2")
    phone.is_at("es/begin")
    phone.hears("es-US", "Si esto es una emergencia")
    phone.hears("es-US", "Esta es la línea de información")
    phone.press("#")
    phone.is_at("es/compression-fracture/menu")
    phone.press("2")
    phone.is_at("es/notice")
    phone.hears("es-US", "Esto es solo para aprender")
    phone.skip()
    phone.is_at("es/lesson/skip")
    phone.press("#")
    phone.is_at(f"es/{PREP}/1")
    phone.hears("es-US", "Cómo prepararse")
    phone.skip()
    phone.say_nothing()
    phone.is_at("es/lesson/again")
    phone.skip()
    phone.say_nothing()
    phone.is_at(f"es/{PREP}/2")
    phone.press("###")
    phone.press("8")
    phone.press("2#")
    phone.hang_up()
    phone.ended()
    expect(phone.story.last).to_have_text("You hang up")


def test_a_whole_call_in_spanish_by_keyboard(phone: WebPhone) -> None:
    phone.page.keyboard.press("Enter")
    phone.line_speaks()
    phone.type("2")
    phone.hears("es-US", "Esta es la línea de información")
    phone.type("#2")
    phone.is_at("es/notice")
    phone.hurry()
    phone.is_at("es/lesson/skip")
    phone.type("#")
    phone.is_at(f"es/{PREP}/1")
    phone.type("*")
    phone.is_at("es/compression-fracture/menu")
    phone.page.keyboard.press("Escape")
    phone.ended()
    phone.page.keyboard.press("Enter")
    phone.line_speaks()


def test_keys_on_the_keyboard_work_wherever_the_focus_is(phone: WebPhone) -> None:
    phone.page.get_by_label("Nobody answers").focus()
    phone.page.keyboard.press("Enter")
    phone.line_speaks()
    phone.page.get_by_role("button", name="Captions only").focus()
    phone.type("1")
    phone.is_at("en/hello")
    phone.key("5").focus()
    with phone.answer("key"):
        phone.page.keyboard.press("Enter")
    expect(phone.page.locator("#digits")).to_have_text("5")


def test_on_a_telephone_nothing_is_wider_than_the_screen_and_keys_are_large(open_phone: OpenPhone) -> None:
    phone = open_phone(TELEPHONE)
    assert phone.widest() <= TELEPHONE[0]
    phone.call()
    phone.press("3#2")
    phone.skip()
    phone.say_nothing()
    phone.line_speaks()
    assert phone.widest() <= TELEPHONE[0]
    for key in "1234567890*#":
        box = phone.key(key).bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= LEAST_KEY
        assert box["y"] + box["height"] <= TELEPHONE[1], "a key is below the screen's edge"
    phone.hang_up()
    phone.ended()
    assert phone.widest() <= TELEPHONE[0]


@pytest.mark.parametrize(
    ("language", "code", "tag"), [("1", "en", "en-US"), ("2", "es", "es-US"), ("3", "zh", "zh-CN")]
)
def test_the_part_on_preparing_is_really_heard(phone: WebPhone, language: str, code: str, tag: str) -> None:
    phone.call()
    phone.press(f"{language}#2")
    phone.skip()
    phone.press("#")
    phone.is_at(f"{code}/{PREP}/1")
    expect(phone.sentence).to_have_attribute("lang", tag)
    seconds = phone.plays()
    assert f"/audio/{code}/" in phone.audio("currentSrc")
    shown = phone.story.filter(has=phone.page.locator(".words")).last.locator("small").inner_text()
    assert float(shown.removesuffix(" s")) == pytest.approx(seconds, abs=0.1)


def test_clips_follow_one_another_and_then_the_line_listens_and_goes_on_by_itself(phone: WebPhone) -> None:
    phone.call()
    phone.press("1#2")
    phone.skip()
    phone.press("##")
    phone.hurry()
    for number in (3, 4):
        expect(phone.page.locator("#story .node code").last).to_have_text(f"en/{PREP}/{number}")
    expect(phone.page.locator("#story .silence").last).to_have_text("Silence, 2 seconds")


def test_a_key_stops_what_is_being_said_at_once(phone: WebPhone) -> None:
    phone.call()
    phone.press("1")
    phone.plays()
    heard = phone.audio("currentSrc")
    held = hold(phone.page, "**/phone/key")
    phone.key("#").click()
    assert phone.audio("paused")
    held()
    phone.is_at("en/compression-fracture/menu")
    phone.plays()
    assert phone.audio("currentSrc") != heard
    expect(phone.page.locator("#story .interrupted").last).to_contain_text(WELCOME)


def test_keys_pressed_quickly_are_asked_one_after_another(phone: WebPhone) -> None:
    phone.call()
    asked: list[str] = []
    under_way: list[Request] = []

    def begins(request: Request) -> None:
        asked.append(request.url.rsplit("/", 1)[-1])
        under_way.append(request)
        assert len(under_way) == 1

    phone.page.on("request", lambda request: begins(request) if request.method == "POST" else None)
    phone.page.on("requestfinished", lambda request: under_way.remove(request) if request in under_way else None)
    phone.page.keyboard.type("2#2")
    phone.is_at("es/notice")
    assert asked == ["key", "key", "key"]


def test_a_wrong_key_gets_words(phone: WebPhone) -> None:
    phone.call()
    phone.press("1#")
    phone.press("7")
    phone.press("*")
    phone.press("1#2")
    phone.press("5")
    phone.hears("en-US", "that key does not work here")
    expect(phone.story.filter(has_text="asked again after a wrong key")).to_have_count(1)


def test_silence_gets_words(phone: WebPhone) -> None:
    phone.call()
    phone.press("1#")
    phone.skip()
    expect(phone.page.locator("#story .silence")).to_have_text("Silence, 3 seconds")
    phone.line_speaks()
    expect(phone.story.filter(has_text="asked again after silence")).to_have_count(1)


def test_the_clinic_is_rung_and_what_it_hears_is_shown_and_keys_count_again_only_afterwards(phone: WebPhone) -> None:
    phone.call()
    phone.hurry()
    phone.press("20")
    phone.plays()
    phone.key("1").click()
    expect(phone.story.last).to_have_text("Key 1: the line was not listening for a key")
    expect(phone.status).to_have_text("Connecting you to the clinic")
    expect(phone.page.locator("#story .dial")).to_have_text("The line rings the clinic: +12125550199")
    phone.skip()
    expect(phone.page.locator("#story .staff").filter(has_text="The caller chose Spanish.")).to_have_count(1)
    expect(phone.story.filter(has_text="you talk with each other")).to_have_count(1)
    phone.is_at("es/person/done")


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ("Nobody answers", "Nobody at the clinic answers."),
        ("The clinic's phone is busy", "phone is busy."),
        ("A machine answers", "Nobody at the clinic presses 1"),
    ],
)
def test_what_the_clinic_does_is_chosen_before_the_call(phone: WebPhone, choice: str, words: str) -> None:
    phone.page.get_by_label(choice).check()
    phone.call()
    expect(phone.page.locator("#options")).to_be_hidden()
    phone.press("10")
    phone.skip()
    expect(phone.story.filter(has_text=words)).to_have_count(1)
    phone.is_at("en/person/away")


def test_a_number_that_is_keyed_in_stays_in_sight_until_it_is_whole(phone: WebPhone) -> None:
    phone.page.get_by_label("Nobody answers").check()
    phone.page.get_by_label("Hide my number").check()
    phone.call()
    phone.press("10")
    phone.skip()
    phone.press("1")
    phone.is_at("en/callback/enter")
    phone.press("2125550124")
    expect(phone.page.locator("#digits")).to_have_text("2125550124")
    phone.waits()
    phone.press("#")
    phone.is_at("en/callback/number")


def test_captions_only_keeps_the_time_and_makes_no_sound(phone: WebPhone) -> None:
    phone.page.get_by_role("button", name="Captions only").click()
    phone.call()
    phone.press("1")
    phone.plays()
    assert phone.audio("muted")
    expect(phone.page.get_by_role("button", name="Captions only")).to_have_attribute("aria-pressed", "true")


def test_a_clip_that_cannot_be_loaded_is_read_instead(phone: WebPhone, errors: list[str]) -> None:
    phone.page.route("**/audio/**", lambda route: route.abort())
    phone.call()
    phone.press("1")
    phone.hears("en-US", WELCOME)
    expect(phone.page.get_by_role("alert")).to_contain_text("could not be played")
    phone.page.wait_for_timeout(300)
    phone.hears("en-US", WELCOME)
    assert phone.page.locator("#measure").inner_text() != ""
    phone.skip()
    only(errors, "ERR_FAILED")


def test_where_the_browser_refuses_to_play_the_words_stay_for_their_time(phone: WebPhone) -> None:
    refuse = "HTMLMediaElement.prototype.play = () => Promise.reject(new DOMException('no', 'NotAllowedError'))"
    phone.page.evaluate(f"() => {{ {refuse} }}")
    phone.call()
    expect(phone.page.get_by_role("alert")).to_contain_text("could not be played")
    phone.hears("en-US", "If this is an emergency")
    phone.press("1")


def test_when_the_line_cannot_be_reached_the_page_says_so_and_asks_again(phone: WebPhone, errors: list[str]) -> None:
    phone.call()
    phone.page.route("**/phone/key", lambda route: route.abort())
    phone.key("1").click()
    expect(phone.page.get_by_role("alert")).to_contain_text("cannot be reached")
    expect(phone.status).to_have_text("No connection to the line")
    phone.page.unroute("**/phone/key")
    with phone.answer("key"):
        phone.page.get_by_role("button", name="Try again").click()
    phone.is_at("en/hello")
    expect(phone.page.get_by_role("alert")).to_be_empty()
    expect(phone.page.get_by_role("button", name="Try again")).to_be_hidden()
    only(errors, "ERR_FAILED")


def test_an_error_of_the_line_is_said_in_words(phone: WebPhone, errors: list[str]) -> None:
    phone.page.route("**/phone/call", lambda route: route.fulfill(status=500, body="<html>"))
    phone.page.get_by_role("button", name="Call", exact=True).click()
    expect(phone.page.get_by_role("alert")).to_contain_text("answered with an error (500)")
    phone.hang_up()
    phone.ended()
    only(errors, "500")


def test_a_call_that_the_server_no_longer_knows_has_ended(phone: WebPhone, errors: list[str]) -> None:
    phone.call()
    phone.page.route("**/phone/key", forged)
    phone.key("1").click()
    expect(phone.page.get_by_role("alert")).to_contain_text("This call has ended.")
    phone.ended()
    phone.call()
    only(errors, "409")


def test_the_line_says_goodbye_when_nobody_ever_answers(phone: WebPhone) -> None:
    phone.page.get_by_label("Nobody answers").check()
    phone.call()
    phone.press("1#")
    for _ in range(MOST_SILENCES):
        phone.page.get_by_role("button", name="Skip to the end of what is said").click()
        expect(phone.status).to_have_text(re.compile("listening|ended"))
        if phone.status.inner_text() == "Call ended":
            break
        phone.say_nothing()
        phone.line_speaks()
    phone.ended()
    expect(phone.story.last).to_have_text("The line hangs up")


def test_whoever_leaves_the_page_hangs_up(phone: WebPhone, served: Served) -> None:
    phone.call()
    phone.press("1")
    served.asked.clear()
    phone.page.goto("about:blank")
    phone.until(lambda: len(told(served)) > 1)
    assert [path for path, _fields in told(served)] == ["/phone/hangup", "/call/status"]
    assert told(served)[0][1]["call"]


def test_what_is_said_is_announced_and_every_button_has_a_name(phone: WebPhone) -> None:
    expect(phone.sentence).to_have_attribute("aria-live", "polite")
    for button in phone.page.get_by_role("button").all():
        expect(button).to_have_accessible_name(re.compile(r"\S"))
    expect(phone.key("*")).to_have_accessible_name("Star")
    expect(phone.key("#")).to_have_accessible_name("Pound")
    expect(phone.page.get_by_role("button", name="Hang up")).to_have_attribute("aria-disabled", "true")


def test_the_focused_key_can_be_seen(phone: WebPhone) -> None:
    phone.page.keyboard.press("Tab")
    phone.key("1").focus()
    assert phone.key("1").evaluate("key => getComputedStyle(key).outlineStyle") == "solid"


def hold(page: Page, pattern: str) -> Callable[[], None]:
    """Keeps requests waiting until the returned function is called."""
    waiting: list[Route] = []
    page.route(pattern, lambda route: waiting.append(route))

    def let_go() -> None:
        for route in waiting:
            route.continue_()
        page.unroute(pattern)

    return let_go


def told(served: Served) -> list[tuple[str, Any]]:
    """What has reached the line, beside the clips that were being fetched meanwhile."""
    return [(path, fields) for path, fields in served.asked if not path.startswith(("/audio/", "/phone/static/"))]


def forged(route: Route) -> None:
    route.continue_(post_data=json.dumps({"call": "forged", "key": "1"}))


def only(errors: list[str], known: str) -> None:
    """The browser complains about what this test broke, and about nothing else."""
    assert errors
    assert all(known in words for words in errors), errors
    errors.clear()
