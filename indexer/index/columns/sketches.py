"""By what near-duplicates are known: what must be the same in them, and a sketch of the body.

    doc.guard u64[n]       a hash of all that duplicates have in common, 0 where an article has no
                           duplicates, because its title or its body holds no words
    doc.sketch u8[n, 64]   a sketch of the body, from which ``resemblance`` is estimated

**The guard** is of the article's language, the stems of its title without stop words, and its
*guarded* words with the word before and the word after each, in their order. Guarded are words with
digits, negations and words of amounts (``amounts.txt``): texts that differ only in a dose, its
unit, an age or a "not" tell readers different things. In a body below ``MIN_WORDS`` all words are
guarded. A title keeps stop words that are guarded, and those of one letter: hepatitis A.

**The sketch** is of the body's shingles: each word with the one before and the one after. The
resemblance of two texts is the number of their common shingles divided by that of all their
shingles (Broder, "On the resemblance and containment of documents", 1997, section 2). Every shingle
is hashed once; the upper bits choose a bin, and a bin keeps the lowest of the rest (Li, Owen and
Zhang, "One permutation hashing", 2012), of which eight bits suffice to compare (Li and König,
"b-Bit minwise hashing", 2010). For texts that fill all bins, the standard error at a resemblance of
0.9 is sqrt(0.9 * 0.1 / 64) = 0.038. Of pairs that resemble by 0.7 one in 12,700 is taken for 0.9,
of those by 0.8 one in 53; of those by 0.95 one in 25 is missed (binomial, at least 58 of 64 equal).

All hashes are of the words themselves, so they are the same in any segment.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.article import Article
from indexer.index.analysis import LANGUAGES
from indexer.index.columns.container import Array
from indexer.index.columns.layout import EXACT, NONE
from indexer.index.inversion import BODY, TITLE, Inversion
from indexer.index.lexicon import load_words
from indexer.index.postings import Postings
from indexer.index.ranges import Ints

BINS = 64

MIN_WORDS = 30
"""Shorter bodies must be the same, word for word: a sketch tells little of so few shingles."""

GUARDED = ("negations.txt", "amounts.txt")
"""The lists of guarded words."""

_BLOCK_WORDS = 250_000
"""Words that are looked at together: what is needed for them fits into a core's fast memory."""

_BIN_SHIFT = np.uint32(32 - BINS.bit_length() + 1)
_EMPTY = np.uint32(0xFFFFFFFF)
_KEPT = 255
"""A bin keeps one of so many values; 0 says that it is empty."""

_FACTORS = (np.uint32(0x9E3779B1), np.uint32(0x85EBCA77), np.uint32(0xC2B2AE3D))
"""By place in a shingle; xxHash's primes."""

_DIGIT = re.compile(r"\d")

Hashes = NDArray[np.uint64]


def sketch_arrays(
    inversion: Inversion, articles: Sequence[Article], postings: Mapping[str, Postings]
) -> dict[str, Array]:
    """Return the arrays by which the duplicates among a segment's articles are known."""
    forms = _forms(inversion, postings)
    guards = np.zeros(len(articles), np.uint64)
    sketches = np.zeros((len(articles), BINS), np.uint8)
    for block in _blocks(inversion):
        body, of = _body(block, edge=len(forms.hashes) - 1), slice(*block.documents)
        sketches[of] = _sketches(body, forms)
        rows = zip(articles[of], _titles(block, forms), _guarded(body, forms), strict=True)
        guards[of] = [_guard(article.language, *row) if all(row) else 0 for article, *row in rows]
    return {"doc.guard": guards, "doc.sketch": sketches}


