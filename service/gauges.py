"""What is so now, for Prometheus: of the live index, kept answers, jobs, and the counting itself.

Of the index, the answers and the counting it is what the process that answers sees.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from indexer.index.outcomes import Outcomes
from service.search.response import IndexInfo


class Gauge(NamedTuple):
    """Numbers by the values of their labels; of a gauge without labels there is one, at ()."""

    name: str
    help: str
    values: Mapping[tuple[str, ...], float]
    labels: tuple[str, ...] = ()


def gauge(name: str, help_text: str, value: float) -> Gauge:
    """Return a gauge without labels."""
    return Gauge(f"health_search_{name}", help_text, {(): value})


def of_index(info: IndexInfo | None) -> tuple[Gauge, ...]:
    """Return what is told of the live index; nothing while there is none."""
    if info is None:
        return ()
    return (
        gauge("index_articles", "Articles in the live index.", info.articles),
        gauge("index_age_seconds", "Since the live index was built.", age_seconds(info)),
    )


def of_cache(entries: int, size: int) -> tuple[Gauge, ...]:
    """Return what is told of the answers that are kept."""
    return (
        gauge("cache_entries", "Answers that are kept.", entries),
        gauge("cache_bytes", "Memory that they take, about.", size),
    )


def of_analytics(*, is_on: bool, is_failing: bool) -> tuple[Gauge, ...]:
    """Return whether searches are counted for the editors, and whether that works."""
    return (
        gauge("analytics_on", "1 if searches are counted for the editors.", is_on),
        gauge("analytics_failing", "1 if the last counts could not be written.", is_failing),
    )


def of_jobs(outcomes: Outcomes) -> tuple[Gauge, ...]:
    """Return what is told of the index's jobs."""
    return (
        Gauge("health_search_jobs", "Jobs in the book.", outcomes.counts, ("kind", "state")),
        Gauge(
            "health_search_job_success_timestamp_seconds",
            "When the last job that succeeded ended, in seconds since 1970.",
            {(kind,): at.timestamp() for kind, at in outcomes.succeeded_at.items()},
            ("kind",),
        ),
        Gauge(
            "health_search_job_failed",
            "1 if the last job that ended by itself failed.",
            {(kind,): float(state == "failed") for kind, state in outcomes.last.items()},
            ("kind",),
        ),
    )


def age_seconds(info: IndexInfo) -> float:
    """Return the seconds since an index was built."""
    built_at = info.built_at
    if built_at.tzinfo is None:
        built_at = built_at.replace(tzinfo=UTC)
    return max(0.0, (datetime.now(UTC) - built_at).total_seconds())


def text(gauges: Iterable[Gauge]) -> bytes:
    """Return gauges in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(_Now(gauges))
    return generate_latest(registry)


class _Now(Collector):
    def __init__(self, gauges: Iterable[Gauge]) -> None:
        self._gauges = tuple(gauges)

    def collect(self) -> Iterator[Metric]:
        for each in self._gauges:
            family = GaugeMetricFamily(each.name, each.help, labels=each.labels)
            for values, number in each.values.items():
                family.add_metric(values, number)
            yield family
