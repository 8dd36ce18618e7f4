"""The desk of translators and reviewers, over the files of a test's own bench."""

import pytest

from ivr.wording.script import ScriptLine
from ivr.wording.translation.desk import TranslationDesk
from tests.wording.translation import TOPICS, Bench


def measure_nothing(_: ScriptLine) -> float | None:
    """The length of a clip on a line that has none."""
    return None


@pytest.fixture
def desk(bench: Bench) -> TranslationDesk:
    return TranslationDesk(
        locales=bench.locales,
        topics_folder=bench.topic.parent,
        topics=TOPICS,
        scripts={},
        seconds=measure_nothing,
    )
