"""The web phone in every script: Arabic and Persian from right to left, and Han as each language draws it."""

import shutil
import subprocess

import pytest
from playwright.sync_api import Locator, Page, expect

from ivr.line.languages import LANGUAGES
from tests.browser.conftest import DESK, TELEPHONE, OpenPhone, WebPhone

pytestmark = pytest.mark.browser

ON_PAGE = {code: "#" * (index // 6) + str(index % 6 + 1) for index, code in enumerate(LANGUAGES)}
"""The keys that choose a language: six of them a page, and # for the next one."""
RIGHT_TO_LEFT = ["ar", "fa"]
FONTS = {
    "zh": "Noto Sans CJK SC",
    "yue": "Noto Sans CJK HK",
    "ko": "Noto Sans CJK KR",
    "ja": "Noto Sans CJK JP",
}
ARABIC_FONT = "Noto Naskh Arabic"
SIZES = pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])


def called_in(open_phone: OpenPhone, language: str, size: tuple[int, int] = DESK) -> WebPhone:
    """A call that has come to the menu of its language."""
    phone = open_phone(size)
    phone.call()
    phone.press(f"{ON_PAGE[language]}#")
    phone.is_at(f"{language}/compression-fracture/menu")
    expect(phone.sentence).to_have_attribute("lang", LANGUAGES[language].tag)
    return phone


def computed(element: Locator, name: str) -> str:
    return str(element.evaluate("(element, name) => getComputedStyle(element)[name]", name))


def first_font(element: Locator) -> str:
    return computed(element, "fontFamily").split(",")[0].strip('" ')


def starts_at(element: Locator) -> str:
    """Where the first line of the words begins on the screen, which `direction` alone does not show: left or right."""
    gaps = element.evaluate(
        """element => {
            const words = document.createRange();
            words.selectNodeContents(element);
            const lines = [...words.getClientRects()].filter(line => line.width > 0);
            const top = Math.min(...lines.map(line => line.top));
            const first = lines.filter(line => line.top < top + line.height / 2);
            const box = element.getBoundingClientRect();
            const left = Math.min(...first.map(line => line.left)) - box.left;
            const right = box.right - Math.max(...first.map(line => line.right));
            return [left, right];
        }"""
    )
    return "left" if gaps[0] < gaps[1] else "right"


def drawn_with(page: Page, selector: str) -> set[str]:
    """The fonts with which Chromium really draws the letters of an element."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("DOM.enable")
    devtools.send("CSS.enable")
    root = devtools.send("DOM.getDocument")["root"]["nodeId"]
    node = devtools.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    fonts = devtools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    devtools.detach()
    return {font["familyName"] for font in fonts}


def installed(font: str) -> bool:
    known = shutil.which("fc-list")
    listed = subprocess.run([known, ":", "family"], capture_output=True, text=True, check=True) if known else None
    return listed is not None and font in listed.stdout


@SIZES
@pytest.mark.parametrize("language", RIGHT_TO_LEFT)
def test_arabic_and_persian_run_from_right_to_left(open_phone: OpenPhone, language: str, size: tuple[int, int]) -> None:
    phone = called_in(open_phone, language, size)
    expect(phone.sentence).to_have_attribute("dir", "rtl")
    assert computed(phone.sentence, "direction") == "rtl"
    assert starts_at(phone.sentence) == "right"
    row = phone.story.locator(f".words[lang|={language}]").last
    expect(row).to_have_attribute("dir", "rtl")
    assert computed(row, "direction") == "rtl"
    assert starts_at(row) == "right"
    assert first_font(phone.sentence) == first_font(row) == ARABIC_FONT
    assert phone.widest() <= size[0]


@pytest.mark.parametrize("language", RIGHT_TO_LEFT)
def test_the_page_around_them_stays_from_left_to_right(open_phone: OpenPhone, language: str) -> None:
    phone = called_in(open_phone, language)
    page = phone.page
    for element in (page.locator("body"), page.locator("#story"), page.locator("#measure"), phone.status):
        assert computed(element, "direction") == "ltr"
    one, three = phone.key("1").bounding_box(), phone.key("3").bounding_box()
    assert one
    assert three
    assert one["x"] < three["x"], "the keypad is mirrored"


def test_each_line_of_a_mixed_menu_has_the_direction_of_its_own_language(phone: WebPhone) -> None:
    phone.call()
    phone.hears("en-US", "If this is an emergency")
    phone.press("#")
    phone.is_at("en/welcome-2")
    phone.skip()
    rows = phone.story.locator(".words").all()
    directions = {row.get_attribute("lang"): (row.get_attribute("dir"), computed(row, "direction")) for row in rows}
    assert directions["ar"] == ("rtl", "rtl")
    assert {both for tag, both in directions.items() if tag != "ar"} == {("ltr", "ltr")}
    assert {"ar", "ru-RU", "fil-PH", "en-US"} <= directions.keys()


def test_left_to_right_comes_back_with_the_next_language(open_phone: OpenPhone) -> None:
    phone = called_in(open_phone, "ar")
    phone.press("8")
    phone.press("1#")
    phone.is_at("en/compression-fracture/menu")
    expect(phone.sentence).to_have_attribute("dir", "ltr")
    assert computed(phone.sentence, "direction") == "ltr"
    assert starts_at(phone.sentence) == "left"


@pytest.mark.parametrize("language", FONTS)
def test_han_and_hangul_are_set_in_the_font_of_their_own_language(open_phone: OpenPhone, language: str) -> None:
    phone = called_in(open_phone, language)
    row = phone.story.locator(f".words[lang='{LANGUAGES[language].tag}']").last
    assert first_font(phone.sentence) == first_font(row) == FONTS[language]
    assert computed(phone.sentence, "direction") == "ltr"


@pytest.mark.parametrize("language", FONTS)
def test_han_and_hangul_are_really_drawn_with_that_font(open_phone: OpenPhone, language: str) -> None:
    if not installed(FONTS[language]):
        pytest.skip(f"{FONTS[language]} is not installed here")
    phone = called_in(open_phone, language)
    assert drawn_with(phone.page, "#sentence") == {FONTS[language]}


def test_every_language_names_itself_in_its_own_script_and_direction(phone: WebPhone) -> None:
    for code, language in LANGUAGES.items():
        name = phone.page.locator(f"[data-code={code}] > span")
        expect(name).to_have_text(language.own_name)
        expect(name).to_have_attribute("lang", language.tag)
        assert computed(name, "direction") == language.direction
        if code in FONTS:
            assert first_font(name) == FONTS[code]
