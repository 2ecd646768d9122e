"""Words of a query → the terms in them that have other names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from indexer.index.analysis import SNOWBALL, analyzer, language_of
from service.search.lexicon.keys import Key, Keys, Piece, is_inflection, unstemmed
from service.search.lexicon.table import KINDS, Entry, Table

MAX_ALTERNATIVES = 6
"""Other names of a term that are given. Each is searched, so each costs time."""

_RANKS = {kind: rank for rank, kind in enumerate(KINDS)}


class Alternative(NamedTuple):
    """Another name.

    Attributes:
        text: to be shown, and to be searched as a phrase; acronyms are in capitals.
        words: of the text.
        kind: one of ``KINDS``.
    """

    text: str
    words: tuple[str, ...]
    kind: str


_Named = tuple[str, tuple[Alternative, ...]]
"""A term as the lexicon writes it, and its other names."""


class Name(NamedTuple):
    """A run of a query's words that has other names.

    Attributes:
        start: the place of its first word.
        end: the place after its last word.
        term: the run as the lexicon writes it.
        alternatives: one or more, the best first.
    """

    start: int
    end: int
    term: str
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True)
class Lexicon:
    """The names of things.

    Attributes:
        tables: the names by language; those in several tables are put together.
        words: the single words of all names and their spellings, in lower case without accents.
        drugs: words that are names of drugs or brands, likewise.
        size: how many groups of names there are.
        edition: a digest of the operator's own names; empty without such.
    """

    tables: Mapping[str, Sequence[Table]]
    words: frozenset[str]
    drugs: frozenset[str]
    size: int
    edition: str

    def knows(self, word: str) -> bool:
        """Return whether a folded word belongs to any name of any language: it is no slip."""
        return word in self.words

    def other_words(self, drug: str) -> tuple[str, ...]:
        """Return the single words that are other names of a drug, in any language, folded."""
        found = (name for each in SNOWBALL for name in self.names([drug], [drug], each))
        others = (other for name in found for other in name.alternatives if _is_drug(other))
        return tuple(dict.fromkeys(analyzer("exact").term(other.text) for other in others))

    def called(self, words: Sequence[str], language: str) -> str | None:
        """Return the term of several words that a run of words is, as a line has it, or None.

        Other than in ``names`` the term need not have other names: it may be one itself.
        """
        tables = self.tables[language_of(language)]
        key = tables[0].keys.of(" ".join(words))
        return next((text for table in tables if (text := table.called(key))), None)

    def names(self, words: Sequence[str], typed: Sequence[str], language: str) -> tuple[Name, ...]:
        """Return the runs of a query's words that have other names, the longest from left to right.

        Args:
            words: in their order, compounds whole.
            typed: the same words as typed: only a word in capitals is a term in capitals. Where
                capitals mean nothing, give it in lower case.
            language: whose names to look for. Other languages than English and Spanish have
                only the names of the operator's own file.
        """
        tables = self.tables[language_of(language)]
        keys = tables[0].keys
        pieces = [
            piece
            for place, (word, form) in enumerate(zip(words, typed, strict=True))
            for piece in keys.pieces(word, form, place)
        ]
        return tuple(_runs(pieces, tables))


def _is_drug(alternative: Alternative) -> bool:
    return alternative.kind == "drugs" and len(alternative.words) == 1


def _runs(pieces: list[Piece], tables: Sequence[Table]) -> Iterator[Name]:
    at = 0
    while at < len(pieces):
        name = _longest(pieces, at, tables) if pieces[at].first else None
        if name:
            yield name
        end = name.end if name else pieces[at].word + 1
        while at < len(pieces) and pieces[at].word < end:
            at += 1


def _longest(pieces: list[Piece], at: int, tables: Sequence[Table]) -> Name | None:
    """Return the longest run that begins with a piece and has other names."""
    longest = max([table.longest(pieces[at].stem) for table in tables])
    for end in range(min(at + longest, len(pieces)), at, -1):
        run = pieces[at:end]
        if run[-1].last and (name := _name(run, tables)):
            return name
    return None


def _name(run: list[Piece], tables: Sequence[Table]) -> Name | None:
    if len(run) == 1:
        found = _word(*run[0][:3], tuple(tables))
    else:
        found = _named([tuple([piece.stem for piece in run])], tables)
    return Name(run[0].word, run[-1].word + 1, *found) if found else None


@lru_cache(maxsize=10_000)
def _word(stem: str, exact: str, capital: str, tables: tuple[Table, ...]) -> _Named | None:
    """Return a single word's other names; those of words met before are remembered."""
    return _named(_forms(stem, exact, capital, tables), tables, exact)


def _named(forms: list[Key], tables: Sequence[Table], exact: str | None = None) -> _Named | None:
    """Return the other names of what stands under some keys; of a word, give its exact form."""
    entries = [entry for table in tables for form in forms for entry in table.entries(form)]
    if exact is not None:
        entries = [entry for entry in entries if _is_meant(entry, exact, tables[0].keys)]
    entries.sort(key=lambda entry: _RANKS[entry.kind])
    alternatives = _alternatives(entries, forms)
    return (entries[0].term.text, alternatives) if alternatives else None


def _is_meant(entry: Entry, exact: str, keys: Keys) -> bool:
    """Return whether a word is an inflection of a term and not just of the same stem.

    The stem of "immune" is that of "immunization", and conjunctions are no conjunctivitis. Words in
    different spellings pass: these are listed one by one.
    """
    written = keys.exact(entry.term.text)[0]
    return not keys.is_spelled_alike(exact, written) or is_inflection(exact, written)


def _forms(stem: str, exact: str, capital: str, tables: Sequence[Table]) -> list[Key]:
    """Return what a word may stand under: its stem, and as an acronym.

    Snowball does not know the plurals of acronyms. CRPS is one itself, and not several of CRP.
    """
    whole, one = unstemmed(exact), unstemmed(exact.removesuffix("s"))
    is_whole = any(table.entries((whole,)) for table in tables)
    forms = stem, whole, "" if is_whole else one, capital
    return [(form,) for form in forms if form]


def _alternatives(entries: list[Entry], forms: list[Key]) -> tuple[Alternative, ...]:
    """Return the other terms of some lines.

    One that only adds words to what was typed, as "congestive heart failure" does, finds nothing
    that was not found.
    """
    found: dict[Key, Alternative] = {}
    for entry in entries:
        for term in entry.others:
            if term.key not in found and not any(_holds(term.key, form) for form in forms):
                words = tuple(term.text.split(" "))
                found[term.key] = Alternative(term.text, words, entry.kind)
    return tuple(found.values())[:MAX_ALTERNATIVES]


def _holds(key: Key, form: Key) -> bool:
    """Return whether a term is what was typed, or has it in it."""
    places = range(len(key) - len(form) + 1)
    return any(key[at : at + len(form)] == form for at in places)
