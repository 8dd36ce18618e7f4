"""The line, served, and a real Chromium in front of it.

The server has settings and a database of its own, and the clips of the line as it ships. Any error in the browser's
console fails the test in which it was said.
"""

import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask import Flask, request
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    expect,
    sync_playwright,
)
from werkzeug.serving import make_server

from ivr.line.languages import LANGUAGES
from ivr.store.migrate import upgrade
from ivr.wiring import create_app
from tests.topics import SHIPPED_FOLDER

SKIPPED = "Browser tests SKIPPED: no Chromium on PATH; install Debian's chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK = (1280, 900)
TELEPHONE = (360, 740)
KEYS = {"*": "Star", "#": "Pound"}
SECONDS = 60_000
"""How long anything may take, in the browser's milliseconds: a guard against hanging."""
expect.set_options(timeout=SECONDS)
PATIENCE = 50


@dataclass(frozen=True)
class WebPhone:
    """The page, in the words of somebody who uses it."""

    page: Page

    def call(self) -> "WebPhone":
        self.page.get_by_role("button", name="Call", exact=True).click()
        self.line_speaks()
        return self

    def hang_up(self) -> None:
        self.page.get_by_role("button", name="Hang up").click()

    def press(self, keys: str) -> None:
        """Presses keys with the mouse, and waits until each has led somewhere."""
        for key in keys:
            with self.answer("key"):
                self.key(key).click()

    def type(self, keys: str) -> None:
        """Presses keys on the keyboard, and waits until each has led somewhere."""
        for key in keys:
            with self.answer("key"):
                self.page.keyboard.press(key)

    def key(self, key: str) -> Locator:
        return self.page.get_by_role("button", name=KEYS.get(key, key), exact=True)

    @contextmanager
    def answer(self, path: str) -> Iterator[None]:
        """The line answers a request within this block."""

        def is_it(response: Response) -> bool:
            return response.url.endswith(f"/phone/{path}")

        with self.page.expect_response(is_it, timeout=SECONDS) as answer:
            yield
        assert answer.value.status == 200

    def skip(self) -> None:
        self.page.get_by_role("button", name="Skip to the end of what is said").click()
        self.waits()

    def say_nothing(self) -> None:
        with self.answer("silence"):
            self.page.get_by_role("button", name="Say nothing").click()

    def line_speaks(self) -> None:
        expect(self.status).to_have_text("The line is speaking")

    def waits(self) -> None:
        expect(self.status).to_have_text("The line is listening")

    def ended(self) -> None:
        expect(self.status).to_have_text("Call ended")

    def is_at(self, place: str) -> None:
        """The newest place of the call's path."""
        expect(self.page.locator("#story .node code").last).to_have_text(place)

    def hears(self, language: str, words: str) -> None:
        """The words that are being said now, in the language that the page says they are in."""
        expect(self.sentence).to_contain_text(words)
        expect(self.sentence).to_have_attribute("lang", language)

    def plays(self) -> float:
        """A clip is really heard: it has a length, and its time passes. Returns its seconds."""
        self.until(lambda: self.audio("currentTime") > 0.2)
        assert "/audio/" in self.audio("currentSrc")
        assert self.audio("duration") > 0
        return float(self.audio("duration"))

    def audio(self, name: str) -> Any:
        """What the page's audio element says of itself."""
        return self.page.eval_on_selector("audio", f"audio => audio.{name}")

    def hurry(self) -> None:
        """From here on, clips are played as fast as the browser can."""
        self.page.eval_on_selector("audio", "audio => audio.playbackRate = audio.defaultPlaybackRate = 16")

    def until(self, true: Callable[[], bool]) -> None:
        """Waits until something is true that the page shows nowhere."""
        for _ in range(SECONDS // PATIENCE):
            if true():
                return
            self.page.wait_for_timeout(PATIENCE)
        raise AssertionError("this never became true")

    def widest(self) -> int:
        return int(self.page.evaluate("document.documentElement.scrollWidth"))

    @property
    def status(self) -> Locator:
        return self.page.get_by_role("status")

    @property
    def sentence(self) -> Locator:
        return self.page.locator("#sentence")

    @property
    def story(self) -> Locator:
        return self.page.locator("#story li")


@dataclass(frozen=True)
class Served:
    """The line, served: its address, and what has reached it, as paths with what was sent."""

    address: str
    asked: list[tuple[str, Any]]


OpenPhone = Callable[[tuple[int, int]], WebPhone]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip(SKIPPED)
    with (
        sync_playwright() as playwright,
        closing(playwright.chromium.launch(executable_path=chromium, args=FLAGS)) as browser,
    ):
        yield browser


@pytest.fixture(scope="session")
def served(clips: None) -> Iterator[Served]:
    """Where the line is served. The port is chosen before the app is made: signatures cover the address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        server = make_server("127.0.0.1", 0, Flask("not yet"), threaded=True)
        base = f"http://127.0.0.1:{server.server_port}"
        server.app = app = _line(base, f"sqlite:///{folder}/spineline.db")
        asked: list[tuple[str, Any]] = []
        app.before_request(lambda: asked.append((request.path, request.get_json(silent=True))))
        serving = Thread(target=server.serve_forever, args=(0.05,))
        serving.start()
        try:
            yield Served(base, asked)
        finally:
            server.shutdown()
            serving.join()
            server.server_close()
            parts = app.extensions["spineline"]
            parts.database.writer.close()
            parts.database.store.close()


def _line(base: str, database: str) -> Flask:
    upgrade(database)
    return create_app(
        {
            "SPINELINE_ENV": "local",
            "TOPICS_FOLDER": str(SHIPPED_FOLDER),
            "PUBLIC_BASE_URL": base,
            "TWILIO_AUTH_TOKEN": "a token of Twilio for the tests",
            "NUMBER_KEYS": Fernet.generate_key().decode(),
            "HASH_KEY": "a key for hashes in the tests, long enough",
            "SECRET_KEY": "a key for cookies in the tests",
            "DATABASE_URL": database,
            "LANGUAGES": " ".join(LANGUAGES),
            "CLINIC_NUMBER": "+12125550199",
            "OFFICE_HOURS": "mon-sun 00:00-23:59",
            "OFFICE_HOLIDAYS": "",
            "KEY_WAIT_SECONDS": "3",
            "REMEMBER_LANGUAGE": "off",
        }
    )


@pytest.fixture
def errors() -> Iterator[list[str]]:
    """What the browser complains about. Must be empty at the end of each test, unless the test empties it."""
    errors: list[str] = []
    yield errors
    assert not errors


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    context.set_default_timeout(SECONDS)
    yield context
    context.close()


@pytest.fixture
def open_phone(context: BrowserContext, served: Served, errors: list[str]) -> OpenPhone:
    """Opens the web phone in a window of that size."""

    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            errors.append(message.text)

    def open_it(size: tuple[int, int]) -> WebPhone:
        page = context.new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.on("console", said)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{served.address}/phone")
        return WebPhone(page)

    return open_it


@pytest.fixture
def phone(open_phone: OpenPhone) -> WebPhone:
    """The web phone on a desk."""
    return open_phone(DESK)
