"""Judged queries as a gate: what a new generation must find before it goes live."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from indexer.errors import EvaluationError
from indexer.gate import Judged
from indexer.index.generation import Generation
from service.search.measuring.evaluation import Result, lowest, measure, summarize
from service.search.measuring.judgements import QRELS, QUERIES, JudgedQuery, read_judged, shown
from service.search.measuring.significance import fallen

FLOORS = "floors.json"

TOLERANCE = 0.02
"""How far a figure may be from the live generation's where no floor is given: of fifty queries one
may lose all. New articles take some of the places of judged ones, which is no harm."""

NAMED = 10
"""Queries that a refusal names at most."""

Share = Annotated[float, Meta(ge=0, le=1)]


class Floors(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``floors.json`` may hold; for ``zero_hits`` it is the most that may be."""

    ndcg_at_10: Share | None = msgspec.field(name="nDCG@10", default=None)
    rr_at_10: Share | None = msgspec.field(name="RR@10", default=None)
    recall_at_100: Share | None = msgspec.field(name="R@100", default=None)
    zero_hits: Share | None = None
    safety: Share | None = None


FIGURES = tuple(field.encode_name for field in msgspec.structs.fields(Floors))
CEILING = "zero_hits"


def read_judge(folder: Path) -> "QueryJudge":
    """Read ``queries.jsonl``, ``qrels.tsv`` and, if it is there, ``floors.json``.

    Raises:
        EvaluationError: one of them cannot be read or is malformed, or they do not belong together.
    """
    judged = read_judged(folder / QUERIES, folder / QRELS)
    path = folder / FLOORS
    floors = read_floors(path) if path.exists() else None
    if floors and "safety" in floors and not any(each.query.safety for each in judged):
        raise EvaluationError(f"{path} has a floor for safety, but no judged query is marked so.")
    return QueryJudge(judged, floors)


def read_floors(path: Path) -> dict[str, float]:
    """Read floors by the names of their figures.

    Raises:
        EvaluationError: the file cannot be read, or holds something else.
    """
    try:
        floors = msgspec.json.decode(path.read_bytes(), type=Floors)
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read: {error}.") from error
    except (UnicodeDecodeError, msgspec.MsgspecError) as error:
        raise EvaluationError(
            f"{path}: {error}. Expected {', '.join(FIGURES)} with numbers from 0 to 1."
        ) from error
    return {name: value for name, value in _by_name(floors).items() if value is not None}


@dataclass(frozen=True)
class QueryJudge:
    """Runs judged queries on a build and on the live generation.

    Attributes:
        judged: the queries.
        floors: what the figures must not fall below; None to take the live generation's.
    """

    judged: tuple[JudgedQuery, ...]
    floors: Mapping[str, float] | None = None

    def __call__(self, build: Generation, live: Generation | None, /) -> Judged:
        """Measure a complete build beside the live generation."""
        results = measure(build, self.judged)
        before = measure(live, self.judged) if live else ()
        figures, standing = _figures(results), _figures(before)
        floors = _standing_floors(standing) if self.floors is None else self.floors
        broken = tuple(_broken(figures, floors))
        return Judged(
            queries=len(results),
            figures=figures,
            live=standing,
            floors=floors,
            broken=broken,
            fell=tuple(_fell(results, before)) if broken else (),
            absent=self._absent(build),
        )

    def _absent(self, build: Generation) -> tuple[str, ...]:
        marks = build.marks()
        held = marks.keys() | {mark.url for mark in marks.values()}
        return tuple(sorted({name for each in self.judged for name in each.grades} - held))


def _figures(results: Sequence[Result]) -> dict[str, float]:
    """Return the figures that can have floors; none without results."""
    if not results:
        return {}
    figures = _by_name(summarize(results))
    return {name: value for name in FIGURES if (value := figures[name]) is not None}


def _standing_floors(live: Mapping[str, float]) -> dict[str, float]:
    return {
        name: min(1.0, value + TOLERANCE) if name == CEILING else max(0.0, value - TOLERANCE)
        for name, value in live.items()
    }


def _broken(figures: Mapping[str, float], floors: Mapping[str, float]) -> Iterator[str]:
    for name, floor in floors.items():
        value = figures[name]
        by = value - floor if name == CEILING else floor - value
        # Floors are sums of rounded figures: what is off by less than their last place is not off.
        if by > 5e-5:
            side = "above its ceiling" if name == CEILING else "below its floor"
            yield f"{name} would be {value:.4f}, {by:.4f} {side} of {floor:.4f}"


def _fell(results: Sequence[Result], live: Sequence[Result]) -> list[str]:
    """Return the queries that are no longer safe, then those that fell most, or the lowest."""
    safe_before = {each.id for each in live if each.safe} if live else {e.id for e in results}
    unsafe = {each.id: each for each in results if each.safe is False and each.id in safe_before}
    lines = [f"{_quoted(each.text)} (not safe)" for each in unsafe.values()]
    if fell := fallen(results, live, len(results)) if live else []:
        falls = [each for each in fell if each.id not in unsafe]
        lines += [f"{_quoted(e.text)} ({e.before:.2f} to {e.after:.2f})" for e in falls]
    else:
        rest = [each for each in lowest(results, len(results)) if each.id not in unsafe]
        lines += [f"{_quoted(each.text)} ({each.ndcg_at_10:.2f})" for each in rest]
    return lines[:NAMED]


def _quoted(text: str) -> str:
    return f"“{shown(text)}”"


def _by_name(figures: msgspec.Struct) -> dict[str, float | None]:
    named: dict[str, float | None] = msgspec.to_builtins(figures)
    return named
