"""The files that all pages share are served, and each page keeps its colours and letters in the shared sheet alone."""

from pathlib import Path

import pytest
from flask import Flask

from ivr.web.pages import SAFETY_HEADERS, add_safety_headers, make_shared_files
from tests.conftest import ROOT

SHEETS = sorted(path for path in (ROOT / "ivr").rglob("*.css") if path.name != "base.css")


@pytest.mark.parametrize(
    ("file", "kind"), [("base.css", "text/css; charset=utf-8"), ("icon.svg", "image/svg+xml; charset=utf-8")]
)
def test_the_shared_files_are_served_to_everybody(file: str, kind: str) -> None:
    app = Flask("pages")
    app.register_blueprint(make_shared_files())
    with app.test_client().get(f"/web/static/{file}") as answer:
        assert (answer.status_code, answer.content_type) == (200, kind)


def test_every_answer_carries_the_safety_headers() -> None:
    app = Flask("pages")
    app.after_request(add_safety_headers)
    answer = app.test_client().get("/nothing")
    assert {name: answer.headers[name] for name in SAFETY_HEADERS} == SAFETY_HEADERS


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_no_pages_own_sheet_names_colours_or_letters_of_its_own(sheet: Path) -> None:
    text = sheet.read_text("utf-8")
    assert SHEETS
    assert ":root" not in text
    assert "--paper:" not in text
