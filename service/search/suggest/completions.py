"""Typed words → the titles that hold them, the most useful first."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.index.analysis import LANGUAGES, analyzer
from indexer.index.columns.layout import EXACT, FIELDS_OF
from indexer.index.columns.segment import SegmentColumns
from indexer.index.columns.titles import BEGIN_BYTES, HALF, begin_of
from indexer.index.ranges import joined
from service.search.suggest.typed import Typed, beginnings_of

BEGINS = 64.0
"""What it is worth that a title begins as was typed, as far as ``title.begin`` tells: more than
anything else, since the rest of a score is from -255 to 20 and titles have few words."""

MAX_TERMS = 2_000
"""Words of a segment that a beginning stands for, those in most titles. One letter begins a
thousand words of the titles of MedQuAD's segments at most, so it is no bound there."""

SAME = 8
"""So many articles of a segment may have the same title before one of the best is missed: MedQuAD
joins a dozen sites, seven of which have the title "What is (are) Heart Attack ?"."""

Mask = NDArray[np.bool_]
Numbers = NDArray[np.intp]
Scores = NDArray[np.float32]

_TITLE = {space: fields.index("title") for space, fields in FIELDS_OF.items() if space != EXACT}
_TITLE[EXACT] = FIELDS_OF[EXACT].index("title_exact")


class TitlePlace(NamedTuple):
    """Where a title stands, and how useful it is, in bits, wherever in it the typed words are."""

    segment: int
    document: int
    worth: float


class _Runs(NamedTuple):
    """Stretches of postings: where they begin, and how long they are."""

    starts: Numbers
    sizes: Numbers


class _Ranked(NamedTuple):
    """Documents of a segment with what their order goes by."""

    scores: Scores
    begins: NDArray[np.uint64]
    ties: NDArray[np.uint64]
    documents: Numbers


class TitleCompletions:
    """The titles of a generation. Safe to use from several threads.

    It holds four bytes an article. A title is worth ``log2(1 + f) - w``, where f is how many titles
    hold the rarest of its words, and w the words of its subject: what many articles are about comes
    first, and the article on the thing itself before those on its aspects.
    """

    def __init__(self, segments: Sequence[tuple[SegmentColumns, Sequence[int]]]) -> None:
        """Take the segments with their deleted documents."""
        self._segments = [_SegmentTitles(*segment) for segment in segments]
        counts = _merged([segment.counts() for segment in self._segments])
        for segment, of_segment in zip(self._segments, counts, strict=True):
            segment.weigh(of_segment)

    def admitted(self, languages: Sequence[str]) -> list[Mask | None]:
        """Return which documents are there, in one of the languages, by segment; None for all."""
        return [segment.admitted(languages) for segment in self._segments]

    def is_subject(self, word: str) -> bool:
        """Return whether the subject of a title begins with a word."""
        return any(segment.is_subject(word) for segment in self._segments)

    def hold(self, words: Sequence[str]) -> bool:
        """Return whether there is a title that holds all of some words."""
        found = (segment.holding(words, segment.admitted(())) for segment in self._segments)
        return any(having is None or having.any() for having in found)

    def find(self, typed: Typed, masks: Sequence[Mask | None], count: int) -> list[TitlePlace]:
        """Return the ``count`` most useful titles with all words, best first; of the same, one.

        Args:
            typed: the words; of the last one there may be only the beginning.
            masks: which documents of each segment count; None for all.
            count: how many to return.
        """
        if not self._segments:
            return []
        pairs = zip(self._segments, masks, strict=True)
        found = [segment.ranked(typed, mask, count * SAME) for segment, mask in pairs]
        sizes = [len(each.documents) for each in found]
        scores, begins, ties, documents = map(np.concatenate, zip(*found, strict=True))
        best = np.lexsort((ties, begins, -scores))
        _, first = np.unique(ties[best] >> np.uint64(HALF), return_index=True)
        best = best[np.sort(first)[:count]]
        homes = np.repeat(np.arange(len(found)), sizes)[best].tolist()
        places = zip(homes, documents[best].tolist(), strict=True)
        return [TitlePlace(*place, self._segments[place[0]].worth(place[1])) for place in places]


class _Counts(NamedTuple):
    """How many live documents of a segment hold each term in their titles, by the term's hash."""

    hashes: NDArray[np.uint64]
    sizes: Numbers


def _merged(counts: Sequence[_Counts]) -> list[Numbers]:
    """Return how many documents of all segments hold each term of each segment."""
    if len(counts) < 2:
        return [each.sizes for each in counts]
    hashes = np.concatenate([each.hashes for each in counts])
    _, places = np.unique(hashes, return_inverse=True)
    sums = np.bincount(places, np.concatenate([each.sizes for each in counts]))[places]
    ends = np.cumsum([len(each.sizes) for each in counts])[:-1]
    return np.split(sums.astype(np.intp), ends)


