"""How far a language is voiced, for tables that translators and staff read. The wording room knows no clips, so it is
given the count."""

from collections.abc import Sequence

from ivr.speech.clips import Clips
from ivr.wording.script import ScriptLine
from ivr.wording.translation.status import VoiceState


def count_voiced(clips: Clips, language: str, script: Sequence[ScriptLine]) -> VoiceState:
    """Counts the clips of a language's script that can be played at the normal pace."""
    voice = clips.find_voice(language)
    return VoiceState(
        clips=len(script),
        voiced=sum(clips.find(line, slow=False) is not None for line in script),
        grade=voice.grade.value if voice else "none",
    )
