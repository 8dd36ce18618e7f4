"""The listening page as somebody uses it: clips heard through a real browser, one by one and as a caller hears them."""

import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect
from werkzeug.serving import make_server

from tests.browser.conftest import DESK, TELEPHONE, WebPhone
from tests.console.test_listen import (
    BROKEN,
    MISSING,
    ONE_PACE,
    PREP,
    RECORDED,
    TOO_LOUD,
    listening_line,
    name_of,
    pages,
)

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
LEAST_BUTTON = 44
"""Pixels that a finger needs."""
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a line with tones for clips is served, in English, Spanish, Mandarin and Arabic."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    folder: Path = tmp_path_factory.mktemp("listening")
    parts = listening_line(folder, ("en", "es", "ar"), LANGUAGES="en es zh ar")
    server = make_server("127.0.0.1", 0, pages(parts), threaded=True)
    serving = Thread(target=server.serve_forever, args=(0.05,))
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
        parts.database.writer.close()
        parts.database.store.close()


@pytest.fixture
def open_page(context: BrowserContext, address: str, errors: list[str]) -> Open:
    """Opens an address below /listen in a window of that size."""

    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            errors.append(message.text)

    def open_it(path: str = "/es", size: tuple[int, int] = DESK) -> Page:
        page = context.new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.on("console", said)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{address}/listen{path}")
        return page

    return open_it


def row(page: Page, id_: str) -> Locator:
    return page.locator(f"[id='row-{id_}']")


def button(page: Page, id_: str, name: str = "As on the phone") -> Locator:
    return row(page, id_).get_by_role("button", name=name)


def note_what_plays(page: Page, *, ends: bool = True) -> None:
    """From here on, the page notes each address that its audio element is given, and plays at once to the end."""
    page.evaluate(
        """ends => {
            window.heard = [];
            HTMLMediaElement.prototype.play = function () {
                heard.push(new URL(this.src).pathname);
                if (ends) { setTimeout(() => this.onended?.(), 0); }
                return Promise.resolve();
            };
        }""",
        ends,
    )


def pace(page: Page, rate: float) -> None:
    """How fast the browser plays from here on: slowly, so that a test can look, or as it is."""
    page.eval_on_selector("#ear", "(ear, rate) => { ear.defaultPlaybackRate = ear.playbackRate = rate; }", rate)


def heard(page: Page, count: int) -> list[str]:
    """The addresses that were noted, once there are as many as that."""
    WebPhone(page).until(lambda: len(page.evaluate("heard")) >= count)
    return list(page.evaluate("heard"))


def wait_at_once(page: Page) -> None:
    """From here on, the page's pauses of whole seconds pass at once, and are noted."""
    page.evaluate(
        """() => {
            window.waited = [];
            const later = window.setTimeout;
            window.setTimeout = (then, time) => {
                if (time === 2000) { waited.push(heard.length); }
                return later(then, time === 2000 ? 0 : time);
            };
        }"""
    )


def test_a_clip_is_really_heard_and_its_row_is_marked_until_it_ends(open_page: Open) -> None:
    page = open_page()
    pace(page, 0.1)
    button(page, "emergency").click()
    expect(row(page, "emergency")).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("group", name="What plays")).to_contain_text("emergency")
    WebPhone(page).until(lambda: WebPhone(page).audio("currentTime") > 0.01)
    assert (
        page.eval_on_selector("#ear", "ear => new URL(ear.src).pathname") == f"/audio/es/{name_of('es', 'emergency')}"
    )
    pace(page, 1)
    expect(page.locator("[aria-current]")).to_have_count(0)
    expect(page.get_by_role("group", name="What plays")).to_be_hidden()
    expect(page.get_by_role("alert")).to_be_empty()
    assert page.url.endswith("/listen/es")


@pytest.mark.parametrize(
    ("id_", "name", "sound"),
    [
        (RECORDED, "Slower", f"/audio/es/{name_of('es', RECORDED, 'slow')}"),
        (RECORDED, "Original", f"/listen/es/original/{RECORDED}"),
        ("date.weekday.1", "Play", f"/audio/es/{name_of('es', 'date.weekday.1')}"),
    ],
)
def test_each_button_plays_its_own_sound(open_page: Open, id_: str, name: str, sound: str) -> None:
    page = open_page()
    note_what_plays(page)
    button(page, id_, name).click()
    assert heard(page, 1) == [sound]


def test_a_part_is_heard_as_a_caller_hears_it_with_its_pauses_and_what_is_missing_is_said(open_page: Open) -> None:
    page = open_page()
    note_what_plays(page)
    wait_at_once(page)
    part = page.locator(f"[id='part-{PREP}']")
    part.get_by_role("button", name="Play as a caller hears it").click()
    sounds = heard(page, 4)
    expect(page.get_by_role("group", name="What plays")).to_be_hidden()
    assert sounds == [f"/audio/es/{name_of('es', id_)}" for id_ in (RECORDED, TOO_LOUD, BROKEN, ONE_PACE)]
    assert page.evaluate("waited") == [2, 3, 3]
    expect(page.get_by_role("alert")).to_have_text(f"{MISSING} has no clip, and was passed over.")


