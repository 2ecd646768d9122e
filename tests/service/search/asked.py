"""Articles in a line each, and what a searcher answers, in short."""

from indexer.article import Article
from service.search.engine import IndexSearcher
from service.search.request import SearchRequest
from service.search.response import SearchResponse


def article(name: str, body: str = "", title: str = "", **values: object) -> Article:
    """Return an article; it is English if nothing else is said."""
    fields = {"id": name, "url": f"https://a.example/{name}", "title": title, "body": body}
    return Article(**{"language": "en", **fields, **values})  # type: ignore[arg-type]


WEATHER = "cold warm nice grey wet dry hot mild windy sunny foggy clear"

FILLER = tuple(
    article(f"z{n:02}", f"The sky of town {n} was {word} today.", f"Weather {n}")
    for n, word in enumerate(WEATHER.split())
)
"""Articles on something else, beside which the words of a few others are rare."""


def ask(searcher: IndexSearcher, q: str, **wishes: object) -> SearchResponse:
    """Return the answer to a query."""
    return searcher.search(SearchRequest(q=q, **wishes))  # type: ignore[arg-type]


def matching(answer: SearchResponse) -> list[str]:
    """Return the ids of the hits that match, in order."""
    return [hit.id for hit in answer.hits if not hit.related]


def related(answer: SearchResponse) -> list[str]:
    """Return the ids of the hits that are only like those that match."""
    return [hit.id for hit in answer.hits if hit.related]
