"""Builds what the line has to say: plans which clips are wanted, makes those that are missing, switches languages.

Rules kept here (SPEECH.md, DESIGN.md decision 4): a clip is found by the address of its inputs, so a build goes on
where another was killed and makes only what changed; a language switches to a new set in one atomic write once every
clip of its script is there, and until then the old set plays; a recording is tied to the words it was made for. Faults
are collected, one a clip.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ivr.errors import Fault, SpeechError
from ivr.line.languages import LANGUAGES
from ivr.speech.engines import RECORDINGS
from ivr.speech.engines.recordings import Recordings
from ivr.speech.manifest import (
    ClipSet,
    LanguageClips,
    Layer,
    Manifest,
    built_layer,
    committed_layer,
    read_manifest,
    write_manifest,
)
from ivr.speech.plan import Part, on_disk, planned
from ivr.speech.sound import Engine, Grade
from ivr.speech.speakers import Lacking, Machine, Speaker, Speakers, speakers
from ivr.speech.workers import Failed, Made, Task, run
from ivr.wording.lexicon import Lexicon
from ivr.wording.script import ScriptLine

Progress = Callable[[int, int], None]
"""Told how many clips are ready, and of how many."""


@dataclass(frozen=True)
class LanguageReport:
    """How one language came out. `whole`: its set is complete and is what callers now hear. `engine`, `voice` and
    `grade` are of who was asked ("" and None: nobody speaks it). `made` and `kept` count clips."""

    language: str
    engine: str
    voice: str
    grade: Grade | None
    made: int
    kept: int
    whole: bool


@dataclass(frozen=True)
class BuildReport:
    """How a build came out. `faults` want mending; `unspoken` are languages that nobody here speaks, with ways out."""

    languages: tuple[LanguageReport, ...]
    faults: tuple[Fault, ...]
    unspoken: tuple[Fault, ...]

    @property
    def made(self) -> int:
        """Clips made by this build."""
        return sum(one.made for one in self.languages)

    @property
    def kept(self) -> int:
        """Clips that were there already."""
        return sum(one.kept for one in self.languages)


def build(
    scripts: Mapping[str, Sequence[ScriptLine]],
    engines: Sequence[Engine],
    folder: Path,
    *,
    orders: Mapping[str, Sequence[str]] | None = None,
    lexicons: Mapping[str, Lexicon] | None = None,
    languages: Sequence[str] | None = None,
    jobs: int | None = None,
    force: bool = False,
    on_progress: Progress | None = None,
) -> BuildReport:
    """Makes every clip of `scripts` (of `languages` only, where given) below the audio folder `folder`.

    `orders` says who speaks a language, best first, by language ("" for all others; without it, the recordings and then
    the engines as given). `jobs` processes (default: one a CPU; 0: in this process). `force` makes anew what is there.
    Raises SpeechError where a manifest cannot be read, a language is unknown, or another build runs. On Ctrl-C what was
    made is kept and KeyboardInterrupt goes on.
    """
    codes = _asked_for(scripts, languages)
    everyone = {"": (RECORDINGS, *_committed_engines(folder), *(engine.name for engine in engines))}
    with _alone(folder):
        who = speakers(folder, engines, orders or everyone, lexicons or {})
        work = _Work(built_layer(folder), who, force)
        for code in codes:
            work.plan(code, tuple(scripts[code]))
        work.carry_out(os.cpu_count() or 1 if jobs is None else jobs, on_progress or _silently)
    return work.report()


def ship(
    scripts: Mapping[str, Sequence[ScriptLine]],
    engine: Engine,
    folder: Path,
    *,
    lexicons: Mapping[str, Lexicon],
    jobs: int | None = None,
    on_progress: Progress | None = None,
) -> BuildReport:
    """Makes the clips that come with the checkout, of every language that `engine` speaks, at the normal pace.

    They go to `audio/clips/`; files that the new manifest does not name are removed. Raises as `build`.
    """
    layer = committed_layer(folder)
    with _alone(folder):
        who = Speakers(Recordings(folder / "none"), {}, {engine.name: Machine(engine, lexicons)}, {"": (engine.name,)})
        work = _Work(layer, who, force=False, slow=False)
        for code, lines in scripts.items():
            if engine.grade(code):
                work.plan(code, tuple(lines))
        work.carry_out(os.cpu_count() or 1 if jobs is None else jobs, on_progress or _silently)
        _tidy(layer, work.manifest, work.parts.keys() - work.whole)
    return work.report()


def _committed_engines(folder: Path) -> Iterator[str]:
    for one in read_manifest(committed_layer(folder).manifest).languages.values():
        if one.active_set:
            yield one.active_set.engine


def _tidy(layer: Layer, manifest: Manifest, unfinished: Set[str]) -> None:
    """Removes what no clip is any more; a language that is `unfinished` keeps what was made for it."""
    named = {layer.locate(code, clip.name) for code, one in manifest.languages.items() for clip in one.list_clips()}
    for path in layer.clips.glob("*/*.wav"):
        if path.parent.name not in unfinished and path not in named:
            path.unlink()


def _asked_for(scripts: Mapping[str, object], languages: Sequence[str] | None) -> list[str]:
    codes = list(scripts) if languages is None else list(dict.fromkeys(languages))
    if unknown := [code for code in codes if code not in scripts]:
        raise SpeechError(f"The line has no language {', '.join(unknown)}. It has: {', '.join(scripts)}.")
    return codes


class _Work:
    """One build under way: what is wanted, what is ready, and the manifest as it stands on disk."""

    def __init__(self, layer: Layer, who: Speakers, force: bool, *, slow: bool = True) -> None:
        self.layer, self.who, self.force, self.slow = layer, who, force, slow
        self.manifest = read_manifest(layer.manifest)
        self.parts: dict[str, list[Part]] = {}
        self.ready: dict[str, dict[str, Made]] = {}  # by language, then by file name
        self.kept: dict[str, int] = {}
        self.whole: set[str] = set()
        self.faults: set[Fault] = set()
        self.unspoken: list[Fault] = []
        self.failed: set[str] = set()

    def plan(self, code: str, lines: tuple[ScriptLine, ...]) -> None:
        """Decides who speaks the language, and finds what is there already."""
        known = self.manifest.languages.get(code, LanguageClips())
        best, beside = self.who.best(lines), self.who.records(code)
        parts: list[Part] = []
        if isinstance(best, Lacking):
            self.unspoken.append(_lacking(code, best))
        elif best:
            parts.append(self._part(best, lines, known, leads=True))
        else:
            self.unspoken.append(_unspoken(code))
        if beside and beside is not best:
            parts.append(self._part(beside, beside.find_recorded(lines), known, leads=False))
        self.faults.update(fault for one in parts for fault in one.faults)
        self.parts[code] = parts
        self.ready[code] = {} if self.force else self._found(code, known)
        self.kept[code] = len(self.ready[code])

    def _part(self, speaker: Speaker, lines: Sequence[ScriptLine], known: LanguageClips, *, leads: bool) -> Part:
        code = lines[0].language if lines else ""
        return planned(speaker, lines, known, lambda name: self.layer.locate(code, name), leads=leads, slow=self.slow)

    def carry_out(self, jobs: int, on_progress: Progress) -> None:
        """Makes what is missing, spoken clips first and then those stretched from them; a language is concluded as
        soon as its last clip is ready."""
        tasks = self._tasks()
        self.left = {code: sum(task.line.language == code for task in tasks) for code in self.parts}
        self.done = sum(self.kept.values())
        total = self.done + len(tasks)
        on_progress(self.done, total)
        for code in [code for code, left in self.left.items() if not left]:
            self._conclude(code)
        for batch in ([task for task in tasks if not task.normal], [task for task in tasks if task.normal]):
            with closing(run(batch, self._everyone(), jobs)) as results:
                for task, result in results:
                    self._take(task, result)
                    on_progress(self.done, total)

    def report(self) -> BuildReport:
        """How it came out."""
        languages = tuple(self._language_report(code) for code in self.parts)
        return BuildReport(languages, tuple(sorted(self.faults)), tuple(self.unspoken))

    def _found(self, code: str, known: LanguageClips) -> dict[str, Made]:
        expected = {clip.name: clip.sha256 for clip in known.list_clips()}
        names = {one.name for part in self.parts[code] for one in part.wanted}
        there = {name: on_disk(self.layer.locate(code, name)) for name in names}
        return {name: made for name, made in there.items() if made and expected.get(name, made.sha256) == made.sha256}

    def _everyone(self) -> list[Speaker]:
        return list({id(part.speaker): part.speaker for parts in self.parts.values() for part in parts}.values())

    def _tasks(self) -> list[Task]:
        index = {id(speaker): number for number, speaker in enumerate(self._everyone())}
        tasks: dict[Path, Task] = {}
        for code, parts in self.parts.items():
            for one in (one for part in parts for one in part.wanted if one.name not in self.ready[code]):
                path = self.layer.locate(code, one.name)
                tasks.setdefault(path, Task(index[id(one.speaker)], one.line, one.slow, path, one.normal))
        return list(tasks.values())

    def _take(self, task: Task, result: Made | Failed) -> None:
        code = task.line.language
        if isinstance(result, Failed):
            speaker = self._everyone()[task.speaker]
            if not (task.normal and task.normal.name in self.failed):  # its own fault was told already
                remedy = f" {speaker.remedy}" if result.permanent else ""
                self.faults.add(Fault(speaker.place(task.line), f"{result.words}{remedy}"))
            self.failed.add(task.path.name)
        else:
            self.ready[code][task.path.name] = result
        self.done += 1
        self.left[code] -= 1
        if not self.left[code]:
            self._conclude(code)

    def _conclude(self, code: str) -> None:
        """Switches the language if its new set is whole; one atomic write, and none where nothing changed."""
        before = self.manifest.languages.get(code, LanguageClips())
        after = before
        for part in reversed(self.parts[code]):  # what leads comes last
            clips = part.clips(self.ready[code])
            if part.leads and part.whole(clips):
                after = _switched(after if self.slow else LanguageClips(), clips)
                self.whole.add(code)
            elif part.speaker.name == RECORDINGS:
                after = _aside(after, clips)
        if after != before:
            self.manifest = Manifest({**self.manifest.languages, code: after})
            write_manifest(self.layer.manifest, self.manifest)

    def _language_report(self, code: str) -> LanguageReport:
        lead = next((part.speaker for part in self.parts[code] if part.leads), None)
        made = len(self.ready[code]) - self.kept[code]
        who = (lead.name, lead.voice(code), lead.grade(code)) if lead else ("", "", None)
        return LanguageReport(code, *who, made, self.kept[code], code in self.whole)


def _switched(before: LanguageClips, clips: ClipSet) -> LanguageClips:
    """`clips` are heard from now on. Files that the old set named stay known, for calls that still fetch them.

    What the same voice said before and is not asked for now (another order of languages, say) stays in the set.
    """
    if before.active == clips.key and before.active_set:
        old = before.active_set
        clips = replace(clips, normal={**old.normal, **clips.normal}, slow={**old.slow, **clips.slow})
    names = {clip.name for clip in clips.list_clips()}
    dropped = {clip.name for clip in before.active_set.list_clips()} - names if before.active_set else set()
    aside = {key: one for key, one in before.sets.items() if one.engine == RECORDINGS}
    return LanguageClips(clips.key, {**aside, clips.key: clips}, tuple(sorted(dropped)) or before.earlier)


def _aside(before: LanguageClips, clips: ClipSet) -> LanguageClips:
    """`clips` are remembered, with the words of those that were there before; what is heard stays."""
    if before.active == clips.key or not clips.list_clips():
        return before
    old = before.sets.get(clips.key, clips)
    merged = replace(clips, normal={**old.normal, **clips.normal}, slow={**old.slow, **clips.slow})
    return replace(before, sets={**before.sets, clips.key: merged})


def _silently(_done: int, _of: int) -> None:
    """Nobody is watching."""


def _unspoken(code: str) -> Fault:
    name = LANGUAGES[code].name if code in LANGUAGES else code
    return Fault(
        code,
        f"No voice on this machine speaks {name}. Record it (audio/recordings/{code}/), install an engine that speaks "
        f"it, or move the language to another voice; until then it stays closed.",
    )


def _lacking(code: str, one: Lacking) -> Fault:
    prompts = ", ".join(line.id for line in one.lines[:5]) + (" ..." if len(one.lines) > 5 else "")
    name, voice = LANGUAGES[code].name, one.voice
    if one.lost:
        return Fault(code, f"Files of {len(one.lines)} clips are gone: {prompts}. {voice.remedy}")
    return Fault(
        code,
        f"{len(one.lines)} prompts have words that this language's voice ({voice.name} {voice.clips.voice}) has not "
        f"said yet: {prompts}. Install it (make neural), record all of {name} (audio/recordings/{code}/), or move the "
        f"whole language to another voice (SPEECH_ENGINES). What was heard before is still heard.",
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Holds the build's lock, which goes away with the process; clears away what a killed build left half written."""
    room = built_layer(folder).clips
    room.mkdir(parents=True, exist_ok=True)
    with (room / ".lock").open("w") as file:
        _lock(file.fileno())
        for left in room.rglob(".*.tmp"):
            left.unlink(missing_ok=True)
        yield


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        return
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise SpeechError("Another build is under way in this folder; let it finish.", permanent=False) from error
