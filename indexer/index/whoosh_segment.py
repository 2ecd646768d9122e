"""Postings → a segment of Whoosh's, through its codec and without its pool.

Whoosh's own writer takes each posting in its hand several times, which costs most of the time of
indexing. Here the postings are sorted already. What comes of it is a segment like any other.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from whoosh.codec.base import Segment
from whoosh.codec.whoosh3 import W3Codec
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Format
from whoosh.index import TOC

from indexer.article import Article
from indexer.index.columns.layout import FIELDS_OF
from indexer.index.positions import encode
from indexer.index.postings import Postings, scored_fields
from indexer.index.ranges import before, joined
from indexer.index.schema import values_of, whoosh_schema
from indexer.index.whoosh_blocks import FieldPostings, TermWriter

INDEX_NAME = "MAIN"
"""Whoosh's own name for an index that is given none."""

AT_A_TIME = 100_000
"""Postings whose positions are encoded together; all at once would take the most memory."""

Ints = NDArray[np.int64]


class WhooshFolder:
    """A folder in which Whoosh finds an index once its segments are written."""

    def __init__(self, folder: Path) -> None:
        self._storage = FileStorage(str(folder))
        self._schema = whoosh_schema()
        self._segments: list[Segment] = []

    def new_segment(self) -> Segment:
        """Return a segment, whose name is new, to be written by ``add``."""
        segment: Segment = W3Codec().new_segment(self._storage, INDEX_NAME)
        return segment

    def add(
        self, segment: Segment, articles: Sequence[Article], postings: Mapping[str, Postings]
    ) -> None:
        """Write a segment of these articles."""
        codec = segment.codec()
        values = [values_of(article) for article in articles]
        with ExitStack() as closing:
            closing.callback(self._storage.temp_storage(f"{INDEX_NAME}.tmp").destroy)
            documents = codec.per_document_writer(self._storage, segment)
            closing.callback(documents.close)
            terms = codec.field_writer(self._storage, segment)
            closing.callback(terms.close)
            _write_documents(documents, self._schema, articles, values, postings)
            writer = TermWriter(terms)
            for name, make in sorted(_fields(self._schema, values, postings).items()):
                field = make()
                if field.terms:
                    writer.add(name, field)
        segment.set_doc_count(len(articles))
        segment.create_compound_file(self._storage)
        self._segments.append(segment)

    def commit(self) -> None:
        """Write the table of contents: from now on this is an index."""
        TOC(self._schema, self._segments, 1).write(self._storage, INDEX_NAME)


def _write_documents(
    writer: Any,
    schema: Schema,
    articles: Sequence[Article],
    values: Sequence[Mapping[str, object]],
    postings: Mapping[str, Postings],
) -> None:
    """Write what is kept by document: stored values, columns and the lengths of fields."""
    lengths = [
        (name, schema[name], postings[space].words[number].tolist())
        for space, number, name in scored_fields()
        if postings[space].words[number].any()
    ]
    columns = [(name, field, field.column_type) for name, field in schema.items()]
    columns = [each for each in columns if each[2]]
    for number, article in enumerate(articles):
        writer.start_doc(number)
        writer.add_field("article", schema["article"], msgspec.msgpack.encode(article), 0)
        writer.add_field("id", schema["id"], article.id or None, 0)
        for name, field, words in lengths:
            if words[number]:
                writer.add_field(name, field, None, words[number])
        held = values[number]
        for name, field, column in columns:
            if name in held:
                writer.add_column_value(name, column, field.to_column_value(held[name]))
        writer.finish_doc()


def _fields(
    schema: Schema, values: Sequence[Mapping[str, object]], postings: Mapping[str, Postings]
) -> dict[str, Callable[[], FieldPostings]]:
    """Return what makes the postings of each field: those of one take much memory."""
    made: dict[str, Callable[[], FieldPostings]] = {
        name: partial(_text_field, postings[space], number, len(FIELDS_OF[space]))
        for space, number, name in scored_fields()
    }
    for name, field in schema.items():
        if field.indexed and not field.scorable:
            made[name] = partial(_value_field, field, [each.get(name) for each in values])
    return made


def _text_field(postings: Postings, number: int, width: int) -> FieldPostings:
    """Return one field's part of the postings of a space, with the terms in alphabetical order."""
    order = postings.alphabetical
    runs = order * width + number
    sizes = postings.ptr[runs + 1] - postings.ptr[runs]
    order, runs, sizes = order[sizes > 0], runs[sizes > 0], sizes[sizes > 0]
    at = joined(postings.ptr[runs], sizes)
    weights = postings.frequencies[at]
    if postings.positions is None or postings.places is None:
        values, places = weights.astype(">u4").tobytes(), None
    else:
        values, places = _positions(postings.positions, postings.places[at], weights)
    return FieldPostings(
        terms=[postings.terms[place].encode() for place in order.tolist()],
        begins=before(sizes),
        documents=postings.documents[at].astype(np.int64),
        weights=weights.astype(np.int64),
        lengths=postings.lengths[at],
        values=values,
        places=places,
    )


def _positions(
    positions: NDArray[np.uint32], places: Ints, counts: NDArray[np.uint32]
) -> tuple[bytes, Ints]:
    """Return the encoded positions of postings, and where those of each begin."""
    encoded: list[bytes] = []
    sizes = [np.zeros(0, np.int64)]
    for at in range(0, len(places), AT_A_TIME):
        some = counts[at : at + AT_A_TIME]
        begins = before(some)
        found = positions[joined(places[at : at + AT_A_TIME], some)].astype(np.int64)
        distances = np.diff(found, prepend=0)
        distances[begins[:-1]] = found[begins[:-1]]
        content, starts = encode(distances.astype(np.uint32))
        encoded.append(content)
        sizes.append(np.diff(np.append(starts, len(content))[begins]))
    return b"".join(encoded), before(np.concatenate(sizes))


def _value_field(field: Any, values: Sequence[object]) -> FieldPostings:
    """Return the postings of a field that is not scored: few distinct values, or short ones."""
    known: dict[object, list[tuple[bytes, int]]] = {}
    found: dict[bytes, list[tuple[int, int]]] = {}
    for number, value in enumerate(values):
        if value is None:
            continue
        terms = known.get(value)
        if terms is None:
            terms = known[value] = [(term, count) for term, count, _, _ in field.index(value)]
        for term, count in terms:
            found.setdefault(term, []).append((number, count))
    terms_held = sorted(found)
    pairs = [pair for term in terms_held for pair in found[term]]
    both = np.array(pairs, np.int64).reshape(-1, 2)
    sizes = [len(found[term]) for term in terms_held]
    return FieldPostings(
        terms=terms_held,
        begins=before(np.array(sizes)),
        documents=both[:, 0],
        weights=both[:, 1],
        lengths=np.zeros(len(both), np.uint8),
        values=_fixed(field.format, both[:, 1]),
        places=None,
    )


def _fixed(format_: Format, weights: Any) -> bytes:
    return weights.astype(">u4").tobytes() if format_.fixed_value_size() else b""
