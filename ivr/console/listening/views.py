"""The listening page: every clip of every language, beside its words, to be heard before a patient hears it.

Staff and reviewers judge a voice by ear and the words by reading; this page puts both next to each other. What must be
measured is measured from the file that callers get, when a reader comes to it, and kept by the clip's name, which never
changes. Without JavaScript every clip is a plain link.
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, jsonify, render_template, send_file
from werkzeug.wrappers import Response as Answer

from ivr.console.listening.rows import (
    format_length,
    list_groups,
    list_lines,
    summarize_language,
    summarize_languages,
)
from ivr.errors import CatalogError, SpeechError
from ivr.line.language import SOURCE_LANGUAGE
from ivr.parts import Spineline
from ivr.speech.engines.recordings import Recordings
from ivr.speech.limits import LOUDNESS, PEAK, TOLERANCE
from ivr.speech.waveform import VIEW_BOX, draw_waveform
from ivr.web.pages import add_safety_headers
from ivr.wording.catalogs import CatalogEntry, read_entries
from ivr.wording.script import ScriptLine
from ivr.wording.translation.check import BACK_FILE

if TYPE_CHECKING:
    from ivr.speech.mastering import Measure

MOST_KEPT = 2_000
"""Measures that are kept; each is about two thousand characters."""
SUFFIX_TYPES = {".wav": "audio/wav", ".flac": "audio/flac", ".mp3": "audio/mpeg"}
Guard = Callable[[], Answer | None]
ClipMeasures = dict[str, Any]


def make_listening_pages(parts: Spineline, guard: Guard | None) -> Blueprint:
    """`/listen` and what it loads. `guard` is asked before each request; None lets everybody in."""
    blueprint = Blueprint("listen", __name__, url_prefix="/listen", template_folder="templates", static_folder="static")
    measure_clip = lru_cache(MOST_KEPT)(_measure_clip)
    recordings = Recordings(parts.settings.audio_folder / "recordings")
    blueprint.after_request(add_safety_headers)
    if guard:
        blueprint.before_request(guard)

    @blueprint.get("")
    def languages() -> str:
        return render_template(
            "listen_languages.html", summaries=summarize_languages(parts), format_length=format_length
        )

    @blueprint.get("/<code>")
    def page(code: str) -> str:
        script = _find_script(parts, code)
        back, fault = _read_back_translation(parts, code)
        recorded = {line.id for line in recordings.find_recorded(script)}
        shown = list_groups(parts, code, back, recorded)
        view = {"view_box": VIEW_BOX, "format_length": format_length, "fault": fault}
        return render_template("listen.html", summary=summarize_language(parts, code), groups=shown, **view)

    @blueprint.get("/<code>/measures/<group>")
    def measures(code: str, group: str) -> Response:
        _find_script(parts, code)
        lines = list_lines(parts, code).get(group) or abort(404)
        paths = {line.id: parts.content.clips.find_path(line, slow=False) for line in lines}
        return jsonify({id_: measure_clip(path) for id_, path in paths.items() if path})

    @blueprint.get("/<code>/original/<id_>")
    def original(code: str, id_: str) -> Response:
        found = recordings.find_recorded([line for line in _find_script(parts, code) if line.id == id_])
        path = recordings.find_path(found[0]) if found else abort(404)
        return send_file(path.absolute(), mimetype=SUFFIX_TYPES[path.suffix.lower()], conditional=True)

    return blueprint


def _find_script(parts: Spineline, code: str) -> tuple[ScriptLine, ...]:
    """What a wanted language says; nothing while it has no words. Any other language is no page."""
    return parts.content.scripts.get(code, ()) if code in parts.settings.languages else abort(404)


def _read_back_translation(parts: Spineline, code: str) -> tuple[dict[str, CatalogEntry], str]:
    """The back-translation by prompt id, and what is wrong with its file, which keeps nobody from hearing."""
    if code == SOURCE_LANGUAGE:
        return {}, ""
    try:
        return read_entries(parts.settings.locales_folder / code / BACK_FILE), ""
    except CatalogError as error:
        return {}, f"{error}"


def _measure_clip(path: Path) -> ClipMeasures:
    """What a clip measures, in numbers and words, and its picture; or why it cannot be measured."""
    from ivr.speech.mastering import decode, measure

    try:
        sound = decode(path.read_bytes())
    except (OSError, SpeechError):
        return {"fault": "This file cannot be read as sound. Run: flask audio check"}
    found = measure(sound.samples, sound.rate)
    return {
        "loudness": f"{found.lufs:.1f} LUFS".replace("-", "−"),
        "words": f"{found.seconds:.1f} s, {found.lufs:.1f} LUFS, peak {found.peak:.1f} dBFS".replace("-", "−"),
        "fits": _is_within_limits(found),
        "wave": draw_waveform(sound.samples),
    }


def _is_within_limits(found: "Measure") -> bool:
    """Whether a telephone plays it as it should (rule M8)."""
    return abs(found.lufs - LOUDNESS) <= TOLERANCE and found.peak < PEAK and not found.clipped
