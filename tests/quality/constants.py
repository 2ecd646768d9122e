"""What other values of the ranking's constants would give: nDCG@10 on every judged set.

Run as ``python -m tests.quality.constants [--only NAME]``. Each row changes one thing; the first
changes nothing. It says which constants matter, and that none was tuned to one set.
"""

import argparse
import statistics
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

from rich.console import Console
from rich.table import Table

from indexer.index.schema import EXACT_FIELDS, TEXT_FIELDS, TextField
from service.search.measuring.evaluation import evaluate
from service.search.ranking import (
    feedback,
    freshness,
    ordering,
    proximity,
    ranker,
    titles,
)
from service.search.ranking import statistics as scores
from service.search.reading import expansion, leaves
from service.search.tuning import DEFAULT
from tests.bench.places import ROOT
from tests.quality.indexes import built, searching
from tests.quality.sets import JudgedSet, find_sets

Patch = tuple[Any, str, Any]
"""A module, the name of a constant in it, and another value."""


def fields(table: Sequence[TextField], part: str, **values: Any) -> tuple[TextField, ...]:
    """Return a field table with other values for the title or the body."""
    return tuple(replace(f, **values) if f.name.startswith(part) else f for f in table)


def both(part: str, **values: float) -> list[Patch]:
    """Return the patches for the stemmed and the unstemmed fields of a part."""
    return [
        (scores, "TEXT_FIELDS", fields(TEXT_FIELDS, part, **values)),
        (scores, "EXACT_FIELDS", fields(EXACT_FIELDS, part, **values)),
    ]


TRIED: Sequence[tuple[str, Any, str, Sequence[float]]] = (
    ("k1", scores, "K1", (0.5, 1.2, 1.6)),
    ("exact bonus", leaves, "EXACT_BONUS", (0.0, 0.3)),
    ("title worth", titles, "WORTH", (2.0, 12.0)),
    ("title sharpness", titles, "SHARPNESS", (1, 6)),
    ("pairs", proximity, "WEIGHT", (0.1, 0.5, 1.0)),
    ("coverage", ordering, "COVERAGE", (0.1, 0.5, 0.8)),
    ("documents in order", ordering, "DEPTH", (20, 100)),
    ("feedback below", ordering, "FEW", (20, 200)),
    ("feedback words", feedback, "TERMS", (10, 100)),
    ("feedback articles", ranker, "ARTICLES", (5, 30)),
    ("feedback weight", feedback, "WEIGHT", (1.0, 4.0)),
    ("age", freshness, "MOST", (0.0, 0.3)),
)
"""Constants of one number each: what they are called, where they are, and other values."""

WEIGHTS = (0.5, 0.7, 1.5, 2.0)
NORMS = (0.4, 0.75, 0.9)
TIMES = (0.5, 1.5)


def settings() -> Iterator[tuple[str, list[Patch]]]:
    """Yield what is tried: a label and the constants that are changed."""
    yield "as it is", []
    for label, module, name, values in TRIED:
        yield from ((f"{label} {value}", [(module, name, value)]) for value in values)
    for value in WEIGHTS:
        yield f"title weight {value}", both("title", weight=value)
    for value in NORMS:
        yield f"body length norm {value}", both("body", length_norm=value)
    for times in TIMES:
        factors = {name: times * value for name, value in expansion.FACTORS.items()}
        yield f"other names times {times}", [(expansion, "FACTORS", factors)]


def measured(judged: JudgedSet, work: Path, patches: Sequence[Patch]) -> float:
    """Return nDCG@10 of the default ranking with other constants."""
    generation = built(judged.name, judged.source, work)
    with ExitStack() as stack:
        for module, name, value in patches:
            stack.enter_context(mock.patch.object(module, name, value))
        leaves.leaves_of.cache_clear()
        searcher = stack.enter_context(searching(generation, DEFAULT))
        found = statistics.fmean(each.ndcg_at_10 for each in evaluate(searcher, judged.judged))
    leaves.leaves_of.cache_clear()
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Try everything, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.constants", description=__doc__)
    parser.add_argument("--only", default="", help="only settings whose name begins so")
    parser.add_argument("--set", action="append", default=[], help="only this set; repeatable")
    parser.add_argument("--work", type=Path, default=ROOT / "var" / "quality")
    options = parser.parse_args(arguments)
    sets, missing = find_sets(options.set)
    print(*missing, sep="\n", end="\n" if missing else "")
    table = Table("setting", *(each.name for each in sets), box=None)
    for label, patches in settings():
        if label.startswith(options.only) or not patches:
            figures = [measured(each, options.work, patches) for each in sets]
            table.add_row(label, *(f"{figure:.4f}" for figure in figures))
    Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
