"""The segments of a Whoosh index: taken over from a generation, written anew, put together.

A finished segment never changes, so a new generation takes it over by a hard link. Which of its
articles are deleted stands in Whoosh's table of contents, which every generation has of its own.
"""

import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
from whoosh.codec.base import Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.reading import SegmentReader, TermNotFound

from indexer.article import Article
from indexer.index.schema import whoosh_schema
from indexer.index.withdrawals import Withdrawn

INDEX_NAME = "MAIN"
"""Whoosh's own name for an index that is given none."""


class Segments:
    """The segments of the index that is being put together in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._storage = FileStorage(str(folder))
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

    def take_over(self, folder: Path, withdrawn: dict[str, Withdrawn]) -> None:
        """Link the segments of the finished index in ``folder``."""
        self._segments += _read_segments(folder)
        self._withdrawn |= withdrawn
        for path in _files(folder, self._segments):
            _link(path, self._folder / path.name)

    def adopt(self, folder: Path, without: Collection[str] = ()) -> None:
        """Move the segments of an index that was just written to ``folder``, and remove it.

        Those of its articles that are named by ``without`` are deleted.
        """
        segments = _read_segments(folder)
        for path in _files(folder, segments):
            path.rename(self._folder / path.name)
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
            for number in numbers:
                withdrawn.add(_article(reader, number), self._schema)


def _read_segments(folder: Path) -> list[Segment]:
    storage = FileStorage(str(folder), readonly=True)
    return list(TOC.read(storage, INDEX_NAME, schema=whoosh_schema()).segments)


def _files(folder: Path, segments: Iterable[Segment]) -> list[Path]:
    prefixes = tuple(f"{segment.segment_id()}." for segment in segments)
    return [path for path in folder.iterdir() if path.name.startswith(prefixes)]


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
