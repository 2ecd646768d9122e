"""Which letters a word has, in one number: words that are hardly alike are told apart by it.

Bits 0 to 25 say that the word has a letter of a to z, bits 26 to 51 that it has it twice or more,
bits 52 to 57 that it has other letters, six classes of them, and the upper six bits how many
letters it has. One edit (a letter put in, left out or put for another, or two neighbours swapped)
takes away at most one of the bits below and adds at most one, and changes the length by at most
one. So of 30,000 words some 80 are left for two edits of a word of eight letters, and only these
need to be compared; without the bits for letters that stand twice it would be 500.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MIN_LETTERS, MAX_LETTERS = 3, 40
"""Words with fewer or more letters, and words with digits, have no letters by this count: nobody
can tell what was meant by two letters."""

LENGTH_SHIFT = 58
HELD = np.uint64((1 << LENGTH_SHIFT) - 1)
"""The bits that say which letters there are."""

_OTHERS, _CLASSES = 52, 6


def letters_of(words: Sequence[str]) -> NDArray[np.uint64]:
    """Return the letters of each word (u64 as above); zero where a word is none to be compared."""
    sizes = np.array([_size(word) for word in words], np.int64)
    held = sizes << LENGTH_SHIFT
    text = "".join(word for word, size in zip(words, sizes.tolist(), strict=True) if size)
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.int64)
    owners = np.repeat(np.arange(len(words)), sizes)
    places = np.where(_is_latin(codes), codes - ord("a"), _OTHERS + codes % _CLASSES)
    np.bitwise_or.at(held, owners, 1 << places)
    keys = np.sort(owners[places < _OTHERS] * _OTHERS + places[places < _OTHERS])
    again = keys[1:][keys[1:] == keys[:-1]]
    np.bitwise_or.at(held, again // _OTHERS, 1 << (26 + again % _OTHERS))
    return held.view(np.uint64)


def lengths_of(letters: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return how many letters words have."""
    return letters >> np.uint64(LENGTH_SHIFT)


def _size(word: str) -> int:
    return len(word) if MIN_LETTERS <= len(word) <= MAX_LETTERS and word.isalpha() else 0


def _is_latin(codes: NDArray[np.int64]) -> NDArray[np.bool_]:
    return (codes >= ord("a")) & (codes <= ord("z"))
