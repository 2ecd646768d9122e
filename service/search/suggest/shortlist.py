"""What may be suggested, in its order, and nothing that says the same twice."""

from math import log2
from typing import NamedTuple

from service.search.suggest.completions import BEGINS
from service.search.suggest.shown import marked
from service.search.suggest.suggestion import Kind, Suggestion
from service.search.suggest.typed import Typed, Worded

TERM_PENALTY = 2.0
"""Bits by which a term is less useful than a title of as many words that as many articles have: a
title leads to its article."""

_KINDS: tuple[Kind, ...] = ("title", "topic", "term")


class Reading(NamedTuple):
    """A way to read what was typed; completions of those of earlier stages go before."""

    typed: Typed
    stage: int


class Offer(NamedTuple):
    """What may be suggested.

    Attributes:
        kind: what it is.
        text: what to show.
        reading: what it completes.
        score: how useful it is, in bits.
        url: where a title leads.
    """

    kind: Kind
    text: Worded
    reading: Reading
    score: float
    url: str = ""

    @property
    def order(self) -> tuple[int, float, int, str, str]:
        """What offers are sorted by."""
        return (
            self.reading.stage,
            -self.score,
            _KINDS.index(self.kind),
            self.text.text,
            self.url,
        )


class Shortlist:
    """Gathers what may be suggested.

    Where a title, a topic and a term say the same, the title stays, since it leads to the article,
    and takes the best place of the three; the topic goes before the term.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._offers: dict[tuple[str, ...], Offer] = {}
        self._joined: dict[str, tuple[str, ...]] = {}

    def __len__(self) -> int:
        return len(self._offers)

    def add(self, offer: Offer) -> bool:
        """Add an offer; return whether it says something new."""
        # "Covid19" says what "COVID-19" does, though they have no word in common.
        sense = self._joined.setdefault("".join(offer.text.terms), offer.text.sense)
        known = self._offers.get(sense)
        if known is None:
            self._offers[sense] = offer
            return True
        best = min(offer, known, key=lambda each: each.order)
        kept = min(offer, known, key=lambda each: (_KINDS.index(each.kind), each.order))
        self._offers[sense] = kept._replace(reading=best.reading, score=best.score)
        return False

    def suggestions(self) -> tuple[Suggestion, ...]:
        """Return the best; terms are half of them at most, unless there is too little else."""
        ranked = sorted(self._offers.values(), key=lambda each: each.order)
        others = sum(each.kind != "term" for each in ranked)
        terms = max(self._limit // 2, self._limit - others)
        chosen: list[Offer] = []
        for offer in ranked:
            terms -= offer.kind == "term"
            if offer.kind != "term" or terms >= 0:
                chosen.append(offer)
        return tuple(map(_suggestion, chosen[: self._limit]))


def worth(articles: int, words: int, *, is_first: bool) -> float:
    """Return how useful it is, in bits, that so many articles have a text of so many words."""
    return log2(1 + articles) - words + BEGINS * is_first


def _suggestion(offer: Offer) -> Suggestion:
    return Suggestion(
        text=offer.text.text,
        kind=offer.kind,
        highlight=marked(offer.text, offer.reading.typed),
        url=offer.url,
    )
