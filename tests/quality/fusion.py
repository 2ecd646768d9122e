"""How much meaning should weigh beside the words: nDCG@10 for each share, and what it costs.

Run as ``python -m tests.quality.fusion [--tuning default]``. Articles are embedded the first time
only, as long as the folder of the indexes stays.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from indexer.index.columns.layout import columns_file
from indexer.index.columns.segment import open_columns
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.vectors.embedder import Embedder, open_embedder
from indexer.index.vectors.store import VECTORS, SegmentVectors
from indexer.reindex import NamedSource, Plan, reindex
from indexer.sources import open_source
from service.search.lexicon import load_lexicon
from service.search.measuring.evaluation import name_of, ndcg
from service.search.measuring.judgements import JudgedQuery
from service.search.ranking.selection import Place
from service.search.ranking.semantic import (
    DEPTH,
    SHARE,
    QueryVectors,
    SemanticReranker,
    open_vectors_of,
    question_of,
)
from service.search.request import MAX_QUERY_CHARS, SearchRequest
from service.search.response import SearchResponse
from service.search.tuning import parse_tuning
from tests.bench.places import ROOT
from tests.journals import NoJournal
from tests.quality.indexes import searching
from tests.quality.sets import OWN, SHARED, JudgedSet, find_sets

SHARES = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)
DEPTHS = (50, DEPTH)

Vectors = Sequence[SegmentVectors | None]


class Found(NamedTuple):
    """What a query finds by its words: the names of the best articles, and their places."""

    query: JudgedQuery
    question: str
    names: dict[Place, str]

    def ndcg(self, places: Sequence[Place]) -> float:
        """Return the nDCG@10 of these articles in another order."""
        names = {(place.segment, place.document): name for place, name in self.names.items()}
        ranked = [names[place.segment, place.document] for place in places]
        return ndcg(ranked, self.query.grades, 10)


def embedded(judged: JudgedSet, folder: Path, embedder: Embedder) -> Generation:
    """Return an index of a set that is up to date and has vectors."""
    store = GenerationStore(folder / judged.name)
    source = NamedSource(judged.name, open_source(str(judged.source)))
    reindex(store, Plan((source,), embedder=embedder, force=True), NoJournal())
    return store.current()


def segments_of(generation: Generation) -> list[str]:
    """Return the names of the segments, in an order of our own."""
    return sorted(path.stem for path in generation.columns.iterdir())


def asked(generation: Generation, judged: JudgedSet, tuning: str) -> Iterator[Found]:
    """Run every query of a set by its words."""
    names = segments_of(generation)
    columns = [open_columns(columns_file(generation.columns, name)) for name in names]
    places = {
        each.card(document).id: Place(segment, document, 0.0)
        for segment, each in enumerate(columns)
        for document in range(each.documents)
    }
    drugs = load_lexicon().drugs
    with searching(generation, parse_tuning(tuning)) as searcher:
        for each in judged.judged:
            text = each.query.text[:MAX_QUERY_CHARS]
            response = searcher.search(SearchRequest(q=text, per_page=DEPTH))
            hits = {places[hit.id]._replace(score=hit.score): hit for hit in response.hits}
            judged_as = {at: name_of(hit.id, hit.url, each.grades) for at, hit in hits.items()}
            yield Found(each, _question(text, response, drugs), judged_as)


def _question(text: str, response: SearchResponse, drugs: Collection[str]) -> str:
    meant = response.did_you_mean if response.corrected else None
    other_names = [name for expansion in response.expansions for name in expansion.to]
    return question_of(meant or text, other_names, drugs=drugs)


def grid(found: Sequence[Found], vectors: Vectors, queries: QueryVectors) -> Iterator[str]:
    """Yield a line for every depth and share: the mean, and who wins and loses against words."""
    before = [each.ndcg(list(each.names)) for each in found]
    for depth in DEPTHS:
        for share in SHARES:
            reranker = SemanticReranker(vectors, queries, share, depth)
            after = [each.ndcg(reranker.rerank(each.question, list(each.names))) for each in found]
            changes = [new - old for new, old in zip(after, before, strict=True)]
            better, worse = (sum(sign * change > 1e-9 for change in changes) for sign in (1, -1))
            mark = " <- in force" if (share, depth) == (SHARE, DEPTH) else ""
            yield (
                f"{depth:5} {share:5.1f} {statistics.fmean(after):8.4f} "
                f"{better / len(found):7.1%} {worse / len(found):7.1%}{mark}"
            )


def costs(generation: Generation, found: Sequence[Found], vectors: Vectors) -> Iterator[str]:
    """Yield what vectors take on the disk, and what a query that was not asked before costs."""
    bytes_taken = sum(path.stat().st_size for path in (generation.folder / VECTORS).iterdir())
    whole = sum(mark.size for mark in generation.manifest.files.values())
    articles = generation.manifest.articles
    yield (
        f"vectors take {bytes_taken / 1e6:.1f} MB, {bytes_taken / articles:.0f} bytes an article, "
        f"{bytes_taken / (whole - bytes_taken):.0%} of the rest of the index"
    )
    queries = QueryVectors(open_embedder())
    reranker = SemanticReranker(vectors, queries)
    times: list[list[float]] = [[], []]
    for each in found:
        for asking in times:  # first with an unknown query, then with a remembered one
            began = time.perf_counter()
            reranker.rerank(each.question, list(each.names))
            asking.append((time.perf_counter() - began) * 1000)
    new, again = map(statistics.median, times)
    yield f"ranking again takes {new:.2f} ms, {again:.2f} ms where the query is remembered"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the grid and the costs for every set that is there."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.fusion", description=__doc__)
    parser.add_argument("--set", action="append", default=[], choices=(OWN, *SHARED))
    parser.add_argument("--tuning", default="default", help="the ranking by words (default)")
    parser.add_argument("--work", type=Path, default=ROOT / "var" / "fusion", metavar="DIR")
    options = parser.parse_args(arguments)
    sets, missing = find_sets(options.set)
    print(*missing, sep="\n", end="\n" if missing else "")
    embedder = open_embedder()
    queries = QueryVectors(embedder)
    for judged in sets:
        generation = embedded(judged, options.work, embedder)
        vectors = open_vectors_of(generation, segments_of(generation), embedder.recipe)
        found = list(asked(generation, judged, options.tuning))
        print(f"\n{judged.name}: {len(found)} queries, words: {options.tuning}")
        print("depth share  nDCG@10  better   worse")
        print(*grid(found, vectors, queries), *costs(generation, found, vectors), sep="\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
