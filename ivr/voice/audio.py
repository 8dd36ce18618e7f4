"""Serves clips. A clip's name is the hash of what it says and how, so it never changes: keep it for ever.

Twilio fetches through caches that honour this; ETag and ranges come from Werkzeug.
"""

from flask import Blueprint, Response, abort, send_file

from ivr.voice.clips import Shelf

FOR_EVER = "public, max-age=31536000, immutable"


def make_audio_files(shelf: Shelf) -> Blueprint:
    """`/audio/<language>/<name>.wav`, for names that the manifest knows and for nothing else."""
    blueprint = Blueprint("audio_files", __name__)

    @blueprint.get("/audio/<language>/<name>")
    def clip(language: str, name: str) -> Response:
        path = shelf.find_file(language, name)
        if path is None:
            abort(404)
        response = send_file(path, mimetype="audio/wav", conditional=True, etag=name.removesuffix(".wav"))
        response.headers["Cache-Control"] = FOR_EVER
        return response

    return blueprint
