"""Which sentences of a text answer a query best."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.search.snippets.matching import Matches
from service.search.snippets.pagetexts import PageTexts

TARGET_CHARS = 300
"""What a result's text should take: about two lines on a wide page. One sentence may be longer."""

_REPEAT = 0.1
"""What a second occurrence of a term adds to a sentence, as a share of the first."""

_ADJACENT = 0.5
"""What two different terms side by side add, as a share of the weaker one's weight."""

_STUB_CHARS = 40
_STUB_FACTOR = 0.5
"""A shorter piece of text, such as a table's head or a label, says little by itself."""

_DECIMALS = 6
"""Of scores. Sums come out a little different in another order, and then there would be no ties."""


class Candidates(NamedTuple):
    """The sentences of a page that hold a match, by place.

    Attributes:
        sentences: their numbers on the page.
        scores: what they are worth.
        chars: how long they are; 0 if they cannot be chosen.
        masks: the terms that they hold, a bit each.
        bounds: how many there are up to each hit; one more entry than hits.
    """

    sentences: list[int]
    scores: list[float]
    chars: list[int]
    masks: Sequence[int]
    bounds: list[int]


class Choice(NamedTuple):
    """Sentences by their numbers on the page, the best first, and how many characters more fit."""

    sentences: list[int]
    room: int


def candidates(page: PageTexts, matches: Matches, weights: NDArray[np.float64]) -> Candidates:
    """Return the sentences with matches: by distinct terms, and a little by repetitions."""
    if not len(matches.words):
        return Candidates([], [], [], b"", [0] * len(page.sentences))
    owners = page.first_words.searchsorted(matches.words, "right") - 1
    begins = np.empty(len(owners), np.bool_)
    begins[0] = True
    np.not_equal(owners[1:], owners[:-1], out=begins[1:])
    rows = begins.cumsum() - 1
    sentences = owners[begins]
    shape = len(sentences), len(weights)
    counts = np.bincount(rows * shape[1] + matches.numbers, minlength=shape[0] * shape[1])
    counts = counts.reshape(shape)
    held = counts > 0
    scores = (counts * _REPEAT + held * (1 - _REPEAT)) @ weights
    left = _followed(matches, begins)
    if len(left):
        worth = weights.take(matches.numbers)
        bonus = np.minimum(worth.take(left), worth.take(left + 1)) * _ADJACENT
        scores += np.bincount(rows.take(left), bonus, minlength=len(scores))
    chars = page.chars.take(sentences)
    scores *= 1 - (chars < _STUB_CHARS) * (1 - _STUB_FACTOR)
    scores = scores.round(_DECIMALS)
    bounds = sentences.searchsorted(page.sentences).tolist()
    return Candidates(sentences.tolist(), scores.tolist(), chars.tolist(), _masks(held), bounds)


def _followed(matches: Matches, begins: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the matches that a different one follows at once, at most a byte behind."""
    follows = matches.starts[1:] - matches.ends[:-1] <= 1
    follows &= matches.numbers[1:] != matches.numbers[:-1]
    follows &= ~begins[1:]
    return follows.nonzero()[0]


def _masks(held: NDArray[np.bool_]) -> Sequence[int]:
    """Return the rows of a table as numbers."""
    packed = np.packbits(held, axis=1)
    width, raw = packed.shape[1], packed.tobytes()
    if width == 1:
        return raw
    return [int.from_bytes(raw[at : at + width]) for at in range(0, len(raw), width)]


def choices(found: Candidates) -> Iterator[Choice]:
    """Yield of each hit the best sentence, and then those that add a new term and still fit."""
    sentences, scores, chars, masks, bounds = found
    for first, last in pairwise(bounds):
        chosen: list[int] = []
        covered, room = 0, TARGET_CHARS
        for row in sorted(range(first, last), key=scores.__getitem__, reverse=True):
            length = chars[row]
            if length and (not chosen or (length <= room and masks[row] & ~covered)):
                chosen.append(sentences[row])
                covered |= masks[row]
                room -= length
        yield Choice(chosen, room)
