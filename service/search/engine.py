"""The index behind the searcher's door: read → rank → order → snippets."""

import time
from collections.abc import Sequence
from contextlib import ExitStack

from msgspec.structs import replace

from indexer.errors import IndexDamaged
from indexer.index.analysis import LANGUAGES, language_of
from indexer.index.columns.cards import Card
from indexer.index.columns.layout import EXACT
from indexer.index.columns.segment import open_columns
from indexer.index.columns.texts import SegmentTexts
from indexer.index.generation import Generation
from indexer.index.withdrawals import total
from service.search.options import Options
from service.search.ranking.article_languages import ArticleLanguages
from service.search.ranking.explain import Explainer
from service.search.ranking.fallback import FieldBM25F, WhooshMatchers
from service.search.ranking.freshness import Freshness
from service.search.ranking.held import HeldStorage
from service.search.ranking.ordering import DEPTH, Ordered, Ordering
from service.search.ranking.proximity import Proximity
from service.search.ranking.ranker import Ranker, Ranking, Wanted
from service.search.ranking.selection import Place
from service.search.ranking.semantic import DEPTH as RERANKED
from service.search.ranking.semantic import SemanticReranker, open_vectors_of, question_of
from service.search.reading.query import normalize, unquoted
from service.search.reading.reader import Reader, Reading
from service.search.reading.terms import QueryTerms
from service.search.request import SearchRequest
from service.search.response import Hit, IndexInfo, SearchResponse
from service.search.snippets.maker import SnippetMaker, Snippets
from service.search.spelling.company import Company
from service.search.spelling.dictionary import Dictionary
from service.search.spelling.fuzzy import SpelledAlike
from service.search.spelling.speller import speller_of
from service.search.suggest.suggester import Suggester
from service.search.suggest.suggestion import SuggestRequest, SuggestResponse

DEFAULTS = Options()

