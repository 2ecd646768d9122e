"""Query tree → Whoosh query over the field table, and the terms to highlight."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from whoosh.query.compound import And, AndMaybe, Or
from whoosh.query.positional import Phrase as PhraseQuery
from whoosh.query.qcore import NullQuery, Query
from whoosh.query.terms import Term

from indexer.article import UNDETERMINED
from indexer.index.analysis import SNOWBALL, analyzer
from indexer.index.schema import EXACT_FIELDS, TEXT_FIELDS, TextField, field_name
from indexer.index.tokenizer import tokenize
from service.search.exclusion import Excluding
from service.search.prefixes import FrequentPrefix
from service.search.query import (
    MIN_PREFIX,
    AllOf,
    AnyOf,
    Node,
    OneOf,
    Phrase,
    Prefix,
    Word,
)
from service.search.terms import QueryTerms

EXACT_BONUS = 0.1
"""Share of an exact field's weight for a word that also counts stemmed: the very form typed
ranks before its relatives. See ARCHITECTURE.md, "Ranking", for how it was found."""

MAX_PREFIXES = 3
"""Different prefixes of a query that are expanded; any more are taken for words."""

MAX_PHRASE_WORDS = 16
"""Words of a phrase that are looked for; nobody quotes more to find an article."""

_TARGETS: Mapping[str, tuple[str, ...]] = {
    "": tuple(f.name for f in (*TEXT_FIELDS, *EXACT_FIELDS)),
    "title": ("title", "title_exact"),
    "heading": ("headings",),
    "body": ("body", "body_exact"),
    "topic": ("keywords",),
}
"""The fields of the index behind each name of the query language."""


@dataclass(frozen=True)
class CompiledQuery:
    """A Whoosh query, and what in a text it matches."""

    query: Query
    terms: QueryTerms


@dataclass
class Compiler:
    """Compiles one query for an index that holds articles in ``languages``.

    Attributes:
        languages: the analyzers' languages to search in.
        typed: the language that the query's function words betray, or empty.
        only_exact: search unstemmed only; for queries that are nothing but stop words.
        shouted: the query is all in capitals, which therefore mean nothing.
        expanded: the prefixes met so far, also in what is excluded.
    """

    languages: tuple[str, ...]
    typed: str = ""
    only_exact: bool = False
    shouted: bool = False
    expanded: set[str] = field(default_factory=set)
    terms: QueryTerms = field(default_factory=QueryTerms)

    def compile(self, node: Node) -> Query:
        """Return the Whoosh query of a node; ``NullQuery`` where nothing in it can match."""
        match node:
            case Word():
                return self._word(node)
            case Phrase():
                return self._phrase(node)
            case Prefix():
                return self._prefix(node)
            case AllOf(parts):
                return _and([self.compile_whole(part) for part in parts])
            case OneOf(parts):
                return _or([self.compile(part) for part in parts])
            case AnyOf():
                return self._any_of(node)

    def compile_whole(self, node: Node) -> Query:
        """Return what a node matches that must be there, or must not: no mere part of a compound.

        ``COVID-19`` is "covid" and "19", or "covid19".
        """
        if not isinstance(node, Word):
            return self.compile(node)
        parts, joined = _compounds(node.text)
        whole = _and([self._token(word, node.field) for word in parts])
        return _or([whole, *(self._token(word, node.field) for word in joined)])

    def _any_of(self, node: AnyOf) -> Query:
        required = _and([self.compile_whole(part) for part in node.parts if _is_required(part)])
        optional = _or([self.compile(part) for part in node.parts if not _is_required(part)])
        query = optional if required is NullQuery else required
        if query is required and optional is not NullQuery:
            query = AndMaybe(required, optional)
        if node.excluded and query is not NullQuery:
            unwanted = _or(
                [_without_highlights(self).compile_whole(part) for part in node.excluded]
            )
            if unwanted is not NullQuery:
                query = Excluding(query, unwanted)
        return query

    def _word(self, node: Word) -> Query:
        """Return what any part of a word matches; only a compound has several."""
        return _or([self._token(token.text, node.field) for token in tokenize(node.text)])

    def _token(self, word: str, name: str) -> Query:
        """A word's terms in every language and field, and in the exact fields as typed."""
        acronym = is_acronym(word) and not self.shouted
        alone = (self.only_exact or acronym) and _has_exact(name)
        stemmed = [] if alone else self._stemmed(word, name)
        return _or([*stemmed, *self._exact(word, name, alone=alone)])

    def _stemmed(self, word: str, name: str) -> Iterable[Query]:
        for language in self.languages:
            term = analyzer(language).term(word)
            if not term or self._is_function_word(word, language):
                continue
            self.terms.stems.setdefault(language, {})[term] = 1.0
            for text_field in _fields(TEXT_FIELDS, name):
                target = field_name(text_field.name, language)
                yield Term(target, term, boost=text_field.weight)

    def _exact(self, word: str, name: str, *, alone: bool) -> Iterable[Query]:
        if not alone and self._is_function_word(word, UNDETERMINED):
            return
        term = analyzer("exact").term(word)
        if not term:
            return
        if alone:
            self.terms.exact[term] = 1.0
        factor = 1.0 if alone else EXACT_BONUS
        for text_field in _fields(EXACT_FIELDS, name):
            yield Term(text_field.name, term, boost=factor * text_field.weight)

    def _phrase(self, node: Phrase) -> Query:
        if not _has_exact(node.field):
            return self.compile_whole(Word(node.text, node.field))
        words = _exact_terms(node.text)[:MAX_PHRASE_WORDS]
        if len(words) < 2:
            return _or([q for word in words for q in self._exact(word, node.field, alone=True)])
        self.terms.phrases.add(tuple(words))
        return _or(
            [
                PhraseQuery(text_field.name, words, boost=text_field.weight)
                for text_field in _fields(EXACT_FIELDS, node.field)
            ]
        )

    def _prefix(self, node: Prefix) -> Query:
        """Return what begins so; of a compound only the last part may be incomplete."""
        *before, last = _exact_terms(node.text) or [""]
        self.expanded.add(last)
        if len(last) < MIN_PREFIX or len(self.expanded) > MAX_PREFIXES:
            return self.compile_whole(Word(node.text, node.field))
        self.terms.prefixes.add(last)
        fields = self._prefix_fields(node.field)
        begun: list[Query] = [FrequentPrefix(name, last) for name in fields]
        if not _has_exact(node.field):
            # A stem may be shorter than what was typed of its word.
            begun += self._stemmed(last, node.field)
        return _and([*(self.compile_whole(Word(word, node.field)) for word in before), _or(begun)])

    def _prefix_fields(self, name: str) -> list[str]:
        if _has_exact(name):
            return [field.name for field in _fields(EXACT_FIELDS, name)]
        fields = _fields(TEXT_FIELDS, name)
        return [field_name(f.name, language) for f in fields for language in self.languages]

    def _is_function_word(self, word: str, language: str) -> bool:
        """Whether a word is to be ignored in ``language``'s fields.

        A stop word of the language that the query is typed in is ignored in all: "the" means
        nothing in a Spanish article either, and is rare enough there to outweigh all else. A word
        that is a stop word of some language is ignored in articles of undetermined language.
        """
        if self.typed:
            return analyzer(self.typed).term(word) == ""
        if language == UNDETERMINED:
            return any(analyzer(known).term(word) == "" for known in SNOWBALL)
        return analyzer(language).term(word) == ""


