"""Analyzers by name: what turns a text into the terms of an index, the same for queries.

An analyzer is a tokenizer and a chain of filters, each a function from a word to a word, or to
the empty string to drop it:

    exact   tokenize | fold | drop_apostrophes
    en      tokenize | fold | drop_possessive | drop_apostrophes | stop(en) | stem(en) | respell(en)
    es      tokenize | fold | drop_possessive | drop_apostrophes | stop(es) | stem(es) | respell(es)
    und     tokenize | fold | drop_possessive | drop_apostrophes

The schema refers to analyzers by name, so an index holds no code.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import Stemmer
from whoosh.analysis.acore import Token as WhooshToken
from whoosh.analysis.analyzers import Analyzer as WhooshAnalyzerBase

from indexer.article import UNDETERMINED
from indexer.index.folding import drop_apostrophes, drop_possessive, fold
from indexer.index.lexicon import load_spellings, load_words
from indexer.index.tokenizer import tokenize

ANALYSIS_VERSION = 3
"""Raise it when tokens or terms change: indexes of another version are rebuilt."""

SNOWBALL = {"en": "english", "es": "spanish"}
"""Languages with stop words and a stemmer, and the name of their Snowball algorithm."""

LANGUAGES = (*SNOWBALL, UNDETERMINED)
"""The languages with an analyzer of their own; all others are analyzed as ``und``."""

Filter = Callable[[str], str]

_MEMO_LIMIT = 200_000


class Term(NamedTuple):
    """An indexed form of a word, and where the word stands in the text."""

    text: str
    position: int
    start: int
    end: int


class Analyzer:
    """A tokenizer and a chain of filters. Each distinct word runs through the chain once."""

    def __init__(self, name: str, *filters: Filter) -> None:
        self.name = name
        self._filters = filters
        self._memo: dict[str, str] = {}

    def term(self, word: str) -> str:
        """Return the term of one token's text, or the empty string for a stop word."""
        term = self._memo.get(word)
        if term is None:
            if len(self._memo) >= _MEMO_LIMIT:
                self._memo.clear()
            term = self._memo[word] = self._filtered(word)
        return term

    def terms(self, text: str) -> Iterator[Term]:
        """Yield the terms of ``text``. Stop words leave gaps in the positions."""
        for word, position, start, end in tokenize(text):
            term = self.term(word)
            if term:
                yield Term(term, position, start, end)

    def _filtered(self, word: str) -> str:
        for apply in self._filters:
            word = apply(word)
            if not word:
                break
        return word


@cache
def analyzer(name: str) -> Analyzer:
    """Return the analyzer of that name; one object a process, so that its memo is shared."""
    if name == "exact":
        return Analyzer(name, fold, drop_apostrophes)
    plain: tuple[Filter, ...] = (fold, drop_possessive, drop_apostrophes)
    if name == UNDETERMINED:
        return Analyzer(name, *plain)
    return Analyzer(name, *plain, _stop(name), stem(name), _respell(name))


def language_of(code: str) -> str:
    """Return the analyzer's language for an article's or a caller's language code."""
    return code if code in SNOWBALL else UNDETERMINED


def _stop(language: str) -> Filter:
    words = load_words(f"stopwords/{language}.txt")
    return lambda word: "" if word in words else word


def stem(language: str) -> Filter:
    """Return a stemmer that leaves words with digits alone: ``hba1c``, ``covid19``, ``b12``.

    Stems of different spellings are different.
    """
    stemmed = Stemmer.Stemmer(SNOWBALL[language]).stemWord

    def apply(word: str) -> str:
        return word if any(c.isdigit() for c in word) else stemmed(word)

    return apply


def _respell(language: str) -> Filter:
    """A filter from the stem of another spelling to that of the first: both are one term."""
    stemmed = stem(language)
    stems = {
        stemmed(fold(other)): stemmed(fold(first))
        for other, first in load_spellings(language).items()
    }
    return lambda word: stems.get(word, word)


class WhooshAnalyzer(WhooshAnalyzerBase):
    """Lets Whoosh use an analyzer of ours; pickles as its name alone."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(
        self, value: str, positions: bool = False, chars: bool = False, **_: Any
    ) -> Iterator[WhooshToken]:
        """Yield Whoosh's one, reused token, filled with each of our terms."""
        token = WhooshToken(positions, chars)
        token.boost = 1.0
        token.stopped = False
        for term in analyzer(self.name).terms(value):
            token.text = term.text
            token.pos = term.position
            token.startchar, token.endchar = term.start, term.end
            yield token
