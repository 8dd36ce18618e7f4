"""What was heard of every clip, kept beside the manifest that names it: `hearing.json` of each layer.

That of the checkout is committed, so `flask audio check` can name a clip that is misheard where no recogniser is
installed. Rule kept here: a clip is judged by what was heard of exactly this file; a clip that was made anew counts as
not heard yet.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import fmean, median
from typing import Any

from ivr.errors import Fault, SpeechError
from ivr.files import write_atomically
from ivr.speech.clips import Clips
from ivr.speech.hearing import HeardClip
from ivr.speech.hearing_bounds import BOUNDS, read_excused
from ivr.speech.manifest import locate_built_layer, locate_committed_layer
from ivr.wording.script import ScriptLine

FILE_NAME = "hearing.json"
FORMAT = 1
"""The version of the report's format. A reader refuses any other."""
MOST_SHOWN = 10
"""How many clips are shown as the worst."""


@dataclass(frozen=True)
class MisheardClip:
    """One of the worst clips: its words, and what was heard."""

    id: str
    text: str
    heard: str
    share: float


@dataclass(frozen=True)
class HeardFile:
    """What is kept of one clip: the SHA-256 of its file, the share of sounds that were wrong, and, where that is beyond
    the bound, what was heard."""

    sha256: str
    share: float
    heard: str = ""


@dataclass(frozen=True)
class LanguageHearing:
    """How one language is heard: by which recogniser, whose voice, how many clips, the median and the mean of their
    shares, the worst of them; and every file by its clip's id."""

    by: str
    voice: str
    clips: int
    median: float
    mean: float
    worst: tuple[MisheardClip, ...]
    files: Mapping[str, HeardFile] = field(repr=False)


def locate_report(folder: Path, *, committed: bool) -> Path:
    """Where the report of one layer stands, below the audio folder."""
    layer = locate_committed_layer(folder) if committed else locate_built_layer(folder)
    return layer.manifest.with_name(FILE_NAME)


def summarise(heard: Iterable[HeardClip], recogniser: str) -> dict[str, LanguageHearing]:
    """What was heard, by language; a language of which nothing was heard is not there."""
    clips: dict[str, list[HeardClip]] = {}
    for clip in heard:
        clips.setdefault(clip.language, []).append(clip)
    return {code: _summarise_language(of_language, recogniser) for code, of_language in clips.items()}


def add_to_reports(folder: Path, heard: Sequence[HeardClip], recogniser: str) -> None:
    """Writes what was heard of whole languages into the layers' reports, in place of what stood there about them. A
    report that would not change is not written. Raises SpeechError where one cannot be read."""
    for committed in (True, False):
        new = summarise((clip for clip in heard if clip.committed == committed), recogniser)
        path = locate_report(folder, committed=committed)
        if new and (merged := {**read_report(path), **new}) != read_report(path):
            _write_report(path, merged)


def read_report(path: Path) -> dict[str, LanguageHearing]:
    """A report, by language; an empty one where there is no file. Raises SpeechError where it cannot be read."""
    try:
        content = json.loads(path.read_bytes())
        if content["format"] != FORMAT:
            raise SpeechError(f"{path} has form {content['format']}, and this version reads {FORMAT}.")
        return {code: _read_language(row) for code, row in content["languages"].items()}
    except FileNotFoundError:
        return {}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SpeechError(f"{path} cannot be read ({error!r}). Delete it, and run: flask audio hear") from error


def find_misheard(scripts: Mapping[str, Sequence[ScriptLine]], clips: Clips, folder: Path) -> Iterator[Fault]:
    """A fault for each clip that was heard worse than its language's bound, from the reports alone. Raises SpeechError
    where a report or the list of the excused cannot be read."""
    reports = {committed: read_report(locate_report(folder, committed=committed)) for committed in (True, False)}
    excused = read_excused(folder)
    for line in (line for lines in scripts.values() for line in lines):
        clip, path = clips.find(line, slow=False), clips.find_path(line, slow=False)
        if clip is None or path is None or (line.language, line.id) in excused:
            continue
        hearing = reports[clips.is_committed(path)].get(line.language)
        file = hearing.files.get(line.id) if hearing else None
        if file and file.sha256 == clip.sha256 and is_beyond_bound(line.language, file.share):
            yield Fault(f"{line.language}/{line.id} (normal), {path}", _write_words(line, file))


def is_beyond_bound(language: str, share: float) -> bool:
    """Whether a clip that is heard so badly is a fault."""
    bound = BOUNDS[language]
    return bound is not None and share > bound


def _write_words(line: ScriptLine, file: HeardFile) -> str:
    instead = f', as "{file.heard}"' if file.heard else ""
    return (
        f"A recogniser heard {file.share:.0%} of its sounds wrong (at most {BOUNDS[line.language]:.0%}){instead}. "
        "Listen to it; make it anew, or excuse it in audio/hearing-excused.toml."
    )


def _summarise_language(clips: Sequence[HeardClip], recogniser: str) -> LanguageHearing:
    ranked = sorted(clips, key=lambda clip: (-clip.share, clip.id))
    worst = tuple(MisheardClip(clip.id, clip.text, clip.heard, _round(clip.share)) for clip in ranked if clip.share)
    shares = [clip.share for clip in clips]
    return LanguageHearing(
        by=recogniser,
        voice=clips[0].voice,
        clips=len(clips),
        median=_round(median(shares)),
        mean=_round(fmean(shares)),
        worst=worst[:MOST_SHOWN],
        files={clip.id: _keep_file(clip) for clip in sorted(clips, key=lambda clip: clip.id)},
    )


def _keep_file(clip: HeardClip) -> HeardFile:
    heard = clip.heard if is_beyond_bound(clip.language, clip.share) else ""
    return HeardFile(sha256=clip.sha256, share=_round(clip.share), heard=heard)


def _round(share: float) -> float:
    return round(share, 3)


def _write_report(path: Path, languages: Mapping[str, LanguageHearing]) -> None:
    """Readable, sorted, one clip a line, atomic."""
    rows = ",\n".join(f" {json.dumps(code)}: {_write_language(languages[code])}" for code in sorted(languages))
    write_atomically(path, f'{{"format": {FORMAT}, "languages": {{\n{rows}\n}}}}\n'.encode())


def _write_language(hearing: LanguageHearing) -> str:
    plain = asdict(hearing)
    files = {id_: {name: value for name, value in row.items() if value != ""} for id_, row in plain["files"].items()}
    fields = [f"  {json.dumps(name)}: {_write_value(value)}" for name, value in {**plain, "files": files}.items()]
    return "{\n" + ",\n".join(fields) + "\n }"


def _write_value(value: object) -> str:
    if isinstance(value, dict):
        return "{\n" + ",\n".join(f"   {_dump(key)}: {_dump(row)}" for key, row in value.items()) + "\n  }"
    if isinstance(value, tuple):
        return "[\n" + ",\n".join(f"   {_dump(row)}" for row in value) + "\n  ]" if value else "[]"
    return _dump(value)


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _read_language(row: Mapping[str, Any]) -> LanguageHearing:
    return LanguageHearing(
        by=str(row["by"]),
        voice=str(row["voice"]),
        clips=int(row["clips"]),
        median=float(row["median"]),
        mean=float(row["mean"]),
        worst=tuple(MisheardClip(**clip) for clip in row["worst"]),
        files={str(id_): HeardFile(**file) for id_, file in row["files"].items()},
    )