Hits = tuple[Hit, ...]


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
        self._snippets = SnippetMaker(texts)
        held = {language_of(code) for code in manifest.languages}
        self._languages = tuple(language for language in LANGUAGES if language in held)
        dictionary = Dictionary(columns, withdrawn)
        self._reader = Reader(
            self._languages, options.lexicon, SpelledAlike(dictionary), options.tuning
        )
        self._dictionary, self._company = dictionary, Company(columns)
        self._suggester = Suggester(segments, dictionary)
        proximity = Proximity(texts, statistics)
        freshness = Freshness(columns, manifest.built_at.date())
        self._ordering = Ordering(
            self._ranker,
            proximity,
            freshness,
            ArticleLanguages(columns, self._languages),
            options.tuning,
        )
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
    def info(self) -> IndexInfo:
        """Which generation this is, and which edition of the site's own names is in force."""
        edition = self._options.lexicon().edition
        if edition != self._info.lexicon:  # the same object else: answers are kept as long as it is
            self._info = replace(self._info, lexicon=edition)
        return self._info

    def search(self, request: SearchRequest) -> SearchResponse:
        """Answer a request. Any text is a valid query; a query without words has no hits."""
        began = time.perf_counter()
        info = self.info  # what is renewed from here on makes no newer answer
        typed = self._reader.read(normalize(request.q), expand=request.expand)
        meant = self._meant(typed)
        reading = self._reader.read(meant, expand=True) if meant and request.expand else typed
        ranking = self._rank(reading, request)
        if request.expand and _found_nothing(ranking):
            reading, ranking = self._without_quotes(reading, request) or (reading, ranking)
            meant = meant if reading is typed else reading.text
        ordered = self._order(ranking, reading, request)
        start = (request.page - 1) * request.per_page
        page = ordered.places[start : start + request.per_page]
        first_related = len(ordered.places) - ordered.related - start
        hits = self._hits(page, reading, first_related)
        if request.explain:
            best = ranking.places[:DEPTH] if request.sort == "relevance" else []
            hits = self._explained(hits, page, best, reading)
        return SearchResponse(
            query=typed.text,
            total=ranking.total,
            total_relation="eq" if ranking.complete else "gte",
            related=ordered.related,
            page=request.page,
            per_page=request.per_page,
            took_ms=round((time.perf_counter() - began) * 1000, 2),
            hits=hits,
            facets=dict(ranking.facets),
            did_you_mean=meant,
            corrected=reading is not typed,
            expansions=reading.expansions,
            index=info,
        )

    def suggest(self, request: SuggestRequest) -> SuggestResponse:
        """Complete a text. Any text is valid; one without words has no completions."""
        return self._suggester.suggest(request)

    def _meant(self, reading: Reading) -> str | None:
        """Return a query with its words spelled as they were probably meant, if they were not."""
        if not self._options.tuning.spelling:
            return None
        # One word may be a slip that another language happens to have; several are of that one.
        is_said = reading.language and len(reading.compiled.spoken) > 1
        languages = (*self._languages, reading.language) if is_said else self._languages
        lexicon, language = self._options.lexicon(), reading.language
        if language not in self._languages and not is_said:
            language = ""
        speller = speller_of(self._dictionary, self._company, lexicon, languages, language)
        if not speller.suspicious(reading.tree, reading.text):
            return None
        return speller.correction(reading.tree, reading.text)

    def _without_quotes(
        self, reading: Reading, request: SearchRequest
    ) -> tuple[Reading, Ranking] | None:
        """Return what a query finds with its quoted words as plain words, if that is anything."""
        text = unquoted(reading.text)
        if text == reading.text:
            return None
        plain = self._reader.read(text, expand=True)
        ranking = self._rank(plain, request)
        return None if _found_nothing(ranking) else (plain, ranking)

    def _rank(self, reading: Reading, request: SearchRequest) -> Ranking:
        # Whatever page is asked for, as many are put in order, so that pages fit together.
        ordered = DEPTH if self._meaning is None else max(DEPTH, RERANKED)
        wanted = Wanted(
            reading.compiled.plan,
            reading.titles,
            request,
            max(request.page * request.per_page, ordered),
            time.monotonic() + self._options.seconds,
            self._options.tuning.duplicates,
        )
        return self._ranker.rank(wanted)

    def _order(self, ranking: Ranking, reading: Reading, request: SearchRequest) -> Ordered:
        """Return the documents in the order in which they are shown."""
        if request.sort != "relevance":
            return Ordered(ranking.places)
        ordered = Ordered(self._ordering.order(ranking.places, reading))
        is_open = reading.compiled.is_plain and request.expand
        if is_open and ranking.complete and not (request.topic or request.language):
            ordered = self._ordering.with_related(ordered.places, ranking.total)
        return self._by_meaning(ordered, reading) if reading.compiled.is_plain else ordered

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
        return Ordered(places, ordered.related)

    def _hits(self, places: Sequence[Place], reading: Reading, first_related: int) -> Hits:
        terms = reading.compiled.terms
        self._weigh(terms)
        documents = [(place.segment, place.document) for place in places]
        snippets = self._snippets.make(documents, terms)
        cards = [self._ranker.columns[segment].card(document) for segment, document in documents]
        related = (at >= first_related for at in range(len(places)))
        return tuple(map(_hit, places, cards, snippets, related))

    def _explained(
        self, hits: Hits, page: Sequence[Place], best: Sequence[Place], reading: Reading
    ) -> Hits:
        """Return hits with the parts of their scores."""
        reasons = self._explainer.explain(page, best, reading)
        return tuple(
            replace(hit, explanation=each) for hit, each in zip(hits, reasons, strict=True)
        )

    def close(self) -> None:
        """Release files. No call may be running or follow."""
        self._matchers.close()

    def _weigh(self, terms: QueryTerms) -> None:
        """Give the terms their inverse document frequencies, by which snippets are chosen."""
        runs = self._ranker.statistics.runs
        for language, stems in terms.stems.items():
            for term in stems:
                stems[term] = runs(language, term).idf
        for term in terms.exact:
            terms.exact[term] = runs(EXACT, term).idf


def _found_nothing(ranking: Ranking) -> bool:
    """Return whether nothing matches; one that ran out of time does not know."""
    return ranking.complete and ranking.total == 0


def _hit(place: Place, card: Card, snippets: Snippets, is_related: bool) -> Hit:
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
        related=is_related,
        section=snippets.section,
        highlights=snippets.highlights,
    )


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