def compile_query(node: AnyOf, languages: tuple[str, ...]) -> CompiledQuery:
    """Compile a parsed query for the languages that an index holds."""
    compiler = Compiler(languages, typed=typed_language(node), shouted=is_shouted(node))
    query = compiler.compile(node).normalize()
    if query is NullQuery:
        compiler = Compiler(languages, only_exact=True)
        query = compiler.compile(node).normalize()
    return CompiledQuery(query, compiler.terms)


def is_acronym(word: str) -> bool:
    """Return whether a word is typed as an acronym: ``AIDS``, ``IT``, ``ALS``, ``MS``.

    Such a word is searched unstemmed only, or AIDS would find hearing aids.
    """
    return 2 <= len(word) <= 5 and word.isalpha() and word.isupper()


def is_shouted(node: Node) -> bool:
    """Return whether several words were typed, and all of them in capitals: ``KNEE PAIN``."""
    words = [token.text for text in _texts(node) for token in tokenize(text)]
    words = [word for word in words if word.isalpha()]
    return len(words) > 1 and all(word.isupper() for word in words)


def typed_language(node: Node) -> str:
    """Return the language most of whose own function words stand in the query, or empty."""
    words = [token.text for text in _texts(node) for token in tokenize(text)]
    counts = {
        language: sum(analyzer(language).term(word) == "" for word in words)
        for language in SNOWBALL
    }
    best = max(counts.values(), default=0)
    leaders = [language for language, count in counts.items() if count == best]
    return leaders[0] if best and len(leaders) == 1 else ""


def _texts(node: Node) -> Iterable[str]:
    if isinstance(node, Word | Phrase | Prefix):
        yield node.text
    else:
        for part in node.parts:
            yield from _texts(part)


def _is_required(node: Node) -> bool:
    """Quotes, field names and AND say "this must be there"; plain words only wish for it."""
    match node:
        case Phrase() | AllOf():
            return True
        case Word() | Prefix():
            return node.field != ""
        case OneOf(parts):
            return all(_is_required(part) for part in parts)
        case AnyOf(parts):
            return any(_is_required(part) for part in parts)


def _fields(fields: tuple[TextField, ...], name: str) -> Iterable[TextField]:
    return (f for f in fields if f.name in _TARGETS[name])


def _has_exact(name: str) -> bool:
    """Whether there are unstemmed fields behind a name of the query language."""
    return any(_fields(EXACT_FIELDS, name))


def _compounds(text: str) -> tuple[list[str], list[str]]:
    """Return the words of a text, and the joined forms of the compounds in it."""
    words: list[str] = []
    joined: list[str] = []
    last = -1
    for token in tokenize(text):
        (words if token.position > last else joined).append(token.text)
        last = max(last, token.position)
    return words, joined


def _exact_terms(text: str) -> list[str]:
    """The unstemmed terms of a text, compounds in their parts."""
    words, _ = _compounds(text)
    return [term for word in words if (term := analyzer("exact").term(word))]


def _without_highlights(compiler: Compiler) -> Compiler:
    return replace(compiler, terms=QueryTerms())


def _or(queries: Iterable[Query]) -> Query:
    parts = [query for query in queries if query is not NullQuery]
    return Or(parts) if parts else NullQuery


def _and(queries: Iterable[Query]) -> Query:
    parts = [query for query in queries if query is not NullQuery]
    if len(parts) < 2:
        return parts[0] if parts else NullQuery
    return And(parts)
