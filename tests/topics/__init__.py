"""The topic that ships with the line, by its name: tests that mean it do not change when a clinic adds another.

`shipped/` holds links to its two files, so that a whole line can be made with it alone (TOPICS_FOLDER).
"""

from collections.abc import Mapping
from pathlib import Path

from ivr.wording.script import Values
from ivr.wording.sources import read_topics

SHIPPED = "compression-fracture"
SHIPPED_FOLDER = Path(__file__).parent / "shipped"
SECOND = "knee-injection"
SECOND_FOLDER = Path(__file__).parent / "second"
"""A procedure of the tests, with imaginary facts, in English alone."""
SHIPPED_TOPICS = read_topics(SHIPPED_FOLDER)
NO_NAMES: Mapping[str, str] = {}
NO_CHOICE: Mapping[str, int] = {}


def clinic_values(
    *, emergency: str = "911", clinic: Mapping[str, str] = NO_NAMES, chosen: Mapping[str, int] = NO_CHOICE
) -> Values:
    """The values of a clinic that decides nothing but these; `chosen` are by value id."""
    return Values(emergency, clinic, {topic.id: topic.quantities(chosen) for topic in SHIPPED_TOPICS})
