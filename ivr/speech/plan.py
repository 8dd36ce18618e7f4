"""What a build wants: the clips of one language, spoken by one speaker, each with the name under which it is found.

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
from ivr.speech.speakers import Speaker, clip_name
from ivr.speech.workers import Made, described
from ivr.wording.script import ScriptLine


@dataclass(frozen=True)
class Wanted:
    """One clip: of which speaker, line and pace, its file's name, the SHA-256 of the recording behind it (""), and the
    finished clip that it is stretched from (None where it is spoken)."""

    speaker: Speaker
    line: ScriptLine
    slow: bool
    name: str
    recording: str
    normal: Path | None


@dataclass(frozen=True)
class Part:
    """What one speaker does for one language. The part that `leads` is what callers are to hear; recordings that are
    not all there yet are made aside, so that their faults show early and their words are remembered."""

    language: str
    speaker: Speaker
    wanted: tuple[Wanted, ...]
    faults: tuple[Fault, ...]
    leads: bool

    def clips(self, ready: Mapping[str, Made]) -> ClipSet:
        """The set of those clips that are ready; `ready` is by file name."""
        speaker, language = self.speaker, self.language
        voice = (speaker.name, speaker.voice(language), speaker.grade(language) or Grade.PREVIEW)
        paces: dict[bool, dict[str, Clip]] = {False: {}, True: {}}
        for one in self.wanted:
            if made := ready.get(one.name):
                said = (language, one.line.id, one.line.text)
                clip = Clip(*said, *voice, one.name, made.sha256, made.seconds, one.recording)
                paces[one.slow][one.line.id] = clip
        return ClipSet(*voice, paces[False], paces[True])

    def whole(self, clips: ClipSet) -> bool:
        """Whether `clips` are all that is wanted, and nothing was at fault."""
        return not self.faults and len(clips.list_clips()) == len(self.wanted)


def planned(
    speaker: Speaker,
    lines: Sequence[ScriptLine],
    known: LanguageClips,
    made: Callable[[str], Path],
    *,
    leads: bool,
    slow: bool = True,
) -> Part:
    """Plans `lines` (of one language). `known` is what the manifest remembers, `made` says where a clip of a name
    stands that this build makes; without `slow` only the normal pace is made. Faults are collected."""
    wanted: list[Wanted] = []
    faults: list[Fault] = []
    for line in lines:
        try:
            wanted.extend(one for one in _wanted(speaker, line, known, made) if slow or not one.slow)
        except SpeechError as error:
            faults.append(Fault(speaker.place(line), str(error)))
    return Part(lines[0].language if lines else "", speaker, tuple(wanted), tuple(faults), leads)


def _wanted(speaker: Speaker, line: ScriptLine, known: LanguageClips, made: Callable[[str], Path]) -> Iterator[Wanted]:
    recording = speaker.recording(line)
    if recording:
        _refuse_older_words(line, recording, known)
    for slow in speaker.paces(line):
        normal = speaker.normal(line, made) if slow else None
        yield Wanted(speaker, line, slow, clip_name(speaker, line, slow=slow), recording, normal)


def _refuse_older_words(line: ScriptLine, recording: str, known: LanguageClips) -> None:
    for clip in known.list_clips():
        if (clip.id, clip.recording) == (line.id, recording) and clip.text != line.text:
            raise SpeechError(
                "This recording says older words: record it again, or delete it to let the voice speak. "
                f'It says "{clip.text}", and the line now says "{line.text}".'
            )


def on_disk(path: Path) -> Made | None:
    """The finished clip at `path`, if there is one."""
    try:
        return described(path.read_bytes())
    except (OSError, soundfile.LibsndfileError):
        return None
