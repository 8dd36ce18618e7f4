"""What the webhooks count; who may read the counts is tested in `tests/web`."""

from tests.voice.conftest import MENU, Rehearse


def test_a_voice_that_breaks_is_counted(rehearse: Rehearse) -> None:
    line = rehearse(faults={"menu.title": RuntimeError("a bug")})
    line.caller.send(f"/call/at/es/{MENU}")
    assert line.metrics.registry.get_sample_value("spineline_failed_requests_total") == 1
