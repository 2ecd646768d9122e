"""tantivy, which is written in Rust, through its Python binding."""

import importlib
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.bench.corpora import Text
from tests.bench.engines.base import HITS, Engine, Found, Hits, Peer, Words
from tests.bench.queries import content_words, words_of

HEAP_BYTES = 256 * 1024 * 1024
"""What its writer may use: as much as ours gives Whoosh's."""

FIELDS = ["title", "body"]


def _schema(tantivy: Any) -> Any:
    builder = tantivy.SchemaBuilder()
    for name in ("id", "url"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw")
    for name in FIELDS:
        builder.add_text_field(name, stored=True, tokenizer_name="en_stem")
    return builder.build()


def build(texts: Iterable[Text], folder: Path) -> None:
    """Write an index with one thread."""
    tantivy: Any = importlib.import_module("tantivy")
    writer = tantivy.Index(_schema(tantivy), path=str(folder)).writer(HEAP_BYTES, 1)
    for text in texts:
        fields = {"id": text.id, "url": text.url, "title": text.title, "body": text.body}
        writer.add_document(tantivy.Document(**fields))
    writer.commit()
    writer.wait_merging_threads()


class TantivyEngine:
    """BM25 over both fields with an exact count, then its own snippets."""

    def __init__(self, folder: Path, words: Words) -> None:
        self._words = words
        self._tantivy: Any = importlib.import_module("tantivy")
        self._index = self._tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()

    def search(self, text: str) -> Hits:
        """Return the best ten articles for a query, with their snippets."""
        query = self._index.parse_query(" ".join(self._words(text)), FIELDS)
        result = self._searcher.search(query, HITS, count=True)
        ranked = time.perf_counter()
        if not result.hits:
            return Hits([], 0, ranked)
        generator = self._tantivy.SnippetGenerator.create(
            self._searcher, query, self._index.schema, "body"
        )
        found = []
        for score, address in result.hits:
            document = self._searcher.doc(address)
            snippet = generator.snippet_from_doc(document).to_html()
            name, url, title = map(document.get_first, ("id", "url", "title"))
            found.append(Found(name, url, title, float(score), snippet))
        return Hits(found, int(result.count), ranked)

    def close(self) -> None:
        """Release the index."""
        del self._searcher, self._index


def open_index(folder: Path) -> Engine:
    """Open the index in a folder."""
    return TantivyEngine(folder, content_words)


def open_for_all_words(folder: Path) -> Engine:
    """Open the index in a folder to search for stop words too."""
    return TantivyEngine(folder, words_of)


PEER = Peer("tantivy", "tantivy", build, open_index)
ALL_WORDS = Peer("tantivy (all words)", "tantivy", build, open_for_all_words, variant_of="tantivy")
