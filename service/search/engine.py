"""The Whoosh behind the searcher's door: parse → compile → rank → sort → snippets."""

import queue
import time
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from whoosh.index import FileIndex, open_dir
from whoosh.query.compound import And, Or
from whoosh.query.qcore import Query
from whoosh.query.terms import Term
from whoosh.searching import Searcher as WhooshSearcherBase

from indexer.article import Article
from indexer.errors import IndexDamaged
from indexer.index.analysis import LANGUAGES, language_of
from indexer.index.generation import Generation
from indexer.index.schema import field_name
from indexer.index.withdrawals import total
from service.search.columns import count_facets, read_columns, sort_documents
from service.search.compiler import compile_query
from service.search.query import normalize, parse
from service.search.ranking import FieldBM25F, ScoredDocument, rank
from service.search.request import SearchRequest
from service.search.response import Hit, IndexInfo, SearchResponse
from service.search.snippets import make_snippets
from service.search.terms import QueryTerms

THREADS = 4
"""Searches at the same time where the caller does not say; more wait for their turn."""


class WhooshSearcher:
    """Answers requests from one generation.

    Whoosh's searchers are not safe to share between threads, so each running request borrows one
    from a pool. All of them are opened at once: the files stay open, so that the generation can be
    pruned while it is being served.
    """

    def __init__(self, generation: Generation, index: FileIndex, threads: int) -> None:
        manifest = generation.manifest
        self._info = IndexInfo(generation.name, manifest.built_at, manifest.articles)
        self._index = index
        self._weighting = FieldBM25F(manifest.languages, total(generation.withdrawals().values()))
        held = {language_of(code) for code in manifest.languages}
        self._languages = tuple(language for language in LANGUAGES if language in held)
        self._idle: queue.SimpleQueue[WhooshSearcherBase] = queue.SimpleQueue()
        for _ in range(threads):
            self._idle.put(index.searcher(weighting=self._weighting))
        with self._borrow() as searcher:
            self._columns = read_columns(searcher.reader())

    @property
    def info(self) -> IndexInfo:
        """Which generation this is."""
        return self._info

    def search(self, request: SearchRequest) -> SearchResponse:
        """Answer a request. Any text is a valid query; a query without words has no hits."""
        began = time.perf_counter()
        text = normalize(request.q)
        compiled = compile_query(parse(text), self._languages)
        with self._borrow() as searcher:
            ranking = rank(searcher, compiled.query, _filter(request))
            ordered = sort_documents(self._columns, ranking.documents, request.sort)
            first = (request.page - 1) * request.per_page
            self._weigh(compiled.terms, searcher)
            hits = tuple(
                _hit(searcher, document, compiled.terms)
                for document in ordered[first : first + request.per_page]
            )
        return SearchResponse(
            query=text,
            total=len(ordered),
            total_relation="eq" if ranking.complete else "gte",
            page=request.page,
            per_page=request.per_page,
            took_ms=round((time.perf_counter() - began) * 1000, 2),
            hits=hits,
            facets=count_facets(self._columns, (document.number for document in ordered)),
            index=self._info,
        )

    def close(self) -> None:
        """Release files. No call may be running or follow."""
        while not self._idle.empty():
            self._idle.get_nowait().close()
        self._index.close()

    @contextmanager
    def _borrow(self) -> Iterator[WhooshSearcherBase]:
        searcher = self._idle.get()
        try:
            yield searcher
        finally:
            self._idle.put(searcher)

    def _weigh(self, terms: QueryTerms, searcher: WhooshSearcherBase) -> None:
        """Give the terms their inverse document frequencies, by which snippets are chosen."""
        for language, stems in terms.stems.items():
            body = field_name("body", language)
            for term in stems:
                stems[term] = self._weighting.idf(searcher, body, term)
        for term in terms.exact:
            terms.exact[term] = self._weighting.idf(searcher, "body_exact", term)


def open_searcher(generation: Generation, threads: int = THREADS) -> WhooshSearcher:
    """Open a generation whose files have been checked, for that many searches at the same time.

    Raises:
        IndexDamaged: Whoosh cannot open it although its files are whole.
    """
    try:
        index = open_dir(str(generation.whoosh), readonly=True)
        return WhooshSearcher(generation, index, threads)
    except Exception as error:
        raise IndexDamaged(
            f"Whoosh cannot open {generation.whoosh} ({type(error).__name__}). Reindex."
        ) from error


def _filter(request: SearchRequest) -> Query | None:
    conditions: list[Query] = [Term("topic", topic.lower()) for topic in request.topic]
    if request.language:
        conditions.append(Or([Term("language", code.lower()) for code in request.language]))
    return And(conditions) if conditions else None


def _hit(searcher: WhooshSearcherBase, document: ScoredDocument, terms: QueryTerms) -> Hit:
    stored = searcher.reader().stored_fields(document.number)["article"]
    article = msgspec.msgpack.decode(stored, type=Article)
    snippets = make_snippets(article, terms)
    return Hit(
        id=article.id,
        url=article.url,
        title=article.title,
        score=round(document.score, 4),
        language=article.language,
        published=article.published,
        modified=article.modified,
        last_reviewed=article.last_reviewed,
        publisher=article.publisher,
        topics=article.topics,
        section=snippets.section,
        highlights=snippets.highlights,
    )