def resemblance(sketches: NDArray[np.uint8], others: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the estimated resemblance of the texts in each row (n x ``BINS``), 0 to 1."""
    same = ((sketches == others) & (sketches > 0)).sum(axis=1)
    filled = ((sketches | others) > 0).sum(axis=1)
    estimated: NDArray[np.float64] = same / np.maximum(filled, 1)
    return estimated


class _Forms(NamedTuple):
    """What is known of each form; the last entry is of the edge of a text.

    Attributes:
        hashes: of its unstemmed term.
        titled: what it counts for in a title; 0 for nothing.
        guarded: whether it must be the same in duplicates.
    """

    hashes: Hashes
    titled: Hashes
    guarded: NDArray[np.bool_]


class _Block(NamedTuple):
    """The words of the texts of some documents.

    Attributes:
        documents: the first of them, and the one after the last.
        form: of each word.
        part: where it stands.
        begins: where each document's words begin; one more entry than documents.
    """

    documents: tuple[int, int]
    form: NDArray[np.uint32]
    part: NDArray[np.uint8]
    begins: Ints


class _Body(NamedTuple):
    """The words of the bodies of some documents.

    Attributes:
        words: the form before each word, its own, and the one after it.
        document: of each word.
        begins: where each document's words begin; one more entry than documents.
    """

    words: tuple[Array, Array, Array]
    document: Ints
    begins: Ints


def _forms(inversion: Inversion, postings: Mapping[str, Postings]) -> _Forms:
    exact = inversion.form_exact
    hashes = _hashes(postings[EXACT], exact)
    titled = np.zeros(len(hashes), np.uint64)
    languages, stems = np.asarray(inversion.forms.language_of), np.asarray(inversion.forms.stem_of)
    for number, language in enumerate(LANGUAGES):
        of = np.flatnonzero(languages == number)
        titled[of] = _hashes(postings[language], stems[of])[:-1]
    texts = list(inversion.exact.numbers)
    words = frozenset().union(*map(load_words, GUARDED))
    guards = np.array([text in words or bool(_DIGIT.search(text)) for text in texts], np.bool_)
    guarded = _of_terms(guards, exact)
    letters = _of_terms(np.array([len(text) == 1 for text in texts], np.bool_), exact)
    kept = (titled == 0) & (guarded | letters)
    titled[kept] = hashes[kept]
    return _Forms(hashes, titled, guarded)


def _hashes(held: Postings, terms: NDArray[np.uint32]) -> Hashes:
    """Return the hash of each of these terms, 0 for none, and 0 at the end."""
    known = np.flatnonzero(terms != NONE)
    found = np.zeros(len(terms) + 1, np.uint64)
    found[known] = held.hashes[held.order[terms[known]]]
    return found


def _of_terms(flags: NDArray[np.bool_], terms: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Return the flag of each of these terms, False for none, and False at the end."""
    known = np.flatnonzero(terms != NONE)
    found = np.zeros(len(terms) + 1, np.bool_)
    found[known] = flags[terms[known]]
    return found


def _blocks(inversion: Inversion) -> Iterator[_Block]:
    """Yield the documents by stretches with not too many words, at least one document each."""
    words, tokens = inversion.words, inversion.tokens.astype(np.int64)
    first = 0
    while first < inversion.documents:
        end = tokens[first] + _BLOCK_WORDS
        last = max(int(tokens.searchsorted(end, side="right")) - 1, first + 1)
        begins = tokens[first : last + 1]
        of = slice(begins[0], begins[-1])
        yield _Block((first, last), words.form[of], words.part[of], begins - begins[0])
        first = last


def _body(block: _Block, edge: int) -> _Body:
    """Return the words of the bodies, with ``edge`` before the first and after the last of each."""
    inside = np.flatnonzero(block.part >= BODY)
    form, begins = block.form[inside], inside.searchsorted(block.begins)
    sizes = np.diff(begins)
    previous, following = np.full((2, len(form)), edge, np.uint32)
    previous[1:], following[:-1] = form[:-1], form[1:]
    previous[begins[:-1][sizes > 0]] = edge
    following[begins[1:][sizes > 0] - 1] = edge
    document = np.repeat(np.arange(len(sizes)), sizes)
    return _Body((previous, form, following), document, begins)


def _sketches(body: _Body, forms: _Forms) -> NDArray[np.uint8]:
    """Return the sketch of each document's shingles."""
    hashes = forms.hashes.astype(np.uint32)
    shingles = np.zeros(len(body.document), np.uint32)
    for words, factor in zip(body.words, _FACTORS, strict=True):
        shingles += (hashes * factor)[words]
    _mix(shingles)
    place = body.document * BINS + (shingles >> _BIN_SHIFT)
    lowest = np.full((len(body.begins) - 1) * BINS, _EMPTY, np.uint32)
    np.minimum.at(lowest, place, shingles & ((np.uint32(1) << _BIN_SHIFT) - np.uint32(1)))
    kept = np.where(lowest == _EMPTY, 0, 1 + lowest % _KEPT)
    return kept.astype(np.uint8).reshape(-1, BINS)


def _mix(numbers: NDArray[np.uint32]) -> None:
    """Spread the bits of numbers over all of them, in place: MurmurHash3's last steps."""
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        numbers ^= numbers >> np.uint32(shift)
        numbers *= np.uint32(factor)
    numbers ^= numbers >> np.uint32(16)


def _guarded(body: _Body, forms: _Forms) -> Iterator[bytes]:
    """Yield what must be the same in the bodies: empty for one without words."""
    sizes = np.diff(body.begins)
    is_guarded = forms.guarded[body.words[1]] | (sizes < MIN_WORDS)[body.document]
    at = np.flatnonzero(is_guarded)
    held = np.stack([forms.hashes[words[at]] for words in body.words], axis=1)
    for size, raw in zip(sizes.tolist(), _rows(held, at.searchsorted(body.begins)), strict=True):
        yield b"body" + raw if size else b""


def _titles(block: _Block, forms: _Forms) -> Iterator[bytes]:
    """Yield what must be the same in the titles: empty for one without words that count."""
    titled = forms.titled[block.form]
    at = np.flatnonzero((block.part == TITLE) & (titled > 0))
    return _rows(titled[at], at.searchsorted(block.begins))


def _rows(values: NDArray[Any], bounds: Ints) -> Iterator[bytes]:
    """Yield the bytes of stretches of rows."""
    size = values[:1].nbytes or 1
    raw = values.tobytes()
    for start, end in pairwise((bounds * size).tolist()):
        yield raw[start:end]


def _guard(language: str, title: bytes, body: bytes) -> int:
    held = f"{language} ".encode() + title + body
    return int.from_bytes(blake2b(held, digest_size=8).digest(), "little")
