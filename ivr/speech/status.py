"""What can be heard now: which voice speaks each language, how much of it is there, and how much people recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ivr.speech.clips import Clips
from ivr.speech.engines.recordings import Recordings
from ivr.speech.licences import Licence, find_licence
from ivr.wording.script import ScriptLine


@dataclass(frozen=True)
class LanguageStatus:
    """What can be heard in one language: whose voice, how many of its `lines` in each pace, and how many of them
    people have recorded. `strangers` are recordings whose name is no clip's. `licence` says under what terms the voice
    may be played, "" where there is no voice, and `is_settled` whether they plainly allow it."""

    language: str
    engine: str
    voice: str
    grade: str
    licence: str
    is_settled: bool
    lines: int
    normal: int
    slow: int
    recorded: int
    strangers: tuple[str, ...]


def find_status(scripts: Mapping[str, Sequence[ScriptLine]], folder: Path) -> tuple[LanguageStatus, ...]:
    """What can be heard, by language, from the audio folder `folder`. Raises SpeechError where a manifest cannot be
    read."""
    clips, recordings = Clips(folder), Recordings(folder / "recordings")
    return tuple(_find_language_status(code, lines, clips, recordings) for code, lines in scripts.items())


def has_every_clip(scripts: Mapping[str, Sequence[ScriptLine]], clips: Clips) -> bool:
    """Whether each line can be heard at both paces. It looks at the manifests and for the files, and opens none."""
    for line in (line for lines in scripts.values() for line in lines):
        normal = clips.find(line, slow=False)
        if normal is None or clips.find(line, slow=True) == normal:
            return False
    return True


def _find_language_status(
    code: str, lines: Sequence[ScriptLine], clips: Clips, recordings: Recordings
) -> LanguageStatus:
    voice = clips.find_voice(code)
    licence = find_licence(voice.engine, voice.voice) if voice else Licence("")
    normal = [clips.find(line, slow=False) for line in lines]
    slow = [clips.find(line, slow=True) for line in lines]
    return LanguageStatus(
        language=code,
        engine=voice.engine if voice else "",
        voice=voice.voice if voice else "",
        grade=voice.grade if voice else "",
        licence=licence.terms,
        is_settled=licence.is_settled,
        lines=len(lines),
        normal=sum(clip is not None for clip in normal),
        slow=sum(clip is not None and clip != as_normal for clip, as_normal in zip(slow, normal, strict=True)),
        recorded=len(recordings.find_recorded(lines)),
        strangers=tuple(str(path) for path in recordings.find_strangers(code, lines)),
    )
