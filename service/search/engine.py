"""The index behind the searcher's door: parse → compile → rank → snippets."""

import time
from collections.abc import Callable
from contextlib import ExitStack

from indexer.errors import IndexDamaged
from indexer.index.analysis import LANGUAGES, language_of
from indexer.index.columns.cards import Card
from indexer.index.columns.layout import EXACT, FIELDS_OF
from indexer.index.columns.segment import open_columns
from indexer.index.generation import Generation
from indexer.index.withdrawals import total
from service.search.compiler import compile_query
from service.search.fallback import FieldBM25F, WhooshMatchers
from service.search.held import HeldStorage
from service.search.query import normalize, parse
from service.search.ranking import Ranker
from service.search.request import SearchRequest
from service.search.response import Hit, IndexInfo, SearchResponse
from service.search.selection import Place
from service.search.snippets import SnippetMaker, Snippets
from service.search.terms import QueryTerms
from service.search.tuning import DEFAULT, Tuning

SECONDS = 2.0
"""How long one ranking may take where the caller does not say."""

_BODY = FIELDS_OF[LANGUAGES[0]].index("body")
_BODY_EXACT = FIELDS_OF[EXACT].index("body_exact")


class IndexSearcher:
    """Answers requests from one generation.

    All files are opened at once and stay open, so that the generation can be pruned while it is
    being served.
    """

    def __init__(
        self,
        generation: Generation,
        storage: HeldStorage,
        seconds: float,
        on_fallback: Callable[[], None],
        tuning: Tuning,
    ) -> None:
        manifest = generation.manifest
        withdrawn = total(generation.withdrawals().values())
        self._info = IndexInfo(generation.name, manifest.built_at, manifest.articles)
        self._seconds = seconds
        self._tuning = tuning
        weighting = FieldBM25F(manifest.languages, withdrawn)
        self._matchers = WhooshMatchers(storage, weighting, on_fallback)
        segments = [
            (open_columns(generation.columns / f"{name}.columns"), deleted)
            for name, deleted in self._matchers.segments
        ]
        self._ranker = Ranker(segments, manifest.languages, withdrawn, self._matchers)
        self._snippets = SnippetMaker(self._ranker.columns)
        held = {language_of(code) for code in manifest.languages}
        self._languages = tuple(language for language in LANGUAGES if language in held)

    @property
    def info(self) -> IndexInfo:
        """Which generation this is."""
        return self._info

    def search(self, request: SearchRequest) -> SearchResponse:
        """Answer a request. Any text is a valid query; a query without words has no hits."""
        began = time.perf_counter()
        text = normalize(request.q)
        compiled = compile_query(parse(text), self._languages)
        ranking = self._ranker.rank(compiled.plan, request, self._seconds)
        self._weigh(compiled.terms)
        places = [(place.segment, place.document) for place in ranking.places]
        snippets = self._snippets.make(places, compiled.terms)
        cards = [self._ranker.columns[segment].card(document) for segment, document in places]
        hits = tuple(map(_hit, ranking.places, cards, snippets))
        return SearchResponse(
            query=text,
            total=ranking.total,
            total_relation="eq" if ranking.complete else "gte",
            page=request.page,
            per_page=request.per_page,
            took_ms=round((time.perf_counter() - began) * 1000, 2),
            hits=hits,
            facets=dict(ranking.facets),
            index=self._info,
        )

    def close(self) -> None:
        """Release files. No call may be running or follow."""
        self._matchers.close()

    def _weigh(self, terms: QueryTerms) -> None:
        """Give the terms their inverse document frequencies, by which snippets are chosen."""
        runs = self._ranker.statistics.runs
        for language, stems in terms.stems.items():
            for term in stems:
                stems[term] = runs(language, term).idf[_BODY]
        for term in terms.exact:
            terms.exact[term] = runs(EXACT, term).idf[_BODY_EXACT]


def _hit(place: Place, card: Card, snippets: Snippets) -> Hit:
    return Hit(
        id=card.id,
        url=card.url,
        title=card.title,
        score=round(place.score, 4),
        language=card.language,
        published=card.published,
        modified=card.modified,
        last_reviewed=card.last_reviewed,
        publisher=card.publisher,
        topics=card.topics,
        section=snippets.section,
        highlights=snippets.highlights,
    )


def open_searcher(
    generation: Generation,
    seconds: float = SECONDS,
    on_fallback: Callable[[], None] = lambda: None,
    tuning: Tuning = DEFAULT,
) -> IndexSearcher:
    """Open a generation whose files have been checked.

    Args:
        generation: what to search in.
        seconds: how long the ranking of one query may take.
        on_fallback: called for each query that Whoosh's own matchers score.
        tuning: which signals take part in the ranking.

    Raises:
        IndexDamaged: it cannot be opened although its files are whole.
    """
    try:
        with ExitStack() as stack:
            storage = HeldStorage(generation.whoosh)
            stack.callback(storage.release)
            searcher = IndexSearcher(generation, storage, seconds, on_fallback, tuning)
            stack.pop_all()
            return searcher
    except IndexDamaged:
        raise
    except Exception as error:
        raise IndexDamaged(
            f"{generation.folder} cannot be opened ({type(error).__name__}). Reindex."
        ) from error
