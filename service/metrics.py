"""What the service counts, for Prometheus. No label tells who asked, or for what.

With several worker processes the counters are summed over all of them, by way of small files in a
folder that ``PROMETHEUS_MULTIPROC_DIR`` names (``service.server`` makes it); the gauges are those
of the process that answers.
"""

import os
from collections.abc import Iterable, Mapping
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from service.gauges import Gauge, gauge, text

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable with which prometheus-client joins several processes."""

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Outcome = Literal["cached", "shared", "computed", "not-modified"]

QueryOutcome = Literal["found", "nothing", "timeout", "failed"]

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Upper bounds of the classes of durations: from an answer that is kept to one out of time."""


FILES = {
    "lexicon": "the file with the site's own names",
    "keys": "the file of keys",
    "editorial": "the file with pinned and hidden results",
    "notices": "the file of notices",
}
"""The operator's files that are read again while the service runs, with what each is."""


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
        self._turned_away = Counter(
            "health_search_turned_away",
            "Requests without a valid key, without the right one, or over their limit.",
            ["problem"],
            registry=self._registry,
        )
        self._uncounted = Counter(
            "health_search_uncounted",
            "Requests that no limit was held against, because the store of limits is down.",
            registry=self._registry,
        )
        self._add_of_queries()
        self.analytics_are_failing = False
        self._by_outcome: dict[Outcome, Counter] = {}
        self._by_route: dict[tuple[str, int], tuple[Counter, Histogram]] = {}
        self._problems = dict.fromkeys(FILES, "")

    def _add_of_queries(self) -> None:
        self._statuses = Counter(
            "health_search_requests",
            "Requests by the class of their status: 2xx, 3xx, 4xx, 5xx.",
            ["route", "status"],
            registry=self._registry,
        )
        self._queries = Histogram(
            "health_search_query_seconds",
            "Time of a query in the engine, by what came of it.",
            ["outcome"],
            buckets=SECONDS,
            registry=self._registry,
        )
        self._notices = Counter(
            "health_search_notices",
            "Notices above answers that were computed, by their kind.",
            ["kind"],
            registry=self._registry,
        )
        self._unwritten = Counter(
            "health_search_analytics_failures",
            "Times that counts for the editors could not be written down, and were lost.",
            registry=self._registry,
        )

    def searched(self, outcome: Outcome) -> None:
        """Count a search."""
        counter = self._by_outcome.get(outcome)
        if counter is None:
            counter = self._by_outcome[outcome] = self._searches.labels(outcome)
        counter.inc()

    def fell_back(self) -> None:
        """Count a search that Whoosh's own matchers ranked."""
        self._fallbacks.inc()

    def turned_away(self, problem: str) -> None:
        """Count a request that was turned away, by the code of its problem."""
        self._turned_away.labels(problem).inc()

    def uncounted(self) -> None:
        """Count a request that no limit was held against."""
        self._uncounted.inc()

    def file_refused(self, name: str, problem: str) -> None:
        """Note why one of the operator's ``FILES`` is refused as it is; "" if it is not."""
        self._problems[name] = problem

    @property
    def refused(self) -> Mapping[str, str]:
        """Which of the operator's files are refused as they are, and why."""
        return {name: problem for name, problem in self._problems.items() if problem}

    def searches(self) -> int:
        """Return how many searches were counted since the service began, in all its processes."""
        samples = [each for metric in self._joined().collect() for each in metric.samples]
        return int(
            sum(each.value for each in samples if each.name == "health_search_searches_total")
        )

    def suggested(self) -> None:
        """Count that suggestions were made."""
        self._suggestions.inc()

    def queried(self, outcome: QueryOutcome, seconds: float) -> None:
        """Count a query that the engine worked on, and for how long."""
        self._queries.labels(outcome).observe(seconds)

    def noticed(self, kind: str) -> None:
        """Count a notice that was found to belong above an answer, by its kind."""
        self._notices.labels(kind).inc()

    def analytics_written(self, problem: str) -> None:
        """Note why what was counted for the editors could not be written down; "" if it was."""
        self.analytics_are_failing = bool(problem)
        if problem:
            self._unwritten.inc()

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Count a request by its route, which is one of the URL table, its status and duration."""
        known = self._by_route.get((route, status // 100))
        if known is None:
            counter = self._statuses.labels(route, f"{status // 100}xx")
            known = counter, self._requests.labels(route)
            self._by_route[route, status // 100] = known
        counter, histogram = known
        counter.inc()
        histogram.observe(seconds)

    def text(self, gauges: Iterable[Gauge] = ()) -> bytes:
        """Return all of it in Prometheus' text format, with what is so now."""
        refused = [
            gauge(f"{name}_refused", f"1 if {FILES[name]} is refused.", bool(problem))
            for name, problem in self._problems.items()
        ]
        return generate_latest(self._joined()) + text([*gauges, *refused])

    def _joined(self) -> CollectorRegistry:
        """Return what is counted, over all processes."""
        if FOLDER not in os.environ:
            return self._registry
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return registry
