"""Inversion → the arrays of a segment."""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from indexer.article import Article
from indexer.index.analysis import LANGUAGES
from indexer.index.columns.cards import card_of, rest_of
from indexer.index.columns.container import Array
from indexer.index.columns.layout import (
    EXACT,
    FIELD_SHIFT,
    FIELDS_OF,
    MAX_TF,
    NAMES,
    NONE,
    SPACES,
    TF_SHIFT,
    term_hash,
)
from indexer.index.columns.letters import letters_of
from indexer.index.columns.sentences import sentence_arrays
from indexer.index.columns.sketches import sketch_arrays
from indexer.index.columns.titles import title_arrays
from indexer.index.inversion import Inversion
from indexer.index.postings import Postings, postings_of
from indexer.index.schema import DATES, FACETS, GRADE, facet_values, tenths


def columns_of(articles: Sequence[Article]) -> dict[str, Array]:
    """Return all arrays of a segment that holds these articles."""
    inversion = Inversion()
    for article in articles:
        inversion.add(article)
    return segment_arrays(inversion, articles, postings_of(inversion))


def segment_arrays(
    inversion: Inversion, articles: Sequence[Article], postings: Mapping[str, Postings]
) -> dict[str, Array]:
    """Return all arrays of a segment.

    Args:
        inversion: has read the articles.
        articles: of the segment, in the order of their numbers.
        postings: of each space.
    """
    arrays: dict[str, Array] = {}
    for space in SPACES:
        runs = _runs(postings[space], space)
        arrays |= {f"{space}.{name}": array for name, array in runs.items()}
    arrays["lengths"] = np.concatenate([postings[space].words.sum(axis=1) for space in SPACES])
    arrays |= _exact_texts(postings[EXACT])
    arrays |= _forms(inversion, postings)
    arrays |= _texts(inversion)
    arrays |= sentence_arrays(inversion, articles)
    arrays |= title_arrays(inversion, articles, postings[EXACT])
    arrays |= sketch_arrays(inversion, articles, postings)
    arrays |= _values(articles)
    return arrays


def _runs(postings: Postings, space: str) -> dict[str, Array]:
    width = len(FIELDS_OF[space])
    field = np.repeat(np.arange(len(postings.ptr) - 1) % width, np.diff(postings.ptr))
    load = np.minimum(postings.frequencies, MAX_TF).astype(np.uint16) << TF_SHIFT
    load |= field.astype(np.uint16) << FIELD_SHIFT
    load |= postings.lengths
    big = np.flatnonzero(postings.frequencies >= MAX_TF)
    return {
        "hash": postings.hashes,
        "ptr": postings.ptr.astype(np.uint32),
        "docs": postings.documents,
        "load": load,
        "big_at": big.astype(np.uint32),
        "big": postings.frequencies[big],
    }


def _exact_texts(postings: Postings) -> dict[str, Array]:
    texts = [postings.terms[place].encode() for place in postings.alphabetical.tolist()]
    return {
        "exact.terms": np.frombuffer(b"".join(texts), np.uint8),
        "exact.term_ptr": _ptr([len(text) for text in texts]),
        "exact.by_text": postings.alphabetical.astype(np.uint32),
        "exact.letters": letters_of(postings.terms),
    }


def _forms(inversion: Inversion, postings: Mapping[str, Postings]) -> dict[str, Array]:
    languages = np.asarray(inversion.forms.language_of)
    exact = _renumbered(inversion.form_exact, postings[EXACT].order)
    stems = np.full(len(exact), NONE, np.uint32)
    arrays: dict[str, Array] = {}
    for number, language in enumerate(LANGUAGES):
        of, order = np.flatnonzero(languages == number), postings[language].order
        stems[of] = _renumbered(np.asarray(inversion.forms.stem_of)[of], order)
        arrays |= _grouped(language, of, stems[of], len(order))
    arrays |= _grouped(EXACT, np.arange(len(exact)), exact, len(postings[EXACT].order))
    arrays["form.exact"], arrays["form.stem"] = exact, stems
    arrays["form.language"] = languages
    arrays["form.bytes"] = np.asarray(inversion.forms.bytes_of)
    return arrays


def _renumbered(terms: NDArray[np.uint32], order: NDArray[np.int64]) -> NDArray[np.uint32]:
    found = np.full(len(terms), NONE, np.uint32)
    known = terms != NONE
    found[known] = order[terms[known]]
    return found


