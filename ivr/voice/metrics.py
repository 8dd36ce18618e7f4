"""What a line counts about its calls, for Prometheus.

Counts only: no number, call or caller ever stands in a label (45 CFR 164.312). The page that shows them is
`ivr/web/metrics.py`.
"""

from prometheus_client import CollectorRegistry, Counter

from ivr.addresses import Verb


class Metrics:
    """The line's counters. `steps` holds one for each kind of request, bound once: a webhook only counts up."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.calls = self._register_counter("calls", "Calls that came in")
        self.refused = self._register_counter("refused_requests", "Requests without the right signature")
        self.failed = self._register_counter("failed_requests", "Requests that were answered with an apology")
        self.fallbacks = self._register_counter("fallbacks", "Requests for the fallback")
        self.missing_clips = self._register_counter("missing_clips", "Clips that were not there when they were needed")
        self.lost_events = self._register_counter("lost_events", "Listening events that never reached the database")
        steps = Counter("spineline_steps", "Requests of calls, by kind", ["verb"], registry=self.registry)
        self.steps: dict[str, Counter] = {verb: steps.labels(verb=verb.value) for verb in Verb}

    def _register_counter(self, name: str, words: str) -> Counter:
        return Counter(f"spineline_{name}", words, registry=self.registry)
