"""What a build wants: the clips of one language in one voice, each with the name under which it is found.

Rule kept here: a recording is tied to the words it was made for. The same recording with other words is a fault, so
that nobody ever hears old words because a text was edited.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import soundfile

from ivr.errors import Fault, SpeechError
from ivr.speech.manifest import Clip, ClipSet, LanguageClips
from ivr.speech.sound import Grade
from ivr.speech.speaker import Speaker, name_clip
from ivr.speech.workers import FinishedClip, describe_file
from ivr.wording.script import ScriptLine

Locate = Callable[[str], Path]
"""Where a build puts the clip of a file name."""


@dataclass(frozen=True)
class PlannedClip:
    """One clip: its speaker, line and pace, its file's name, the SHA-256 of the recording behind it ("" for a machine),
    and the finished clip that it is stretched from (None where it is spoken)."""

    speaker: Speaker
    line: ScriptLine
    slow: bool
    name: str
    recording: str
    source: Path | None


@dataclass(frozen=True)
class VoicePlan:
    """What one speaker does for one language. The plan that `leads` is for the voice that callers are to hear;
    recordings that are not all there yet are made beside it, so that their faults show early and their words are
    remembered."""

    language: str
    speaker: Speaker
    clips: tuple[PlannedClip, ...]
    faults: tuple[Fault, ...]
    leads: bool

    def collect(self, finished: Mapping[str, FinishedClip]) -> ClipSet:
        """The set of those planned clips that are finished; `finished` is by file name."""
        paces: dict[bool, dict[str, Clip]] = {False: {}, True: {}}
        for planned in self.clips:
            if result := finished.get(planned.name):
                paces[planned.slow][planned.line.id] = self._describe(planned, result)
        engine, voice, grade = self._name_voice()
        return ClipSet(engine=engine, voice=voice, grade=grade, normal=paces[False], slow=paces[True])

    def is_whole(self, clips: ClipSet) -> bool:
        """Whether `clips` are all that is planned, and nothing was at fault."""
        return not self.faults and len(clips.list_clips()) == len(self.clips)

    def _describe(self, planned: PlannedClip, finished: FinishedClip) -> Clip:
        engine, voice, grade = self._name_voice()
        return Clip(
            language=self.language,
            id=planned.line.id,
            text=planned.line.text,
            engine=engine,
            voice=voice,
            grade=grade,
            name=planned.name,
            sha256=finished.sha256,
            seconds=finished.seconds,
            recording=planned.recording,
        )

    def _name_voice(self) -> tuple[str, str, Grade]:
        grade = self.speaker.grade(self.language) or Grade.PREVIEW
        return self.speaker.name, self.speaker.name_voice(self.language), grade


def plan_voice(
    speaker: Speaker,
    lines: Sequence[ScriptLine],
    known: LanguageClips,
    locate: Locate,
    *,
    leads: bool,
    with_slow: bool = True,
) -> VoicePlan:
    """Plans `lines` (of one language). `known` is what the manifest remembers; without `with_slow` only the normal
    pace is planned. Faults are collected."""
    clips: list[PlannedClip] = []
    faults: list[Fault] = []
    for line in lines:
        try:
            clips.extend(clip for clip in _plan_line(speaker, line, known, locate) if with_slow or not clip.slow)
        except SpeechError as error:
            faults.append(Fault(speaker.name_place(line), str(error)))
    language = lines[0].language if lines else ""
    return VoicePlan(language=language, speaker=speaker, clips=tuple(clips), faults=tuple(faults), leads=leads)


def _plan_line(speaker: Speaker, line: ScriptLine, known: LanguageClips, locate: Locate) -> Iterator[PlannedClip]:
    recording = speaker.hash_recording(line)
    if recording:
        _refuse_older_words(line, recording, known)
    for slow in speaker.list_paces(line):
        yield PlannedClip(
            speaker=speaker,
            line=line,
            slow=slow,
            name=name_clip(speaker, line, slow=slow),
            recording=recording,
            source=speaker.find_source_clip(line, locate) if slow else None,
        )


def _refuse_older_words(line: ScriptLine, recording: str, known: LanguageClips) -> None:
    for clip in known.list_clips():
        if (clip.id, clip.recording) == (line.id, recording) and clip.text != line.text:
            raise SpeechError(
                "This recording says older words: record it again, or delete it to let the voice speak. "
                f'It says "{clip.text}", and the line now says "{line.text}".'
            )


def find_finished(path: Path) -> FinishedClip | None:
    """The finished clip at `path`, if there is one."""
    try:
        return describe_file(path.read_bytes())
    except (OSError, soundfile.LibsndfileError):
        return None
