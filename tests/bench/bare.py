"""The yardstick: a bare Flask view with the same signature check as ours, and a constant body."""

import os

from flask import Flask, Response, abort, request

from ivr.provider.signature import Signature

BODY = b'<?xml version="1.0" encoding="UTF-8"?><Response><Hangup /></Response>'


def create_bare() -> Flask:
    """The app."""
    app = Flask(__name__)
    signature = Signature(os.environ["PUBLIC_BASE_URL"], os.environ["TWILIO_AUTH_TOKEN"])

    @app.post("/<path:anything>")
    def view(anything: str) -> Response:
        if not signature.is_valid(request):
            abort(403)
        return Response(BODY, content_type="text/xml")

    return app


app = create_bare() if "TWILIO_AUTH_TOKEN" in os.environ else Flask(__name__)
