"""Places → hits: what is shown of the articles of a page."""

from collections.abc import Iterable, Sequence
from datetime import date

from indexer.index.columns.layout import EXACT
from indexer.index.columns.segment import SegmentColumns
from service.search.ranking.freshness import is_outdated
from service.search.ranking.selection import Place
from service.search.ranking.statistics import Statistics
from service.search.reading.terms import QueryTerms
from service.search.response import Hit
from service.search.snippets.maker import SnippetMaker, Snippets

Hits = tuple[Hit, ...]


class HitMaker:
    """Makes the hits of one generation. Safe to use from several threads."""

    def __init__(
        self,
        segments: Sequence[SegmentColumns],
        statistics: Statistics,
        snippets: SnippetMaker,
        today: date,
    ) -> None:
        """Take the segments, and the day on which an article is out of date or not."""
        self._segments = segments
        self._statistics = statistics
        self._snippets = snippets
        self._today = today

    def make(
        self,
        places: Sequence[Place],
        terms: QueryTerms,
        first_related: int | None = None,
        pinned: Iterable[Place] = (),
        raised: Iterable[Place] = (),
    ) -> Hits:
        """Return the hits of some places, in their order.

        Args:
            places: the documents.
            terms: what is marked in them; without any the snippet is how an article begins.
            first_related: where those begin that do not match, if any.
            pinned: which stand there whatever they are worth,
            raised: and which of these because they are on help and prevention.
        """
        self._weigh(terms)
        spots = _spots(places)
        first = dict.fromkeys(_spots(pinned), "pinned") | dict.fromkeys(_spots(raised), "raised")
        snippets = self._snippets.make(spots, terms)
        end = len(places) if first_related is None else first_related
        return tuple(
            self._hit(place, each, is_related=at >= end, first=first.get(spots[at], ""))
            for at, (place, each) in enumerate(zip(places, snippets, strict=True))
        )

    def _hit(self, place: Place, snippets: Snippets, *, is_related: bool, first: str) -> Hit:
        card = self._segments[place.segment].card(place.document)
        return Hit(
            id=card.id,
            url=card.url,
            title=card.title,
            score=round(place.score, 4),
            language=card.language,
            published=card.published,
            modified=card.modified,
            last_reviewed=card.last_reviewed,
            outdated=is_outdated(card, self._today),
            publisher=card.publisher,
            topics=card.topics,
            audience=card.audience,
            words=card.words,
            reading_grade=card.reading_grade,
            related=is_related,
            pinned=first == "pinned",
            raised=first == "raised",
            section=snippets.section,
            highlights=snippets.highlights,
        )

    def _weigh(self, terms: QueryTerms) -> None:
        """Give the terms their inverse document frequencies, by which snippets are chosen."""
        runs = self._statistics.runs
        for language, stems in terms.stems.items():
            for term in stems:
                stems[term] = runs(language, term).idf
        for term in terms.exact:
            terms.exact[term] = runs(EXACT, term).idf


def _spots(places: Iterable[Place]) -> list[tuple[int, int]]:
    return [(place.segment, place.document) for place in places]
