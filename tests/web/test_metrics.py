"""What is counted, who may read it, and what never stands in it."""

import pytest
from werkzeug.test import TestResponse

from tests.conftest import MakeLine
from tests.voice.conftest import CLINIC, MENU, PATIENT, TOPIC, listener

TOKEN = "a token for the scraper"


def read(page: TestResponse) -> dict[str, float]:
    """The samples of a page of metrics."""
    assert page.status_code == 200
    lines = [line for line in page.get_data(as_text=True).splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_metrics_that_are_off_are_not_there(make_line: MakeLine) -> None:
    app = make_line(METRICS="off")
    assert app.test_client().get("/metrics").status_code == 404
    signed_in = {"Authorization": "Bearer off"}
    assert app.test_client().get("/metrics", headers=signed_in).status_code == 404


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (None, 401),
        ("", 401),
        (TOKEN, 401),
        ("Bearer", 401),
        ("Bearer ", 401),
        ("Bearer another token altogether", 401),
        (f"Bearer {TOKEN}x", 401),
        (f"bearer {TOKEN.upper()}", 401),
        ("Bearer é", 401),
        (f"Bearer {TOKEN}", 200),
    ],
)
def test_with_a_token_only_whoever_sends_it_may_read(
    make_line: MakeLine, authorization: str | None, status: int
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    page = make_line(METRICS=TOKEN).test_client().get("/metrics", headers=headers)
    assert page.status_code == status
    assert ("spineline_calls_total" in page.get_data(as_text=True)) is (status == 200)


def test_metrics_that_are_on_are_open(make_line: MakeLine) -> None:
    page = make_line(METRICS="on").test_client().get("/metrics")
    assert read(page)["spineline_ready"] == 1
    assert page.content_type.startswith("text/plain; version=")


def test_counts_go_up_with_what_happens(make_line: MakeLine) -> None:
    app = make_line(METRICS="on", CLINIC_NUMBER=CLINIC)
    caller, client = listener(app), app.test_client()
    before = read(client.get("/metrics"))
    caller.send("/call")
    for _ in range(2):
        caller.send(f"/call/key/es/{MENU}", Digits="2")
    for verb in ("at", "dialed", "whisper", "taken"):
        caller.send(f"/call/{verb}/es/person?origin={TOPIC}/prep/1")
    caller.send("/call/at/es/no-such-node")
    caller.send("/call/fallback")
    client.post("/call")
    after = read(client.get("/metrics"))
    assert {name: after[name] - before[name] for name in after if "_created" not in name} == {
        "spineline_calls_total": 1,
        'spineline_steps_total{verb="at"}': 2,
        'spineline_steps_total{verb="key"}': 2,
        'spineline_steps_total{verb="dialed"}': 1,
        'spineline_steps_total{verb="whisper"}': 1,
        'spineline_steps_total{verb="taken"}': 1,
        "spineline_failed_requests_total": 1,
        "spineline_fallbacks_total": 1,
        "spineline_refused_requests_total": 1,
        "spineline_missing_clips_total": 0,
        "spineline_lost_events_total": 0,
        "spineline_ready": 0,
    }


def test_a_line_that_lacks_its_clips_is_not_ready(
    make_line: MakeLine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    app = make_line(METRICS="on", AUDIO_FOLDER=str(tmp_path_factory.mktemp("empty")))
    listener(app).send(f"/call/at/es/{TOPIC}/prep/2")
    samples = read(app.test_client().get("/metrics"))
    assert (samples["spineline_ready"], samples["spineline_missing_clips_total"]) == (0, 1)


def test_no_number_and_no_call_stands_in_the_metrics(make_line: MakeLine) -> None:
    app = make_line(METRICS="on", CLINIC_NUMBER=CLINIC)
    caller = listener(app)
    for path in ("/call", "/call/at/es/callback/save", f"/call/at/es/person?origin={MENU}", "/call/status"):
        caller.send(path, Digits="2125550199")
    page = app.test_client().get("/metrics").get_data(as_text=True)
    names = [line.rsplit(" ", 1)[0] for line in page.splitlines() if not line.startswith("#")]
    for number in (PATIENT, CLINIC, "+12125550199", caller.fields["CallSid"]):
        assert not [line for line in page.splitlines() if number[2:] in line]
    assert not [name for name in names if any(sign.isdigit() for sign in name)]
