"""Our service with another engine in our searcher's place; all else is the same.

Run as ``python -m tests.bench.peer_service PEER FOLDER [flags of serve]``. ``--index`` names an
index of ours of the same articles, from which the service takes name and date of the generation.
"""

import queue
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from unittest import mock

from indexer.index.generation import Generation
from service import cli
from service.search.request import SearchRequest
from service.search.response import Highlights, Hit, IndexInfo, SearchResponse
from service.search.suggest.suggestion import SuggestRequest, SuggestResponse
from tests.bench.engines import PEERS, Engine, Peer

THREADS = 4
"""Searches at the same time where the service does not say how many."""


class PeerSearcher:
    """A ``Searcher`` over a peer: first page, no filters, no facets."""

    def __init__(self, generation: Generation, peer: Peer, folder: Path, threads: int) -> None:
        manifest = generation.manifest
        self._info = IndexInfo(generation.name, manifest.built_at, manifest.articles)
        self._idle: queue.SimpleQueue[Engine] = queue.SimpleQueue()
        for _ in range(threads):
            self._idle.put(peer.open(folder))

    @property
    def info(self) -> IndexInfo:
        """Which generation this is."""
        return self._info

    def search(self, request: SearchRequest) -> SearchResponse:
        """Answer a request."""
        began = time.perf_counter()
        engine = self._idle.get()
        try:
            found = engine.search(request.q)
        finally:
            self._idle.put(engine)
        hits = tuple(
            Hit(
                id=each.id,
                url=each.url,
                title=each.title,
                score=round(each.score, 4),
                language="en",
                highlights=Highlights((each.title,), (each.snippet,)),
            )
            for each in found.found
        )
        return SearchResponse(
            query=request.q,
            total=len(hits) if found.total is None else found.total,
            total_relation="eq",
            page=1,
            per_page=request.per_page,
            took_ms=round((time.perf_counter() - began) * 1000, 2),
            hits=hits,
            facets={},
            index=self._info,
        )

    def suggest(self, request: SuggestRequest) -> SuggestResponse:
        """Complete nothing."""
        return SuggestResponse(request.q, ())

    def close(self) -> None:
        """Release files."""
        with suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()


def main(arguments: Sequence[str]) -> int:
    """Serve, in one process."""
    name, folder, *flags = arguments
    peer = next(peer for peer in PEERS if peer.name == name)

    def open_searcher(generation: Generation, threads: int = THREADS, **_: object) -> PeerSearcher:
        return PeerSearcher(generation, peer, Path(folder), threads)

    with mock.patch("service.factory.open_searcher", open_searcher):
        return cli.main(["serve", *flags])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
