"""What is counted, for Prometheus. Counts only: no number, call or caller ever stands in a label (45 CFR 164.312)."""

from collections.abc import Callable
from hmac import compare_digest

from flask import Blueprint, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from ivr.voice.addresses import Verb


class Metrics:
    """The line's counters. `steps` holds one for each kind of request, bound once: a webhook only counts up."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.calls = self._counter("calls", "Calls that came in")
        self.refused = self._counter("refused_requests", "Requests without the right signature")
        self.failed = self._counter("failed_requests", "Requests that were answered with an apology")
        self.fallbacks = self._counter("fallbacks", "Requests for the fallback")
        self.missing_clips = self._counter("missing_clips", "Clips that were not there when they were needed")
        self.lost_events = self._counter("lost_events", "Listening events that never reached the database")
        steps = Counter("spineline_steps", "Requests of calls, by kind", ["verb"], registry=self.registry)
        self.steps: dict[str, Counter] = {verb: steps.labels(verb=verb.value) for verb in Verb}
        self.ready = Gauge("spineline_ready", "1 when nothing is missing", registry=self.registry)

    def _counter(self, name: str, words: str) -> Counter:
        return Counter(f"spineline_{name}", words, registry=self.registry)


def metrics_page(metrics: Metrics, setting: str, *, several_processes: bool, ready: Callable[[], bool]) -> Blueprint:
    """`/metrics`: absent when the setting is "off", open when it is "on", else for whoever sends it as a bearer token.

    `several_processes`: add up the counts of all server processes (they share files named by Prometheus' own setting).
    """
    blueprint = Blueprint("metrics", __name__)

    @blueprint.get("/metrics")
    def page() -> Response:
        if setting == "off":
            abort(404)
        given = request.headers.get("Authorization", "")
        if setting != "on" and not compare_digest(given.encode(), f"Bearer {setting}".encode()):
            abort(401)
        metrics.ready.set(1 if ready() else 0)
        return Response(generate_latest(_registry(metrics, several_processes)), content_type=CONTENT_TYPE_LATEST)

    return blueprint


def _registry(metrics: Metrics, several_processes: bool) -> CollectorRegistry:
    if not several_processes:
        return metrics.registry
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
