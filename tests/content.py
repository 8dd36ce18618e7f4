"""What the lines of the tests say, read and judged once for all lines that say the same.

Reading the catalogs and judging every rule of a line takes longer than most tests. What a line says follows from the
files of this checkout, which no test changes, its topics and a few settings: which is noticed while they are read, so
that a setting that begins to matter tomorrow is not forgotten. A line with folders of its own is read anew each time.
The fixtures that use this have the clips built first, or play none: whether a language is open follows from them too.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Any, cast

from ivr.content import read_content
from ivr.line.topics import Topic
from ivr.parts import Content
from ivr.settings.rows import ROOT, Settings

NO_CLIPS = ROOT / "tests" / "no clips"
"""A folder that is never there, for lines without a clip."""
LOCALES = ROOT / "locales"
KNOWN: deque[tuple[tuple[Topic, ...], dict[str, object], Content]] = deque(maxlen=12)
"""What was read, with the topics and settings that it follows from; the oldest goes first."""


@dataclass(frozen=True)
class WatchedSettings:
    """Settings that note which of them are asked for."""

    settings: Settings
    asked: dict[str, object] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        self.asked[name] = getattr(self.settings, name)
        return self.asked[name]


def read_content_once(settings: Settings, topics: tuple[Topic, ...]) -> Content:
    """What a line with these settings and topics says. Raises as `read_content` does."""
    if settings.locales_folder != LOCALES or settings.audio_folder not in (ROOT / "audio", NO_CLIPS):
        return read_content(settings, topics)
    for known, asked, content in KNOWN:
        if known == topics and all(getattr(settings, name) == value for name, value in asked.items()):
            return content
    watched = WatchedSettings(settings)
    content = read_content(cast(Settings, watched), topics)
    KNOWN.append((topics, watched.asked, content))
    return content
