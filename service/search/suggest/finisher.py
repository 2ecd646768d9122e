"""The rest of a word that somebody is typing: "heart att" is on the way to "heart attack".

Only the last word of a query is finished, and only if it is no word that articles have: else it is
left, unless another word follows the one before it far more often. What it goes on to is what most
of the best titles have that hold the other words, as in the suggestions; where there is none, what
most often follows the word before it. Of two medicines that begin alike none is guessed.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from indexer.index.analysis import analyzer
from indexer.index.columns.segment import SegmentColumns
from service.search.reading.query import Node
from service.search.spelling.changeable import typed_words
from service.search.spelling.company import Company
from service.search.spelling.completing import is_function_word
from service.search.spelling.dictionary import Dictionary
from service.search.suggest.completions import TitleCompletions
from service.search.suggest.typed import Typed, worded

TITLES = 12
"""Titles in which the rest of a word is looked for."""

TERMS = 8
"""Terms that are looked at where no such title has one: those of most worth that begin so."""

BESIDE_LETTERS, ALONE_LETTERS = 2, 3
"""Letters of a beginning that say enough beside another word where no title has both, and with no
word beside it."""

WHOLE_LETTERS = 3
RARE = 3
"""A word of so many letters that stands in more articles than so many is whole."""

MIN_BESIDE = 5
FAR_MORE = 10
"""In so many articles a term must follow the word before, and in so many times as many as what was
typed does, to take the place of a word that articles have; and so many times as much it must be
worth to take that of a rare one."""

NEARLY = 4
"""A medicine is in doubt if another has so great a part of what speaks for it, a quarter."""


class _Begun(NamedTuple):
    """A word of which there may be only the beginning, folded.

    Attributes:
        others: the words of the query that say something.
        term: the word.
        before: the word right before it, if there is one.
    """

    others: tuple[str, ...]
    term: str
    before: str


class Finisher:
    """Finishes what is being typed, by the words of one generation."""

    def __init__(
        self,
        columns: Sequence[SegmentColumns],
        titles: TitleCompletions,
        dictionary: Dictionary,
        company: Company,
    ) -> None:
        """Take the articles, and what is known of their words."""
        self._columns = columns
        self._titles = titles
        self._dictionary = dictionary
        self._company = company

    def finished(
        self, tree: Node, text: str, languages: tuple[str, ...], medicines: Collection[str]
    ) -> str | None:
        """Return a query with its last word whole, or None if there is nothing to add.

        Args:
            tree: the parsed query.
            text: the normalized query, which ends where it is being typed.
            languages: that it may be typed in.
            medicines: names of medicines, folded.
        """
        words = typed_words(tree, text)
        if not words or words[-1].end != len(text):
            return None
        *others, last = words
        begun = _Begun(
            tuple(word.term for word in others if not is_function_word(word.term, languages)),
            last.term,
            others[-1].term if others and last.follows else "",
        )
        if (
            not last.term.isalpha()
            or last.term in medicines
            or is_function_word(last.term, languages)
        ):
            return None
        rest = self._rest(begun, medicines)
        if not rest or _is_one_word(rest, last.term, languages) or self._is_whole(begun, rest):
            return None
        return text[: last.start] + last.cased(self._dictionary.written(rest))

    def _is_whole(self, begun: _Begun, rest: str) -> bool:
        """Return whether what was typed is probably a word, and not the beginning of another."""
        before, term = begun.before, begun.term
        beside = self._company.neighbours(before, term) if before else 0
        if not beside and not self._is_word(begun, rest):
            return False
        likelier = self._company.neighbours(before, rest) if before else 0
        return likelier < max(MIN_BESIDE, FAR_MORE * beside)

    def _is_word(self, begun: _Begun, rest: str) -> bool:
        """Return whether articles have what was typed, and not merely once beside many others."""
        found, longer = self._dictionary.find(begun.term), self._dictionary.find(rest)
        if found is None or longer is None:
            return found is not None
        is_usual = len(begun.term) >= WHOLE_LETTERS and found.documents > RARE
        is_rarer = longer.worth >= FAR_MORE * found.worth
        return is_usual or not is_rarer or self._titles.hold([*begun.others, begun.term])

    def _rest(self, begun: _Begun, medicines: Collection[str]) -> str:
        """Return the term that a word may go on to, or nothing if that is bare or in doubt."""
        endings = self._endings(begun)
        if not endings:
            return ""
        (best, most), *behind = endings.most_common()
        near = [term for term, count in behind if NEARLY * count >= most and term in medicines]
        return "" if best in medicines and near else best

    def _endings(self, begun: _Begun) -> Counter[str]:
        """Return what a word may go on to, each with what speaks for it."""
        endings = Counter[str]()
        for others in dict.fromkeys([begun.others, begun.others[-1:]]):
            if others and not endings:
                endings.update(self._in_titles(Typed(others, begun.term)))
        return endings or self._in_texts(begun)

    def _in_titles(self, typed: Typed) -> Iterator[str]:
        """Yield the words of the best titles that a word may go on to."""
        for place in self._titles.find(typed, self._titles.admitted(()), TITLES):
            title = worded(self._columns[place.segment].card(place.document).title)
            yield from {term for term in title.terms if _goes_on(term, typed.begun)}

    def _in_texts(self, begun: _Begun) -> Counter[str]:
        """Return the usual terms that a word may go on to, by what stands before it if it can."""
        if len(begun.term) < (BESIDE_LETTERS if begun.before else ALONE_LETTERS):
            return Counter()
        found = self._dictionary.beginning_near(begun.term, 0, TERMS)
        near = [each for each in found if _goes_on(each.term, begun.term)]
        if begun.before:
            follow = self._company.neighbours
            beside = {each.term: follow(begun.before, each.term) for each in near}
            if any(beside.values()) or len(begun.term) < ALONE_LETTERS:
                return +Counter(beside)
        titled = [each for each in near if each.in_titles]
        return Counter({each.term: each.worth for each in titled or near})


def _is_one_word(one: str, other: str, languages: Sequence[str]) -> bool:
    """Return whether one word finds what the other does."""
    return all(analyzer(each).term(one) == analyzer(each).term(other) for each in languages)


def _goes_on(term: str, begun: str) -> bool:
    return term.startswith(begun) and term != begun and term.isalpha()
