"""The page on which Prometheus reads what the line counts.

Rule kept here: outside a demonstration the page is shut, unless the METRICS setting names a token for its reader.
"""

from collections.abc import Callable
from hmac import compare_digest

from flask import Blueprint, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector


def make_metrics_page(
    registry: CollectorRegistry, setting: str, *, several_processes: bool, is_ready: Callable[[], bool]
) -> Blueprint:
    """`/metrics`: absent when the setting is "off", open when it is "on", otherwise open to a request that sends it as
    a bearer token.

    `registry` holds the line's counters; the page adds whether the line can take calls, asked of `is_ready` each time.
    `several_processes`: add up the counts of all server processes (they share files named by Prometheus' own setting).
    """
    blueprint = Blueprint("metrics", __name__)
    ready = Gauge("spineline_ready", "1 when nothing is missing", registry=registry)

    @blueprint.get("/metrics")
    def page() -> Response:
        if setting == "off":
            abort(404)
        given = request.headers.get("Authorization", "")
        if setting != "on" and not compare_digest(given.encode(), f"Bearer {setting}".encode()):
            abort(401)
        ready.set(1 if is_ready() else 0)
        shown = _collect_processes() if several_processes else registry
        return Response(generate_latest(shown), content_type=CONTENT_TYPE_LATEST)

    return blueprint


def _collect_processes() -> CollectorRegistry:
    """A registry that adds up the counts of all processes."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
