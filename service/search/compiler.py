"""Query tree → plan over the field table, and the terms to highlight."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from indexer.article import UNDETERMINED
from indexer.index.analysis import SNOWBALL, analyzer
from indexer.index.columns.layout import EXACT
from indexer.index.schema import EXACT_FIELDS, TEXT_FIELDS
from indexer.index.tokenizer import Token, tokenize
from service.search.plan import (
    NOTHING,
    Beginning,
    Leaf,
    Plan,
    Run,
    both,
    either,
    rather,
    without,
)
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

_TEXT_PLACES = {text_field.name: place for place, text_field in enumerate(TEXT_FIELDS)}
_TARGETS: Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "": (tuple(range(len(TEXT_FIELDS))), tuple(range(len(EXACT_FIELDS)))),
    "title": ((_TEXT_PLACES["title"],), (0,)),
    "heading": ((_TEXT_PLACES["headings"],), ()),
    "body": ((_TEXT_PLACES["body"],), (1,)),
    "topic": ((_TEXT_PLACES["keywords"],), ()),
}
"""The text fields and the exact fields behind each name of the query language."""


@dataclass(frozen=True)
class CompiledQuery:
    """What a query looks for, and what in a text it matches."""

    plan: Plan
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

    def compile(self, node: Node) -> Plan:
        """Return the plan of a node; ``NOTHING`` where nothing in it can match."""
        match node:
            case Word():
                return self._word(node)
            case Phrase():
                return self._phrase(node)
            case Prefix():
                return self._prefix(node)
            case AllOf(parts):
                return both([self.compile_whole(part) for part in parts])
            case OneOf(parts):
                return either([self.compile(part) for part in parts])
            case AnyOf():
                return self._any_of(node)

    def compile_whole(self, node: Node) -> Plan:
        """Return what a node matches that must be there, or must not: no mere part of a compound.

        ``COVID-19`` is "covid" and "19", or "covid19".
        """
        if not isinstance(node, Word):
            return self.compile(node)
        parts, joined = _compounds(node.text)
        whole = both([either(self._token(word, node.field)) for word in parts])
        return either([whole, *(leaf for word in joined for leaf in self._token(word, node.field))])

    def _any_of(self, node: AnyOf) -> Plan:
        required = both([self.compile_whole(part) for part in node.parts if _is_required(part)])
        optional = either(self._optional(part for part in node.parts if not _is_required(part)))
        plan = rather(required, optional)
        if not node.excluded or plan is NOTHING:
            return plan
        unseen = replace(self, terms=QueryTerms())
        return without(plan, either([unseen.compile_whole(part) for part in node.excluded]))

    def _optional(self, nodes: Iterable[Node]) -> Iterator[Plan]:
        for node in nodes:
            if isinstance(node, Word):
                yield from self._leaves(node)
            else:
                yield self.compile(node)

    def _word(self, node: Word) -> Plan:
        """Return what any part of a word matches; only a compound has several."""
        return either(self._leaves(node))

    def _leaves(self, node: Word) -> Iterator[Leaf]:
        for token in tokens_of(node.text):
            yield from self._token(token.text, node.field)

    def _token(self, word: str, name: str) -> Iterator[Leaf]:
        """A word's terms in every language and field, and in the exact fields as typed."""
        acronym = is_acronym(word) and not self.shouted
        alone = (self.only_exact or acronym) and _has_exact(name)
        if not alone:
            yield from self._stemmed(word, name)
        yield from self._exact(word, name, alone=alone)

    def _stemmed(self, word: str, name: str) -> Iterator[Leaf]:
        for language in self.languages:
            term = analyzer(language).term(word)
            if term and not self._is_function_word(word, language):
                self.terms.stems.setdefault(language, {})[term] = 1.0
                yield Leaf(language, term, _TARGETS[name][0])

    def _exact(self, word: str, name: str, *, alone: bool) -> Iterator[Leaf]:
        if not _has_exact(name) or not (alone or not self._is_function_word(word, UNDETERMINED)):
            return
        term = analyzer(EXACT).term(word)
        if not term:
            return
        if alone:
            self.terms.exact[term] = 1.0
        yield Leaf(EXACT, term, _TARGETS[name][1], 1.0 if alone else EXACT_BONUS)

    def _phrase(self, node: Phrase) -> Plan:
        if not _has_exact(node.field):
            return self.compile_whole(Word(node.text, node.field))
        words = _exact_terms(node.text)[:MAX_PHRASE_WORDS]
        if len(words) < 2:
            return either([leaf for w in words for leaf in self._exact(w, node.field, alone=True)])
        self.terms.phrases.add(tuple(words))
        return Run(tuple(words), _TARGETS[node.field][1])

    def _prefix(self, node: Prefix) -> Plan:
        """Return what begins so; of a compound only the last part may be incomplete."""
        *before, last = _exact_terms(node.text) or [""]
        self.expanded.add(last)
        if len(last) < MIN_PREFIX or len(self.expanded) > MAX_PREFIXES:
            return self.compile_whole(Word(node.text, node.field))
        self.terms.prefixes.add(last)
        begun = either(self._beginnings(last, node.field))
        return both([*(self.compile_whole(Word(word, node.field)) for word in before), begun])

    def _beginnings(self, text: str, name: str) -> Iterator[Plan]:
        stemmed, exact = _TARGETS[name]
        if exact:
            yield Beginning(EXACT, text, exact)
            return
        for language in self.languages:
            yield Beginning(language, text, stemmed)
        # A stem may be shorter than what was typed of its word.
        yield from self._stemmed(text, name)

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
    plan = compiler.compile(node)
    if plan is NOTHING:
        compiler = Compiler(languages, only_exact=True)
        plan = compiler.compile(node)
    return CompiledQuery(plan, compiler.terms)


def is_acronym(word: str) -> bool:
    """Return whether a word is typed as an acronym: ``AIDS``, ``IT``, ``ALS``, ``MS``.

    Such a word is searched unstemmed only, or AIDS would find hearing aids.
    """
    return 2 <= len(word) <= 5 and word.isalpha() and word.isupper()


def is_shouted(node: Node) -> bool:
    """Return whether several words were typed, and all of them in capitals: ``KNEE PAIN``."""
    words = [token.text for text in _texts(node) for token in tokens_of(text)]
    words = [word for word in words if word.isalpha()]
    return len(words) > 1 and all(word.isupper() for word in words)


def typed_language(node: Node) -> str:
    """Return the language most of whose own function words stand in the query, or empty."""
    words = [token.text for text in _texts(node) for token in tokens_of(text)]
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


def _has_exact(name: str) -> bool:
    """Whether there are unstemmed fields behind a name of the query language."""
    return bool(_TARGETS[name][1])


@lru_cache(maxsize=10_000)
def tokens_of(text: str) -> tuple[Token, ...]:
    """Return the tokens of a word or phrase of a query; those met before are remembered."""
    return tuple(tokenize(text))


def _compounds(text: str) -> tuple[list[str], list[str]]:
    """Return the words of a text, and the joined forms of the compounds in it."""
    words: list[str] = []
    joined: list[str] = []
    last = -1
    for token in tokens_of(text):
        (words if token.position > last else joined).append(token.text)
        last = max(last, token.position)
    return words, joined


def _exact_terms(text: str) -> list[str]:
    """The unstemmed terms of a text, compounds in their parts."""
    words, _ = _compounds(text)
    return [term for word in words if (term := analyzer("exact").term(word))]
