"""Groups of names → tables in which a run of words is looked up."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from service.search.lexicon.groups import Group, is_capital
from service.search.lexicon.keys import Key, Keys, unstemmed

SPELLING, OWN, ACRONYMS = "spelling", "own", "acronyms"
KINDS = (SPELLING, OWN, "drugs", ACRONYMS, "names", "medlineplus", "medquad", "disease_ontology")
"""Kinds of names, those first that come first among a term's alternatives: the same word, what
the operator says, what has one meaning, what people curated, what was filtered from sources."""

MAX_ACRONYM = 5
"""Letters of an acronym. Single words of a file of acronyms that are no longer are acronyms: they
are compared unstemmed and shown in capitals, which the query compiler also searches unstemmed."""


class Term(NamedTuple):
    """A term of a group.

    Attributes:
        text: as shown.
        plain: what it is compared by.
        key: the same with every word in its first spelling; what it is looked up by.
    """

    text: str
    plain: Key
    key: Key


class Entry(NamedTuple):
    """A term and the other terms of its line, which it finds; what is behind ``>`` comes first."""

    kind: str
    term: Term
    others: tuple[Term, ...]


class Spellings:
    """The ways to write single words of a language."""

    def __init__(self, groups: Iterable[Group], keys: Keys) -> None:
        self._first: dict[str, str] = {}
        self._other: dict[str, str] = {}
        for group in groups:
            if group.kind == SPELLING and all(text.isalnum() for text in group.terms):
                self._add(group, keys)

    def _add(self, group: Group, keys: Keys) -> None:
        first, *others = group.terms
        (stem,) = keys.of(first)
        for text in others:
            (other,) = keys.of(text)
            self._first[other] = stem
            self._other[text] = first
            self._other.setdefault(first, text)

    def first(self, stem: str) -> str:
        """Return the stem of a word's first spelling."""
        return self._first.get(stem, stem)

    def key(self, plain: Key) -> Key:
        """Return the stems of a term with each in its first spelling."""
        return tuple([self.first(stem) for stem in plain])

    def respelled(self, text: str) -> str:
        """Return a text with another spelling of each of its words that has one."""
        return " ".join([self._other.get(word, word) for word in text.split(" ")])


class Table:
    """Some groups, to be looked up in one language.

    Terms stand under the first spelling of each of their words, so that ``iron deficiency anaemia``
    is found where a line has "anemia".

    Attributes:
        keys: of its language.
        spellings: of its language.
    """

    def __init__(self, groups: Iterable[Group], keys: Keys, spellings: Spellings) -> None:
        self.keys = keys
        self.spellings = spellings
        self._entries: dict[Key, list[Entry]] = {}
        self._longest: dict[str, int] = {}
        for group in groups:
            self._add(group)

    def longest(self, stem: str) -> int:
        """Return how many words the longest term has that begins with a stem."""
        return self._longest.get(self.spellings.first(stem), 1)

    def entries(self, form: Key) -> Sequence[Entry]:
        """Return the lines by which a run of stems finds other terms."""
        return self._entries.get(self.spellings.key(form), ())

    def _add(self, group: Group) -> None:
        terms = [self._term(text, group.kind) for text in group.terms]
        for place, term in enumerate(terms[: group.sources]):
            others = (*terms[group.sources :], *terms[:place], *terms[place + 1 : group.sources])
            self._entries.setdefault(term.key, []).append(Entry(group.kind, term, others))
            if len(term.key) > self._longest.get(term.key[0], 1):
                self._longest[term.key[0]] = len(term.key)

    def _term(self, text: str, kind: str) -> Term:
        if is_capital(text):
            return Term(text, (text,), (text,))
        if kind == ACRONYMS and " " not in text and len(text) <= MAX_ACRONYM:
            key = (unstemmed(*self.keys.exact(text)),)
            return Term(text.upper(), key, key)
        plain = self.keys.of(text)
        return Term(text, plain, self.spellings.key(plain))
