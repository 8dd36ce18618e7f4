"""Whether patients may hear a language's voice: by its grade, and by its licence.

Rule kept here: what a machine speaks with an accent, as a preview, or under terms that are not settled reaches patients
only when the clinic has said so (ACCENTED_VOICES, PREVIEW_VOICES, UNSETTLED_LICENCES); a voice is never silently
replaced by another.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.speech.licences import find_licence
from ivr.speech.manifest import ClipSet
from ivr.speech.sound import Grade


@dataclass(frozen=True)
class VoiceRules:
    """What the clinic decided, each "open" or "close": the grades ACCENTED and PREVIEW, and licences not settled."""

    accented: str
    preview: str
    unsettled: str


_WORDS: Mapping[Grade, str] = {
    Grade.ACCENTED: "its voice has an accent that no native speaker has judged (ACCENTED_VOICES is close)",
    Grade.PREVIEW: "its only voice is a preview (PREVIEW_VOICES is close)",
}


def explain_unfit(voice: ClipSet | None, rules: VoiceRules) -> str:
    """Why patients may not hear a voice; "" where they may, and where there is no voice yet."""
    if voice is None:
        return ""
    decided = {Grade.ACCENTED: rules.accented, Grade.PREVIEW: rules.preview}
    if decided.get(voice.grade) == "close":
        return _WORDS[voice.grade]
    licence = find_licence(voice.engine, voice.voice)
    if rules.unsettled == "close" and not licence.is_settled:
        return f"the licence of its voice is {licence.terms} (UNSETTLED_LICENCES is close)"
    return ""
