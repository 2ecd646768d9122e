"""Articles → words by form, document and place: what a segment's postings and columns are made of.

Every text of an article is read once, as numbers of chunks. The words are laid out from these when
all articles are there.
"""

from array import array
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.article import Article
from indexer.index.analysis import language_of
from indexer.index.chunks import Chunks, Terms
from indexer.index.columns.layout import MAX_FORMS, MAX_TEXT_BYTES, MAX_WORDS
from indexer.index.ranges import before, joined

TITLE, HEADINGS, KEYWORDS, DESCRIPTION, BODY, GAP = range(6)
"""Where a word stands; the first five are in the order of the text fields. A gap is what lies
between the sections of a body: their headings."""

Ints = NDArray[np.int64]


class Piece(NamedTuple):
    """A stretch of an article's text: ``text[start:end]`` belongs to ``part``."""

    part: int
    start: int
    end: int


class Words(NamedTuple):
    """Words in the order in which they were read, an entry each in every array."""

    form: NDArray[np.uint32]
    document: NDArray[np.uint32]
    part: NDArray[np.uint8]
    position: NDArray[np.uint32]


class _Layout(NamedTuple):
    """What the chunks of a stream come to; places are bytes from the beginning of the document."""

    words: Words
    starts: NDArray[np.uint32]
    compounds: Words
    first: NDArray[np.uint32]
    parts: NDArray[np.uint8]


class _Stream:
    """Texts as numbers of chunks, in pieces."""

    def __init__(self) -> None:
        self.chunks, self.begins = array("I"), array("I")
        self.document, self.part, self.base = array("I"), array("B"), array("I")

    def add(self, numbers: Iterator[int], document: int, part: int, base: int | None) -> int:
        """Add a piece, whose positions go on from those of piece ``base``; return its number."""
        number = len(self.part)
        self.begins.append(len(self.chunks))
        self.document.append(document)
        self.part.append(part)
        self.base.append(number if base is None else base)
        self.chunks.extend(numbers)
        return number

    def lay_out(self, chunks: Chunks) -> _Layout:
        """Return the words of all pieces."""
        number = np.asarray(self.chunks)
        begins = np.append(np.asarray(self.begins), len(number)).astype(np.int64)
        entries = np.asarray(chunks.words).astype(np.int64)
        counts = (entries[1:] - entries[:-1])[number]
        upto = before(counts)
        entry = joined(entries[number], counts)
        sizes: Ints = np.diff(upto[begins])
        starts = np.asarray(chunks.place)[entry]
        starts += np.repeat(self._places(np.asarray(chunks.bytes)[number], begins), counts)
        base = upto[begins[np.asarray(self.base, np.int64)]]
        position = np.arange(upto[-1], dtype=np.uint32)
        position -= np.repeat(base.astype(np.uint32), sizes)
        words = Words(
            np.asarray(chunks.form)[entry],
            np.repeat(np.asarray(self.document), sizes),
            np.repeat(np.asarray(self.part), sizes),
            position,
        )
        return _Layout(words, starts, *_compounds(words, number, upto, chunks))

    def _places(self, sizes: NDArray[np.uint32], begins: Ints) -> NDArray[np.uint32]:
        """Return where each chunk begins in its document."""
        after = before(sizes.astype(np.int64) + 1)
        document = np.asarray(self.document)
        first = np.searchsorted(document, document)
        # A line break is between title, description and body, nothing between a body's pieces.
        joints = np.arange(len(document)) - np.asarray(self.base)
        shift = after[begins[:-1]][first] + joints
        places: Ints = after[:-1] - np.repeat(shift, np.diff(begins))
        return places.astype(np.uint32)


def _compounds(
    words: Words, number: NDArray[np.uint32], upto: Ints, chunks: Chunks
) -> tuple[Words, NDArray[np.uint32], NDArray[np.uint8]]:
    entries = np.asarray(chunks.joined).astype(np.int64)
    counts = (entries[1:] - entries[:-1])[number]
    having = np.flatnonzero(counts)
    counts = counts[having]
    entry = joined(entries[number[having]], counts)
    first = np.repeat(upto[having], counts) + np.asarray(chunks.joined_first)[entry]
    return (
        Words(
            np.asarray(chunks.joined_form)[entry],
            words.document[first],
            words.part[first],
            words.position[first],
        ),
        first.astype(np.uint32),
        np.asarray(chunks.joined_parts)[entry],
    )


