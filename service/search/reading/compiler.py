"""Query tree → plan over the field table, and the terms to highlight."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from indexer.index.columns.layout import EXACT
from service.search.plan import (
    NOTHING,
    Beginning,
    Leaf,
    Name,
    Plan,
    Run,
    both,
    either,
    rather,
    without,
)
from service.search.reading.languages import languages_of_word
from service.search.reading.leaves import (
    TARGETS,
    alone_leaf,
    has_exact,
    is_acronym,
    leaves_of,
    tokens_of,
)
from service.search.reading.names import other_plan
from service.search.reading.pairs import is_letter_of, with_pairs
from service.search.reading.query import (
    MIN_PREFIX,
    AllOf,
    AnyOf,
    Beside,
    Fuzzy,
    Node,
    OneOf,
    Other,
    Phrase,
    Prefix,
    Word,
)
from service.search.reading.spoken import (
    Spoken,
    compounds,
    exact_terms,
    is_plain,
    is_shouted,
    parts_of,
    plain_words,
    typed_language,
)
from service.search.reading.terms import QueryTerms

MAX_PREFIXES = 3
"""Different prefixes of a query that are expanded; any more are taken for words."""

MAX_FUZZY = 3
"""Different fuzzy words of a query that are looked up, for the same reason: each is compared with
a good part of all words, which takes milliseconds in a large index."""

MAX_PHRASE_WORDS = 16
"""Words of a phrase that are looked for; nobody quotes more to find an article."""


Near = Callable[[str], Sequence[tuple[str, float]]]
"""Unstemmed terms that are spelled nearly like one, and what each is worth beside it."""


@dataclass(frozen=True)
class CompiledQuery:
    """What a query looks for, and what in a text it matches.

    Attributes:
        plan: what it looks for.
        terms: what it matches in a text.
        spoken: its plain words, in order.
        is_plain: whether it is nothing but these.
    """

    plan: Plan
    terms: QueryTerms
    spoken: tuple[Spoken, ...] = ()
    is_plain: bool = False


@dataclass
class Compiler:
    """Compiles one query for an index that holds articles in ``languages``.

    Attributes:
        languages: the analyzers' languages to search in.
        typed: the language that the query's function words betray, or empty.
        only_exact: search unstemmed only; for queries that are nothing but stop words.
        shouted: the query is all in capitals, which therefore mean nothing.
        near: finds terms of like spelling.
        language: that the query is in, or empty.
        expanded: the prefixes met so far, also in what is excluded.
        resembled: the fuzzy words, likewise.
    """

    languages: tuple[str, ...]
    typed: str = ""
    only_exact: bool = False
    shouted: bool = False
    near: Near = lambda _: ()
    language: str = ""
    expanded: set[str] = field(default_factory=set)
    resembled: set[str] = field(default_factory=set)
    terms: QueryTerms = field(default_factory=QueryTerms)

    def compile(self, node: Node) -> Plan:  # noqa: PLR0911 - one case a kind of node
        """Return the plan of a node; ``NOTHING`` where nothing in it can match."""
        match node:
            case Word():
                return self._word(node)
            case Phrase():
                return self._phrase(node)
            case Prefix():
                return self._prefix(node)
            case Fuzzy():
                return self._fuzzy(node)
            case Beside(words):
                return self._phrase(Phrase(" ".join(words)))
            case Other():
                return self._other(node)
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
        if isinstance(node, OneOf):
            return either([self.compile_whole(part) for part in node.parts])
        if not isinstance(node, Word):
            return self.compile(node)
        parts, joined = compounds(node.text)
        whole = both([either(self.leaves_of_word(word, node.field)) for word in parts])
        of_joined = [self.leaves_of_word(word, node.field) for word in joined]
        return either([whole, *(leaf for leaves in of_joined for leaf in leaves)])

    def spoken(self, node: AnyOf) -> Iterator[Spoken]:
        """Yield the plain words of a query."""
        unseen = replace(self, terms=QueryTerms())
        before = ""
        for place, word in enumerate(plain_words(node)):
            for text, exact in parts_of(word):
                leaves = unseen.leaves_of_word(text)
                if not leaves and is_letter_of(text, before):
                    leaves = alone_leaf(text, "")
                yield Spoken(text, exact, leaves, place)
                before = text

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
            yield from self.leaves_of_word(token.text, node.field)

    def leaves_of_word(self, word: str, name: str = "") -> tuple[Leaf, ...]:
        """Return a word's terms in every language and field, and in the exact fields as typed."""
        acronym = is_acronym(word) and not self.shouted
        alone = (self.only_exact or acronym) and has_exact(name)
        return self._noted(alone_leaf(word, name) if alone else self._leaves_of(word, name))

    def _leaves_of(self, word: str, name: str) -> tuple[Leaf, ...]:
        # "raped" is no Spanish "rápido", though their stems are the same.
        languages = languages_of_word(word, self.languages, self.language)
        return leaves_of(word, name, languages, self.typed)

    def _noted(self, leaves: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
        """Note what leaves match in a text: stems, and unstemmed terms that stand alone."""
        for leaf in leaves:
            if leaf.space != EXACT:
                self.terms.stems.setdefault(leaf.space, {})[leaf.term] = 1.0
            elif leaf.factor == 1.0:
                self.terms.exact[leaf.term] = 1.0
        return leaves

    def _phrase(self, node: Phrase) -> Plan:
        if not has_exact(node.field):
            return self.compile_whole(Word(node.text, node.field))
        words = exact_terms(node.text)[:MAX_PHRASE_WORDS]
        if len(words) < 2:
            return either(self._noted(tuple(x for w in words for x in alone_leaf(w, node.field))))
        self.terms.phrases.add(tuple(words))
        return Run(tuple(words), TARGETS[node.field][1])

    def _fuzzy(self, node: Fuzzy) -> Plan:
        """Return a word and what is spelled nearly so; of a compound, as it is typed."""
        found = self.compile(Word(node.text, node.field))
        terms = exact_terms(node.text)
        if len(terms) != 1 or not has_exact(node.field):
            return found
        self.resembled.add(terms[0])
        if len(self.resembled) > MAX_FUZZY:
            return found
        leaves = [
            Leaf(EXACT, term, TARGETS[node.field][1], factor)
            for term, factor in self.near(terms[0])
        ]
        self.terms.exact |= {leaf.term: 1.0 for leaf in leaves}
        return either([found, *leaves])

    def _other(self, node: Other) -> Plan:
        """Return another name, and note what it matches in a text."""
        plan = other_plan(node)
        if isinstance(plan, Name):
            self.terms.names.setdefault(plan.space, set()).add(plan.terms)
        elif isinstance(plan, Leaf):
            of_space = self.terms.stems.setdefault(plan.space, {})
            (self.terms.exact if plan.space == EXACT else of_space)[plan.term] = 1.0
        return plan

    def _prefix(self, node: Prefix) -> Plan:
        """Return what begins so; of a compound only the last part may be incomplete."""
        *before, last = exact_terms(node.text) or [""]
        self.expanded.add(last)
        if len(last) < MIN_PREFIX or len(self.expanded) > MAX_PREFIXES:
            return self.compile_whole(Word(node.text, node.field))
        self.terms.prefixes.add(last)
        begun = either(self._beginnings(last, node.field))
        return both([*(self.compile_whole(Word(word, node.field)) for word in before), begun])

    def _beginnings(self, text: str, name: str) -> Iterator[Plan]:
        stemmed, exact = TARGETS[name]
        if exact:
            yield Beginning(EXACT, text, exact)
            return
        for language in self.languages:
            yield Beginning(language, text, stemmed)
        # A stem may be shorter than what was typed of its word.
        yield from self._noted(self._leaves_of(text, name))


def compile_query(
    node: AnyOf, languages: tuple[str, ...], near: Near = lambda _: (), language: str = ""
) -> CompiledQuery:
    """Compile a parsed query for the languages that an index holds.

    Args:
        node: the query.
        languages: the analyzers' languages of the index.
        near: finds terms of like spelling.
        language: that the query is in, or empty: words of it are looked for in no other.
    """
    shouted = is_shouted(node)
    typed = typed_language(node)
    compiler = Compiler(languages, typed, shouted=shouted, near=near, language=language)
    paired = with_pairs(node, shouted=shouted)
    plan = compiler.compile(paired)
    if plan is NOTHING:
        compiler = Compiler(languages, only_exact=True, near=near)
        plan = compiler.compile(node)
    spoken = tuple(compiler.spoken(node))
    return CompiledQuery(plan, compiler.terms, spoken, is_plain(node))


def _is_required(node: Node) -> bool:
    """Quotes, field names and AND say "this must be there"; plain words only wish for it."""
    match node:
        case Phrase() | AllOf():
            return True
        case Word() | Prefix() | Fuzzy():
            return node.field != ""
        case Other() | Beside():
            return False
        case OneOf(parts):
            return all(_is_required(part) for part in parts)
        case AnyOf(parts):
            return any(_is_required(part) for part in parts)
