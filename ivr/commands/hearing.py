"""What `flask audio hear` does with one language after the other, and the lines that it prints."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ivr.speech.clips import Clips
from ivr.speech.hearing import Recogniser, listen
from ivr.speech.hearing_kept import FILE_NAME, KeptHearings
from ivr.speech.hearing_report import LanguageHearing, add_to_reports, is_beyond_bound, summarise
from ivr.speech.hearing_units import HeardSample, UnitScript, count_right, listen_to_units
from ivr.speech.hearing_whisper import Whisper
from ivr.speech.manifest import locate_built_layer
from ivr.wording.script import ScriptLine, Words


@dataclass(frozen=True)
class HearingDesk:
    """One recogniser before one audio folder. `jobs` is how many processes hear (0: this one); `on_progress` is told
    how many sounds of how many are heard."""

    folder: Path
    clips: Clips
    recogniser: Recogniser
    kept: KeptHearings
    jobs: int
    on_progress: Callable[[int, int], None]

    @classmethod
    def open(cls, folder: Path, jobs: int | None, on_progress: Callable[[int, int], None]) -> "HearingDesk":
        """The recogniser of this machine. Raises SpeechError where there is none."""
        whisper = Whisper()
        whisper.check()
        return cls(
            folder=folder,
            clips=Clips(folder),
            recogniser=whisper,
            kept=KeptHearings(locate_built_layer(folder).clips / FILE_NAME, whisper.name),
            jobs=os.cpu_count() or 1 if jobs is None else jobs,
            on_progress=on_progress,
        )

    def hear_clips(self, language: str, lines: Sequence[ScriptLine]) -> list[str]:
        """Hears a whole language, writes that into the reports, and says what was misheard. Raises SpeechError."""
        heard = listen(lines, self.clips, self.recogniser, self.kept, jobs=self.jobs, on_progress=self.on_progress)
        with closing(heard):
            clips = list(heard)
        add_to_reports(self.folder, clips, self.recogniser.name)
        if not clips:
            return [f"{language}: there is no clip to hear."]
        return list(_write_clips(language, summarise(clips, self.recogniser.name)[language]))

    def hear_units(self, language: str, words: Words, count: int, seed: int) -> list[str]:
        """Hears random numbers, days and times, and says which were misheard. Raises SpeechError."""
        script = UnitScript(words, language)
        samples = tuple(script.choose(count, seed))
        heard = listen_to_units(
            script, samples, self.clips, self.recogniser, self.kept, jobs=self.jobs, on_progress=self.on_progress
        )
        with closing(heard):
            judged = sorted(heard, key=lambda sample: samples.index(sample.sample))
        return list(_write_units(language, judged))


def _write_clips(language: str, hearing: LanguageHearing) -> Iterator[str]:
    beyond = sum(is_beyond_bound(language, file.share) for file in hearing.files.values())
    yield (
        f"{language}: {hearing.clips} clips of {hearing.voice} heard, {hearing.median:.3f} of their sounds wrong "
        f"(median; mean {hearing.mean:.3f}), {beyond} beyond the bound."
    )
    for clip in hearing.worst:
        yield f"{clip.share:5.0%} {clip.id}\n      said:  {clip.text}\n      heard: {clip.heard}"


def _write_units(language: str, heard: Sequence[HeardSample]) -> Iterator[str]:
    for sample in heard:
        wrong = [kind for kind, is_right in sample.right if not is_right]
        if wrong:
            said = " ".join(line.text for line in sample.sample.lines[1:])
            yield f"{', '.join(wrong)}\n      said:  {said}\n      heard: {sample.heard}"
    for kind, (right, played) in count_right(heard).items():
        yield f"{language}: {kind:12} {right}/{played} right ({right / played:.1%})"
