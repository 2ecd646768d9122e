"""Our ranking beside plain Whoosh's on judged queries, in one run.

Run as ``python -m tests.bench ranking [--json FILE]``. Plain Whoosh is a StemmingAnalyzer on title
and text, the words of a query joined with OR, and its own BM25F.
"""

import argparse
import gzip
import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from whoosh.analysis.analyzers import StemmingAnalyzer
from whoosh.fields import ID, TEXT, Schema
from whoosh.index import create_in
from whoosh.query.compound import Or
from whoosh.query.terms import Term

from indexer.index.generations import GenerationStore
from indexer.reindex import NamedSource, Plan, reindex
from indexer.sources import open_source
from service.search.measuring.evaluation import (
    DEPTH,
    ndcg,
    open_patiently,
    ranking,
    recall,
    reciprocal_rank,
)
from service.search.measuring.judgements import QUERIES, Judgements, read_judged
from tests.bench.places import data_folder
from tests.journals import NoJournal

SETS = {"nfcorpus": "qrels.dev.tsv", "scifact": "qrels.train.tsv"}
Rankings = Iterator[tuple[str, list[str]]]


def plain_whoosh(corpus: Path, queries: dict[str, str], folder: Path) -> Rankings:
    """Yield plain Whoosh's ranking of each query."""
    analyzer = StemmingAnalyzer()
    schema = Schema(id=ID(stored=True), title=TEXT(analyzer), text=TEXT(analyzer))
    index = create_in(str(folder), schema)
    writer = index.writer(limitmb=256)
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            fields = {name: str(record[name]) for name in ("title", "text")}
            writer.add_document(id=str(record["_id"]), **fields)
    writer.commit()
    with index.searcher() as searcher:
        for name, text in queries.items():
            words = [token.text for token in analyzer(text)]
            terms = [Term(field, word) for word in words for field in ("title", "text")]
            yield name, [hit["id"] for hit in searcher.search(Or(terms), limit=DEPTH)]


def ours(corpus: Path, queries: dict[str, str], folder: Path) -> Rankings:
    """Yield our ranking of each query."""
    store = GenerationStore(folder)
    reindex(store, Plan((NamedSource("corpus", open_source(str(corpus))),)), NoJournal())
    searcher = open_patiently(store.current())
    for name, text in queries.items():
        yield name, ranking(searcher, text)
    searcher.close()


def figures(found: Rankings, judged: Judgements) -> dict[str, float]:
    """Return the means over the queries."""
    rows = [
        (
            ndcg(ids, judged[name], 10),
            reciprocal_rank(ids, judged[name], 10),
            recall(ids, judged[name], 100),
        )
        for name, ids in found
    ]
    names = ("nDCG@10", "RR@10", "R@100")
    return {
        name: round(sum(row[at] for row in rows) / len(rows), 4) for at, name in enumerate(names)
    }


def measure(folder: Path, qrels: str) -> dict[str, Any]:
    """Return both engines' figures on one set."""
    read = read_judged(folder / QUERIES, folder / qrels)
    judged = {each.query.id: each.grades for each in read}
    queries = {each.query.id: each.query.text for each in read}
    result: dict[str, Any] = {"queries": len(queries)}
    for engine in (plain_whoosh, ours):
        with tempfile.TemporaryDirectory() as scratch:
            found = engine(folder / "corpus.jsonl.gz", queries, Path(scratch))
            result[engine.__name__] = figures(found, judged)
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark on every set that is there."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench ranking", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    options = parser.parse_args(arguments)
    results: dict[str, Any] = {}
    for name, qrels in SETS.items():
        folder = data_folder() / name
        if not folder.is_dir():
            print(f"skipped: there is no {folder}")
            continue
        results[name] = measure(folder, qrels)
        print(name, json.dumps(results[name]))
    if options.json:
        options.json.write_text(json.dumps(results), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
