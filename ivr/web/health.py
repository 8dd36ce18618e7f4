"""`/healthz`: this process answers. `/readyz`: nothing is missing; if something is, it says what, in words."""

from collections.abc import Callable, Sequence

from flask import Blueprint, Response, jsonify


def make_health_pages(missing: Callable[[], Sequence[str]]) -> Blueprint:
    """The two pages. `missing` lists what is not there, in words; empty when the line can take calls."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    @blueprint.get("/readyz")
    def readyz() -> tuple[Response, int]:
        lacking = list(missing())
        return jsonify(ready=not lacking, missing=lacking), 503 if lacking else 200

    return blueprint
