"""Where the texts of a page hold what a query looks for: what is marked, and chosen by."""

from collections.abc import Iterator
from threading import local
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.index.analysis import LANGUAGES
from indexer.index.columns.layout import EXACT, NONE
from indexer.index.columns.texts import BEGINNINGS, Forms, SegmentTexts
from service.search.reading.terms import NAME_WEIGHT, PHRASE_WEIGHT, PREFIX_WEIGHT, QueryTerms
from service.search.snippets.pagetexts import Group, Ints, PageTexts


class Wanted:
    """What a query looks for, numbered from 1.

    Attributes:
        weights: what each is worth; the first entry is for none.
        terms: space, text and number. Of those that a word matches, the last one counts.
        phrases: spaces, runs of terms and their numbers; an empty term is that of any word.
    """

    def __init__(self, terms: QueryTerms) -> None:
        weights = [0.0]
        self.terms: list[tuple[str, str, int]] = []
        for prefix in sorted(terms.prefixes, key=lambda each: (len(each), each)):
            self.terms.append((BEGINNINGS, prefix, len(weights)))
            weights.append(PREFIX_WEIGHT)
        for space, of_space in ((EXACT, terms.exact), *terms.stems.items()):
            for term, weight in of_space.items():
                self.terms.append((space, term, len(weights)))
                weights.append(weight)
        runs = [(EXACT, phrase, PHRASE_WEIGHT) for phrase in sorted(terms.phrases)]
        for space, names in terms.names.items():
            runs += [(space, name, NAME_WEIGHT) for name in sorted(names)]
        self.phrases = [(space, run, len(weights) + at) for at, (space, run, _) in enumerate(runs)]
        self.weights = np.array(weights + [weight for _, _, weight in runs])

    def forms(self, texts: SegmentTexts) -> list[tuple[int, Forms]]:
        """Return the forms of the terms in a segment, each with the number of its term."""
        return [
            (number, forms)
            for space, term, number in self.terms
            if (forms := texts.forms(space, term))
        ]


class Scratch(local):
    """Zeros for each thread: room to number the forms of a segment in."""

    def __init__(self) -> None:
        self._zeros = np.zeros(0, np.uint16)

    def zeros(self, size: int) -> NDArray[np.uint16]:
        """Return at least so many. Who sets some of them sets them back before the next call."""
        if len(self._zeros) < size:
            self._zeros = np.zeros(size, np.uint16)
        return self._zeros


class Matches(NamedTuple):
    """What was found, an entry each, by place.

    Attributes:
        numbers: which of what is wanted.
        words: the number on the page of its first word.
        starts: where it begins, in bytes from the beginning of the page's first text.
        ends: where it ends.
    """

    numbers: Ints
    words: Ints
    starts: Ints
    ends: Ints


_ANY = -1
"""Stands for any word in a phrase."""


class _Run(NamedTuple):
    """Several words that match as one: a compound, a phrase."""

    number: int
    first: int
    last: int
    start: int
    end: int


def find_matches(page: PageTexts, wanted: Wanted, scratch: Scratch) -> Matches:
    """Return what the texts of a page hold of what is wanted; nothing overlaps.

    A match that contains another takes its place: a phrase its words, a compound its parts.
    """
    found = [_NOTHING]
    runs: list[_Run] = []
    for group in page.groups:
        pairs = wanted.forms(group.texts)
        if pairs:
            words, compounds = _words(page, group, pairs, scratch)
            found.append(words)
            runs += compounds
        if wanted.phrases:
            runs += _phrases(page, group, wanted.phrases)
    words = found[-1] if len(found) <= 2 else _joined(found)
    return _with_runs(words, runs) if runs else words


_NOTHING = Matches(*(np.zeros(0, np.int64) for _ in Matches._fields))


def _joined(parts: list[Matches]) -> Matches:
    return Matches(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _words(
    page: PageTexts, group: Group, pairs: list[tuple[int, Forms]], scratch: Scratch
) -> tuple[Matches, list[_Run]]:
    """Return the single words and the compounds of a group that match."""
    texts = group.texts
    forms = np.concatenate([of_term for _, (of_term, _) in pairs])
    numbers = scratch.zeros(len(texts.form_bytes))
    numbers[forms] = [number for number, (of_term, _) in pairs for _ in range(len(of_term))]
    try:
        found = numbers.take(group.forms)
        are_joined = any(are_joined for _, (_, are_joined) in pairs)
        compounds = list(_compounds(page, group, numbers)) if are_joined else []
    finally:
        numbers[forms] = 0
    words = (found != 0).nonzero()[0]
    sizes = texts.form_bytes.take(group.forms.take(words))
    places = words + group.first
    starts = page.places.take(places + 1)
    return Matches(found.take(words), places, starts, starts + sizes), compounds


def _compounds(page: PageTexts, group: Group, numbers: NDArray[np.uint16]) -> Iterator[_Run]:
    texts = group.texts
    for hit in group.hits:
        document = page.hits[hit].document
        start, end = texts.compounds[document], texts.compounds[document + 1]
        found = numbers.take(texts.compound_form[start:end])
        for at in found.nonzero()[0].tolist():
            first = int(texts.compound_token[start + at]) - texts.tokens[document]
            first += page.words[hit]
            last = first + int(texts.compound_parts[start + at]) - 1
            yield _run(page, group, int(found[at]), first, last)


def _phrases(
    page: PageTexts, group: Group, phrases: list[tuple[str, tuple[str, ...], int]]
) -> Iterator[_Run]:
    """Yield the phrases in a group's texts; none reaches beyond its sentence."""
    texts = group.texts
    of_space = {EXACT: texts.form_exact.take(group.forms)}
    for space, phrase, number in phrases:
        terms = [texts.number(term, space) if term else _ANY for term in phrase]
        if None in terms or len(group.forms) < len(terms):
            continue
        if space not in of_space:
            # Numbers of stems are of the article's own language, so others must not match.
            is_of = texts.form_language.take(group.forms) == LANGUAGES.index(space)
            of_space[space] = np.where(is_of, texts.form_stem.take(group.forms), NONE)
        words = of_space[space]
        at = np.arange(len(words) + 1 - len(terms))
        for step, term in enumerate(terms):
            if term is not _ANY:
                at = at[words.take(at + step) == term]
        firsts = at + group.first
        lasts = firsts + len(terms) - 1
        starts = page.first_words.searchsorted(firsts, "right")
        for run in (starts == page.first_words.searchsorted(lasts, "right")).nonzero()[0]:
            yield _run(page, group, number, int(firsts[run]), int(lasts[run]))


def _run(page: PageTexts, group: Group, number: int, first: int, last: int) -> _Run:
    size = int(group.texts.form_bytes[group.forms[last - group.first]])
    start, end = int(page.places[first + 1]), int(page.places[last + 1]) + size
    return _Run(number, first, last, start, end)


def _with_runs(words: Matches, runs: list[_Run]) -> Matches:
    """Return the words and runs without what lies in a run, or overlaps one that begins before."""
    kept: list[_Run] = []
    for run in sorted(runs, key=lambda run: (run.first, -run.last)):
        if not kept or run.first > kept[-1].last:
            kept.append(run)
    numbers, firsts, lasts, starts, ends = np.array(kept).T
    before = firsts.searchsorted(words.words, "right") - 1
    outside = (before < 0) | (words.words > lasts.take(before))
    free = Matches(*(values[outside] for values in words))
    both = _joined([free, Matches(numbers, firsts, starts, ends)])
    order = both.words.argsort()
    return Matches(*(values.take(order) for values in both))