class _SegmentTitles:
    """The titles of a segment; to be weighed before they are ranked."""

    def __init__(self, columns: SegmentColumns, deleted: Sequence[int]) -> None:
        self._columns = columns
        self._terms = columns.arrays["title.holds"].nonzero()[0]
        self._useful = np.zeros(columns.documents, np.float32)
        self._live: Mask | None = None
        if len(deleted):
            self._live = np.ones(columns.documents, np.bool_)
            self._live[list(deleted)] = False

    def counts(self) -> _Counts:
        """Return in how many titles each word stands that is more than a function word."""
        runs = self._runs(self._terms)
        sizes = runs.sizes
        if self._live is not None:
            owners = np.repeat(np.arange(len(sizes)), sizes)
            sizes = np.bincount(owners[self._live[self._documents(runs)]], minlength=len(sizes))
        return _Counts(self._columns.arrays[f"{EXACT}.hash"][self._terms], sizes)

    def weigh(self, counts: Numbers) -> None:
        """Take in how many titles of all segments each of these words stands."""
        order = np.argsort(-counts, kind="stable")
        runs = self._runs(self._terms[order])
        # The rarest word of a title comes last, and what is set last stays.
        self._useful[self._documents(runs)] = np.repeat(np.log2(1 + counts[order]), runs.sizes)
        self._useful -= self._columns.arrays["title.words"]

    def worth(self, document: int) -> float:
        """Return how useful a title is."""
        return float(self._useful[document])

    def admitted(self, languages: Sequence[str]) -> Mask | None:
        """Return which documents are there, in one of the languages; None for all."""
        if not languages:
            return self._live
        mask = np.zeros(self._columns.documents, np.bool_)
        arrays = self._columns.arrays
        for language in languages:
            number = self._columns.number("language", language.lower())
            if number is not None:
                start, end = arrays["language.ptr"][number : number + 2]
                mask[arrays["language.docs"][start:end]] = True
        return mask if self._live is None else mask & self._live

    def ranked(self, typed: Typed, mask: Mask | None, count: int) -> _Ranked:
        """Return the ``count`` best documents at least, if there are as many, in no order."""
        arrays = self._columns.arrays
        found = self._first(typed, mask)
        if len(found) < count:
            having = self.holding(typed.words, mask)
            if having is None:
                having = self._beginning(typed)
            elif having.any():
                having = having & self._beginning(typed)
            found = having.nonzero()[0]
        begins, scores = arrays["title.begin"][found], self._useful[found]
        is_first = reduce(or_, [_is_beginning(begins, text) for text in beginnings_of(typed)])
        scores[is_first] += BEGINS
        if len(found) > count:
            kept = scores >= np.partition(scores, -count)[-count]
            found, scores, begins = found[kept], scores[kept], begins[kept]
        return _Ranked(scores, begins, arrays["title.tie"][found], found)

    def is_subject(self, word: str) -> bool:
        """Return whether the subject of a live title begins with a word, as far as can be told."""
        begins = self._columns.arrays["title.begin"]
        found = _is_beginning(begins, f"{word} ") | (begins == np.uint64(begin_of(word)))
        return bool((found if self._live is None else found & self._live).any())

    def holding(self, words: Sequence[str], mask: Mask | None) -> Mask | None:
        """Return which of the admitted titles hold all of some words; None for all there are."""
        having = mask
        for word in words:
            own = self._having(word)
            having = own if having is None else having & own
            if not having.any():
                break
        return having

    def _first(self, typed: Typed, mask: Mask | None) -> Numbers:
        """Return which titles begin as was typed, if ``title.begin`` tells.

        Where there are enough of these, no others need be looked for: a few letters begin so many
        words that it takes ten times as long.
        """
        if typed.words or len(typed.begun.encode()) > BEGIN_BYTES:
            return np.zeros(0, np.intp)
        having = _is_beginning(self._columns.arrays["title.begin"], typed.begun)
        return (having if mask is None else having & mask).nonzero()[0]

    def _beginning(self, typed: Typed) -> Mask:
        """Return which titles hold the last word, or a word of which it is the beginning."""
        arrays = self._columns.arrays
        numbers = self._columns.exact_numbers(typed.begun)
        numbers = numbers[arrays["title.holds"][numbers]]
        runs = self._runs(numbers)
        if len(numbers) > MAX_TERMS:
            most = np.lexsort((numbers, -runs.sizes))[:MAX_TERMS]
            runs = _Runs(runs.starts[most], runs.sizes[most])
        # A function word that stands alone is the beginning of another word, or of a subject.
        having = self._having("" if typed.is_function else typed.begun)
        having[self._documents(runs)] = True
        if len(typed.begun.encode()) <= BEGIN_BYTES:
            having |= _is_beginning(arrays["title.begin"], typed.begun)
        return having

    def _having(self, word: str) -> Mask:
        """Return which titles hold a word or, in their language, its stem."""
        mask = np.zeros(self._columns.documents, np.bool_)
        mask[self._run(EXACT, word)] = True
        for language in LANGUAGES:
            if stem := analyzer(language).term(word):
                mask[self._run(language, stem)] = True
        return mask

    def _run(self, space: str, term: str) -> NDArray[np.uint16]:
        arrays = self._columns.arrays
        number = self._columns.number(space, term)
        documents: NDArray[np.uint16] = arrays[f"{space}.docs"]
        if number is None:
            return documents[:0]
        run = number * len(FIELDS_OF[space]) + _TITLE[space]
        start, end = arrays[f"{space}.ptr"][run : run + 2]
        return documents[start:end]

    def _runs(self, numbers: NDArray[np.integer]) -> _Runs:
        """Return the titles' postings of unstemmed terms."""
        ptr = self._columns.arrays[f"{EXACT}.ptr"]
        runs = numbers.astype(np.intp) * len(FIELDS_OF[EXACT]) + _TITLE[EXACT]
        starts = ptr[runs].astype(np.intp)
        return _Runs(starts, ptr[runs + 1].astype(np.intp) - starts)

    def _documents(self, runs: _Runs) -> NDArray[np.uint16]:
        documents: NDArray[np.uint16] = self._columns.arrays[f"{EXACT}.docs"]
        return documents[joined(*runs)]


def _is_beginning(begins: NDArray[np.uint64], text: str) -> Mask:
    """Return which subjects begin so, as far as their first bytes tell."""
    size = min(len(text.encode()), BEGIN_BYTES)
    low = begin_of(text)
    high = low + (1 << 8 * (BEGIN_BYTES - size)) - 1
    return (begins >= np.uint64(low)) & (begins <= np.uint64(high))
