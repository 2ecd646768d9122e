"""The narrow door to a search engine: one open generation that answers requests."""

from typing import Protocol

from indexer.article import Article
from service.search.request import RelatedRequest, SearchRequest
from service.search.response import IndexInfo, RelatedResponse, SearchResponse
from service.search.suggest.suggestion import SuggestRequest, SuggestResponse


class Searcher(Protocol):
    """One open generation of an index. Safe to call from several threads at once."""

    @property
    def info(self) -> IndexInfo:
        """Which generation this is."""
        ...

    def search(self, request: SearchRequest) -> SearchResponse:
        """Answer a request. Any text is a valid query; a query without words has no hits."""
        ...

    def suggest(self, request: SuggestRequest) -> SuggestResponse:
        """Complete a text. Any text is valid; one without words has no completions."""
        ...

    def article(self, id_: str) -> Article | None:
        """Return an article whole, by its id; None if there is none."""
        ...

    def related(self, id_: str, request: RelatedRequest) -> RelatedResponse | None:
        """Return articles that are like one, which are no matches of anything; None without it."""
        ...

    def close(self) -> None:
        """Release files. No call may be running or follow."""
        ...
