"""Whether every line can be heard: what `flask serve` asks before it makes a single clip."""

from pathlib import Path

import pytest

from ivr.speech.clips import Clips
from ivr.speech.manifest import locate_built_layer, read_manifest
from ivr.speech.status import has_every_clip
from ivr.wording.script import ScriptLine
from tests.speech.test_manifest import MENU, MENU_SLOW, SAID, clip, clip_set, shelve

HELLO = clip("hello", "Buenos días")
GREETING = ScriptLine("es", "hello", "Buenos días")


def test_all_is_there_where_each_line_has_a_clip_at_both_paces(tmp_path: Path) -> None:
    shelve(locate_built_layer(tmp_path), clip_set(MENU, slow=(MENU_SLOW,)))
    assert has_every_clip({"es": (SAID,)}, Clips(tmp_path))


def test_where_nobody_speaks_at_all_nothing_is_there(tmp_path: Path) -> None:
    assert not has_every_clip({"es": (SAID,)}, Clips(tmp_path))
    assert has_every_clip({"es": ()}, Clips(tmp_path))


@pytest.mark.parametrize(
    "script",
    [
        pytest.param({"es": (SAID, GREETING)}, id="the normal pace alone"),
        pytest.param({"es": (SAID,), "fr": (ScriptLine("fr", "menu", "Tapez 1."),)}, id="another language"),
        pytest.param({"es": (ScriptLine("es", "menu", "Oprima 2."),)}, id="other words"),
    ],
)
def test_one_line_that_lacks_a_clip_is_enough(tmp_path: Path, script: dict[str, tuple[ScriptLine, ...]]) -> None:
    shelve(locate_built_layer(tmp_path), clip_set(MENU, HELLO, slow=(MENU_SLOW,)))
    assert not has_every_clip(script, Clips(tmp_path))


def test_a_clip_whose_file_is_gone_is_missing(tmp_path: Path) -> None:
    layer = locate_built_layer(tmp_path)
    shelve(layer, clip_set(MENU, slow=(MENU_SLOW,)))
    assert read_manifest(layer.manifest).languages["es"].active
    layer.locate("es", MENU.name).unlink()
    assert not has_every_clip({"es": (SAID,)}, Clips(tmp_path))
