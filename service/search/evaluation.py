"""nDCG, reciprocal rank and recall of a searcher on judged queries in BEIR's files."""

from collections.abc import Mapping, Sequence
from math import log2
from pathlib import Path

import msgspec

from indexer.errors import EvaluationError
from service.search.request import MAX_PER_PAGE, MAX_QUERY_CHARS, SearchRequest
from service.search.searcher import Searcher

DEPTH = 100
"""How deep a ranking is looked at; R@100 needs all of it."""

Judgements = Mapping[str, Mapping[str, int]]
"""Query id → article id → grade. Grades above 0 are relevant."""


class Query(msgspec.Struct, frozen=True):
    """A line of ``queries.jsonl``."""

    id: str = msgspec.field(name="_id")
    text: str


class Figures(msgspec.Struct, frozen=True):
    """Means over the judged queries, each between 0 and 1."""

    queries: int
    ndcg_at_10: float = msgspec.field(name="nDCG@10")
    rr_at_10: float = msgspec.field(name="RR@10")
    recall_at_100: float = msgspec.field(name="R@100")
    zero_hits: float


def evaluate(searcher: Searcher, queries: Mapping[str, str], judged: Judgements) -> Figures:
    """Run every query that has judgements and a relevant article, and average the figures.

    Raises:
        EvaluationError: no query has judgements.
    """
    wanted = [name for name in queries if any(grade > 0 for grade in judged.get(name, {}).values())]
    if not wanted:
        raise EvaluationError("No query of the queries file has a judged relevant article.")
    rankings = {name: ranking(searcher, queries[name]) for name in wanted}

    def mean(values: Sequence[float]) -> float:
        return round(sum(values) / len(values), 4)

    return Figures(
        queries=len(wanted),
        ndcg_at_10=mean([ndcg(rankings[name], judged[name], 10) for name in wanted]),
        rr_at_10=mean([reciprocal_rank(rankings[name], judged[name], 10) for name in wanted]),
        recall_at_100=mean([recall(rankings[name], judged[name], 100) for name in wanted]),
        zero_hits=mean([float(not rankings[name]) for name in wanted]),
    )


def ranking(searcher: Searcher, text: str) -> list[str]:
    """Return the ids of the first articles for a query, cut to what the service accepts."""
    request = SearchRequest(q=text[:MAX_QUERY_CHARS], per_page=min(DEPTH, MAX_PER_PAGE))
    return [hit.id for hit in searcher.search(request).hits]


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


def read_queries(path: Path) -> dict[str, str]:
    """Read a BEIR ``queries.jsonl``: ``{"_id": …, "text": …}`` a line.

    Raises:
        EvaluationError: the file cannot be read, or a line is malformed.
    """
    queries = {}
    for number, line in enumerate(_read(path).split("\n"), start=1):
        if line.strip():
            try:
                query = msgspec.json.decode(line, type=Query)
            except msgspec.MsgspecError as error:
                raise EvaluationError(f"{path}:{number}: no query ({error}).") from error
            queries[query.id] = query.text
    return queries


def read_judgements(path: Path) -> dict[str, dict[str, int]]:
    """Read a BEIR qrels file: query-id, corpus-id and score, with tabs, under a header.

    Raises:
        EvaluationError: the file cannot be read, or a line is malformed.
    """
    judged: dict[str, dict[str, int]] = {}
    for number, line in enumerate(_read(path).split("\n"), start=1):
        if not line.strip() or (number == 1 and line.endswith("\tscore")):
            continue
        try:
            query, article, grade = line.split("\t")
            judged.setdefault(query, {})[article] = int(grade)
        except ValueError:
            raise EvaluationError(
                f"{path}:{number}: expected query-id, corpus-id and score with tabs between."
            ) from None
    return judged


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} cannot be read: {error}.") from error
