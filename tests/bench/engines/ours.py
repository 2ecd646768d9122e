"""Our engine, in process: a request in, the whole response out."""

from pathlib import Path

from indexer.index.generations import GenerationStore
from service.search.engine import open_searcher
from service.search.options import Options
from service.search.request import SearchRequest
from service.search.searcher import Searcher
from service.search.tuning import DEFAULT, Tuning
from tests.bench.engines.base import HITS, Engine, Found, Hits

OURS = "ours"
OURS_PLAIN = "ours, BM25F alone"


class OurEngine:
    """Ranking and snippets cannot be asked for one without the other."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher

    def search(self, text: str) -> Hits:
        """Return the best ten articles for a query, with their snippets."""
        response = self._searcher.search(SearchRequest(q=text, per_page=HITS))
        found = [
            Found(hit.id, hit.url, hit.title, hit.score, " ".join(hit.highlights.body))
            for hit in response.hits
        ]
        return Hits(found, response.total, None)

    def close(self) -> None:
        """Release the index."""
        self._searcher.close()


def open_ours(folder: Path, tuning: Tuning = DEFAULT) -> Engine:
    """Open the live generation of an index folder."""
    options = Options(tuning=tuning)
    return OurEngine(open_searcher(GenerationStore(folder).current(), options))
