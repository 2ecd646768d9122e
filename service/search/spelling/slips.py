"""How easily one word is written for another: slips of the finger and of the ear cost less.

The effort is an optimal string alignment (Damerau's four kinds of error, 1964) with weights. A
plain error costs 1, so an effort is at most the number of edits, and a wrong first letter.
"""

from collections.abc import Sequence
from itertools import product

SWAPPED = 0.9
DOUBLED = 0.5
MUTE = 0.4
VOWELS = 0.7
LIKE_SOUNDS = 0.6
NEIGHBOURS = 0.8
"""The cost of two letters swapped, of one too many or too few beside the same one, of such an h,
and of a letter for another: both vowels, alike in sound, neighbours on the keyboard. These are
estimates. With a cost of 1 for all letters put for another, 2 of 133 misspelt words more stay wrong
(``python -m tests.bench spelling``), with any single other one changed, one or none."""

FIRST_LETTER = 0.3
"""What a wrong first letter costs more: people hardly ever mistake it. Slips made at random do, and
with 0.6, 9 of 500 titles with two of them more stay wrong."""

_VOWELS = frozenset("aeiouy")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
"""Keys; a row is shifted by half a key to the right of the one above it."""

_LIKE = ("ckqsxz", "fvp", "gj", "td", "bp", "mn", "bv", "iy", "uw")


def _pairs() -> dict[tuple[str, str], float]:
    """Return what it costs to put one letter for another, where that is less than 1."""
    costs: dict[tuple[str, str], float] = {}
    keys = {key: (x + y / 2, y) for y, row in enumerate(_ROWS) for x, key in enumerate(row)}
    for (a, (ax, ay)), (b, (bx, by)) in product(keys.items(), keys.items()):
        if abs(ax - bx) <= 1 and abs(ay - by) <= 1:
            costs[a, b] = NEIGHBOURS
    costs |= dict.fromkeys(product(_VOWELS, _VOWELS), VOWELS)
    for letters in _LIKE:
        costs |= dict.fromkeys(product(letters, letters), LIKE_SOUNDS)
    return costs


_PAIRS = _pairs()


def effort(typed: str, meant: str) -> float:
    """Return what it costs to have typed this where that was meant. Both are folded words."""
    first = _common(typed, meant)
    last = _common(typed[first:][::-1], meant[first:][::-1])
    wrong = _gaps(typed, first, len(typed) - last)
    right = _gaps(meant, first, len(meant) - last)
    a, b = typed[first : len(typed) - last], meant[first : len(meant) - last]
    rows = [[sum(right[:n]) for n in range(len(b) + 1)]]
    for i, x in enumerate(a):
        row = [rows[i][0] + wrong[i]]
        for j, y in enumerate(b):
            put = 0.0 if x == y else _PAIRS.get((x, y), 1.0)
            best = min(rows[i][j] + put, rows[i][j + 1] + wrong[i], row[j] + right[j])
            if i and j and x == b[j - 1] and y == a[i - 1]:
                best = min(best, rows[i - 1][j - 1] + SWAPPED)
            row.append(best)
        rows.append(row)
    return rows[-1][-1] + (FIRST_LETTER if typed[:1] != meant[:1] else 0.0)


def _gaps(word: str, start: int, end: int) -> Sequence[float]:
    """Return what each letter of a stretch costs that only this word of two has."""
    return [_gap(word, at) for at in range(start, end)]


def _gap(word: str, at: int) -> float:
    letter = word[at]
    if letter in (word[at - 1 : at] + word[at + 1 : at + 2]):
        return DOUBLED
    if letter == "h":
        return MUTE
    return VOWELS if letter in _VOWELS else 1.0


def _common(a: str, b: str) -> int:
    """Return how many letters two words begin with in common."""
    size = min(len(a), len(b))
    return next((at for at in range(size) if a[at] != b[at]), size)
