"""The columns of one segment, open for reading."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import overload

import msgspec
import numpy as np
from numpy.typing import NDArray

from indexer.article import Article
from indexer.index.columns.cards import Card, Rest, article_of
from indexer.index.columns.container import Array, Arrays, open_arrays
from indexer.index.columns.layout import term_hash

_CARD = msgspec.msgpack.Decoder(Card)
_REST = msgspec.msgpack.Decoder(Rest)


class SegmentColumns:
    """A segment's arrays, and how to find things in them. Safe to use from several threads."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays
        self.documents = len(arrays["doc.card"]) - 1
        self._card_ptr = memoryview(arrays["doc.card"])  # type: ignore[arg-type]
        self._exact_texts = _Texts(arrays["exact.term_ptr"], arrays["exact.terms"])
        self._cards = memoryview(arrays["card"])  # type: ignore[arg-type]

    def number(self, space: str, term: str) -> int | None:
        """Return the number of a term in a space, or None if the segment does not hold it."""
        return self.number_of_hash(space, hash_of(term))

    def number_of_hash(self, space: str, wanted: np.uint64) -> int | None:
        """Return the number of the term with that hash, or None if the segment does not hold it."""
        hashes = self.arrays[f"{space}.hash"]
        at = int(hashes.searchsorted(wanted))
        return at if at < len(hashes) and hashes[at] == wanted else None

    def forms(self, space: str, number: int) -> NDArray[np.uint32]:
        """Return the forms that a term has in texts."""
        ptr = self.arrays[f"{space}.forms_ptr"]
        return self.arrays[f"{space}.forms"][ptr[number] : ptr[number + 1]]

    def exact_terms(self, beginning: str) -> tuple[list[str], NDArray[np.uint32]]:
        """Return the unstemmed terms that begin so, in alphabetical order, and their numbers."""
        places = self._exact_places(beginning)
        words = [self._exact_texts[place].decode() for place in places]
        return words, self.arrays["exact.by_text"][places.start : places.stop]

    def exact_numbers(self, beginning: str) -> NDArray[np.uint32]:
        """Return the numbers of the unstemmed terms that begin so, in alphabetical order."""
        places = self._exact_places(beginning)
        return self.arrays["exact.by_text"][places.start : places.stop]

    def exact_text(self, number: int) -> str:
        """Return the unstemmed term of that number."""
        return self._exact_texts[int(self._place_of[number])].decode()

    @cached_property
    def _place_of(self) -> NDArray[np.uint32]:
        """The alphabetical place of each unstemmed term, by its number."""
        by_text = self.arrays["exact.by_text"]
        places = np.empty(len(by_text), np.uint32)
        places[by_text] = np.arange(len(by_text))
        return places

    def _exact_places(self, beginning: str) -> range:
        raw = beginning.encode("utf-8", "surrogatepass")
        first = bisect_left(self._exact_texts, raw)
        return range(first, bisect_left(self._exact_texts, raw + b"\xff", first))

    def card(self, document: int) -> Card:
        """Return what a hit shows of a document."""
        return _CARD.decode(self._cards[self._card_ptr[document] : self._card_ptr[document + 1]])

    def article(self, document: int) -> Article:
        """Return a document as it was indexed."""
        rest = _REST.decode(self._bytes("rest", document))
        return article_of(self.card(document), rest, self._bytes("text", document).decode())

    def _bytes(self, name: str, document: int) -> bytes:
        start, end = self.arrays[f"doc.{name}"][document : document + 2].tolist()
        return self.arrays[name][start:end].tobytes()

    def named(self, field: str, name: str) -> Iterator[int]:
        """Yield the documents of which a field, one of ``NAMES``, has that value."""
        for document in np.flatnonzero(self.arrays[f"{field}.hash"] == hash_of(name)).tolist():
            if getattr(self.card(document), field) == name:
                yield document

    def ids_up_to(self, id_: str) -> int:
        """Return how many documents have that id or a smaller one."""
        return bisect_right(self._by_id, id_, key=lambda document: self.card(document).id)

    @cached_property
    def _by_id(self) -> memoryview:
        """The documents in the order of their ids."""
        return np.argsort(self.arrays["id.rank"]).astype(np.uint16).data


class _Texts(Sequence[bytes]):
    """Texts that lie one after the other in an array of bytes."""

    def __init__(self, ptr: Array, texts: Array) -> None:
        self._ptr, self._texts = memoryview(ptr), memoryview(texts)  # type: ignore[arg-type]

    def __len__(self) -> int:
        return len(self._ptr) - 1

    @overload
    def __getitem__(self, place: int) -> bytes: ...
    @overload
    def __getitem__(self, place: slice) -> list[bytes]: ...
    def __getitem__(self, place: int | slice) -> bytes | list[bytes]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        return bytes(self._texts[self._ptr[place] : self._ptr[place + 1]])


def open_columns(path: Path) -> SegmentColumns:
    """Open the columns in a file.

    Raises:
        IndexDamaged: it is missing or not whole.
    """
    return SegmentColumns(open_arrays(path))


@lru_cache(maxsize=10_000)
def hash_of(term: str) -> np.uint64:
    """Return the hash of a term as the columns hold it; those asked for often are remembered."""
    return np.uint64(term_hash(term))