def test_a_part_can_be_heard_slower_and_keeps_the_normal_pace_where_there_is_no_other(open_page: Open) -> None:
    page = open_page()
    note_what_plays(page)
    wait_at_once(page)
    page.locator(f"[id='part-{PREP}']").get_by_role("button", name="The same, slower").click()
    sounds = heard(page, 4)
    slow = [f"/audio/es/{name_of('es', id_, 'slow')}" for id_ in (RECORDED, TOO_LOUD, BROKEN)]
    assert sounds == [*slow, f"/audio/es/{name_of('es', ONE_PACE)}"]


@pytest.mark.parametrize("how", ["button", "key"])
def test_what_plays_is_stopped_and_the_focus_comes_back(open_page: Open, how: str) -> None:
    page = open_page()
    pace(page, 0.1)
    part = page.locator("#part-hello").get_by_role("button", name="Play as a caller hears it")
    part.click()
    expect(row(page, "compression-fracture.welcome")).to_have_attribute("aria-current", "true")
    stop = page.get_by_role("button", name="Stop", exact=True)
    stop.focus()
    stop.click() if how == "button" else page.keyboard.press("Escape")
    expect(page.locator("[aria-current]")).to_have_count(0)
    assert page.eval_on_selector("#ear", "ear => ear.paused")
    expect(part).to_be_focused()


def test_another_clip_takes_the_place_of_the_one_that_plays(open_page: Open) -> None:
    page = open_page()
    note_what_plays(page, ends=False)
    page.locator("#part-hello").get_by_role("button", name="Play as a caller hears it").click()
    button(page, "goodbye").click()
    expect(page.locator("[aria-current]")).to_have_count(1)
    expect(row(page, "goodbye")).to_have_attribute("aria-current", "true")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_clip_is_played_from_the_keyboard(open_page: Open, key: str) -> None:
    page = open_page()
    note_what_plays(page)
    button(page, "emergency").focus()
    assert button(page, "emergency").evaluate("link => getComputedStyle(link).outlineStyle") == "solid"
    page.keyboard.press(key)
    assert heard(page, 1) == [f"/audio/es/{name_of('es', 'emergency')}"]
    assert page.url.endswith("/listen/es")
    page.keyboard.press("Tab")
    expect(button(page, "emergency", "Slower")).to_be_focused()


def test_a_clip_that_cannot_be_played_is_said(open_page: Open) -> None:
    page = open_page()
    button(page, BROKEN).click()
    expect(page.get_by_role("alert")).to_have_text(f"This clip could not be played here. ({BROKEN})")
    expect(page.locator("[aria-current]")).to_have_count(0)


def test_loudness_and_picture_are_filled_in_when_a_reader_comes_to_them(open_page: Open) -> None:
    page = open_page()
    last = row(page, "time.part.0").locator(".loudness")
    expect(row(page, "emergency").locator(".loudness")).to_have_text("−20.0 LUFS")
    expect(row(page, "emergency").locator("svg path")).to_have_attribute("d", re.compile(r"^M1 "))
    expect(row(page, "emergency").get_by_role("img")).to_have_accessible_name(re.compile(r"^0\.5 s, −20\.0 LUFS, peak"))
    assert last.inner_text() == ""
    last.scroll_into_view_if_needed()
    expect(last).to_have_text("−20.0 LUFS")


def test_what_does_not_fit_a_telephone_stands_out(open_page: Open) -> None:
    page = open_page()
    row(page, TOO_LOUD).scroll_into_view_if_needed()
    expect(row(page, TOO_LOUD).locator(".off")).to_contain_text("LUFS")
    expect(row(page, BROKEN).locator(".off")).to_contain_text("cannot be read as sound")
    expect(row(page, RECORDED).locator(".off")).to_have_count(0)


def test_whoever_was_signed_out_meanwhile_is_told(context: BrowserContext, open_page: Open, address: str) -> None:
    context.route("**/measures/**", lambda route: route.fulfill(status=302, headers={"Location": f"{address}/sign-in"}))
    page = open_page()
    expect(page.get_by_role("alert")).to_contain_text("You have been signed out.")


@SIZES
@pytest.mark.parametrize("path", ["", "/en", "/es", "/zh", "/ar"])
def test_nothing_is_wider_than_the_screen_and_buttons_are_large(
    open_page: Open, path: str, size: tuple[int, int]
) -> None:
    page = open_page(path, size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    for one in page.locator("a.play, button.walks").all()[:20]:
        box = one.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= LEAST_BUTTON


@SIZES
def test_arabic_words_run_from_right_to_left_and_the_page_around_them_does_not(
    open_page: Open, size: tuple[int, int]
) -> None:
    page = open_page("/ar", size)
    directions = {
        name: row(page, "emergency").locator(name).evaluate("element => getComputedStyle(element).direction")
        for name in (".words", ".english", ".back", ".plays")
    }
    assert directions == {".words": "rtl", ".english": "ltr", ".back": "ltr", ".plays": "ltr"}


def test_without_javascript_every_clip_is_a_plain_link(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/listen/es")
    link = row(page, "emergency").get_by_role("link", name="As on the phone")
    expect(link).to_have_attribute("href", f"/audio/es/{name_of('es', 'emergency')}")
    expect(page.get_by_role("button")).to_have_count(0)
    context.close()
