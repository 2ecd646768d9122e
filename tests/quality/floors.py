"""Figures below which the ranking must not fall; they may be lifted, and never lowered."""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from tests.quality.configurations import DEFAULT_NAME, PLAIN_NAME
from tests.quality.report import SetFigures, SetReport

MARGIN = 0.005
"""How far below the present figure a floor is set, for what differs between machines: nothing
should, but equal scores may round to another order with another NumPy."""

FLOORS = Path(__file__).parent / "floors.json"

CEILINGS = frozenset({"zero_hits"})
"""Figures that must not rise."""


def figures_of(report: SetReport) -> dict[str, float]:
    """Return the figures of a set's default ranking that have floors.

    ``gain`` is what it gains over plain BM25F as a share of plain's nDCG@10, ``typos`` how much of
    the nDCG@10 is left of mistyped queries, ``unanswered`` the share of the queries that no article
    answers which find nothing.
    """
    figures = report.rankings[DEFAULT_NAME].figures
    plain = report.rankings[PLAIN_NAME].figures.ndcg_at_10
    found = {
        "nDCG@10": figures.ndcg_at_10,
        "RR@10": figures.rr_at_10,
        "R@100": figures.recall_at_100,
        "zero_hits": figures.zero_hits,
    }
    if plain:
        found["gain"] = round(figures.ndcg_at_10 / plain - 1, 4)
    if figures.safety is not None:
        found["safety"] = figures.safety
    if report.unanswered:
        found["unanswered"] = round(1 - len(report.answered) / report.unanswered, 4)
    if report.typos:
        found["typos"] = report.typos[0].ratio
    return found


def broken(floors: SetFigures, found: SetFigures) -> Iterator[str]:
    """Yield a line for each floor that is broken; what was not measured breaks none."""
    for name, figures in found.items():
        for figure, floor in floors.get(name, {}).items():
            value = figures.get(figure)
            if value is not None and (value > floor if figure in CEILINGS else value < floor):
                kind = "above its ceiling of" if figure in CEILINGS else "below its floor of"
                yield f"{name}: {figure} is {value:.4f}, {kind} {floor:.4f}"


def lifted(floors: SetFigures, found: SetFigures) -> dict[str, dict[str, float]]:
    """Return the floors lifted to what was found less a margin; none is lowered."""
    names = [*floors, *(name for name in found if name not in floors)]
    return {name: _lifted(floors.get(name, {}), found.get(name, {})) for name in names}


def _lifted(floors: Mapping[str, float], found: Mapping[str, float]) -> dict[str, float]:
    result = dict(floors)
    for figure, value in found.items():
        if figure in CEILINGS:
            ceiling = math.ceil((value + MARGIN) * 1e4 - 1e-6) / 1e4
            result[figure] = min(ceiling, floors.get(figure, ceiling))
        else:
            floor = math.floor((value - MARGIN) * 1e4 + 1e-6) / 1e4
            result[figure] = max(floor, floors.get(figure, floor))
    return result


def read_floors(path: Path) -> SetFigures:
    """Read the floors; none where there is no file."""
    if not path.exists():
        return {}
    return msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, float]])


def write_floors(path: Path, floors: SetFigures) -> None:
    """Write the floors, a figure a line."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(floors)) + b"\n")
