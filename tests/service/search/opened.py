"""The columns of a few articles, made and opened on the spot."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.article import Article
from indexer.index.columns.builder import columns_of
from indexer.index.columns.container import write_arrays
from indexer.index.columns.segment import SegmentColumns, open_columns


def opened(articles: Sequence[Article]) -> SegmentColumns:
    """Return a segment of these articles. What is mapped outlives its file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "columns"
        write_arrays(path, columns_of(articles))
        return open_columns(path)
