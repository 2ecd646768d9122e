"""Xapian, which is written in C++, where its Python binding is installed."""

import importlib
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from tests.bench.corpora import Text
from tests.bench.engines.base import HITS, Engine, Found, Hits, Peer
from tests.bench.queries import content_words

SNIPPET_CHARS = 150
"""As long as tantivy's are by default."""


def build(texts: Iterable[Text], folder: Path) -> None:
    """Write an index."""
    xapian: Any = importlib.import_module("xapian")
    database = xapian.WritableDatabase(str(folder), xapian.DB_CREATE_OR_OPEN)
    generator = xapian.TermGenerator()
    generator.set_stemmer(xapian.Stem("en"))
    for text in texts:
        document = xapian.Document()
        generator.set_document(document)
        generator.index_text(text.title)
        generator.increase_termpos()
        generator.index_text(text.body)
        document.set_data(msgspec.msgpack.encode(text))
        database.add_document(document)
    database.commit()
    database.close()


class XapianEngine:
    """BM25 over title and body as one, then its own snippets."""

    def __init__(self, folder: Path) -> None:
        self._xapian: Any = importlib.import_module("xapian")
        self._database = self._xapian.Database(str(folder))
        self._stemmer = self._xapian.Stem("en")
        self._parser = self._xapian.QueryParser()
        self._parser.set_stemmer(self._stemmer)
        self._parser.set_stemming_strategy(self._xapian.QueryParser.STEM_SOME)
        self._parser.set_database(self._database)
        self._decoder = msgspec.msgpack.Decoder(Text)

    def search(self, text: str) -> Hits:
        """Return the best ten articles for a query, with their snippets."""
        query = self._parser.parse_query(" ".join(content_words(text)))
        enquire = self._xapian.Enquire(self._database)
        enquire.set_query(query)
        matches = enquire.get_mset(0, HITS)
        ranked = time.perf_counter()
        found = []
        for match in matches:
            article = self._decoder.decode(match.document.get_data())
            snippet = matches.snippet(article.body, SNIPPET_CHARS, self._stemmer)
            row = (article.id, article.url, article.title, float(match.weight), _text(snippet))
            found.append(Found(*row))
        return Hits(found, int(matches.get_matches_estimated()), ranked)

    def close(self) -> None:
        """Release the index."""
        self._database.close()


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def open_index(folder: Path) -> Engine:
    """Open the index in a folder."""
    return XapianEngine(folder)


PEER = Peer("Xapian", "xapian", build, open_index, biggest=200_000)
