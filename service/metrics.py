"""What the service counts, for Prometheus. No label tells who asked, or for what.

With several worker processes the counters are summed over all of them, by way of small files in a
folder that ``PROMETHEUS_MULTIPROC_DIR`` names (``service.server`` makes it); the gauges are those
of the process that answers.
"""

import os
from collections.abc import Iterator
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable with which prometheus-client joins several processes."""

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Outcome = Literal["cached", "shared", "computed", "not-modified"]

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Upper bounds of the classes of durations: from an answer that is kept to one out of time."""


class Metrics:
    """The counters of one process. All methods may be called from any thread."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._searches = Counter(
            "health_search_searches",
            "Searches: from the cache, with another that was running, computed, or not sent anew.",
            ["outcome"],
            registry=self._registry,
        )
        self._fallbacks = Counter(
            "health_search_fallbacks",
            "Searches that Whoosh's own matchers ranked.",
            registry=self._registry,
        )
        self._suggestions = Counter(
            "health_search_suggestions",
            "Times that suggestions were made.",
            registry=self._registry,
        )
        self._requests = Histogram(
            "health_search_request_seconds",
            "Time from a request's head to the end of its answer.",
            ["route"],
            buckets=SECONDS,
            registry=self._registry,
        )
        self._by_outcome: dict[Outcome, Counter] = {}
        self._by_route: dict[str, Histogram] = {}
        self._lexicon_is_refused = False

    def searched(self, outcome: Outcome) -> None:
        """Count a search."""
        counter = self._by_outcome.get(outcome)
        if counter is None:
            counter = self._by_outcome[outcome] = self._searches.labels(outcome)
        counter.inc()

    def fell_back(self) -> None:
        """Count a search that Whoosh's own matchers ranked."""
        self._fallbacks.inc()

    def lexicon_refused(self, *, is_refused: bool) -> None:
        """Note whether the file with the site's own names is refused as it is."""
        self._lexicon_is_refused = is_refused

    def suggested(self) -> None:
        """Count that suggestions were made."""
        self._suggestions.inc()

    def answered(self, route: str, seconds: float) -> None:
        """Count a request by its route, which is one of the URL table, and its duration."""
        histogram = self._by_route.get(route)
        if histogram is None:
            histogram = self._by_route[route] = self._requests.labels(route)
        histogram.observe(seconds)

    def text(self, articles: int | None, age_seconds: float | None) -> bytes:
        """Return all of it in Prometheus' text format, with what is told of the live index."""
        registry = self._registry
        if FOLDER in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        of_index = CollectorRegistry()
        of_index.register(_State(articles, age_seconds, self._lexicon_is_refused))
        return generate_latest(registry) + generate_latest(of_index)


class _State(Collector):
    """The gauges: of the live index, none while there is none, and of the site's own names."""

    def __init__(
        self, articles: int | None, age_seconds: float | None, lexicon_is_refused: bool
    ) -> None:
        self._rows = (
            ("health_search_index_articles", "Articles in the live index.", articles),
            ("health_search_index_age_seconds", "Since the live index was built.", age_seconds),
            (
                "health_search_lexicon_refused",
                "1 if the file with the site's own names is refused as it is.",
                float(lexicon_is_refused),
            ),
        )

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges."""
        for name, help_text, value in self._rows:
            if value is not None:
                yield GaugeMetricFamily(name, help_text, value)
