"""Engines side by side in one process: the same queries in short rounds, taking turns."""

import gc
import random
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

import msgspec

from tests.bench.engines import Engine
from tests.bench.figures import Figure, Spread, ratio, spread
from tests.bench.queries import Queries

ROUND = 20
"""Queries that an engine answers before the next has its turn."""

SLOW_SHARE = 10
"""A slow engine is asked one of so many queries."""

WARM_UP = 40
SLOW_WARM_UP = 3
SEED = 20260413
ALL = "all"


class Run(msgspec.Struct, frozen=True):
    """One engine's answer to one query.

    Attributes:
        seconds: ranking and ten snippets.
        cpu_seconds: the processor's part of that, which other programs do not stretch.
        rank_seconds: ranking alone; None if the engine does both at once.
        ids: the ten hits.
    """

    engine: str
    kind: str
    query: str
    seconds: float
    cpu_seconds: float
    rank_seconds: float | None
    ids: tuple[str, ...]


class Row(msgspec.Struct, frozen=True):
    """One engine's figures on one kind of query.

    Attributes:
        to_base: its median as a multiple of the base engine's on the same queries.
        late_to_base: its 99th percentile of the processor's time likewise.
    """

    engine: str
    kind: str
    whole: Spread
    cpu: Spread
    rank: Spread | None
    to_base: float | None
    late_to_base: float | None


def race(
    engines: Mapping[str, Engine], slow: AbstractSet[str], queries: Queries, warm_up: Sequence[str]
) -> list[Run]:
    """Ask every engine the queries, each once; who begins changes from round to round."""
    for name, engine in engines.items():
        for text in warm_up[: SLOW_WARM_UP if name in slow else WARM_UP]:
            engine.search(text)
    gc.collect()
    gc.freeze()  # nobody's turn is spent on looking through the objects of all
    try:
        return list(_rounds(engines, slow, _mixed(queries)))
    finally:
        gc.unfreeze()


def _mixed(queries: Queries) -> list[tuple[str, str, bool]]:
    """Return kind and text of all queries in a random order, and whether slow engines get it."""
    mixed = [
        (kind, text, number % SLOW_SHARE == 0)
        for kind, texts in queries.items()
        for number, text in enumerate(texts)
    ]
    random.Random(SEED).shuffle(mixed)
    return mixed


def _rounds(
    engines: Mapping[str, Engine], slow: AbstractSet[str], mixed: list[tuple[str, str, bool]]
) -> Iterator[Run]:
    names = list(engines)
    for first in range(0, len(mixed), ROUND):
        for name in names:
            for kind, text, is_for_all in mixed[first : first + ROUND]:
                if is_for_all or name not in slow:
                    yield _ask(name, engines[name], kind, text)
        names = [*names[1:], names[0]]


def _ask(name: str, engine: Engine, kind: str, text: str) -> Run:
    cpu_began, began = time.process_time(), time.perf_counter()
    hits = engine.search(text)
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu_began
    rank_seconds = None if hits.ranked is None else hits.ranked - began
    ids = tuple(hit.id for hit in hits.found)
    return Run(name, kind, text, seconds, cpu_seconds, rank_seconds, ids)


def rows(runs: Sequence[Run], base: str) -> list[Row]:
    """Return every engine's figures on every kind of query, and on all of them."""
    by_engine: dict[str, list[Run]] = {}
    for run in runs:
        by_engine.setdefault(run.engine, []).append(run)
    kinds = [*dict.fromkeys(run.kind for run in runs), ALL]
    return [
        _row(of_engine, by_engine.get(base, []), kind)
        for kind in sorted(kinds, key=_kind_order)
        for of_engine in by_engine.values()
    ]


def _kind_order(kind: str) -> tuple[bool, str]:
    return kind == ALL, kind


def _row(runs: list[Run], base: list[Run], kind: str) -> Row:
    own = [run for run in runs if kind in (run.kind, ALL)]
    asked = {(run.kind, run.query) for run in own}
    others = [run for run in base if (run.kind, run.query) in asked]
    whole, cpu = spread([run.seconds for run in own]), spread([run.cpu_seconds for run in own])
    ranks = [run.rank_seconds for run in own if run.rank_seconds is not None]
    return Row(
        own[0].engine,
        kind,
        whole,
        cpu,
        spread(ranks) if ranks else None,
        ratio(whole.median_ms, spread([run.seconds for run in others]).median_ms)
        if others
        else None,
        ratio(cpu.p99_ms, spread([run.cpu_seconds for run in others]).p99_ms) if others else None,
    )


def shown(found: Sequence[Row]) -> list[dict[str, Figure]]:
    """Return the rows as a table has them."""
    return [
        {
            "queries": row.kind,
            "engine": row.engine,
            "asked": row.whole.count,
            "median ms": row.whole.median_ms,
            "p99 ms": row.whole.p99_ms,
            "x": row.to_base,
            "cpu p99": row.cpu.p99_ms,
            "cpu p99 x": row.late_to_base,
            "rank ms": row.rank.median_ms if row.rank else None,
            "rank p99": row.rank.p99_ms if row.rank else None,
        }
        for row in found
    ]


def overlaps(runs: Sequence[Run], engine: str) -> dict[str, float]:
    """Return the mean share of ``engine``'s ten hits that each other engine has too."""
    own = {(run.kind, run.query): set(run.ids) for run in runs if run.engine == engine}
    shares: dict[str, list[float]] = {}
    for run in runs:
        mine = own.get((run.kind, run.query), set())
        if run.engine != engine and mine:
            shares.setdefault(run.engine, []).append(len(mine & set(run.ids)) / len(mine))
    return {name: round(statistics.fmean(each), 3) for name, each in shares.items()}
