"""The index behind the searcher's door: read → rank → order → snippets."""

import time
from contextlib import ExitStack
from dataclasses import dataclass

from msgspec.structs import replace

from indexer.article import Article
from indexer.errors import IndexDamaged
from indexer.index.analysis import LANGUAGES, language_of
from indexer.index.columns.segment import open_columns
from indexer.index.columns.texts import SegmentTexts
from indexer.index.generation import Generation
from indexer.index.withdrawals import total
from service.search.advising import PINNED_REASON, RAISED_REASON, Advisor
from service.search.cursor import Start, cursor_at, key_of, start_of
from service.search.hits import HitMaker, Hits
from service.search.options import Options
from service.search.ranking.absence import absent_words
from service.search.ranking.article_languages import ArticleLanguages
from service.search.ranking.collector import NOT_PLACED, Placed, Ranking, Wanted
from service.search.ranking.explain import Explainer
from service.search.ranking.fallback import FieldBM25F, WhooshMatchers
from service.search.ranking.freshness import Freshness
from service.search.ranking.held import HeldStorage
from service.search.ranking.ordering import DEPTH, Ordered, Ordering
from service.search.ranking.proximity import Proximity
from service.search.ranking.ranker import Ranker
from service.search.ranking.selection import Place
from service.search.ranking.semantic import DEPTH as RERANKED
from service.search.ranking.semantic import SemanticReranker, open_vectors_of, question_of
from service.search.reading.reader import Reading
from service.search.reading.terms import QueryTerms
from service.search.request import RelatedRequest, SearchRequest, primary
from service.search.response import Hit, IndexInfo, Reason, RelatedResponse, SearchResponse
from service.search.snippets.maker import SnippetMaker
from service.search.spelling.company import Company
from service.search.spelling.dictionary import Dictionary
from service.search.suggest.finisher import Finisher
from service.search.suggest.suggester import Suggester
from service.search.suggest.suggestion import SuggestRequest, SuggestResponse
from service.search.understanding import Understanding

DEFAULTS = Options()


@dataclass(frozen=True)
class Asked:
    """A request as the index takes it.

    Attributes:
        request: what was asked.
        start: where the page begins.
        placed: what has its place by the site's own rules.
        raised: which of that is on help and prevention, beside a notice.
        is_crisis: whether there is a notice of a crisis: what is merely alike stays away.
    """

    request: SearchRequest
    start: Start
    placed: Placed = NOT_PLACED
    raised: tuple[Place, ...] = ()
    is_crisis: bool = False


