"""What is known of titles before anybody types: for completions while typing.

A title's *subject* is its words, unstemmed and with a space between, from the first one that is no
*opener* (``lexicon/openers.txt``): of "What is (are) Heart attack ?" it is ``heart attack``, so
that it is found where a title "Heart attack" is. A title of nothing but openers is its own subject.

    title.words u8[n]      words of the subject, 0 for no title, at most 255
    title.begin u64[n]     its first eight bytes, as a number in the order of the alphabet
    title.tie u64[n]       upper half: a hash of the subject, by which equal ones are known; lower
                           half: a hash of the document's id, so that these have an order, too
    title.holds bool[T]    whether an exact term, by its number, stands in a title and is a stop
                           word of no language
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.article import Article
from indexer.index.analysis import SNOWBALL
from indexer.index.columns.container import Array
from indexer.index.columns.layout import EXACT, FIELDS_OF, term_hash
from indexer.index.inversion import TITLE, Inversion
from indexer.index.lexicon import load_words
from indexer.index.postings import Postings

BEGIN_BYTES = 8
"""Of a subject that ``title.begin`` holds."""

MAX_WORDS = 255

HALF = 32
"""Bits of each half of ``title.tie``."""

TITLE_EXACT = FIELDS_OF[EXACT].index("title_exact")


def title_arrays(
    inversion: Inversion, articles: Sequence[Article], exact: Postings
) -> dict[str, Array]:
    """Return the arrays of the titles of a segment; ``exact`` are its unstemmed postings."""
    subjects = [" ".join(words) for words in _subjects(inversion)]
    sizes = [min(len(subject.split()), MAX_WORDS) for subject in subjects]
    ties = [
        term_hash(subject) >> HALF << HALF | term_hash(each.id) >> HALF
        for subject, each in zip(subjects, articles, strict=True)
    ]
    return {
        "title.words": np.array(sizes, np.uint8),
        "title.begin": np.array([begin_of(subject) for subject in subjects], np.uint64),
        "title.tie": np.array(ties, np.uint64),
        "title.holds": _held(exact),
    }


def begin_of(text: str) -> int:
    """Return the first bytes of a text as ``title.begin`` has them."""
    return int.from_bytes(text.encode()[:BEGIN_BYTES].ljust(BEGIN_BYTES, b"\0"), "big")


def subject_at(words: Sequence[str]) -> int:
    """Return where in the words of a title its subject begins."""
    openers = load_words("openers.txt")
    return next((at for at, word in enumerate(words) if word not in openers), 0)


@cache
def function_words() -> frozenset[str]:
    """Return the stop words of all languages, folded."""
    return frozenset().union(*(load_words(f"stopwords/{language}.txt") for language in SNOWBALL))


def _subjects(inversion: Inversion) -> Iterator[list[str]]:
    """Yield the words of every document's subject."""
    words = inversion.words
    at = np.flatnonzero(words.part == TITLE)
    terms = [*inversion.exact.numbers, ""]
    numbers = np.minimum(inversion.form_exact[words.form[at]], len(terms) - 1)
    texts = [terms[number] for number in numbers.tolist()]
    bounds = words.document[at].searchsorted(np.arange(inversion.documents + 1)).tolist()
    for start, end in pairwise(bounds):
        own = list(filter(None, texts[start:end]))
        yield own[subject_at(own) :]


def _held(exact: Postings) -> NDArray[np.bool_]:
    runs = np.arange(len(exact.terms)) * len(FIELDS_OF[EXACT]) + TITLE_EXACT
    held: NDArray[np.bool_] = exact.ptr[runs + 1] > exact.ptr[runs]
    words = function_words()
    held[[number for number, term in enumerate(exact.terms) if term in words]] = False
    return held
