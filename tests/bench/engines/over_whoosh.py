"""Whoosh as it comes, with a stored text as its manual has it."""

import time
from collections.abc import Iterable
from pathlib import Path

from whoosh.analysis.analyzers import StemmingAnalyzer
from whoosh.fields import ID, STORED, TEXT, Schema
from whoosh.index import create_in, open_dir
from whoosh.qparser.default import MultifieldParser
from whoosh.qparser.syntax import OrGroup

from tests.bench.corpora import Text
from tests.bench.engines.base import HITS, Engine, Found, Hits, Peer, Words
from tests.bench.queries import content_words, words_of

MEMORY_MB = 256
"""As much as ours gives it; its own default is 128."""


def build(texts: Iterable[Text], folder: Path) -> None:
    """Write an index in one process."""
    analyzer = StemmingAnalyzer()
    fields = {name: TEXT(analyzer, stored=True) for name in ("title", "body")}
    schema = Schema(id=ID(stored=True, unique=True), url=STORED, **fields)
    writer = create_in(str(folder), schema).writer(limitmb=MEMORY_MB)
    for text in texts:
        writer.add_document(id=text.id, url=text.url, title=text.title, body=text.body)
    writer.commit()


class StockWhooshEngine:
    """BM25F over both fields with an exact count, then highlights of the stored bodies."""

    def __init__(self, folder: Path, words: Words) -> None:
        self._words = words
        self._index = open_dir(str(folder), readonly=True)
        self._searcher = self._index.searcher()
        self._parser = MultifieldParser(["title", "body"], self._index.schema, group=OrGroup)

    def search(self, text: str) -> Hits:
        """Return the best ten articles for a query, with their snippets."""
        query = self._parser.parse(" ".join(self._words(text)))
        results = self._searcher.search(query, limit=HITS)
        total = len(results)
        ranked = time.perf_counter()
        found = [
            Found(hit["id"], hit["url"], hit["title"], float(hit.score), hit.highlights("body"))
            for hit in results
        ]
        return Hits(found, total, ranked)

    def close(self) -> None:
        """Release the index."""
        self._searcher.close()
        self._index.close()


def open_index(folder: Path) -> Engine:
    """Open the index in a folder."""
    return StockWhooshEngine(folder, content_words)


def open_for_all_words(folder: Path) -> Engine:
    """Open the index in a folder to search for all words but its own analyzer's stop words."""
    return StockWhooshEngine(folder, words_of)


_PACKAGE = "whoosh"
_BIGGEST = 200_000

PEER = Peer("stock Whoosh", _PACKAGE, build, open_index, is_slow=True, biggest=_BIGGEST)
ALL_WORDS = Peer(
    "stock Whoosh (all words)",
    _PACKAGE,
    build,
    open_for_all_words,
    is_slow=True,
    variant_of=PEER.name,
    biggest=_BIGGEST,
)
