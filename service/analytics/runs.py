"""Tells what was meant from what was only typed on the way to it.

A search box searches at every pause of typing. Of the searches of one client that follow each other
within 30 seconds, and of which one text begins with the other, only the last counts: "mag",
"magne", "magnesium" is one search. Algolia counts so, too ("Query aggregation and processing",
algolia.com/doc/guides/search-analytics/concepts/query-aggregation: the last of the queries of one
user within 30 s, where it goes by the edit distance of the texts). So a search that is made again
for another page, order or filter is none of its own either.
"""

from collections import OrderedDict
from typing import NamedTuple

from service.analytics.counts import SearchFacts

SILENCE_SECONDS = 30.0
"""After so long without a further search the last one was meant. Algolia's figure."""

MAX_RUNS = 20_000
"""Clients that are typing at once; about 10 MB. Of more, the eldest is taken to be done."""


class Search(NamedTuple):
    """A search of a client, and when it was, in seconds."""

    client: bytes
    facts: SearchFacts
    at: float


class Runs:
    """The last search of each client that may still be typing; in memory only."""

    def __init__(self, most: int = MAX_RUNS) -> None:
        self._most = most
        self._last: OrderedDict[bytes, Search] = OrderedDict()

    def add(self, search: Search) -> list[Search]:
        """Take a search in; return those of which it is clear now that they were meant."""
        before = self._last.pop(search.client, None)
        self._last[search.client] = search
        meant = [before] if before and not _goes_on(before, search) else []
        if len(self._last) > self._most:
            meant.append(self._last.popitem(last=False)[1])
        return meant

    def end(self, client: bytes, text: str) -> list[Search]:
        """Return the client's search if it is this one: something was done with its results."""
        last = self._last.get(client)
        return [self._last.pop(client)] if last and last.facts.text == text else []

    def over(self, now: float) -> list[Search]:
        """Return the searches that nothing followed for long enough."""
        meant = []
        while self._last:
            search = next(iter(self._last.values()))
            if now - search.at <= SILENCE_SECONDS:
                break
            meant.append(self._last.pop(search.client))
        return meant

    def all(self) -> list[Search]:
        """Return all that is left: nothing follows any more."""
        meant = list(self._last.values())
        self._last.clear()
        return meant


def _goes_on(before: Search, after: Search) -> bool:
    """Return whether a search is typed on, or back, from the one before."""
    one, other = before.facts.text, after.facts.text
    is_soon = after.at - before.at <= SILENCE_SECONDS
    return is_soon and (other.startswith(one) or one.startswith(other))