class Inversion:
    """The words of the articles that were added, which are numbered from 0."""

    def __init__(self) -> None:
        self.chunks = Chunks()
        self.forms = self.chunks.forms
        self.texts: list[bytes] = []
        self._text_bytes = 0
        self._read, self._beside = _Stream(), _Stream()

    @property
    def documents(self) -> int:
        """How many articles were added."""
        return len(self.texts)

    @property
    def is_large(self) -> bool:
        """Whether it holds as much as a segment should."""
        return (
            len(self._read.chunks) + len(self._beside.chunks) >= MAX_WORDS
            or self._text_bytes >= MAX_TEXT_BYTES
            or len(self.forms) >= MAX_FORMS
        )

    def add(self, article: Article) -> None:
        """Add an article."""
        self.__dict__.pop("_laid_out", None)
        numbers = self.chunks.numbers[language_of(article.language)].__getitem__
        document, text = self.documents, text_of(article)
        base = None
        for part, start, end in pieces(article):
            if start == end and part in (BODY, GAP):
                continue
            split = text[start:end].replace("\n", " ").split(" ")
            number = self._read.add(map(numbers, split), document, part, base)
            if part in (BODY, GAP) and base is None:
                base = number
        headings = [section.heading for section in article.sections if section.heading]
        for part, values in ((HEADINGS, headings), (KEYWORDS, (*article.topics, *article.tags))):
            if values:
                split = "\n".join(values).replace("\n", " ").split(" ")
                self._beside.add(map(numbers, split), document, part, None)
        self.texts.append(text.encode())
        self._text_bytes += len(self.texts[-1])

    @cached_property
    def _laid_out(self) -> _Layout:
        return self._read.lay_out(self.chunks)

    @property
    def words(self) -> Words:
        """The words of titles, descriptions and bodies, in the order of the documents' texts."""
        return self._laid_out.words

    @property
    def starts(self) -> NDArray[np.uint32]:
        """Where each of these begins, in bytes from the beginning of its document's text."""
        return self._laid_out.starts

    @property
    def tokens(self) -> NDArray[np.uint32]:
        """How many of these there are up to each document; one more entry than documents."""
        return _up_to(self.words.document, self.documents)

    @property
    def compounds(self) -> Words:
        """The joined forms of compounds in the texts."""
        return self._laid_out.compounds

    @property
    def first(self) -> NDArray[np.uint32]:
        """The number, among ``words``, of each compound's first word."""
        return self._laid_out.first

    @property
    def parts(self) -> NDArray[np.uint8]:
        """How many words each compound joins, at most 255."""
        return self._laid_out.parts

    @property
    def joined(self) -> NDArray[np.uint32]:
        """How many compounds there are up to each document; one more entry than documents."""
        return _up_to(self.compounds.document, self.documents)

    def others(self) -> tuple[Words, Words]:
        """Return words and compounds of headings and keywords."""
        found = self._beside.lay_out(self.chunks)
        return found.words, found.compounds

    @property
    def exact(self) -> Terms:
        """The unstemmed terms."""
        return self.forms.exact

    @property
    def stems(self) -> dict[str, Terms]:
        """The stems, by language."""
        return self.forms.stems

    @property
    def form_exact(self) -> NDArray[np.uint32]:
        """The unstemmed term of each form."""
        return np.asarray(self.forms.exact_of)


def _up_to(documents: NDArray[np.uint32], count: int) -> NDArray[np.uint32]:
    return before(np.bincount(documents, minlength=count)).astype(np.uint32)


def text_of(article: Article) -> str:
    """Return the text of an article as the columns hold it: title, description, body."""
    return f"{article.title}\n{article.description}\n{article.body}"


def pieces(article: Article) -> Iterator[Piece]:
    """Yield the parts of an article's text, in order; together they are all of it."""
    yield Piece(TITLE, 0, len(article.title))
    start = len(article.title) + 1
    yield Piece(DESCRIPTION, start, start + len(article.description))
    at = body = start + len(article.description) + 1
    end = body + len(article.body)
    for section in article.sections:
        begin = min(max(at, body + section.start), end)
        yield Piece(GAP, at, begin)
        at = min(max(begin, body + section.end), end)
        yield Piece(BODY, begin, at)
    yield Piece(GAP if article.sections else BODY, at, end)


def byte_places(text: str) -> NDArray[np.uint32] | None:
    """Return the place in UTF-8 of every character and of the end; None where it is the same."""
    if text.isascii():
        return None
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    sizes = 1 + (codes > 0x7F).astype(np.uint32) + (codes > 0x7FF) + (codes > 0xFFFF)
    places = np.zeros(len(codes) + 1, np.uint32)
    np.cumsum(sizes, out=places[1:])
    return places
