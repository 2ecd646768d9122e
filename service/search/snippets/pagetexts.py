"""The texts of a page's hits, laid one behind the other so that they are searched all at once."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.container import Array
from indexer.index.columns.texts import SegmentTexts

Ints = NDArray[np.int64]


class HitText(NamedTuple):
    """The text of a hit.

    Attributes:
        place: of the hit on the page.
        texts: those of its segment.
        document: its number in the segment.
        first: the number of its first sentence in the segment.
        last: the number behind its last sentence.
    """

    place: int
    texts: SegmentTexts
    document: int
    first: int
    last: int


class Group(NamedTuple):
    """The hits of one segment.

    Attributes:
        texts: those of the segment.
        hits: which they are, among those of the page.
        forms: the forms of their words.
        first: the number on the page of the first of these words.
    """

    texts: SegmentTexts
    hits: range
    forms: Array
    first: int


class PageTexts:
    """The texts of a page, in the order of their segments; words and sentences numbered through.

    Attributes:
        hits: the hits in this order.
        groups: by segment.
        words: the number of each hit's first word, and of all words.
        sentences: the number of each hit's first sentence, and of all sentences.
        first_words: the number of the first word of each sentence.
        chars: of each sentence.
        places: where words begin, in bytes; word n has entry n + 1. Every text begins at the place
            of the last word before it, which is the entry of its own first word.
    """

    def __init__(self, segments: Sequence[SegmentTexts], hits: Sequence[tuple[int, int]]) -> None:
        by_segment: dict[int, list[tuple[int, int]]] = {}
        for place, (segment, document) in enumerate(hits):
            by_segment.setdefault(segment, []).append((place, document))
        self.hits: list[HitText] = []
        self.groups: list[Group] = []
        self.words, self.sentences = [0], [0]
        self._shifts: list[int] = []
        self._counts: list[int] = []
        self._first_words: list[Array] = []
        self._chars: list[Array] = []
        self._steps: list[Array] = []
        for segment, members in by_segment.items():
            self._add(segments[segment], members)
        self._join()

    def _add(self, texts: SegmentTexts, members: list[tuple[int, int]]) -> None:
        tokens, sentences = texts.tokens, texts.sentences
        words, last_sentence = self.words[-1], self.sentences[-1]
        begun, forms = words, []
        for place, document in members:
            start, end = tokens[document], tokens[document + 1]
            first, last = sentences[document], sentences[document + 1]
            self.hits.append(HitText(place, texts, document, first, last))
            forms.append(texts.token_form[start:end])
            self._steps.append(texts.token_step[start:end])
            self._first_words.append(texts.sentence_tokens[first:last])
            self._chars.append(texts.sentence_chars[first:last])
            self._shifts.append(words - start)
            self._counts.append(last - first)
            words += end - start
            last_sentence += last - first
            self.words.append(words)
            self.sentences.append(last_sentence)
        hits = range(len(self.hits) - len(members), len(self.hits))
        self.groups.append(Group(texts, hits, np.concatenate(forms), begun))

    def _join(self) -> None:
        shifts = np.array(self._shifts).repeat(np.array(self._counts))
        self.first_words = np.concatenate(self._first_words) + shifts
        self.chars = np.concatenate(self._chars)
        steps = np.concatenate(self._steps)
        self.places = np.zeros(len(steps) + 1, np.int64)
        steps.cumsum(out=self.places[1:])
