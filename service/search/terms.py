"""Which words of a text a query matches: what snippets mark and what they are chosen by."""

from dataclasses import dataclass, field

from indexer.index.analysis import analyzer, language_of
from indexer.index.tokenizer import Token, tokenize


@dataclass
class QueryTerms:
    """The terms of a query, gathered while it is compiled.

    Attributes:
        stems: per analyzer language, the weight of each term. Weights are inverse document
            frequencies, so rare words count more.
        exact: weights of unstemmed terms (acronyms, words whose stems are stop words).
        prefixes: beginnings of unstemmed terms.
        phrases: runs of unstemmed terms.
    """

    stems: dict[str, dict[str, float]] = field(default_factory=dict)
    exact: dict[str, float] = field(default_factory=dict)
    prefixes: set[str] = field(default_factory=set)
    phrases: set[tuple[str, ...]] = field(default_factory=set)


@dataclass(frozen=True)
class Match:
    """A stretch of text that a query matches: ``text[start:end]``."""

    start: int
    end: int
    term: str
    weight: float


PHRASE_WEIGHT = 10.0
"""A phrase that someone quoted outweighs any single word in the choice of a sentence."""

PREFIX_WEIGHT = 2.0
"""The idf of a prefix is not known; this is that of a fairly common word."""


def find_matches(text: str, terms: QueryTerms, language: str) -> list[Match]:
    """Return what ``terms`` match in ``text``, by place; nothing overlaps.

    A match that contains another takes its place: a phrase its words, a compound its parts.
    """
    tokens = list(tokenize(text))
    found = [match for token in tokens if (match := _match(token, terms, language))]
    found += _phrase_matches(tokens, terms.phrases)
    found.sort(key=lambda match: (match.start, -match.end))
    disjoint: list[Match] = []
    for match in found:
        if not disjoint or match.start >= disjoint[-1].end:
            disjoint.append(match)
    return disjoint


def _match(token: Token, terms: QueryTerms, language: str) -> Match | None:
    known = language_of(language)
    stem = analyzer(known).term(token.text)
    weight = terms.stems.get(known, {}).get(stem)
    if weight is not None:
        return Match(token.start, token.end, stem, weight)
    if not (terms.exact or terms.prefixes):
        return None
    word = analyzer("exact").term(token.text)
    weight = terms.exact.get(word)
    if weight is not None:
        return Match(token.start, token.end, word, weight)
    if word.startswith(tuple(terms.prefixes)):
        prefix = max((p for p in terms.prefixes if word.startswith(p)), key=len)
        return Match(token.start, token.end, prefix, PREFIX_WEIGHT)
    return None


def _phrase_matches(tokens: list[Token], phrases: set[tuple[str, ...]]) -> list[Match]:
    if not phrases:
        return []
    # The joined form of a compound follows its parts and would break a run of words.
    plain: list[Token] = []
    for token in tokens:
        if not plain or token.position > plain[-1].position:
            plain.append(token)
    words = [analyzer("exact").term(token.text) for token in plain]
    found = []
    for phrase in phrases:
        size = len(phrase)
        for at in range(len(words) - size + 1):
            if tuple(words[at : at + size]) == phrase:
                start, end = plain[at].start, plain[at + size - 1].end
                found.append(Match(start, end, " ".join(phrase), PHRASE_WEIGHT))
    return found
