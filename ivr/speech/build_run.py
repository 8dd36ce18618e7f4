"""One build under way: what is planned, what is finished, and the manifest as it stands on disk.

Rule kept here: a language is concluded as soon as its last clip is ready, in one atomic write, so a build that is
killed half-way has switched the languages that were whole and left the others as they were. Faults are collected, one
for each clip.
"""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from ivr.errors import Fault
from ivr.speech.build_report import BuildReport, LanguageReport, Progress
from ivr.speech.engines import RECORDINGS
from ivr.speech.manifest import LanguageClips, Layer, Manifest, read_manifest, write_manifest
from ivr.speech.plan import VoicePlan, find_finished, plan_voice
from ivr.speech.speaker import Speaker
from ivr.speech.speakers import Speakers, VoiceGap, explain_gap, explain_silence
from ivr.speech.switching import remember_beside, switch_voice
from ivr.speech.workers import ClipTask, FailedClip, FinishedClip, run_tasks
from ivr.wording.script import ScriptLine


class BuildRun:
    """Plan every language, carry the plans out once, then ask for the report."""

    def __init__(self, layer: Layer, speakers: Speakers, *, force: bool = False, with_slow: bool = True) -> None:
        """`layer` is written to. `force` makes anew what is there; without `with_slow` only the normal pace is made.
        Raises SpeechError where the layer's manifest cannot be read."""
        self.manifest = read_manifest(layer.manifest)
        self._layer, self._speakers, self._force, self._with_slow = layer, speakers, force, with_slow
        self._plans: dict[str, list[VoicePlan]] = {}  # by language; what leads comes first
        self._finished: dict[str, dict[str, FinishedClip]] = {}  # by language, then by file name
        self._kept: dict[str, int] = {}
        self._left: dict[str, int] = {}
        self._whole: set[str] = set()
        self._failed: set[str] = set()
        self._faults: set[Fault] = set()
        self._unspoken: list[Fault] = []

    def plan(self, code: str, lines: tuple[ScriptLine, ...]) -> None:
        """Decides who speaks the language `code`, and finds what is there already."""
        known = self.manifest.languages.get(code, LanguageClips())
        plans = self._plan_voices(code, lines, known)
        self._faults.update(fault for plan in plans for fault in plan.faults)
        self._plans[code] = plans
        self._finished[code] = {} if self._force else self._find_finished(code, plans, known)
        self._kept[code] = len(self._finished[code])

    def carry_out(self, jobs: int, on_progress: Progress) -> None:
        """Makes what is missing with `jobs` processes (0: in this one): spoken clips first, then those stretched from
        them."""
        tasks = self._list_tasks()
        self._left = {code: sum(task.line.language == code for task in tasks) for code in self._plans}
        done = sum(self._kept.values())
        total = done + len(tasks)
        on_progress(done, total)
        for code in [code for code, left in self._left.items() if not left]:
            self._conclude(code)
        for batch in ([task for task in tasks if not task.source], [task for task in tasks if task.source]):
            with closing(run_tasks(batch, self._list_speakers(), jobs)) as results:
                for task, result in results:
                    self._take(task, result)
                    done += 1
                    on_progress(done, total)

    def report(self) -> BuildReport:
        """How it came out."""
        languages = tuple(self._report_language(code) for code in self._plans)
        return BuildReport(languages, tuple(sorted(self._faults)), tuple(self._unspoken))

    def find_unfinished(self) -> set[str]:
        """The planned languages whose set is not whole."""
        return self._plans.keys() - self._whole

    def _plan_voices(self, code: str, lines: tuple[ScriptLine, ...], known: LanguageClips) -> list[VoicePlan]:
        best, recordings = self._speakers.choose(lines), self._speakers.find_recordings(code)
        plans: list[VoicePlan] = []
        if isinstance(best, VoiceGap):
            self._unspoken.append(explain_gap(code, best))
        elif best:
            plans.append(self._plan_voice(best, lines, known, leads=True))
        else:
            self._unspoken.append(explain_silence(code))
        if recordings and recordings is not best:
            plans.append(self._plan_voice(recordings, recordings.find_recorded(lines), known, leads=False))
        return plans

    def _plan_voice(
        self, speaker: Speaker, lines: Sequence[ScriptLine], known: LanguageClips, *, leads: bool
    ) -> VoicePlan:
        code = lines[0].language if lines else ""

        def locate(name: str) -> Path:
            return self._layer.locate(code, name)

        return plan_voice(speaker, lines, known, locate, leads=leads, with_slow=self._with_slow)

    def _find_finished(self, code: str, plans: Sequence[VoicePlan], known: LanguageClips) -> dict[str, FinishedClip]:
        """What is on disk of the plans; a file that is not the one that the manifest names is made anew."""
        expected = {clip.name: clip.sha256 for clip in known.list_clips()}
        found: dict[str, FinishedClip] = {}
        for name in {clip.name for plan in plans for clip in plan.clips}:
            finished = find_finished(self._layer.locate(code, name))
            if finished and expected.get(name, finished.sha256) == finished.sha256:
                found[name] = finished
        return found

    def _list_speakers(self) -> list[Speaker]:
        return list({id(plan.speaker): plan.speaker for plans in self._plans.values() for plan in plans}.values())

    def _list_tasks(self) -> list[ClipTask]:
        index = {id(speaker): number for number, speaker in enumerate(self._list_speakers())}
        tasks: dict[Path, ClipTask] = {}
        for code, plans in self._plans.items():
            for clip in (clip for plan in plans for clip in plan.clips if clip.name not in self._finished[code]):
                path = self._layer.locate(code, clip.name)
                task = ClipTask(
                    speaker=index[id(clip.speaker)], line=clip.line, slow=clip.slow, path=path, source=clip.source
                )
                tasks.setdefault(path, task)
        return list(tasks.values())

    def _take(self, task: ClipTask, result: FinishedClip | FailedClip) -> None:
        code = task.line.language
        if isinstance(result, FailedClip):
            self._take_failure(task, result)
        else:
            self._finished[code][task.path.name] = result
        self._left[code] -= 1
        if not self._left[code]:
            self._conclude(code)

    def _take_failure(self, task: ClipTask, result: FailedClip) -> None:
        self._failed.add(task.path.name)
        if task.source and task.source.name in self._failed:
            return  # the fault of the clip that it is stretched from says it all
        speaker = self._list_speakers()[task.speaker]
        remedy = f" {speaker.remedy}" if result.permanent else ""
        self._faults.add(Fault(speaker.name_place(task.line), f"{result.words}{remedy}"))

    def _conclude(self, code: str) -> None:
        """Switches the language if its new set is whole; one atomic write, and none where nothing changed."""
        before = after = self.manifest.languages.get(code, LanguageClips())
        for plan in reversed(self._plans[code]):  # the voice that is heard is written last
            clips = plan.collect(self._finished[code])
            if plan.leads and plan.is_whole(clips):
                after = switch_voice(after if self._with_slow else LanguageClips(), clips)
                self._whole.add(code)
            elif plan.speaker.name == RECORDINGS:
                after = remember_beside(after, clips)
        if after != before:
            self.manifest = Manifest({**self.manifest.languages, code: after})
            write_manifest(self._layer.manifest, self.manifest)

    def _report_language(self, code: str) -> LanguageReport:
        lead = next((plan.speaker for plan in self._plans[code] if plan.leads), None)
        return LanguageReport(
            language=code,
            engine=lead.name if lead else "",
            voice=lead.name_voice(code) if lead else "",
            grade=lead.grade(code) if lead else None,
            made=len(self._finished[code]) - self._kept[code],
            kept=self._kept[code],
            is_whole=code in self._whole,
        )
