"""Groups of names → tables in which a run of words is looked up."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from service.search.lexicon.groups import Group, is_capital
from service.search.lexicon.keys import Key, Keys, unstemmed

OWN, ACRONYMS, BROADER = "own", "acronyms", "broader"
KINDS = (
    "joined",
    OWN,
    "drugs",
    ACRONYMS,
    "names",
    "medlineplus",
    "medquad",
    "disease_ontology",
    BROADER,
)
"""Kinds of names, those first that come first among a term's alternatives: the same words joined or
apart, what the operator says, what has one meaning, what people curated, what was filtered from
sources, and what is no name of it but broader: what a drug is for, what a sign may mean."""

MAX_ACRONYM = 5
"""Letters of an acronym. Single words of a file of acronyms that are no longer are acronyms: they
are compared unstemmed and shown in capitals, which the query compiler also searches unstemmed."""


class Term(NamedTuple):
    """A term of a group.

    Attributes:
        text: as shown.
        key: what it is looked up by.
    """

    text: str
    key: Key


class Entry(NamedTuple):
    """A term and the other terms of its line, which it finds; what is behind ``>`` comes first."""

    kind: str
    term: Term
    others: tuple[Term, ...]


class Table:
    """Some groups, to be looked up in one language.

    Attributes:
        keys: of its language.
    """

    def __init__(self, groups: Iterable[Group], keys: Keys) -> None:
        self.keys = keys
        self._entries: dict[Key, list[Entry]] = {}
        self._longest: dict[str, int] = {}
        self._called: dict[Key, str] = {}
        for group in groups:
            self._add(group)

    def longest(self, stem: str) -> int:
        """Return how many words the longest term has that begins with a stem."""
        return self._longest.get(stem, 1)

    def entries(self, form: Key) -> Sequence[Entry]:
        """Return the lines by which a run of stems finds other terms."""
        return self._entries.get(form, ())

    def called(self, form: Key) -> str | None:
        """Return the term of several words that a run of stems is, as a line has it."""
        return self._called.get(form)

    def _add(self, group: Group) -> None:
        terms = [self._term(text, group.kind) for text in group.terms]
        for term in terms:
            if len(term.key) > 1:
                self._called.setdefault(term.key, term.text)
        for place, term in enumerate(terms[: group.sources]):
            others = (*terms[group.sources :], *terms[:place], *terms[place + 1 : group.sources])
            self._entries.setdefault(term.key, []).append(Entry(group.kind, term, others))
            if len(term.key) > self._longest.get(term.key[0], 1):
                self._longest[term.key[0]] = len(term.key)

    def _term(self, text: str, kind: str) -> Term:
        if is_capital(text):
            return Term(text, (text,))
        if kind == ACRONYMS and " " not in text and len(text) <= MAX_ACRONYM:
            return Term(text.upper(), (unstemmed(*self.keys.exact(text)),))
        return Term(text, self.keys.of(text))
