"""What commands and pages need of a running line, as seams: `app.extensions["spineline"]` fits them.

Only the wiring knows the whole; a room asks for as much as it uses.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from ivr.line.topics import Topic
from ivr.speech.clips import Clips
from ivr.wording.availability import Availability
from ivr.wording.script import ScriptLine, Words


class Folders(Protocol):
    """Where the files of the words stand."""

    @property
    def locales_folder(self) -> Path:
        """`locales/`."""

    @property
    def topics_folder(self) -> Path:
        """Where the topics stand."""


class Spoken(Protocol):
    """What a line says: its topics, words and clips."""

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics."""

    @property
    def words(self) -> Words:
        """The words of every utterance."""

    @property
    def scripts(self) -> Mapping[str, tuple[ScriptLine, ...]]:
        """What has to be spoken, by language."""

    @property
    def clips(self) -> Clips:
        """The clips that can be played."""


class Workplace(Spoken, Protocol):
    """What translators' commands need beside it."""

    @property
    def settings(self) -> Folders:
        """The settings."""

    @property
    def availability(self) -> Availability:
        """Which languages are closed, and why."""
