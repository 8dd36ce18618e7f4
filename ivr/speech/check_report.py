"""What the check measured, for people (tables) and for machines (JSON).

The clips that are nearest to a limit are shown even where nothing is wrong: they are the ones to listen to.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

import click

from ivr.errors import Fault
from ivr.speech.check import CheckReport, ClipMeasure
from ivr.speech.pace import find_median, name_unit

WORST = 10
"""How many clips are shown as the worst."""

_Number = float | None


@dataclass(frozen=True)
class Row:
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


def rows(report: CheckReport) -> tuple[Row, ...]:
    """A row for each language, in the order of the clips; those of which there are only faults come last."""
    codes = [one.language for one in report.measures] + [_language(fault) for fault in report.faults]
    return tuple(_row(code, report) for code in dict.fromkeys(codes))


def worst(report: CheckReport, most: int = WORST) -> tuple[ClipMeasure, ...]:
    """The clips that are furthest towards a limit or beyond it, the worst first; a file that has two names once."""
    files = {(one.language, one.name): one for one in reversed(report.measures)}
    ranked = sorted(files.values(), key=lambda one: (-one.worst.badness, one.language, one.id, one.pace))
    return tuple(ranked[:most])


def tell(report: CheckReport) -> None:
    """Prints a line for each language, the worst clips and why, and (as errors) every fault."""
    click.echo(f"{len(report.measures)} clips measured, {len(report.faults)} faults.")
    if report.measures:
        heads = ("clips", "seconds", "pace a minute", "LUFS", "peak", "faults")
        click.echo(f"{'':5}" + _cells(heads))
        for row in rows(report):
            click.echo(f"{row.language:5}" + _cells(_shown(row)))
        click.echo("The worst clips (1.00 is the limit):")
        for one in worst(report):
            click.echo(f"{one.worst.badness:5.2f} {one.language}/{one.id} ({one.pace}): {one.worst.words}")
    for fault in report.faults:
        click.echo(str(fault), err=True)


def as_json(report: CheckReport) -> str:
    """Everything as JSON: `languages`, `worst` (the names of clips), `measures`, `faults`. What was not measured, or is
    not finite (the loudness of silence), is null."""
    content = {
        "languages": [_plain_row(row) for row in rows(report)],
        "worst": [f"{one.language}/{one.id} ({one.pace})" for one in worst(report)],
        "measures": [_plain(one) for one in report.measures],
        "faults": [{"place": fault.place, "words": fault.words} for fault in report.faults],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)


def _row(code: str, report: CheckReport) -> Row:
    own = [one for one in report.measures if one.language == code]
    levels = [one.measure.lufs for one in own]
    return Row(
        code,
        len(own),
        sum(one.measure.seconds for one in own),
        find_median(one.rate for one in own if one.pace == "normal"),
        name_unit(code),
        min(levels, default=None),
        max(levels, default=None),
        max((one.measure.peak for one in own), default=None),
        sum(_language(fault) == code for fault in report.faults),
    )


def _language(fault: Fault) -> str:
    return re.split("[/ ]", fault.place, maxsplit=1)[0]


def _shown(row: Row) -> Iterator[str]:
    yield str(row.clips)
    yield f"{row.seconds:.0f}"
    yield "-" if row.pace is None else f"{row.pace:.0f} {row.unit}"
    yield "-" if row.quietest is None else f"{row.quietest:.1f} to {row.loudest:.1f}"
    yield "-" if row.peak is None else f"{row.peak:.1f}"
    yield str(row.faults)


def _cells(cells: Sequence[str] | Iterator[str]) -> str:
    widths = (7, 9, 17, 17, 7, 8)
    return "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _plain_row(row: Row) -> Mapping[str, object]:
    return {
        "language": row.language,
        "clips": row.clips,
        "seconds": _number(row.seconds),
        "pace": _number(row.pace),
        "unit": row.unit,
        "lufs": [_number(row.quietest), _number(row.loudest)],
        "peak": _number(row.peak),
        "faults": row.faults,
    }


def _plain(one: ClipMeasure) -> Mapping[str, object]:
    found = one.measure
    return {
        "language": one.language,
        "id": one.id,
        "pace": one.pace,
        "name": one.name,
        "voice": one.voice,
        "measure": {
            "lufs": _number(found.lufs),
            "peak": _number(found.peak),
            "seconds": _number(found.seconds),
            "leading": _number(found.leading),
            "trailing": _number(found.trailing),
            "clipped": found.clipped,
        },
        "rate": _number(one.rate),
        "unit": name_unit(one.language),
        "expected": _number(one.expected),
        "badness": _number(one.worst.badness),
        "worst": one.worst.name,
        "marks": {mark.name: _number(mark.badness) for mark in one.marks},
    }


def _number(value: _Number) -> _Number:
    return None if value is None or not isfinite(value) else round(value, 3)
