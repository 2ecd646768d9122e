"""The sentences of the texts of a segment, and what is known of them before any query.

doc.sentences u32[n + 1]      a document's sentences: its title, its description if it has
one, then those of its body
sentence.tokens u32[S + 1]    a sentence's words
sentence.start u32[S]         where it begins in the document's text, in bytes
sentence.length u8|u16|u32[S] how many bytes it has
sentence.chars u8|u16|u32[S]  how many characters it has, 0 if it is never chosen: a title, a
                              description, a heading, what is hidden
sentence.flags u8[S]          what it is (``TITLE`` …)
sentence.section u8|u16[S]    the section it stands in, by its place among the document's
lead.sentence u32[L]          the sentences that are shown below leads, ascending
lead.ptr u32[L + 1]           their leads, in the order in which they are shown:
lead.start u32[]              where a lead begins in the document's text, in bytes
lead.length u8|u16[]          how many bytes it has
lead.colon u8[]               1 if a colon is to follow
form.joined u8[F]             1 for a form that a compound has
doc.sections u32[n + 1]       a document's sections, each with two texts:
section.ptr u32[2R + 1], section.text u8[]   its heading, its anchor
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.article import Article
from indexer.index.columns.container import Array
from indexer.index.columns.context import Context
from indexer.index.columns.rows import (
    DESCRIPTION,
    HEADING,
    HIDDEN,
    ITEM,
    LED,
    LINE,
    LONG,
    TITLE,
    Rows,
)
from indexer.index.inversion import Inversion, byte_places, text_of
from indexer.index.lexicon import load_words

__all__ = [
    "DESCRIPTION",
    "HEADING",
    "HIDDEN",
    "ITEM",
    "LED",
    "LINE",
    "LONG",
    "TITLE",
    "sentence_arrays",
]

MAX_SENTENCE = 700
"""Longer "sentences" are text without punctuation; they are cut unless they hold a negation."""

MAX_WHOLE = 2_000
"""A longer one with a negation is not shown at all: whole it is no snippet, cut it may mislead."""

_NEVER_CHOSEN = TITLE | DESCRIPTION | HEADING | HIDDEN

Ints = NDArray[np.int64]


def sentence_arrays(inversion: Inversion, articles: Sequence[Article]) -> dict[str, Array]:
    """Return the arrays of the sentences."""
    rows = Rows()
    for article in articles:
        rows.add(article)
    begins, stops = np.array(rows.starts, np.int64), np.array(rows.ends, np.int64)
    chars = stops - begins
    _to_bytes(articles, rows.counts, begins, stops)
    tokens = _first_words(inversion, rows.counts, begins)
    negated = _negated(inversion, tokens)
    context = Context(rows, negated)
    context.add(articles)
    flags = np.array(rows.flags, np.uint8)
    flags[(chars > MAX_SENTENCE) & (~negated | (flags & DESCRIPTION > 0))] |= LONG
    flags[(chars > MAX_WHOLE) & negated] |= HIDDEN
    chars[flags & _NEVER_CHOSEN > 0] = 0
    return {
        "doc.sentences": np.array(rows.counts, np.uint32),
        "sentence.tokens": tokens.astype(np.uint32),
        "sentence.start": begins.astype(np.uint32),
        "sentence.length": _narrow(stops - begins),
        "sentence.chars": _narrow(chars),
        "sentence.flags": flags,
        "sentence.section": _narrow(np.array(rows.sections, np.int64)),
        **context.arrays(),
        "form.joined": _joined(inversion),
        **_sections(articles),
    }


def _to_bytes(articles: Sequence[Article], counts: list[int], *places: Ints) -> None:
    """Turn places of characters into places of bytes, where these differ."""
    for number, article in enumerate(articles):
        of_bytes = byte_places(text_of(article))
        if of_bytes is not None:
            of = slice(counts[number], counts[number + 1])
            for each in places:
                each[of] = of_bytes[each[of]]


def _first_words(inversion: Inversion, counts: list[int], begins: Ints) -> Ints:
    """Return the number of the first word of each sentence, and of all words."""
    starts, tokens = np.asarray(inversion.starts), np.asarray(inversion.tokens)
    stride = 1 + max(int(starts.max(initial=0)), int(begins.max(initial=0)))
    texts = np.arange(len(counts) - 1, dtype=np.int64) * stride
    words = np.repeat(texts, np.diff(tokens)) + starts
    first = np.searchsorted(words, np.repeat(texts, np.diff(counts)) + begins)
    return np.append(first, len(words))


def _negated(inversion: Inversion, tokens: Ints) -> NDArray[np.bool_]:
    """Return for each sentence whether a word of it turns a statement around."""
    known = inversion.exact.numbers
    terms = [known[word] for word in load_words("negations.txt") if word in known]
    forms = np.isin(np.asarray(inversion.form_exact), terms)
    single = np.flatnonzero(forms[np.asarray(inversion.words.form)])
    joined = np.asarray(inversion.first)[forms[np.asarray(inversion.compounds.form)]]
    negated = np.zeros(len(tokens) - 1, np.bool_)
    for words in (single, joined):
        negated[np.searchsorted(tokens, words, side="right") - 1] = True
    return negated


def _joined(inversion: Inversion) -> Array:
    joined = np.zeros(len(inversion.form_exact), np.uint8)
    joined[np.asarray(inversion.compounds.form)] = 1
    return joined


def _sections(articles: Sequence[Article]) -> dict[str, Array]:
    sections = [article.sections for article in articles]
    texts = [
        text.encode() for of in sections for each in of for text in (each.heading, each.anchor)
    ]
    return {
        "doc.sections": _ptr([len(of) for of in sections]),
        "section.ptr": _ptr([len(text) for text in texts]),
        "section.text": np.frombuffer(b"".join(texts), np.uint8),
    }


def _ptr(sizes: Sequence[int]) -> Array:
    ptr = np.zeros(len(sizes) + 1, np.uint32)
    np.cumsum(np.array(sizes, np.uint32), out=ptr[1:])
    return ptr


def _narrow(array: Ints) -> Array:
    return array.astype(np.min_scalar_type(int(array.max(initial=0))))
