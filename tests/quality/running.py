"""One set from its articles to its report."""

import statistics
from collections.abc import Sequence
from pathlib import Path

from indexer.index.generation import Generation
from indexer.index.vectors.embedder import Embedder
from service.search.measuring.evaluation import evaluate
from service.search.request import SearchRequest
from service.search.tuning import DEFAULT, parse_tuning
from tests.quality.configurations import DEFAULT_NAME, SEMANTIC_NAME, configurations
from tests.quality.indexes import built, searching
from tests.quality.measuring import by_kind, measure
from tests.quality.recorded import Records
from tests.quality.report import SetReport, TypoFigures
from tests.quality.sets import JudgedSet
from tests.quality.typos import titles, typos


def measure_set(
    judged: JudgedSet,
    records: Records,
    work: Path,
    *,
    quick: bool = False,
    embedder: Embedder | None = None,
) -> SetReport:
    """Measure the rankings on one set: also the one by meaning if there is an embedder."""
    generation = built(judged.name, judged.source, work, embedder)
    rankings = configurations(quick=quick)
    if embedder:
        rankings[SEMANTIC_NAME] = parse_tuning(SEMANTIC_NAME)
    measured = dict(measure(generation, judged.judged, rankings))
    results = measured[DEFAULT_NAME].results
    return SetReport(
        name=judged.name,
        articles=generation.manifest.articles,
        rankings=measured,
        kinds=by_kind(results),
        typos=mistyped(judged, generation),
        unanswered=len(judged.unanswered),
        answered=answered(judged, generation),
        losses=records.losses(judged.name, results),
    )


def mistyped(judged: JudgedSet, generation: Generation) -> tuple[TypoFigures, ...]:
    """Return what mistyped titles find under the default ranking: all, then each kind of slip."""
    made = typos(titles(judged, generation))
    if not made:
        return ()
    meant = {each.meant.query.id: each.meant for each in made}
    with searching(generation, DEFAULT) as searcher:
        clean = {each.id: each.ndcg_at_10 for each in evaluate(searcher, meant.values())}
        found = evaluate(searcher, [each.mistyped for each in made])
    rows = [
        (result.kind, clean[each.meant.query.id], result.ndcg_at_10)
        for each, result in zip(made, found, strict=True)
    ]
    kinds = sorted({kind for kind, _, _ in rows})
    return tuple(
        _typo_figures(kind or "all", [row[1:] for row in rows if kind in ("", row[0])])
        for kind in ("", *kinds)
    )


def _typo_figures(kind: str, pairs: Sequence[tuple[float, float]]) -> TypoFigures:
    clean, typed = (round(statistics.fmean(column), 4) for column in zip(*pairs, strict=True))
    return TypoFigures(kind, len(pairs), clean, typed)


def answered(judged: JudgedSet, generation: Generation) -> tuple[str, ...]:
    """Return the queries that find something although no article answers them."""
    with searching(generation, DEFAULT) as searcher:
        return tuple(
            query.text
            for query in judged.unanswered
            if searcher.search(SearchRequest(q=query.text)).total
        )
