"""`/healthz` says that the process answers; `/readyz` says what is missing, in words."""

from pathlib import Path

import pytest
from flask import Flask

from ivr.web.health import make_health_pages
from ivr.wiring import create_app
from tests.conftest import Environment, MakeLine
from tests.voice.conftest import parts_of


@pytest.mark.parametrize(
    ("missing", "status"), [([], 200), (["The database is gone."], 503), (["One thing.", "Another."], 503)]
)
def test_readyz_is_503_while_anything_is_missing(missing: list[str], status: int) -> None:
    app = Flask("health")
    app.register_blueprint(make_health_pages(lambda: missing))
    ready = app.test_client().get("/readyz")
    assert (ready.status_code, ready.get_json()) == (status, {"ready": not missing, "missing": missing})
    assert app.test_client().get("/healthz").get_json() == {"status": "ok"}


def test_a_whole_line_is_ready(make_line: MakeLine) -> None:
    ready = make_line().test_client().get("/readyz")
    assert (ready.status_code, ready.get_json()) == (200, {"ready": True, "missing": []})


def test_a_database_without_tables_is_said_with_what_to_do(environment: Environment, clips: None) -> None:
    ready = create_app(environment).test_client().get("/readyz")
    assert ready.status_code == 503
    assert ready.get_json()["missing"] == ["The database has no tables yet: run `flask db upgrade`."]


def test_a_database_that_is_not_there_is_said(environment: Environment, clips: None) -> None:
    app = create_app({**environment, "DATABASE_URL": "postgresql://nobody:nothing@127.0.0.1:1/none"})
    ready = app.test_client().get("/readyz")
    assert ready.status_code == 503
    (words,) = ready.get_json()["missing"]
    assert words.startswith("The database cannot be reached. ")
    assert "nothing" not in words
    assert app.test_client().get("/healthz").status_code == 200


def test_clips_that_are_not_built_are_counted_by_language(make_line: MakeLine, tmp_path: Path) -> None:
    app = make_line(AUDIO_FOLDER=str(tmp_path / "empty"), LANGUAGES="es zh")
    ready = app.test_client().get("/readyz")
    counts = {code: len(script) for code, script in parts_of(app).content.scripts.items()}
    assert ready.status_code == 503
    assert ready.get_json()["missing"] == [
        f"{counts[code]} of {counts[code]} clips in {code} are not built. Run: flask audio build, then restart the line"
        for code in ("es", "zh")
    ]
