"""What is counted of a search, and how counts are added up."""

from collections.abc import Mapping
from typing import NamedTuple

from service.analytics.text import normal_form
from service.search.request import SearchRequest
from service.search.response import SearchResponse

Counts = dict[str, int]
"""Numbers by name: those below, and ``click 1`` … ``click 21+``."""

SEARCHES, ZERO, KEPT, SUGGESTIONS = "searches", "zero", "kept", "suggestions"
SLOW, SLOWEST_MS, CLIENTS = "slow", "slowest_ms", "clients"

PLACES = (*map(str, range(1, 11)), "11-20", "21+")
"""Where a hit that was clicked stood, as it is kept."""

CLICKS = tuple(f"click {place}" for place in PLACES)

SLOW_SECONDS = 0.5
"""From here on a search is slow. Judgement: a second keeps a reader's train of thought (Nielsen,
Usability Engineering, 1993, ch. 5), and the engine may take half of it."""

ROUNDED_MS = 100
"""To what the longest time is rounded: it is one visitor's."""


class SearchFacts(NamedTuple):
    """What is known of a search for the first page of what matches a query.

    Attributes:
        text: the query in normal form.
        total: how many articles match, None where that is not known, as when time ran out.
        seconds: how long the engine took; 0 for an answer that was kept.
    """

    text: str
    total: int | None
    seconds: float


def facts_of(request: SearchRequest, response: SearchResponse | None = None) -> SearchFacts | None:
    """Return what counts of a search, whose answer may be one that the caller has kept.

    None if it is no search of its own: a later page, or a question why hits stand where they do.
    """
    if request.page > 1 or request.cursor or request.explain:
        return None
    text = normal_form(request.q)
    if response is None:
        return SearchFacts(text, None, 0.0)
    is_known = response.total > 0 or response.total_relation == "eq"
    return SearchFacts(
        text, response.total if is_known else None, max(response.took_ms, 0.001) / 1000
    )


def counts_of(facts: SearchFacts) -> Counts:
    """Return what one search counts for."""
    counts = {SEARCHES: 1}
    if facts.total == 0:
        counts[ZERO] = 1
    if not facts.seconds:
        counts[KEPT] = 1
    elif facts.seconds >= SLOW_SECONDS:
        counts[SLOW] = 1
        counts[SLOWEST_MS] = round(facts.seconds * 1000 / ROUNDED_MS) * ROUNDED_MS
    return counts


def click_at(position: int) -> str:
    """Return what a click on the hit at a position, from 1, is counted under."""
    if position <= 10:
        return CLICKS[position - 1]
    return CLICKS[10] if position <= 20 else CLICKS[11]


def add(counts: Counts, more: Mapping[str, int]) -> None:
    """Add ``more`` to ``counts``; of the longest times the longer one stays."""
    for name, value in more.items():
        known = counts.get(name, 0)
        counts[name] = max(known, value) if name == SLOWEST_MS else known + value
