"""The segments of an index: taken over from a generation, written anew, put together.

A finished segment never changes, so a new generation takes it over by a hard link, and its columns
with it. Which of its articles are deleted stands in Whoosh's table of contents, which every
generation has of its own.
"""

import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import msgspec
from whoosh.codec.base import Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.reading import SegmentReader, TermNotFound

from indexer.article import Article
from indexer.errors import IndexDamaged
from indexer.index.columns.builder import columns_of
from indexer.index.columns.container import open_arrays, write_arrays
from indexer.index.columns.layout import MAX_DOCUMENTS, MAX_WORDS, columns_file
from indexer.index.generation import COLUMNS, WHOOSH
from indexer.index.schema import whoosh_schema
from indexer.index.whoosh_segment import INDEX_NAME
from indexer.index.withdrawals import Withdrawn

PARTS = (WHOOSH, COLUMNS)
"""The folders that a segment has files in."""

NEARLY_FULL = 0.75
"""Written together, segments of this share of the most that one may hold would be no fewer."""


class Segments:
    """The segments of the index that is being put together in ``folder``."""

    def __init__(self, folder: Path) -> None:
        """Put the index together in the folders below ``folder``."""
        for part in PARTS:
            (folder / part).mkdir(exist_ok=True)
        self._folder = folder
        self._storage = FileStorage(str(folder / WHOOSH))
        self._schema = whoosh_schema()
        self._segments: list[Segment] = []
        self._withdrawn: dict[str, Withdrawn] = {}
        self._unbooked: dict[str, list[int]] = {}

    @property
    def withdrawals(self) -> dict[str, Withdrawn]:
        """What the deleted articles count for, by the name of their segment."""
        for segment in self._segments:
            self._book(segment)
        names = {segment.segment_id() for segment in self._segments}
        return {name: each for name, each in self._withdrawn.items() if name in names}

    def sizes(self) -> list[tuple[int, int]]:
        """Return how many live and how many deleted articles each segment has."""
        return [(each.doc_count(), each.deleted_count()) for each in self._segments]

    def full(self) -> list[int]:
        """Return the places of the segments that hold nearly as much as one may."""
        return [place for place, each in enumerate(self._segments) if self._is_full(each)]

    def take_over(self, folder: Path, withdrawn: dict[str, Withdrawn]) -> None:
        """Link the segments of the finished index below ``folder``.

        Columns that are missing, or cut off, are made anew.
        """
        segments = read_segments(folder / WHOOSH)
        self._segments += segments
        self._withdrawn |= withdrawn
        for path in _files(folder, segments):
            _link(path, self._folder / path.relative_to(folder))
        for segment in segments:
            path = columns_file(self._folder / COLUMNS, segment.segment_id())
            if not _is_whole(path, segment):
                path.unlink(missing_ok=True)
                write_arrays(path, columns_of(self._all_articles(segment)))

    def adopt(self, folder: Path, without: Collection[str] = ()) -> None:
        """Move the segments of an index that was just written below ``folder``, and remove it.

        Those of its articles that are named by ``without`` are deleted.
        """
        segments = read_segments(folder / WHOOSH)
        for path in _files(folder, segments):
            path.rename(self._folder / path.relative_to(folder))
        self._segments += segments
        self._remove(without, segments)
        shutil.rmtree(folder)

    def remove(self, ids: Collection[str]) -> None:
        """Delete the articles with these ids, wherever they are."""
        self._remove(ids, self._segments)

    def _remove(self, ids: Collection[str], segments: Iterable[Segment]) -> None:
        for segment in list(segments) if ids else ():
            with closing(self._reader(segment)) as reader:
                for name in ids:
                    self._delete(segment, _numbers(reader, name))
            if not segment.doc_count():
                self._drop(segment)

    def dissolve(self, places: Collection[int]) -> Iterator[Article]:
        """Yield the live articles of the segments at these places, which are then gone."""
        leaving = [self._segments[place] for place in places]
        for segment in leaving:
            with closing(self._reader(segment)) as reader:
                for number in reader.all_doc_ids():
                    yield _article(reader, number)
            self._drop(segment)

    def write(self) -> None:
        """Write the table of contents: from now on this is an index."""
        TOC(self._schema, self._segments, 1).write(self._storage, INDEX_NAME)

    def _all_articles(self, segment: Segment) -> list[Article]:
        with closing(self._reader(segment)) as reader:
            return [_article(reader, number) for number in range(segment.doc_count_all())]

    def _is_full(self, segment: Segment) -> bool:
        arrays = open_arrays(columns_file(self._folder / COLUMNS, segment.segment_id()))
        documents, words = len(arrays["doc.tokens"]) - 1, int(arrays["doc.tokens"][-1])
        return documents >= NEARLY_FULL * MAX_DOCUMENTS or words >= NEARLY_FULL * MAX_WORDS

    def _reader(self, segment: Segment) -> SegmentReader:
        return SegmentReader(self._storage, self._schema, segment)

    def _drop(self, segment: Segment) -> None:
        self._segments.remove(segment)
        for path in _files(self._folder, [segment]):
            path.unlink()

    def _delete(self, segment: Segment, numbers: Iterable[int]) -> None:
        # Booked when it is asked for: the segment may yet be written anew.
        for number in numbers:
            self._unbooked.setdefault(segment.segment_id(), []).append(number)
            segment.delete_document(number)

    def _book(self, segment: Segment) -> None:
        numbers = self._unbooked.pop(segment.segment_id(), [])
        if not numbers:
            return
        withdrawn = self._withdrawn.setdefault(segment.segment_id(), Withdrawn())
        with closing(self._reader(segment)) as reader:
            withdrawn.add([_article(reader, number) for number in numbers])


def read_segments(folder: Path) -> list[Segment]:
    """Return the segments of the finished Whoosh index in ``folder``."""
    storage = FileStorage(str(folder), readonly=True)
    return list(TOC.read(storage, INDEX_NAME, schema=whoosh_schema()).segments)


def _files(folder: Path, segments: Iterable[Segment]) -> list[Path]:
    prefixes = tuple(f"{segment.segment_id()}." for segment in segments)
    parts = (folder / part for part in PARTS)
    found = (path for part in parts if part.is_dir() for path in part.iterdir())
    return [path for path in found if path.name.startswith(prefixes)]


def _is_whole(path: Path, segment: Segment) -> bool:
    with suppress(IndexDamaged):
        documents = len(open_arrays(path)["doc.card"]) - 1
        return documents == int(segment.doc_count_all())
    return False


def _link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:
        # Some network file systems have no links.
        shutil.copyfile(source, target)


def _numbers(reader: SegmentReader, name: str) -> list[int]:
    """Return the numbers of the live articles of this id: one or none."""
    try:
        return list(reader.postings("id", name).all_ids())
    except TermNotFound:
        return []


def _article(reader: SegmentReader, number: int) -> Article:
    return msgspec.msgpack.decode(reader.stored_fields(number)["article"], type=Article)