class IndexSearcher:
    """Answers requests from one generation.

    All files are opened at once and stay open, so that the generation can be pruned while it is
    being served.
    """

    def __init__(self, generation: Generation, storage: HeldStorage, options: Options) -> None:
        manifest = generation.manifest
        withdrawn = total(generation.withdrawals().values())
        self._info = IndexInfo(generation.name, manifest.built_at, manifest.articles)
        self._options = options
        weighting = FieldBM25F(manifest.languages, withdrawn)
        self._matchers = WhooshMatchers(storage, weighting, options.on_fallback)
        segments = [
            (open_columns(generation.columns / f"{name}.columns"), deleted)
            for name, deleted in self._matchers.segments
        ]
        self._ranker = Ranker(segments, manifest.languages, withdrawn, self._matchers)
        columns, statistics = self._ranker.columns, self._ranker.statistics
        texts = [SegmentTexts(each) for each in columns]
        today = manifest.built_at.date()
        self._hits = HitMaker(columns, statistics, SnippetMaker(texts), today)
        held = {language_of(code) for code in manifest.languages}
        languages = tuple(language for language in LANGUAGES if language in held)
        dictionary = Dictionary(columns, withdrawn)
        company = Company(columns)
        self._suggester = Suggester(segments, dictionary)
        finisher = Finisher(columns, self._suggester.titles, dictionary, company)
        self._understanding = Understanding(dictionary, company, finisher, languages, options)
        self._advisor = Advisor(self._ranker, self._understanding, options)
        proximity = Proximity(texts, statistics)
        freshness = Freshness(columns, today)
        spoken = ArticleLanguages(columns, languages)
        self._ordering = Ordering(self._ranker, proximity, freshness, spoken, options.tuning)
        self._meaning = self._reranker(generation)
        self._explainer = Explainer(
            self._ranker.shards, self._ranker.homes, statistics, self._ordering
        )

    def _reranker(self, generation: Generation) -> SemanticReranker | None:
        """Return what ranks again by meaning, if that is wanted."""
        queries = self._options.queries
        if queries is None or not self._options.tuning.semantic:
            return None
        names = [name for name, _ in self._matchers.segments]
        return SemanticReranker(open_vectors_of(generation, names, queries.recipe), queries)

    @property
    def _depth(self) -> int:
        """How many of the best are put in order, whatever page is asked for: so pages fit."""
        return DEPTH if self._meaning is None else max(DEPTH, RERANKED)

    @property
    def info(self) -> IndexInfo:
        """Which generation this is, and which editions of the operator's files are in force."""
        lexicon, editorial = self._options.lexicon().edition, self._options.editorial().edition
        if (lexicon, editorial) != (self._info.lexicon, self._info.editorial):
            self._info = replace(self._info, lexicon=lexicon, editorial=editorial)
        return self._info  # the same object else: answers are kept as long as it is

    def search(self, request: SearchRequest) -> SearchResponse:
        """Answer a request. Any text is a valid query; a query without words has no hits.

        Raises:
            CursorInvalid: the cursor is none, or one of another search.
            CursorExpired: the cursor is one of another state of the index.
        """
        began = time.perf_counter()
        info = self.info  # what is renewed from here on makes no newer answer
        start = start_of(request, info)
        typed, meant, reading = understood = self._understanding.of(request)
        notices, placed, raised = self._advisor.of(request, understood)
        is_crisis = any(notice.severity == "crisis" for notice in notices)
        asked = Asked(request, start, placed, raised, is_crisis)
        ranking = self._rank(reading, asked)
        if request.expand and _found_nothing(ranking, asked):
            reading, ranking = self._without_quotes(reading, asked) or (reading, ranking)
            meant = meant if reading is typed else reading.text
        ordered = self._order(ranking, reading, asked)
        return SearchResponse(
            query=typed.text,
            total=ranking.total,
            total_relation="eq" if ranking.complete else "gte",
            related=ordered.related,
            page=request.page,
            per_page=request.per_page,
            hits=self._page(ordered, ranking, reading, asked),
            facets=dict(ranking.facets),
            did_you_mean=meant,
            corrected=reading is not typed,
            expansions=reading.expansions,
            absent=absent_words(reading, self._ranker.statistics),
            next_cursor=self._next(ordered, asked, info),
            notices=notices,
            index=info,
            took_ms=round((time.perf_counter() - began) * 1000, 2),
        )

    def article(self, id_: str) -> Article | None:
        """Return an article whole, by its id; None if there is none."""
        place = self._ranker.place_of(id_, ("id",))
        return self._ranker.columns[place.segment].article(place.document) if place else None

    def related(self, id_: str, request: RelatedRequest) -> RelatedResponse | None:
        """Return articles that are like one, which are no matches of anything; None without it."""
        place = self._ranker.place_of(id_, ("id",))
        if place is None:
            return None
        own = self._ranker.columns[place.segment].card(place.document).language
        languages = primary(request.language) or (own,)
        found = self._ranker.related(place, languages, request.limit)
        return RelatedResponse(id_, self._hits.make(found, QueryTerms()), self.info)

    def suggest(self, request: SuggestRequest) -> SuggestResponse:
        """Complete a text. Any text is valid; one without words has no completions."""
        return self._suggester.suggest(request)

    def _without_quotes(self, reading: Reading, asked: Asked) -> tuple[Reading, Ranking] | None:
        """Return what a query finds with its quoted words as plain words, if that is anything."""
        plain = self._understanding.without_quotes(reading)
        if plain is None:
            return None
        ranking = self._rank(plain, asked)
        return None if _found_nothing(ranking, asked) else (plain, ranking)

    def _rank(self, reading: Reading, asked: Asked) -> Ranking:
        start, request = asked.start, asked.request
        size = start.skip + request.per_page + 1  # one more says whether anything follows
        wanted = Wanted(
            reading.compiled.plan,
            reading.titles,
            request,
            max(size, self._depth) if start.after is None else size,
            time.monotonic() + self._options.seconds,
            self._options.tuning.duplicates,
            start.after,
            asked.placed,
            reading.words if self._options.tuning.coverage else (),
        )
        return self._ranker.rank(wanted)

    def _order(self, ranking: Ranking, reading: Reading, asked: Asked) -> Ordered:
        """Return the documents in the order in which they are shown."""
        request, pinned = asked.request, asked.placed.pinned
        if request.sort != "relevance" or asked.start.after is not None:
            return Ordered(ranking.places)
        ordered = Ordered(self._ordering.order(ranking.places, reading), head=self._depth)
        is_open = reading.compiled.is_plain and request.expand and not asked.is_crisis
        if is_open and ranking.complete and not request.is_filtered:
            matching = ranking.total - len(pinned)
            ordered = self._ordering.with_related(ordered, matching, asked.placed)
        if reading.compiled.is_plain:
            ordered = self._by_meaning(ordered, reading)
        places = [*pinned, *ordered.places]
        return ordered._replace(places=places, head=ordered.head + len(pinned))

    def _by_meaning(self, ordered: Ordered, reading: Reading) -> Ordered:
        """Return the documents in the order of words and meaning together, where that is wanted."""
        if self._meaning is None:
            return ordered
        names = [name for expansion in reading.expansions for name in expansion.to]
        drugs = self._options.lexicon().drugs
        question = question_of(reading.text, names, reading.language, drugs)
        if not question:
            return ordered
        matching = len(ordered.places) - ordered.related
        stretches = ordered.places[:matching], ordered.places[matching:]
        places = [p for each in stretches for p in self._meaning.rerank(question, each)]
        return ordered._replace(places=places)

    def _page(self, ordered: Ordered, ranking: Ranking, reading: Reading, asked: Asked) -> Hits:
        """Return the hits of the page that is asked for."""
        request, skip = asked.request, asked.start.skip
        page = ordered.places[skip : skip + request.per_page]
        first_related = len(ordered.places) - ordered.related - skip
        terms, pinned = reading.compiled.terms, asked.placed.pinned
        hits = self._hits.make(page, terms, first_related, pinned, asked.raised)
        if not request.explain:
            return hits
        is_ordered = request.sort == "relevance" and asked.start.after is None
        best = ranking.places[:DEPTH] if is_ordered else []
        reasons = self._explainer.explain(page, best, reading)
        return tuple(map(_explained, hits, reasons))

    def _next(self, ordered: Ordered, asked: Asked, info: IndexInfo) -> str | None:
        """Return the cursor of the next page, if there is one."""
        start, size = asked.start, asked.request.per_page
        end = start.skip + size
        if end >= len(ordered.places):
            return None
        after = None
        if end > ordered.head:
            last = ordered.places[end - 1]
            after = key_of(last, self._ranker.columns[last.segment].card(last.document).id)
        return cursor_at(Start(start.position + size, after), asked.request, info)

    def close(self) -> None:
        """Release files. No call may be running or follow."""
        self._matchers.close()


def _explained(hit: Hit, reasons: tuple[Reason, ...]) -> Hit:
    """Return a hit with the parts of its score; what was put first has none."""
    if hit.pinned or hit.raised:
        reasons = (PINNED_REASON if hit.pinned else RAISED_REASON,)
    return replace(hit, explanation=reasons)


def _found_nothing(ranking: Ranking, asked: Asked) -> bool:
    """Return whether nothing matches; one that ran out of time does not know."""
    return ranking.complete and ranking.total == len(asked.placed.pinned)


def open_searcher(generation: Generation, options: Options = DEFAULTS) -> IndexSearcher:
    """Open a generation whose files have been checked.

    Raises:
        IndexDamaged: it cannot be opened although its files are whole.
    """
    try:
        with ExitStack() as stack:
            storage = HeldStorage(generation.whoosh)
            stack.callback(storage.release)
            searcher = IndexSearcher(generation, storage, options)
            stack.pop_all()
            return searcher
    except IndexDamaged:
        raise
    except Exception as error:
        raise IndexDamaged(
            f"{generation.folder} cannot be opened ({type(error).__name__}). Reindex."
        ) from error
