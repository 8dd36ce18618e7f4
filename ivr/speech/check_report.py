"""What the check measured, for people (lines of a table) and for machines (JSON).

The clips that are nearest to a limit are shown even where nothing is wrong: they are the ones to listen to.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite

from ivr.errors import Fault
from ivr.speech.check import CheckReport, ClipMeasure
from ivr.speech.pace import find_median, name_unit

MOST_SHOWN = 10
"""How many clips are shown as the worst."""

_Number = float | None


@dataclass(frozen=True)
class LanguageMeasure:
    """One language: how many clips were measured, in both paces, and their seconds in all; the median `pace` of those
    at the normal pace in `unit` a minute (None where they are too few to tell); the quietest and the loudest in LUFS,
    the highest peak in dBFS (None where nothing was measured); how many faults there are."""

    language: str
    clips: int
    seconds: float
    pace: float | None
    unit: str
    quietest: float | None
    loudest: float | None
    peak: float | None
    faults: int


def measure_languages(report: CheckReport) -> tuple[LanguageMeasure, ...]:
    """Each language, in the order of the clips; those of which there are only faults come last."""
    codes = [clip.language for clip in report.measures] + [_find_language(fault) for fault in report.faults]
    return tuple(_measure_language(code, report) for code in dict.fromkeys(codes))


def find_worst(report: CheckReport, most: int = MOST_SHOWN) -> tuple[ClipMeasure, ...]:
    """The clips that are furthest towards a limit or beyond it, the worst first; a file that has two names once."""
    files = {(clip.language, clip.name): clip for clip in reversed(report.measures)}
    ranked = sorted(files.values(), key=lambda clip: (-clip.worst.badness, clip.language, clip.id, clip.pace))
    return tuple(ranked[:most])


def write_table(report: CheckReport) -> Iterator[str]:
    """Line by line: the counts, a row for each language, and the worst clips with the reason. The faults themselves
    are in the report."""
    yield f"{len(report.measures)} clips measured, {len(report.faults)} faults."
    if not report.measures:
        return
    yield f"{'':5}" + _join_cells(("clips", "seconds", "pace a minute", "LUFS", "peak", "faults"))
    for language in measure_languages(report):
        yield f"{language.language:5}" + _join_cells(_write_cells(language))
    yield "The worst clips (1.00 is the limit):"
    for clip in find_worst(report):
        yield f"{clip.worst.badness:5.2f} {clip.language}/{clip.id} ({clip.pace}): {clip.worst.words}"


def write_json(report: CheckReport) -> str:
    """Everything as JSON: `languages`, `worst` (the names of clips), `measures`, `faults`. What was not measured, or is
    not finite (the loudness of silence), is null."""
    content = {
        "languages": [_plain_language(language) for language in measure_languages(report)],
        "worst": [f"{clip.language}/{clip.id} ({clip.pace})" for clip in find_worst(report)],
        "measures": [_plain_clip(clip) for clip in report.measures],
        "faults": [{"place": fault.place, "words": fault.words} for fault in report.faults],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)


def _measure_language(code: str, report: CheckReport) -> LanguageMeasure:
    clips = [clip for clip in report.measures if clip.language == code]
    levels = [clip.measure.lufs for clip in clips]
    return LanguageMeasure(
        language=code,
        clips=len(clips),
        seconds=sum(clip.measure.seconds for clip in clips),
        pace=find_median(clip.rate for clip in clips if clip.pace == "normal"),
        unit=name_unit(code),
        quietest=min(levels, default=None),
        loudest=max(levels, default=None),
        peak=max((clip.measure.peak for clip in clips), default=None),
        faults=sum(_find_language(fault) == code for fault in report.faults),
    )


def _find_language(fault: Fault) -> str:
    return re.split("[/ ]", fault.place, maxsplit=1)[0]


def _write_cells(language: LanguageMeasure) -> Iterator[str]:
    yield str(language.clips)
    yield f"{language.seconds:.0f}"
    yield "-" if language.pace is None else f"{language.pace:.0f} {language.unit}"
    yield "-" if language.quietest is None else f"{language.quietest:.1f} to {language.loudest:.1f}"
    yield "-" if language.peak is None else f"{language.peak:.1f}"
    yield str(language.faults)


def _join_cells(cells: Iterable[str]) -> str:
    widths = (7, 9, 17, 17, 7, 8)
    return "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _plain_language(language: LanguageMeasure) -> Mapping[str, object]:
    return {
        "language": language.language,
        "clips": language.clips,
        "seconds": _round(language.seconds),
        "pace": _round(language.pace),
        "unit": language.unit,
        "lufs": [_round(language.quietest), _round(language.loudest)],
        "peak": _round(language.peak),
        "faults": language.faults,
    }


def _plain_clip(clip: ClipMeasure) -> Mapping[str, object]:
    found = clip.measure
    return {
        "language": clip.language,
        "id": clip.id,
        "pace": clip.pace,
        "name": clip.name,
        "voice": clip.voice,
        "measure": {
            "lufs": _round(found.lufs),
            "peak": _round(found.peak),
            "seconds": _round(found.seconds),
            "leading": _round(found.leading),
            "trailing": _round(found.trailing),
            "clipped": found.clipped,
        },
        "rate": _round(clip.rate),
        "unit": name_unit(clip.language),
        "expected": _round(clip.expected),
        "badness": _round(clip.worst.badness),
        "worst": clip.worst.name,
        "marks": {mark.name: _round(mark.badness) for mark in clip.marks},
    }


def _round(value: _Number) -> _Number:
    return None if value is None or not isfinite(value) else round(value, 3)
