"""Serves clips, and seconds of quiet. A clip's name is the hash of what it says and how, so it never changes: keep it
for ever.

Twilio fetches through caches that honour this; ETag and ranges come from Werkzeug. Who asks for several ranges at once
gets the whole file, which HTTP allows (RFC 9110, 14.2) and Werkzeug would refuse.
"""

import io

from flask import Blueprint, Response, abort, request, send_file

from ivr.voice.clips import Shelf
from ivr.voice.quiet import make_quiet

FOR_EVER = "public, max-age=31536000, immutable"


def make_audio_files(shelf: Shelf) -> Blueprint:
    """`/audio/<language>/<name>.wav`, for names that the manifest knows and for nothing else."""
    blueprint = Blueprint("audio_files", __name__)

    @blueprint.get("/audio/quiet/<int:seconds>.wav")
    def quiet(seconds: int) -> Response:
        try:
            sound = make_quiet(seconds)
        except ValueError:
            abort(404)
        response = send_file(
            io.BytesIO(sound), mimetype="audio/wav", conditional=_is_answered_in_part(), etag=f"quiet-{seconds}"
        )
        response.headers["Cache-Control"] = FOR_EVER
        return response

    @blueprint.get("/audio/<language>/<name>")
    def clip(language: str, name: str) -> Response:
        path = shelf.find_file(language, name)
        if path is None:
            abort(404)
        whole = name.removesuffix(".wav")
        response = send_file(path, mimetype="audio/wav", conditional=_is_answered_in_part(), etag=whole)
        response.headers["Cache-Control"] = FOR_EVER
        return response

    return blueprint


def _is_answered_in_part() -> bool:
    """Whether Werkzeug may answer with a range, or that nothing changed: not where several ranges are asked for."""
    return not (request.range and len(request.range.ranges) > 1)
