"""The running line as a record: what commands and pages ask for. `spineline()` gives it inside an app context.

It holds types and nothing that does work, so importing it costs nothing. `ivr/wiring.py` makes it. Rooms never import
this file: each is handed what it needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:
    from ivr.line.nodes import Line
    from ivr.line.topics import Topic
    from ivr.provider.outgoing import TwilioCalls
    from ivr.provider.signature import Signature
    from ivr.reminders.attempts import ReminderAttempts
    from ivr.reminders.rules.judging import Rulebook
    from ivr.settings.rows import Settings
    from ivr.speech.clips import Clips
    from ivr.store.secrets import Secrets
    from ivr.store.store import Store
    from ivr.store.writer import EventWriter
    from ivr.voice.call_handler import CallHandler
    from ivr.voice.metrics import Metrics
    from ivr.wording.availability import Availability
    from ivr.wording.script import ScriptLine, Words


@dataclass(frozen=True)
class Content:
    """What the line says: its topics and words, the table of the call, and the clips. `scripts` is what has to be
    spoken, by language, in the order of a call."""

    topics: tuple[Topic, ...]
    words: Words
    availability: Availability
    line: Line
    scripts: Mapping[str, tuple[ScriptLine, ...]]
    clips: Clips


@dataclass(frozen=True)
class Database:
    """What is kept. `writer` keeps what only counts, behind the call."""

    secrets: Secrets
    store: Store
    writer: EventWriter


@dataclass(frozen=True)
class Campaigns:
    """Reminder calls: their rules, the network that places them, and what the network reports."""

    rules: Rulebook
    network: TwilioCalls
    attempts: ReminderAttempts


@dataclass(frozen=True)
class Calls:
    """Calls that come in: who answers them, the check that they come from the network, and what is counted."""

    handler: CallHandler
    signature: Signature
    metrics: Metrics


@dataclass(frozen=True)
class Spineline:
    """One running line: `app.extensions["spineline"]`. `topics` stand beside the settings, since the values of a topic
    are settings; they cost no words and no sound."""

    settings: Settings
    topics: tuple[Topic, ...]
    content: Content
    database: Database
    campaigns: Campaigns
    calls: Calls

    def missing(self) -> list[str]:
        """What keeps the line from taking calls, in words."""
        lacking = [self.database.store.explain_unready()]
        for code in self.content.line.languages:
            script = self.content.scripts[code]
            absent = sum(self.content.clips.find(line, slow=False) is None for line in script)
            if absent:
                what_to_do = "Run: flask audio build, then restart the line"
                lacking.append(f"{absent} of {len(script)} clips in {code} are not built. {what_to_do}")
        return [words for words in lacking if words]


def spineline() -> Spineline:
    """The line that the current app runs. Raises RuntimeError outside an app context."""
    return cast("Spineline", current_app.extensions["spineline"])
