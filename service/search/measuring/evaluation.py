"""nDCG, reciprocal rank, recall and time of a searcher on judged queries."""

import math
import statistics
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from math import log2

import msgspec

from indexer.errors import EvaluationError
from indexer.index.generation import Generation
from service.search.engine import DEFAULTS, IndexSearcher, open_searcher
from service.search.measuring.judgements import JudgedQuery
from service.search.options import Options
from service.search.request import MAX_PER_PAGE, MAX_QUERY_CHARS, SearchRequest
from service.search.searcher import Searcher

DEPTH = 100
"""How deep a ranking is looked at; R@100 needs all of it."""

SAFE_DEPTH = 3
"""An article that a visitor's safety depends on stands so far up: in sight without scrolling."""

PATIENCE_SECONDS = 60.0
"""The deadline of a ranking that is measured. The service's is short, and would make the figures
depend on how busy the machine is."""


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What one judged query found.

    Attributes:
        id: the query's.
        text: what was typed.
        kind: the group it belongs to.
        ndcg_at_10: see ``ndcg``.
        rr_at_10: see ``reciprocal_rank``.
        recall_at_100: see ``recall``.
        hits: how many articles match.
        safe: whether an article of the highest grade is among the first three; None where the
            query is not marked as one of safety.
        milliseconds: how long its first page took.
    """

    id: str
    text: str
    kind: str
    ndcg_at_10: float = msgspec.field(name="nDCG@10")
    rr_at_10: float = msgspec.field(name="RR@10")
    recall_at_100: float = msgspec.field(name="R@100")
    hits: int
    safe: bool | None
    milliseconds: float


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Means over judged queries, each between 0 and 1, and times.

    Attributes:
        queries: how many there are.
        zero_hits: the share of them that find nothing.
        safety: the share of the queries of safety that are safe; None if none is marked.
        median_ms: the median of their times in milliseconds.
        p95_ms: the time that 95% of them do not exceed.
    """

    queries: int
    ndcg_at_10: float = msgspec.field(name="nDCG@10")
    rr_at_10: float = msgspec.field(name="RR@10")
    recall_at_100: float = msgspec.field(name="R@100")
    zero_hits: float
    safety: float | None
    median_ms: float
    p95_ms: float


def measure(
    generation: Generation, judged: Iterable[JudgedQuery], options: Options = DEFAULTS
) -> tuple[Result, ...]:
    """Run every query on a generation; see ``evaluate``.

    Raises:
        IndexDamaged: it cannot be opened.
    """
    with closing(open_patiently(generation, options)) as searcher:
        return evaluate(searcher, judged)


def open_patiently(generation: Generation, options: Options = DEFAULTS) -> IndexSearcher:
    """Open a generation for measuring: as the options say, but without a deadline to speak of.

    Raises:
        IndexDamaged: it cannot be opened.
    """
    return open_searcher(generation, replace(options, seconds=PATIENCE_SECONDS))


def evaluate(searcher: Searcher, judged: Iterable[JudgedQuery]) -> tuple[Result, ...]:
    """Run every query twice: for its ranking, which warms everything up, and for its time."""
    queries = tuple(judged)
    found = [_found(searcher, each) for each in queries]
    return tuple(
        msgspec.structs.replace(result, milliseconds=milliseconds(searcher, each.query.text))
        for each, result in zip(queries, found, strict=True)
    )


def summarize(results: Sequence[Result]) -> Figures:
    """Return the means over results.

    Raises:
        EvaluationError: there is none.
    """
    if not results:
        raise EvaluationError("No query has a judged relevant article.")
    times = sorted(each.milliseconds for each in results)
    safe = [float(each.safe) for each in results if each.safe is not None]
    return Figures(
        queries=len(results),
        ndcg_at_10=_mean([each.ndcg_at_10 for each in results]),
        rr_at_10=_mean([each.rr_at_10 for each in results]),
        recall_at_100=_mean([each.recall_at_100 for each in results]),
        zero_hits=_mean([float(not each.hits) for each in results]),
        safety=_mean(safe) if safe else None,
        median_ms=round(statistics.median(times), 3),
        p95_ms=round(times[math.ceil(0.95 * len(times)) - 1], 3),
    )


def lowest(results: Iterable[Result], count: int) -> list[Result]:
    """Return the queries that are answered worst, at most ``count``; a perfect one is not."""
    lacking = [each for each in results if each.ndcg_at_10 < 1]
    return sorted(lacking, key=lambda each: each.ndcg_at_10)[:count]


def _mean(values: Sequence[float]) -> float:
    return round(math.fsum(values) / len(values), 4)


def _found(searcher: Searcher, judged: JudgedQuery) -> Result:
    query, grades = judged.query, judged.grades
    response = searcher.search(_request(query.text, min(DEPTH, MAX_PER_PAGE)))
    # Several articles may have the address by which one is judged.
    ranked = list(dict.fromkeys(name_of(hit.id, hit.url, grades) for hit in response.hits))
    return Result(
        id=query.id,
        text=query.text,
        kind=query.kind,
        ndcg_at_10=ndcg(ranked, grades, 10),
        rr_at_10=reciprocal_rank(ranked, grades, 10),
        recall_at_100=recall(ranked, grades, 100),
        hits=response.total,
        safe=is_safe(ranked, grades) if query.safety else None,
        milliseconds=0.0,
    )


def milliseconds(searcher: Searcher, text: str) -> float:
    """Return how long a query's first page takes, snippets included."""
    request = _request(text)
    began = time.perf_counter()
    searcher.search(request)
    return (time.perf_counter() - began) * 1000


def ranking(searcher: Searcher, text: str) -> list[str]:
    """Return the ids of the first articles for a query, cut to what the service accepts."""
    return [hit.id for hit in searcher.search(_request(text, min(DEPTH, MAX_PER_PAGE))).hits]


def _request(text: str, per_page: int = 10) -> SearchRequest:
    return SearchRequest(q=text[:MAX_QUERY_CHARS], per_page=per_page)


def name_of(article: str, url: str, grades: Mapping[str, int]) -> str:
    """Return the name by which an article is judged: its address only where its id is not."""
    return url if article not in grades and url in grades else article


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    """Return the normalised discounted cumulative gain, with linear gain as in trec_eval.

    Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", 2002.
    """
    gains = [max(grades.get(name, 0), 0) for name in ranked[:depth]]
    ideal = sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:depth]
    return _dcg(gains) / _dcg(ideal) if ideal else 0.0


def _dcg(gains: Sequence[int]) -> float:
    return sum(gain / log2(place + 1) for place, gain in enumerate(gains, start=1))


def reciprocal_rank(ranked: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    """Return one over the place of the first relevant article, or 0."""
    for place, name in enumerate(ranked[:depth], start=1):
        if grades.get(name, 0) > 0:
            return 1 / place
    return 0.0


def recall(ranked: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    """Return the share of the relevant articles among the first ``depth``."""
    relevant = {name for name, grade in grades.items() if grade > 0}
    return len(relevant.intersection(ranked[:depth])) / len(relevant) if relevant else 0.0


def is_safe(ranked: Sequence[str], grades: Mapping[str, int]) -> bool:
    """Return whether an article of the highest grade is among the first three."""
    best = max(grades.values(), default=0)
    return any(grades.get(name) == best for name in ranked[:SAFE_DEPTH])
