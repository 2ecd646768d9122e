"""Words that begin so: a prefix query that costs what a few words cost."""

from collections.abc import Iterable
from heapq import nlargest
from typing import Any

from whoosh.matching.mcore import ListMatcher, Matcher, NullMatcher
from whoosh.query.terms import Prefix
from whoosh.reading import IndexReader, TermNotFound

MAX_TERMS = 200
"""Words that one prefix stands for, the most frequent ones: unbounded, ``co*`` stands for 2,000 on
16,000 articles, and a query of ten such prefixes took more than ten seconds."""


class FrequentPrefix(Prefix):
    """Matches documents with any of the most frequent words that begin with the text.

    Which words those are is a matter of the whole index, not of one of its segments.
    """

    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        """Return what matches in a segment; every match has the same score."""
        del context
        numbers: set[int] = set()
        reader = searcher.reader()
        for word in self._frequent(searcher.get_parent()):
            try:
                numbers.update(reader.postings(self.fieldname, word).all_ids())
            except TermNotFound:
                continue
        matcher: Matcher = NullMatcher()
        if numbers:
            matcher = ListMatcher(sorted(numbers), all_weights=self.boost)
        return matcher

    def _frequent(self, searcher: Any) -> Iterable[bytes]:
        """Return the words; a query is compiled for one search, so they are looked up once."""
        if self._words is None:
            reader: IndexReader = searcher.reader()
            frequencies = {
                word: searcher.weighting.frequency(reader, self.fieldname, word.decode("utf-8"))
                for word in reader.expand_prefix(self.fieldname, self.text)
            }
            held = (word for word, frequency in frequencies.items() if frequency)
            self._words = nlargest(MAX_TERMS, held, key=lambda word: frequencies[word])
        return self._words

    _words: list[bytes] | None = None