def _grouped(space: str, forms: Array, terms: NDArray[np.uint32], count: int) -> dict[str, Array]:
    """Return the forms of every term."""
    known = terms != NONE
    sizes = np.bincount(terms[known], minlength=count)
    return {
        f"{space}.forms": forms[known][np.argsort(terms[known], kind="stable")].astype(np.uint32),
        f"{space}.forms_ptr": _ptr(sizes),
    }


def _texts(inversion: Inversion) -> dict[str, Array]:
    starts, tokens = inversion.starts.astype(np.int64), inversion.tokens
    steps = np.diff(starts, prepend=0)
    filled = tokens[:-1][np.diff(tokens) > 0]
    steps[filled] = starts[filled]
    forms = max(len(inversion.forms) - 1, 0)
    return {
        "text": np.frombuffer(b"".join(inversion.texts), np.uint8),
        "doc.text": _ptr([len(text) for text in inversion.texts], np.uint64),
        "doc.tokens": tokens,
        "token.form": narrow(inversion.words.form, forms),
        "token.step": narrow(steps, int(steps.max(initial=0))),
        "doc.compounds": inversion.joined,
        "compound.token": inversion.first,
        "compound.parts": inversion.parts,
        "compound.form": narrow(inversion.compounds.form, forms),
    }


def narrow(array: Array, largest: int) -> Array:
    """Return an array of numbers up to ``largest`` in the fewest bytes."""
    return array.astype(np.min_scalar_type(largest))


def _values(articles: Sequence[Article]) -> dict[str, Array]:
    arrays: dict[str, Array] = {}
    for name, made in (("card", card_of), ("rest", rest_of)):
        packed = [msgspec.msgpack.encode(made(article)) for article in articles]
        arrays[name] = np.frombuffer(b"".join(packed), np.uint8)
        arrays[f"doc.{name}"] = _ptr([len(each) for each in packed], np.uint64)
    for name in DATES:
        days = [getattr(article, name) for article in articles]
        arrays[f"day.{name}"] = np.array([d.toordinal() if d else 0 for d in days], np.int32)
    arrays[GRADE] = np.array([tenths(article.reading_grade) for article in articles], np.int16)
    for name in NAMES:
        hashes = [term_hash(getattr(article, name)) for article in articles]
        arrays[f"{name}.hash"] = np.array(hashes, np.uint64)
    ranked = sorted(range(len(articles)), key=lambda number: articles[number].id)
    arrays["id.rank"] = np.empty(len(articles), np.uint16)
    arrays["id.rank"][ranked] = np.arange(len(articles))
    values = [facet_values(article) for article in articles]
    for name in FACETS:
        arrays |= _facet(name, [each[name] for each in values])
    return arrays


def _facet(name: str, values: Sequence[tuple[str, ...]]) -> dict[str, Array]:
    """Return the values of a facet by document, and the documents by value in lower case."""
    known = {value: n for n, value in enumerate(sorted({v for of in values for v in of}))}
    texts = [value.encode() for value in known]
    pairs = {(value.lower(), doc) for doc, of in enumerate(values) for value in of}
    terms = sorted({term for term, _ in pairs}, key=term_hash)
    number = {term: n for n, term in enumerate(terms)}
    keys = np.array(sorted((number[term], doc) for term, doc in pairs), np.int64).reshape(-1, 2)
    ptr = _ptr(np.bincount(keys[:, 0], minlength=len(terms)))
    return {
        f"{name}.of_ptr": _ptr([len(of) for of in values]),
        f"{name}.of": np.array([known[v] for of in values for v in of], np.uint32),
        f"{name}.values": np.frombuffer(b"".join(texts), np.uint8),
        f"{name}.values_ptr": _ptr([len(text) for text in texts]),
        f"{name}.hash": np.array([term_hash(term) for term in terms], np.uint64),
        f"{name}.ptr": ptr,
        f"{name}.docs": keys[:, 1].astype(np.uint16),
    }


def _ptr(sizes: Array | Sequence[int], dtype: type[np.unsignedinteger] = np.uint32) -> Array:
    ptr = np.zeros(len(sizes) + 1, dtype)
    np.cumsum(np.asarray(sizes, dtype), out=ptr[1:])
    return ptr
