"""Builds what the line has to say: makes the clips that are missing, and switches languages to their new voice.

Rules kept here: a clip is found by the address of its inputs, so a build goes on where another was killed and makes
only what changed; a language switches to a new set in one atomic write once every clip of its script is there, and
until then the old set plays. `build_run.py` does the work, `plan.py` says what is wanted, `workers.py` makes it.
"""

import os
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path

from ivr.errors import SpeechError
from ivr.speech.build_lock import hold_build_lock
from ivr.speech.build_report import BuildReport, Progress
from ivr.speech.build_run import BuildRun
from ivr.speech.engine_speaker import EngineSpeaker
from ivr.speech.engines import RECORDINGS
from ivr.speech.engines.recordings import Recordings
from ivr.speech.manifest import Layer, Manifest, locate_built_layer, locate_committed_layer, read_manifest
from ivr.speech.sound import Engine
from ivr.speech.speakers import Speakers, gather_speakers
from ivr.wording.lexicon import Lexicon
from ivr.wording.script import ScriptLine


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
    codes = _choose_languages(scripts, languages)
    everyone = {"": (RECORDINGS, *_name_committed_engines(folder), *(engine.name for engine in engines))}
    with hold_build_lock(folder):
        speakers = gather_speakers(folder, engines, orders or everyone, lexicons or {})
        run = BuildRun(locate_built_layer(folder), speakers, force=force)
        for code in codes:
            run.plan(code, tuple(scripts[code]))
        run.carry_out(_count_jobs(jobs), on_progress or _ignore_progress)
    return run.report()


def ship(
    scripts: Mapping[str, Sequence[ScriptLine]],
    engines: Sequence[Engine],
    folder: Path,
    *,
    lexicons: Mapping[str, Lexicon],
    languages: Sequence[str] | None = None,
    jobs: int | None = None,
    on_progress: Progress | None = None,
) -> BuildReport:
    """Makes the clips that come with the checkout, of every language that one of `engines` speaks (of `languages`
    only, where given), at the normal pace.

    They go to `audio/clips/`; files that the new manifest does not name are removed. Raises as `build`.
    """
    codes = _choose_languages(scripts, languages)
    layer = locate_committed_layer(folder)
    speakers = Speakers(
        recordings=Recordings(folder / "none"),
        checkout={},
        engines={engine.name: EngineSpeaker(engine, lexicons) for engine in engines},
        orders=dict.fromkeys(("", *codes), tuple(engine.name for engine in engines)),
    )
    with hold_build_lock(folder):
        run = BuildRun(layer, speakers, with_slow=False)
        for code in codes:
            if any(engine.grade(code) for engine in engines):
                run.plan(code, tuple(scripts[code]))
        run.carry_out(_count_jobs(jobs), on_progress or _ignore_progress)
        _remove_unnamed(layer, run.manifest, run.find_unfinished())
    return run.report()


def _name_committed_engines(folder: Path) -> Iterator[str]:
    for clips in read_manifest(locate_committed_layer(folder).manifest).languages.values():
        if clips.active_set:
            yield clips.active_set.engine


def _remove_unnamed(layer: Layer, manifest: Manifest, unfinished: Set[str]) -> None:
    """Removes files that no clip names any more; a language that is `unfinished` keeps what was made for it."""
    named = {layer.locate(code, clip.name) for code, clips in manifest.languages.items() for clip in clips.list_clips()}
    for path in layer.clips.glob("*/*.wav"):
        if path.parent.name not in unfinished and path not in named:
            path.unlink()


def _choose_languages(scripts: Mapping[str, object], languages: Sequence[str] | None) -> list[str]:
    codes = list(scripts) if languages is None else list(dict.fromkeys(languages))
    if unknown := [code for code in codes if code not in scripts]:
        raise SpeechError(f"The line has no language {', '.join(unknown)}. It has: {', '.join(scripts)}.")
    return codes


def _count_jobs(jobs: int | None) -> int:
    return os.cpu_count() or 1 if jobs is None else jobs


def _ignore_progress(_done: int, _total: int) -> None:
    """Nobody is watching."""
