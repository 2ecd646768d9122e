"""The dashboard and the alert rules ask for what the service exports, in sound expressions."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml  # type: ignore[import-untyped]
from prometheus_client.parser import text_string_to_metric_families

from indexer.index.outcomes import Outcomes
from service.gauges import of_analytics, of_cache, of_index, of_jobs
from service.metrics import FILES, Metrics, Outcome, QueryOutcome
from service.routes import routes
from tests.service.fakes import INFO

MONITORING = Path(__file__).parent.parent / "docs" / "monitoring"
DASHBOARD: dict[str, Any] = json.loads((MONITORING / "grafana-dashboard.json").read_text("utf-8"))
RULES = yaml.safe_load((MONITORING / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]

SCRAPED = {"job", "instance"}
"""Labels that Prometheus itself gives."""


def panels() -> list[dict[str, Any]]:
    return [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


def _expressions() -> Iterator[Any]:
    for panel in panels():
        for target in panel["targets"]:
            yield pytest.param(target["expr"], id=panel["title"])
    for rule in RULES:
        yield pytest.param(rule["expr"], id=rule["alert"])


EXPRESSIONS = list(_expressions())


@pytest.fixture(scope="module")
def exported() -> dict[str, dict[str, set[str]]]:
    """What the service exports: of each metric the labels, and of each label the values."""
    metrics = Metrics()
    for outcome in get_args(Outcome):
        metrics.searched(outcome)
    for query in get_args(QueryOutcome):
        metrics.queried(query, 0.1)
    for route in routes():
        for status in (200, 304, 404, 500):
            metrics.answered(getattr(route, "path", ""), status, 0.1)
    metrics.noticed("overdose")
    metrics.turned_away("unauthorized")
    now = datetime.now(UTC)
    jobs = Outcomes({("reindex", "failed"): 1}, {"reindex": now}, {"reindex": "failed"})
    gauges = [*of_index(INFO), *of_cache(1, 2), *of_jobs(jobs)]
    gauges += of_analytics(is_on=True, is_failing=False)
    found: dict[str, dict[str, set[str]]] = {}
    for family in text_string_to_metric_families(metrics.text(gauges).decode()):
        for sample in family.samples:
            labels = found.setdefault(sample.name, {})
            for label, value in sample.labels.items():
                labels.setdefault(label, set()).add(value)
    return found


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_asks_for_what_there_is(
    expression: str, exported: dict[str, dict[str, set[str]]]
) -> None:
    used = re.findall(r"\b(health_search_\w+)(?:\{([^}]*)\})?", expression)
    assert used or "up{" in expression
    for name, matchers in used:
        assert name in exported
        for label, operator, value in re.findall(r'(\w+)(=~|=)"([^"]*)"', matchers):
            if label in SCRAPED:
                continue
            assert label in exported[name], f"{name} has no label {label}"
            for each in value.split("|") if operator == "=~" else [value]:
                assert each in exported[name][label], f"{name}: {label} is never {each}"
    grouped = re.findall(r"\b(?:by|on) \(([^)]*)\)", expression)
    labels = {label for name, _ in used for label in exported[name]}
    assert {each.strip() for group in grouped for each in group.split(",")} <= labels | SCRAPED


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_is_balanced(expression: str) -> None:
    pairs = {")": "(", "}": "{", "]": "["}
    opened: list[str] = []
    for character in re.sub(r'"[^"]*"', "", expression):
        if character in pairs.values():
            opened.append(character)
        elif character in pairs:
            assert opened, expression
            assert opened.pop() == pairs[character], expression
    assert opened == []


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_counters_are_asked_for_by_their_rate(expression: str) -> None:
    for counter in re.finditer(r"\w+_(?:total|bucket|count)\b(?:\{[^}]*\})?(\S*)", expression):
        assert counter[1].startswith("["), counter[0]


def test_the_dashboard_can_be_imported_anywhere() -> None:
    assert DASHBOARD["uid"] == "health-search"
    variables = {variable["name"]: variable for variable in DASHBOARD["templating"]["list"]}
    assert variables["datasource"]["type"] == "datasource"
    assert variables["datasource"]["query"] == "prometheus"
    source = {"type": "prometheus", "uid": "${datasource}"}
    for panel in panels():
        assert panel["datasource"] == source
        assert all(target["datasource"] == source for target in panel["targets"])
        assert panel["description"]
    known = set(variables) | {"__rate_interval"}
    for name in re.findall(r"\$\{?(\w+)", json.dumps(DASHBOARD).replace("$__all", "")):
        assert name in known


def test_no_two_panels_share_an_id_or_a_place() -> None:
    everything = DASHBOARD["panels"]
    assert len({panel["id"] for panel in everything}) == len(everything)
    taken: set[tuple[int, int]] = set()
    for place in (panel["gridPos"] for panel in everything):
        rows = range(place["y"], place["y"] + place["h"])
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in rows}
        assert max(x for x, _ in cells) < 24
        assert not cells & taken
        taken |= cells


def test_each_alert_says_what_is_wrong_and_what_to_do() -> None:
    assert len({rule["alert"] for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert re.fullmatch(r"\d+[mh]", rule.get("for", "1m"))
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert set(rule["annotations"]) == {"summary", "action"}
        for text in rule["annotations"].values():
            assert text.count("{{") == text.count("}}")


def test_every_file_that_can_be_refused_is_watched() -> None:
    refused = next(rule["expr"] for rule in RULES if rule["alert"] == "HealthSearchFileRefused")
    board = json.dumps(DASHBOARD)
    for name in FILES:
        assert f"health_search_{name}_refused" in refused
        assert f"health_search_{name}_refused" in board
